"""`yicheng do`: done, refused, and everything that can be wrong with what was handed in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.command_line import ANSWERS, PROPOSAL, CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

START = {"decided_on": "2026-03-02", "reasons": "必要"}


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class TestDone:
    def test_says_what_was_made_and_where_it_stands(self, cli: CommandLine) -> None:
        result = cli("do", "propose", "--as", "planning.clerk", "--payload", text(PROPOSAL))
        assert "已办理：提出决策事项" in result.stdout
        assert "2026-0001" in result.stdout
        assert "待论证" in result.stdout
        assert result.stderr == ""

    def test_tells_programs_the_same(self, cli: CommandLine) -> None:
        told = cli.do("propose", "planning.clerk", PROPOSAL)
        assert told["status"] == "done"
        assert told["matter"] == "2026-0001"
        assert told["version"] == 1
        assert told["entry"] == 2
        assert told["words"] == []

    def test_takes_the_payload_from_a_file(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "proposal.json"
        path.write_text(text(PROPOSAL), "utf-8")
        cli("do", "propose", "--as", "planning.clerk", "--payload", f"@{path}")
        assert str(PROPOSAL["title"]) in cli("matter", "list").stdout

    def test_takes_the_payload_from_a_yaml_file(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "proposal.yaml"
        answers = "\n".join(f"  {name}: {json.dumps(value)}" for name, value in ANSWERS.items())
        path.write_text(
            f"state_secret: false\ntitle: 收费\nreasons: 成本\nanswers:\n{answers}\n", "utf-8"
        )
        cli("do", "propose", "--as", "planning.clerk", "--payload", f"@{path}")
        assert "收费" in cli("matter", "list").stdout

    def test_takes_the_payload_from_its_input(self, cli: CommandLine) -> None:
        given = "\ufeff" + text(PROPOSAL)
        cli("do", "propose", "--as", "planning.clerk", "--payload", "-", given=given)
        assert str(PROPOSAL["title"]) in cli("matter", "list").stdout

    def test_keeps_characters_that_few_fonts_have(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", {**PROPOSAL, "title": "䶮𠮷村污水"})
        assert "䶮𠮷村污水" in cli("matter", "list").stdout

    def test_the_same_request_acts_once(self, cli: CommandLine) -> None:
        first = cli.do("propose", "planning.clerk", PROPOSAL, "--key", "k1")
        again = cli.do("propose", "planning.clerk", PROPOSAL, "--key", "k1")
        assert again == {**first, "replayed": True}
        assert [line["matter"] for line in cli.json("matter", "list")] == ["2026-0001"]
        told = cli("matter", "list", "--csv").stdout_bytes.decode("utf-8-sig")
        assert told.startswith('"编号","标题"')
        assert '"2026-0001"' in told
        told = cli(
            "do", "propose", "--as", "planning.clerk", "--key", "k1", "--payload", text(PROPOSAL)
        ).stdout
        assert "没有重复办理" in told

    def test_an_agent_acts_for_the_principal(self, cli: CommandLine) -> None:
        mandate = {"agent": "economy.clerk", "since": "2026-03-02", "until": "2026-03-31"}
        granted = cli.do("grant_mandate", "planning.clerk", mandate)
        number = str(granted["result"]["mandate"])
        cli.do("propose", "economy.clerk", PROPOSAL, "--mandate", number)
        record = cli.json("matter", "show", "2026-0001")["records"][0]
        assert (record["actor"], record["principal"]) == ("economy.clerk", "planning.clerk")


class TestRefused:
    def test_tells_law_evidence_cure_and_day_of_every_condition(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        result = cli(
            "do", "start", "--as", "leader.director", "--matter", "2026-0001",
            "--payload", text(START), expect=3,
        )  # fmt: skip
        assert "不予通过：决定启动。有 2 项条件没有满足" in result.stdout
        assert "1. 还没有启动前的论证报告。" in result.stdout
        assert "《重大行政决策程序暂行条例》第十条" in result.stdout
        assert "补正  论证报告" in result.stdout
        assert (
            "规划建设局经办人、规划建设局负责人（planning.clerk、planning.head）" in result.stdout
        )
        assert "最早  2026年3月2日" in result.stdout

    def test_tells_programs_ids_and_words(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = cli.do("start", "leader.director", START, "--matter", "2026-0001", expect=3)
        assert told["status"] == "refused"
        assert [refusal["code"] for refusal in told["refusals"]] == [
            "study.missing",
            "classification.missing",
        ]
        assert told["refusals"][0]["earliest"] == "2026-03-02"
        assert told["words"][0]["accounts"] == ["planning.clerk", "planning.head"]

    def test_a_wrong_role_is_told_who_may(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        told = cli.do("start", "planning.clerk", START, "--matter", "2026-0001", expect=3)
        assert [refusal["code"] for refusal in told["refusals"]] == ["authority.role"]
        assert told["words"][0]["accounts"] == ["leader.director"]

    def test_where_anybody_may_no_accounts_are_listed(self, cli: CommandLine) -> None:
        told = cli.do("propose", "office.archivist", PROPOSAL, expect=3)
        assert told["words"][0]["accounts"] == []
        assert told["words"][0]["who"] == ["任一单位经办人", "任一单位负责人"]

    def test_in_english(self, cli: CommandLine) -> None:
        result = cli(
            "--locale", "en", "do", "propose", "--as", "planning.clerk",
            "--payload", text({**PROPOSAL, "reasons": None}), expect=3,
        )  # fmt: skip
        assert "Refused: propose a matter. Conditions not met: 1" in result.stdout
        assert (
            "Interim Regulations on Procedures for Major Administrative Decisions" in result.stdout
        )

    def test_the_alerted_are_named(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        meeting = {"body": "party_group", "held_on": "2026-04-01"}
        cli.do("convene_meeting", "office.keeper", meeting)
        result = cli(
            "do", "propose_agenda_item", "--as", "planning.head", "--matter", "2026-0001",
            "--meeting", "M2026-001", expect=3,
        )  # fmt: skip
        assert "预警  规划建设局经办人、规划建设局局长、法制办公室审查员一" in result.stdout


class TestNotFound:
    @pytest.mark.parametrize(
        ("args", "code"),
        [
            (("propose", "--as", "nobody"), "unknown.person"),
            (("propse", "--as", "planning.clerk"), "unknown.command"),
            (("withdraw", "--as", "planning.head", "--matter", "2026-9999"), "unknown.matter"),
            (("freeze_agenda", "--as", "office.keeper", "--meeting", "M1"), "unknown.meeting"),
            (("propose", "--as", "planning.clerk", "--mandate", "7"), "unknown.mandate"),
        ],
    )
    def test_names_what_is_not_there(
        self, cli: CommandLine, args: tuple[str, ...], code: str
    ) -> None:
        payloads = {"withdraw": {"reasons": "重复"}, "freeze_agenda": {}}
        content = text(payloads.get(args[0], PROPOSAL))
        assert cli.error("do", *args, "--payload", content, expect=4)["error"] == code

    def test_an_organisation(self, cli: CommandLine) -> None:
        told = cli.error("--organisation", "elsewhere", "matter", "list", expect=4)
        assert told["error"] == "unknown.organisation"
        assert told["params"] == {"organisation": "elsewhere"}


class TestConflict:
    def test_somebody_was_faster(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        cli.do("withdraw", "planning.head", {"reasons": "重复"}, "--matter", "2026-0001")
        content = ("--payload", text({"reasons": "再撤"}), "--expect-version", "1")
        told = cli.error(
            "do", "withdraw", "--as", "planning.head", "--matter", "2026-0001", *content, expect=5
        )
        assert told["error"] == "conflict.matter_changed"
        assert [each["params"]["command"] for each in told["params"]["changes"]] == ["withdraw"]

    def test_a_key_used_for_something_else(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL, "--key", "k1")
        other = text({**PROPOSAL, "title": "另一件"})
        args = ("do", "propose", "--as", "planning.clerk", "--key", "k1", "--payload", other)
        assert cli.error(*args, expect=5)["error"] == "request.key_reused"


class TestBadInput:
    @pytest.mark.parametrize(
        ("payload", "message"),
        [
            ('{"state_secret": false,\n "title": 调整}', "--payload 第 2 行第 11 列"),
            ('{"state_secret": true', "JSON 没有写完"),
            ('{"state_secret": true, "state_secret": false}', "“state_secret”写了两次"),
            ("[true]", "写在花括号里"),
            ('{"state_secret": NaN}', "有一个数无法保存"),
            ('{"a": ' + "9" * 5000 + "}", "有一个数无法保存"),
            ("[" * 100_000, "嵌套太深"),
            ("@absent.json", "找不到文件 absent.json"),
            ("@/", "读不了"),
            ('{"state_secret": false, "titel": "x"}', "没有“titel”这一项，是否想写“title”？"),
            ('{"state_secret": false, "title": "<b>加粗</b>"}', "标题中有网页标记“<b>"),
            ('{"state_secret": false, "title": "喜报🎉"}', "表情符号“🎉”"),
            ('{"state_secret": "no"}', "state_secret"),
            ("{}", "缺少“state_secret”"),
        ],
    )
    def test_says_what_and_where(self, cli: CommandLine, payload: str, message: str) -> None:
        args = ("do", "propose", "--as", "planning.clerk", "--payload", payload)
        assert squeezed(message) in squeezed(cli(*args, expect=2).stderr)
        assert cli.json("matter", "list") == []

    def test_a_broken_yaml_file_with_its_line(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "bad.yaml"
        path.write_text("state_secret: false\ntitle: x\n  y: z\n", "utf-8")
        args = ("do", "propose", "--as", "planning.clerk", "--payload", f"@{path}")
        assert "bad.yaml 第 3 行" in cli(*args, expect=2).stderr

    def test_a_file_that_is_not_utf8(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "gbk.json"
        path.write_bytes('{\n"title": "收费"}'.encode("gbk"))
        args = ("do", "propose", "--as", "planning.clerk", "--payload", f"@{path}")
        assert "gbk.json 第 2 行：不是 UTF-8 编码" in cli(*args, expect=2).stderr

    def test_a_text_of_ten_megabytes(self, cli: CommandLine) -> None:
        cli.do("propose", "planning.clerk", PROPOSAL)
        content = {"text": "水" * 3_500_000, "nature": "first", "authors": ["planning.clerk"],
                   "explanation": "说明"}  # fmt: skip
        told = cli.error(
            "do", "revise_draft", "--as", "planning.clerk", "--matter", "2026-0001",
            "--payload", "-", given=text(content), expect=2,
        )  # fmt: skip
        assert told["error"] == "input.refused"
        assert "太长了，最多 2000000 个字" in told["message"]

    def test_more_than_any_payload_may_be(self, cli: CommandLine) -> None:
        args = ("do", "propose", "--as", "planning.clerk", "--payload", "-")
        told = cli.error(*args, given=" " * (16 * 1024 * 1024 + 1), expect=2)
        assert told["error"] == "payload.too_large"

    def test_a_command_about_a_matter_without_one(self, cli: CommandLine) -> None:
        told = cli.error("do", "withdraw", "--as", "planning.head", expect=2)
        assert told["error"] == "request.wants_matter"
