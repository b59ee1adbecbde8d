"""What a plan is made of: steps and acts with their days, the waits, the critical path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflow.calendar import Count
from workflow.definition import Citation, Gate, Holder, Step
from workflow.planning.after import Duty
from workflow.planning.route import TABLING
from workflow.ports import Wait
from workflow.refusals import Unmet


class Outlook(StrEnum):
    """How a matter stands towards an agenda.

    OPEN: on its way.  BARRED: a step is open that no stage ahead allows.  TABLED: on an agenda.
    ENDED: in a stage at which the procedure rests for good, without an agenda.  DECIDED: every body
    has adopted it, and what is left is what follows.
    """

    OPEN = "open"
    BARRED = "barred"
    TABLED = "tabled"
    ENDED = "ended"
    DECIDED = "decided"


class Assumption(StrEnum):
    """What a plan takes for granted besides that work itself takes no time.

    RESUMED: the pause ends today.  PASSES: the review passes at the first verdict.  SENT_BACK: the
    papers go back to the lead unit today, because an open step wants it.  SAME_SUBSTANCE: what the
    last review objected to is mended without a change of substance, which would make steps lapse.
    ANNOUNCED: what was announced keeps its days.  LEFT_OUT: work to come does not ask for the steps
    that it may ask for, such as an open call that no plan of participation names yet.
    INDEPENDENT: the legal office rules today that the matter is no part of what its kin are.
    """

    RESUMED = "resumed"
    PASSES = "passes"
    SENT_BACK = "sent_back"
    SAME_SUBSTANCE = "same_substance"
    ANNOUNCED = "announced"
    LEFT_OUT = "left_out"
    INDEPENDENT = "independent"


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something that a plan takes for granted, of which steps, and the provisions about it."""

    what: Assumption
    steps: tuple[Step, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A wait with its arithmetic: a count for each period that its rule names, if it names any.

    `running`: the act that starts it is on file, so that nothing but waiting is left of it.
    """

    wait: Wait
    counts: tuple[Count, ...]
    running: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """An open step: the first day for its work, the day on which it can be satisfied, its waits.

    An act that is done ahead of what the step follows is an errand of its own, not part of the leg.
    `latest` is the last day on which its work may begin without moving the meeting.  `after` are
    the open steps that it waits for.  `unmet` is what it wants today.  `act` is the act that goes
    on with it where its stages tell that: of a review, whether it is to be sent in or decided.
    """

    step: Step
    start: date
    done: date
    latest: date
    waits: tuple[Stretch, ...]
    after: tuple[str, ...]
    unmet: tuple[Unmet, ...]
    provisional: bool
    today: date
    act: str | None = None

    @property
    def slack(self) -> int:
        """By how many calendar days its work may wait without moving the meeting.

        What is left of it after a period that runs may wait from the end of that.
        """
        return (self.latest - (self.done if self.running else self.start)).days

    @property
    def running(self) -> bool:
        """Whether today there is nothing to do about it but wait."""
        return any(stretch.running for stretch in self.waits)

    @property
    def ready(self) -> bool:
        """Whether something can be done about it today."""
        return self.start == self.today and (self.latest == self.today or not self.running)

    @property
    def who(self) -> tuple[Holder, ...]:
        """Whoever can do what goes on with it, or else what it wants first."""
        if self.act is not None:
            return self.step.acts[self.act]
        return next((each.cured_by for each in self.unmet if each.cured_by), self.step.first_act)


@dataclass(frozen=True, slots=True)
class Errand:
    """An act that stands for itself: of the lifecycle, such as the decision to start, or ahead.

    It can be done from `day` on and must be on `latest` so as not to move the meeting.  `step` is
    that of an act which is done ahead of what its step follows, as the steps it is for demand.
    """

    command: str
    day: date
    latest: date
    who: tuple[Holder, ...]
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of the critical path: a step from its start to its end."""

    step: Step
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Plan:
    """The earliest lawful meeting of a matter, from how it stands on `today`.

    `tabled_from` is the first day on which the matter may be put on the agenda and `tabled_by` the
    last one for the meeting, which `notice` counts back from it.  `meeting` is the first day on
    which a meeting may hear it, `working_meeting` the first working day among them.  All four are
    None unless the outlook is OPEN.  `provisional`: a day rests on holidays not announced yet.
    `duties` is what is owed where no meeting is ahead any more.
    `paths` are the critical paths: several where chains that are equally long determine the day.
    """

    outlook: Outlook
    today: date
    legs: tuple[Leg, ...] = ()
    errands: tuple[Errand, ...] = ()
    paths: tuple[tuple[Link, ...], ...] = ()
    tabled_from: date | None = None
    tabled_by: date | None = None
    notice: tuple[Count, ...] = ()
    meeting: date | None = None
    working_meeting: date | None = None
    provisional: bool = False
    assumptions: tuple[Assumed, ...] = ()
    barred: tuple[Step, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def tasks(self) -> tuple[Leg | Errand, ...]:
        """What can be done today, in the order of a single day; what cannot wait comes first."""
        return tasks(self.legs, self.errands, self.today)

    @property
    def ready(self) -> tuple[Leg, ...]:
        """The steps on which something can be done today, the most pressing first."""
        return tuple(sorted((leg for leg in self.legs if leg.ready), key=lambda leg: leg.slack))

    @property
    def pressing(self) -> tuple[Leg, ...]:
        """The steps that lose a day for the meeting if nothing is done today."""
        return tuple(leg for leg in self.ready if leg.latest == self.today)

    @property
    def pressing_errands(self) -> tuple[Errand, ...]:
        """The acts outside the work on steps that lose a day for the meeting if not done today."""
        return tuple(each for each in self.errands if each.day == each.latest == self.today)


def tasks(
    legs: tuple[Leg, ...], errands: tuple[Errand, ...], today: date
) -> tuple[Leg | Errand, ...]:
    """What of this can be done today: first what cannot wait, then the rest.

    Either part is in the order of a single day: what comes before the start of the procedure, the
    acts that stand for themselves, all other work, and last the agenda.
    """
    ready = sorted((leg for leg in legs if leg.ready), key=lambda leg: leg.latest)
    found: list[Leg | Errand] = [leg for leg in ready if leg.step.before is Gate.START]
    now = [each for each in errands if each.day == today]
    found += [each for each in now if each.command != TABLING]
    found += [leg for leg in ready if leg.step.before is not Gate.START]
    found += [each for each in now if each.command == TABLING]
    return tuple(sorted(found, key=lambda task: task.latest > today))
