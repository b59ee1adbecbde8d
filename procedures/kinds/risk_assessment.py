"""Risk assessment (风险评估): risk points, measures, contingency plan, and whether controllable.

What the report says of its grade is held against its own figures, and what it says of opposition
against what is on file: a report that is low by template does not get through.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from procedures.opinions import COUNSEL, key_of, own_words
from workflow.facts import Record
from workflow.idle import core, says_nothing
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

Degree = Annotated[StrictInt, Field(ge=1, le=5)]
Grade = Literal["low", "medium", "high"]

#: From the lightest to the heaviest.
GRADES: tuple[Grade, ...] = ("low", "medium", "high")


class RiskPoint(Payload):
    """One risk with its likelihood and impact (1 lowest to 5 highest) and what is done about it.

    The residual figures are those that remain after the measure; left out, the measure changes
    nothing.
    """

    risk: Prose
    likelihood: Degree
    impact: Degree
    measure: Prose
    residual_likelihood: Degree | None = None
    residual_impact: Degree | None = None

    @property
    def before(self) -> int:
        """Likelihood times impact before the measure."""
        return self.likelihood * self.impact

    @property
    def after(self) -> int:
        """Likelihood times impact that remain after the measure."""
        return (self.residual_likelihood or self.likelihood) * (self.residual_impact or self.impact)


class OpposingView(Payload):
    """Opposition that the report takes into account, and where on file it stands."""

    source: Literal["public", "participation", "hearing", "department", "group", "expert"]
    summary: Prose
    treatment: Prose


class Opposition(Payload):
    """Who is against it and how that was weighed; without views, how it is known there are none."""

    statement: Prose
    views: tuple[OpposingView, ...] = ()


class Participation(Payload):
    """Those concerned who took part: `party` is a word of the definition, `how` says how."""

    party: Name
    how: Prose


class RiskReport(StepPayload):
    """The report. `took_part` are those concerned who, besides departments, took part in it.

    `grade` is the assessor's own; which grades are controllable is data.

    `assessor` is the main one: who may not evaluate the decision afterwards (Order 713 art. 36).
    """

    done_on: Day
    assessor: Line
    points: tuple[RiskPoint, ...]
    departments_heard: tuple[Line, ...]
    took_part: tuple[Participation, ...] = ()
    contingency_plan: Prose | None = None
    opposition: Opposition | None = None
    grade: Grade


class ReusedAssessment(StepPayload):
    """An assessment made under other rules, taken over instead of being repeated.

    `rules` it was made under, `assessor` made it on `done_on`, `document` is the paper itself.
    """

    rules: Line
    assessor: Line
    done_on: Day
    document: Line
    points_summary: Prose
    took_part: tuple[Participation, ...] = ()
    opposition: Opposition | None = None
    grade: Grade


def judge_report(view: View, report: RiskReport) -> Ruling:
    """Refuse a report by template: its parts, its grade and its opposition must be its own.

    Words that say nothing are refused, as are one risk twice and one measure for every risk.

    The record keeps the grades computed before and after the measures, and the main assessor.
    """
    found = not_ahead(view, report.done_on)
    if view.facts.draft is None:
        found += (view.unmet("no_draft", "content"),)
    if not report.points:
        found += (view.unmet("no_points", "content"),)
    if report.contingency_plan is None:
        found += (view.unmet("no_contingency_plan", "content"),)
    if not report.departments_heard:
        found += (view.unmet("nobody_heard", "heard"),)
    found += _left_out(view, report.took_part)
    points = report.points
    found += _saying_nothing(
        view,
        *(text for point in points for text in (point.risk, point.measure)),
        report.contingency_plan or "",
        *_told(report.took_part, report.opposition),
    )
    found += _copied(view, points)
    worse = tuple(point.risk for point in points if point.after > point.before)
    if worse:
        found += (view.unmet("measure_worsens", "content", risks=worse),)
    after = _graded(view, max((point.after for point in points), default=0))
    if GRADES.index(report.grade) < GRADES.index(after):
        rule = "high_from" if after == "high" else "medium_from"
        found += (view.unmet("grade_too_low", rule, grade=report.grade, computed=after),)
    found += _unheard(view, report.opposition)
    before = _graded(view, max((point.before for point in points), default=0))
    return Ruling(found, extra={"grade_before": before, "grade_after": after})


def judge_reuse(view: View, reused: ReusedAssessment) -> Ruling:
    """Refuse one that passes over opposition, or hides a report made here that does not pass.

    Nor is one taken over that is older than the rule `reuse_validity` lets it be, where there is
    one, or whose summary says nothing.
    """
    found = not_ahead(view, reused.done_on) + _left_out(view, reused.took_part)
    told = _told(reused.took_part, reused.opposition)
    found += _saying_nothing(view, reused.points_summary, *told)
    validity = view.step.rules.get("reuse_validity")
    if validity is not None:
        since, _ = view.counting.latest(validity, view.today)
        if reused.done_on < since:
            found += (
                view.unmet("reuse_too_old", "reuse_validity", done_on=reused.done_on, since=since),
            )
    found += _unheard(view, reused.opposition)
    report = view.facts.last("file_risk_assessment", step=view.step)
    if report is not None and (not _controllable(view, report) or _ignored(view, report)):
        found += (view.unmet("reuse_hides_report", "reuse", grade=report.text("grade")),)
    return Ruling(found)


def _unheard(view: View, opposition: Opposition | None) -> tuple[Unmet, ...]:
    """Refuses a report that does not tell of opposition, or not of all that is on file."""
    if opposition is None:
        return (view.unmet("opposition_not_stated", "opposition"),)
    missing = _passed_over(view, {each.source for each in opposition.views})
    return (view.unmet("opposition_ignored", "opposition", sources=missing),) if missing else ()


def _told(took_part: tuple[Participation, ...], opposition: Opposition | None) -> tuple[str, ...]:
    """What is told of those who took part and of those who are against it."""
    against = () if opposition is None else opposition.views
    return (
        *(each.how for each in took_part),
        *(() if opposition is None else (opposition.statement,)),
        *(text for each in against for text in (each.summary, each.treatment)),
    )


def _saying_nothing(view: View, *texts: str) -> tuple[Unmet, ...]:
    """Refuses texts that consist of nothing but signs and the words that say nothing.

    The procedure lists them; the step may list more.
    """
    listed = view.procedure.rules["says_nothing"]
    own = view.step.rules.get("says_nothing")
    rules = (listed,) if own is None else (listed, own)
    idle = tuple(text for text in dict.fromkeys(texts) if text and says_nothing(text, *rules))
    if not idle:
        return ()
    unmet = view.unmet("says_nothing", "content", texts=idle)
    cited = (each for rule in rules for each in rule.citations)
    return (replace(unmet, citations=tuple(dict.fromkeys((*unmet.citations, *cited)))),)


def _copied(view: View, points: tuple[RiskPoint, ...]) -> tuple[Unmet, ...]:
    """Refuses a risk that is listed twice, and one measure for all of several risks."""
    risks = Counter(core(point.risk) for point in points)
    copied = [point.risk for point in points if risks[core(point.risk)] > 1]
    measures = [point.measure for point in points]
    if len(points) > 1 and len({core(measure) for measure in measures}) == 1:
        copied += measures
    texts = tuple(dict.fromkeys(copied))
    return (view.unmet("copied", "content", texts=texts),) if texts else ()


def _left_out(view: View, took_part: tuple[Participation, ...]) -> tuple[Unmet, ...]:
    """Refuses an assessment in which those did not take part whom the rule `parties` names."""
    rule = view.step.rules.get("parties")
    there = {each.party for each in took_part}
    absent = () if rule is None else tuple(name for name in rule.choices if name not in there)
    return (view.unmet("parties_missing", "parties", parties=absent),) if absent else ()


def assess(view: View) -> Assessment:
    """Open until the grade counts as controllable, and no opposition on file is passed over."""
    report = view.facts.last("file_risk_assessment", "reuse_risk_assessment", step=view.step)
    if report is None:
        return pending(view.unmet("missing"))
    if not _controllable(view, report):
        return underway(view.unmet("not_controllable", "controllable", grade=report.text("grade")))
    # Opposition may come in after the report: then it is no longer whole.
    missing = _ignored(view, report)
    if missing:
        return underway(view.unmet("opposition_ignored", "opposition", sources=missing))
    return satisfied(report.filed_on)


def _controllable(view: View, report: Record) -> bool:
    return report.text("grade") in view.step.rules["controllable"].choices


def _graded(view: View, figure: int) -> Grade:
    """The grade of likelihood times impact, by the thresholds of the definition."""
    rules = view.step.rules
    if figure >= (rules["high_from"].value or 0):
        return "high"
    return "medium" if figure >= (rules["medium_from"].value or 0) else "low"


def _ignored(view: View, report: Record) -> tuple[str, ...]:
    """The sources of opposition on file, by now, that a filed report does not tell of."""
    opposition = report.payload.get("opposition")
    views = opposition.get("views", ()) if isinstance(opposition, dict) else ()
    return _passed_over(view, {str(each["source"]) for each in views})


def _passed_over(view: View, told: set[str]) -> tuple[str, ...]:
    """The sources from which opposition is on file and of which a report says nothing."""
    return tuple(sorted(_opposed(view) - told))


def _opposed(view: View) -> set[str]:
    """The sources from which opposition is on file.

    Departments that disagree, experts who oppose, and whatever the latest account of opinions
    lists as not adopted, by its source; counsel's concerns are the review's.
    """
    facts, found = view.facts, set[str]()
    consulted = facts.last("file_consultation")
    said = {
        **{
            str(each["unit"]): str(each["position"])
            for each in (consulted.items("opinions") if consulted else ())
        },
        **{unit: record.text("position") for unit, record in own_words(facts).items()},
    }
    if "disagrees" in said.values():
        found.add("department")
    if any(each.text("conclusion") == "opposes" for each in facts.of("file_expert_opinion")):
        found.add("expert")
    tables = facts.of("adopt_opinions")
    latest = {key_of(entry): entry for table in tables for entry in table.items("opinions")}
    found |= {
        source
        for (source, _), entry in latest.items()
        if entry["disposition"] == "not_adopted" and source != COUNSEL
    }
    return found


KIND = Kind(
    name="risk_assessment",
    acts={
        "file_risk_assessment": Act(RiskReport, judge_report),
        "reuse_risk_assessment": Act(ReusedAssessment, judge_reuse),
    },
    rules={
        "content": RuleShape(),
        "heard": RuleShape(),
        "parties": RuleShape(choices=True, optional=True),
        "controllable": RuleShape(choices=True, wider_is_looser=True),
        "medium_from": RuleShape(number=True),
        "high_from": RuleShape(number=True),
        "opposition": RuleShape(),
        "reuse": RuleShape(),
        "reuse_validity": RuleShape(period=True, optional=True),
        "says_nothing": RuleShape(choices=True, optional=True, free_words=True),
    },
    judge=assess,
)
