"""Whether a matter can make the meeting that somebody wishes for, and what would lawfully help.

Only soft floors can be shortened: by whoever the rule lets approve it, or by the notice that starts
the period, if it states the reason.  A hard floor never is, and a day that was announced stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from workflow.definition import Citation, Floor, Holder, Rule, Step
from workflow.facts import Facts, Record
from workflow.guards import Lens, assess
from workflow.planning.chain import Chain, chain
from workflow.planning.plan import NOTICE, gate_day, outlook_of, schedule
from workflow.planning.values import Errand, Leg, Outlook

APPROVING = "approve_override"


class Means(StrEnum):
    """How a soft floor is shortened.

    APPROVAL: somebody approves it, with reasons.  STATED_REASON: the act that starts the period
    names a shorter one, with its reason.
    """

    APPROVAL = "approval"
    STATED_REASON = "stated_reason"


@dataclass(frozen=True, slots=True)
class Shortening:
    """A period that may be shortened by an act, in the unit of its rule.

    `by` may do so: those of `people`, where it is known who is who.  `amount` is the longest that
    it can be for the wish, None where even nothing is too long; it would then run from `since`, and
    what follows it is possible on `until`.
    """

    step: Step
    rule: Rule
    means: Means
    act: str
    by: tuple[Holder, ...]
    citations: tuple[Citation, ...]
    amount: int | None = None
    since: date | None = None
    until: date | None = None
    people: tuple[str, ...] | None = None


Able = Callable[[str, tuple[Holder, ...]], tuple[str, ...]]
"""Tells who among holders may do an act on the matter: those whom nothing keeps apart from it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Shortenings used together, and the earliest meeting if nothing were left of the periods."""

    shortenings: tuple[Shortening, ...]
    meeting: date
    makes_it: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a matter can be heard on `wished`; it must be on the agenda by `tabled_by`.

    If it can: steps and acts with the last day on which each may start for it.  If not: what each
    lawful shortening would reach alone, and what is needed together where there are several; steps
    and acts are then those under `chosen`, the first variant that makes it.
    """

    wished: date
    tabled_by: date
    feasible: bool
    legs: tuple[Leg, ...] = ()
    errands: tuple[Errand, ...] = ()
    alone: tuple[Variant, ...] = ()
    together: Variant | None = None

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant, in the order in which they are told."""
        return self.alone if self.together is None else (*self.alone, self.together)

    @property
    def chosen(self) -> Variant | None:
        """The first variant that makes it."""
        return next((variant for variant in self.variants if variant.makes_it), None)

    @property
    def within_reach(self) -> bool:
        """Whether lawful shortenings make it where it is not feasible as it is."""
        return self.chosen is not None


def feasible(lens: Lens, facts: Facts, wished: date, able: Able | None = None) -> Wish:
    """Whether a matter can make a meeting on a day, and what must start when, or what would help.

    A shortening that nobody may bring about, as `able` tells, is no help.  Of a matter that is on
    an agenda, has ended, or cannot go on, nothing is feasible.  Raises OutOfCalendar where a day
    lies beyond the calendar.
    """
    by, _ = lens.counting.latest(lens.procedure.rules[NOTICE], wished)
    if outlook_of(lens, facts) is not Outlook.OPEN:
        return Wish(wished, by, feasible=False)
    # What holds today may no longer hold on that day.
    lens = replace(lens, meeting=wished)
    assessments = assess(lens, facts)
    found = chain(lens, facts, assessments)
    if found.barred:
        return Wish(wished, by, feasible=False)
    if _gate(found) <= by:
        legs, errands = schedule(found, facts, assessments, by)
        return Wish(wished, by, feasible=True, legs=legs, errands=errands)
    levers = tuple(_possible(_levers(found), able))
    alone = tuple(_variant(found, (lever,), by) for lever in levers)
    together = _together(found, levers, by) if len(levers) > 1 else None
    wish = Wish(wished, by, feasible=False, alone=alone, together=together)
    if wish.chosen is None:
        return wish
    used = wish.chosen.shortenings
    shortened = _shortened(found, used, _longest(found, used, by))
    legs, errands = schedule(shortened, facts, assessments, by)
    return replace(wish, legs=legs, errands=errands)


def _gate(found: Chain) -> date:
    return gate_day(found.forward(), found.lens.today)


def _levers(found: Chain) -> Iterator[Shortening]:
    """The waits ahead that may lawfully be shortened."""
    for name, (_, course) in found.forward().items():
        step = found.nodes[name].step
        for wait in course.waits:
            rule = wait.rule
            hard = any(each.floor is Floor.HARD for each in (rule, *rule.also))
            if hard or wait.chosen or not rule.value:
                continue
            if rule.override:
                yield Shortening(
                    step, rule, Means.APPROVAL, APPROVING, rule.override, rule.citations
                )
            elif wait.shortening is not None:
                yield Shortening(
                    step,
                    rule,
                    Means.STATED_REASON,
                    wait.act,
                    step.acts[wait.act],
                    wait.shortening.citations,
                )


def _possible(levers: Iterable[Shortening], able: Able | None) -> Iterator[Shortening]:
    """Those that somebody may bring about, with who that is."""
    for lever in levers:
        if able is None:
            yield lever
        elif people := able(lever.act, lever.by):
            yield replace(lever, people=people)


def _together(found: Chain, levers: tuple[Shortening, ...], by: date) -> Variant | None:
    """The shortenings that are needed together: none of them, if one alone is enough."""
    goal = max(by, _gate(_shortened(found, levers, 0)))
    for lever in levers:
        others = tuple(other for other in levers if other is not lever)
        if _gate(_shortened(found, others, 0)) <= goal:
            levers = others
    return _variant(found, levers, by) if len(levers) > 1 else None


def _variant(found: Chain, levers: tuple[Shortening, ...], by: date) -> Variant:
    """What these shortenings reach, and the longest periods, in proportion, that still make it."""
    lens = found.lens
    gate = _gate(_shortened(found, levers, 0))
    meeting = lens.counting.soonest((lens.procedure.rules[NOTICE],), gate)
    if gate > by:
        return Variant(levers, meeting, makes_it=False)
    part = _longest(found, levers, by)
    shortened = _shortened(found, levers, part)
    told = tuple(_told(shortened, lever, part, _whole(levers)) for lever in levers)
    return Variant(told, meeting, makes_it=True)


def _longest(found: Chain, levers: tuple[Shortening, ...], by: date) -> int:
    """The greatest part of the periods that can be left; that nothing is left must be enough."""
    low, high = 0, _whole(levers)
    while low < high:
        middle = (low + high + 1) // 2
        if _gate(_shortened(found, levers, middle)) <= by:
            low = middle
        else:
            high = middle - 1
    return low


def _whole(levers: Sequence[Shortening]) -> int:
    return max((lever.rule.value or 0 for lever in levers), default=0)


def _shortened(found: Chain, levers: Sequence[Shortening], part: int) -> Chain:
    """The chain if of each period only `part` of the longest were left.

    Where nothing is to be left and it is approved, the approval stands for it as the kind of the
    step will read it.
    """
    whole = _whole(levers)
    steps: dict[str, Step] = {}
    records: list[Record] = []
    for lever in levers:
        name = lever.step.id
        step = steps.get(name, lever.step)
        rule = _part_of(lever.rule, part, whole)
        steps[name] = replace(step, rules={**step.rules, rule.id: rule})
        if part == 0 and lever.means is Means.APPROVAL:
            records.append(_approval(found, lever))
    facts = found.facts
    if records:
        facts = replace(facts, records=(*facts.records, *records))
    return found.changed(steps, facts)


def _part_of(rule: Rule, part: int, whole: int) -> Rule:
    value = (rule.value or 0) * part // whole
    return replace(rule, value=value, also=tuple(_part_of(each, part, whole) for each in rule.also))


def _approval(found: Chain, lever: Shortening) -> Record:
    facts = found.facts
    return Record(
        position=len(facts.records) + 1,
        command=APPROVING,
        step=lever.step.id,
        outcome="",
        actor="",
        principal=None,
        unit="",
        role="",
        payload={"step": lever.step.id, "rule": lever.rule.id},
        draft=0 if facts.draft is None else facts.draft.number,
        filed_on=found.lens.today,
    )


def _told(found: Chain, lever: Shortening, part: int, whole: int) -> Shortening:
    """The shortening with the longest period that still makes it."""
    start, course = found.forward()[lever.step.id]
    wait = next((each for each in course.waits if each.rule.id == lever.rule.id), None)
    return replace(
        lever,
        amount=(lever.rule.value or 0) * part // whole,
        since=start if wait is None else wait.since,
        until=course.done if wait is None else wait.until,
    )
