"""The layers hold because a tool checks them; here is the proof that the tool would notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PYPROJECT["tool"]["importlinter"]["root_packages"]
CONTRACTS: dict[str, Any] = {
    contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]
}
PURE: list[str] = CONTRACTS["pure"]["source_modules"]
OUTSIDE: list[str] = CONTRACTS["pure"]["forbidden_modules"]

# What is planted: a module and the import that it must not have.
PLANTED: list[tuple[str, str]] = [
    ("workflow.errors", "procedures"),
    ("workflow.errors", "notifications"),
    ("workflow.errors", "api"),
    ("procedures", "notifications"),
    ("procedures", "api"),
    ("notifications", "api"),
    ("workflow.errors", "workflow.decisions"),
    *((module, "sqlmodel") for module in PURE if module != "workflow.guards"),
    *(("workflow.guards", library) for library in OUTSIDE),
    ("workflow.guards", "holidays"),
    ("workflow.guards", "transitions"),
    ("api", "apscheduler"),
    ("api.identity.room", "fastapi"),
    ("api.identity.timing", "sqlmodel"),
]


def test_every_package_is_under_contract_and_in_the_distribution() -> None:
    packages = sorted(found.parent.name for found in ROOT.glob("*/__init__.py"))
    packages.remove("tests")
    tools = PYPROJECT["tool"]
    assert sorted(PACKAGES) == packages
    assert sorted(CONTRACTS["one-way"]["layers"]) == packages
    assert sorted(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == packages
    assert sorted(tools["coverage"]["run"]["source"]) == packages
    assert sorted(tools["mypy"]["files"]) == sorted([*packages, "tests"])


@pytest.mark.parametrize("module", [name for name in PURE if name != "procedures"])
def test_every_pure_room_of_the_engine_must_be_covered_by_tests(module: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    room = module.replace(".", "/")
    assert f"\t{room}.py" in makefile or f"\t{room}/*.py" in makefile


def test_an_untouched_copy_keeps_every_contract(tmp_path: Path) -> None:
    status, report = lint_imports(copy_to(tmp_path))
    assert status == 0, report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the tool says of a copy in which every line of PLANTED was planted."""
    copy = copy_to(tmp_path_factory.mktemp("planted"))
    for module, imported in PLANTED:
        plant(copy, module, f"import {imported}")
    status, report = lint_imports(copy)
    assert status == 1, report
    return report


@pytest.mark.parametrize(("module", "imported"), PLANTED)
def test_a_forbidden_import_is_reported(module: str, imported: str, report: str) -> None:
    assert f"{module} -> {imported} (l." in report


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_no_contract_is_kept_among_forbidden_imports(contract: dict[str, Any], report: str) -> None:
    assert f"{contract['name']} BROKEN" in report


def test_a_room_of_the_engine_without_a_place_is_reported(tmp_path: Path) -> None:
    copy = copy_to(tmp_path)
    (copy / "workflow" / "stray.py").touch()
    status, report = lint_imports(copy)
    assert status == 1, report
    assert "stray" in report


@pytest.mark.parametrize(
    ("line", "door"),
    [
        ("from transitions import Machine", "workflow/machine.py"),
        ("from transitions.extensions import LockedMachine", "workflow/machine.py"),
        ("from apscheduler.schedulers.background import Any", "notifications/scheduler.py"),
        ("import datetime\n\nNOW = datetime.datetime.now(datetime.UTC)", "workflow/clock.py"),
        ("from datetime import datetime\n\nNOW = datetime.utcnow()", "workflow/clock.py"),
        ("from datetime import datetime\n\nNOW = datetime.today()", "workflow/clock.py"),
        ("from datetime import date\n\nTODAY = date.today()", "workflow/clock.py"),
        ("import time\n\nNOW = time.time()", "workflow/clock.py"),
        ("from time import time_ns\n\nNOW = time_ns()", "workflow/clock.py"),
    ],
)
def test_what_has_one_door_is_refused_everywhere_else(line: str, door: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for place in (door, "workflow/guards.py", "procedures/dates.py", "api/x.py", "tests/x.py"):
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(line, "utf-8")
        status, report = run("ruff", "check", "--no-cache", "--select=TID251", place, at=tmp_path)
        assert status == (place != door), report


def copy_to(folder: Path) -> Path:
    """The packages and their contracts, without what Python compiled."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def plant(copy: Path, module: str, line: str) -> None:
    path = copy.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    source.write_text(source.read_text("utf-8") + f"\n{line}\n", "utf-8")


def lint_imports(copy: Path) -> tuple[int, str]:
    return run("lint-imports", "--no-logo", "--no-cache", at=copy)


def run(tool: str, *arguments: str, at: Path) -> tuple[int, str]:
    """Exit status and output of a tool that stands beside this Python."""
    done = subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments],
        cwd=at,
        env={"COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
