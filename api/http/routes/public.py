"""What everybody may ask and send without signing in; the organisation is named by the address.

Receipts are sent in bodies, never in addresses: addresses stand in the logs of others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.door import Door, door_of, trace_of
from api.http.errors import NOTE
from api.http.idempotency import public_key
from api.http.pages import page_of, place_of
from api.http.paging import Limit, next_link
from api.http.routes.commanding import Body
from api.http.routes.sessions import sent
from api.http.shapes import public as told
from api.http.table import Cursor, Key, Named, Table
from api.http.turnstile import Coming
from procedures import public
from procedures.kinds.hearing import NOTICE
from procedures.kinds.publication import PUBLISH
from workflow.canonical import digest_of
from workflow.facts import CALL
from workflow.inquiry.published import Published
from workflow.service.submitting import end_of_call
from workflow.submissions import MOST_CHARACTERS, Opinion
from workflow.validation import validate

Here = Annotated[Door, Depends(door_of)]
Shape = Callable[[Published, str], object]

_AT: Final = "/api/v1/public/{organisation}"
_ASKED: Final = (404, 422, 503)
_SENT: Final = (422, 429, 503)


def add(table: Table) -> None:
    """Enter what is open to everybody."""
    for path, command, one, many, names, shape in (
        ("calls", CALL, told.PublicCall, told.PublicCalls, "public_call", _call),
        ("hearings", NOTICE, told.PublicHearing, told.PublicHearings, "public_hearing", _hearing),
        (
            "decisions",
            PUBLISH,
            told.PublicDecision,
            told.PublicDecisions,
            "public_decision",
            _decision,
        ),
        (
            "feedback",
            public.FEEDBACK,
            told.PublicFeedback,
            told.PublicFeedbacks,
            "public_feedback",
            _feedback,
        ),
    ):
        listing, single = _listing(path, command, shape), _single(command, shape)
        table.open(f"{_AT}/{path}", f"{names}s", many, listing, *_ASKED, paged=True)
        table.open(f"{_AT}/{path}/{{key}}", names, one, single, *_ASKED)
        if command != public.FEEDBACK:
            address = f"{_AT}/{path}/{{key}}/text"
            table.open(address, f"{names}_text", told.PublicText, _text(command), *_ASKED)
    form = {"required": True, "content": {"application/json": {"schema": _opinion_schema()}}}
    receipt = sent(told.ReceiptForm)
    table.open_post(
        f"{_AT}/calls/{{key}}/submissions",
        "submit_opinion",
        told.SubmissionReceipt,
        _submit,
        form,
        (201, *_SENT),
    )
    table.open_post(
        f"{_AT}/outcomes",
        "submission_outcome",
        told.SubmissionOutcome,
        _outcome,
        receipt,
        (200, *_SENT),
    )
    table.open_post(
        f"{_AT}/personal-data-deletions",
        "delete_submission_person",
        told.Forgotten,
        _forget,
        receipt,
        (200, *_SENT),
    )


def _listing(path: str, command: str, shape: Shape) -> Callable[..., Response]:
    def listed(
        organisation: Named,
        request: Request,
        door: Here,
        limit: Limit = None,
        cursor: Cursor = None,
    ) -> Response:
        size = door.settings.page_of(limit)
        filters = {"organisation": organisation}
        after = place_of(cursor, path, filters)
        found = door.house.public.published(
            organisation, command, size + 1, None if after is None else str(after)
        )
        page = page_of(found, size, path, filters, [each.key for each in found])
        items = [_data(shape, each, request) for each in page.items]
        link = next_link(request, {}, size, page.cursor)
        return answer({"items": items, "next": page.cursor}, headers=link)

    return listed


def _single(command: str, shape: Shape) -> Callable[..., Response]:
    def single(organisation: Named, key: Named, request: Request, door: Here) -> Response:
        found = door.house.public.publication(organisation, command, key)
        return answer(_data(shape, found, request))

    return single


def _text(command: str) -> Callable[..., Response]:
    def text(organisation: Named, key: Named, door: Here) -> Response:
        found = door.house.public.published_text(organisation, command, key)
        return answer({"key": key, "text": found, "digest": digest_of(found)})

    return text


def _data(shape: Shape, found: Published, request: Request) -> dict[str, Any]:
    shaped: Any = shape(found, trace_of(request).locale)
    return {"key": found.key, **_plain(asdict(shaped))}


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Days and instants as text, all else as it is."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _call(found: Published, _: str) -> object:
    ends_at = end_of_call(found.record.day("closes_on"), found.home.time_zone)
    return public.call(found.facts, found.record, ends_at, found.now)


def _hearing(found: Published, _: str) -> object:
    return public.hearing(found.facts, found.record)


def _decision(found: Published, _: str) -> object:
    return public.decision(found.facts, found.record)


def _feedback(found: Published, locale: str) -> object:
    units = found.directory.unit_names
    return public.feedback(found.procedure, found.then, found.record, units, locale)


def _submit(
    organisation: Named, key: Named, request: Request, door: Here, body: Body, again: Key = None
) -> Response:
    """Keep an opinion, and give its receipt; the same one for what is sent again."""
    sent_as = public_key(again)
    call = door.house.submitting.call(organisation, key)
    told = body.get("text")
    # What is longer is refused, and costs whoever else comes from there no more than the longest.
    size = min(len(told), MOST_CHARACTERS) if isinstance(told, str) else 0
    _turn(request, door, Coming("", f"{organisation}/{key}", ends_at=call.ends_at, characters=size))
    sender = door.turnstile.sender(_address(request))
    given = door.house.submitting.submit(organisation, key, body, sent_as, sender)
    say = trace_of(request).catalogue
    which = "replaced" if given.replaced else "late" if given.late else "kept"
    data = {
        "receipt": given.receipt,
        "received_at": given.received_at.isoformat(),
        "digest": given.digest,
        "late": given.late,
        "replaced": given.replaced,
        "message": say.text(f"submission.{which}", ends_at=given.ends_at),
    }
    return answer(data, status=201)


def _outcome(organisation: Named, request: Request, door: Here, body: Body) -> Response:
    """What became of the opinion of a receipt."""
    _turn(request, door)
    receipt = validate(told.ReceiptForm, body).receipt
    found = door.house.public.heard(organisation, receipt)
    became = public.followed(found.procedure, found.facts, found.submission)
    say = trace_of(request).catalogue
    data = _plain(asdict(became)) | {"message": say.text(f"submission.state_{became.state}")}
    return answer(data)


def _forget(organisation: Named, request: Request, door: Here, body: Body) -> Response:
    """Delete who sent in the opinion of a receipt; the opinion stays."""
    _turn(request, door)
    receipt = validate(told.ReceiptForm, body).receipt
    return answer({"deleted": door.house.submitting.forget(organisation, receipt)})


def _turn(request: Request, door: Door, coming: Coming | None = None) -> None:
    """Wait in line.  Raises TooMany."""
    coming = replace(
        coming or Coming(""), address=_address(request), note=request.headers.get(NOTE)
    )
    door.turnstile.admit(coming, door.house.clock.now())


def _address(request: Request) -> str:
    return "" if request.client is None else request.client.host


def _opinion_schema() -> dict[str, Any]:
    schema = Opinion.model_json_schema()
    inner = schema.pop("$defs", {})
    schema["properties"]["person"] = inner["Person"]
    return schema
