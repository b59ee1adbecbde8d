"""Meetings on a terminal, as data and as minutes (会议纪要)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.presenting.page import Page
from api.presenting.paper import template
from api.presenting.proceedings import Proceedings
from api.presenting.wrapping import cut
from procedures.wording import Wording
from workflow.ballot import Attendance, more_than
from workflow.canonical import unmet_to_json
from workflow.catalogue import Catalogue
from workflow.decisions.deliberating import ONWARD
from workflow.decisions.sitting import LEFT_OUT
from workflow.errors import BadInput
from workflow.facts import Facts, Record, as_list
from workflow.inquiry import Convened
from workflow.meeting import AgendaEntry, Deliberation, Meeting, deliberation
from workflow.urgency import LIST, UNLIST, UrgentItem, urgent_items

_TITLE = 44
_SHEET = 76

#: What takes a matter off an agenda without a conclusion.
_TAKING_OFF = (UNLIST, "withdraw", "end_decision")


def state_of(meeting: Meeting) -> str:
    """How far a meeting has come, in one word."""
    if meeting.cancelled:
        return "cancelled"
    if meeting.closed:
        return "closed"
    if meeting.sitting is not None:
        return "open"
    return "convened" if meeting.frozen_on is None else "frozen"


def next_act(convened: Convened) -> tuple[str, date] | None:
    """The act that a meeting waits for, and its last day; None where it is over."""
    meeting = convened.meeting
    if meeting.cancelled or meeting.closed:
        return None
    if meeting.sitting is None:
        if meeting.frozen_on is None:
            return "freeze_agenda", convened.notice_by
        return "open_meeting", meeting.held_on
    waiting = any(not each.concluded for each in meeting.agenda)
    return "conclude_item" if waiting else "close_meeting", meeting.held_on


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
            "absent": list(sitting.absent),
            "changes": [{"person": person, "change": change} for person, change in sitting.changes],
            "days_late": sitting.days_late,
        },
        "agenda": [_item_data(convened, each) for each in meeting.agenda],
        "taken_off": [_item_data(convened, each) for each in meeting.taken_off],
        "cancelled": None if meeting.called_off is None else dict(meeting.called_off.payload),
        "closed": None if meeting.closing is None else dict(meeting.closing.payload),
    }


def _item_data(convened: Convened, entry: AgendaEntry) -> dict[str, Any]:
    facts = convened.matters.get(entry.matter)
    if facts is None:
        # What is kept from whoever asks has its place on the agenda, and nothing else.
        kept: dict[str, Any] = {"place": entry.place, "matter": "", "title": ""}
        return kept | {"concluded": None, "urgent": None, "owed": [], "proceedings": []}
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
            "refused_on": None if urgent.refused_on is None else urgent.refused_on.isoformat(),
        },
        "owed": [unmet_to_json(each) for each in convened.owed[entry.matter]],
        "proceedings": [
            {
                "command": each.command,
                "actor": each.actor,
                "principal": each.principal,
                "payload": dict(each.payload),
            }
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
    def _words(self) -> Proceedings:
        return Proceedings(self.catalogue, self._wording)

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
        page.pairs([*self._head(), *self._roster(), *self._next()], indent="  ")
        for entry in (*meeting.agenda, *meeting.taken_off):
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
                "title": self.catalogue.text("meeting.kept") if facts is None else facts.title,
                "rows": [] if facts is None else list(self._item(each, facts)),
            }
            for each, facts in (
                (each, self.convened.matters.get(each.matter))
                for each in (*meeting.agenda, *meeting.taken_off)
            )
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
                yield say("meeting.came"), self._words.people(came)
        elif meeting.frozen_on is not None:
            yield say("meeting.frozen_on"), self._day(meeting.frozen_on)
        sitting = meeting.sitting
        if sitting is not None and sitting.days_late:
            yield say("meeting.entered"), say("meeting.entered_late", days=sitting.days_late)

    def _next(self) -> Iterator[tuple[str, str]]:
        """What is to be done next for the meeting, by whom and until when."""
        say, procedure = self.catalogue.text, self.convened.procedure
        following = next_act(self.convened)
        if following is None:
            return
        act, by = following
        posts = tuple(post for each in procedure.holders(act) for post in self._wording.posts(each))
        command = self._wording.command(act)
        yield say("meeting.next"), say("meeting.next_by", command=command, posts=posts, day=by)

    def _roster(self) -> Iterator[tuple[str, str]]:
        sitting, say = self.convened.meeting.sitting, self.catalogue.text
        if sitting is None:
            return
        yield say("meeting.chair"), self._wording.person(sitting.chair)
        counts = {"due": len(sitting.due), "there": len(sitting.opened_with)}
        yield say("meeting.due"), say("meeting.due_there", **counts)
        present = sorted(sitting.opened_with, key=lambda person: (person != sitting.chair, person))
        yield say("meeting.present"), self._words.people(present)
        absent = tuple(
            say("meeting.on_leave", person=self._wording.person(person), reason=reason)
            for person, reason in sitting.leave.items()
        )
        nobody = say("meeting.nobody")
        yield say("meeting.leave"), self._words.listed(absent) or nobody
        if sitting.absent:
            yield say("meeting.absent"), self._words.people(sitting.absent)
        for person, change in sitting.changes:
            yield say(f"meeting.{change}"), self._wording.person(person)
        yield say("meeting.attending"), self._words.listed(sitting.attending) or nobody
        yield say("meeting.recorder"), self._wording.person(sitting.recorder)

    def _item(self, entry: AgendaEntry, facts: Facts) -> Iterator[tuple[str, str]]:
        say, wording = self.catalogue.text, self._wording
        done = deliberation(facts, self.convened.meeting.code)
        urgent = _urgent(facts, self.convened.meeting)
        if urgent is not None:
            yield say("meeting.urgent"), self._urgent(urgent)
        if entry.taken_off:
            yield say("meeting.taken_off"), self._taken_off(facts)
        yield from self._words.withdrawn(done)
        yield from self._words.said(done)
        if done.ballot is not None:
            yield say("meeting.ballot"), self._counted(done, done.ballot)
        if entry.concluded:
            yield say("meeting.conclusion"), wording.choice("conclusion", entry.concluded)
        if done.concluded is not None:
            yield from self._words.decided(done.concluded)
            if done.concluded.outcome == ONWARD and (coming := self._coming(facts)):
                yield say("meeting.onward"), coming
        yield from self._words.dissent(done)
        yield from self._words.entered(done, self.convened.meeting.held_on)

    def _counted(self, done: Deliberation, ballot: Record) -> str:
        """The vote, with how many votes of those due it takes to adopt."""
        told, sitting = self._words.ballot(ballot), self.convened.meeting.sitting
        body = self.convened.meeting.body
        majority = self.convened.procedure.body_rule(body, "majority")
        if sitting is None or majority is None or majority.share is None:
            return told
        recusal = self.convened.procedure.body_rule(body, "recusal")
        left_out = recusal is not None and LEFT_OUT in recusal.choices
        base = Attendance(sitting.due, sitting.present, done.withdrawn, left_out).base
        needed = more_than(base, majority.share)
        return self.catalogue.text("meeting.needed", counted=told, due=base, needed=needed)

    def _taken_off(self, facts: Facts) -> str:
        """When and why an item left this agenda without a conclusion."""
        code = self.convened.meeting.code
        left = ""
        listed = False
        for each in facts.records:
            if each.command == LIST:
                listed = each.text("meeting") == code
            elif listed and each.command in _TAKING_OFF:
                left = self.catalogue.text(
                    "meeting.taken_off_on", day=each.filed_on, reasons=each.text("reasons")
                )
                listed = False
        return left

    def _coming(self, facts: Facts) -> str:
        """The body that comes after this one, empty for none."""
        procedure, body = self.convened.procedure, self.convened.meeting.body
        bodies = procedure.meetings(facts.answers)
        later = bodies[bodies.index(body) + 1 :] if body in bodies else ()
        return next((procedure.bodies[each].name[self.catalogue.locale] for each in later), "")

    def _urgent(self, item: UrgentItem) -> str:
        told: dict[str, object] = {
            "reasons": item.reasons,
            "approved_by": self._wording.person(item.approved_by),
            "due": item.due,
            "day": item.confirmed_on,
        }
        if item.confirmed_on is not None:
            code = "meeting.urgent_confirmed"
        elif item.refused_on is not None:
            code, told["day"] = "meeting.urgent_refused", item.refused_on
        elif item.due < self.convened.today:
            code = "meeting.urgent_overdue"
        else:
            code = "meeting.urgent_open"
        return self.catalogue.text(code, **told)

    def _day(self, day: object) -> str:
        return self.catalogue.text("days.plain", day=day)


def _urgent(facts: Facts, meeting: Meeting) -> UrgentItem | None:
    return next((each for each in urgent_items(facts) if each.meeting == meeting.code), None)
