"""One command inside its transaction: lock, look, decide, write."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from workflow.canonical import canonical, plain, unmet_to_json
from workflow.catalogue import Said
from workflow.commands import CommandSpec
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.scene import (
    Actor,
    AddDraft,
    AddMandate,
    AddMatter,
    AddMeeting,
    CloseMandate,
    Decision,
    Effect,
    FreezeMeeting,
    Scene,
    SetMatter,
    Table,
    Untable,
)
from workflow.definition import Procedure, Step
from workflow.directory import Directory
from workflow.errors import BadInput, Conflict, NotFound
from workflow.journal import write
from workflow.ports import Clock, Payload
from workflow.refusals import Unmet
from workflow.service.requests import (
    DONE,
    REFUSED,
    Outcome,
    Request,
    fingerprint,
    outcome_from_json,
)
from workflow.service.rulebook import Rulebook, Rules
from workflow.store import Store, StoredMatter, StoredMeeting


class Run:
    """One command inside its transaction."""

    def __init__(
        self,
        book: Rulebook,
        clock: Clock,
        store: Store,
        request: Request,
        spec: CommandSpec,
        payload: Payload,
        seen: int | None,
    ) -> None:
        self.book = book
        self.clock = clock
        self.store = store
        self.request = request
        self.spec = spec
        self.payload = payload
        self.seen = seen
        self.matter: StoredMatter | None = None
        self.meeting: StoredMeeting | None = None

    def run(self) -> Outcome:
        self._lock()
        # The clock is read under the lock, so that entries of a chain are in the order of time.
        self.at = self.clock.now()
        self.today = self.at.astimezone(ZoneInfo(self.store.home.time_zone)).date()
        if self.request.key is not None:
            answered = self.store.request(self.request.key)
            if answered is not None:
                return self._replay(*answered)
        self._unchanged()
        scene, rules = self._scene()
        verdict = decide(scene, self.spec, self.payload)
        self.head = self.store.lock_head()
        if verdict.decision.unmet:
            outcome = self._refuse(scene, rules, verdict)
        else:
            outcome = self._carry_out(scene, rules, verdict)
        if self.request.key is not None:
            self.store.add_request(
                self.request.key, fingerprint(self.request), canonical(outcome.to_json()), self.at
            )
        return outcome

    def _lock(self) -> None:
        """Matter, then meeting, then the end of the journal: always in this order."""
        request = self.request
        if request.matter is not None:
            self.matter = self.store.matter(request.matter, lock=True)
            if self.matter is None:
                raise NotFound("unknown.matter", matter=request.matter)
        if request.meeting is not None:
            self.meeting = self.store.meeting(request.meeting, lock=True)
            if self.meeting is None:
                raise NotFound("unknown.meeting", meeting=request.meeting)
        if request.matter is None and request.meeting is None:
            self.head = self.store.lock_head()

    def _replay(self, asked: str, outcome: Mapping[str, object]) -> Outcome:
        if asked != fingerprint(self.request):
            raise Conflict("request.key_reused", key=self.request.key)
        return outcome_from_json(outcome)

    def _unchanged(self) -> None:
        """Refuse to act on what the actor cannot have seen: first come, first served."""
        if self.matter is None:
            return
        expected = self.request.expected_version
        seen = self.seen if expected is None else expected
        version = self.matter.facts.version
        if seen is None or seen == version:
            return
        changes = tuple(
            Said("conflict.change", {"entry": seq, "at": at, "actor": actor, "command": command})
            for seq, at, actor, command in self.store.changes_since(self.matter.id, seen)
        )
        raise Conflict(
            "conflict.matter_changed",
            matter=self.matter.facts.number,
            expected=seen,
            version=version,
            changes=changes,
        )

    def _scene(self) -> tuple[Scene, Rules]:
        book = self.book
        rules = (
            book.current(self.store.home, self.today)
            if self.matter is None
            else book.pinned(self.matter.digest, self.store)
        )
        directory = book.directory(self.store)
        scene = Scene(
            lens=book.lens(rules, self.today),
            lifecycle=rules.lifecycle,
            directory=directory,
            actor=self._actor(directory),
            facts=None if self.matter is None else self.matter.facts,
            meeting=None if self.meeting is None else self.meeting.meeting,
            step=self._step(rules.procedure),
        )
        return scene, rules

    def _actor(self, directory: Directory) -> Actor:
        account, number = self.request.actor, self.request.mandate
        if account not in directory.persons:
            raise NotFound("unknown.person", person=account)
        if number is None:
            return Actor(account, tuple(directory.of_person(account, self.today)))
        mandate = directory.mandates.get(number)
        if mandate is None or mandate.agent != account:
            raise NotFound("unknown.mandate", mandate=number)
        held = tuple(directory.of_person(mandate.principal, self.today))
        lawful = mandate.covers(self.request.command, self.today)
        return Actor(account, held if lawful else (), mandate)

    def _step(self, procedure: Procedure) -> Step | None:
        named = getattr(self.payload, "step", None)
        if self.spec.kind is None:
            return procedure.steps.get(named) if named else None
        candidates = procedure.steps_of(self.spec.name)
        if named is not None:
            candidates = tuple(step for step in candidates if step.id == named)
        if len(candidates) == 1:
            return candidates[0]
        known = tuple(step.id for step in procedure.steps_of(self.spec.name))
        raise BadInput(
            "request.which_step" if known else "request.not_in_procedure",
            command=self.spec.name,
            known=known,
            procedure=procedure.name,
        )

    def _refuse(self, scene: Scene, rules: Rules, verdict: Verdict) -> Outcome:
        unmet = verdict.decision.unmet
        facts = scene.facts
        content = self._content(scene, rules, verdict, REFUSED, self.payload.journal_form())
        content["refusals"] = [unmet_to_json(condition) for condition in unmet]
        self._journal(content, REFUSED, None if facts is None else facts.version)
        alerted = self._alert(scene, unmet)
        return Outcome(
            REFUSED,
            self.entry,
            self.request.matter,
            self.request.meeting,
            None if facts is None else facts.stage,
            None if facts is None else facts.version,
            refusals=unmet,
            alerts=alerted,
        )

    def _carry_out(self, scene: Scene, rules: Rules, verdict: Verdict) -> Outcome:
        decision, stage = verdict.decision, verdict.stage
        kept = decision.record
        record = self.payload.journal_form() if kept is None else dict(kept)
        self.result: dict[str, object] = {}
        version = None if self.matter is None else self.matter.facts.version + 1
        number, meeting = self.request.matter, self.request.meeting
        matter_id = None if self.matter is None else self.matter.id
        for effect in decision.effects:
            if isinstance(effect, AddMatter):
                matter_id, number = self._add_matter(scene, rules, effect, str(stage))
                version = 1
            elif isinstance(effect, AddMeeting):
                meeting = self._add_meeting(effect)
        content = self._content(scene, rules, verdict, DONE, record)
        content |= {"matter": number, "meeting": meeting, "version": version}
        content["changes"] = plain(
            {name: {"old": old, "new": new} for name, (old, new) in decision.changes.items()}
        )
        self._journal(content, DONE, version, matter_id)
        changed = self._apply(scene, decision, matter_id)
        if matter_id is not None:
            self._file(scene, verdict, record, matter_id)
            changed |= self._bind(decision, record, matter_id)
            if self.matter is not None:
                changed |= {"stage": stage, "version": version, "updated_at": self.at}
                self.store.set_matter(matter_id, changed)
        return Outcome(
            DONE, self.entry, number, meeting, stage, version, result=self.result or None
        )

    def _add_matter(
        self, scene: Scene, rules: Rules, effect: AddMatter, stage: str
    ) -> tuple[int, str]:
        values = {
            "title": effect.title,
            "procedure_version_id": self.book.pin(self.store, rules, self.at),
            "stage": stage,
            "version": 1,
            "answers": dict(effect.answers),
            "proposing_unit": effect.proposing_unit,
            "co_units": [],
            "created_at": self.at,
            "updated_at": self.at,
        }
        return self.store.add_matter(values, self.today.year)

    def _add_meeting(self, effect: AddMeeting) -> str:
        values = {
            "body": effect.body,
            "held_on": effect.held_on,
            "version": 1,
            "created_at": self.at,
        }
        _, code = self.store.add_meeting(values, effect.held_on.year)
        return code

    def _apply(self, scene: Scene, decision: Decision, matter_id: int | None) -> dict[str, object]:
        """Write the effects that come before the record; gives the matter's changed columns."""
        changed: dict[str, object] = {}
        for effect in decision.effects:
            changed |= self._write(scene, effect, matter_id)
        return changed

    def _write(self, scene: Scene, effect: Effect, matter_id: int | None) -> dict[str, object]:
        match effect:
            case SetMatter(values):
                return {
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in values.items()
                }
            case AddDraft(number, text, digest) if matter_id is not None:
                draft = self.store.add_draft(matter_id, number, text, digest, self.at)
                self.result |= {"draft": number, "digest": digest}
                return {"current_draft_id": draft}
            case FreezeMeeting() if self.meeting is not None:
                self.store.freeze_meeting(self.meeting.id, self.today)
            case AddMandate(agent, since, until, commands):
                self.result["mandate"] = self.store.add_mandate(
                    scene.actor.account, agent, since, until, commands
                )
            case CloseMandate(mandate):
                self.store.end_mandate(mandate, self.today)
            case Untable() if self.matter is not None and self.matter.agenda_item_id is not None:
                self.store.untable(self.matter.agenda_item_id, self.at)
        return {}

    def _file(
        self, scene: Scene, verdict: Verdict, record: Mapping[str, object], matter_id: int
    ) -> None:
        facts, mandate, held = scene.facts, scene.actor.mandate, verdict.held
        position = 1 if facts is None else len(facts.records) + 1
        drafts = [e for e in verdict.decision.effects if isinstance(e, AddDraft)]
        current = None if facts is None else facts.draft
        self.store.add_record(
            {
                "matter_id": matter_id,
                "position": position,
                "command": self.spec.name,
                "step": None if scene.step is None else scene.step.id,
                "outcome": verdict.decision.outcome,
                "actor": scene.actor.account,
                "principal": None if mandate is None else mandate.principal,
                "mandate_id": None if mandate is None else mandate.id,
                "unit": "" if held is None else held.unit,
                "role": "" if held is None else held.role,
                "payload": canonical(record),
                "draft_number": (
                    drafts[0].number if drafts else 0 if current is None else current.number
                ),
                "filed_at": self.at,
                "filed_on": self.today,
                "journal_seq": self.entry,
            }
        )

    def _bind(
        self, decision: Decision, record: Mapping[str, object], matter_id: int
    ) -> dict[str, object]:
        """What rests on a record: a review on its text, a clearance on its review."""
        matter = self.matter
        if matter is None:
            return {}
        if "reviewed_digest" in record:
            self.store.add_review(
                {
                    "matter_id": matter_id,
                    "position": len(matter.facts.records) + 1,
                    "draft_id": matter.draft_id,
                    "digest": record["reviewed_digest"],
                    "verdict": record["verdict"],
                    "passed": record["passed"],
                    "given_at": self.at,
                }
            )
        for effect in decision.effects:
            if isinstance(effect, Table) and self.meeting is not None:
                self.result["clearance"] = self.store.table(
                    matter_id,
                    self.meeting.id,
                    effect.review,
                    {
                        "draft_id": matter.draft_id,
                        "digest": effect.digest,
                        "issued_at": self.at,
                        "journal_seq": self.entry,
                        "place": effect.place,
                    },
                )
        return {}

    def _content(
        self,
        scene: Scene,
        rules: Rules,
        verdict: Verdict,
        status: str,
        payload: Mapping[str, object],
    ) -> dict[str, object]:
        facts, mandate, held = scene.facts, scene.actor.mandate, verdict.held
        return {
            "organisation": self.store.home.code,
            "command": self.spec.name,
            "status": status,
            "actor": scene.actor.account,
            "principal": None if mandate is None else mandate.principal,
            "mandate": None if mandate is None else mandate.id,
            "unit": None if held is None else held.unit,
            "role": None if held is None else held.role,
            "matter": self.request.matter,
            "meeting": self.request.meeting,
            "version": None if facts is None else facts.version,
            "procedure": rules.procedure.id,
            "procedure_version": rules.procedure.version.isoformat(),
            "procedure_digest": rules.procedure.digest,
            "step": None if scene.step is None else scene.step.id,
            "outcome": verdict.decision.outcome,
            "stage": [None if facts is None else facts.stage, verdict.stage],
            "payload": payload,
            "late_days": self.payload.days_late(self.today),
            "request": self.request.key,
        }

    def _journal(
        self,
        content: Mapping[str, object],
        status: str,
        version: int | None,
        matter_id: int | None = None,
    ) -> None:
        entry = write(self.head, content, self.at)
        self.entry = entry.seq
        known = None if self.matter is None else self.matter.id
        self.store.add_entry(
            entry,
            {
                "matter_id": known if matter_id is None else matter_id,
                "matter_version": version,
                "meeting_id": None if self.meeting is None else self.meeting.id,
                "at": self.at,
                "actor": self.request.actor,
                "command": self.spec.name,
                "status": status,
            },
        )

    def _alert(self, scene: Scene, unmet: tuple[Unmet, ...]) -> tuple[str, ...]:
        """Queue the alerts that the definition wants, each person once a day for each matter."""
        told: dict[str, None] = {}
        for rule in scene.procedure.alerts:
            if rule.command != self.spec.name:
                continue
            body = canonical(
                {
                    "matter": self.request.matter,
                    "title": "" if scene.facts is None else scene.facts.title,
                    "meeting": self.request.meeting,
                    "command": self.spec.name,
                    "actor": scene.actor.account,
                    "entry": self.entry,
                    "procedure": scene.procedure.digest,
                    "refusals": [unmet_to_json(condition) for condition in unmet],
                }
            )
            about = self.request.matter or self.request.meeting or ""
            for held in scene.directory.people(rule.to, scene.facts, self.today):
                told[held.person] = None
                self.store.add_alert(
                    {
                        "key": f"{rule.kind}:{about}:{held.person}:{self.today.isoformat()}",
                        "kind": rule.kind,
                        "recipient": held.person,
                        "matter_id": None if self.matter is None else self.matter.id,
                        "meeting_id": None if self.meeting is None else self.meeting.id,
                        "day": self.today,
                        "body": body,
                        "count": 1,
                        "first_at": self.at,
                        "last_at": self.at,
                    }
                )
        return tuple(told)
