"""What the tables keep of acts, texts, verdicts, items and meetings, as traces of the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select

from workflow import tables as t
from workflow import traces as left
from workflow.canonical import algorithm_of, digest_of

Run = Callable[[Select[Any]], Any]
Kept = Iterator[tuple[left.Trace, int]]


def kept(run: Run, home: int) -> Kept:
    """All of an organisation, each with the entry that it names, or nought."""
    yield from _filed(run, home)
    yield from _texts(run, home)
    yield from _signatures(run, home)
    yield from _meetings(run, home)
    m = t.matter.c
    for row in run(select(m.number, m.version, m.stage).where(m.organisation_id == home)):
        yield left.standing(row.number, row.version, row.stage), 0


def _filed(run: Run, home: int) -> Kept:
    r, p = t.record.c, t.proceeding.c
    of_matters = (
        select(*r, t.matter.c.number)
        .join_from(t.record, t.matter, t.matter.c.id == r.matter_id)
        .where(r.organisation_id == home)
    )
    for row in run(of_matters):
        yield _act(row, (row.number, row.position))
    of_meetings = (
        select(*p, t.meeting.c.code)
        .join_from(t.proceeding, t.meeting, t.meeting.c.id == p.meeting_id)
        .where(p.organisation_id == home)
    )
    for row in run(of_meetings):
        yield _act(row, row.code)
    for of_year in (t.catalogue_record.c, t.duty_record.c, t.holiday_record.c):
        for row in run(select(*of_year).where(of_year.organisation_id == home)):
            yield _act(row, row.year)


def _act(
    row: Any,  # noqa: ANN401 (whichever table it is of)
    about: object,
) -> tuple[left.Trace, int]:
    seq: int = row.journal_seq
    act = left.filed(seq, about, row.command, row.actor, row.principal, str(row.payload))
    return act, seq


def _texts(run: Run, home: int) -> Kept:
    m, d, v, r = t.matter.c, t.draft.c, t.review.c, t.record.c
    drafts = (
        select(m.number, d.number.label("place"), d.text, d.digest)
        .join_from(t.draft, t.matter, m.id == d.matter_id)
        .where(d.organisation_id == home)
    )
    for row in run(drafts):
        # Made anew from the text, by whatever algorithm the kept one names.
        made = digest_of(str(row.text), algorithm_of(str(row.digest)))
        yield left.text_of(row.number, row.place, made), 0
    reviews = (
        select(m.number, v.position, v.digest, v.verdict, v.passed, r.journal_seq)
        .join_from(t.review, t.matter, m.id == v.matter_id)
        .join(t.record, (r.matter_id == v.matter_id) & (r.position == v.position))
        .where(v.organisation_id == home)
    )
    for number, position, digest, verdict, passed, seq in run(reviews):
        yield left.verdict(number, position, digest, verdict, passed=passed), seq


def _signatures(run: Run, home: int) -> Kept:
    s, k, m = t.signature.c, t.signing_key.c, t.matter.c
    signed = (
        select(*s, m.number, k.fingerprint, k.algorithm, k.public, k.made_at, k.ended_at)
        .join_from(t.signature, t.signing_key, k.id == s.key_id)
        .join(t.matter, m.id == s.matter_id)
        .where(s.organisation_id == home)
    )
    for row in run(signed):
        key, digest = (row.fingerprint, row.algorithm, row.public), digest_of(str(row.statement))
        seq: int = row.journal_seq
        # With a key that had ended, or was not made yet, nothing could be signed.
        ended = row.ended_at is not None and row.ended_at < row.signed_at
        at = None if ended or row.signed_at < row.made_at else row.signed_at
        about = row.number, row.position
        yield left.signature(seq, about, at, digest, row.value, key), seq


def _meetings(run: Run, home: int) -> Kept:
    m, g, c = t.meeting.c, t.agenda_item.c, t.clearance.c
    for row in run(select(m.code, m.body, m.held_on).where(m.organisation_id == home)):
        yield left.convened(row.code, row.body, row.held_on), 0
    items = (
        select(c.journal_seq, t.matter.c.number, m.code, g.urgent)
        .join_from(t.agenda_item, t.matter, t.matter.c.id == g.matter_id)
        .join(t.meeting, m.id == g.meeting_id)
        .join(t.clearance, c.id == g.clearance_id)
        .where(g.organisation_id == home)
    )
    for seq, number, code, urgent in run(items):
        yield left.listed(seq, number, code, urgent=urgent), seq
