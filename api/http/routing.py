"""Routes that are quickly passed over, and requests that are worked on in one thread.

FastAPI hands a request over to a thread for each dependency and once more for the endpoint.  Once
a request is here whole, it waits for nothing but the database: so all of it is done in one.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from copy import copy
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from api.http.door import door_of
from api.http.limits import arrived, read_object

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def body_of(request: Request) -> Mapping[str, object]:
    """The body as one strict JSON object."""
    return await read_object(request, door_of(request).settings)


class OwnRoute(APIRoute):
    """Looks at the end of an address before it reads it whole; works in one thread if it can."""

    def __init__(self, path: str, *given: Any, **named: Any) -> None:  # noqa: ANN401 (FastAPI's)
        last = path.rpartition("/")[2]
        self._end = "" if "{" in last else f"/{last}"
        super().__init__(path, *given, **named)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the route does."""
        if scope["type"] == "http" and not scope["path"].endswith(self._end):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        handed_over = super().get_route_handler()
        given = self.dependant
        if not _plain(given):
            return handed_over
        self.dependant = _at_once(given)
        at_once = super().get_route_handler()
        self.dependant = given

        async def handler(request: Request) -> Response:
            if await arrived(request, door_of(request).settings):
                return await run_in_threadpool(_finished, at_once(request))
            return await handed_over(request)

        return handler


def _plain(dependant: Dependant) -> bool:
    """Whether the endpoint, and everything that it depends on, waits for no more than the body."""
    kinds = (iscoroutinefunction, isgeneratorfunction, isasyncgenfunction)
    waits = dependant.call is not body_of and any(kind(dependant.call) for kind in kinds)
    return not waits and not dependant.body_params and all(map(_plain, dependant.dependencies))


def _at_once(dependant: Dependant) -> Dependant:
    """The same as FastAPI calls it itself, and hands nothing over."""
    found, plain = copy(dependant), dependant.call
    found.dependencies = [_at_once(each) for each in dependant.dependencies]
    if plain is None or plain is body_of:
        return found

    async def call(**given: Any) -> Any:  # noqa: ANN401 (whatever it takes and gives)
        return plain(**given)

    found.call = call
    return found


def _finished(handling: Coroutine[Any, Any, Response]) -> Response:
    """What comes of something that only looks as if it might wait."""
    try:
        handling.send(None)
    except StopIteration as done:
        answer: Response = done.value
        return answer
    handling.close()
    raise RuntimeError("a request waited for something that is not here")
