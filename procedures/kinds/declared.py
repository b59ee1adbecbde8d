"""A plain declared step: named evidence, a role, a floor, a citation. Lets a locality add its own.

The rule `evidence` names the papers that are owed; the rule `wait` is the least time between the
first paper and the one that concludes the step; the rule `grounds` names the grounds on one of
which the step has to rest; the rule `author` asks who made the papers.  With the rule `result` the
paper tells whether it was passed, with the rule `after_decision` it is not older than the decision
that it is about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import StrictBool

from procedures.kinds.base import Kind, not_ahead, not_firm, pending, satisfied, underway
from procedures.papers import decided_after
from workflow.facts import as_list
from workflow.guards import day_after
from workflow.ports import Act, Assessment, Course, RuleShape, Ruling, StepPayload, View, Wait
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

FILE = "file_evidence"


class DeclaredEvidence(StepPayload):
    """What shows the step done, and whether it concludes it.

    `papers` are those that the definition names and this filing brings, `ground` is the one of the
    named grounds on which the step rests.  `made_by` made them: an assessor, who does not evaluate
    the decision afterwards (Order 713 art. 36).  `passed` is the result, where the step is a
    decision of somebody else: what did not pass is on record, and does not carry the matter on.
    """

    done_on: Day
    evidence: Line
    papers: tuple[Name, ...] = ()
    ground: Name | None = None
    made_by: Line | None = None
    summary: Prose
    concluded: StrictBool
    passed: StrictBool | None = None


def judge_evidence(view: View, evidence: DeclaredEvidence) -> Ruling:
    """Refuse evidence dated ahead, or that concludes without its papers, its ground or its time."""
    found = not_ahead(view, evidence.done_on)
    if "after_decision" in view.step.rules:
        decided = decided_after(view.facts, evidence.done_on)
        if decided is not None:
            found += (view.unmet("before_decision", "after_decision", FILE, decided_on=decided),)
    if not evidence.concluded:
        return Ruling(found)
    missing = tuple(name for name in _owed(view) if name not in evidence.papers)
    if missing:
        found += (view.unmet("papers_missing", "evidence", step=view.step.name, papers=missing),)
    if "result" in view.step.rules and evidence.passed is None:
        found += (view.unmet("result_missing", "result", step=view.step.name),)
    return Ruling(
        found + _nameless(view, evidence) + _groundless(view, evidence.ground) + _too_early(view)
    )


def _nameless(view: View, evidence: DeclaredEvidence) -> tuple[Unmet, ...]:
    """Refuses to conclude where it is asked who made the papers, and none of them says so."""
    before = (each.text("made_by") for each in view.facts.of(FILE, step=view.step))
    if "author" not in view.step.rules or any(map(view.tells, (evidence.made_by, *before))):
        return ()
    return (view.unmet("author_missing", "author", step=view.step.name),)


def _groundless(view: View, ground: object) -> tuple[Unmet, ...]:
    """Refuses a step that rests on none of the grounds that the definition names."""
    rule = view.step.rules.get("grounds")
    if rule is None or ground in rule.choices:
        return ()
    return (view.unmet("groundless", "grounds", step=view.step.name, bases=rule.choices),)


def _too_early(view: View) -> tuple[Unmet, ...]:
    rule = view.step.rules.get("wait")
    if rule is None or view.facts.granted(view.step, rule.id):
        return ()
    ends, provisional = _ends(view, view.today)
    if view.today > ends:
        return ()
    unmet = view.unmet(
        "too_early",
        "wait",
        step=view.step.name,
        amount=rule.value,
        unit=rule.unit,
        ends=ends,
    )
    return (replace(unmet, earliest=day_after(ends), provisional=provisional),)


def assess(view: View) -> Assessment:
    """Open until evidence is filed that concludes the step."""
    filed = view.facts.last(FILE, step=view.step)
    if filed is None:
        return pending(view.unmet("missing", step=view.step.name))
    if filed.payload["concluded"] is not True:
        return underway(view.unmet("not_concluded", step=view.step.name))
    missing = _owed(view)
    if missing:
        return underway(
            view.unmet("papers_missing", "evidence", step=view.step.name, papers=missing)
        )
    groundless = _groundless(view, filed.payload.get("ground"))
    if groundless:
        return underway(*groundless)
    if "result" in view.step.rules and filed.payload.get("passed") is not True:
        return underway(view.unmet("not_passed", "result", step=view.step.name))
    return satisfied(filed.filed_on)


def soonest(view: View, start: date) -> Course:
    """The first paper begins the time that the rule `wait` demands; without one there is none."""
    rule = view.step.rules.get("wait")
    if rule is None or view.facts.granted(view.step, rule.id):
        return Course(start, not_firm(view, start))
    ends, provisional = _ends(view, start)
    over = day_after(ends)
    done = max(start, over)
    wait = Wait(rule, FILE, _begun(view, start), FILE, over)
    return Course(done, provisional or not_firm(view, done), (wait,))


def _begun(view: View, start: date) -> date:
    """When the first paper came; if there is none yet, it comes on `start`."""
    begun = view.facts.of(FILE, step=view.step)
    return begun[0].filed_on if begun else start


def _ends(view: View, start: date) -> tuple[date, bool]:
    """The last day of the time that the rule `wait` demands; the step is concluded after it."""
    return view.counting.end(view.step.rules["wait"], _begun(view, start), view.pauses)


def _owed(view: View) -> tuple[str, ...]:
    """The papers that are owed and not on file yet."""
    rule = view.step.rules.get("evidence")
    filed = {
        name
        for record in view.facts.of(FILE, step=view.step)
        for name in as_list(record.payload.get("papers"))
    }
    return () if rule is None else tuple(name for name in rule.choices if name not in filed)


KIND = Kind(
    name="declared",
    acts={FILE: Act(DeclaredEvidence, judge_evidence)},
    rules={
        "author": RuleShape(optional=True),
        "evidence": RuleShape(choices=True, optional=True),
        "grounds": RuleShape(choices=True, optional=True, wider_is_looser=True),
        "wait": RuleShape(period=True, optional=True),
        "result": RuleShape(optional=True),
        "after_decision": RuleShape(optional=True),
    },
    judge=assess,
    soonest=soonest,
)
