"""The command ``wence``: one subcommand a use, each importing only what it needs.

Reads and writes UTF-8 whatever the locale. Bad input ends with exit status 2 and a sentence on standard error; with
``-`` it is answered on its line and the rest goes on. Decides nothing about the policy.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot import cli_care, cli_match, cli_office, cli_pack, cli_start
from bot.cli_chinese import speak_chinese
from bot.cli_start import BAD_INPUT, FINE
from conversations.requests import Requests
from conversations.state.interchange import BadInputError, Json, read_json, write_json
from rules.raw import is_object

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit status (argparse leaves by itself with 2 on a bad invocation)."""
    # What a start makes stays, to the end. To look through it for garbage, then and again, would take a tenth of the time.
    gc.set_threshold(200_000, 20, 20)
    atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # to look for some reads the list of all packages
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    speak_chinese()
    arguments = _parser().parse_args(argv)
    try:
        status = arguments.run(arguments)
        sys.stdout.flush()
    except BadInputError as error:
        print(f"wence: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has left; give the interpreter's last flush somewhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return status


def _lines() -> Iterator[tuple[str, BadInputError | None]]:
    """The lines of standard input that are not blank; one that is not UTF-8 comes with its error."""
    for number, raw in enumerate(sys.stdin.buffer):
        try:
            line = raw.decode("utf-8-sig" if number == 0 else "utf-8").strip()
        except UnicodeDecodeError:
            yield "", BadInputError("the line is not UTF-8")
            continue
        if line:
            yield line, None


def _each_line(answer: Callable[[object], Json]) -> int:
    """Answer every line of standard input with a line of JSON; returns the exit status."""
    status = FINE
    for line, fault in _lines():
        try:
            if fault is not None:
                raise fault
            reply = answer(read_json(line))
        except BadInputError as error:
            status = BAD_INPUT
            reply = {"error": error.message, "path": error.path}
        _print_json(reply)
    return status


def _print_json(value: Json) -> None:
    print(write_json(value), flush=True)


def _chat(arguments: argparse.Namespace) -> int:
    from bot.channels import for_people
    from bot.terminal import chat
    from conversations.storage.vault import VaultError

    settings = cli_start.settings()
    try:
        return chat(
            cli_start.shelf(settings, named=arguments.policy),
            for_people(settings),
            settings.database_url,
            settings.data_key.get_secret_value(),
        )
    except VaultError as error:
        raise BadInputError(str(error)) from None


def _serve(arguments: argparse.Namespace) -> int:
    gc.disable()  # until all is up
    from bot.serve import run

    return run()


def _assess(arguments: argparse.Namespace) -> int:
    machine = Requests(cli_start.shelf(named=arguments.policy, whole=False))
    if arguments.source == "-":
        return _each_line(machine.assess)
    try:
        text = Path(arguments.source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{arguments.source} 读不了：{cli_start.reason(error)}") from None
    data = read_json(text)
    if arguments.json:
        _print_json(machine.assess(data))
        return FINE
    from conversations.state.markup import plain

    print("\n\n".join(plain(text) for text in machine.result(data)))
    return FINE


def _ask(arguments: argparse.Namespace) -> int:
    machine = Requests(cli_start.shelf(named=arguments.policy, whole=False))
    if arguments.text == "-":
        return _each_line(machine.ask)
    if arguments.json:
        _print_json(machine.ask({"text": arguments.text}))
        return FINE
    from conversations.state.markup import plain

    print(plain(machine.answering.answer(arguments.text).reply))
    return FINE


def _draft(arguments: argparse.Namespace) -> int:
    machine = Requests(cli_start.shelf(named=arguments.policy))
    register = arguments.register
    if arguments.text == "-":
        return _each_line(lambda line: machine.draft({"register": register, **line} if is_object(line) else line))
    _print_json(machine.draft({"register": register, "text": arguments.text}))
    return FINE


def _understand(arguments: argparse.Namespace) -> int:
    return _each_line(Requests(cli_start.shelf(named=arguments.policy)).understand)


def _extract(arguments: argparse.Namespace) -> int:
    machine = Requests(cli_start.shelf(named=arguments.policy))
    if arguments.text == "-":
        return _each_line(machine.extract)
    if arguments.json:
        _print_json(machine.extract({"text": arguments.text}))
        return FINE
    from conversations.language.descriptions import DescriptionReader
    from conversations.saying.values import answer_label, answer_value
    from conversations.state.answer import Answer
    from rules.case import value_to_json

    shelf = machine.shelf
    read = shelf.compiled(DescriptionReader).read(arguments.text)
    case = shelf.rules.parse(read.case())
    for path, value in read.facts.items():
        place = path if "." in path else f"{path}.0"
        stated = value_to_json(value) if "." in path else False
        answer = Answer.model_validate({"path": place, "value": stated, "approximate": path in read.approximate})
        print(f"{answer_label(shelf, case, answer)}：{answer_value(shelf, answer)} ← “{read.evidence[path]}”")
    if not read.facts:
        print("没有读出能用的情况。")
    return FINE


def _converse(arguments: argparse.Namespace) -> int:
    from conversations.converse import Conversations

    return _each_line(Conversations(cli_start.shelf(named=arguments.policy)).say)


def _facts(arguments: argparse.Namespace) -> int:
    machine = Requests(cli_start.shelf(named=arguments.policy, whole=False))
    if arguments.json:
        _print_json(machine.facts())
        return FINE
    for fact in machine.shelf.policy.facts:
        choices = f"（{'、'.join(choice.label for choice in fact.choices)}）" if fact.choices else ""
        print(f"{fact.id}\t{fact.question}{choices}")
    return FINE


def _policies(arguments: argparse.Namespace) -> int:
    """A pack with mistakes spoils the list of the others for nobody: it is left out, which standard error says."""
    from conversations.saying.policies import policies_json, policies_text

    found, mistakes = cli_start.listed()
    for mistake in mistakes:
        print(f"wence: 没有列出：{mistake}", file=sys.stderr)
    if arguments.json:
        _print_json(policies_json(found))
    else:
        print(policies_text(found))
    return FINE


def _check(arguments: argparse.Namespace) -> int:
    from knowledge.loading import advice, check

    packs: Sequence[str | None] = arguments.packs or cli_start.served()
    found = {pack: check(pack) for pack in _with_progress(packs)}
    mistakes = [mistake for pack in packs for mistake in found[pack]]
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if mistakes:
        print(f"wence: {len(mistakes)} 处错误", file=sys.stderr)
        return BAD_INPUT
    print("政策包没有问题。")
    for hint in (hint for pack in packs for hint in advice(pack)):
        print(f"可以再看一下：{hint}")
    return FINE


def _with_progress(packs: Sequence[str | None]) -> Iterator[str | None]:
    """``packs`` one by one; somebody who looks on sees how many are done."""
    if len(packs) < 2 or not sys.stderr.isatty():
        yield from packs
        return
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import ProgressBar

    with ProgressBar(output=create_output(sys.stderr)) as bar:
        yield from bar(packs, label="检查")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wence", description="问策：这份文件里有哪些扶持政策适合您、多少钱、要什么材料"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    chat = command("chat", _chat, "在终端里咨询；没有终端时，标准输入一行一句话")
    command("serve", _serve, "运行机器人和网页")
    assess = command("assess", _assess, "企业情况（JSON）→ 预评估")
    assess.add_argument("source", metavar="FILE|-", help="JSON 文件；- 表示标准输入，一行一个")
    ask = command("ask", _ask, "问题 → 条款和答复")
    ask.add_argument("text", metavar="TEXT|-", help='问题；- 表示标准输入，一行一个 {"text": …}')
    understand = command("understand", _understand, "一句回答 → 数值")
    understand.add_argument("source", choices=["-"], metavar="-", help='标准输入，一行一个 {"fact": …, "text": …}')
    extract = command("extract", _extract, "一段企业介绍 → 情况（JSON）")
    extract.add_argument("text", metavar="TEXT|-", help='介绍；- 表示标准输入，一行一个 {"text": …}')
    converse = command("converse", _converse, "供别的程序对话：一行一句话进，一行结果出")
    converse.add_argument("source", choices=["-"], metavar="-", help='标准输入，一行一个 {"chat": …, "text": …}')
    draft = command("draft", _draft, "客户的话 → 可以直接转发的答复（JSON）")
    draft.add_argument("text", metavar="TEXT|-", help='客户的话；- 表示标准输入，一行一个 {"text": …}')
    draft.add_argument(
        "--register", choices=["plain", "usual", "formal"], default="usual", help="语气：口语、常用、正式"
    )
    facts = command("facts", _facts, "列出要了解的情况和问法")
    policies = command("policies", _policies, "列出有哪些政策")
    for each in (assess, ask, extract, facts, policies):
        each.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    for each in (chat, assess, ask, understand, extract, converse, draft, facts):
        each.add_argument(
            "--policy", metavar="ID|FOLDER", action="append", help="按哪一份政策，可以写几个；默认是正在用的"
        )
    cli_office.add_commands(commands.add_parser)
    cli_care.add_commands(commands.add_parser)
    cli_match.add_commands(commands.add_parser)
    cli_pack.add_commands(commands.add_parser)
    check = command("check", _check, "检查政策包，指出每处错误的文件和行")
    check.add_argument("packs", metavar="PACK", nargs="*", help="名称或文件夹，默认是正在用的那个")
    return parser
