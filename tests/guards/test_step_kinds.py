"""Whoever writes a rule finds words for everything that a step and a rule may say."""

from __future__ import annotations

import pytest

from api.presenting.step_kinds import RULE_FIELDS, STEP_FIELDS, StepKinds
from procedures.kinds import KINDS
from workflow.catalogue import catalogue_for, locales
from workflow.ports import RuleShape


@pytest.mark.parametrize("locale", locales())
def test_every_rule_of_every_kind_has_a_name_and_says_what_it_does(locale: str) -> None:
    words = StepKinds(catalogue_for(locale))
    rules = [(kind.name, rule) for kind in KINDS.values() for rule in kind.rules]
    assert [each for each in rules if words.rule(*each) == each[1]] == []
    assert [each for each in rules if not words.help(*each)] == []
    assert [kind for kind in KINDS if words.name(kind) == kind] == []


@pytest.mark.parametrize("locale", locales())
def test_everything_that_may_be_written_is_explained(locale: str) -> None:
    catalogue = catalogue_for(locale)
    told = [f"step_kinds.rule_field.{name}" for name in RULE_FIELDS]
    told += [f"step_kinds.field.{name}" for name in STEP_FIELDS]
    assert [code for code in told if code not in catalogue] == []


@pytest.mark.parametrize("locale", locales())
def test_no_words_are_left_of_rules_that_are_gone(locale: str) -> None:
    known = {f"rule.{kind.name}.{rule}" for kind in KINDS.values() for rule in kind.rules}
    codes = [code for code in catalogue_for(locale) if code.startswith("rule.")]
    assert {code.rpartition(".")[0] for code in codes} == known


def test_what_a_rule_takes_is_told_whatever_its_shape() -> None:
    words = StepKinds(catalogue_for("zh"))
    shapes = [
        RuleShape(),
        RuleShape(period=True),
        RuleShape(number=True, choices=True, wider_is_looser=True),
        RuleShape(share=True, choices=True),
        RuleShape(choices=True, questions=True),
        RuleShape(choices=True, levels=True),
        RuleShape(choices=True, exact=True),
    ]
    assert len({words.takes(shape) for shape in shapes}) == len(shapes)
