"""Lists of matters: filtered, in every order, searched, a page at a time, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration import house as h
from tests.integration.house import Zone
from workflow.errors import BadInput, Forbidden, NotFound
from workflow.inquiry import Line, Page, Part, Query, Sort
from workflow.store import searches

TITLES = ("污水处理收费标准调整", "ＰＰＰ项目实施方案", "供热管网改造", "費用分攤辦法")


def proposed(zone: Zone, title: str, **more: object) -> str:
    zone.do(h.propose().with_(title=title, **more))
    return str(zone.matter)


def found(zone: Zone, query: Query) -> list[str]:
    return [line.number for line in zone.house.inquiry.listed(zone.code, query).items]


def walked(zone: Zone, query: Query) -> list[str]:
    """The same, two at a time."""
    numbers: list[str] = []
    page: Page[Line] = zone.house.inquiry.listed(zone.code, replace(query, limit=2))
    while True:
        numbers += [line.number for line in page.items]
        if page.next is None:
            return numbers
        step = replace(query, limit=2, after=page.next)
        page = zone.house.inquiry.listed(zone.code, step)


def test_matters_are_listed_searched_and_paged(zone: Zone) -> None:
    price, ppp, heat, fees = (proposed(zone, title) for title in TITLES)
    zone.wait(1)
    zone.do(h.STUDY, matter=ppp)
    zone.do(h.PROPOSE_SECRET)
    stub = str(zone.matter)
    tabled = zone.advance_to("tabled")
    everything = [price, ppp, heat, fees, stub, tabled]

    _orders(zone, everything)
    _searches(zone, everything)
    _filters(zone, everything)


def _orders(zone: Zone, everything: list[str]) -> None:
    """In every order, in both directions, page by page as at once."""
    _, ppp, _, _, stub, tabled = everything
    for sort in Sort:
        for descending in (False, True):
            search = "污水" if sort is Sort.RELEVANCE else ""
            query = Query(sort=sort, descending=descending, search=search)
            assert walked(zone, query) == found(zone, query)
            if not search:
                assert sorted(walked(zone, query)) == everything
    assert found(zone, Query(descending=True)) == everything[::-1]
    assert found(zone, Query(sort=Sort.CHANGED, descending=True))[0] == tabled
    assert found(zone, Query(sort=Sort.TITLE))[:2] == [stub, ppp]


def _searches(zone: Zone, everything: list[str]) -> None:
    price, ppp, heat, fees, _, tabled = everything

    def said(text: str) -> list[str]:
        return found(zone, Query(search=text))

    assert said("污水") == [price, tabled]
    assert said("热") == [heat]
    assert said("ppp") == said("ｐｐ") == [ppp]
    assert said("費用") == [fees]
    assert said("费用") == []
    assert said("理准") == said("没有") == said("。") == []
    assert said("处理 上升") == [price, tabled]
    assert said(tabled) == [tabled]
    assert said("收不抵支") == [ppp, tabled]
    assert said("用水量计收") == [tabled]
    assert said(f'_%{chr(39)} OR ) " * NEAR') == []
    line = zone.house.inquiry.listed(zone.code, Query(search="用水量 第一条")).items[0]
    assert [each.part for each in line.found] == [Part.DRAFT]
    assert [line.found[0].text[a:b] for a, b in line.found[0].marks] == ["第一条", "用水量"]
    zone.do(h.UNTABLE)
    zone.do(h.REWRITE.with_(text="第二条　按表计收。"))
    assert said("用水量") == []
    assert said("按表") == [tabled]


def _filters(zone: Zone, everything: list[str]) -> None:
    _, ppp, heat, fees, stub, tabled = everything
    stages = frozenset({"off_system"})
    assert found(zone, Query(stages=stages)) == [stub]
    assert found(zone, Query(units=frozenset({"planning_construction"}))) == everything
    assert found(zone, Query(units=frozenset({"finance"}))) == []
    assert found(zone, Query(year=2025)) == found(zone, Query(procedure="other")) == []
    assert found(zone, Query(paused=True)) == found(zone, Query(on_agenda=True)) == []
    assert found(zone, Query(owing=True)) == found(zone, Query(least_yuan=1, most_yuan=2)) == []
    assert found(zone, Query(ties={"project": "甲"}, overdue=True)) == []
    since = zone.house.inquiry.listed(zone.code, Query()).items[1].changed_at
    assert found(zone, Query(changed_since=since)) == [ppp, stub, tabled]
    assert found(zone, Query(limit=2, after=(ppp,))) == [heat, fees]
    with pytest.raises(BadInput):
        found(zone, Query(after=("x",)))


def test_journal_alerts_meetings_and_people_come_in_pages(zone: Zone) -> None:
    zone.advance_to("ready")
    for _ in range(3):
        zone.do(h.CONVENE)
        zone.refuse(h.TABLE)
        zone.wait(1)
    inquiry = zone.house.inquiry

    def whole(ask: object, *given: object) -> list[object]:
        found_: list[object] = []
        after: tuple[str, ...] = ()
        while True:
            page = ask(zone.code, *given, limit=2, after=after)  # type: ignore[operator]
            found_ += page.items
            if page.next is None:
                return found_
            after = page.next

    assert whole(inquiry.journal_page) == list(inquiry.entries(zone.code))
    told = inquiry.inbox(zone.code, h.LEGAL_HEAD)
    assert len(told) == 3
    assert whole(inquiry.inbox_page, h.LEGAL_HEAD) == told
    assert [each.meeting for each in whole(inquiry.meetings_page)] == [  # type: ignore[attr-defined]
        each.meeting for each in inquiry.meetings(zone.code)
    ]
    assert whole(inquiry.people_page) == sorted(inquiry.directory(zone.code).persons)
    with pytest.raises(NotFound):
        inquiry.inbox_page(zone.code, "nobody")
    with pytest.raises(NotFound):
        inquiry.meetings_page(zone.code, after=("M1999-001",))


@pytest.mark.parametrize("common", [1, searches.COMMON])
def test_nobody_finds_what_is_not_shown_to_them(
    zone: Zone, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether words are rare or common: they are looked for by other ways then."""
    monkeypatch.setattr(searches, "COMMON", common)
    zone.advance_to("drafting")
    drafting = str(zone.matter)
    tabled = zone.advance_to("tabled")
    inquiry = zone.house.inquiry

    def seen(account: str, query: Query) -> list[str]:
        return [line.number for line in inquiry.seen_by(zone.code, account).listed(query).items]

    words = ("", "污水", "成本上升", "收不抵支", "用水量", tabled, drafting)
    for account in inquiry.directory(zone.code).persons:
        reader = inquiry.seen_by(zone.code, account)
        try:
            known = [line.number for line in reader.listed(Query()).items]
        except Forbidden:
            continue
        for word in words:
            ranked = seen(account, Query(search=word))
            assert set(ranked) <= set(known)
            assert seen(account, Query(search=word, sort=Sort.NUMBER)) == sorted(ranked)
    assert seen(h.CLERK, Query(search="用水量")) == [tabled]
    assert seen(h.KEEPER, Query(search="收不抵支")) == [drafting, tabled]
