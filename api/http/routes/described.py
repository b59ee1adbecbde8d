"""The description of the door itself."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.documenting import description
from api.http.door import trace_of
from api.http.table import Table


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
