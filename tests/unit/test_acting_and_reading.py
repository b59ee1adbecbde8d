"""Whoever may act on a matter can read it: asked of every account, command and stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.reading import load_access
from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    LONG_AGO,
    NO_STEP,
    OTHER_MEMBER,
    SUPERIOR,
    TODAY,
    Matter,
    day,
    directory,
    scene,
    specs,
)
from workflow.access import Area, Rights, Sight, rights
from workflow.commands import Subject
from workflow.decisions.authority import called, stands_in_for
from workflow.decisions.options import options
from workflow.definition import Answer, Procedure
from workflow.directory import Directory, Mandate
from workflow.parties import parties
from workflow.retainers import retained_for
from workflow.ties import Party

TABLE: Final = load_access().table("base", day(TODAY))
DEPUTY: Final = "leader.deputy"
LENT: Final = {
    agent: Mandate(number, principal, agent, frozenset(), LONG_AGO, day("2026-12-31"), None)
    for number, (principal, agent) in enumerate(
        ((SUPERIOR, DEPUTY), ("finance.head", "finance.clerk"), (KEEPER, "office.archivist")), 1
    )
}
#: Whoever is asked by name: the payload, not the post, tells whether the act is theirs.
BY_NAME: Final = frozenset({"expert", "counsel"})
ASKED: Final = tuple(NO_STEP.items())
#: Under the national order alone no Party group deliberates: to its secretary there is no matter.
UNSEEN: Final = {"order_713": {("party.secretary", "end_decision")}}
MATTERS_TOO: Final = frozenset({Subject.MATTER, Subject.MATTER_AND_MEETING})


def matters(name: str) -> Iterator[Matter]:
    """One for each stage; with all steps, with none, and with somebody who withdrew from it.

    From the agenda on it has been on one: the builder files no more than it is told to.
    """
    rules = shipped().get(name)
    tabled = after(rules, "propose_agenda_item")
    for stage in rules.stages:
        for yes, level in ((True, "zone"), (True, "superior"), (False, "zone")):
            told: dict[str, Answer] = {
                name: yes if isinstance(each, bool) else each for name, each in ASKED
            }
            told["decision_level"] = level
            matter = Matter(stage=stage, rules=rules, answers=told).drafted()
            yield matter.listed() if stage in tabled else matter
        matter = Matter(stage=stage, rules=rules).drafted().listed()
        yield matter.sat("withdraw_from_item", person=DIRECTOR)


def after(rules: Procedure, command: str) -> set[str]:
    """The stages that a command leads to, and whatever comes after them."""
    found = {str(each.to) for each in rules.moves if each.command == command}
    while more := {
        str(each.to)
        for each in rules.moves
        if each.to is not None and found & set(each.sources) and each.to not in found
    }:
        found |= more
    return found


def may_act(matter: Matter, account: str, mandate: Mandate | None) -> set[str]:
    """The commands that are somebody's by post, and that nothing stands against but a payload."""
    there = scene(account, matter, mandate=mandate, people=matter.people)
    persons = there.actor.persons
    theirs = tuple(
        each
        for each in specs().values()
        if each.subject in MATTERS_TOO
        and called(matter.rules, matter.people, matter.facts, persons, each.name, day(TODAY))
    )
    return {each.command for each in options(there, theirs) if each.allowed and each.required}


def sight(rules: Procedure, people: Directory, account: str) -> Rights:
    retained, stands_in = retained_for(rules), partial(stands_in_for, rules, people, day(TODAY))
    return rights(TABLE, people, account, day(TODAY), retained, stands_in)


def reads(matter: Matter, account: str) -> bool:
    found = sight(matter.rules, matter.people, account)
    return found.reach(Area.MATTERS).of(of(matter)) is not Sight.NONE


def of(matter: Matter) -> frozenset[Party]:
    return parties(matter.rules, matter.facts, matter.people, KINDS)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["order_713", "jiyuan_htz"])
def test_whoever_may_act_on_a_matter_can_read_it(name: str) -> None:
    people = replace(directory(), mandates={each.id: each for each in LENT.values()})
    sees = {
        account: sight(shipped().get(name), people, account).reach(Area.MATTERS)
        for account in people.persons
        if not {held.role for held in people.of_person(account, day(TODAY))} <= BY_NAME
    }
    blind: set[tuple[str, str]] = set()
    for plain in matters(name):
        matter = replace(plain, people=people)
        there = of(matter)
        for account, reach in sees.items():
            if reach.of(there) is not Sight.NONE:
                continue
            acts = may_act(matter, account, None)
            if account in LENT:
                acts |= may_act(matter, account, LENT[account])
            blind |= {(account, act) for act in acts}
    assert blind == UNSEEN.get(name, set())


def test_who_takes_over_for_whoever_withdrew_sees_what_he_takes_over__order_713_art_30_1() -> None:
    away = Matter(stage="decided").drafted().listed()
    assert not reads(away, SUPERIOR)
    assert not reads(away.sat("withdraw_from_item", person=OTHER_MEMBER), SUPERIOR)
    away = away.sat("withdraw_from_item", person=DIRECTOR)
    assert reads(away, SUPERIOR)
    lent = replace(away, people=replace(directory(), mandates={1: LENT[DEPUTY]}))
    assert reads(lent, DEPUTY)
    assert not reads(away.sat("lift_withdrawal", person=DIRECTOR), SUPERIOR)
