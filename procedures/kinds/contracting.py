"""Contracts and spending (合同与支出): first the budget, then the contract, then its publication.

A decision that spends money is carried out by contracts.  Before each the budget is confirmed anew;
what is bought is announced beforehand and the contract soon after; a government investment stays
within its approved estimate and is not financed by whoever builds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import StrictBool

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, accept, counted, not_ahead, pending, satisfied, underway
from procedures.kinds.budget import BudgetLine
from procedures.kinds.execution import out_of_force
from workflow.facts import Record
from workflow.kin import key_of
from workflow.ports import Act, ActPart, Assessment, Deadline, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Prose, Yuan

INTENTION, ESTIMATE, CONFIRM = "publish_intention", "file_design_estimate", "reconfirm_budget"
SIGN, NOTICE, CONCLUDE = "sign_contract", "publish_contract", "conclude_contracts"

_PERCENT = 100


class Intention(StepPayload):
    """采购意向: what is to be bought, and where that was announced."""

    published_on: Day
    place: Line
    purchase: Line


class DesignEstimate(StepPayload):
    """概算 of a government investment beside the 估算 of its feasibility study, in yuan.

    `reported_to` and `reported_on` where it exceeds the latter by more than the rule allows.
    """

    feasibility_yuan: Yuan
    design_yuan: Yuan
    approved_by: Line
    reported_to: Line | None = None
    reported_on: Day | None = None


class Contract(StepPayload):
    """A contract that was signed.

    `purchase` (as its intention names it), `purchase_began_on` and, where that was not announced in
    time, the unforeseeable reason, are those of a government purchase.
    """

    contract: Line
    counterparty: Line
    amount_yuan: Yuan
    signed_on: Day
    government_purchase: StrictBool
    purchase: Line | None = None
    purchase_began_on: Day | None = None
    reason_without_intention: Prose | None = None
    government_investment: StrictBool
    contractor_prefinances: StrictBool


class ContractNotice(StepPayload):
    """合同公告; `reason_for_delay` is owed where its time is over."""

    contract: Line
    published_on: Day
    place: Line
    reason_for_delay: Prose | None = None


class ContractsConcluded(StepPayload):
    """All contracts are signed, or the money is spent without any; how it was spent."""

    without_contract: StrictBool
    statement: Prose


def judge_intention(view: View, paper: Intention) -> Ruling:
    """Refuse what is dated ahead."""
    return Ruling(not_ahead(view, paper.published_on))


def judge_estimate(view: View, paper: DesignEstimate) -> Ruling:
    """Refuse an estimate that is too far above the earlier one and was not reported."""
    found = () if paper.reported_on is None else not_ahead(view, paper.reported_on)
    percent = view.step.rules["overrun"].value or 0
    over = paper.design_yuan * _PERCENT > paper.feasibility_yuan * (_PERCENT + percent)
    if over and (paper.reported_on is None or paper.reported_to is None):
        found += (view.unmet("overrun_unreported", "overrun", ESTIMATE, percent=percent),)
    return Ruling(found)


def judge_contract(view: View, paper: Contract) -> Ruling:
    """Refuse a contract without a budget, out of the estimate, or not announced beforehand.

    Nor is one signed for more than was decided, or on a decision that is in force no more.
    """
    found = not_ahead(view, paper.signed_on) + tuple(_unbudgeted(view, paper))
    found += out_of_force(view, view.step.rules["as_decided"]) + tuple(_undecided(view, paper))
    if paper.government_purchase:
        found += tuple(_unannounced(view, paper))
    if paper.government_investment:
        found += tuple(_ill_invested(view, paper))
    return Ruling(found)


def _unbudgeted(view: View, paper: Contract) -> Iterator[Unmet]:
    """The newest word of finance up to the signing covers all contracts together, or not."""
    words = [
        each for each in view.facts.of(CONFIRM, step=view.step) if each.filed_on <= paper.signed_on
    ]
    if not words or words[-1].payload["covered"] is not True:
        yield view.unmet("budget_unconfirmed", "budget_again", CONFIRM)
        return
    confirmed, total = _yuan(words[-1], "amount_yuan"), _signed_sum(view) + paper.amount_yuan
    if total > confirmed:
        yield view.unmet(
            "above_confirmed", "budget_again", CONFIRM, amount=total, confirmed=confirmed
        )


def _undecided(view: View, paper: Contract) -> Iterator[Unmet]:
    """What the bodies decided on says how much it comes to at most."""
    decided, total = view.facts.links.amount_yuan, _signed_sum(view) + paper.amount_yuan
    if decided is not None and total > decided:
        yield view.unmet("above_decided", "as_decided", "", amount=total, decided=decided)


def _unannounced(view: View, paper: Contract) -> Iterator[Unmet]:
    """A purchase is announced so long before it begins, or there is a reason that tells why not.

    What was announced of something else does not count.
    """
    if view.tells(paper.reason_without_intention):
        return
    told = view.facts.of(INTENTION, step=view.step)
    if not told or paper.purchase_began_on is None:
        yield view.unmet("intention_missing", "intention", INTENTION)
        return
    told = tuple(
        each for each in told if key_of(each.text("purchase")) == key_of(paper.purchase or "")
    )
    if not told:
        named = paper.purchase or ""
        yield view.unmet("intention_of_another", "intention", INTENTION, purchase=named)
        return
    rule = view.step.rules["intention"]
    last, _ = view.counting.latest(rule, paper.purchase_began_on)
    if min(each.day("published_on") for each in told) > last:
        yield view.unmet(
            "intention_late", "intention", SIGN, amount=rule.value, unit=rule.unit, last=last
        )


def _ill_invested(view: View, paper: Contract) -> Iterator[Unmet]:
    """Financed by whoever builds it, or above the approved estimate of its design."""
    if paper.contractor_prefinances:
        yield view.unmet("prefinanced", "prefinancing", SIGN)
    estimate = view.facts.last(ESTIMATE, step=view.step)
    if estimate is None:
        yield view.unmet("estimate_missing", "approved_estimate", ESTIMATE)
        return
    approved = _yuan(estimate, "design_yuan")
    total = _signed_sum(view, invested=True) + paper.amount_yuan
    if total > approved:
        yield view.unmet(
            "above_approved", "approved_estimate", ESTIMATE, amount=total, approved=approved
        )


def _signed_sum(view: View, *, invested: bool = False) -> int:
    """What is signed so far, in yuan; that of government investments only where `invested`."""
    return sum(
        _yuan(each, "amount_yuan")
        for each in view.facts.of(SIGN, step=view.step)
        if not invested or each.payload["government_investment"] is True
    )


def _yuan(record: Record, name: str) -> int:
    return int(record.text(name))


def judge_notice(view: View, paper: ContractNotice) -> Ruling:
    """Refuse a notice of no contract on file, older than it, or late without a reason."""
    found = not_ahead(view, paper.published_on)
    signed = _signed(view, paper.contract)
    if signed is None:
        unmet = view.unmet("contract_unknown", "contract_notice", SIGN, contract=paper.contract)
        return Ruling((*found, unmet))
    signed_on = signed.day("signed_on")
    if paper.published_on < signed_on:
        found += (view.unmet("before_signing", "contract_notice", NOTICE, signed_on=signed_on),)
    last = notice_ends(view, signed)
    if paper.published_on <= last:
        return Ruling(found)
    if not view.tells(paper.reason_for_delay):
        found += (view.unmet("late_without_reason", "contract_notice", NOTICE, ends=last),)
    return Ruling(found, extra={OVERDUE: "contract_notice"})


def notice_ends(view: View, signed: Record) -> date:
    """The last day for the notice of a contract, counted from its signing."""
    return view.counting.end(view.step.rules["contract_notice"], signed.day("signed_on"))[0]


def ends(view: View) -> Deadline | None:
    """The last day for the first of the notices that are still owed."""
    owed = [
        counted(view, view.step.rules["contract_notice"], signed.day("signed_on"))
        for signed in _unannounced_contracts(view)
    ]
    return min(owed, key=lambda each: each.by, default=None)


def judge_conclusion(view: View, paper: ContractsConcluded) -> Ruling:
    """Refuse a statement that differs from what is on file, or leaves a notice out."""
    signed = view.facts.of(SIGN, step=view.step)
    found: tuple[Unmet, ...] = ()
    if paper.without_contract is bool(signed) or not view.tells(paper.statement):
        found += (view.unmet("statement_differs", "budget_again", CONCLUDE, count=len(signed)),)
    return Ruling((*found, *_unpublished(view)))


def _signed(view: View, name: str) -> Record | None:
    signed = [each for each in view.facts.of(SIGN, step=view.step) if each.text("contract") == name]
    return signed[-1] if signed else None


def _unannounced_contracts(view: View) -> Iterator[Record]:
    """Each contract of a government purchase that was not published since it was signed."""
    notices = view.facts.of(NOTICE, step=view.step)
    for signed in view.facts.of(SIGN, step=view.step):
        name = signed.text("contract")
        told = any(
            each.text("contract") == name and each.position > signed.position for each in notices
        )
        if signed.payload["government_purchase"] is True and not told:
            yield signed


def _unpublished(view: View) -> Iterator[Unmet]:
    """What is unmet of each of those."""
    for signed in _unannounced_contracts(view):
        yield view.unmet(
            "notice_missing",
            "contract_notice",
            NOTICE,
            contract=signed.text("contract"),
            ends=notice_ends(view, signed),
        )


def assess(view: View) -> Assessment:
    """Open until all contracts are signed and announced, or it is stated that there is none."""
    signed = view.facts.last(SIGN, step=view.step)
    stated = view.facts.last(CONCLUDE, step=view.step)
    if stated is not None and (signed is None or stated.position > signed.position):
        return satisfied(stated.filed_on)
    if signed is None:
        return pending(view.unmet("missing", "", CONCLUDE))
    return underway(view.unmet("not_concluded", "", CONCLUDE), *_unpublished(view))


KIND = Kind(
    name="contracting",
    acts={
        INTENTION: Act(Intention, judge_intention, part=ActPart.ASIDE),
        ESTIMATE: Act(DesignEstimate, judge_estimate, part=ActPart.ASIDE),
        CONFIRM: Act(BudgetLine, accept, part=ActPart.ASIDE),
        SIGN: Act(Contract, judge_contract, part=ActPart.UNDO),
        NOTICE: Act(ContractNotice, judge_notice, part=ActPart.ASIDE),
        CONCLUDE: Act(ContractsConcluded, judge_conclusion, part=ActPart.END),
    },
    rules={
        "budget_again": RuleShape(),
        "as_decided": RuleShape(),
        "intention": RuleShape(period=True),
        "contract_notice": RuleShape(period=True),
        "overrun": RuleShape(number=True),
        "prefinancing": RuleShape(),
        "approved_estimate": RuleShape(),
    },
    judge=assess,
    ends=ends,
)
