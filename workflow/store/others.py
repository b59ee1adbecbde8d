"""What a matter needs to know of others: those it names, and those it shares a key with."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from workflow import tables as t
from workflow.facts import ENDING, NUMBERED, PAPER_KEY, Facts, Linked
from workflow.kin import GIVEN_UP, SEPARATE, TIES, Kin, ruled
from workflow.store.base import Base
from workflow.urgency import REPORT

_TOLD_OF_OTHERS: Final = ("propose", "issue", "void_number", REPORT)
"""What is looked at of a matter that another one names, besides how either ended."""

_m = t.matter.c

_KIN = (
    select(
        _m.number,
        _m.title,
        _m.amount_yuan,
        _m.created_at,
        *(_m[f"{tie}_key"] for tie in TIES),
        t.record.c.command,
        t.record.c.payload,
    )
    .outerjoin(
        t.record,
        (t.record.c.matter_id == _m.id) & t.record.c.command.in_((SEPARATE, *GIVEN_UP)),
    )
    .where(
        _m.organisation_id == bindparam("home"),
        _m.number != bindparam("number"),
        or_(*(_m[f"{tie}_key"] == bindparam(tie) for tie in TIES)),
    )
    .order_by(_m.id, t.record.c.position)
)


class Others(Base):
    """Other matters of the organisation, as one matter sees them."""

    def linked(self, numbers: tuple[str, ...]) -> dict[str, Linked]:
        """What an act on another matter may need to know of these; unknown ones are left out."""
        rows = self._run(
            select(
                *(_m.number, _m.title, _m.stage, _m.answers, _m.entry_year, _m.entry_number),
                *(t.procedure_version.c.digest, t.record.c.command, t.record.c.payload),
            )
            .join(t.record, t.record.c.matter_id == _m.id)
            .join(t.procedure_version, t.procedure_version.c.id == _m.procedure_version_id)
            .where(
                _m.organisation_id == self.home.id,
                _m.number.in_(numbers),
                t.record.c.command.in_((*_TOLD_OF_OTHERS, *ENDING, *GIVEN_UP)),
            )
            .order_by(_m.id, t.record.c.position)
        )
        found: dict[str, Linked] = {}
        for number, title, stage, answers, year, entry, digest, command, payload in rows:
            if command == "propose":
                told = json.loads(payload)
                adjusts, continues = (str(told.get(key) or "") for key in ("adjusts", "continues"))
                found[number] = Linked(
                    *(number, title or "", stage, adjusts),
                    issued=False,
                    continues=continues,
                    digest=digest,
                    answers=answers,
                    entry=None if year is None else (year, entry),
                )
            elif command in GIVEN_UP:
                told = json.loads(payload)
                due = told.get("report_by")
                found[number] = replace(
                    found[number],
                    given_up=True,
                    report_by=None if due is None else date.fromisoformat(due),
                    level=str(told.get("level") or ""),
                )
            elif command == REPORT:
                found[number] = replace(found[number], reported=True)
            elif command in ENDING:
                ended_by = str(json.loads(payload)["by"])
                found[number] = replace(found[number], ended_by=ended_by)
            else:
                found[number] = replace(found[number], issued=command == "issue")
        return found

    def paper_of(self, key: str) -> str:
        """The number of a matter with a paper of this key on file; empty where there is none."""
        held = f'"{PAPER_KEY}":"{key}"'
        row = self._run(
            select(_m.number)
            .join(t.record, t.record.c.matter_id == _m.id)
            .where(
                _m.organisation_id == self.home.id,
                t.record.c.command.in_(NUMBERED),
                t.record.c.payload.contains(held, autoescape=True),
            )
            .limit(1)
        ).first()
        return "" if row is None else str(row[0])

    def changes(self, number: str) -> tuple[Linked, ...]:
        """The matters that were proposed to change or end this one, oldest first."""
        found = self._run(
            select(_m.number).where(_m.organisation_id == self.home.id, _m.adjusts == number)
        )
        return tuple(self.linked(numbers).values()) if (numbers := tuple(found.scalars())) else ()

    def kin(self, facts: Facts) -> tuple[Kin, ...]:
        """Other matters of the organisation that share a key with this one and are not given up.

        Whoever holds the organisation's lock sees all there are, for a proposal needs it too.
        """
        keys = facts.links.keys
        rows = self._run(
            _KIN,
            {
                "home": self.home.id,
                "number": facts.number,
                **{tie: keys.get(tie) for tie in TIES},
            },
        )
        zone = ZoneInfo(self.home.time_zone)
        found: dict[str, Kin | None] = {}
        for number, title, amount, at, *tied, command, payload in rows:
            kept = (
                found.get(number)
                if number in found
                else Kin(
                    number,
                    title or "",
                    amount,
                    at.astimezone(zone).date(),
                    {tie: key for tie, key in zip(TIES, tied, strict=True) if key is not None},
                )
            )
            if command == SEPARATE and kept is not None:
                kept = replace(kept, apart={**kept.apart, **ruled(json.loads(payload))})
            found[number] = None if command in GIVEN_UP else kept
        return tuple(each for each in found.values() if each is not None)
