"""How a profile is laid over its base: by id and field by field, each part with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.merge import Piece, duplicates, overlay, whole
from procedures.source import read_text
from tests.unit.procedure_files import law, profiled, step, told
from workflow.definition import Holder

BASE = """\
name: {zh: 底本, en: base}
meeting_body: hall
questions:
  size: {kind: number, text: {zh: 多大, en: how large}}
steps:
  - id: one
    after: [zero]
    rules:
      pace: {value: 3, cite: law 1}
  - id: two
    required_when: {all: [always]}
    acts: {walk: [a of b], run: [a of b]}
while_paused: [resume]
moves:
  - {command: walk, from: [start]}
separations:
  - {act: walk, rule: apart, not_by: [run]}
"""


def merged(profile: str, base: str = BASE) -> Piece:
    return overlay(whole(read_text(base, "base.yaml")), whole(read_text(profile, "own.yaml")))


def data_of(piece: Piece) -> Any:
    return piece.data


def place(piece: Piece, *path: str | int) -> tuple[str, int, str]:
    problem = piece.problem(path, "some.code")
    return problem.file, problem.line, problem.key


def test_an_empty_profile_changes_nothing() -> None:
    assert data_of(merged("procedure: x")) == {
        **data_of(whole(read_text(BASE, ""))),
        "procedure": "x",
    }


def test_mappings_are_merged_field_by_field() -> None:
    found = data_of(merged("name: {en: mine}\nquestions: {size: {kind: choice}, more: {}}"))
    assert found["name"] == {"zh": "底本", "en": "mine"}
    assert found["questions"] == {
        "size": {"kind": "choice", "text": {"zh": "多大", "en": "how large"}},
        "more": {},
    }


def test_steps_are_merged_by_id_and_new_ones_come_last() -> None:
    found = data_of(merged("steps: [{id: three}, {id: one, after: [zero, two]}]"))
    assert [each["id"] for each in found["steps"]] == ["one", "two", "three"]
    assert found["steps"][0]["after"] == ["zero", "two"]


def test_rules_are_merged_field_by_field_and_acts_one_by_one() -> None:
    found = data_of(
        merged("steps: [{id: one, rules: {pace: {value: 4}}}, {id: two, acts: {run: [c of d]}}]")
    )
    assert found["steps"][0]["rules"] == {"pace": {"value": 4, "cite": "law 1"}}
    assert found["steps"][1]["acts"] == {"walk": ["a of b"], "run": ["c of d"]}


def test_a_predicate_is_replaced_as_a_whole() -> None:
    found = data_of(merged("steps: [{id: two, required_when: {any: [always]}}]"))
    assert found["steps"][1]["required_when"] == {"any": ["always"]}


def test_moves_are_appended_and_words_are_united() -> None:
    found = data_of(
        merged("moves: [{command: walk, from: [start]}]\nwhile_paused: [resume, withdraw]")
    )
    assert len(found["moves"]) == 2
    assert found["while_paused"] == ["resume", "withdraw"]


def test_separations_are_told_apart_by_act_and_rule() -> None:
    found = data_of(
        merged(
            "separations: [{act: walk, rule: other, not_by: []}, "
            "{act: walk, rule: apart, not_by: [run, jump]}]"
        )
    )
    assert [(each["rule"], each["not_by"]) for each in found["separations"]] == [
        ("apart", ["run", "jump"]),
        ("other", []),
    ]


@pytest.mark.parametrize(
    "profile",
    ["name: x", "steps: x", "steps: {}", "moves: x", "questions: [x]", "while_paused: null"],
)
def test_what_has_another_form_stands_for_itself_to_be_refused(profile: str) -> None:
    name, _, _ = profile.partition(":")
    assert data_of(merged(profile))[name] == data_of(whole(read_text(profile, "")))[name]


@pytest.mark.parametrize("item", ["x", "{name: x}", "{id: 3}"])
def test_an_item_without_its_key_is_appended_to_be_refused(item: str) -> None:
    assert len(data_of(merged(f"steps: [{item}]"))["steps"]) == 3


class TestPlaces:
    PROFILE = """\
steps:
  - id: one
    rules:
      pace:
        value: 4
  - id: three
while_paused: [withdraw]
"""

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (("steps", 0, "rules", "pace", "value"), ("own.yaml", 5, "steps[1].rules.pace.value")),
            (("steps", 0, "rules", "pace", "cite"), ("base.yaml", 9, "steps[1].rules.pace.cite")),
            (("steps", 0, "after", 0), ("base.yaml", 7, "steps[1].after[1]")),
            (("steps", 1, "acts", "run", 0), ("base.yaml", 12, "steps[2].acts.run[1]")),
            (("steps", 2, "id"), ("own.yaml", 6, "steps[2].id")),
            (("steps", 2, "kind"), ("own.yaml", 6, "steps[2].kind")),
            (("while_paused", 1), ("own.yaml", 7, "while_paused[1]")),
            (("while_paused", 0), ("base.yaml", 13, "while_paused[1]")),
            (("meeting_body",), ("base.yaml", 2, "meeting_body")),
            (
                ("steps", 0, "rules", "pace", "cite", 0),
                ("base.yaml", 9, "steps[1].rules.pace.cite"),
            ),
        ],
    )
    def test_each_part_is_found_where_it_was_written(
        self, path: tuple[str | int, ...], expected: tuple[str, int, str]
    ) -> None:
        assert place(merged(self.PROFILE), *path) == expected

    def test_what_comes_from_no_file_has_a_name_only(self) -> None:
        piece = Piece({"steps": []}, None, "city@2026-01-01")
        assert place(piece, "steps", 0) == ("city@2026-01-01", 0, "steps")


def test_what_one_file_says_twice_is_found() -> None:
    twice = read_text("steps: [{id: a}, {id: b}, {id: a}, {id: 3}, {id: 3}, x, x]", "own.yaml")
    assert [(each.key, each.params["name"]) for each in duplicates(twice)] == [("steps[3].id", "a")]


@pytest.mark.parametrize("text", ["[1]", "steps: {id: a}", "steps: []", "moves: [{}, {}]"])
def test_what_is_said_once_is_no_duplicate(text: str) -> None:
    assert not list(duplicates(read_text(text, "own.yaml")))


@given(
    st.dictionaries(
        st.sampled_from(["act", "rule", "not_by", "role"]), st.sampled_from(["x", "y"]), min_size=1
    )
)
def test_nothing_of_the_base_is_ever_lost_from_a_list(item: dict[str, str]) -> None:
    base = "separations: [{act: x, rule: x}, {act: y, rule: x}]\ndenials: [{act: x, role: y}]"
    text = "{" + ", ".join(f"{key}: {value}" for key, value in item.items()) + "}"
    found = data_of(merged(f"separations: [{text}]\ndenials: [{text}]", base))
    separations = {(each.get("act"), each.get("rule")) for each in found["separations"]}
    denials = {(each.get("act"), each.get("role")) for each in found["denials"]}
    assert {("x", "x"), ("y", "x")} <= separations
    assert ("x", "y") in denials


def test_a_permission_is_replaced_for_its_command(tmp_path: Path) -> None:
    loaded = profiled(tmp_path, {"permissions": {"pause": ["deputy of decision_body"]}})
    assert loaded.permissions["pause"] == (Holder("deputy", "decision_body"),)
    assert loaded.permissions["decline"] == (Holder("director", "decision_body"),)


def test_a_fault_of_the_base_is_told_of_the_base_even_when_the_profile_is_asked_for(
    tmp_path: Path,
) -> None:
    def change(data: dict[str, Any]) -> None:
        step(data, "study")["before"] = "noon"

    assert told(lambda: profiled(tmp_path, {}, change)) == [
        ("steps[1].before", "source.not_one_of")
    ]
    assert law()["steps"][0]["before"] == "start"
