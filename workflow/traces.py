"""What entries of the journal leave in other tables, for these to be held against them.  Pure.

The chain of the journal cannot be edited unnoticed; what is filed, texts, verdicts, items and their
conclusions, document numbers, meetings and where each matter stands are kept beside it in tables of
their own, and have to say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.canonical import canonical, digest_of
from workflow.facts import CONCLUDE, ISSUE, UNMASK
from workflow.holiday_forms import IMPORT
from workflow.journal import Flaw
from workflow.recurring import ASSIGN, CLOSE, EVIDENCE
from workflow.signing import statement
from workflow.yearly_catalogue import ADJUST, COMPILE, COMPLETE, CONSENT, NOMINATE, PUBLISH

#: What is left: the code of the flaw where it differs, and what it says.
Trace = tuple[str, tuple[object, ...]]

CONCLUSION: Final = "conclusion"
NUMBER: Final = "number"
MEETING_DAY: Final = "meeting_day"
CONVENED: Final = "convened"
FILED: Final = "filed"
TEXT: Final = "text"
VERDICT: Final = "verdict"
LISTED: Final = "listed"
SIGNATURE: Final = "signature"
STANDING: Final = "standing"
EDITED: Final = "edited"

CONVENE: Final = "convene_meeting"
TABLE: Final = "propose_agenda_item"
FREEZE: Final = "freeze_agenda"

#: The command by which each day of a meeting is written.
DAYS: Final[Mapping[str, str]] = {
    "frozen_on": FREEZE,
    "opened_on": "open_meeting",
    "closed_on": "close_meeting",
    "cancelled_on": "cancel_meeting",
}

#: The acts on the catalogue, the recurring duties and the holidays of a year.
_OF_A_YEAR: Final = frozenset(
    {NOMINATE, COMPILE, CONSENT, PUBLISH, ADJUST, COMPLETE, ASSIGN, EVIDENCE, CLOSE, IMPORT}
)


def conclusion(matter: str, meeting: str, came_to: str) -> Trace:
    """An item that left its meeting with a conclusion."""
    return CONCLUSION, (matter, meeting, came_to)


def number(series: str, year: int, serial: int, matter: str) -> Trace:
    """A document number that was given to a matter."""
    return NUMBER, (series, year, serial, matter)


def meeting_day(meeting: str, command: str, day: date) -> Trace:
    """The day on which a command was given on a meeting."""
    return MEETING_DAY, (meeting, command, day)


def convened(meeting: str, body: str, held_on: date) -> Trace:
    """A meeting of a body on a day."""
    return CONVENED, (meeting, body, held_on)


def filed(
    seq: int, about: object, command: str, actor: str, principal: str | None, payload: str
) -> Trace:
    """An act as it was put on file, with its canonical payload: once, by one entry.

    `about` is a matter with the position among its records, a meeting, or a year.
    """
    return FILED, (seq, about, command, actor, principal, digest_of(payload))


def text_of(matter: str, place: int, digest: str) -> Trace:
    """A version of the text, by its number."""
    return TEXT, (matter, place, digest)


def verdict(matter: str, position: int, digest: str, given: str, *, passed: bool) -> Trace:
    """What was found of a text, by the position of its record."""
    return VERDICT, (matter, position, digest, given, passed)


def signature(
    seq: int,
    about: tuple[str, int],
    at: datetime | None,
    said: str,
    value: str,
    key: tuple[str, str, str],
) -> Trace:
    """A signature on a record, by one entry: when, the digest of its statement, value, and key.

    `at` is None where the key did not count then; it is told by fingerprint, algorithm and public
    half.
    """
    return SIGNATURE, (seq, about, at, said, value, *key)


def listed(seq: int, matter: str, meeting: str, *, urgent: bool) -> Trace:
    """A matter that came onto an agenda, by one entry."""
    return LISTED, (seq, matter, meeting, urgent)


def standing(matter: str, version: int, stage: str) -> Trace:
    """Where a matter stands."""
    return STANDING, (matter, version, stage)


class Leaving:
    """What entries leave, shown to it one after the other; days are those of the time zone.

    What no command writes leaves nothing that could be kept anywhere, and so is a flaw.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._left: list[tuple[Trace, int]] = []
        self._last: dict[str, tuple[Trace, int]] = {}

    @property
    def left(self) -> Iterator[tuple[Trace, int]]:
        """All that was left so far, each by the number of its entry."""
        yield from self._left
        yield from self._last.values()

    def see(self, seq: int, told: Mapping[str, Any]) -> None:
        """The next entry, by its number and what its body says."""
        # To look at names leaves nothing but the entry.
        if told.get("status") != "done" or told.get("command") == UNMASK:
            return
        try:
            traces = tuple(_left(seq, told, self._zone))
            if (matter := told.get("matter")) is not None:
                last = standing(matter, told["version"], told["stage"][1])
                self._last[matter] = last, seq
        except (AttributeError, LookupError, TypeError, ValueError):
            traces = ((EDITED, (seq,)),)
        self._left += ((trace, seq) for trace in traces)


def _left(seq: int, told: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Trace]:
    if told.get("matter") is None:
        return _beside_matters(seq, told, zone)
    return _of_matter(seq, told["matter"], told)


def _of_matter(seq: int, matter: str, told: Mapping[str, Any]) -> Iterator[Trace]:
    command, payload, version = told["command"], told["payload"], told["version"]
    yield _filed(seq, (matter, version), told)
    if command == CONCLUDE:
        yield conclusion(matter, told["meeting"], payload["conclusion"])
    elif command == ISSUE:
        yield number(payload["series"], payload["year"], payload["number"], matter)
    elif command == TABLE:
        urgent = isinstance(payload.get("urgent"), dict)
        yield listed(seq, matter, told["meeting"], urgent=urgent)
    elif command == "revise_draft":
        yield text_of(matter, payload["number"], payload["digest"])
    if (signed := told.get("signature")) is not None:
        key = signed["key"], signed["algorithm"], signed["public"]
        # Made anew, and so by one algorithm on both sides, whichever the entry names.
        said = digest_of(statement(told, told["at"], signed["draft"], signed["key"]))
        at = datetime.fromisoformat(told["at"])
        yield signature(seq, (matter, version), at, said, signed["value"], key)
    if "reviewed_digest" in payload:
        digest, passed = payload["reviewed_digest"], payload["passed"]
        yield verdict(matter, version, digest, payload["verdict"], passed=passed)


def _beside_matters(seq: int, told: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Trace]:
    command = told["command"]
    # The founding is about nothing.
    meeting: Any = told.get("meeting")
    payload: Any = told.get("payload")
    if command in _OF_A_YEAR:
        yield _filed(seq, payload["year"], told)
    elif command == CONVENE:
        yield convened(meeting, payload["body"], date.fromisoformat(payload["held_on"]))
    elif meeting is not None:
        yield _filed(seq, meeting, told)
    if command in DAYS.values():
        at = datetime.fromisoformat(told["at"])
        yield meeting_day(meeting, command, at.astimezone(zone).date())


def _filed(seq: int, about: object, told: Mapping[str, Any]) -> Trace:
    who = told["actor"], told["principal"]
    return filed(seq, about, told["command"], *who, canonical(told["payload"]))


def differing(
    told: Iterable[tuple[Trace, int]], kept: Iterable[tuple[Trace, int]]
) -> Iterator[Flaw]:
    """What is told and not kept, at its entry; what is kept and not told, at the entry it names."""
    open_: dict[Trace, list[int]] = defaultdict(list)
    for trace, seq in told:
        open_[trace].append(seq)
    for trace, seq in kept:
        if open_[trace]:
            open_[trace].pop()
        else:
            yield Flaw(seq, trace[0])
    for trace, seqs in open_.items():
        if not _before_proceedings(trace):
            yield from (Flaw(seq, trace[0]) for seq in seqs)


def _before_proceedings(trace: Trace) -> bool:
    """Whether it may have been left when nothing was filed of meetings yet (schema 0001)."""
    code, what = trace
    return code == FILED and what[2] == FREEZE
