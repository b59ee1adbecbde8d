"""From a scene to a decision: who, pause, stage, rules, machine, with every reason collected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    EXPERT,
    HEAD,
    KEEPER,
    NO_STEP,
    OTHER_EXPERT,
    TODAY,
    Matter,
    codes,
    day,
    give,
    meeting,
    only,
    payload,
    procedure,
    ready,
    scene,
    specs,
    unmets,
)
from workflow.commands import CORE
from workflow.decisions.decide import HANDLERS, decide
from workflow.decisions.scene import Actor, ForgetSenders, TakeIn, TakeNumber, refused
from workflow.directory import Mandate
from workflow.submissions import Waiting


def test_every_command_of_the_lifecycle_has_its_handler() -> None:
    assert set(HANDLERS) == set(CORE)


def test_an_accepted_act_moves_the_matter_and_keeps_its_payload() -> None:
    verdict = give("file_research", CLERK, Matter())
    assert (verdict.stage, verdict.decision.outcome) == ("drafting", "")
    assert verdict.decision.record == payload("file_research").journal_form()
    assert verdict.step is procedure().steps["research"]


def test_what_the_kind_adds_is_kept_with_the_payload() -> None:
    matter = ready(stage="under_review").did("record_counsel_opinion", by=COUNSEL)
    matter.did("accept_papers", by="legal.reviewer.1")
    verdict = give("give_review_verdict", "legal.reviewer.1", matter, "2026-09-10")
    assert verdict.decision.record is not None
    assert verdict.decision.record["passed"] is True
    assert verdict.stage == "review_passed"


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [("proposed", "drafting"), ("tabled", "drafting"), ("withdrawn", "drafting")],
)
def test_in_the_wrong_stage_the_right_ones_are_named(stage: str, allowed: str) -> None:
    unmet = only(give("revise_draft", CLERK, Matter(stage=stage)))
    assert unmet.code == "stage.not_allowed"
    assert unmet.params["stage"] == procedure().stages[stage].name
    told = unmet.params["allowed"]
    assert isinstance(told, tuple)
    assert told[0] == procedure().stages[allowed].name


def test_what_the_stage_knows_the_command_for_otherwise_is_refused() -> None:
    matter = Matter(stage="amending").drafted()
    unmet = only(give("revise_draft", CLERK, matter, text="改标点", nature="editorial"))
    assert unmet.code == "stage.not_allowed"
    told = unmet.params["allowed"]
    assert isinstance(told, tuple)
    assert procedure().stages["returned"].name in told
    assert procedure().stages["amending"].name not in told


def test_who_and_where_are_told_together() -> None:
    matter = Matter(stage="tabled").drafted(authors=["legal.reviewer.1"])
    found = give("give_review_verdict", "legal.reviewer.1", matter)
    assert codes(found) == ["review.drafter_reviews", "stage.not_allowed"]


def test_a_pause_is_told_with_the_rest() -> None:
    matter = Matter(paused_since=day("2026-08-28"))
    found = give("file_research", CLERK, matter, done_on="2026-09-02")
    assert codes(found) == ["matter.paused", "record.future_day"]


def test_a_submission_tells_all_that_the_review_waits_for__order_713_art_26_1() -> None:
    matter = Matter(answers={**NO_STEP, "technical": True}).did("study").did("classify")
    found = give("submit_for_review", CLERK, matter, papers=["draft"])
    assert codes(found) == [
        "research.report_missing",
        "research.legal_basis_missing",
        "expert_argument.not_chosen",
        "adoption.missing",
        "legality_review.papers_missing",
        "legality_review.no_draft",
    ]


def test_a_gated_act_tells_its_reasons_even_in_the_wrong_stage() -> None:
    matter = Matter(stage="started")
    assert "stage.not_allowed" not in codes(give("submit_for_review", CLERK, matter))
    assert codes(give("submit_for_review", CLERK, ready(stage="started"))) == ["stage.not_allowed"]


def test_a_step_before_its_turn_is_out_of_order() -> None:
    matter = Matter(answers={**NO_STEP, "confidential_by_law": False}).drafted()
    matter.did("file_participation_plan")
    assert codes(give("publish_open_call", CLERK, matter, "2026-09-05")) == ["step.out_of_order"]


def test_what_is_wrong_with_a_paper_can_be_put_right_today() -> None:
    unmet = only(give("study", CLERK, Matter(stage="proposed"), outline=None))
    assert unmet.earliest == day(TODAY)


def test_a_paper_whose_step_must_wait_can_be_put_right_then() -> None:
    """The call of 5 September may close on 9 October; only then is the review's turn."""
    matter = ready(answers={**NO_STEP, "confidential_by_law": False})
    found = give("submit_for_review", CLERK, matter, "2026-09-05", papers=["draft"])
    call, _, _, papers = unmets(found)
    assert (call.code, call.earliest) == ("open_call.not_published", day("2026-10-09"))
    assert (papers.code, papers.earliest, papers.provisional) == (
        "legality_review.papers_missing",
        day("2026-10-09"),
        False,
    )


def test_such_a_day_is_provisional_where_any_step_before_it_is() -> None:
    """The call runs into a year without a notice; the research, which is done, does not."""
    matter = ready(answers={**NO_STEP, "confidential_by_law": False})
    *_, papers = unmets(give("submit_for_review", CLERK, matter, "2026-12-21", papers=["draft"]))
    assert papers.provisional


def test_an_expert_under_a_mandate_does_not_act_in_person() -> None:
    matter = ready(stage="drafting").did("choose_experts").did("declare_interest", by=EXPERT)
    lent = Mandate(1, OTHER_EXPERT, EXPERT, frozenset(), day(TODAY), day(TODAY), None)
    found = give("file_expert_opinion", EXPERT, matter, mandate=lent)
    assert codes(found) == ["expert_argument.not_in_person"]


def test_only_those_who_could_declare_can_be_chosen() -> None:
    strangers = [{"expert": HEAD, "field": "给排水", "employer": "规划建设局"}]
    found = give("choose_experts", CLERK, ready(), experts=strangers)
    assert codes(found) == [
        "expert_argument.not_in_pool",
        "expert_argument.holds_post",
        "expert_argument.employer_concerned",
    ]


def test_of_a_secret_matter_nothing_is_said_but_where_it_is__secrets_law_art_31() -> None:
    matter = Matter(stage="off_system", title="", answers={})
    for command in ("propose_agenda_item", "start"):
        actor = CLERK if command == "propose_agenda_item" else DIRECTOR
        found = give(command, actor, matter, at=meeting())
        assert codes(found) == ["stage.not_allowed"]


def test_a_later_day_that_the_step_tells_stays() -> None:
    matter = ready(stage="under_review").did("record_counsel_opinion", by=COUNSEL)
    matter.did("accept_papers", "2026-09-01")
    unmet = only(give("give_review_verdict", "legal.reviewer.1", matter, "2026-09-02"))
    assert unmet.earliest == day("2026-09-10")


def test_what_nobody_in_particular_can_cure_has_no_day() -> None:
    unmet = only(give("study", CLERK, Matter(stage="proposed"), done_on="2026-09-02"))
    assert (unmet.code, unmet.earliest) == ("record.future_day", None)


def test_a_command_without_a_matter_leaves_every_stage_alone() -> None:
    assert give("convene_meeting", "office.keeper").stage is None


def test_an_issue_takes_the_next_number_of_its_series_and_year__document_format() -> None:
    matter = ready(stage="decided").passed()
    for body in ("party_group", "executive_meeting"):
        matter.filed("conclude_item", {"conclusion": "adopted", "body": body, "meeting": body})
    for act in ("submit_request", "record_reply", "sign_document"):
        matter.did(act, "2026-11-09")
    verdict = give("issue", KEEPER, matter, "2026-11-10")
    assert codes(verdict) == []
    assert verdict.decision.effects == (TakeNumber("济高管", 2026),)


def test_what_the_public_sent_in_is_numbered_as_it_is_taken_in__order_713_art_18() -> None:
    matter = ready(answers={**Matter().answers, "direct_interests": True}, stage="drafting")
    matter.did("publish_open_call")
    place = scene(CLERK, matter, TODAY, command="take_in_opinions")
    sent_in = (Waiting(7, "a"), Waiting(8, "b"), Waiting(9, "a"))
    spec = specs()["take_in_opinions"]
    verdict = decide(replace(place, waiting=sent_in), spec, payload("take_in_opinions"))
    assert codes(verdict) == []
    assert [type(each) for each in verdict.decision.effects] == [TakeIn]
    (taken,) = verdict.decision.effects
    assert isinstance(taken, TakeIn)
    assert taken.numbers == ((7, 1), (8, 2), (9, 1))


def test_who_sent_opinions_in_goes_with_the_archive__personal_information_19() -> None:
    matter = Matter(stage="withdrawn")
    matter.did("publish_open_call")
    place = scene(KEEPER, matter, TODAY, command="archive_ended")
    papers = [{"paper": "ending", "title": "撤回", "step": "open_call"}]
    given = payload("archive_ended", papers=papers)
    verdict = decide(place, specs()["archive_ended"], given)
    assert (codes(verdict), verdict.decision.effects) == ([], (ForgetSenders(),))


@pytest.mark.parametrize("reasons", ["无", " 同上。", "略 略"])
def test_reasons_that_are_owed_and_say_nothing_are_none(reasons: str) -> None:
    unmet = only(give("withdraw", HEAD, Matter(), reasons=reasons))
    assert unmet.code == "record.says_nothing"
    assert [each.role for each in unmet.cured_by] == ["head", "head"]
    assert unmet.earliest == day(TODAY)


def test_what_is_on_an_agenda_is_not_classified_anew__order_713_art_25_2() -> None:
    """It was cleared under the answers that it has."""
    matter = Matter(stage="drafting").did("study").drafted()
    corrected = {"technical": True}
    assert codes(give("classify", KEEPER, matter, answers=corrected)) == []
    matter.listed()
    assert codes(give("classify", KEEPER, matter, answers=corrected)) == ["stage.not_allowed"]


class TestScenes:
    def test_the_act_of_a_step_needs_its_step(self) -> None:
        place = replace(scene(CLERK, Matter()), step=None)
        with pytest.raises(TypeError, match="belongs to a step"):
            decide(place, specs()["file_research"], payload("file_research"))

    def test_a_matter_is_there_or_the_question_is_wrong(self) -> None:
        assert scene(CLERK, Matter()).matter.number == "2026-1"
        with pytest.raises(TypeError, match="not about a matter"):
            _ = scene(CLERK).matter

    def test_the_unit_is_known_once_somebody_is_authorised(self) -> None:
        place = scene(CLERK, Matter())
        with pytest.raises(TypeError, match="nobody has been authorised"):
            _ = place.unit
        assert replace(place, held=place.actor.appointments[0]).unit == "planning_construction"

    def test_agent_and_principal_are_the_persons_of_an_act(self) -> None:
        lent = Mandate(1, DIRECTOR, HEAD, frozenset(), day(TODAY), day(TODAY), None)
        assert Actor(HEAD, ()).persons == (HEAD,)
        assert Actor(HEAD, (), lent).persons == (HEAD, DIRECTOR)

    def test_a_rule_is_its_own_code_with_its_law(self) -> None:
        unmet = scene(CLERK).rule("agenda.frozen", meeting="x")
        assert (unmet.code, unmet.params) == ("agenda.frozen", {"meeting": "x"})
        assert unmet.citations == procedure().rules["agenda.frozen"].citations

    def test_a_refusal_has_reasons_and_no_effects(self) -> None:
        decision = refused(scene(CLERK).rule("agenda.not_listed"))
        assert (len(decision.unmet), decision.effects, decision.record) == (1, (), None)


def test_a_decision_is_carried_out_only_where_somebody_can_complete_it__order_713_art_34() -> None:
    matter = ready(stage="issued").did("sign_document", by=DIRECTOR).did("issue", by=KEEPER)
    found = give("assign_execution", DIRECTOR, matter, units=["expert_pool"])
    assert [unmet.step for unmet in found.decision.unmet] == ["execution"]
    assert codes(give("assign_execution", DIRECTOR, matter, units=["finance"])) == []
