"""`yicheng calendar import` and `notices`: a notice as it is worded, as YAML, or from a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.command_line import CommandLine, cli, clock, squeezed

__all__ = ["cli", "clock"]

NOTICE = """国务院办公厅关于2027年
部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
国务院办公厅
2026年2月20日
"""
FORM = """year: 2026
number: 国办发明电〔2026〕1号
dated: 2026-03-02
published: 2026-03-02
amends: true
holidays: [{name: 调整, first: 2026-03-13, last: 2026-03-13}]
worked: [2026-03-15]
"""
KEEPER = ("--as", "office.keeper")


@pytest.fixture(autouse=True)
def one_database(backend: str) -> None:
    """What the command line makes of it is the same on both."""
    assert backend == "sqlite"


@pytest.mark.parametrize("backend", ["sqlite"])
class TestTakingIn:
    def test_the_text_of_a_notice_settles_its_year(self, cli: CommandLine, tmp_path: Path) -> None:
        later = ("calendar", "count", "2027-02-01", "2027-02-14", "working_days")
        before = cli.json(*later)
        path = tmp_path / "notice.txt"
        path.write_text(NOTICE, encoding="gb18030")
        told = squeezed(cli("calendar", "import", str(path), *KEEPER).stdout)
        assert "已办理：录入节假日安排通知" in told
        assert "移动的期限：0项" in told
        after = cli.json(*later)
        assert (before["provisional"], after["provisional"]) == (True, False)
        listed = cli.json("calendar", "notices")
        (own,) = [each for each in listed["notices"] if each["taken_in"]]
        assert (own["number"], own["actor"], own["taken_in"]) == (
            "国办发明电〔2026〕9号",
            "office.keeper",
            "2026-03-02",
        )
        assert listed["firm_through"] == "2027-12-28"
        page = squeezed(cli("calendar", "notices").stdout)
        assert "国办发明电〔2026〕9号：2027年节假日安排" in page
        assert "2027年1月31日、2027年2月13日" in page
        again = squeezed(cli("calendar", "import", str(path), *KEEPER, expect=3).stdout)
        assert "已经录入" in again

    def test_a_form_that_amends_tells_what_moved(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "notice.yaml"
        path.write_text(FORM, encoding="utf-8")
        cli.do("convene_meeting", "office.keeper", {"body": "party_group", "held_on": "2026-03-16"})
        count = ("calendar", "add", "2026-03-12", "1", "working_days")
        assert cli.json(*count)["end"] == "2026-03-13"
        told = squeezed(cli("calendar", "import", str(path), *KEEPER).stdout)
        assert "移动的期限：1项" in told
        assert "→" in told
        assert cli.json(*count)["end"] == "2026-03-15"
        page = squeezed(cli("--locale", "en", "calendar", "notices").stdout)
        assert "国办发明电〔2026〕1号:holidaysof2026changed" in page

    def test_what_cannot_be_read_is_told_with_its_line(
        self, cli: CommandLine, tmp_path: Path
    ) -> None:
        path = tmp_path / "notice.txt"
        path.write_text(NOTICE.replace("1月1日（周五）", "1月1日（周四）"), encoding="utf-8")
        found = cli.error("calendar", "import", str(path), *KEEPER, expect=2)
        assert found["error"] == "source.refused"
        assert "第 4 行" in found["message"]
        assert "2027年1月1日 不是周四" in found["message"]
        path.write_bytes(b"\xff\xff\xff")
        found = cli.error("calendar", "import", str(path), *KEEPER, expect=2)
        assert found["error"] == "calendar_cli.no_text"
        absent = cli.error("calendar", "import", str(tmp_path / "no"), *KEEPER, expect=2)
        assert absent["error"] == "payload.absent"
        folder = cli.error("calendar", "import", str(tmp_path), *KEEPER, expect=2)
        assert folder["error"] == "payload.unreadable"
        assert [each for each in cli.json("calendar", "notices")["notices"] if each["actor"]] == []

    def test_either_a_file_or_a_year_is_named(self, cli: CommandLine) -> None:
        for given in ((), ("notice.txt", "--year", "2027")):
            found = cli.error("calendar", "import", *given, *KEEPER, expect=2)
            assert found["error"] == "calendar_cli.file_or_year"

    def test_what_the_file_tells_is_not_told_besides(
        self, cli: CommandLine, tmp_path: Path
    ) -> None:
        path = tmp_path / "notice.yaml"
        path.write_text(FORM, encoding="utf-8")
        for option in (("--number", "另一号"), ("--dated", "2026-03-01")):
            found = cli.error("calendar", "import", str(path), *option, *KEEPER, expect=2)
            assert found["error"] == "calendar_cli.told_by_file"
        day = ("--published", "2026-03-02")
        found = cli.error("calendar", "import", str(path), *day, *KEEPER, expect=2)
        assert found["error"] == "calendar_cli.told_by_file"

    def test_a_year_that_nothing_is_known_of_is_not_guessed(self, cli: CommandLine) -> None:
        for year in ("2030", "2099"):
            found = cli.error("calendar", "import", "--year", year, *KEEPER, expect=2)
            assert found["error"] == "calendar_cli.year_unknown"

    def test_a_year_of_the_package_wants_to_be_named(self, cli: CommandLine) -> None:
        found = cli.error("calendar", "import", "--year", "2026", *KEEPER, expect=2)
        assert found["error"] == "calendar_cli.which_notice"
        named = ("--number", "国办发明电〔2025〕7号", "--dated", "2025-11-04")
        kept: Any = cli.json("calendar", "import", "--year", "2026", *named, *KEEPER, expect=3)
        assert [each["code"] for each in kept["refusals"]] == [
            "holidays.known",
            "holidays.year_known",
        ]
