"""`yicheng file` and `files`, `do --file`, and `matter diff`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration import house as h
from tests.integration.command_line import PROPOSAL, CommandLine, cli, clock

__all__ = ["cli", "clock"]

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YICHENG_FILES", str(tmp_path / "files"))
    return tmp_path


def test_a_file_comes_in_is_attached_and_given_out_and_all_agrees(
    cli: CommandLine, folder: Path
) -> None:
    paper, marked = folder / "论证.txt", folder / "秘密★.txt"
    paper.write_text("成本上升", "utf-8")
    marked.write_text("x", "utf-8")
    cli.do("propose", h.CLERK, PROPOSAL)
    given = json.dumps(h.STUDY.given(h.FIRST_DAY), ensure_ascii=False)
    study = ("do", "study", "--matter", "2026-0001", "--as", h.CLERK, "--payload", given)
    cli(*study, "--file", str(paper))
    (told,) = cli.json("files", "list", "--matter", "2026-0001")
    assert (told["name"], told["state"]) == ("论证.txt", "attached")
    cli("file", "get", told["id"], str(folder / "out"), "--as", h.HEAD)
    assert (folder / "out").read_bytes() == paper.read_bytes()
    cli("file", "get", told["id"], str(folder / "out"), "--as", h.HEAD, expect=2)
    held = cli("file", "add", str(marked), "--as", h.CLERK, expect=3)
    assert "隔离" in held.stdout
    assert [each["state"] for each in cli.json("files", "list")] == ["quarantined"]
    assert "全部一致" in cli("files", "verify").stdout
    next((folder / "files").rglob(told["digest"])).unlink()
    flaws = cli.json("files", "verify", expect=3)["flaws"]
    assert flaws == [{"code": "missing", "name": told["digest"]}]
    assert cli.json("files", "sweep") == {"warned": 0, "expired": 0, "orphans": 0, "leftovers": 0}
    cli("file", "add", str(folder / "nothing"), "--as", h.CLERK, expect=2)


def test_two_versions_are_compared_as_text_and_as_a_page(zone: h.Zone) -> None:
    zone.advance_to("drafted")
    zone.do(h.EDIT.with_(text="第一条 1<2"))
    run = CommandLine(zone.url)
    told = ("matter", "diff", str(zone.matter), "1", "2")
    assert "+ 第一条 1<2" in run(*told).stdout
    assert "<ins>第一条 1&lt;2</ins>" in run(*told, "--html").stdout
    assert [each["kind"] for each in run.json(*told)["pieces"]] == ["removed", "added"]
