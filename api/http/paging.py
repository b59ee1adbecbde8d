"""What routes with pages have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.errors import BadRequest
from api.http.pages import cursor, link_to_next, page_of, place_of, values_of
from api.http.table import Whole
from workflow.errors import BadInput, NotFound
from workflow.listing import Page, Place

T = TypeVar("T")

Limit = Annotated[Whole | None, Query(ge=1, le=10_000)]


def next_link(
    request: Request, filters: Mapping[str, object], limit: int, cursor: str | None
) -> dict[str, str]:
    """The header that leads to the next page, if there is one."""
    if cursor is None:
        return {}
    return {"Link": link_to_next(request.url.path, filters, limit, cursor)}


def page_from(
    given: str | None,
    place: str,
    filters: Mapping[str, object],
    ask: Callable[[Place], Page[T]],
) -> Page[T]:
    """The page behind a cursor.  Raises BadRequest where it is none of this list.

    A place that the engine does not know is none that it gave.
    """
    after = values_of(given, place, filters)
    try:
        return ask(after)
    except (BadInput, NotFound) as error:
        if after and error.code in _NO_PLACE:
            raise BadRequest("http.cursor") from error
        raise


def page_among(
    given: str | None,
    place: str,
    filters: Mapping[str, object],
    limit: int,
    found: Mapping[str, T] | Mapping[int, T],
) -> tuple[list[T], str | None]:
    """Those of things that are known as a whole that stand behind a cursor, and the next cursor.

    In the order of their names.  Raises BadRequest for a cursor that is none of this list.
    """
    after = place_of(given, place, filters)
    names: list[Any] = sorted(found)
    if after is not None:
        if names and type(after) is not type(names[0]):
            raise BadRequest("http.cursor")
        names = [each for each in names if each > after]
    page = page_of([found[each] for each in names], limit, place, filters, names)
    return list(page.items), page.cursor


#: What is said of a place that is none, or no longer one.
_NO_PLACE = frozenset({"list.place", "unknown.meeting"})


def cursor_of(page: Page[T], place: str, filters: Mapping[str, object]) -> str | None:
    """The cursor of the page behind this one, if there is one."""
    return None if page.next is None else cursor(place, filters, page.next)


def page_answer(
    request: Request,
    page: Page[T],
    place: str,
    limit: int,
    shape: Callable[[T], Any],
) -> Response:
    """A page of a list without filters as an answer."""
    follows = cursor_of(page, place, {})
    data = {"items": [shape(each) for each in page.items], "next": follows}
    return answer(data, headers=next_link(request, {}, limit, follows))
