"""The table of administrative acts, read strictly: which administrator may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from api.identity.principal import Administrator
from procedures.problems import SourceError
from procedures.schema import Citations, Strict
from procedures.source import parse, read
from workflow.texts import Name

TABLE: Final = Path(__file__).with_name("administration.yaml")


@dataclass(frozen=True, slots=True)
class Act:
    """An administrative act: by whom, and whether it changes anything."""

    by: frozenset[Administrator]
    changes: bool


class ActForm(Strict):
    """An act in the file."""

    by: Annotated[tuple[Administrator, ...], Field(min_length=1)]
    changes: bool


class TableForm(Strict):
    """The file."""

    administration: Literal["identity"]
    version: date
    cite: Citations
    acts: Mapping[Name, ActForm]


def load_acts(path: Path = TABLE) -> Mapping[str, Act]:
    """The acts by their name.

    Raises SourceError for a file that cannot be taken, also where the audit administrator could
    change something, or where one of two administrators could change what another one changes.
    """
    document = read(path)
    form = parse(document, TableForm)
    problems = []
    for name, each in form.acts.items():
        if each.changes and Administrator.AUDIT in each.by:
            problems.append(
                document.problem(("acts", name), "identity.acts.audit_changes", act=name)
            )
        elif each.changes and len(each.by) > 1:
            problems.append(document.problem(("acts", name), "identity.acts.shared", act=name))
    if problems:
        raise SourceError(problems)
    return {name: Act(frozenset(each.by), each.changes) for name, each in form.acts.items()}


@cache
def shipped_acts() -> Mapping[str, Act]:
    """The acts of the distribution."""
    return load_acts()
