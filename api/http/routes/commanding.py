"""Commands: each has its own address to post to, and its form to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.responses import Response

from api.http.answering import answer, options_data, words_of
from api.http.authentication import asked
from api.http.carrying_out import Posted, executed
from api.http.documenting import payload_examples
from api.http.door import Call
from api.http.routing import body_of
from api.http.shapes.commands import NamedForm, Outcome
from api.http.shapes.matters import Options
from api.http.table import Asked, IfMatch, Key, Mandate, Named, Table
from api.presenting.forms import form_data
from procedures.kinds import KINDS
from workflow.commands import CommandSpec, Subject, every_command
from workflow.errors import NotFound
from workflow.explaining.quoting import shown

ADDRESSES: Final = {
    Subject.ORGANISATION: "/api/v1/commands/{name}",
    Subject.MATTER: "/api/v1/matters/{{number}}/commands/{name}",
    Subject.MATTER_AND_MEETING: "/api/v1/matters/{{number}}/commands/{name}",
    Subject.MEETING: "/api/v1/meetings/{{code}}/commands/{name}",
}
#: The commands that make something, and where it is found then.
_MAKES: Final = {
    "propose": "/api/v1/matters/{name}",
    "convene_meeting": "/api/v1/meetings/{name}",
}


#: The form of each is worded in the caller's language where it is described.
_BODY: Final = {"required": True, "content": {"application/json": {"schema": {}}}}
Body = Annotated[Mapping[str, object], Depends(body_of)]
Commands = Annotated[Call, Depends(asked("commands"))]


def address_of(spec: CommandSpec) -> str:
    """Where a command is posted."""
    return ADDRESSES[spec.subject].format(name=spec.name)


def add(table: Table) -> None:
    """Enter the forms, what may be done, and a place to post for each command."""
    table.get("/api/v1/commands", "commands", "commands", list[NamedForm], _forms)
    table.get("/api/v1/options", "options", "commands", Options, _options, names=True)
    table.get("/api/v1/commands/{name}", "command", "commands", NamedForm, _form)
    for spec in every_command(KINDS).values():
        versioned = spec.subject is not Subject.ORGANISATION
        table.post(
            address_of(spec),
            spec.name,
            "commands",
            Outcome,
            _endpoint(spec),
            command=spec.name,
            versioned=versioned,
            body=_BODY,
            statuses=(201,) if spec.name in _MAKES else (200,),
        )
    for address in dict.fromkeys(ADDRESSES.values()):
        path = address.format(name="{name}")
        table.app.add_api_route(path, _unknown, methods=["POST"], include_in_schema=False)


def _endpoint(spec: CommandSpec) -> Callable[..., Response]:
    """The place to post one command to; what it is about is told by its address."""
    made = _MAKES.get(spec.name)

    def on_organisation(
        call: Call, body: Body, key: Key = None, mandate: Mandate = None
    ) -> Response:
        return executed(call, Posted(spec, body, mandate=mandate), key, made=made)

    def on_matter(
        number: Named,
        call: Call,
        body: Body,
        *,
        if_match: IfMatch = None,
        key: Key = None,
        mandate: Mandate = None,
    ) -> Response:
        return executed(call, Posted(spec, body, number, None, mandate, if_match), key)

    def on_both(
        number: Named,
        call: Call,
        body: Body,
        *,
        meeting: Asked = None,
        if_match: IfMatch = None,
        key: Key = None,
        mandate: Mandate = None,
    ) -> Response:
        return executed(call, Posted(spec, body, number, meeting, mandate, if_match), key)

    def on_meeting(
        code: Named,
        call: Call,
        body: Body,
        *,
        if_match: IfMatch = None,
        key: Key = None,
        mandate: Mandate = None,
    ) -> Response:
        return executed(call, Posted(spec, body, None, code, mandate, if_match), key)

    endpoints: Mapping[Subject, Callable[..., Response]] = {
        Subject.ORGANISATION: on_organisation,
        Subject.MATTER: on_matter,
        Subject.MATTER_AND_MEETING: on_both,
        Subject.MEETING: on_meeting,
    }
    endpoint = endpoints[spec.subject]
    # Each command is a scope of its own.
    endpoint.__annotations__["call"] = Annotated[Call, Depends(asked(spec.name))]
    return endpoint


def _unknown(name: Named, call: Commands) -> Response:  # noqa: ARG001 (somebody who is known)
    """A command that there is not, or that is about something else."""
    raise NotFound("unknown.command", command=shown(name))


def _forms(call: Commands) -> Response:
    """Every command with its form."""
    return answer([_named(call, spec) for spec in call.house.service.specs.values()])


def _form(name: Named, call: Commands) -> Response:
    """One command with its form."""
    spec = call.house.service.specs.get(name)
    if spec is None:
        raise NotFound("unknown.command", command=shown(name))
    return answer(_named(call, spec))


def _named(call: Call, spec: CommandSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        **form_data(call.catalogue, spec),
        "example": payload_examples().get(spec.name),
        "address": address_of(spec),
    }


def _options(call: Commands, mandate: Mandate = None) -> Response:
    """What may be done that is about no matter and no meeting."""
    found = call.ask.options(mandate=mandate)
    return answer(options_data(call, words_of(call), found))
