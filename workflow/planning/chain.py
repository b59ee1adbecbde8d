"""The open steps of a matter in the order that the procedure demands, reckoned in both directions.

Forward: the first day on which each can be satisfied.  Backward: the last day on which the work on
each may start so that all are satisfied by a given day.  A step's own course is the only thing that
takes time; it never ends sooner for starting later, so the last day can be found by halving.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from workflow.calendar import OutOfCalendar
from workflow.definition import Gate, Step
from workflow.facts import Facts, Record
from workflow.guards import REACH, Lens, assess, reviewing
from workflow.kin import SEPARATE
from workflow.planning.route import RETURNING, STARTING, Route
from workflow.ports import Assessment, Course


@dataclass(frozen=True, slots=True)
class Node:
    """An open step, and the open steps that must be closed before its work starts.

    `follows_start`: its work waits for the decision to start the procedure.
    """

    step: Step
    after: tuple[str, ...]
    follows_start: bool


@dataclass(frozen=True)
class Chain:
    """Open steps, each after those that it waits for.

    `facts` are those that the courses are asked of: of the matter itself or, where the stage forces
    the papers back, as they will be then.  `barred` are steps that no stage ahead allows, `stage`
    is the one in which the work goes on.  `ruled` are steps that a ruling alone closes: that the
    matter is independent of its kin (相互独立).
    """

    lens: Lens
    facts: Facts
    nodes: Mapping[str, Node]
    barred: tuple[Step, ...] = ()
    sent_back: bool = False
    ruled: tuple[Step, ...] = ()
    stage: str = ""
    _known: dict[tuple[str, int], Course] = field(default_factory=dict)

    def course(self, step: str, start: date) -> Course:
        """The course of a step from a day on.  Raises OutOfCalendar."""
        key = (step, start.toordinal())
        found = self._known.get(key)
        if found is None:
            node = self.nodes[step].step
            view = self.lens.view(node, self.facts)
            found = self._known[key] = self.lens.kinds[node.kind].course(view, start)
        return found

    def forward(self) -> dict[str, tuple[date, Course]]:
        """When each step can start at the earliest, and its course from there."""
        found: dict[str, tuple[date, Course]] = {}
        for name, node in self.nodes.items():
            start = max((found[other][1].done for other in node.after), default=self.lens.today)
            found[name] = (start, self.course(name, start))
        return found

    def backward(self, by: date, forward: Mapping[str, tuple[date, Course]]) -> dict[str, date]:
        """The last day on which each step may start so that all are done by a day.

        The day must be one that the forward reckoning reaches.
        """
        due = dict.fromkeys(self.nodes, by)
        found: dict[str, date] = {}
        for name in reversed(list(self.nodes)):
            node, (start, _) = self.nodes[name], forward[name]
            found[name] = self._last_start(name, start, due[name])
            for other in node.after:
                due[other] = min(due[other], found[name])
        return found

    def onward(self, step: Step) -> str | None:
        """The act of the step that moves the matter on: from its stage, or else the first one."""
        moves = [move for move in self.lens.procedure.moves if move.to is not None]
        here = {move.command for move in moves if self.stage in move.sources}
        anywhere = {move.command for move in moves}
        acts = self.lens.kinds[step.kind].acts
        onward = [name for name, act in acts.items() if name in anywhere and not act.ahead]
        return next((name for name in onward if name in here), next(iter(onward), None))

    def changed(self, steps: Mapping[str, Step], facts: Facts) -> Chain:
        """The same chain with some steps under other rules, or other facts."""
        nodes = {
            name: replace(node, step=steps[name]) if name in steps else node
            for name, node in self.nodes.items()
        }
        return replace(self, nodes=nodes, facts=facts, _known={})

    def _last_start(self, step: str, start: date, due: date) -> date:
        low, high = start.toordinal(), due.toordinal()
        while low < high:
            middle = (low + high + 1) // 2
            if self._done_by(step, date.fromordinal(middle), due):
                low = middle
            else:
                high = middle - 1
        return date.fromordinal(low)

    def _done_by(self, step: str, start: date, due: date) -> bool:
        try:
            return self.course(step, start).done <= due
        except OutOfCalendar:
            return False


def chain(lens: Lens, facts: Facts, assessments: Mapping[str, Assessment]) -> Chain:
    """The chain of a matter's open steps.

    Besides the steps that each follows by definition, a step waits for the decision to start, if
    no stage before that allows work on it; and an act that asks for everything before a gate waits
    for that.  Where the review has to be run (again) before the stage can change to one that allows
    tabling, its step is open even if its last verdict covers the text; and where an open step can
    be worked on only after the papers have gone back to the lead unit, they are taken as sent back
    today, and the review begins anew.  A step that is open only for the kin of the matter is taken
    as closed by a ruling, where the stage allows one: the other way out brings in further steps,
    which nobody knows before they are answered.
    """
    procedure = lens.procedure
    facts, assessments, ruled = _ruled(lens, facts, assessments)
    reviews = reviewing(procedure)
    acts = frozenset(act for name in reviews for act in procedure.steps[name].acts)
    route = Route(procedure, facts.stage, acts)
    wanted = {
        step.id: step
        for step in procedure.steps.values()
        if step.before in REACH[Gate.AGENDA] and not assessments[step.id].state.closed
    }
    work = [step for step in wanted.values() if step.id not in reviews]
    barred = tuple(step for step in work if not route.works_at_all(step))
    late = any(not route.works_now(step) for step in work if step not in barred)
    back = route.after(RETURNING) if late else None
    if back is not None:
        facts = _sent_back(lens, facts, reviews)
        route = replace(route, stage=back)
    if back is not None or route.needs(acts):
        wanted |= {name: procedure.steps[name] for name in reviews}
    nodes = _Linker(lens, facts, route, reviews, wanted).nodes()
    return Chain(lens, facts, nodes, barred, back is not None, ruled, route.stage)


def _ruled(
    lens: Lens, facts: Facts, assessments: Mapping[str, Assessment]
) -> tuple[Facts, Mapping[str, Assessment], tuple[Step, ...]]:
    """The matter as ruled independent of its kin today, and the steps which that closes."""
    allowed = any(
        move.command == SEPARATE and facts.stage in move.sources for move in lens.procedure.moves
    )
    if not (facts.kin and allowed):
        return facts, assessments, ()
    apart = replace(facts, kin=())
    later = assess(lens, apart)
    ruled = tuple(
        step
        for name, step in lens.procedure.steps.items()
        if later[name].state.closed and not assessments[name].state.closed
    )
    return (apart, later, ruled) if ruled else (facts, assessments, ())


def _sent_back(lens: Lens, facts: Facts, reviews: tuple[str, ...]) -> Facts:
    """The matter as it will be when its papers have gone back, which it will have to be today."""
    returned = tuple(
        Record(
            position=len(facts.records) + 1,
            command=RETURNING,
            step=name,
            outcome="",
            actor="",
            principal=None,
            unit="",
            role="",
            payload={},
            draft=0 if facts.draft is None else facts.draft.number,
            filed_on=lens.today,
        )
        for name in reviews
    )
    return replace(facts, records=facts.records + returned)


@dataclass(frozen=True)
class _Linker:
    """Puts the open steps into an order in which each stands after those that it waits for."""

    lens: Lens
    facts: Facts
    route: Route
    reviews: tuple[str, ...]
    wanted: Mapping[str, Step]

    def nodes(self) -> dict[str, Node]:
        linked = {name: self._node(step) for name, step in self.wanted.items()}
        found: dict[str, Node] = {}

        def put(name: str) -> None:
            if name not in found:
                for other in linked[name].after:
                    put(other)
                found[name] = linked[name]

        for name in linked:
            put(name)
        return found

    def _node(self, step: Step) -> Node:
        demanded = self.lens.kinds[step.kind].demands(self.lens.view(step, self.facts))
        before = dict.fromkeys(name for name in (*step.after, *demanded) if name in self.wanted)
        follows_start = (
            step.before is not Gate.START
            and self.route.needs((STARTING,))
            and not self.route.works_without(step, STARTING)
        )
        if follows_start:
            before |= dict.fromkeys(self._before_start())
        for acts, gate in self._gates(step):
            if self.route.needs(acts):
                before |= dict.fromkeys(self._others(step, REACH[gate]))
        if step.id in self.reviews:
            before |= dict.fromkeys(self._too_late_afterwards(step))
        return Node(step, tuple(before), follows_start)

    def _before_start(self) -> Iterator[str]:
        """The open steps that must be closed before the decision to start."""
        for step in self.wanted.values():
            if step.before is Gate.START and all(
                self._step(name).before is Gate.START for name in self._ancestors(step)
            ):
                yield step.id

    def _gates(self, step: Step) -> Iterator[tuple[tuple[str, ...], Gate]]:
        """The gates that acts of the step ask for, each with those acts."""
        acts = self.lens.kinds[step.kind].acts
        for gate in Gate:
            asking = tuple(name for name, act in acts.items() if act.gate is gate)
            if asking:
                yield asking, gate

    def _others(self, step: Step, gates: Collection[Gate]) -> Iterator[str]:
        """The open steps before these gates that do not themselves wait for the step."""
        for other in self.wanted.values():
            apart = other is not step and step.id not in self._ancestors(other)
            if apart and other.before in gates:
                yield other.id

    def _too_late_afterwards(self, review: Step) -> Iterator[str]:
        """The open steps that cannot be worked on any more once the review is over."""
        for name in self._others(review, tuple(Gate)):
            if not self.route.places(self.wanted[name]) & self.route.tabling:
                yield name

    def _ancestors(self, step: Step) -> set[str]:
        """Every step that it follows, directly or not."""
        found: set[str] = set()
        nearer = set(step.after)
        while nearer:
            found |= nearer
            nearer = {far for name in nearer for far in self._step(name).after} - found
        return found

    def _step(self, name: str) -> Step:
        return self.lens.procedure.steps[name]
