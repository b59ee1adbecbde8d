"""The file that somebody with a local rule in hand begins with: commented, and already valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import procedures
from api.presenting.conditions import Conditions
from api.presenting.definitions import rule_words
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Procedure, Rule, Step
from workflow.errors import BadInput
from workflow.explaining.quoting import shown

DOCUMENTS: Final = Path(procedures.__file__).with_name("documents")

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def starting_file(catalogue: Catalogue, profile: str, base: Procedure) -> str:
    """A profile over `base` that changes nothing yet, with all that could be changed as comments.

    Raises BadInput for a name that no procedure can have.
    """
    if not _NAME.fullmatch(profile):
        raise BadInput("procedures.bad_name", name=shown(profile))
    # YAML, not a page for browsers: nothing is to be escaped, and the words are our own.
    environment = Environment(
        loader=FileSystemLoader(DOCUMENTS),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    template = environment.get_template(f"profile.{catalogue.locale}.yaml.j2")
    return template.render(
        profile=profile,
        base=base.name[catalogue.locale],
        base_id=base.id,
        base_version=base.version.isoformat(),
        steps=list(_steps(catalogue, base)),
    )


def _steps(catalogue: Catalogue, base: Procedure) -> Iterator[dict[str, object]]:
    wording, conditions = Wording(catalogue, base), Conditions(catalogue, base.questions)
    between = catalogue.text("days.between")
    for step in base.steps.values():
        yield {
            "id": step.id,
            "kind": step.kind,
            "name": wording.step(step.id),
            "law": between.join(map(wording.citation, step.citations)),
            "condition": conditions.words(step.required_when),
            "rules": [
                {
                    "id": rule.id,
                    "name": wording.rule(step.id, rule.id),
                    "now": rule_words(catalogue, rule),
                    "law": between.join(map(wording.citation, rule.citations)),
                    "given": f"value: {rule.value}",
                }
                for rule in _numbered(step)
            ],
        }


def _numbered(step: Step) -> tuple[Rule, ...]:
    """The rules of a step that a locality may well have another number for."""
    return tuple(rule for rule in step.rules.values() if rule.value is not None)
