"""What is owed afterwards: the report on an emergency, the confirmation of an urgent item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from workflow.commands import ConfirmUrgentItem, FileEmergencyReport, Propose
from workflow.decisions.scene import Decision, Scene
from workflow.definition import Citation
from workflow.errors import NotFound
from workflow.facts import Facts, Linked
from workflow.guards import Lens, assess_step, confirmation_owed, confirmers
from workflow.refusals import Unmet
from workflow.urgency import REPORT, TRACK, UrgentItem, emergency, unconfirmed

#: The outcome of a confirmation that says that the item could have waited.
NOT_CONFIRMED = "not_confirmed"


def owed(lens: Lens, facts: Facts) -> tuple[Unmet, ...]:
    """Everything that is owed on the matter, in time or late: it stands until it is done."""
    found = emergency(facts)
    reports = () if found is None or found.report is not None else (found.due,)
    return (
        *(report_owed(lens, facts.number, due) for due in reports),
        *_kept_by_nothing(lens, facts),
        *confirmation_owed(lens, facts),
        *_left_by_steps(lens, facts),
        *_after_the_end(lens, facts),
    )


def _kept_by_nothing(lens: Lens, facts: Facts) -> Iterator[Unmet]:
    """What is to stay of an emergency stays by no procedure: the matter for it was given up."""
    if facts.continuation is not None and _dropped(lens, facts.continuation):
        yield Unmet(
            "exclusion.permanent_without_matter",
            lens.procedure.rules["exclusion.level"].citations,
            {"matter": facts.number},
            cured_by=lens.procedure.holders(REPORT),
            earliest=lens.today,
            act=REPORT,
        )


def _dropped(lens: Lens, linked: Linked) -> bool:
    """Whether nothing comes of a matter any more: given up, or ended without being issued."""
    stage = lens.procedure.stages.get(linked.stage)
    return linked.given_up or (stage is not None and stage.end and not linked.issued)


def _left_by_steps(lens: Lens, facts: Facts) -> Iterator[Unmet]:
    """What the steps leave to be watched of a decision that was issued and is not closed."""
    procedure = lens.procedure
    if facts.first_issue is None or procedure.stages[facts.stage].end:
        return
    for step in procedure.steps.values():
        if procedure.required(step, facts.answers) and facts.waiver(step) is None:
            for unmet in lens.kinds[step.kind].owes(lens.view(step, facts)):
                yield replace(unmet, earliest=lens.today if unmet.cured_by else None)


def _after_the_end(lens: Lens, facts: Facts) -> Iterator[Unmet]:
    """What the steps that can still be worked on after the end of the matter want."""
    stages, moves = lens.procedure.stages, lens.procedure.moves
    if not stages[facts.stage].end:
        return
    possible = {move.command for move in moves if facts.stage in move.sources}
    for step in lens.procedure.steps.values():
        first = next((name for name in step.acts if name in possible), "")
        if first:
            found = assess_step(lens, step, facts)
            for each in () if found.state.closed else found.unmet:
                act = each.act if each.act in possible else first
                yield replace(each, act=act, cured_by=step.acts[act], earliest=lens.today)


def report_owed(lens: Lens, matter: str, due: date) -> Unmet:
    """The report on an emergency has not been filed yet; `due` is its last day."""
    holders = lens.procedure.holders(REPORT)
    return Unmet(
        "exclusion.report_overdue" if due < lens.today else "exclusion.report_owed",
        lens.procedure.rules["exclusion.level"].citations,
        {"matter": matter, "due": due},
        cured_by=holders,
        earliest=lens.today if holders else None,
        act=REPORT,
    )


def file_emergency_report(scene: Scene, payload: FileEmergencyReport) -> Decision:
    """Report on what was done outside of the procedure, once; late is late, and is marked so.

    What is to stay is named with the matter that runs the whole procedure for it; once more where
    that matter was given up.
    """
    holders = scene.procedure.holders(REPORT)
    unmet = tuple(
        replace(each, cured_by=holders, earliest=scene.today)
        for each in _against_report(scene, payload)
    )
    found = emergency(scene.matter)
    due = scene.today if found is None or found.report is not None else found.due
    late = max(0, (scene.today - due).days)
    kept: Mapping[str, object] = {**payload.journal_form(), "days_overdue": late}
    return Decision(unmet=unmet, record=kept)


def _against_report(scene: Scene, payload: FileEmergencyReport) -> Iterator[Unmet]:
    law = scene.procedure.rules["exclusion.level"].citations
    found = emergency(scene.matter)
    if found is None:
        yield Unmet("exclusion.no_report_owed", law)
    elif found.report is not None and not tuple(_kept_by_nothing(scene.lens, scene.matter)):
        yield Unmet("exclusion.report_filed", law, {"day": found.report.filed_on})
    for day in sorted(set(payload.days())):
        if day > scene.today:
            yield scene.rule("record.future_day", REPORT, day=day)
    if payload.until is not None and payload.until < payload.since:
        days = {"since": payload.since, "until": payload.until}
        yield Unmet("exclusion.report_days", law, days)
    if payload.permanent:
        if not _continues(scene, payload.continued_by):
            named = {"matter": scene.matter.number}
            yield Unmet("exclusion.permanent_without_matter", law, named)
    elif payload.until is None:
        yield Unmet("exclusion.still_going", law)


def _continues(scene: Scene, number: str | None) -> bool:
    """Whether a matter was proposed to continue this one and is being gone on with."""
    linked = scene.linked.get(number or "")
    if linked is None:
        if number is not None:
            raise NotFound("unknown.matter", matter=number)
        return False
    return linked.continues == scene.matter.number and not _dropped(scene.lens, linked)


def nothing_to_continue(scene: Scene, payload: Propose) -> Iterator[Unmet]:
    """Only what was handled as an emergency can be continued."""
    if payload.continues is None:
        return
    other = scene.linked.get(payload.continues)
    if other is None:
        raise NotFound("unknown.matter", matter=payload.continues)
    if other.report_by is None:
        yield Unmet(
            "matter.nothing_to_continue",
            scene.procedure.rules["exclusion.level"].citations,
            {"matter": payload.continues},
        )


def still_owed(scene: Scene, payload: Propose) -> tuple[Unmet, ...]:
    """The report on the emergency that a proposal continues, while it has not been filed."""
    other: Linked | None = scene.linked.get(payload.continues or "")
    if other is None or other.report_by is None or other.reported:
        return ()
    return (report_owed(scene.lens, other.number, other.report_by),)


def confirm_urgent_item(scene: Scene, payload: ConfirmUrgentItem) -> Decision:
    """Say whether an item could not wait, once the meeting came to something; late is marked so.

    One that could have waited comes to an ordinary meeting of the body before it is issued.
    """
    for item in unconfirmed(scene.matter):
        if item.meeting == payload.meeting:
            return _confirmed(scene, payload, item)
    unmet = Unmet("agenda.nothing_to_confirm", _track(scene), {"meeting": payload.meeting})
    return Decision(unmet=(_by_confirmers(scene, unmet),))


def _confirmed(scene: Scene, payload: ConfirmUrgentItem, item: UrgentItem) -> Decision:
    unmet: list[Unmet] = []
    if not item.concluded:
        early = Unmet("agenda.confirmed_too_early", _track(scene), {"meeting": payload.meeting})
        unmet.append(_by_confirmers(scene, early))
    elif not payload.confirmed and scene.matter.meeting is not None:
        listed = scene.matter.meeting
        unmet.append(scene.rule("agenda.already_listed", "remove_agenda_item", meeting=listed))
    late = max(0, (scene.today - item.due).days)
    return Decision(
        tuple(unmet),
        "" if payload.confirmed else NOT_CONFIRMED,
        record={**payload.journal_form(), "days_overdue": late},
    )


def _track(scene: Scene) -> tuple[Citation, ...]:
    """The provisions of the track for urgent items, or of the closed agenda without one."""
    track = scene.procedure.rules.get(TRACK)
    return (scene.procedure.rules["agenda.frozen"] if track is None else track).citations


def _by_confirmers(scene: Scene, unmet: Unmet) -> Unmet:
    return replace(unmet, cured_by=confirmers(scene.procedure), earliest=scene.today)
