"""合法性审查: of the very text, in due time, replaced by nothing (Order 713 arts. 25 to 28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from tests.unit.builders import (
    COUNSEL,
    HEAD,
    LEGAL_HEAD,
    REVIEWER,
    Matter,
    assess,
    codes,
    day,
    directory,
    earliest,
    judge,
    law,
    only,
    procedure,
    ready,
    unmets,
    with_rule,
    with_step,
)
from workflow.canonical import digest_of
from workflow.directory import Directory
from workflow.facts import REVIEW_LAPSED
from workflow.ports import StepState
from workflow.retainers import Statement

STEP = "legality_review"
REVIEW = procedure().steps[STEP]
HENAN = procedure("henan").steps[STEP]
SUBMIT, RETURN, ACCEPT = "submit_for_review", "return_papers", "accept_papers"
COUNSELS, VERDICT, CONFIRM = "record_counsel_opinion", "give_review_verdict", "confirm_changes"

#: Whatever shipped definition has the review.
REVIEWED: Final = ("order_713", "henan", "jiyuan_htz", "major_items")

#: Seven working days from 12 February 2026 end on the make-up Saturday after Spring Festival.
BEFORE_FESTIVAL, UP = "2026-02-12", "2026-02-28"


def accepted(on: str = BEFORE_FESTIVAL, **changes: Any) -> Matter:
    matter = ready(**changes).did(COUNSELS, on, COUNSEL)
    return matter.did(SUBMIT, on).did(ACCEPT, on, REVIEWER)


def found(verdict: str, on: str = UP, **changes: Any) -> Matter:
    return accepted().did(VERDICT, on, REVIEWER, verdict=verdict, **changes)


class TestPapers:
    def test_all_four_papers_and_a_text_are_accepted__order_713_art_26_1(self) -> None:
        assert codes(judge(SUBMIT, ready())) == []

    @pytest.mark.parametrize(
        "paper", ["draft", "explanation", "legal_basis_list", "procedure_statement"]
    )
    def test_a_missing_paper_is_refused__order_713_art_26_1(self, paper: str) -> None:
        papers = [p for p in procedure().steps[STEP].rules["papers"].choices if p != paper]
        unmet = only(judge(SUBMIT, ready(), papers=papers))
        assert (unmet.code, unmet.params) == (
            "legality_review.papers_missing",
            {"papers": (paper,)},
        )
        assert law(unmet) == ["order_713 26.1"]

    def test_without_a_text_nothing_can_be_submitted__order_713_art_26_1(self) -> None:
        assert codes(judge(SUBMIT, Matter())) == ["legality_review.no_draft"]

    def test_an_unlawful_text_does_not_come_back_as_it_was__order_713_art_25_2(self) -> None:
        unmet = only(judge(SUBMIT, found("unlawful"), UP))
        assert unmet.code == "legality_review.nothing_changed"
        after = found("unlawful").did(RETURN, UP).did(COUNSELS, UP, COUNSEL).did("pause", UP)
        assert codes(judge(SUBMIT, after, UP)) == ["legality_review.nothing_changed"]

    @pytest.mark.parametrize(
        "matter",
        [
            found("unlawful").drafted("第二稿", "editorial"),
            found("unlawful").did("file_research", UP),
            found("lawful"),
            found("lawful_with_changes", changes=["改第三条"]),
        ],
        ids=["text changed", "step made good", "passed", "changes asked for"],
    )
    def test_after_work_on_it_or_another_verdict_it_may(self, matter: Matter) -> None:
        assert codes(judge(SUBMIT, matter, UP)) == []

    def test_papers_may_be_returned_or_accepted(self) -> None:
        assert codes(judge(RETURN, accepted())) == []
        assert codes(judge(ACCEPT, ready().did(SUBMIT))) == []


def retaining(**changes: Any) -> Directory:
    """The sample organisation with other retainers."""
    people = directory()
    return replace(people, retainers=replace(people.retainers, **changes))


class TestCounsel:
    def test_a_signed_opinion_is_accepted__order_713_art_28(self) -> None:
        assert codes(judge(COUNSELS, ready(), by=COUNSEL)) == []

    def test_an_unsigned_one_is_refused__order_713_art_28(self) -> None:
        unmet = only(judge(COUNSELS, ready(), by=COUNSEL, signed=False))
        assert (unmet.code, law(unmet)) == (
            "legality_review.counsel_unsigned",
            ["order_713 28"],
        )

    def test_one_signed_ahead_is_refused(self) -> None:
        found = judge(COUNSELS, ready(), by=COUNSEL, signed_on="2026-09-02")
        assert codes(found) == ["record.future_day"]

    def test_counsel_who_serves_the_other_side_is_refused__order_713_art_28(self) -> None:
        unmet = only(judge(COUNSELS, ready(), by=COUNSEL, conflict_of_interest=True))
        assert (unmet.code, law(unmet), unmet.cured_by) == (
            "legality_review.counsel_conflict",
            ["order_713 28", "jiyuan_advisers"],
            REVIEW.acts[COUNSELS],
        )

    @pytest.mark.parametrize(
        ("clients", "problems"),
        [
            (5, []),
            (6, ["legality_review.too_many_clients"]),
            (None, ["legality_review.clients_untold"]),
        ],
    )
    def test_counsel_advises_five_governments_at_most__henan_217(
        self, clients: int | None, problems: list[str]
    ) -> None:
        # Of a matter whose rules ask for no retainer the opinion itself says how many.
        matter = ready(rules=procedure("henan"))
        rules = {name: rule for name, rule in HENAN.rules.items() if name != "retained"}
        matter.rules = with_step(matter.rules, STEP, rules=rules)
        found = judge(COUNSELS, matter, by=COUNSEL, government_clients=clients)
        assert codes(found) == problems
        assert all(law(unmet) == ["henan_217"] for unmet in found.unmet)

    @pytest.mark.parametrize(
        ("changes", "problem", "cure"),
        [
            ({"lawyers": ["second_firm.counsel"]}, "no_retainer", "file_retainer"),
            ({"firm": "second_law_firm"}, "no_retainer", "file_retainer"),
            ({"since": "2026-09-02"}, "no_retainer", "file_retainer"),
            ({"until": "2026-08-31"}, "retainer_over", "file_retainer"),
            ({"ended_on": "2026-08-31"}, "retainer_over", "file_retainer"),
            ({"filing": None}, "retainer_unfiled", "register_retainer"),
        ],
    )
    def test_only_retained_counsel_signs__henan_217(
        self, changes: dict[str, Any], problem: str, cure: str
    ) -> None:
        told: dict[str, Any] = {
            n: day(v) if n in ("since", "until", "ended_on") else v for n, v in changes.items()
        }
        first, second = directory().retainers.all
        matter = ready(people=retaining(all=(replace(first, **told), second)))
        unmet = only(judge(COUNSELS, matter, by=COUNSEL))
        assert (unmet.code, unmet.cured_by, unmet.act) == (
            f"legality_review.{problem}",
            procedure().permissions[cure],
            cure,
        )
        assert law(unmet) == ["jiyuan_advisers" if problem == "retainer_unfiled" else "henan_217"]

    def test_where_no_filing_is_asked_for_an_unfiled_retainer_does(self) -> None:
        unfiled = tuple(replace(each, filing=None) for each in directory().retainers.all)
        matter = ready(rules=procedure("henan"), people=retaining(all=unfiled))
        assert codes(judge(COUNSELS, matter, by=COUNSEL)) == []

    def test_a_signature_from_before_the_retainer_counts_for_nothing(self) -> None:
        first, second = directory().retainers.all
        matter = ready(people=retaining(all=(replace(first, since=day("2026-08-15")), second)))
        assert codes(judge(COUNSELS, matter, by=COUNSEL, signed_on="2026-08-15")) == []
        unmet = only(judge(COUNSELS, matter, by=COUNSEL, signed_on="2026-08-14"))
        assert (unmet.code, unmet.params["day"]) == (
            "legality_review.no_retainer",
            day("2026-08-14"),
        )

    def test_how_many_counsel_advises_is_told_by_the_retainer__henan_217(self) -> None:
        six = Statement(COUNSEL, 6, day("2026-08-01"))
        matter = ready(people=retaining(statements=(*directory().retainers.statements, six)))
        unmet = only(judge(COUNSELS, matter, by=COUNSEL, government_clients=None))
        assert (unmet.code, unmet.params) == (
            "legality_review.too_many_clients",
            {"given": 6, "most": 5},
        )

    def test_an_opinion_that_says_otherwise_than_the_retainer_is_refused(self) -> None:
        unmet = only(judge(COUNSELS, ready(), by=COUNSEL, government_clients=3))
        assert (unmet.code, unmet.params, unmet.act) == (
            "legality_review.clients_differ",
            {"given": 3, "stated": (2,)},
            "state_clients",
        )
        assert codes(judge(COUNSELS, ready(), by=COUNSEL, government_clients=None)) == []

    @pytest.mark.parametrize("name", REVIEWED)
    def test_nobody_signs_with_a_conflict_whatever_the_profile__order_713_art_28(
        self, name: str
    ) -> None:
        matter = ready(rules=procedure(name))
        found = codes(judge(COUNSELS, matter, by=COUNSEL, conflict_of_interest=True))
        assert found == ["legality_review.counsel_conflict"]

    @pytest.mark.parametrize("name", REVIEWED)
    def test_nobody_signs_whose_retainer_has_run_out_whatever_the_profile__order_713_art_28(
        self, name: str
    ) -> None:
        first, second = directory().retainers.all
        over = replace(first, until=day("2026-08-31"))
        matter = ready(rules=procedure(name), people=retaining(all=(over, second)))
        assert codes(judge(COUNSELS, matter, by=COUNSEL)) == ["legality_review.retainer_over"]
        renewed = replace(over, number=9, since=day("2026-09-01"), until=day("2027-08-31"))
        signed = "2026-09-01"
        matter = ready(rules=procedure(name), people=retaining(all=(over, second, renewed)))
        assert codes(judge(COUNSELS, matter, by=COUNSEL, signed_on=signed)) == []
        matter = ready(rules=procedure(name), people=retaining(all=(second,)))
        asked = "retained" in procedure(name).steps[STEP].rules
        assert bool(codes(judge(COUNSELS, matter, by=COUNSEL))) is asked

    def test_elsewhere_nothing_is_asked_of_it(self) -> None:
        matter = ready(rules=procedure("order_713"))
        assert codes(judge(COUNSELS, matter, by=COUNSEL, government_clients=None)) == []

    def test_no_verdict_without_counsel_heard__order_713_art_28(self) -> None:
        matter = ready().did(SUBMIT, BEFORE_FESTIVAL).did(ACCEPT, BEFORE_FESTIVAL, REVIEWER)
        unmet = only(judge(VERDICT, matter, UP, REVIEWER))
        assert (unmet.code, law(unmet)) == (
            "legality_review.counsel_not_consulted",
            ["order_713 28"],
        )

    def test_counsel_on_an_earlier_text_was_not_heard_on_this_one__order_713_art_28(self) -> None:
        matter = ready().did(COUNSELS, by=COUNSEL).drafted("第二稿", "editorial")
        assert "legality_review.counsel_not_consulted" in codes(judge(VERDICT, matter, UP))


class TestAsked:
    """Order 713 art. 28: the reviewers have counsel give an opinion, and say which."""

    def test_those_who_can_give_one_are_asked(self) -> None:
        assert codes(judge("ask_counsel", Matter(), by=REVIEWER)) == []
        assert codes(judge("ask_counsel", Matter(), by=REVIEWER, lawyers=[])) == []

    @pytest.mark.parametrize(
        ("firm", "lawyers", "code"),
        [
            ("finance", [], "firm_unable"),
            ("no_such_unit", [], "firm_unable"),
            ("second_law_firm", [COUNSEL], "counsel_unable"),
            ("law_firm", [COUNSEL, REVIEWER], "counsel_unable"),
        ],
    )
    def test_nobody_else_is(self, firm: str, lawyers: list[str], code: str) -> None:
        asked: dict[str, Any] = {"firm": firm, "lawyers": lawyers}
        unmet = only(judge("ask_counsel", Matter(), by=REVIEWER, **asked))
        assert unmet.code == f"legality_review.{code}"
        assert law(unmet) == ["order_713 28"]
        assert unmet.cured_by == REVIEW.acts["ask_counsel"]

    def test_nor_whose_retainer_is_over(self) -> None:
        bare = replace(ready(), people=retaining(all=()))
        unmet = only(judge("ask_counsel", bare, by=REVIEWER, lawyers=[]))
        assert unmet.code == "legality_review.firm_unable"

    @pytest.mark.parametrize(
        ("firm", "lawyers", "able"),
        [
            ("law_firm", [COUNSEL], True),
            ("law_firm", [], True),
            ("second_law_firm", [], False),
            ("law_firm", ["another.lawyer"], False),
        ],
    )
    def test_once_somebody_is_asked_nobody_else_signs(
        self, firm: str, lawyers: list[str], able: bool
    ) -> None:
        matter = ready().did("ask_counsel", by=REVIEWER, firm=firm, lawyers=lawyers)
        matter = matter.drafted("第二稿", "substantive")
        refused = [] if able else ["legality_review.counsel_not_asked"]
        assert codes(judge(COUNSELS, matter, by=COUNSEL)) == refused


class TestTime:
    @pytest.mark.parametrize("on", ["2026-02-13", "2026-02-23", "2026-02-27"])
    def test_a_verdict_before_seven_working_days_is_refused__order_713_art_26_2(
        self, on: str
    ) -> None:
        unmet = only(judge(VERDICT, accepted(), on, REVIEWER))
        assert (unmet.code, law(unmet)) == ("legality_review.too_early", ["order_713 26.2"])
        assert unmet.params == {
            "accepted_on": day(BEFORE_FESTIVAL),
            "amount": 7,
            "unit": "working_days",
            "ends": day(UP),
        }
        assert (unmet.earliest, unmet.provisional) == (day(UP), False)

    def test_on_the_make_up_saturday_it_is_in_time__order_713_art_26_2(self) -> None:
        assert codes(judge(VERDICT, accepted(), UP, REVIEWER)) == []

    def test_a_pause_stops_the_clock(self) -> None:
        matter = accepted("2026-03-02")
        matter.did("pause", "2026-03-04").did("resume", "2026-03-06")
        unmet = only(judge(VERDICT, matter, "2026-03-11", REVIEWER))
        assert unmet.earliest == day("2026-03-13")

    def test_a_pause_that_goes_on_stops_it_up_to_today(self) -> None:
        matter = accepted("2026-03-02").did("pause", "2026-03-04")
        matter.paused_since = day("2026-03-04")
        assert assess(STEP, matter, "2026-03-04").unmet[0].earliest == day("2026-03-11")
        assert assess(STEP, matter, "2026-03-06").unmet[0].earliest == day("2026-03-13")

    def test_an_approved_override_shortens_it__order_713_art_26_2(self) -> None:
        matter = accepted().did("approve_override", BEFORE_FESTIVAL, LEGAL_HEAD)
        assert codes(judge(VERDICT, matter, "2026-02-13", REVIEWER)) == []

    def test_an_override_of_another_rule_does_not(self) -> None:
        matter = accepted().did("approve_override", BEFORE_FESTIVAL, LEGAL_HEAD, rule="papers")
        assert codes(judge(VERDICT, matter, "2026-02-13")) == ["legality_review.too_early"]

    def test_beyond_the_last_holiday_notice_the_day_is_provisional(self) -> None:
        assert only(judge(VERDICT, accepted("2026-12-28"), "2026-12-29", REVIEWER)).provisional


class TestCeiling:
    """审核期限5至15个工作日 of normative documents (国办发〔2018〕115号)."""

    #: Fifteen working days from 2 March 2026.
    LAST, OVER = "2026-03-23", "2026-03-24"

    def accepted(self) -> Matter:
        return accepted("2026-03-02", rules=procedure("normative_files"))

    def test_on_its_last_day_a_verdict_is_in_time__normative_115(self) -> None:
        assert codes(judge(VERDICT, self.accepted(), self.LAST, REVIEWER)) == []

    def test_after_it_a_verdict_states_why_it_is_late__normative_115(self) -> None:
        unmet = only(judge(VERDICT, self.accepted(), self.OVER, REVIEWER))
        assert (unmet.code, law(unmet)) == (
            "legality_review.late_without_reason",
            ["normative_115"],
        )
        assert unmet.params == {
            "accepted_on": day("2026-03-02"),
            "amount": 15,
            "unit": "working_days",
            "ends": day(self.LAST),
        }

    def test_with_its_reason_a_late_verdict_is_accepted__normative_115(self) -> None:
        why = {"reason_for_delay": "承办单位补充了材料"}
        assert codes(judge(VERDICT, self.accepted(), self.OVER, REVIEWER, **why)) == []

    def test_a_pause_moves_it(self) -> None:
        matter = self.accepted().did("pause", "2026-03-04").did("resume", "2026-03-06")
        assert codes(judge(VERDICT, matter, "2026-03-25", REVIEWER)) == []

    def test_papers_never_accepted_are_not_late(self) -> None:
        matter = ready(rules=procedure("normative_files")).did(COUNSELS, by=COUNSEL)
        given = judge(VERDICT, matter, "2026-10-12", REVIEWER)
        assert codes(given) == ["legality_review.not_accepted"]

    def test_a_procedure_without_one_has_none(self) -> None:
        assert codes(judge(VERDICT, accepted("2026-03-02"), "2026-10-12", REVIEWER)) == []


class TestVerdict:
    @pytest.mark.parametrize("verdict", ["lawful", "exploratory_reform"])
    def test_these_pass_and_bind_the_digest__order_713_arts_25_27(self, verdict: str) -> None:
        given = judge(VERDICT, accepted(), UP, REVIEWER, verdict=verdict, risk="依据不足")
        assert (given.outcome, codes(given)) == (verdict, [])
        assert given.extra == {"reviewed_digest": digest_of("第一稿"), "passed": True}

    @pytest.mark.parametrize(
        ("verdict", "changes"), [("unlawful", []), ("lawful_with_changes", ["改第三条"])]
    )
    def test_these_do_not__order_713_art_25_2(self, verdict: str, changes: list[str]) -> None:
        given = judge(VERDICT, accepted(), UP, REVIEWER, verdict=verdict, changes=changes)
        assert (given.outcome, codes(given), given.extra["passed"]) == (verdict, [], False)

    def test_a_profile_may_close_the_exploratory_way(self) -> None:
        rules = with_rule(procedure(), STEP, "verdicts", choices=("lawful",))
        matter = accepted(rules=rules)
        given = judge(VERDICT, matter, UP, REVIEWER, verdict="exploratory_reform", risk="有")
        assert given.extra["passed"] is False

    def test_changes_have_to_be_listed__order_713_art_27(self) -> None:
        unmet = only(judge(VERDICT, accepted(), UP, verdict="lawful_with_changes"))
        assert (unmet.code, law(unmet)) == (
            "legality_review.changes_not_listed",
            ["order_713 25.2", "order_713 27"],
        )

    @pytest.mark.parametrize("verdict", ["lawful", "unlawful"])
    def test_changes_are_a_condition_and_stated_as_one__order_713_art_27(
        self, verdict: str
    ) -> None:
        unmet = only(judge(VERDICT, accepted(), UP, verdict=verdict, changes=["改第三条"]))
        assert unmet.code == "legality_review.condition_not_stated"

    def test_an_exploratory_reform_states_its_risk__order_713_art_25_2(self) -> None:
        unmet = only(judge(VERDICT, accepted(), UP, verdict="exploratory_reform"))
        assert (unmet.code, law(unmet)) == (
            "legality_review.risk_not_stated",
            ["order_713 25.2"],
        )

    def test_papers_not_accepted_have_no_verdict__order_713_art_26(self) -> None:
        unmet = only(judge(VERDICT, ready().did(COUNSELS, by=COUNSEL), UP, REVIEWER))
        assert (unmet.code, law(unmet)) == (
            "legality_review.not_accepted",
            ["order_713 26.1"],
        )
        assert unmet.cured_by == REVIEW.acts[ACCEPT]

    def test_a_text_changed_since_has_not_been_accepted__order_713_art_26(self) -> None:
        matter = accepted().drafted("第二稿", "editorial").did(COUNSELS, by=COUNSEL)
        assert codes(judge(VERDICT, matter, UP, REVIEWER)) == ["legality_review.not_accepted"]

    def test_without_a_text_a_verdict_binds_nothing(self) -> None:
        assert judge(VERDICT, Matter(), UP).extra["reviewed_digest"] == ""


class TestConfirmation:
    def test_the_changed_text_is_confirmed_and_bound(self) -> None:
        matter = found("lawful_with_changes", changes=["改第三条"]).drafted("第二稿", "editorial")
        given = judge(CONFIRM, matter, UP, REVIEWER)
        assert (given.outcome, codes(given)) == ("", [])
        assert given.extra == {
            "reviewed_digest": digest_of("第二稿"),
            "passed": True,
            "verdict": "changes_confirmed",
        }

    @pytest.mark.parametrize(
        "matter",
        [
            Matter(),
            ready(),
            Matter().did(VERDICT, UP, REVIEWER),
            found("unlawful").drafted("第二稿", "editorial"),
        ],
        ids=["nothing", "never reviewed", "no text", "found unlawful"],
    )
    def test_without_a_verdict_that_asks_for_changes_nothing_is_confirmed(
        self, matter: Matter
    ) -> None:
        assert codes(judge(CONFIRM, matter)) == ["legality_review.nothing_to_confirm"]

    def test_a_passed_text_changed_back_is_the_passed_text(self) -> None:
        matter = found("lawful").drafted("第二稿", "editorial").drafted("第一稿", "editorial")
        assert codes(judge(CONFIRM, matter, UP)) == []

    def test_changes_of_substance_need_counsel_again__order_713_art_28(self) -> None:
        asked = found("lawful_with_changes", changes=["改第三条"])
        matter = asked.drafted("第二稿", "substantive", UP)
        assert codes(judge(CONFIRM, matter, UP)) == ["legality_review.counsel_not_consulted"]
        assert codes(judge(CONFIRM, matter.did(COUNSELS, UP, COUNSEL), UP)) == []

    def test_the_same_text_has_no_changes_to_confirm(self) -> None:
        matter = found("lawful_with_changes", changes=["改第三条"])
        assert codes(judge(CONFIRM, matter, UP)) == ["legality_review.changes_not_made"]

    def test_an_editorial_change_of_what_passed_may_be_confirmed(self) -> None:
        matter = found("lawful").drafted("第二稿", "editorial", UP)
        assert codes(judge(CONFIRM, matter, UP)) == []

    def test_a_substantive_one_may_not__order_713_art_25_2(self) -> None:
        matter = found("lawful").drafted("第二稿", "substantive", UP).drafted("第三稿", "editorial")
        unmet = only(judge(CONFIRM, matter, UP))
        assert (unmet.code, unmet.params) == (
            "legality_review.substantive_since",
            {"draft": 1},
        )


class TestStanding:
    def test_without_a_review_it_is_missing__order_713_art_25_1(self) -> None:
        standing = assess(STEP, ready())
        assert (standing.state, codes(standing)) == (
            StepState.PENDING,
            ["legality_review.missing"],
        )
        assert law(only(standing)) == ["order_713 25.1", "jiyuan_report_2022"]

    def test_counsels_opinion_is_not_the_review__order_713_arts_25_1_28(self) -> None:
        unmet = only(assess(STEP, ready().did(COUNSELS, by=COUNSEL)))
        assert (unmet.code, law(unmet)) == (
            "legality_review.counsel_is_not_review",
            ["order_713 25.1", "order_713 28"],
        )

    def test_papers_sent_in_wait_for_acceptance__order_713_art_26_1(self) -> None:
        unmet = only(assess(STEP, ready().did(SUBMIT)))
        assert (unmet.code, law(unmet)) == (
            "legality_review.awaiting_acceptance",
            ["order_713 26.1"],
        )
        assert unmet.cured_by == REVIEW.acts[ACCEPT]

    def test_sent_in_anew_after_a_negative_verdict_they_wait_again(self) -> None:
        matter = found("unlawful").drafted("第二稿", "substantive", UP).did(SUBMIT, UP)
        assert codes(assess(STEP, matter, UP)) == ["legality_review.awaiting_acceptance"]

    def test_under_review_it_tells_when_the_time_is_up(self) -> None:
        standing = assess(STEP, accepted(), "2026-02-13")
        unmet = only(standing)
        assert (standing.state, unmet.code) == (
            StepState.IN_PROGRESS,
            "legality_review.in_progress",
        )
        assert (unmet.params, unmet.earliest) == ({"ends": day(UP)}, day(UP))

    def test_papers_returned_stop_the_review(self) -> None:
        matter = accepted().did(RETURN, "2026-02-13", REVIEWER)
        assert codes(assess(STEP, matter, "2026-02-13")) == [
            "legality_review.counsel_is_not_review"
        ]

    def test_a_passing_verdict_on_this_text_satisfies_it(self) -> None:
        standing = assess(STEP, found("lawful"))
        assert (standing.state, standing.on) == (StepState.SATISFIED, day(UP))

    def test_an_unlawful_text_is_not_tabled__order_713_art_25_2(self) -> None:
        unmet = only(assess(STEP, found("unlawful")))
        assert (unmet.code, unmet.params) == ("legality_review.negative", {"draft": 1})

    def test_changes_asked_for_have_to_be_confirmed(self) -> None:
        unmet = only(assess(STEP, found("lawful_with_changes", changes=["改第三条"])))
        assert (unmet.code, unmet.params) == (
            "legality_review.changes_not_confirmed",
            {"draft": 1},
        )

    def test_another_text_than_the_passed_one_is_open__order_713_art_25_1(self) -> None:
        matter = found("lawful").drafted("第二稿", "editorial")
        unmet = only(assess(STEP, matter))
        assert (unmet.code, unmet.params) == (
            "legality_review.other_text",
            {"reviewed": 1, "current": 2},
        )
        assert law(unmet) == ["order_713 25.1", "order_713 25.2"]

    def test_back_at_the_passed_text_it_stands_again(self) -> None:
        matter = found("lawful").drafted("第二稿", "editorial").drafted("第一稿", "editorial")
        assert assess(STEP, matter).state is StepState.SATISFIED

    def test_a_verdict_without_any_text_passes_nothing(self) -> None:
        matter = Matter().did(VERDICT, UP, REVIEWER)
        assert codes(assess(STEP, matter)) == ["legality_review.other_text"]

    def test_only_the_latest_verdict_counts(self) -> None:
        matter = found("lawful").did(VERDICT, UP, REVIEWER, verdict="unlawful")
        assert codes(assess(STEP, matter)) == ["legality_review.negative"]


class TestCures:
    """Each want names those who can cure it."""

    @pytest.mark.parametrize(
        ("standing", "act"),
        [
            (ready(), SUBMIT),
            (ready().did(COUNSELS, by=COUNSEL), SUBMIT),
            (accepted(UP), VERDICT),
            (found("unlawful"), SUBMIT),
            (found("lawful_with_changes", changes=["改"]), SUBMIT),
            (found("lawful_with_changes", changes=["改"]).drafted("二", "editorial"), CONFIRM),
            (found("lawful").drafted("二", "editorial"), CONFIRM),
            (found("lawful").drafted("二", "substantive"), SUBMIT),
        ],
        ids=[
            "missing",
            "only counsel",
            "under review",
            "negative",
            "changes to make",
            "changes to confirm",
            "wording to confirm",
            "substance changed",
        ],
    )
    def test_what_is_wanted_is_wanted_of_somebody(self, standing: Matter, act: str) -> None:
        assert only(assess(STEP, standing, UP)).cured_by == REVIEW.acts[act]

    def test_counsel_is_wanted_of_counsel__order_713_art_28(self) -> None:
        matter = ready().did(SUBMIT, BEFORE_FESTIVAL).did(ACCEPT, BEFORE_FESTIVAL, REVIEWER)
        assert only(judge(VERDICT, matter, UP, REVIEWER)).cured_by == REVIEW.acts[COUNSELS]


class TestEarliest:
    def test_before_acceptance_the_time_runs_from_the_start(self) -> None:
        assert earliest(STEP, ready(), BEFORE_FESTIVAL) == (UP, False)

    def test_after_acceptance_it_runs_from_there(self) -> None:
        assert earliest(STEP, accepted(), "2026-02-20") == (UP, False)
        assert earliest(STEP, accepted(), "2026-03-10") == ("2026-03-10", False)

    def test_an_override_needs_no_time(self) -> None:
        matter = ready().did("approve_override", by=HEAD)
        assert earliest(STEP, matter, "2026-09-05") == ("2026-09-05", False)

    def test_a_confirmation_needs_no_time(self) -> None:
        changes = found("lawful_with_changes", changes=["改第三条"])
        assert earliest(STEP, changes, "2026-03-02") == ("2026-03-02", False)
        wording = found("lawful").drafted("第二稿", "editorial", UP)
        assert earliest(STEP, wording, "2026-03-02") == ("2026-03-02", False)

    def test_a_new_review_after_a_negative_verdict_takes_its_time(self) -> None:
        assert earliest(STEP, found("unlawful"), "2026-03-02") == ("2026-03-11", False)

    def test_a_substantive_change_after_passing_takes_it_too(self) -> None:
        matter = found("lawful").drafted("第二稿", "substantive", UP)
        assert earliest(STEP, matter, "2026-03-02") == ("2026-03-11", False)

    def test_a_verdict_that_lapsed_with_a_move_to_other_rules_takes_it_too(self) -> None:
        matter = found("lawful")
        moved = replace(matter.did("migrate").records[-1], outcome=REVIEW_LAPSED)
        matter.records = (*matter.records[:-1], moved)
        assert earliest(STEP, matter, "2026-03-02") == ("2026-03-11", False)

    def test_papers_sent_in_anew_after_changes_were_asked_for_take_it_too(self) -> None:
        matter = found("lawful_with_changes", changes=["改第三条"]).did(RETURN, "2026-03-02")
        assert earliest(STEP, matter, "2026-03-02") == ("2026-03-11", False)
        matter.did(SUBMIT, "2026-03-02").did(ACCEPT, "2026-03-02", REVIEWER)
        assert earliest(STEP, matter, "2026-03-03") == ("2026-03-11", False)
        assert unmets(assess(STEP, matter, "2026-03-03"))[0].earliest == day("2026-03-11")


ANSWER: Final = {
    "source": "counsel",
    "number": 1,
    "summary": "第三条于法无据",
    "disposition": "not_adopted",
    "reason": "依据见上位法第十条",
}


class TestConcerns:
    """What counsel raised is answered before the agenda (Order 713 art. 28)."""

    def passed(self, *concerns: str) -> Matter:
        matter = ready().did("submit_for_review").did("accept_papers", by=REVIEWER)
        matter.did("record_counsel_opinion", by=COUNSEL, concerns=list(concerns))
        return matter.did("give_review_verdict", "2026-09-20", REVIEWER)

    def test_each_is_answered_before_the_agenda__order_713_art_28(self) -> None:
        matter = self.passed("第三条于法无据", "第五条过宽")
        unmet = only(assess("legality_review", matter, "2026-09-21"))
        assert (unmet.code, law(unmet)) == ("legality_review.concerns_unanswered", ["order_713 28"])
        assert (unmet.params, unmet.earliest) == ({"numbers": ("1-2",)}, day("2026-09-21"))
        assert unmet.cured_by == procedure().steps["adoption"].first_act
        matter.did("adopt_opinions", opinions=[ANSWER])
        unmet = only(assess("legality_review", matter, "2026-09-21"))
        assert unmet.params == {"numbers": ("2",)}
        matter.did("adopt_opinions", opinions=[{**ANSWER, "number": 2}])
        found = assess("legality_review", matter, "2026-09-21")
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-20"))

    def test_those_of_a_newer_opinion_are_answered_anew__order_713_art_28(self) -> None:
        matter = self.passed("第三条于法无据").did("adopt_opinions", opinions=[ANSWER])
        matter.did("record_counsel_opinion", by=COUNSEL, concerns=["第三条仍然于法无据"])
        assert codes(assess("legality_review", matter)) == ["legality_review.concerns_unanswered"]

    def test_a_procedure_without_the_rule_does_not_ask(self) -> None:
        matter = self.passed("第三条于法无据")
        rules = dict(procedure().steps["legality_review"].rules)
        del rules["concerns"]
        matter.rules = with_step(procedure(), "legality_review", rules=rules)
        assert assess("legality_review", matter).state is StepState.SATISFIED
