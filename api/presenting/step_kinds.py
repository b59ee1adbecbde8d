"""Kinds of steps for whoever writes a rule: their acts, and every rule that they understand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.presenting.page import Page, Style
from procedures.schema import RuleForm, StepForm
from workflow.catalogue import Catalogue
from workflow.ports import RuleShape, StepKind

RULE_FIELDS: Final = tuple(sorted(RuleForm.model_fields))
STEP_FIELDS: Final = tuple(sorted(StepForm.model_fields))


class StepKinds:
    """Words for kinds of steps in the language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text

    def write_list(self, page: Page, kinds: Mapping[str, StepKind]) -> None:
        """A line for each kind."""
        page.table(
            [
                (name, self.name(name), self._say("step_kinds.count", count=len(kind.rules)))
                for name, kind in kinds.items()
            ]
        )
        page.blank()
        page.line(self._say("step_kinds.more"), style=Style.QUIET)

    def write(self, page: Page, kind: StepKind) -> None:
        """Acts and rules of one kind, and what every step and every rule may say."""
        say = self._say
        page.heading(say("step_kinds.title", name=self.name(kind.name), id=kind.name))
        page.line(say("step_kinds.acts"), first="  ", style=Style.HEADING)
        page.pairs([(act, say(f"command.{act}.title")) for act in kind.acts], indent="    ")
        page.line(say("step_kinds.rules"), first="  ", style=Style.HEADING)
        for name, shape in kind.rules.items():
            told = say(
                "step_kinds.rule",
                name=self.rule(kind.name, name),
                id=name,
                shape=self.takes(shape),
                need=self._need(shape),
            )
            page.line(told, first="    ")
            page.line(self.help(kind.name, name), first="      ", style=Style.QUIET)
        for title, group, fields in (
            ("in_rule", "rule_field", RULE_FIELDS),
            ("in_step", "field", STEP_FIELDS),
        ):
            page.line(say(f"step_kinds.{title}"), first="  ", style=Style.HEADING)
            rows = [(name, say(f"step_kinds.{group}.{name}")) for name in fields]
            page.pairs(rows, indent="    ")

    def as_data(self, kind: StepKind) -> dict[str, object]:
        """A kind for programs."""
        return {
            "name": self.name(kind.name),
            "acts": {act: self._say(f"command.{act}.title") for act in kind.acts},
            "rules": {
                name: {
                    "name": self.rule(kind.name, name),
                    "optional": shape.optional,
                    "takes": list(_parts(shape)),
                    "help": self.help(kind.name, name),
                }
                for name, shape in kind.rules.items()
            },
        }

    def name(self, kind: str) -> str:
        """The name of a kind."""
        return self._of(f"commands.kind.{kind}", kind)

    def rule(self, kind: str, rule: str) -> str:
        """The name of a rule of a kind."""
        return self._of(f"rule.{kind}.{rule}.name", self._of(f"choice.rule.{rule}", rule))

    def help(self, kind: str, rule: str) -> str:
        """What a rule does; nothing for one of a kind that somebody added without words."""
        return self._of(f"rule.{kind}.{rule}.help", "")

    def takes(self, shape: RuleShape) -> str:
        """What a rule takes, with its unit."""
        parts = (self._say(f"step_kinds.shape.{part}") for part in _parts(shape))
        return self._say("days.between").join(parts)

    def _of(self, code: str, instead: str) -> str:
        return self._say(code) if code in self._catalogue else instead

    def _need(self, shape: RuleShape) -> str:
        return self._say("step_kinds.optional" if shape.optional else "step_kinds.mandatory")


def _parts(shape: RuleShape) -> tuple[str, ...]:
    """What a rule takes: numbers first, then choices."""
    numbers = tuple(name for name in ("period", "number", "share") if getattr(shape, name))
    if not shape.choices:
        return numbers or ("duty",)
    if shape.questions or shape.levels:
        return (*numbers, "questions" if shape.questions else "levels")
    if shape.ordered or shape.exact:
        return (*numbers, "exact")
    return (*numbers, "fewer" if shape.wider_is_looser else "more")
