"""What the kinds share: days that cannot lie ahead, and the plain course from open to satisfied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from workflow.definition import Rule, Step
from workflow.facts import Facts
from workflow.ports import (
    Act,
    Assessment,
    Course,
    Deadline,
    RuleShape,
    Ruling,
    StepPayload,
    StepState,
    View,
)
from workflow.refusals import Unmet
from workflow.ties import Party


def at_once(view: View, start: date) -> Course:
    """The day on which the work starts: for kinds that take no lawful minimum of time."""
    return Course(start, not_firm(view, start))


def without_end(view: View) -> Deadline | None:
    """For kinds that nothing sets a last day for."""
    return None


def counted(view: View, rule: Rule, since: date) -> Deadline:
    """The last day of the period of a rule that runs from `since`."""
    by, provisional = view.counting.end(rule, since)
    return Deadline(by, since, rule, provisional)


def nothing_else(view: View) -> tuple[str, ...]:
    """For kinds that ask for no other step."""
    return ()


def once_only(step: Step) -> bool:
    """Of a kind that does not fall due anew."""
    return False


def calls_on_nobody(facts: Facts, step: Step) -> tuple[Party, ...]:
    """For kinds whose acts are all for those who see the matter anyway."""
    return ()


def waits_for_nobody(facts: Facts, step: Step) -> Mapping[str, tuple[str, ...]]:
    """For kinds whose acts are for whoever holds a post, and for nobody by name."""
    return {}


def nothing_owed(view: View) -> tuple[Unmet, ...]:
    """For kinds that leave nothing to be watched after the issue."""
    return ()


@dataclass(frozen=True)
class Kind:
    """A step kind put together from plain functions."""

    name: str
    acts: Mapping[str, Act[Any]]
    rules: Mapping[str, RuleShape]
    judge: Callable[[View], Assessment]
    soonest: Callable[[View, date], Course] = at_once
    asks: Callable[[View], tuple[str, ...]] = nothing_else
    waits: Callable[[View], tuple[str, ...]] = nothing_else
    leaves: Callable[[View], tuple[Unmet, ...]] = nothing_owed
    ends: Callable[[View], Deadline | None] = without_end
    calls: Callable[[Facts, Step], Iterable[Party]] = calls_on_nobody
    again: Callable[[Step], bool] = once_only
    named: Callable[[Facts, Step], Mapping[str, tuple[str, ...]]] = waits_for_nobody

    def assess(self, view: View) -> Assessment:
        """Judge how the step stands."""
        return self.judge(view)

    def course(self, view: View, start: date) -> Course:
        """The quickest lawful way to the end of the step if its open work starts on `start`."""
        return self.soonest(view, start)

    def deadline(self, view: View) -> Deadline | None:
        """The last day for what the step still owes, where one is set."""
        return self.ends(view)

    def awaits(self, view: View) -> tuple[str, ...]:
        """The steps whose first act must be on file before this one begins."""
        return self.waits(view)

    def demands(self, view: View) -> tuple[str, ...]:
        """The steps that must be done because of this one, though no answer may ask for them."""
        return self.asks(view)

    def owes(self, view: View) -> tuple[Unmet, ...]:
        """What the step leaves to be watched once the decision was issued."""
        return self.leaves(view)

    def recurs(self, step: Step) -> bool:
        """Whether by its rules the step falls due anew, even after the matter was closed."""
        return self.again(step)

    @cached_property
    def calling(self) -> bool:
        """Whether anybody is ever asked in a step of this kind."""
        return self.calls is not calls_on_nobody

    def calls_on(self, facts: Facts, step: Step) -> Iterable[Party]:
        """Whoever is asked in the step."""
        return self.calls(facts, step)

    def waits_for(self, facts: Facts, step: Step) -> Mapping[str, tuple[str, ...]]:
        """The accounts that were named for an act and have not done it, by that act."""
        return self.named(facts, step)


def accept(view: View, payload: StepPayload) -> Ruling:
    """A judge for acts whose payload says all."""
    return Ruling()


def not_firm(view: View, day: date) -> bool:
    """Whether a day lies beyond the last official holiday notice."""
    return view.counting.table.day(day).provisional


def not_ahead(view: View, day: date) -> tuple[Unmet, ...]:
    """Refuses a record of something that has not happened yet."""
    if day <= view.today:
        return ()
    rule = view.procedure.rules["record.future_day"]
    return (Unmet("record.future_day", rule.citations, {"day": day}, step=view.step.id),)


def adopted_on(view: View) -> date | None:
    """The day on which the last body adopted the matter; None while one still has to."""
    return view.facts.adopted_on(view.procedure.meetings(view.facts.answers))


def unsure(*, provisional: bool) -> tuple[str, ...]:
    """The param `unsure`: a last day past the last official holiday notice is told as such."""
    return ("ends",) if provisional else ()


def within(view: View, day: date, since: date | None = None) -> tuple[Unmet, ...]:
    """Refuses a day that lies ahead, or before `since`, or before the matter was proposed."""
    begun = view.facts.records[0].filed_on if view.facts.records else view.today
    soonest = begun if since is None else max(begun, since)
    if day >= soonest:
        return not_ahead(view, day)
    rule = view.procedure.rules["record.past_day"]
    told = {"day": day, "since": soonest}
    return (Unmet("record.past_day", rule.citations, told, step=view.step.id),)


def pending(*unmet: Unmet) -> Assessment:
    """Nothing was done yet; this is what is wanted."""
    return Assessment(StepState.PENDING, unmet)


def underway(*unmet: Unmet | None) -> Assessment:
    """Begun, and open with everything that is still unmet."""
    return Assessment(StepState.IN_PROGRESS, tuple(found for found in unmet if found is not None))


@lru_cache(maxsize=1024)
def satisfied(on: date) -> Assessment:
    """Closed by work done on this day."""
    return Assessment(StepState.SATISFIED, on=on)
