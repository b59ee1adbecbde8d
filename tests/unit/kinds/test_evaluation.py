"""决策后评估: Order 713 art. 36; schedules are test values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    Matter,
    act,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    payload,
    procedure,
    ready,
)
from workflow.facts import Linked
from workflow.ports import StepState

STEP = "evaluation"


def assessed(assessor: str = "规划建设局会同第三方机构甲") -> Matter:
    return ready().did("file_risk_assessment", assessor=assessor)


def issued(rules: str, **changes: Any) -> Matter:
    matter = ready(rules=procedure(rules)).did("sign_document", by=DIRECTOR)
    return matter.did("issue", by=KEEPER, **changes)


def opened() -> Matter:
    return ready().did("open_evaluation", by=DIRECTOR)


def test_nobody_has_to_evaluate_where_no_schedule_says_so__order_713_art_36() -> None:
    assert assess(STEP, ready()).state is StepState.NOT_REQUIRED


def test_once_opened_it_owes_its_report__order_713_art_36() -> None:
    found = assess(STEP, opened())
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["evaluation.not_reported"])
    assert assess(STEP, opened().did("file_evaluation")).state is StepState.SATISFIED


def test_the_ground_is_one_of_the_order__order_713_art_36() -> None:
    found = judge("open_evaluation", ready(), trigger="curiosity")
    assert codes(found) == ["evaluation.trigger_unknown"]
    assert "below_expectation" in str(only(found).params["triggers"])


@pytest.mark.parametrize(
    "evaluator",
    [
        "第三方机构甲",
        "第三方 机构甲",
        "规划建设局会同第三方机构甲",
        "规划建设局",
        "planning_construction",
    ],
)
def test_the_main_assessor_before_does_not_evaluate_after__order_713_art_36(evaluator: str) -> None:
    found = judge("open_evaluation", assessed(), evaluator=evaluator)
    assert codes(found) == ["evaluation.assessed_before"]
    assert law(only(found)) == ["order_713 36"]


@pytest.mark.parametrize(
    ("before", "evaluator"),
    [
        ("economic_development", "经济发展局（本级）"),
        ("规划建设局", "planning.head"),
        ("planning.head", "规划建设局"),
        ("第三方评估甲股份有限公司", "第三方评估（甲）"),
        ("甲院、乙院和丙院", "丙院"),
        ("评估中心", "评估·中心"),
    ],
)
def test_nor_does_it_under_another_writing__order_713_art_36(before: str, evaluator: str) -> None:
    found = judge("open_evaluation", assessed(before), evaluator=evaluator)
    assert codes(found) == ["evaluation.assessed_before"]


@pytest.mark.parametrize(
    ("before", "evaluator"),
    [("评估中心", "河南大学高校评估中心"), ("甲", "甲乙院"), ("公司", "集团"), ("。", "、")],
)
def test_another_party_of_a_like_name_may__order_713_art_36(before: str, evaluator: str) -> None:
    assert codes(judge("open_evaluation", assessed(before), evaluator=evaluator)) == []


@pytest.mark.parametrize("evaluator", ["设计院", "expert.water", "成本调查机构"])
def test_experts_their_employers_and_authors_of_reports_do_not_either__order_713_art_36(
    evaluator: str,
) -> None:
    matter = ready().did("choose_experts").did("declare_interest").did("file_evidence")
    found = judge("open_evaluation", matter, evaluator=evaluator)
    assert codes(found) == ["evaluation.assessed_before"]
    assert codes(judge("open_evaluation", matter, evaluator="expert.operator")) == []


def test_one_who_is_known_by_more_than_the_name_on_file_does_not_either__order_713_art_36() -> None:
    found = judge("open_evaluation", assessed("ACME"), evaluator="Acme Ltd")
    assert codes(found) == ["evaluation.assessed_before"]


def test_an_assessment_made_under_other_rules_counts_too__order_713_art_36() -> None:
    matter = ready().did("reuse_risk_assessment", assessor="第三方机构丁")
    found = judge("open_evaluation", matter, evaluator="第三方机构丁")
    assert codes(found) == ["evaluation.assessed_before"]


@pytest.mark.parametrize("evaluator", ["第三方机构乙", "finance"])
def test_anybody_else_may__order_713_art_36(evaluator: str) -> None:
    assert codes(judge("open_evaluation", assessed(), evaluator=evaluator)) == []


def test_a_report_is_of_an_evaluation_that_is_open_and_not_ahead__order_713_art_36() -> None:
    assert codes(judge("file_evaluation", ready())) == ["evaluation.not_opened"]
    again = opened().did("file_evaluation")
    assert codes(judge("file_evaluation", again)) == ["evaluation.not_opened"]
    found = judge("file_evaluation", opened(), done_on="2026-09-02")
    assert codes(found) == ["record.future_day"]
    later = ready().did("open_evaluation", "2026-09-10")
    found = judge("file_evaluation", later, "2026-09-15", done_on="2026-09-09")
    assert codes(found) == ["record.past_day"]


class TestAdvice:
    """The result guides whether the decision is adjusted (art. 36)."""

    def matter(self, advice: str = "adjust") -> Matter:
        return opened().did("file_evaluation", recommendation=advice)

    def test_advice_to_adjust_or_end_waits_for_an_answer__order_713_art_36(self) -> None:
        for advice in ("adjust", "terminate"):
            found = assess(STEP, self.matter(advice))
            assert codes(found) == ["evaluation.unanswered"]
            assert law(only(found)) == ["order_713 36"]
        assert codes(judge("answer_evaluation", self.matter())) == []
        answered = self.matter().did("answer_evaluation", by=DIRECTOR)
        assert assess(STEP, answered).state is StepState.SATISFIED
        assert codes(judge("answer_evaluation", answered)) == ["evaluation.nothing_advised"]
        assert codes(judge("answer_evaluation", opened())) == ["evaluation.nothing_advised"]
        again = answered.did("open_evaluation").did("file_evaluation", recommendation="adjust")
        assert codes(assess(STEP, again)) == ["evaluation.unanswered"]

    def test_it_is_answered_by_what_adjusts_or_ends_the_decision__order_713_art_37(self) -> None:
        assert assess(STEP, self.matter().did("record_adjustment")).state is StepState.SATISFIED

    @pytest.mark.parametrize(
        ("adjusts", "given_up", "fits"),
        [("2026-1", False, True), ("2026-1", True, False), ("2026-9", False, False)],
    )
    def test_another_matter_that_is_named_is_about_it__order_713_art_36(
        self, adjusts: str, given_up: bool, fits: bool
    ) -> None:
        matter = self.matter()
        linked = Linked("2026-2", "调整", "drafting", adjusts, issued=False, given_up=given_up)
        matter.linked = {"2026-2": linked}
        given = payload("answer_evaluation", by="2026-2")
        assert given.named_matters() == ("2026-2",)
        found = act("answer_evaluation").judge(matter.view(matter.rules.steps[STEP]), given)
        assert codes(found) == ([] if fits else ["evaluation.not_about_this"])
        matter.linked = {}
        found = act("answer_evaluation").judge(matter.view(matter.rules.steps[STEP]), given)
        assert codes(found) == ["evaluation.not_about_this"]
        assert payload("answer_evaluation").named_matters() == ()


class TestSchedule:
    """A locality may ask for it within a time from the issue (Guangxi type, test values)."""

    def matter(self) -> Matter:
        return ready(rules=procedure("guangxi_type"))

    def test_before_the_issue_the_day_is_open(self) -> None:
        found = assess(STEP, self.matter())
        assert (found.state, codes(found)) == (StepState.PENDING, ["evaluation.scheduled"])
        assert only(found).params["due_on"] is None

    def test_it_is_due_within_two_years_of_the_issue__guangxi_type(self) -> None:
        issued = self.matter().did("sign_document", by=DIRECTOR).did("issue", by=KEEPER)
        assert only(assess(STEP, issued)).params["due_on"] == day("2028-09-01")
        assert law(only(assess(STEP, issued))) == ["order_713 36", "guangxi_type_rules"]
        other = issued.did("open_evaluation", by=DIRECTOR).did("file_evaluation")
        assert codes(assess(STEP, other)) == ["evaluation.scheduled"]
        done = other.did("open_evaluation", trigger="schedule").did("file_evaluation")
        assert assess(STEP, done).state is StepState.SATISFIED

    def test_its_last_day_beyond_the_calendar_is_provisional__guangxi_type(self) -> None:
        assert only(assess(STEP, issued("guangxi_type"))).provisional

    def test_where_the_decision_runs_out_sooner_it_is_due_after_that__guangxi_type(self) -> None:
        sooner = issued("guangxi_type", expires_on="2027-03-01")
        assert only(assess(STEP, sooner)).params["due_on"] == day("2027-09-01")
        early = judge("open_evaluation", sooner, "2027-02-26", trigger="schedule")
        assert codes(early) == ["evaluation.too_early"]
        later = issued("guangxi_type", expires_on="2029-03-01")
        assert only(assess(STEP, later)).params["due_on"] == day("2028-09-01")

    def test_it_is_not_opened_within_a_year__shenyang_type(self) -> None:
        matter = issued("shenyang_type")
        found = judge("open_evaluation", matter, "2027-08-31", trigger="schedule")
        assert codes(found) == ["evaluation.too_early"]
        assert only(found).earliest == day("2027-09-01")
        assert codes(judge("open_evaluation", matter, "2027-08-31")) == []
        assert codes(judge("open_evaluation", matter, "2027-09-01", trigger="schedule")) == []

    def test_who_is_late_says_why__shenyang_type(self) -> None:
        matter = issued("shenyang_type").did("open_evaluation", "2028-02-01", trigger="schedule")
        late: dict[str, Any] = {"on": "2028-03-02", "done_on": "2028-03-01"}
        found = judge("file_evaluation", matter, **late, reason_for_delay="无")
        assert codes(found) == ["evaluation.late_without_reason"]
        told = judge("file_evaluation", matter, **late, reason_for_delay="问卷回收延期")
        assert (codes(told), told.extra) == ([], {"overdue": "schedule"})
        in_time = judge("file_evaluation", matter, "2028-02-02", done_on="2028-02-02")
        assert (codes(in_time), in_time.extra) == ([], {})

    def test_half_yearly_then_yearly_then_two_yearly__half_yearly_type(self) -> None:
        matter = issued("half_yearly_type")
        assert only(assess(STEP, matter)).params["due_on"] == day("2027-03-01")
        for done, due in (("2027-03-01", "2028-03-01"), ("2028-03-01", "2030-03-01")):
            matter.did("open_evaluation", done, trigger="schedule")
            matter.did("file_evaluation", done, done_on=done)
            assert assess(STEP, matter, due).state is StepState.SATISFIED
        assert codes(assess(STEP, matter, "2030-03-04")) == ["evaluation.scheduled"]

    def test_the_schedule_is_no_ground_where_there_is_none__order_713_art_36(self) -> None:
        found = judge("open_evaluation", ready(), trigger="schedule")
        assert codes(found) == ["evaluation.trigger_unknown"]
