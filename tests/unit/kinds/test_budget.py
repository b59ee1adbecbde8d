"""预算安排与财政意见: 先有预算、后有支出 (Budget Law art. 13)."""

from __future__ import annotations

from tests.unit.builders import Matter, assess, codes, give, judge, law, only
from workflow.decisions.scene import SetMatter
from workflow.ports import StepState


def test_spending_without_a_budget_line_is_open__budget_law_art_13() -> None:
    found = assess("budget", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["budget.missing"])
    assert law(only(found)) == ["budget_law 13"]


def test_a_line_that_does_not_cover_leaves_it_open__budget_law_art_13() -> None:
    found = assess("budget", Matter().did("confirm_budget_line", covered=False))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["budget.not_covered"])
    assert only(found).params == {"line": "2120501"}
    assert law(only(found)) == ["budget_law 13"]


def test_the_latest_word_of_the_finance_unit_counts() -> None:
    matter = Matter().did("confirm_budget_line", covered=False).did("confirm_budget_line")
    assert assess("budget", matter).state is StepState.SATISFIED
    matter.did("confirm_budget_line", covered=False)
    assert assess("budget", matter).state is StepState.IN_PROGRESS


def test_the_opinion_says_all_in_its_payload() -> None:
    assert codes(judge("confirm_budget_line", Matter(), covered=False)) == []


def test_cover_is_for_something_and_for_no_more_than_is_stated__budget_law_art_13() -> None:
    matter = Matter().did("classify", amount_yuan=100)
    for amount, found in (
        (0, ["budget.nothing_covered"]),
        (101, ["budget.above_stated"]),
        (100, []),
    ):
        assert codes(judge("confirm_budget_line", matter, amount_yuan=amount)) == found


def test_what_was_not_stated_costs_what_is_confirmed__budget_law_art_13() -> None:
    decision = give("confirm_budget_line", "finance.clerk", Matter(), amount_yuan=100).decision
    assert SetMatter({"amount_yuan": 100}) in decision.effects
    matter = Matter().did("confirm_budget_line", amount_yuan=100)
    assert matter.facts.links.amount_yuan == 100
    assert codes(judge("confirm_budget_line", matter, amount_yuan=101)) == []
    matter.did("classify", amount_yuan=7)
    assert (matter.facts.stated.amount_yuan, matter.facts.links.amount_yuan) == (7, 100)


def test_what_a_meeting_amended_is_confirmed_anew__budget_law_art_13() -> None:
    matter = Matter().drafted().did("confirm_budget_line", by="finance.clerk")
    assert assess("budget", matter).state is StepState.SATISFIED
    matter.drafted("会议修改后的文本", "as_decided")
    assert codes(assess("budget", matter)) == ["budget.missing"]
    matter.did("confirm_budget_line", by="finance.clerk")
    assert assess("budget", matter).state is StepState.SATISFIED


def test_a_meeting_may_decide_on_more_than_was_stated__order_713_art_30_1() -> None:
    matter = Matter().did("propose", amount_yuan=400_000).drafted()
    found = judge("confirm_budget_line", matter, amount_yuan=500_000)
    assert codes(found) == ["budget.above_stated"]
    matter.drafted("会议修改后的文本", "as_decided")
    found = judge("confirm_budget_line", matter, amount_yuan=500_000)
    assert (codes(found), found.links["amount_yuan"]) == ([], 500_000)
