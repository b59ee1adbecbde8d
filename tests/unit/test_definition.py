"""A definition as the engine sees it: predicates over answers, holders, the first stage."""

from __future__ import annotations

import pytest

from tests.unit.builders import procedure
from workflow.definition import Answer, Condition, Holder, Text

ALWAYS = Condition("always")
TECHNICAL = Condition("is", question="technical", value=True)
SUPERIOR = Condition("is", question="level", value="superior")
LARGE = Condition("at_least", question="amount", value=1000)


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (ALWAYS, {}, True),
        (Condition("never"), {"technical": True}, False),
        (TECHNICAL, {"technical": True}, True),
        (TECHNICAL, {"technical": False}, False),
        (TECHNICAL, {}, False),
        (SUPERIOR, {"level": "superior"}, True),
        (SUPERIOR, {"level": "zone"}, False),
        (LARGE, {"amount": 1000}, True),
        (LARGE, {"amount": 999}, False),
        (LARGE, {"amount": "1000"}, False),
        (LARGE, {}, False),
        (Condition("at_least", question="amount", value="x"), {"amount": 5}, False),
        (Condition("not", (TECHNICAL,)), {}, True),
        (Condition("not", (TECHNICAL,)), {"technical": True}, False),
        (Condition("all", (TECHNICAL, LARGE)), {"technical": True, "amount": 2000}, True),
        (Condition("all", (TECHNICAL, LARGE)), {"technical": True, "amount": 1}, False),
        (Condition("any", (TECHNICAL, LARGE)), {"technical": True, "amount": 1}, True),
        (Condition("any", (TECHNICAL, LARGE)), {"technical": False, "amount": 1}, False),
    ],
)
def test_a_predicate_is_judged_by_the_answers(
    condition: Condition, answers: dict[str, Answer], holds: bool
) -> None:
    assert condition.holds(answers) is holds


def test_the_leaves_of_a_predicate_are_its_questions() -> None:
    tree = Condition("all", (Condition("not", (TECHNICAL,)), Condition("any", (SUPERIOR, LARGE))))
    assert [leaf.question for leaf in tree.leaves()] == ["technical", "level", "amount"]
    assert list(ALWAYS.leaves()) == []


@pytest.mark.parametrize(
    ("condition", "answers", "denied"),
    [
        (ALWAYS, {}, []),
        (Condition("never"), {}, []),
        (TECHNICAL, {"technical": True}, []),
        (TECHNICAL, {"technical": False}, ["technical"]),
        (Condition("not", (TECHNICAL,)), {"technical": False}, []),
        (Condition("not", (TECHNICAL,)), {"technical": True}, ["technical"]),
        (Condition("all", (TECHNICAL, LARGE)), {"technical": True, "amount": 1}, ["amount"]),
        (Condition("any", (TECHNICAL, LARGE)), {"technical": True, "amount": 1}, []),
        (Condition("any", (TECHNICAL, LARGE)), {}, ["technical", "amount"]),
        (
            Condition("all", (SUPERIOR, Condition("any", (TECHNICAL, LARGE)))),
            {"technical": True},
            ["level"],
        ),
    ],
)
def test_a_predicate_is_denied_by_the_answers_that_keep_it_from_being_true(
    condition: Condition, answers: dict[str, Answer], denied: list[str]
) -> None:
    assert list(condition.denied_by(answers)) == denied


def test_a_text_is_chinese_unless_english_is_asked_for() -> None:
    text = Text("听证", "hearing")
    assert (text["zh"], text["en"], text["fr"]) == ("听证", "hearing", "听证")


def test_a_matter_begins_in_the_first_stage() -> None:
    assert procedure().initial == "proposed"


def test_a_step_is_begun_by_the_holders_of_its_first_act() -> None:
    experts = procedure().steps["expert_argument"]
    assert experts.first_act == experts.acts["choose_experts"]


def test_the_steps_of_a_command_are_those_with_such_an_act() -> None:
    assert [step.id for step in procedure().steps_of("file_evidence")] == [
        "stability_filing",
        "cost_audit",
        "environmental_assessment",
        "congress_resolution",
        "superior_meeting",
    ]
    assert procedure().steps_of("propose") == ()


class TestHolders:
    def test_of_an_act_they_stand_with_its_step(self) -> None:
        finance = (Holder("clerk", "finance"), Holder("head", "finance"))
        assert procedure().holders("confirm_budget_line") == finance
        step = procedure().steps["budget"]
        assert procedure().holders("confirm_budget_line", step) == finance

    def test_of_another_command_they_stand_with_the_procedure(self) -> None:
        director = (Holder("director", "decision_body"),)
        assert procedure().holders("start") == director
        assert procedure().holders("start", procedure().steps["budget"]) == director

    def test_a_command_that_nobody_has_has_none(self) -> None:
        assert procedure().holders("no_such_command") == ()


def test_what_is_decided_above_has_its_decision_body_above() -> None:
    assert procedure().stand_ins({"decision_level": "zone"}) == {}
    assert procedure().stand_ins({}) == {}
    above = procedure().stand_ins({"decision_level": "superior"})
    assert above == {"decision_body": "superior_decision_body"}
