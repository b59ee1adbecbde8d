"""Over HTTP: how one is told, what was sent, what one has taken upon oneself, one's calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from notifications.channels.port import Null
from tests.integration import house as h
from tests.integration.house import Zone
from tests.integration.http.caller import Caller, calling
from tests.integration.test_delivering import ADDRESS, post

HERE: Final = "/api/v1"


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    """A door behind which a matter was tried to be tabled without any review."""
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    zone.refuse(h.TABLE)
    vars(zone.house)["delivering"] = post(zone, Null())
    with calling(zone) as caller:
        yield caller


def test_one_chooses_is_sent_sends_again_and_acknowledges(door: Caller) -> None:
    zone, out = door.zone, door.zone.house.delivering
    seen = door.get(f"{HERE}/preferences", h.CLERK)
    assert (seen.json()["version"], seen.json()["channels"]) == (0, ["null"])
    named = {"If-Match": seen.headers["ETag"]}
    kept = door.post(f"{HERE}/preferences", h.CLERK, ADDRESS, headers=named)
    assert (kept.status_code, kept.json()["addresses"]) == (200, ADDRESS["addresses"])
    again = door.post(f"{HERE}/preferences", h.CLERK, ADDRESS, headers=named)
    assert again.status_code == 409
    pigeon = {"addresses": {"pigeon": "x"}}
    tagged = {"If-Match": kept.headers["ETag"]}
    assert door.post(f"{HERE}/preferences", h.CLERK, pigeon, headers=tagged).status_code == 422
    out.dispatch.run(zone.code)
    out.sending.run_all(zone.code)
    (item,) = door.get(f"{HERE}/deliveries?state=sent", h.CLERK).json()["items"]
    assert (item["state"], item["recipient"], item["doubtful"]) == ("sent", h.CLERK, 0)
    assert door.get(f"{HERE}/deliveries", h.HEAD).json() == {"items": [], "next": None}
    assert len(door.get(f"{HERE}/deliveries?limit=1", h.KEEPER).json()["items"]) == 1
    place = f"{HERE}/deliveries/{item['id']}/resending"
    assert door.post(place, h.HEAD, {}).status_code == 404
    once = {"Idempotency-Key": "send-it-again"}
    made = [door.post(place, h.CLERK, {}, headers=once).json()["delivery"] for _ in range(2)]
    assert made[0] == made[1] != item["id"]
    alert = f"{HERE}/inbox/{item['alert']}"
    assert door.post(f"{alert}/acknowledgement", h.HEAD, {}).status_code == 404
    assert door.post(f"{alert}/acknowledgement", h.CLERK, {}).json() == {"done": True}
    assert door.get(f"{HERE}/inbox", h.CLERK).json()["items"][-1]["read"] is True


def unfolded(file: str) -> list[dict[str, str]]:
    """The events of an iCalendar file, read as RFC 5545 has it and by nothing that wrote it."""
    assert file.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", file).split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and ":" in line:
            name, _, value = line.partition(":")
            events[-1][name.partition(";")[0]] = re.sub(r"\\([,;\\])", r"\1", value)
    return events


def test_a_calendar_is_read_by_its_secret_address_alone_until_it_is_revoked(door: Caller) -> None:
    once = {"Idempotency-Key": "my-calendar-1"}
    made = door.post(f"{HERE}/feeds", h.KEEPER, {}, headers=once)
    assert door.post(f"{HERE}/feeds", h.KEEPER, {}, headers=once).status_code == 409
    path = made.json()["path"]
    found = door.client.request("GET", path)
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    (meeting,) = unfolded(found.text)
    assert meeting["SUMMARY"] == "会议 M2026-001"
    assert meeting["UID"] == "meeting.M2026-001@jiyuan_htz.yicheng"
    assert (meeting["CLASS"], meeting["DTSTART"]) == ("PRIVATE", "20260316")
    (feed,) = door.get(f"{HERE}/feeds", h.KEEPER).json()["items"]
    assert door.post(f"{HERE}/feeds/{feed['feed']}/revocation", h.HEAD, {}).status_code == 404
    assert door.post(f"{HERE}/feeds/{feed['feed']}/revocation", h.KEEPER, {}).status_code == 200
    assert door.client.request("GET", path).status_code == 404
