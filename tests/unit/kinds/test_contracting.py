"""合同与支出: Budget Law art. 13, procurement art. 50 and its intentions, government investment."""

from __future__ import annotations

from typing import Any, Final

import pytest

from procedures.departures import Way, departures
from procedures.kinds import KINDS
from tests.unit.builders import HEAD, Matter, assess, codes, day, judge, law, only, procedure
from workflow.facts import Linked
from workflow.ports import StepState

STEP, FINANCE = "contracting", "finance.clerk"
PURCHASE: Final[dict[str, Any]] = {
    "government_purchase": True,
    "purchase": "收费系统改造",
    "purchase_began_on": "2026-10-01",
}
INVESTED: Final[dict[str, Any]] = {"government_investment": True}


def budgeted(on: str = "2026-09-01", **changes: Any) -> Matter:
    return Matter().did("reconfirm_budget", on, FINANCE, **changes)


def bought(signed_on: str) -> Matter:
    matter = budgeted().did("publish_intention")
    return matter.did("sign_contract", signed_on, signed_on=signed_on, **PURCHASE)


def test_money_is_accounted_for_before_the_end__budget_law_art_13() -> None:
    found = assess(STEP, Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["contracting.missing"])
    assert law(only(found)) == ["budget_law 13"]


class TestTheBudget:
    def test_is_confirmed_again_before_the_signing__budget_law_art_13(self) -> None:
        unmet = only(judge("sign_contract", Matter()))
        assert (unmet.code, law(unmet)) == ("contracting.budget_unconfirmed", ["budget_law 13"])
        assert codes(judge("sign_contract", budgeted())) == []

    def test_confirmed_after_it_comes_too_late__budget_law_art_13(self) -> None:
        late = budgeted("2026-09-02")
        found = judge("sign_contract", late, "2026-09-03", signed_on="2026-09-01")
        assert codes(found) == ["contracting.budget_unconfirmed"]

    def test_the_newest_word_of_finance_counts__budget_law_art_13(self) -> None:
        withdrawn = budgeted().did("reconfirm_budget", by=FINANCE, covered=False)
        assert codes(judge("sign_contract", withdrawn)) == ["contracting.budget_unconfirmed"]

    def test_covers_all_contracts_together_to_the_last_yuan__budget_law_art_13(self) -> None:
        first = budgeted().did("sign_contract", amount_yuan=400_000)
        assert codes(judge("sign_contract", first, amount_yuan=600_000)) == []
        unmet = only(judge("sign_contract", first, amount_yuan=600_001))
        assert unmet.code == "contracting.above_confirmed"
        assert unmet.params == {"amount": 1_000_001, "confirmed": 1_000_000}


class TestAPurchase:
    @pytest.mark.parametrize(
        ("began", "problems"),
        [("2026-10-01", []), ("2026-09-30", ["contracting.intention_late"])],
    )
    def test_is_announced_thirty_days_before_it_begins__procurement_intentions(
        self, began: str, problems: list[str]
    ) -> None:
        told = budgeted().did("publish_intention")
        found = judge("sign_contract", told, **{**PURCHASE, "purchase_began_on": began})
        assert codes(found) == problems

    def test_unannounced_or_without_its_day_it_is_refused__procurement_intentions(self) -> None:
        unmet = only(judge("sign_contract", budgeted(), **PURCHASE))
        assert unmet.code == "contracting.intention_missing"
        assert law(unmet) == ["procurement_intentions"]
        told = budgeted().did("publish_intention")
        found = judge("sign_contract", told, government_purchase=True)
        assert codes(found) == ["contracting.intention_missing"]

    @pytest.mark.parametrize(
        ("bought", "problems"),
        [
            ("收费系统（改造）", []),
            ("巡查车辆", ["contracting.intention_of_another"]),
            (None, ["contracting.intention_of_another"]),
        ],
    )
    def test_is_not_covered_by_what_was_announced_of_another__procurement_intentions(
        self, bought: str | None, problems: list[str]
    ) -> None:
        told = budgeted().did("publish_intention")
        found = judge("sign_contract", told, **{**PURCHASE, "purchase": bought})
        assert codes(found) == problems

    def test_may_be_urgent_for_a_reason_that_says_something__procurement_intentions(self) -> None:
        def given(reason: str) -> list[str]:
            found = judge("sign_contract", budgeted(), **PURCHASE, reason_without_intention=reason)
            return codes(found)

        assert given("泵站突然损坏") == []
        assert given("无") == ["contracting.intention_missing"]


class TestAnInvestment:
    @pytest.mark.parametrize(
        ("design", "problems"),
        [(1_100_000, []), (1_100_001, ["contracting.overrun_unreported"])],
    )
    def test_more_than_a_tenth_above_is_reported__investment_regulations_art_12_2(
        self, design: int, problems: list[str]
    ) -> None:
        found = judge("file_design_estimate", Matter(), design_yuan=design)
        assert codes(found) == problems
        told: dict[str, Any] = {"reported_to": "发展改革部门", "reported_on": "2026-09-01"}
        assert codes(judge("file_design_estimate", Matter(), design_yuan=design, **told)) == []

    def test_a_report_is_not_dated_ahead(self) -> None:
        found = judge("file_design_estimate", Matter(), reported_on="2026-09-02")
        assert codes(found) == ["record.future_day"]

    def test_no_builder_pays_in_advance__investment_regulations_art_22_2(self) -> None:
        matter = budgeted().did("file_design_estimate")
        unmet = only(judge("sign_contract", matter, **INVESTED, contractor_prefinances=True))
        assert unmet.code == "contracting.prefinanced"
        assert law(unmet) == ["investment_regulations 22.2"]

    def test_without_an_approved_estimate_nothing_is_signed__investment_regulations_art_23(
        self,
    ) -> None:
        found = judge("sign_contract", budgeted(), **INVESTED)
        assert codes(found) == ["contracting.estimate_missing"]

    def test_its_contracts_stay_within_the_estimate__investment_regulations_art_23(self) -> None:
        matter = budgeted(amount_yuan=5_000_000).did("file_design_estimate")
        matter.did("sign_contract", amount_yuan=900_000)
        matter.did("sign_contract", amount_yuan=500_000, **INVESTED)
        assert codes(judge("sign_contract", matter, amount_yuan=600_000, **INVESTED)) == []
        unmet = only(judge("sign_contract", matter, amount_yuan=600_001, **INVESTED))
        assert unmet.code == "contracting.above_approved"
        assert unmet.params == {"amount": 1_100_001, "approved": 1_100_000}


class TestTheNotice:
    def test_of_a_contract_that_nobody_signed_is_none(self) -> None:
        found = judge("publish_contract", budgeted())
        assert codes(found) == ["contracting.contract_unknown"]

    def test_is_not_older_than_the_contract_nor_ahead__procurement_rules_art_50(self) -> None:
        signed = bought("2026-10-12")
        found = judge("publish_contract", signed, "2026-10-12", published_on="2026-10-11")
        assert codes(found) == ["contracting.before_signing"]
        found = judge("publish_contract", signed, "2026-10-12", published_on="2026-10-13")
        assert codes(found) == ["record.future_day"]


def test_the_notice_is_due_within_two_working_days__procurement_rules_art_50() -> None:
    signed = bought("2026-09-30")
    # The National Day runs from 1 to 7 October 2026.
    last, late = "2026-10-09", "2026-10-10"
    unpublished = assess(STEP, signed, "2026-10-08").unmet[-1]
    assert (unpublished.code, unpublished.params["ends"]) == (
        "contracting.notice_missing",
        day(last),
    )
    deadline = KINDS[STEP].deadline(signed.view(procedure().steps[STEP], "2026-10-08"))
    assert deadline is not None
    assert (deadline.by, deadline.since) == (day(last), day("2026-09-30"))
    assert codes(judge("publish_contract", signed, last, published_on=last)) == []
    unmet = only(judge("publish_contract", signed, late, published_on=late))
    assert (unmet.code, law(unmet)) == (
        "contracting.late_without_reason",
        ["procurement_rules 50"],
    )
    given: dict[str, Any] = {"published_on": late, "reason_for_delay": "采购网站维护"}
    assert codes(judge("publish_contract", signed, late, **given)) == []
    (departure,) = departures(procedure(), signed.did("publish_contract", late, **given).facts)
    assert (departure.way, departure.rule) == (Way.LATE, "contract_notice")


class TestTheConclusion:
    def test_without_any_contract_says_how_the_money_was_spent__budget_law_art_13(self) -> None:
        none: dict[str, Any] = {"without_contract": True}
        assert codes(judge("conclude_contracts", Matter(), **none, statement="按月核销")) == []
        for given in (none | {"statement": "无"}, {"without_contract": False}):
            found = judge("conclude_contracts", Matter(), **given)
            assert codes(found) == ["contracting.statement_differs"]

    def test_waits_for_every_notice__procurement_rules_art_50(self) -> None:
        signed = bought("2026-10-12")
        found = judge("conclude_contracts", signed, "2026-10-12", HEAD)
        assert codes(found) == ["contracting.notice_missing"]
        other = signed.did("sign_contract", "2026-10-12", contract="乙合同")
        other.did("publish_contract", "2026-10-12", published_on="2026-10-12")
        assert codes(judge("conclude_contracts", other, "2026-10-12", HEAD)) == []

    def test_ends_the_step_until_another_contract_is_signed__budget_law_art_13(self) -> None:
        matter = budgeted().did("sign_contract")
        assert codes(assess(STEP, matter)) == ["contracting.not_concluded"]
        assert KINDS[STEP].deadline(matter.view(procedure().steps[STEP])) is None
        assert assess(STEP, matter.did("conclude_contracts")).state is StepState.SATISFIED
        again = assess(STEP, matter.did("sign_contract", contract="乙合同"))
        assert again.state is StepState.IN_PROGRESS


class TestWhatWasDecided:
    def test_is_not_exceeded_by_all_contracts_together__order_713_art_37(self) -> None:
        decided = Matter().did("confirm_budget_line", by=FINANCE, amount_yuan=1_000_000)
        matter = decided.did("reconfirm_budget", by=FINANCE, amount_yuan=9_000_000)
        first = matter.did("sign_contract", amount_yuan=400_000)
        assert codes(judge("sign_contract", first, amount_yuan=600_000)) == []
        unmet = only(judge("sign_contract", first, amount_yuan=600_001))
        assert unmet.code == "contracting.above_decided"
        assert unmet.params == {"amount": 1_000_001, "decided": 1_000_000}
        assert law(unmet) == ["order_713 37", "budget_law 13"]

    def test_once_changed_is_no_ground_for_a_contract__order_713_art_37(self) -> None:
        matter = budgeted()
        matter.changes = (Linked("2026-2", "调整", "issued", "2026-1", issued=True),)
        assert codes(judge("sign_contract", matter)) == ["execution.superseded"]

    def test_and_expired_is_none_either__order_713_art_37(self) -> None:
        matter = budgeted().did("issue", expires_on="2026-12-31")
        found = judge("sign_contract", matter, "2027-01-01", signed_on="2027-01-01")
        assert codes(found) == ["execution.expired"]
