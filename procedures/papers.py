"""Papers with a number of their own (请示、报告、批复): one paper for one matter. Pure.

A number is compared by its letters and digits: blanks and brackets make no other paper.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow.facts import ADOPTING, CONCLUDE, PAPER_KEY, RECHECK, Facts, Record
from workflow.kin import key_of
from workflow.ports import StepPayload

#: What the organisation sends, and what it receives, is numbered apart.
OUTGOING: Final = "out"
INCOMING: Final = "in"


def key(way: str, number: str) -> str:
    """The key by which a paper is found again."""
    return f"{way}-{key_of(number)}"


def kept(paper: StepPayload) -> dict[str, object]:
    """What is added to the record of a paper."""
    return {PAPER_KEY: paper.paper_key()}


def standing(facts: Facts, paper: Record | None) -> Record | None:
    """The paper, None where the decision that it is about was taken anew since."""
    decided = [each for each in facts.of(CONCLUDE) if each.text("conclusion") in ADOPTING]
    older = paper is not None and decided and paper.position < decided[-1].position
    return None if older else paper


def decided_after(facts: Facts, day: date) -> date | None:
    """The day on which the matter was adopted, where a paper of `day` is older than that.

    Of a text that was amended and rechecked since, the day of the recheck.
    """
    last = max(
        (
            each
            for each in facts.of(CONCLUDE, RECHECK)
            if each.text("conclusion") in ADOPTING or each.text("verdict") == "lawful"
        ),
        key=lambda each: each.position,
        default=None,
    )
    return last.filed_on if last is not None and day < last.filed_on else None
