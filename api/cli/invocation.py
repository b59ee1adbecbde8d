"""One run of the command line: what it was told for all commands, and how it answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import click

from api.presenting.page import Page, Terminal
from api.settings import (
    DATABASE_VARIABLE,
    DEFAULT_DATABASE,
    LOCALE_VARIABLE,
    ORGANISATION_VARIABLE,
)
from workflow.catalogue import DEFAULT_LOCALE, Catalogue, catalogue_for
from workflow.errors import BadInput, NotFound

if TYPE_CHECKING:
    from api.bootstrap import House
    from workflow.ports import Clock


@dataclass
class Invocation:
    """What stands before the command: database, organisation, language, form of the answer."""

    database: str = DEFAULT_DATABASE
    code: str | None = None
    locale: str = DEFAULT_LOCALE
    as_json: bool = False
    database_named: bool = False

    def take(self, given: Mapping[str, str | None], *, as_json: bool) -> None:
        """Settle everything, from options or else from the environment.

        Raises UnknownLocale after the rest is settled, so that it can be told in the right form.
        """
        self.as_json = as_json
        self.database_named = given["--database"] is not None
        self.database = given["--database"] or os.environ.get(DATABASE_VARIABLE) or DEFAULT_DATABASE
        self.code = given["--organisation"] or os.environ.get(ORGANISATION_VARIABLE) or None
        wanted = given["--locale"] or os.environ.get(LOCALE_VARIABLE) or DEFAULT_LOCALE
        self.locale = catalogue_for(wanted, ("api",)).locale

    @cached_property
    def catalogue(self) -> Catalogue:
        """Every message of every package."""
        return catalogue_for(self.locale)

    @property
    def help(self) -> Catalogue:
        """The messages of the command line alone, which are enough to explain it."""
        return catalogue_for(self.locale, ("api",))

    @cached_property
    def page(self) -> Page:
        """Where the answer goes."""
        return Page(Terminal.of(sys.stdout), click.echo)

    def give(self, answer: object) -> None:
        """The answer for programs."""
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))

    def give_file(self, text: str) -> None:
        """The answer as a file has it, line ends and all, whatever the terminal would like."""
        click.echo(text.encode("utf-8"), nl=False)

    @contextmanager
    def house(self) -> Iterator[House[Clock]]:
        """The program on the database; what it takes is loaded only now."""
        from api.bootstrap import open_house

        with open_house(self.database) as house:
            yield house

    def organisation(self, house: House[Clock]) -> str:
        """The organisation that is meant: the one named, or else the only one there is.

        Raises NotFound where there is none, BadInput where there are several.
        """
        from api.founding import organisations

        if self.code is not None:
            return self.code
        known = organisations(house.uow)
        if not known:
            raise NotFound("cli.no_organisation")
        if len(known) > 1:
            raise BadInput("cli.which_organisation", known=known)
        return known[0]


def current() -> Invocation:
    """The invocation that the running command belongs to."""
    found = click.get_current_context().find_object(Invocation)
    if found is None:
        raise LookupError("no command is running")
    return found
