"""Retainers of law firms (聘用) in the file of an organisation: read, and held to the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from procedures.schema import SOME, Strict
from workflow.decisions.retaining import last_of_term
from workflow.definition import Procedure
from workflow.explaining.paths import Path
from workflow.retainer_forms import Clients
from workflow.texts import Line, Name

Told = tuple[Path, str, dict[str, object]]


class FilingForm(Strict):
    """Where a retainer was filed (备案)."""

    office: Line
    number: Line
    filed_on: date


class LawyerForm(Strict):
    """A retained lawyer, and of how many governments adviser."""

    account: Name
    clients: Clients
    stated_on: date


class RetainerForm(Strict):
    """A retainer, as the command `file_retainer` takes it."""

    firm: Name
    lawyers: Annotated[tuple[LawyerForm, ...], SOME]
    since: date
    until: date
    basis: Line
    filing: FilingForm | None = None

    def kept(self, number: int) -> dict[str, object]:
        """What the record of it keeps."""
        return {**self.model_dump(mode="json", exclude_none=True), "number": number}


def unfit(
    retainers: tuple[RetainerForm, ...],
    functions: Mapping[str, tuple[str, ...]],
    posts: Mapping[str, frozenset[str]],
    procedure: Procedure,
) -> Iterator[Told]:
    """What is wrong with the retainers of a file: where, the message and what fills it.

    `functions` are those of each unit, `posts` the units in which each account holds a post.
    """
    allowed = procedure.rules["retainer.firm"].choices
    term = procedure.rules.get("retainer.term")
    for place, each in enumerate(retainers):
        at: Path = ("retainers", place)
        if each.firm not in functions:
            told: dict[str, object] = {"name": each.firm, "known": tuple(functions)}
            yield (*at, "firm"), "organisation.unknown_unit", told
            continue
        if not set(functions[each.firm]) & set(allowed):
            told = {"name": each.firm, "known": allowed}
            yield (*at, "firm"), "organisation.no_firm", told
        for index, lawyer in enumerate(each.lawyers):
            if each.firm not in posts.get(lawyer.account, frozenset()):
                told = {"account": lawyer.account, "unit": each.firm}
                yield (*at, "lawyers", index, "account"), "organisation.not_of_firm", told
        if each.until < each.since:
            told = {"since": each.since, "until": each.until}
            yield (*at, "until"), "organisation.ends_first", told
        elif term is not None and term.value is not None:
            latest = last_of_term(each.since, term.value)
            if each.until > latest:
                told = {"most": term.value, "latest": latest, "until": each.until}
                yield (*at, "until"), "organisation.term_too_long", told
