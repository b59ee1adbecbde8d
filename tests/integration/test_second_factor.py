"""Where a definition asks for a second factor, nothing is done without one, and it is on record."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from procedures.book import LAW
from tests.integration import house as h
from tests.integration.house import founded

RULES = "\nrules:\n"
ASKED = "  authority.second_factor: {choices: [grant_mandate], cite: jiyuan_report_2022 (U)}\n"


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The shipped law, under which lending an authority asks for a second factor."""
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "jiyuan.yaml"
    text = file.read_text("utf-8")
    assert text.count(RULES) == 1
    file.write_text(text.replace(RULES, RULES + ASKED), "utf-8")
    return folder


def test_a_second_factor_is_asked_for_and_kept_in_the_journal(database_url: str, law: Path) -> None:
    with founded(database_url, law=law) as zone:
        assert zone.refuse(h.grant(h.CLERK)) == ("authority.second_factor",)
        done = zone.do(h.grant(h.CLERK), second_factor=True)
        # A replay tells what became of the act; it is nothing that is done once more.
        again = zone.do(h.grant(h.HEAD), second_factor=True, key="k")
        assert zone.do(h.grant(h.HEAD), key="k").entry == again.entry
        rows = zone.rows("SELECT seq, body FROM journal ORDER BY seq")
        shown = {seq: json.loads(str(body)).get("second_factor") for seq, body in rows}
        assert shown == {1: None, 2: None, done.entry: True, again.entry: True}
