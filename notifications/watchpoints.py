"""What of a matter or a house has its day: taken from the engine's own answers, never counted anew.

Pure.  A watchpoint stands for as long as what it is about is open; whether anybody is told of it,
and when, is for `due`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from procedures.kinds.execution import (
    ASSIGN,
    COMPLETE,
    PROGRESS,
    RESUME,
    reports_due,
    still_at_work,
)
from workflow.definition import Citation, Gate, Holder, Procedure, Rule, Step, Text
from workflow.directory import Directory
from workflow.facts import VERDICT, Facts, Record, as_list
from workflow.guards import REACH, Lens
from workflow.inquiry.answers import Standing
from workflow.meeting import Meeting
from workflow.planning import NOTICE, Duty, Wish
from workflow.planning.route import RETURNING, TABLING
from workflow.ports import Deadline, StepState, Wait
from workflow.refusals import Unmet
from workflow.ties import Side

FREEZING = "freeze_agenda"
ACCEPTING, COUNSEL = "accept_papers", "record_counsel_opinion"
#: What asks counsel for an opinion: where some were named, them alone.
_CALLING = (ACCEPTING, "ask_counsel")
RETAINING = "file_retainer"
MANDATING = "grant_mandate"
#: Where the notice of a call says until which day opinions are taken.
CLOSES = "closes_on"


class About(StrEnum):
    """What a watchpoint, and a rule of notices, is about.

    DEADLINE: a last day.  FLOOR: the first day on which an act may be done.  EVENT: an act that was
    done.  AWAITED: something that somebody else is waited for.  EXPECTED: a step that can begin and
    was not begun.  FORECAST: the last day to begin something for a meeting that is convened.
    UNREACHABLE: no longer for that meeting.  DIGEST: what was tried in vain again and again, and
    where a floor was shortened, in the week before.  DUTY_OPENED: a period of a recurring duty has
    begun.  DUTY: its last day.
    """

    DEADLINE = "deadline"
    FLOOR = "floor"
    EVENT = "event"
    AWAITED = "awaited"
    EXPECTED = "expected"
    FORECAST = "forecast"
    UNREACHABLE = "unreachable"
    FREEZE = "freeze"
    MEETING = "meeting"
    RETAINER = "retainer"
    MANDATE = "mandate"
    CALENDAR = "calendar"
    DIGEST = "digest"
    DUTY_OPENED = "duty_opened"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Watchpoint:
    """A day (`by`, a business date) about which somebody may have to be told.

    `rule` is the rule of law that sets it, or the code of what is wanted; `entry` the position of
    the act that began it among those of the matter, so that what begins anew is another point;
    `since` that act's day.  `people` are the only accounts meant, None for all `holders`.
    `frozen`: the matter is paused and the day is not certain before it goes on.  `ends` is the last
    day of a call that an act opened.  `tally`: number, command and how often, for a digest.
    `name` is that of a recurring duty.
    """

    about: About
    rule: str
    by: date
    since: date
    step: str = ""
    act: str = ""
    entry: int = 0
    kind: str = ""
    holders: tuple[Holder, ...] = ()
    people: tuple[str, ...] | None = None
    citations: tuple[Citation, ...] = ()
    provisional: bool = False
    frozen: bool = False
    meeting: str = ""
    ends: date | None = None
    tally: tuple[tuple[str, str, int], ...] = ()
    name: Text | None = None

    @property
    def point(self) -> str:
        """What tells it from every other of the same matter, whatever day it falls on."""
        parts = (self.about.value, self.rule, self.step, self.act, self.meeting, str(self.entry))
        return ":".join(parts)


def of_matter(
    standing: Standing,
    lens: Lens,
    horizon: int,
    ahead: tuple[tuple[Meeting, Wish], ...] = (),
) -> tuple[Watchpoint, ...]:
    """Every watchpoint of a matter; events of the last `horizon` calendar days only.

    `ahead` are the meetings that are convened, each with whether the matter can make it.  Nothing
    is said of a matter of which only a stub is kept.
    """
    if not standing.facts.title:
        return ()
    seen = _Seen(standing, lens)
    found = (
        *seen.waits(),
        *seen.deadlines(),
        *seen.duties(),
        *seen.reports(),
        *seen.owed(),
        *seen.awaited(),
        *seen.expected(),
        *seen.events(horizon),
        *seen.forecasts(ahead),
    )
    return tuple({each.point: each for each in found}.values())


@dataclass(frozen=True)
class _Seen:
    """One matter as it stands."""

    standing: Standing
    lens: Lens

    @property
    def facts(self) -> Facts:
        return self.standing.facts

    def _open(self) -> Iterator[Step]:
        """The steps on the way to the agenda that are open; after the decision there are none."""
        if self.standing.duties or self.lens.procedure.stages[self.facts.stage].end:
            return
        reach = REACH[self.standing.gate]
        for name, step in self.lens.procedure.steps.items():
            if step.before in reach and not self.standing.assessments[name].state.closed:
                yield step

    def _before_issue(self) -> Iterator[Step]:
        """The steps that are open still when the decision was taken, and bar its issue."""
        if not self.standing.duties or self.lens.procedure.stages[self.facts.stage].end:
            return
        for name, step in self.lens.procedure.steps.items():
            if step.before is Gate.ISSUE and not self.standing.assessments[name].state.closed:
                yield step

    def expected(self) -> Iterator[Watchpoint]:
        """The open steps that can begin, since the last act of those that come before them."""
        known = self.standing.assessments
        for step in self._open():
            stands = known[step.id]
            if stands.state is not StepState.PENDING or not stands.unmet:
                continue
            first = [each for each in step.after if each in known]
            if any(not known[each].state.closed for each in first):
                continue
            begun = [found for each in first if (found := self._last_at(each))]
            wanted = stands.unmet[0]
            last = max(begun, key=lambda each: each.position, default=self.facts.records[0])
            yield replace(
                self._awaited(wanted.code, last, step, wanted.act, wanted.cured_by),
                about=About.EXPECTED,
            )

    def waits(self) -> Iterator[Watchpoint]:
        """The periods that run: from when the next act may be done, or until when it has to be.

        Asked as of the day of the act that started each, for a period that is over is no wait any
        more.  What has to be done before a day is told from the act that set the day, not from
        every act on the way to it once more.
        """
        for step in self._open():
            acts = self.lens.kinds[step.kind].acts
            before: set[tuple[str, str]] = set()
            for name in acts:
                begun = self.facts.last(name, step=step)
                if begun is None or self._undone(step, begun):
                    continue
                then = replace(self.lens, today=begun.filed_on)
                view = then.view(step, self.facts)
                for wait in self.lens.kinds[step.kind].course(view, begun.filed_on).waits:
                    found = tuple(self._wait(step, begun, wait))
                    if not wait.backward:
                        yield from found
                    elif found and (wait.rule.id, wait.act) not in before:
                        before.add((wait.rule.id, wait.act))
                        yield from found

    def _wait(self, step: Step, begun: Record, wait: Wait) -> Iterator[Watchpoint]:
        if wait.backward:
            done = self.facts.last(wait.act, step=step)
            if wait.chosen and (done is None or done.position < begun.position):
                found = self._point(About.DEADLINE, wait.rule, wait.since, begun, step, wait.act)
                # Whichever act of the step tells it, and however often it is announced anew: it
                # is one last day, which moves.
                first = next(each for each in self.facts.records if each.step == step.id)
                yield replace(found, entry=first.position)
        elif wait.act == begun.command and (wait.chosen or wait.since == begun.filed_on):
            yield self._point(About.FLOOR, wait.rule, wait.until, begun, step, wait.then)

    def _undone(self, step: Step, begun: Record) -> bool:
        """Whether the papers went back since."""
        if RETURNING not in step.acts:
            return False
        last = self.facts.last(RETURNING)
        return last is not None and last.position > begun.position

    def deadlines(self) -> Iterator[Watchpoint]:
        """The last days of what open steps owe before the decision."""
        for step in self._open():
            view = self.lens.view(step, self.facts)
            found = self.lens.kinds[step.kind].deadline(view)
            wanted = self.standing.assessments[step.id].unmet
            if found is not None and wanted:
                yield self._deadline(found, step, wanted[0])

    def duties(self) -> Iterator[Watchpoint]:
        """The last days of what is owed after it."""
        for duty in self.standing.duties:
            if duty.act == PROGRESS:
                # Each unit has a day of its own for it.
                continue
            if duty.deadline is not None and duty.step is not None:
                yield self._deadline(duty.deadline, duty.step, None, duty)

    def _deadline(
        self, found: Deadline, step: Step, unmet: Unmet | None, duty: Duty | None = None
    ) -> Watchpoint:
        act = duty.act if duty is not None else "" if unmet is None else unmet.act
        who = duty.who if duty is not None else () if unmet is None else unmet.cured_by
        rule = found.rule
        return Watchpoint(
            About.DEADLINE,
            "paper" if rule is None else rule.id,
            found.by,
            found.since,
            step.id,
            act,
            self._beginning(step, found),
            step.kind,
            who,
            self._named(step, act),
            step.citations if rule is None else rule.citations,
            found.provisional,
            self._frozen(rule),
        )

    def reports(self) -> Iterator[Watchpoint]:
        """The last day of the next report of each unit that carries the decision out."""
        for step in self.lens.procedure.steps_of(PROGRESS):
            begun = self._last_of(step)
            if begun is None or not self.standing.duties:
                continue
            for unit, found in reports_due(self.lens.view(step, self.facts)):
                yield replace(
                    self._deadline(found, step, None),
                    rule=f"progress.{unit}",
                    since=found.since,
                    act=PROGRESS,
                    entry=self._reported(step, unit),
                    holders=step.acts[PROGRESS],
                    people=self._of_units(step, PROGRESS, (unit,)),
                )

    def _reported(self, step: Step, unit: str) -> int:
        """Where the interval of a unit's next report began; another unit's report begins none."""
        return max(
            each.position
            for each in self.facts.of(ASSIGN, PROGRESS, RESUME, step=step)
            if each.command != PROGRESS or each.unit == unit
        )

    def _of_units(self, step: Step, act: str, units: tuple[str, ...]) -> tuple[str, ...]:
        """Whoever may do an act of a step and serves in one of the units."""
        people = self.standing.directory.fitting(step.acts[act], self.facts, self.lens.today)
        return tuple(dict.fromkeys(held.person for held in people if held.unit in units))

    def _beginning(self, step: Step, found: Deadline) -> int:
        """The act that began it: what is done on the step since then begins nothing anew.

        Of a day that a paper names it is the first of its step, so that another paper moves it.
        """
        return next(
            (
                each.position
                for each in self.facts.records
                if (each.step == step.id if found.rule is None else each.filed_on >= found.since)
            ),
            0,
        )

    def owed(self) -> Iterator[Watchpoint]:
        """What was let pass in advance, with the last day that its condition names."""
        for unmet in self.standing.owed:
            due = unmet.params.get("due")
            if unmet.act != PROGRESS and isinstance(due, date) and due != date.max:
                yield Watchpoint(
                    About.DEADLINE,
                    unmet.act,
                    due,
                    self.facts.records[-1].filed_on,
                    act=unmet.act,
                    holders=unmet.cured_by,
                    citations=unmet.citations,
                    meeting=str(unmet.params.get("meeting") or ""),
                )

    def awaited(self) -> Iterator[Watchpoint]:
        """What open steps that were begun want, since the last act on each."""
        for step in (*self._open(), *self._before_issue()):
            begun = self._last_of(step)
            stands = self.standing.assessments[step.id]
            if begun is None or stands.state is not StepState.IN_PROGRESS:
                continue
            for unmet in stands.unmet:
                point = self._awaited(unmet.code, begun, step, unmet.act, unmet.cured_by)
                people = tuple(str(each) for each in as_list(unmet.params.get("experts")))
                yield replace(point, people=people) if people else point
            yield from self._counsel(step, stands.unmet)

    def _awaited(
        self, what: str, begun: Record, step: Step, act: str, who: tuple[Holder, ...]
    ) -> Watchpoint:
        return Watchpoint(
            About.AWAITED,
            what,
            begun.filed_on,
            begun.filed_on,
            step.id,
            act,
            begun.position,
            step.kind,
            who,
            self._named(step, act),
            step.citations,
            frozen=self.facts.paused_since is not None,
        )

    def _counsel(self, step: Step, wanted: tuple[Unmet, ...]) -> Iterator[Watchpoint]:
        """The opinion of counsel, from the acceptance of the papers until it is on file."""
        accepted = self.facts.last(ACCEPTING, step=step)
        given = self.facts.last(COUNSEL, step=step)
        reviewing = any(each.act == VERDICT for each in wanted)
        if accepted is None or not reviewing or COUNSEL not in step.acts:
            return
        if given is None or given.position < accepted.position:
            found = self._awaited("counsel_opinion", accepted, step, COUNSEL, step.acts[COUNSEL])
            people = self._asked(step)
            yield replace(found, people=people) if people else found

    def _asked(self, step: Step) -> tuple[str, ...]:
        """The lawyers who were asked, by name or with their firm; none where nobody was."""
        directory = self.standing.directory
        called = tuple(self.lens.kinds[step.kind].calls_on(self.facts, step))
        names = [each.code for each in called if each.side is Side.PERSON]
        firms = {each.code for each in called if each.side is Side.UNIT}
        held = directory.people(step.acts[COUNSEL], self.facts, self.lens.today)
        return (*names, *(each.person for each in held if each.unit in firms))

    def _called(self, record: Record, step: Step | None) -> tuple[str, ...] | None:
        """The counsel whom an act calls on: those who were asked, all where nobody was named."""
        if step is None or COUNSEL not in step.acts or record.command not in _CALLING:
            return None
        directory, today = self.standing.directory, self.lens.today
        held = directory.people(step.acts[COUNSEL], self.facts, today)
        return self._asked(step) or tuple(each.person for each in held)

    def events(self, horizon: int) -> Iterator[Watchpoint]:
        """The acts of the last days, each a point of its own."""
        first = self.lens.today - timedelta(days=horizon)
        for record in reversed(self.facts.records):
            if record.filed_on < first:
                return
            step = None if record.step is None else self.lens.procedure.steps.get(record.step)
            yield Watchpoint(
                About.EVENT,
                record.command,
                record.filed_on,
                record.filed_on,
                record.step or "",
                record.command,
                record.position,
                "" if step is None else step.kind,
                people=self._called(record, step),
                citations=() if step is None else step.citations,
                ends=record.day(CLOSES) if record.text(CLOSES) else None,
            )

    def forecasts(self, ahead: tuple[tuple[Meeting, Wish], ...]) -> Iterator[Watchpoint]:
        """What has to begin for a meeting that is convened; or that it cannot be made any more."""
        for meeting, wish in ahead:
            if not wish.feasible:
                yield Watchpoint(
                    About.UNREACHABLE,
                    NOTICE,
                    self.facts.records[0].filed_on,
                    self.lens.today,
                    act=TABLING,
                    holders=self.lens.procedure.holders(TABLING),
                    citations=self.lens.procedure.rules[NOTICE].citations,
                    meeting=meeting.code,
                )
                continue
            for leg in wish.legs:
                if leg.start == self.lens.today and not leg.running:
                    act = leg.act or next((each.act for each in leg.unmet if each.act), "")
                    yield self._forecast(meeting, leg.latest, leg.step, act, leg.who)
            for errand in wish.errands:
                if errand.day == self.lens.today:
                    yield self._forecast(
                        meeting, errand.latest, errand.step, errand.command, errand.who
                    )

    def _forecast(
        self,
        meeting: Meeting,
        latest: date,
        step: Step | None,
        act: str,
        who: tuple[Holder, ...],
    ) -> Watchpoint:
        notice = self.lens.procedure.rules[NOTICE].citations
        return Watchpoint(
            About.FORECAST,
            NOTICE,
            latest,
            self.lens.today,
            "" if step is None else step.id,
            act,
            0,
            "" if step is None else step.kind,
            who,
            None if step is None else self._named(step, act),
            notice if step is None else step.citations,
            frozen=self.facts.paused_since is not None,
            meeting=meeting.code,
        )

    def _point(
        self, about: About, rule: Rule, by: date, begun: Record, step: Step, act: str
    ) -> Watchpoint:
        return Watchpoint(
            about,
            rule.id,
            by,
            begun.filed_on,
            step.id,
            act,
            begun.position,
            step.kind,
            step.acts.get(act, ()),
            self._named(step, act),
            rule.citations,
            self.lens.counting.table.day(by).provisional,
            self._frozen(rule),
        )

    def _named(self, step: Step, act: str) -> tuple[str, ...] | None:
        """The accounts that were named for an act, None where it is for all who hold a post."""
        if act == COMPLETE and act in step.acts:
            # Whoever has reported it done need hear no more of it.
            return self._of_units(step, act, still_at_work(self.lens.view(step, self.facts)))
        return self.lens.kinds[step.kind].waits_for(self.facts, step).get(act) or None

    def _frozen(self, rule: Rule | None) -> bool:
        return rule is not None and rule.paused and self.facts.paused_since is not None

    def _last_of(self, step: Step) -> Record | None:
        return self._last_at(step.id)

    def _last_at(self, step: str) -> Record | None:
        return next((each for each in reversed(self.facts.records) if each.step == step), None)


def of_house(
    procedure: Procedure,
    directory: Directory,
    lens: Lens,
    meetings: Mapping[str, Meeting],
    tally: tuple[tuple[str, str, int], ...] = (),
) -> tuple[Watchpoint, ...]:
    """The watchpoints of no matter: meetings ahead, retainers, mandates, next year's holidays.

    `tally` is what last week gives cause to look into.
    """
    return (
        *_digest(lens, tally),
        *_meetings(procedure, lens, meetings),
        *_retainers(procedure, directory, lens.today),
        *_mandates(procedure, directory, lens.today),
        *_calendar(lens),
    )


def _meetings(
    procedure: Procedure, lens: Lens, meetings: Mapping[str, Meeting]
) -> Iterator[Watchpoint]:
    for code, meeting in meetings.items():
        body = procedure.bodies[meeting.body]
        notice = procedure.rules[NOTICE]
        if meeting.frozen_on is None:
            by, unsure = lens.counting.latest(notice, meeting.held_on)
            yield Watchpoint(
                About.FREEZE,
                notice.id,
                by,
                by,
                act=FREEZING,
                holders=procedure.holders(FREEZING),
                citations=notice.citations,
                provisional=unsure,
                meeting=code,
            )
        yield Watchpoint(
            About.MEETING,
            notice.id,
            meeting.held_on,
            meeting.held_on,
            holders=(*body.chair, *body.members),
            citations=notice.citations,
            meeting=code,
        )


def _retainers(procedure: Procedure, directory: Directory, today: date) -> Iterator[Watchpoint]:
    known = directory.retainers
    for each in known.all:
        if not each.holds(today):
            continue
        ends = {
            lawyer: known.covered_until(each.firm, lawyer, today) or each.last_day
            for lawyer in each.lawyers
        }
        for lawyer, last in ends.items():
            if last <= each.last_day:
                yield Watchpoint(
                    About.RETAINER,
                    lawyer,
                    last,
                    each.since,
                    act=RETAINING,
                    entry=each.number,
                    holders=procedure.holders(RETAINING),
                )


def _mandates(procedure: Procedure, directory: Directory, today: date) -> Iterator[Watchpoint]:
    for each in directory.mandates.values():
        if each.stands(today):
            yield Watchpoint(
                About.MANDATE,
                each.principal,
                each.until,
                each.since,
                act=MANDATING,
                entry=each.id,
                holders=procedure.holders(MANDATING),
                people=(each.principal, each.agent),
            )


def _calendar(lens: Lens) -> Iterator[Watchpoint]:
    """That the holidays of the next year were not announced, or not loaded."""
    year = lens.today.year
    if lens.counting.table.day(date(year + 1, 6, 1)).provisional:
        yield Watchpoint(
            About.CALENDAR, "holidays", date(year, 12, 31), date(year, 1, 1), entry=year + 1
        )


def _digest(lens: Lens, tally: tuple[tuple[str, str, int], ...]) -> Iterator[Watchpoint]:
    """What was tried again and again in vain, and where a floor was shortened, last week."""
    if tally:
        monday = lens.today - timedelta(days=lens.today.weekday())
        yield Watchpoint(
            About.DIGEST,
            "floors",
            monday,
            monday,
            entry=monday.toordinal(),
            tally=tally,
            ends=monday - timedelta(days=1),
        )
