"""Whether the registry tells the truth, and what is said where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procedures.book import shipped
from procedures.coverage import (
    Played,
    Shipped,
    elsewhere,
    flaws,
    instruments,
    listed_tests,
    summary,
)
from procedures.duties import Mode, Way, load_registry
from tests.unit.test_duties import BOTH, ELSEWHERE, GATE, LATER, duty, failure, write
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Text

THERE = Shipped(
    parts={
        "steps": frozenset({"study"}),
        "rules": frozenset({"study.content"}),
        "commands": frozenset({"start", "study"}),
        "questions": frozenset({"technical"}),
        "counting": frozenset({"period_days"}),
    },
    instruments={"order_713": Text("甲", "a")},
    scenarios={
        "sewage_charge": Played(frozenset({"study"}), frozenset()),
        "study_before_start": Played(frozenset(), frozenset({"study.missing"})),
    },
)


def found(
    folder: Path, *duties: dict[str, Any], project: Path | None = None, **parts: Any
) -> list[tuple[str, str]]:
    registry = load_registry(write(folder, duties=list(duties), **parts))
    told = flaws(registry, THERE, project)
    for flaw in told:
        assert all(catalogue_for(locale).tell(flaw.said) for locale in locales())
    return [(flaw.entry, flaw.said.code) for flaw in told]


def test_a_duty_that_is_held_and_shown_has_no_flaw(tmp_path: Path) -> None:
    assert found(tmp_path, duty()) == []


@pytest.mark.parametrize("mode", ["must", "conditional"])
class TestADutyThatIsHeld:
    def test_needs_a_test_that_passes(self, tmp_path: Path, mode: str) -> None:
        assert found(tmp_path, duty(mode=mode, passes=[])) == [
            ("art_10", "coverage.no_passing_test")
        ]

    def test_needs_one_that_is_refused(self, tmp_path: Path, mode: str) -> None:
        assert found(tmp_path, duty(mode=mode, refused=[])) == [
            ("art_10", "coverage.no_refused_test")
        ]

    def test_needs_none_while_it_is_not_held(self, tmp_path: Path, mode: str) -> None:
        assert found(tmp_path, duty(mode=mode, enforced=[LATER], passes=[], refused=[])) == []


def test_what_may_be_done_need_not_be_refused_but_must_pass(tmp_path: Path) -> None:
    assert found(tmp_path, duty(mode="optional", refused=[])) == []
    assert found(tmp_path, duty(mode="optional", passes=[], refused=[])) == [
        ("art_10", "coverage.no_passing_test")
    ]


def test_a_principle_needs_no_test(tmp_path: Path) -> None:
    assert found(tmp_path, duty(mode="principle", passes=[], refused=[])) == []


def test_a_failure_that_is_stopped_is_shown_both_ways(tmp_path: Path) -> None:
    stopped = failure(enforced=[GATE])
    assert found(tmp_path, failures=[stopped]) == [
        ("late", "coverage.no_passing_test"),
        ("late", "coverage.no_refused_test"),
    ]


@pytest.mark.parametrize("what", ["steps", "rules", "commands", "questions", "counting"])
def test_a_part_that_no_definition_has_is_told(tmp_path: Path, what: str) -> None:
    held = {"by": "gate", what: ["zzz"]}
    assert found(tmp_path, duty(enforced=[held])) == [("art_10", "coverage.unknown")]


def test_a_part_that_is_misspelt_is_told_with_what_is_meant(tmp_path: Path) -> None:
    registry = load_registry(write(tmp_path, duties=[duty(enforced=[GATE | {"steps": ["stdy"]}])]))
    (flaw,) = flaws(registry, THERE)
    assert catalogue_for("en").tell(flaw.said) == "There is no step “stdy”. Did you mean: study?"


@pytest.mark.parametrize(
    ("key", "reference", "code"),
    [
        ("passes", "scenario:nonsense#study", "coverage.unknown"),
        ("passes", "scenario:sewage#study", "coverage.unknown_near"),
        ("passes", "scenario:study_before_start#study", "coverage.not_done"),
        ("refused", "scenario:sewage_charge!study.missing", "coverage.not_refused"),
        ("refused", "scenario:study_before_start!no.such", "coverage.not_refused"),
    ],
)
def test_a_scenario_must_show_what_it_is_named_for(
    tmp_path: Path, key: str, reference: str, code: str
) -> None:
    assert found(tmp_path, duty(**{key: [reference]})) == [("art_10", code)]


class TestTests:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        path = tmp_path / "source/tests/unit/test_a.py"
        path.parent.mkdir(parents=True)
        path.write_text("x = 1\ndef test_b(): ...\nclass TestC:\n  y = 1\n  def test_d(self): ...")
        return tmp_path / "source"

    def test_are_taken_as_written_where_they_are_not_installed(self, tmp_path: Path) -> None:
        assert found(tmp_path, duty(passes=["tests/unit/test_a.py::test_zzz"])) == []

    @pytest.mark.parametrize("name", ["test_b", "TestC::test_d"])
    def test_are_looked_up_in_the_source(self, tmp_path: Path, project: Path, name: str) -> None:
        given = duty(passes=[f"tests/unit/test_a.py::{name}"])
        assert found(tmp_path, given, project=project) == []

    @pytest.mark.parametrize("name", ["test_a.py::test_d", "test_a.py::TestC::x", "no.py::test_b"])
    def test_that_are_not_there_are_told(self, tmp_path: Path, project: Path, name: str) -> None:
        given = duty(refused=[f"tests/unit/{name}"])
        assert found(tmp_path, given, project=project) == [("art_10", "coverage.unknown_test")]

    def test_of_a_file_and_of_its_classes_are_known(self, project: Path) -> None:
        assert listed_tests(project / "tests/unit/test_a.py") == {"test_b", "TestC::test_d"}


OWN = {"archives": {"title": {"zh": "档案法", "en": "Archives Law"}, "number": "1"}}


class TestInstruments:
    def test_that_nobody_knows_are_told(self, tmp_path: Path) -> None:
        assert found(tmp_path, duty(cite=["order_713 10", "archives 1"])) == [
            ("art_10", "coverage.unknown")
        ]

    def test_may_be_named_by_the_registry_itself(self, tmp_path: Path) -> None:
        given = duty(cite=["order_713 10", "archives 1"])
        assert found(tmp_path, given, instruments=OWN) == []

    def test_bear_the_title_that_the_definitions_give_them(self, tmp_path: Path) -> None:
        registry = load_registry(write(tmp_path, instruments=OWN))
        assert instruments(registry, {}) == {"archives": Text("档案法", "Archives Law")}
        assert instruments(registry, {"archives": Text("甲", "a")})["archives"] == Text("甲", "a")


def test_what_there_is_comes_from_the_definitions_and_the_scenarios() -> None:
    there = Shipped.of(shipped())
    assert {"study", "cost_audit"} <= there.parts["steps"]
    assert {"open_call.period", "agenda.notice"} <= there.parts["rules"]
    assert {"start", "file_evidence", "grant_mandate"} <= there.parts["commands"]
    assert "sets_price" in there.parts["questions"]
    assert "period_days" in there.parts["counting"]
    assert there.instruments["order_713"].en.startswith("Interim Regulations")
    assert "propose" in there.scenarios["sewage_charge"].done
    assert there.scenarios["budget_first"].refused == {
        "budget.above_stated",
        "budget.missing",
        "budget.not_covered",
        "budget.nothing_covered",
    }


def test_a_registry_is_summed_up(tmp_path: Path) -> None:
    both = [GATE, GATE | {"steps": []}, LATER]
    numbers = summary(
        load_registry(
            write(
                tmp_path,
                duties=[
                    duty(enforced=both),
                    duty(id="b", mode="optional", passes=["tests/a.py::test_b"], refused=[]),
                ],
                failures=[failure()],
            )
        )
    )
    assert numbers.entries == 3
    assert {mode: n for mode, n in numbers.modes.items() if n} == {Mode.MUST: 2, Mode.OPTIONAL: 1}
    assert {way: n for way, n in numbers.ways.items() if n} == {Way.GATE: 2, Way.NOT_YET: 2}
    assert (numbers.scenarios, numbers.tests) == (2, 1)


def test_what_is_seen_to_elsewhere_is_counted_and_listed_apart(tmp_path: Path) -> None:
    registry = load_registry(write(tmp_path, duties=[duty(enforced=[GATE, ELSEWHERE])]))
    assert [(entry.id, held.by) for entry, held in elsewhere(registry)] == [
        ("art_10", Way.ELSEWHERE)
    ]
    ways = summary(registry).ways
    assert (ways[Way.ELSEWHERE], ways[Way.NOT_YET]) == (1, 0)


def test_both_languages_are_asked_for(tmp_path: Path) -> None:
    assert BOTH.keys() == set(locales())
    assert load_registry(tmp_path).entries == ()
