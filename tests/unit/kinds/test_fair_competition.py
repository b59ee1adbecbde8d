"""公平竞争审查 of whatever touches operators (Fair Competition Regulations, Order 713 art. 29)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import Matter, assess, codes, day, judge, law, only
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


def test_a_substantive_change_of_the_text_lapses_it_an_editorial_one_does_not() -> None:
    matter = Matter().drafted().did(FILE).drafted("第二稿", "editorial")
    assert assess(STEP, matter).state is StepState.SATISFIED
    matter.drafted("第三稿", "substantive")
    assert codes(assess(STEP, matter)) == ["fair_competition.missing"]
