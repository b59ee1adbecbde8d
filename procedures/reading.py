"""The tables of reading rights (阅读权限), read from strict files: a common one and tighter ones.

`access/base.yaml` gives every role a scope for every area.  A file named after a profile may only
narrow it, or say what roles of the place's own see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import model_validator

from procedures.problems import Problem, SourceError
from procedures.schema import SOME, Bilingual, Citations, Holders, InstrumentForm, Strict
from procedures.source import Document, parse, read
from workflow.access import UNIT_TIES, AccessRow, AccessTable, Area, Grant, Scope
from workflow.definition import Holder, Procedure, Relation
from workflow.texts import Name, fault
from workflow.ties import Tie

#: The tables of the distribution.
ACCESS: Final = Path(__file__).with_name("access")
BASE: Final = "base"

#: The ties that count where a row says no others: the unit has a part in the work.
_WORKING: Final = frozenset(
    {Tie.PROPOSING, Tie.LEAD, Tie.CO, Tie.STUDY, Tie.EXECUTING, Tie.CONSULTED}
)


class _Reach(StrEnum):
    """A scope as files write it."""

    NOTHING = "nothing"
    ASKED = "asked"
    TABLED = "tabled"
    UNIT = "unit"
    ORGANISATION = "organisation"


class GrantForm(Strict):
    """A scope; `ties` are those of the unit that count, only at `unit`."""

    scope: _Reach
    ties: Annotated[tuple[Tie, ...], SOME] | None = None

    @model_validator(mode="after")
    def _ties_are_of_a_unit(self) -> Self:
        if self.ties is not None:
            if self.scope is not _Reach.UNIT:
                raise fault("access.ties_without_unit", at=("ties",), scope=self.scope.value)
            for place, tie in enumerate(self.ties):
                if tie not in UNIT_TIES:
                    raise fault("access.tie_of_no_unit", at=("ties", place), tie=tie.value)
        return self

    @property
    def grant(self) -> Grant:
        """What the engine is told."""
        ties = _WORKING if self.ties is None else frozenset(self.ties)
        at_unit = self.scope is _Reach.UNIT
        return Grant(Scope[self.scope.name], ties if at_unit else frozenset())


class RowForm(Strict):
    """What some roles see, with the provision or house rule that it rests on."""

    holders: Holders
    cite: Citations
    areas: Mapping[Area, GrantForm]

    @model_validator(mode="after")
    def _every_area_is_given(self) -> Self:
        missing = tuple(area.value for area in Area if area not in self.areas)
        if missing:
            raise fault("access.area_missing", at=("areas",), areas=missing)
        return self


class AccessFile(Strict):
    """One table; `access` is `base` or the id of the profile that it tightens the base for."""

    access: Name
    version: date
    name: Bilingual
    instruments: Mapping[Name, InstrumentForm] = {}
    opinions: tuple[Name, ...] = ()
    rows: Annotated[tuple[RowForm, ...], SOME]

    @cached_property
    def table(self) -> AccessTable:
        """What the engine is told."""
        return AccessTable(
            tuple(
                AccessRow(holder, {area: each.grant for area, each in row.areas.items()})
                for row in self.rows
                for holder in row.holders
            ),
            frozenset(self.opinions),
        )


@dataclass(frozen=True)
class AccessBook:
    """Every table there is, by what it is for and its first day."""

    files: tuple[AccessFile, ...]

    def table(self, profile: str, day: date) -> AccessTable:
        """What binds an organisation with this profile on a day.

        The base, with the rows of the profile's own file in the place of those for the same
        holders.  Before the first base nobody sees anything.
        """
        base = self._in_force(BASE, day)
        if base is None:
            return AccessTable()
        own = self._in_force(profile, day)
        if own is None:
            return base.table
        rows = {row.holder: row for row in (*base.table.rows, *own.table.rows)}
        return AccessTable(tuple(rows.values()), base.table.opinions)

    def _in_force(self, name: str, day: date) -> AccessFile | None:
        found = [each for each in self.files if each.access == name and each.version <= day]
        return max(found, key=lambda each: each.version, default=None)


def load_access(*folders: Path) -> AccessBook:
    """Read the tables of these folders, those of the distribution where none is named.

    Raises `SourceError` with everything that is wrong: in a file, two tables for the same day,
    and a profile's table that sees farther than the base.
    """
    found: list[tuple[Document, AccessFile]] = []
    problems: list[Problem] = []
    for path in sorted(each for folder in folders or (ACCESS,) for each in folder.glob("*.yaml")):
        try:
            document = read(path)
            found.append((document, parse(document, AccessFile)))
        except SourceError as error:
            problems += error.problems
    problems += _twice(found)
    problems += (each for document, file in found for each in _faults(document, file, found))
    if problems:
        raise SourceError(problems)
    return AccessBook(tuple(file for _, file in found))


def _twice(found: Iterable[tuple[Document, AccessFile]]) -> Iterator[Problem]:
    taken: dict[tuple[str, date], str] = {}
    for document, file in found:
        other = taken.setdefault((file.access, file.version), document.name)
        if other != document.name:
            yield document.problem(("version",), "access.two_files", other=other)


def _faults(
    document: Document, file: AccessFile, found: Iterable[tuple[Document, AccessFile]]
) -> Iterator[Problem]:
    """Citations of what no file knows, holders told twice, and what a profile may not open."""
    known = {name for _, each in found for name in each.instruments}
    told: set[Holder] = set()
    bases = [each.table for _, each in found if each.access == BASE]
    for place, row in enumerate(file.rows):
        for each in row.cite:
            if each.instrument not in known:
                at = ("rows", place, "cite")
                yield document.problem(at, "access.unknown_instrument", id=each.instrument)
        for index, holder in enumerate(row.holders):
            at_holder = ("rows", place, "holders", index)
            if holder in told:
                yield document.problem(at_holder, "access.holder_twice", holder=_words(holder))
            told.add(holder)
            for area, form in row.areas.items() if file.access != BASE else ():
                if any(_wider(base, holder, area, form.grant) for base in bases):
                    at_area = ("rows", place, "areas", area.value)
                    told_of = {"holder": _words(holder), "area": area.value}
                    yield document.problem(at_area, "access.widened", **told_of)


def _wider(base: AccessTable, holder: Holder, area: Area, grant: Grant) -> bool:
    """Whether a grant goes beyond what the base gives; roles that it does not know are free."""
    same_role = [row for row in base.rows if row.holder.role == holder.role]
    if not same_role:
        return False
    fitting = [
        row.grants[area] for row in same_role if row.holder.of in (holder.of, Relation.ANY_UNIT)
    ]
    scope = max((each.scope for each in fitting), default=Scope.NOTHING)
    ties = {tie for each in fitting if each.scope is Scope.UNIT for tie in each.ties}
    return grant.scope > scope or (scope is Scope.UNIT and not grant.ties <= ties)


def _words(holder: Holder) -> str:
    return f"{holder.role} of {holder.of}"


def unlisted(table: AccessTable, procedure: Procedure) -> tuple[str, ...]:
    """The roles of a definition, and the holders of its acts, for which the table has no row."""
    roles = {row.holder.role for row in table.rows}
    acting = (
        *procedure.permissions.values(),
        *(holders for step in procedure.steps.values() for holders in step.acts.values()),
        *((*body.chair, *body.members) for body in procedure.bodies.values()),
    )
    found = {role for role in procedure.roles if role not in roles}
    for holders in acting:
        found |= {_words(each) for each in holders if not _listed(table, each)}
    return tuple(sorted(found))


def _listed(table: AccessTable, holder: Holder) -> bool:
    """Whether a row fits; as a unit stands to a matter, it is any unit."""
    fitting = (holder.of, Relation.ANY_UNIT)
    if holder.of in set(Relation):
        fitting = (Relation.ANY_UNIT, Relation.ANY_UNIT)
    return any(row.holder.role == holder.role and row.holder.of in fitting for row in table.rows)
