"""`yicheng matter migrate`: show what a move to other rules brings, and make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from api.cli.failing import REFUSED
from api.cli.invocation import current
from api.cli.payloads import read_payload
from api.cli.shell import Argument, Command, Option
from workflow.errors import BadInput

if TYPE_CHECKING:
    from workflow.decisions.prospect import Prospect
    from workflow.service import Bulk, Request
    from workflow.service.rulebook import Wished

CURRENT = "current"


def _migrate(
    numbers: tuple[str, ...],
    to: str,
    account: str | None,
    reasons: str,
    answers: str | None,
    *,
    do: bool,
) -> int:
    from api.cli.answering import today
    from api.presenting.prospects import Prospects
    from workflow.inquiry import ANYBODY

    invocation = current()
    if do and account is None:
        call = click.get_current_context().command_path
        raise BadInput("cli.missing", name="--as", call=call)
    wished, given = _wished(to), read_payload(answers)
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        requests = [
            _request(
                organisation,
                number,
                account or ANYBODY,
                reasons,
                _answers_for(number, numbers, given),
            )
            for number in dict.fromkeys(numbers)
        ]
        found = [house.inquiry.prospect(request, wished) for request in requests]
        words = Prospects(
            invocation.catalogue, house.inquiry.directory(organisation), today(house, organisation)
        )
        bulk = house.service.execute_all(list(map(_binding, requests, found))) if do else None
    refused = any(each.verdict.decision.unmet for each in found) if bulk is None else not bulk.done
    if invocation.as_json:
        invocation.give({"matters": [words.as_data(each) for each in found], **_done(bulk)})
    else:
        for each in found:
            words.write(invocation.page, each)
        words.write_end(invocation.page, found, bulk)
    return REFUSED if refused else 0


def _request(
    organisation: str, number: str, account: str, reasons: str, answers: Mapping[str, object]
) -> Request:
    from workflow.facts import MIGRATE
    from workflow.service import Request

    return Request(
        organisation=organisation,
        command=MIGRATE,
        actor=account,
        payload={"answers": answers, "reasons": reasons},
        matter=number,
    )


def _binding(request: Request, found: Prospect) -> Request:
    """The request bound to what was shown: this definition, and the matter as it was."""
    target = {
        "procedure": found.after.parts[0].id,
        "version": found.after.parts[0].version.isoformat(),
        "digest": found.after.digest,
    }
    return replace(
        request,
        payload={**request.payload, **target},
        expected_version=found.facts.version,
    )


def _answers_for(
    number: str, numbers: tuple[str, ...], given: Mapping[str, object]
) -> Mapping[str, object]:
    """The answers for one matter: given under its number, or else for all of them."""
    if not given.keys() & set(numbers):
        return given
    if strange := sorted(given.keys() - set(numbers)):
        raise BadInput("migrate.answers_for_others", names=strange)
    own = given.get(number, {})
    if not isinstance(own, Mapping):
        raise BadInput("migrate.answers_form", matter=number)
    return own


def _wished(to: str) -> Wished:
    from workflow.explaining.quoting import shown
    from workflow.service.rulebook import Wished

    if to == CURRENT:
        return Wished()
    name, at, version = to.partition("@")
    if not at or version == CURRENT:
        return Wished(name)
    try:
        return Wished(name, date.fromisoformat(version))
    except ValueError as error:
        raise BadInput("procedures.no_version", name=shown(to)) from error


def _done(bulk: Bulk | None) -> dict[str, object]:
    if bulk is None:
        return {"done": False, "outcomes": []}
    outcomes = [None if each is None else each.to_json() for each in bulk.outcomes]
    return {"done": bulk.done, "outcomes": outcomes}


migrate = Command(
    "matter.migrate",
    callback=_migrate,
    params=[
        Argument("numbers", about="matters", required=True, nargs=-1),
        Option("--to", about="migrate_to", required=True, metavar="ID@YYYY-MM-DD|current"),
        Option("--as", "account", about="migrate_as", metavar="ACCOUNT"),
        Option("--reasons", about="reasons", required=True, metavar="TEXT"),
        Option("--answers", about="answers", metavar="JSON|@FILE|-"),
        Option("--do", about="migrate_do", is_flag=True),
    ],
)
