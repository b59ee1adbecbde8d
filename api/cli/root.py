"""The command `yicheng` itself: options for all commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn, TextIO

import click

from api.cli.failing import INTERRUPTED, PIPE_CLOSED, tell
from api.cli.invocation import Invocation
from api.cli.shell import Group, Option, words

PROGRAM: Final = "yicheng"

COMMANDS: Final = {
    "init": "api.cli.init:command",
    "demo": "api.cli.demo:command",
    "play": "api.cli.play:command",
    "do": "api.cli.do:command",
    "commands": "api.cli.commands:command",
    "matter": "api.cli.matter:command",
    "catalogue": "api.cli.yearly:command",
    "duties": "api.cli.yearly:duties",
    "meeting": "api.cli.meeting:command",
    "inbox": "api.cli.inbox:command",
    "notify": "api.cli.notify:command",
    "people": "api.cli.people:people",
    "units": "api.cli.people:units",
    "procedures": "api.cli.procedures:command",
    "law": "api.cli.law:command",
    "calendar": "api.cli.calendar:command",
    "draw": "api.cli.draw:command",
    "journal": "api.cli.journal:command",
    "file": "api.cli.file:file",
    "files": "api.cli.file:files",
    "signature": "api.cli.signing:command",
    "account": "api.cli.account:command",
    "backup": "api.cli.backup:backup",
    "restore": "api.cli.backup:restore",
    "security": "api.cli.security:command",
    "serve": "api.cli.serve:command",
}

_JSON: Final = "--json"
_VALUED: Final = ("--database", "--organisation", "--locale")


class Root(Group):
    """The root of all commands."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401
        """Run the command line and leave with its status."""
        for stream in (sys.stdout, sys.stderr):
            _speak_utf8(stream)
        invocation = Invocation()
        given = own_arguments() if args is None else list(args)
        try:
            status = self._run(given, invocation)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read the output has enough of it; what is left must not fail again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = PIPE_CLOSED
        sys.exit(status)

    def _run(self, args: list[str], invocation: Invocation) -> int:
        try:
            with self.make_context(PROGRAM, args, obj=invocation) as ctx:
                ended = self.invoke(ctx)
        except click.exceptions.Exit as left:
            return left.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            return error.exit_code
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 (told, with its traceback if asked for)
            return tell(error, invocation)
        return ended if isinstance(ended, int) else 0

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Settle what holds for all commands, wherever it was written, before anything is said."""
        common, rest = hoisted(args)
        given: dict[str, str | None] = dict.fromkeys(_VALUED)
        given.update({name: value for name, value in common if name != _JSON})
        ctx.ensure_object(Invocation).take(given, as_json=(_JSON, "") in common)
        return super().parse_args(ctx, rest)


def hoisted(args: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The options for all commands with their values, and the other arguments in their order.

    What follows `--` is left alone, and so is a last option without its value.
    """
    common: list[tuple[str, str]] = []
    rest: list[str] = []
    waiting = list(args)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *waiting]
            break
        if name in _VALUED and equals:
            common.append((name, value))
        elif name in _VALUED and waiting:
            common.append((name, waiting.pop(0)))
        elif word == _JSON:
            common.append((word, ""))
        else:
            rest.append(word)
    return common, rest


def own_arguments() -> list[str]:
    """What the program was called with, as UTF-8 whatever the locale of the machine says."""
    return [os.fsencode(each).decode("utf-8", "surrogateescape") for each in sys.argv[1:]]


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 (click's)
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version(PROGRAM)
        except PackageNotFoundError:
            # Run from its source folder without having been installed.
            found = words(ctx).text("cli.not_installed")
        click.echo(f"{PROGRAM} {found}")
        ctx.exit()


root = Root(
    "yicheng",
    COMMANDS,
    params=[
        Option("--database", about="database", metavar="URL", expose_value=False),
        Option("--organisation", about="organisation", metavar="CODE", expose_value=False),
        Option("--locale", about="locale", metavar="zh|en", expose_value=False),
        Option(_JSON, about="json", is_flag=True, expose_value=False),
        Option(
            "--version",
            about="version",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
        ),
    ],
)


def main() -> NoReturn:
    """What the console command runs."""
    root.main()
