"""Whether what a profile offers in its own place leads back to it.  Pure.

A procedure for lesser matters is a way around the profile unless somebody other than the proposer
says that the matter is none for the profile: so it classifies every matter before the start, with
a reason for each no, and a yes brings the profile in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from procedures.answers import find
from procedures.compile import Compiled
from procedures.schema import ProcedureForm, StepForm
from workflow.definition import Condition, Gate

#: The kind of step in which a matter is said to be a major decision or none, and its rule.
CLASSIFICATION: Final = "classification"
REASONED: Final = "reasoned"


def leads_back(offered: Compiled, profile: Compiled) -> bool:
    """Whether a matter proposed under what is offered cannot be kept from the profile unjudged.

    What rests on the profile is the profile with more.  Anything else must bring in the profile,
    or what that rests on and the offered one does not.
    """
    name, known = profile.procedure.id, _bases(offered)
    if name in known:
        return True
    wanted = {name, *_bases(profile)} - known - {offered.procedure.id}
    asked = tuple(_classified(offered.form))
    return any(
        join.procedure in wanted and _brought_in(offered.form, question, join.when)
        for join in offered.form.joins
        for question in asked
    )


def _bases(compiled: Compiled) -> set[str]:
    return {name.partition("@")[0] for name in compiled.procedure.lineage}


def _classified(form: ProcedureForm) -> Iterator[str]:
    """The questions of yes or no that are ruled upon in every matter, a no with its reason."""
    for step in form.steps:
        if _always(step) and REASONED in step.rules:
            for name in step.rules[REASONED].choices:
                if form.questions[name].kind == "yes_no":
                    yield name


def _always(step: StepForm) -> bool:
    return (
        step.kind == CLASSIFICATION
        and step.required_when.op == "always"
        and step.before is Gate.START
        and step.waivable is None
    )


def _brought_in(form: ProcedureForm, question: str, when: Condition) -> bool:
    """Whether a yes brings it in, whatever is answered besides."""
    yes = Condition("is", (), question, value=True)
    return find(form.questions, ((yes, True), (when, False))) is None
