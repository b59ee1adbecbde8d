"""The book of procedures: found by their heads, read when asked for, kept as flat text."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedures import book as book_module
from procedures.book import LAW, ProcedureBook, rehearsed, shipped
from procedures.problems import SourceError
from procedures.source import read_again
from tests.unit.procedure_files import BASE, PROFILE, law, problems, told, write
from workflow.calendar import Unit
from workflow.definition import Floor, Gate, Lapse, Text
from workflow.errors import BrokenDefinition, NotFound


def versions(folder: Path, *dated: str) -> ProcedureBook:
    for version in dated:
        write(folder, law() | {"version": version}, f"law-{version}")
    return ProcedureBook(folder)


class TestShipped:
    def test_the_definitions_load(self) -> None:
        found = {procedure.id: procedure.version for procedure in shipped().all()}
        assert found["common_course"] == found[BASE] == date(2019, 9, 1)
        assert found["jiyuan_htz"] == date(2026, 1, 1)

    def test_the_zone_gates_the_party_group_and_tightens_the_base(self) -> None:
        zone, base = shipped().get("jiyuan_htz"), shipped().get(BASE)
        assert (zone.meeting_body, base.meeting_body) == ("party_group", "executive_meeting")
        assert zone.steps.keys() - base.steps.keys() == {
            "cost_audit",
            "environmental_assessment",
            "stability_filing",
            "superior_meeting",
        }
        notice = zone.steps["hearing"].rules["notice_before"]
        assert (notice.value, notice.unit, notice.floor) == (10, Unit.CALENDAR_DAYS, Floor.HARD)
        assert base.steps["hearing"].rules["notice_before"].value == 1
        assert "cost_audit" in zone.steps["legality_review"].after
        assert zone.steps["legality_review"].before is Gate.AGENDA
        assert zone.steps["legality_review"].lapses_on is Lapse.ANY

    def test_the_zone_rests_on_the_base(self) -> None:
        assert shipped().get("jiyuan_htz").lineage == (
            "common_course@2019-09-01",
            "order_713@2019-09-01",
            "henan@2022-03-15",
        )
        assert shipped().get(BASE).lineage == ("common_course@2019-09-01",)
        assert shipped().get("common_course").lineage == ()

    def test_the_process_reads_them_once(self) -> None:
        assert shipped().get(BASE) is shipped().get(BASE)


class TestFinding:
    def test_the_latest_version_is_taken_that_is_not_after_the_day(self, tmp_path: Path) -> None:
        book = versions(tmp_path, "2019-09-01", "2024-03-31", "2027-01-01")
        wanted = {
            None: date(2027, 1, 1),
            date(2027, 1, 1): date(2027, 1, 1),
            date(2026, 12, 31): date(2024, 3, 31),
            date(2019, 9, 1): date(2019, 9, 1),
        }
        assert {day: book.get(BASE, day).version for day in wanted} == wanted
        assert book.current(BASE, date(2025, 1, 1)).version == date(2024, 3, 31)

    def test_before_the_first_version_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match=r"procedure\.no_version_yet"):
            versions(tmp_path, "2019-09-01").get(BASE, date(2019, 8, 31))

    def test_an_unknown_procedure_is_not_found_and_the_known_are_told(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound) as caught:
            versions(tmp_path, "2019-09-01").get("moon")
        assert caught.value.params["known"] == (BASE,)

    def test_several_folders_make_one_book(self, tmp_path: Path) -> None:
        write(tmp_path, PROFILE)
        alone = {edition.name for edition in ProcedureBook(LAW).editions}
        both = {edition.name for edition in ProcedureBook(LAW, tmp_path).editions}
        assert both - alone == {"test_city@2026-01-01"}
        assert alone < both

    def test_one_version_in_two_files_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path, law(), "a")
        write(tmp_path, law(), "b")
        (problem,) = problems(ProcedureBook(tmp_path).all)
        assert (problem.file, problem.code) == ("b.yaml", "definition.two_files")

    def test_only_what_is_asked_for_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for path in LAW.glob("*.yaml"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        (tmp_path / "other.yaml").write_text("procedure: other\nversion: 2026-01-01\n", "utf-8")
        read_files: list[str] = []

        def noted(path: Path) -> object:
            read_files.append(path.name)
            return read_again(path)

        monkeypatch.setattr(book_module, "read_again", noted)
        book = ProcedureBook(tmp_path)
        assert read_files == []
        book.get(BASE)
        assert read_files == ["order_713.yaml", "common_course.yaml"]
        book.get("jiyuan_htz")
        book.get("jiyuan_htz")
        # What it offers is looked at too, lest it lead away from the procedure.
        offered = {"normative_files.yaml", "major_items.yaml", "major_contracts.yaml"}
        assert read_files[:2] == ["order_713.yaml", "common_course.yaml"]
        assert sorted(read_files[2:]) == sorted({"jiyuan.yaml", "henan.yaml", *offered})

    @pytest.mark.parametrize(
        "head",
        [
            "procedure: {0}\nversion: {1}",
            "procedure: {0} # here\r\nversion:   {1}  # and here\r",
            "'procedure': {0}\nversion: '{1}'",
            'version: "{1}"\nprocedure: "{0}"',
        ],
    )
    @pytest.mark.parametrize("day", [date(2020, 2, 28), date(2020, 2, 29)])
    def test_a_head_may_be_written_in_any_way(self, head: str, day: date, tmp_path: Path) -> None:
        rest = {
            name: value for name, value in law().items() if name not in ("procedure", "version")
        }
        text = head.format(BASE, day) + "\n" + yaml_of(rest)
        (tmp_path / "law.yaml").write_bytes(text.encode())
        assert ProcedureBook(tmp_path).get(BASE).version == day

    def test_a_head_that_says_two_things_is_refused(self, tmp_path: Path) -> None:
        real = '"procedure": other\n"version": 2020-01-01\n'
        quoted = 'name: "\nprocedure: law\nversion: 2019-01-01\n"'
        (tmp_path / "law.yaml").write_text(real + quoted, "utf-8")
        assert told(ProcedureBook(tmp_path).all) == [("procedure", "definition.head_hidden")]


def yaml_of(data: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {json.dumps(value)}" for name, value in data.items())


class TestBrokenFiles:
    def test_a_broken_file_does_not_keep_others_from_being_used(self, tmp_path: Path) -> None:
        write(tmp_path, law())
        (tmp_path / "broken.yaml").write_text("procedure: [", "utf-8")
        assert ProcedureBook(tmp_path).get(BASE).id == BASE

    def test_all_tells_what_is_wrong_with_every_file(self, tmp_path: Path) -> None:
        write(tmp_path, law() | {"meeting_body": "moon"})
        write(tmp_path, PROFILE, "profile")
        (tmp_path / "broken.yaml").write_text("procedure: [", "utf-8")
        (tmp_path / "folder.yaml").mkdir()
        assert sorted(each.file for each in problems(ProcedureBook(tmp_path).all)) == [
            "broken.yaml",
            "folder.yaml",
            "law.yaml",
        ]

    def test_what_is_not_found_may_be_in_a_broken_file(self, tmp_path: Path) -> None:
        (tmp_path / "broken.yaml").write_text("version: 2026-01-01", "utf-8")
        assert told(lambda: ProcedureBook(tmp_path).get("moon")) == [
            ("procedure", "source.missing_key")
        ]


class TestExtending:
    @pytest.mark.parametrize(
        ("changes", "key", "code"),
        [
            (
                {"extends": {"procedure": "moon", "version": "2019-09-01"}},
                "extends",
                "unknown_base",
            ),
            ({"extends": {"procedure": BASE, "version": "2019-09-02"}}, "extends", "unknown_base"),
            ({"version": "2019-08-31"}, "version", "older_than_base"),
            (
                {"extends": {"procedure": "test_city", "version": "2026-01-01"}},
                "extends",
                "extends_itself",
            ),
        ],
    )
    def test_a_base_must_exist_and_be_older(
        self, changes: dict[str, Any], key: str, code: str, tmp_path: Path
    ) -> None:
        write(tmp_path, law())
        write(tmp_path, PROFILE | changes, "profile")
        book = ProcedureBook(tmp_path)
        assert told(lambda: book.get("test_city")) == [(key, f"definition.{code}")]

    def test_a_circle_is_refused_and_told(self, tmp_path: Path) -> None:
        for one, other in (("a", "b"), ("b", "a")):
            base = {"procedure": other, "version": "2026-01-01"}
            write(tmp_path, PROFILE | {"procedure": one, "extends": base}, one)
        (problem,) = problems(lambda: ProcedureBook(tmp_path).get("a"))
        assert problem.params["ring"] == ["a@2026-01-01", "b@2026-01-01", "a@2026-01-01"]


class TestFlatText:
    def test_the_digest_is_of_the_flat_text(self) -> None:
        for procedure in shipped().all():
            flat = shipped().source(procedure)
            assert hashlib.sha256(flat.encode()).hexdigest() == procedure.digest

    def test_the_flat_text_alone_gives_the_same_procedure(self) -> None:
        for procedure in shipped().all():
            elsewhere = ProcedureBook(Path("nowhere"))
            again = elsewhere.compile(shipped().source(procedure))
            assert again == procedure
            assert elsewhere.by_digest(procedure.digest) is again
            assert elsewhere.source(again) == shipped().source(procedure)

    def test_a_profile_s_flat_text_needs_no_base(self) -> None:
        flat = json.loads(shipped().source(shipped().get("jiyuan_htz")))
        assert "extends" not in flat["definition"]
        assert flat["lineage"][-1] == "henan@2022-03-15"

    def test_comments_and_layout_do_not_change_the_digest(self, tmp_path: Path) -> None:
        for path in LAW.glob("*.yaml"):
            text = path.read_text("utf-8")
            (tmp_path / path.name).write_text(f"# another comment\n\n{text}", "utf-8")
        assert ProcedureBook(tmp_path).get(BASE).digest == shipped().get(BASE).digest

    def test_one_other_word_changes_the_digest(self, tmp_path: Path) -> None:
        write(tmp_path, law() | {"meeting_body": "party_group"})
        assert ProcedureBook(tmp_path).get(BASE).digest != shipped().get(BASE).digest

    def test_the_order_of_acts_is_part_of_the_meaning(self, tmp_path: Path) -> None:
        data = law()
        acts = data["steps"][1]["acts"]
        data["steps"][1]["acts"] = dict(reversed(acts.items()))
        write(tmp_path, data)
        assert ProcedureBook(tmp_path).get(BASE).digest != shipped().get(BASE).digest

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "{}", '{"lineage": []}', '{"lineage": 1, "definition": {}}']
    )
    def test_a_damaged_text_is_refused(self, text: str) -> None:
        with pytest.raises(BrokenDefinition, match=r"definition\.flat_broken"):
            shipped().compile(text)

    def test_what_the_engine_no_longer_takes_is_told_by_the_name_of_the_version(self) -> None:
        flat = json.loads(shipped().source(shipped().get(BASE)))
        flat["definition"]["meeting_body"] = "moon"
        (problem,) = problems(lambda: shipped().compile(json.dumps(flat)))
        assert (problem.file, problem.code) == ("order_713@2019-09-01", "definition.unknown_body")

    def test_a_digest_that_nobody_built_is_unknown(self) -> None:
        assert ProcedureBook().by_digest("0" * 64) is None

    def test_the_text_of_a_foreign_procedure_is_not_at_hand(self, tmp_path: Path) -> None:
        write(tmp_path, law() | {"meeting_body": "party_group"})
        foreign = ProcedureBook(tmp_path).get(BASE)
        with pytest.raises(NotFound, match=r"procedure\.not_of_book"):
            shipped().source(foreign)


def test_the_counting_rules_may_be_given(tmp_path: Path) -> None:
    write(tmp_path, law())
    with pytest.raises(SourceError):
        ProcedureBook(tmp_path, counting={}).get(BASE)


def test_texts_are_in_both_languages() -> None:
    name = shipped().get(BASE).stages["tabled"].name
    assert name == Text("待上会", "on the agenda")
    assert (name["zh"], name["en"]) == ("待上会", "on the agenda")


def test_what_is_only_rehearsed_is_not_offered_to_an_organisation() -> None:
    names = {each.id for each in shipped().all()}
    assert names < {each.id for each in rehearsed().all()}
