"""What the commands that only look say: matters, alerts, the journal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.databases import Prepared
from tests.integration.command_line import PROPOSAL, CommandLine, cli, clock, squeezed
from tests.reasons import sample_rulings
from workflow.clock import FixedClock

__all__ = ["cli", "clock"]

MATTER = ("--matter", "2026-0001")
STUDY = {
    "done_on": "2026-03-02",
    "problem": "收费不抵成本",
    "grounds": "价格法",
    "outline": "分步调整",
    "necessity": "必要",
    "feasibility": "可行",
}


def draft(text: str, nature: str = "first") -> dict[str, object]:
    return {"text": text, "nature": nature, "authors": ["planning.clerk"], "explanation": "起草"}


@pytest.fixture
def drafted(prepared: Prepared, clock: FixedClock) -> CommandLine:
    """A matter that has been proposed, studied, classified, started and drafted, and a meeting."""
    return CommandLine(prepared(_drafted))


def _drafted(url: str) -> None:
    cli = CommandLine(url)
    cli("init", "--sample")
    cli.do("propose", "planning.clerk", PROPOSAL)
    cli.do("study", "planning.clerk", STUDY, *MATTER)
    ruled = {"rulings": sample_rulings(), "category_reasons": "公共政策"}
    cli.do("classify", "office.keeper", ruled, *MATTER)
    start = {"decided_on": "2026-03-02", "reasons": "必要"}
    cli.do("start", "leader.director", start, *MATTER)
    cli.do("assign", "leader.director", {"lead_unit": "planning_construction"}, *MATTER)
    cli.do("revise_draft", "planning.clerk", draft("第一稿"), *MATTER)
    meeting = {"body": "party_group", "held_on": "2026-04-01"}
    cli.do("convene_meeting", "office.keeper", meeting)


def table(line: CommandLine, expect: int = 3) -> object:
    return line.do(
        "propose_agenda_item", "planning.head", None, *MATTER, "--meeting", "M2026-001",
        expect=expect,
    )  # fmt: skip


class TestMatter:
    def test_list(self, drafted: CommandLine) -> None:
        assert drafted("matter", "list").stdout == (
            "2026-0001  拟订中  规划建设局  2026年3月2日  调整污水处理收费标准\n"
        )
        (line,) = drafted.json("matter", "list")
        assert (line["matter"], line["stage"]) == ("2026-0001", "drafting")

    def test_list_of_none(self, cli: CommandLine) -> None:
        assert "还没有事项" in cli("matter", "list").stdout

    def test_list_says_when_there_are_more(self, drafted: CommandLine) -> None:
        assert "只列出了" not in drafted("matter", "list", "--limit", "1").stdout
        drafted.do("propose", "planning.clerk", PROPOSAL)
        told = drafted("matter", "list", "--limit", "1").stdout
        assert "只列出了 1 项，后面还有" in told
        assert "2026-0002" not in told

    def test_list_of_one_stage(self, drafted: CommandLine) -> None:
        assert len(drafted.json("matter", "list", "--stage", "drafting")) == 1
        assert drafted.json("matter", "list", "--stage", "started") == []
        told = drafted.error("matter", "list", "--stage", "drafted", expect=4)
        assert told["error"] == "matter.unknown_stage"

    def test_list_marks_what_is_paused_and_what_is_secret(self, drafted: CommandLine) -> None:
        drafted.do("pause", "planning.head", {"reasons": "等上级文件"}, *MATTER)
        drafted.do("propose", "planning.clerk", {"state_secret": True})
        told = drafted("matter", "list").stdout
        assert "拟订中（中止）" in told
        assert "（不在本系统记载）" in told

    def test_show(self, drafted: CommandLine) -> None:
        drafted.do("pause", "planning.head", {"reasons": "等上级文件"}, *MATTER)
        told = drafted("matter", "show", "2026-0001").stdout
        for expected in ("启动前论证", "已办结", "首稿", "规划建设局经办人", "中止自", "承办单位"):
            assert expected in told

    def test_show_for_programs(self, drafted: CommandLine) -> None:
        told = drafted.json("matter", "show", "2026-0001")
        assert told["lead_unit"] == "planning_construction"
        assert [each["number"] for each in told["drafts"]] == [1]
        states = {each["step"]: each["state"] for each in told["steps"]}
        assert (states["study"], states["legality_review"]) == ("satisfied", "pending")

    def test_show_tells_of_what_it_may_be_a_part(self, drafted: CommandLine) -> None:
        part = {**PROPOSAL, "project": "污水处理厂", "amount_yuan": 3_000_000}
        drafted.do("propose", "planning.clerk", {**part, "title": "一期"})
        drafted.do("propose", "planning.clerk", {**part, "title": "二期"})
        ruling = {"matters": ["2026-0002"], "reasons": "两个项目"}
        drafted.do("rule_separate", "legal.head", ruling, "--matter", "2026-0003")
        told = drafted("matter", "show", "2026-0002").stdout
        for expected in ("金额（元）", "3000000", "2026-0003", "二期", "已认定相互独立"):
            assert expected in told
        found = drafted.json("matter", "show", "2026-0003")
        assert found["links"]["project"] == "污水处理厂"
        (kin,) = found["kin"]
        assert (kin["matter"], kin["ties"], kin["separate"]) == ("2026-0002", ["project"], True)
        (departure,) = found["departures"]
        assert (departure["way"], departure["matters"]) == ("separate", ["2026-0002"])
        assert "认定与 2026-0002 相互独立" in drafted("matter", "show", "2026-0003").stdout

    def test_why(self, drafted: CommandLine) -> None:
        told = drafted("matter", "why", "2026-0001").stdout
        assert "离上会还差 3 项" in told
        assert "还没有经过合法性审查" in told
        assert "现处“拟订中”阶段，可以办理" in told
        assert "提出决策事项" not in told

    def test_why_for_programs(self, drafted: CommandLine) -> None:
        told = drafted.json("matter", "why", "2026-0001")
        codes = [each["code"] for each in told["unmet"]]
        assert "legality_review.missing" in codes
        assert [each["what"] for each in told["words"]][codes.index("legality_review.missing")]

    def test_one_that_there_is_not(self, cli: CommandLine) -> None:
        for command in ("show", "why"):
            told = cli.error("matter", command, "2026-0009", expect=4)
            assert told["error"] == "unknown.matter"


class TestInbox:
    def test_says_first_what_to_do(self, drafted: CommandLine) -> None:
        table(drafted)
        told = drafted("inbox", "--as", "planning.clerk").stdout
        lines = told.splitlines()
        assert lines[0] == "规划建设局经办人（planning.clerk）的预警：1 条"
        assert lines[2] == "* 请您补正 3 项，之后才能“提请列入议程”："
        assert "《重大行政决策程序暂行条例》第二十五条第一款" in squeezed(told)
        assert "事项 2026-0001　调整污水处理收费标准" in told
        assert "会议 M2026-001" in told

    def test_tells_those_who_only_watch_who_must_act(self, drafted: CommandLine) -> None:
        table(drafted)
        told = drafted("inbox", "--as", "office.keeper").stdout
        assert "* 请知悉：“提请列入议程”未获通过，须由 规划建设局经办人" in told

    def test_counts_repetitions_of_a_day(self, drafted: CommandLine, clock: FixedClock) -> None:
        for _ in range(3):
            table(drafted)
        (alert,) = drafted.json("inbox", "--as", "legal.head")
        assert (alert["count"], alert["kind"]) == (3, "blocked_agenda")
        assert "当日共 3 次" in drafted("inbox", "--as", "legal.head").stdout
        clock.set(clock.now().replace(day=3))
        table(drafted)
        assert len(drafted.json("inbox", "--as", "legal.head")) == 2
        told = drafted("inbox", "--as", "legal.head", "--limit", "1").stdout
        assert "只列出了最新的 1 条" in told

    def test_nobody_else_is_bothered(self, drafted: CommandLine) -> None:
        table(drafted)
        assert drafted.json("inbox", "--as", "economy.clerk") == []

    def test_an_account_that_there_is_not(self, cli: CommandLine) -> None:
        assert cli.error("inbox", "--as", "nobody", expect=4)["error"] == "unknown.person"

    def test_wants_an_account(self, cli: CommandLine) -> None:
        assert cli.error("inbox", expect=2)["params"]["name"] == "--as"


class TestJournal:
    def test_whole(self, drafted: CommandLine) -> None:
        table(drafted)
        assert "过程记录完整：共 9 条" in drafted("journal", "verify").stdout
        told = drafted.json("journal", "verify")
        assert (told["entries"], told["head"]["entry"]) == (9, 9)

    def test_shows_what_was_done_and_what_was_refused(self, drafted: CommandLine) -> None:
        table(drafted)
        told = drafted("journal", "show", "--after", "6").stdout
        assert "第 8 号　2026年3月2日 12:00　office.keeper　召集会议　已办理" in told
        assert "提请列入议程　不予通过" in told
        assert "- legality_review.missing" in told
        assert "第 6 号" not in told

    def test_says_when_there_is_more(self, drafted: CommandLine) -> None:
        more = "yicheng journal show --after 2"
        assert more in drafted("journal", "show", "--limit", "2").stdout
        assert "后面还有" not in drafted("journal", "show", "--limit", "8").stdout
        assert drafted("journal", "show", "--limit", "0").stdout == ""

    def test_shows_no_more_than_asked_for(self, drafted: CommandLine) -> None:
        told = drafted.json("journal", "show", "--limit", "2")
        assert [each["command"] for each in told] == ["found", "propose"]
        assert "建立单位" in drafted("journal", "show", "--limit", "1").stdout

    @pytest.mark.parametrize("backend", ["sqlite"])
    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            ("UPDATE journal SET body = replace(body, '收费', '免费') WHERE seq = 2", "被改动过"),
            ("DELETE FROM journal WHERE seq = 3", "第 3 号：这一条被删除"),
            ("UPDATE journal SET actor = 'nobody' WHERE seq = 4", "与记录正文不一致"),
        ],
    )
    def test_broken(self, drafted: CommandLine, statement: str, message: str) -> None:
        with closing(sqlite3.connect(drafted.database.removeprefix("sqlite:///"))) as raw, raw:
            triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.fetchall():
                raw.execute(f'DROP TRIGGER "{name}"')
            raw.execute(statement)
        assert message in drafted("journal", "verify", expect=3).stdout
        told = drafted.json("journal", "verify", expect=3)
        assert told["flaws"]
        assert json.dumps(told["head"])


class TestEnglish:
    @pytest.mark.parametrize(
        "args",
        [
            ("matter", "list"),
            ("matter", "show", "2026-0001"),
            ("matter", "why", "2026-0001"),
            ("inbox", "--as", "planning.clerk"),
            ("journal", "show"),
            ("journal", "verify"),
        ],
    )
    def test_says_it_in_english(self, drafted: CommandLine, args: tuple[str, ...]) -> None:
        table(drafted)
        told = drafted("--locale", "en", *args).stdout.replace("调整污水处理收费标准", "")
        assert told.isascii() or not any("\u4e00" <= sign <= "\u9fff" for sign in told)
