"""Post-evaluation (后评估) of a decision that is being carried out, or has been.

Nobody has to be asked for it unless the definition sets a schedule; once it was opened it is
finished before the matter is closed, and what it advises is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from procedures.assessors import assessors, same_party
from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, pending, satisfied, underway, within
from procedures.kinds.execution import BY_DECISION
from procedures.kinds.issuance import EXPIRES
from workflow.definition import Rule, Step
from workflow.facts import ISSUE, Facts, Record
from workflow.idle import Told, ToldLine
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Deadline,
    RuleShape,
    Ruling,
    StepPayload,
    StepState,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

OPEN, FILE, ANSWER = "open_evaluation", "file_evaluation", "answer_evaluation"

#: The ground on which an evaluation is opened because the schedule asks for it.
SCHEDULE: Final = "schedule"


class EvaluationOpened(StepPayload):
    """决定开展后评估: on what grounds, and who evaluates."""

    trigger: Name
    evaluator: ToldLine
    reasons: Told


class EvaluationReport(StepPayload):
    """后评估报告: what was found, whose opinions were heard, and what is recommended.

    `reason_for_delay` is owed where the schedule asked for it sooner.
    """

    done_on: Day
    effects: Told
    heard: Told
    recommendation: Literal["go_on", "adjust", "terminate"]
    advice: Told
    reason_for_delay: Prose | None = None


class EvaluationAnswer(StepPayload):
    """对后评估建议的处理: by which other matter it is followed, or else why it is not."""

    by: Line | None = None
    reasons: Told

    def named_matters(self) -> tuple[str, ...]:
        """The matter by which the advice is followed."""
        return () if self.by is None else (self.by,)


@dataclass(frozen=True, slots=True)
class Window:
    """When the schedule asks for an evaluation: not before `opens`, and by `due`; both inclusive.

    `since` is the day from which it is counted.
    `provisional`: the last day lies beyond the last official holiday notice.
    """

    opens: date
    due: date
    since: date
    provisional: bool
    rule: Rule


def window(view: View) -> Window | None:
    """When the next evaluation by the schedule is; None without a schedule, or before the issue.

    The first is counted from the first issue, or where the decision runs out before that is over,
    from the day on which it does.  The second, and those after it, are counted from the one before.
    """
    rules, issued = view.step.rules, view.facts.of(ISSUE)
    if view.facts.issue is None or SCHEDULE not in rules:
        return None
    done = _by_schedule(view)
    if done:
        rule = rules.get("second") if len(done) == 1 else rules.get("later", rules.get("second"))
        return None if rule is None else _window(view, done[-1].filed_on, rule)
    begun = issued[0].filed_on
    first = _window(view, begun, rules[SCHEDULE])
    if "opens" in rules:
        first = replace(first, opens=view.counting.end(rules["opens"], begun)[0])
    expires = view.facts.issue.text(EXPIRES)
    if "after_expiry" in rules and expires and date.fromisoformat(expires) < first.due:
        return _window(view, date.fromisoformat(expires), rules["after_expiry"])
    return first


def again(step: Step) -> bool:
    """Whether a second evaluation, or more, follow the first."""
    return not step.rules.keys().isdisjoint(("second", "later"))


def _window(view: View, since: date, rule: Rule) -> Window:
    due, provisional = view.counting.end(rule, since)
    return Window(since, due, since, provisional, rule)


def _by_schedule(view: View) -> list[Record]:
    """The reports of those evaluations that were opened because the schedule asked for them."""
    found: list[Record] = []
    trigger = ""
    for each in view.facts.of(OPEN, FILE, step=view.step):
        if each.command == OPEN:
            trigger = each.text("trigger")
        elif trigger == SCHEDULE:
            found.append(each)
    return found


def judge_opening(view: View, paper: EvaluationOpened) -> Ruling:
    """Refuse a ground that there is not, what is too soon, and who was a main assessor before."""
    found: tuple[Unmet, ...] = ()
    known = view.step.rules["triggers"].choices
    due = window(view)
    grounds = known if due is None else (*known, SCHEDULE)
    if paper.trigger not in grounds:
        found += (view.unmet("trigger_unknown", "triggers", OPEN, triggers=grounds),)
    elif due is not None and paper.trigger == SCHEDULE and view.today < due.opens:
        early = view.unmet("too_early", due.rule.id, OPEN, opens=due.opens)
        found += (replace(early, earliest=due.opens),)
    if same_party(view, paper.evaluator, assessors(view)):
        found += (view.unmet("assessed_before", "evaluator", OPEN, evaluator=paper.evaluator),)
    return Ruling(found)


def judge_report(view: View, paper: EvaluationReport) -> Ruling:
    """Refuse a report of an evaluation that nobody opened, misdated, or late and not saying why."""
    opened = _opened(view)
    if opened is None:
        found = within(view, paper.done_on)
        return Ruling((*found, view.unmet("not_opened", "evaluator", OPEN)))
    found = within(view, paper.done_on, opened.filed_on)
    due = window(view) if opened.text("trigger") == SCHEDULE else None
    if due is None or view.today <= due.due:
        return Ruling(found)
    if not view.tells(paper.reason_for_delay):
        found += (view.unmet("late_without_reason", due.rule.id, FILE, ends=due.due),)
    return Ruling(found, extra={OVERDUE: due.rule.id})


def judge_answer(view: View, paper: EvaluationAnswer) -> Ruling:
    """Refuse an answer to nothing, and one that names a matter which is not about this decision."""
    found: tuple[Unmet, ...] = ()
    if _advised(view) is None:
        found += (view.unmet("nothing_advised", "advice", FILE),)
    other = view.linked.get(paper.by or "")
    if paper.by is not None and (
        other is None or other.given_up or other.adjusts != view.facts.number
    ):
        found += (view.unmet("not_about_this", "advice", ANSWER, matter=paper.by),)
    return Ruling(found)


def ends(view: View) -> Deadline | None:
    """When the schedule asks for the next one; None where it asks for none, or before the issue."""
    found = window(view)
    return (
        None if found is None else Deadline(found.due, found.since, found.rule, found.provisional)
    )


def _opened(view: View) -> Record | None:
    last = view.facts.last(OPEN, FILE, step=view.step)
    return last if last is not None and last.command == OPEN else None


def evaluates(facts: Facts, step: Step) -> Mapping[str, tuple[str, ...]]:
    """Whoever was named to evaluate, until the report is on file."""
    last = facts.last(OPEN, FILE, step=step)
    return {} if last is None or last.command == FILE else {FILE: (last.text("evaluator"),)}


def _advised(view: View) -> Record | None:
    """The report that advises to adjust or end the decision, until that is answered or done."""
    report = view.facts.last(FILE, step=view.step)
    if report is None or report.text("recommendation") == "go_on":
        return None
    answered = view.facts.last(ANSWER, step=view.step)
    done = view.facts.last(*BY_DECISION)
    if done is not None or (answered is not None and answered.position > report.position):
        return None
    return report


def assess(view: View) -> Assessment:
    """Open once it was opened, or is scheduled, until its report is on file and answered."""
    if _opened(view) is not None:
        return underway(view.unmet("not_reported", "evaluator", FILE))
    report = _advised(view)
    if report is not None:
        advised = report.text("recommendation")
        return underway(view.unmet("unanswered", "advice", ANSWER, recommendation=advised))
    last = view.facts.last(FILE, step=view.step)
    if SCHEDULE in view.step.rules:
        due = window(view)
        if not _by_schedule(view) or (due is not None and due.due < view.today):
            day = None if due is None else due.due
            rule = SCHEDULE if due is None else due.rule.id
            owed = view.unmet("scheduled", rule, OPEN, due_on=day)
            return pending(replace(owed, provisional=due is not None and due.provisional))
    return Assessment(StepState.NOT_REQUIRED) if last is None else satisfied(last.filed_on)


KIND = Kind(
    name="evaluation",
    acts={
        OPEN: Act(EvaluationOpened, judge_opening),
        FILE: Act(EvaluationReport, judge_report, part=ActPart.END),
        ANSWER: Act(EvaluationAnswer, judge_answer, part=ActPart.ASIDE),
    },
    rules={
        "triggers": RuleShape(choices=True, wider_is_looser=True),
        "evaluator": RuleShape(choices=True, free_words=True),
        "jointly": RuleShape(choices=True, free_words=True),
        "advice": RuleShape(),
        "schedule": RuleShape(period=True, optional=True),
        "opens": RuleShape(period=True, optional=True),
        "after_expiry": RuleShape(period=True, optional=True),
        "second": RuleShape(period=True, optional=True),
        "later": RuleShape(period=True, optional=True),
    },
    judge=assess,
    ends=ends,
    again=again,
    named=evaluates,
)
