"""The help page of a command, in the language that was asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from api.presenting.page import Page, Style, Terminal
from workflow.catalogue import Catalogue

if TYPE_CHECKING:
    import click

    from api.cli.shell import Worded


def help_page(command: Worded, ctx: click.Context, words: Catalogue) -> str:
    """How the command is called, what it is for, and what may be given to it."""
    from api.cli.shell import Argument, Group, Option

    lines: list[str] = []
    page = Page(Terminal.of(sys.stdout), lines.append)
    params = command.get_params(ctx)
    arguments = [each for each in params if isinstance(each, Argument)]
    names = [each.make_metavar(ctx) for each in arguments]
    call = [ctx.command_path, words.text("cli.help.some_options"), *names]
    if isinstance(command, Group):
        call.append(words.text("cli.help.a_command"))
    page.line(words.text("cli.help.usage", call=" ".join(call)))
    page.blank()
    page.line(words.text(f"cli.{command.path}.about"), first="  ")
    if isinstance(command, Group):
        below = f"cli.{command.path}." if ctx.parent else "cli."
        shorts = [(name, words.text(f"{below}{name}.short")) for name in command.lazy]
        _section(page, words.text("cli.help.commands"), shorts)
    told = [
        (name, words.text(f"cli.argument.{each.about}"))
        for name, each in zip(names, arguments, strict=True)
    ]
    _section(page, words.text("cli.help.arguments"), told)
    options = [each for each in params if isinstance(each, Option)]
    _section(
        page,
        words.text("cli.help.options"),
        [(each.signature(ctx), words.text(f"cli.option.{each.about}")) for each in options],
    )
    return "\n".join(lines)


def _section(page: Page, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        page.blank()
        page.line(title, style=Style.HEADING)
        page.pairs(rows, indent="  ")
