"""Whether the registry tells the truth: what it names is there, and every duty held is shown."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from procedures.book import ProcedureBook
from procedures.duties import (
    Duty,
    Entry,
    Failure,
    Held,
    Mode,
    Reference,
    Registry,
    Showing,
    Way,
)
from procedures.kinds import KINDS
from procedures.scenario import SCENARIOS, load_scenario
from workflow.catalogue import Said
from workflow.commands import every_command
from workflow.definition import Text

#: Those that must be shown both passing and refused, wherever the program holds them.
_SHOWN_BOTH_WAYS: Final = frozenset({Mode.MUST, Mode.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Played:
    """What a scenario shows: the commands that are done in it, and the codes it is refused with."""

    done: frozenset[str]
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shipped:
    """What there is for a registry to name: `parts` by what they are, instruments, scenarios."""

    parts: Mapping[str, frozenset[str]]
    instruments: Mapping[str, Text]
    scenarios: Mapping[str, Played]

    @classmethod
    def of(cls, book: ProcedureBook, scenarios: Path = SCENARIOS) -> Shipped:
        """What the definitions of a book and the scenarios of a folder hold.

        Raises `SourceError` where one of them cannot be read.
        """
        found = book.all()
        steps = [step for procedure in found for step in procedure.steps.values()]
        rules = {rule for procedure in found for rule in procedure.rules}
        used = {move.command for procedure in found for move in procedure.moves}
        used |= {command for procedure in found for command in procedure.permissions}
        used |= {act for step in steps for act in step.acts}
        used |= {name for name, spec in every_command(KINDS).items() if spec.kind is None}
        return cls(
            parts={
                "steps": frozenset(step.id for step in steps),
                "rules": frozenset(
                    rules | {f"{step.id}.{rule}" for step in steps for rule in step.rules}
                ),
                "commands": frozenset(used),
                "questions": frozenset(
                    question for procedure in found for question in procedure.questions
                ),
                "counting": frozenset(book.counting),
            },
            instruments={
                each.id: each.title
                for procedure in found
                for each in procedure.instruments.values()
            },
            scenarios={path.stem: _played(path) for path in sorted(scenarios.glob("*.yaml"))},
        )


def _played(path: Path) -> Played:
    steps = load_scenario(path).steps
    return Played(
        done=frozenset(step.do for step in steps if step.expect == "done"),
        refused=frozenset(
            code for step in steps if step.expect != "done" for code in step.expect.refused or ()
        ),
    )


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that an entry claims or lacks, wrongly; `entry` is its id."""

    entry: str
    said: Said


def flaws(registry: Registry, shipped: Shipped, project: Path | None = None) -> tuple[Flaw, ...]:
    """Everything that is wrong with a registry, in its order.

    Tests are looked up in the folder `project`, the one that holds `tests`; without it they are
    taken as written, for an installation does not carry them.
    """
    return tuple(
        Flaw(entry.id, said)
        for entry in registry.entries
        for said in (
            *_unshown(entry),
            *_unknown_parts(entry, shipped.parts),
            *_unknown_references(entry, shipped.scenarios, project),
        )
    ) + tuple(_unknown_instruments(registry, shipped.instruments))


def _unshown(entry: Duty | Failure) -> Iterator[Said]:
    if not entry.held:
        return
    if not entry.passes and entry.mode is not Mode.PRINCIPLE:
        yield Said("coverage.no_passing_test")
    if not entry.refused and entry.mode in _SHOWN_BOTH_WAYS:
        yield Said("coverage.no_refused_test")


def _unknown_parts(entry: Entry, there: Mapping[str, frozenset[str]]) -> Iterator[Said]:
    for held in entry.enforced:
        for what, names in held.parts:
            for name in names:
                if name not in there[what]:
                    yield _unknown(f"coverage.part.{what}", name, there[what])


def _unknown_references(
    entry: Entry, scenarios: Mapping[str, Played], project: Path | None
) -> Iterator[Said]:
    for reference in (*entry.passes, *entry.refused):
        if reference.showing is Showing.TEST:
            if project is not None and reference.what not in listed_tests(project / reference.name):
                yield Said("coverage.unknown_test", {"reference": str(reference)})
        elif reference.name not in scenarios:
            yield _unknown("coverage.part.scenario", reference.name, scenarios)
        else:
            yield from _unplayed(reference, scenarios[reference.name])


def _unplayed(reference: Reference, played: Played) -> Iterator[Said]:
    told = {"scenario": reference.name, "name": reference.what}
    if reference.showing is Showing.DONE and reference.what not in played.done:
        yield Said("coverage.not_done", told)
    if reference.showing is Showing.REFUSED and reference.what not in played.refused:
        yield Said("coverage.not_refused", told)


def _unknown_instruments(registry: Registry, there: Mapping[str, Text]) -> Iterator[Flaw]:
    titles = instruments(registry, there)
    for entry, citation in registry.citations():
        if citation.instrument not in titles:
            said = _unknown("coverage.part.instrument", citation.instrument, titles)
            yield Flaw(entry.id, said)


def instruments(registry: Registry, there: Mapping[str, Text]) -> dict[str, Text]:
    """The titles of what a registry cites: its own, and those of the definitions before them."""
    own = {
        name: Text(form.title.zh, form.title.en)
        for source in registry.sources
        for name, form in source.instruments.items()
    }
    return {**own, **there}


def _unknown(what: str, name: str, there: Collection[str]) -> Said:
    told: dict[str, object] = {"what": Said(what), "name": name}
    near = tuple(get_close_matches(name, sorted(there)))
    return (
        Said("coverage.unknown_near", {**told, "near": near})
        if near
        else Said("coverage.unknown", told)
    )


@cache
def listed_tests(path: Path) -> frozenset[str]:
    """The tests in a file: functions, and those of classes after the name of their class.

    A file that is not there holds none.
    """
    if not path.is_file():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef)
            }
    return frozenset(found)


def elsewhere(registry: Registry) -> Iterator[tuple[Duty | Failure, Held]]:
    """What is no act in the procedure of a decision, by the entries that say who sees to it."""
    for entry in registry.entries:
        for held in entry.enforced:
            if held.by is Way.ELSEWHERE:
                yield entry, held


@dataclass(frozen=True, slots=True)
class Summary:
    """A registry in numbers.

    `ways` counts entries by each way in which they are held, and an entry may be held in several.
    """

    entries: int
    modes: Mapping[Mode, int]
    ways: Mapping[Way, int]
    scenarios: int
    tests: int


def summary(registry: Registry) -> Summary:
    """Count what a registry lists."""
    entries = registry.entries
    ways = Counter(way for entry in entries for way in {held.by for held in entry.enforced})
    modes = Counter(entry.mode for entry in entries)
    shown = Counter(
        each.showing is Showing.TEST
        for entry in entries
        for each in (*entry.passes, *entry.refused)
    )
    return Summary(
        entries=len(entries),
        modes={mode: modes[mode] for mode in Mode},
        ways={way: ways[way] for way in Way},
        scenarios=shown[False],
        tests=shown[True],
    )
