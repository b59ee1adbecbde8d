"""The forms of options and arguments: days, numbers, names out of a few."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Final

import click

from workflow.errors import BadInput
from workflow.explaining.quoting import shown

LISTED: Final = 100
"""How many lines a list has where nobody asks for more."""

_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WholeNumber(click.ParamType[int]):
    """A whole number, not negative."""

    name = "number"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """The number.  Raises BadInput."""
        if isinstance(value, int):
            return value
        text = str(value)
        if not _DIGITS.fullmatch(text):
            raise BadInput("cli.not_a_number", name=_name(param, ctx), value=shown(text))
        return int(text)


class Day(click.ParamType[date]):
    """A day, written year-month-day."""

    name = "yyyy-mm-dd"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """The day.  Raises BadInput."""
        if isinstance(value, date):
            return value
        text = str(value)
        if not _ISO_DAY.fullmatch(text):
            raise BadInput("cli.not_a_day", name=_name(param, ctx), value=shown(text))
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise BadInput("cli.no_such_day", name=_name(param, ctx), value=text) from error


class OneOf(click.ParamType[str]):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.name = "|".join(words)
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """The words themselves."""
        return self.name

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """The word.  Raises BadInput."""
        text = str(value)
        if text in self.words:
            return text
        near = get_close_matches(text, self.words, n=1)
        code = "cli.not_one_of_near" if near else "cli.not_one_of"
        told = {"name": _name(param, ctx), "value": shown(text), "known": self.words, "near": near}
        raise BadInput(code, **told)


def _name(param: click.Parameter | None, ctx: click.Context | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return "" if param is None or ctx is None else param.make_metavar(ctx)
