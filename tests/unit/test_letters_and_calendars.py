"""What leaves the house: messages in words, and calendars to subscribe to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final, cast

from icalendar import Calendar

from notifications.feeding import Entry, calendar, deadlines, meetings, reminded
from notifications.inbox import AlertWords, Task
from notifications.keeping import point_to_json
from notifications.letters import Part, letter, of_template
from notifications.watchpoints import About, Watchpoint
from tests.unit.test_inbox import FACTS, TODAY, after_the_decision
from workflow.catalogue import catalogue_for
from workflow.definition import Holder, Text
from workflow.facts import Facts
from workflow.inquiry.answers import Notice
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
    convened: Any = SimpleNamespace(
        meeting=SimpleNamespace(code="M1", held_on=TODAY, cancelled=False)
    )
    off: Any = SimpleNamespace(meeting=SimpleNamespace(code="M2", held_on=TODAY, cancelled=True))
    # A title may be long, and have in it all that means something to calendars.
    title = "关于“收费；标准”,的\\决定" * 9 + "\r\nATTENDEE:mailto:x@y\nBEGIN:VEVENT"
    entries = [*meetings(SAY, [convened, off]), Entry("x", TODAY, title, "暂定")]
    file = calendar(SAY, "zone", entries, LINK, datetime(2026, 3, 2, tzinfo=UTC))
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    read = Calendar.from_ical(file)
    assert (read["method"], read["version"]) == ("PUBLISH", "2.0")
    first, gone, second = cast("list[Any]", read.events)
    assert (first["status"], gone["status"]) == ("CONFIRMED", "CANCELLED")
    assert gone["summary"] == "已取消：会议 M2"
    assert first["uid"] == "meeting.M1@zone.yicheng"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (TODAY, TODAY + timedelta(days=1))
    assert (first["class"], first["transp"], first["url"]) == ("PRIVATE", "TRANSPARENT", LINK)
    assert second["summary"].splitlines() == title.splitlines()
    assert (second["description"], "attendee" in second) == ("暂定", False)
    assert not [each.errors for each in read.walk() if each.errors]


STANDING: Final = after_the_decision()
STUDY: Final = Text("学法", "law")
KNOWN: Final = {"2026-0001": FACTS}


def reminder(
    about: About = About.DEADLINE, matter: str | None = "2026-0001", **values: Any
) -> Notice:
    how = {"step": "hearing", "act": "deliver_hearing_papers", "threshold": "coming"} | values
    threshold = how.pop("threshold")
    point = Watchpoint(about, "limit", **{"by": TODAY, "since": TODAY, **how})
    body = {"matter": matter, "notice": {"threshold": threshold, "point": point_to_json(point)}}
    told: Any = SimpleNamespace(procedure=STANDING.procedure, body=body)
    return cast("Notice", told)


def reminders(*notices: Notice, known: Mapping[str, Facts] = KNOWN) -> list[Entry]:
    return list(reminded(SAY, STANDING.directory, notices, known))


def test_a_calendar_has_each_last_day_that_one_was_reminded_of_where_it_lies_now() -> None:
    later_ = TODAY + timedelta(days=3)
    found = reminders(
        reminder(),
        reminder(by=later_, provisional=True, threshold="moved"),
        reminder(About.FLOOR, act="close_open_call"),
        reminder(step="publication", act="publish_decision", threshold="lifted"),
        reminder(step="archiving", act=""),
    )
    assert [(each.id, each.day, each.told != "") for each in found] == [
        ("2026-0001.deliver_hearing_papers.hearing", later_, True),
        ("2026-0001..archiving", TODAY, False),
    ]
    assert all("收费" in each.title for each in found)


def test_of_a_matter_that_one_does_not_see_or_that_is_restricted_it_has_the_number() -> None:
    closed = replace(FACTS)
    vars(closed)["named"] = frozenset({"clerk"})
    for known in ({}, {"2026-0001": closed}):
        (found,) = reminders(reminder(), known=known)
        assert found.title == "有一项办理事项到期（2026-0001）"


def test_of_the_house_it_has_the_agenda_and_the_recurring_duties() -> None:
    found = reminders(
        reminder(About.FREEZE, None, act="freeze_agenda", step="", meeting="M1"),
        reminder(
            About.DUTY, None, act="assign_duty", step="", entry=20261, name=Text("学法", "law")
        ),
    )
    assert [each.id for each in found] == ["freeze.limit.M1", "duty.limit.20261"]
    assert "M1" in found[0].title
    assert "学法" in found[1].title
