"""In what two definitions differ: everything that binds, each with its provision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from procedures.book import shipped
from workflow.calendar import Unit
from workflow.definition import (
    Citation,
    Condition,
    Denial,
    Floor,
    Gate,
    Holder,
    Instrument,
    Lapse,
    Move,
    Procedure,
    Rule,
    Step,
    Text,
    Waivable,
)
from workflow.difference import Amount, Difference, Part, compare

BASE = shipped().get("order_713")
CALL = BASE.steps["open_call"]
PERIOD = CALL.rules["period"]
DIRECTOR = Holder("director", "decision_body")


def with_step(step: Step) -> Procedure:
    return replace(BASE, steps={**BASE.steps, step.id: step})


def with_period(**changes: Any) -> Procedure:
    rules = {**CALL.rules, "period": replace(PERIOD, **changes)}
    return with_step(replace(CALL, rules=rules))


def only(after: Procedure, before: Procedure = BASE) -> Difference:
    (found,) = compare(before, after)
    return found


def without(mapping: Any, name: str) -> Any:
    return {key: each for key, each in mapping.items() if key != name}


def test_a_definition_does_not_differ_from_itself() -> None:
    assert compare(BASE, BASE) == ()


def test_neither_id_nor_version_nor_digest_is_a_difference() -> None:
    assert compare(BASE, replace(BASE, id="x", version=date(2030, 1, 1), digest="0")) == ()


class TestNumbers:
    def test_a_period_of_other_length_and_unit__order_713_art_15(self) -> None:
        found = only(with_period(value=20, unit=Unit.WORKING_DAYS))
        assert (found.part, found.step, found.subject) == (Part.RULE, "open_call", "period")
        assert found.before == Amount(30, "calendar_days", None)
        assert found.after == Amount(20, "working_days", None)
        assert found.citations == (Citation("order_713", "15.1"),)
        assert found.about == "open_call"
        assert not found.added
        assert not found.dropped

    def test_a_second_period_beside_the_first(self) -> None:
        also = (replace(PERIOD, value=20, unit=Unit.WORKING_DAYS),)
        after = only(with_period(also=also)).after
        assert after == Amount(30, "calendar_days", None, (Amount(20, "working_days", None),))

    @pytest.mark.parametrize(
        ("changes", "aspect", "before", "after"),
        [
            ({"floor": Floor.HARD}, "floor", Floor.SOFT, Floor.HARD),
            ({"counting": "period_working_days"}, "counting", "period_days", "period_working_days"),
            ({"paused": True}, "paused", False, True),
            ({"choices": ("a",)}, "choices", (), ("a",)),
            ({"override": (DIRECTOR,)}, "override", (), (DIRECTOR,)),
            (
                {"citations": (Citation("order_713", "15.2"),)},
                "citations",
                (Citation("order_713", "15.1"),),
                (Citation("order_713", "15.2"),),
            ),
        ],
    )
    def test_everything_else_of_a_rule(
        self, changes: dict[str, Any], aspect: str, before: object, after: object
    ) -> None:
        found = only(with_period(**changes))
        assert (found.aspect, found.before, found.after) == (aspect, before, after)

    def test_a_share(self) -> None:
        share = Rule("attendance", (Citation("order_713", "16.3"),), share=Fraction(2, 3))
        added = with_step(replace(CALL, rules={**CALL.rules, "attendance": share}))
        found = only(added)
        assert found.added
        assert found.as_json()["after"] == {
            "id": "attendance",
            "citations": ["order_713 16.3 (S)"],
            "value": None,
            "share": "2/3",
            "unit": None,
            "floor": "hard",
            "counting": None,
            "paused": False,
            "choices": [],
            "override": [],
            "also": [],
            "bound": "minimum",
        }

    def test_a_rule_that_is_gone_keeps_its_provision(self) -> None:
        found = only(with_step(replace(CALL, rules=without(CALL.rules, "channels"))))
        assert found.dropped
        assert found.citations == CALL.rules["channels"].citations

    def test_a_rule_outside_of_any_step_is_about_none(self) -> None:
        rules = {**BASE.rules, "agenda.notice": replace(BASE.rules["agenda.notice"], value=3)}
        found = only(replace(BASE, rules=rules))
        assert (found.subject, found.about) == ("agenda.notice", None)


class TestSteps:
    def test_a_new_step_is_one_difference_with_all_it_holds(self) -> None:
        before = replace(BASE, steps=without(BASE.steps, "budget"))
        found = only(BASE, before)
        assert (found.part, found.subject, found.about) == (Part.STEP, "budget", "budget")
        assert found.added
        assert found.after == BASE.steps["budget"]
        assert only(before).dropped

    @pytest.mark.parametrize(
        ("changes", "aspect"),
        [
            ({"name": Text("甲", "a")}, "name"),
            ({"kind": "declared"}, "kind"),
            ({"required_when": Condition("always")}, "required_when"),
            ({"after": ("research", "study")}, "after"),
            ({"before": Gate.AGENDA}, "before"),
            ({"lapses_on": Lapse.ANY}, "lapses_on"),
            ({"waivable": None}, "waivable"),
            ({"citations": (Citation("order_713", "15"),)}, "citations"),
        ],
    )
    def test_everything_of_a_step(self, changes: dict[str, Any], aspect: str) -> None:
        assert only(with_step(replace(CALL, **changes))).aspect == aspect

    def test_the_order_of_what_it_follows_is_no_difference(self) -> None:
        review = BASE.steps["legality_review"]
        turned = replace(review, after=tuple(reversed(review.after)))
        assert compare(BASE, with_step(turned)) == ()

    def test_other_hands_for_an_act_cite_the_step(self) -> None:
        acts = {**CALL.acts, "publish_open_call": (DIRECTOR,)}
        found = only(with_step(replace(CALL, acts=acts)))
        assert (found.part, found.subject, found.aspect) == (
            Part.ACT,
            "publish_open_call",
            "holders",
        )
        assert found.citations == CALL.citations

    def test_the_order_of_holders_is_no_difference(self) -> None:
        acts = {name: tuple(reversed(holders)) for name, holders in CALL.acts.items()}
        assert compare(BASE, with_step(replace(CALL, acts=acts))) == ()


class TestTheRest:
    @pytest.mark.parametrize(
        ("changes", "part", "subject"),
        [
            ({"permissions": without(BASE.permissions, "start")}, Part.PERMISSION, "start"),
            ({"denials": (Denial("start", "clerk", "authority"),)}, Part.DENIAL, "start clerk"),
            ({"while_paused": frozenset({"withdraw"})}, Part.PAUSE, "resume"),
            ({"meeting_body": "party_group"}, Part.MEETING, "meeting_body"),
            ({"deciders": {}}, Part.DECIDER, "decision_level superior"),
            ({"questions": without(BASE.questions, "technical")}, Part.QUESTION, "technical"),
            ({"functions": without(BASE.functions, "finance")}, Part.FUNCTION, "finance"),
            ({"roles": without(BASE.roles, "deputy")}, Part.ROLE, "deputy"),
            ({"stages": without(BASE.stages, "tabled")}, Part.STAGE, "tabled"),
            (
                {
                    "instruments": {
                        **BASE.instruments,
                        "x": Instrument("x", Text("甲", "a"), "1", None),
                    }
                },
                Part.INSTRUMENT,
                "x",
            ),
        ],
    )
    def test_whatever_else_binds_is_compared(
        self, changes: dict[str, Any], part: Part, subject: str
    ) -> None:
        found = [each for each in compare(BASE, replace(BASE, **changes)) if each.part is part]
        assert subject in {each.subject for each in found}

    def test_a_wider_separation(self) -> None:
        first, *others = BASE.separations
        wider = replace(first, others=(*first.others, "assign"))
        found = only(replace(BASE, separations=(wider, *others)))
        assert (found.part, found.aspect) == (Part.SEPARATION, "others")

    def test_a_new_way_names_its_stages(self) -> None:
        found = only(replace(BASE, moves=(*BASE.moves, Move("decline", "", ("started",), None))))
        assert (found.part, found.subject) == (Part.MOVE, "decline")
        assert found.after == (("proposed", "declined"), ("started", "started"))

    def test_an_alert_that_goes_to_others(self) -> None:
        first, *others = BASE.alerts
        found = only(replace(BASE, alerts=(replace(first, to=(DIRECTOR,)), *others)))
        assert (found.part, found.aspect, found.after) == (Part.ALERT, "to", (DIRECTOR,))


class TestForPrograms:
    def test_values_are_written_as_in_a_file(self) -> None:
        either = (Condition("is", (), "technical"), Condition("at_least", (), "amount", 3))
        condition = Condition("all", (Condition("any", either), Condition("not", either[:1])))
        told = only(with_step(replace(CALL, required_when=condition))).as_json()
        technical = {"question": "technical", "is": True}
        assert told["after"] == {
            "all": [
                {"any": [technical, {"question": "amount", "at_least": 3}]},
                {"not": technical},
            ]
        }
        assert (told["part"], told["aspect"], told["cites"]) == (
            "step",
            "required_when",
            ["order_713 14.1 (S)", "order_713 15.1 (S)"],
        )

    def test_a_constant_predicate_a_gate_and_a_waiver(self) -> None:
        changed = replace(
            CALL,
            required_when=Condition("always"),
            before=Gate.AGENDA,
            waivable=Waivable((DIRECTOR,), (DIRECTOR,), (Citation("order_713"),)),
        )
        told = {each.aspect: each.as_json()["after"] for each in compare(BASE, with_step(changed))}
        assert told == {
            "required_when": "always",
            "before": "agenda",
            "waivable": {
                "request": ["director of decision_body"],
                "approve": ["director of decision_body"],
                "citations": ["order_713 (S)"],
            },
        }

    def test_days_and_names_of_an_instrument(self) -> None:
        law = replace(BASE.instruments["order_713"], in_force=date(2030, 1, 1))
        named = replace(BASE, instruments={**BASE.instruments, "order_713": law})
        assert only(named).as_json()["after"] == "2030-01-01"

    def test_an_instrument_that_is_to_be_confirmed(self) -> None:
        law = replace(BASE.instruments["order_713"], confidence="U")
        unsure = replace(BASE, instruments={**BASE.instruments, "order_713": law})
        assert (only(unsure).aspect, only(unsure).after) == ("confidence", "U")

    def test_a_step_holds_mappings(self) -> None:
        told = only(BASE, replace(BASE, steps=without(BASE.steps, "budget"))).as_json()
        after = told["after"]
        assert isinstance(after, dict)
        assert after["acts"] == {"confirm_budget_line": ["clerk of finance", "head of finance"]}
