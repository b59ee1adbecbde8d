"""Meetings on a terminal, as data and as minutes (会议纪要)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.presenting.page import Page
from api.presenting.paper import template
from api.presenting.wrapping import cut
from procedures.wording import Wording
from workflow.canonical import unmet_to_json
from workflow.catalogue import Catalogue
from workflow.errors import BadInput
from workflow.facts import Facts, Record, as_list
from workflow.inquiry import Convened
from workflow.meeting import AgendaEntry, Deliberation, Meeting, deliberation
from workflow.urgency import UrgentItem, urgent_items

_TITLE = 44
_SHEET = 76


def state_of(meeting: Meeting) -> str:
    """How far a meeting has come, in one word."""
    if meeting.cancelled:
        return "cancelled"
    if meeting.closed:
        return "closed"
    if meeting.sitting is not None:
        return "open"
    return "convened" if meeting.frozen_on is None else "frozen"


def write_meetings(page: Page, catalogue: Catalogue, found: Sequence[Convened]) -> None:
    """A line for each meeting."""
    say = catalogue.text
    if not found:
        page.line(say("meeting.none"))
    else:
        page.table([Sheet(catalogue, each).line() for each in found])


def meeting_data(convened: Convened) -> dict[str, Any]:
    """A meeting with everything that is on record about it, for programs."""
    meeting = convened.meeting
    sitting = meeting.sitting
    return {
        "meeting": meeting.code,
        "body": meeting.body,
        "held_on": meeting.held_on.isoformat(),
        "frozen_on": None if meeting.frozen_on is None else meeting.frozen_on.isoformat(),
        "state": state_of(meeting),
        "roster": None
        if sitting is None
        else {
            "chair": sitting.chair,
            "recorder": sitting.recorder,
            "present": sorted(sitting.present),
            "leave": dict(sitting.leave),
            "attending": list(sitting.attending),
        },
        "agenda": [_item_data(convened, each) for each in meeting.agenda],
        "cancelled": None if meeting.called_off is None else dict(meeting.called_off.payload),
        "closed": None if meeting.closing is None else dict(meeting.closing.payload),
    }


def _item_data(convened: Convened, entry: AgendaEntry) -> dict[str, Any]:
    facts = convened.matters[entry.matter]
    urgent = _urgent(facts, convened.meeting)
    return {
        "place": entry.place,
        "matter": entry.matter,
        "title": facts.title,
        "concluded": entry.concluded or None,
        "urgent": None
        if urgent is None
        else {
            "reasons": urgent.reasons,
            "approved_by": urgent.approved_by,
            "due": urgent.due.isoformat(),
            "confirmed_on": None
            if urgent.confirmed_on is None
            else urgent.confirmed_on.isoformat(),
        },
        "owed": [unmet_to_json(each) for each in convened.owed[entry.matter]],
        "proceedings": [
            {"command": each.command, "actor": each.actor, "payload": dict(each.payload)}
            for each in deliberation(facts, convened.meeting.code).filed
        ],
    }


@dataclass(frozen=True)
class Sheet:
    """A meeting with the words for it."""

    catalogue: Catalogue
    convened: Convened

    @property
    def _wording(self) -> Wording:
        return Wording(self.catalogue, self.convened.procedure, self.convened.directory)

    @property
    def _body(self) -> str:
        body = self.convened.procedure.bodies.get(self.convened.meeting.body)
        return self.convened.meeting.body if body is None else body.name[self.catalogue.locale]

    @property
    def _state(self) -> str:
        return self.catalogue.text(f"meeting.state.{state_of(self.convened.meeting)}")

    def line(self) -> tuple[str, ...]:
        """The meeting in a list."""
        meeting, say = self.convened.meeting, self.catalogue.text
        items = say("meeting.items", count=len(meeting.agenda))
        return (meeting.code, self._body, self._day(meeting.held_on), self._state, items)

    def write(self, page: Page) -> None:
        """Head, roster, each item with what was said, voted and concluded, and the minutes."""
        meeting, say = self.convened.meeting, self.catalogue.text
        page.heading(say("meeting.name", code=meeting.code, body=self._body))
        page.pairs([*self._head(), *self._roster()], indent="  ")
        for entry in meeting.agenda:
            facts = self.convened.matters[entry.matter]
            title = cut(facts.title, _TITLE)
            page.blank()
            page.heading(say("meeting.item", place=entry.place, number=entry.matter, title=title))
            page.pairs(list(self._item(entry, facts)), indent="  ")

    def minutes(self, width: int = _SHEET) -> str:
        """The minutes, from a document template.

        Raises BadInput where the meeting was neither opened nor called off.
        """
        meeting = self.convened.meeting
        if meeting.sitting is None and not meeting.cancelled:
            raise BadInput("meeting.no_minutes", meeting=meeting.code)
        closing = meeting.closing
        items = [
            {
                "place": each.place,
                "matter": each.matter,
                "title": self.convened.matters[each.matter].title,
                "rows": list(self._item(each, self.convened.matters[each.matter])),
            }
            for each in meeting.agenda
        ]
        found = template("meeting_minutes", self.catalogue.locale, width)
        return found.render(
            body=self._body,
            code=meeting.code,
            head=[*self._head(), *self._roster()],
            items=items,
            final=closing is not None or meeting.cancelled,
            text="" if closing is None else closing.text("minutes"),
            issued_by="" if closing is None else self._wording.person(closing.text("issued_by")),
        )

    def _head(self) -> Iterator[tuple[str, str]]:
        meeting, say = self.convened.meeting, self.catalogue.text
        yield say("meeting.held_on"), self._day(meeting.held_on)
        yield say("meeting.state_is"), self._state
        off = meeting.called_off
        if off is not None:
            yield say("meeting.cause"), self._wording.choice("cause", off.text("cause"))
            yield say("meeting.reasons"), off.text("reasons")
            came = tuple(str(name) for name in as_list(off.payload.get("present")))
            if came:
                yield say("meeting.came"), self._people(came)
        elif meeting.frozen_on is not None:
            yield say("meeting.frozen_on"), self._day(meeting.frozen_on)

    def _roster(self) -> Iterator[tuple[str, str]]:
        sitting, say = self.convened.meeting.sitting, self.catalogue.text
        if sitting is None:
            return
        yield say("meeting.chair"), self._wording.person(sitting.chair)
        yield say("meeting.present"), self._people(sorted(sitting.present))
        absent = tuple(
            say("meeting.on_leave", person=self._wording.person(person), reason=reason)
            for person, reason in sitting.leave.items()
        )
        nobody = say("meeting.nobody")
        yield say("meeting.leave"), self._listed(absent) or nobody
        yield say("meeting.attending"), self._listed(sitting.attending) or nobody
        yield say("meeting.recorder"), self._wording.person(sitting.recorder)

    def _item(self, entry: AgendaEntry, facts: Facts) -> Iterator[tuple[str, str]]:
        say, wording = self.catalogue.text, self._wording
        done = deliberation(facts, self.convened.meeting.code)
        urgent = _urgent(facts, self.convened.meeting)
        if urgent is not None:
            yield say("meeting.urgent"), self._urgent(urgent)
        if done.withdrawn:
            yield say("meeting.withdrawn"), self._people(sorted(done.withdrawn))
        yield from self._said(done)
        if done.ballot is not None:
            yield say("meeting.ballot"), self._ballot(done.ballot)
        if entry.concluded:
            yield say("meeting.conclusion"), wording.choice("conclusion", entry.concluded)
        if done.concluded is not None:
            for name in ("decision", "amendments", "reasons"):
                if told := done.concluded.text(name):
                    yield say(f"meeting.{name}"), told
        for each in done.filed:
            if each.command == "reserve_opinion":
                yield say("meeting.dissent"), self._by(each, "opinion")

    def _said(self, done: Deliberation) -> Iterator[tuple[str, str]]:
        say = self.catalogue.text
        for each in done.filed:
            if each.command == "file_views":
                told = say("meeting.uncounted", told=self._by(each, "views"))
                yield say("meeting.views"), told
            elif each.command == "record_statement":
                stance = self._wording.choice("stance", each.text("stance"))
                person = self._wording.person(each.text("person"))
                code = "meeting.spoke" if each.text("text") else "meeting.stood"
                told = say(code, person=person, stance=stance, text=each.text("text"))
                yield say("meeting.statement"), told

    def _by(self, record: Record, name: str) -> str:
        person = self._wording.person(record.text("person"))
        return self.catalogue.text("meeting.by", person=person, text=record.text(name))

    def _ballot(self, ballot: Record) -> str:
        say, wording = self.catalogue.text, self._wording
        votes = tuple(
            say(
                "meeting.vote",
                person=wording.person(str(each["person"])),
                vote=wording.choice("vote", str(each["vote"])),
            )
            for each in ballot.items("votes")
        )
        counted: Mapping[str, object] = {
            "votes_for": ballot.payload["for"],
            "votes_against": ballot.payload["against"],
            "abstentions": ballot.payload["abstain"],
        }
        mode = wording.choice("ballot_mode", ballot.text("mode"))
        told = say("meeting.counted", mode=mode, **counted)
        return say("meeting.by_name", counted=told, votes=self._listed(votes)) if votes else told

    def _urgent(self, item: UrgentItem) -> str:
        told: dict[str, object] = {
            "reasons": item.reasons,
            "approved_by": self._wording.person(item.approved_by),
            "due": item.due,
            "day": item.confirmed_on,
        }
        if item.confirmed_on is not None:
            code = "meeting.urgent_confirmed"
        elif item.due < self.convened.today:
            code = "meeting.urgent_overdue"
        else:
            code = "meeting.urgent_open"
        return self.catalogue.text(code, **told)

    def _people(self, accounts: Sequence[str]) -> str:
        return self._listed(tuple(self._wording.person(each) for each in accounts))

    def _listed(self, words: Sequence[str]) -> str:
        return self.catalogue.text("days.between").join(words)

    def _day(self, day: object) -> str:
        return self.catalogue.text("days.plain", day=day)


def _urgent(facts: Facts, meeting: Meeting) -> UrgentItem | None:
    return next((each for each in urgent_items(facts) if each.meeting == meeting.code), None)
