"""Every opinion that a matter has to answer, and what became of it (意见采纳情况). Pure.

One table answers the public, the units consulted, the hearing, the groups talked with, the experts
and counsel.  It is filed in as many parts as are needed: of each opinion the newest answer counts,
and an answer counts only for what was on file when it was given.

What was once on file stays owed an answer: another call or hearing adds its opinions to those
before, and a paper filed again may correct and add, but takes nothing back (Order 713, art. 18).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from workflow.definition import Procedure, Step
from workflow.facts import Facts, Record, as_list

PUBLIC: Final = "public"
COUNSEL: Final = "counsel"
TABLE: Final = "adopt_opinions"

#: The sources whose opinions are told apart by who gave them; all others are numbered from 1.
BY_PARTY: Final = ("department", "expert")

#: What a unit or an expert says that asks for no change.
_NOTHING_TO_ANSWER: Final = ("agrees", "supports")

Key = tuple[str, str]


class Opinion(NamedTuple):
    """One opinion that is owed an answer: `key` is its number, or the unit or expert.

    `since` is the position of the record that brought it in: only later answers count.
    """

    source: str
    key: str
    since: int


class Answer(NamedTuple):
    """What became of one opinion, as the table says; `position` is that of its record."""

    source: str
    key: str
    position: int
    entry: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was heard on a matter.

    Opinions from the public may be very many, and so are not listed: `calls` has of each closed
    call the number of its last opinion and the position of its closing.  Their numbers go on from
    call to call: after a first call with 30 opinions those of a second begin at 31.
    """

    calls: tuple[tuple[int, int], ...]
    listed: Mapping[Key, Opinion]

    @property
    def received(self) -> int:
        """How many opinions came in by all closed calls together."""
        return self.calls[-1][0] if self.calls else 0

    def since(self, source: str, key: str) -> int | None:
        """After which record an answer to this opinion counts; None where there is no such one."""
        if source == PUBLIC:
            number = int(key) if key.isdecimal() else 0
            closings = (at for last, at in self.calls if 1 <= number <= last)
            return next(closings, None)
        opinion = self.listed.get((source, key))
        return None if opinion is None else opinion.since


def own_words(facts: Facts, step: Step | None = None) -> dict[str, Record]:
    """The newest opinion that each unit filed for itself, by unit."""
    return {record.text("unit"): record for record in facts.of("file_unit_opinion", step=step)}


def heard(facts: Facts) -> Heard:
    """Everything heard so far that is owed an answer."""
    return facts.once("heard", lambda: _heard(facts))


def _heard(facts: Facts) -> Heard:
    closings = facts.of("close_open_call")
    numbers = accumulate(int(closing.text("received")) for closing in closings)
    sources = (_reported, _consulted, _at_hearing, _talked, _argued, _advised)
    return Heard(
        calls=tuple(
            (last, closing.position) for last, closing in zip(numbers, closings, strict=True)
        ),
        listed={
            (opinion.source, opinion.key): opinion
            for source in sources
            for opinion in source(facts)
        },
    )


def tables(procedure: Procedure, facts: Facts) -> tuple[Record, ...]:
    """Every part of the adoption table that was filed and still counts, oldest first."""
    return tuple(
        record for step in procedure.steps_of(TABLE) for record in facts.of(TABLE, step=step)
    )


def answers(filed: Iterable[Record], given: Heard) -> Mapping[Key, Answer]:
    """The newest answer to each opinion, without those to opinions that came in anew since."""
    return {
        key: Answer(*key, record.position, entry)
        for key, (record, entry) in _newest(filed).items()
        if _counts(key, record, given)
    }


def _newest(filed: Iterable[Record]) -> dict[Key, tuple[Record, Mapping[str, object]]]:
    return {
        key_of(entry): (record, entry) for record in filed for entry in record.items("opinions")
    }


def _counts(key: Key, answer: Record, given: Heard) -> bool:
    since = given.since(*key)
    return since is not None and answer.position > since


def unanswered(given: Heard, table: Collection[Key]) -> dict[str, tuple[str, ...]]:
    """What lacks an answer, by source: numbers as spans (`3`, `5-9`), units and experts by name."""
    found: dict[str, tuple[str, ...]] = {}
    public = sorted(int(key) for source, key in table if source == PUBLIC)
    gaps = tuple(_gaps(given.received, public))
    if gaps:
        found[PUBLIC] = gaps
    open_: dict[str, list[str]] = {}
    for each in given.listed:
        if each not in table:
            open_.setdefault(each[0], []).append(each[1])
    for source, keys in open_.items():
        found[source] = tuple(keys) if source in BY_PARTY else tuple(_spans(keys))
    return found


def still_unanswered(procedure: Procedure, facts: Facts) -> dict[str, tuple[str, ...]]:
    """What the parts of the table that count leave unanswered, by source."""
    filed = tables(procedure, facts)

    def work_out() -> dict[str, tuple[str, ...]]:
        given = heard(facts)
        newest = _newest(filed)
        return unanswered(given, {key for key in newest if _counts(key, newest[key][0], given)})

    return facts.once(("unanswered", *(record.position for record in filed)), work_out)


def unanswered_concerns(procedure: Procedure, facts: Facts) -> tuple[str, ...]:
    """The concerns of counsel's newest opinion without an answer, as spans of their numbers."""
    return still_unanswered(procedure, facts).get(COUNSEL, ())


def only_counsel(table: Record) -> bool:
    """Whether a part of the table answers counsel and nobody else; it is not for the public."""
    entries = table.items("opinions")
    return bool(entries) and all(entry["source"] == COUNSEL for entry in entries)


def key_of(entry: Mapping[str, object]) -> Key:
    """Which opinion an entry of the table answers."""
    source = str(entry["source"])
    return source, str(entry.get("party" if source in BY_PARTY else "number", ""))


# --- the sources ----------------------------------------------------------------------------------


def _reported(facts: Facts) -> Iterator[Opinion]:
    """What seminars, visits, letters and the like brought in, by the participation report."""
    return _numbered("participation", facts.of("file_participation_report"), "opinions")


def _talked(facts: Facts) -> Iterator[Opinion]:
    return _numbered("group", facts.of("file_group_talks"), "talks")


def _consulted(facts: Facts) -> Iterator[Opinion]:
    """The newest wish of each unit; that it agrees by now is an answer's matter, not its end."""
    files = facts.of("file_consultation")
    newest = {
        str(opinion["unit"]): (place, opinion)
        for place, file in enumerate(files, 1)
        for opinion in file.items("opinions")
        if opinion["position"] not in _NOTHING_TO_ANSWER
    }
    own = {
        record.text("unit"): record
        for record in facts.of("file_unit_opinion")
        if record.text("position") not in _NOTHING_TO_ANSWER
    }
    for unit, (place, opinion) in newest.items():
        if unit not in own:
            yield Opinion("department", unit, _unchanged_since(files[:place], "opinions", opinion))
    for unit, record in own.items():
        yield Opinion("department", unit, record.position)


def _at_hearing(facts: Facts) -> Iterator[Opinion]:
    """What was said at every hearing; the numbers of a later one go on from those before."""
    for record in facts.of("sign_hearing_record"):
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
    """What stands, or last stood, at each place of the records, each since it has stood there."""
    newest = {
        place: (upto, item)
        for upto, record in enumerate(records, 1)
        for place, item in enumerate(_items(record, key))
    }
    for place, (upto, item) in newest.items():
        yield Opinion(source, str(place + 1), _unchanged_since(records[:upto], key, item, place))


def _unchanged_since(
    records: Sequence[Record], key: str, item: object, place: int | None = None
) -> int:
    """The position of the oldest of the newest records that all hold the item (at its place)."""
    since = records[-1].position
    for record in reversed(records[:-1]):
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
