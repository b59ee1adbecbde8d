"""What a worker does until it is killed, and how one finds out what was lost of it.

Another kind of work is one more entry of `JOBS`: what is done and acknowledged, and what of the
acknowledged is missing afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from api.record import ledger
from api.record.checkpointing import Checkpointing
from api.record.keys import KeyFile
from tests.integration import house as h
from tests.integration.house import Zone

Acknowledged = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Place:
    """Where the work is done: an organisation on a database, and a folder for what is beside it."""

    zone: Zone
    folder: Path

    @property
    def signing(self) -> Checkpointing:
        keys = KeyFile(self.folder / "checkpoint.key")
        keys.make()
        return Checkpointing(self.zone.house.uow, self.zone.house.clock, keys, timedelta(hours=24))


@dataclass(frozen=True)
class Job:
    """`act` gives what is acknowledged; `missing` tells what of all that is not there, or half."""

    act: Callable[[Place], Mapping[str, Any]]
    missing: Callable[[Place, Acknowledged], Iterator[str]]
    #: About how long it takes, in which it may be killed.
    seconds: float = 0.03


def _propose(place: Place) -> Mapping[str, Any]:
    return _done(place, h.propose(h.QUICK))


def _study(place: Place) -> Mapping[str, Any]:
    """The matter last proposed goes on; after a kill there may be none of this worker's yet."""
    if place.zone.matter is None:
        return _propose(place)
    told = _done(place, h.STUDY)
    place.zone.matter = None
    return told


def _done(place: Place, act: h.Act) -> Mapping[str, Any]:
    outcome = place.zone.do(act)
    return {"entry": outcome.entry, "matter": outcome.matter, "version": outcome.version}


def _entries_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    rows = place.zone.rows(
        "SELECT j.seq, m.number, j.matter_version FROM journal j "
        "JOIN matter m ON m.id = j.matter_id"
    )
    there = {(seq, number, version) for seq, number, version in rows}
    for each in told:
        if (each["entry"], each["matter"], each["version"]) not in there:
            yield f"entry {each['entry']}"


def _sign(place: Place) -> Mapping[str, Any]:
    made = place.signing.make(place.zone.code)
    if made is None:
        made = place.signing.newest(place.zone.code)
    assert made is not None
    return {"number": made.number, "line": made.as_json()}


def _checkpoints_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    rows = place.zone.rows("SELECT number FROM checkpoint")
    there = {number for (number,) in rows}
    listed = {each.as_json() for each in ledger.listed(place.signing.keys.ledger)}
    for each in told:
        if each["number"] not in there:
            yield f"checkpoint {each['number']}"
        if each["line"] not in listed:
            yield f"checkpoint {each['number']} on the list"


def _advise(place: Place) -> Mapping[str, Any]:
    """Counsel signs upon the matter that `prepare` brought under review."""
    zone, before = place.zone, place.zone.matter
    ((zone.matter,),) = zone.rows("SELECT min(number) FROM matter WHERE stage = 'under_review'")
    ((latest,),) = zone.rows("SELECT max(at) FROM journal")
    # Each worker's clock begins on the first day, and no key is older than its signatures.
    at = datetime.fromisoformat(latest) if isinstance(latest, str) else latest
    zone.on(at.date())
    outcome = zone.do(h.COUNSEL_OPINION)
    zone.matter = before
    ((value,),) = zone.rows(_VALUE, seq=outcome.entry)
    return {"entry": outcome.entry, "value": value}


_VALUE: Final = "SELECT value FROM signature WHERE journal_seq = :seq"


def _signatures_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    """Whether they verify, the journal's audit says."""
    for each in told:
        if place.zone.rows(_VALUE, seq=each["entry"]) != [(each["value"],)]:
            yield f"signature of entry {each['entry']}"


def _upload(place: Place) -> Mapping[str, Any]:
    zone = place.zone
    data = f"报告 {secrets.token_hex(8)}".encode() * 4096
    arriving = zone.house.filing.begin(zone.code, h.CLERK, "报告.txt")
    try:
        for at in range(0, len(data), _PIECE):
            arriving.write(data[at : at + _PIECE])
        staged = arriving.complete().file
    finally:
        arriving.discard()
    return {"key": staged.key, "digest": staged.digest}


_PIECE: Final = 16 * 2**10
#: What a kill may leave behind until the next sweep: bytes that no row names.
_HARMLESS: Final = {"orphan", "leftover"}


def _files_missing(place: Place, told: Acknowledged) -> Iterator[str]:
    zone = place.zone
    there = set(zone.rows("SELECT key, digest FROM file"))
    yield from (
        f"file {each['key']}" for each in told if (each["key"], each["digest"]) not in there
    )
    for flaw in zone.house.filing.verify(zone.code).flaws:
        if flaw.code not in _HARMLESS:
            yield f"file {flaw}"


JOBS: Final[Mapping[str, Job]] = {
    "propose": Job(_propose, _entries_missing),
    "study": Job(_study, _entries_missing),
    "sign": Job(_sign, _checkpoints_missing),
    "advise": Job(_advise, _signatures_missing),
    "upload": Job(_upload, _files_missing),
}


def prepare(place: Place) -> None:
    """What the jobs need to be there, before anybody is killed."""
    if not place.zone.rows("SELECT id FROM matter WHERE stage = 'under_review'"):
        place.zone.advance_to("under_review")
        place.zone.matter = None
