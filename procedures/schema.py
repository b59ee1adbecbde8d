"""The form of a definition file: what a procedure or profile may say, key by key.

Only the form is judged here, not whether names refer to anything (see `compile`).  A profile has
the same form as a whole procedure, for it is judged once it is merged into its base.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from workflow.calendar import Unit
from workflow.definition import (
    AlertOn,
    Bound,
    Citation,
    Condition,
    Decides,
    Floor,
    Gate,
    Holder,
    Lapse,
)
from workflow.explaining.paths import Path
from workflow.explaining.quoting import described
from workflow.texts import Line, Name, Prose, fault

_HOLDER: Final = re.compile(r"(?P<role>[a-z][a-z0-9_]*) of (?P<of>[a-z][a-z0-9_]*)")
_CITATION: Final = re.compile(
    r"(?P<instrument>[a-z][a-z0-9_]*)(?: (?P<article>[^\s()]+))?(?: \((?P<confidence>[SMU])\))?"
)
_ALWAYS: Final = "always"
_SHARE: Final = re.compile(r"(?P<part>[1-9][0-9]?)/(?P<whole>[1-9][0-9]?)")
_CONSTANT: Final = (_ALWAYS, "never")
_CHOICES_AT_LEAST: Final = 2


def _listed(value: object) -> object:
    """One item as a list of it; items may be written without the list where there is only one."""
    return tuple(value) if isinstance(value, list) else (value,)


def _holder(value: object) -> Holder:
    found = _HOLDER.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise fault("definition.holder_form", found=described(value))
    return Holder(found["role"], found["of"])


def _citation(value: object) -> Citation:
    found = _CITATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise fault("definition.citation_form", found=described(value))
    return Citation(found["instrument"], found["article"] or "", found["confidence"] or "S")


def _condition(value: object, at: Path = ()) -> Condition:
    """Read a predicate.  Raises a fault at the part that has no known form."""
    if value in _CONSTANT:
        return Condition(str(value))
    keys = set(value) if isinstance(value, dict) else set()
    match value:
        case {"all": [_, *_] as parts} if keys == {"all"}:
            return Condition("all", _conditions(parts, (*at, "all")))
        case {"any": [_, *_] as parts} if keys == {"any"}:
            return Condition("any", _conditions(parts, (*at, "any")))
        case {"not": part} if keys == {"not"}:
            return Condition("not", (_condition(part, (*at, "not")),))
        case {"question": str(question), "is": bool() | int() | str() as wanted} if keys == {
            "question",
            "is",
        }:
            return Condition("is", (), question, wanted)
        case {"question": str(question), "at_least": int(least)} if keys == {
            "question",
            "at_least",
        } and not isinstance(least, bool):
            return Condition("at_least", (), question, least)
        case _:
            raise fault("definition.predicate_form", at=at, found=described(value))


def _share(value: object) -> Fraction:
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    share = Fraction(int(found["part"]), int(found["whole"])) if found else None
    if share is None or share > 1:
        raise fault("definition.share_form", found=described(value))
    return share


def _conditions(parts: list[object], at: Path) -> tuple[Condition, ...]:
    return tuple(_condition(part, (*at, place)) for place, part in enumerate(parts))


def _some(value: Collection[object]) -> Collection[object]:
    if not value:
        raise fault("source.list_too_short", limit=1)
    return value


#: At least one; asked only of what is well-formed otherwise, so that each fault is told once.
SOME: Final = AfterValidator(_some)

HolderText = Annotated[Holder, PlainValidator(_holder)]
Holders = Annotated[tuple[HolderText, ...], SOME]
Citations = Annotated[
    tuple[Annotated[Citation, PlainValidator(_citation)], ...], SOME, BeforeValidator(_listed)
]
Words = Annotated[tuple[Name, ...], SOME, BeforeValidator(_listed)]
Outcomes = Annotated[tuple[Literal[""] | Name, ...], SOME, BeforeValidator(_listed)]
Predicate = Annotated[Condition, PlainValidator(_condition)]
Number = Annotated[int, Field(ge=0)]
Share = Annotated[Fraction, PlainValidator(_share)]


class Strict(BaseModel):
    """Base of everything in a definition file: unknown keys refused, nothing coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Bilingual(Strict):
    """A text in both languages of the interface."""

    zh: Prose
    en: Prose


class BaseName(Strict):
    """The procedure that a profile rests on, in exactly this version."""

    procedure: Name
    version: date


class Head(BaseModel):
    """What must be known of a file before it can be judged as a whole."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    procedure: Name
    version: date
    extends: BaseName | None = None


class Rank(StrEnum):
    """How high an instrument stands (效力位阶), the highest first."""

    STATUTE = "statute"
    REGULATION = "regulation"
    PROVINCIAL = "provincial"
    RULE = "rule"
    LOCAL = "local"
    INTERNAL = "internal"


class InstrumentForm(Strict):
    """A statute, rule or internal regulation. `in_force` is the day from which it binds.

    `law: false` marks what is no law, a report or house rule, and can never be a `special_law`.
    `rank` must be stated of what is to be one, for it may rank no lower than what it replaces.
    `confidence` says how sure title, number and day are; the marks are those of a citation.
    """

    title: Bilingual
    number: Line
    in_force: date | None = None
    law: bool = True
    rank: Rank | None = None
    confidence: Literal["S", "M", "U"] = "S"


class RoleForm(Strict):
    """A role of people; `single` where only one person can hold it in a unit."""

    name: Bilingual
    single: bool = False


class QuestionForm(Strict):
    """A question asked at intake, with the provision that makes it matter.

    `recorded` says that no predicate asks for it: its answer is kept for the file.  `follows`:
    the answer must agree with what the matter's staffing names.  `optional`: it may stay
    unanswered.
    """

    text: Bilingual
    kind: Literal["yes_no", "number", "choice"]
    choices: tuple[Name, ...] = ()
    recorded: bool = False
    follows: Literal["co_units"] | None = None
    optional: bool = False
    cite: Citations

    @model_validator(mode="after")
    def _choices_fit_the_kind(self) -> Self:
        if self.kind == "choice":
            if len(set(self.choices)) < max(_CHOICES_AT_LEAST, len(self.choices)):
                raise fault("definition.question_choices", at=("choices",))
        elif self.choices:
            raise fault("definition.question_no_choices", at=("choices",), kind=self.kind)
        if self.follows is not None and self.kind != "yes_no":
            raise fault("definition.question_follows", at=("follows",), kind=self.kind)
        return self


class RuleForm(Strict):
    """A rule: bare duty, number, share (written 2/3) or period; see `workflow.definition.Rule`.

    `value` alone or by the day from which it holds.  `bound` tells which direction is tighter.
    `special_law` cites the law that replaces the base's rule, even by a looser one.
    """

    cite: Citations
    value: Number | Mapping[date, Number] | None = None
    share: Share | None = None
    unit: Unit | None = None
    floor: Floor = Floor.HARD
    counting: Name | None = None
    paused: bool = False
    choices: tuple[Line, ...] = ()
    override: Holders | None = None
    bound: Bound = Bound.MINIMUM
    special_law: Citations | None = None
    also: tuple[RuleForm, ...] = ()

    def value_on(self, day: date) -> int | None:
        """The value that holds on a day; None before the first one and for a bare duty."""
        if not isinstance(self.value, Mapping):
            return self.value
        begun = [since for since in self.value if since <= day]
        return self.value[max(begun)] if begun else None


class WaivableForm(Strict):
    """Who may ask that a step be ruled not applicable, and who may approve it."""

    request: Holders
    approve: Holders
    cite: Citations


class StepForm(Strict):
    """A step of a known kind."""

    id: Name
    kind: Name
    name: Bilingual
    cite: Citations
    required_when: Predicate
    after: tuple[Name, ...] = ()
    before: Gate | None = None
    rules: Mapping[Name, RuleForm] = {}
    acts: Annotated[Mapping[Name, Holders], SOME]
    waivable: WaivableForm | None = None
    lapses_on: Lapse = Lapse.NEVER
    special_law: Citations | None = None


class StageForm(Strict):
    """A stage of the lifecycle; `end` where a matter may rest for good."""

    id: Name
    name: Bilingual
    end: bool = False


class MoveForm(Strict):
    """What commands with what outcomes take a matter from which stages; without `to` it stays."""

    command: Words
    outcome: Outcomes = ("",)
    from_: Annotated[tuple[Name, ...], SOME, Field(alias="from")]
    to: Name | None = None


class SeparationForm(Strict):
    """Who did one of `not_by`, or holds a post in a unit of `not_of`, may not do `act`.

    `not_of` are relations of units to the matter; so are `not_lent_to`, to whose people the act
    may not be lent by a mandate, and `not_appointed_by`, whose people may not have put the one who
    acts into his post.  With `not_lent` the act is lent to nobody.
    """

    act: Name
    not_by: tuple[Name, ...] = ()
    not_of: tuple[Name, ...] = ()
    not_lent_to: tuple[Name, ...] = ()
    not_lent: bool = False
    not_appointed_by: tuple[Name, ...] = ()
    rule: Name

    @model_validator(mode="after")
    def _somebody_is_kept_apart(self) -> Self:
        apart = self.not_by or self.not_of or self.not_lent_to or self.not_appointed_by
        if not (apart or self.not_lent):
            raise fault("definition.separation_of_nobody", at=("not_by",))
        return self


class DenialForm(Strict):
    """An act that a role is told apart why it may not do."""

    act: Name
    role: Name
    rule: Name


class AlertForm(Strict):
    """Who is alerted when a command is refused, done, or done with something flagged."""

    kind: Name
    command: Name
    on: AlertOn = AlertOn.REFUSED
    to: Holders
    cite: Citations


class DecidersForm(Strict):
    """The question that tells who decides; for some answers another function does.

    `special_law` cites the law by which others decide than the base says.
    """

    question: Name
    instead: Annotated[Mapping[Name, Name], SOME]
    special_law: Citations | None = None


class BodyForm(Strict):
    """A body that meets: how it decides, who is in the chair, who is due to attend."""

    name: Bilingual
    decides_by: Decides
    chair: Holders
    members: Holders


class FurtherMeetingForm(Strict):
    """A body that must adopt after those before it, where the answers given at intake say so."""

    body: Name
    when: Predicate


class JoinForm(Strict):
    """A procedure that binds beside this one where the answers given at intake say so."""

    procedure: Name
    when: Predicate


class ProcedureForm(Strict):
    """A whole procedure, or a profile merged into its base.

    `joins` are procedures that bind beside it where an answer brings them in, `offers` those that
    can be chosen in its place; in the version in force on the day of the proposal.
    """

    procedure: Name
    version: date
    extends: BaseName | None = None
    name: Bilingual
    instruments: Annotated[Mapping[Name, InstrumentForm], SOME]
    roles: Annotated[Mapping[Name, RoleForm], SOME]
    functions: Mapping[Name, Bilingual]
    bodies: Annotated[Mapping[Name, BodyForm], SOME]
    meeting_body: Name
    further_meetings: tuple[FurtherMeetingForm, ...] = ()
    deciders: DecidersForm | None = None
    questions: Mapping[Name, QuestionForm]
    steps: Annotated[tuple[StepForm, ...], SOME]
    rules: Mapping[Name, RuleForm]
    permissions: Mapping[Name, Holders]
    separations: tuple[SeparationForm, ...] = ()
    denials: tuple[DenialForm, ...] = ()
    while_paused: tuple[Name, ...] = ()
    stages: Annotated[tuple[StageForm, ...], SOME]
    moves: Annotated[tuple[MoveForm, ...], SOME]
    alerts: tuple[AlertForm, ...] = ()
    joins: tuple[JoinForm, ...] = ()
    offers: tuple[Name, ...] = ()


def leaves(condition: Condition, at: Path) -> Iterator[tuple[Condition, Path]]:
    """Every leaf of a predicate that asks a question, with the path to the question's name."""
    if condition.op in ("all", "any"):
        for place, part in enumerate(condition.parts):
            yield from leaves(part, (*at, condition.op, place))
    elif condition.op == "not":
        yield from leaves(condition.parts[0], (*at, "not"))
    elif condition.op not in _CONSTANT:
        yield condition, at
