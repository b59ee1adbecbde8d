"""The documents tell the truth: the files, commands and promises that they name are there."""

from __future__ import annotations

import re
import shlex
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from api.cli.root import hoisted, root
from tests.guards.documents import (
    CELLS,
    DOCS,
    PACKAGES,
    PROGRAM,
    ROOT,
    TICKED,
    Line,
    absent,
    document,
    examples,
    places,
    quoted,
    session,
)
from workflow.clock import SystemClock

ADRS = tuple(sorted((ROOT / "docs/adr").glob("*.md")))
PARTS = ["Context", "Decision", "Consequences", "Alternatives"]
#: Half a page.
WORDS = 450

each_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))


@each_document
def test_every_place_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    assert absent(places(text) - examples(text).keys(), path.parent) == set()


def test_decision_records_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_record_says_what_one_wants_to_know(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    assert parts[1::2] == PARTS
    assert all(len(body.split()) >= 10 for body in parts[2::2])
    assert len(text.split()) < WORDS


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads(document("pyproject.toml"))["project"]
    headings = re.findall(r"^## \[(.+?)\]", document("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert project["version"] in headings


def test_the_package_carries_the_readme_and_the_licence_that_it_names() -> None:
    project = tomllib.loads(document("pyproject.toml"))["project"]
    readme = document(project["readme"])
    (licence,) = (document(path) for path in project["license-files"])
    assert f"许可证：{project['license']}" in readme
    assert f"Licence: {project['license']}" in readme
    assert licence.split()[:4] == ["Apache", "License", "Version", "2.0,"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_is_on_the_plan(package: str) -> None:
    inside = (path for path in (ROOT / package).iterdir() if path.name[0] not in "._")
    rooms = {path.stem for path in inside if path.suffix == ".py" or path.is_dir()}
    plan = document("docs/architecture.md").splitlines()
    row = next(line for line in plan if line.startswith(f"| `{package}/` |"))
    assert rooms - {token.rstrip("/").split("/")[-1] for token in TICKED.findall(row)} == {
        "messages"
    }


def test_every_refusal_of_the_database_is_told() -> None:
    written: set[str] = set()
    for script in (ROOT / "api/migrations/versions").glob("*.sql"):
        found = re.findall(
            r"yicheng:([a-z_]+[a-z])|yicheng_refuse\('([a-z_]+)'\)", script.read_text("utf-8")
        )
        written |= {name for pair in found for name in pair if name}
    promised = {
        token
        for line in document("docs/architecture.md").splitlines()
        if line.startswith("| `") and line.count("|") == 4
        for token in TICKED.findall(CELLS.split(line)[3])
    }
    assert promised == written


def test_the_commands_of_the_readme_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 11, 20, 1, tzinfo=UTC))
    text = document("README.md")
    for path, content in examples(text).items():
        (tmp_path / path).write_text(content, "utf-8")
    (tmp_path / "procedures").symlink_to(ROOT / "procedures")
    lines = session(text)
    assert len(lines) > 10
    for line in lines:
        done = CliRunner().invoke(root, list(line.words))
        assert done.exit_code == line.status, (line, done.output, done.exception)
        output = [each.strip() for each in done.output.splitlines()]
        assert [each for each in line.shown if each not in output] == [], (line, done.output)


@each_document
def test_every_target_of_make_that_a_document_names_exists(path: Path) -> None:
    known = re.findall(r"^([a-z]+):.*?## ", document("Makefile"), flags=re.MULTILINE)
    said = "\n".join(quoted(path.read_text("utf-8")))
    assert set(re.findall(r"\bmake ([a-z]+)\b", said)) - set(known) == set()


@each_document
def test_every_command_line_that_a_document_quotes_is_one(path: Path) -> None:
    for line in quoted(path.read_text("utf-8")):
        if line.startswith(PROGRAM):
            assert is_command(shlex.split(line)[1:]), line


def is_command(given: list[str]) -> bool:
    """Whether the words are options and commands that there are."""
    found: click.Command = root
    _, rest = hoisted(given)
    options = {name for param in root.params for name in param.opts}
    for word in rest:
        if word.startswith("-"):
            if word not in options | {name for param in found.params for name in param.opts}:
                return False
        elif isinstance(found, click.Group):
            below = found.get_command(click.Context(found), word)
            if below is None:
                return False
            found = below
    return True


class TestTheGuardItself:
    def test_finds_a_file_that_is_not_there(self) -> None:
        text = (
            "`docs/no_such.md` `docs/glossary.md` [x](no.md) [y](https://a.b/c) `procedures/kinds/`"
        )
        assert absent(places(text), ROOT / "docs") == {"docs/no_such.md", "no.md"}

    def test_reads_a_session(self) -> None:
        text = (
            "```console\n$ make test\nx\n$ yicheng do a --as 'b c'  # 3\n  说\n …\n$ make demo\n```"
        )
        assert session(text) == [
            Line(("do", "a", "--as", "b c"), 3, ("说",)),
            Line(("--locale", "zh", "demo"), 0, ()),
        ]

    @pytest.mark.parametrize(
        ("line", "there"),
        [
            ("matter list --stage drafting", True),
            ("--locale en matter why 1 --json", True),
            ("do propose --as a --payload @b", True),
            ("matters", False),
            ("matter no", False),
            ("matter list --stages x", False),
        ],
    )
    def test_knows_a_command(self, line: str, there: bool) -> None:
        assert is_command(shlex.split(line)) is there
