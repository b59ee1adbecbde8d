"""What definitions share is explored once, and nothing that a proof depends on is overlooked.

The shape of a world must tell apart whatever the proof tells apart.  So every field of a
definition is changed in turn, and the proof that knows the worlds of the unchanged one must say
the same as one that knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.prover import Explored, prove
from tests.unit.procedure_files import BASE
from workflow import definition
from workflow.definition import Condition, FurtherMeeting, Procedure

#: A small definition; what it lacks is added to it.
SMALL = "major_contracts"

#: How many changes of one field are tried, from all over the definition.
TRIED = 3

#: Of these more: most changes of them are to moves that shut no way.
MORE = {"Move.sources": 8}

#: Fields on which the states of a lifecycle depend, and fields that change nothing in them.
TELLING = {
    "Move.command",
    "Move.sources",
    "Procedure.while_paused",
    "Rule.choices",
    "Stage.end",
    "Step.acts",
    "Step.after",
    "Step.before",
    "Step.lapses_on",
}
SILENT = {
    "Citation.article",
    "Instrument.number",
    "Procedure.digest",
    "Procedure.version",
    "Rule.floor",
    "Rule.share",
    "Rule.unit",
    "Rule.value",
    "Text.en",
    "Text.zh",
}

#: The fields on the way to what was changed, the innermost first.
Places = tuple[str, ...]

#: Every field that a definition is made of.
FIELDS = {
    f"{each.__name__}.{part.name}"
    for each in vars(definition).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == definition.__name__
    for part in fields(each)
}


@cache
def subject() -> Procedure:
    """A definition in which nothing is empty: every field of it can be changed."""
    small, base = shipped().get(SMALL), shipped().get(BASE)
    steps = dict(small.steps)
    name = next(name for name, step in steps.items() if step.before and name != "legality_review")
    waivable = base.steps["open_call"].waivable
    rules = {**steps[name].rules, "time": base.steps["open_call"].rules["period"]}
    rules["time"] = replace(rules["time"], also=(replace(rules["time"]),))
    rules["share"] = shipped().get("yunnan_type").steps["hearing"].rules["share_of"]
    when = Condition("any", tuple(step.required_when for step in base.steps.values())[-3:])
    steps[name] = replace(steps[name], waivable=waivable, rules=rules, required_when=when)
    return replace(
        small,
        steps=steps,
        questions={**base.questions, **small.questions},
        denials=base.denials[:1],
        alerts=base.alerts[:1],
        joins=shipped().get("jiyuan_htz").joins[:1],
        offers=("normative_files",),
        further_meetings=(FurtherMeeting("party_group", when),),
        lineage=("order_713@2019-09-01",),
    )


def changed(value: object) -> Iterator[Any]:
    """What may stand in the place of a value that has no parts."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Enum):
        yield from (each for each in type(value) if each is not value)
    elif isinstance(value, str):
        yield f"{value}x"
    elif isinstance(value, int | Fraction):
        yield value + 1
    elif isinstance(value, date):
        yield value + timedelta(days=1)


def mutations(value: Any) -> Iterator[tuple[Places, Any]]:
    """Every value that differs from this one in one place, and where that is."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            here = f"{type(value).__name__}.{each.name}"
            for places, other in mutations(getattr(value, each.name)):
                yield (*places, here), replace(value, **{each.name: other})
    elif isinstance(value, Mapping):
        yield from within(dict, tuple(value.items()))
    elif isinstance(value, tuple | frozenset):
        yield from within(type(value), tuple(enumerate(value)))
    else:
        yield from (((), other) for other in changed(value))


def within(kind: type, held: tuple[tuple[Any, Any], ...]) -> Iterator[tuple[Places, Any]]:
    """A collection with one item gone, with one item changed, and turned about."""

    def of(items: tuple[tuple[Any, Any], ...]) -> Any:
        return kind(items if kind is dict else (item for _, item in items))

    for place, (key, item) in enumerate(held):
        before, behind = held[:place], held[place + 1 :]
        yield (), of((*before, *behind))
        for places, other in mutations(item):
            yield places, of((*before, (key, other), *behind))
    if len(held) > 1:
        yield (), of(held[::-1])


@cache
def sampled() -> tuple[tuple[Places, Procedure], ...]:
    """Some changes of every field."""
    found: dict[Places, list[tuple[Places, Procedure]]] = {}
    for places, other in mutations(subject()):
        found.setdefault(places[:2], []).append((places, other))
    return tuple(
        each
        for places, some in found.items()
        for each in some[:: max(1, -(-len(some) // MORE.get("".join(places[:1]), TRIED)))]
    )


@dataclass(frozen=True)
class Outcome:
    """What a proof comes to, or why it could not be made."""

    states: int = 0
    faults: tuple[object, ...] = ()
    broken: str = ""


def outcome(procedure: Procedure, explored: Explored | None = None) -> Outcome:
    try:
        proof = prove(procedure, KINDS, explored)
    except (LookupError, ValueError) as error:
        return Outcome(broken=repr(error))
    return Outcome(proof.states_explored, proof.faults)


def test_every_field_of_a_definition_is_changed() -> None:
    assert {place for places, _ in sampled() for place in places} == FIELDS


def test_a_changed_definition_is_proven_as_if_nothing_were_known() -> None:
    explored = Explored()
    before = outcome(subject(), explored)
    telling: set[str] = set()
    for places, other in sampled():
        known = len(explored)
        after = outcome(other, explored)
        assert after == outcome(other), places
        if len(explored) > known:
            telling.add(places[0])
    assert before == outcome(subject(), explored)
    assert not telling & SILENT
    # Not every change of a field tells: where none of those tried did, the others are tried too.
    for places, other in mutations(subject()):
        if places and places[0] in TELLING - telling:
            known = len(explored)
            outcome(other, explored)
            if len(explored) > known:
                telling.add(places[0])
    assert telling >= TELLING


@pytest.mark.parametrize("name", ["guangdong_2013", "hunan_county", "quzhou"])
def test_profiles_that_differ_in_numbers_alone_share_their_worlds(name: str) -> None:
    explored = Explored()
    base = prove(shipped().get(BASE), KINDS, explored)
    known = len(explored)
    other = prove(shipped().get(name), KINDS, explored)
    assert len(explored) == known
    assert (other.states_explored, other.faults) == (base.states_explored, ())


def test_what_is_shared_may_be_told_in_the_words_of_each() -> None:
    """A fault names the steps of the definition that it was found in."""
    base = shipped().get(BASE)
    steps = {**base.steps, "budget": replace(base.steps["budget"], before=None)}
    broken = replace(base, steps=steps)
    renamed = replace(
        broken,
        steps={**steps, "budget": replace(steps["budget"], name=base.steps["study"].name)},
    )
    explored = Explored()
    first, second = (prove(each, KINDS, explored) for each in (broken, renamed))
    assert [fault.params for fault in first.faults] == [{"step": base.steps["budget"].name}]
    assert [fault.params for fault in second.faults] == [{"step": base.steps["study"].name}]
    assert [fault.path for fault in first.faults] == [fault.path for fault in second.faults]
