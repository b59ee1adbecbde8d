"""The page on security: what it names is there, and no line goes without a verdict."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.guards.documents import CELLS, ROOT, TICKED, document

PAGE = "docs/security.md"
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
VERDICTS = {"成立", "部分", "未达", "不适用"}
#: What a line needs that says that something holds: a test, or a file that can be looked at.
EVIDENCE = re.compile(r"`[\w./-]+(?:::\w+)?`")


def rows(text: str) -> list[list[str]]:
    """The lines of the tables, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in CELLS.split(line)[1:-1]] for line in lines]
    return [each for each in cells if each[2] not in ("结论", "什么挡住")]


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse(document(path))
    return frozenset(
        each.name
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    )


def missing(text: str) -> list[str]:
    """The tests and files that are named and not there."""
    gone = []
    for token in TICKED.findall(text):
        if found := NAMED.fullmatch(token):
            path, name = found.groups()
            if not (ROOT / path).is_file() or name not in named_in(path):
                gone.append(token)
        elif (
            re.fullmatch(r"[\w-]+(?:/[\w.-]+)+/?", token)
            and not token.startswith("var/")
            and not (ROOT / token).exists()
        ):
            gone.append(token)
    return gone


def unproved(text: str) -> list[list[str]]:
    """The lines without a verdict, or without what it rests on."""
    found = []
    for each in rows(text):
        verdict, why = each[-2], each[-1]
        threat = len(each) == 4 and verdict not in VERDICTS
        if threat and not NAMED.search(why):
            found.append(each)
        if not threat and (not why or (verdict == "成立" and not EVIDENCE.search(why))):
            found.append(each)
    return found


def test_every_test_and_file_that_the_page_names_is_there() -> None:
    assert missing(document(PAGE)) == []


def test_every_line_has_a_verdict_and_what_it_rests_on() -> None:
    text = document(PAGE)
    assert unproved(text) == []
    threats = text.partition("## 攻击测试")[0]
    judged = rows(text.replace(threats, ""))
    assert len(judged) > 100
    assert {each[-2] for each in judged} == VERDICTS


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("`tests/guards/test_security_page.py::test_no_such`", 1),
        ("`tests/guards/test_no_such.py::test_x`", 1),
        ("`docs/no_such.md`", 1),
        ("`docs/security.md` `var/attack.json` `make attack`", 0),
    ],
)
def test_the_guard_finds_what_is_not_there(line: str, gone: int) -> None:
    assert len(missing(line)) == gone
    assert unproved("| 1.1 | x | 成立 | 因为 |") != []
