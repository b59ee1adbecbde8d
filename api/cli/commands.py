"""`yicheng commands`: every command that `do` takes, with the JSON Schema of its payload."""

from __future__ import annotations

from difflib import get_close_matches

from api.cli.invocation import current
from api.cli.shell import Argument, Command
from api.presenting.page import Style
from workflow.catalogue import Catalogue
from workflow.errors import NotFound


def _commands(name: str | None) -> None:
    from procedures.scenario import commands

    invocation = current()
    say, page = invocation.catalogue.text, invocation.page
    specs = commands()
    if name is None:
        if invocation.as_json:
            invocation.give(
                {
                    each.name: {
                        "title": say(f"command.{each.name}.title"),
                        "about": each.subject.value,
                        "kind": each.kind,
                        "payload": each.payload.model_json_schema(),
                    }
                    for each in specs.values()
                }
            )
            return
        for kind in dict.fromkeys(each.kind for each in specs.values()):
            title = _kind(invocation.catalogue, kind)
            page.heading(title)
            page.table(
                [
                    (each.name, say(f"commands.about.{each.subject.value}"),
                     say(f"command.{each.name}.title"))
                    for each in specs.values()
                    if each.kind == kind
                ],
                indent="  ",
            )
        page.blank()
        page.line(say("commands.more"), style=Style.QUIET)
        return
    spec = specs.get(name)
    if spec is None:
        near = tuple(get_close_matches(name, specs))
        code = "commands.unknown_near" if near else "unknown.command"
        raise NotFound(code, command=name, near=near)
    schema = spec.payload.model_json_schema()
    title = say(f"command.{name}.title")
    if invocation.as_json:
        kind = {"title": title, "about": spec.subject.value, "kind": spec.kind}
        invocation.give({"name": name, **kind, "payload": schema})
        return
    page.heading(say("commands.title", name=name, title=title))
    page.line(say("commands.needs", about=say(f"commands.about.{spec.subject.value}")))
    page.line(say("commands.schema"))
    invocation.give(schema)


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
