"""Which open dates are other ones by another calendar.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from workflow.refusals import Unmet


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A business date that something still open comes to, by what it is called (`point`).

    `act` is what has to be done by then or may be done from then on, on a step of a matter, or on
    a meeting.  `provisional`: no notice has settled it yet.
    """

    point: str
    rule: str
    day: date
    provisional: bool
    matter: str = ""
    meeting: str = ""
    step: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """An open date before and after the calendar changed; None where there is none.

    With the same day on both sides, what was provisional is now firm, or the reverse.
    """

    before: OpenDate | None
    after: OpenDate | None

    @property
    def of(self) -> OpenDate:
        """What it is about."""
        found = self.after or self.before
        if found is None:
            raise TypeError("a shift of nothing")
        return found

    @property
    def moved(self) -> bool:
        """Whether the day is another one."""
        return self.before is None or self.after is None or self.before.day != self.after.day

    def told(self) -> dict[str, object]:
        """As JSON types: which date, `old` and `new` (ISO days or null), and whether it is firm."""
        of = self.of
        return {
            "matter": of.matter or None,
            "meeting": of.meeting or None,
            "rule": of.rule,
            "step": of.step or None,
            "act": of.act or None,
            "old": None if self.before is None else self.before.day.isoformat(),
            "new": None if self.after is None else self.after.day.isoformat(),
            "provisional": self.after is not None and self.after.provisional,
        }


@dataclass(frozen=True, slots=True)
class Shifts:
    """All that another calendar changes, and what of it steps want anew that were closed."""

    dates: tuple[Shift, ...] = ()
    unmet: tuple[Unmet, ...] = ()


def shifts_between(before: Iterable[OpenDate], after: Iterable[OpenDate]) -> Iterator[Shift]:
    """What differs between the open dates of one subject, in the order of those before."""
    old = {each.point: each for each in before}
    new = {each.point: each for each in after}
    for point in (*old, *(each for each in new if each not in old)):
        was, now = old.get(point), new.get(point)
        if was is None or now is None or (was.day, was.provisional) != (now.day, now.provisional):
            yield Shift(was, now)
