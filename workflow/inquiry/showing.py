"""What of an answer is shown to whoever asked; what is left out or masked is said to be.  Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from workflow.access import Area, Rights, Scope, Sight
from workflow.canonical import canonical
from workflow.directory import Directory
from workflow.facts import CONCLUDE, LIFT, RECUSE, Facts, Record
from workflow.inquiry.answers import Standing
from workflow.journal import Entry
from workflow.meeting import IN_MEETING, Meeting
from workflow.parties import called_on, sits_in, told_to_all
from workflow.ports import StepKind
from workflow.sealing import SignedAct
from workflow.ties import Party
from workflow.veil import mapped, veiled

#: What may be left out of an answer besides areas.
RECORDS: Final = "records"
RESTRICTED: Final = "restricted"
MINUTES: Final = "minutes"

#: What of a conclusion everybody sees who sees the matter.
_OF_CONCLUSION: Final = ("meeting", "body", "conclusion")
_DIGEST_LENGTH: Final = 64

#: What of an act in a meeting is told to whoever may know of the act and not of what was said.
_OF_SITTING: Final = IN_MEETING | {"open_meeting", "record_attendance", "close_meeting"}

Mask = Callable[[str], str]
Hears = Callable[[str, str | None], bool]


@dataclass(frozen=True)
class Showing:
    """How one account is shown things: its rights, the kinds of steps, and how names are masked."""

    rights: Rights
    kinds: Mapping[str, StepKind]
    mask: Mask

    def standing(
        self,
        standing: Standing,
        parties: Collection[Party],
        others: Collection[str],
        open_: Collection[str | None],
    ) -> Standing:
        """A matter as the account sees it.

        `others` are the numbers of other matters that it sees, `open_` the steps whose personal
        data it has unmasked (None: of all).
        """
        rights, facts = self.rights, standing.facts
        sight = rights.reach(Area.MATTERS).of(parties, facts.stage)
        asked = None if sight is Sight.WHOLE else self._asked(standing)
        left_out: set[str] = set()
        records: list[Record] = []
        for record in facts.records:
            found, why = self._record(standing, record, parties, asked)
            left_out |= {why} if why else set()
            if found is not None:
                records.append(found)
        shown = [
            record if {None, record.step} & set(open_) else self._masked(record)
            for record in records
        ]
        left_out |= {Area.PERSONAL_DATA} if shown != records else set()
        if rights.reach(Area.DEPARTURES).of(parties, facts.stage) is not Sight.WHOLE:
            left_out.add(Area.DEPARTURES)
        seen = replace(
            standing,
            facts=replace(
                facts,
                records=tuple(shown),
                kin=tuple(each for each in facts.kin if each.number in others),
                changes=tuple(each for each in facts.changes if each.number in others),
                # Statements repeat the opinions that were signed, whoever may read them.
                kept=None,
            ),
            directory=self.directory(standing.directory),
            signatures=_signatures(standing.signatures, shown),
            linked={name: each for name, each in standing.linked.items() if name in others},
            withheld=tuple(sorted(str(each) for each in left_out)),
        )
        return seen if asked is None else _only(seen, asked)

    def directory(self, directory: Directory) -> Directory:
        """Who is who, as far as the account sees people and mandates."""
        people, lent = self.rights.scope(Area.PEOPLE), self.rights.scope(Area.MANDATES)
        appointments = directory.appointments if people is Scope.ORGANISATION else ()
        own, units = self.rights.persons, self.rights.units
        held = {each.person: each.unit for each in directory.appointments}
        mandates = {
            number: each
            for number, each in directory.mandates.items()
            if lent is Scope.ORGANISATION
            or (lent >= Scope.ASKED and own & {each.principal, each.agent})
            or (lent is Scope.UNIT and units & {held.get(each.principal), held.get(each.agent)})
        }
        return replace(directory, appointments=appointments, mandates=mandates)

    def meeting(self, meeting: Meeting, *, sits: bool) -> tuple[Meeting, tuple[str, ...]]:
        """A meeting as the account sees it; `sits` tells whether it is of its own body.

        Minutes that tell of an item kept from the account are left out whole.
        """
        left_out: set[str] = set()
        records = list(meeting.records)
        if not self.hears(meeting, sits=sits):
            left_out.add(Area.BALLOTS)
        if left_out or any(not each.matter for each in (*meeting.agenda, *meeting.taken_off)):
            left_out.add(MINUTES)
            records = [_without_words(record) for record in records]
        taken_off = tuple(each for each in meeting.taken_off if each.matter)
        seen = replace(meeting, records=tuple(records), taken_off=taken_off)
        return seen, tuple(sorted(str(each) for each in left_out))

    def entry(self, entry: Entry, hidden: Collection[str], *, names: bool, hears: Hears) -> Entry:
        """An entry of the journal as the account sees it; the chain can still be followed.

        `hears` tells of a meeting, and of a matter on its agenda, whether the account is told what
        was said and voted.
        """
        if entry.columns["matter"] in hidden:
            told = {name: entry.columns[name] for name in ("at", "organisation")}
            return replace(entry, body="", columns=told, withheld=(RESTRICTED,))
        try:
            body = json.loads(entry.body)
        except ValueError:
            return entry
        told = _unsaid(body) if _of_sitting(body) and not _hearing(body, hears) else body
        known = veiled(told, hidden)
        masked = known
        if not names and isinstance(known, dict) and "payload" in known:
            masked = {**known, "payload": mapped(known["payload"], self._mask)}
        left_out: tuple[str, ...] = (RESTRICTED,) if known != told else ()
        left_out += (str(Area.BALLOTS),) if told != body else ()
        left_out += (str(Area.PERSONAL_DATA),) if masked != known else ()
        return replace(entry, body=canonical(masked), withheld=left_out) if left_out else entry

    def hears(self, meeting: Meeting, *, sits: bool) -> bool:
        """Whether the account is told what was said and voted in a meeting."""
        scope, sitting = self.rights.scope(Area.BALLOTS), meeting.sitting
        if scope is Scope.ORGANISATION or (scope >= Scope.TABLED and sits):
            return True
        there: set[str] = set()
        if sitting is not None:
            there = {*sitting.present, *sitting.opened_with, *sitting.attending}
            there |= {sitting.chair, sitting.recorder}
        return scope >= Scope.ASKED and self.rights.account in there

    def _asked(self, standing: Standing) -> frozenset[str]:
        """The steps in which the account is asked, and those that say what the matter is about."""
        facts, asked = standing.facts, self.rights.reach(Area.MATTERS).asked_at_all
        return frozenset(
            step.id
            for step in standing.procedure.steps.values()
            if told_to_all(step)
            or not asked.isdisjoint(
                called_on(standing.procedure, step, facts, standing.directory, self.kinds)
            )
        )

    def _record(
        self,
        standing: Standing,
        record: Record,
        parties: Collection[Party],
        asked: Collection[str] | None,
    ) -> tuple[Record | None, str]:
        """A record as far as the account sees it, and what of it is left out."""
        own = self.rights.account in record.persons()
        if asked is not None:
            told = record.command in ("propose", "revise_draft") or record.step in asked or own
            return (record, "") if told else (None, RECORDS)
        step = standing.procedure.steps.get(record.step or "")
        heard = step is not None and step.kind in self.rights.opinions
        opinions = self.rights.reach(Area.OPINIONS).of(parties, standing.facts.stage)
        if heard and opinions is not Sight.WHOLE:
            return None, Area.OPINIONS
        if record.command in IN_MEETING and not self._heard(standing, record):
            if record.command != CONCLUDE:
                return None, Area.BALLOTS
            kept = {name: record.payload[name] for name in _OF_CONCLUSION if name in record.payload}
            return replace(record, payload=kept), Area.BALLOTS
        return record, ""

    def _heard(self, standing: Standing, record: Record) -> bool:
        """Whether the account sees what was said and voted in the meeting of a record.

        Whoever withdrew from the matter left for it, and does not read afterwards what he did not
        hear.
        """
        scope, facts = self.rights.scope(Area.BALLOTS), standing.facts
        if self.rights.account in facts.withdrawn() and record.command not in (RECUSE, LIFT):
            return False
        if scope is Scope.ORGANISATION:
            return True
        code = record.text("meeting")
        there = [each for each in facts.records if each.text("meeting") == code]
        if scope >= Scope.ASKED and any(_spoke(each, self.rights.account) for each in there):
            return True
        body = _body(standing, facts, code)
        seats = sits_in(standing.procedure, body, standing.directory) if body else frozenset()
        return scope >= Scope.TABLED and not self.rights.units.isdisjoint(seats)

    def _masked(self, record: Record) -> Record:
        payload = mapped(record.payload, self._mask)
        return record if payload == record.payload else replace(record, payload=payload)

    def _mask(self, text: str) -> str:
        """Digests are no personal data, whatever figures stand in them."""
        if len(text) == _DIGEST_LENGTH and all(each in "0123456789abcdef" for each in text):
            return text
        return self.mask(text)


def _of_sitting(body: object) -> bool:
    return isinstance(body, dict) and body.get("command") in _OF_SITTING and "payload" in body


def _hearing(body: Mapping[str, Any], hears: Hears) -> bool:
    return hears(str(body.get("meeting")), body.get("matter"))


def _unsaid(body: Mapping[str, Any]) -> dict[str, Any]:
    """An entry on an act in a meeting without what was said and voted, or why it was refused."""
    kept = {name: body["payload"][name] for name in _OF_CONCLUSION if name in body["payload"]}
    told = {**body, "payload": kept}
    if "refusals" in body:
        told["refusals"] = [{"code": each["code"]} for each in body["refusals"]]
    return told


def _body(standing: Standing, facts: Facts, code: str) -> str | None:
    """The body that met under a code, as far as the matter's records tell."""
    for record in facts.of(CONCLUDE):
        if record.text("meeting") == code:
            return record.text("body")
    return facts.next_body(standing.procedure.meetings(facts.answers))


def _spoke(record: Record, account: str) -> bool:
    if record.command not in IN_MEETING:
        return False
    votes = (each.get("person") for each in record.items("votes"))
    return account in (record.text("person"), *votes)


def _only(standing: Standing, asked: Collection[str]) -> Standing:
    """The standing of somebody who is asked in these steps alone."""
    acts = {act for name in asked for act in standing.procedure.steps[name].acts}
    facts = replace(
        standing.facts,
        records=standing.facts.unrestricted.records,
        kin=(),
        changes=(),
    )
    return replace(
        standing,
        facts=facts,
        assessments={name: each for name, each in standing.assessments.items() if name in asked},
        unmet=tuple(each for each in standing.unmet if each.step in asked),
        commands=tuple(each for each in standing.commands if each in acts),
        flags=(),
        owed=(),
        duties=(),
        entry=None,
        linked={},
    )


def _signatures(told: tuple[SignedAct, ...], shown: list[Record]) -> tuple[SignedAct, ...]:
    """Those of the acts that are shown, without what was said in them."""
    there = {record.position for record in shown}
    return tuple(each.without_words for each in told if each.record.position in there)


def _without_words(record: Record) -> Record:
    """A record of a meeting with its texts blanked; who, when and that it was done stays."""
    kept: dict[str, Any] = {**record.payload}
    for name in ("minutes", "reasons"):
        if name in kept:
            kept[name] = ""
    if "leave" in kept:
        kept["leave"] = [{**each, "reason": ""} for each in record.items("leave")]
    return replace(record, payload=kept)
