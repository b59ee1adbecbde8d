"""The pictures of the README are drawn from the definition that they show."""

from __future__ import annotations

import pytest

from procedures.book import shipped
from tests.guards.documents import FENCED, document, worded, zone
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Condition, Gate, Procedure, Step

#: From so many stages on, a command that ends a matter is drawn once instead of from each.
MANY = 5
#: What a picture needs besides the words of the program.
DRAWN = {
    "zh": ("提出", "办理中各阶段", "涉密", "：", "、"),
    "en": ("new", "any stage under way", "state secret", ": ", ", "),
}
#: The commands that a matter passes the gates by.
PASSING = {
    Gate.START: "start",
    Gate.REVIEW: "submit_for_review",
    Gate.AGENDA: "propose_agenda_item",
}


def lifecycle(procedure: Procedure, locale: str) -> str:
    """The stages of a procedure and what moves a matter between them, for mermaid."""
    texts = catalogue_for(locale)
    new, running, secret, colon, comma = DRAWN[locale]
    lines = ["flowchart TD", f'  new(("{new}"))']
    for stage in procedure.stages.values():
        left, right = ("([", "])") if stage.end else ("[", "]")
        lines.append(f'  {stage.id}{left}"{stage.name[locale]}"{right}')
    arrows: dict[tuple[str, str], dict[str, list[str]]] = {
        ("new", procedure.initial): {"propose": []}
    }
    for move in procedure.moves:
        sources = ["new"] if move.command == "propose" else list(move.sources)
        if len(sources) > MANY and move.to is not None:
            sources = ["running"]
        for source in sources:
            if move.to is not None and move.to != source:
                told = arrows.setdefault((source, move.to), {}).setdefault(move.command, [])
                told += [worded(move.outcome, texts) or secret] if move.outcome else []
    if any(source == "running" for source, _ in arrows):
        lines.append(f'  running[/"{running}"/]')
    for (source, to), given in arrows.items():
        parts = [
            texts.text(f"command.{command}.title") + (f"{colon}{comma.join(told)}" if told else "")
            for command, told in given.items()
        ]
        arrow = "-.->" if source == "running" else "-->"
        lines.append(f'  {source} {arrow}|"{"<br>".join(parts)}"| {to}')
    return "\n".join(lines) + "\n"


def course(procedure: Procedure, locale: str) -> str:
    """The steps of a procedure in their order, with the gates before which they must be closed."""
    texts = catalogue_for(locale)
    lines = ["flowchart LR"]
    lines += [
        f'  gate_{gate}{{{{"{texts.text(f"command.{command}.title")}"}}}}'
        for gate, command in PASSING.items()
    ]
    steps = procedure.steps.values()
    for step in steps:
        always = step.required_when == Condition("always")
        lines.append(f'  {step.id}["{step.name[locale]}"]{"" if always else ":::maybe"}')
    for step in steps:
        lines += [f"  {source} --> {step.id}" for source in followed(step)]
        leads_on = any(
            step.id in each.after and each.before == step.before
            for each in procedure.steps.values()
        )
        if step.before is not None and not leads_on:
            lines.append(f"  {step.id} --> gate_{step.before}")
    lines.append("  classDef maybe stroke-dasharray: 5 4")
    return "\n".join(lines) + "\n"


def followed(step: Step) -> tuple[str, ...]:
    """What a step comes after in the picture: other steps, or the gate behind which it lies."""
    if "submit_for_review" in step.acts:
        return ("gate_review",)
    return step.after or (() if step.before is Gate.START else ("gate_start",))


def drawn() -> list[str]:
    blocks = FENCED.findall(document("README.md"))
    return [content for language, content in blocks if language == "mermaid"]


def test_the_pictures_show_the_profile_as_it_is() -> None:
    wanted = [draw(zone(), locale) for locale in ("zh", "en") for draw in (lifecycle, course)]
    assert drawn() == wanted


@pytest.mark.parametrize("locale", locales())
def test_a_picture_changes_with_the_moves_and_steps(locale: str) -> None:
    base = shipped().get("order_713")
    assert course(base, locale) != course(zone(), locale)
    assert lifecycle(base, locale).count("-->") > 20
