"""Invented packs of a few lines: a sheet holds the text and the files, and the rest is filled in.

A sheet is YAML with ``text`` (a line of the text is a clause, numbered from 1), ``facts``, ``programmes`` and ``policy``
(fields of policy.yaml beside those that every pack has). ``write`` makes a whole pack of it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.pack_yaml import PackLoader

SHEETS = Path(__file__).parents[1] / "data" / "packs"
Sheet = dict[str, Any]


def sheet(name: str) -> Sheet:
    """The sheet ``name`` of tests/data/packs."""
    return read((SHEETS / f"{name}.yaml").read_text("utf-8"))


def read(text: str) -> Any:
    """YAML as packs write it."""
    loader = PackLoader(text)
    node = loader.get_single_node()
    return None if node is None else loader.construct(node)


def write(folder: Path, filled: Mapping[str, Any]) -> Path:
    """A whole pack in ``folder``, whose name is its id."""
    folder.mkdir(exist_ok=True)
    lines = filled["text"].strip().split("\n")
    facts: list[Sheet] = [_fact(fact) for fact in filled.get("facts", [])]
    (folder / "source.txt").write_text("\n".join(lines) + "\n", "utf-8")
    clauses = [
        {"id": str(n), "citation": str(n), "title": f"第{n}条", "summary": "见原文。", "lines": [[n, n]]}
        for n, _ in enumerate(lines, start=1)
    ]
    _dump(folder / "clauses.yaml", clauses)
    _dump(folder / "facts.yaml", facts)
    _dump(folder / "programmes.yaml", [_programme(entry) for entry in filled.get("programmes", [])])
    _dump(folder / "evidence.yaml", [{"id": "form", "name": "申报表", "basis": "inferred"}])
    questions = {"answered": {"1": ["有什么支持"]}, "unanswered": [], "terms": {}}
    _dump(folder / "questions.yaml", questions)
    subjects = dict.fromkeys(["enterprise", *(str(fact.get("id", "enterprise")).partition(".")[0] for fact in facts)])
    head: Sheet = {
        "id": folder.name,
        "version": "1",
        "title": "支持办法",
        "issuer": "榆川市人民政府",
        "lead": "市经信局",
        "greeting": "您好。",
        "next_steps": ["先问市经信局。"],
        "subjects": [_subject(subject) for subject in subjects if subject],
        "screening": {"question": "属于哪些情形？", "help": "可多选。", "options": []},
        "notices": [],
    }
    _dump(folder / "policy.yaml", head | filled.get("policy", {}))
    return folder


def _subject(ident: str) -> Sheet:
    many = {} if ident == "enterprise" else {"many": True, "any": "有没有？", "more": "还有吗？"}
    return {"id": ident, "label": ident, **many}


def _fact(fact: Any) -> Sheet:
    if not isinstance(fact, dict) or "use" in fact:
        return fact
    asked = {} if "derive" in fact else {"question": "是多少？", "help": "照实写。", "why": "条款要看。"}
    return {"label": "事项", **asked, **fact}


def _programme(entry: Any) -> Sheet:
    return {"label": "支持", "summary": "见原文。", "subject": "enterprise", "conditions": [], **entry}


def _dump(path: Path, data: object) -> None:
    # yaml's own dumper, written in Python, would take ten times as long.
    written = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(written, "utf-8")
