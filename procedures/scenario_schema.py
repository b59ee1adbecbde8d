"""The JSON Schema of scenario files, with a word on every key: editors complete and check by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from procedures.scenario import ERRORS, SCENARIOS, Scenario, commands
from workflow.catalogue import catalogue_for, locales

#: The file as it is kept beside the scenarios; `schema_json` says what must stand in it.
SCHEMA_FILE: Final = SCENARIOS / "scenario.schema.json"

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_json() -> str:
    """The schema as it must stand in `SCHEMA_FILE`.

    Keys are described in every language; the commands that there are come as suggestions, for a
    scenario may also show what happens to one that there is not.
    """
    schema: dict[str, Any] = {"$schema": DIALECT, **Scenario.model_json_schema()}
    words = [catalogue_for(locale, ("procedures",)) for locale in locales()]
    for model in _models(schema):
        model.pop("title", None)
        model.pop("description", None)
        for key, form in model.get("properties", {}).items():
            form.pop("title", None)
            _say_something(form)
            form["description"] = " ".join(word.text(f"scenario.key.{key}") for word in words)
    forms = schema["$defs"]
    forms["ScenarioStep"]["properties"]["do"]["examples"] = sorted(commands())
    forms["Who"]["oneOf"] = [{"required": ["account"]}, {"required": ["unit", "role"]}]
    forms["Expected"]["oneOf"] = [{"required": [key]} for key in ("refused", *ERRORS)]
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _say_something(form: dict[str, Any]) -> None:
    """Leave out that a key may be null: one that has nothing to say is left out."""
    ways = [way for way in form.pop("anyOf", ()) if way != {"type": "null"}]
    if len(ways) == 1:
        form.update(ways[0])
    elif ways:
        form["anyOf"] = ways
    if form.get("default", "") is None:
        del form["default"]


def _models(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema["$defs"].values()
