"""The journal and the definitions as they are written, for the oracle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import procedures
from procedures.source import read

ROOT: Final = Path(procedures.__file__).parent

Raw = Mapping[str, Any]
#: The definitions that bind the sample, the nearest first.
LAWS: Final = ("jiyuan", "henan", "order_713", "common_course")


@dataclass(frozen=True)
class Entry:
    """An accepted command as the journal has it."""

    at: datetime
    day: date
    command: str
    actor: str
    unit: str
    matter: str | None
    meeting: str | None
    step: str | None
    stage: str | None
    payload: Raw
    place: int = 0


def entries_of(rows: Sequence[tuple[str]], zone: ZoneInfo) -> list[Entry]:
    """The accepted commands among the bodies of the journal, each with its place in its matter."""
    found: list[Entry] = []
    places: dict[str, int] = {}
    for (body,) in rows:
        kept = json.loads(body)
        if kept["status"] != "done" or kept["command"] == "found":
            continue
        at = datetime.fromisoformat(kept["at"])
        matter = kept["matter"]
        places[matter] = places.get(matter, 0) + 1
        found.append(
            Entry(
                at,
                at.astimezone(zone).date(),
                kept["command"],
                kept["actor"],
                kept["unit"],
                matter,
                kept["meeting"],
                kept["step"],
                kept["stage"][1],
                kept["payload"],
                places[matter],
            )
        )
    return found


def refusals_of(rows: Sequence[tuple[str]], zone: ZoneInfo) -> list[tuple[date, str, str]]:
    """What was refused on a matter: the day, its number, the command."""
    kept = (json.loads(body) for (body,) in rows)
    return [
        (
            datetime.fromisoformat(each["at"]).astimezone(zone).date(),
            str(each["matter"]),
            str(each["command"]),
        )
        for each in kept
        if each["status"] == "refused" and each["matter"] is not None
    ]


@cache
def raw(folder: str, name: str) -> Any:
    return read(ROOT / folder / f"{name}.yaml").data


@cache
def alerting() -> frozenset[str]:
    """The commands that alert somebody where they are refused."""
    return frozenset(
        each["command"]
        for name in LAWS
        for each in raw("law", name).get("alerts", ())
        if each.get("on", "refused") == "refused"
    )


@cache
def holders_of(act: str) -> tuple[str, ...]:
    """Who may do an act, by the definitions as they are written."""
    for name in LAWS:
        law = raw("law", name)
        for step in law.get("steps", ()):
            if act in step.get("acts", {}):
                return tuple(step["acts"][act])
        if act in law.get("permissions", {}):
            return tuple(law["permissions"][act])
    return ()


@cache
def kept_apart(act: str) -> frozenset[str]:
    """The acts whose doers may not do this one."""
    return frozenset(
        other
        for each in raw("law", "common_course")["separations"]
        if each["act"] == act
        for other in each.get("not_by", ())
    )
