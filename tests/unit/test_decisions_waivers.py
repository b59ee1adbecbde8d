"""Rulings that a step does not apply, and soft floors shortened with a recorded reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    LEGAL_HEAD,
    LONG_AGO,
    NO_STEP,
    Matter,
    codes,
    directory,
    give,
    law,
    only,
    procedure,
)
from workflow.directory import Appointment
from workflow.errors import BadInput

PUBLIC = {**NO_STEP, "confidential_by_law": False}


def public() -> Matter:
    return Matter(answers=PUBLIC)


class TestRequests:
    def test_the_head_of_the_lead_unit_may_ask__order_713_art_14_1(self) -> None:
        verdict = give("request_waiver", HEAD, public())
        assert (codes(verdict), verdict.stage) == ([], "drafting")

    def test_a_clerk_may_not(self) -> None:
        unmet = only(give("request_waiver", CLERK, public()))
        assert (unmet.code, [holder.role for holder in unmet.cured_by]) == (
            "authority.role",
            ["head"],
        )

    def test_a_step_that_does_not_apply_needs_no_waiver(self) -> None:
        unmet = only(give("request_waiver", HEAD, Matter()))
        assert (unmet.code, unmet.params) == (
            "waiver.not_required",
            {"step": procedure().steps["open_call"].name},
        )

    def test_a_step_that_was_begun_is_not_ruled_away(self) -> None:
        """A call that went badly cannot be declared never to have been owed."""
        matter = public().drafted().did("publish_open_call")
        unmet = only(give("request_waiver", HEAD, matter))
        assert (unmet.code, law(unmet)) == ("waiver.begun", ["order_713 14.1"])
        assert unmet.params == {"step": procedure().steps["open_call"].name}
        assert unmet.cured_by == procedure().steps["open_call"].first_act

    @pytest.mark.parametrize("step", ["legality_review", "study", "hearing"])
    @pytest.mark.parametrize("actor", [CLERK, DIRECTOR])
    def test_the_review_is_never_waived__order_713_art_25_1(self, step: str, actor: str) -> None:
        unmet = only(give("request_waiver", actor, public(), step=step))
        assert (unmet.code, unmet.citations) == (
            "waiver.not_waivable",
            procedure().steps[step].citations,
        )

    def test_an_unknown_step_is_bad_input(self) -> None:
        with pytest.raises(BadInput) as caught:
            give("request_waiver", HEAD, public(), step="no_such_step")
        assert caught.value.params["step"] == "no_such_step"


class TestRulings:
    def test_an_open_request_is_ruled_on__order_713_art_14_1(self) -> None:
        verdict = give("rule_waiver", DIRECTOR, public().did("request_waiver", by=HEAD))
        assert (codes(verdict), verdict.stage) == ([], "drafting")

    @pytest.mark.parametrize(
        "matter",
        [
            public(),
            public().did("request_waiver", by=HEAD, step="expert_argument"),
            public().did("request_waiver", by=HEAD).did("rule_waiver", approved=False),
        ],
        ids=["never asked", "asked for another step", "ruled on already"],
    )
    def test_without_an_open_request_there_is_nothing_to_rule_on(self, matter: Matter) -> None:
        unmet = only(give("rule_waiver", DIRECTOR, matter))
        assert (unmet.code, law(unmet)) == ("waiver.not_requested", ["order_713 14.1"])
        assert [holder.role for holder in unmet.cured_by] == ["head"]

    @pytest.mark.parametrize(("approved", "refused"), [(True, True), (False, False)])
    def test_once_begun_it_can_only_be_rejected(self, approved: bool, refused: bool) -> None:
        matter = public().did("request_waiver", by=HEAD).drafted().did("publish_open_call")
        found = give("rule_waiver", DIRECTOR, matter, approved=approved)
        assert codes(found) == ["waiver.begun"] * refused

    def test_a_request_made_anew_is_open_again(self) -> None:
        matter = public().did("request_waiver", by=HEAD).did("rule_waiver", approved=False)
        assert codes(give("rule_waiver", DIRECTOR, matter.did("request_waiver", by=HEAD))) == []

    def test_what_cannot_be_waived_cannot_be_ruled_on(self) -> None:
        found = give("rule_waiver", DIRECTOR, public(), step="legality_review")
        assert codes(found) == ["waiver.not_waivable"]

    def test_nobody_rules_on_a_request_of_their_own(self) -> None:
        """A director who also heads the lead unit asked for the waiver."""
        both = Appointment(DIRECTOR, "planning_construction", "head", LONG_AGO, None)
        people = replace(directory(), appointments=(*directory().appointments, both))
        matter = public().did("request_waiver", by=DIRECTOR)
        unmet = only(give("rule_waiver", DIRECTOR, matter, people=people))
        assert (unmet.code, unmet.params) == (
            "waiver.own_request",
            {"people": (DIRECTOR,), "other_act": ("request_waiver",)},
        )


class TestOverrides:
    def test_a_soft_floor_is_shortened_by_its_holder__order_713_art_26_2(self) -> None:
        verdict = give("approve_override", LEGAL_HEAD, Matter())
        assert (codes(verdict), verdict.stage) == ([], "drafting")

    def test_nobody_else_may(self) -> None:
        unmet = only(give("approve_override", DIRECTOR, Matter()))
        assert (unmet.code, [holder.role for holder in unmet.cured_by]) == (
            "authority.role",
            ["head"],
        )

    @pytest.mark.parametrize(
        ("step", "rule"), [("hearing", "papers_before"), ("open_call", "period")]
    )
    def test_no_other_floor_is__order_713_art_16_3(self, step: str, rule: str) -> None:
        """The papers' time is hard; the call is shortened by the notice itself, not by approval."""
        unmet = only(give("approve_override", DIRECTOR, Matter(), step=step, rule=rule))
        assert (unmet.code, unmet.citations) == (
            "floor.hard",
            procedure().steps[step].rules[rule].citations,
        )
        assert unmet.params == {"step": procedure().steps[step].name, "rule": rule}

    def test_an_unknown_rule_or_step_is_bad_input(self) -> None:
        with pytest.raises(BadInput):
            give("approve_override", DIRECTOR, Matter(), rule="no_such_rule")
        with pytest.raises(BadInput):
            give("approve_override", DIRECTOR, Matter(), step="no_such_step")
