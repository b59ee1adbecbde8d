"""The earliest lawful meeting of a matter: every wait on the way, and what must begin today.

The engine knows only the lawful minimum of every thing.  What has none (a study, a report, the
decision to start, a verdict once the reviewer's time is up) takes no time here: it is taken as done
on the day on which it may be done, be that a day of rest.  So the plan is a lower bound that the
rules allow, not a forecast of how long the work takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from workflow.calendar import Count, Direction, Span, working_day_on_or_after
from workflow.counting import Counting
from workflow.definition import Citation, Gate, Rule, Step
from workflow.facts import Facts
from workflow.guards import Lens, assess, next_gate, reviewing
from workflow.kin import SEPARATE
from workflow.planning.after import Duty, duties
from workflow.planning.chain import Chain, chain
from workflow.planning.route import ASSIGNING, RETURNING, REVISING, STARTING, TABLING, Route
from workflow.planning.values import Assumed, Assumption, Errand, Leg, Link, Outlook, Plan, Stretch
from workflow.ports import Assessment, Course, View, Wait
from workflow.refusals import Unmet

NOTICE = "agenda.notice"

#: So many critical paths are told at most.
PATHS = 8


def plan(lens: Lens, facts: Facts, owed: tuple[Unmet, ...] = ()) -> Plan:
    """The earliest lawful meeting of a matter, from today's state; after it, what is still owed.

    `owed` is what was let pass in advance, and is to be done afterwards.
    A matter that is paused is taken as resumed today.  Raises OutOfCalendar where a day lies beyond
    the calendar.
    """
    outlook, assessments = outlook_of(lens, facts), assess(lens, facts)
    if outlook is not Outlook.OPEN:
        return Plan(outlook, lens.today, duties=following(lens, facts, assessments, owed))
    seen = lens
    while True:
        found = chain(seen, facts, assessments)
        if found.barred:
            return Plan(Outlook.BARRED, lens.today, barred=found.barred)
        reckoned = reckon(found, facts, assessments)
        # What holds today may no longer hold on the day of the meeting; then it is to be done anew.
        seen = replace(lens, meeting=reckoned.meeting)
        later = assess(seen, facts)
        if _open(later) == _open(assessments):
            return reckoned
        assessments = later


def following(
    lens: Lens, facts: Facts, assessments: Mapping[str, Assessment], owed: tuple[Unmet, ...]
) -> tuple[Duty, ...]:
    """What is owed on a matter that no meeting is ahead of; nothing while one is."""
    if outlook_of(lens, facts) not in (Outlook.DECIDED, Outlook.ENDED) or not facts.title:
        return ()
    return duties(lens, facts, assessments, owed)


def _open(assessments: Mapping[str, Assessment]) -> set[str]:
    return {name for name, each in assessments.items() if not each.state.closed}


def outlook_of(lens: Lens, facts: Facts) -> Outlook:
    """How a matter stands towards an agenda, before its steps are looked at."""
    if facts.meeting is not None:
        return Outlook.TABLED
    if lens.procedure.stages[facts.stage].end:
        return Outlook.ENDED
    if next_gate(lens.procedure, facts) is not Gate.AGENDA:
        return Outlook.DECIDED
    return Outlook.OPEN


def reckon(found: Chain, facts: Facts, assessments: Mapping[str, Assessment]) -> Plan:
    """The plan over a chain of open steps."""
    lens = found.lens
    forward = found.forward()
    gate = gate_day(forward, lens.today)
    rule = lens.procedure.rules[NOTICE]
    meeting = lens.counting.soonest((rule,), gate)
    by, unsure = lens.counting.latest(rule, meeting)
    legs, errands = schedule(found, facts, assessments, by)
    return Plan(
        outlook=Outlook.OPEN,
        today=lens.today,
        legs=legs,
        errands=errands,
        paths=_paths(found, forward, gate),
        tabled_from=gate,
        tabled_by=by,
        notice=_counts(lens.counting, rule, meeting, Direction.EARLIER),
        meeting=meeting,
        working_meeting=working_day_on_or_after(lens.counting.table, meeting),
        provisional=unsure or any(course.provisional for _, course in forward.values()),
        assumptions=tuple(_assumptions(found, facts, forward)),
    )


def gate_day(forward: Mapping[str, tuple[date, Course]], today: date) -> date:
    """The first day on which nothing stands between the matter and an agenda."""
    return max((course.done for _, course in forward.values()), default=today)


def schedule(
    found: Chain, facts: Facts, assessments: Mapping[str, Assessment], by: date
) -> tuple[tuple[Leg, ...], tuple[Errand, ...]]:
    """Steps and acts with their first days, and their last ones for tabling on the day `by`.

    The day must be one that the forward reckoning reaches.
    """
    forward = found.forward()
    backward = found.backward(by, forward)
    legs = [_leg(found, assessments[name], forward, backward, name) for name in forward]
    legs.sort(key=lambda leg: (leg.start, leg.done))
    revise = any(unmet.act == REVISING for each in assessments.values() for unmet in each.unmet)
    return tuple(legs), tuple(_errands(found, facts, forward, backward, by, revise=revise))


def _leg(
    found: Chain,
    assessment: Assessment,
    forward: Mapping[str, tuple[date, Course]],
    backward: Mapping[str, date],
    name: str,
) -> Leg:
    node, (start, course), latest = found.nodes[name], forward[name], backward[name]
    view = found.lens.view(node.step, found.facts)
    return Leg(
        step=node.step,
        start=start,
        done=course.done,
        latest=latest,
        waits=tuple(_stretch(view, wait) for wait in course.waits),
        after=node.after,
        unmet=assessment.unmet,
        provisional=course.provisional,
        today=found.lens.today,
        act=found.onward(node.step),
    )


def _done_ahead(
    found: Chain, forward: Mapping[str, tuple[date, Course]], backward: Mapping[str, date]
) -> Iterator[Errand]:
    """The first acts that need not wait for what their own step follows, and are owed.

    Such an act is owed by the last day of its own step and of every step that begins only after it.
    """
    for name, node in found.nodes.items():
        first, act = next(iter(found.lens.kinds[node.step.kind].acts.items()))
        if not act.ahead or found.facts.last(first, step=node.step) is not None:
            continue
        day = _started(found, forward) if node.follows_start else found.lens.today
        waiting = [other for other in node.after if name in _awaited(found, other)]
        latest = min(backward[other] for other in (name, *waiting))
        yield Errand(first, day, latest, node.step.acts[first], node.step)


def _awaited(found: Chain, name: str) -> tuple[str, ...]:
    step = found.nodes[name].step
    return found.lens.kinds[step.kind].awaits(found.lens.view(step, found.facts))


def _started(found: Chain, forward: Mapping[str, tuple[date, Course]]) -> date:
    """The first day on which everything before the decision to start is there."""
    return max(
        (
            course.done
            for name, (_, course) in forward.items()
            if found.nodes[name].step.before is Gate.START
        ),
        default=found.lens.today,
    )


def _stretch(view: View, wait: Wait) -> Stretch:
    # The act may have been repeated since without starting the wait anew; what was done before the
    # papers went back starts none.
    back = view.facts.last(RETURNING, step=view.step)
    done = view.facts.of(wait.act, step=view.step)
    begun = [each for each in done if back is None or each.position > back.position]
    running = wait.until > view.today and any(
        wait.chosen or each.filed_on == wait.since for each in begun
    )
    if wait.rule.unit is None:
        return Stretch(wait, (), running)
    start = wait.until if wait.backward else wait.since
    direction = Direction.EARLIER if wait.backward else Direction.LATER
    return Stretch(wait, _counts(view.counting, wait.rule, start, direction, view.pauses), running)


def _counts(
    counting: Counting,
    rule: Rule,
    start: date,
    direction: Direction,
    pauses: tuple[Span, ...] = (),
) -> tuple[Count, ...]:
    return tuple(counting.explain(each, start, pauses, direction) for each in (rule, *rule.also))


def _paths(
    found: Chain, forward: Mapping[str, tuple[date, Course]], gate: date
) -> tuple[tuple[Link, ...], ...]:
    """The chains of steps that determine the gate, first step first, the longest steps told first.

    What takes no time is no reason why it is that day, and is told only where nothing else is.
    """
    known: dict[str, tuple[tuple[str, ...], ...]] = {}

    def chains(name: str) -> tuple[tuple[str, ...], ...]:
        if name not in known:
            own = (name,) if forward[name][0] < forward[name][1].done else ()
            before = joined(_held_up_by(found, forward, name))
            known[name] = tuple((*each, *own) for each in before)
        return known[name]

    def joined(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        ordered = sorted(names, key=lambda name: forward[name][0])
        told = dict.fromkeys(each for name in ordered for each in chains(name) if each)
        return tuple(told)[:PATHS] or ((),)

    done = [name for name, (_, course) in forward.items() if course.done == gate]
    ways = joined(done)
    if ways == ((),):
        ways = tuple((name,) for name in sorted(done, key=lambda name: forward[name][0])[:1])
    return tuple(
        tuple(Link(found.nodes[name].step, forward[name][0], forward[name][1].done) for name in way)
        for way in ways
    )


def _held_up_by(
    found: Chain, forward: Mapping[str, tuple[date, Course]], name: str
) -> tuple[str, ...]:
    """The steps that keep this one from ending sooner, if any do."""
    start, course = forward[name]
    today = found.lens.today
    if start == today or found.course(name, today).done == course.done:
        return ()
    return tuple(other for other in found.nodes[name].after if forward[other][1].done == start)


def _errands(
    found: Chain,
    facts: Facts,
    forward: Mapping[str, tuple[date, Course]],
    backward: Mapping[str, date],
    by: date,
    *,
    revise: bool,
) -> Iterator[Errand]:
    """The acts between today and the agenda that are not part of the work on a step."""
    procedure, today = found.lens.procedure, found.lens.today
    route = Route(procedure, facts.stage, frozenset())
    begun = _started(found, forward)
    if found.ruled:
        # Every gate asks anew whether the matter is split, the first one ahead as well.
        gates = [
            backward[name]
            for name, node in found.nodes.items()
            if node.follows_start or RETURNING in node.step.acts
        ]
        yield Errand(SEPARATE, today, min(gates, default=by), procedure.holders(SEPARATE))
    if found.sent_back:
        others = [
            backward[name] for name, node in found.nodes.items() if RETURNING not in node.step.acts
        ]
        yield Errand(RETURNING, today, min(others, default=by), procedure.holders(RETURNING))
    for command in (STARTING, ASSIGNING):
        if route.needs((command,)):
            waiting = [
                backward[name]
                for name, node in found.nodes.items()
                if not route.works_without(node.step, command)
            ]
            yield Errand(command, begun, min(waiting, default=by), procedure.holders(command))
    yield from _done_ahead(found, forward, backward)
    if facts.draft is None or revise:
        # Whatever starts a period lays a text before somebody.
        latest = min(
            (backward[name] for name, (_, each) in forward.items() if each.waits), default=by
        )
        yield Errand(REVISING, begun, max(begun, latest), procedure.holders(REVISING))
    yield Errand(TABLING, gate_day(forward, today), by, procedure.holders(TABLING))


def _assumptions(
    found: Chain, facts: Facts, forward: Mapping[str, tuple[date, Course]]
) -> Iterator[Assumed]:
    if facts.paused_since is not None:
        yield Assumed(Assumption.RESUMED)
    steps = found.lens.procedure.steps
    reviews = tuple(steps[name] for name in reviewing(found.lens.procedure) if name in forward)
    if found.ruled:
        yield Assumed(Assumption.INDEPENDENT, found.ruled, _cited(found.ruled))
    if found.sent_back:
        yield Assumed(Assumption.SENT_BACK, reviews)
    if reviews and facts.reviews and not facts.reviews[-1].passed:
        yield Assumed(Assumption.SAME_SUBSTANCE, reviews)
    if reviews:
        yield Assumed(Assumption.PASSES, reviews)
    left_out = tuple(step for _, course in forward.values() for step in course.left_out)
    if left_out:
        yield Assumed(Assumption.LEFT_OUT, left_out, _cited(left_out))
    announced = tuple(
        found.nodes[name].step
        for name, (_, course) in forward.items()
        if any(wait.chosen for wait in course.waits)
    )
    if announced:
        yield Assumed(Assumption.ANNOUNCED, announced)


def _cited(steps: tuple[Step, ...]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for step in steps for citation in step.citations))
