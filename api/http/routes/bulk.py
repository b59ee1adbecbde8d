"""Several commands at once: all or nothing, or each for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from api.http.answering import answer
from api.http.authentication import ANYTHING, asked, within
from api.http.carrying_out import (
    Posted,
    done_data,
    problem_data,
    refused,
    request_of,
    with_own_key,
)
from api.http.door import Call
from api.http.idempotency import bound_key
from api.http.problems import REFUSED, Problem, status_of
from api.http.routes.commanding import Body
from api.http.shapes.commands import Bulk, BulkCommand, BulkOutcome
from api.http.table import Key, Table
from workflow.errors import BadInput, Conflict, NotFound, YichengError
from workflow.explaining.quoting import shown
from workflow.service import Outcome
from workflow.validation import validate

Several = Annotated[Call, Depends(asked(ANYTHING))]


def add(table: Table) -> None:
    """Enter the place for several commands."""
    body = {
        "required": True,
        "content": {"application/json": {"schema": Bulk.model_json_schema()}},
    }
    table.post(
        "/api/v1/bulk", "bulk", "commands", BulkOutcome, _bulk, body=body, statuses=(200, 412, 428)
    )


def _bulk(call: Several, body: Body, key: Key = None) -> Response:
    """Carry them out as asked."""
    _ = call.ask  # whoever may ask nothing may command nothing
    bulk = validate(Bulk, body)
    if len(bulk.commands) > call.settings.bulk:
        raise BadInput("http.bulk_too_many", limit=call.settings.bulk)
    keys = [bound_key(key, call.account, part) for part in range(len(bulk.commands))]
    if bulk.mode == "each":
        return _each(call, bulk.commands, keys, key)
    try:
        return _together(call, bulk.commands, keys)
    except Conflict as error:
        raise with_own_key(error, key) from error


def _posted(call: Call, each: BulkCommand) -> Posted:
    spec = call.house.service.specs.get(each.command)
    if spec is None:
        raise NotFound("unknown.command", command=shown(each.command))
    within(call.door, call.principal, spec.name, call.client)
    return Posted(spec, each.payload, each.matter, each.meeting, each.mandate, each.if_match)


def _each(
    call: Call, commands: Sequence[BulkCommand], keys: Sequence[str], own: str | None
) -> Response:
    """Each for itself, in order; what went wrong with one does not keep the next."""
    items = [_one(call, each, key, own) for each, key in zip(commands, keys, strict=True)]
    return answer({"done": all(each["outcome"] for each in items), "items": items})


def _one(call: Call, each: BulkCommand, key: str, own: str | None) -> dict[str, Any]:
    try:
        outcome = call.house.service.execute(request_of(call, _posted(call, each), key))
    except Conflict as error:
        told = with_own_key(error, own)
        return _item(status_of(told), None, problem_data(call, told))
    except YichengError as error:
        return _item(status_of(error), None, problem_data(call, error))
    return _told(call, outcome)


def _together(call: Call, commands: Sequence[BulkCommand], keys: Sequence[str]) -> Response:
    """All of them in one transaction, or none; a refusal of any is told with all others."""
    requests = [
        request_of(call, _posted(call, each), key) for each, key in zip(commands, keys, strict=True)
    ]
    bulk = call.house.service.execute_all(requests)
    items = [
        _item(None, None, None) if each is None else _told(call, each) for each in bulk.outcomes
    ]
    if bulk.done:
        return answer({"done": True, "items": items})
    refusals = [told for each in items if each["problem"] for told in each["problem"]["refusals"]]
    detail = call.catalogue.text("http.refused", count=len(refusals))
    more = {"refusals": refusals, "items": items}
    return Problem(409, REFUSED, detail, more).answer(call.trace)


def _told(call: Call, outcome: Outcome) -> dict[str, Any]:
    call.door.metrics.commanded("bulk", outcome.status)
    if outcome.done:
        return _item(200, done_data(call, outcome), None)
    found = refused(call, outcome, outcome.matter)
    return _item(found.status, None, problem_data(call, found))


def _item(
    status: int | None, outcome: dict[str, Any] | None, problem: dict[str, Any] | None
) -> dict[str, Any]:
    return {"status": status, "outcome": outcome, "problem": problem}
