"""What is still owed on a matter after the decision: each act, by whom, until when, after what.

Until it is closed a matter that was decided owes acts and no meeting any more; one that ended
without a decision may owe its archive.  Every act is one that an open step asks for, or that was
let pass in advance; a stage that does not allow it yet names what leads on from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.calendar import Count
from workflow.definition import Gate, Holder, Step
from workflow.facts import ARCHIVING, Facts
from workflow.guards import (
    CONFIRMED_GATES,
    REACH,
    Lens,
    confirmation_owed,
    minutes_owed,
    standing_in_way,
)
from workflow.ports import Assessment, Deadline
from workflow.refusals import Unmet

#: The act that ends a matter.
CLOSING = "close_matter"


@dataclass(frozen=True, slots=True)
class Duty:
    """An act that is owed: `unmet` says what for, `who` may do it, `deadline` is its last day.

    `ready`: it can be done today.  Otherwise `waits_for` are the open steps that come first and
    `first` the acts of which one must lead to a stage that allows it.  `counts` is the arithmetic
    of the deadline, where a rule sets it.
    """

    act: str
    step: Step | None
    who: tuple[Holder, ...]
    unmet: Unmet | None
    ready: bool
    today: date
    waits_for: tuple[Step, ...] = ()
    first: tuple[str, ...] = ()
    deadline: Deadline | None = None
    counts: tuple[Count, ...] = ()

    @property
    def overdue(self) -> bool:
        """Whether its last day is past."""
        return self.deadline is not None and self.deadline.by < self.today


def duties(
    lens: Lens, facts: Facts, assessments: Mapping[str, Assessment], owed: Iterable[Unmet] = ()
) -> tuple[Duty, ...]:
    """Everything owed until the matter is closed: what can be done now first, the rest in order.

    `owed` is what was let pass in advance.  Of what can be done now the overdue comes first, then
    what has no last day, for it waits for nothing; then the others by their last days.
    """
    found = _Afterwards(lens, facts, assessments)
    of_steps = list(found.of_steps())
    asked_for = {duty.act for duty in of_steps}
    let_pass = (duty for duty in found.let_pass(owed) if duty.act not in asked_for)
    return tuple(sorted((*let_pass, *found.minutes(), *of_steps, *found.closing()), key=_place))


def _place(duty: Duty) -> tuple[bool, bool, date]:
    by = duty.today if duty.deadline is None else duty.deadline.by
    return (not duty.ready, not duty.overdue, by if duty.ready else date.min)


@dataclass(frozen=True)
class _Afterwards:
    """A matter after the decision, with what bars each of its acts."""

    lens: Lens
    facts: Facts
    assessments: Mapping[str, Assessment]

    def let_pass(self, owed: Iterable[Unmet]) -> Iterator[Duty]:
        """What is to be confirmed or reported afterwards; the condition names its last day."""
        for unmet in owed:
            due = unmet.params.get("due")
            deadline = Deadline(due, self.lens.today) if isinstance(due, date) else None
            yield self._duty(unmet.act, None, unmet.cured_by, unmet, deadline=deadline)

    def minutes(self) -> Iterator[Duty]:
        """The minutes of each meeting that concluded on it and is not closed yet."""
        for unmet in self._unissued():
            yield Duty(unmet.act, None, unmet.cured_by, unmet, ready=True, today=self.lens.today)

    def of_steps(self) -> Iterator[Duty]:
        """Every act that an open step asks for; of what has ended, what its stage still allows."""
        ended = self.lens.procedure.stages[self.facts.stage].end
        told: set[tuple[str, str]] = set()
        for step in self._open(Gate.CLOSE):
            deadline = self.lens.kinds[step.kind].deadline(self.lens.view(step, self.facts))
            wanted = self.assessments[step.id].unmet
            for unmet in wanted:
                act, who = unmet.act, unmet.cured_by
                if ended and not self._here((act,)):
                    act = next(iter(self._here(step.acts)), "")
                    who = step.acts.get(act, ())
                if act and (step.id, act) not in told:
                    told.add((step.id, act))
                    beside = tuple(each.act for each in wanted if each.act != act)
                    yield self._duty(act, step, who, unmet, deadline=deadline, beside=beside)

    def closing(self) -> Iterator[Duty]:
        """The act that ends the matter, after everything else."""
        if not self.lens.procedure.stages[self.facts.stage].end:
            who = self.lens.procedure.holders(CLOSING)
            waits_for, first = tuple(self._open(Gate.CLOSE)), self._unconfirmed()
            yield self._duty(CLOSING, None, who, None, waits_for=waits_for, beside=first)

    def _duty(
        self,
        act: str,
        step: Step | None,
        who: tuple[Holder, ...],
        unmet: Unmet | None,
        *,
        deadline: Deadline | None = None,
        waits_for: tuple[Step, ...] = (),
        beside: tuple[str, ...] = (),
    ) -> Duty:
        """The duty to do an act; `beside` are the other acts that its step wants."""
        here = bool(self._here((act,)))
        first = beside
        if step is not None:
            waits_for = tuple(self._before(act, step))
            gates = self._gates(act, step)
            first = beside if gates else ()
            if gates and gates[-1] in CONFIRMED_GATES:
                first += self._unconfirmed()
            if act in ARCHIVING:
                first += tuple(dict.fromkeys(each.act for each in self._unissued()))
        if not (here or waits_for):
            first = self._leading_to(act)
        counts: tuple[Count, ...] = ()
        if deadline is not None and deadline.rule is not None and deadline.rule.unit is not None:
            counting, since = self.lens.counting, deadline.since
            rules = (deadline.rule, *deadline.rule.also)
            counts = tuple(counting.explain(rule, since) for rule in rules)
        return Duty(
            act=act,
            step=step,
            who=who,
            unmet=unmet,
            ready=here and not waits_for and not first,
            today=self.lens.today,
            waits_for=waits_for,
            first=first,
            deadline=deadline,
            counts=counts,
        )

    def _unconfirmed(self) -> tuple[str, ...]:
        """The acts that the gates after the meeting want besides every step."""
        owed = confirmation_owed(self.lens, self.facts) + self._unissued()
        return tuple(dict.fromkeys(each.act for each in owed))

    def _unissued(self) -> tuple[Unmet, ...]:
        return minutes_owed(self.lens.procedure, self.facts, self.lens.today)

    def _open(self, gate: Gate) -> Iterator[Step]:
        """The steps before a gate that apply and are open, those of earlier gates first."""
        procedure, answers = self.lens.procedure, self.facts.answers
        barring = {
            unmet.step for unmet in standing_in_way(procedure, gate, answers, self.assessments)
        }
        for before in REACH[gate]:
            for step in procedure.steps.values():
                if step.before is before and step.id in barring:
                    yield step

    def _before(self, act: str, step: Step) -> Iterator[Step]:
        """The open steps that the act has to wait for."""
        spec = self.lens.kinds[step.kind].acts.get(act)
        if spec is not None and spec.ahead:
            return
        gates = self._gates(act, step)
        for other in self._open(Gate.CLOSE):
            if other is not step and (other.before in gates or other.id in step.after):
                yield other

    def _gates(self, act: str, step: Step) -> tuple[Gate, ...]:
        """The gates before which everything must be done when the act is; none for most acts."""
        spec = self.lens.kinds[step.kind].acts.get(act)
        return () if spec is None or spec.gate is None else REACH[spec.gate]

    def _here(self, acts: Iterable[str]) -> list[str]:
        """Those of these acts that the present stage allows."""
        moves = self.lens.procedure.moves
        allowed = {move.command for move in moves if self.facts.stage in move.sources}
        return [act for act in acts if act in allowed]

    def _leading_to(self, act: str) -> tuple[str, ...]:
        """The acts of which one begins a shortest way to a stage that allows the act."""
        every = self.lens.procedure.moves
        moves = [move for move in every if move.to is not None]
        near = {name for move in every if move.command == act for name in move.sources}
        known = set(near)
        while near:
            found = [move for move in moves if self.facts.stage in move.sources and move.to in near]
            if found:
                return tuple(dict.fromkeys(move.command for move in found))
            near = {name for move in moves if move.to in near for name in move.sources} - known
            known |= near
        return ()
