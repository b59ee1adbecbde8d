"""What goes out of one's alerts, how one wishes to be told, and one's calendar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.asking import reader_of
from api.http.authentication import asked
from api.http.door import Call, Door, door_of, trace_of
from api.http.errors import NoSuchPlace
from api.http.etags import tag, version_of
from api.http.idempotency import bound_key, key_of
from api.http.routes.commanding import Body
from api.http.shapes import notices as told
from api.http.table import Asked, IfMatch, Key, Named, Table, Whole
from notifications.feeding import Entry, calendar, deadlines, meetings, reminded
from notifications.once import Once
from notifications.outbox import Delivery, states_of
from notifications.preferences import Preference
from notifications.wishing import Wished
from workflow.access import Area, Scope
from workflow.catalogue import Catalogue, catalogue_for
from workflow.errors import Forbidden, NotFound

Own = Annotated[Call, Depends(asked("inbox"))]
Number = Annotated[Whole, Path(ge=1, le=2**53)]
Before = Annotated[Whole, Query(ge=0, le=2**53)]
Most = Annotated[Whole, Query(ge=1, le=200)]
_INBOX: Final = "/api/v1/inbox/{alert}"
_DELIVERIES: Final = "/api/v1/deliveries"
_PREFERENCES: Final = "/api/v1/preferences"
_FEEDS: Final = "/api/v1/feeds"
_KIND: Final = "preference"


def add(table: Table) -> None:
    """Enter what one does with one's alerts, and how they come."""
    table.post(f"{_INBOX}/reading", "read_alert", "inbox", told.Done, _read, body=_NOTHING)
    table.post(
        f"{_INBOX}/acknowledgement",
        "acknowledge_alert",
        "inbox",
        told.Done,
        _acknowledge,
        body=_NOTHING,
    )
    table.get(_PREFERENCES, "preferences", "inbox", told.Preferences, _preferences, tagged=True)
    table.post(
        _PREFERENCES,
        "prefer",
        "inbox",
        told.Preferences,
        _prefer,
        versioned=True,
        body=_sent(Preference.model_json_schema()),
    )
    table.get(_DELIVERIES, "deliveries", "inbox", told.Deliveries, _deliveries)
    table.post(
        f"{_DELIVERIES}/{{delivery}}/resending",
        "resend_delivery",
        "inbox",
        told.Resent,
        _resend,
        body=_NOTHING,
    )
    table.get(_FEEDS, "feeds", "inbox", told.Feeds, _feeds)
    table.post(_FEEDS, "make_feed", "inbox", told.NewFeed, _subscribe, body=_NOTHING)
    table.post(
        f"{_FEEDS}/{{feed}}/revocation", "revoke_feed", "inbox", told.Done, _revoke, body=_NOTHING
    )
    table.open(f"{_FEEDS}/{{secret}}/calendar", "feed_calendar", bytes, _calendar, 404, 422)


def _sent(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": dict(schema)}}}


_NOTHING: Final = {
    "required": False,
    "content": {"application/json": {"schema": {"type": "object", "additionalProperties": False}}},
}


def _person(call: Call) -> None:
    """Raises Forbidden for whoever has no inbox."""
    call.ask.need(Area.INBOX)


def _mark(call: Call, alert: int, key: str | None, *, acknowledged: bool) -> Response:
    key_of(key)
    _person(call)
    call.house.delivering.wishing.mark(
        call.organisation, call.account, alert, acknowledged=acknowledged
    )
    return answer({"done": True})


def _read(alert: Number, call: Own, key: Key = None) -> Response:
    """Note that one has read an alert."""
    return _mark(call, alert, key, acknowledged=False)


def _acknowledge(alert: Number, call: Own, key: Key = None) -> Response:
    """Note that one has taken an alert upon oneself."""
    return _mark(call, alert, key, acknowledged=True)


def _wished(call: Call, found: Wished) -> Response:
    delivering = call.house.delivering
    data = {
        "account": call.account,
        "version": found.version,
        **found.preference.model_dump(mode="json"),
        "channels": sorted(delivering.channels),
        "switchable": sorted(delivering.wishing.may_switch_off(call.organisation)),
    }
    return answer(
        data, headers={"ETag": tag(call.organisation, _KIND, call.account, found.version)}
    )


def _preferences(call: Own) -> Response:
    """How one wishes to be told."""
    _person(call)
    return _wished(call, call.house.delivering.wishing.preference(call.organisation, call.account))


def _prefer(call: Own, body: Body, key: Key = None, if_match: IfMatch = None) -> Response:
    """Choose how one wishes to be told."""
    key_of(key)
    _person(call)
    seen = version_of(if_match, call.organisation, _KIND, call.account)
    wishing = call.house.delivering.wishing
    return _wished(call, wishing.prefer(call.organisation, call.account, body, int(seen)))


def _whose(call: Call) -> str | None:
    """Whose deliveries somebody may see: their own, or all where they look after failures."""
    outbox = call.house.delivering.outbox
    return None if outbox.looks_after(call.organisation, call.account) else call.account


def _deliveries(call: Own, state: Asked = None, before: Before = 0, limit: Most = 50) -> Response:
    """What went out of one's alerts, waits or failed."""
    _person(call)
    states, account = states_of(state), _whose(call)
    outbox = call.house.delivering.outbox
    found = outbox.deliveries(call.organisation, states, limit + 1, before, account)
    last = found[limit - 1].id if len(found) > limit else None
    return answer({"items": [_data(each) for each in found[:limit]], "next": last})


def _data(each: Delivery) -> dict[str, Any]:
    data = asdict(each)
    for name in ("not_before", "next_at", "expires_at", "sent_at"):
        data[name] = None if data[name] is None else data[name].isoformat()
    return data


def _once(call: Call, key: str | None, *what: object) -> Once:
    return Once(bound_key(key, call.account), json.dumps([call.account, *what]))


def _resend(delivery: Number, call: Own, key: Key = None) -> Response:
    """Send something once more."""
    once = _once(call, key, "resend", delivery)
    _person(call)
    outbox = call.house.delivering.outbox
    made = outbox.resend(call.organisation, delivery, _whose(call), once)
    return answer({"delivery": made})


# --- calendars ---


def _feeds(call: Own) -> Response:
    """The calendars that one subscribed to."""
    _person(call)
    found = call.house.delivering.wishing.feeds(call.organisation, call.account)
    return answer(
        {"items": [{"feed": each.id, "created_at": each.created_at.isoformat()} for each in found]}
    )


def _subscribe(call: Own, key: Key = None) -> Response:
    """A calendar under a new secret address."""
    once = _once(call, key, "subscribe")
    _person(call)
    secret = call.house.delivering.wishing.subscribe(call.organisation, call.account, once)
    return answer({"path": f"{_FEEDS}/{secret}/calendar", "secret": secret})


def _revoke(feed: Number, call: Own, key: Key = None) -> Response:
    """Have an address lead nowhere any more."""
    key_of(key)
    _person(call)
    call.house.delivering.wishing.revoke(call.organisation, call.account, feed)
    return answer({"done": True})


def _calendar(request: Request, secret: Named, door: Annotated[Door, Depends(door_of)]) -> Response:
    """One's days, for whoever knows the address; as little as ever can be told of a wrong one."""
    house = door.house
    try:
        organisation, account = house.delivering.wishing.whose(secret)
        catalogue, entries = _days(door, organisation, account)
    except (NotFound, Forbidden):
        raise NoSuchPlace("http.no_such_place") from None
    trace_of(request).organisation = organisation
    file = calendar(catalogue, organisation, entries, house.link, house.clock.now())
    headers = {"Content-Disposition": 'attachment; filename="yicheng.ics"'}
    return Response(file, headers=headers, media_type="text/calendar; charset=utf-8")


def _days(door: Door, organisation: str, account: str) -> tuple[Catalogue, list[Entry]]:
    """What stands in a calendar, and in which language.  Raises NotFound, Forbidden."""
    house = door.house
    if house.identity.is_disabled(organisation, account):
        raise NotFound("unknown.calendar")
    reader = reader_of(house, organisation, account)
    wished = house.delivering.wishing.preference(organisation, account).preference
    catalogue = catalogue_for(wished.language)
    told = [each.notice for each in reader.told_and_standing() if each.settled is None]
    directory = reader.words()[1]
    days = (
        *reminded(catalogue, directory, told, reader.told_of(told)),
        *deadlines(catalogue, account, reader.debts()),
    )
    # What is owed now is nearer the truth than what was told of it some time ago.
    entries = list({each.id: each for each in days}.values())
    if reader.rights().scope(Area.MEETINGS) is not Scope.NOTHING:
        entries += meetings(catalogue, reader.meetings_page().items)
    return catalogue, entries
