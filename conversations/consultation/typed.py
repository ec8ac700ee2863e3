"""How typed words are taken: as the answer to the open question, as more facts, as a question, or not at all.

A wrong value is worse than a question asked again: what is not understood is never guessed. Whatever an answer states
beyond what was asked is taken whole and shown back with the words it came from.
"""

import re
from typing import cast

from conversations.answering.questions import Answered, Answering
from conversations.consultation import corrections
from conversations.consultation.turn import Talk
from conversations.language import multiple_choice
from conversations.language.answers import AnswerReader
from conversations.language.descriptions import Description, DescriptionReader
from conversations.language.text import normalise
from conversations.language.yesno import AnswerStance, YesNo, asks_back
from conversations.saying.answers import OFFER
from conversations.saying.notices import again, example
from conversations.saying.questions import threshold
from conversations.state.events import Missed, QuestionAsked
from conversations.state.interview import MORE, SAME_PROJECT, asked, projects_in_question, stakes
from conversations.state.messages import Choice, Reply
from conversations.state.outcome import Outcome
from conversations.state.session import SCREENING, Answer, Data, narrowed, screen, value_at
from rules.case import value_to_json
from rules.values import Range

_ONE_PROJECT = YesNo(
    yes=("同一个", "一个项目", "一回事", "同个项目"),
    no=("不是同一个", "各自独立", "两个项目", "不同", "两回事", "各是各的", "分开的"),
    about="这几两三项说的是同一个项目都",
)

_PHRASE = 18
"""The most characters of a phrase that is shown whole."""
_GOES_ON = re.compile(r"^(?:那|换成?|要是).{1,10}呢\??$")  # 那第二年呢: asks on about what was just told
_NUMBERS = re.compile(r"[\d\s,、和]*\d")
_PARTS = re.compile(r"(?<=[?？])|[，,。；;！!\n]+(?!\d)")

TALK_TO_SOMEBODY = ((Choice(label="转人工", data="!person", key="转人工"),),)


def read(talk: Talk, text: str) -> None:
    """Take ``text``, which is neither a command nor a key."""
    path = talk.session.asking
    if path == SCREENING:
        taken = _screening(talk, text)
    elif path == SAME_PROJECT:
        taken = _same_project(talk, text)
    elif path is not None:
        taken = _fact(talk, path, text)
    else:
        taken = False
    if not taken:
        _free(talk, text)


def choose(talk: Talk, places: frozenset[int], said: str, rest: bool = True) -> None:
    """Answer the open multiple choice with the options at ``places``; ``rest`` says that the others do not hold."""
    before = talk.known
    offered = talk.session.offered
    if talk.session.asking == SAME_PROJECT:
        _group(talk, [offered[place] for place in sorted(places)], said)
        return
    ticks = {option: place in places for place, option in enumerate(offered) if rest or place in places}
    lists = {option: on for option, on in ticks.items() if option.endswith(f".{MORE}")}
    for option, on in lists.items():
        subject = option.removesuffix(f".{MORE}")
        count = len(before.case.items[subject] or ())
        talk.record(talk.answer(f"{subject}.{count}", on, said))
        del ticks[option]
    answer = talk.answer(SCREENING, {}, said)
    talk.session = screen(talk.session, talk.shelf, before, ticks, answer)
    talk.proceed(before)


def unknown(talk: Talk, said: str) -> None:
    """Answer the open question with "not known"."""
    before = talk.known
    path = talk.session.asking or ""
    if path == SCREENING:
        chosen = frozenset(n for n, option in enumerate(talk.session.offered) if option in talk.session.ticks)
        choose(talk, chosen, said, rest=False)
        return
    old = talk.session.answer(path)
    if old is not None and old.value is not None and threshold(before, path) is not None and not old.final:
        talk.record(old.model_copy(update={"final": True}))  # the rough figure stays; the exact one is not to be had
    else:
        talk.record(talk.answer(path, None, said))
    talk.proceed(before, "好的，这一条先放着，以后随时可以补。")


def _screening(talk: Talk, text: str) -> bool:
    options = {option.id: (option.label, *option.synonyms) for option in talk.shelf.policy.screening.options}
    labels = [options.get(option, ()) for option in talk.session.offered]
    chosen = multiple_choice.several(text, labels)
    if chosen is not None:
        choose(talk, chosen.places, text, rest=not chosen.unsure)
    elif numbers := _NUMBERS.fullmatch(normalise(text)):
        talk.resume(f"序号是 1 到 {len(labels)}，“{numbers.group()}”对不上，请再看一下。\n\n")
    else:
        return False
    return True


def _same_project(talk: Talk, text: str) -> bool:
    offered = talk.session.offered
    labels = [[talk.shelf.policy.programme(claim.partition(":")[0]).label] for claim in offered]
    chosen = multiple_choice.several(text, labels)
    if chosen is not None and len(chosen.places) > 1:
        choose(talk, chosen.places, text)
        return True
    match _ONE_PROJECT.read(normalise(text)):
        case AnswerStance.YES if len(offered) == 2 or "都" in text:
            _group(talk, list(offered), text)
        case AnswerStance.NO:
            _group(talk, [], text)
        case AnswerStance.UNKNOWN:
            unknown(talk, text)
        case _:
            return False
    return True


def _group(talk: Talk, claims: list[str], said: str) -> None:
    """``claims`` are one project; with none, all that were offered are projects of their own."""
    before = talk.known
    projects = projects_in_question(talk.shelf, before.assessment)
    old = talk.session.answer(SAME_PROJECT)
    again_asked = len(talk.session.offered) < len(projects) and old is not None and old.value is not None
    groups = cast("dict[str, list[list[str]]]", old.value)["groups"] if again_asked and old else []
    group = [claim for project in projects if project[0] in claims for claim in project]
    groups = [*groups, group] if group else groups
    left = [project[0] for project in projects if not any(project[0] in one for one in groups)]
    done = not group or len(left) < 2
    value = {"among": [claim for project in projects for claim in project], "groups": groups, "done": done}
    talk.record(talk.answer(SAME_PROJECT, value, said))
    if done:
        talk.proceed(before)
    else:
        talk.offer(left)
        talk.resume()


def _fact(talk: Talk, path: str, text: str) -> bool:
    """The answer to a question about a fact or a list, with whatever else the words state, and a question in them."""
    before = talk.known
    said, asked_too = _parted(text)
    if talk.session.offered and corrections.changed(talk, path, text):
        return True
    description = talk.shelf.compiled(DescriptionReader).read(said)
    answered = _about_list(talk, path, said) if path.partition(".")[2].isdigit() else _value(talk, path, said)
    extra = _facts(talk, description, path)
    volunteered = extra.pop(path, None)
    answered = answered or volunteered
    if not extra and not asked_too and (other := corrections.open_question(talk, path, said, answered)):
        answered, extra = None, other
    if asked_too and answered is not None and isinstance(answered.value, dict):
        answered = None  # 一百万以上的，能拿多少？ speaks of anybody
    if asked_too and (answered is None or answered.value is None) and not extra:
        return _answer_question(talk, text, only_found=True)
    if answered is None and not extra:
        return False
    if asked_too:
        _reply_to(talk, asked_too, only_found=True, topic=_topic(talk))
    if answered is not None and answered.value is None and not extra:
        unknown(talk, said)
        return True
    if answered is not None:
        talk.record(answered)
    _describe(talk, extra, description)
    lines = [talk.said_back(answered)] if answered is not None else []
    if extra:
        lines += ["还记下了：", *(talk.labelled(answer) for answer in extra.values() if _worth_saying(answer))]
    talk.proceed(before, "\n".join(lines))
    return True


def _parted(text: str) -> tuple[str, str]:
    """What ``text`` states and what it asks, told apart by its punctuation."""
    parts = [part for part in _PARTS.split(text) if part]
    asked_too = [part for part in parts if _asks(part)]
    if not asked_too:
        return text, ""
    return "，".join(part for part in parts if part not in asked_too), "，".join(asked_too)


def _value(talk: Talk, path: str, text: str) -> Answer | None:
    fact = talk.shelf.policy.fact(path)
    understood = talk.shelf.compiled(AnswerReader).read(fact.id, text)
    if understood.status == "unknown":
        return talk.answer(path, None, text)
    if understood.status != "ok" or understood.value is None:
        return None
    value = value_to_json(understood.value)
    # a range that was asked for more exactly and is a range again is all that there is
    old = talk.session.answer(path)
    narrowing = old is not None and not old.final and threshold(talk.known, path) is not None
    if narrowing and isinstance(understood.value, Range):
        value = narrowed(value_at(talk.known.case, path), cast("Data", value))
    final = narrowing and (understood.approximate or isinstance(understood.value, Range))
    return talk.answer(path, value, text, understood.approximate, final)


def _about_list(talk: Talk, path: str, text: str) -> Answer | None:
    understood = talk.shelf.compiled(AnswerReader).read_any(path.partition(".")[0], text)
    if understood.status == "unclear":
        return None
    return talk.answer(path, understood.value, text)


def _facts(talk: Talk, description: Description, asked: str | None = None) -> dict[str, Answer]:
    """The description's facts as answers, by path: those that say something new, and the one that was ``asked`` for."""
    found: dict[str, Answer] = {}
    for subject, count in description.counts.items():
        last = _item(talk, description, subject, count - 1)
        for index in range(len(talk.known.case.items[subject] or ()), last + 1):
            _keep(talk, found, talk.answer(f"{subject}.{index}", True, talk.inbound.text), asked)
    for place, value in description.facts.items():
        subject, _, rest = place.partition(".")
        number, dot, name = rest.partition(".")
        words = _phrase(talk.inbound.text, description.evidence[place])
        if not rest:
            answer = talk.answer(f"{subject}.0", False, words)
        else:
            path = f"{subject}.{_item(talk, description, subject, int(number))}.{name}" if dot else place
            answer = talk.answer(path, value_to_json(value), words, place in description.approximate)
        _keep(talk, found, answer, asked)
    return found


def _phrase(text: str, words: str) -> str:
    """The phrase of ``text`` in which ``words`` stand, so that no word is shown cut in half; ``words`` where it is long."""
    phrases = [part.strip() for part in _PARTS.split(text) if words in part]
    return phrases[0] if phrases and len(phrases[0]) <= max(_PHRASE, len(words)) else words


def _keep(talk: Talk, found: dict[str, Answer], answer: Answer, asked: str | None) -> None:
    old = talk.session.answer(answer.path)
    if old is None or old.value != answer.value or answer.path == asked:
        found[answer.path] = answer


def _item(talk: Talk, description: Description, subject: str, number: int) -> int:
    """Which item of the consultation the description's item ``number`` is.

    The one that the open question is about; else the one at its place, or a further one where that one is different.
    """
    about, _, rest = (talk.session.asking or "").partition(".")
    index = rest.partition(".")[0]
    if about == subject and index.isdigit() and description.counts.get(subject) == 1:
        return int(index)
    case = talk.known.case
    stated = {path: value for path, value in description.facts.items() if path.startswith(f"{subject}.")}
    if any(value_at(case, path) not in (None, value) for path, value in stated.items()):
        return number + len(case.items[subject] or ())
    return number


def _free(talk: Talk, text: str) -> None:
    """A description, a question, or something not understood."""
    before = talk.known
    description = talk.shelf.compiled(DescriptionReader).read(text)
    facts = _facts(talk, description)
    if facts:
        _describe(talk, facts, description)
        lines = ["我理解的是：", *(talk.labelled(answer) for answer in facts.values() if _worth_saying(answer))]
        understood = "\n".join([*lines, "不对的话，发“修改”就能改。"])
        place = len(talk.replies)
        if asked_too := _parted(text)[1]:
            _reply_to(talk, asked_too, only_found=True)
        if len(talk.replies) > place:  # what was understood, then the reply to the question, then what comes next
            talk.replies.insert(place, Reply(text=understood))
            understood = ""
        talk.proceed(before, understood)
        return
    if not any(character.isalnum() for character in text):
        _missed(talk, text)
        return
    if corrections.nods(talk, text) or (not _asks(text) and corrections.some_answer(talk, text)):
        return
    wants_reply = talk.session.asking is None or _asks(text)
    if not (wants_reply or len(text) > 12) or not _answer_question(talk, text, only_found=not wants_reply):
        _missed(talk, text)


def _describe(talk: Talk, facts: dict[str, Answer], description: Description) -> None:
    for answer in facts.values():
        talk.record(answer)
    if description.same_project is not None:
        projects = projects_in_question(talk.shelf, talk.known.assessment)
        named = [list(group) for group in description.same_project]
        among = [claim for project in projects for claim in project]
        value = {"among": among, "groups": named, "done": True}
        talk.record(talk.answer(SAME_PROJECT, value, talk.inbound.text))


def _worth_saying(answer: Answer) -> bool:
    """That there is an item needs no line of its own: its facts are shown."""
    return not (answer.value is True and answer.path.partition(".")[2].isdigit())


def _answer_question(talk: Talk, text: str, only_found: bool) -> bool:
    """Answer ``text`` as a free question and go on; False where it is none (``only_found``: none with an answer)."""
    outcome = _reply_to(talk, text, only_found)
    if outcome is Outcome.OUT_OF_SCOPE and only_found:
        return False
    if outcome is Outcome.ASSESS:
        if talk.session.finished and talk.session.asking is None:
            talk.finish(["都问过了，按您的回答："])
        else:
            talk.resume("好的，我们一条一条来看，问完就知道了。\n\n")
    elif talk.session.asking is not None:
        talk.resume("—— 继续刚才的：\n")
    elif not talk.session.finished:
        talk.resume("想知道贵单位能享受哪些？先选出符合的情形。\n")
    return True


def _reply_to(talk: Talk, text: str, only_found: bool, topic: str | None = None) -> Outcome:
    """Say the reply to a free question, where there is one to say; ``topic`` is what it is about, if it does not say."""
    found = Answering(talk.shelf).answers(text, topic or talk.session.topic or _topic(talk))
    if found[0].outcome is Outcome.OUT_OF_SCOPE and len(found) == 1 and only_found:
        return found[0].outcome
    for answered in found:
        talk.note(QuestionAsked(text, answered.outcome))
        talk.session = talk.session.but(topic=answered.topic or talk.session.topic, misses=0)
        if answered.outcome is not Outcome.ASSESS:
            talk.say(answered.reply.removesuffix(f"\n{OFFER}"), _candidates(talk, answered))  # we are at it already
    return found[-1].outcome


def _topic(talk: Talk) -> str | None:
    """The clause that the open question is about, where it is one."""
    path = talk.session.asking
    claims = stakes(talk.shelf, talk.known.assessment, asked(path)) if path is not None and path != SCREENING else []
    clauses = {claim.programme.clause for claim in claims}
    return clauses.pop() if len(clauses) == 1 else None


def _candidates(talk: Talk, answered: Answered) -> tuple[tuple[Choice, ...], ...]:
    policy = talk.shelf.policy
    if answered.outcome is Outcome.OFFERED:
        return tuple(
            (Choice(label=policy.clause(hit.clause).title, data=f"!clause:{hit.clause}", key=chr(97 + place)),)
            for place, hit in enumerate(answered.clauses)
        )
    if answered.outcome is Outcome.ANSWERED:
        return ((Choice(label="看原文", data=f"!clause:{answered.clauses[0].clause}", key="原文"),),)
    return TALK_TO_SOMEBODY


def _missed(talk: Talk, text: str) -> None:
    """Not understood: say so kindly; the second time in a row with examples, and offer a person."""
    misses = talk.session.misses + 1
    talk.session = talk.session.but(misses=misses)
    talk.note(Missed(text, talk.session.asking))
    if misses < 2:
        talk.resume(f"{again(text)}\n\n")
    else:
        asked = talk.open_question
        text = f"抱歉，我还是没听懂。{example(talk.shelf, talk.session)}也可以先跳过，或者找工作人员。\n\n{asked.text}"
        talk.say(text, asked.choices + TALK_TO_SOMEBODY)


def _asks(text: str) -> bool:
    plain = normalise(text)
    return asks_back(plain) or bool(_GOES_ON.search(plain))
