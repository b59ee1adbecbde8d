"""What somebody may do now: exactly what a command would be answered, whatever its payload."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    HEAD,
    KEEPER,
    REVIEWER,
    TODAY,
    Matter,
    codes,
    day,
    payload,
    procedure,
    ready,
    scene,
    specs,
)
from workflow.commands import Subject
from workflow.decisions.decide import decide
from workflow.decisions.options import Option, options

ABOUT = (Subject.MATTER, Subject.MATTER_AND_MEETING)


def found(by: str, matter: Matter | None) -> dict[tuple[str, str | None, str | None], Option]:
    """The options of somebody on a matter, or on none."""
    about = ABOUT if matter is not None else (Subject.ORGANISATION,)
    wanted = tuple(spec for spec in specs().values() if spec.subject in about)
    told = options(scene(by, matter, TODAY), wanted)
    named = {(each.command, each.step, each.rule): each for each in told}
    assert len(named) == len(told)
    return named


def refusals(by: str, matter: Matter, command: str, step: str | None = None) -> list[str]:
    return [unmet.code for unmet in found(by, matter)[command, step, None].unmet]


def test_every_command_about_a_matter_is_there_and_every_step_with_its_acts() -> None:
    told = found(CLERK, Matter())
    steps = procedure().steps
    acts = {(act, name) for name, step in steps.items() for act in step.acts}
    assert acts == {(command, step) for command, step, rule in told if (command, step) in acts}
    core = {spec.name for spec in specs().values() if spec.kind is None and spec.subject in ABOUT}
    assert core == {command for command, _, _ in told if specs()[command].kind is None}


@pytest.mark.parametrize("by", [CLERK, HEAD, DIRECTOR, KEEPER, REVIEWER, COUNSEL])
@pytest.mark.parametrize("stage", ["proposed", "drafting", "under_review", "tabled"])
def test_what_is_allowed_is_never_refused_for_who_or_when(by: str, stage: str) -> None:
    """And what is not allowed is refused with these reasons, among others of the payload's."""
    matter = ready(stage=stage)
    for option in found(by, matter).values():
        spec = specs()[option.command]
        if spec.subject is not Subject.MATTER or (spec.kind is None and option.step is not None):
            continue
        step = None if spec.kind is None else option.step
        place = replace(scene(by, matter), step=procedure().steps.get(step or ""))
        verdict = decide(place, spec, payload(option.command, step=step))
        # A gated command names the stage only where its own judge finds nothing.
        silent = {"stage.not_allowed"} if spec.gated else set()
        assert {each.code for each in option.unmet} - silent <= set(codes(verdict)), option
        if option.allowed:
            assert not {"authority.role", "stage.not_allowed", "step.out_of_order"} & set(
                codes(verdict)
            )


def test_whoever_has_no_part_is_told_that_and_when_others_may() -> None:
    told = found(COUNSEL, ready())
    (unmet,) = told["start", None, None].unmet
    assert (unmet.code, str(unmet.earliest)) == ("authority.role", TODAY)
    (unmet,) = told["file_expert_opinion", "expert_argument", None].unmet
    assert unmet.code == "authority.role"
    assert str(unmet.earliest) >= TODAY


def test_the_gate_is_asked_before_the_stage_is_named() -> None:
    assert refusals(KEEPER, ready(), "propose_agenda_item") == ["legality_review.missing"]
    ended = Matter(stage="withdrawn")
    assert "stage.not_allowed" in refusals(CLERK, ended, "revise_draft")


def test_a_pause_stands_against_all_but_what_ends_it() -> None:
    paused = ready(paused_since=day("2026-08-01"))
    assert "matter.paused" in refusals(CLERK, paused, "revise_draft")
    assert "matter.paused" not in refusals(DIRECTOR, paused, "resume")


def test_the_order_of_steps_is_asked_where_the_act_must_wait_for_it() -> None:
    told = found(CLERK, Matter())
    waiting = [each for each in told.values() if "step.out_of_order" in map_codes(each)]
    assert waiting
    assert all(each.step is not None for each in waiting)


def map_codes(option: Option) -> list[str]:
    return [unmet.code for unmet in option.unmet]


def test_the_acts_of_a_step_that_is_not_needed_are_marked() -> None:
    told = found(CLERK, Matter(answers={"technical": False}))
    assert not told["choose_experts", "expert_argument", None].required
    assert told["file_research", "research", None].required


def test_a_waiver_and_a_shortening_are_told_step_by_step_and_rule_by_rule() -> None:
    told = found(DIRECTOR, ready())
    waivable = {name for name, step in procedure().steps.items() if step.waivable is not None}
    assert {step for command, step, _ in told if command == "rule_waiver"} == waivable
    soft = {
        (name, rule.id)
        for name, step in procedure().steps.items()
        for rule in step.rules.values()
        if rule.override
    }
    assert {(s, rule) for command, s, rule in told if command == "approve_override"} == soft


def test_without_a_matter_only_who_acts_is_asked() -> None:
    clerk, keeper = found(CLERK, None), found(KEEPER, None)
    assert clerk["propose", None, None].allowed
    assert not clerk["convene_meeting", None, None].allowed
    assert keeper["convene_meeting", None, None].allowed
