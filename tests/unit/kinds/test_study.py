"""启动前论证: no start without a study (Order 713 art. 10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import TODAY, Matter, assess, codes, day, earliest, judge, law, only
from workflow.ports import StepState

HEADINGS = ("problem", "grounds", "outline", "necessity", "feasibility")


def test_a_matter_without_study_paper_is_open__order_713_art_10() -> None:
    found = assess("study", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["study.missing"])
    assert law(only(found)) == ["order_713 10"]


def test_the_unit_that_studies_it_can_cure_it() -> None:
    unmet = only(assess("study", Matter()))
    assert [(holder.role, holder.of) for holder in unmet.cured_by] == [
        ("clerk", "study_unit"),
        ("head", "study_unit"),
    ]


def test_a_filed_study_paper_satisfies_the_step() -> None:
    found = assess("study", Matter().did("study", "2026-08-03"))
    assert (found.state, found.on) == (StepState.SATISFIED, day("2026-08-03"))


def test_a_whole_paper_is_accepted() -> None:
    assert codes(judge("study", Matter())) == []


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_paper_that_lacks_a_heading_is_refused__order_713_art_10(heading: str) -> None:
    lacking: dict[str, Any] = {heading: None}
    unmet = only(judge("study", Matter(), **lacking))
    assert (unmet.code, unmet.params) == ("study.headings_missing", {"headings": (heading,)})
    assert law(unmet) == ["order_713 10", "house_rules"]


def test_a_paper_dated_ahead_is_refused_together_with_what_it_lacks() -> None:
    found = judge("study", Matter(), done_on="2026-09-02", outline=None)
    assert codes(found) == ["record.future_day", "study.headings_missing"]


def test_a_paper_of_today_is_not_dated_ahead() -> None:
    assert codes(judge("study", Matter(), done_on=TODAY)) == []


def test_it_can_be_done_at_once_but_not_firmly_beyond_the_last_notice() -> None:
    assert earliest("study", Matter(), "2026-09-05") == ("2026-09-05", False)
    assert earliest("study", Matter(), "2027-03-01") == ("2027-03-01", True)


def test_the_paper_of_another_unit_does_not_count__order_713_art_10() -> None:
    matter = Matter().did("study").did("assign_study")
    found = assess("study", matter)
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["study.other_unit"])
    assert only(found).params == {"units": ("environment_safety",)}
