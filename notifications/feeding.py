"""One's days as an iCalendar file (RFC 5545): what one has to do by when, and the meetings. Pure.

A calendar leaves the house: of a restricted matter it names the number and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.inquiry import Convened, Standing

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in a calendar; `id` stays the same while it is about the same thing."""

    id: str
    day: date
    title: str
    told: str = ""


def deadlines(catalogue: Catalogue, account: str, standings: Iterable[Standing]) -> Iterator[Entry]:
    """The last days of what somebody can do after a decision."""
    for standing in standings:
        facts, directory = standing.facts, standing.directory
        held = tuple(directory.of_person(account, standing.today))
        wording = Wording(catalogue, standing.procedure, directory)
        for duty in standing.duties:
            mine = any(directory.fits(each, who, facts) for each in held for who in duty.who)
            if duty.deadline is None or not mine:
                continue
            closed = facts.named is not None
            act = wording.act(duty.act, duty.step)
            title = catalogue.text(
                "feed.closed" if closed else "feed.deadline",
                number=facts.number,
                **({} if closed else {"act": act, "title": facts.title}),
            )
            provisional = duty.deadline.provisional
            told = catalogue.text("feed.provisional") if provisional else ""
            step = "" if duty.step is None else duty.step.id
            yield Entry(f"{facts.number}.{duty.act}.{step}", duty.deadline.by, title, told)


def meetings(catalogue: Catalogue, convened: Iterable[Convened]) -> Iterator[Entry]:
    """The meetings that somebody sees."""
    for each in convened:
        meeting = each.meeting
        title = catalogue.text("feed.meeting", code=meeting.code)
        yield Entry(f"meeting.{meeting.code}", meeting.held_on, title)


def calendar(
    catalogue: Catalogue, organisation: str, entries: Iterable[Entry], link: str, now: datetime
) -> bytes:
    """The file: whole days, which take up nobody's time, and private to whom they are for."""
    told = Calendar()
    told.add("prodid", "-//Yicheng//Yicheng//ZH")
    told.add("version", "2.0")
    told.add("method", "PUBLISH")
    told.add("x-wr-calname", catalogue.text("feed.name"))
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.id}@{organisation}.yicheng")
        event.add("dtstamp", now)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + _DAY)
        event.add("summary", entry.title)
        if entry.told:
            event.add("description", entry.told)
        event.add("url", link)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        told.add_component(event)
    file: bytes = told.to_ical()
    return file
