"""No mandate puts one person on both sides: every separation of every shipped definition, tried.

Whatever an agent may do for a principal, each of the two could have done alone as far as duties
are kept apart; tried with the other act done by either, and with the matter being either's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

import pytest

from procedures.book import shipped
from tests.unit.builders import (
    CLERK,
    KEEPER,
    LONG_AGO,
    REVIEWER,
    TODAY,
    day,
    directory,
    lens,
    machine,
    payload,
    specs,
)
from workflow.commands import ApproveOverride, RuleWaiver
from workflow.decisions.authority import authorise, barred
from workflow.decisions.scene import Actor, Scene
from workflow.definition import Holder, Procedure, Separation, Step
from workflow.directory import Appointment, Directory, Mandate
from workflow.facts import CONFIRM, RECUSE, RECUSED, Facts, Record
from workflow.guards import confirmers
from workflow.ports import Payload
from workflow.signing import Shown

KNOWN: Final[dict[str, Any]] = {"reauthenticated": Shown.PASSWORD}
AGENT, PRINCIPAL, OTHER = "agent.1", "principal.1", "neither.1"
SIDE, APART, THIRD = "economic_development", "market_regulation", "environment_safety"
ON: Final = day(TODAY)


def cases() -> list[tuple[Procedure, Separation]]:
    """Each separation once, however many definitions have it from a common base."""
    found: dict[tuple[object, ...], tuple[Procedure, Separation]] = {}
    for procedure in shipped().all():
        for each in procedure.separations:
            holders = held_by(procedure, each.act)
            key = (each, holders, tuple(d for d in procedure.denials if d.act == each.act))
            if holders:
                found.setdefault(key, (procedure, each))
    return list(found.values())


def held_by(procedure: Procedure, act: str) -> tuple[Holder, ...]:
    """Who may do the act, be it that only a step or a rule says so."""
    for step, given in asked(procedure, act):
        if isinstance(given, RuleWaiver) and step is not None and step.waivable is not None:
            return step.waivable.approve
        if isinstance(given, ApproveOverride) and step is not None:
            return step.rules[given.rule].override
    return confirmers(procedure) if act == CONFIRM else procedure.holders(act)


def asked(procedure: Procedure, act: str) -> Sequence[tuple[Step | None, Payload]]:
    """The steps on which the act can be tried, each with what names it."""
    plain = payload("withdraw")
    if act == "rule_waiver":
        waivable = (step for step in procedure.steps.values() if step.waivable is not None)
        return [(step, payload(act, step=step.id)) for step in waivable][:1]
    if act == "approve_override":
        return [
            (step, payload(act, step=step.id, rule=name))
            for step in procedure.steps.values()
            for name, rule in step.rules.items()
            if rule.override
        ][:1]
    return [(step, plain) for step in procedure.steps_of(act)] or [(None, plain)]


def record(at: int, command: str, by: str) -> Record:
    kept: dict[str, object] = {"authors": [by], "nature": "first", "person": by}
    return Record(at, command, None, "", by, None, "", "", kept, 1, ON)


def did(other: str, by: str) -> Record:
    """That somebody did the other act, or is named as who wrote or withdrew."""
    named = {"draft": "revise_draft", RECUSED: RECUSE}
    return record(1, named.get(other, other), by)


def matters(separation: Separation) -> Iterator[Facts]:
    """Nobody's, one side's, and with each other act done by either or neither."""
    base = Facts("2026-1", "title", "drafting", 1, {}, THIRD, THIRD)
    for unit in (THIRD, SIDE, APART):
        own = replace(base, proposing_unit=unit, lead_unit=unit, co_units=(unit,))
        yield own
        for other, by in product(separation.others, (AGENT, PRINCIPAL, OTHER)):
            yield replace(own, records=(did(other, by),))


def offices(procedure: Procedure, separation: Separation) -> Iterator[Directory]:
    """The principal in the post; the agent in another unit, and both put there by either side."""
    known = directory()
    holder = held_by(procedure, separation.act)[0]
    unit = next(iter(known.units_of(holder.of, Facts("", "", "", 1, {}, SIDE, SIDE))), SIDE)
    names = dict.fromkeys((AGENT, PRINCIPAL, OTHER), known.persons[CLERK])
    for home, by in product((SIDE, APART), ("", CLERK, OTHER)):
        posts = (
            Appointment(PRINCIPAL, unit, holder.role, LONG_AGO, None, by),
            Appointment(AGENT, home, "clerk", LONG_AGO, None),
            Appointment(OTHER, THIRD, "head", LONG_AGO, None),
        )
        yield replace(
            known,
            persons={**known.persons, **names},
            appointments=(*known.appointments, *posts),
        )


def seen(procedure: Procedure, people: Directory, facts: Facts, actor: Actor) -> Scene:
    return Scene(lens(TODAY, procedure), machine(procedure), people, actor, facts)


CASES: Final = cases()


@pytest.mark.parametrize(
    ("procedure", "separation"), CASES, ids=[f"{p.id} {s.act} {s.rule}" for p, s in CASES]
)
def test_an_agent_does_nothing_that_either_could_not_do_alone(
    procedure: Procedure, separation: Separation
) -> None:
    act, spec = separation.act, specs()[separation.act]
    lent = Mandate(1, PRINCIPAL, AGENT, frozenset(), LONG_AGO, day("2027-01-01"), None)
    refused = done = 0
    for people in offices(procedure, separation):
        held = tuple(people.of_person(PRINCIPAL, ON))
        for facts in matters(separation):
            for step, given in asked(procedure, act):
                place = seen(procedure, people, facts, Actor(AGENT, held, lent, **KNOWN))
                place = replace(place, step=step)
                under = authorise(place, spec, given)
                alone = authorise(
                    replace(place, actor=Actor(PRINCIPAL, held, **KNOWN)), spec, given
                )
                if under.held is None or under.unmet:
                    refused += 1
                    continue
                done += 1
                assert alone.unmet == ()
                assert not barred(procedure, people, facts, act, ON) & {AGENT, PRINCIPAL}
                for other in separation.others:
                    assert not facts.doers(other) & {AGENT, PRINCIPAL}
                theirs = {post.unit for post in people.of_person(AGENT, ON)}
                own = {post.unit for post in held}
                sides = {u for of in separation.not_lent_to for u in people.units_of(of, facts)}
                assert not (theirs - own) & sides
                assert not separation.not_lent
    # Both happen, so that neither is an empty truth; what is lent to nobody is always refused.
    assert refused
    assert bool(done) is not separation.not_lent


def test_every_separation_of_the_shipped_definitions_is_tried() -> None:
    tried = {(each.act, each.rule) for _, each in CASES}
    wanted = {(each.act, each.rule) for p in shipped().all() for each in p.separations}
    assert tried == wanted


def test_the_end_of_a_mandate_takes_from_nobody_what_is_left_to_the_principal() -> None:
    """So it needs no warning of its own: an agent can do nothing that the principal cannot."""
    lent = Mandate(1, REVIEWER, KEEPER, frozenset(), LONG_AGO, day("2027-01-01"), None)
    people = replace(directory(), mandates={1: lent})
    ended = replace(directory(), mandates={1: replace(lent, ended_on=ON)})
    facts = Facts("2026-1", "title", "drafting", 1, {}, SIDE, SIDE)
    for procedure in shipped().all():
        for each in procedure.separations:
            assert barred(procedure, people, facts, each.act, ON) == barred(
                procedure, ended, facts, each.act, ON
            )
