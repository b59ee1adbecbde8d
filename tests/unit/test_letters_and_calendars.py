"""What leaves the house: messages in words, and calendars to subscribe to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

from icalendar import Calendar

from notifications.feeding import Entry, calendar, deadlines, meetings
from notifications.inbox import AlertWords, Task
from notifications.letters import Part, letter, of_template
from tests.unit.test_inbox import FACTS, TODAY, after_the_decision
from workflow.catalogue import catalogue_for
from workflow.definition import Holder
from workflow.planning import Duty
from workflow.ports import Deadline

SAY: Final = catalogue_for("zh")
LINK: Final = "https://x/inbox?a=1&b"
WORDS: Final = AlertWords(
    id=1,
    kind="blocked_agenda",
    todo="请补正<一>项",
    tasks=(Task("审查意见书", None),),
    reasons=("未经合法性审查（第二十五条）",),
    about=("事项 2026-0001：收费",),
    times="今天",
    cured=0,
    count=1,
    read=False,
)


def test_a_message_says_first_what_to_do_then_why_then_where() -> None:
    told = letter(SAY, [Part(WORDS)], LINK)
    assert told.subject == "请补正<一>项"
    assert told.plain.splitlines() == [
        "请补正<一>项",
        "1. 审查意见书",
        "未经合法性审查（第二十五条）",
        "事项 2026-0001：收费",
        "今天",
        "",
        f"收件箱：{LINK}",
    ]
    assert "请补正&lt;一&gt;项<br>1. " in told.html
    assert told.html.endswith(
        '<p><a href="https://x/inbox?a=1&amp;b">https://x/inbox?a=1&amp;b</a></p>'
    )


def test_a_digest_counts_and_tells_nothing_of_what_is_closed() -> None:
    told = letter(SAY, [Part(WORDS), Part(WORDS, closed=True)], LINK, late="2026-03-02 08:30")
    assert told.subject == "依程：您的收件箱有 2 项提醒"
    assert told.plain.count("收费") == 1
    assert "有 1 项提醒的内容只能在收件箱中查看。" in told.plain
    assert "2026-03-02 08:30" in told.plain
    closed = letter(SAY, [Part(WORDS, closed=True)], LINK)
    assert closed.subject == "依程：您的收件箱有一项提醒"
    assert "收费" not in closed.plain + closed.html


def test_a_template_is_told_as_it_stands_with_where_the_inbox_is_below() -> None:
    told = of_template(SAY, "请", "请\n因为\n", "<p>请</p>", LINK, late="8:30")
    assert told.plain.startswith("请\n因为\n\n本消息迟到：应于 8:30 发出。\n\n收件箱：")
    assert told.html.startswith("<p>请</p><p>本消息迟到")
    assert of_template(SAY, "请", "请", "", LINK).plain == f"请\n\n收件箱：{LINK}"


def duty(role: str = "clerk", *, provisional: bool = False, by: date | None = TODAY) -> Duty:
    deadline = None if by is None else Deadline(by, TODAY, provisional=provisional)
    return Duty(
        "file_archive",
        None,
        (Holder(role, "proposing_unit"),),
        None,
        True,
        TODAY,
        deadline=deadline,
    )


def days(*duties: Duty, named: Collection[str] | None = None) -> list[Entry]:
    standing = after_the_decision(*duties)
    facts = replace(FACTS)
    vars(facts)["named"] = None if named is None else frozenset(named)
    return list(deadlines(SAY, "clerk", [replace(standing, facts=facts)]))


def test_a_calendar_has_the_last_days_of_what_is_ones_own_to_do() -> None:
    found = days(duty(), duty("head"), duty(by=None), duty(provisional=True))
    assert [(each.id, each.day, each.told != "") for each in found] == [
        ("2026-0001.file_archive.", TODAY, False),
        ("2026-0001.file_archive.", TODAY, True),
    ]
    assert "收费" in found[0].title


def test_of_a_restricted_matter_a_calendar_has_the_number_alone() -> None:
    (found,) = days(duty(), named=["clerk"])
    assert found.title == "有一项办理事项到期（2026-0001）"


def test_another_program_reads_a_calendar_of_private_whole_days_that_take_up_no_time() -> None:
    convened: Any = SimpleNamespace(meeting=SimpleNamespace(code="M1", held_on=TODAY))
    # A title may be long, and have in it all that means something to calendars.
    title = "关于“收费；标准”,的\\决定" * 9 + "\r\nATTENDEE:mailto:x@y\nBEGIN:VEVENT"
    entries = [*meetings(SAY, [convened]), Entry("x", TODAY, title, "暂定")]
    file = calendar(SAY, "zone", entries, LINK, datetime(2026, 3, 2, tzinfo=UTC))
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    read = Calendar.from_ical(file)
    assert (read["method"], read["version"]) == ("PUBLISH", "2.0")
    first, second = cast("list[Any]", read.events)
    assert first["uid"] == "meeting.M1@zone.yicheng"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (TODAY, TODAY + timedelta(days=1))
    assert (first["class"], first["transp"], first["url"]) == ("PRIVATE", "TRANSPARENT", LINK)
    assert second["summary"].splitlines() == title.splitlines()
    assert (second["description"], "attendee" in second) == ("暂定", False)
    assert not [each.errors for each in read.walk() if each.errors]
