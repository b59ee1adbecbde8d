"""`yicheng do`: one command through the choke point."""

from __future__ import annotations

from api.cli.failing import REFUSED
from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.payloads import read_payload
from api.cli.shell import Argument, Command, Option


def _do(
    command: str,
    account: str,
    matter: str | None,
    meeting: str | None,
    payload: str | None,
    key: str | None,
    expect_version: int | None,
    mandate: int | None,
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
        Option("--mandate", about="mandate", type=WholeNumber(), metavar="ID"),
        Option("--password-file", "password", about="password_file", metavar="FILE|-"),
        Option("--code", about="code", metavar="CODE"),
    ],
)
