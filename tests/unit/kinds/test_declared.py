"""A declared step, here the cost audit before a price is fixed (Measures on Cost Audits art. 5)."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.builders import (
    Matter,
    assess,
    codes,
    day,
    earliest,
    judge,
    law,
    only,
    procedure,
    with_step,
)
from workflow.calendar import Unit
from workflow.definition import Citation, Rule
from workflow.ports import StepState


def test_without_evidence_the_step_is_open__pricing_law_art_22() -> None:
    found = assess("cost_audit", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["declared.missing"])
    assert only(found).params == {"step": procedure().steps["cost_audit"].name}
    assert law(only(found)) == ["pricing_law 22", "cost_audit"]


def test_evidence_that_does_not_conclude_leaves_it_open() -> None:
    found = assess("cost_audit", Matter().did("file_evidence", concluded=False))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["declared.not_concluded"])
    assert only(found).params == {"step": procedure().steps["cost_audit"].name}


def test_concluding_evidence_satisfies_it() -> None:
    assert assess("cost_audit", Matter().did("file_evidence")).state is StepState.SATISFIED


def test_evidence_dated_ahead_is_refused() -> None:
    assert codes(judge("file_evidence", Matter(), done_on="2026-09-02")) == ["record.future_day"]
    assert codes(judge("file_evidence", Matter())) == []


ENVIRONMENT = "environmental_assessment"


def paper(name: str, **more: Any) -> dict[str, Any]:
    return {"step": ENVIRONMENT, "papers": [name], **more}


class TestNamedPapers:
    """A declared step may name the papers that it owes (Environmental Law arts. 8, 13, 22)."""

    def test_it_is_not_concluded_without_all_of_them__environmental_law_art_8(self) -> None:
        unmet = only(judge("file_evidence", Matter(), **paper("environmental_report")))
        assert (unmet.code, unmet.params["papers"]) == (
            "declared.papers_missing",
            ("environmental_review",),
        )
        assert law(unmet)[0] == "environmental_law 8"

    def test_they_may_come_one_after_the_other(self) -> None:
        matter = Matter().did("file_evidence", **paper("environmental_report", concluded=False))
        assert codes(assess(ENVIRONMENT, matter)) == ["declared.not_concluded"]
        assert codes(judge("file_evidence", matter, **paper("environmental_review"))) == []
        matter.did("file_evidence", **paper("environmental_review"))
        assert assess(ENVIRONMENT, matter).state is StepState.SATISFIED

    def test_somebody_has_made_them__order_713_art_36(self) -> None:
        both: dict[str, Any] = {
            "papers": ["environmental_report", "environmental_review"],
            "step": ENVIRONMENT,
        }
        for unsaid in (None, "无"):
            unmet = only(judge("file_evidence", Matter(), **both, made_by=unsaid))
            assert (unmet.code, law(unmet)) == ("declared.author_missing", ["order_713 36"])
        matter = Matter().did("file_evidence", **paper("environmental_report", concluded=False))
        assert codes(judge("file_evidence", matter, **both, made_by=None)) == []

    def test_what_concluded_before_the_papers_were_owed_is_open_again(self) -> None:
        matter = Matter().did("file_evidence", step=ENVIRONMENT)
        found = assess(ENVIRONMENT, matter)
        assert codes(found) == ["declared.papers_missing"]

    def test_what_does_not_conclude_owes_nothing_yet(self) -> None:
        found = judge("file_evidence", Matter(), step=ENVIRONMENT, concluded=False)
        assert codes(found) == []


class TestNamedGrounds:
    """A step may have to rest on a ground that the law lists (Expropriation Regulations art. 8)."""

    @staticmethod
    def matter() -> Matter:
        grounds = Rule(
            "grounds",
            (Citation("cost_audit", "5"),),
            choices=("infrastructure", "old_town_renewal"),
        )
        return Matter(rules=with_step(procedure(), "cost_audit", rules={"grounds": grounds}))

    def test_another_ground_or_none_does_not_conclude_it__expropriation_art_8(self) -> None:
        for ground in ("investment", None):
            unmet = only(judge("file_evidence", self.matter(), ground=ground))
            assert unmet.code == "declared.groundless"
            assert unmet.params["bases"] == ("infrastructure", "old_town_renewal")

    def test_a_ground_that_is_listed_concludes_it__expropriation_art_8(self) -> None:
        matter = self.matter()
        assert codes(judge("file_evidence", matter, ground="old_town_renewal")) == []
        matter.did("file_evidence", ground="old_town_renewal")
        assert assess("cost_audit", matter).state is StepState.SATISFIED

    def test_what_concluded_before_the_ground_was_asked_is_open_again(self) -> None:
        found = assess("cost_audit", self.matter().did("file_evidence"))
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["declared.groundless"])

    def test_what_does_not_conclude_owes_none_yet(self) -> None:
        assert codes(judge("file_evidence", self.matter(), concluded=False)) == []


class TestFloor:
    """A declared step may have to last: so long at least after its first paper."""

    @staticmethod
    def matter() -> Matter:
        wait = Rule(
            "wait",
            (Citation("cost_audit", "5"),),
            value=10,
            unit=Unit.WORKING_DAYS,
            counting="period_working_days",
        )
        return Matter(rules=with_step(procedure(), "cost_audit", rules={"wait": wait}))

    def test_it_is_not_concluded_with_its_first_paper(self) -> None:
        unmet = only(judge("file_evidence", self.matter()))
        assert (unmet.code, unmet.params["ends"]) == ("declared.too_early", day("2026-09-15"))
        assert (unmet.params["amount"], unmet.earliest) == (10, day("2026-09-16"))

    def test_it_is_concluded_once_its_time_is_over(self) -> None:
        matter = self.matter().did("file_evidence", concluded=False)
        found = judge("file_evidence", matter, "2026-09-15")
        assert codes(found) == ["declared.too_early"]
        assert codes(judge("file_evidence", matter, "2026-09-16")) == []

    def test_a_shortening_that_was_approved_lifts_it(self) -> None:
        matter = self.matter()
        matter.did("approve_override", step="cost_audit", rule="wait")
        assert codes(judge("file_evidence", matter)) == []
        assert earliest("cost_audit", matter, "2026-09-01") == ("2026-09-01", False)

    def test_it_is_waited_for(self) -> None:
        matter = self.matter()
        assert earliest("cost_audit", matter, "2026-09-01") == ("2026-09-16", False)
        matter.did("file_evidence", concluded=False)
        assert earliest("cost_audit", matter, "2026-09-07") == ("2026-09-16", False)
        assert earliest("cost_audit", matter, "2026-09-21") == ("2026-09-21", False)

    def test_without_one_it_takes_no_time(self) -> None:
        assert earliest("cost_audit", Matter(), "2026-09-01") == ("2026-09-01", False)


class TestAResolution:
    """What the People's Congress decides (Order 713 art. 8.1)."""

    STEP: Final = "congress_resolution"

    def paper(self, **more: Any) -> dict[str, Any]:
        return {"step": self.STEP, "papers": ["congress_resolution"], **more}

    def test_it_tells_its_result_and_is_not_older_than_the_decision__order_713_art_8_1(
        self,
    ) -> None:
        decided = Matter().adopted()
        early = self.paper(done_on="2026-11-05")
        found = judge("file_evidence", decided, "2026-11-09", **early)
        assert codes(found) == ["declared.before_decision", "declared.result_missing"]
        assert law(found.unmet[0]) == ["order_713 8.1"]
        told = self.paper(done_on="2026-11-06", passed=False)
        assert codes(judge("file_evidence", decided, "2026-11-09", **told)) == []
        open_ = self.paper(done_on="2026-11-06", concluded=False)
        assert codes(judge("file_evidence", decided, "2026-11-09", **open_)) == []

    def test_what_was_not_passed_is_not_issued__order_713_art_8_1(self) -> None:
        refused = Matter().did("file_evidence", **self.paper(passed=False))
        assert codes(assess(self.STEP, refused)) == ["declared.not_passed"]
        passed = Matter().did("file_evidence", **self.paper(passed=True))
        assert assess(self.STEP, passed).state is StepState.SATISFIED
