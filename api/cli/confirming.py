"""Who it is that signs at the command line: the password once more, where the account has one."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.invocation import current
from workflow.errors import BadInput
from workflow.service import Request
from workflow.signing import Shown

if TYPE_CHECKING:
    from api.bootstrap import House
    from workflow.ports import Clock


def reauthenticated(
    house: House[Clock], request: Request, file: str | None, code: str | None
) -> Request:
    """The request, with how whoever acts was told apart anew.

    An account without a password is taken to be acted for by whoever sits at the machine, and the
    signature says so.  Raises BadInput where a password is wanted and nobody can be asked for it,
    NotRecognised for a wrong one.
    """
    signing_in = house.identity.signing_in
    if not signing_in.has_password(request.organisation, request.actor):
        return replace(request, reauthenticated=Shown.MACHINE)
    from api.identity.administration import CONSOLE

    password = _asked(request.actor) if file is None else _read(file)
    shown = signing_in.confirm_at_machine(
        request.organisation, request.actor, password, code, CONSOLE
    )
    return replace(request, reauthenticated=Shown.PASSWORD, second_factor=shown)


def _asked(account: str) -> str:
    if not sys.stdin.isatty():
        raise BadInput("signature.password_wanted", account=account)
    told = current().catalogue.text("signature.password", account=account)
    return str(click.prompt(told, hide_input=True, err=True))


def _read(file: str) -> str:
    """The first line of a file, or of what is handed in."""
    try:
        if file == "-":
            return sys.stdin.readline().rstrip("\n")
        with Path(file).open(encoding="utf-8") as lines:
            return lines.readline().rstrip("\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput("payload.unreadable", source=file, why=why) from error
