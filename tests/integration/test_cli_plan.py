"""What `matter plan` says: the answer first, then today's work, the way there and its law."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.databases import Prepared
from tests.integration.command_line import ANSWERS, PROPOSAL, CommandLine, cli, clock, squeezed
from tests.integration.test_cli_show import MATTER, STUDY, draft
from tests.reasons import sample_rulings
from workflow.clock import FixedClock

__all__ = ["cli", "clock"]

PUBLIC = {**PROPOSAL, "answers": {**ANSWERS, "confidential_by_law": False}}
HEARD = {**PROPOSAL, "answers": {**ANSWERS, "hearing_required_by_law": True}}

# The tests are of words and go over one database.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def drafted(prepared: Prepared, clock: FixedClock) -> CommandLine:
    """A matter to which the public is to be heard, with research and a text."""
    return CommandLine(prepared(_drafted))


def _drafted(url: str) -> None:
    cli = CommandLine(url)
    cli("init", "--sample")
    cli.do("propose", "planning.clerk", PUBLIC)
    cli.do("study", "planning.clerk", STUDY, *MATTER)
    ruled = {"rulings": sample_rulings(), "category_reasons": "公共政策"}
    cli.do("classify", "office.keeper", ruled, *MATTER)
    start = {"decided_on": "2026-03-02", "reasons": "必要"}
    cli.do("start", "leader.director", start, *MATTER)
    cli.do("assign", "leader.director", {"lead_unit": "planning_construction"}, *MATTER)
    cli.do("revise_draft", "planning.clerk", draft("第一稿"), *MATTER)
    report = {"done_on": "2026-03-02", "method": "走访", "findings": "收不抵支"}
    cli.do("file_research", "planning.clerk", report, *MATTER)
    basis = {"items": [{"instrument": "价格法", "article": "23", "relation": "依据"}]}
    cli.do("file_legal_basis", "planning.clerk", basis, *MATTER)
    methods = {"methods": ["open_call"], "schedule": "三月至四月"}
    cli.do("file_participation_plan", "planning.clerk", methods, *MATTER)


def on(clock: FixedClock, day: str) -> None:
    clock.set(datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC))


def plan(line: CommandLine, *more: str) -> str:
    return line("matter", "plan", "2026-0001", *more).stdout


class TestTheAnswer:
    def test_stands_on_the_first_line(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        assert plan(cli).splitlines()[0] == "2026-0001 最早可于2026年3月13日（周五）上会。"

    def test_says_whether_a_wish_can_be_made(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = plan(cli, "--by", "2026-04-01")
        assert told.startswith("2026-0001 可以在2026年4月1日（周三）上会；最早可于2026年3月13日")
        told = squeezed(plan(cli, "--by", "2026-03-10"))
        assert "依法缩短期限才来得及" in told
        told = squeezed(plan(cli, "--by", "2026-03-03"))
        assert told.startswith("2026-0001不能在2026年3月3日（周二）上会")
        assert "也不能在期望之日上会" in told

    def test_names_a_working_day_where_the_first_is_a_day_of_rest(
        self, cli: CommandLine, clock: FixedClock
    ) -> None:
        on(clock, "2026-03-12")
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = plan(cli)
        assert "最早可于2026年3月25日（周三）上会" in told
        assert "休息日；" not in told
        on(clock, "2026-03-16")
        lines = plan(cli).splitlines()
        assert lines[0] == "2026-0001 最早可于2026年3月27日（周五）上会。"
        on(clock, "2026-03-18")
        lines = plan(cli).splitlines()
        assert lines[0] == "2026-0001 最早可于2026年3月29日（周日）上会。"
        assert lines[1] == "该日为休息日；其后首个工作日为2026年3月30日（周一）。"

    def test_says_that_it_is_provisional_and_beyond_which_day(
        self, cli: CommandLine, clock: FixedClock
    ) -> None:
        on(clock, "2026-12-25")
        cli.do("propose", "planning.clerk", PROPOSAL)
        assert "暂定：2026年12月28日以后的放假安排尚未公布" in plan(cli)


class TestTheBody:
    def test_says_what_to_do_today_and_by_whom(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        told = plan(cli)
        lines = [line.strip() for line in told.splitlines()]
        begin = lines.index("今天就要办，否则上会推迟")
        assert lines[begin + 1] == "1. 启动前论证"
        assert lines[begin + 2].startswith("由谁")
        assert "planning.clerk" in lines[begin + 2]
        assert any(line.endswith(". 决定启动") for line in lines)

    def test_lists_the_plan_of_participation_before_the_call__order_713_art_14_2(
        self, cli: CommandLine
    ) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        listed = plan(cli).split("时间安排", maxsplit=1)
        for lines in listed:
            assert 0 < lines.index("登记公众参与计划") < lines.index("向社会公开征求意见")
        (_, told) = listed[0].split("登记公众参与计划", maxsplit=1)
        assert "planning.clerk" in told.splitlines()[1]

    def test_tells_each_period_with_its_law_and_its_arithmetic(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", HEARD)
        told = squeezed(plan(cli))
        assert "合法性审查（合法性审查的时间）：" in told
        assert "《重大行政决策程序暂行条例》第二十六条第二款" in told
        assert "听证（听证材料提前送达的时间）：3月13日之前7日，最迟3月5日" in told
        assert "会议通知：" in told

    def test_tells_the_critical_path(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        told = squeezed(plan(cli))
        assert "关键路径：向社会公开征求意见（3月2日至4月2日）→合法性审查（4月2日至" in told

    def test_tells_what_only_waits_and_what_was_announced(self, drafted: CommandLine) -> None:
        notice = {
            "closes_on": "2026-04-10",
            "channels": ["government_site"],
            "how_to_answer": "来信",
            "explanation": "说明",
        }
        drafted.do("publish_open_call", "planning.clerk", notice, *MATTER)
        told = plan(drafted)
        assert "期限未满，等待中" in told
        assert "待2026年4月11日（周六）" in told
        assert "已按公告确定，须待2026年4月11日（周六）。" in told
        assert "已经公告的日期不再改动：向社会公开征求意见。" in told

    def test_tells_which_shortening_makes_a_wish_and_what_it_takes(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        told = squeezed(plan(cli, "--by", "2026-04-08"))
        assert "依法可以缩短的期限" in told
        assert "在公告中说明缩短的理由（《重大行政决策程序暂行条例》第十五条第一款）" in told
        assert "须经法制办公室负责人（legal.head）批准并记录理由" in told

    def test_tells_the_last_days_of_a_wish_under_the_first_shortening_that_makes_it(
        self, cli: CommandLine
    ) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        told = plan(cli, "--by", "2026-04-08")
        assert "按下列第1种缩短办法推算" in squeezed(told)
        (tabling,) = (line for line in told.splitlines() if "提请列入议程" in line)
        assert tabling.endswith("最迟4月3日")
        assert "关键路径" not in told
        assert "会议通知：" not in told
        assert "2026年3月2日起22日，至3月24日" in told

    def test_says_where_nothing_can_be_shortened(
        self, drafted: CommandLine, clock: FixedClock
    ) -> None:
        override = {"step": "legality_review", "rule": "review_time", "reasons": "紧急"}
        drafted.do("approve_override", "legal.head", override, *MATTER)
        notice = {
            "closes_on": "2026-04-10",
            "channels": ["government_site"],
            "how_to_answer": "来信",
            "explanation": "说明",
        }
        drafted.do("publish_open_call", "planning.clerk", notice, *MATTER)
        assert "没有依法可以缩短的期限" in plan(drafted, "--by", "2026-04-08")

    def test_in_english(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = plan(cli, "--locale", "en")
        assert (
            told.splitlines()[0] == "2026-0001 can be heard on Fri 13 March 2026 at the earliest."
        )
        assert "critical path:" in told


class TestOtherMatters:
    def test_of_a_stub_nothing_is_planned__secrets_law_art_31(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", {"state_secret": True})
        assert plan(cli) == "2026-0001 已处于“涉密线下办理”，不再上会。\n"

    def test_one_that_there_is_not(self, cli: CommandLine) -> None:
        assert cli.error("matter", "plan", "2026-0009", expect=4)["error"] == "unknown.matter"

    def test_a_wish_that_is_no_day(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = cli.error("matter", "plan", "2026-0001", "--by", "2026-02-30", expect=2)
        assert told["error"] == "cli.no_such_day"

    def test_a_wish_beyond_the_calendar(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = cli.error("matter", "plan", "2026-0001", "--by", "2037-01-05", expect=2)
        assert told["error"] == "calendar.out_of_range"


class TestForPrograms:
    def test_the_plan(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", HEARD)
        told = cli.json("matter", "plan", "2026-0001")
        assert (told["outlook"], told["wish"], told["tabled"]) == ("open", None, None)
        steps = {each["step"]: each for each in told["steps"]}
        (notice, papers) = steps["hearing"]["waits"]
        assert (notice["rule"], papers["cites"]) == ("notice_before", ["order_713 16.3 (S)"])
        assert papers["counts"][0]["direction"] == "earlier"
        assert told["critical_paths"][0][-1]["step"] == "legality_review"
        assert told["meeting"] > told["tabled_from"] == steps["legality_review"]["done"]

    def test_the_wish(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PUBLIC)
        told = cli.json("matter", "plan", "2026-0001", "--by", "2026-04-08")["wish"]
        assert told["feasible"] is False
        assert [len(each["periods"]) for each in told["shortenings"]] == [1, 1]
        told = cli.json("matter", "plan", "2026-0001", "--by", "2026-06-08")["wish"]
        assert told["feasible"] is True
        assert {each["step"] for each in told["steps"]} >= {"open_call", "legality_review"}
