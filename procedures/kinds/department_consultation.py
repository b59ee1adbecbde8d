"""Consulting the units whose duties are touched; a dispute left open goes to the decision body.

A unit's own head files its opinion, which is its countersignature (会签).  Where the lead unit
files for another (代为登记), the paper that came from there is its evidence, and what a unit said
for itself only that unit says anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from procedures.opinions import own_words
from workflow.definition import Step
from workflow.facts import Facts, Record
from workflow.idle import Told
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose
from workflow.ties import Party, Side, Tie

FILE, OWN = "file_consultation", "file_unit_opinion"


class UnitOpinion(Payload):
    """What one unit answered, by its paper: the number (来文文号) and the day it bears."""

    unit: Name
    position: Literal["agrees", "comments", "disagrees"]
    opinion: Prose
    given_on: Day
    paper: Line | None = None
    paper_dated: Day | None = None


class Dispute(Payload):
    """争议说明: what is disputed, both views, with the reasons and the basis of one's own."""

    dispute: Told
    their_view: Told
    own_view: Told
    reasons: Told
    basis: Told


class Consultation(StepPayload):
    """What the lead unit files of the units consulted, and the dispute that stays unresolved.

    Units that filed their own opinion are left out.
    """

    opinions: tuple[UnitOpinion, ...] = ()
    dispute: Dispute | None = None


class OwnOpinion(StepPayload):
    """What a unit's head says for the unit, today."""

    unit: Name
    position: Literal["agrees", "comments", "disagrees"]
    opinion: Prose


def judge_consultation(view: View, file: Consultation) -> Ruling:
    """Refuse a file that leaves a co-unit out, speaks for it without paper or hides a dispute."""
    unmet = tuple(
        found
        for opinion in file.opinions
        for day in (opinion.given_on, opinion.paper_dated)
        if day is not None
        for found in not_ahead(view, day)
    )
    own = own_words(view.facts, view.step)
    answered = {opinion.unit for opinion in file.opinions}
    strangers = tuple(sorted(answered - (view.units.keys() - {view.facts.lead_unit})))
    if strangers:
        unmet += (view.unmet("not_another_unit", "heard", units=strangers),)
    spoken_for = tuple(sorted(answered & own.keys()))
    if spoken_for:
        unmet += (view.unmet("own_opinion_stands", "heard", OWN, units=spoken_for),)
    bare = tuple(
        opinion.unit
        for opinion in file.opinions
        if not view.tells(opinion.paper) or opinion.paper_dated is None
    )
    if bare:
        unmet += (view.unmet("paper_missing", "heard", units=bare),)
    unheard = _unheard(view, answered | own.keys())
    if unheard:
        unmet += (view.unmet("unit_not_heard", "heard", units=unheard),)
    opposed = tuple(opinion.unit for opinion in file.opinions if opinion.position == "disagrees")
    opposed += _opposed(own)
    if opposed and file.dispute is None:
        unmet += (view.unmet("dispute_missing", "dispute", units=opposed),)
    kept = [
        {**opinion.model_dump(mode="json", exclude_none=True), "on_behalf": True}
        for opinion in file.opinions
    ]
    return Ruling(unmet, extra={"opinions": kept})


def judge_own(view: View, own: OwnOpinion) -> Ruling:
    """Refuse whoever speaks for another unit than his own, and the lead unit."""
    unmet: tuple[Unmet, ...] = ()
    if own.unit not in view.units or own.unit == view.facts.lead_unit:
        unmet += (view.unmet("not_another_unit", "heard", OWN, units=(own.unit,)),)
    elif own.unit not in view.posts(view.actor):
        unmet += (view.unmet("not_own_unit", "heard", OWN, units=(own.unit,)),)
    said = {**own.journal_form(), "given_on": view.today.isoformat()}
    return Ruling(unmet, extra={"opinions": [said]})


def assess(view: View) -> Assessment:
    """Open until every unit which is a co-unit today is heard, and what is disputed is stated."""
    filed = view.facts.last(FILE, step=view.step)
    own = own_words(view.facts, view.step)
    if filed is None and not own:
        return pending(view.unmet("missing"))
    answered = {str(opinion["unit"]) for opinion in filed.items("opinions")} if filed else set()
    found: tuple[Unmet, ...] = ()
    unheard = _unheard(view, answered | own.keys())
    if unheard:
        found += (view.unmet("unit_not_heard", "heard", units=unheard),)
    stated = filed.position if filed is not None and "dispute" in filed.payload else 0
    opposed = _opposed({unit: said for unit, said in own.items() if said.position > stated})
    if opposed:
        found += (view.unmet("dispute_missing", "dispute", units=opposed),)
    if found:
        return underway(*found)
    days = [said.filed_on for said in own.values()]
    return satisfied(max(days if filed is None else [*days, filed.filed_on]))


def calls(facts: Facts, step: Step) -> Iterator[Party]:
    """The units that were heard, be it through the lead unit."""
    for record in facts.of(FILE, OWN):
        if record.step == step.id:
            for opinion in record.items("opinions"):
                yield Party(Side.UNIT, str(opinion["unit"]), Tie.CONSULTED)


def _opposed(own: Mapping[str, Record]) -> tuple[str, ...]:
    return tuple(unit for unit, said in own.items() if said.text("position") == "disagrees")


def _unheard(view: View, answered: set[str]) -> tuple[str, ...]:
    return tuple(unit for unit in view.facts.co_units if unit not in answered)


KIND = Kind(
    name="department_consultation",
    acts={
        FILE: Act(Consultation, judge_consultation),
        OWN: Act(OwnOpinion, judge_own),
    },
    rules={"heard": RuleShape(), "dispute": RuleShape()},
    judge=assess,
    calls=calls,
)
