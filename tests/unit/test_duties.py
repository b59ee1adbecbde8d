"""The form of the registry: what an entry has to say, and what is told of one that does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from procedures.duties import Mode, Reference, Registry, Showing, Way, load_registry
from tests.unit.procedure_files import told
from workflow.definition import Citation

BOTH = {"zh": "甲", "en": "a"}

GATE = {"by": "gate", "steps": ["study"], "commands": ["start"]}
LATER = {"by": "not_yet", "why": BOTH}
ELSEWHERE = {"by": "elsewhere", "why": BOTH, "kept_by": BOTH}


def duty(**changes: object) -> dict[str, Any]:
    return {
        "id": "art_10",
        "cite": "order_713 10",
        "mode": "must",
        "who": BOTH,
        "what": BOTH,
        "when": BOTH,
        "enforced": [GATE],
        "passes": ["scenario:sewage_charge#study"],
        "refused": ["scenario:study_before_start!study.missing"],
    } | changes


def failure(**changes: object) -> dict[str, Any]:
    return {"id": "late", "failure": BOTH, "control": BOTH, "enforced": [LATER]} | changes


def write(folder: Path, name: str = "law", **parts: object) -> Path:
    content = {"registry": name, "title": BOTH, "about": BOTH} | parts
    (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def load(folder: Path, *duties: dict[str, Any]) -> Registry:
    return load_registry(write(folder, duties=list(duties)))


def wrong(folder: Path, **changes: object) -> list[tuple[str, str]]:
    return told(lambda: load(folder, duty(**changes)))


def test_a_duty_says_who_must_do_what_and_how_it_is_held(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, duty()).entries
    assert (entry.id, entry.mode, entry.held) == ("art_10", Mode.MUST, True)
    assert entry.cite == (Citation("order_713", "10"),)
    (held,) = entry.enforced
    assert held.by is Way.GATE
    assert dict(held.parts) == {
        "steps": ("study",),
        "rules": (),
        "commands": ("start",),
        "questions": (),
        "counting": (),
    }


def test_a_failure_must_be_stopped(tmp_path: Path) -> None:
    (entry,) = load_registry(write(tmp_path, failures=[failure()])).entries
    assert (entry.mode, entry.cite, entry.held) == (Mode.MUST, (), False)


def test_the_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, "b", duties=[duty(id="second")])
    write(tmp_path, "a", duties=[duty(id="first")], failures=[failure()])
    registry = load_registry(tmp_path)
    assert [entry.id for entry in registry.entries] == ["first", "late", "second"]
    assert [entry.id for entry, _ in registry.citations()] == ["first", "second"]


def test_an_entry_held_in_part_is_held(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, duty(enforced=[LATER, GATE])).entries
    assert entry.held


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("scenario:a_b#start", Reference(Showing.DONE, "a_b", "start")),
        ("scenario:a!study.missing", Reference(Showing.REFUSED, "a", "study.missing")),
        ("tests/unit/test_a.py::test_b", Reference(Showing.TEST, "tests/unit/test_a.py", "test_b")),
        (
            "tests/unit/kinds/test_a.py::TestB::test_c",
            Reference(Showing.TEST, "tests/unit/kinds/test_a.py", "TestB::test_c"),
        ),
    ],
)
def test_a_reference_is_read_as_it_is_written(
    tmp_path: Path, text: str, reference: Reference
) -> None:
    key = "refused" if reference.showing is Showing.REFUSED else "passes"
    (entry,) = load(tmp_path, duty(**{key: [text]})).entries
    assert getattr(entry, key) == (reference,)
    assert str(reference) == text


@pytest.mark.parametrize(
    "text", ["", 1, "start", "scenario:a", "scenario:a#", "tests/a.py", "a.py::test", "x:a#b"]
)
def test_another_form_of_reference_is_refused(tmp_path: Path, text: object) -> None:
    assert wrong(tmp_path, passes=[text]) == [("duties[1].passes[1]", "registry.reference_form")]


def test_a_refusal_does_not_show_that_something_passes(tmp_path: Path) -> None:
    assert wrong(tmp_path, passes=["scenario:a!b.c"]) == [
        ("duties[1].passes[1]", "registry.wrong_way_passes")
    ]


def test_what_is_done_does_not_show_that_something_is_refused(tmp_path: Path) -> None:
    assert wrong(tmp_path, refused=["tests/a.py::test_b", "scenario:a#b"]) == [
        ("duties[1].refused[2]", "registry.wrong_way_refused")
    ]


@pytest.mark.parametrize(
    "held",
    [
        {"by": "gate"},
        {"by": "gate", "why": BOTH},
        {"by": "gate", "steps": ["study"], "why": BOTH},
        {"by": "not_yet"},
        {"by": "not_enforceable", "rules": ["proposal"], "why": BOTH},
    ],
)
def test_what_holds_a_duty_is_named_or_else_why_nothing_does(
    tmp_path: Path, held: dict[str, object]
) -> None:
    assert wrong(tmp_path, enforced=[held]) == [
        ("duties[1].enforced[1].by", "registry.what_or_why")
    ]


@pytest.mark.parametrize(
    "held", [{"by": "elsewhere", "why": BOTH}, LATER | {"kept_by": BOTH}, GATE | {"kept_by": BOTH}]
)
def test_what_is_held_elsewhere_names_who_sees_to_it_and_nothing_else_does(
    tmp_path: Path, held: dict[str, object]
) -> None:
    assert wrong(tmp_path, enforced=[held]) == [("duties[1].enforced[1].by", "registry.kept_by")]


def test_what_is_seen_to_elsewhere_is_not_held(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, duty(enforced=[ELSEWHERE], passes=[], refused=[])).entries
    assert not entry.held


def test_every_entry_says_how_it_is_held(tmp_path: Path) -> None:
    assert wrong(tmp_path, enforced=[]) == [("duties[1].enforced", "source.list_too_short")]


def test_nothing_is_listed_twice(tmp_path: Path) -> None:
    write(tmp_path, "a", duties=[duty(id="x")], failures=[failure(id="x")])
    write(tmp_path, "b", duties=[duty(id="x")])
    assert told(lambda: load_registry(tmp_path)) == [
        ("failures[1].id", "registry.twice"),
        ("duties[1].id", "registry.twice"),
    ]


def test_every_broken_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a", duties=[duty(colour="red")])
    write(tmp_path, "b", duties=[duty(mode="perhaps")])
    assert [key for key, _ in told(lambda: load_registry(tmp_path))] == [
        "duties[1].colour",
        "duties[1].mode",
    ]
