"""What the engine asks of the outside: Protocols that it owns and others fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from workflow.access import AccessTable
from workflow.calendar import Span
from workflow.counting import Counting
from workflow.definition import Answer, Gate, Procedure, Rule, Step, Text
from workflow.facts import Facts, Linked
from workflow.files import MOST_OF_ACT, Mark
from workflow.idle import says_nothing
from workflow.recurring import RecurringDuty
from workflow.refusals import Unmet
from workflow.retainers import NO_RETAINERS, Retainers
from workflow.submissions import Waiting
from workflow.texts import FileId, Name
from workflow.ties import Party


class Watch(Protocol):
    """Is told of attempts on what is not there or not to be known of; they leave no other trace.

    `account` asked an `organisation` for it.  However often it is told, it keeps only so much.
    """

    def asked_in_vain(self, organisation: str, account: str) -> None:
        """Note it, in a transaction of its own."""


class NobodyWatches:
    """A watch that keeps nothing."""

    def asked_in_vain(self, organisation: str, account: str) -> None:
        """Nothing is noted."""


class Payload(BaseModel):
    """Base of every command's payload: unknown keys refused, nothing coerced silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def journal_form(self) -> dict[str, object]:
        """What the record and the journal keep of the payload."""
        return self.model_dump(mode="json", exclude_none=True)

    def corrections(self) -> Mapping[str, Answer]:
        """The answers of intake that the act would correct, by question; most correct none."""
        return {}

    def named_matters(self) -> tuple[str, ...]:
        """The numbers of other matters that the payload names."""
        return ()

    def named_files(self) -> tuple[str, ...]:
        """The files that the payload names, by their ids."""
        return ()

    def paper_key(self) -> str:
        """The key of a number that only one paper of the organisation has; or empty."""
        return ""

    def days_late(self, today: date) -> int:
        """How many calendar days lie between what the act records and its filing; 0 if none.

        Every act is filed under the server's day; what is said to have happened before it is a
        late entry and is marked as one.
        """
        return max((0, *((today - day).days for day in self.days())))

    def days(self) -> Iterator[date]:
        """Every day that the payload names, however deep."""
        return _days(self)


def _days(value: object) -> Iterator[date]:
    """Every day that a payload names, however deep."""
    if isinstance(value, date):
        yield value
    elif isinstance(value, BaseModel):
        for item in vars(value).values():
            yield from _days(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _days(item)


class StepPayload(Payload):
    """Base of the acts of a step; `step` is needed where several steps are of the same kind.

    `files` are the papers that go with the act, uploaded before: it attaches them to the matter.
    """

    step: Name | None = None
    files: Annotated[tuple[FileId, ...], Field(max_length=MOST_OF_ACT)] = ()

    def named_files(self) -> tuple[str, ...]:
        """The files that go with the act."""
        return self.files

    def journal_form(self) -> dict[str, object]:
        """As of every payload; the step has a column of its own, and so have no files no place."""
        left_out = {"step"} if self.files else {"step", "files"}
        return self.model_dump(mode="json", exclude=left_out, exclude_none=True)


class Procedures(Protocol):
    """Where definitions come from: the files of the installation, and what was pinned from them."""

    def current(self, procedure: str, day: date) -> Procedure:
        """The version in force on a day.  Raises NotFound where there is none."""
        ...

    def joined(
        self,
        procedure: Procedure,
        answers: Mapping[str, Answer],
        day: date,
        profile: str | None = None,
    ) -> Procedure:
        """The procedure with all that these answers bring in beside it, as in force on a day.

        Where that is something on which the organisation's profile rests, the profile is brought
        in instead.

        It is the procedure itself where they bring in nothing.  Of a joined one the main part
        counts, in its version.  Raises BrokenDefinition where they cannot bind together.
        """
        ...

    def edition(self, id: str, version: date) -> Procedure:  # noqa: A002 - its name
        """A procedure in exactly one version.  Raises NotFound where there is none."""
        ...

    def by_digest(self, digest: str) -> Procedure | None:
        """A version that a matter is pinned to, if the files still have it."""
        ...

    def source(self, procedure: Procedure) -> str:
        """The definition as it is kept in the database: flat JSON that can be compiled alone."""
        ...

    def compile(self, source: str) -> Procedure:
        """A definition from what `source` gave, possibly years ago."""
        ...

    def access(self, profile: str, day: date) -> AccessTable:
        """Who sees what in an organisation with this profile, as in force on a day."""
        ...

    def recurring(self, profile: str, year: int) -> tuple[RecurringDuty, ...]:
        """The recurring duties of an organisation with this profile in a year."""
        ...

    def masked(self, text: str) -> str:
        """A text without the personal data in it that has a form of its own."""
        ...

    def marks_in(self, pieces: Iterable[str]) -> tuple[Mark, ...]:
        """The classification marks in a text, the gravest first."""
        ...

    def marks_of(self, name: str) -> tuple[Mark, ...]:
        """The classification marks in the name of a file."""
        ...


class Clock(Protocol):
    """The one source of the present."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class StepState(StrEnum):
    """How a step stands towards a matter."""

    NOT_REQUIRED = "not_required"
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SATISFIED = "satisfied"
    WAIVED = "waived"

    def __init__(self, word: str) -> None:
        #: Nothing more is wanted of the step.
        self.closed = word not in ("pending", "in_progress")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of a step and, while it is open, everything that it still wants."""

    state: StepState
    unmet: tuple[Unmet, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of time that a rule demands within a step; days are business dates.

    `act` starts it on `since` and `until` is the first day on which `then` may be done.  Where the
    period is counted back (`backward`), it is so from `then`, and `act` must come before it.
    `chosen` where the days were fixed by a paper on file (the notice that names them) and not by
    the rule's least.  `shortening`: the rule by which `act` itself may shorten a soft floor, if it
    states the reason.
    """

    rule: Rule
    act: str
    since: date
    then: str
    until: date
    chosen: bool = False
    backward: bool = False
    shortening: Rule | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How a step can be brought to its end: the first day on which it can be satisfied.

    `waits` are the stretches of time on the way, in their order; whatever else is to be done takes
    no lawful minimum of time.  `provisional`: beyond the last official holiday notice.  `left_out`
    are steps that the work may yet ask for, and is taken not to.
    """

    done: date
    provisional: bool = False
    waits: tuple[Wait, ...] = ()
    left_out: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day (`by`, inclusive) for what an open step still owes.

    `rule` sets it, counted from `since`; without one a paper that was filed on `since` named it.
    `provisional`: beyond the last official holiday notice.
    """

    by: date
    since: date
    rule: Rule | None = None
    provisional: bool = False


def _nobody(_act: str) -> frozenset[str]:
    return frozenset()


def _nobody_then(_act: str, _day: date) -> frozenset[str]:
    return frozenset()


# Not frozen: it is made for every step of every judgement, and to set frozen fields costs four
# times as much.  That nobody assigns to it is for the type checker to see: every field is final.
@dataclass(slots=True)
class View:
    """All that a step kind may look at.

    `actor` is who acts in person, empty where somebody acts under a mandate; `persons` are
    whoever stands behind the act, the agent and the principal.  `units` are the
    units of the organisation by id and name, `able(act)` the accounts that may do an act of the
    step, `posts(account)` the units in which somebody holds a post, and `served(act, day)` who
    could do the act by the posts of that day; they are there when an act is judged.  `before` is
    then the procedure that bound the matter until an act that corrects answers, None where there is
    no other.  `meeting` is the day of the meeting that the matter is to go to, where that is asked
    about.  `linked` are the other matters that a payload names.  `functions` are those of each
    unit, `series` the agency codes of the organisation, and `paper_of` is the number of the matter
    that has a paper under the number of the payload on file already, empty where none has.  `unit`
    is the unit for which the act is done, and `roles(unit)` the roles that somebody holds there.
    `retainers` are those of the organisation.
    `waiting` are the opinions of the public that the act may take in, oldest first.
    """

    procedure: Final[Procedure]
    step: Final[Step]
    facts: Final[Facts]
    counting: Final[Counting]
    today: Final[date]
    actor: Final[str] = ""
    units: Final[Mapping[str, Text]] = field(default_factory=dict)
    able: Final[Callable[[str], frozenset[str]]] = _nobody
    posts: Final[Callable[[str], frozenset[str]]] = _nobody
    served: Final[Callable[[str, date], frozenset[str]]] = _nobody_then
    before: Final[Procedure | None] = None
    meeting: Final[date | None] = None
    linked: Final[Mapping[str, Linked]] = field(default_factory=dict)
    persons: Final[tuple[str, ...]] = ()
    functions: Final[Mapping[str, frozenset[str]]] = field(default_factory=dict)
    series: Final[tuple[str, ...]] = ()
    paper_of: Final[str] = ""
    unit: Final[str] = ""
    roles: Final[Callable[[str], frozenset[str]]] = _nobody
    retainers: Final[Retainers] = NO_RETAINERS
    waiting: Final[tuple[Waiting, ...]] = ()

    @property
    def pauses(self) -> tuple[Span, ...]:
        """The pauses of the matter; one that is still open counts up to today."""
        since = self.facts.paused_since
        if since is None or since >= self.today:
            return self.facts.pauses
        return (*self.facts.pauses, Span(since, self.today))

    def unmet(self, problem: str, rule: str = "", act: str = "", /, **params: object) -> Unmet:
        """An unmet condition of this step: code ``<kind>.<problem>``, cited by rule or step.

        Those who may do `act` can cure it; without one, those who begin the step.
        """
        citations = self.step.rules[rule].citations if rule else self.step.citations
        return Unmet(
            code=f"{self.step.kind}.{problem}",
            citations=citations,
            params=params,
            step=self.step.id,
            cured_by=self.step.acts[act] if act else self.step.first_act,
            act=act or next(iter(self.step.acts)),
        )

    def tells(self, text: str | None) -> bool:
        """Whether a text that is owed says anything: it is there, and is more than idle words."""
        return text is not None and not says_nothing(text, self.procedure.rules["says_nothing"])


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a step kind says to an act: refused with reasons, or accepted with an outcome.

    `outcome` chooses among the moves of the command; `extra` is added to the record's payload
    (a digest that was bound, a verdict's effect).  `answers` are answers of intake that the act
    corrects, by question.  `links` are columns of the matter that tell of what it may be a part.
    `series`: the act takes the next document number of this agency code in the present year, which
    its record then holds (`number`, `year`).  `expects` are the accounts that the act names to do
    another act of the step later, by that act.  `taken_in` are the numbers of the public's
    opinions that the act takes in, by their ids.  `forgets`: with it goes who sent opinions in.
    `warnings` are what the act, when it is done, leaves to be seen to at once.
    """

    unmet: tuple[Unmet, ...] = ()
    outcome: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    series: str = ""
    links: Mapping[str, object] = field(default_factory=dict)
    expects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken_in: tuple[tuple[int, int], ...] = ()
    forgets: bool = False
    warnings: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleShape:
    """What a step kind demands of one of its rules in a definition.

    `share` is a fraction of one.  `optional`: a definition may leave the rule out, and then it
    binds nobody.  `wider_is_looser`: more choices let more pass; otherwise more choices ask for
    more.  `eases`: the rule opens a way that is closed without it, so that to have it is looser.
    `exact`: the choices say one thing together, so that others are another rule; `ordered`:
    their order counts, whatever else stands between them; `free`: law leaves the choice to the
    place, and no choice is the looser one.
    `questions`: the choices are questions that are answered by yes or no; `answers`: or one answer
    to a question, named after it and a dot; `levels`: they are answers to the question that tells
    who decides; `steps`: they are steps of the procedure.  `words`: where there are any, the
    choices are among them.  `free_words`: they are words of texts, in any language; otherwise
    names.
    """

    period: bool = False
    number: bool = False
    share: bool = False
    choices: bool = False
    optional: bool = False
    eases: bool = False
    wider_is_looser: bool = False
    exact: bool = False
    free: bool = False
    ordered: bool = False
    questions: bool = False
    answers: bool = False
    levels: bool = False
    steps: bool = False
    words: tuple[str, ...] = ()
    free_words: bool = False


class ActPart(StrEnum):
    """What an act does for its step.

    WORK: one of the acts that are all needed, and that can be done again.  END: the step is done
    with it.  ASIDE: the step can do without it.  UNDO: what was done counts no more.
    """

    WORK = "work"
    END = "end"
    ASIDE = "aside"
    UNDO = "undo"


P = TypeVar("P", bound=StepPayload)


@dataclass(frozen=True, slots=True)
class Act(Generic[P]):
    """One act of a step kind: its payload and the judge who rules on it before it is accepted.

    `gate`: the act asks for everything before that gate, and so explains itself in any stage.
    `outcomes`: the outcomes that its ruling may name, for the moves of a procedure.  `corrects`:
    its ruling may correct answers of intake, by which other steps can become required at once.
    `ahead`: the act may be done before the steps that its own step follows.  `part`: what it does
    for the step.  `signed`: whoever does it signs it, having shown anew who they are.
    """

    payload: type[P]
    judge: Callable[[View, P], Ruling]
    gate: Gate | None = None
    outcomes: tuple[str, ...] = ("",)
    corrects: bool = False
    ahead: bool = False
    part: ActPart = ActPart.WORK
    signed: bool = False


class StepKind(Protocol):
    """A kind of step: its acts, the rules that it reads from a definition, and its checks. Pure."""

    @property
    def name(self) -> str:
        """The word that definitions use for the kind."""
        ...

    @property
    def acts(self) -> Mapping[str, Act[Any]]:
        """The commands that the kind adds, in the order in which they are usually given."""
        ...

    @property
    def rules(self) -> Mapping[str, RuleShape]:
        """The rules that every step of this kind must have in a definition."""
        ...

    def assess(self, view: View) -> Assessment:
        """Judge how the step stands; called for steps that apply and are not waived."""
        ...

    def course(self, view: View, start: date) -> Course:
        """The quickest lawful way to the end of the step if its open work starts on `start`.

        Asked only of steps that are open; a later `start` never ends sooner.  The time that other
        steps take is theirs, also of those that it follows or demands.
        """
        ...

    def deadline(self, view: View) -> Deadline | None:
        """The last day for what the step still owes; None where nothing sets one, or not yet.

        Asked only of steps that are open.
        """
        ...

    def awaits(self, view: View) -> tuple[str, ...]:
        """The steps whose first act, done ahead of them, must be on file before this one begins.

        Asked only of steps that are open.
        """
        ...

    def demands(self, view: View) -> tuple[str, ...]:
        """The steps that must be done because of this one, though no answer may ask for them.

        Asked only of steps that are open.
        """
        ...

    def owes(self, view: View) -> tuple[Unmet, ...]:
        """What the step leaves to be watched once the decision was issued: a debt until done."""
        ...

    def recurs(self, step: Step) -> bool:
        """Whether by its rules the step falls due anew, even after the matter was closed."""
        ...

    @property
    def calling(self) -> bool:
        """Whether anybody is ever asked in a step of this kind."""
        ...

    def calls_on(self, facts: Facts, step: Step) -> Iterable[Party]:
        """Whoever is asked in the step and would not see the matter otherwise.

        A function stands for the units that have it.
        """
        ...

    def waits_for(self, facts: Facts, step: Step) -> Mapping[str, tuple[str, ...]]:
        """The accounts that were named for an act of the step and have not done it, by that act.

        A name that is no account may be among them: it is nobody's.
        """
        ...
