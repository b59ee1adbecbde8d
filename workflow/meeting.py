"""A meeting, its agenda and its proceedings, as a decision sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Self

from workflow.canonical import canonical, digest_of, plain
from workflow.facts import ADOPTING, AMENDED, CONCLUDE, LIFT, RECUSE, Facts, Record, as_list

#: The act that notes who came late or left before the end, and what it may note.
ATTEND: Final = "record_attendance"
ARRIVED: Final = "arrived"
LEFT: Final = "left"

#: The act that adds what somebody said who sits in without a vote (列席).
REMARK: Final = "record_remark"

#: Stances against an item and for it as it is; a third kind wants it with changes.
_AGAINST: Final = ("oppose", "reserve")
_AS_IT_IS: Final = "support"
_WITH_CHANGES: Final = "support_with_changes"

_MARK: Final = 16
IN_MEETING: Final = frozenset(
    {
        RECUSE,
        LIFT,
        REMARK,
        CONCLUDE,
        "file_views",
        "record_statement",
        "take_ballot",
        "reserve_opinion",
    }
)


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A matter on the agenda of a meeting, at its place.

    `concluded` is what the meeting came to on it, empty while it has not.  `taken_off`: it left the
    agenda before the meeting came to anything.
    """

    matter: str
    place: int
    concluded: str = ""
    taken_off: bool = False


@dataclass(frozen=True)
class Sitting:
    """A meeting once it was opened: who is there, on leave, in the chair, keeping the record.

    `present` are those who are there now; `changes` tell who came late and who left, in their
    order.  `leave` are the members who asked leave, with their reasons, `absent` those who did not;
    `attending` sat in without a vote.  `days_late` is the number of calendar days by which the
    opening was entered after the day of the meeting.
    """

    chair: str
    recorder: str
    present: frozenset[str]
    leave: Mapping[str, str]
    attending: tuple[str, ...]
    absent: tuple[str, ...] = ()
    opened_with: frozenset[str] = frozenset()
    changes: tuple[tuple[str, str], ...] = ()
    days_late: int = 0

    @cached_property
    def due(self) -> frozenset[str]:
        """Who was due to attend (应到会), as fixed when the meeting was opened."""
        return self.opened_with | self.leave.keys() | frozenset(self.absent)


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands; `frozen_on` is the day on which its agenda was fixed.

    `records` are the acts on the meeting itself since it was convened, in their order.
    `taken_off` are the items that left the agenda before the meeting came to anything on them.
    """

    code: str
    body: str
    held_on: date
    frozen_on: date | None
    agenda: tuple[AgendaEntry, ...] = ()
    records: tuple[Record, ...] = ()
    taken_off: tuple[AgendaEntry, ...] = ()

    @property
    def mark(self) -> str:
        """What tells this state of the meeting from every other; the same where nothing changed."""
        told = {
            "frozen_on": self.frozen_on,
            "agenda": [[each.matter, each.place, each.concluded] for each in self.agenda],
            "taken_off": [[each.matter, each.place, each.taken_off] for each in self.taken_off],
            "records": len(self.records),
        }
        return digest_of(canonical(plain(told)))[:_MARK]

    @cached_property
    def sitting(self) -> Sitting | None:
        """Who sat, None before the meeting was opened."""
        opened = self._last("open_meeting")
        if opened is None:
            return None
        first = frozenset(str(name) for name in as_list(opened.payload["present"]))
        changes = tuple(self._changes())
        there = set(first)
        for person, change in changes:
            if change == ARRIVED:
                there.add(person)
            else:
                there.discard(person)
        return Sitting(
            opened.text("chair"),
            opened.text("recorder"),
            frozenset(there),
            {str(each["person"]): str(each["reason"]) for each in opened.items("leave")},
            tuple(str(name) for name in as_list(opened.payload.get("attending"))),
            tuple(str(name) for name in as_list(opened.payload.get("absent"))),
            first,
            changes,
            max(0, (opened.filed_on - self.held_on).days),
        )

    def _changes(self) -> Iterator[tuple[str, str]]:
        for each in self.records:
            if each.command == ATTEND:
                yield each.text("person"), each.text("change")

    @property
    def closed(self) -> bool:
        """Whether the meeting is over and its minutes are issued."""
        return self.closing is not None

    @property
    def called_off(self) -> Record | None:
        """Why the meeting does not sit; None where it was not called off."""
        return self._last("cancel_meeting")

    @cached_property
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
    `withdrawn` are those who take no part: whoever withdrew here, or from the same matter in an
    earlier meeting, and was not let back in; `here` are those who said so in this meeting.
    """

    withdrawn: frozenset[str]
    views: tuple[str, ...]
    statements: tuple[Statement, ...]
    ballot: Record | None
    reserved: tuple[str, ...]
    concluded: Record | None = None
    filed: tuple[Record, ...] = ()
    here: frozenset[str] = frozenset()

    @property
    def last_words(self) -> Mapping[str, Statement]:
        """What each speaker said last: where he stands in the end."""
        return {each.person: each for each in self.statements}


def deliberation(facts: Facts, meeting: str) -> Deliberation:
    """The proceedings on a matter in a meeting.

    A withdrawal is from the matter: it holds in every later meeting until it is lifted.
    """
    records = tuple(each for each in facts.records if _done_there(each, meeting))
    ballots = [each for each in records if each.command == "take_ballot"]
    ended = max((each.position for each in records), default=0)
    return Deliberation(
        withdrawn=facts.withdrawn(None if facts.meeting == meeting else ended),
        here=frozenset(_persons(records, RECUSE)),
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


@dataclass(frozen=True, slots=True)
class Stances:
    """How many of those who spoke were against an item, for it as it is, for it with changes."""

    against: int
    as_it_is: int
    with_changes: int

    @classmethod
    def of(cls, told: Iterable[str]) -> Self:
        """Counted; whoever has nothing to say stands nowhere."""
        each = tuple(told)
        against = sum(stance in _AGAINST for stance in each)
        return cls(against, each.count(_AS_IT_IS), each.count(_WITH_CHANGES))

    @property
    def favour(self) -> int:
        """Those who would adopt it, changed or not."""
        return self.as_it_is + self.with_changes

    def against_most(self, conclusion: str) -> bool:
        """Whether adopting it, or not, is otherwise than most had it."""
        adopts = conclusion in ADOPTING
        return self.against != self.favour and adopts is (self.against > self.favour)

    def unchanged(self, conclusion: str) -> bool:
        """Whether it is adopted as it is, though most would have it only with changes."""
        most = self.with_changes > self.as_it_is + self.against
        return most and conclusion in ADOPTING and conclusion != AMENDED


def _done_there(record: Record, meeting: str) -> bool:
    return record.payload.get("meeting") == meeting and record.command in IN_MEETING


def _persons(records: tuple[Record, ...], command: str) -> tuple[str, ...]:
    return tuple(each.text("person") for each in records if each.command == command)
