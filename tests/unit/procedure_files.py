"""Definitions for tests: the shipped ones, changed in memory and written as files of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from pickle import dumps, loads
from typing import Any, cast

import pytest

from procedures.book import LAW, ProcedureBook
from procedures.merge import overlay, whole
from procedures.problems import Problem, SourceError
from procedures.source import read
from workflow.definition import Procedure

Change = Callable[[dict[str, Any]], object]
Found = list[tuple[str, str]]

BASE = "order_713"
HEAD = ("procedure", "version")
PLAIN = re.compile(r"[a-z]+_[a-z_0-9]+|\d{4}-\d\d-\d\d")
PLACED = (
    "study",
    "research",
    "department_consultation",
    "open_call",
    "hearing",
    "expert_argument",
    "risk_assessment",
    "fair_competition",
    "budget",
    "legality_review",
)
PROFILE = {
    "procedure": "test_city",
    "version": "2026-01-01",
    "extends": {"procedure": BASE, "version": "2019-09-01"},
    "name": {"zh": "试验市", "en": "test city"},
}


def law() -> dict[str, Any]:
    """The shipped base as plain data, to be changed at will."""
    data = loads(_law())
    assert isinstance(data, dict)
    return data


@cache
def _law() -> bytes:
    base, own = (whole(read(LAW / f"{name}.yaml")) for name in ("common_course", BASE))
    data = cast("dict[str, Any]", overlay(base, own).data)
    # Tests point at these by their place; whatever else there is comes after them.
    order = (*PLACED, *(step["id"] for step in data["steps"]))
    steps = sorted(data["steps"], key=lambda step: order.index(step["id"]))
    return dumps({name: data[name] for name in data if name != "extends"} | {"steps": steps})


def step(data: dict[str, Any], name: str) -> Any:
    """A step of a definition by its id."""
    return next(each for each in data["steps"] if each["id"] == name)


def move(data: dict[str, Any], command: str, outcome: str = "") -> Any:
    """The first move of a command with an outcome."""
    return next(
        each
        for each in data["moves"]
        if command in listed(each["command"]) and outcome in listed(each.get("outcome", ""))
    )


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def write(folder: Path, data: dict[str, Any], name: str = "law") -> Path:
    """Write a definition as a file, each part of it as JSON, which is YAML as well.

    Numbers of a profile that name no provision get one, which every number of a profile must have.
    """
    path = folder / f"{name}.yaml"
    written = cited(data) if "extends" in data else data
    path.write_text("".join(map(_lines, written.items())), "utf-8")
    return path


def _lines(part: tuple[str, Any]) -> str:
    """One key of a definition and, of a list, each item on a line of its own.

    What the first lines tell of a file is written plainly, so that they do tell it.
    """
    key, value = part
    if key in HEAD and isinstance(value, str) and PLAIN.fullmatch(value):
        return f"{key}: {value}\n"
    if isinstance(value, list) and value:
        return f"{_json(key)}:\n" + "".join(f"- {_json(each)}\n" for each in value)
    return f"{_json(key)}: {_json(value)}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def cited(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile whose numbers all have a provision."""
    found = deepcopy(profile)
    steps = [step for step in found.get("steps", []) if isinstance(step, dict)]
    for holder in (found, *steps):
        rules = holder.get("rules")
        for each in rules.values() if isinstance(rules, dict) else ():
            if isinstance(each, dict) and not each.keys() & {"cite", "special_law"}:
                each["cite"] = "order_713 1"
    return found


def changed(folder: Path, change: Change) -> Procedure:
    """The shipped base, changed and loaded."""
    data = law()
    change(data)
    write(folder, data)
    return ProcedureBook(folder).get(BASE)


def profiled(folder: Path, profile: dict[str, Any], change: Change | None = None) -> Procedure:
    """A profile over the base, which may be changed before."""
    data = law()
    if change is not None:
        change(data)
    write(folder, data)
    write(folder, PROFILE | profile, "profile")
    return ProcedureBook(folder).get("test_city")


def problems(load: Callable[[], object]) -> list[Problem]:
    """What is wrong with a definition that must not load."""
    with pytest.raises(SourceError) as caught:
        load()
    return list(caught.value.problems)


def told(load: Callable[[], object]) -> Found:
    """The key and code of everything that is wrong."""
    return [(problem.key, problem.code) for problem in problems(load)]
