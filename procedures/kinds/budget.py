"""Budget line and finance opinion: first the budget, then the spending (先有预算、后有支出)."""

from __future__ import annotations

from pydantic import StrictBool

from procedures.kinds.base import Kind, accept, pending, satisfied, underway
from workflow.ports import Act, Assessment, RuleShape, StepPayload, View
from workflow.texts import Line, Prose, Yuan


class BudgetLine(StepPayload):
    """The finance unit's word: which line carries the spending, how much, and whether it does."""

    line: Line
    amount_yuan: Yuan
    covered: StrictBool
    opinion: Prose


def assess(view: View) -> Assessment:
    """Open until the finance unit confirms that a budget line covers the spending."""
    confirmed = view.facts.last("confirm_budget_line", step=view.step)
    if confirmed is None:
        return pending(view.unmet("missing"))
    if confirmed.payload["covered"] is not True:
        return underway(view.unmet("not_covered", "covered", line=confirmed.text("line")))
    return satisfied(confirmed.filed_on)


KIND = Kind(
    name="budget",
    acts={"confirm_budget_line": Act(BudgetLine, accept)},
    rules={"covered": RuleShape()},
    judge=assess,
)
