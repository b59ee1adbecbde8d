"""What a move to other rules would mean for a matter, before it is made.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow.commands import CORE, Migrate
from workflow.decisions.answers import unanswered
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.migration import concerning, merged
from workflow.decisions.scene import Scene
from workflow.definition import Procedure, Question
from workflow.difference import Difference, compare
from workflow.facts import MIGRATE, Facts, Record
from workflow.guards import Lens, assess
from workflow.planning import chain, gate_day
from workflow.ports import Assessment, StepState


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step on both sides of a move: its state, and the first day on which it can be closed.

    A state is None where the definition has no such step, a day where the step is not open.
    """

    step: str
    before: StepState | None
    after: StepState | None
    ready_before: date | None
    ready_after: date | None

    @property
    def reopened(self) -> bool:
        """It was closed, or there was none, and now it is wanted."""
        closed = self.before is None or self.before.closed
        return closed and self.after is not None and not self.after.closed


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a move would bring: differences that concern the matter, steps, questions, days.

    `agenda` are the first days on which nothing that takes its time stands before the agenda any
    more, under the old rules and under the new.  `questions` are still to be answered.  `verdict`
    says whether the move would be refused, and why.
    """

    facts: Facts
    before: Procedure
    after: Procedure
    differences: tuple[Difference, ...]
    steps: tuple[StepChange, ...]
    questions: tuple[Question, ...]
    agenda: tuple[date, date]
    verdict: Verdict

    @property
    def outcome(self) -> str:
        """How the move would end: `review_lapsed` where the review would have to be given anew."""
        return self.verdict.decision.outcome


def prospect(scene: Scene, payload: Migrate) -> Prospect:
    """What the move would bring, with what is answered so far."""
    if scene.target is None:
        raise TypeError("nothing to migrate to")
    matter, after = scene.matter, scene.target.procedure
    verdict = decide(scene, CORE[MIGRATE], payload)
    moved = _moved(scene, matter, payload, verdict)
    sides = (_Side.of(scene.lens, matter), _Side.of(scene.target.lens, moved))
    found = compare(scene.procedure, after)
    return Prospect(
        facts=matter,
        before=scene.procedure,
        after=after,
        differences=concerning(found, scene.procedure, after, matter.answers, moved.answers),
        steps=tuple(
            change
            for step in dict.fromkeys((*after.steps, *scene.procedure.steps))
            if (change := _change(step, *sides)) is not None
        ),
        questions=tuple(
            after.questions[str(each.params["id"])] for each in unanswered(after, moved.answers)
        ),
        agenda=(sides[0].agenda, sides[1].agenda),
        verdict=verdict,
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """A matter under one definition: how each step stands, and when each open one can be closed."""

    assessments: Mapping[str, Assessment]
    ready: Mapping[str, date]
    agenda: date

    @classmethod
    def of(cls, lens: Lens, facts: Facts) -> _Side:
        assessments = assess(lens, facts)
        forward = chain(lens, facts, assessments).forward()
        days = {step: course.done for step, (_, course) in forward.items()}
        return cls(assessments, days, gate_day(forward, lens.today))


def _change(step: str, before: _Side, after: _Side) -> StepChange | None:
    """What changes about a step; None where nothing does."""
    was, now = before.assessments.get(step), after.assessments.get(step)
    change = StepChange(
        step,
        None if was is None else was.state,
        None if now is None else now.state,
        before.ready.get(step),
        after.ready.get(step),
    )
    same = (change.before, change.ready_before) == (change.after, change.ready_after)
    return None if same else change


def _moved(scene: Scene, matter: Facts, payload: Migrate, verdict: Verdict) -> Facts:
    """The matter as it would stand once it is moved."""
    after = scene.procedure if scene.target is None else scene.target.procedure
    answers = merged(after, matter.answers, payload.answers)
    record = Record(
        position=len(matter.records) + 1,
        command=MIGRATE,
        step=None,
        outcome=verdict.decision.outcome,
        actor=scene.actor.account,
        principal=None,
        unit="",
        role="",
        payload={},
        draft=0 if matter.draft is None else matter.draft.number,
        filed_on=scene.today,
    )
    return replace(
        matter,
        answers=answers,
        stand_ins=after.stand_ins(answers),
        records=(*matter.records, record),
    )
