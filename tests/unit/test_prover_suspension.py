"""Nothing is carried out while it is suspended, and a suspension ends (Order 713 art. 37)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.prover import prove
from procedures.prover_reader import Machine
from procedures.prover_suspension import Suspensions, suspensions
from tests.unit.procedure_files import Change, changed
from tests.unit.test_prover import EXPLORED, TO_ISSUE
from workflow.catalogue import catalogue_for, locales

TO_SUSPENSION = [*TO_ISSUE, "assign_execution", "suspend_execution"]


def planted(folder: Path, change: Change) -> dict[tuple[str, str], list[str]]:
    """The path to each fault of suspensions that the proof finds."""
    return {
        (fault.code, fault.subject): [
            f"{way.command}/{way.outcome}".rstrip("/") for way in fault.path
        ]
        for fault in prove(changed(folder, change), KINDS, EXPLORED).faults
        if "suspended" in fault.code
    }


def allowed(command: str, source: str, to: str | None = None) -> Change:
    """One move more."""

    def change(data: dict[str, Any]) -> None:
        extra = {"command": command, "from": [source]}
        data["moves"].append(extra if to is None else {**extra, "to": to})
        if command == "complete_execution":
            data["moves"].append({**extra, "outcome": "in_part"})

    return change


def no_end(data: dict[str, Any]) -> None:
    for each in data["moves"]:
        named = each["command"] if isinstance(each["command"], list) else [each["command"]]
        if {"resume_execution", "terminate_execution"} & set(named):
            each["from"] = [stage for stage in each["from"] if stage != "suspended"] or [
                "executing"
            ]


@pytest.mark.parametrize("name", sorted(each.id for each in shipped().all()))
def test_no_shipped_definition_carries_out_what_is_suspended__order_713_art_37(name: str) -> None:
    assert suspensions(Machine(shipped().get(name))) == Suspensions((), ())


@pytest.mark.parametrize("command", ["complete_execution", "report_progress", "close_matter"])
def test_an_act_while_suspended_is_found_with_its_way__order_713_art_37(
    command: str, tmp_path: Path
) -> None:
    found = planted(tmp_path, allowed(command, "suspended"))
    assert found == {("proof.carried_out_suspended", command): [*TO_SUSPENSION, command]}


def test_a_way_around_by_another_stage_is_found__order_713_art_37(tmp_path: Path) -> None:
    found = planted(tmp_path, allowed("pause", "suspended", "executing"))
    assert found["proof.carried_out_suspended", "complete_execution"] == [
        *TO_SUSPENSION,
        "pause",
        "complete_execution",
    ]


def test_a_suspension_without_end_is_found__order_713_art_37(tmp_path: Path) -> None:
    found = planted(tmp_path, no_end)
    assert found == {("proof.suspended_for_good", "suspended"): TO_SUSPENSION}


@pytest.mark.parametrize("change", [allowed("close_matter", "suspended"), no_end])
def test_each_fault_has_its_words(change: Change, tmp_path: Path) -> None:
    for fault in prove(changed(tmp_path, change), KINDS, EXPLORED).faults:
        for locale in locales():
            assert catalogue_for(locale).text(fault.code, **fault.params)
