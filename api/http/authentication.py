"""The one dependency that says who asks: by cookie or by token, never by both."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from api.http import csrf
from api.http.door import Call, Door, door_of, trace_of
from api.http.errors import BadRequest, NotAuthenticated
from api.http.pace import Shown as By
from api.identity.principal import Principal
from api.identity.timing import fresh, fresh_for_signing
from workflow.errors import Forbidden
from workflow.signing import Shown

_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/-]{1,512}=*)", re.IGNORECASE)
_NONE: Final = ""
_COOKIE: Final = re.compile(r"[A-Za-z0-9._~+/=-]{1,512}")


def asked(area: str) -> Callable[[Request], Call]:
    """The dependency of a route that asks for something of an area."""

    def call(request: Request) -> Call:
        door = door_of(request)
        found = recognised(request, door)
        keep_pace(request, door, found)
        within(door, found, area, client_of(request))
        trace = trace_of(request)
        trace.organisation = found.organisation
        return Call(door, found, trace, area, client=client_of(request))

    call.__name__ = f"asked_{area}"
    return call


def recognised(request: Request, door: Door) -> Principal:
    """Whoever asks.

    Raises NotAuthenticated, BadRequest where both a cookie and a token are shown, and CrossSite
    for a change by cookie without proof of where it comes from.
    """
    cookie = request.cookies.get(csrf.COOKIE)
    header = request.headers.get("authorization")
    if cookie is not None and header is not None:
        raise BadRequest("http.both")
    client = client_of(request)
    if header is not None:
        return _by_token(door, header, client)
    if cookie is None:
        raise NotAuthenticated("http.not_authenticated")
    principal = (
        door.authenticator.by_session(cookie, client=client) if _COOKIE.fullmatch(cookie) else None
    )
    if principal is None:
        raise NotAuthenticated("http.session_over")
    csrf.check(
        request.method,
        expected=door.authenticator.csrf(cookie),
        given=request.headers.get(csrf.HEADER),
        origin=request.headers.get("origin"),
        site=request.headers.get("sec-fetch-site"),
        own=door.settings.origin or f"{request.url.scheme}://{request.url.netloc}".lower(),
    )
    return principal


def keep_pace(request: Request, door: Door, who: Principal) -> None:
    """Count the request for the account, or for the token, that was shown.  Raises TooFast."""
    token = request.headers.get("authorization")
    shown, source = By.TOKEN, token or ""
    if token is None:
        shown, source = By.SESSION, f"{who.organisation}/{who.account}"
    door.pace.admit(shown, source, door.house.clock.now())


def client_of(request: Request) -> str:
    """The address that a request comes from."""
    return "" if request.client is None else request.client.host


def _by_token(door: Door, header: str, client: str) -> Principal:
    shown = _BEARER.fullmatch(header)
    # What is no token at all is shown too: so it leaves its event like every other.
    found = door.authenticator.by_token(_NONE if shown is None else shown[1], client=client)
    if shown is None or found is None:
        raise NotAuthenticated("http.token_refused")
    return found


#: Asks for nothing by itself: each command that is given is asked for in turn.
ANYTHING: Final = ""


def within(door: Door, principal: Principal, wanted: str, client: str) -> None:
    """Raises Forbidden, and notes it, where a token was not made for this area or command."""
    if wanted and principal.scopes is not None and wanted not in principal.scopes:
        door.authenticator.out_of_scope(principal, client=client)
        raise Forbidden("http.scope", scope=wanted)


def reauthenticated(call: Call) -> Shown | None:
    """How whoever asks was told apart anew just now; a service token never was."""
    principal, house = call.principal, call.house
    if principal.session is None:
        return None
    shown = principal.confirmed_at, principal.second_factor_at
    lately = fresh_for_signing(*shown, house.clock.now(), house.identity.policy)
    return Shown.PASSWORD if lately else None


def second_factor(call: Call) -> bool:
    """Whether a second factor was shown lately in this session."""
    shown = call.principal.second_factor_at
    return fresh(shown, call.house.clock.now(), call.house.identity.policy)
