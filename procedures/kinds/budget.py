"""Budget line and finance opinion: first the budget, then the spending (先有预算、后有支出)."""

from __future__ import annotations

from dataclasses import replace

from pydantic import StrictBool

from procedures.kinds.base import Kind, pending, satisfied, underway
from workflow.definition import Nature
from workflow.ports import Act, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.texts import Line, Prose, Yuan


class BudgetLine(StepPayload):
    """The finance unit's word: which line carries the spending, how much, and whether it does."""

    line: Line
    amount_yuan: Yuan
    covered: StrictBool
    opinion: Prose


def judge_line(view: View, line: BudgetLine) -> Ruling:
    """Refuse cover for nothing, or for more than the matter is said to cost.

    What a matter costs decides of what it may be a part; who classifies corrects it first.  Where
    nothing was stated, what is confirmed is its amount from now on; so it is where a meeting
    amended the text, which nobody classifies after that.
    """
    if not line.covered:
        return Ruling()
    stated = view.facts.stated.amount_yuan
    if line.amount_yuan == 0:
        return Ruling((view.unmet("nothing_covered", "covered"),))
    if stated is None or (line.amount_yuan > stated and _amended(view)):
        return Ruling(links=view.facts.stated.at_least(line.amount_yuan).columns())
    if line.amount_yuan <= stated:
        return Ruling()
    unmet = view.unmet("above_stated", "covered", amount=line.amount_yuan, stated=stated)
    cured_by = view.procedure.holders("classify") or unmet.cured_by
    return Ruling((replace(unmet, cured_by=cured_by, earliest=view.today),))


def _amended(view: View) -> int:
    """The number of the newest version that a meeting amended; nought where none did."""
    amended = (each.number for each in view.facts.drafts if each.nature is Nature.AS_DECIDED)
    return max(amended, default=0)


def assess(view: View) -> Assessment:
    """Open until the finance unit confirms that a budget line covers the spending.

    What a meeting amended may cost something else; of that text it is confirmed anew.
    """
    confirmed = view.facts.last("confirm_budget_line", step=view.step)
    if confirmed is None or confirmed.draft < _amended(view):
        return pending(view.unmet("missing"))
    if confirmed.payload["covered"] is not True:
        return underway(view.unmet("not_covered", "covered", line=confirmed.text("line")))
    return satisfied(confirmed.filed_on)


KIND = Kind(
    name="budget",
    acts={"confirm_budget_line": Act(BudgetLine, judge_line)},
    rules={"covered": RuleShape()},
    judge=assess,
)
