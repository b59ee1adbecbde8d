"""Which differences between two definitions mean that less is asked for."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.looser import Looser
from workflow.calendar import Unit
from workflow.definition import (
    Bound,
    Citation,
    Condition,
    Floor,
    Gate,
    Holder,
    Lapse,
    Procedure,
    Rule,
    Waivable,
)
from workflow.difference import compare

BASE = shipped().get("jiyuan_htz")
DEPUTY = Holder("deputy", "decision_body")
DIRECTOR = Holder("director", "decision_body")


def without(mapping: Any, name: str) -> Any:
    return {key: each for key, each in mapping.items() if key != name}


def stepped(name: str, **changes: Any) -> Procedure:
    return replace(BASE, steps={**BASE.steps, name: replace(BASE.steps[name], **changes)})


def ruled(step: str, name: str, **changes: Any) -> Procedure:
    rules = BASE.steps[step].rules
    return stepped(step, rules={**rules, name: replace(rules[name], **changes)})


def acted(step: str, act: str, *holders: Holder) -> Procedure:
    return stepped(step, acts={**BASE.steps[step].acts, act: holders})


def general(name: str, **changes: Any) -> Procedure:
    return replace(BASE, rules={**BASE.rules, name: replace(BASE.rules[name], **changes)})


def separated(**changes: Any) -> Procedure:
    first, *rest = BASE.separations
    return replace(BASE, separations=(replace(first, **changes), *rest))


WAIVED = Waivable((DIRECTOR,), (DIRECTOR, DEPUTY), (Citation("order_713", "14.1"),))
PERIOD = BASE.steps["open_call"].rules["period"]
SHARE = Rule("attendance", PERIOD.citations, share=Fraction(1, 2))
LESS: list[Procedure] = [
    ruled("open_call", "period", value=20),
    ruled("open_call", "period", unit=Unit.WORKING_DAYS),
    ruled("open_call", "period", bound=Bound.MAXIMUM),
    ruled("hearing", "papers_before", counting="reverse_days"),
    ruled("hearing", "papers_before", floor=Floor.SOFT),
    ruled("legality_review", "review_time", paused=False),
    ruled("legality_review", "review_time", override=(DEPUTY,)),
    ruled("legality_review", "verdicts", choices=("lawful", "unlawful")),
    ruled("hearing", "order", choices=("debate", "presentation")),
    general("agenda.notice", value=1),
    stepped("open_call", rules=without(BASE.steps["open_call"].rules, "mandatory")),
    stepped("expert_argument", required_when=Condition("never")),
    stepped("hearing", after=()),
    stepped("research", before=Gate.AGENDA),
    stepped("research", before=None),
    stepped("fair_competition", lapses_on=Lapse.NEVER),
    stepped("open_call", waivable=WAIVED),
    stepped("research", kind="declared"),
    acted("legality_review", "give_review_verdict", DEPUTY),
    acted("budget", "confirm_budget_line", Holder("clerk", "lead_unit")),
    replace(BASE, steps=without(BASE.steps, "hearing")),
    replace(BASE, permissions={**BASE.permissions, "start": (DIRECTOR, DEPUTY)}),
    replace(BASE, separations=BASE.separations[1:]),
    separated(others=()),
    separated(units=()),
    replace(BASE, denials=BASE.denials[1:]),
    replace(BASE, deciders={}),
    replace(BASE, deciders={**BASE.deciders, "zone": "finance"}),
]
NOT_LESS: list[Procedure] = [
    ruled("open_call", "period", value=31),
    ruled("open_call", "period", floor=Floor.HARD),
    ruled("hearing", "order", choices=(*BASE.steps["hearing"].rules["order"].choices, "tea")),
    stepped("hearing", rules={**BASE.steps["hearing"].rules, "attendance": SHARE}),
    stepped("expert_argument", required_when=Condition("always")),
    stepped("open_call", waivable=None),
    stepped("open_call", citations=(Citation("order_713", "14"),)),
    acted("research", "file_research", DEPUTY),
    acted("budget", "confirm_budget_line", DEPUTY),
    replace(BASE, permissions=without(BASE.permissions, "start")),
    replace(BASE, permissions={**BASE.permissions, "convene_meeting": (DEPUTY,)}),
    replace(BASE, deciders={**BASE.deciders, "zone": "superior_decision_body"}),
    replace(BASE, questions=without(BASE.questions, "category")),
]


def verdicts(after: Procedure) -> set[bool]:
    looser = Looser(BASE, after, KINDS, shipped().counting)
    return {looser.is_looser(each) for each in compare(BASE, after)}


@pytest.mark.parametrize("after", LESS, ids=range(len(LESS)))
def test_less_is_looser(after: Procedure) -> None:
    assert True in verdicts(after)


@pytest.mark.parametrize("after", NOT_LESS, ids=range(len(NOT_LESS)))
def test_more_or_another_name_is_not(after: Procedure) -> None:
    assert verdicts(after) == {False}


def test_a_step_of_a_kind_that_is_not_known_is_weighed_too() -> None:
    after = ruled("open_call", "period", value=20)
    (difference,) = compare(BASE, after)
    assert Looser(BASE, after, {}, shipped().counting).is_looser(difference)
