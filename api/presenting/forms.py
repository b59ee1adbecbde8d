"""A command for programs: what it is about, and the JSON Schema of what it wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.presenting.fields import Fields
from workflow.catalogue import Catalogue

if TYPE_CHECKING:
    from workflow.commands import CommandSpec


def form_data(catalogue: Catalogue, spec: CommandSpec) -> dict[str, Any]:
    """The form of a command, the same at every door."""
    return {
        "title": catalogue.text(f"command.{spec.name}.title"),
        "about": spec.subject.value,
        "kind": spec.kind,
        "payload": Fields(catalogue).schema(spec.payload),
    }
