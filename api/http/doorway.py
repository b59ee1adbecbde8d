"""The outermost layer: every request gets an id, a log line, its headers, and an answer."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.door import Door, Trace, begin_trace
from api.http.errors import DoorError
from api.http.headers import security_headers
from api.http.limits import check_headers, check_repeats
from api.http.logs import Served, log, log_fault
from api.http.problems import fault, problem_of, route_of
from api.http.proxies import HEADER as FORWARDED
from api.http.proxies import client_of
from api.http.requests import HEADER, request_id

Header = tuple[bytes, bytes]

_VARY: Final = b"Accept-Language, Authorization, Cookie"
_ID: Final = HEADER.lower().encode()


class Doorway:
    """Plain ASGI, so that nothing is copied on the way."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        self._headers = security_headers(secure=door.settings.secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or whatever else the server has to say."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        given = {name: value for name, value in scope["headers"] if name in _WANTED}
        self._place(scope)
        trace = begin_trace(scope, request_id(given.get(_ID)), _text(given.get(_LANGUAGE)))
        status = 500
        started = False
        # RFC 9110 9.3.2: answered as GET would be, without the content.
        asked = scope["method"]
        if asked == _HEAD:
            scope["method"] = "GET"

        async def told(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = self._with_own(message.get("headers", ()), trace)
            elif asked == _HEAD:
                message["body"] = b""
            await send(message)

        request = Request(scope)
        self._door.metrics.open.inc()
        try:
            check_headers(scope["headers"], self._door.settings)
            check_repeats(scope["headers"], scope["query_string"])
            await self._app(scope, receive, told)
        except DoorError as error:
            found = problem_of(error, trace.catalogue, self._door)
            await found.answer(trace)(scope, receive, told)
        except Exception as error:
            log_fault(trace.request_id, route_of(request), error)
            if started:
                raise
            await fault(trace)(scope, receive, told)
        finally:
            self._door.metrics.open.dec()
            served = Served(
                trace.request_id,
                asked,
                route_of(request),
                status,
                perf_counter() - begun,
                trace.organisation,
            )
            self._door.metrics.served(served)
            log(served)

    def _place(self, scope: Scope) -> None:
        """Have everybody behind see the client, and not the proxy that handed the request on."""
        proxies, peer = self._door.settings.proxies, scope.get("client")
        if not proxies or peer is None:
            return
        given = [_text(value) or "" for name, value in scope["headers"] if name == _FORWARDED]
        scope["client"] = (client_of(peer[0], given, proxies), peer[1])

    def _with_own(self, given: Iterable[Header], trace: Trace) -> list[Header]:
        """The headers of an answer with ours; what the answer says of itself stands."""
        told = list(given)
        there = {name for name, _ in told}
        return [
            *told,
            *(each for each in self._headers if each[0] not in there),
            (_ID, trace.request_id.encode()),
            (b"content-language", trace.locale.encode()),
            (b"vary", _VARY),
        ]


_HEAD: Final = "HEAD"
_FORWARDED: Final = FORWARDED.lower().encode()
_LANGUAGE: Final = b"accept-language"
_WANTED: Final = frozenset({_ID, _LANGUAGE})


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
