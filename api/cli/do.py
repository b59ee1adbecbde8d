"""`yicheng do`: one command through the choke point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.failing import REFUSED
from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.payloads import read_payload
from api.cli.shell import Argument, Command, Option

if TYPE_CHECKING:
    from api.bootstrap import House
    from workflow.ports import Clock


def _do(  # noqa: PLR0913, PLR0917 (click hands over each option)
    command: str,
    account: str,
    matter: str | None,
    meeting: str | None,
    payload: str | None,
    key: str | None,
    expect_version: int | None,
    mandate: int | None,
    file: tuple[str, ...],
    **shown: str | None,
) -> int:
    from api.cli.answering import words_for
    from api.cli.confirming import reauthenticated
    from api.presenting.outcomes import write_outcome
    from workflow.errors import BadInput
    from workflow.service import Request

    invocation = current()
    # Read before the database is opened: a mistake in it needs no database to be told.
    if payload == shown["password"] == "-":
        raise BadInput("signature.one_input")
    given = read_payload(payload)
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        if file:
            given = _with_files(house, organisation, account, command, given, file)
        request = Request(
            organisation=organisation,
            command=command,
            actor=account,
            payload=given,
            matter=matter,
            meeting=meeting,
            key=key,
            expected_version=expect_version,
            mandate=mandate,
        )
        spec = house.service.specs.get(command)
        if spec is not None and spec.signed:
            request = reauthenticated(house, request, shown["password"], shown["code"])
        outcome = house.service.execute(request)
        words = words_for(invocation.catalogue, house, organisation, outcome.matter)
    if invocation.as_json:
        unmet = outcome.refusals or outcome.warnings
        told = [words.refusals.as_data(each) for each in unmet]
        kept = outcome.to_json() | {"replayed": outcome.replayed, "words": told}
        invocation.give(kept)
    else:
        write_outcome(
            invocation.page, invocation.catalogue, words.wording, words.refusals, command, outcome
        )
    return 0 if outcome.done else REFUSED


def _with_files(
    house: House[Clock],
    organisation: str,
    account: str,
    command: str,
    given: Mapping[str, object],
    paths: tuple[str, ...],
) -> Mapping[str, object]:
    """The payload with files of this machine, taken in first; of a draft without text the first."""
    from api.cli.file import staged

    keys = [staged(house, organisation, account, Path(each)).file.key for each in paths]
    if command == "revise_draft" and "text" not in given and "file" not in given:
        given, keys = {**given, "file": keys[0]}, keys[1:]
    named = given.get("files")
    before = list(named) if isinstance(named, list) else []
    return {**given, "files": [*before, *keys]} if keys else given


command = Command(
    "do",
    callback=_do,
    params=[
        Argument("command", about="command", required=True),
        Option("--as", "account", about="as", metavar="ACCOUNT", required=True),
        Option("--matter", about="matter", metavar="NUMBER"),
        Option("--meeting", about="meeting", metavar="CODE"),
        Option("--payload", about="payload", metavar="JSON|@FILE|-"),
        Option("--key", about="key", metavar="KEY"),
        Option("--expect-version", about="expect_version", type=WholeNumber(), metavar="N"),
        Option("--file", about="file", metavar="PATH", multiple=True),
        Option("--mandate", about="mandate", type=WholeNumber(), metavar="ID"),
        Option("--password-file", "password", about="password_file", metavar="FILE|-"),
        Option("--code", about="code", metavar="CODE"),
    ],
)
