"""When a matter can be heard: days, periods with their arithmetic, and what may be shortened."""

from __future__ import annotations

from datetime import date

from api.http.shapes.common import Condition, Duty, Told, Unworded


class Met(Told):
    """A day that mattered to a count."""

    day: date
    effect: str
    name: str | None


class Counted(Told):
    """A count of days: from where, how many, by which rule, to where."""

    start: date
    amount: int
    unit: str
    direction: str
    counting: str
    end: date
    provisional: bool
    met: list[Met]


class Stretch(Told):
    """A stretch of time that a rule demands; `then` may be done from `until` on."""

    rule: str
    cites: list[str]
    act: str
    since: date
    then: str
    until: date
    announced: bool
    running: bool
    counts: list[Counted]


class Leg(Told):
    """An open step on the way: when it can begin, when it is done, when it must begin."""

    step: str
    act: str | None
    start: date
    done: date
    latest: date
    slack: int
    after: list[str]
    ready: bool
    who: list[str]
    provisional: bool
    waits: list[Stretch]
    unmet: list[Unworded]


class Errand(Told):
    """An act that takes no time, on its day."""

    act: str
    step: str | None
    day: date
    latest: date
    who: list[str]


class PathLink(Told):
    """A part of a critical path."""

    step: str
    since: date
    until: date


class Assumed(Told):
    """What the plan takes for granted."""

    assumption: str
    steps: list[str]
    cites: list[str]


class WishedStep(Told):
    """The last day on which a step may begin."""

    step: str
    latest: date


class WishedAct(Told):
    """The last day for an act."""

    act: str
    latest: date


class Shortening(Told):
    """A soft floor that may be shortened, by whom, and to what."""

    step: str
    rule: str
    means: str
    act: str
    by: list[str]
    accounts: list[str] | None
    cites: list[str]
    whole: int | None
    amount: int | None
    unit: str | None
    since: date | None
    until: date | None


class Variant(Told):
    """Shortenings that together give another day."""

    makes_it: bool
    meeting: date
    periods: list[Shortening]


class Wish(Told):
    """Whether the day wished for can be made, and what could be shortened if not."""

    wished: date
    feasible: bool
    tabled_by: date
    steps: list[WishedStep]
    acts: list[WishedAct]
    shortenings: list[Variant]


class Tabled(Told):
    """The meeting on whose agenda the matter is."""

    meeting: str
    held_on: date


class Plan(Told):
    """The earliest lawful meeting, with every step on the way; after the decision, the duties."""

    matter: str
    stage: str
    tabled: Tabled | None
    outlook: str
    today: date
    meeting: date | None
    working_meeting: date | None
    tabled_from: date | None
    tabled_by: date | None
    provisional: bool
    notice: list[Counted]
    steps: list[Leg]
    acts: list[Errand]
    today_or_late: list[str]
    critical_paths: list[list[PathLink]]
    assumptions: list[Assumed]
    barred: list[str]
    duties: list[Duty]
    wish: Wish | None


class Deadline(Duty):
    """A duty with its last day explained: `law` sets it and `story` tells the arithmetic."""

    what: str
    law: list[str]
    story: list[str]
    counts: list[Counted]
    unmet: Condition | None


class Deadlines(Told):
    """What is owed on a matter, each with its last day and how it was counted."""

    matter: str
    deadlines: list[Deadline]
