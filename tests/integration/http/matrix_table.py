"""The matrix as a lawyer reads it (`matrix.yaml`), made ready: what happens to each combination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from api.http.table import Entry
from tests.integration.http.matrix_world import Answer

TABLE: Final = Path(__file__).with_name("matrix.yaml")
HANDS: Final = "hands"
CALLED: Final = "called"
OUTCOMES: Final = (
    "answered",
    "not_known",
    "forbidden",
    "refused",
    "not_signed_in",
    "reached",
)
_UNKNOWN: Final = (
    "unknown.matter",
    "unknown.meeting",
    "unknown.file",
    "identity.no_account",
    "identity.token.unknown",
    "unknown.alert",
    "unknown.delivery",
    "unknown.feed",
)
#: By what a refusal says that somebody may not do it, or see it, whatever else there is.
_AUTHORITY: Final = ("authority.", "access.", "review.counsel_cannot_rule")
_NOT_SIGNED_IN: Final = ("http.not_authenticated", "http.session_over", "http.token_refused")
#: What a route can be asked for, by what stands in its address.
THINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "{number}": ("own", "other_unit", "restricted", "foreign"),
    "/meetings/{code}": ("own_meeting", "other_meeting", "foreign_meeting"),
    "{entry}": ("everyones", "own", "other_unit", "restricted", "foreign"),
    "{token}": ("token", "foreign_token"),
    "{file}": ("own_file", "restricted_file", "foreign_file"),
    "/accounts/{name}": ("account", "foreign_account"),
}
NOTHING: Final = ("-",)


@dataclass(frozen=True)
class Row:
    """What happens where one of the askers asks one of the routes for one of the things."""

    place: int
    routes: frozenset[str]
    askers: frozenset[str]
    things: frozenset[str]
    outcome: str


@dataclass(frozen=True)
class Matrix:
    """The table; `sees` are the matters of which each asker may know."""

    askers: Mapping[str, Mapping[str, Any]]
    routes: tuple[str, ...]
    hands: Mapping[str, frozenset[str]]
    rows: tuple[Row, ...]
    published: tuple[str, ...]

    def sees(self, asker: str) -> frozenset[str]:
        return frozenset(self.askers[asker].get("sees", ()))

    def thing(self, asker: str, thing: str) -> str:
        """Which thing is meant: one's own is another for each."""
        return str(self.askers[asker].get("own", "tabled")) if thing == "own" else thing

    def deciding(self, route: str, asker: str, thing: str) -> list[Row]:
        """The rows that decide a combination; there must be one."""
        return [
            row
            for row in self.rows
            if route in row.routes and asker in row.askers and thing in row.things
        ]

    def outcome(self, route: str, asker: str, thing: str) -> str:
        """What happens."""
        (row,) = self.deciding(route, asker, thing)
        if row.outcome not in (HANDS, CALLED):
            return row.outcome
        others = "refused" if row.outcome == HANDS else "not_known"
        return "reached" if asker in self.hands[route] else others


def things_of(entry: Entry) -> tuple[str, ...]:
    """What a route can be asked for."""
    if entry.name == "unmask":
        return THINGS["{number}"]
    return next((things for part, things in THINGS.items() if part in entry.path), NOTHING)


@cache
def matrix() -> Matrix:
    """The table.  Raises ValueError, with words, for what cannot be read."""
    told = yaml.safe_load(TABLE.read_text("utf-8"))
    askers, groups, hands = told["askers"], told["groups"], told["hands"]
    routes: list[str] = []
    for name, members in told["routes"].items():
        groups[name] = members
        routes += members
    for name, members in hands.items():
        groups[name] = list(members)
        routes += members
    every_thing = sorted({each for things in THINGS.values() for each in things} | {*NOTHING})
    known = {"routes": routes, "askers": list(askers), "things": every_thing}
    rows = []
    for place, row in enumerate(told["rows"], 1):
        if row["outcome"] not in (*OUTCOMES, HANDS, CALLED):
            raise ValueError(f"row {place}: no such outcome: {row['outcome']}")
        parts = {
            part: frozenset(_named(place, row.get(part, names), groups, names))
            for part, names in known.items()
        }
        rows.append(Row(place, outcome=row["outcome"], **parts))
    by_hand = {
        command: frozenset(_named(0, who, groups, list(askers)))
        for commands in hands.values()
        for command, who in commands.items()
    }
    return Matrix(askers, tuple(routes), by_hand, tuple(rows), tuple(told["published"]))


def _named(
    place: int, names: Iterable[str], groups: Mapping[str, list[str]], known: list[str]
) -> Iterable[str]:
    for name in names:
        if name in groups:
            yield from _named(place, groups[name], groups, known)
        elif name in known:
            yield name
        else:
            raise ValueError(f"row {place}: nothing is called {name}")


def outcome_of(entry: Entry, answer: Answer) -> str:
    """The class of what came back; whatever is not the authority's to refuse was reached."""
    if answer.status >= 500:
        return f"fault ({answer.status})"
    told = answer.told if answer.status >= 400 else {}
    code, refusals = told.get("code", ""), told.get("refusals", ())
    asked = entry.method == "GET"
    if answer.status == 403:
        found = "forbidden"
    elif code in _NOT_SIGNED_IN:
        found = "not_signed_in"
    elif answer.status == 404 and (asked or code in _UNKNOWN):
        found = "not_known"
    elif any(each["code"].startswith(_AUTHORITY) for each in refusals):
        found = "refused"
    elif entry.command and answer.status == 422:
        # Nobody is asked what fits before the authority is: that would tell of the procedure.
        found = f"unfit ({code})"
    else:
        found = "answered" if asked else "reached"
    return found
