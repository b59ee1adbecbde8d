"""Lists over HTTP: filtered, in every order, searched, paged to the end, as sheets; rights kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

import procedures
from api.bootstrap import stage
from api.cli.playing import fresh_house
from api.http.settings import DoorSettings
from api.rehearsal import play
from procedures.scenario import load_scenario
from tests.integration import house as h
from tests.integration.house import DIRECTOR, KEEPER, Zone, propose
from tests.integration.http.caller import Caller, calling
from tests.unit.test_cells import ATTACKS

LIST = "/api/v1/matters"
SCENARIOS = Path(procedures.__file__).with_name("scenarios")
PHONE = "13812345678"
TITLES = ("污水处理收费标准调整", "ＰＰＰ项目实施方案", "供热管网改造", "費用分攤辦法")


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    with calling(zone, DoorSettings(page=2, longest_page=50, sheet=40)) as caller:
        yield caller


def asked(door: Caller, account: str = DIRECTOR, **query: object) -> Any:
    return door.get(f"{LIST}?{urlencode(query)}", account)


def numbers(door: Caller, account: str = DIRECTOR, **query: object) -> list[str]:
    """What a query finds, by its first page."""
    told = asked(door, account, **{"limit": 50, **query})
    assert told.status_code == 200, told.text
    return [each["matter"] for each in told.json()["items"]]


def walked(door: Caller, path: str, account: str, key: str) -> list[Any]:
    """A list to its end, by the links of its pages."""
    found: list[Any] = []
    address = path
    while True:
        told = door.get(address, account)
        assert told.status_code == 200, told.text
        found += [each[key] for each in told.json()["items"]]
        if told.json()["next"] is None:
            assert "link" not in told.headers
            return found
        address = told.headers["link"].partition("<")[2].partition(">")[0]


def matter(zone: Zone, title: str, actor: str = h.CLERK, **more: object) -> str:
    zone.do(propose(h.QUICK, actor).with_(title=title, **more))
    return str(zone.matter)


def test_matters_are_filtered_ordered_searched_and_paged(door: Caller) -> None:
    zone = door.zone
    price, ppp, heat, fees = (matter(zone, title) for title in TITLES)
    zone.wait(1)
    since = zone.house.clock.now().isoformat()
    zone.do(h.STUDY, matter=ppp)
    other = matter(zone, "园区绿化", "economy.clerk", reasons=f"来电{PHONE}反映")
    tabled = zone.advance_to("tabled")
    everything = [price, ppp, heat, fees, other, tabled]

    _filters(door, everything, since)
    _pages(door, everything)
    _snippets(door, other, tabled)
    _mistakes(door)


def _filters(door: Caller, everything: list[str], since: str) -> None:
    price, ppp, heat, fees, other, tabled = everything
    for query, found in (
        ({}, everything),
        ({"stage": "tabled"}, [tabled]),
        ({"stage": "tabled,proposed"}, everything),
        ({"unit": "economic_development"}, [other]),
        ({"unit": "finance"}, []),
        ({"procedure": "nothing"}, []),
        ({"year": 2026}, everything),
        ({"year": 2025}, []),
        ({"paused": "true"}, []),
        ({"paused": "false", "on_agenda": "true"}, [tabled]),
        ({"on_agenda": "false"}, everything[:-1]),
        ({"changed_since": since}, [ppp, other, tabled]),
        ({"owing": "true"}, []),
        ({"overdue": "true"}, []),
        ({"least_yuan": 1, "most_yuan": 2}, []),
        ({"project": "甲", "counterparty": "乙", "purpose": "丙"}, []),
        ({"search": "污水"}, [price, tabled]),
        ({"search": "ppp"}, [ppp]),
        ({"search": "費用"}, [fees]),
        ({"search": "污水", "sort": "number", "descending": "true"}, [tabled, price]),
        ({"search": "污水", "stage": "tabled"}, [tabled]),
        ({"descending": "true"}, everything[::-1]),
        ({"sort": "title"}, [ppp, heat, other, price, tabled, fees]),
    ):
        assert numbers(door, **query) == found, query
    assert numbers(door, sort="changed", descending="true")[0] == tabled
    assert set(numbers(door, sort="stage")) == set(everything)


def _pages(door: Caller, everything: list[str]) -> None:
    """To the end while others propose: nothing twice, nothing of before left out."""
    for number, query in enumerate(
        (
            "",
            "?descending=true",
            "?sort=title",
            "?sort=stage&descending=true",
            "?sort=changed",
            f"?search={quote('污水')}",
        )
    ):
        address, found = LIST + query, list[str]()
        while address:
            told = door.get(address, DIRECTOR)
            found += [each["matter"] for each in told.json()["items"]]
            matter(door.zone, f"污水后来{number}") if len(found) < 5 else None
            address = told.headers.get("link", "").partition("<")[2].partition(">")[0]
        assert len(found) == len(set(found)), query
        before = {everything[0], everything[-1]} if "search" in query else set(everything)
        assert before <= set(found), query


def _snippets(door: Caller, other: str, tabled: str) -> None:
    """Where it was found is shown; what is masked elsewhere is masked here and finds nothing."""
    (line,) = asked(door, search="用水量 第一条").json()["items"]
    (found,) = line["found"]
    assert (line["matter"], found["part"]) == (tabled, "draft")
    assert [found["text"][a:b] for a, b in found["marks"]] == ["第一条", "用水量"]
    told = asked(door, "economy.clerk", search="来电")
    assert [each["matter"] for each in told.json()["items"]] == [other]
    assert "来电" in told.json()["items"][0]["found"][0]["text"]
    assert "138" not in told.text
    for word in (PHONE, PHONE[:5]):
        assert numbers(door, search=word) == []
    assert numbers(door, search="园区绿化 反映") == [other]
    assert numbers(door, "party.member.1") == [tabled]
    assert numbers(door, "party.member.1", search="绿化") == []


def _mistakes(door: Caller) -> None:
    first = asked(door, search="污水", limit=1).json()["next"]
    english = {"Accept-Language": "en"}
    for query in (
        {"cursor": first},
        {"cursor": first, "search": "污"},
        {"cursor": first, "search": "污水", "sort": "number"},
        {"cursor": first, "search": "污水", "descending": "true"},
        {"cursor": first[:-2] + "AA", "search": "污水"},
        {"cursor": "x", "search": "污水"},
    ):
        told = door.get(f"{LIST}?{urlencode(query)}", DIRECTOR, headers=english)
        assert (told.status_code, told.json()["code"]) == (400, "http.cursor")
        assert told.json()["detail"].startswith("This cursor is none of this list")
    assert asked(door, cursor=first, search="污水").status_code == 200
    for query, status, code in (
        ({"nix": "1"}, 422, "http.parameters"),
        ({"stage": "nix"}, 404, "matter.unknown_stage"),
        ({"unit": "nix"}, 404, "unknown.unit"),
        ({"sort": "nix"}, 422, "http.parameters"),
        ({"sort": "relevance"}, 422, "list.relevance_of_nothing"),
        ({"paused": "1"}, 422, "http.parameters"),
        ({"year": "26"}, 422, "http.parameters"),
        ({"changed_since": "2026-03-02"}, 422, "http.parameters"),
        ({"changed_since": "2026-03-02T09:00:00"}, 422, "http.parameters"),
        ({"changed_since": "0001-01-01T00:00:00+08:00"}, 422, "list.time_zone"),
        ({"least_yuan": "-1"}, 422, "http.parameters"),
        ({"limit": "0"}, 422, "http.parameters"),
        ({"search": ""}, 422, "http.parameters"),
    ):
        told = asked(door, **query)
        assert (told.status_code, told.json()["code"]) == (status, code), query


def test_a_list_is_a_sheet_for_whoever_asks_for_one(door: Caller) -> None:
    zone = door.zone
    made = {matter(zone, each): each for each in ATTACKS if each.strip() and each.isprintable()}
    told = door.get(LIST, DIRECTOR, headers={"Accept": "text/csv"})
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert told.headers["x-content-type-options"] == "nosniff"
    assert told.headers["content-disposition"].startswith("attachment; filename=")
    assert told.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(StringIO(told.content.decode("utf-8-sig"), newline=""))
    assert header[:2] == ["编号", "标题"]
    assert [row[0] for row in rows] == list(made)
    for row in rows:
        assert len(row) == len(header)
        for each in row:
            assert each.strip()[:1] not in tuple("=+-@＝＋－＠\t\r"), each
    english = {"Accept": "text/csv", "Accept-Language": "en"}
    first = door.get(f"{LIST}?limit=1", DIRECTOR, headers=english)
    assert '"Number","Title"' in first.text
    assert "cursor=" in first.headers["link"]
    assert door.get(LIST, "system_administrator", headers=english).headers["content-type"] == (
        "application/problem+json"
    )


def test_the_other_lists_come_in_pages_to_their_end(door: Caller) -> None:
    zone = door.zone
    zone.advance_to("ready")
    for _ in range(3):
        zone.do(h.CONVENE)
        zone.refuse(h.TABLE)
        zone.wait(1)
    inquiry = zone.house.inquiry
    people = door.get("/api/v1/people?limit=50", DIRECTOR).json()["people"]
    assert [each["account"] for each in people] == sorted(inquiry.directory(zone.code).persons)[:50]
    account = h.LEGAL_HEAD
    told = [each for each in walked(door, "/api/v1/inbox?limit=2", account, "id") if each]
    assert told == [each.id for each in inquiry.inbox(zone.code, account)]
    assert len(told) == 3
    entries = walked(door, "/api/v1/journal?limit=50", DIRECTOR, "entry")
    assert entries == [each.seq for each in inquiry.entries(zone.code)]
    of_one = f"{LIST}/{zone.matter}/journal"
    assert set(walked(door, of_one, DIRECTOR, "entry")) < set(entries)
    meetings = walked(door, "/api/v1/meetings?limit=1", DIRECTOR, "meeting")
    assert meetings == [each.meeting.code for each in inquiry.meetings(zone.code)]
    matter(zone, "绿化")
    assert walked(door, "/api/v1/departures?limit=1", "discipline.supervisor", "matter") == [
        "2026-0001",
        "2026-0002",
    ]
    sheet = door.get("/api/v1/inbox", account, headers={"Accept": "text/csv"})
    assert len(list(csv.reader(StringIO(sheet.content.decode("utf-8-sig"), newline="")))) > 3
    theirs = door.get("/api/v1/inbox?limit=2", account).json()["next"]
    for path in ("inbox", "meetings", "departures", "people", "journal"):
        refused = door.get(f"/api/v1/{path}?cursor={theirs}", KEEPER)
        assert refused.status_code == 400, path


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_owed_comes_first_in_an_inbox_and_alerts_follow_page_by_page(
    database_url: str,
) -> None:
    """A month after the decision its publication is overdue; whoever sees a part is not told."""
    scenario = load_scenario(SCENARIOS / "suspend_then_adjust.yaml")
    with fresh_house(database_url, scenario) as house:
        zone = Zone(database_url, house, scenario.organisation)
        for played in play(scenario, stage(house, scenario.organisation)):
            if played.step.do == "assign_execution" and played.step.expect == "done":
                house.clock.set(played.at + timedelta(days=34))
                break
        with calling(zone) as door:
            own = door.get("/api/v1/inbox?limit=50", h.CLERK).json()["items"]
            assert own[0]["kind"] in ("owed", "duty")
            alerts = 0
            for account in house.inquiry.directory(zone.code).persons:
                whole = door.get("/api/v1/inbox?limit=50", account)
                if whole.status_code == 200:
                    told_ = whole.json()["items"]
                    paged = walked(door, "/api/v1/inbox?limit=1", account, "todo")
                    assert paged == [each["todo"] for each in told_], account
                    alerts += sum(1 for each in told_ if each["id"])
                reader = house.inquiry.seen_by(zone.code, account)
                told = door.get(f"{LIST}?owing=true", account)
                if told.status_code == 200:
                    listed = [each["matter"] for each in told.json()["items"]]
                    assert listed == [each.facts.number for each in reader.debts()], account
            assert alerts > 0
            assert numbers(door, h.CLERK, overdue="true") == ["2026-0001"]
            assert numbers(door, h.COUNSEL, owing="true") == []
            # The review is over and never comes back: what was counsel's task is none any more.
            assert numbers(door, h.COUNSEL) == []
