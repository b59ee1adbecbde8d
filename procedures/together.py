"""Definitions that bind a matter at once (并行程序): which they are, what they make together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol

from procedures.combine import combine
from procedures.compile import Compiled, compile_piece, judge
from procedures.editions import Edition
from procedures.known import Same, remembered
from procedures.prover import Fault, prove
from workflow.calendar import CountingRule
from workflow.catalogue import Lines, Said
from workflow.definition import Answer, Part, Procedure
from workflow.errors import BrokenDefinition, NotFound
from workflow.ports import StepKind


class Shelf(Protocol):
    """Where the definitions stand that are to be joined: `ProcedureBook`."""

    @property
    def kinds(self) -> Mapping[str, StepKind]:
        """The step kinds that definitions may use."""
        ...

    @property
    def counting(self) -> Mapping[str, CountingRule]:
        """The counting rules that definitions may name."""
        ...

    @property
    def editions(self) -> tuple[Edition, ...]:
        """What there is, by procedure and version."""
        ...

    def all(self) -> tuple[Procedure, ...]:
        """Every version of every procedure."""
        ...

    def of(self, edition: Edition) -> Procedure:
        """The procedure of one edition."""
        ...

    def get(self, id: str, version: date | None = None) -> Procedure:  # noqa: A002 - its name
        """The latest version, or the latest not after a day."""
        ...

    def compiled(self, edition: Edition) -> Compiled:
        """An edition with what it was made of."""
        ...

    def keep(self, compiled: Compiled) -> Compiled:
        """Make it known by its digest."""
        ...


class Together:
    """Joins the definitions of a shelf, and keeps what was joined and proven for the process."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._joined: dict[tuple[Edition, ...], Compiled] = {}
        self._proven: set[str] = set()

    def joined(
        self,
        procedure: Procedure,
        answers: Mapping[str, Answer],
        day: date,
        profile: str | None = None,
    ) -> Procedure:
        """The procedure with all that these answers bring in beside it, as in force on a day.

        A profile stands in the place of what it rests on: where that is brought in, the profile
        is, with its own joins; where it binds already, it is not brought in again.

        Of one that is joined itself, the main part counts, in its version; the others are found
        anew.  What several definitions make together is proven, once in a process, before it is
        given.  Raises `NotFound` where a file is missing, `SourceError` where one is broken or
        two cannot be joined, and `BrokenDefinition` where the proof fails or a file was changed.
        """
        main = procedure
        if len(procedure.parts) > 1:
            main = self._shelf.of(self._exactly(procedure.parts[0]))
        local = None if profile is None else self._in_force(profile, day)
        found = {main.id: main}
        waiting = [main]
        while waiting:
            for join in waiting.pop(0).joins:
                if not _bound(join.procedure, found.values()) and join.when.holds(answers):
                    part = self._in_force(join.procedure, day)
                    if part is not None and local is not None and _rests(local, part.id):
                        part = local
                    if part is not None:
                        found[part.id] = part
                        waiting.append(part)
        if len(found) == 1:
            return main
        together = self.join(*found.values())
        if together.digest not in self._proven:
            if faults := _faults(Same(together), Same(self._shelf.kinds)):
                told = Lines([Said(fault.code, fault.params) for fault in faults])
                raise BrokenDefinition("procedure.join_broken", name=together.name, faults=told)
            self._proven.add(together.digest)
        return together

    def join(self, main: Procedure, *others: Procedure) -> Procedure:
        """The definition in which all of them bind, the others in the order of their ids.

        Raises `SourceError` where they cannot be joined, and `NotFound` for one without a file.
        """
        ordered = (main, *sorted(others, key=lambda each: each.id))
        editions = tuple(self._exactly(each.parts[0]) for each in ordered)
        if editions not in self._joined:
            self._joined[editions] = self._shelf.keep(self._combine(editions))
        return self._joined[editions].procedure

    def joins(self, *mains: Procedure) -> Iterator[Procedure]:
        """Every procedure, or each of some, with each that it joins and with all of them together.

        Of what a profile offers, each that can bring in the profile itself stands before it.
        Raises as `join`.
        """
        for main in mains or self._shelf.all():
            names = dict.fromkeys(join.procedure for join in main.joins)
            others = [self._shelf.get(name) for name in names]
            yield from (self.join(main, other) for other in others)
            if len(others) > 1:
                yield self.join(main, *others)
            offered = [self._shelf.get(name) for name in main.offers]
            yield from (
                self.join(other, main)
                for other in offered
                if any(_rests(main, join.procedure) for join in other.joins)
            )

    def beside(self, main: Procedure) -> tuple[Procedure, ...]:
        """The procedures that one joins or offers, each in its latest version.

        Raises `SourceError` where one of them is broken.
        """
        named = (*(join.procedure for join in main.joins), *main.offers)
        return tuple(self._shelf.get(name) for name in dict.fromkeys(named))

    def _in_force(self, name: str, day: date) -> Procedure | None:
        """A procedure as in force on a day; None where its first version is still to come."""
        versions = [edition for edition in self._shelf.editions if edition.id == name]
        if versions and versions[0].version > day:
            return None
        return self._shelf.get(name, day)

    def _exactly(self, part: Part) -> Edition:
        """The edition that a part is, which must still say what it said."""
        for edition in self._shelf.editions:
            if (edition.id, edition.version) == (part.id, part.version):
                if self._shelf.of(edition).digest != part.digest:
                    raise BrokenDefinition(
                        "procedure.changed_in_place", procedure=part.name, version=part.version
                    )
                return edition
        raise NotFound("procedure.edition_gone", name=part.name, version=part.version)

    def _combine(self, editions: tuple[Edition, ...]) -> Compiled:
        parts = tuple(self._shelf.compiled(edition) for edition in editions)
        return _combined(parts, Same(self._shelf.kinds), Same(self._shelf.counting))


@remembered
def _combined(
    parts: tuple[Compiled, ...],
    kinds: Same[Mapping[str, StepKind]],
    counting: Same[Mapping[str, CountingRule]],
) -> Compiled:
    first, *others = parts
    piece, form = first.piece, first.form
    for other in others:
        joined = combine((piece, form), (other.piece, other.form), kinds.value, counting.value)
        piece, form = joined, judge(joined)
    together = [each.procedure for each in parts]
    lineage = dict.fromkeys(
        name
        for procedure in together
        for name in (*procedure.lineage, f"{procedure.id}@{procedure.version}")
    )
    told = tuple(part for procedure in together for part in procedure.parts)
    return compile_piece(piece, form, tuple(lineage), kinds.value, counting.value, told)


@remembered
def _faults(procedure: Same[Procedure], kinds: Same[Mapping[str, StepKind]]) -> tuple[Fault, ...]:
    return prove(procedure.value, kinds.value).faults


def _bound(name: str, found: Iterable[Procedure]) -> bool:
    """Whether one of these is the procedure, or rests on it."""
    return any(each.id == name or _rests(each, name) for each in found)


def _rests(procedure: Procedure, name: str) -> bool:
    return any(base.partition("@")[0] == name for base in procedure.lineage)
