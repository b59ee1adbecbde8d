"""The demonstration as a person sees it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from api.presenting.wrapping import width_of
from procedures.scenario import load_scenario

ROOT = Path(__file__).parents[2]
FILE = ROOT / "procedures" / "scenarios" / "sewage_charge.yaml"
SCENARIO = load_scenario(FILE)
REFUSED = [step for step in SCENARIO.steps if step.expect != "done"]


def demo(folder: Path, *options: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *options, "demo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstrations of this module are shown."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def chinese(folder: Path) -> str:
    """What the demonstration says."""
    return demo(folder)


def test_every_step_goes_as_expected(chinese: str) -> None:
    done = len(SCENARIO.steps) - len(REFUSED)
    assert f"办成 {done} 步，不予通过 {len(REFUSED)} 步，全部与预期一致。" in chinese
    assert chinese.count("✗ ") == len(REFUSED)
    assert "与预期不符" not in chinese


def test_every_refusal_tells_law_cure_and_who(chinese: str) -> None:
    parts = chinese.split("✗ ")[1:]
    for part in parts:
        told = part.split("✓ ")[0]
        assert "不予通过，有" in told
        for label in ("依据  《", "补正  "):
            assert label in told


def test_periods_are_explained_where_they_begin(chinese: str) -> None:
    assert "公开征求意见：2026年9月5日起30日，10月5日为国庆节假期，顺延至10月8日" in chinese
    assert "10月4日为国庆节假期，提前至9月30日" in chinese
    assert "10月1日至10月7日国庆节放假不计" in chinese.replace("\n            ", "")


def test_days_show_their_weekday_and_whether_they_are_made_up(chinese: str) -> None:
    assert "2026年10月10日（周六，调休上班）　距上次 1 日，其中工作日 1 日" in chinese


def test_the_agenda_slip_names_the_text_that_passed(chinese: str, folder: Path) -> None:
    slip = chinese[chinese.rindex("党组会议议题单") :]
    assert "关于调整高新区污水处理收费标准的建议" in slip
    assert "承办单位      规划建设局" in slip
    with closing(sqlite3.connect(folder / "var" / "demo-sewage_charge.db")) as database:
        query = (
            "SELECT clearance.id, clearance.digest FROM agenda_item"
            " JOIN clearance ON clearance.id = clearance_id"
            " JOIN matter ON matter.id = agenda_item.matter_id WHERE number = '2026-0001'"
        )
        ((clearance, digest),) = database.execute(query).fetchall()
    assert digest in slip
    assert f"上会资格      第 {clearance} 号" in slip


def test_the_journal_is_verified_at_the_end(chinese: str) -> None:
    assert f"过程记录完整：共 {len(SCENARIO.steps) + 1} 条" in chinese


def test_lines_are_no_wider_than_a_page(chinese: str) -> None:
    assert max(width_of(line) for line in chinese.splitlines()) <= 88


def test_a_second_run_replaces_the_first_and_says_the_same(chinese: str, folder: Path) -> None:
    (folder / "var" / "demo-old.db").write_bytes(b"old")
    # Keys are made anew for each, and so the digests of what is signed and the marks of the keys.
    made = re.compile("[0-9a-f]{64}|(?:[0-9a-f]{4} ){3,15}[0-9a-f]{4}")
    first, second = (made.sub("…", told) for told in (chinese, demo(folder)))
    assert second == first
    names = {path.name for path in (folder / "var").iterdir()}
    assert {name for name in names if name.endswith(".db")} == {"demo-sewage_charge.db"}


def test_in_english(folder: Path) -> None:
    told = demo(folder, "--locale", "en")
    assert "all as expected." in told
    assert "Open call for opinions: 30 days from 5 September 2026" in told
    assert "Agenda slip: Party group meeting" in told
    assert "The journal is whole" in told
    # Only what people wrote themselves stays as they wrote it.
    written = "".join(FILE.read_text("utf-8").split())
    assert [run for run in re.findall("[\u4e00-\u9fff]+", told) if run not in written] == []
