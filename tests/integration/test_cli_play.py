"""`yicheng play`: a scenario against what it expects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import procedures
from api.cli.root import root
from procedures.organisation import ORGANISATIONS
from tests.integration.command_line import ANSWERS, CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

SCENARIOS = Path(procedures.__file__).with_name("scenarios")

SCENARIO = f"""
scenario: short
title: {{zh: 一次演练, en: a rehearsal}}
organisation: jiyuan_htz
about: {{zh: 没有论证就想启动, en: started without a study}}
cites: [order_713 10]
steps:
  - day: 2026-09-18
    as: {{unit: 规划建设局, role: 经办人}}
    do: propose
    matter: sewage
    say: {{zh: 先提出, en: first the proposal}}
    with:
      state_secret: false
      title: 调整收费
      reasons: 成本
      answers: {json.dumps(ANSWERS)}
  - day: 2026-09-20
    as: {{account: leader.director}}
    do: start
    matter: sewage
    with: {{decided_on: 2026-09-20, reasons: 必要}}
    expect: {{refused: [study.missing, classification.missing]}}
  - day: 2026-09-21
    as: {{account: leader.director}}
    do: withdraw
    matter: nothing
    expect: {{not_found: unknown.matter}}
    with: {{reasons: 无}}
"""


def run(*args: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(root, ["play", *args])
    assert result.exit_code == expect, (result.stdout, result.stderr)
    return result


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The scenario as a file."""
    found = tmp_path / "short.yaml"
    found.write_text(SCENARIO, "utf-8")
    return found


class TestPlay:
    def test_tells_the_journey(self, path: Path) -> None:
        told = run(str(path)).stdout
        assert told.startswith("一次演练\n")
        assert "2026年9月18日（周五）\n    先提出\n" in told
        assert "✓ 09:00 规划建设局经办人　提出决策事项\n          事项编号：2026-0001\n" in told
        assert "2026年9月20日（周日，调休上班）　距上次 2 日，其中工作日 1 日\n" in told
        assert "✗ 09:00 管委会主任　决定启动　" not in told
        assert "✗ 09:00 管委会主任　决定启动\n          不予通过，有 2 项条件没有满足：\n" in told
        assert "没有受理：没有编号为 nothing 的事项" in told
        assert "办成 1 步，不予通过 2 步，全部与预期一致。" in told
        assert "过程记录完整：共 3 条" in told

    def test_in_english(self, path: Path) -> None:
        told = run(str(path), "--locale", "en").stdout
        assert told.startswith("a rehearsal\n")
        assert "1 steps done, 2 refused, all as expected." in told

    def test_for_programs(self, path: Path) -> None:
        told = json.loads(run(str(path), "--json").stdout)
        assert told["met"] is True
        assert [step["command"] for step in told["steps"]] == ["propose", "start", "withdraw"]
        assert told["steps"][1]["outcome"]["refusals"][0]["code"] == "study.missing"
        assert told["steps"][2]["error"]["code"] == "unknown.matter"

    def test_leaves_nothing_behind(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(path.parent)
        run(str(path))
        assert [each.name for each in path.parent.iterdir()] == [path.name]

    def test_fails_where_something_else_comes_of_it(self, path: Path) -> None:
        path.write_text(SCENARIO.replace("[study.missing,", "[study.nonsense,"), "utf-8")
        told = run(str(path), expect=3).stdout
        assert "与预期不符：预期有不予通过的理由“study.nonsense”，实际没有。" in told
        assert "有 2 处与预期不符" in told
        answer = json.loads(run(str(path), "--json", expect=3).stdout)
        assert answer["met"] is False
        assert answer["steps"][1]["differences"][0]["code"] == "rehearsal.code_missing"


class TestShippedScenarios:
    @pytest.mark.parametrize("locale", ["zh", "en"])
    @pytest.mark.parametrize(
        "name", ["mandate_rules", "meeting_called_off", "sewage_charge", "wrong_input"]
    )
    def test_are_told_as_expected(self, name: str, locale: str) -> None:
        told = run(str(SCENARIOS / f"{name}.yaml"), "--locale", locale).stdout
        assert {"zh": "全部与预期一致", "en": "all as expected"}[locale] in told

    def test_an_agent_is_named_with_the_principal(self) -> None:
        assert "（代" in run(str(SCENARIOS / "mandate_rules.yaml")).stdout

    def test_a_pause_moves_the_end_of_the_review(self) -> None:
        told = run(str(SCENARIOS / "spring_festival_pause.yaml")).stdout
        assert "至2月28日（调休上班）" in squeezed(told)
        resumed = told[told.index("恢复办理\n          →") :]
        assert "2月25日至3月2日中止不计，至3月6日" in squeezed(resumed)

    def test_a_shortened_call_tells_its_own_end(self) -> None:
        told = run(str(SCENARIOS / "zero_opinions.yaml")).stdout
        assert "公告载明的截止日期是" in told

    def test_what_was_played_can_be_looked_at(self, cli: CommandLine) -> None:
        cli("play", str(SCENARIOS / "sewage_charge.yaml"))
        assert "已办结归档" in cli("matter", "why", "2026-0001").stdout
        told = cli("matter", "show", "2026-0001").stdout
        assert "协办单位" in told
        assert "第 3 稿  合法  通过" in told
        shown = cli.json("matter", "show", "2026-0001")
        assert (shown["stage"], shown["meeting"]) == ("closed", None)
        assert [each["passed"] for each in shown["reviews"]] == [True, True]
        assert shown["reviews"][-1]["digest"] == shown["drafts"][-1]["digest"]
        (clerk,) = {each["kind"] for each in cli.json("inbox", "--as", "legal.reviewer.2")}
        assert clerk == "blocked_agenda"


class TestOnADatabase:
    def test_goes_on_in_one_that_is_there(self, path: Path, cli: CommandLine) -> None:
        cli("play", str(path))
        told = cli("play", str(path)).stdout
        assert "事项编号：2026-0002" in told
        assert len(cli.json("matter", "list")) == 2

    def test_never_in_a_real_record(self, path: Path, database_url: str, tmp_path: Path) -> None:
        sample = (ORGANISATIONS / "jiyuan.yaml").read_text("utf-8")
        real = tmp_path / "real.yaml"
        real.write_text(sample.replace("rehearsal: true", "rehearsal: false"), "utf-8")
        line = CommandLine(database_url)
        assert "演练" not in line("init", "--organisation-file", str(real)).stdout
        told = line.error("play", str(path), expect=2)
        assert told["error"] == "rehearsal.not_a_rehearsal"
        assert line.json("journal", "verify")["entries"] == 1

    def test_not_without_the_organisation(self, path: Path, database_url: str) -> None:
        told = CommandLine(database_url).error("play", str(path), expect=4)
        assert told["error"] == "unknown.organisation"


class TestMistakes:
    def test_an_organisation_that_is_not_shipped(self, path: Path) -> None:
        path.write_text(SCENARIO.replace("organisation: jiyuan_htz", "organisation: x"), "utf-8")
        told = json.loads(run(str(path), "--json", expect=4).stderr)
        assert told["error"] == "play.no_organisation"
        assert told["params"] == {"name": "x", "known": ["jiyuan_htz"]}

    def test_a_profile_that_is_not_shipped(self, path: Path) -> None:
        path.write_text(SCENARIO.replace("about:", "profile: moon\nabout:"), "utf-8")
        told = json.loads(run(str(path), "--json", expect=4).stderr)
        assert told["error"] == "procedure.unknown"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("expect: {refused", "expct: {refused", "是否想写“expect”"),
            ("day: 2026-09-20", "day: 2026-09-01", "2026"),
            ("do: start", "do: stat", "stat"),
        ],
    )
    def test_in_the_file_are_told_with_their_line(
        self, path: Path, old: str, new: str, message: str
    ) -> None:
        path.write_text(SCENARIO.replace(old, new, 1), "utf-8")
        told = run(str(path), expect=2).stderr
        assert "short.yaml 第 " in told
        assert message in told

    def test_no_such_file(self) -> None:
        assert "找不到这个文件" in run("absent.yaml", expect=2).stderr


def test_demo_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(root, ["demo"])
    assert told.exit_code == 0
    assert "演示库保留在 var/demo-sewage_charge.db" in told.stdout
    again = CliRunner().invoke(root, ["demo", "--json"])
    assert json.loads(again.stdout)["met"] is True
