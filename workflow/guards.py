"""The gate: what still stands between a matter and a point of its procedure. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.counting import Counting
from workflow.definition import Answer, Gate, Holder, Procedure, Step
from workflow.facts import CONCLUDE, CONFIRM, VERDICT, Facts
from workflow.ports import Assessment, StepKind, StepState, View
from workflow.refusals import Unmet
from workflow.signing import Broken
from workflow.urgency import TRACK, unconfirmed

REACH = {gate: tuple(Gate)[: place + 1] for place, gate in enumerate(Gate)}

#: Gates that let nothing through but the very text that the review passed.
TEXT_GATES = (Gate.AGENDA, Gate.ISSUE)

#: Gates behind which nothing comes that was urgent and that nobody has confirmed.
CONFIRMED_GATES = (Gate.ISSUE, Gate.CLOSE)

#: The act that issues the minutes of a meeting.
MINUTES = "close_meeting"

#: The act that hands a text in for review.
SUBMIT = "submit_for_review"

#: The rule by which verdicts are signed, and for which more acts one is told apart anew.
REAUTHENTICATION = "authority.reauthentication"

NOT_REQUIRED = Assessment(StepState.NOT_REQUIRED)


@dataclass(frozen=True, slots=True)
class Lens:
    """How facts are looked at: the procedure, its step kinds, the calendar and the day.

    `meeting` is the day of the meeting where it is asked whether the matter may go to that one:
    what holds today and no longer then is open.
    """

    procedure: Procedure
    kinds: Mapping[str, StepKind]
    counting: Counting
    today: date
    meeting: date | None = None

    def view(self, step: Step, facts: Facts) -> View:
        """What the kind of a step gets to see."""
        return View(self.procedure, step, facts, self.counting, self.today, meeting=self.meeting)


def assess(
    lens: Lens, facts: Facts, known: Mapping[str, Assessment] | None = None
) -> dict[str, Assessment]:
    """How every step of the procedure stands towards the matter, in the procedure's order.

    A step that no answer asks for stands as its kind judges once an open step demands it.  It bars
    no gate: the step that demands it does.  `known` are those that `assess_step` has judged.
    """
    judged = {} if known is None else known
    steps = lens.procedure.steps
    found: dict[str, Assessment] = {}
    waiting: list[str] = []
    for name, step in steps.items():
        stands = judged[name] if name in judged else assess_step(lens, step, facts)
        found[name] = stands
        if not stands.state.closed:
            waiting.append(name)
    while waiting:
        step = steps[waiting.pop()]
        for name in lens.kinds[step.kind].demands(lens.view(step, facts)):
            if found[name] is NOT_REQUIRED:
                found[name] = lens.kinds[steps[name].kind].assess(lens.view(steps[name], facts))
                waiting.append(name)
    return found


def assess_step(lens: Lens, step: Step, facts: Facts) -> Assessment:
    """How one step stands: not required, waived, or as its kind judges."""
    if not step.required_when.holds(facts.answers):
        return NOT_REQUIRED
    ruling = facts.waiver(step)
    if ruling is not None:
        return Assessment(StepState.WAIVED, on=ruling.filed_on)
    return lens.kinds[step.kind].assess(lens.view(step, facts))


def standing_in_way(
    procedure: Procedure,
    gate: Gate,
    answers: Mapping[str, Answer],
    assessments: Mapping[str, Assessment],
) -> tuple[Unmet, ...]:
    """THE gate: everything unmet before `gate`, over the steps' assessments alone.

    At the agenda the text that is tabled must be the very text that the review passed; that is
    asked here a second time, apart from whatever the review's own step says, by `text_reviewed`.
    """
    reach = REACH[gate]
    return tuple(
        unmet
        for step in procedure.steps.values()
        if step.before in reach
        and not assessments[step.id].state.closed
        and procedure.required(step, answers)
        for unmet in assessments[step.id].unmet or (_open(step),)
    )


def _open(step: Step) -> Unmet:
    """An open step stands in the way even if its kind should fail to say what it wants."""
    return Unmet("step.open", step.citations, {"step": step.name}, step.id, cured_by=step.first_act)


def text_reviewed(
    procedure: Procedure, current: str | None, passed: str | None
) -> tuple[Unmet, ...]:
    """Nothing, if the digest of the passed text is that of the current one; else why not."""
    if current is not None and current == passed:
        return ()
    return (
        Unmet(
            "agenda.text_not_reviewed",
            procedure.rules["reviewed_text"].citations,
            cured_by=procedure.holders(SUBMIT),
        ),
    )


def next_gate(procedure: Procedure, facts: Facts) -> Gate:
    """The gate that a matter comes to next: the agenda until every body has adopted it."""
    if facts.issue is not None:
        return Gate.CLOSE
    if facts.next_body(procedure.meetings(facts.answers)) is None:
        return Gate.ISSUE
    return Gate.AGENDA


def barring(
    procedure: Procedure,
    gate: Gate,
    answers: Mapping[str, Answer],
    assessments: Mapping[str, Assessment],
    current: str | None,
    passed: str | None,
) -> tuple[Unmet, ...]:
    """Everything that bars a matter from a gate: open steps, and at the agenda the text itself.

    `current` is the digest of the current text and `passed` the one that the review passed.  The
    service asks this of matters, and the prover of every state that a matter can be in.
    """
    found = standing_in_way(procedure, gate, answers, assessments)
    if gate in TEXT_GATES and not any(unmet.step in reviewing(procedure) for unmet in found):
        found += text_reviewed(procedure, current, passed)
    return found


def unmet_before(
    lens: Lens, gate: Gate, facts: Facts, assessments: Mapping[str, Assessment] | None = None
) -> tuple[Unmet, ...]:
    """Every unmet condition before a gate, each with the earliest day on which it can be cured."""
    judged = _within_reach(lens, gate, facts) if assessments is None else assessments
    draft, review = facts.draft, facts.passing_review
    found = barring(
        lens.procedure,
        gate,
        facts.answers,
        judged,
        None if draft is None else draft.digest,
        None if review is None else review.digest,
    )
    if gate in TEXT_GATES and review is not None:
        found += tuple(signatures_owed(lens, facts))
    if gate in CONFIRMED_GATES:
        found += confirmation_owed(lens, facts) + minutes_owed(lens.procedure, facts, lens.today)
    if not found:
        return ()
    # On which day something can be cured follows from all steps, also from those behind the gate.
    return dated(lens, facts, assess(lens, facts, judged) if assessments is None else judged, found)


def _within_reach(lens: Lens, gate: Gate, facts: Facts) -> dict[str, Assessment]:
    """How the steps before a gate stand: what lies behind it cannot bar it."""
    reach = REACH[gate]
    return {
        name: assess_step(lens, step, facts)
        for name, step in lens.procedure.steps.items()
        if step.before in reach
    }


def confirmation_owed(lens: Lens, facts: Facts) -> tuple[Unmet, ...]:
    """The urgent items that are still to be confirmed, in time or late."""
    track = lens.procedure.rules.get(TRACK)
    rule = lens.procedure.rules["agenda.frozen"] if track is None else track
    holders = confirmers(lens.procedure)
    return tuple(
        Unmet(
            "agenda.urgent_overdue" if item.due < lens.today else "agenda.urgent_unconfirmed",
            rule.citations,
            {"meeting": item.meeting, "due": item.due},
            cured_by=holders,
            earliest=lens.today,
            act=CONFIRM,
        )
        for item in unconfirmed(facts)
    )


def minutes_owed(procedure: Procedure, facts: Facts, today: date) -> tuple[Unmet, ...]:
    """The meetings that concluded on the matter and whose minutes (会议纪要) are not issued."""
    rules = procedure.rules
    usual = rules[f"{procedure.meeting_body}.record"]
    return tuple(
        Unmet(
            "meeting.minutes_owed",
            rules.get(f"{concluded.text('body')}.record", usual).citations,
            {"meeting": concluded.text("meeting")},
            cured_by=procedure.holders(MINUTES),
            earliest=today,
            act=MINUTES,
        )
        for concluded in facts.of(CONCLUDE)
        if concluded.text("meeting") in facts.without_minutes
    )


def signatures_owed(lens: Lens, facts: Facts) -> Iterator[Unmet]:
    """The signatures that the verdict rests on and that are not there, or do not hold.

    What nobody has looked at does not hold.  Another review of the text, signed, mends it.
    """
    unsound = facts.unsound
    if facts.kept is None or unsound == ():
        return
    found = ((VERDICT, Broken.UNVERIFIED),) if unsound is None else unsound
    rules = lens.procedure.rules
    rule = rules.get(REAUTHENTICATION, rules["reviewed_text"])
    missing = tuple(dict.fromkeys(act for act, flaw in found if flaw is Broken.MISSING))
    broken = tuple(dict.fromkeys(act for act, flaw in found if flaw is not Broken.MISSING))
    cured_by = lens.procedure.holders(SUBMIT)
    if missing:
        yield Unmet(
            "signature.missing",
            rule.citations,
            {"act": missing},
            cured_by=cured_by,
            earliest=lens.today,
            act=SUBMIT,
        )
    if broken:
        yield Unmet(
            "signature.broken",
            rule.citations,
            {"act": broken},
            cured_by=cured_by,
            earliest=lens.today,
            act=SUBMIT,
        )


def confirmers(procedure: Procedure) -> tuple[Holder, ...]:
    """Who approves that an item comes onto a closed agenda, and confirms it afterwards.

    Where a matter was moved to rules that have no such track, whoever decides to start.
    """
    track = procedure.rules.get(TRACK)
    return procedure.holders("start") if track is None else track.override


def reviewing(procedure: Procedure) -> tuple[str, ...]:
    """The steps whose acts give verdicts on the text."""
    return tuple(step.id for step in procedure.steps.values() if VERDICT in step.acts)


def dated(
    lens: Lens,
    facts: Facts,
    assessments: Mapping[str, Assessment],
    found: tuple[Unmet, ...],
) -> tuple[Unmet, ...]:
    """The same conditions, each with the earliest day that its step allows, where it has none."""
    days: dict[str, tuple[date, bool]] = {}
    return tuple(
        unmet
        if unmet.earliest is not None or unmet.step is None
        else _with_day(unmet, earliest(lens, facts, assessments, unmet.step, days))
        for unmet in found
    )


def earliest(
    lens: Lens,
    facts: Facts,
    assessments: Mapping[str, Assessment],
    step_id: str,
    known: dict[str, tuple[date, bool]] | None = None,
) -> tuple[date, bool]:
    """The first day on which a step can be satisfied, if all open work begins today.

    An open step begins when the last of the steps that it follows or demands is done, and of those
    before a gate that must be passed first.  The second value tells that the day lies beyond the
    last official holiday notice.
    """
    days = {} if known is None else known
    if step_id in days:
        return days[step_id]
    step = lens.procedure.steps[step_id]
    start, provisional = days[step_id] = lens.today, False
    if not assessments[step_id].state.closed:
        demanded = lens.kinds[step.kind].demands(lens.view(step, facts))
        gated = _before_its_gate(lens, assessments, step)
        for before in dict.fromkeys((*step.after, *demanded, *gated)):
            day, unsure = earliest(lens, facts, assessments, before, days)
            start, provisional = max(start, day), provisional or unsure
        course = lens.kinds[step.kind].course(lens.view(step, facts), start)
        start, provisional = max(start, course.done), provisional or course.provisional
    days[step_id] = (start, provisional)
    return days[step_id]


def _before_its_gate(
    lens: Lens, assessments: Mapping[str, Assessment], step: Step
) -> Iterator[str]:
    """The open steps before the gate that an act of the step asks for, or else before the start."""
    gates = {act.gate for act in lens.kinds[step.kind].acts.values() if act.gate is not None}
    reach = {before for gate in gates or {Gate.START} for before in REACH[gate]}
    if step.before not in reach:
        for other in lens.procedure.steps.values():
            if other.before in reach and not assessments[other.id].state.closed:
                yield other.id


def out_of_order(lens: Lens, step: Step, facts: Facts) -> tuple[Unmet, ...]:
    """Why a step may not be begun yet: the steps that must precede it and are open."""
    waiting = tuple(
        before
        for before in step.after
        if not assess_step(lens, lens.procedure.steps[before], facts).state.closed
    )
    if not waiting:
        return ()
    return (
        Unmet(
            "step.out_of_order",
            step.citations,
            {
                "step": step.name,
                "waiting": tuple(lens.procedure.steps[before].name for before in waiting),
            },
            step=step.id,
            cured_by=lens.procedure.steps[waiting[0]].first_act,
        ),
    )


def day_after(day: date) -> date:
    """The next calendar day."""
    return day + timedelta(days=1)


def _with_day(unmet: Unmet, day: tuple[date, bool]) -> Unmet:
    return replace(unmet, earliest=day[0], provisional=day[1])
