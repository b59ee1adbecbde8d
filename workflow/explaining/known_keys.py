"""Which keys a model would have taken where an unknown one stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, JsonSchemaWarningKind
from pydantic_core import CoreSchema

from workflow.explaining.paths import Path, child


class _Lenient(GenerateJsonSchema):
    """A schema that says nothing about what JSON Schema cannot say, instead of failing."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {  # noqa: RUF012 - as pydantic declares it
        "skipped-choice",
        "non-serializable-default",
    }

    def handle_invalid_for_json_schema(
        self,
        schema: CoreSchema,  # noqa: ARG002 - the signature is pydantic's
        error_info: str,  # noqa: ARG002
    ) -> JsonSchemaValue:
        return {}


class KnownKeys:
    """Which keys a model takes, place by place."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    @cached_property
    def _root(self) -> JsonSchemaValue:
        return self._model.model_json_schema(schema_generator=_Lenient)

    def at(self, data: object, path: Path) -> list[str]:
        """The keys that the mapping at `path` could still have, in order of name."""
        nodes = [self._root]
        for part in path:
            nodes = [below for node in self._open(nodes, data) for below in _below(node, part)]
            data = child(data, part)
        names = {name for node in self._open(nodes, data) for name in node.get("properties", ())}
        return sorted(names.difference(data) if isinstance(data, dict) else names)

    def _open(self, nodes: Iterable[JsonSchemaValue], data: object) -> Iterator[JsonSchemaValue]:
        for node in nodes:
            yield node
            yield from self._open(self._inside(node, data), data)

    def _inside(self, node: JsonSchemaValue, data: object) -> list[JsonSchemaValue]:
        """What a reference or a union stands for; of a tagged union the branch that is tagged."""
        if "$ref" in node:
            return [self._named(node["$ref"])]
        tagged = node.get("discriminator", {})
        tag = data.get(tagged.get("propertyName")) if isinstance(data, dict) else None
        if isinstance(tag, str) and tag in tagged.get("mapping", {}):
            return [self._named(tagged["mapping"][tag])]
        return [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]

    def _named(self, reference: str) -> JsonSchemaValue:
        named: JsonSchemaValue = self._root["$defs"][reference.rpartition("/")[2]]
        return named


def _below(node: JsonSchemaValue, part: str | int) -> Iterator[JsonSchemaValue]:
    if isinstance(part, int):
        listed = node.get("prefixItems", ())
        found = listed[part] if part < len(listed) else node.get("items")
    else:
        found = node.get("properties", {}).get(part, node.get("additionalProperties"))
    if isinstance(found, dict):
        yield found
