"""Whether the main assessor before the decision may evaluate it afterwards: he may not.

Art. 36 of Order 713 keeps the evaluation from whoever was the main assessor before the decision.
A matter that was assessed is set up, in each way in which an assessment comes on file, and the
kind's own judge is asked to open the evaluation by that assessor, under each spelling of his name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from procedures.kinds.evaluation import OPEN, EvaluationOpened
from workflow.counting import Counting
from workflow.definition import Procedure, Step, Text
from workflow.facts import Facts, Record
from workflow.ports import StepKind, View

#: What names an assessor, the assessor on file, and how the same one may be named again.
_ASSESSING: Final = ("file_risk_assessment", "reuse_risk_assessment")
_ASSESSOR: Final = "Assessor A"
_SAME: Final = (_ASSESSOR, "assessor  a", "Assessor-A", "unit")
_UNITS: Final = {"unit": Text(_ASSESSOR, _ASSESSOR)}
_DAY: Final = date(2000, 1, 3)


def assessors_evaluate(procedure: Procedure, step: Step, kinds: Mapping[str, StepKind]) -> bool:
    """Whether a step of evaluation lets somebody evaluate who was the main assessor before."""
    act = kinds[step.kind].acts.get(OPEN)
    if act is None:
        return False
    trigger = step.rules["triggers"].choices[0]
    return any(
        not act.judge(
            _view(procedure, step, assessed),
            EvaluationOpened(trigger=trigger, evaluator=evaluator, reasons="-"),
        ).unmet
        for assessed in _ASSESSING
        for evaluator in _SAME
    )


def _view(procedure: Procedure, step: Step, assessed: str) -> View:
    told = {"assessor": _ASSESSOR}
    record = Record(1, assessed, None, "", "", None, "", "", told, 1, _DAY)
    facts = Facts("matter", "", "", 1, records=(record,))
    # No day is counted: the calendar is left out.
    return View(procedure, step, facts, cast("Counting", None), _DAY, units=_UNITS)
