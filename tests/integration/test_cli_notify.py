"""What is due, as the command line tells it: looked at, tried out, and told."""

from __future__ import annotations

import pytest

from tests.integration.command_line import CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

GRANT = {"agent": "planning.head", "since": "2026-03-02", "until": "2026-03-04"}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_due_is_listed_tried_out_and_told_once(cli: CommandLine) -> None:
    cli.do("grant_mandate", "planning.clerk", GRANT)
    # What falls due every year is due by now as well: the report on the year before.
    listed = cli.json("notify", "due")
    assert {each["rule"] for each in listed} == {"duty", "mandate_ending"}
    (due,) = [each for each in listed if each["rule"] == "mandate_ending"]
    assert due["threshold"] == "coming"
    assert due["to"] == ["planning.clerk", "planning.head"]
    told = squeezed(cli("notify", "due").stdout)
    assert "规划建设局经办人给出的代理授权在2026年3月4日到期" in told
    assert "规则mandate_ending" in told
    shown = cli("notify", "preview", "mandate_ending", "--locale", "en").stdout
    assert "ends on 4 March 2026" in " ".join(shown.split())
    assert "<strong>" in cli("notify", "preview", "mandate_ending", "--html").stdout
    assert [each["threshold"] for each in cli.json("notify", "preview", "mandate_ending")] == [
        "coming",
        "last",
    ]
    swept = cli.json("notify", "sweep")
    assert (swept["told"], swept["failed"]) == (sum(len(each["to"]) for each in listed), 0)
    assert cli.json("notify", "sweep")["told"] == 0
    assert "提醒0条" in squeezed(cli("notify", "sweep").stdout)
    assert "没有应当提醒的" in squeezed(cli("notify", "due").stdout)
    inbox = squeezed(cli("inbox", "--as", "planning.head").stdout)
    assert "仍需代理的，请重新授权" in inbox


@pytest.mark.parametrize("backend", ["sqlite"])
def test_of_what_there_is_not_nothing_can_be_tried_out(cli: CommandLine) -> None:
    unknown = cli.error("notify", "preview", "nothing", expect=4)
    assert unknown["error"] == "notices.no_rule"
    unfit = cli.error("notify", "preview", "publication", expect=4)
    assert unfit["error"] == "notices.nothing_fits"
