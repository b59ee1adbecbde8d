"""`yicheng procedures`: what there is, what it says, and the proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from procedures.book import LAW, ProcedureBook
from procedures.kinds import KINDS

COUNT = len(ProcedureBook().editions) + len(tuple(ProcedureBook().joins()))
BASE = (LAW / "common_course.yaml").read_text("utf-8")

Shipped = Callable[[str], None]


def run(*args: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(root, ["procedures", *args])
    assert result.exit_code == expect, (result.stdout, result.stderr)
    return result


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shipped:
    """Lets the distribution consist of one definition."""

    def ship(text: str) -> None:
        (tmp_path / "common_course.yaml").write_text(text, "utf-8")
        monkeypatch.setattr("procedures.book.shipped", lambda: ProcedureBook(tmp_path))

    return ship


def changed(old: str, new: str) -> str:
    assert BASE.count(old) == 1
    return BASE.replace(old, new)


SECOND = """
procedure: second
version: 2026-01-01
extends: {procedure: common_course, version: 2019-09-01}
name: {zh: 另一程序, en: second}
"""
JOINS = """
joins: [{procedure: second, when: {question: decision_level, is: superior}}]
offers: [second]
"""


HOUSE_2 = "  house_2: {title: {zh: 新规则, en: new rules}, number: 二}\n"


class TestList:
    def test_names_every_version(self) -> None:
        told = run("list").stdout
        rows = [" ".join(line.split()) for line in told.splitlines()]
        assert any(
            "order_713 2019-09-01 重大行政决策程序（国务院令第713号）" in row for row in rows
        )
        assert any("jiyuan_htz 2026-01-01 济源高新区重大决策上会程序" in row for row in rows)

    def test_for_programs(self) -> None:
        told = {each["id"]: each for each in json.loads(run("list", "--json").stdout)}
        assert told["jiyuan_htz"]["lineage"][-1] == "henan@2022-03-15"
        assert len(told["order_713"]["digest"]) == 64


class TestShow:
    def test_says_what_the_law_demands(self) -> None:
        told = run("show", "jiyuan_htz").stdout
        assert "听证（hearing）" in told
        assert "10日，不得缩短，《重大行政决策程序暂行条例》第十六条第二款" in told
        assert "7个工作日，有理由可缩短" in told

    def test_says_when_each_step_is_required(self) -> None:
        told = "".join(run("show", "order_713").stdout.split())
        assert "何时要办“专业性、技术性是否较强”答“是”" in told
        assert "备选方案的最少个数" in told

    def test_for_programs(self) -> None:
        told = json.loads(run("show", "order_713", "--version", "2025-01-01", "--json").stdout)
        call = next(step for step in told["steps"] if step["id"] == "open_call")
        period = next(rule for rule in call["rules"] if rule["id"] == "period")
        assert (period["value"], period["unit"]) == (30, "calendar_days")
        assert period["cites"] == ["order_713 15.1 (S)"]
        assert call["required_when"] == {"not": {"question": "confidential_by_law", "is": True}}

    def test_lists_what_it_rests_on_and_how_sure_that_is(self) -> None:
        told = "".join(run("show", "major_contracts").stdout.split())
        assert "公平竞争审查条例，国务院令第783号，2024年8月1日起施行" in told
        assert "中华人民共和国预算法，主席令第22号修正，2018年12月29日起施行（比较有把握）" in told
        assert "（本单位规定，名称和条文待确认），待确认（待确认）" in told

    def test_tells_programs_how_sure_it_is(self) -> None:
        told = json.loads(run("show", "major_contracts", "--json").stdout)
        marks = {each["id"]: each["confidence"] for each in told["instruments"]}
        assert (marks["order_713"], marks["budget_law"], marks["contract_rules"]) == ("S", "M", "U")
        days = {each["id"]: each["in_force"] for each in told["instruments"]}
        assert (days["fair_competition"], days["contract_rules"]) == ("2024-08-01", None)

    def test_one_that_there_is_not(self) -> None:
        told = json.loads(run("show", "nonsense", "--json", expect=4).stderr)
        assert told["error"] == "procedure.unknown"

    def test_one_that_was_not_in_force_yet(self) -> None:
        args = ("show", "order_713", "--version", "2001-01-01", "--json")
        assert json.loads(run(*args, expect=4).stderr)["error"] == "procedure.no_version_yet"


class TestKinds:
    def test_lists_every_kind(self) -> None:
        told = run("kinds").stdout
        assert len(told.splitlines()) == len(KINDS) + 2
        assert "hearing" in told

    def test_says_what_rules_one_understands(self) -> None:
        told = run("kinds", "open_call").stdout
        assert "应当公开征求意见（mandatory）：要求，不带数字；可以不写" in told
        assert "征求意见的期限（period）：期间，自然日或者工作日；必须写" in told
        assert "also" in told
        assert "required_when" in told

    def test_for_programs(self) -> None:
        told = json.loads(run("kinds", "--json").stdout)
        assert told.keys() == KINDS.keys()
        assert told["expert_argument"]["rules"]["sector_share"]["takes"] == ["share"]
        assert told["expert_argument"]["rules"]["sector_share"]["optional"]

    def test_one_that_there_is_not(self) -> None:
        assert "open_call" in run("kinds", "nope", expect=4).stderr


class TestCheck:
    def test_proves_every_definition_of_the_distribution(self) -> None:
        told = run("check").stdout
        assert told.count("没有漏洞") == COUNT
        assert told.count("✓") == COUNT

    def test_for_programs(self) -> None:
        told = json.loads(run("check", "--json").stdout)
        assert [each["faults"] for each in told] == [[]] * COUNT
        assert all(each["states"] > 50 for each in told)

    def test_shows_the_shortest_way_to_a_fault(self, shipped: Shipped) -> None:
        shipped(
            changed(
                "choices: [lawful, changes_confirmed",
                "choices: [lawful, unlawful, changes_confirmed",
            )
        )
        told = run("check", expect=3).stdout
        assert "✗ 议题上会通用程序" in told
        assert "最短路径：" in told
        way = told[told.index("最短路径") :]
        assert "1) 提出决策事项 → 待论证" in way
        assert "出具合法性审查意见（不合法） → 审查不合法" in way

    def test_shows_programs_the_same_way(self, shipped: Shipped) -> None:
        shipped(
            changed(
                "choices: [lawful, changes_confirmed",
                "choices: [lawful, unlawful, changes_confirmed",
            )
        )
        (told,) = json.loads(run("check", "--json", expect=3).stdout)
        way = told["faults"][0]["path"]
        assert way[0] == {"command": "propose", "outcome": "", "stage": "proposed"}
        assert (way[-1]["command"], way[-1]["outcome"]) == ("give_review_verdict", "unlawful")

    def test_lists_what_a_new_edition_loosens(self, shipped: Shipped, tmp_path: Path) -> None:
        later = (
            ("version: 2019-09-01\nname", "version: 2026-01-01\nname"),
            ("    law: false\n", "    law: false\n" + HOUSE_2),
            ("  cite: house_rules (U)\n      verdicts", "  cite: house_2 3\n      verdicts"),
            (
                "value: {2019-09-01: 5}\n        unit: working_days\n        floor: soft",
                "value: {2019-09-01: 4}\n        unit: working_days\n        floor: soft",
            ),
        )
        text = BASE
        for old, new in later:
            assert text.count(old) == 1
            text = text.replace(old, new)
        shipped(BASE)
        (tmp_path / "later.yaml").write_text(text, "utf-8")
        told = "".join(run("check").stdout.split())
        assert "与2019年9月1日版相比放宽的1处：" in told
        assert "数字：原为5个工作日，改为4个工作日。（放宽）" in told
        (first, second) = json.loads(run("check", "--json").stdout)
        assert first["looser"] == []
        assert [each["subject"] for each in second["looser"]] == ["review_time"]
        (tmp_path / "later.yaml").write_text(text.replace("house_2 3", "house_rules"), "utf-8")
        refused = "".join(run("check", expect=2).stderr.split())
        assert "版宽了（review_time）：原为“5”，现为“4”。" in refused

    def test_proves_what_procedures_make_together(self, shipped: Shipped, tmp_path: Path) -> None:
        (tmp_path / "second.yaml").write_text(SECOND, "utf-8")
        shipped(BASE + JOINS)
        assert "没有漏洞" in run("check").stdout
        told = [each["id"] for each in json.loads(run("check", "--json").stdout)]
        assert told[-1] == "common_course@2019-09-01+second@2026-01-01"

    def test_show_tells_what_is_joined_and_offered(self, shipped: Shipped, tmp_path: Path) -> None:
        shipped(BASE + JOINS)
        (tmp_path / "second.yaml").write_text(SECOND, "utf-8")
        told = json.loads(run("show", "common_course", "--json").stdout)
        assert (told["joins"], told["offers"]) == (["second"], ["second"])
        words = run("show", "common_course").stdout
        assert "依条件合并适用" in words
        assert "可以另选的主程序" in words

    def test_says_of_a_broken_file_where_it_is_wrong(self, shipped: Shipped) -> None:
        shipped(changed("meeting_body: executive_meeting", "meeting_body: nonsense\nunknown: 1"))
        told = run("check", expect=2)
        assert told.stdout == ""
        assert "common_course.yaml 第 " in told.stderr
