"""Click in our own words: help and usage from the catalogues, commands loaded when they are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

import click

from api.cli.invocation import Invocation
from workflow.catalogue import Catalogue
from workflow.errors import BadInput

HELP: Final = ("-h", "--help")


def words(ctx: click.Context) -> Catalogue:
    """The messages of the command line in the language of this run."""
    found = ctx.find_object(Invocation)
    return (Invocation() if found is None else found).help


class Option(click.Option):
    """An option whose help is the message `cli.option.<about>`."""

    def __init__(self, *declarations: str, about: str, **given: Any) -> None:  # noqa: ANN401
        super().__init__(list(declarations), **given)
        self.about = f"cli.option.{about}"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of the option in a help page."""
        self.help = words(ctx).text(self.about)
        return super().get_help_record(ctx)

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value: named by the form of the value."""
        return self.metavar or getattr(self.type, "metavar", super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument whose help is the message `cli.argument.<about>`."""

    def __init__(self, name: str, about: str, **given: Any) -> None:  # noqa: ANN401
        super().__init__([name], metavar=name.upper(), **given)
        self.about = f"cli.argument.{about}"

    def make_metavar(self, ctx: click.Context) -> str:
        """The name as it stands in the usage line."""
        name = self.name.upper()
        return name if self.required else f"[{name}]"


class Worded(click.Command):
    """A command whose help is the message `cli.<path>.about`."""

    path: str = ""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how it is called."""
        pieces = self.collect_usage_pieces(ctx)
        prefix = words(ctx).text("cli.help.usage")
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=prefix)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What may follow the name of the command."""
        pieces = [words(ctx).text("cli.help.options_here")]
        for param in self.get_params(ctx):
            pieces += param.get_usage_pieces(ctx)
        return pieces

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command is for."""
        formatter.write("\n")
        for line in words(ctx).text(f"cli.{self.path}.about").splitlines():
            formatter.write(f"  {line}".rstrip() + "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments and options, each with what it means."""
        catalogue = words(ctx)
        params = self.get_params(ctx)
        arguments = [
            (each.make_metavar(ctx), catalogue.text(each.about))
            for each in params
            if isinstance(each, Argument)
        ]
        options = [record for each in params if (record := each.get_help_record(ctx)) is not None]
        _section(formatter, catalogue.text("cli.help.arguments"), arguments)
        _section(formatter, catalogue.text("cli.help.options"), options)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that asks for this page."""
        return Option(
            *HELP,
            about="help",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_help,
        )


class Command(Worded):
    """A command; `path` is where its messages stand below `cli`."""

    def __init__(self, path: str, **given: Any) -> None:  # noqa: ANN401
        super().__init__(path.rpartition(".")[2], **given)
        self.path = path


class Group(Worded, click.Group):
    """Commands by name, each loaded from `module:attribute` only when it is run."""

    def __init__(self, path: str, lazy: Mapping[str, str], **given: Any) -> None:  # noqa: ANN401
        super().__init__(path.rpartition(".")[2], no_args_is_help=True, **given)
        self.path = path
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are needed."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        place = self._lazy.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What may follow the name of the group."""
        pieces = super().collect_usage_pieces(ctx)
        return [*pieces, words(ctx).text("cli.help.command_here")]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, and the commands with a line each; none of them is loaded for it."""
        super().format_options(ctx, formatter)
        catalogue = words(ctx)
        prefix = f"cli.{self.path}." if ctx.parent is not None else "cli."
        rows = [(name, catalogue.text(f"{prefix}{name}.short")) for name in self._lazy]
        _section(formatter, catalogue.text("cli.help.commands"), rows)


def plain_usage_error(error: click.UsageError) -> BadInput:
    """A mistake in the call itself, as an error of ours that can be told in every language."""
    usage = "" if error.ctx is None else error.ctx.command_path
    match error:
        case click.NoSuchOption():
            near = tuple(error.possibilities or ())
            code = "cli.no_such_option_near" if near else "cli.no_such_option"
            return BadInput(code, name=error.option_name, near=near, usage=usage)
        case click.exceptions.NoSuchCommand():
            near = tuple(error.possibilities or ())
            code = "cli.no_such_command_near" if near else "cli.no_such_command"
            return BadInput(code, name=error.command_name, near=near, usage=usage)
        case click.MissingParameter(param=click.Parameter() as param):
            name = param.opts[0] if isinstance(param, click.Option) else str(param.name).upper()
            return BadInput("cli.missing", name=name, usage=usage)
        case click.BadOptionUsage():
            return BadInput("cli.option_value", name=error.option_name, usage=usage)
        case _:
            return BadInput("cli.usage", why=error.format_message(), usage=usage)


def _section(
    formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]
) -> None:
    if listed := list(rows):
        with formatter.section(title):
            formatter.write_dl(listed)


def _help(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's)
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()
