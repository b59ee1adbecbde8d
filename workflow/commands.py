"""The commands of the lifecycle and their payloads. Step kinds add theirs: `ports.StepKind`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from workflow.canonical import digest_of
from workflow.definition import Nature
from workflow.facts import RESTRICT, UNMASK
from workflow.files import CONFIRM_QUARANTINE, MOST_OF_ACT, RELEASE_QUARANTINE
from workflow.holiday_forms import IMPORT, ImportHolidays
from workflow.idle import Told, ToldLine
from workflow.kin import SEPARATE, Links
from workflow.meeting_forms import (
    CancelMeeting,
    CloseMeeting,
    ConcludeItem,
    FileViews,
    LiftWithdrawal,
    OpenMeeting,
    RecordAttendance,
    RecordRemark,
    RecordStatement,
    ReserveOpinion,
    TakeBallot,
    WithdrawFromItem,
)
from workflow.ports import Payload, StepKind
from workflow.recurring import ASSIGN, CLOSE, EVIDENCE
from workflow.recurring_forms import AssignDuty, CloseDuty, FileDutyEvidence
from workflow.retainer_forms import EndRetainer, FileRetainer, RegisterRetainer, StateClients
from workflow.texts import Day, DraftText, FileId, Line, Name, Prose, Title, Yuan, fault
from workflow.yearly_catalogue import (
    ADJUST,
    COMPILE,
    COMPLETE,
    CONSENT,
    LINK,
    NOMINATE,
    NOT_MAJOR,
    PUBLISH,
)
from workflow.yearly_forms import (
    AdjustCatalogue,
    CompileCatalogue,
    CompleteCatalogue,
    ConsentCatalogue,
    EntryOf,
    LinkEntry,
    NominateEntry,
    PublishCatalogue,
    RuleNotMajor,
)

Given = StrictBool | StrictInt | Line


class Subject(StrEnum):
    """What a command is about."""

    ORGANISATION = "organisation"
    MATTER = "matter"
    MEETING = "meeting"
    MATTER_AND_MEETING = "matter_and_meeting"


class Restriction(Payload):
    """To whom a matter is restricted, for its work secrets, from the moment it is proposed."""

    named: Annotated[tuple[Name, ...], Field(min_length=1, max_length=200)]
    reasons: Told
    basis: ToldLine


class Propose(Payload):
    """Propose a matter. The state-secret question comes first; if yes, nothing else is given.

    `procedure` is the main one of those that are to bind: the organisation's own profile where it
    is left out, or one that the profile offers.  `adjusts` is the number of a matter already
    decided that this one is to change in a major way, or to end: it runs every step anew.
    `entry` is the entry of the yearly catalogue that it is, one of the proposing unit's own.
    `continues` is the number of an emergency, handled outside of the procedure, of which something
    is to stay: what is to be permanent runs the whole procedure.
    `project`, `counterparty`, `purpose` and `amount_yuan` (whole yuan) tell of what it may be a
    part.  `restricted` names all who may know of it, before anybody else could.
    """

    state_secret: StrictBool
    procedure: Name | None = None
    adjusts: Line | None = None
    continues: Line | None = None
    title: Title | None = None
    reasons: Prose | None = None
    answers: Mapping[Name, Given] = {}
    project: Line | None = None
    counterparty: Line | None = None
    purpose: Line | None = None
    amount_yuan: Yuan | None = None
    entry: EntryOf | None = None
    restricted: Restriction | None = None

    @property
    def links(self) -> Links:
        """What ties the matter to others."""
        return Links(
            self.project or "", self.counterparty or "", self.purpose or "", self.amount_yuan
        )

    def named_matters(self) -> tuple[str, ...]:
        """The matters that this one is to change, end or continue."""
        return tuple(each for each in (self.adjusts, self.continues) if each is not None)

    def journal_form(self) -> dict[str, object]:
        """Of a state secret nothing is kept, not even when it is refused."""
        return {"state_secret": True} if self.state_secret else super().journal_form()


class Reasoned(Payload):
    """An act that needs its reasons in the record."""

    reasons: Told


class Start(Payload):
    """Decide to start the procedure, upon the study (论证)."""

    decided_on: Day
    reasons: Told


class Exclude(Payload):
    """Rule that a matter lies outside of the procedure, on a ground that the definition names.

    `level` is the response level that was declared, `report_by` the day until which a report is
    owed afterwards; both are asked for where the ground is an emergency.
    """

    ground: Name
    reasons: Told
    level: ToldLine | None = None
    report_by: Day | None = None


class FileEmergencyReport(Payload):
    """Report afterwards on a measure that was taken outside of the procedure as an emergency.

    `since` and `until` are the first and the last day of the measure, `lifted_on` the day on which
    the response level was lifted.  `permanent`: something of it is to stay; then `continued_by` is
    the number of the matter, proposed to continue it, that runs the whole procedure for that.
    """

    measures: Prose
    since: Day
    until: Day | None = None
    lifted_on: Day | None = None
    permanent: StrictBool
    continued_by: Line | None = None

    def named_matters(self) -> tuple[str, ...]:
        """The matter that continues the measure."""
        return () if self.continued_by is None else (self.continued_by,)


class Assign(Payload):
    """Name the unit that undertakes the matter, and those that share in it."""

    lead_unit: Name
    co_units: tuple[Name, ...] = ()


class ReviseDraft(Payload):
    """File a version of the text. The reviser states what kind of change it is.

    `file` is the paper that the text was taken out of; where the text is left out it is taken out
    of it now.  `files` go with it.
    """

    text: DraftText
    file: FileId | None = None
    files: Annotated[tuple[FileId, ...], Field(max_length=MOST_OF_ACT)] = ()
    nature: Nature
    authors: Annotated[tuple[Name, ...], Field(min_length=1)]
    explanation: Prose

    def named_files(self) -> tuple[str, ...]:
        """The paper itself first."""
        return (*(() if self.file is None else (self.file,)), *self.files)

    def journal_form(self) -> dict[str, object]:
        """The digest and length stand for the text, which is kept once, with the draft."""
        return {
            **self.model_dump(mode="json", exclude={"text", "files"}, exclude_none=True),
            "digest": digest_of(self.text),
            "characters": len(self.text),
        }


class Migrate(Payload):
    """Move the matter to other rules: a version of a procedure, with what it asks besides.

    `digest` is that of the definition whose differences the mover has seen; with it the move is
    refused where the definition has become another since.
    """

    procedure: Name
    version: Day
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    answers: Mapping[Name, Given] = {}
    reasons: Told

    def days(self) -> Iterator[date]:
        """None: the version of a definition is no day on which something happened."""
        return iter(())


class CloseMatter(Payload):
    """Close the matter: all that is owed after the decision is done and on file."""

    statement: Prose


class RequestWaiver(Payload):
    """Ask for a ruling that a step does not apply."""

    step: Name
    reasons: Told
    basis: ToldLine


class RuleWaiver(Payload):
    """Rule on the request that a step does not apply."""

    step: Name
    approved: StrictBool
    reasons: Told


class ApproveOverride(Payload):
    """Approve, with a reason, that a soft floor be shortened on this matter."""

    step: Name
    rule: Name
    reasons: Told


class RuleSeparate(Payload):
    """Rule that matters are independent of this one, so that their amounts are not added up."""

    matters: Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)]
    reasons: Told


class ConveneMeeting(Payload):
    """Convene a meeting of a decision body on a day."""

    body: Name
    held_on: Day


class Urgency(Payload):
    """Why an item cannot wait for the next meeting, and who approved that it does not."""

    reasons: Told
    approved_by: Name


class ProposeAgendaItem(Payload):
    """Propose a matter for the agenda of a meeting that has been convened.

    `urgent` where the agenda is closed already and the procedure has a track for what cannot wait.
    """

    urgent: Urgency | None = None


class ConfirmUrgentItem(Payload):
    """Say afterwards whether an item had to come onto the closed agenda of that meeting.

    One that is not `confirmed` comes to an ordinary meeting before it is issued.
    """

    meeting: Line
    confirmed: StrictBool = True
    statement: Told


class RemoveAgendaItem(Payload):
    """Take a matter off the agenda."""

    reasons: Told


class FreezeAgenda(Payload):
    """Fix the agenda and send the notice; nothing can be added afterwards."""


class GrantMandate(Payload):
    """Let another person act for the one who gives the mandate; no commands named means all."""

    agent: Name
    since: Day
    until: Day
    commands: tuple[Name, ...] = ()


class EndMandate(Payload):
    """End a mandate before its last day."""

    mandate: StrictInt
    reasons: Told


class Appoint(Payload):
    """Appoint somebody to a role in a unit (任职), experts of the pool too.

    `name` registers a new account under the name of its duty; without it the account is there.
    `since` and `until` are the first and the last day; `basis` is the paper that says so, made on
    `decided_on`.
    """

    person: Name
    name: Line | None = None
    unit: Name
    role: Name
    since: Day
    until: Day | None = None
    basis: Line
    decided_on: Day


class EndAppointment(Payload):
    """End an appointment (免职、离任、离库): `last_day` is the last on which the post is held."""

    person: Name
    unit: Name
    role: Name
    last_day: Day
    reasons: Told


class RestrictAccess(Payload):
    """Restrict the matter, for its work secrets, to the people named (限定知悉范围); or lift that.

    `named` are all who may know of it from then on, whoever was named before: so it is widened and
    narrowed.  `lifted` ends the restriction and names nobody.  `basis` is what makes it a secret.
    """

    named: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    lifted: StrictBool = False
    reasons: Told
    basis: ToldLine

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.lifted is bool(self.named):
            raise fault("input.named_or_lifted", at=("named",))
        return self


class Unmask(Payload):
    """See the personal data in the papers of a matter, or of one `step` of it, for a reason."""

    matter: Line
    step: Name | None = None
    reasons: Told


class ConfirmQuarantine(Payload):
    """Confirm that a file in quarantine bears a classification mark: nothing is left of it."""

    file: FileId
    reasons: Told

    def named_files(self) -> tuple[str, ...]:
        """That file."""
        return (self.file,)


class ReleaseQuarantine(Payload):
    """Rule that what was found in a file is no classification mark: it may be used."""

    file: FileId
    reasons: Told

    def named_files(self) -> tuple[str, ...]:
        """That file."""
        return (self.file,)


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command: what it is about, its payload, and the step kind that owns it, if any.

    `gated`: its own conditions say everything, so the stage is named only where they are all met.
    `signed`: whoever gives it signs it.
    """

    name: str
    subject: Subject
    payload: type[Payload]
    kind: str | None = None
    gated: bool = False
    signed: bool = False


CORE: Mapping[str, CommandSpec] = {
    spec.name: spec
    for spec in (
        CommandSpec("propose", Subject.ORGANISATION, Propose),
        CommandSpec("withdraw", Subject.MATTER, Reasoned),
        CommandSpec("start", Subject.MATTER, Start, gated=True),
        CommandSpec("decline", Subject.MATTER, Reasoned),
        CommandSpec("end_decision", Subject.MATTER, Reasoned),
        CommandSpec("exclude", Subject.MATTER, Exclude),
        CommandSpec("file_emergency_report", Subject.MATTER, FileEmergencyReport),
        CommandSpec("assign", Subject.MATTER, Assign),
        CommandSpec("revise_draft", Subject.MATTER, ReviseDraft),
        CommandSpec("request_waiver", Subject.MATTER, RequestWaiver),
        CommandSpec("rule_waiver", Subject.MATTER, RuleWaiver),
        CommandSpec("approve_override", Subject.MATTER, ApproveOverride),
        CommandSpec("migrate", Subject.MATTER, Migrate),
        CommandSpec(SEPARATE, Subject.MATTER, RuleSeparate),
        CommandSpec(LINK, Subject.MATTER, LinkEntry),
        CommandSpec(NOT_MAJOR, Subject.MATTER, RuleNotMajor),
        CommandSpec("pause", Subject.MATTER, Reasoned),
        CommandSpec("resume", Subject.MATTER, Reasoned),
        CommandSpec("convene_meeting", Subject.ORGANISATION, ConveneMeeting),
        CommandSpec(
            "propose_agenda_item", Subject.MATTER_AND_MEETING, ProposeAgendaItem, gated=True
        ),
        CommandSpec("confirm_urgent_item", Subject.MATTER, ConfirmUrgentItem),
        CommandSpec("remove_agenda_item", Subject.MATTER, RemoveAgendaItem),
        CommandSpec("freeze_agenda", Subject.MEETING, FreezeAgenda),
        CommandSpec("cancel_meeting", Subject.MEETING, CancelMeeting),
        CommandSpec("close_matter", Subject.MATTER, CloseMatter, gated=True),
        CommandSpec("open_meeting", Subject.MEETING, OpenMeeting),
        CommandSpec("record_attendance", Subject.MEETING, RecordAttendance),
        CommandSpec("withdraw_from_item", Subject.MATTER_AND_MEETING, WithdrawFromItem),
        CommandSpec("lift_withdrawal", Subject.MATTER_AND_MEETING, LiftWithdrawal),
        CommandSpec("record_remark", Subject.MATTER_AND_MEETING, RecordRemark),
        CommandSpec("file_views", Subject.MATTER_AND_MEETING, FileViews),
        CommandSpec("record_statement", Subject.MATTER_AND_MEETING, RecordStatement),
        CommandSpec("take_ballot", Subject.MATTER_AND_MEETING, TakeBallot),
        CommandSpec("conclude_item", Subject.MATTER_AND_MEETING, ConcludeItem),
        CommandSpec("reserve_opinion", Subject.MATTER_AND_MEETING, ReserveOpinion),
        CommandSpec("close_meeting", Subject.MEETING, CloseMeeting),
        CommandSpec(NOMINATE, Subject.ORGANISATION, NominateEntry),
        CommandSpec(COMPILE, Subject.ORGANISATION, CompileCatalogue),
        CommandSpec(CONSENT, Subject.ORGANISATION, ConsentCatalogue),
        CommandSpec(PUBLISH, Subject.ORGANISATION, PublishCatalogue),
        CommandSpec(ADJUST, Subject.ORGANISATION, AdjustCatalogue),
        CommandSpec(COMPLETE, Subject.ORGANISATION, CompleteCatalogue),
        CommandSpec(ASSIGN, Subject.ORGANISATION, AssignDuty),
        CommandSpec(EVIDENCE, Subject.ORGANISATION, FileDutyEvidence),
        CommandSpec(CLOSE, Subject.ORGANISATION, CloseDuty),
        CommandSpec(IMPORT, Subject.ORGANISATION, ImportHolidays),
        CommandSpec("grant_mandate", Subject.ORGANISATION, GrantMandate),
        CommandSpec("end_mandate", Subject.ORGANISATION, EndMandate),
        CommandSpec("appoint", Subject.ORGANISATION, Appoint),
        CommandSpec("end_appointment", Subject.ORGANISATION, EndAppointment),
        CommandSpec("file_retainer", Subject.ORGANISATION, FileRetainer),
        CommandSpec("register_retainer", Subject.ORGANISATION, RegisterRetainer),
        CommandSpec("state_clients", Subject.ORGANISATION, StateClients),
        CommandSpec("end_retainer", Subject.ORGANISATION, EndRetainer),
        CommandSpec(RESTRICT, Subject.MATTER, RestrictAccess),
        CommandSpec(UNMASK, Subject.ORGANISATION, Unmask),
        CommandSpec(CONFIRM_QUARANTINE, Subject.ORGANISATION, ConfirmQuarantine),
        CommandSpec(RELEASE_QUARANTINE, Subject.ORGANISATION, ReleaseQuarantine),
    )
}


def every_command(kinds: Mapping[str, StepKind]) -> dict[str, CommandSpec]:
    """The commands of the lifecycle and of these step kinds, by name."""
    of_kinds = {
        name: CommandSpec(
            name,
            Subject.MATTER,
            act.payload,
            kind=kind.name,
            gated=act.gate is not None,
            signed=act.signed,
        )
        for kind in kinds.values()
        for name, act in kind.acts.items()
    }
    return {**CORE, **of_kinds}
