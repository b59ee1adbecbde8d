"""`yicheng commands`: every command that `do` takes, and what its payload wants to be told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from api.cli.invocation import current
from api.cli.shell import Argument, Command
from api.presenting.forms import form_data
from api.presenting.page import Style
from workflow.catalogue import Catalogue
from workflow.errors import NotFound
from workflow.explaining.quoting import shown

if TYPE_CHECKING:
    from workflow.commands import CommandSpec


def _commands(name: str | None) -> None:
    specs = _specs()
    if name is None:
        _all(specs)
        return
    spec = specs.get(name)
    if spec is None:
        near = tuple(get_close_matches(name, specs))
        code = "commands.unknown_near" if near else "unknown.command"
        raise NotFound(code, command=shown(name), near=near)
    from api.presenting.fields import Fields, example_of

    invocation = current()
    page, say = invocation.page, invocation.catalogue.text
    if invocation.as_json:
        invocation.give({"name": name, **form_data(invocation.catalogue, spec)})
        return
    page.heading(say("commands.title", name=name, title=say(f"command.{name}.title")))
    page.line(say("commands.needs", about=say(f"commands.about.{spec.subject.value}")))
    page.blank()
    if not spec.payload.model_fields:
        page.line(say("commands.no_payload"))
        return
    page.heading(say("commands.fields"))
    Fields(invocation.catalogue).write(page, spec.payload)
    example = example_of(name)
    if example is not None:
        page.blank()
        page.heading(say("commands.example"))
        page.block(json.dumps(example, ensure_ascii=False, indent=2))
    page.blank()
    page.line(say("commands.schema"), style=Style.QUIET)


def _specs() -> dict[str, CommandSpec]:
    """Every command of the lifecycle and of the step kinds, without what a database takes."""
    from procedures.kinds import KINDS
    from workflow.commands import every_command

    return every_command(KINDS)


def _all(specs: Mapping[str, CommandSpec]) -> None:
    invocation = current()
    page, say = invocation.page, invocation.catalogue.text
    if invocation.as_json:
        told = {each.name: form_data(invocation.catalogue, each) for each in specs.values()}
        invocation.give(told)
        return
    for kind in dict.fromkeys(each.kind for each in specs.values()):
        page.heading(_kind(invocation.catalogue, kind))
        rows = [
            (
                each.name,
                say(f"commands.about.{each.subject.value}"),
                say(f"command.{each.name}.title"),
            )
            for each in specs.values()
            if each.kind == kind
        ]
        page.table(rows, indent="  ")
    page.blank()
    page.line(say("commands.more"), style=Style.QUIET)


def _kind(catalogue: Catalogue, kind: str | None) -> str:
    """The name of a kind of step; one that a locality added keeps its id."""
    if kind is None:
        return catalogue.text("commands.lifecycle")
    code = f"commands.kind.{kind}"
    return catalogue.text(code) if code in catalogue else kind


command = Command(
    "commands",
    callback=_commands,
    params=[Argument("name", about="command_name", required=False)],
)
