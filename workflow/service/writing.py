"""What a decided command leaves in the database: rows, journal entry, alerts.

In this order: new matter or meeting, journal, drafts and other effects, record, review, clearance
and agenda item, and last the matter as it now stands.  The triggers ask for no less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.canonical import canonical, digest_of, matches, plain, unmet_to_json
from workflow.commands import CommandSpec, Propose, Unmask
from workflow.decisions.decide import Verdict
from workflow.decisions.lasting import may_owe
from workflow.decisions.scene import (
    AddAppointment,
    AddDraft,
    AddMandate,
    AddMatter,
    AddMeeting,
    AttachFiles,
    CallOff,
    CloseAppointment,
    CloseMandate,
    CloseSitting,
    Conclude,
    Effect,
    EraseFile,
    FileInCatalogue,
    FileOfDuties,
    ForgetFile,
    ForgetSenders,
    FreezeMeeting,
    KeepRetainer,
    OpenSitting,
    Rebind,
    ReleaseFile,
    Scene,
    SetMatter,
    Table,
    TakeIn,
    TakeNotice,
    TakeNumber,
    Untable,
)
from workflow.definition import AlertOn, Procedure
from workflow.directory import Appointment
from workflow.errors import StoreTrouble
from workflow.facts import RESTRICTED, Record
from workflow.holiday_forms import ImportHolidays
from workflow.journal import Head, write
from workflow.ports import Payload
from workflow.searching import TELLING, masked_acts, searchable
from workflow.service.parting import changed, facts_after
from workflow.service.requests import DONE, REFUSED, Outcome, Request
from workflow.service.sign import Signing, sign
from workflow.signing import Signatures
from workflow.store import HOUSE, Store, StoredMatter, StoredMeeting
from workflow.veil import VEIL, Change, mapped, texts


@dataclass(frozen=True, slots=True)
class Act:
    """A command that was decided, with all that its rows are made of.

    `known` is the digest of the rules before it, by which its alerts are worded if it is refused;
    `blind`: the actor sees nothing of the matter; `signatures` holds the keys of those who sign;
    `mask` takes personal data out of what is searched.
    """

    store: Store
    request: Request
    spec: CommandSpec
    payload: Payload
    scene: Scene
    verdict: Verdict
    head: Head
    at: datetime
    matter: StoredMatter | None
    meeting: StoredMeeting | None
    known: str
    signatures: Signatures
    mask: Change
    blind: bool = False

    @property
    def version(self) -> int | None:
        """The matter's version before the act."""
        return None if self.matter is None else self.matter.facts.version


def refuse(act: Act) -> Outcome:
    """Nothing changes but the journal and the alerts."""
    unmet = act.verdict.decision.unmet
    told = _told_of_refused(act, [unmet_to_json(condition) for condition in unmet])
    content = {
        **_content(act, REFUSED, _kept_of_refused(act)),
        "matter": act.request.matter,
        "meeting": act.request.meeting,
        "version": act.version,
        "refusals": told,
    }
    ids = (None if act.matter is None else act.matter.id, _id(act.meeting))
    entry = _journal(act, content, REFUSED, ids, act.version)
    return Outcome(
        REFUSED,
        entry,
        act.request.matter,
        act.request.meeting,
        None if act.matter is None else act.matter.facts.stage,
        act.version,
        refusals=unmet,
        alerts=_alert(act, entry, told),
    )


def _kept_of_refused(act: Act) -> dict[str, object]:
    """What is kept of a payload that was refused.

    Of one for the stub of a secret matter nothing, and of one by somebody who has no part in the
    act only its digest: the journal is no place to leave texts in.
    """
    told = act.payload.journal_form()
    if act.matter is not None and not act.matter.facts.title:
        return {}
    if _restricting(act) is not None:
        # There is no matter to keep it with, so everybody who reads the journal would read it.
        return {RESTRICTED: True}
    if act.verdict.held is None and told:
        return {"digest": digest_of(canonical(told))}
    return told


def _restricting(act: Act) -> frozenset[str] | None:
    """To whom a matter that is proposed is restricted with that; None where it is not."""
    told = act.payload.restricted if isinstance(act.payload, Propose) else None
    return None if told is None else frozenset(told.named)


def _told_of_refused(act: Act, told: list[dict[str, object]]) -> list[dict[str, object]]:
    """What is kept of why it was refused; of a restricted proposal nothing that stood in it."""
    if _restricting(act) is None:
        return told
    said = frozenset(texts(act.payload.journal_form()))
    return mapped(told, lambda text: text, lambda text: VEIL if text in said else text)


def carry_out(act: Act, pinned: tuple[Procedure, str]) -> Outcome:
    """Write an accepted command.

    A new matter is pinned to the definition with its source, and one whose corrected answers let
    other procedures bind is pinned anew.
    """
    decision, stage = act.verdict.decision, act.verdict.stage
    kept = decision.record
    record = act.payload.journal_form() if kept is None else dict(kept)
    number, code = act.request.matter, act.request.meeting
    matter_id, meeting_id = None if act.matter is None else act.matter.id, _id(act.meeting)
    version = None if act.version is None else act.version + 1
    record |= _numbered(act)
    for effect in decision.effects:
        if isinstance(effect, AddMatter):
            matter_id, number = _add_matter(act, effect, pinned, str(stage))
            version = 1
        elif isinstance(effect, AddMeeting):
            meeting_id, code = _add_meeting(act, effect)
    content = {
        **_content(act, DONE, record),
        "matter": number,
        "meeting": code,
        "version": version,
        **_consequences(act),
    }
    if isinstance(act.payload, Unmask):
        # An act on nothing, but it tells of a matter: who saw what is found there.
        content["matter"] = act.payload.matter
        told_of = (act.store.matter_id(act.payload.matter), meeting_id)
    else:
        told_of = (matter_id, meeting_id)
    signing = _signed(act, content)
    entry = _journal(act, content, DONE, told_of, version)
    result: dict[str, object] = {}
    changed: dict[str, object] = {}
    for effect in decision.effects:
        if isinstance(effect, Rebind):
            changed["procedure_version_id"] = act.store.procedure_version(*pinned, act.at)
        changed |= _write(act, effect, result)
        _change_file(act, effect, matter_id, entry)
    if _bound_anew(act):
        changed["procedure_version_id"] = act.store.procedure_version(*pinned, act.at)
    _keep_record(act, record, matter_id, entry, str(stage), pinned[0])
    _keep_signature(act, signing, entry)
    if matter_id is not None and act.spec.name in TELLING:
        _let_be_found(act, record, matter_id, str(number))
    if act.matter is not None:
        _bind(act, act.matter, record, entry, result)
        act.store.move_matter(
            act.matter.id,
            str(stage),
            act.matter.facts.version + 1,
            act.at,
            changed,
            owing=_may_owe(act, record, str(stage)),
        )
    _wake(act, number)
    return Outcome(
        DONE,
        entry,
        number,
        code,
        stage,
        version,
        result=result or None,
        alerts=_alerts_when_done(act, entry),
        warnings=decision.warnings,
    )


def _wake(act: Act, number: str | None) -> None:
    """Let the sweep look at what the act was about: mostly one matter, and then one statement."""
    if isinstance(act.payload, Unmask):
        return
    if isinstance(act.payload, ImportHolidays):
        act.store.wake_all(act.at)
    if number is not None:
        act.store.wake((number,), act.at)
        return
    listed = () if act.meeting is None else act.meeting.meeting.agenda
    act.store.wake((HOUSE, *(each.matter for each in listed)), act.at)


def _signed(act: Act, content: dict[str, object]) -> Signing | None:
    """Sign the act of which the content of an entry tells, which then tells of that as well."""
    facts = act.scene.facts
    if not act.spec.signed or facts is None:
        return None
    draft = facts.draft
    told: dict[str, object] = {"number": 0, "digest": ""}
    if draft is not None:
        told = {"number": draft.number, "digest": draft.digest}
    signing = sign(act.signatures, act.store, content, act.at, told, act.scene.digests)
    content["signature"] = signing.told
    return signing


def _keep_signature(act: Act, signing: Signing | None, entry: int) -> None:
    if signing is not None and act.matter is not None:
        signing.keep(act.store, act.matter.id, act.matter.facts.version + 1, entry)


def _consequences(act: Act) -> dict[str, object]:
    """What the act changes, for the journal, and what it leaves unmet elsewhere."""
    decision = act.verdict.decision
    changes = {name: {"old": old, "new": new} for name, (old, new) in decision.changes.items()}
    if _bound_anew(act):
        changes["procedure"] = {"old": act.known, "new": act.scene.procedure.digest}
    if not decision.warnings:
        return {"changes": plain(changes)}
    warnings = [unmet_to_json(unmet) for unmet in decision.warnings]
    return {"changes": plain(changes), "warnings": warnings}


def _numbered(act: Act) -> dict[str, object]:
    """The document number that the act is to take; serials of a series and year have no gaps."""
    for effect in act.verdict.decision.effects:
        if isinstance(effect, TakeNumber):
            number = act.store.next_number(effect.series, effect.year)
            return {"series": effect.series, "year": effect.year, "number": number}
    return {}


def _bound_anew(act: Act) -> bool:
    """Whether the matter is from now on bound by other rules than before."""
    return act.matter is not None and act.known != act.scene.procedure.digest


def _add_matter(
    act: Act, effect: AddMatter, pinned: tuple[Procedure, str], stage: str
) -> tuple[int, str]:
    values: dict[str, object] = {
        "title": effect.title,
        "procedure_version_id": act.store.procedure_version(*pinned, act.at),
        "stage": stage,
        "version": 1,
        "answers": dict(effect.answers),
        "proposing_unit": effect.proposing_unit,
        "co_units": [],
        **effect.links,
        "may_owe": _may_owe(act, {}, stage),
        "created_at": act.at,
        "updated_at": act.at,
    }
    return act.store.add_matter(values, act.scene.today.year)


def _add_meeting(act: Act, effect: AddMeeting) -> tuple[int, str]:
    values = {
        "body": effect.body,
        "held_on": effect.held_on,
        "version": 1,
        "created_at": act.at,
    }
    return act.store.add_meeting(values, effect.held_on.year)


def _write(act: Act, effect: Effect, result: dict[str, object]) -> dict[str, object]:
    """Write an effect that needs no record; gives the columns of the matter that it changes."""
    match effect:
        case SetMatter(values):
            return {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in values.items()
            }
        case AddDraft(number, text, digest, paper) if act.matter is not None:
            draft = act.store.add_draft(act.matter.id, number, text, digest, act.at, paper)
            result |= {"draft": number, "digest": digest}
            return {"current_draft_id": draft}
        case Untable() | Conclude() if act.matter is not None:
            _leave_agenda(act, act.matter, effect)
        case FreezeMeeting() | OpenSitting() | CloseSitting() | CallOff() if (
            act.meeting is not None
        ):
            _change_meeting(act, act.meeting, effect)
        case _:
            _change_directory(act, effect, result)
    return {}


def _change_file(act: Act, effect: Effect, matter: int | None, entry: int) -> None:
    match effect:
        case AttachFiles(files) if matter is not None:
            act.store.attach_files(files, matter, entry)
        case EraseFile(file):
            act.store.erase_file(file, entry)
        case ForgetFile(file):
            act.store.forget_file(file)
        case ReleaseFile(file):
            act.store.release_file(file, entry)
        case _:
            pass


def _leave_agenda(act: Act, matter: StoredMatter, effect: Untable | Conclude) -> None:
    if matter.agenda_item_id is None:
        return
    if isinstance(effect, Conclude):
        act.store.conclude(matter.agenda_item_id, effect.conclusion, act.at)
    else:
        act.store.untable(matter.agenda_item_id, act.at)


def _change_meeting(
    act: Act,
    meeting: StoredMeeting,
    effect: FreezeMeeting | OpenSitting | CloseSitting | CallOff,
) -> None:
    match effect:
        case FreezeMeeting():
            act.store.change_meeting(meeting.id, frozen_on=act.scene.today)
        case OpenSitting():
            act.store.change_meeting(meeting.id, opened_on=act.scene.today)
        case CloseSitting():
            act.store.change_meeting(meeting.id, closed_on=act.scene.today)
        case CallOff():
            act.store.change_meeting(meeting.id, cancelled_on=act.scene.today)


def _change_directory(act: Act, effect: Effect, result: dict[str, object]) -> None:
    """Mandates and appointments; every other effect is written elsewhere."""
    match effect:
        case AddMandate(agent, since, until, commands):
            result["mandate"] = act.store.add_mandate(
                act.scene.actor.account, agent, since, until, commands
            )
        case CloseMandate(mandate):
            act.store.end_mandate(mandate, act.scene.today)
        case AddAppointment(person, name, unit, role, since, until):
            held = Appointment(person, unit, role, since, until, act.scene.actor.account)
            act.store.add_appointment(held, name)
        case CloseAppointment(held, last_day):
            act.store.end_appointment(held, last_day)
        case TakeNotice(_, _, shifts):
            # Of matters that are kept from whoever acts, its own people hear.
            hidden = act.store.kept_from(act.scene.actor.account)
            told = [each.told() for each in shifts if each.of.matter not in hidden]
            result |= {"shifts": told, "moved": sum(each.moved for each in shifts)}
        case KeepRetainer(_, _, number) if number is not None:
            result["retainer"] = number
        case _:
            pass


def _keep_record(
    act: Act,
    record: Mapping[str, object],
    matter_id: int | None,
    entry: int,
    stage: str,
    procedure: Procedure,
) -> None:
    """With the matter, or else with the meeting or the catalogue that the act was about."""
    if matter_id is not None:
        filed = _record(act, record)
        _file(act, filed, matter_id, entry)
        _change_parties(act, filed, matter_id, stage, procedure)
    elif act.meeting is not None:
        _minute(act, record, act.meeting, entry)
    for effect in act.verdict.decision.effects:
        if isinstance(effect, FileInCatalogue):
            of_year = {"year": effect.year, "position": effect.position}
            act.store.add_catalogue_record({**of_year, **_act_columns(act, record, entry)})
        elif isinstance(effect, FileOfDuties):
            of_year = {"year": effect.year, "position": effect.position}
            act.store.add_duty_record({**of_year, **_act_columns(act, record, entry)})
        elif isinstance(effect, TakeNotice):
            of_year = {"year": effect.year, "position": effect.position}
            act.store.add_holiday_notice({**of_year, **_act_columns(act, record, entry)})
        elif isinstance(effect, KeepRetainer):
            at = {"position": effect.position}
            act.store.add_retainer_record({**at, **_act_columns(act, record, entry)})


def _record(act: Act, payload: Mapping[str, object]) -> Record:
    """The act as the facts of its matter hold it from now on."""
    facts, mandate, held = act.scene.facts, act.scene.actor.mandate, act.verdict.held
    drafts = [e.number for e in act.verdict.decision.effects if isinstance(e, AddDraft)]
    current = None if facts is None or facts.draft is None else facts.draft.number
    step = act.verdict.step
    return Record(
        position=1 if facts is None else len(facts.records) + 1,
        command=act.spec.name,
        step=None if step is None else step.id,
        outcome=act.verdict.decision.outcome,
        actor=act.scene.actor.account,
        principal=None if mandate is None else mandate.principal,
        unit="" if held is None else held.unit,
        role="" if held is None else held.role,
        payload=payload,
        draft=drafts[0] if drafts else current or 0,
        filed_on=act.scene.today,
    )


def _file(act: Act, record: Record, matter_id: int, entry: int) -> None:
    mandate = act.scene.actor.mandate
    act.store.add_record(
        {
            "matter_id": matter_id,
            "position": record.position,
            "command": record.command,
            "step": record.step,
            "outcome": record.outcome,
            "actor": record.actor,
            "principal": record.principal,
            "mandate_id": None if mandate is None else mandate.id,
            "unit": record.unit,
            "role": record.role,
            "payload": canonical(record.payload),
            "draft_number": record.draft,
            "filed_at": act.at,
            "filed_on": record.filed_on,
            "journal_seq": entry,
        }
    )


def _change_parties(
    act: Act, record: Record, matter_id: int, stage: str, procedure: Procedure
) -> None:
    """Keep who has a part in the matter up to date: at most two statements, mostly none or one."""
    scene, before = act.scene, None
    if act.matter is not None:
        before = (scene.procedure if scene.before is None else scene.before, act.matter.facts)
    after = facts_after(
        None if act.matter is None else act.matter.facts,
        act.verdict.decision.effects,
        record,
        stage,
        scene.meeting,
    )
    added, removed = changed(before, (procedure, after), scene.directory, scene.lens.kinds)
    act.store.change_parties(matter_id, added, removed)
    if act.matter is None and after.named is not None:
        act.store.restrict_matter(matter_id)


def _let_be_found(act: Act, record: Mapping[str, object], matter_id: int, number: str) -> None:
    """Let the matter be found by what the act says that is searched, but for personal data."""
    known = act.scene.facts
    title = known.title if known is not None else next(_titles(act), "")
    acts = [] if known is None else [(r.command, r.payload) for r in known.of(*TELLING)]
    text = next((e.text for e in act.verdict.decision.effects if isinstance(e, AddDraft)), None)
    shown = masked_acts([*acts, (act.spec.name, record)], act.mask)
    found = searchable(number, title, shown, text)
    told = TELLING[act.spec.name]
    act.store.tell(matter_id, {part: found[part] for part in told if part in found})


def _titles(act: Act) -> Iterator[str]:
    return (e.title or "" for e in act.verdict.decision.effects if isinstance(e, AddMatter))


def _may_owe(act: Act, record: Mapping[str, object], stage: str) -> bool:
    """Whether something may be owed on the matter after the act; always where its rules change."""
    if any(isinstance(each, Rebind) for each in act.verdict.decision.effects):
        return True
    scene = act.scene
    return may_owe(scene.lifecycle, scene.lens.kinds, scene.facts, stage, _record(act, record))


def _minute(act: Act, record: Mapping[str, object], meeting: StoredMeeting, entry: int) -> None:
    """What was done on a meeting, beside the records of its matters."""
    at = {"meeting_id": meeting.id, "position": len(meeting.meeting.records) + 1}
    act.store.add_proceeding({**at, **_act_columns(act, record, entry)})


def _act_columns(act: Act, record: Mapping[str, object], entry: int) -> dict[str, object]:
    """Who did what, for whom and when, as proceedings and records of a catalogue keep it."""
    mandate, held = act.scene.actor.mandate, act.verdict.held
    return {
        "command": act.spec.name,
        "actor": act.scene.actor.account,
        "principal": None if mandate is None else mandate.principal,
        "unit": "" if held is None else held.unit,
        "role": "" if held is None else held.role,
        "payload": canonical(record),
        "filed_at": act.at,
        "filed_on": act.scene.today,
        "journal_seq": entry,
    }


def _bind(
    act: Act,
    matter: StoredMatter,
    record: Mapping[str, object],
    entry: int,
    result: dict[str, object],
) -> None:
    """What rests on a record: a review on its text, a clearance on its review, a number."""
    if "reviewed_digest" in record:
        act.store.add_review(
            {
                "matter_id": matter.id,
                "position": len(matter.facts.records) + 1,
                "draft_id": matter.draft_id,
                "digest": record["reviewed_digest"],
                "verdict": record["verdict"],
                "passed": record["passed"],
                "given_at": act.at,
            }
        )
    for effect in act.verdict.decision.effects:
        if isinstance(effect, TakeNumber):
            serial = int(str(record["number"]))
            act.store.take_number(effect.series, effect.year, serial, matter.id, entry)
        if isinstance(effect, TakeIn):
            act.store.take_in(effect.numbers, entry)
        if isinstance(effect, ForgetSenders):
            act.store.forget_senders(matter.id)
        if isinstance(effect, Table) and act.meeting is not None:
            _still_the_text(act, matter, effect)
            result["clearance"] = act.store.table(
                matter.id,
                act.meeting.id,
                effect.review,
                {
                    "draft_id": matter.draft_id,
                    "digest": effect.digest,
                    "issued_at": act.at,
                    "journal_seq": entry,
                    "place": effect.place,
                    "urgent": effect.urgent,
                },
            )


def _still_the_text(act: Act, matter: StoredMatter, effect: Table) -> None:
    """Hash the text once more before it is tabled: its digest alone could outlive it."""
    text = act.store.draft_text(matter.id, effect.draft)
    if text is None or not matches(text, effect.digest):
        raise StoreTrouble("store.text_rewritten", matter=matter.facts.number, draft=effect.draft)


def _content(act: Act, status: str, payload: Mapping[str, object]) -> dict[str, object]:
    """What the journal keeps of every command; who, for whom, what, under which rules, how late."""
    scene, verdict = act.scene, act.verdict
    mandate, held, procedure = scene.actor.mandate, verdict.held, scene.procedure
    shown = scene.actor.reauthenticated if act.spec.signed else None
    return {
        "organisation": act.store.home.code,
        "command": act.spec.name,
        "status": status,
        "actor": scene.actor.account,
        "principal": None if mandate is None else mandate.principal,
        "mandate": None if mandate is None else mandate.id,
        "unit": None if held is None else held.unit,
        "role": None if held is None else held.role,
        "procedure": procedure.id,
        "procedure_version": procedure.version.isoformat(),
        "procedure_digest": procedure.digest,
        "step": None if verdict.step is None else verdict.step.id,
        "outcome": verdict.decision.outcome,
        "stage": [None if act.matter is None else act.matter.facts.stage, verdict.stage],
        "payload": payload,
        "late_days": act.payload.days_late(scene.today),
        "request": act.request.key,
        **({"second_factor": True} if scene.actor.second_factor else {}),
        **({"reauthenticated": shown.value} if shown is not None else {}),
    }


def _journal(
    act: Act,
    content: Mapping[str, object],
    status: str,
    ids: tuple[int | None, int | None],
    version: int | None,
) -> int:
    entry = write(act.head, content, act.at, act.scene.digests)
    act.store.add_entry(
        entry,
        {
            "matter_id": ids[0],
            "matter_version": version,
            "meeting_id": ids[1],
            "at": act.at,
            "actor": act.request.actor,
            "command": act.spec.name,
            "status": status,
        },
    )
    return entry.seq


def _alerts_when_done(act: Act, entry: int) -> tuple[str, ...]:
    """Queue the alerts that the act was done, and those of what was flagged of it."""
    told = _alert(act, entry, [], AlertOn.DONE)
    if warnings := act.verdict.decision.warnings:
        flagged = [unmet_to_json(unmet) for unmet in warnings]
        told += _alert(act, entry, flagged, AlertOn.FLAGGED)
    return tuple(dict.fromkeys(told))


def _alert(
    act: Act, entry: int, refusals: list[dict[str, object]], on: AlertOn = AlertOn.REFUSED
) -> tuple[str, ...]:
    """Queue the alerts that the definition wants, each person once a day for each matter."""
    scene, request = act.scene, act.request
    about = request.matter or request.meeting or ""
    done = on is AlertOn.DONE
    told: dict[str, None] = {}
    for rule in scene.procedure.alerts:
        if rule.command != act.spec.name or rule.on is not on:
            continue
        body = canonical(
            {
                "matter": request.matter,
                "title": "" if scene.facts is None else scene.facts.title,
                "meeting": _place(act) if done else request.meeting,
                "command": act.spec.name,
                "actor": scene.actor.account,
                "entry": entry,
                **({"reasons": getattr(act.payload, "reasons", "")} if done else {}),
                "procedure": act.known,
                "on": on.value,
                "refusals": refusals,
            }
        )
        for held in scene.directory.people(rule.to, scene.facts, scene.today):
            if not _may_be_told(act, held.person):
                continue
            told[held.person] = None
            act.store.add_alert(
                {
                    "key": f"{rule.kind}:{about}:{held.person}:{scene.today.isoformat()}",
                    "kind": rule.kind,
                    "recipient": held.person,
                    "matter_id": None if act.matter is None else act.matter.id,
                    "meeting_id": _id(act.meeting),
                    "day": scene.today,
                    "body": body,
                    "count": 1,
                    "first_at": act.at,
                    "last_at": act.at,
                }
            )
    return tuple(told)


def _may_be_told(act: Act, account: str) -> bool:
    """Nobody is told of a matter that is restricted to others."""
    facts = act.scene.facts
    named = _restricting(act) if facts is None else facts.named
    return named is None or account in named


def _place(act: Act) -> str | None:
    """The meeting that the act was about, or on whose agenda its matter was."""
    return act.request.meeting or (None if act.scene.facts is None else act.scene.facts.meeting)


def _id(meeting: StoredMeeting | None) -> int | None:
    return None if meeting is None else meeting.id
