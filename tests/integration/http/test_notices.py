"""Over HTTP: how one is told, what was sent, what one has taken upon oneself, one's calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from notifications.channels.port import Failed, Null
from notifications.rules import shipped_notices
from notifications.sweep import Sweep
from tests.integration import house as h
from tests.integration.house import Zone
from tests.integration.http.caller import Caller, calling
from tests.integration.test_delivering import ADDRESS, later, post
from tests.integration.test_reading import restrict
from tests.year.life import CANCEL

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


def swept(zone: Zone) -> None:
    house = zone.house
    Sweep(house.uow, house.inquiry, house.clock, shipped_notices()).run()


def days_of(door: Caller, account: str) -> dict[str, tuple[str, str]]:
    """What is in somebody's calendar: the day and the title, by the name of each."""
    path = door.post(f"{HERE}/feeds", account, {}).json()["path"]
    events = unfolded(door.client.request("GET", path).text)
    found = {each["UID"].partition("@")[0]: (each["DTSTART"], each["SUMMARY"]) for each in events}
    assert len(found) == len(events)
    return found


def test_a_calendar_has_the_last_days_that_one_was_reminded_of(door: Caller) -> None:
    zone = door.zone
    zone.on("2026-03-12")
    swept(zone)
    found = days_of(door, h.KEEPER)
    freeze = found["freeze.agenda.notice.M2026-001"]
    assert freeze == ("20260313", "到期：议程定稿并通知（会议 M2026-001）")
    assert found["duty.law_study.20261"] == ("20260331", "到期：‘每季一法’集体学法（分派定期职责）")
    assert "freeze.agenda.notice.M2026-001" not in days_of(door, h.CLERK)
    zone.do(CANCEL)
    swept(zone)
    left = days_of(door, h.KEEPER)
    assert "freeze.agenda.notice.M2026-001" not in left
    assert left["meeting.M2026-001"] == ("20260316", "已取消：会议 M2026-001")
    assert "duty.law_study.20261" in left


def test_of_a_matter_that_is_closed_a_calendar_has_the_number_and_the_last_day(zone: Zone) -> None:
    zone.advance_to("drafted", h.WHOLE)
    zone.do(h.HEARING_NOTICE)
    zone.do(h.HEARING_LIST)
    name = "2026-0001.deliver_hearing_papers.hearing"
    with calling(zone) as door:
        found: dict[str, tuple[str, str]] = {}
        while name not in found:
            zone.wait(1)
            swept(zone)
            found = days_of(door, h.CLERK)
        day, title = found[name]
        assert day > f"{zone.today:%Y%m%d}"
        assert "污水处理收费标准调整" in title
        zone.do(restrict(h.CLERK, h.HEAD))
        assert days_of(door, h.CLERK)[name] == (day, "有一项办理事项到期（2026-0001）")


def numbers(door: Caller) -> dict[str, float]:
    """The numbers about notices, by name and label."""
    told = door.client.request("GET", "/metrics").text
    lines = (each.split() for each in told.splitlines() if not each.startswith("#"))
    return {
        name: float(value)
        for name, value in lines
        if name.startswith(("yicheng_notices", "yicheng_deliveries"))
    }


def test_the_numbers_tell_what_waits_since_when_and_what_became_of_it(door: Caller) -> None:
    zone, out = door.zone, door.zone.house.delivering
    for account in (h.CLERK, h.HEAD):
        out.wishing.prefer(zone.code, account, ADDRESS)
    alerts = len(zone.rows("SELECT id FROM alert"))
    assert alerts > 2
    told = numbers(door)
    assert told['yicheng_notices{state="undispatched"}'] == alerts
    assert told["yicheng_notices_oldest_seconds"] == 0
    assert out.dispatch.run(zone.code).deliveries == 2
    later(zone, seconds=90)
    told = numbers(door)
    assert told['yicheng_notices{state="undispatched"}'] == 0
    assert told['yicheng_notices{state="due"}'] == 2
    assert told["yicheng_notices_oldest_seconds"] == 90
    later(zone, days=2)
    vars(out.channels["null"])["results"] = [Failed("refused:550", lasting=True)]
    out.sending.run_all(zone.code)
    told = numbers(door)
    ended = {name: told[f'yicheng_deliveries{{ended="{name}"}}'] for name in ("sent", "late")}
    assert ended == {"sent": 1, "late": 1}
    assert told['yicheng_deliveries{ended="failed"}'] == 1
    assert told['yicheng_notices{state="failed"}'] == 1
    assert told['yicheng_notices{state="due"}'] == 0
