"""A matter as its records tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.builders import (
    CLERK,
    HEAD,
    REVIEWER,
    Matter,
    day,
    procedure,
    ready,
    with_step,
)
from workflow.calendar import Span
from workflow.canonical import digest_of
from workflow.definition import Lapse, Nature, Step
from workflow.facts import Facts, Record, as_list


def record(**payload: Any) -> Record:
    return Record(1, "x", None, "", CLERK, None, "", "", payload, 0, day("2026-09-01"))


def step(lapses_on: Lapse) -> Step:
    return with_step(procedure(), "budget", lapses_on=lapses_on).steps["budget"]


class TestRecord:
    def test_a_day_of_the_payload_is_a_day(self) -> None:
        assert record(held_on="2026-10-12").day("held_on") == day("2026-10-12")

    def test_what_was_not_given_is_empty_text(self) -> None:
        assert (record(line=7).text("line"), record().text("line")) == ("7", "")

    def test_items_are_lists_only(self) -> None:
        assert record(items=[{"a": 1}]).items("items") == ({"a": 1},)
        assert record(items="text").items("items") == ()
        assert record().items("items") == ()

    def test_a_part_of_the_payload_can_be_left_out(self) -> None:
        assert record(named=["a"], title="x").without("named").payload == {"title": "x"}
        whole = record(title="x")
        assert whole.without("named") is whole

    def test_agent_and_principal_stand_behind_an_act(self) -> None:
        matter = Matter().did("study").did("study", by=CLERK, principal=HEAD)
        assert [each.persons() for each in matter.records] == [(CLERK,), (CLERK, HEAD)]


class TestDrafts:
    def test_before_the_first_there_is_none(self) -> None:
        assert (Matter().facts.draft, Matter().facts.drafts) == (None, ())

    def test_the_newest_is_the_current_text(self) -> None:
        facts = Matter().drafted().did("study").drafted("第二稿", "editorial", "2026-09-03").facts
        assert [draft.number for draft in facts.drafts] == [1, 2]
        assert facts.draft is not None
        assert (facts.draft.digest, facts.draft.nature) == (digest_of("第二稿"), Nature.EDITORIAL)
        assert (facts.draft.authors, facts.draft.made_on) == ((CLERK,), day("2026-09-03"))

    def test_a_digest_alone_is_no_draft(self) -> None:
        """The record of an agenda item carries a digest too."""
        assert Facts("2026-1", "", "tabled", 1, records=(record(digest="x"),)).drafts == ()


class TestReviews:
    def test_a_verdict_is_bound_to_the_text_examined(self) -> None:
        (review,) = ready().passed("2026-09-20").facts.reviews
        assert (review.draft, review.digest) == (1, digest_of("第一稿"))
        assert (review.verdict, review.passed, review.reviewer) == ("lawful", True, REVIEWER)
        assert review.given_on == day("2026-09-20")

    def test_without_a_verdict_nothing_passed(self) -> None:
        assert ready().facts.passing_review is None

    def test_without_a_text_nothing_passed(self) -> None:
        assert Matter().passed().facts.passing_review is None

    def test_a_verdict_on_the_current_text_passes(self) -> None:
        facts = ready().passed().facts
        assert facts.passing_review == facts.reviews[-1]

    def test_a_verdict_on_an_earlier_text_does_not__order_713_art_25(self) -> None:
        assert ready().passed().drafted("第二稿", "editorial").facts.passing_review is None

    def test_a_negative_verdict_does_not__order_713_art_25_2(self) -> None:
        assert ready().passed(verdict="unlawful").facts.passing_review is None

    def test_a_later_negative_verdict_takes_the_earlier_away(self) -> None:
        matter = ready().passed().did("give_review_verdict", by=REVIEWER, verdict="unlawful")
        assert matter.facts.passing_review is None


class TestPauses:
    def test_a_pause_runs_from_its_day_to_the_day_of_resumption(self) -> None:
        matter = Matter().did("pause", "2026-09-03").did("resume", "2026-09-07")
        assert matter.facts.pauses == (Span(day("2026-09-03"), day("2026-09-07")),)

    def test_a_pause_resumed_the_same_day_took_no_day(self) -> None:
        assert Matter().did("pause").did("resume").facts.pauses == ()

    def test_an_open_pause_is_no_span_yet(self) -> None:
        assert Matter().did("pause", "2026-09-03").facts.pauses == ()

    def test_a_resumption_without_a_pause_means_nothing(self) -> None:
        assert Matter().did("resume").facts.pauses == ()

    def test_two_pauses_are_two_spans(self) -> None:
        matter = Matter().did("pause", "2026-09-03").did("resume", "2026-09-07")
        matter.did("pause", "2026-09-10").did("resume", "2026-09-11")
        assert len(matter.facts.pauses) == 2


class TestLapsing:
    def test_records_of_other_commands_and_steps_are_left_out(self) -> None:
        facts = Matter().did("study").did("confirm_budget_line").facts
        assert [each.command for each in facts.of("study")] == ["study"]
        assert facts.of("confirm_budget_line", step=procedure().steps["study"]) == ()
        assert facts.last("study", step=procedure().steps["budget"]) is None

    def test_the_newest_of_a_step_is_found_among_its_other_acts(self) -> None:
        facts = ready().facts
        research = procedure().steps["research"]
        report = facts.last("file_research", step=research)
        assert report is not None
        assert report.command == "file_research"
        either = facts.last("file_research", "file_legal_basis", step=research)
        assert either is not None
        assert either.command == "file_legal_basis"

    def test_without_drafts_every_record_counts(self) -> None:
        for lapse in Lapse:
            assert Matter().facts.valid_from(step(lapse)) == 0

    def test_a_step_that_never_lapses_keeps_its_records(self) -> None:
        facts = Matter().drafted().drafted("第二稿", "substantive").facts
        assert facts.valid_from(step(Lapse.NEVER)) == 0

    def test_a_substantive_change_makes_a_substance_step_lapse(self) -> None:
        matter = Matter().drafted().drafted("第二稿", "substantive").drafted("第三稿", "editorial")
        assert matter.facts.valid_from(step(Lapse.SUBSTANTIVE)) == 2

    def test_editorial_changes_alone_do_not(self) -> None:
        matter = Matter().drafted().drafted("第二稿", "editorial")
        assert matter.facts.valid_from(step(Lapse.SUBSTANTIVE)) == 0

    def test_any_change_makes_a_text_step_lapse(self) -> None:
        matter = Matter().drafted().did("confirm_budget_line").drafted("第二稿", "editorial")
        assert matter.facts.valid_from(step(Lapse.ANY)) == 2
        assert matter.facts.of("confirm_budget_line", step=step(Lapse.ANY)) == ()
        assert len(matter.facts.of("confirm_budget_line", step=step(Lapse.SUBSTANTIVE))) == 1


class TestDoers:
    def test_agents_and_principals_did_it(self) -> None:
        facts = Matter().did("study", by=CLERK, principal=HEAD).did("propose").facts
        assert facts.doers("study") == {CLERK, HEAD}
        assert facts.doers("start") == frozenset()

    def test_the_authors_of_every_version_drafted(self) -> None:
        matter = Matter().drafted(authors=[REVIEWER]).drafted("第二稿", authors=[HEAD])
        assert matter.facts.doers("draft") == {CLERK, REVIEWER, HEAD}

    def test_so_did_who_filed_one_and_for_whom(self) -> None:
        matter = Matter().drafted(by=HEAD, principal="leader.deputy", authors=[CLERK])
        assert matter.facts.doers("draft") == {CLERK, HEAD, "leader.deputy"}


class TestOverrides:
    STEP = procedure().steps["legality_review"]

    def test_an_override_is_granted_for_its_rule_and_its_step(self) -> None:
        facts = ready().did("approve_override").facts
        assert facts.granted(self.STEP, "review_time")
        assert not facts.granted(self.STEP, "papers")
        assert not facts.granted(procedure().steps["hearing"], "review_time")

    def test_it_lapses_with_the_text_that_the_step_was_about(self) -> None:
        matter = ready().did("approve_override").drafted("第二稿", "editorial")
        assert not matter.facts.granted(self.STEP, "review_time")


class TestWaivers:
    STEP = procedure().steps["open_call"]

    def test_without_a_ruling_nothing_is_waived(self) -> None:
        assert Matter().did("request_waiver").facts.waiver(self.STEP) is None

    def test_an_approved_ruling_waives_its_step_alone__order_713_art_14_1(self) -> None:
        facts = Matter().did("rule_waiver", "2026-09-04").facts
        waiver = facts.waiver(self.STEP)
        assert waiver is not None
        assert waiver.filed_on == day("2026-09-04")
        assert facts.waiver(procedure().steps["hearing"]) is None

    def test_a_rejection_does_not(self) -> None:
        assert Matter().did("rule_waiver", approved=False).facts.waiver(self.STEP) is None

    def test_the_latest_ruling_counts(self) -> None:
        matter = Matter().did("rule_waiver").did("rule_waiver", approved=False)
        assert matter.facts.waiver(self.STEP) is None

    def test_work_on_the_step_undoes_it(self) -> None:
        matter = Matter().did("rule_waiver").did("study")
        assert matter.facts.waiver(self.STEP) is not None
        assert matter.drafted().did("publish_open_call").facts.waiver(self.STEP) is None

    def test_a_ruling_after_the_work_stands(self) -> None:
        matter = Matter().drafted().did("publish_open_call").did("rule_waiver")
        assert matter.facts.waiver(self.STEP) is not None


class TestBeginning:
    STEP = procedure().steps["open_call"]

    def test_a_step_is_begun_by_its_own_acts_alone(self) -> None:
        matter = Matter().drafted().did("request_waiver").did("study")
        assert not matter.facts.begun(self.STEP)
        assert matter.did("publish_open_call").facts.begun(self.STEP)

    def test_it_stays_begun_when_its_work_lapses(self) -> None:
        review = procedure().steps["legality_review"]
        matter = ready().did("submit_for_review").drafted("第二稿", "substantive")
        assert matter.facts.begun(review)


def test_lists_of_a_payload_may_be_lists_or_tuples_and_nothing_else() -> None:
    assert list(as_list([1, 2])) == [1, 2]
    assert list(as_list((1, 2))) == [1, 2]
    assert list(as_list("12")) == []
    assert list(as_list(None)) == []


def test_what_several_steps_ask_of_a_matter_is_worked_out_once() -> None:
    facts, worked = Matter().did("study").facts, []

    def work_out() -> int:
        worked.append(1)
        return len(facts.records)

    assert facts.once("records", work_out) == facts.once("records", work_out) == len(facts.records)
    assert len(worked) == 1
    grown = replace(facts, records=facts.records[:1])
    assert grown.once("records", lambda: len(grown.records)) == 1


def test_records_of_several_commands_come_in_the_order_of_the_matter() -> None:
    facts = Matter().did("file_research").did("study").did("file_research").facts
    mixed = facts.of("study", "file_research", "pause")
    assert [record.command for record in mixed] == ["file_research", "study", "file_research"]
    assert facts.last("study", "file_research") is mixed[-1]
