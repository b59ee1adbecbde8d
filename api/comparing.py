"""What came of a step of a scenario, held against what was expected: every difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from api.casting import Cast
from procedures.scenario import Expected, ScenarioStep
from workflow.catalogue import Said
from workflow.definition import Citation
from workflow.errors import BadInput, Conflict, NotFound, YichengError
from workflow.service.requests import Outcome

#: The kinds of error that a step may expect.
ERRORS: Final[Mapping[str, type[YichengError]]] = {
    "bad_input": BadInput,
    "not_found": NotFound,
    "conflict": Conflict,
}


def differences(step: ScenarioStep, cast: Cast, came: Outcome | YichengError) -> tuple[Said, ...]:
    """Everything in which what came of the step is not what it expects.

    Raises BadInput where the step names a person or a stage that there is not.
    """
    if isinstance(came, YichengError):
        return tuple(_of_error(step, came))
    return (
        *_of_outcome(step, cast, came),
        *_of_warnings(step, came),
        *_of_stage(step, cast, came),
    )


def _of_error(step: ScenarioStep, came: YichengError) -> Iterator[Said]:
    wanted = None if step.expect == "done" else step.expect.error
    if wanted is None:
        yield Said("rehearsal.stopped_by_error", {"code": came.code, "error": came})
    elif (_kind(came), came.code) != wanted:
        yield Said("rehearsal.other_error", {"wanted": wanted[1], "code": came.code, "error": came})


def _of_outcome(step: ScenarioStep, cast: Cast, came: Outcome) -> Iterator[Said]:
    expected = step.expect
    if expected == "done":
        if not came.done:
            yield Said("rehearsal.was_refused", {"codes": _codes(came)})
    elif came.done:
        yield Said("rehearsal.was_done")
    elif expected.refused is None:
        yield Said("rehearsal.no_error", {"wanted": _wanted_error(expected), "codes": _codes(came)})
    else:
        yield from _of_codes(expected.refused, _codes(came))
        yield from _of_alerts(expected, cast, came)
        yield from _of_citations(expected, came)
        yield from _of_days(expected, came)


def _of_codes(wanted: tuple[str, ...], found: tuple[str, ...]) -> Iterator[Said]:
    missing, unexpected = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    for code in missing.elements():
        yield Said("rehearsal.code_missing", {"code": code})
    for code in unexpected.elements():
        yield Said("rehearsal.code_unexpected", {"code": code})


def _of_warnings(step: ScenarioStep, came: Outcome) -> Iterator[Said]:
    if step.warns is None:
        return
    wanted, found = Counter(step.warns), Counter(unmet.code for unmet in came.warnings)
    for code in (wanted - found).elements():
        yield Said("rehearsal.warning_missing", {"code": code})
    for code in (found - wanted).elements():
        yield Said("rehearsal.warning_unexpected", {"code": code})


def _of_alerts(expected: Expected, cast: Cast, came: Outcome) -> Iterator[Said]:
    if expected.alerts is None:
        return
    wanted, found = cast.everybody(expected.alerts), frozenset(came.alerts)
    for account in sorted(wanted - found):
        yield Said("rehearsal.alert_missing", {"account": account})
    for account in sorted(found - wanted):
        yield Said("rehearsal.alert_unexpected", {"account": account})


def _of_citations(expected: Expected, came: Outcome) -> Iterator[Said]:
    for code, wanted in expected.cites.items():
        of_code = [unmet for unmet in came.refusals if unmet.code == code]
        found = tuple(dict.fromkeys(each for unmet in of_code for each in unmet.citations))
        fit = len(wanted) == len(found) and all(
            any(text in _ways_to_write(citation) for text in wanted) for citation in found
        )
        if of_code and not fit:
            told = tuple(_ways_to_write(citation)[-1] for citation in found)
            yield Said("rehearsal.other_citations", {"code": code, "wanted": wanted, "found": told})


def _of_days(expected: Expected, came: Outcome) -> Iterator[Said]:
    for code, wanted in expected.earliest.items():
        for found in {unmet.earliest for unmet in came.refusals if unmet.code == code} - {wanted}:
            yield Said("rehearsal.other_day", {"code": code, "wanted": wanted, "found": found})


def _of_stage(step: ScenarioStep, cast: Cast, came: Outcome) -> Iterator[Said]:
    if step.stage is None or came.stage is None:
        return
    wanted, stages = cast.stage(step.stage), cast.procedure.stages
    if came.stage != wanted:
        yield Said(
            "rehearsal.other_stage",
            {"wanted": stages[wanted].name, "found": stages[came.stage].name},
        )


def _kind(error: Exception) -> str:
    return next((name for name, kind in ERRORS.items() if isinstance(error, kind)), "")


def _codes(came: Outcome) -> tuple[str, ...]:
    return tuple(unmet.code for unmet in came.refusals)


def _wanted_error(expected: Expected) -> str:
    return "" if expected.error is None else expected.error[1]


def _ways_to_write(citation: Citation) -> tuple[str, str]:
    """A citation as a scenario may write it: without its mark of confidence, and with it."""
    plain = f"{citation.instrument} {citation.article}".strip()
    return plain, f"{plain} ({citation.confidence})"
