"""Reasons for answers (事项认定): for every yes or no that a definition asks at intake."""

from __future__ import annotations

from procedures.book import shipped
from workflow.definition import Procedure


def rulings(procedure: Procedure, reasons: str = "研究后认定") -> list[dict[str, object]]:
    """A ruling on each of its questions that may owe one, whatever the answer."""
    return [
        {"question": question.id, "reasons": reasons}
        for question in procedure.questions.values()
        if question.kind == "yes_no"
    ]


def sample_rulings() -> list[dict[str, object]]:
    """The same for the definition of the sample organisation."""
    return rulings(shipped().get("jiyuan_htz"))
