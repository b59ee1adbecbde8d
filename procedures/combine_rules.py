"""One rule of two procedures that bind at once: of the two the tighter one, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from procedures.compile import settled
from procedures.joining import Unlike, absent, child, cited, listed, pick, union, with_value
from procedures.merge import Side
from procedures.schema import RuleForm
from procedures.weighing import weaker_period
from workflow.calendar import CountingRule
from workflow.definition import Bound, Floor
from workflow.ports import RuleShape

Told = tuple[Side, RuleForm]

_PERIOD: Final = ("value", "unit", "counting", "paused")


@dataclass(frozen=True, slots=True)
class RuleJoiner:
    """Joins rules as they stand on a day, by the counting rules of a calendar."""

    day: date
    counting: Mapping[str, CountingRule]
    unlike: Unlike

    def join(self, ours: Told, theirs: Told, shape: RuleShape) -> Side:
        """The rule under which both are kept; a rule of special law takes the other's place."""
        (side, rule), (other, second) = ours, theirs
        if (rule.special_law is None) is not (second.special_law is None):
            return side if rule.special_law is not None else other
        if rule.bound is not second.bound:
            self.unlike.tell(other, "bound", rule.bound.value, second.bound.value)
            return side
        found = self._periods(ours, theirs)
        found = self._share(found, ours, theirs)
        found = self._choices(found, ours, theirs, shape)
        found = _override(found, ours, theirs)
        if rule.special_law is not None:
            special = cited(side.child("special_law"), other.child("special_law"))
            found = with_value(found, special_law=special)
        return with_value(found, cite=cited(side.child("cite"), other.child("cite")))

    def _periods(self, ours: Told, theirs: Told) -> Side:
        """The tightest of the periods of both; those that cannot be compared bind side by side."""
        kept: list[Told] = []
        for told in (*_all(ours), *_all(theirs)):
            if any(not self._weaker(told, other) for other in kept):
                continue
            kept = [other for other in kept if self._weaker(other, told)] + [told]
        first, *beside = kept
        if beside and ours[1].bound is Bound.MAXIMUM:
            for name in _PERIOD:
                mine, other = (getattr(told[1], name) for told in (ours, theirs))
                if mine != other:
                    self.unlike.tell(theirs[0], name, str(mine), str(other))
        soft = ours[1].floor is theirs[1].floor is Floor.SOFT
        found = absent(ours[0], *_PERIOD, "also")
        for name in _PERIOD:
            value = child(first[0], name)
            found = found if value is None else with_value(found, **{name: value})
        if not soft:
            found = absent(found, "floor")
        if beside:
            bare = [absent(side, *_bare(soft=soft)) for side, _ in beside]
            found = with_value(found, also=listed(ours[0], bare))
        return found

    def _weaker(self, base: Told, rule: Told) -> bool:
        before, now = (settled("", each[1], self.day) for each in (base, rule))
        return bool(weaker_period(before, now, self.counting))

    def _share(self, found: Side, ours: Told, theirs: Told) -> Side:
        mine, other = ours[1].share, theirs[1].share
        if mine is None or other is None:
            return found
        least = ours[1].bound is Bound.MINIMUM
        tighter = other > mine if least else other < mine
        return with_value(found, share=theirs[0].child("share")) if tighter else found

    def _choices(self, found: Side, ours: Told, theirs: Told, shape: RuleShape) -> Side:
        mine, other = ours[1].choices, theirs[1].choices
        if set(mine) == set(other) and not (shape.exact and mine != other):
            return found
        if shape.free:
            # The same whichever is the main one; the choice that a place has made comes last.
            return found if mine > other else with_value(found, choices=theirs[0].child("choices"))
        if shape.exact:
            self.unlike.tell(theirs[0], "choices", mine, other)
            return found
        one, two = ours[0].child("choices"), theirs[0].child("choices")
        if not shape.wider_is_looser:
            return with_value(found, choices=union(one, two))
        if not set(mine) & set(other):
            self.unlike.none_left(theirs[0], "choices")
        return with_value(found, choices=pick(one, two))


def _override(found: Side, ours: Told, theirs: Told) -> Side:
    """Only those shorten a period whom both let do so."""
    mine, other = ours[1].override, theirs[1].override
    if mine is None or other is None or not set(mine) & set(other):
        return absent(found, "override")
    picked = pick(ours[0].child("override"), theirs[0].child("override"))
    return with_value(found, override=picked)


def _all(told: Told) -> list[Told]:
    """The period of a rule and those that bind beside it."""
    side, rule = told
    beside = child(side, "also")
    items = [] if beside is None else beside.items()
    return [told, *zip(items, rule.also, strict=True)]


def _bare(*, soft: bool) -> tuple[str, ...]:
    """What a period beside another does not say for itself."""
    rest = ("also", "choices", "override", "share", "special_law")
    return rest if soft else (*rest, "floor")
