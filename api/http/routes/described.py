"""The description of the door itself."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from api.http.answering import answer
from api.http.documenting import description
from api.http.door import trace_of
from api.http.errors import NoSuchPlace
from api.http.problems import FAULT, REFUSED
from api.http.table import Named, Table


def add(table: Table) -> None:
    """Enter the description, in the language of whoever reads it."""
    known: dict[str, dict[str, Any]] = {}

    def described(request: Request) -> Response:
        """OpenAPI 3.1."""
        locale = trace_of(request).locale
        if locale not in known:
            known[locale] = description(table, locale)
        return answer(known[locale])

    table.open("/api/v1/openapi.json", "openapi", dict[str, Any], described)
    table.open("/problems/{code}", "problem", ProblemKind, _problem, 404, 422)


class ProblemKind(BaseModel):
    """A kind of problem: what is said of it, `{…}` standing for what differs each time."""

    code: str
    message: str
    evidence: str | None


def _problem(code: Named, request: Request) -> Response:
    """What a kind of problem, or a condition of a refusal, means."""
    catalogue = trace_of(request).catalogue
    own = f"http.{code}" if code in (REFUSED, FAULT) else code
    known = next((each for each in (f"refusal.{code}.what", own) if each in catalogue), None)
    if known is None:
        raise NoSuchPlace("http.no_such_place")
    evidence = f"refusal.{code}.evidence"
    return answer(
        {
            "code": code,
            "message": catalogue.template(known),
            "evidence": catalogue.template(evidence) if evidence in catalogue else None,
        }
    )
