"""What a worker does until it is killed, and how one finds out what was lost of it.

Another kind of work is one more entry of `JOBS`: what is done and acknowledged, and what of the
acknowledged is missing afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
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
    """`act` gives what is acknowledged; `missing` tells what of all that is not there."""

    act: Callable[[Place], Mapping[str, Any]]
    missing: Callable[[Place, Acknowledged], Iterator[str]]


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


JOBS: Final[Mapping[str, Job]] = {
    "propose": Job(_propose, _entries_missing),
    "study": Job(_study, _entries_missing),
    "sign": Job(_sign, _checkpoints_missing),
}
