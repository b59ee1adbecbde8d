"""`yicheng init`: the schema, and the founding of an organisation, on record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from api.bootstrap import open_house
from api.founding import found, organisations
from procedures.book import shipped
from procedures.organisation import ORGANISATIONS, load_organisation
from tests.integration.command_line import NOON, CommandLine, cli, clock
from workflow import tables as t
from workflow.clock import FixedClock
from workflow.errors import Conflict
from workflow.journal import Head

__all__ = ["cli", "clock"]

SAMPLE = (ORGANISATIONS / "jiyuan.yaml").read_text("utf-8")

ZONE = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped())


def entries(database: str) -> list[dict[str, object]]:
    with open_house(database) as house:
        return [json.loads(entry.body) for entry in house.inquiry.entries("jiyuan_htz")]


class TestSchema:
    def test_makes_a_database_and_its_folder(self, tmp_path: Path, clock: FixedClock) -> None:
        line = CommandLine(f"sqlite:///{tmp_path / 'new' / 'one.db'}")
        assert "还没有建立单位" in line("init").stdout
        assert (tmp_path / "new" / "one.db").exists()
        assert "还没有单位" in line("matter", "list", expect=4).stderr

    def test_tells_programs_what_there_is(self, database_url: str, clock: FixedClock) -> None:
        told = CommandLine(database_url).json("init")
        assert told["organisation"] is None

    def test_an_address_of_another_kind(self) -> None:
        told = CommandLine("mysql://host/name").error("init", expect=2)
        assert told["error"] == "store.url"


class TestFounding:
    def test_writes_the_sample_once(self, database_url: str, clock: FixedClock) -> None:
        line = CommandLine(database_url)
        first = line("init", "--sample").stdout
        assert (
            "已建立单位：济源高新区管理办公室（样例）（jiyuan_htz），"
            f"{len(ZONE.units)} 个单位、{len(ZONE.people)} 个账号" in "".join(first.split("\n"))
        )
        assert "演练单位" in first
        assert line.json("init", "--sample")["founded"] is False
        assert "没有改动" in line("init", "--sample").stdout
        assert len(entries(database_url)) == 1

    def test_is_the_first_entry_of_the_journal(self, cli: CommandLine) -> None:
        (entry,) = entries(cli.database)
        assert (entry["seq"], entry["command"], entry["actor"]) == (1, "found", "system")
        assert entry["at"] == NOON.isoformat()
        payload = entry["payload"]
        assert isinstance(payload, dict)
        assert payload["profile"] == "jiyuan_htz"
        assert len(payload["people"]) == len(ZONE.people)
        assert cli.json("journal", "verify")["flaws"] == []

    def test_holds_posts_without_a_beginning_from_the_beginning(self, cli: CommandLine) -> None:
        with open_house(cli.database) as house:
            directory = house.inquiry.directory("jiyuan_htz")
            held = next(directory.of_person("planning.clerk", date(2019, 9, 1)))
        assert (held.unit, held.role) == ("planning_construction", "clerk")
        assert held.until is None

    def test_keeps_the_days_of_posts(self, tmp_path: Path, database_url: str) -> None:
        told = "holds: [{post: clerk of finance, since: 2026-01-01, until: 2026-06-30}]"
        path = tmp_path / "one.yaml"
        path.write_text(SAMPLE.replace("holds: [clerk of finance]", told), "utf-8")
        CommandLine(database_url)("init", "--organisation-file", str(path))
        with open_house(database_url) as house:
            directory = house.inquiry.directory("jiyuan_htz")
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
        held = [bool(list(directory.of_person("finance.clerk", day))) for day in days]
        assert held == [False, True, True, False]

    def test_refuses_to_overwrite(self, cli: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "other.yaml"
        path.write_text(SAMPLE.replace("规划建设局局长", "规划建设局负责人"), "utf-8")
        told = cli.error("init", "--organisation-file", str(path), expect=5)
        assert told["error"] == "founding.differs"
        assert len(entries(cli.database)) == 1

    def test_puts_several_organisations_side_by_side(
        self, cli: CommandLine, tmp_path: Path
    ) -> None:
        path = tmp_path / "other.yaml"
        path.write_text(SAMPLE.replace("organisation: jiyuan_htz", "organisation: twin"), "utf-8")
        cli("init", "--organisation-file", str(path))
        told = cli.error("matter", "list", expect=2)
        assert told["error"] == "cli.which_organisation"
        assert told["params"] == {"known": ["jiyuan_htz", "twin"]}
        assert cli.json("--organisation", "twin", "journal", "verify")["entries"] == 1

    # SQLite lets only one look at a time.
    @pytest.mark.parametrize("backend", ["postgresql"])
    def test_two_at_the_same_moment_found_it_once(
        self, cli: CommandLine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def blind(connection: Connection, code: str) -> object:
            # The first look comes before the other's work is there to be seen.
            monkeypatch.undo()
            return None

        with open_house(cli.database) as house:
            sample = load_organisation(ORGANISATIONS / "jiyuan.yaml", house.book)
            monkeypatch.setattr("api.founding.home", blind)
            assert found(house.uow, sample, clock) is False
            assert organisations(house.uow) == ("jiyuan_htz",)

    def test_the_same_again_changes_nothing(self, cli: CommandLine, clock: FixedClock) -> None:
        with open_house(cli.database) as house:
            sample = load_organisation(ORGANISATIONS / "jiyuan.yaml", house.book)
            assert found(house.uow, sample, clock) is False
            assert organisations(house.uow) == ("jiyuan_htz",)

    def test_one_that_was_founded_by_other_means_is_left_alone(
        self, database_url: str, clock: FixedClock
    ) -> None:
        with open_house(database_url) as house:
            sample = load_organisation(ORGANISATIONS / "jiyuan.yaml", house.book)
            with house.uow.write() as connection:
                row = {"code": sample.id, "name_zh": "甲", "name_en": "A", "rehearsal": False}
                rest = {"profile": "p", "time_zone": "UTC", "directory_version": 1}
                connection.execute(t.organisation.insert(), row | rest)
            with pytest.raises(Conflict):
                found(house.uow, sample, clock)

    def test_all_or_nothing(
        self, database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(head: Head, *_: object) -> object:
            raise RuntimeError(head.seq)

        monkeypatch.setattr("api.founding.write", broken)
        with open_house(database_url) as house:
            sample = load_organisation(ORGANISATIONS / "jiyuan.yaml", house.book)
            with pytest.raises(RuntimeError):
                found(house.uow, sample, clock)
            with house.uow.read() as connection:
                assert connection.execute(select(t.unit.c.id)).all() == []
            assert organisations(house.uow) == ()

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (SAMPLE.replace("rehearsal: true", "rehearsel: true"), "是否想写“rehearsal”"),
            (SAMPLE.replace("Asia/Shanghai", "Asia/Jiyuan"), "没有“Asia/Jiyuan”这个时区"),
            (SAMPLE.replace("holds: [clerk of finance]", "holds: [clerk of money]"), "money"),
            ("organisation: x\nname: {", "one.yaml 第"),
        ],
    )
    def test_says_where_a_file_is_wrong(
        self, database_url: str, tmp_path: Path, content: str, message: str
    ) -> None:
        path = tmp_path / "one.yaml"
        path.write_text(content, "utf-8")
        line = CommandLine(database_url)
        assert message in line("init", "--organisation-file", str(path), expect=2).stderr
        with open_house(database_url) as house:
            assert organisations(house.uow) == ()

    def test_a_file_or_the_sample_but_not_both(self, database_url: str) -> None:
        args = ("init", "--sample", "--organisation-file", "one.yaml")
        assert CommandLine(database_url).error(*args, expect=2)["error"] == "init.one_of_them"
