"""All that a decision may look at, and all that it may say. Frozen values, no database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.canonical import SHA256
from workflow.definition import Procedure, Step
from workflow.directory import Appointment, Directory, Mandate
from workflow.facts import Facts, Linked
from workflow.files import Filed, Mark
from workflow.guards import Lens
from workflow.holiday_forms import ImportHolidays
from workflow.machine import Lifecycle
from workflow.meeting import Meeting
from workflow.recurring import Ledger
from workflow.refusals import Unmet
from workflow.shifting import Shift, Shifts
from workflow.signing import Shown
from workflow.submissions import Waiting
from workflow.yearly_catalogue import YearlyCatalogue


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the account, the appointments that count, and the mandate used, if any.

    `second_factor`: whoever sits at the account has lately shown a second factor;
    `reauthenticated` is how they were told apart anew just before, None where they were not.
    """

    account: str
    appointments: tuple[Appointment, ...]
    mandate: Mandate | None = None
    second_factor: bool = False
    reauthenticated: Shown | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        """The agent, and the principal where a mandate is used."""
        if self.mandate is None:
            return (self.account,)
        return (self.account, self.mandate.principal)


@dataclass(frozen=True, slots=True)
class Target:
    """The rules that a matter is to be moved to.

    `lens` looks at the matter under them; `own` are the procedures among which it may move.
    """

    lens: Lens
    own: frozenset[str]

    @property
    def procedure(self) -> Procedure:
        """The definition."""
        return self.lens.procedure


def _none(_: Collection[str]) -> Iterable[Open]:
    return ()


def _unshifted(_: ImportHolidays) -> Shifts:
    return Shifts()


def _unmarked(_: Iterable[str]) -> tuple[Mark, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Open:
    """A matter that is still on its way, under the rules that it is pinned to."""

    lens: Lens
    facts: Facts


@dataclass(frozen=True, slots=True)
class Imported:
    """What an organisation's calendar rests on.

    `firm_year` is the last year whose notice is known, `numbers` are those of all notices known,
    `notices` those that the organisation took in itself, in their order.
    """

    firm_year: int = 0
    numbers: frozenset[str] = frozenset()
    notices: tuple[ImportHolidays, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One command's surroundings. `held` is the appointment that the act is done under.

    `target` is there for a command that moves a matter to other rules.  `before` are the rules that
    bound the matter until the answers that a command would correct.  `concerned` gives the open
    matters in which somebody in one of these roles may act.  `linked` are the other matters that
    the payload names, by number.  `catalogue` gives the catalogue of a year, empty where there is
    none, `ledger` its recurring duties.  `series` are the agency codes of the organisation,
    `paper_of` the matter that has a paper under the same number on file.  `profile` is what the
    organisation works under today, where it does not bind the matter that comes to an agenda.
    `listed` is the meeting on whose agenda the
    matter is, for a command that would take it off; `alongside` are other meetings of the body on
    the same day.  `names_open`: the actor is given to see personal data of the matter in question.
    `tabled` gives the matters on the agenda of the meeting.
    `calendar` is what the organisation's days rest on; `shifts` gives the open dates that a notice
    on holidays would move, and raises BadInput where the notice names impossible days.
    `waiting` are the opinions of the public that the command may take in.  `files` are those that
    the payload names, `marks` finds the classification marks in a text.  `digests` is the
    algorithm that the installation makes digests by.
    """

    lens: Lens
    lifecycle: Lifecycle
    directory: Directory
    actor: Actor
    facts: Facts | None = None
    meeting: Meeting | None = None
    step: Step | None = None
    held: Appointment | None = None
    target: Target | None = None
    before: Procedure | None = None
    linked: Mapping[str, Linked] = field(default_factory=dict)
    concerned: Callable[[Collection[str]], Iterable[Open]] = _none
    catalogue: Callable[[int], YearlyCatalogue] = YearlyCatalogue
    ledger: Callable[[int], Ledger] = Ledger
    series: tuple[str, ...] = ()
    paper_of: str = ""
    profile: Procedure | None = None
    listed: Meeting | None = None
    alongside: tuple[Meeting, ...] = ()
    names_open: bool = False
    tabled: Callable[[], Iterable[Facts]] = tuple
    waiting: tuple[Waiting, ...] = ()
    calendar: Imported = field(default_factory=Imported)
    shifts: Callable[[ImportHolidays], Shifts] = _unshifted
    digests: str = SHA256
    files: Mapping[str, Filed] = field(default_factory=dict)
    marks: Callable[[Iterable[str]], tuple[Mark, ...]] = _unmarked

    @property
    def unit(self) -> str:
        """The unit that the act is done for."""
        if self.held is None:
            raise TypeError("nobody has been authorised yet")
        return self.held.unit

    @property
    def procedure(self) -> Procedure:
        """The definition that governs the command."""
        return self.lens.procedure

    @property
    def today(self) -> date:
        """The business date of the organisation."""
        return self.lens.today

    @property
    def matter(self) -> Facts:
        """The matter that the command is about."""
        if self.facts is None:
            raise TypeError("this command is not about a matter")
        return self.facts

    @property
    def sitting(self) -> Meeting:
        """The meeting that the command is about."""
        if self.meeting is None:
            raise TypeError("this command is not about a meeting")
        return self.meeting

    def of_body(self, rule: str, problem: str, cure: str = "", /, **params: object) -> Unmet:
        """A rule of the body that meets is broken; `meeting.` and the problem are the code."""
        holders = self.procedure.holders(cure) if cure else ()
        return Unmet(
            f"meeting.{problem}",
            self.procedure.rules[f"{self.sitting.body}.{rule}"].citations,
            params,
            cured_by=holders,
            earliest=self.today if holders else None,
        )

    def rule(self, rule: str, cure: str = "", /, **params: object) -> Unmet:
        """A rule of the procedure that is broken: its id is the code, its citation the law.

        Where the command `cure` would mend it, those who may give that can do so today.
        """
        holders = self.procedure.holders(cure) if cure else ()
        return Unmet(
            rule,
            self.procedure.rules[rule].citations,
            params,
            cured_by=holders,
            earliest=self.today if holders else None,
        )


@dataclass(frozen=True, slots=True)
class AddMatter:
    """A new matter; without a title it is the content-free stub of a secret one.

    `links` are columns by which it is found as a part of something.
    """

    title: str | None
    answers: Mapping[str, object]
    proposing_unit: str
    links: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetMatter:
    """Changed columns of the matter, besides its stage and version."""

    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rebind:
    """The matter stands under the target's rules from now on."""


@dataclass(frozen=True, slots=True)
class AddDraft:
    """A new current text."""

    number: int
    text: str
    digest: str
    file_digest: str | None = None


@dataclass(frozen=True, slots=True)
class AttachFiles:
    """Files belong to the matter from now on."""

    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EraseFile:
    """Of a file nothing is to be left but that."""

    file: int


@dataclass(frozen=True, slots=True)
class ForgetFile:
    """A file that no act named is no longer there."""

    file: int


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file is out of quarantine."""

    file: int


@dataclass(frozen=True, slots=True)
class AddMeeting:
    """A meeting convened."""

    body: str
    held_on: date


@dataclass(frozen=True, slots=True)
class FreezeMeeting:
    """The agenda of the meeting is fixed as of today."""


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """The meeting is open."""


@dataclass(frozen=True, slots=True)
class CloseSitting:
    """The meeting is over."""


@dataclass(frozen=True, slots=True)
class CallOff:
    """The meeting does not sit."""


@dataclass(frozen=True, slots=True)
class Conclude:
    """The matter leaves the agenda with what the meeting came to."""

    conclusion: str


@dataclass(frozen=True, slots=True)
class Table:
    """A clearance for the current text, and the agenda item that rests on it.

    `urgent`: the item comes onto an agenda that is closed.
    """

    draft: int
    digest: str
    review: int
    place: int
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Untable:
    """The matter's agenda item is taken off."""


@dataclass(frozen=True, slots=True)
class TakeNumber:
    """The next document number (发文字号) of a series in a year; its record holds it."""

    series: str
    year: int


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Opinions of the public are on record from now on: their numbers, by their ids."""

    numbers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ForgetSenders:
    """Who sent opinions in on the matter is kept no longer."""


@dataclass(frozen=True, slots=True)
class FileInCatalogue:
    """The act is a record of the catalogue of a year, at this position."""

    year: int
    position: int


@dataclass(frozen=True, slots=True)
class FileOfDuties:
    """The act is a record of the recurring duties of a year, at this position."""

    year: int
    position: int


@dataclass(frozen=True, slots=True)
class TakeNotice:
    """The act is a notice on holidays, at this position in its year; `shifts` are what it moves."""

    year: int
    position: int
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class AddMandate:
    """A mandate from the actor to an agent."""

    agent: str
    since: date
    until: date
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseMandate:
    """A mandate ends today."""

    mandate: int


@dataclass(frozen=True, slots=True)
class AddAppointment:
    """Somebody is appointed; `name` where the account is new."""

    person: str
    name: str | None
    unit: str
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class CloseAppointment:
    """An appointment ends with this day."""

    held: Appointment
    last_day: date


@dataclass(frozen=True, slots=True)
class KeepRetainer:
    """The act is a record of retainers, at this position; `number` where it makes a new one."""

    act: str
    position: int
    number: int | None = None


Effect = (
    AddMatter
    | SetMatter
    | Rebind
    | AddDraft
    | AttachFiles
    | EraseFile
    | ForgetFile
    | ReleaseFile
    | AddMeeting
    | FreezeMeeting
    | OpenSitting
    | CloseSitting
    | CallOff
    | Conclude
    | Table
    | Untable
    | TakeNumber
    | TakeIn
    | ForgetSenders
    | FileInCatalogue
    | FileOfDuties
    | TakeNotice
    | AddMandate
    | CloseMandate
    | AddAppointment
    | CloseAppointment
    | KeepRetainer
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: refused with every reason, or the effects to be written.

    `outcome` chooses the move; `record` replaces what of the payload is kept as the record where
    that is not simply the payload; `changes` are old and new values for the journal.  `warnings`
    are what an accepted command leaves unmet elsewhere.  `expects` are the accounts that it names
    to do another act later, by that act.
    """

    unmet: tuple[Unmet, ...] = ()
    outcome: str = ""
    effects: tuple[Effect, ...] = ()
    record: Mapping[str, object] | None = None
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    warnings: tuple[Unmet, ...] = ()
    expects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def refused(*unmet: Unmet) -> Decision:
    """A decision that refuses."""
    return Decision(unmet=unmet)
