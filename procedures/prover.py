"""The proof that a definition keeps the promise, by exhausting every state that it allows.

The promise is stated here once more and independently of the gate that is to keep it: whatever
is on the agenda has the step under test done or lawfully waived, and has been found lawful in
exactly its current text; what is decided was adopted by every body in this text, by votes of none
who had to withdraw; and what is issued or closed has all that must come before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from procedures.answers import find
from procedures.kinds.evaluation import OPEN
from procedures.kinds.publication import INTERPRET, PUBLISH
from procedures.prover_ballots import Acts, Manner, faults_of, manner_of
from procedures.prover_evaluation import assessors_evaluate
from procedures.prover_people import nobody_left
from procedures.prover_reader import WAIVER, Machines, Reader
from procedures.prover_shape import Shape
from procedures.prover_suspension import suspensions
from procedures.prover_world import PathStep, State, World
from procedures.references import HELD_ELSEWHERE
from workflow.catalogue import Said
from workflow.decisions.deliberating import ONWARD
from workflow.definition import Answer, Body, Decides, Procedure, Step
from workflow.facts import RECUSE
from workflow.ports import StepKind

_TWO: Final = 2

#: Kinds of steps by which a decision goes out.
ISSUANCE, PUBLICATION = "issuance", "publication"

#: What a meeting must be able to do on an item: hear its members, let go whoever has to withdraw,
#: and vote, where it decides by votes (Order 713 art. 30; Party group rules art. 32).
IN_SESSION: Final = ("record_statement", RECUSE, "take_ballot")


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a definition breaks the promise, and the shortest path that leads there.

    `code` names a message that `params` fill; `subject` is the id of the step, stage, command or
    body concerned, empty where it is the procedure as a whole.  The path is empty where there is
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


class Explored:
    """The worlds explored so far, by their shape: what several definitions share is explored once.

    Nothing is remembered of a definition but its shapes, so that an answer found here is the one
    that would be found anew.
    """

    def __init__(self) -> None:
        self.machines = Machines()
        self._worlds: dict[Shape, World] = {}
        self._ballots: dict[Manner, Mapping[str, Acts]] = {}

    def __len__(self) -> int:
        return len(self._worlds)

    def world(self, shape: Shape) -> World:
        """The states of a shape."""
        if shape not in self._worlds:
            self._worlds[shape] = World(shape)
        return self._worlds[shape]

    def ballots(self, procedure: Procedure, body: Body) -> Mapping[str, Acts]:
        """What is wrong with the way in which a body decides."""
        manner = manner_of(procedure, body)
        if manner not in self._ballots:
            self._ballots[manner] = faults_of(procedure, body)
        return self._ballots[manner]


def prove(
    procedure: Procedure, kinds: Mapping[str, StepKind], explored: Explored | None = None
) -> Proof:
    """Exhaust the lifecycle, alone and with each step that a matter can need.

    `explored` is what was explored for other definitions, and is added to.
    """
    prover = _Prover(procedure, kinds, Explored() if explored is None else explored)
    faults: dict[tuple[str, str], Fault] = {}
    for fault in prover.run():
        key = (fault.code, fault.subject)
        if key not in faults or len(fault.path) < len(faults[key].path):
            faults[key] = fault
    return Proof(procedure, prover.states, tuple(faults.values()))


@dataclass(frozen=True, slots=True)
class _Test:
    """A step under test, or none, with answers that require it, and the states there are."""

    step: Step | None
    answers: Mapping[str, Answer]
    world: World


class _Prover:
    def __init__(
        self, procedure: Procedure, kinds: Mapping[str, StepKind], explored: Explored
    ) -> None:
        self._procedure = procedure
        self._explored = explored
        self._reader = Reader(procedure, kinds, explored.machines.of(procedure))
        self._tests: list[_Test] = []

    @property
    def states(self) -> int:
        """How many states there are, over all tests."""
        return sum(len(test.world) for test in self._tests)

    def run(self) -> Iterator[Fault]:
        alone = self._test(None, {})
        yield from self._judge(alone)
        for further in self._procedure.further_meetings:
            answers = find(self._procedure.questions, ((further.when, True),))
            if answers is None:
                body = self._procedure.bodies[further.body]
                yield Fault("proof.never_required", further.body, {"step": body.name})
            else:
                yield from self._judge(self._test(None, answers))
        for step in self._procedure.steps.values():
            if step.required_when.op == "never":
                # What may be done and need not (可以): it stands in nobody's way.
                continue
            answers = find(self._procedure.questions, ((step.required_when, True),))
            if answers is None:
                yield Fault("proof.never_required", step.id, {"step": step.name})
            else:
                yield from self._judge(self._test(step, answers))
        reached = {stage for test in self._tests for stage in test.world.stages}
        # The stages between two meetings are there for whoever has to ask two.
        reached |= self._explored.world(replace(alone.world.shape, bodies=_TWO)).stages
        for stage in self._procedure.stages.values():
            if stage.id not in reached:
                yield Fault("proof.unreachable_stage", stage.id, {"stage": stage.name})
        yield from self._suspensions()
        yield from self._released()
        yield from self._evaluated()
        yield from self._separations(alone.world)
        yield from self._questions()
        yield from self._bodies()

    def _bodies(self) -> Iterator[Fault]:
        for body in self._procedure.bodies.values():
            for code, acts in sorted(self._explored.ballots(self._procedure, body).items()):
                yield Fault(code, body.id, {"body": body.name}, self._in_session(body, acts))
            yield from self._shut(body)

    def _shut(self, body: Body) -> Iterator[Fault]:
        """What must be possible on an item of a meeting, and has no move or nobody to do it."""
        acts = IN_SESSION if body.decides_by is Decides.MAJORITY else IN_SESSION[:-1]
        for test in self._tests:
            bodies = self._procedure.meetings(test.answers)
            if body.id not in bodies:
                continue
            state = test.world.listed(bodies.index(body.id))
            if state is None:
                continue
            open_ = {each.command for each in self._reader.machine.moves[state[0]] if each.free}
            for act in acts:
                if act not in open_ or not self._procedure.holders(act):
                    told = {"body": body.name, "act": Said(f"command.{act}.title")}
                    yield Fault("proof.shut_in_session", act, told, test.world.path(state))

    def _in_session(self, body: Body, acts: Acts) -> tuple[PathStep, ...]:
        """A shortest way to the agenda of a body, and what is done there; empty if it has none."""
        ways = (
            (*test.world.path(state), *self._along(state[0], acts, last=body.id == bodies[-1]))
            for test in self._tests
            if body.id in (bodies := self._procedure.meetings(test.answers))
            and (state := test.world.listed(bodies.index(body.id))) is not None
        )
        return min(ways, key=len, default=()) if acts else ()

    def _along(self, stage: str, acts: Acts, *, last: bool) -> Iterator[PathStep]:
        """These acts one after the other, from a stage on, as far as the machine has moves."""
        conclusion = "adopted" if last else ONWARD
        for act in acts:
            for known in self._reader.machine.moves[stage]:
                if known.command == act and known.free and known.outcome in ("", conclusion):
                    yield PathStep(act, known.outcome, stage := known.free)
                    break

    def _suspensions(self) -> Iterator[Fault]:
        """Nothing is carried out while it is suspended, and a suspension can end."""
        found = suspensions(self._reader.machine)
        for each in found.carried:
            told = {"act": Said(f"command.{each.command}.title")}
            yield Fault("proof.carried_out_suspended", each.command, told, self._whole(each.way))
        for way in found.endless:
            stage = self._procedure.stages[way[-1].stage]
            yield Fault(
                "proof.suspended_for_good", stage.id, {"stage": stage.name}, self._whole(way)
            )

    def _released(self) -> Iterator[Fault]:
        """Nothing is published or explained before it is issued (Order 713 arts 31 and 32)."""
        for test in self._tests:
            step = test.step
            if step is None or step.kind != PUBLICATION:
                continue
            acts = self._reader.kinds[step.kind].acts
            issuing = any(self._procedure.steps[each].kind == ISSUANCE for each in step.after)
            for command in (PUBLISH, INTERPRET):
                # What may not be done ahead of the issue is refused by the engine itself.
                if issuing and not acts[command].ahead:
                    continue
                way = test.world.before_issue(command)
                if way:
                    told = {"act": Said(f"command.{command}.title")}
                    yield Fault("proof.released_unissued", command, told, way)

    def _evaluated(self) -> Iterator[Fault]:
        """Nobody evaluates who was the main assessor before the decision (Order 713 art. 36)."""
        for test in self._tests:
            step = test.step
            if step is not None and assessors_evaluate(self._procedure, step, self._reader.kinds):
                way = self._way_to(OPEN)
                yield Fault("proof.assessor_evaluates", step.id, {"step": step.name}, way)

    def _whole(self, way: tuple[PathStep, ...]) -> tuple[PathStep, ...]:
        """A way that begins with a suspension, with a shortest way to that before it."""
        first = way[0].command
        world = World(self._reader.shape(None, {}, telling=first))
        return (*world.first(first)[:-1], *way)

    def _test(self, step: Step | None, answers: Mapping[str, Answer]) -> _Test:
        world = self._explored.world(self._reader.shape(step, answers))
        test = _Test(step, answers, world)
        self._tests.append(test)
        return test

    def _questions(self) -> Iterator[Fault]:
        asked = {
            leaf.question
            for step in self._procedure.steps.values()
            for leaf in step.required_when.leaves()
        }
        further = self._procedure.further_meetings
        asked |= {leaf.question for each in further for leaf in each.when.leaves()}
        asked |= {leaf.question for join in self._procedure.joins for leaf in join.when.leaves()}
        asked.add(self._procedure.decided_by)
        for question in self._procedure.questions.values():
            if question.id not in asked and not question.recorded:
                yield Fault("proof.question_unused", question.id, {"question": question.text})

    # --- the promise ------------------------------------------------------------------------------

    def _judge(self, test: _Test) -> Iterator[Fault]:
        step, world = test.step, test.world
        review = next(iter(self._reader.reviewing), "")
        if world.uncleared is not None:
            yield self._about(step, "proof.uncleared", world.path(world.uncleared))
        if world.unread is not None:
            reviewing = self._procedure.steps.get(review)
            yield self._about(reviewing, "proof.uncleared", world.path(world.unread))
        if world.counted is not None:
            yield Fault("proof.negative_passes", review, {}, world.path(world.counted))
        if step is not None and step.id in self._reader.reviewing and world.waived is not None:
            yield self._about(step, "proof.review_waived", world.path(world.waived))
        if world.rewritten:
            yield Fault("proof.text_changes_on_agenda", "", {}, world.rewritten)
        for code, states in (
            ("proof.dead_end", world.dead_ends),
            ("proof.paused_for_good", world.paused_for_good),
        ):
            for state in states:
                stage = self._procedure.stages[state[0]]
                yield Fault(code, stage.id, {"stage": stage.name}, world.path(state))
        yield from self._after_agenda(test)

    def _after_agenda(self, test: _Test) -> Iterator[Fault]:
        """What stands as decided is so, no later gate is passed unready, and the end is reached."""
        step, world = test.step, test.world
        if world.undecided is not None:
            yield Fault("proof.undecided", "", {}, world.path(world.undecided))
        # What goes wrong with no step under test goes wrong with each, and is told once.
        if world.flawed is not None and (step is None or self._tests[0].world.flawed is None):
            yield self._about(step, "proof.past_gate", world.path(world.flawed))
        # A step under test has its own say of what undoes it; the way to the end is the same.
        if step is None and world.put_away is not None:
            stage = self._procedure.stages[world.put_away[0]]
            way = world.path(world.put_away)
            yield Fault("proof.ends_unclosed", stage.id, {"stage": stage.name}, way)
        goal = world.finished if step is None else world.reached
        if goal is not None:
            yield from self._holders(test, goal)
        elif step is None or self._tests[0].world.finished is not None:
            yield self._about(step, "proof.goal_unreachable")

    # --- who may act ------------------------------------------------------------------------------

    def _holders(self, test: _Test, goal: State) -> Iterator[Fault]:
        """The commands without any holder that stand on every way to the agenda."""
        path = test.world.path(goal)
        lost = {
            way.command
            for way in path
            if way.command not in HELD_ELSEWHERE and not self._procedure.holders(way.command)
        }
        if not lost:
            return
        other = World(self._reader.shape(test.step, test.answers, lost))
        if (other.finished if test.step is None else other.reached) is None:
            for place, way in enumerate(path):
                if way.command in lost:
                    yield _nobody(way.command, path[: place + 1])

    def _separations(self, alone: World) -> Iterator[Fault]:
        path = () if alone.finished is None else alone.path(alone.finished)
        needed = {way.command for way in path}
        for step in self._procedure.steps.values():
            needed |= step.acts.keys()
            if step.waivable is not None:
                needed |= WAIVER
        for separation in nobody_left(self._procedure, needed):
            yield _nobody(separation.act, self._way_to(separation.act))

    def _way_to(self, command: str) -> tuple[PathStep, ...]:
        """A shortest way on which a command is given; of waivers, that of a step under test."""
        ways = (
            World(self._reader.shape(test.step, test.answers, telling=command)).first(command)
            for test in self._tests
            if command not in WAIVER or (test.step is not None and test.step.waivable is not None)
        )
        return min((way for way in ways if way), key=len, default=())

    def _about(self, step: Step | None, code: str, path: tuple[PathStep, ...] = ()) -> Fault:
        if step is None:
            return Fault(code, "", {"step": self._procedure.name}, path)
        return Fault(code, step.id, {"step": step.name}, path)


def _nobody(command: str, path: tuple[PathStep, ...]) -> Fault:
    return Fault("proof.nobody_may_act", command, {"act": Said(f"command.{command}.title")}, path)
