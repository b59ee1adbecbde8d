"""What a step kind sees, and how steps stand."""

from __future__ import annotations

import pytest

from procedures.kinds import KINDS
from tests.unit.builders import Matter, counting, day, payload, procedure
from workflow.calendar import Span
from workflow.ports import Payload, StepState, View


def view(matter: Matter, on: str) -> View:
    step = procedure().steps["study"]
    return View(procedure(), step, matter.facts, counting(), day(on))


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        (StepState.NOT_REQUIRED, True),
        (StepState.PENDING, False),
        (StepState.IN_PROGRESS, False),
        (StepState.SATISFIED, True),
        (StepState.WAIVED, True),
    ],
)
def test_an_open_step_wants_something(state: StepState, closed: bool) -> None:
    assert state.closed is closed


def test_where_nobody_is_known_nobody_is_able() -> None:
    found = view(Matter(), "2026-09-01")
    assert (found.actor, dict(found.units), found.able("study")) == ("", {}, frozenset())
    assert found.served("study", found.today) == frozenset()


class TestPauses:
    MATTER = Matter().did("pause", "2026-09-01").did("resume", "2026-09-03")
    CLOSED = Span(day("2026-09-01"), day("2026-09-03"))

    def test_closed_pauses_are_those_of_the_matter(self) -> None:
        assert view(self.MATTER, "2026-09-10").pauses == (self.CLOSED,)

    def test_an_open_one_counts_up_to_today(self) -> None:
        matter = Matter(records=self.MATTER.records, paused_since=day("2026-09-08"))
        assert view(matter, "2026-09-10").pauses == (
            self.CLOSED,
            Span(day("2026-09-08"), day("2026-09-10")),
        )

    def test_one_of_today_has_taken_no_day_yet(self) -> None:
        matter = Matter(paused_since=day("2026-09-08"))
        assert view(matter, "2026-09-08").pauses == ()


class TestUnmet:
    def test_it_cites_its_rule_or_else_its_step(self) -> None:
        study = procedure().steps["study"]
        found = view(Matter(), "2026-09-01")
        assert found.unmet("missing").citations == study.citations
        unmet = found.unmet("headings_missing", "content", headings=("problem",))
        assert unmet.citations == study.rules["content"].citations
        assert (unmet.code, unmet.params, unmet.step) == (
            "study.headings_missing",
            {"headings": ("problem",)},
            "study",
        )

    def test_whoever_may_do_the_act_can_cure_it(self) -> None:
        review = procedure().steps["legality_review"]
        found = View(procedure(), review, Matter().facts, counting(), day("2026-09-01"))
        assert found.unmet("missing").cured_by == review.acts["submit_for_review"]
        unmet = found.unmet("in_progress", "", "give_review_verdict")
        assert unmet.cured_by == review.acts["give_review_verdict"]


def test_a_late_entry_counts_from_its_earliest_day_however_deep() -> None:
    opinions = [
        {"unit": "finance", "position": "agrees", "opinion": "同意", "given_on": "2026-08-25"},
        {"unit": "discipline", "position": "agrees", "opinion": "同意", "given_on": "2026-08-30"},
    ]
    assert payload("file_consultation", opinions=opinions).days_late(day("2026-09-01")) == 7


def test_an_act_that_names_answers_of_intake_says_which_it_corrects() -> None:
    """The service asks for them before the act is judged, for they may bring in more rules."""
    silent = [
        name
        for kind in KINDS.values()
        for name, act in kind.acts.items()
        if "answers" in act.payload.model_fields and act.payload.corrections is Payload.corrections
    ]
    assert silent == []
    assert payload("study").corrections() == {}
