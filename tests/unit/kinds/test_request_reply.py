"""请示和批复 before issue: Order 713 art. 31 and the Regulations on Requests and Reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    KEEPER,
    TODAY,
    Matter,
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
from workflow.facts import Record
from workflow.ports import StepState

STEP = "party_committee_request"


def decided(on: str = TODAY, conclusion: str = "adopted") -> Matter:
    matter = ready()
    matter.did("sign_document", on)
    last: Record = matter.records[-1]
    concluded = {"conclusion": conclusion, "body": "party_group"}
    matter.records = (
        *matter.records[:-1],
        replace(last, command="conclude_item", step=None, payload=concluded),
    )
    return matter


def replied(result: str) -> Matter:
    return decided().did("submit_request", by=KEEPER).did("record_reply", by=KEEPER, result=result)


def test_without_a_request_nothing_is_issued__order_713_art_31() -> None:
    found = assess(STEP, decided())
    assert (found.state, codes(found)) == (StepState.PENDING, ["request_reply.not_requested"])
    assert law(only(found))[0] == "order_713 31"


def test_a_request_waits_for_its_reply__order_713_art_31() -> None:
    found = assess(STEP, decided().did("submit_request"))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["request_reply.awaiting_reply"])


@pytest.mark.parametrize("result", ["changes_required", "refused"])
def test_only_a_reply_that_approves_is_enough__order_713_art_31(result: str) -> None:
    assert codes(assess(STEP, replied(result))) == ["request_reply.not_approved"]
    assert assess(STEP, replied("approved")).state is StepState.SATISFIED


def test_what_was_approved_is_this_text_and_no_other__order_713_art_31() -> None:
    matter = replied("approved").drafted("第二稿", "as_decided")
    assert codes(assess(STEP, matter)) == ["request_reply.not_requested"]


@pytest.mark.parametrize(
    ("act", "step", "code"),
    [
        ("submit_request", STEP, "request_reply.not_requested"),
        ("sign_document", "issuance", "issuance.not_signed"),
        ("file_report", "congress_report", "reporting.missing"),
    ],
)
def test_what_is_decided_anew_is_signed_asked_and_told_of_anew__order_713_art_31(
    act: str, step: str, code: str
) -> None:
    matter = replied("approved") if step == STEP else decided().did(act)
    matter.answers = {**matter.answers, "people_congress": "report"}
    assert code not in codes(assess(step, matter))
    matter.filed("conclude_item", {"conclusion": "adopted", "body": "party_group"})
    assert code in codes(assess(step, matter))


def test_one_matter_in_one_paper_level_by_level__requests_and_reports() -> None:
    found = judge("submit_request", decided(), one_matter=False, bypasses_level=True)
    assert codes(found) == ["request_reply.several_matters", "request_reply.level_bypassed"]
    found = judge("submit_request", decided(), bypasses_level=True, reason_for_bypassing="无")
    assert codes(found) == ["request_reply.level_bypassed"]
    reason = "上级要求直接报送"
    found = judge("submit_request", decided(), bypasses_level=True, reason_for_bypassing=reason)
    assert codes(found) == []


def test_a_request_is_made_after_the_decision_and_not_ahead__order_713_art_31() -> None:
    found = judge("submit_request", decided(), submitted_on="2026-08-31")
    assert codes(found) == ["request_reply.before_decision"]
    assert only(found).params["decided_on"] == day(TODAY)
    assert codes(judge("submit_request", decided(), submitted_on="2026-09-02")) == [
        "record.future_day"
    ]
    assert codes(judge("submit_request", decided())) == []


def test_a_conclusion_that_does_not_adopt_sets_no_day() -> None:
    matter = decided(conclusion="deferred")
    assert codes(judge("submit_request", matter, submitted_on="2026-08-31")) == []


def test_a_reply_answers_a_request_and_is_not_older__order_713_art_31() -> None:
    assert codes(judge("record_reply", decided())) == ["request_reply.nothing_asked"]
    asked = decided().did("submit_request")
    found = judge("record_reply", asked, replied_on="2026-08-31")
    assert codes(found) == ["request_reply.reply_before_request"]
    assert judge("record_reply", asked, result="refused").outcome == "refused"


def test_one_paper_is_about_one_matter__requests_and_reports() -> None:
    used = replace(decided().did("submit_request"), paper_of="2026-9")
    found = judge("submit_request", used)
    assert codes(found) == ["request_reply.number_used"]
    assert (only(found).params, law(only(found))) == ({"matter": "2026-9"}, ["reporting"])
    assert codes(judge("record_reply", used)) == ["request_reply.number_used"]
    assert codes(judge("file_report", used)) == ["reporting.number_used"]


def test_a_number_is_one_however_it_is_spaced() -> None:
    keys = [
        payload(act, number=number).paper_key()
        for act in ("submit_request", "file_report")
        for number in ("济高管〔2026〕请1号", "济高管[2026] 请1号")
    ]
    assert len(set(keys)) == 1
    assert payload("record_reply", number="济高管〔2026〕请1号").paper_key() not in keys


def test_a_request_goes_to_whom_the_profile_names__requests_and_reports() -> None:
    assert codes(judge("submit_request", decided(), addressee="规划建设局")) == [
        "request_reply.misaddressed"
    ]
    assert codes(judge("submit_request", decided(), addressee="示范区 党工委")) == []
    national = decided()
    national.rules = procedure("order_713")
    assert codes(judge("submit_request", national, addressee="省委办公厅")) == []


class TestReporting:
    """报告 carries no request (Regulations on Requests and Reports)."""

    def test_it_is_open_until_it_is_filed__order_713_art_8_1(self) -> None:
        assert codes(assess("congress_report", decided())) == ["reporting.missing"]
        found = assess("congress_report", decided().did("file_report", by=KEEPER))
        assert found.state is StepState.SATISFIED

    def test_it_asks_for_nothing__requests_and_reports(self) -> None:
        found = judge("file_report", decided(), carries_request=True)
        assert codes(found) == ["reporting.report_asks"]
        assert codes(judge("file_report", decided(), submitted_on="2026-09-02")) == [
            "record.future_day"
        ]

    def test_it_is_not_older_than_the_decision__order_713_art_8_1(self) -> None:
        found = judge("file_report", decided(), submitted_on="2026-08-31")
        assert codes(found) == ["reporting.before_decision"]

    def test_whether_it_is_due_must_be_known_before_the_issue__order_713_art_8_1(self) -> None:
        matter = decided()
        matter.answers = {k: v for k, v in matter.answers.items() if k != "people_congress"}
        assert matter.rules.required(matter.rules.steps["congress_report"], matter.answers)
        found = assess("congress_report", matter)
        assert (found.state, codes(found)) == (StepState.PENDING, ["reporting.unanswered"])
        assert only(found).cured_by == matter.rules.holders("classify")


def test_the_congress_is_asked_only_where_intake_says_so__order_713_art_8_1() -> None:
    rules, answers = decided().rules, decided().answers
    for step, answer in (("congress_report", "report"), ("congress_resolution", "resolution")):
        found = rules.steps[step]
        assert not rules.required(found, answers)
        assert rules.required(found, {**answers, "people_congress": answer})


def test_a_text_that_was_rechecked_is_asked_about_after_that__order_713_art_31() -> None:
    rechecked = decided().did("recheck_text", "2026-09-02", by="legal.reviewer.1")
    found = judge("submit_request", rechecked, "2026-09-03", submitted_on="2026-09-01")
    assert codes(found) == ["request_reply.before_decision"]
    assert only(found).params["decided_on"] == day("2026-09-02")
