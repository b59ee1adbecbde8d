"""Every state that a matter can be in, one step against the lifecycle, by exhausting its moves.

The moves are those of the engine's machine and the gates are the engine's own; of the step kinds
only the outcomes of their acts are taken, any of which may come about.  Of the other steps all
work is taken as done, except the review's, which stands and falls with the text.  All of this is
in the shape, and only the shape is asked here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from procedures.prover_shape import (
    OF_GATE,
    OF_MEETING,
    OF_STEP,
    OF_TEXT,
    READING,
    Effect,
    Reviewed,
    Shape,
    Turn,
    bit_of,
)
from workflow.definition import Gate, Nature
from workflow.guards import REACH
from workflow.ports import StepState


class Matter(NamedTuple):
    """A matter apart from its stage, as far as the proof is concerned.

    `done` holds a bit for each act of the step under test that counts; `asked` tells that a
    waiver was requested, `waived` that it was granted.  `adopted` counts the bodies that adopted
    it, `amended` tells that the text is to follow what a meeting decided.  `flawed`: it came past
    a gate after the agenda without what that gate demands.
    """

    text: Reviewed
    done: int = 0
    asked: bool = False
    waived: bool = False
    paused: bool = False
    tabled: bool = False
    adopted: int = 0
    amended: bool = False
    issued: bool = False
    closed: bool = False
    flawed: bool = False


#: A state: the stage, and the number of the matter in its world.
State = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PathStep:
    """One command on a way through the lifecycle, with its outcome and the stage that follows."""

    command: str
    outcome: str
    stage: str


class World:
    """The states of one shape, each reached on a shortest way."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.matters: list[Matter] = []
        self._numbers: dict[Matter, int] = {}
        self._looks: list[int] = []
        self._rows: list[dict[int, tuple[bool, tuple[int, ...]]]] = []
        self._ways = {
            stage: [(way.turn, way.free, way.barred) for way in ways] for stage, ways in shape.ways
        }
        self._parents: dict[State, tuple[State | None, str, str]] = {}
        self._before: dict[State, list[State]] = {}
        self._explore()

    def _explore(self) -> None:
        open_: deque[State] = deque()
        unwritten = self._number(Matter(Reviewed.NO_TEXT))
        for outcome, stage in self.shape.proposals:
            state = (stage, unwritten)
            if state not in self._parents:
                self._parents[state] = (None, "propose", outcome)
                open_.append(state)
        # Nothing is done as often as this, which is why it is not done by way of `_successors`.
        parents, before, rows = self._parents, self._before, self._rows
        turns, ways, turned = self.shape.turns, self._ways, self._turned
        while open_:
            state = open_.popleft()
            stage, number = state
            row = rows[number]
            for place, free, barred in ways[stage]:
                found = row.get(place)
                if found is None:
                    found = row[place] = turned(turns[place], number)
                to = barred if found[0] else free
                if not to:
                    continue
                for matter in found[1]:
                    after = (to, matter)
                    if after == state:
                        continue
                    before.setdefault(after, []).append(state)
                    if after not in parents:
                        parents[after] = (state, turns[place].command, turns[place].outcome)
                        open_.append(after)

    def _successors(self, state: State) -> Iterator[tuple[int, State]]:
        """Every state that follows one that was explored, with the place of the turn."""
        stage, number = state
        row = self._rows[number]
        for place, free, barred in self._ways[stage]:
            refused, afters = row[place]
            to = barred if refused else free
            if to:
                for after in afters:
                    yield place, (to, after)

    def _number(self, matter: Matter) -> int:
        if matter not in self._numbers:
            self._numbers[matter] = len(self.matters)
            self.matters.append(matter)
            self._looks.append(bit_of(READING[matter.text], self._stands(matter)))
            self._rows.append({})
        return self._numbers[matter]

    # --- one command ------------------------------------------------------------------------------

    def _turned(self, turn: Turn, number: int) -> tuple[bool, tuple[int, ...]]:
        """Whether the engine refuses the turn, and what it may make of the matter."""
        matter = self.matters[number]
        if matter.paused and not turn.while_paused:
            return True, ()
        look = self._looks[number]
        refused = bool(turn.refused & look)
        if turn.effect is Effect.NOTHING:
            return refused, (number,)
        return refused, tuple(map(self._number, self._effects(turn, matter, look)))

    def _stands(self, matter: Matter) -> StepState:
        if matter.waived:
            return StepState.WAIVED
        if matter.done == self.shape.full:
            return StepState.SATISFIED
        return StepState.IN_PROGRESS if matter.done else StepState.PENDING

    def _effects(self, turn: Turn, matter: Matter, look: int) -> Iterator[Matter]:
        """What an accepted turn may lead to, apart from the stage; nothing if it is refused."""
        if turn.effect in OF_TEXT:
            yield from self._of_text(turn, matter)
        elif turn.effect in OF_MEETING:
            yield from self._of_meeting(turn, matter)
        elif turn.effect in OF_GATE:
            yield from self._of_gate(turn, matter)
        elif turn.effect in OF_STEP:
            yield from self._of_step(turn, matter, look)
        else:
            yield from _of_course(turn, matter)

    def _of_text(self, turn: Turn, matter: Matter) -> Iterator[Matter]:
        """To the text and its review; one that has become another in substance is adopted anew."""
        if turn.effect is Effect.AS_DECIDED:
            if matter.amended:
                done = 0 if turn.undone else matter.done
                yield matter._replace(text=Reviewed.CHANGED, done=done)
        elif turn.effect is Effect.RECHECK:
            onward = matter.adopted < self.shape.bodies
            if matter.amended and matter.text is Reviewed.CHANGED:
                if turn.verdict is Reviewed.NEGATIVE:
                    # The same text stays to be mended; what was negative about it is on record.
                    yield matter
                elif onward is turn.outcome.endswith("_onward"):
                    yield matter._replace(text=turn.verdict, amended=False)
        else:
            for after in _of_text(turn, matter):
                new = turn.effect is Effect.NEW_TEXT and turn.outcome == Nature.SUBSTANTIVE
                yield after._replace(adopted=0, amended=False) if new else after

    def _of_meeting(self, turn: Turn, matter: Matter) -> Iterator[Matter]:
        """To what the meeting on whose agenda the matter is came to."""
        adopted = matter.adopted + 1
        if not matter.tabled or adopted > self.shape.bodies:
            return
        if turn.effect is Effect.AMEND:
            yield matter._replace(tabled=False, adopted=adopted, amended=True)
        elif (adopted == self.shape.bodies) is (turn.effect is Effect.ADOPT):
            yield matter._replace(tabled=False, adopted=adopted)

    def _of_gate(self, turn: Turn, matter: Matter) -> Iterator[Matter]:
        """Past a gate after the agenda, with or without what it demands, or back before it."""
        if turn.effect is Effect.VOID:
            yield matter._replace(issued=False)
            return
        gate = Gate.ISSUE if turn.effect is Effect.ISSUE else Gate.CLOSE
        decided = (
            matter.text is Reviewed.PASSED
            and matter.adopted == self.shape.bodies
            and not matter.amended
        )
        due = self.shape.due in REACH[gate]
        cleared = not due or matter.waived or matter.done == self.shape.full
        flawed = matter.flawed or not (decided and cleared)
        if gate is Gate.ISSUE:
            done = self.shape.full if turn.bit else matter.done
            yield matter._replace(issued=True, flawed=flawed, done=done)
        else:
            yield matter._replace(closed=True, flawed=flawed or not matter.issued)

    def _of_step(self, turn: Turn, matter: Matter, look: int) -> Iterator[Matter]:
        """To the step under test: its waiver, its work, the answers that require it."""
        match turn.effect:
            case Effect.ASK_WAIVER:
                yield matter._replace(asked=True)
            case Effect.RULE_WAIVER:
                if matter.asked:
                    yield matter._replace(asked=False, waived=True)
                    yield matter._replace(asked=False, waived=False)
            case Effect.WORK | Effect.END:
                yield from self._worked(turn, matter, look)
            case Effect.UNDO:
                yield matter._replace(done=0)
            case _:
                yield matter
                # By corrected answers the step under test may be required only from now on.
                yield matter._replace(done=0)

    def _worked(self, turn: Turn, matter: Matter, look: int) -> Iterator[Matter]:
        """One of the acts of the step: part of its work, or its end."""
        if not turn.held_up & look:
            if turn.effect is Effect.END:
                yield matter._replace(done=self.shape.full)
            else:
                yield matter._replace(done=matter.done | turn.bit)
                # Done anew, or to no avail: what was closed by it may be open again.
                yield matter._replace(done=0 if turn.bit == self.shape.full else turn.bit)
        if turn.shared:
            yield matter

    # --- paths ------------------------------------------------------------------------------------

    def path(self, state: State) -> tuple[PathStep, ...]:
        """A shortest way to a state."""
        before, command, outcome = self._parents[state]
        way = PathStep(command, outcome, state[0])
        return (way,) if before is None else (*self.path(before), way)

    def first(self, command: str, within: Iterable[State] | None = None) -> tuple[PathStep, ...]:
        """A shortest way that ends with a command, or one that leads on from some states.

        Empty where it is never given.  It must not be one that the shape leaves out as idle.
        """
        if command == "propose":
            return next((self.path((stage, 0)) for _, stage in self.shape.proposals), ())
        for state in self._parents if within is None else within:
            for place, (stage, _) in self._successors(state):
                turn = self.shape.turns[place]
                if turn.command == command:
                    return (*self.path(state), PathStep(command, turn.outcome, stage))
        return ()

    # --- what the promise is judged by ------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._parents)

    @cached_property
    def stages(self) -> frozenset[str]:
        """The stages that a matter can reach."""
        return frozenset(stage for stage, _ in self._parents)

    @cached_property
    def tabled(self) -> State | None:
        """The quickest to reach of the states in which the matter is on an agenda."""
        return self.listed(0)

    def listed(self, adopted: int) -> State | None:
        """The quickest to reach of the states on an agenda once so many bodies have adopted it."""
        return self._first_with(lambda matter: matter.tabled and matter.adopted == adopted)

    @cached_property
    def uncleared(self) -> State | None:
        """On an agenda, and the step under test is neither done nor lawfully waived."""
        if self.shape.due in (Gate.ISSUE, Gate.CLOSE):
            return None
        return self._first_with(
            lambda matter: matter.tabled and not (matter.done == self.shape.full or matter.waived)
        )

    @cached_property
    def reached(self) -> State | None:
        """The quickest to reach of the states at which the step under test must be done."""
        match self.shape.due:
            case Gate.CLOSE:
                return self._first_with(lambda matter: matter.closed)
            case Gate.ISSUE:
                return self._first_with(lambda matter: matter.issued)
            case _:
                return self.tabled

    @cached_property
    def flawed(self) -> State | None:
        """Issued or closed without what must come before it."""
        return self._first_with(lambda matter: matter.flawed)

    @cached_property
    def put_away(self) -> State | None:
        """At an end after the issue, and not by the close, where there is one."""
        ends = self.shape.ends if self.shape.goal is Effect.CLOSE else ()
        for state in self._parents:
            matter = self.matters[state[1]]
            if state[0] in ends and matter.issued and not matter.closed:
                return state
        return None

    @cached_property
    def finished(self) -> State | None:
        """The quickest to reach of the states at the end of the longest way."""
        match self.shape.goal:
            case Effect.CLOSE:
                return self._first_with(lambda matter: matter.closed)
            case Effect.ISSUE:
                return self._first_with(lambda matter: matter.issued)
            case _:
                return self.tabled

    @cached_property
    def undecided(self) -> State | None:
        """Where decided matters stand, and not adopted by every body, or not in this text."""
        for state in self._parents:
            matter = self.matters[state[1]]
            if state[0] in self._decided and not (
                matter.text is Reviewed.PASSED
                and matter.adopted == self.shape.bodies
                and not matter.amended
            ):
                return state
        return None

    @cached_property
    def _decided(self) -> frozenset[str]:
        """The stages to which adoption leads."""
        return frozenset(
            way.free
            for _, ways in self.shape.ways
            for way in ways
            if way.free and self.shape.turns[way.turn].effect is Effect.ADOPT
        )

    @cached_property
    def unread(self) -> State | None:
        """On an agenda, and not found lawful in exactly this text."""
        return self._first_with(lambda matter: matter.tabled and matter.text is not Reviewed.PASSED)

    @cached_property
    def counted(self) -> State | None:
        """Passed by a negative verdict."""
        return self._first_with(lambda matter: matter.text is Reviewed.COUNTED)

    @cached_property
    def waived(self) -> State | None:
        """The step under test is waived."""
        return self._first_with(lambda matter: matter.waived)

    @cached_property
    def rewritten(self) -> tuple[PathStep, ...]:
        """A shortest way to a text that is changed on the agenda; empty where there is none."""
        return self.first(
            "revise_draft", (state for state in self._parents if self.matters[state[1]].tabled)
        )

    def before_issue(self, command: str) -> tuple[PathStep, ...]:
        """A shortest way to a command that is given before the issue; empty where there is none."""
        return self.first(
            command, (state for state in self._parents if not self.matters[state[1]].issued)
        )

    @cached_property
    def dead_ends(self) -> tuple[State, ...]:
        """Where every way to an end is lost."""
        ends = [state for state in self._parents if state[0] in self.shape.ends]
        return tuple(self._stuck(self._parents, ends))

    @cached_property
    def paused_for_good(self) -> tuple[State, ...]:
        """Where every way out of a pause is lost."""
        going = [state for state in self._parents if state[0] not in self.shape.ends]
        paused = [state for state in going if self.matters[state[1]].paused]
        running = [state for state in going if not self.matters[state[1]].paused]
        return tuple(self._stuck(paused, running))

    def _first_with(self, holds: Callable[[Matter], bool]) -> State | None:
        fitting = {number for number, matter in enumerate(self.matters) if holds(matter)}
        return next((state for state in self._parents if state[1] in fitting), None)

    def _stuck(self, states: Iterable[State], goals: Iterable[State]) -> Iterator[State]:
        """The states at which every way to a goal is lost, not those that lie behind them."""
        alive = self._leading_to(goals)
        for state in states:
            before = self._parents[state][0]
            if state not in alive and (before is None or before in alive):
                yield state

    def _leading_to(self, goals: Iterable[State]) -> set[State]:
        """Every state from which one of the goals can be reached."""
        found = set(goals)
        open_ = list(found)
        while open_:
            for state in self._before.get(open_.pop(), ()):
                if state not in found:
                    found.add(state)
                    open_.append(state)
        return found


def _of_text(turn: Turn, matter: Matter) -> Iterator[Matter]:
    """To the text and its review."""
    text = matter.text
    match turn.effect:
        case Effect.FIRST_TEXT | Effect.NEW_TEXT:
            if (turn.effect is Effect.FIRST_TEXT) is (text is Reviewed.NO_TEXT):
                unread = text in (Reviewed.NO_TEXT, Reviewed.NOT_REVIEWED)
                yield matter._replace(
                    text=Reviewed.NOT_REVIEWED if unread else Reviewed.CHANGED,
                    done=0 if turn.undone else matter.done,
                )
        case Effect.LAPSE:
            yield matter._replace(text=Reviewed.CHANGED)
        case Effect.SUBMIT:
            if text is not Reviewed.NO_TEXT:
                yield matter
        case Effect.VERDICT:
            yield matter if text is Reviewed.NO_TEXT else matter._replace(text=turn.verdict)
        case _:
            if text is Reviewed.CHANGED:
                yield matter._replace(text=turn.verdict)


def _of_course(turn: Turn, matter: Matter) -> Iterator[Matter]:
    """To the course of the matter: a pause, an agenda."""
    match turn.effect:
        case Effect.PAUSE:
            yield matter._replace(paused=True)
        case Effect.RESUME:
            if matter.paused:
                yield matter._replace(paused=False)
        case Effect.AMEND_AFTER:
            yield matter._replace(amended=True)
        case Effect.UNCONFIRM:
            # What was adopted as urgent and could have waited is to be adopted anew.
            yield matter._replace(adopted=max(0, matter.adopted - 1), amended=False)
        case Effect.WITHDRAW:
            yield matter._replace(paused=False, tabled=False)
        case _:
            tabled = turn.effect is Effect.TABLE
            if matter.tabled is not tabled:
                yield matter._replace(tabled=tabled)
