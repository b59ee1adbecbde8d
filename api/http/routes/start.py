"""The one page that a browser needs before anything else: a one-time link, and a password."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from api.http.changing import origin_of
from api.http.door import door_of, trace_of
from api.http.errors import BadRequest
from api.http.limits import read_body
from api.http.problems import status_of
from api.http.routes.sessions import identity_of, ours
from api.http.table import Named, Table
from api.identity.passwords import Opened
from workflow.errors import BadInput, YichengError

_WELL: Final = 200
PLACE: Final = "/start/{token}"
FORM: Final = "application/x-www-form-urlencoded"

_STYLE: Final = (
    "body{font:1.1rem/1.6 sans-serif;margin:2rem}main{max-width:32rem;margin:auto}"
    "label{display:block;margin:1rem 0}input{display:block;width:100%;font:inherit;padding:.4rem}"
    "button{font:inherit;padding:.5rem 1.5rem}[hidden]{display:none}[role=alert]{color:#a00}"
)
_OWN_STYLE: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
#: The address holds the link: nobody else is told it.  A browser that may tell nobody at all
#: would not say either that the form came from our own page.
_HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_OWN_STYLE}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def add(table: Table) -> None:
    """Enter the page and its form."""
    table.page(PLACE, "GET", _show)
    table.page(PLACE, "POST", _set)


async def _form(request: Request) -> dict[str, str]:
    """What was typed.  Raises BadRequest for what is no form of ours."""
    raw = await read_body(request, door_of(request).settings)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise BadRequest("http.start.no_form")
    try:
        typed = parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=len(_FIELDS)
        )
    except ValueError as error:
        raise BadRequest("http.start.no_form") from error
    found = dict(typed)
    if found.keys() != _FIELDS or len(typed) != len(_FIELDS):
        raise BadRequest("http.start.no_form")
    return found


_FIELDS: Final = frozenset({"username", "new_password", "again"})
Typed = Annotated[dict[str, str], Depends(_form)]


def _show(request: Request, token: Named) -> Response:
    """Whose link it is, and the form; or why it is good no longer."""
    return _page(request, token)


def _set(request: Request, token: Named, typed: Typed) -> Response:
    """Set the password that was typed twice."""
    door = ours(request)
    try:
        if typed["new_password"] != typed["again"]:
            raise BadInput("http.start.not_the_same")
        passwords = identity_of(door).passwords
        passwords.redeem(token, typed["new_password"], origin_of(request))
    except YichengError as error:
        return _page(request, token, error)
    words = trace_of(request).catalogue
    return _rendered(request, [words.text("http.start.done")])


def _page(request: Request, token: str, wrong: YichengError | None = None) -> Response:
    """The form as long as the link is good, with what was wrong."""
    words = trace_of(request).catalogue
    try:
        opened = identity_of(door_of(request)).passwords.open(token)
    except YichengError as error:
        return _rendered(request, words.tell(error).split("\n"), status=status_of(error))
    if wrong is None:
        return _rendered(request, [], opened)
    told = words.tell(wrong).split("\n")
    return _rendered(request, told, opened, status=status_of(wrong))


def _rendered(
    request: Request,
    said: Sequence[str],
    opened: Opened | None = None,
    *,
    status: int = _WELL,
) -> Response:
    trace = trace_of(request)
    page = _TEMPLATES.get_template("start.html.j2").render(
        language=trace.locale,
        say=trace.catalogue.text,
        style=_STYLE,
        said=said,
        wrong=status != _WELL,
        opened=opened,
    )
    return Response(page, status, _HEADERS, "text/html; charset=utf-8")
