"""An alert in words: what to do, why, and about what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notifications.inbox import AlertWords, alert_words, duty_words
from procedures.book import shipped
from workflow.catalogue import catalogue_for
from workflow.definition import Citation, Holder, Text
from workflow.directory import Appointment, Directory, Unit
from workflow.facts import Facts
from workflow.inquiry import Notice, Standing
from workflow.planning import Duty
from workflow.ports import Deadline
from workflow.refusals import Unmet

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
FACTS = Facts("2026-0001", "收费", "drafting", 3, proposing_unit="planning")
MISSING = Unmet(
    "legality_review.missing",
    (Citation("order_713", "25.1"),),
    step="legality_review",
    cured_by=(Holder("clerk", "lead_unit"),),
    earliest=date(2026, 3, 13),
)
DIRECTORY = Directory(
    organisation="zone",
    version=1,
    units={
        "planning": Unit("planning", Text("规划局", "planning"), frozenset()),
        "office": Unit("office", Text("办公室", "office"), frozenset({"agenda_office"})),
    },
    persons={"clerk": Text("经办人", "clerk"), "keeper": Text("管理员", "keeper")},
    appointments=(
        Appointment("clerk", "planning", "clerk", date.min, None),
        Appointment("keeper", "office", "keeper", date.min, None),
    ),
    mandates={},
)
NOTICE = Notice(
    id=1,
    kind="blocked_agenda",
    day=TODAY,
    count=1,
    first_at=NOW,
    last_at=NOW,
    read=False,
    body={
        "matter": "2026-0001",
        "title": "收费",
        "meeting": "M2026-001",
        "command": "propose_agenda_item",
        "actor": "clerk",
    },
    refusals=(MISSING,),
    now=(MISSING,),
    procedure=shipped().get("jiyuan_htz"),
)


def words(account: str, notice: Notice = NOTICE, locale: str = "zh") -> AlertWords:
    return alert_words(catalogue_for(locale), DIRECTORY, account, notice, FACTS)


def test_whoever_can_cure_is_told_what_to_bring_and_when() -> None:
    told = words("clerk")
    assert told.todo == "请您补正 1 项，之后才能“提请列入议程”："
    assert [task.earliest for task in told.tasks] == ["2026年3月13日"]
    assert "审查意见书" in told.tasks[0].evidence


def test_whoever_cannot_is_told_who_must() -> None:
    told = words("keeper")
    assert told.todo == "请知悉：“提请列入议程”未获通过，须由 规划局经办人 补正。"
    assert told.tasks == ()


def test_the_reason_names_the_law() -> None:
    (reason,) = words("keeper").reasons
    assert reason.startswith("还没有经过合法性审查")
    assert "《重大行政决策程序暂行条例》第二十五条第一款" in reason


def test_matter_and_meeting_come_last() -> None:
    assert words("keeper").about == ("事项 2026-0001　收费", "会议 M2026-001")
    bare = replace(NOTICE, body={**NOTICE.body, "matter": None, "meeting": None})
    assert words("keeper", bare).about == ()


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "2026年3月2日，经办人 办理“提请列入议程”未获通过。"),
        (4, "2026年3月2日，“提请列入议程”未获通过，当日共 4 次，最近一次由 经办人 办理。"),
    ],
)
def test_repetitions_are_counted(count: int, told: str) -> None:
    assert words("keeper", replace(NOTICE, count=count)).times == told


def test_a_refusal_that_nobody_can_cure_asks_nobody() -> None:
    hopeless = replace(NOTICE, now=(replace(MISSING, cured_by=(), earliest=None),))
    told = words("clerk", hopeless)
    assert told.tasks == ()
    assert told.todo == "请知悉：“提请列入议程”未获通过。"


def test_whoever_the_refusal_bars_is_not_asked_to_cure_it() -> None:
    barred = replace(MISSING, params={"people": ("clerk",)})
    told = words("clerk", replace(NOTICE, now=(barred,)))
    assert told.tasks == ()
    assert told.todo.endswith("须由 规划局经办人 补正。")


def test_what_was_cured_since_is_not_asked_for_again() -> None:
    told = words("clerk", replace(NOTICE, refusals=(MISSING, MISSING), now=(None, MISSING)))
    assert (told.cured, len(told.tasks)) == (1, 1)
    assert [reason.startswith("已消除：还没有经过合法性审查") for reason in told.reasons] == [
        True,
        False,
    ]
    told = words("clerk", replace(NOTICE, now=(None,)))
    assert (told.todo, told.tasks) == (
        "无须再办：当时“提请列入议程”未获通过的原因都已消除。",
        (),
    )


def test_in_english() -> None:
    assert words("clerk", locale="en").todo.startswith("Please cure 1 of the conditions")


def after_the_decision(*duties: Duty) -> Standing:
    rules = shipped().get("jiyuan_htz")
    return Standing(FACTS, rules, DIRECTORY, TODAY, {}, (), (), duties=duties)


def duty(act: str, by: date | None, *, ready: bool = True) -> Duty:
    deadline = None if by is None else Deadline(by, TODAY)
    holders = (Holder("keeper", "agenda_office"),)
    return Duty(act, None, holders, MISSING, ready=ready, today=TODAY, deadline=deadline)


def test_after_the_decision_everybody_is_told_what_is_theirs_to_do_and_until_when() -> None:
    found = after_the_decision(
        duty("submit_request", None),
        duty("publish_decision", date(2026, 3, 1)),
        duty("file_archive", date(2026, 3, 3)),
        duty("issue", None, ready=False),
    )
    told = duty_words(catalogue_for("zh"), "keeper", found)
    assert told is not None
    assert (told.todo, told.kind) == ("会后请您办理 3 项：", "duty")
    assert [task.evidence for task in told.tasks] == [
        "提交请示",
        "公布决策（应当在2026年3月1日前办理，已经逾期）",
        "归档（最迟2026年3月3日）",
    ]
    assert duty_words(catalogue_for("zh"), "clerk", found) is None


def test_a_file_in_quarantine_is_told_by_its_id_alone() -> None:
    body = {**NOTICE.body, "command": "confirm_quarantine", "file": "fabc", "matter": None}
    told = words("keeper", replace(NOTICE, kind="quarantine", body=body, refusals=(), now=()))
    assert told.todo.startswith("请您核对隔离的文件 fabc：")
    assert (told.tasks, told.reasons, told.about) == ((), (), ())
    body |= {"until": "2026-03-09"}
    unused = words("keeper", replace(NOTICE, kind="unused_file", body=body, refusals=(), now=()))
    assert "fabc" in unused.todo
    assert "2026-03-09" in unused.todo
