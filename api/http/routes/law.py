"""Definitions of procedures, their differences and proofs; how the duties of law are held."""

from __future__ import annotations

from datetime import date
from functools import cache
from threading import Lock
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from starlette.responses import Response

from api.http.answering import answer
from api.http.authentication import asked
from api.http.door import Call
from api.http.shapes.law import Coverage, Differences, Head, Procedure, Proof
from api.http.table import Day, Named, Table
from api.presenting.coverage import Coverage as Words
from api.presenting.data import head_data, procedure_data
from api.presenting.differences import Differences as DifferencesWords
from api.presenting.proofs import proof_data
from procedures.book import shipped
from procedures.coverage import Shipped, flaws
from procedures.duties import load_registry
from procedures.kinds import KINDS
from procedures.prover import Proof as Found
from procedures.prover import prove
from workflow import definition
from workflow.catalogue import catalogue_for
from workflow.difference import compare
from workflow.errors import BadInput
from workflow.explaining.quoting import shown

Procedures = Annotated[Call, Depends(asked("procedures"))]
Law = Annotated[Call, Depends(asked("law"))]
Version = Annotated[Day | None, Query()]
_LIST: Final = "/api/v1/procedures"
_PROVING: Final = Lock()


def add(table: Table) -> None:
    """Enter the questions about law."""
    one = f"{_LIST}/{{procedure}}"
    table.get(_LIST, "procedures", "procedures", list[Head], _procedures)
    table.get(one, "procedure", "procedures", Procedure, _procedure)
    table.get(f"{one}/check", "procedure_check", "procedures", Proof, _check)
    table.get(
        f"{one}/differences", "procedure_differences", "procedures", Differences, _differences
    )
    table.get("/api/v1/law/coverage", "law_coverage", "law", Coverage, _coverage)


def _procedures(call: Procedures) -> Response:
    """The definitions of this installation."""
    return answer([head_data(each) for each in call.house.book.all()])


def _procedure(procedure: Named, call: Procedures, version: Version = None) -> Response:
    """One definition."""
    return answer(procedure_data(call.house.book.get(procedure, version)))


def _check(procedure: Named, call: Procedures, version: Version = None) -> Response:
    """Whether there is a way past what the law asks."""
    book = call.house.book
    found = book.get(procedure, version)
    # One proof at a time: it takes seconds, and what is found once holds for good.
    with _PROVING:
        proof = _proved(found.digest, _Held(found))
    return answer(proof_data(call.catalogue, proof, book.predecessor(found)))


class _Held:
    """A definition, equal to every other of the same digest beside it."""

    def __init__(self, procedure: definition.Procedure) -> None:
        self.procedure = procedure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@cache
def _proved(_digest: str, held: _Held) -> Found:
    return prove(held.procedure, KINDS)


def _differences(
    procedure: Named,
    call: Procedures,
    before: Annotated[str, Query(min_length=1, max_length=200)],
    version: Version = None,
) -> Response:
    """What parts a definition from another, or from another version of itself."""
    first, second = _named(call, before), call.house.book.get(procedure, version)
    words = DifferencesWords(call.catalogue, first, second)
    sides: dict[str, Any] = {
        name: {"id": each.id, "version": each.version.isoformat(), "digest": each.digest}
        for name, each in (("before", first), ("after", second))
    }
    return answer(
        {**sides, "differences": [words.as_data(each) for each in compare(first, second)]}
    )


def _named(call: Call, named: str) -> definition.Procedure:
    """A definition by its id, or its id and version."""
    name, at, version = named.partition("@")
    if not at:
        return call.house.book.get(name)
    try:
        day = date.fromisoformat(version)
    except ValueError as error:
        raise BadInput("procedures.no_version", name=shown(named)) from error
    return call.house.book.edition(name, day)


def _coverage(call: Law) -> Response:
    """Every duty that the law lays down, and how it is held."""
    return answer(_covered(call.catalogue.locale))


@cache
def _covered(locale: str) -> dict[str, object]:
    registry = load_registry()
    there = Shipped.of(shipped())
    words = Words(catalogue_for(locale), registry, there.instruments)
    return words.data(flaws(registry, there, None), tests_checked=False)
