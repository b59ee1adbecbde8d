"""Papers with a number of their own (请示、报告、批复): one paper for one matter, to whom it belongs.

A number is compared by its letters and digits: blanks and brackets make no other paper.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow.facts import ADOPTING, CONCLUDE, PAPER_KEY
from workflow.idle import core
from workflow.kin import key_of
from workflow.ports import RuleShape, StepPayload, View
from workflow.refusals import Unmet

#: What the organisation sends, and what it receives, is numbered apart.
OUTGOING: Final = "out"
INCOMING: Final = "in"

#: To whom such a paper goes, where a definition names them.
ADDRESSEES: Final = RuleShape(choices=True, optional=True, wider_is_looser=True, free_words=True)


def key(way: str, number: str) -> str:
    """The key by which a paper is found again."""
    return f"{way}-{key_of(number)}"


def kept(paper: StepPayload) -> dict[str, object]:
    """What is added to the record of a paper."""
    return {PAPER_KEY: paper.paper_key()}


def number_used(view: View, rule: str, act: str) -> tuple[Unmet, ...]:
    """Refuses a number under which a paper is on file already, of this matter or another."""
    if not view.paper_of:
        return ()
    return (view.unmet("number_used", rule, act, matter=view.paper_of),)


def misaddressed(view: View, addressee: str, act: str) -> tuple[Unmet, ...]:
    """Refuses a paper to anybody else than those whom the definition names."""
    rule = view.step.rules.get("addressees")
    if rule is None or core(addressee) in {core(each) for each in rule.choices}:
        return ()
    return (view.unmet("misaddressed", "addressees", act, addressees=rule.choices),)


def before_decision(view: View, day: date, rule: str, act: str) -> tuple[Unmet, ...]:
    """Refuses a paper that is older than the conclusion that adopted what it is about."""
    decided = [each for each in view.facts.of(CONCLUDE) if each.text("conclusion") in ADOPTING]
    if not decided or day >= decided[-1].filed_on:
        return ()
    return (view.unmet("before_decision", rule, act, decided_on=decided[-1].filed_on),)
