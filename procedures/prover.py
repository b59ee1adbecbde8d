"""The proof that a definition keeps the promise, by exhausting every state that it allows.

The promise is stated here once more and independently of the gate that is to keep it: whatever
is on the agenda has the step under test done or lawfully waived, and has been found lawful in
exactly its current text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from procedures.answers import find
from procedures.prover_people import nobody_left
from procedures.prover_world import WAIVER, Machine, PathStep, Reviewed, State, World
from procedures.references import HELD_ELSEWHERE
from workflow.catalogue import Said
from workflow.definition import Procedure, Step
from workflow.guards import reviewing
from workflow.ports import StepKind


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a definition breaks the promise, and the shortest path that leads there.

    `code` names a message that `params` fill; `subject` is the id of the step, stage or command
    concerned, empty where it is the procedure as a whole.  The path is empty where there is
    nothing that leads there: that is then the fault.
    """

    code: str
    subject: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    path: tuple[PathStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof found, over how many states; no faults means that the promise holds."""

    procedure: Procedure
    states_explored: int
    faults: tuple[Fault, ...]


def prove(procedure: Procedure, kinds: Mapping[str, StepKind]) -> Proof:
    """Exhaust the lifecycle, alone and with each step that a matter can need."""
    prover = _Prover(procedure, kinds)
    faults: dict[tuple[str, str], Fault] = {}
    for fault in prover.run():
        key = (fault.code, fault.subject)
        if key not in faults or len(fault.path) < len(faults[key].path):
            faults[key] = fault
    explored = sum(len(world.parents) for world in prover.worlds)
    return Proof(procedure, explored, tuple(faults.values()))


class _Prover:
    def __init__(self, procedure: Procedure, kinds: Mapping[str, StepKind]) -> None:
        self._procedure = procedure
        self._kinds = kinds
        self._machine = Machine(procedure)
        self._review = next(iter(reviewing(procedure)), "")
        self.worlds: list[World] = []

    def run(self) -> Iterator[Fault]:
        alone = self._world(None, {})
        yield from self._judge(alone)
        for step in self._procedure.steps.values():
            if step.required_when.op == "never":
                # What may be done and need not (可以): it stands in nobody's way.
                continue
            answers = find(self._procedure.questions, ((step.required_when, True),))
            if answers is None:
                yield Fault("proof.never_required", step.id, {"step": step.name})
            else:
                yield from self._judge(self._world(step, answers))
        reached = {state.stage for world in self.worlds for state in world.parents}
        for stage in self._procedure.stages.values():
            if stage.id not in reached:
                yield Fault("proof.unreachable_stage", stage.id, {"stage": stage.name})
        yield from self._separations(alone)
        asked = {
            leaf.question
            for step in self._procedure.steps.values()
            for leaf in step.required_when.leaves()
        }
        asked |= {leaf.question for join in self._procedure.joins for leaf in join.when.leaves()}
        asked.add(self._procedure.decided_by)
        for question in self._procedure.questions.values():
            if question.id not in asked and not question.recorded:
                yield Fault("proof.question_unused", question.id, {"question": question.text})

    def _world(self, step: Step | None, answers: Mapping[str, bool | int | str]) -> World:
        world = World(self._machine, self._kinds, step, answers)
        world.explore()
        self.worlds.append(world)
        return world

    # --- the promise ------------------------------------------------------------------------------

    def _judge(self, world: World) -> Iterator[Fault]:
        yield from self._uncleared(world)
        yield from self._verdicts(world)
        if world.rewritten is not None:
            path = world.path_by(world.rewritten)
            yield Fault("proof.text_changes_on_agenda", "", {}, path)
        yield from self._ways_out(world)
        if world.tabled:
            yield from self._holders(world, world.tabled[0])
        elif world.step is None or self.worlds[0].tabled:
            yield self._about(world.step, "proof.agenda_unreachable")

    def _uncleared(self, world: World) -> Iterator[Fault]:
        for state in world.tabled:
            if not world.settled(state):
                yield self._about(world.step, "proof.uncleared", world.path(state))
                break
        for state in world.tabled:
            if state.text is not Reviewed.PASSED:
                review = self._procedure.steps.get(self._review)
                yield self._about(review, "proof.uncleared", world.path(state))
                break

    def _verdicts(self, world: World) -> Iterator[Fault]:
        for state in world.parents:
            if state.text is Reviewed.COUNTED:
                yield Fault("proof.negative_passes", self._review, {}, world.path(state))
                break
        for state in world.parents if world.tests_review else ():
            if state.waived:
                yield self._about(world.step, "proof.review_waived", world.path(state))
                break

    def _ways_out(self, world: World) -> Iterator[Fault]:
        stages = self._procedure.stages
        ends = [state for state in world.parents if stages[state.stage].end]
        running = [
            state for state in world.parents if not (state.paused or stages[state.stage].end)
        ]
        yield from self._stuck(world, "proof.dead_end", world.parents, ends)
        paused = [s for s in world.parents if s.paused and not stages[s.stage].end]
        yield from self._stuck(world, "proof.paused_for_good", paused, running)

    def _stuck(
        self, world: World, code: str, states: Iterable[State], goals: list[State]
    ) -> Iterator[Fault]:
        """The states at which every way to a goal is lost, not those that lie behind them."""
        alive = world.leading_to(goals)
        for state in states:
            before, _ = world.parents[state]
            if state not in alive and (before is None or before in alive):
                stage = self._procedure.stages[state.stage]
                yield Fault(code, stage.id, {"stage": stage.name}, world.path(state))

    # --- who may act ------------------------------------------------------------------------------

    def _holders(self, world: World, goal: State) -> Iterator[Fault]:
        """The commands without any holder that stand on every way to the agenda."""
        path = world.path(goal)
        lost = {
            way.command
            for way in path
            if way.command not in HELD_ELSEWHERE and not self._procedure.holders(way.command)
        }
        if not lost:
            return
        other = World(self._machine, self._kinds, world.step, world.answers, lost)
        other.explore()
        if not other.tabled:
            for place, way in enumerate(path):
                if way.command in lost:
                    yield _nobody(way.command, path[: place + 1])

    def _separations(self, alone: World) -> Iterator[Fault]:
        path = alone.path(alone.tabled[0]) if alone.tabled else ()
        needed = {way.command for way in path}
        for step in self._procedure.steps.values():
            needed |= step.acts.keys()
            if step.waivable is not None:
                needed |= WAIVER
        for separation in nobody_left(self._procedure, needed):
            ways = [
                world.path_by(world.first[separation.act])
                for world in self.worlds
                if separation.act in world.first and world.tells_of(separation.act)
            ]
            yield _nobody(separation.act, min(ways, key=len, default=()))

    def _about(self, step: Step | None, code: str, path: tuple[PathStep, ...] = ()) -> Fault:
        if step is None:
            return Fault(code, "", {"step": self._procedure.name}, path)
        return Fault(code, step.id, {"step": step.name}, path)


def _nobody(command: str, path: tuple[PathStep, ...]) -> Fault:
    return Fault("proof.nobody_may_act", command, {"act": Said(f"command.{command}.title")}, path)
