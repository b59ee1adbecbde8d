"""`yicheng matter migrate`: first what a move brings, then the move, of one or of several."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command_line import ANSWERS, CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

#: A revision of the zone's profile: a longer call, a shorter review, and a question of its own.
REVISED = """\
procedure: jiyuan_htz
version: 2026-02-01
extends: {procedure: jiyuan_htz, version: 2026-01-01}
name: {zh: 济源高新区重大决策上会程序, en: Jiyuan High-tech Zone}
questions:
  on_site:
    text: {zh: 是否需要现场核查？, en: Is the site to be checked?}
    kind: yes_no
    recorded: true
    cite: jiyuan_report_2022 (U)
steps:
  - id: open_call
    rules:
      period: {value: 45, cite: jiyuan_report_2022 (U)}
  - id: legality_review
    rules:
      review_time: {value: 6, special_law: normative_115 1 (M)}
"""
BY = ("--as", "legal.head", "--reasons", "规定已修订")


@pytest.fixture
def matters(cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two matters of which the rules are revised, as the folder of one's own says."""
    answers = {**ANSWERS, "confidential_by_law": False}
    given = {"state_secret": False, "title": "标题", "reasons": "理由", "answers": answers}
    found = [cli.do("propose", "planning.clerk", given)["matter"] for _ in range(2)]
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "revised.yaml").write_text(REVISED, "utf-8")
    monkeypatch.setenv("YICHENG_PROCEDURES", str(folder))
    return found


def moved(cli: CommandLine, *args: str, expect: int = 0) -> Any:
    return cli.json("matter", "migrate", *args, *BY, expect=expect)


def edition(cli: CommandLine, matter: str) -> str:
    version: str = cli.json("matter", "show", matter)["procedure"]["version"]
    return version


def test_shows_the_difference_and_moves_nothing(cli: CommandLine, matters: list[str]) -> None:
    answers = json.dumps({"on_site": True})
    told = cli("matter", "migrate", matters[0], "--to", "current", "--answers", answers, *BY[-2:])
    text = squeezed(told.stdout)
    assert "规则“征求意见的期限”（period），数字：原为30日，改为45日。" in text
    assert "数字：原为7个工作日，改为6个工作日。（放宽）" in text
    assert "向社会公开征求意见：未开始，最早" in text
    assert "最早可以提请列入议程的日子" in text
    assert "没有改用。确认后加--do再运行一次。" in text
    assert edition(cli, matters[0]) == "2026-01-01"


def test_asks_what_is_to_be_answered(cli: CommandLine, matters: list[str]) -> None:
    call = ("matter", "migrate", matters[0], "--to", "jiyuan_htz@2026-02-01", *BY)
    text = squeezed(cli(*call, expect=3).stdout)
    assert "请回答：是否需要现场核查（on_site；可以填：yes_no）" in text
    assert "不能改用，有1项条件没有满足" in text
    assert f"这些事项还不能改用：{matters[0]}" in text


def test_moves_all_that_are_named(cli: CommandLine, matters: list[str]) -> None:
    each = {matters[0]: {"on_site": True}, matters[1]: {"on_site": False}}
    told = moved(cli, *matters, "--to", "current", "--answers", json.dumps(each), "--do")
    assert told["done"]
    assert [outcome["status"] for outcome in told["outcomes"]] == ["done", "done"]
    assert {edition(cli, matter) for matter in matters} == {"2026-02-01"}
    assert cli.json("journal", "verify")["flaws"] == []


def test_or_none_of_them(cli: CommandLine, matters: list[str]) -> None:
    some = json.dumps({matters[0]: {"on_site": True}})
    call = (*matters, "--to", "current", "--answers", some, "--do")
    told = moved(cli, *call, expect=3)
    assert (told["done"], told["outcomes"][0]) == (False, None)
    assert told["outcomes"][1]["refusals"][0]["code"] == "matter.question_open"
    assert {edition(cli, matter) for matter in matters} == {"2026-01-01"}
    text = squeezed(cli("matter", "migrate", *call, *BY, expect=3).stdout)
    assert "2项都没有改用" in text


def test_says_what_was_moved(cli: CommandLine, matters: list[str]) -> None:
    answers = json.dumps({"on_site": True})
    call = ("matter", "migrate", matters[0], "--to", "jiyuan_htz", "--answers", answers, "--do")
    assert "已改用，共1项；过程记录第4号。" in squeezed(cli(*call, *BY).stdout)
    again = squeezed(cli(*call[:-1], *BY, expect=3).stdout)
    assert "没有与本事项有关的差别" in again


def test_for_programs_everything_is_told(cli: CommandLine, matters: list[str]) -> None:
    told = moved(cli, matters[0], "--to", "current", expect=3)
    (found,) = told["matters"]
    assert (found["from"]["edition"], found["to"]["edition"]) == (
        "jiyuan_htz@2026-01-01",
        "jiyuan_htz@2026-02-01",
    )
    assert (found["questions"], found["can_be_moved"]) == (["on_site"], False)
    assert found["agenda"][0] < found["agenda"][1]
    assert {each["step"] for each in found["steps"]} >= {"open_call"}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--to", "jiyuan_htz@soon"), "procedures.no_version"),
        (("--to", "jiyuan_htz@2020-01-01"), "procedure.no_such_version"),
        (("--to", "moon"), "procedure.unknown"),
        (("--to", "current", "--answers", '{"2026-0001": {}, "on_site": true}'), None),
        (("--to", "current", "--answers", '{"2026-0001": true}'), "migrate.answers_form"),
    ],
)
def test_what_cannot_be_meant_is_told(
    cli: CommandLine, matters: list[str], args: tuple[str, ...], code: str | None
) -> None:
    expect = 4 if code and code.startswith("procedure.") else 2
    error = cli.error("matter", "migrate", matters[0], *args, *BY, expect=expect)
    assert error["error"] == (code or "migrate.answers_for_others")
