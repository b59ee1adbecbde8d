"""The forms of options and arguments: days, numbers, names out of a few."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

import click

from workflow.errors import BadInput

_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WholeNumber(click.ParamType[int]):
    """A whole number, not negative."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # noqa: ANN401
    ) -> int:
        """The number.  Raises BadInput."""
        if isinstance(value, int):
            return value
        if not _DIGITS.fullmatch(value):
            raise BadInput("cli.not_a_number", name=_name(param, ctx), value=value)
        return int(value)


class Day(click.ParamType[date]):
    """A day, written year-month-day."""

    name = "yyyy-mm-dd"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # noqa: ANN401
    ) -> date:
        """The day.  Raises BadInput."""
        if isinstance(value, date):
            return value
        try:
            if _ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError as error:
            raise BadInput("cli.no_such_day", name=_name(param, ctx), value=value) from error
        raise BadInput("cli.not_a_day", name=_name(param, ctx), value=value)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.name = "|".join(words)
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """The words themselves."""
        return self.name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # noqa: ANN401
    ) -> str:
        """The word.  Raises BadInput."""
        if value in self.words:
            return str(value)
        near = get_close_matches(value, self.words, n=1)
        code = "cli.not_one_of_near" if near else "cli.not_one_of"
        raise BadInput(code, name=_name(param, ctx), value=value, known=self.words, near=near)


def _name(param: click.Parameter | None, ctx: click.Context | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return "" if param is None or ctx is None else param.make_metavar(ctx)
