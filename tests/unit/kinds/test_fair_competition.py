"""公平竞争审查 of whatever touches operators (Fair Competition Regulations, Order 713 art. 29)."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.kinds import KINDS
from tests.unit.builders import (
    KEEPER,
    NO_STEP,
    Matter,
    assess,
    codes,
    day,
    give,
    judge,
    law,
    meeting,
    only,
    procedure,
    ready,
)
from workflow.ports import StepState

STEP = "fair_competition"
FILE = "file_fair_competition_review"


def exception(ends_on: str) -> dict[str, Any]:
    grounds = {"ground": "节约能源", "nothing_less_harmful": "没有其他办法", "ends_on": ends_on}
    return {"conclusion": "exception", "exception": grounds}


def test_without_a_review_the_step_is_open__order_713_art_29() -> None:
    found = assess(STEP, Matter().drafted())
    assert (found.state, codes(found)) == (StepState.PENDING, ["fair_competition.missing"])
    assert law(only(found)) == ["order_713 29", "fair_competition 2"]


def test_a_compliant_text_satisfies_it() -> None:
    assert codes(judge(FILE, Matter().drafted())) == []
    assert assess(STEP, Matter().drafted().did(FILE)).state is StepState.SATISFIED


def test_a_violation_leaves_it_open__fair_competition_art_18() -> None:
    found = assess(STEP, Matter().drafted().did(FILE, conclusion="violation"))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["fair_competition.violation"])
    assert law(only(found)) == ["fair_competition 18"]


def test_a_review_without_a_text_or_dated_ahead_is_refused() -> None:
    assert codes(judge(FILE, Matter())) == ["fair_competition.no_draft"]
    found = judge(FILE, Matter().drafted(), done_on="2026-09-02")
    assert codes(found) == ["record.future_day"]


def test_an_exception_without_grounds_is_refused__fair_competition_art_12() -> None:
    unmet = only(judge(FILE, Matter().drafted(), conclusion="exception"))
    assert (unmet.code, law(unmet)) == (
        "fair_competition.exception_unfounded",
        ["fair_competition 12"],
    )


@pytest.mark.parametrize(("ends_on", "refused"), [("2026-09-01", True), ("2026-09-02", False)])
def test_an_exception_must_end_but_not_yet__fair_competition_art_12(
    ends_on: str, refused: bool
) -> None:
    found = judge(FILE, Matter().drafted(), **exception(ends_on))
    assert codes(found) == ["fair_competition.exception_ended"] * refused


def test_an_exception_satisfies_it_until_it_ends__fair_competition_art_12() -> None:
    matter = Matter().drafted().did(FILE, **exception("2026-12-31"))
    assert assess(STEP, matter, on="2026-12-30").state is StepState.SATISFIED
    found = assess(STEP, matter, on="2026-12-31")
    assert (found.state, codes(found)) == (
        StepState.IN_PROGRESS,
        ["fair_competition.exception_ended"],
    )
    assert only(found).params == {"ends_on": day("2026-12-31")}


def test_an_exception_that_ran_at_the_issue_may_end_before_the_close__fair_competition_art_12() -> (
    None
):
    issued = Matter().drafted().did(FILE, **exception("2026-12-31")).did("issue")
    assert assess(STEP, issued, on="2027-01-11").state is StepState.SATISFIED
    voided = issued.did("void_number")
    assert codes(assess(STEP, voided, on="2027-01-11")) == ["fair_competition.exception_ended"]


def test_a_substantive_change_of_the_text_lapses_it_an_editorial_one_does_not() -> None:
    matter = Matter().drafted().did(FILE).drafted("第二稿", "editorial")
    assert assess(STEP, matter).state is StepState.SATISFIED
    matter.drafted("第三稿", "substantive")
    assert codes(assess(STEP, matter)) == ["fair_competition.missing"]


def party(role: str, heard_on: str = "2026-09-01") -> dict[str, Any]:
    return {"party": "用户", "role": role, "opinion": "同意", "heard_on": heard_on}


class TestHearing:
    """Operators or their associations are heard, and the public where it is touched (art. 16)."""

    @pytest.mark.parametrize("heard", [[], [party("public")]])
    def test_without_operators_it_is_refused__fair_competition_art_16(
        self, heard: list[dict[str, Any]]
    ) -> None:
        unmet = only(judge(FILE, Matter().drafted(), heard=heard))
        assert (unmet.code, law(unmet)) == (
            "fair_competition.nobody_heard",
            ["fair_competition 16", "henan_210"],
        )

    def test_the_public_is_heard_where_it_is_touched__fair_competition_art_16(self) -> None:
        touched: dict[str, Any] = {"public_interest": True, "heard": [party("operator")]}
        found = judge(FILE, Matter().drafted(), **touched)
        assert codes(found) == ["fair_competition.public_not_heard"]
        touched["heard"] = [party("association"), party("consumer")]
        assert codes(judge(FILE, Matter().drafted(), **touched)) == []

    def test_nobody_is_heard_ahead_of_time(self) -> None:
        found = judge(FILE, Matter().drafted(), heard=[party("operator", "2026-09-02")])
        assert codes(found) == ["record.future_day"]


class TestRegulator:
    """What a government decides is reviewed together with the market regulator (art. 14)."""

    OPINION = "file_regulator_opinion"

    @staticmethod
    def above(**changes: Any) -> Matter:
        """A matter that is decided above, with its first review."""
        answers = {**NO_STEP, "decision_level": "superior", "market_activity": True}
        return Matter(answers=answers).drafted().did(FILE, **changes)

    def test_its_opinion_is_wanted__fair_competition_art_14(self) -> None:
        unmet = only(assess(STEP, self.above()))
        assert (unmet.code, law(unmet)) == (
            "fair_competition.regulator_not_asked",
            ["fair_competition 13", "jiyuan_report_2022"],
        )
        assert {holder.of for holder in unmet.cured_by} == {"market_regulator"}
        found = assess(STEP, self.above().did(self.OPINION, "2026-09-04"))
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-04"))

    def test_nationally_it_is_wanted_at_either_level__fair_competition_art_14(self) -> None:
        matter = Matter(rules=procedure("order_713")).drafted().did(FILE)
        assert law(only(assess(STEP, matter))) == ["fair_competition 14"]

    def test_what_it_objects_to_is_open__fair_competition_art_14(self) -> None:
        matter = self.above().did(self.OPINION, conclusion="objects")
        assert codes(assess(STEP, matter)) == ["fair_competition.regulator_objects"]

    def test_a_new_review_wants_a_new_opinion__fair_competition_art_14(self) -> None:
        matter = self.above().did(self.OPINION).did(FILE, **exception("2026-12-31"))
        assert codes(assess(STEP, matter)) == ["fair_competition.regulator_not_asked"]

    def test_it_is_given_on_a_review__fair_competition_art_14(self) -> None:
        assert codes(judge(self.OPINION, self.above())) == []
        found = judge(self.OPINION, Matter().drafted(), done_on="2026-09-02")
        assert codes(found) == ["record.future_day", "fair_competition.missing"]

    def test_no_side_gives_it__fair_competition_art_14(self) -> None:
        matter = self.above()
        assert codes(give(self.OPINION, "market.clerk", matter)) == []
        matter.proposing_unit = "market_regulation"
        found = give(self.OPINION, "market.clerk", matter)
        assert codes(found) == ["competition.side_reviews_unit"]
        matter = self.above().drafted("第二稿", "editorial", authors=["market.clerk"])
        assert codes(give(self.OPINION, "market.clerk", matter)) == ["competition.side_reviews"]


def test_an_exception_that_ends_before_the_meeting_does_not_pass__fair_competition_art_12() -> None:
    matter = ready(answers={**NO_STEP, "market_activity": True})
    matter.did(FILE, **exception("2026-11-06")).passed()
    matter.stage = "review_passed"
    on = "2026-10-12"
    assert assess(STEP, matter, on).state is StepState.SATISFIED
    unmet = only(give("propose_agenda_item", KEEPER, matter, on, at=meeting("2026-11-06")))
    assert (unmet.code, law(unmet)) == (
        "fair_competition.exception_ends_first",
        ["fair_competition 12"],
    )
    assert unmet.params == {"ends_on": day("2026-11-06"), "held_on": day("2026-11-06")}
    assert codes(give("propose_agenda_item", KEEPER, matter, on, at=meeting("2026-11-05"))) == []


def test_adopted_while_the_exception_ran_it_is_issued_and_closed__fair_competition_art_12() -> None:
    matter = Matter().drafted().did(FILE, **exception("2026-12-31")).adopted()
    assert assess(STEP, matter, on="2027-06-01").state is StepState.SATISFIED
    ended = Matter().drafted().did(FILE, **exception("2026-11-06")).adopted()
    assert codes(assess(STEP, ended, on="2026-11-07")) == ["fair_competition.exception_ended"]


def test_its_end_is_a_duty_of_the_execution__fair_competition_art_12() -> None:
    step, kind = procedure().steps[STEP], KINDS[STEP]
    matter = Matter().drafted().did(FILE, **exception("2026-12-31")).adopted()
    (running,) = kind.owes(matter.view(step, "2026-12-30"))
    assert (running.code, law(running)) == (
        "fair_competition.exception_running",
        ["fair_competition 12"],
    )
    (over,) = kind.owes(matter.view(step, "2026-12-31"))
    assert over.code == "fair_competition.exception_overrun"
    assert over.cured_by == matter.rules.holders("assign_execution")
    matter.did("assign_execution").did("complete_execution")
    assert kind.owes(matter.view(step, "2026-12-31")) == ()
    assert kind.owes(Matter().drafted().did(FILE).view(step)) == ()
    assert kind.owes(Matter().drafted().view(step)) == ()
