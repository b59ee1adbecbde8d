"""Definitions of one's own beside the shipped ones: files and folders, by name, version, place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedures.book import LAW, ProcedureBook
from procedures.merge import Piece, strangers, uncited
from tests.unit.procedure_files import PROFILE, cited, problems, told, write
from workflow.errors import NotFound


def own(*steps: Any, **more: Any) -> dict[str, Any]:
    return PROFILE | {"steps": list(steps), **more}


class TestPlaces:
    def test_a_file_is_a_place_as_a_folder_is(self, tmp_path: Path) -> None:
        path = write(tmp_path, PROFILE)
        assert ProcedureBook(path, LAW).at(path).id == "test_city"

    def test_a_place_named_twice_is_read_once(self, tmp_path: Path) -> None:
        path = write(tmp_path, PROFILE)
        assert ProcedureBook(path, LAW, tmp_path, tmp_path).all(tmp_path)[0].id == "test_city"

    def test_files_may_end_in_yml(self, tmp_path: Path) -> None:
        write(tmp_path, PROFILE).rename(tmp_path / "city.yml")
        assert ProcedureBook(LAW, tmp_path).get("test_city").id == "test_city"

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "none.yaml"
        assert told(lambda: ProcedureBook(path, LAW).at(path)) == [("", "source.absent")]

    def test_only_what_is_asked_for_is_judged(self, tmp_path: Path) -> None:
        good, bad = tmp_path / "good", tmp_path / "bad"
        for folder in (good, bad):
            folder.mkdir()
        write(good, PROFILE)
        (bad / "broken.yaml").write_text("procedure：x", "utf-8")
        write(bad, PROFILE | {"procedure": "other", "meeting_body": "moon"}, "other")
        book = ProcedureBook(LAW, good, bad)
        assert [each.id for each in book.all(good)] == ["test_city"]
        assert {each.file for each in problems(lambda: book.all(bad))} == {
            "broken.yaml",
            "other.yaml",
        }
        assert {each.file for each in problems(book.all)} == {"broken.yaml", "other.yaml"}

    def test_the_place_named_first_is_the_one_that_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "order_713.yaml"
        text = (LAW / "order_713.yaml").read_text("utf-8")
        path.write_text(text.replace("{2019-09-01: 30}", "{2019-09-01: 31}"), "utf-8")
        found = ProcedureBook(path, LAW).at(path)
        assert found.steps["open_call"].rules["period"].value == 31

    def test_one_version_in_two_files_is_not_taken_for_either(self, tmp_path: Path) -> None:
        (tmp_path / "copy.yaml").write_bytes((LAW / "jiyuan.yaml").read_bytes())
        book = ProcedureBook(LAW, tmp_path)
        assert told(lambda: book.get("jiyuan_htz")) == [("", "definition.two_files")]
        assert book.get("order_713").id == "order_713"


class TestVersions:
    def test_a_version_is_found_by_its_day(self) -> None:
        found = ProcedureBook().edition("order_713", date(2019, 9, 1))
        assert found.version == date(2019, 9, 1)

    def test_another_day_is_no_version_of_it(self) -> None:
        with pytest.raises(NotFound, match="no_such_version") as caught:
            ProcedureBook().edition("order_713", date(2020, 1, 1))
        assert caught.value.params["known"] == (date(2019, 9, 1),)

    def test_an_unknown_procedure_is_told_as_ever(self) -> None:
        with pytest.raises(NotFound, match=r"procedure\.unknown"):
            ProcedureBook().edition("moon", date(2020, 1, 1))


class TestStepsOfNobody:
    def test_a_mistyped_step_is_told_with_the_one_that_was_meant(self, tmp_path: Path) -> None:
        path = write(tmp_path, own({"id": "opencall", "before": "review"}))
        (problem,) = problems(lambda: ProcedureBook(path, LAW).at(path))
        assert (problem.key, problem.code) == ("steps[1].id", "definition.unknown_own_step")
        assert problem.params == {"name": "opencall", "known": ["open_call"]}

    def test_where_nothing_is_like_it_all_steps_are_told(self, tmp_path: Path) -> None:
        path = write(tmp_path, own({"id": "zzz"}))
        (problem,) = problems(lambda: ProcedureBook(path, LAW).at(path))
        assert "open_call" in list(problem.params["known"])  # type: ignore[call-overload]

    @pytest.mark.parametrize("steps", [None, [1, {}, {"id": 3}], [{"id": "x", "kind": "hearing"}]])
    def test_what_is_no_step_at_all_is_left_to_the_form(self, steps: object) -> None:
        base = Piece({"steps": [{"id": "a"}]}, None)
        assert list(strangers(base, Piece({"steps": steps}, None))) == []
        assert list(uncited(Piece({"steps": steps}, None))) == []
        assert list(uncited(Piece(steps, None))) == []


class TestNumbersWithoutProvision:
    @pytest.mark.parametrize("number", [{"value": 45}, {"share": "2/3"}, {"also": []}])
    def test_a_number_of_ones_own_needs_a_provision_of_ones_own(self, number: Any) -> None:
        step = {"id": "open_call", "rules": {"period": number}}
        (problem,) = uncited(Piece(own(step), None))
        assert (problem.key, problem.code) == (
            "steps[1].rules.period",
            "definition.number_uncited",
        )

    def test_so_does_one_of_the_procedure(self) -> None:
        (problem,) = uncited(Piece(own(rules={"agenda.notice": {"value": 3}}), None))
        assert problem.key == "rules.agenda.notice"

    def test_it_is_refused_when_the_file_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "city.yaml"
        path.write_text(
            "procedure: city\nversion: 2026-01-01\n"
            "extends: {procedure: order_713, version: 2019-09-01}\n"
            "name: {zh: 市, en: city}\n"
            "steps:\n  - id: open_call\n    rules:\n      period: {value: 45}\n",
            "utf-8",
        )
        (problem,) = problems(lambda: ProcedureBook(path, LAW).at(path))
        assert (problem.code, problem.line) == ("definition.number_uncited", 8)

    @pytest.mark.parametrize(
        "rule",
        [{"cite": "a 1", "value": 1}, {"special_law": "a 1", "value": 1}, {"paused": True}, 3],
    )
    def test_a_provision_or_no_number_is_in_order(self, rule: Any) -> None:
        step = {"id": "open_call", "rules": {"period": rule}}
        assert list(uncited(Piece(own(step), None))) == []

    def test_a_step_of_ones_own_is_judged_by_its_form(self) -> None:
        step = {"id": "x", "kind": "hearing", "rules": {"sides": {"value": 2}}}
        assert list(uncited(Piece(own(step), None))) == []

    def test_rules_that_are_none_are_left_to_the_form(self) -> None:
        assert list(uncited(Piece(own({"id": "open_call", "rules": 3}), None))) == []

    def test_the_tests_own_profiles_are_given_one(self) -> None:
        step = {"id": "open_call", "rules": {"period": {"value": 45}}}
        assert list(uncited(Piece(cited(own(step)), None))) == []
