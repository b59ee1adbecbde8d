"""The door: every route is described in both languages and asks who it is; none is missing."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.http.app import create_app
from api.http.documenting import answer_examples, description, description_of, summary_of
from api.http.links import leads
from api.http.shapes.common import Problem
from api.http.table import Entry, Table
from api.presenting.forms import form_data
from procedures.kinds import KINDS
from tests.integration.http.caller import Faces
from workflow.catalogue import DEFAULT_LOCALE, catalogue_for, locales
from workflow.commands import Subject, every_command

ROOT = Path(__file__).parents[2]
DOOR = ROOT / "api/http"


@cache
def table() -> Table:
    """The routes, without a program behind them: nothing is asked here."""
    found: Table = create_app(None, Faces()).state.table  # type: ignore[arg-type]
    return found


@cache
def described(locale: str) -> dict[str, Any]:
    return description(table(), locale)


def test_every_route_is_in_the_table_or_no_part_of_the_description() -> None:
    entered = {(each.method, each.path) for each in table().entries}
    served = {
        (method, route.path)
        for route in table().app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
    assert served == entered


def test_every_command_has_its_own_place_to_be_posted_to() -> None:
    posts = {each.command: each for each in table().entries if each.command}
    specs = every_command(KINDS)
    assert posts.keys() == specs.keys()
    for name, entry in posts.items():
        assert (entry.method, entry.name) == ("POST", name)
        # Whatever changes a matter or a meeting names the version that it was made for.
        assert entry.versioned == (specs[name].subject is not Subject.ORGANISATION)


@pytest.mark.parametrize("locale", locales())
def test_every_route_has_its_words_and_tells_all_its_answers(locale: str) -> None:
    say = catalogue_for(locale)
    for entry in table().entries:
        operation = described(locale)["paths"][entry.path][entry.method.lower()]
        assert operation["operationId"] == entry.name
        assert operation["summary"] == summary_of(entry, say) != ""
        assert operation["description"] == description_of(entry, say) != ""
        assert operation["responses"].keys() == {str(each) for each in entry.statuses}
        assert all(each["description"] for each in operation.get("parameters", ()))


def test_operations_are_named_once_and_after_the_words_of_the_field() -> None:
    names = [each.name for each in table().entries]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in names)


def test_the_languages_describe_the_same_door() -> None:
    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            worded = ("summary", "description", "title")
            return {name: bare(each) for name, each in value.items() if name not in worded}
        return [bare(each) for each in value] if isinstance(value, list) else value

    chinese, english = map(described, locales())
    assert chinese != english
    assert bare(chinese) == bare(english)


def test_every_reference_of_the_description_leads_somewhere() -> None:
    told = described("en")
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))
    assert names <= told["components"]["schemas"].keys()
    assert "$defs" not in json.dumps(told)


@pytest.mark.parametrize("locale", locales())
def test_the_form_of_a_command_is_the_one_that_the_command_line_shows(locale: str) -> None:
    schemas = described(locale)["components"]["schemas"]
    for name, spec in every_command(KINDS).items():
        own = form_data(catalogue_for(locale), spec)["payload"]
        told = schemas[f"{name}.payload"]
        assert told["properties"].keys() == own.get("properties", {}).keys()
        assert told.get("required") == own.get("required")
        assert told["additionalProperties"] is False


def test_every_field_of_a_form_has_a_label_in_words() -> None:
    # The catalogues have the same messages; in English a label may be the name of its field.
    for name, spec in every_command(KINDS).items():
        schema = form_data(catalogue_for(DEFAULT_LOCALE), spec)["payload"]
        for part in (schema, *schema.get("$defs", {}).values()):
            for field, told in part.get("properties", {}).items():
                assert told["title"] != field, (name, field)


def opened() -> list[Entry]:
    return [each for each in table().entries if each.opens]


def test_all_but_a_few_routes_ask_who_it_is() -> None:
    of_the_program = {"health", "ready", "metrics", "openapi", "problem"}
    # Whoever comes in this way is nobody yet: what they show is looked at by identity.
    of_identity = {
        "begin_external",
        "finish_external",
        "open_link",
        "redeem_link",
        "replace_password",
        "show_external_second_factor",
        "sign_in",
    }
    # What everybody may see and send: only what was made public stands behind it.
    of_the_public = {
        each.name for each in opened() if each.path.startswith("/api/v1/public/{organisation}/")
    }
    # Calendars cannot sign in: who knows the secret address is whose it is.
    known_by_secret = {"feed_calendar"}
    assert {each.name for each in opened()} == (
        of_the_program | of_identity | of_the_public | known_by_secret
    )
    pages = {"/start/{token}"}
    open_to_all = pages | {each.path for each in opened()}
    for route in table().app.routes:
        if isinstance(route, APIRoute) and route.path not in open_to_all:
            asks = [each.call.__name__ for each in route.dependant.dependencies if each.call]
            assert any(name.startswith("asked_") for name in asks), route.path


def test_a_route_holds_no_rule_and_reads_only_through_its_reader() -> None:
    """Rules stand in the engine; the inquiry is asked in one place, as somebody sees it."""
    for path in DOOR.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "inquiry":
                assert path.name == "asking.py", f"{path}:{node.lineno}"
            if isinstance(node, ast.ImportFrom) and "routes" in path.parts:
                # What decides and what stores is behind the service and the inquiry.
                assert not (node.module or "").startswith(
                    ("workflow.decisions", "workflow.store", "workflow.guards", "sqlalchemy")
                ), f"{path}:{node.lineno}"


def properties(schema: Any, schemas: dict[str, Any]) -> Any:
    """A schema with what it refers to, whichever of several it may be."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    several = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return properties(several[0], schemas) if several else schema


def test_every_change_and_every_part_of_an_address_has_an_example_that_fits() -> None:
    told = described("en")
    for entry in table().entries:
        operation = told["paths"][entry.path][entry.method.lower()]
        for each in operation.get("parameters", ()):
            assert each["in"] != "path" or "example" in each, (entry.name, each["name"])
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media is not None:
            ((name, example),) = media["examples"].items()
            assert name == entry.name
            schema = properties(media["schema"], told["components"]["schemas"])
            assert example["value"].keys() <= schema.get("properties", {}).keys(), name
            assert {*schema.get("required", ())} <= example["value"].keys(), name


def test_the_examples_of_answers_are_answers() -> None:
    models = {
        each.model.__name__: each.model
        for each in table().entries
        if isinstance(each.model, type) and issubclass(each.model, BaseModel)
    }
    models[Problem.__name__] = Problem
    shown = answer_examples()
    assert len(shown) >= 40
    for name, example in shown.items():
        models[name].model_validate_json(json.dumps(example))
        assert described("en")["components"]["schemas"][name]["examples"] == [example]


def test_every_link_takes_what_is_there_to_what_wants_it() -> None:
    told = described("en")
    schemas = told["components"]["schemas"]
    by_name = {each.name: each for each in table().entries}
    for lead in leads(table().entries):
        source, target = by_name[lead.source], by_name[lead.target]
        operation = told["paths"][source.path][source.method.lower()]
        answers = operation["responses"][str(source.statuses[0])]
        assert answers["links"][target.name]["operationId"] == target.name
        wanted = told["paths"][target.path][target.method.lower()]
        takes = {(each["in"], each["name"]) for each in wanted.get("parameters", ())}
        assert {tuple(name.split(".")) for name in lead.parameters} <= takes
        for value in (*lead.parameters.values(), *lead.body.values()):
            place, _, pointer = value.partition("#")
            if place == "$response.body":
                schema = next(iter(answers["content"].values()))["schema"]
            elif place == "$request.body":
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
            else:
                named = {each["name"] for each in operation.get("parameters", ())}
                assert value.rpartition(".")[2] in {*named, "ETag"}, value
                continue
            for part in pointer.strip("/").split("/"):
                found = properties(schema, schemas)
                schema = found["items"] if part.isdecimal() else found["properties"][part]


def test_whatever_is_about_a_thing_is_led_to_and_every_step_of_a_matter_from_its_proposal() -> None:
    found = leads(table().entries)
    led_to = {each.target for each in found}
    named_by_hand = {"problem", "yearly_catalogue", "duty_ledger"}
    about = {each.name for each in table().entries if "{" in each.path}
    assert about - led_to == named_by_hand
    reached: set[str] = set()
    ends = {"propose"}
    while ends - reached:
        reached |= ends
        ends |= {each.target for each in found if each.source in ends}
    assert {each.name for each in table().entries if "{number}" in each.path} - reached == set()
