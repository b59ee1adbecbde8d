"""The versions of a matter's text, what parts them, and what became of the opinions on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.http.answering import answer, matter_tag, of_matter
from api.http.authentication import asked
from api.http.changing import origin_of
from api.http.door import Call
from api.http.pages import page_of, place_of
from api.http.paging import Limit, next_link, page_among
from api.http.shapes.matters import Drafts, DraftText, Opinions, Submissions, TextDifferences
from api.http.table import Cursor, HtmlPage, Named, Table, Whole
from api.presenting.adoption import adoption_data
from api.presenting.data import draft_data
from api.presenting.texts import page_of as html_of
from api.presenting.texts import pieces
from workflow.errors import Forbidden, NotFound
from workflow.inquiry import Reader, Standing
from workflow.submissions import Submission

Texts = Annotated[Call, Depends(asked("drafts"))]
Opened = Annotated[Call, Depends(asked("opinions"))]
Number = Annotated[Whole, Path(ge=1, le=2**31 - 1)]
T = TypeVar("T")


def add(table: Table) -> None:
    """Enter the questions about texts and opinions."""
    one = "/api/v1/matters/{number}"
    table.get(f"{one}/drafts", "drafts", "drafts", Drafts, _drafts, tagged=True, paged=True)
    table.get(f"{one}/drafts/{{draft}}", "draft", "drafts", DraftText, _draft, tagged=True)
    table.get(
        f"{one}/drafts/{{a}}/differences/{{b}}",
        "draft_differences",
        "drafts",
        TextDifferences,
        _differences,
        tagged=True,
    )
    table.get(
        f"{one}/drafts/{{a}}/differences/{{b}}/page",
        "draft_differences_page",
        "drafts",
        HtmlPage,
        _differences_page,
        tagged=True,
    )
    table.get(f"{one}/opinions", "opinions", "opinions", Opinions, _opinions, tagged=True)
    path = f"{one}/submissions"
    table.get(path, "submissions", "opinions", Submissions, _submissions, paged=True)


def _drafts(
    request: Request, number: Named, call: Texts, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """The versions of the text, the oldest first."""
    standing, most = call.ask.matter(number), call.settings.page_of(limit)
    known = {each.number: draft_data(each) for each in standing.facts.drafts}
    told, follows = page_among(cursor, "drafts", {"matter": number}, most, known)
    tag = {"ETag": matter_tag(call, number, standing.facts.version)}
    data = {"matter": number, "drafts": told, "next": follows}
    return answer(data, headers=tag | next_link(request, {}, most, follows))


def _draft(number: Named, draft: Number, call: Texts) -> Response:
    """One version with its text."""
    standing = call.ask.matter(number)
    text = call.ask.draft_text(number, draft)
    return of_matter(call, standing, {"matter": number, **_line(standing, draft), "text": text})


def _line(standing: Standing, number: int) -> dict[str, Any]:
    for each in standing.facts.drafts:
        if each.number == number:
            return draft_data(each)
    raise NotFound("unknown.draft", matter=standing.facts.number, draft=number)


def _differences(number: Named, a: Number, b: Number, call: Texts) -> Response:
    """What parts two versions."""
    standing = call.ask.matter(number)
    before, after = (call.ask.draft_text(number, each) for each in (a, b))
    told = [{"kind": each.kind, "lines": list(each.lines)} for each in pieces(before, after)]
    data = {"matter": number, "before": a, "after": b, "pieces": told}
    return of_matter(call, standing, data)


def _differences_page(number: Named, a: Number, b: Number, call: Texts) -> Response:
    """The same as a page."""
    standing = call.ask.matter(number)
    before, after = (call.ask.draft_text(number, each) for each in (a, b))
    title = call.catalogue.text("matter.diff_title", number=number, before=a, after=b)
    told = html_of(title, call.catalogue.locale, before, after)
    tag = matter_tag(call, number, standing.facts.version)
    return Response(told, headers={"ETag": tag}, media_type="text/html")


def _opinions(
    number: Named, call: Opened, request: Request, *, names: Annotated[bool, Query()] = False
) -> Response:
    """What was said on the draft, and whether and why it was adopted."""
    standing = (
        _with_names(call, request, lambda ask: ask.opinions(number))
        if names
        else call.ask.opinions(number)
    )
    return of_matter(call, standing, adoption_data(standing, identities=names))


def _with_names(call: Call, request: Request, question: Callable[[Reader], T]) -> T:
    """An answer with the personal data in it; noted among the security events before."""
    noted = partial(call.house.identity.note_reading, call.principal, origin_of(request))
    try:
        found = question(call.ask_with_names())
    except Forbidden:
        noted(shown=False)
        raise
    noted(shown=True)
    return found


def _submissions(
    number: Named,
    call: Opened,
    request: Request,
    limit: Limit = None,
    cursor: Cursor = None,
    *,
    names: Annotated[bool, Query()] = False,
) -> Response:
    """What the public sent in, in the order in which it came."""
    most, filters = call.settings.page_of(limit), {"number": number}
    after = place_of(cursor, "submissions", filters)

    def asked_of(ask: Reader) -> list[Submission]:
        return ask.submissions(number, most + 1, int(after or 0))

    found = _with_names(call, request, asked_of) if names else asked_of(call.ask)
    page = page_of(found, most, "submissions", filters, [each.id for each in found])
    items = [
        {
            "step": each.step,
            "text": each.text,
            "digest": each.digest,
            "received_at": each.received_at.isoformat(),
            "late": each.late,
            "number": each.number,
            "taken_in": each.taken_in is not None,
            "name": each.name,
            "contact": each.contact,
        }
        for each in page.items
    ]
    data = {"items": items, "next": page.cursor}
    given = {"names": "true"} if names else {}
    return answer(data, headers=next_link(request, given, most, page.cursor))
