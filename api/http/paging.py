"""What routes with pages have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request

from api.http.pages import link_to_next
from api.http.table import Whole

Limit = Annotated[Whole | None, Query(ge=1, le=10_000)]


def next_link(
    request: Request, filters: Mapping[str, object], limit: int, cursor: str | None
) -> dict[str, str]:
    """The header that leads to the next page, if there is one."""
    if cursor is None:
        return {}
    return {"Link": link_to_next(request.url.path, filters, limit, cursor)}
