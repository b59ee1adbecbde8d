"""Matters restricted to people by name (限定知悉范围), and names that are shown on the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from workflow.commands import Propose, RestrictAccess, Unmask
from workflow.decisions.authority import able
from workflow.decisions.scene import AddMatter, Decision, Scene, SetMatter, refused
from workflow.decisions.staffing import proposed
from workflow.definition import Holder, Procedure
from workflow.directory import Directory
from workflow.facts import RESTRICT, Facts
from workflow.guards import assess
from workflow.refusals import Unmet

#: Acts without which a matter goes on as well, or that undo something.
_ASIDE = frozenset({RESTRICT, "end_decision", "migrate", "pause", "withdraw"})


def restrict_access(scene: Scene, payload: RestrictAccess) -> Decision:
    """Restrict a matter to those named, anew where it was restricted; or lift that.

    Somebody of those named must be able to lift it again.  What would have nobody left to do it is
    done all the same, and told at once.
    """
    was, now = scene.matter.named, frozenset(payload.named)
    if payload.lifted:
        if was is None:
            return refused(scene.rule("access.not_restricted"))
        return _changed(was, None)
    changed = _changed(was, now)
    unmet = tuple(_unfit(scene, scene.matter, now))
    return replace(changed, unmet=unmet, warnings=tuple(_left_without(scene, now)))


def propose_restricted(scene: Scene, payload: Propose, decision: Decision) -> Decision:
    """A proposal as one of a matter that only those named may know of, from the first moment.

    They are judged as where it is restricted later.  Whoever may propose it may name them: that
    opens nothing.
    """
    if payload.restricted is None:
        return decision
    stage, now = scene.procedure.initial, frozenset(payload.restricted.named)
    added = AddMatter(payload.title, payload.answers, scene.unit)
    matter = proposed(scene, Decision(effects=(added,)), stage)
    if unmet := (*decision.unmet, *_unfit(scene, matter, now)):
        return replace(decision, unmet=unmet)
    without = _left_without(replace(scene, facts=matter), now)
    return replace(decision, warnings=(*decision.warnings, *without))


def _unfit(scene: Scene, matter: Facts, now: frozenset[str]) -> Iterator[Unmet]:
    """What is wrong with those named: they are in post, and one of them can lift it again."""
    strangers = sorted(
        name for name in now if not any(scene.directory.of_person(name, scene.today))
    )
    if strangers:
        yield scene.rule("access.unknown_person", RESTRICT, people=tuple(strangers))
    if not now & _lifting(scene.procedure, scene.directory, matter, scene.today):
        yield scene.rule("access.nobody_lifts", RESTRICT)


def unmask(scene: Scene, payload: Unmask) -> Decision:
    """Let the actor see personal data of a matter, today; the journal tells who, what and why."""
    if not scene.names_open:
        return refused(scene.rule("access.names_closed", matter=payload.matter))
    return Decision()


def may_know(
    procedure: Procedure, directory: Directory, facts: Facts, account: str, command: str, day: date
) -> bool:
    """Whether an account may know of the matter that its command is about.

    Where nobody is left among those named who could lift the restriction, whoever else may do that
    is let in, for that alone.
    """
    named = facts.named
    if named is None or account in named:
        return True
    return command == RESTRICT and not named & _lifting(procedure, directory, facts, day)


def _lifting(procedure: Procedure, directory: Directory, facts: Facts, day: date) -> frozenset[str]:
    """Whoever may restrict the matter and lift that, by the posts of the day."""
    people = directory.people(procedure.holders(RESTRICT), facts, day)
    return frozenset(held.person for held in people)


def _changed(was: frozenset[str] | None, now: frozenset[str] | None) -> Decision:
    told = tuple(None if each is None else sorted(each) for each in (was, now))
    return Decision(
        effects=(SetMatter({"restricted": now is not None}),),
        changes={"named": (told[0], told[1])},
    )


def _left_without(scene: Scene, named: frozenset[str]) -> Iterator[Unmet]:
    """What comes next on the matter and could be done by somebody, but by nobody of those named."""
    acts = tuple(
        act
        for act, holders in _coming(scene)
        if (free := _able(scene, act, holders)) and not free & named
    )
    if acts:
        yield scene.rule("access.nobody_named", RESTRICT, act=tuple(dict.fromkeys(acts)))


def _able(scene: Scene, act: str, holders: tuple[Holder, ...]) -> frozenset[str]:
    """Whoever could do it if the matter were not restricted at all."""
    open_ = scene.matter.unrestricted
    return frozenset(able(scene.procedure, scene.directory, open_, scene.today, act, holders))


def _coming(scene: Scene) -> Iterator[tuple[str, tuple[Holder, ...]]]:
    """The acts of the steps that are open, and those that take the matter on from its stage."""
    assessments = assess(scene.lens, scene.matter)
    allowed = set(scene.lifecycle.commands(scene.matter.stage))
    for step in scene.procedure.steps.values():
        if not assessments[step.id].state.closed:
            for act, holders in step.acts.items():
                if act in allowed:
                    yield act, holders
    stage = scene.matter.stage
    for move in scene.procedure.moves:
        on = stage in move.sources and move.to not in (None, stage)
        if on and move.command not in _ASIDE and not scene.procedure.steps_of(move.command):
            yield move.command, scene.procedure.holders(move.command)
