"""A meeting, its agenda and its proceedings, as a decision sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.facts import CONCLUDE, Facts, Record, as_list


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A matter on the agenda of a meeting, at its place.

    `concluded` is what the meeting came to on it, empty while it has not.
    """

    matter: str
    place: int
    concluded: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting once it was opened: who was there, on leave, in the chair, keeping the record.

    `leave` are the members who asked leave, with their reasons; `attending` sat in without a vote.
    """

    chair: str
    recorder: str
    present: frozenset[str]
    leave: Mapping[str, str]
    attending: tuple[str, ...]

    @property
    def due(self) -> frozenset[str]:
        """Whoever was due to attend (应到会): every member is there or on leave."""
        return self.present | frozenset(self.leave)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it stands; `frozen_on` is the day on which its agenda was fixed.

    `records` are the acts on the meeting itself since it was convened, in their order.
    """

    code: str
    body: str
    held_on: date
    frozen_on: date | None
    agenda: tuple[AgendaEntry, ...] = ()
    records: tuple[Record, ...] = ()

    @property
    def sitting(self) -> Sitting | None:
        """Who sat, None before the meeting was opened."""
        opened = self._last("open_meeting")
        if opened is None:
            return None
        return Sitting(
            opened.text("chair"),
            opened.text("recorder"),
            frozenset(str(name) for name in as_list(opened.payload["present"])),
            {str(each["person"]): str(each["reason"]) for each in opened.items("leave")},
            tuple(str(name) for name in as_list(opened.payload.get("attending"))),
        )

    @property
    def closed(self) -> bool:
        """Whether the meeting is over and its minutes are issued."""
        return self.closing is not None

    @property
    def called_off(self) -> Record | None:
        """Why the meeting does not sit; None where it was not called off."""
        return self._last("cancel_meeting")

    @property
    def closing(self) -> Record | None:
        """What was filed when the meeting was closed, with its minutes; None before."""
        return self._last("close_meeting")

    @property
    def cancelled(self) -> bool:
        """Whether the meeting was called off before it was opened."""
        return self.called_off is not None

    def _last(self, command: str) -> Record | None:
        return next((each for each in reversed(self.records) if each.command == command), None)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said on an item, in the order of speaking, and where he stands."""

    person: str
    stance: str
    text: str


@dataclass(frozen=True, slots=True)
class Deliberation:
    """What a meeting has done on one item so far, read from the records of the matter.

    `filed` are these records, in their order; `concluded` is the one that says what it came to.
    """

    withdrawn: frozenset[str]
    views: tuple[str, ...]
    statements: tuple[Statement, ...]
    ballot: Record | None
    reserved: tuple[str, ...]
    concluded: Record | None = None
    filed: tuple[Record, ...] = ()

    @property
    def spoken(self) -> frozenset[str]:
        """Who has spoken, or has said that he has nothing to say."""
        return frozenset(each.person for each in self.statements)


def deliberation(facts: Facts, meeting: str) -> Deliberation:
    """The proceedings on a matter in a meeting.

    What was done before the matter came onto this agenda anew counts no more.
    """
    records = _since_listed(facts, meeting)
    ballots = [each for each in records if each.command == "take_ballot"]
    return Deliberation(
        withdrawn=frozenset(_persons(records, "withdraw_from_item")),
        views=_persons(records, "file_views"),
        statements=tuple(
            Statement(each.text("person"), each.text("stance"), each.text("text"))
            for each in records
            if each.command == "record_statement"
        ),
        ballot=ballots[-1] if ballots else None,
        reserved=_persons(records, "reserve_opinion"),
        concluded=next((each for each in records if each.command == CONCLUDE), None),
        filed=records,
    )


def _since_listed(facts: Facts, meeting: str) -> tuple[Record, ...]:
    since = max(
        (
            each.position
            for each in facts.of("propose_agenda_item")
            if each.payload.get("meeting") == meeting
        ),
        default=0,
    )
    return tuple(
        each
        for each in facts.records
        if each.position > since and each.payload.get("meeting") == meeting
    )


def _persons(records: tuple[Record, ...], command: str) -> tuple[str, ...]:
    return tuple(each.text("person") for each in records if each.command == command)
