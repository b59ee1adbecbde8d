"""Routes that are quickly passed over: each command has its address, and there are many."""

from __future__ import annotations

from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope


class ByEnd(APIRoute):
    """Looks at the end of an address before it reads it whole."""

    def __init__(self, path: str, *given: Any, **named: Any) -> None:  # noqa: ANN401 (FastAPI's)
        super().__init__(path, *given, **named)
        last = path.rpartition("/")[2]
        self._end = "" if "{" in last else f"/{last}"

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the route does."""
        if scope["type"] == "http" and not scope["path"].endswith(self._end):
            return Match.NONE, {}
        return super().matches(scope)
