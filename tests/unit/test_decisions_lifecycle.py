"""Propose, withdraw, start, decline, assign, pause, resume: decided without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    KEEPER,
    LEGAL_HEAD,
    NO_STEP,
    OTHER_REVIEWER,
    REVIEWER,
    TODAY,
    Matter,
    acts_left_open,
    codes,
    day,
    directory,
    give,
    law,
    only,
    procedure,
    unmets,
)
from workflow.decisions.answers import fits
from workflow.decisions.decide import Verdict
from workflow.decisions.scene import AddMatter, SetMatter, Untable
from workflow.definition import Answer, Question, Text
from workflow.errors import BadInput, NotFound
from workflow.facts import Linked
from workflow.kin import Kin, key_of


def proposed() -> Matter:
    return Matter(stage="proposed", lead_unit=None)


def without(question: str) -> dict[str, Answer]:
    return {name: answer for name, answer in NO_STEP.items() if name != question}


class TestPropose:
    def test_a_proposal_with_every_answer_is_taken_in__order_713_art_10(self) -> None:
        verdict = give("propose", CLERK, answers=NO_STEP)
        assert (codes(verdict), verdict.stage) == ([], "proposed")
        (effect,) = verdict.decision.effects
        assert effect == AddMatter("高新区污水处理收费标准调整", NO_STEP, "planning_construction")

    def test_what_it_may_be_a_part_of_is_kept_by_its_key__three_major(self) -> None:
        verdict = give("propose", CLERK, answers=NO_STEP, project="标准厂房", amount_yuan=1)
        (effect,) = verdict.decision.effects
        assert isinstance(effect, AddMatter)
        assert effect.links == {"project_key": key_of("标准 厂房"), "amount_yuan": 1}

    def test_the_decision_body_ends_what_was_adopted_and_never_issued(self) -> None:
        matter = Matter(stage="decided")
        assert give("end_decision", DIRECTOR, matter).stage == "ended"
        assert codes(give("end_decision", DIRECTOR, matter, reasons="无")) == [
            "record.says_nothing"
        ]
        assert codes(give("end_decision", HEAD, matter)) == ["authority.role"]

    @pytest.mark.parametrize(
        ("act", "actor", "stage"),
        [("end_decision", DIRECTOR, "decided"), ("withdraw", HEAD, "drafting")],
    )
    def test_a_void_number_is_no_way_to_give_it_up__order_713_art_37(
        self, act: str, actor: str, stage: str
    ) -> None:
        matter = Matter(stage=stage).did("issue", by=KEEPER).did("void_number", by=KEEPER)
        assert codes(give(act, actor, matter)) == ["matter.issued_once"]

    @pytest.mark.parametrize("part", ["title", "reasons"])
    def test_without_title_or_reasons_it_is_refused__order_713_art_10(self, part: str) -> None:
        changes: dict[str, Any] = {part: None}
        unmet = only(give("propose", CLERK, answers=NO_STEP, **changes))
        assert (unmet.code, law(unmet)) == (f"matter.{part}_missing", ["order_713 10"])

    @pytest.mark.parametrize("question", [name for name in NO_STEP if name != "people_congress"])
    def test_every_question_is_answered__order_713_art_3(self, question: str) -> None:
        unmet = only(give("propose", CLERK, answers=without(question)))
        asked = procedure().questions[question]
        assert (unmet.code, unmet.citations) == ("matter.question_open", asked.citations)
        assert (unmet.params["question"], unmet.params["id"]) == (asked.text, question)
        assert unmet.params["choices"] == asked.choices or ("yes_no",)

    def test_an_answer_of_another_kind_is_refused(self) -> None:
        answers = {**NO_STEP, "technical": "yes", "decision_level": "city"}
        level, technical = unmets(give("propose", CLERK, answers=answers))
        assert (level.code, level.params["choices"]) == (
            "matter.answer_unfit",
            ("zone", "superior"),
        )
        assert (technical.code, technical.params["choices"]) == (
            "matter.answer_unfit",
            ("yes_no",),
        )

    def test_an_unknown_question_is_refused(self) -> None:
        unmet = only(give("propose", CLERK, answers={**NO_STEP, "urgent": True}))
        assert (unmet.code, unmet.params) == ("matter.question_unknown", {"question": "urgent"})

    def test_a_question_that_may_stay_open_is_answered_rightly_or_not_at_all(self) -> None:
        assert codes(give("propose", CLERK, answers=NO_STEP)) == []
        told = {**NO_STEP, "people_congress": "report"}
        assert codes(give("propose", CLERK, answers=told)) == []
        unmet = only(give("propose", CLERK, answers={**NO_STEP, "people_congress": True}))
        assert (unmet.code, law(unmet)) == ("matter.answer_unfit", ["order_713 8.1"])

    def test_everything_wrong_is_told_at_once(self) -> None:
        found = give("propose", CLERK, title=None, reasons=None, answers={})
        assert codes(found)[:2] == ["matter.title_missing", "matter.reasons_missing"]
        assert len(codes(found)) == 2 + sum(
            not question.optional for question in procedure().questions.values()
        )


class TestAdjusting:
    """An adjustment is a matter of its own, about what was issued (Order 713 art. 37)."""

    def proposed(self, *, issued: bool) -> Verdict:
        other = Linked("2025-7", "停车管理办法", "executing", "", issued)
        linked = {other.number: other}
        return give("propose", CLERK, answers=NO_STEP, adjusts=other.number, linked=linked)

    def test_what_was_issued_may_be_adjusted__order_713_art_37(self) -> None:
        assert codes(self.proposed(issued=True)) == []

    def test_what_was_not_issued_is_still_to_be_drafted__order_713_art_37(self) -> None:
        unmet = only(self.proposed(issued=False))
        assert (unmet.code, unmet.params) == ("matter.nothing_to_adjust", {"matter": "2025-7"})

    def test_a_matter_that_nobody_knows_is_not_found(self) -> None:
        with pytest.raises(NotFound) as caught:
            give("propose", CLERK, answers=NO_STEP, adjusts="2025-8")
        assert caught.value.params == {"matter": "2025-8"}


class TestClose:
    def test_all_that_is_owed_after_the_decision_bars_it__order_713_arts_32_to_34(self) -> None:
        unmet = unmets(give("close_matter", KEEPER, Matter(stage="concluding").drafted()))
        assert {each.step for each in unmet} >= {"publication", "execution", "archiving"}


class TestStateSecrets:
    def test_a_secret_leaves_a_stub_without_content__secrets_law_art_31(self) -> None:
        verdict = give("propose", CLERK, state_secret=True, title=None, reasons=None)
        assert verdict.stage == "off_system"
        assert verdict.decision.effects == (AddMatter(None, {}, "planning_construction"),)

    @pytest.mark.parametrize(
        "content",
        [
            {"title": "某某工程"},
            {"reasons": "某某"},
            {"answers": {"technical": True}},
            {"counterparty": "某某公司"},
            {"amount_yuan": 0},
        ],
    )
    def test_content_of_a_secret_is_refused__secrets_law_art_31(
        self, content: dict[str, Any]
    ) -> None:
        given = {"title": None, "reasons": None, **content}
        verdict = give("propose", CLERK, state_secret=True, **given)
        unmet = only(verdict)
        assert (unmet.code, law(unmet)) == ("matter.secret_content", ["secrets_law 31"])
        assert unmet.params == {}
        assert verdict.decision.effects == ()


NUMBER = Question("amount", Text("金额", "amount"), "number", (), ())


@pytest.mark.parametrize(
    ("question", "answer", "fitting"),
    [
        (procedure().questions["technical"], True, True),
        (procedure().questions["technical"], 1, False),
        (procedure().questions["decision_level"], "zone", True),
        (procedure().questions["decision_level"], "city", False),
        (NUMBER, 0, True),
        (NUMBER, -1, False),
        (NUMBER, True, False),
        (NUMBER, "5", False),
    ],
)
def test_an_answer_fits_its_question(question: Question, answer: Answer, fitting: bool) -> None:
    assert fits(question, answer) is fitting


class TestStart:
    def test_without_a_study_nothing_is_started__order_713_art_10(self) -> None:
        verdict = give("start", DIRECTOR, proposed())
        assert codes(verdict) == ["study.missing", "classification.missing"]
        assert law(unmets(verdict)[0]) == ["order_713 10"]
        assert verdict.stage is None

    def test_after_the_study_the_matter_is_started(self) -> None:
        verdict = give("start", DIRECTOR, proposed().did("study").did("classify"))
        assert (codes(verdict), verdict.stage) == ([], "started")

    def test_a_decision_still_to_come_is_refused(self) -> None:
        verdict = give(
            "start", DIRECTOR, proposed().did("study").did("classify"), decided_on="2026-09-02"
        )
        unmet = only(verdict)
        assert (unmet.code, unmet.params) == ("record.future_day", {"day": day("2026-09-02")})

    def test_a_decision_before_its_study_is_refused__order_713_art_10(self) -> None:
        matter = proposed().did("study", done_on="2026-08-20").did("classify")
        unmet = only(give("start", DIRECTOR, matter, decided_on="2026-08-19"))
        assert (unmet.code, law(unmet)) == (
            "matter.started_before_study",
            ["order_713 10"],
        )
        assert unmet.params == {"studied_on": day("2026-08-20")}
        assert codes(give("start", DIRECTOR, matter, decided_on="2026-08-20")) == []

    def test_it_may_be_declined_instead(self) -> None:
        verdict = give("decline", DIRECTOR, proposed())
        assert (codes(verdict), verdict.stage) == ([], "declined")


class TestExclude:
    def test_on_a_ground_of_the_law_with_reasons__order_713_art_3_2(self) -> None:
        verdict = give("exclude", DIRECTOR, proposed())
        assert (codes(verdict), verdict.stage) == ([], "excluded")

    def test_another_ground_is_none__order_713_art_3_2(self) -> None:
        unmet = only(give("exclude", DIRECTOR, proposed(), ground="urgency"))
        assert (unmet.code, law(unmet)) == ("exclusion.ground_unknown", ["order_713 3.2"])
        assert unmet.params == {"grounds": procedure().rules["exclusion"].choices}
        assert [each.role for each in unmet.cured_by] == ["director"]

    def test_an_emergency_needs_its_level_and_a_later_report__order_713_art_3_2(self) -> None:
        found = give("exclude", DIRECTOR, proposed(), ground="emergency_response")
        assert codes(found) == ["exclusion.level_missing", "exclusion.report_day_missing"]
        assert law(unmets(found)[0]) == ["order_713 3.2", "house_rules"]

    @pytest.mark.parametrize(
        ("report_by", "refused"), [(TODAY, []), ("2026-08-31", ["exclusion.report_day_missing"])]
    )
    def test_the_report_is_owed_from_today_on(self, report_by: str, refused: list[str]) -> None:
        declared: dict[str, Any] = {
            "ground": "emergency_response",
            "level": "II",
            "report_by": report_by,
        }
        assert codes(give("exclude", DIRECTOR, proposed(), **declared)) == refused

    def test_once_started_it_is_too_late(self) -> None:
        found = give("exclude", DIRECTOR, Matter(stage="started"))
        assert codes(found) == ["stage.not_allowed"]


class TestAssign:
    def test_lead_unit_and_co_units_are_named__order_713_art_11(self) -> None:
        answers = {**NO_STEP, "touches_other_units": True}
        matter = Matter(stage="started", lead_unit=None, answers=answers)
        verdict = give("assign", DIRECTOR, matter, co_units=["finance"])
        assert (codes(verdict), verdict.stage) == ([], "drafting")
        units = {"lead_unit": "planning_construction", "co_units": ("finance",)}
        assert verdict.decision.effects == (SetMatter(units),)
        assert verdict.decision.changes["lead_unit"] == (None, "planning_construction")

    def test_co_units_contradict_that_no_other_unit_is_touched__order_713_art_13(self) -> None:
        unmet = only(give("assign", DIRECTOR, Matter(), co_units=["finance"]))
        assert (unmet.code, law(unmet)) == ("matter.answer_contradicts", ["order_713 13"])
        question = procedure().questions["touches_other_units"].text
        assert unmet.params == {"question": question, "units": ("finance",)}
        assert [f"{each.role} of {each.of}" for each in unmet.cured_by] == [
            "keeper of agenda_office",
            "head of agenda_office",
        ]
        assert unmet.earliest == day(TODAY)

    def test_an_unknown_unit_is_not_found(self) -> None:
        with pytest.raises(NotFound) as caught:
            give("assign", DIRECTOR, Matter(), co_units=["finance", "harbour"])
        assert caught.value.params["units"] == ("harbour",)

    def test_a_unit_is_not_both_lead_and_co_unit(self) -> None:
        with pytest.raises(BadInput):
            give("assign", DIRECTOR, Matter(), co_units=["planning_construction"])

    def test_a_co_unit_is_named_once(self) -> None:
        with pytest.raises(BadInput) as caught:
            give("assign", DIRECTOR, Matter(), co_units=["finance", "finance"])
        assert caught.value.params["units"] == ("finance", "finance")

    def test_the_reviewing_office_cannot_undertake_what_it_reviews__order_713_art_25_1(
        self,
    ) -> None:
        unmet = unmets(give("assign", DIRECTOR, Matter(), lead_unit="legal_office"))[0]
        assert (unmet.code, law(unmet)) == ("staffing.lead_reviews", ["order_713 25.1"])
        assert unmet.params == {"unit": directory().units["legal_office"].name}
        assert [holder.role for holder in unmet.cured_by] == ["director"]

    def test_a_staffing_that_leaves_nobody_to_review_is_refused(self) -> None:
        """Everybody of the legal office has drafted, so that nobody could give the verdict."""
        office = ["legal.head", "legal.reviewer.1", "legal.reviewer.2"]
        matter = Matter().drafted(authors=office)
        left = acts_left_open(give("assign", DIRECTOR, matter))
        assert {"give_review_verdict", "confirm_changes"} <= left.keys()
        verdict = left["give_review_verdict"]
        assert verdict.params["people"] == tuple(sorted(office))
        assert law(verdict) == ["order_713 25.1", "order_713 28"]

    def test_the_rule_that_bars_them_is_cited__order_713_art_28(self) -> None:
        """All counsel have drafted, so that nobody could give counsel's opinion."""
        counsel = ["firm.counsel", "second_firm.counsel"]
        unmet = only(give("assign", DIRECTOR, Matter().drafted(authors=counsel)))
        assert (unmet.params["act"], law(unmet)) == ("record_counsel_opinion", ["order_713 28"])

    def test_so_is_one_whose_posts_are_vacant(self) -> None:
        empty = tuple(held for held in directory().appointments if held.unit != "legal_office")
        people = replace(directory(), appointments=empty)
        left = acts_left_open(give("assign", DIRECTOR, Matter(), people=people))
        assert left["give_review_verdict"].params["people"] == ()

    def test_each_act_is_judged_by_its_own_separations(self) -> None:
        """Nobody may confirm where only confirming is kept from those who drafted."""
        office = ["legal.head", "legal.reviewer.1", "legal.reviewer.2"]
        apart = tuple(
            each
            for each in procedure().separations
            if (each.act, each.rule) != ("give_review_verdict", "review.drafter_reviews")
        )
        rules = replace(procedure(), separations=apart)
        left = acts_left_open(give("assign", DIRECTOR, Matter(rules=rules).drafted(authors=office)))
        assert "confirm_changes" in left
        assert "give_review_verdict" not in left

    def test_a_lead_unit_bars_its_own_people__order_713_art_28(self) -> None:
        """The firm that undertakes a matter cannot give counsel's opinion on it."""
        matter = Matter().drafted(authors=["second_firm.counsel"])
        left = acts_left_open(give("assign", DIRECTOR, matter, lead_unit="law_firm"))
        assert "record_counsel_opinion" in left

    def test_one_reviewer_left_is_enough(self) -> None:
        matter = Matter().drafted(authors=["legal.head", REVIEWER])
        assert codes(give("assign", DIRECTOR, matter)) == []


class TestPauses:
    def test_a_pause_begins_today(self) -> None:
        verdict = give("pause", HEAD, Matter(), "2026-09-03")
        assert (codes(verdict), verdict.stage) == ([], "drafting")
        assert verdict.decision.effects == (SetMatter({"paused_since": day("2026-09-03")}),)

    def test_a_resumption_ends_it(self) -> None:
        since = day("2026-09-03")
        verdict = give("resume", HEAD, Matter(paused_since=since), "2026-09-07")
        assert verdict.decision.effects == (SetMatter({"paused_since": None}),)
        assert verdict.decision.changes == {"paused_since": (since, None)}

    def test_what_is_not_paused_is_not_resumed(self) -> None:
        assert codes(give("resume", HEAD, Matter())) == ["matter.not_paused"]

    @pytest.mark.parametrize("command", ["pause", "revise_draft"])
    def test_while_paused_nothing_else_is_done(self, command: str) -> None:
        matter = Matter(paused_since=day("2026-08-28"))
        unmet = only(give(command, HEAD, matter))
        assert (unmet.code, unmet.params) == ("matter.paused", {"since": day("2026-08-28")})
        assert [holder.role for holder in unmet.cured_by] == ["head", "director"]


class TestWithdraw:
    def test_a_matter_may_be_withdrawn(self) -> None:
        verdict = give("withdraw", HEAD, Matter())
        assert (verdict.stage, verdict.decision.effects) == ("withdrawn", ())

    def test_it_leaves_the_agenda(self) -> None:
        verdict = give("withdraw", HEAD, Matter(stage="tabled", meeting="PG-2026-1"))
        assert verdict.decision.effects == (Untable(),)

    def test_a_pause_ends_with_it(self) -> None:
        matter = Matter(paused_since=day("2026-08-28"))
        verdict = give("withdraw", HEAD, matter)
        assert verdict.decision.effects == (SetMatter({"paused_since": None}),)


class TestRuleSeparate:
    """That parts are none is ruled by the legal office, never by a side (three_major)."""

    def kindred(self, **changes: Any) -> Matter:
        kin = Kin("2026-2", "二期", 1, day(TODAY), {"project": key_of("厂房")})
        return Matter(kin=(kin,), **changes)

    def test_the_legal_office_rules_it_and_nobody_else__three_major(self) -> None:
        assert codes(give("rule_separate", LEGAL_HEAD, self.kindred())) == []
        assert codes(give("rule_separate", HEAD, self.kindred())) == ["authority.role"]

    @pytest.mark.parametrize("side", ["proposing_unit", "lead_unit"])
    def test_it_rules_nothing_of_its_own__three_major(self, side: str) -> None:
        matter = self.kindred(**{side: "legal_office"})
        assert codes(give("rule_separate", LEGAL_HEAD, matter)) == ["kin.own_side_unit"]

    def test_who_studied_it_does_not_rule_upon_it__three_major(self) -> None:
        matter = self.kindred().did("study", by=LEGAL_HEAD)
        assert codes(give("rule_separate", LEGAL_HEAD, matter)) == ["kin.own_side"]

    @pytest.mark.parametrize(("kin", "left"), [(True, {"rule_separate"}), (False, set())])
    def test_with_kin_somebody_must_be_left_who_can__three_major(
        self, kin: bool, left: set[str]
    ) -> None:
        matter = self.kindred() if kin else Matter()
        matter.did("study", by=LEGAL_HEAD).did("study", by=REVIEWER)
        matter.did("study", by=OTHER_REVIEWER).stage = "started"
        assert {"rule_separate"} & acts_left_open(give("assign", DIRECTOR, matter)).keys() == left

    def test_what_shares_nothing_is_not_ruled_upon(self) -> None:
        unmet = only(
            give("rule_separate", LEGAL_HEAD, self.kindred(), matters=["2026-2", "2026-9"])
        )
        assert (unmet.code, unmet.params) == (
            "kin.unknown",
            {"matters": ("2026-9",), "known": ("2026-2",)},
        )
