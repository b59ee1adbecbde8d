"""The page for a new city is true: its files, its commands, and what it says of mistakes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from tests.guards.documents import CELLS, FENCED, PROGRAM, document, examples
from workflow.clock import SystemClock

PAGE = "docs/new-city.md"
FILE = "rules/my_city.yaml"
CAPTION = re.compile(r"^\*\*`([^`]+)`\*\*\n", re.MULTILINE)
#: The days on which the page is followed: its first seven sections, and the last one.
TO_BEGIN, TO_REVISE = datetime(2026, 3, 9, 1, tzinfo=UTC), datetime(2026, 9, 7, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    on(monkeypatch, TO_BEGIN)


def on(monkeypatch: pytest.MonkeyPatch, day: datetime) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: day)


def run(command: str) -> Result:
    """A command of the page; what it is told to write goes into its file."""
    call, _, target = command.partition(" > ")
    done = CliRunner().invoke(root, shlex.split(call)[1:])
    if target:
        Path(target).write_text(done.stdout, "utf-8")
    return done


def followed(text: str) -> Iterator[tuple[str, str]]:
    """What the page has one do, in order: files to write and console blocks."""
    files = examples(text)
    for part in re.split(r"^(?=\*\*`|```console)", text, flags=re.MULTILINE):
        if caption := CAPTION.match(part):
            yield caption[1], files[caption[1]]
        elif part.startswith("```console"):
            ((_, content),) = FENCED.findall(part)[:1]
            yield "", content


def test_the_page_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    given = 0
    for path, content in followed(document(PAGE)):
        if path:
            Path(path).write_text(content, "utf-8")
            if path != FILE and path.startswith("rules/"):
                on(monkeypatch, TO_REVISE)
            continue
        for block in re.split(r"^(?=\$ )", content, flags=re.MULTILINE):
            command, *shown = block.splitlines() or [""]
            command = command.removeprefix("$ ")
            if command.startswith("export "):
                monkeypatch.setenv(*command.removeprefix("export ").split("="))
            elif command.startswith(PROGRAM):
                told(command, shown)
                given += 1
    assert given == 12


def told(command: str, shown: list[str]) -> None:
    """A command ends well and says what the page shows of it, however it is wrapped."""
    done = run(command)
    assert done.exit_code == 0, (command, done.output)
    output = "".join(done.output.split())
    for line in shown:
        assert "".join(line.partition("…")[0].split()) in output, (line, done.output)


def mistakes() -> list[tuple[str, str]]:
    """The rows of the table of mistakes."""
    _, _, table = document(PAGE).partition("| 写错的样子 |")
    rows = table.partition("\n\n")[0].splitlines()[2:]
    found = [[cell.strip() for cell in CELLS.split(row)[1:-1]] for row in rows]
    return [(wrong, answer) for wrong, answer in found]


#: What the page writes in the wrong, by how the mistake is written there.
RIGHT = {
    "用了制表符缩进": ("    rules:\n      period", "\trules:\n      period"),
    "`version：2026-03-01`": ("version: 2026-03-01 ", None),
    "`{value:30, floor: hard, cite: city_rules 3}`": (
        "{value: 30, floor: hard, cite: city_rules 3}",
        None,
    ),
    '`name: {zh: "某市重大行政决策程序, en: Procedure of Some City}`': (
        "name: {zh: 某市重大行政决策程序, en: Procedure of Some City}",
        None,
    ),
    "`- id: open_calls`": ("- id: open_call ", None),
    "`{value: 20, floor: hard, cite: city_rules 3}`": (
        "{value: 30, floor: hard, cite: city_rules 3}",
        None,
    ),
    "`{value: 30, floor: hard}`": ("{value: 30, floor: hard, cite: city_rules 3}", None),
    "`version: 2026年3月1日`": ("version: 2026-03-01 ", None),
    "同一项写了两遍": ("    number:", "    number: 某政〔2026〕2号\n    number:"),
    "`{question: heritage，is: true}`": ("{question: heritage, is: true}", None),
}


def test_every_mistake_is_tried() -> None:
    assert [wrong for wrong, _ in mistakes()] == list(RIGHT)


@pytest.mark.parametrize(("wrong", "answer"), mistakes())
def test_a_mistake_is_answered_as_the_page_says(wrong: str, answer: str) -> None:
    text = examples(document(PAGE))[FILE]
    right, written = RIGHT[wrong]
    assert text.count(right) == 1
    changed = text.replace(right, wrong.strip("`") + " " if written is None else written)
    Path(FILE).write_text(changed, "utf-8")
    done = run("yicheng procedures check rules")
    assert done.exit_code == 2, done.output
    assert "".join(answer.split()) in "".join(done.output.split())
