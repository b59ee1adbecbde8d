"""The sweep (巡查): looks at what is due, tells what is to be told, and says when to look again.

Each subject is read in one view, judged without a database, and written in one transaction that
holds only if nobody woke the subject since.  So it may be run by as many as like, as often as they
like: what is told is told once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from notifications.due import Before, Findings, Notice, due, shifted
from notifications.falling_due import of_duties
from notifications.inbox import TOLD
from notifications.keeping import notice_to_json, seen_from_row, seen_to_row, told_from_row
from notifications.recipients import recipients
from notifications.rules import NoticeBook, NoticeRules
from notifications.watchpoints import About, Watchpoint, of_house, of_matter
from workflow.canonical import canonical
from workflow.errors import NotFound, YichengError
from workflow.inquiry import Inquiry
from workflow.inquiry.watched import Watched
from workflow.meeting import Meeting
from workflow.planning import Wish
from workflow.ports import Clock, StepState
from workflow.store import HOUSE, Store, home
from workflow.uow import UnitOfWork

#: So many subjects are looked at in one run; what is left is looked at in the next.
MOST: Final = 1000
#: What could not be looked at is tried again so much later.
_LATER: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

log = logging.getLogger("yicheng.sweep")


class _WokenError(Exception):
    """Somebody acted on the subject in between; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run did: subjects looked at, notices told (late ones among them), and failures."""

    looked: int = 0
    told: int = 0
    late: int = 0
    failed: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            self.looked + other.looked,
            self.told + other.told,
            self.late + other.late,
            self.failed + other.failed,
        )


@dataclass(frozen=True)
class Sweep:
    """Looks at one database."""

    uow: UnitOfWork
    inquiry: Inquiry
    clock: Clock
    book: NoticeBook

    def run(self, most: int = MOST) -> Swept:
        """Look at everything that is due by now, at most so much.

        What fails is put off by an hour and told in the log; the rest is looked at all the same.
        """
        done = Swept()
        for organisation, subject in self.inquiry.due_subjects(most):
            try:
                done += self.look(organisation, subject)
            except YichengError as error:
                log.warning(
                    "sweep failed", extra={"subject": subject or "house", "code": error.code}
                )
                self._put_off(organisation, subject)
                done += Swept(failed=1)
        return done

    def look(self, organisation: str, subject: str) -> Swept:
        """Look at one matter, or at the house, and tell what is to be told of it."""
        watched = self.inquiry.watched(organisation, subject)
        rules = self.book.rules(watched.profile, watched.lens.today)
        found = judge(watched, rules)
        try:
            with self.uow.write() as connection:
                where = home(connection, organisation)
                if where is None:
                    raise NotFound("unknown.organisation", organisation=organisation)
                store = Store(connection, where[0])
                told = store.tell_alerts(list(alerts(watched, rules, found)))
                store.settle_alerts(found.settled, watched.now)
                store.raise_alerts(found.risen)
                store.keep_seen(subject, changed(watched, found))
                store.forget_seen(subject, found.gone)
                if not store.sleep(subject, watched.beat, next_look(watched, rules, found)):
                    raise _WokenError  # noqa: TRY301 (undoes the transaction)
                if subject == HOUSE and _other_meetings(watched, found):
                    # Whatever is on its way may have to begin something for it, or for the next.
                    store.wake_all(watched.now)
        except _WokenError:
            # It is due still, and looked at again in the next run.
            return Swept()
        late = sum(each.late for each in found.notices)
        return Swept(1, told, late if told else 0)

    def due(self, organisation: str, subject: str) -> tuple[Watched, Findings]:
        """What would be told of a subject by now; nothing is told.  Raises NotFound."""
        watched = self.inquiry.watched(organisation, subject)
        return watched, judge(watched, self.book.rules(watched.profile, watched.lens.today))

    def _put_off(self, organisation: str, subject: str) -> None:
        with self.uow.write() as connection:
            where = home(connection, organisation)
            if where is not None:
                Store(connection, where[0]).wake((subject,), self.clock.now() + _LATER)


def judge(watched: Watched, rules: NoticeRules) -> Findings:
    """What is to be told of a subject as it stands."""
    before = Before(
        {row.point: seen_from_row(row.told, row.body) for row in watched.seen},
        tuple(told_from_row(row) for row in watched.told),
    )
    acts: tuple[str, ...] = ()
    if watched.standing is not None:
        acts = tuple(each.command for each in watched.standing.facts.records)
    table = watched.lens.counting.table
    return due(
        rules,
        points(watched, rules),
        before,
        table,
        watched.lens.today,
        acts=acts,
        lifted=_lifted(watched),
    )


def points(watched: Watched, rules: NoticeRules) -> tuple[Watchpoint, ...]:
    """Every watchpoint of a subject."""
    if watched.standing is None:
        meetings = watched.meetings or {}
        tally = tuple(
            (number, command, count)
            for number, command, count, done in watched.tally
            if done or count >= rules.repeated
        )
        return (
            *of_house(watched.procedure, watched.directory, watched.lens, meetings, tally),
            *of_duties(watched.procedure, watched.ledgers, watched.lens.today),
        )
    known = tuple(seen_from_row(row.told, row.body).point for row in watched.seen)
    ahead = tuple(each for each in watched.ahead if _within_reach(each, known))
    return of_matter(watched.standing, watched.lens, rules.horizon, ahead)


def _within_reach(ahead: tuple[Meeting, Wish], known: tuple[Watchpoint, ...]) -> bool:
    """Whether the matter can make the meeting, or could when it was looked at before."""
    meeting, wish = ahead
    about = (About.FORECAST, About.UNREACHABLE)
    return wish.feasible or any(
        each.meeting == meeting.code and each.about in about for each in known
    )


def _lifted(watched: Watched) -> frozenset[str]:
    """The steps that ask for nothing any more though nobody did what they asked for."""
    standing = watched.standing
    if standing is None:
        return frozenset()
    ended = standing.procedure.stages[standing.facts.stage].end
    return frozenset(
        name
        for name, each in standing.assessments.items()
        if each.state in (StepState.WAIVED, StepState.NOT_REQUIRED)
        or (ended and each.state is not StepState.SATISFIED)
    )


def changed(watched: Watched, found: Findings) -> list[dict[str, object]]:
    """The rows of what stands otherwise than when it was looked at before."""
    known = {row.point: (row.told, row.body) for row in watched.seen}
    rows = (seen_to_row(each) for each in found.seen.values())
    return [row for row in rows if known.get(str(row["point"])) != (row["told"], row["body"])]


def alerts(watched: Watched, rules: NoticeRules, found: Findings) -> Iterator[dict[str, object]]:
    """The rows of the alerts for all whom the notices are for."""
    standing = watched.standing
    facts = None if standing is None else standing.facts
    zone = ZoneInfo(watched.time_zone)
    for notice in found.notices:
        point = notice.point
        body = canonical(
            {
                "matter": None if facts is None else facts.number,
                "title": "" if facts is None else facts.title,
                "meeting": point.meeting or None,
                "command": "",
                "actor": "",
                "entry": point.entry,
                "procedure": watched.procedure.digest,
                "refusals": [],
                "notice": notice_to_json(notice),
            }
        )
        for account in _told_of(watched, rules, notice):
            yield {
                "key": key_of(notice, watched.subject, account),
                "kind": TOLD,
                "recipient": account,
                "matter_id": watched.matter,
                "meeting_id": None,
                "day": watched.lens.today,
                "body": body,
                "count": 1,
                "first_at": watched.now,
                "last_at": watched.now,
                "rule": notice.rule.id,
                "threshold": notice.threshold,
                "entry": point.entry,
                "urgency": urgency(notice),
                "expires_at": _expiry(watched, notice, zone),
            }


def _told_of(watched: Watched, rules: NoticeRules, notice: Notice) -> tuple[str, ...]:
    """The accounts that hear of a notice; it goes up to others than those who have heard of it.

    Where there are no others, those hear of it again.
    """
    facts = None if watched.standing is None else watched.standing.facts

    def told(each: Notice) -> tuple[str, ...]:
        people, today = watched.directory, watched.lens.today
        return recipients(each, rules.otherwise, watched.procedure, people, facts, today)

    found = told(notice)
    if notice.of is None:
        return found
    before = told(replace(notice, to=notice.rule.told(notice.of.threshold), of=None))
    return tuple(each for each in found if each not in before) or found


def key_of(notice: Notice, subject: str, account: str) -> str:
    """What makes a notice one and the same: nobody is told it twice under this."""
    was = "" if notice.was is None else f"<{notice.was.isoformat()}"
    occasion = f"{notice.threshold}@{notice.point.by.isoformat()}{was}"
    return f"{notice.rule.id}:{subject}:{notice.point.point}:{occasion}:{account}"


def urgency(notice: Notice) -> str:
    """How soon it goes to the channels outside."""
    own = notice.rule.threshold(notice.threshold)
    found = notice.rule.urgency if own is None or own.urgency is None else own.urgency
    return found.value


def _expiry(watched: Watched, notice: Notice, zone: ZoneInfo) -> datetime | None:
    """The instant from which on nobody need hear of it; None where that never comes."""
    if notice.rule.expires is None:
        return None
    table = watched.lens.counting.table
    last = shifted(table, notice.point.by, notice.rule.expires, _DAY)
    return midnight(last + _DAY, zone)


def next_look(watched: Watched, rules: NoticeRules, found: Findings) -> datetime | None:
    """When to look again though nobody acts; None where nothing can come of itself any more."""
    zone, today = ZoneInfo(watched.time_zone), watched.lens.today
    table = watched.lens.counting.table
    again = shifted(table, today, rules.look_again, _DAY)
    if watched.standing is None:
        # Retainers and mandates may begin on any day, and people leave.
        again = today + _DAY
    elif not _lives(watched, found):
        return None
    else:
        again = min((again, *(each for each in _of_meetings(watched) if each > today)))
    return midnight(min(again, found.next_day or again), zone)


def _lives(watched: Watched, found: Findings) -> bool:
    """Whether something of the matter may still fall due."""
    standing = watched.standing
    if standing is None or found.next_day is not None or standing.duties or standing.owed:
        return True
    ended = standing.procedure.stages[standing.facts.stage].end
    recurring = any(
        watched.lens.kinds[step.kind].recurs(step) for step in standing.procedure.steps.values()
    )
    return bool(standing.facts.title) and (not ended or recurring)


def _of_meetings(watched: Watched) -> Iterator[date]:
    """The days on which it may be another meeting that a matter can make, or another way to it."""
    for meeting, wish in watched.ahead:
        yield meeting.held_on + _DAY
        if wish.feasible:
            for leg in wish.legs:
                yield from (leg.start, leg.latest + _DAY)
            for errand in wish.errands:
                yield from (errand.day, errand.latest + _DAY)


def _other_meetings(watched: Watched, found: Findings) -> bool:
    """Whether a meeting was convened, called off, or its agenda closed, since it was looked at."""
    known = {row.point for row in watched.seen}
    turned = (*(name for name in found.seen if name not in known), *found.gone)
    return any(name.partition(":")[0] in (About.MEETING, About.FREEZE) for name in turned)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a business day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
