"""What the planner said at a look of the meeting ahead, asked anew of every matter on its way.

The plan is the engine's own; whether, when and whom it has to be told of is found out apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from tests.year.points import Point
from workflow.definition import Holder
from workflow.inquiry.watched import Watched
from workflow.planning import Wish


@dataclass(frozen=True)
class Start:
    """Something that can begin on the day and has to by `latest`; `people` are those named."""

    step: str
    kind: str
    act: str
    latest: date
    holders: tuple[str, ...]
    people: tuple[str, ...] | None


@dataclass(frozen=True)
class Foreseen:
    """The meeting ahead of a matter, whether it can be made, and what can begin for it now."""

    meeting: str
    feasible: bool
    starts: tuple[Start, ...]

    def points(
        self, known: Collection[tuple[object, ...]], first: date, today: date, *, paused: bool
    ) -> Iterator[Point]:
        """What stands on it; of a meeting that was never within reach nothing is said."""
        rule = "agenda.notice"
        if self.feasible:
            for each in self.starts:
                yield Point(
                    "forecast",
                    rule,
                    each.latest,
                    today,
                    each.act,
                    each.step,
                    each.kind,
                    meeting=self.meeting,
                    people=each.people,
                    holders=each.holders,
                    frozen=paused,
                )
        elif any(
            name[0] in ("forecast", "unreachable") and name[-1] == self.meeting for name in known
        ):
            act = "propose_agenda_item"
            yield Point("unreachable", rule, first, today, act, meeting=self.meeting)


def foreseen(watched: Watched) -> Foreseen | None:
    """What the planner says of a matter; None without a meeting that it may go to."""
    for meeting, wish in watched.ahead:
        return Foreseen(meeting.code, wish.feasible, tuple(_starts(watched, wish)))
    return None


def _starts(watched: Watched, wish: Wish) -> Iterator[Start]:
    today, standing = watched.lens.today, watched.standing
    assert standing is not None
    for leg in wish.legs:
        if leg.start == today and not leg.running:
            act = leg.act or next((each.act for each in leg.unmet if each.act), "")
            kind = watched.lens.kinds[leg.step.kind]
            people = kind.waits_for(standing.facts, leg.step).get(act) or None
            yield Start(leg.step.id, leg.step.kind, act, leg.latest, _named(leg.who), people)
    for errand in wish.errands:
        if errand.day == today:
            step, people = errand.step, None
            if step is not None:
                kind = watched.lens.kinds[step.kind]
                people = kind.waits_for(standing.facts, step).get(errand.command) or None
            yield Start(
                "" if step is None else step.id,
                "" if step is None else step.kind,
                errand.command,
                errand.latest,
                _named(errand.who),
                people,
            )


def _named(holders: tuple[Holder, ...]) -> tuple[str, ...]:
    return tuple(f"{each.role} of {each.of}" for each in holders)
