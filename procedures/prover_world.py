"""Every state that a matter can be in, one step against the lifecycle, by exhausting its moves.

The moves are those of the engine's machine and the gates are the engine's own; of the step kinds
only the outcomes of their acts are taken, any of which may come about.  Of the other steps all
work is taken as done, except the review's, which stands and falls with the text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from procedures.kinds.legality_review import CONFIRMED
from workflow import guards
from workflow.definition import Answer, Gate, Lapse, Nature, Procedure, Step
from workflow.facts import MIGRATE, REVIEW_LAPSED
from workflow.machine import Forbidden, Lifecycle
from workflow.ports import Assessment, StepKind, StepState
from workflow.refusals import Unmet

#: Verdicts that may let a text pass, whatever a definition says.
LAWFUL: Final = frozenset({"lawful", "exploratory_reform", CONFIRMED})

WAIVER: Final = frozenset({"request_waiver", "rule_waiver"})

#: Commands of the engine's own that ask a gate.
_GATED: Final = {"start": Gate.START, "propose_agenda_item": Gate.AGENDA}

#: Commands that can change a state besides its stage; the acts of the step under test do so too.
_EFFECTIVE: Final = WAIVER | {
    "revise_draft",
    "pause",
    "resume",
    "withdraw",
    "propose_agenda_item",
    "remove_agenda_item",
    "give_review_verdict",
    "confirm_changes",
    MIGRATE,
}

_TEXT: Final = "the current text"


class Reviewed(StrEnum):
    """How the text stands towards the review.

    COUNTED: the verdict was negative, and the definition lets it count as passed all the same.
    CHANGED: the text is no longer the one on which the last verdict was given.
    """

    NO_TEXT = "no_text"
    NOT_REVIEWED = "not_reviewed"
    NEGATIVE = "negative"
    COUNTED = "counted"
    CHANGED = "changed"
    PASSED = "passed"


class State(NamedTuple):
    """A matter, as far as the proof is concerned.

    `done` holds a bit for each act of the step under test that counts; `asked` tells that a
    waiver was requested, `waived` that it was granted.
    """

    stage: str
    text: Reviewed
    done: int = 0
    asked: bool = False
    waived: bool = False
    paused: bool = False
    tabled: bool = False


@dataclass(frozen=True, slots=True)
class PathStep:
    """One command on a way through the lifecycle, with its outcome and the stage that follows."""

    command: str
    outcome: str
    stage: str


class Machine:
    """The engine's machine, asked once for each move."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self._lifecycle = Lifecycle(procedure)
        self._known: dict[tuple[str, str, str, bool], str | None] = {}

    def commands(self, stage: str) -> Iterable[tuple[str, tuple[str, ...]]]:
        """The commands that have a place in the stage, with their outcomes."""
        return self._lifecycle.commands(stage).items()

    def move(self, stage: str, command: str, outcome: str, refusals: tuple[Unmet, ...]) -> str:
        """The stage that follows; empty where the machine forbids the move."""
        key = (stage, command, outcome, bool(refusals))
        if key not in self._known:
            try:
                self._known[key] = self._lifecycle.move(stage, command, outcome, refusals)
            except Forbidden:
                self._known[key] = ""
        return self._known[key] or ""


class World:
    """The states of one procedure with one step under test, or with none."""

    def __init__(
        self,
        machine: Machine,
        kinds: Mapping[str, StepKind],
        step: Step | None,
        answers: Mapping[str, Answer],
        disabled: Collection[str] = (),
    ) -> None:
        self.procedure = machine.procedure
        self.step = step
        self._machine = machine
        self._kinds = kinds
        self.answers = answers
        self._disabled = disabled
        self._reviewing = frozenset(guards.reviewing(self.procedure))
        acts = () if step is None or step.id in self._reviewing else tuple(step.acts)
        self._bits = {act: 1 << place for place, act in enumerate(acts)}
        self._all = (1 << len(acts)) - 1
        self._correcting = frozenset(
            name for kind in kinds.values() for name, act in kind.acts.items() if act.corrects
        )
        self._assessed: dict[tuple[Reviewed, int, bool], Mapping[str, Assessment]] = {}
        self._refused: dict[tuple[str, Reviewed, int, bool], tuple[Unmet, ...]] = {}
        self.parents: dict[State, tuple[State | None, PathStep]] = {}
        self.before: dict[State, list[State]] = {}
        self.first: dict[str, tuple[State | None, PathStep]] = {}
        self.rewritten: tuple[State, PathStep] | None = None

    # --- what the promise is judged by ------------------------------------------------------------

    def settled(self, state: State) -> bool:
        """Whether the step under test is done or lawfully waived; not asked of the review."""
        return state.done == self._all or state.waived

    @property
    def tests_review(self) -> bool:
        """Whether the step under test is the review."""
        return self.step is not None and self.step.id in self._reviewing

    @cached_property
    def tabled(self) -> tuple[State, ...]:
        """The states in which the matter is on an agenda, the quickest to reach first."""
        return tuple(state for state in self.parents if state.tabled)

    def tells_of(self, command: str) -> bool:
        """Whether all that the command asks for is shown; waivers only of the step under test."""
        return command not in WAIVER or (self.step is not None and self.step.waivable is not None)

    # --- the way through --------------------------------------------------------------------------

    def explore(self) -> None:
        """Reach every state, each on a shortest way."""
        open_: deque[State] = deque()
        initial = State(self.procedure.initial, Reviewed.NO_TEXT)
        for outcome in ("", "state_secret"):
            stage = self._machine.move(initial.stage, "propose", outcome, ())
            if stage and "propose" not in self._disabled:
                self._reach(open_, None, PathStep("propose", outcome, stage), initial)
        while open_:
            state = open_.popleft()
            for way, after in self._successors(state):
                self._reach(open_, state, way, after)

    def _reach(self, open_: deque[State], state: State | None, way: PathStep, after: State) -> None:
        reached = after._replace(stage=way.stage)
        self.first.setdefault(way.command, (state, way))
        if state is not None:
            if state.tabled and way.command == "revise_draft" and self.rewritten is None:
                self.rewritten = (state, way)
            if state != reached:
                self.before.setdefault(reached, []).append(state)
        if reached not in self.parents:
            self.parents[reached] = (state, way)
            open_.append(reached)

    def path(self, state: State) -> tuple[PathStep, ...]:
        """A shortest way to a state."""
        return self.path_by(self.parents[state])

    def path_by(self, last: tuple[State | None, PathStep]) -> tuple[PathStep, ...]:
        """A shortest way that ends with this command from this state."""
        state, way = last
        return (way,) if state is None else (*self.path(state), way)

    def leading_to(self, goals: Iterable[State]) -> set[State]:
        """Every state from which one of the goals can be reached."""
        found = set(goals)
        open_ = list(found)
        while open_:
            for state in self.before.get(open_.pop(), ()):
                if state not in found:
                    found.add(state)
                    open_.append(state)
        return found

    # --- one command ------------------------------------------------------------------------------

    def _successors(self, state: State) -> Iterator[tuple[PathStep, State]]:
        for command, outcomes in self._machine.commands(state.stage):
            if command == "propose" or command in self._disabled:
                continue
            if state.paused and command not in self.procedure.while_paused:
                continue
            for outcome in outcomes:
                if self._inert(command, outcome, state.stage):
                    continue
                refusals = self._refusals(command, state)
                stage = self._machine.move(state.stage, command, outcome, refusals)
                if stage:
                    way = PathStep(command, outcome, stage)
                    for after in self._effects(command, outcome, state):
                        yield way, after

    def _inert(self, command: str, outcome: str, stage: str) -> bool:
        """Whether a command was seen before and, in this stage, can change nothing."""
        return (
            command in self.first
            and command not in _EFFECTIVE
            and command not in self._bits
            and command not in self._correcting
            and self._machine.move(stage, command, outcome, ()) == stage
        )

    def _refusals(self, command: str, state: State) -> tuple[Unmet, ...]:
        """What the engine has against a command; remembered for states that look alike to it."""
        key = (command, state.text, state.done, state.waived)
        if key not in self._refused:
            self._refused[key] = self._judged(command, state)
        return self._refused[key]

    def _judged(self, command: str, state: State) -> tuple[Unmet, ...]:
        gate = _GATED.get(command)
        steps = self.procedure.steps_of(command)
        for step in steps:
            gate = gate or self._kinds[step.kind].acts[command].gate
        if gate is not None:
            return self._gate(gate, state)
        if steps and all(self._held_up(step, command, state) for step in steps):
            return (_open(steps[0]),)
        return ()

    def _held_up(self, step: Step, command: str, state: State) -> bool:
        return not self._kinds[step.kind].acts[command].ahead and self._waits(step, state)

    def _waits(self, step: Step, state: State) -> bool:
        """Whether a step that must precede this one is open."""
        assessments = self._assessments(state)
        return any(not assessments[before].state.closed for before in step.after)

    def _gate(self, gate: Gate, state: State) -> tuple[Unmet, ...]:
        """What the engine's own gate says."""
        current = None if state.text is Reviewed.NO_TEXT else _TEXT
        passed = current if _passes(state) else None
        assessments = self._assessments(state)
        return guards.barring(self.procedure, gate, self.answers, assessments, current, passed)

    def _assessments(self, state: State) -> Mapping[str, Assessment]:
        key = (state.text, state.done, state.waived)
        if key not in self._assessed:
            self._assessed[key] = {
                step.id: self._assessment(step, state) for step in self.procedure.steps.values()
            }
        return self._assessed[key]

    def _assessment(self, step: Step, state: State) -> Assessment:
        if step is self.step and state.waived:
            return Assessment(StepState.WAIVED)
        if step.id in self._reviewing:
            done, begun = (
                _passes(state),
                state.text not in (Reviewed.NO_TEXT, Reviewed.NOT_REVIEWED),
            )
        elif step is self.step:
            done, begun = state.done == self._all, state.done != 0
        else:
            return Assessment(StepState.SATISFIED)
        if done:
            return Assessment(StepState.SATISFIED)
        stands = StepState.IN_PROGRESS if begun else StepState.PENDING
        return Assessment(stands, (_open(step),))

    def _effects(self, command: str, outcome: str, state: State) -> Iterator[State]:
        """What an accepted command may lead to, apart from the stage; nothing if it is refused."""
        match command:
            case "revise_draft":
                yield from self._revised(Nature(outcome), state)
            case "migrate":
                lapsed = outcome == REVIEW_LAPSED
                yield state._replace(text=Reviewed.CHANGED) if lapsed else state
            case "pause":
                yield state._replace(paused=True)
            case "resume":
                if state.paused:
                    yield state._replace(paused=False)
            case "withdraw":
                yield state._replace(paused=False, tabled=False)
            case "propose_agenda_item" | "remove_agenda_item":
                tabled = command == "propose_agenda_item"
                if state.tabled is not tabled:
                    yield state._replace(tabled=tabled)
            case _ if command in WAIVER:
                yield from self._waiver(command, state)
            case _:
                yield from self._act(command, outcome, state)

    def _revised(self, nature: Nature, state: State) -> Iterator[State]:
        if (nature is Nature.FIRST) is not (state.text is Reviewed.NO_TEXT):
            return
        lapse = Lapse.NEVER if self.step is None else self.step.lapses_on
        lapsed = lapse is Lapse.ANY or (lapse is Lapse.SUBSTANTIVE and nature is Nature.SUBSTANTIVE)
        unread = state.text in (Reviewed.NO_TEXT, Reviewed.NOT_REVIEWED)
        yield state._replace(
            text=Reviewed.NOT_REVIEWED if unread else Reviewed.CHANGED,
            done=0 if lapsed else state.done,
        )

    def _waiver(self, command: str, state: State) -> Iterator[State]:
        """Of the step under test; what is asked and ruled about others changes nothing here."""
        if self.step is None or self.step.waivable is None:
            yield state
        elif command == "request_waiver":
            yield state._replace(asked=True)
        elif state.asked:
            yield state._replace(asked=False, waived=True)
            yield state._replace(asked=False, waived=False)

    def _act(self, command: str, outcome: str, state: State) -> Iterator[State]:
        bit = self._bits.get(command)
        if bit is not None and self.step is not None:
            shared = len(self.procedure.steps_of(command)) > 1
            if not self._held_up(self.step, command, state):
                yield state._replace(done=state.done | bit)
                # Done anew, or to no avail: what was closed by it may be open again.
                yield state._replace(done=0 if bit == self._all else bit)
            if shared:
                yield state
        elif command in self._correcting:
            yield state
            # By corrected answers the step under test may be required only from now on.
            yield state._replace(done=0)
        elif command == "submit_for_review":
            if state.text is not Reviewed.NO_TEXT:
                yield state
        elif command == "give_review_verdict":
            yield state._replace(text=self._verdict(outcome, state))
        elif command == "confirm_changes":
            if state.text is Reviewed.CHANGED:
                yield state._replace(text=self._verdict(CONFIRMED, state))
        else:
            yield state

    def _verdict(self, verdict: str, state: State) -> Reviewed:
        if state.text is Reviewed.NO_TEXT:
            return Reviewed.NO_TEXT
        counts = any(
            verdict in self.procedure.steps[step].rules["verdicts"].choices
            for step in self._reviewing
        )
        if not counts:
            return Reviewed.NEGATIVE
        return Reviewed.PASSED if verdict in LAWFUL else Reviewed.COUNTED


def _passes(state: State) -> bool:
    """Whether the definition takes the text for passed."""
    return state.text in (Reviewed.PASSED, Reviewed.COUNTED)


def _open(step: Step) -> Unmet:
    return Unmet("open", step.citations, step=step.id)
