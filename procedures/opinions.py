"""Every opinion that a matter has to answer, and what became of it (意见采纳情况). Pure.

One table answers the public, the units consulted, the hearing, the groups talked with, the experts
and counsel.  It is filed in as many parts as are needed: of each opinion the newest answer counts,
and an answer counts only for what was on file when it was given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workflow.definition import Procedure
from workflow.facts import Facts, Record, as_list

PUBLIC: Final = "public"
COUNSEL: Final = "counsel"
TABLE: Final = "adopt_opinions"

#: The sources whose opinions are told apart by who gave them; all others are numbered from 1.
BY_PARTY: Final = ("department", "expert")

#: What a unit or an expert says that asks for no change.
_NOTHING_TO_ANSWER: Final = ("agrees", "supports")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion that is owed an answer: `key` is its number, or the unit or expert.

    `since` is the position of the record that brought it in: only later answers count.
    """

    source: str
    key: str
    since: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one opinion, as the table says; `position` is that of its record."""

    source: str
    key: str
    position: int
    entry: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was heard on a matter.

    `received` opinions came in by the newest call, numbered from 1; they may be very many, and so
    are not listed.  `closed_at` is the position of its closing record, 0 without one.
    """

    received: int
    closed_at: int
    listed: Mapping[Key, Opinion]

    def since(self, source: str, key: str) -> int | None:
        """After which record an answer to this opinion counts; None where there is no such one."""
        if source == PUBLIC:
            known = key.isdecimal() and 1 <= int(key) <= self.received
            return self.closed_at if known else None
        opinion = self.listed.get((source, key))
        return None if opinion is None else opinion.since


def heard(facts: Facts) -> Heard:
    """Everything heard so far that is owed an answer."""
    closing = closed_call(facts)
    sources = (_reported, _consulted, _at_hearing, _talked, _argued, _advised)
    return Heard(
        received=0 if closing is None else int(closing.text("received")),
        closed_at=0 if closing is None else closing.position,
        listed={
            (opinion.source, opinion.key): opinion
            for source in sources
            for opinion in source(facts)
        },
    )


def closed_call(facts: Facts) -> Record | None:
    """The closing of the newest open call; None while it runs."""
    notice, closing = facts.last("publish_open_call"), facts.last("close_open_call")
    if notice is None or closing is None or closing.position < notice.position:
        return None
    return closing


def tables(procedure: Procedure, facts: Facts) -> tuple[Record, ...]:
    """Every part of the adoption table that was filed and still counts, oldest first."""
    return tuple(
        record for step in procedure.steps_of(TABLE) for record in facts.of(TABLE, step=step)
    )


def answers(filed: Iterable[Record], given: Heard) -> Mapping[Key, Answer]:
    """The newest answer to each opinion, without those to opinions that came in anew since."""
    found = {
        (answer.source, answer.key): answer for record in filed for answer in _of_record(record)
    }
    return {
        key: answer
        for key, answer in found.items()
        if (since := given.since(*key)) is not None and answer.position > since
    }


def unanswered(given: Heard, table: Collection[Key]) -> dict[str, tuple[str, ...]]:
    """What lacks an answer, by source: numbers as spans (`3`, `5-9`), units and experts by name."""
    found: dict[str, tuple[str, ...]] = {}
    public = sorted(int(key) for source, key in table if source == PUBLIC)
    gaps = tuple(_gaps(given.received, public))
    if gaps:
        found[PUBLIC] = gaps
    for source in dict.fromkeys(source for source, _ in given.listed):
        open_ = [key for of, key in given.listed if of == source and (of, key) not in table]
        if open_:
            found[source] = tuple(open_) if source in BY_PARTY else tuple(_spans(open_))
    return found


def unanswered_concerns(procedure: Procedure, facts: Facts) -> tuple[str, ...]:
    """The concerns of counsel's newest opinion without an answer, as spans of their numbers."""
    given = heard(facts)
    return unanswered(given, answers(tables(procedure, facts), given)).get(COUNSEL, ())


def only_counsel(table: Record) -> bool:
    """Whether a part of the table answers counsel and nobody else; it is not for the public."""
    entries = table.items("opinions")
    return bool(entries) and all(entry["source"] == COUNSEL for entry in entries)


def key_of(entry: Mapping[str, object]) -> Key:
    """Which opinion an entry of the table answers."""
    source = str(entry["source"])
    return source, str(entry.get("party" if source in BY_PARTY else "number", ""))


def _of_record(record: Record) -> Iterator[Answer]:
    for entry in record.items("opinions"):
        source, key = key_of(entry)
        yield Answer(source, key, record.position, entry)


# --- the sources ----------------------------------------------------------------------------------


def _reported(facts: Facts) -> Iterator[Opinion]:
    """What seminars, visits, letters and the like brought in, by the participation report."""
    return _numbered("participation", facts.of("file_participation_report"), "opinions")


def _talked(facts: Facts) -> Iterator[Opinion]:
    return _numbered("group", facts.of("file_group_talks"), "talks")


def _consulted(facts: Facts) -> Iterator[Opinion]:
    files = facts.of("file_consultation")
    for opinion in files[-1].items("opinions") if files else ():
        if opinion["position"] not in _NOTHING_TO_ANSWER:
            since = _unchanged_since(files, "opinions", opinion)
            yield Opinion("department", str(opinion["unit"]), since)


def _at_hearing(facts: Facts) -> Iterator[Opinion]:
    for record in facts.of("sign_hearing_record")[-1:]:
        for opinion in record.items("opinions"):
            yield Opinion("hearing", str(opinion["number"]), record.position)


def _argued(facts: Facts) -> Iterator[Opinion]:
    newest = {record.text("expert"): record for record in facts.of("file_expert_opinion")}
    for expert, record in newest.items():
        if record.text("conclusion") not in _NOTHING_TO_ANSWER:
            yield Opinion("expert", expert, record.position)


def _advised(facts: Facts) -> Iterator[Opinion]:
    for record in facts.of("record_counsel_opinion")[-1:]:
        for number, _ in enumerate(_items(record, "concerns"), 1):
            yield Opinion(COUNSEL, str(number), record.position)


def _numbered(source: str, records: Sequence[Record], key: str) -> Iterator[Opinion]:
    """The items of the newest of the records, each since it has stood at its place."""
    for place, item in enumerate(_items(records[-1], key) if records else ()):
        since = _unchanged_since(records, key, item, place)
        yield Opinion(source, str(place + 1), since)


def _unchanged_since(
    records: Sequence[Record], key: str, item: object, place: int | None = None
) -> int:
    """The position of the oldest of the newest records that all hold the item (at its place)."""
    since = records[-1].position
    for record in reversed(records):
        items = _items(record, key)
        if item not in (items if place is None else items[place : place + 1]):
            break
        since = record.position
    return since


def _items(record: Record, key: str) -> tuple[object, ...]:
    return tuple(as_list(record.payload.get(key)))


# --- numbers in words -----------------------------------------------------------------------------


def _gaps(received: int, answered: Sequence[int]) -> Iterator[str]:
    """The spans of 1 to `received` that the answered numbers, in their order, leave out."""
    next_ = 1
    for number in (*answered, received + 1):
        if number > next_:
            yield _span(next_, number - 1)
        next_ = number + 1


def _spans(numbers: Iterable[str]) -> Iterator[str]:
    first = last = 0
    for number in sorted(map(int, numbers)):
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield _span(first, last)
        first = last = number
    yield _span(first, last)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
