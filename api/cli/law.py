"""`yicheng law`: every duty that the law lays down, how it is held, and the tests that show it."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.failing import REFUSED
from api.cli.invocation import current
from api.cli.shell import Command, Group, Option
from workflow.errors import BadInput
from workflow.explaining.quoting import shown


def _coverage(project: str | None, *, markdown: bool) -> int:
    from api.presenting.coverage import Coverage
    from api.presenting.coverage_page import coverage_page
    from procedures.book import shipped
    from procedures.coverage import Shipped, flaws
    from procedures.duties import load_registry

    invocation = current()
    registry = load_registry()
    there = Shipped.of(shipped())
    if markdown:
        click.echo(coverage_page(registry, there.instruments), nl=False)
        return 0
    found = flaws(registry, there, None if project is None else _with_tests(project))
    words = Coverage(invocation.catalogue, registry, there.instruments)
    if invocation.as_json:
        invocation.give(words.data(found, tests_checked=project is not None))
    else:
        words.write(invocation.page, found, tests_checked=project is not None)
    return REFUSED if found else 0


def _with_tests(project: str) -> Path:
    folder = Path(project)
    if not (folder / "tests").is_dir():
        raise BadInput("law.no_tests", folder=shown(project))
    return folder


command = Group("law", {"coverage": "api.cli.law:coverage"})
coverage = Command(
    "law.coverage",
    callback=_coverage,
    params=[
        Option(
            "--project",
            about="project",
            metavar="FOLDER",
        ),
        Option("--markdown", about="markdown", is_flag=True),
    ],
)
