"""The route table: every route is entered here with what it answers, so that none goes untold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, Path, Query
from pydantic import BeforeValidator
from starlette.responses import JSONResponse, Response

from api.http.settings import DoorSettings

_ALWAYS: Final = (400, 431, 500)
_KNOWN: Final = (401, 403, 422, 503)
#: Whoever was recognised may be too fast.
_ASKING: Final = (*_KNOWN, 429)
_CHANGING: Final = (404, 408, 409, 413, 415)
_VERSIONED: Final = (412, 428)

#: What no driver of a database should be bothered with stays outside.
NAME: Final = r"^[^\x00-\x1f\x7f]+$"
Named = Annotated[str, Path(min_length=1, max_length=200, pattern=NAME)]
Asked = Annotated[str | None, Query(min_length=1, max_length=200, pattern=NAME)]
#: The longest title, folded, in Base64: in that order it is the place.
LONGEST_CURSOR: Final = 6000
Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
#: pydantic would take `+1`, `1_000`, `1.0` and blanks for numbers, and an instant for a day.
_DIGITS: Final = re.compile(r"[0-9]{1,10}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written(form: re.Pattern[str]) -> BeforeValidator:
    """Whatever came as text is in this form, before it is read as what it stands for."""

    def check(value: object) -> object:
        if isinstance(value, str) and not form.fullmatch(value):
            raise ValueError(form.pattern)
        return value

    return BeforeValidator(check)


#: The model of an answer that is a page.
HtmlPage = Annotated[str, "text/html"]
Whole = Annotated[int, written(_DIGITS)]
Day = Annotated[date, written(_DAY)]
Mandate = Annotated[Whole | None, Query(ge=1, le=2**31 - 1)]
IfMatch = Annotated[str | None, Header(alias="If-Match")]
Key = Annotated[str | None, Header(alias="Idempotency-Key")]


@dataclass(frozen=True, slots=True)
class Entry:
    """A route. `name` is its operation id and names its words; `statuses` are all its answers.

    `command` where it carries one out, `versioned` where that needs If-Match, `about` the title
    of the command in the catalogues.  `opens`: nobody has to be
    recognised.  `model` is the form of its good answers; a `sheet` is given too, where one is
    asked for.
    """

    method: str
    path: str
    name: str
    area: str
    statuses: tuple[int, ...]
    command: str = ""
    versioned: bool = False
    opens: bool = False
    tagged: bool = False
    paged: bool = False
    sheet: bool = False
    model: Any = None


@dataclass
class Table:
    """The routes of an application, in the order in which they were entered."""

    app: FastAPI
    settings: DoorSettings
    entries: list[Entry] = field(default_factory=list)

    def get(  # noqa: PLR0913 (what is told of a route)
        self,
        path: str,
        name: str,
        area: str,
        model: Any,  # noqa: ANN401
        endpoint: Callable[..., Response],
        *,
        tagged: bool = False,
        paged: bool = False,
        names: bool = False,
        more: tuple[int, ...] = (),
        sheet: bool = False,
    ) -> None:
        """Enter a question; `tagged` where its answer carries a version.

        `names`: its query names something that may not be there.  `more` are answers of its own.
        """
        missing = (404,) if names or "{" in path else ()
        entry = Entry(
            "GET",
            path,
            name,
            area,
            (200, *_ALWAYS, *_ASKING, *missing, *more),
            tagged=tagged,
            paged=paged,
            sheet=sheet,
            model=model,
        )
        self._enter(entry, endpoint)

    def post(  # noqa: PLR0913 (what is told of a route)
        self,
        path: str,
        name: str,
        area: str,
        model: Any,  # noqa: ANN401
        endpoint: Callable[..., Any],
        *,
        command: str = "",
        versioned: bool = False,
        body: Mapping[str, Any] | None = None,
        statuses: tuple[int, ...] = (200,),
    ) -> None:
        """Enter a change; `body` is how its body is described where FastAPI does not read it."""
        versions = _VERSIONED if versioned else ()
        told = (*statuses, *_ALWAYS, *_ASKING, *_CHANGING, *versions)
        entry = Entry(
            "POST",
            path,
            name,
            area,
            told,
            command=command,
            versioned=versioned,
            tagged=versioned or bool(command),
            model=model,
        )
        self._enter(entry, endpoint, body)

    def open(
        self,
        path: str,
        name: str,
        model: Any,  # noqa: ANN401
        endpoint: Callable[..., Any],
        *more: int,
        paged: bool = False,
    ) -> None:
        """Enter a question that anybody may ask."""
        told = (200, *_ALWAYS, *more)
        entry = Entry("GET", path, name, "open", told, opens=True, paged=paged, model=model)
        self._enter(entry, endpoint)

    def open_post(
        self,
        path: str,
        name: str,
        model: Any,  # noqa: ANN401
        endpoint: Callable[..., Response],
        body: Mapping[str, Any],
        statuses: tuple[int, ...] = (200, *_KNOWN),
    ) -> None:
        """Enter what anybody may send: whoever signs in is nobody yet."""
        told = (*statuses, *_ALWAYS, 404, 408, 409, 413, 415)
        entry = Entry("POST", path, name, "open", told, opens=True, model=model)
        self._enter(entry, endpoint, body)

    def page(self, path: str, method: str, endpoint: Callable[..., Response]) -> None:
        """Enter a page for browsers: nobody has to be recognised, no program needs it described."""
        self.app.add_api_route(
            path,
            endpoint,
            methods=[method],
            include_in_schema=False,
            response_model=None,
            response_class=Response,
        )

    def _enter(
        self,
        entry: Entry,
        endpoint: Callable[..., Any],
        body: Mapping[str, Any] | None = None,
    ) -> None:
        self.entries.append(entry)
        extra = None if body is None else {"requestBody": dict(body)}
        self.app.add_api_route(
            entry.path,
            endpoint,
            methods=[entry.method],
            operation_id=entry.name,
            status_code=entry.statuses[0],
            openapi_extra=extra,
            tags=[entry.area],
            response_model=None,
            response_class=JSONResponse,
        )
