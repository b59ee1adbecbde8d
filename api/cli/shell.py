"""Click in our own words: texts from the catalogues, commands loaded only when they are run."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from api.cli.help import help_page
from api.cli.invocation import Invocation
from workflow.catalogue import Catalogue
from workflow.errors import BadInput

HELP: Final = ("-h", "--help")


def words(ctx: click.Context) -> Catalogue:
    """The messages of the command line in the language of this run."""
    found = ctx.find_object(Invocation)
    return (Invocation() if found is None else found).help


class Option(click.Option):
    """An option; its help is the message `cli.option.<about>`."""

    def __init__(self, *declarations: str, about: str, **given: Any) -> None:  # noqa: ANN401
        super().__init__(list(declarations), **given)
        self.about = about

    def signature(self, ctx: click.Context) -> str:
        """How it is written, with what stands for its value."""
        names = ", ".join((*self.opts, *self.secondary_opts))
        return names if self.is_flag else f"{names} {self.make_metavar(ctx)}"


class Argument(click.Argument):
    """An argument; its help is the message `cli.argument.<about>`."""

    def __init__(self, name: str, *, about: str, **given: Any) -> None:  # noqa: ANN401
        super().__init__([name], **given)
        self.about = about

    def make_metavar(self, ctx: click.Context) -> str:  # noqa: ARG002 (click's signature)
        """The name as it stands in the usage line."""
        name = str(self.name).upper()
        return name if self.required else f"[{name}]"


class Worded(click.Command):
    """A command; what it is for is the message `cli.<path>.about`."""

    def __init__(self, path: str, **given: Any) -> None:  # noqa: ANN401
        # Too many arguments are told by us, in words that everybody can read.
        settings = {"allow_extra_args": True, "help_option_names": list(HELP)}
        super().__init__(path.rpartition(".")[2], context_settings=settings, **given)
        self.path = path

    def get_help(self, ctx: click.Context) -> str:
        """The help page."""
        return help_page(self, ctx, words(ctx))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that asks for the help page."""
        return Option(
            *self.get_help_option_names(ctx),
            about="help",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_help,
        )


class Command(Worded):
    """A command that does something."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what was written after the name of the command.  Raises BadInput for too much."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise BadInput("cli.extra", given=tuple(rest), call=ctx.command_path)
        return rest


class Group(Worded, click.Group):
    """Commands by name; `lazy` says in which module each stands, as `module:attribute`."""

    def __init__(self, path: str, lazy: Mapping[str, str], **given: Any) -> None:  # noqa: ANN401
        super().__init__(path, no_args_is_help=True, **given)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names, in the order in which they are needed."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, None if there is none."""
        place = self.lazy.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found


def _help(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's)
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()
