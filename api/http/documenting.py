"""The description of the door (OpenAPI 3.1) in each language, enough to work from alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, TypeAdapter

from api.http import csrf
from api.http.links import leads
from api.http.problems import MEDIA
from api.http.shapes.common import Problem
from api.http.sheets import MEDIA as SHEET
from api.http.table import Entry, HtmlPage, Table
from api.presenting.fields import EXAMPLES, Fields
from procedures.kinds import KINDS
from workflow.catalogue import Catalogue, catalogue_for
from workflow.commands import every_command

_EXAMPLES: Final = {
    "If-Match": '"7-2f1d0c9b8a7e6d5c4b3a2f1e"',
    "Idempotency-Key": "6f1c2c1e-8f0e-4a57-9d0a-0f6f6d9a4f11",
}
_REF: Final = "#/components/schemas/{model}"
_REFUSALS: Final = 300
_UNCHANGED: Final = 304
#: Come again, and when.
_LATER: Final = (429, 503)
_SECURITY: Final[list[dict[str, list[str]]]] = [{"token": []}, {"session": [], "csrf": []}]


def description(table: Table, locale: str) -> dict[str, Any]:
    """The whole description, worded in a language."""
    say = catalogue_for(locale)
    told = get_openapi(
        title=say.text("http.api.title"),
        version="1",
        openapi_version="3.1.0",
        summary=say.text("http.api.summary"),
        description=say.text("http.api.description"),
        routes=table.app.routes,
    )
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _model(Problem, schemas)
    told["components"]["securitySchemes"] = _schemes(say)
    areas = {}
    following = links(table)
    for entry in table.entries:
        operation = told["paths"][entry.path][entry.method.lower()]
        _word(operation, entry, say, schemas)
        _link(operation, following.get(entry.name, {}))
        areas[entry.area] = say.text(f"http.area.{entry.area}")
    told["tags"] = [{"name": name, "description": words} for name, words in areas.items()]
    return told


def links(table: Table) -> dict[str, dict[str, Any]]:
    """For each operation the links of its good answers."""
    found: dict[str, dict[str, Any]] = {}
    for lead in leads(table.entries):
        found.setdefault(lead.source, {})[lead.target] = lead.told()
    return found


def _link(operation: dict[str, Any], following: Mapping[str, Any]) -> None:
    if following:
        for status, told in operation["responses"].items():
            if int(status) < _UNCHANGED:
                told["links"] = deepcopy(following)


def _schemes(say: Catalogue) -> dict[str, Any]:
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": say.text("http.security.token"),
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": csrf.COOKIE,
            "description": say.text("http.security.session"),
        },
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": csrf.HEADER,
            "description": say.text("http.security.csrf"),
        },
    }


def _word(operation: dict[str, Any], entry: Entry, say: Catalogue, schemas: dict[str, Any]) -> None:
    operation["summary"] = summary_of(entry, say)
    operation["description"] = description_of(entry, say)
    operation["security"] = [] if entry.opens else _SECURITY
    for parameter in operation.get("parameters", ()):
        parameter["description"] = _parameter(entry, _plain(parameter["name"]), say)
        if entry.method == "POST" and parameter["in"] == "header":
            # Whoever is not recognised may do without a key.
            parameter["required"] = not entry.opens
            parameter["schema"] = {"type": "string", "examples": [_EXAMPLES[parameter["name"]]]}
    if entry.command:
        media = operation["requestBody"]["content"]["application/json"]
        media["schema"] = Fields(say).schema(every_command(KINDS)[entry.command].payload)
    if entry.method == "POST":
        _hoist(operation, entry.name, schemas)
    if entry.command:
        example = payload_examples().get(entry.command)
        if example is not None:
            media["examples"] = {entry.command: {"summary": operation["summary"], "value": example}}
    answers: dict[str, Any] = {}
    for status in sorted(set(entry.statuses)):
        words = say.text(f"http.title.status_{status}")
        if status == _UNCHANGED:
            answers[str(status)] = {"description": words}
        elif status < _REFUSALS:
            answers[str(status)] = {
                "description": words,
                "headers": _headers(entry, say),
                "content": {_media(entry): {"schema": _model(entry.model, schemas)}}
                | ({SHEET: {"schema": {"type": "string"}}} if entry.sheet else {}),
            }
        else:
            answers[str(status)] = {
                "description": words,
                "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            } | ({"headers": _told("Retry-After", say)} if status in _LATER else {})
    operation["responses"] = answers


def _parameter(entry: Entry, name: str, say: Catalogue) -> str:
    """What a parameter means: in this route, or else everywhere."""
    own = f"http.parameter_in.{entry.name}.{name}"
    return say.text(own if own in say else f"http.parameter_of.{name}")


def _media(entry: Entry) -> str:
    return {str: "text/plain", bytes: "*/*", HtmlPage: "text/html"}.get(
        entry.model, "application/json"
    )


def _model(model: Any, schemas: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """The form of an answer, with what it is made of among the components."""
    schema = TypeAdapter(model).json_schema(ref_template=_REF, mode="serialization")
    for name, part in schema.pop("$defs", {}).items():
        _enter(name, part, schemas)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return schema
    _enter(model.__name__, schema, schemas)
    return {"$ref": _REF.format(model=model.__name__)}


def _enter(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Enter a form among the components: of two of one name, one would describe the other's."""
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(name)


def summary_of(entry: Entry, say: Catalogue) -> str:
    """What a route does, in a few words."""
    if entry.command:
        return say.text(f"command.{entry.command}.title")
    return say.text(f"http.route.{entry.name}.summary")


def description_of(entry: Entry, say: Catalogue) -> str:
    """What one has to know of a route."""
    if entry.command:
        return say.text(f"http.posting.{'versioned' if entry.versioned else 'plain'}")
    return say.text(f"http.route.{entry.name}.description")


def _headers(entry: Entry, say: Catalogue) -> dict[str, Any]:
    names = ["X-Request-ID", "Content-Language"]
    names += ["ETag"] if entry.tagged else []
    names += ["Link"] if entry.paged else []
    names += ["Idempotent-Replayed"] if entry.command else []
    return {header: told for name in names for header, told in _told(name, say).items()}


def _told(name: str, say: Catalogue) -> dict[str, Any]:
    words = say.text(f"http.header.{_plain(name)}")
    return {name: {"description": words, "schema": {"type": "string"}}}


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _hoist(operation: dict[str, Any], command: str, schemas: dict[str, Any]) -> None:
    """Put what a payload is made of among the components, under names of its own."""
    media = operation["requestBody"]["content"].get("application/json")
    if media is None:
        return
    schema = deepcopy(media["schema"])
    inner = schema.pop("$defs", {})
    name = f"{command}.payload"
    text = json.dumps({name: schema, **{f"{command}.{each}": inner[each] for each in inner}})
    schemas.update(json.loads(text.replace('"#/$defs/', f'"#/components/schemas/{command}.')))
    media["schema"] = {"$ref": f"#/components/schemas/{name}"}


@cache
def payload_examples() -> Mapping[str, Any]:
    """A payload for each command, as rehearsed matters had them."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8"))
    return found
