"""One's days as an iCalendar file (RFC 5545): what one has to do by when, and the meetings. Pure.

A calendar leaves the house: of a restricted matter it names the number and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from notifications.keeping import point_from_json
from notifications.rules import LIFTED
from notifications.watchpoints import About, Watchpoint
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.directory import Directory
from workflow.facts import Facts
from workflow.inquiry import Convened, Standing
from workflow.inquiry.answers import Notice

_DAY = timedelta(days=1)
#: What one is reminded of that is a last day.
_LAST_DAYS: Final = (About.DEADLINE, About.FREEZE, About.DUTY)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in a calendar; `id` stays the same while it is about the same thing."""

    id: str
    day: date
    title: str
    told: str = ""
    cancelled: bool = False


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
            title = _of_matter(catalogue, facts.number, facts, wording.act(duty.act, duty.step))
            told = _provisional(catalogue, provisional=duty.deadline.provisional)
            step = "" if duty.step is None else duty.step.id
            yield Entry(f"{facts.number}.{duty.act}.{step}", duty.deadline.by, title, told)


def reminded(
    catalogue: Catalogue,
    directory: Directory,
    notices: Iterable[Notice],
    known: Mapping[str, Facts],
) -> Iterator[Entry]:
    """The last days that somebody was reminded of, the one told last of each.

    `known` are the matters that they see.
    """
    found: dict[str, Entry] = {}
    for each in notices:
        notice = each.body["notice"]
        point = point_from_json(notice["point"])
        if point.about not in _LAST_DAYS or notice["threshold"] == LIFTED:
            continue
        wording = Wording(catalogue, each.procedure, directory)
        step = each.procedure.steps.get(point.step)
        act = wording.act(point.act, step) if point.act else wording.step(point.step)
        number = each.body["matter"]
        if number is None:
            name = f"{point.about}.{point.rule}.{point.meeting or point.entry}"
            title = _of_house(catalogue, point, act)
        else:
            name = f"{number}.{point.act}.{point.step}"
            title = _of_matter(catalogue, number, known.get(number), act)
        told = _provisional(catalogue, provisional=point.provisional)
        found[name] = Entry(name, point.by, title, told)
    yield from found.values()


def _of_matter(catalogue: Catalogue, number: str, facts: Facts | None, act: str) -> str:
    if facts is None or facts.named is not None:
        return catalogue.text("feed.closed", number=number)
    return catalogue.text("feed.deadline", number=number, act=act, title=facts.title)


def _of_house(catalogue: Catalogue, point: Watchpoint, act: str) -> str:
    if point.name is not None:
        return catalogue.text("feed.duty", act=act, duty=point.name[catalogue.locale])
    return catalogue.text("feed.of_meeting", act=act, code=point.meeting)


def _provisional(catalogue: Catalogue, *, provisional: bool) -> str:
    return catalogue.text("feed.provisional") if provisional else ""


def meetings(catalogue: Catalogue, convened: Iterable[Convened]) -> Iterator[Entry]:
    """The meetings that somebody sees; one that was called off says so: it may be noted down."""
    for each in convened:
        meeting = each.meeting
        title = catalogue.text(
            "feed.cancelled" if meeting.cancelled else "feed.meeting", code=meeting.code
        )
        yield Entry(f"meeting.{meeting.code}", meeting.held_on, title, cancelled=meeting.cancelled)


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
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        told.add_component(event)
    file: bytes = told.to_ical()
    return file
