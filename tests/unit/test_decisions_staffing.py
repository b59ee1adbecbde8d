"""Staffing warns at once: whatever leaves nobody who may do what a matter still needs says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    EXPERT,
    KEEPER,
    LEGAL_HEAD,
    LONG_AGO,
    OTHER_EXPERT,
    OTHER_REVIEWER,
    REVIEWER,
    TODAY,
    Matter,
    codes,
    day,
    directory,
    give,
    judge,
    lens,
    ready,
    scene,
)
from workflow.decisions.decide import Verdict
from workflow.decisions.scene import Decision, Open
from workflow.decisions.staffing import first_without, left_by_act, left_without
from workflow.definition import Separation
from workflow.directory import Appointment, Directory
from workflow.refusals import Unmet
from workflow.retainers import NO_RETAINERS

JUDGING = ("give_review_verdict", "confirm_changes", "recheck_text")
THREE = [
    {"expert": each, "field": "给排水", "employer": employer}
    for each, employer in ((EXPERT, "设计院"), (OTHER_EXPERT, "大学"), ("expert.law", "法学会"))
]


def only_reviewer(person: str, unit: str, role: str, *more: Appointment) -> Directory:
    """An office in which one person reviews, who holds another post besides."""
    others = {REVIEWER, OTHER_REVIEWER, LEGAL_HEAD}
    people = tuple(each for each in directory().appointments if each.person not in others)
    posts = (
        Appointment(person, "legal_office", "reviewer", LONG_AGO, None),
        Appointment(person, unit, role, LONG_AGO, None),
    )
    return replace(directory(), appointments=(*people, *posts, *more))


def told(found: Verdict) -> dict[str, object]:
    """What a command that is done warns of."""
    assert codes(found) == []
    return {each.code: each.params["act"] for each in found.decision.warnings}


def test_proposing_by_the_only_reviewer_leaves_nobody_to_review() -> None:
    people = only_reviewer(REVIEWER, "finance", "head")
    answers = ready().answers
    found = told(give("propose", REVIEWER, people=people, answers=answers))
    assert found == {"staffing.left_by_act": JUDGING}
    assert told(give("propose", CLERK, people=people, answers=answers)) == {}


def test_what_is_classified_by_the_only_reviewer_is_not_reviewed() -> None:
    people = only_reviewer(REVIEWER, "general_office", "keeper")
    matter = Matter(stage="proposed", people=people).did("study")
    assert told(give("classify", REVIEWER, matter, people=people)) == {
        "staffing.left_by_act": JUDGING
    }
    assert told(give("classify", KEEPER, matter, people=people)) == {}


def test_the_only_reviewer_does_not_choose_the_experts_unwarned() -> None:
    people = only_reviewer(REVIEWER, "planning_construction", "clerk")
    # The post in the lead unit bars him already: what could not be done before is not owed to this.
    matter = ready(stage="drafting", people=people, answers={**ready().answers, "technical": True})
    found = told(give("choose_experts", REVIEWER, matter, people=people, experts=THREE))
    assert found == {}


def test_experts_who_are_the_only_counsel_are_named_before_they_sign() -> None:
    apart = Separation("record_counsel_opinion", ("file_expert_opinion",), "review.side_counsels")
    assert any(
        set(apart.others) <= set(each.others)
        for each in ready().rules.separations
        if each.act == apart.act
    )
    counsel = Appointment("expert.law", "law_firm", "counsel", LONG_AGO, None)
    others = tuple(each for each in directory().appointments if each.role != "counsel")
    first = directory().retainers.all[0]
    held = replace(directory().retainers, all=(replace(first, lawyers=("expert.law",)),))
    people = replace(directory(), appointments=(*others, counsel), retainers=held)
    matter = ready(stage="drafting", people=people, answers={**ready().answers, "technical": True})
    found = told(give("choose_experts", CLERK, matter, people=people, experts=THREE))
    assert found == {"staffing.left_by_act": ("record_counsel_opinion",)}


def test_a_lead_unit_is_named_though_nobody_is_retained_and_that_is_said() -> None:
    people = replace(directory(), retainers=NO_RETAINERS)
    matter = ready(stage="started", people=people)
    assert told(give("assign", DIRECTOR, matter, people=people)) == {
        "staffing.nobody_retained": ("record_counsel_opinion",)
    }
    assert told(give("assign", DIRECTOR, ready(stage="started"))) == {}


def test_what_is_done_already_is_not_missed() -> None:
    """Once the review has passed, its acts are owed to nobody any more."""
    people = only_reviewer(REVIEWER, "finance", "head")
    for matter, missed in ((ready(people=people), 1), (ready(people=people).passed(), 0)):
        place = scene(REVIEWER, matter, people=people)
        found = left_by_act(place, "file_research", Decision(), "under_review")
        assert len(found) == missed


def asked(**answers: object) -> Matter:
    """A matter of which three experts are asked, and none of them has said anything."""
    given = {**ready().answers, "technical": True, **answers}
    return ready(stage="drafting", answers=given).did("choose_experts", experts=THREE)


def fallen(warnings: tuple[Unmet, ...]) -> list[tuple[object, object]]:
    """Who was named and cannot act any more, and for what."""
    return [
        (each.params["people"], each.params["act"])
        for each in warnings
        if each.code == "staffing.named_falls_out"
    ]


def gone(matter: Matter, person: str, unit: str, role: str) -> list[tuple[object, object]]:
    """What is said at once when this person's appointment ends."""
    held = next(
        each
        for each in directory().appointments
        if (each.person, each.unit, each.role) == (person, unit, role)
    )
    open_ = Open(lens(), matter.facts)
    where = replace(scene(DIRECTOR, command="end_appointment"), concerned=lambda _: (open_,))
    after, last = directory().without(held, day(TODAY)), day(TODAY)
    return fallen(left_without(where, after, first_without(held, last), {role}))


def test_an_expert_who_was_asked_is_named_when_the_appointment_ends() -> None:
    post = (EXPERT, "expert_pool", "expert")
    assert gone(asked(), *post) == [((EXPERT,), ("file_expert_opinion",))]
    assert gone(asked().did("file_expert_opinion", expert=EXPERT), *post) == []
    assert gone(asked().did("release_expert", expert=EXPERT), *post) == []
    assert gone(ready(), *post) == []


def test_an_expert_who_was_asked_is_named_when_a_side_takes_him_in() -> None:
    change: dict[str, Any] = {"authors": [CLERK, EXPERT], "nature": "substantive"}
    found = give("revise_draft", CLERK, asked(), text="另一稿", **change)
    assert codes(found) == []
    assert fallen(found.decision.warnings) == [((EXPERT,), ("file_expert_opinion",))]
    new = Appointment(EXPERT, "planning_construction", "clerk", LONG_AGO, None)
    open_ = Open(lens(), asked().facts)
    where = replace(scene(DIRECTOR, command="appoint"), concerned=lambda _: (open_,))
    found_then = left_without(where, directory().with_(new), day(TODAY), {"expert"})
    assert fallen(found_then) == [((EXPERT,), ("file_expert_opinion",))]


def test_who_was_named_to_evaluate_is_named_when_no_post_is_left() -> None:
    opened = ready(stage="executing").did("open_evaluation", evaluator=REVIEWER)
    post = (REVIEWER, "legal_office", "reviewer")
    assert gone(opened, *post) == [((REVIEWER,), ("file_evaluation",))]
    assert gone(opened.did("file_evaluation"), *post) == []
    elsewhere = ready(stage="executing").did("open_evaluation", evaluator="第三方机构甲")
    assert gone(elsewhere, *post) == []


def test_the_only_reviewer_is_not_named_as_assessor_unwarned() -> None:
    people = only_reviewer(REVIEWER, "finance", "clerk")
    given = {**ready().answers, "technical": True}
    matter = ready(stage="drafting", people=people, answers=given)
    for assessor, missed in ((REVIEWER, JUDGING), ("第三方机构甲", None)):
        found = give("file_risk_assessment", CLERK, matter, people=people, assessor=assessor)
        told_of = {each.code: each.params["act"] for each in found.decision.warnings}
        assert told_of.get("staffing.left_by_act") == missed
    facts = matter.did("file_risk_assessment", assessor=REVIEWER).facts
    assert REVIEWER in facts.doers("file_risk_assessment")


def test_too_few_experts_left_are_told_at_once() -> None:
    found = judge("declare_interest", asked(), by=EXPERT, expert=EXPERT, direct_interest=True)
    assert [each.code for each in found.warnings] == ["expert_argument.too_few_left"]
    found = judge("declare_interest", asked(), by=EXPERT, expert=EXPERT)
    assert found.warnings == ()
