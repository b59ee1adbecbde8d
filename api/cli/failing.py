"""What goes wrong, told in the language that was asked for, and the status that follows from it."""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import click

from api.cli.invocation import Invocation
from api.presenting.page import Page, Style, Terminal
from api.presenting.values import as_data
from api.settings import DEBUG_VARIABLE
from workflow.errors import BadInput, YichengError

FAULT: Final = 1
REFUSED: Final = 3
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141


def tell(error: Exception, invocation: Invocation) -> int:
    """Say on the error output what happened; gives the exit status."""
    if isinstance(error, click.UsageError):
        error = in_our_words(error)
    if not isinstance(error, YichengError):
        return _fault(error, invocation)
    catalogue = invocation.catalogue
    if invocation.as_json:
        told = {"error": error.code, "message": catalogue.tell(error)}
        params = {name: as_data(value, catalogue) for name, value in error.params.items()}
        _write(json.dumps({**told, "params": params}, ensure_ascii=False, indent=2))
    else:
        _say(catalogue.text("cli.error", error=error))
    return error.exit_status


def in_our_words(error: click.UsageError) -> BadInput:
    """A mistake in the call itself, as an error of ours that can be told in every language."""
    call = "" if error.ctx is None else error.ctx.command_path
    match error:
        case click.NoSuchOption():
            near = tuple(error.possibilities or ())
            code = "cli.no_such_option_near" if near else "cli.no_such_option"
            return BadInput(code, name=error.option_name, near=near, call=call)
        case click.exceptions.NoSuchCommand() if error.ctx is not None:
            command = error.ctx.command
            known = command.list_commands(error.ctx) if isinstance(command, click.Group) else []
            near = tuple(get_close_matches(error.command_name, known))
            code = "cli.no_such_command_near" if near else "cli.no_such_command"
            return BadInput(code, name=error.command_name, near=near, call=call)
        case click.MissingParameter() if error.param is not None and error.ctx is not None:
            param = error.param
            is_option = isinstance(param, click.Option)
            name = param.opts[-1] if is_option else param.make_metavar(error.ctx)
            return BadInput("cli.missing", name=name, call=call)
        case click.BadOptionUsage():
            return BadInput("cli.option_value", name=error.option_name, call=call)
        case _:
            return BadInput("cli.usage", why=error.format_message(), call=call)


@dataclass(frozen=True)
class Fault:
    """A mistake in the program itself, as far as it can be told in a line."""

    kind: str
    why: str


def _fault(error: Exception, invocation: Invocation) -> int:
    """What nobody foresaw: short, and with the traceback for whoever asks for it."""
    shown = Fault(type(error).__name__, str(error))
    catalogue = invocation.catalogue
    message = catalogue.text("cli.fault", kind=shown.kind, why=shown.why, variable=DEBUG_VARIABLE)
    if os.environ.get(DEBUG_VARIABLE):
        _write("".join(traceback.format_exception(error)).rstrip())
    if invocation.as_json:
        told = {"error": "cli.fault", "message": message, "params": vars(shown)}
        _write(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _say(message)
    return FAULT


def _say(message: str) -> None:
    Page(Terminal.of(sys.stderr), _write).line(message, style=Style.REFUSED)


def _write(text: str) -> None:
    click.echo(text, err=True)
