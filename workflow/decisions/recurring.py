"""Recurring duties: assigned, evidenced, closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflow.decisions.scene import Decision, FileOfDuties, Scene
from workflow.errors import NotFound
from workflow.recurring import ASSIGN, CLOSE, EVIDENCE, DutyLine, Ledger
from workflow.recurring_forms import AssignDuty, CloseDuty, FileDutyEvidence, OccurrenceOf
from workflow.refusals import Unmet


def assign_duty(scene: Scene, payload: AssignDuty) -> Decision:
    """Assign an occurrence to one of those who may carry it out; a later one takes the place."""
    found, line = _line(scene, payload)
    if payload.person not in scene.directory.persons:
        raise NotFound("unknown.person", person=payload.person)
    unmet = list(_open(scene, line))
    holding = scene.directory.people(line.occurrence.duty.does, None, scene.today)
    fit = tuple(sorted({each.person for each in holding}))
    if payload.person not in fit:
        unmet.append(
            scene.rule(
                "recurring.cannot_carry_out",
                ASSIGN,
                person=payload.person,
                people=fit,
            )
        )
    return _filed(found, payload, unmet)


def file_duty_evidence(scene: Scene, payload: FileDutyEvidence) -> Decision:
    """Put on file what shows that it was done; whoever it was assigned to does."""
    found, line = _line(scene, payload)
    unmet = list(_open(scene, line))
    if line.assigned is None:
        unmet.append(scene.rule("recurring.unassigned", ASSIGN))
    elif line.person not in _acting(scene):
        unmet.append(scene.rule("recurring.not_yours", ASSIGN, person=line.person))
    if payload.done_on > scene.today:
        unmet.append(scene.rule("record.future_day", day=payload.done_on))
    if payload.done_on < line.occurrence.opens:
        unmet.append(scene.rule("recurring.before_period", opens=line.occurrence.opens))
    known = line.occurrence.duty.evidence
    if other := tuple(each.kind for each in payload.papers if each.kind not in known):
        unmet.append(scene.rule("recurring.other_papers", papers=other, known=tuple(known)))
    return _filed(found, payload, unmet)


def close_duty(scene: Scene, payload: CloseDuty) -> Decision:
    """Close it once all papers are there: not who filed them, and with reasons what came late."""
    found, line = _line(scene, payload)
    unmet = list(_open(scene, line))
    if line.missing:
        names = tuple(line.occurrence.duty.evidence[kind] for kind in line.missing)
        unmet.append(scene.rule("recurring.evidence_missing", EVIDENCE, papers=names))
    filed = {who for record in line.evidence for who in record.persons()}
    if not filed.isdisjoint(_acting(scene)):
        unmet.append(scene.rule("recurring.own_evidence", CLOSE))
    if line.late and payload.reasons is None:
        unmet.append(scene.rule("recurring.late_without_reason", CLOSE, by=line.occurrence.by))
    return _filed(found, payload, unmet)


def _acting(scene: Scene) -> frozenset[str]:
    """Whoever acts, and whom they act for."""
    mandate = scene.actor.mandate
    return frozenset({scene.actor.account, *(() if mandate is None else (mandate.principal,))})


def _line(scene: Scene, payload: OccurrenceOf) -> tuple[Ledger, DutyLine]:
    found = scene.ledger(payload.year)
    line = found.line(payload.duty, payload.number)
    if line is None:
        raise NotFound("unknown.duty", duty=payload.duty, year=payload.year, number=payload.number)
    return found, line


def _open(scene: Scene, line: DutyLine) -> Iterator[Unmet]:
    """An occurrence is worked on from the day it opens until it is closed."""
    if line.closed is not None:
        yield scene.rule("recurring.closed", closed_on=line.closed.filed_on)
    if scene.today < line.occurrence.opens:
        yield scene.rule("recurring.not_open", opens=line.occurrence.opens)


def _filed(found: Ledger, payload: OccurrenceOf, unmet: Iterable[Unmet]) -> Decision:
    """The decision that puts the act with the records of the year."""
    effect = FileOfDuties(found.year, len(found.records) + 1)
    return Decision(tuple(unmet), effects=(effect,), record=payload.journal_form())
