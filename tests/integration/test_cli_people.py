"""Who holds which post, as the command line tells it."""

from __future__ import annotations

from tests.integration.command_line import CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

MANDATE = {"agent": "planning.head", "since": "2026-03-02", "until": "2026-03-09"}


def test_people_are_told_with_their_posts_and_mandates(cli: CommandLine) -> None:
    cli.do("grant_mandate", "planning.clerk", {**MANDATE, "commands": ["file_research"]})
    cli.do("grant_mandate", "planning.clerk", {**MANDATE, "until": "2026-03-03"})
    told = squeezed(cli("people").stdout)
    assert "规划建设局经办人（planning.clerk）" in told
    assert "规划建设局负责人" in told
    assert "代规划建设局经办人（planning.clerk）办理：提交调研报告（2026年3月2日至" in told
    found = cli.json("people")
    (clerk,) = (each for each in found["people"] if each["account"] == "planning.clerk")
    assert [(each["unit"], each["role"]) for each in clerk["posts"]] == [
        ("planning_construction", "clerk")
    ]
    assert [each["commands"] for each in found["mandates"]] == [["file_research"], []]
    assert "(planning.clerk)" in cli("people", "--locale", "en").stdout


def test_units_are_told_with_their_functions_and_posts(cli: CommandLine) -> None:
    told = cli("units").stdout
    assert "规划建设局（planning_construction）" in told
    assert "职能：合法性审查部门" in told
    (legal,) = (each for each in cli.json("units")["units"] if "legal_office" in each["functions"])
    assert legal["functions"] == ["legal_office"]
    assert {each["role"] for each in legal["posts"]} == {"head", "reviewer"}
