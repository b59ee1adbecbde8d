"""One identifier for one term: the glossary holds what there is in code and data, and no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from procedures.book import shipped
from procedures.dates import load_days
from procedures.duties import Mode, Way
from procedures.kinds import KINDS
from procedures.reference_moves import outcomes
from tests.guards.documents import CELLS, PACKAGES, ROOT, document, worded, zone
from workflow.calendar import Unit
from workflow.catalogue import catalogue_for
from workflow.commands import CORE
from workflow.definition import Citation, Floor, Gate, Lapse, Relation
from workflow.ports import StepState
from workflow.service import DONE, REFUSED

HEADING = re.compile(r"## (?P<zh>\S+) · (?P<en>.+)")
#: Tables that are compared in their own way.
APART = {"Instruments", "Words", "Words kept for what is not there yet"}


@dataclass(frozen=True)
class Row:
    """A row of a glossary table."""

    id: str
    term: str
    rest: tuple[str, ...]


def glossary(text: str) -> dict[str, tuple[Row, ...]]:
    """The tables of the glossary by the English half of their headings."""
    tables: dict[str, tuple[Row, ...]] = {}
    for section in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        heading = HEADING.match(section)
        assert heading, section.splitlines()[0]
        rows = (
            [cell.strip() for cell in CELLS.split(line)[1:-1]]
            for line in section.splitlines()
            if line.startswith("| `")
        )
        tables[heading["en"]] = tuple(
            Row(name.strip("`"), term, tuple(rest)) for name, term, *rest in rows
        )
    return tables


@cache
def tables() -> dict[str, tuple[Row, ...]]:
    return glossary(document("docs/glossary.md"))


def everywhere(of: str) -> dict[str, str]:
    """Things that definitions name in Chinese, over all shipped definitions."""
    found: dict[str, str] = {}
    for procedure in (*shipped().all(), zone()):
        for name, each in getattr(procedure, of).items():
            found[name] = getattr(each, "name", each).zh
    return found


def titled(names: Iterable[str], message: str) -> dict[str, str]:
    """The Chinese words that the program has for some names."""
    say = catalogue_for("zh").text
    return {str(name): say(message.format(name)) for name in names}


def commands() -> dict[str, str]:
    return titled(
        [*CORE, *(act for kind in KINDS.values() for act in kind.acts)], "command.{}.title"
    )


def verdicts() -> set[str]:
    return {
        choice.removeprefix("choice.verdict.")
        for choice in catalogue_for("zh")
        if choice.startswith("choice.verdict.")
    }


def command_outcomes() -> dict[str, str | None]:
    """Every outcome by which moves differ, with the words that the program has for it."""
    names = {name for told in outcomes(KINDS).values() for name in told if name}
    return {name: worded(name, catalogue_for("zh")) for name in names}


def unnamed(names: Iterable[str]) -> dict[str, None]:
    """Names for which the program has no words of its own to compare."""
    return dict.fromkeys(str(name) for name in names)


def expected() -> dict[str, Mapping[str, str | None]]:
    """What each table must hold, with the Chinese term where the program has one."""
    alerts = {rule.kind for procedure in shipped().all() for rule in procedure.alerts}
    return {
        "Stages": everywhere("stages"),
        "Gates": unnamed(Gate),
        "Steps": everywhere("steps"),
        "Kinds of step": titled(KINDS, "commands.kind.{}"),
        "Commands": commands(),
        "Outcomes of commands": command_outcomes(),
        "Verdicts": titled(verdicts(), "choice.verdict.{}"),
        "States of a step": titled(StepState, "step_state.{}"),
        "Statuses of a command": unnamed((DONE, REFUSED)),
        "Roles": everywhere("roles"),
        "Functions of units": everywhere("functions"),
        "Relations of units": titled(Relation, "relation.{}"),
        "Bodies that meet": everywhere("bodies"),
        "Questions at intake": unnamed(
            {name for procedure in shipped().all() for name in procedure.questions}
        ),
        "Floors": unnamed(Floor),
        "When work lapses": unnamed(Lapse),
        "Units of periods": titled(Unit, "choice.unit.{}"),
        "Counting rules": unnamed(load_days().rules),
        "Kinds of alert": unnamed(alerts),
        "Modes of duties": titled(Mode, "coverage.mode.{}"),
        "Ways in which duties are held": titled(Way, "coverage.way.{}"),
    }


def complaints(rows: tuple[Row, ...], wanted: Mapping[str, str | None]) -> list[str]:
    """Where a table and the program differ."""
    told = {row.id: row.term for row in rows}
    found = [f"missing: {name} ({wanted[name]})" for name in wanted if name not in told]
    found += [f"does not exist: {name}" for name in told if name not in wanted]
    found += [
        f"{name}: {told[name]} here, {term} in the program"
        for name, term in wanted.items()
        if term is not None and name in told and told[name] != term
    ]
    found += [f"twice: {row.id}" for row in rows if sum(row.id == each.id for each in rows) > 1]
    return found


@pytest.mark.parametrize("title", expected())
def test_the_glossary_names_what_there_is_and_nothing_else(title: str) -> None:
    assert complaints(tables()[title], expected()[title]) == []


def test_the_glossary_has_no_other_tables() -> None:
    assert tables().keys() == expected().keys() | APART


def test_every_term_stands_beside_its_identifier() -> None:
    bare = [
        row.id for rows in tables().values() for row in rows if not row.term or not all(row.rest)
    ]
    assert bare == []


def identifiers() -> set[str]:
    """The names that code gives to modules, classes, functions, fields and constants."""
    found: set[str] = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                    found.add(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
                case (
                    ast.AnnAssign(target=ast.Name(id=name))
                    | ast.Assign(targets=[ast.Name(id=name)])
                ):
                    found.add(name.lower())
                case _:
                    pass
    return found


def test_the_words_are_used_in_code() -> None:
    assert {row.id for row in tables()["Words"]} - identifiers() == set()


def test_words_kept_for_later_are_not_used_yet() -> None:
    kept = {row.id for row in tables()["Words kept for what is not there yet"]}
    assert kept & identifiers() == set()


def short_names() -> dict[str, str]:
    return {row.id: row.term for row in tables()["Instruments"]}


def cited(citation: Citation) -> str:
    """A provision as the glossary writes it."""
    article, _, paragraph = citation.article.partition(".")
    place = f" 第{article}条" if article else ""
    place += f"第{paragraph}款" if paragraph else ""
    return f"{short_names()[citation.instrument]}{place}" + "（待确认）" * (
        citation.confidence == "U"
    )


def test_the_instruments_are_those_of_the_definitions() -> None:
    wanted = {
        each.id: (each.title.zh, each.number)
        for procedure in shipped().all()
        for each in procedure.instruments.values()
    }
    assert {row.id: row.rest for row in tables()["Instruments"]} == wanted
    assert len(set(short_names().values())) == len(short_names())


@pytest.mark.parametrize(
    ("title", "of"), [("Steps", "steps"), ("Questions at intake", "questions")]
)
def test_steps_and_questions_rest_on_the_provisions_of_the_definitions(title: str, of: str) -> None:
    # The zone's own comes last and stands; what only another definition has is told as it has it.
    wanted = {
        name: "、".join(cited(each) for each in thing.citations)
        for procedure in (*shipped().all(), zone())
        for name, thing in getattr(procedure, of).items()
    }
    assert {row.id: row.rest[-1] for row in tables()[title]} == wanted


def test_the_verdicts_that_pass_are_those_of_the_definitions() -> None:
    wanted = set(zone().steps["legality_review"].rules["verdicts"].choices)
    assert {row.id for row in tables()["Verdicts"] if "yes" in row.rest[0]} == wanted


class TestTheGuardItself:
    def test_finds_what_is_missing_left_over_twice_or_called_otherwise(self) -> None:
        rows = (Row("a", "甲", ()), Row("c", "丙", ()), Row("c", "丙", ()))
        assert complaints(rows, {"a": "乙", "b": None}) == [
            "missing: b (None)",
            "does not exist: c",
            "a: 甲 here, 乙 in the program",
            "twice: c",
            "twice: c",
        ]

    def test_reads_a_table_of_the_glossary(self) -> None:
        text = "# x\n\n## 甲 · Things\n\n| 标识 | 术语 |\n|---|---|\n| `a` | 乙 | 丙 · c | – |\n"
        assert glossary(text) == {"Things": (Row("a", "乙", ("丙 · c", "–")),)}

    def test_sees_words_of_every_form(self) -> None:
        assert {
            "legality_review",
            "open_house",
            "Procedure".lower(),
            "default_locale",
        } <= identifiers()
