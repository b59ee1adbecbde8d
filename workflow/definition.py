"""A procedure as the engine sees it: stages, moves, steps, rules, permissions. All of it data.

Built by the loader in `procedures` from dated YAML; the engine knows no article of law itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Final

from workflow.calendar import Unit

Answer = bool | int | str

#: The function of the unit that decides (决策机关), for which another may stand in by level.
DECISION_BODY = "decision_body"


class Gate(StrEnum):
    """The points that a step must precede."""

    START = "start"
    REVIEW = "review"
    AGENDA = "agenda"
    ISSUE = "issue"
    CLOSE = "close"


class Floor(StrEnum):
    """How firmly a period binds: 一般不少于 is soft (reason recorded), 不得少于 is hard."""

    SOFT = "soft"
    HARD = "hard"


class Bound(StrEnum):
    """Whether a rule's value is the least or the most; tells which direction is tighter."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class Nature(StrEnum):
    """What the reviser says of a new draft; decides which steps must be done again.

    As decided: the text as a meeting adopted it with amendments, to be looked through before issue.
    """

    FIRST = "first"
    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"
    AS_DECIDED = "as_decided"


class Lapse(StrEnum):
    """Which revision of the draft makes the work of a step lapse."""

    NEVER = "never"
    SUBSTANTIVE = "substantive"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Text:
    """A name or phrase from a definition, in both languages of the interface."""

    zh: str
    en: str

    def __getitem__(self, locale: str) -> str:
        return self.en if locale == "en" else self.zh

    def typed(self, name: str) -> Text:
        """The same with the id that has to be typed for it."""
        return Text(f"{self.zh} ({name})", f"{self.en} ({name})")


@dataclass(frozen=True, slots=True)
class Citation:
    """A provision. `confidence`: S checked against the text, M fairly sure, U to be confirmed."""

    instrument: str
    article: str = ""
    confidence: str = "S"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A statute, rule or internal regulation that definitions cite.

    `confidence` is that of its title, number and day, marked as a `Citation` is.
    """

    id: str
    title: Text
    number: str
    in_force: date | None
    confidence: str = "S"


@dataclass(frozen=True, slots=True)
class Holder:
    """A role in a unit: `of` is a unit's relation to the matter or a function that a unit has."""

    role: str
    of: str


class Relation(StrEnum):
    """How a unit can stand to a matter; every other `Holder.of` is the function of a unit."""

    PROPOSING_UNIT = "proposing_unit"
    LEAD_UNIT = "lead_unit"
    CO_UNIT = "co_unit"
    STUDY_UNIT = "study_unit"
    EXECUTING_UNIT = "executing_unit"
    ANY_UNIT = "any_unit"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a step or of the procedure, with its dated value and its citation.

    `value` with `unit` is a period (calendar or working days), `value` alone a plain number,
    `share` a fraction of one, none of them a bare duty.  `counting` names the counting rule of the
    calendar.  `paused` says whether a pause of the matter stops the period.  `override` may shorten
    a soft floor.  `also` are periods in other units that bind beside this one.  `bound` says
    whether the value is the least or the most.
    """

    id: str
    citations: tuple[Citation, ...]
    value: int | None = None
    share: Fraction | None = None
    unit: Unit | None = None
    floor: Floor = Floor.HARD
    counting: str | None = None
    paused: bool = False
    choices: tuple[str, ...] = ()
    override: tuple[Holder, ...] = ()
    also: tuple[Rule, ...] = ()
    bound: Bound = Bound.MINIMUM


@dataclass(frozen=True, slots=True)
class Condition:
    """A predicate over the answers given at intake.

    `op` is one of always, never, all, any, not, is, at_least; leaves name a question.
    """

    op: str
    parts: tuple[Condition, ...] = ()
    question: str = ""
    value: Answer = True

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        """Whether the predicate is true of these answers; what was not answered counts as unmet."""
        if self.question:
            given = answers.get(self.question)
            if self.op == "is":
                return given == self.value
            return isinstance(given, int) and isinstance(self.value, int) and given >= self.value
        if self.op == "all":
            return all(part.holds(answers) for part in self.parts)
        if self.op == "any":
            return any(part.holds(answers) for part in self.parts)
        if self.op == "not":
            return not self.parts[0].holds(answers)
        return self.op == "always"

    def denied_by(self, answers: Mapping[str, Answer], *, wanted: bool = True) -> Iterator[str]:
        """The questions whose answers keep the predicate from being true, or else not `wanted`.

        Where several parts must concur, those that fail; where one is enough, all of them.
        """
        if self.holds(answers) is wanted:
            return
        if self.question:
            yield self.question
        for part in self.parts:
            yield from part.denied_by(answers, wanted=wanted is not (self.op == "not"))

    def leaves(self) -> Iterator[Condition]:
        """Every leaf of the tree that asks a question."""
        if self.question:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Question:
    """Asked at intake. `kind` is yes_no, number or choice; `choices` for the last.

    `recorded` where no step depends on the answer: it is kept for the file.  `follows` names what
    of the matter's staffing an answer of no would contradict (``co_units``), empty where nothing.
    `optional` where it may stay unanswered: no predicate that asks for an answer then holds.
    """

    id: str
    text: Text
    kind: str
    choices: tuple[str, ...]
    citations: tuple[Citation, ...]
    recorded: bool = False
    follows: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Waivable:
    """Who may ask that a step be ruled not applicable, and who may approve it."""

    request: tuple[Holder, ...]
    approve: tuple[Holder, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step (环节): its kind holds the checks, everything else is data."""

    id: str
    kind: str
    name: Text
    citations: tuple[Citation, ...]
    required_when: Condition
    after: tuple[str, ...]
    before: Gate | None
    rules: Mapping[str, Rule]
    acts: Mapping[str, tuple[Holder, ...]]
    waivable: Waivable | None
    lapses_on: Lapse

    @property
    def first_act(self) -> tuple[Holder, ...]:
        """Who begins the step: the holders of its first act."""
        return next(iter(self.acts.values()))


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (阶段) of the lifecycle; `end` marks one at which the procedure may rest for good."""

    id: str
    name: Text
    end: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted move: `command` with this `outcome` takes a matter from `sources` to `to`.

    `to` None leaves the stage as it is.
    """

    command: str
    outcome: str
    sources: tuple[str, ...]
    to: str | None


@dataclass(frozen=True, slots=True)
class Separation:
    """A separation of duties.

    Who did one of `others` on a matter may not do `act` on it, nor may anybody who holds a post in
    a unit that stands to the matter in one of the relations `units`.  Nor may the act be lent by a
    mandate to somebody of the units `not_lent_to`, unless the principal is of that unit too; with
    `not_lent` it is lent to nobody.  Nor may he do it whom somebody of the units
    `not_appointed_by` has put into the post that it takes.
    """

    act: str
    others: tuple[str, ...]
    rule: str
    units: tuple[str, ...] = ()
    not_lent_to: tuple[str, ...] = ()
    not_lent: bool = False
    not_appointed_by: tuple[str, ...] = ()

    @property
    def unit_rule(self) -> str:
        """The code for somebody who is barred by a post and not by an act."""
        return f"{self.rule}_unit"

    @property
    def lent_rule(self) -> str:
        """The code for an agent who is barred because the act is not lent to a side."""
        return f"{self.rule}_lent"

    @property
    def kept_rule(self) -> str:
        """The same for an act that is lent to nobody; what is told of it is another thing."""
        return self.lent_rule

    @property
    def appointed_rule(self) -> str:
        """The code for somebody who is barred because a side has put him into his post."""
        return f"{self.rule}_appointed"


@dataclass(frozen=True, slots=True)
class Denial:
    """An act that a role is told apart why it may not do; `rule` names the code and citation."""

    act: str
    role: str
    rule: str


class AlertOn(StrEnum):
    """What of a command is alerted of: refused, done, or done with something flagged."""

    REFUSED = "refused"
    DONE = "done"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Who is alerted when `command` is refused, or done, or done with a warning: see `on`."""

    kind: str
    command: str
    to: tuple[Holder, ...]
    citations: tuple[Citation, ...]
    on: AlertOn = AlertOn.REFUSED


@dataclass(frozen=True, slots=True)
class Role:
    """A role of people in units; `single` where only one person can hold it in its unit."""

    id: str
    name: Text
    single: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A definition that binds a matter: alone, or as one of several that are joined."""

    id: str
    version: date
    name: Text
    digest: str


@dataclass(frozen=True, slots=True)
class Join:
    """A procedure that binds beside another on matters whose answers meet `when`."""

    procedure: str
    when: Condition


def answered(answers: Mapping[str, Answer], choice: str) -> bool:
    """Whether a question was answered by yes, or by the answer named after it and a dot."""
    question, _, answer = choice.rpartition(".")
    return answers.get(choice) is True or answers.get(question) == answer


class Decides(StrEnum):
    """How a body comes to its decision: by votes, or by its head after deliberation."""

    MAJORITY = "majority"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that meets (会议); `chair` and `members` say who is due to attend."""

    id: str
    name: Text
    decides_by: Decides
    chair: tuple[Holder, ...]
    members: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class FurtherMeeting:
    """A body that must come to the same decision after those before it, where `when` holds."""

    body: str
    when: Condition


@dataclass(frozen=True)
class Procedure:
    """A versioned definition (程序 / 适用规则), pinned by its digest to every matter it governs.

    `rules` are the duties outside of any step; their ids are the codes of the refusals that they
    justify. `bodies` are the decision bodies that meet, `meeting_body` the first whose agenda this
    procedure gates, `further_meetings` those that come after it, in their order. `decided_by` is
    the question that tells who decides: for some answers, `deciders` names the function that then
    stands in the place of the decision body. `parts` are the definitions that bind, one or (of a
    joined procedure, 并行程序) several, the main one first. `joins` are those that an answer brings
    in beside it, `offers` those that can be chosen instead.
    """

    id: str
    version: date
    digest: str
    name: Text
    lineage: tuple[str, ...]
    instruments: Mapping[str, Instrument]
    questions: Mapping[str, Question]
    roles: Mapping[str, Role]
    functions: Mapping[str, Text]
    stages: Mapping[str, Stage]
    moves: tuple[Move, ...]
    steps: Mapping[str, Step]
    rules: Mapping[str, Rule]
    permissions: Mapping[str, tuple[Holder, ...]]
    separations: tuple[Separation, ...]
    denials: tuple[Denial, ...]
    while_paused: frozenset[str]
    alerts: tuple[AlertRule, ...]
    bodies: Mapping[str, Body]
    meeting_body: str
    further_meetings: tuple[FurtherMeeting, ...] = ()
    decided_by: str = ""
    deciders: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    joins: tuple[Join, ...] = ()
    offers: tuple[str, ...] = ()

    @property
    def initial(self) -> str:
        """The stage in which a proposed matter begins: the first one listed."""
        return next(iter(self.stages))

    def stand_ins(self, answers: Mapping[str, Answer]) -> dict[str, str]:
        """The function that stands in the place of another on a matter with these answers."""
        instead = self.deciders.get(str(answers.get(self.decided_by)))
        return {} if instead is None else {DECISION_BODY: instead}

    def meetings(self, answers: Mapping[str, Answer]) -> tuple[str, ...]:
        """The bodies that must adopt a matter with these answers, in their order."""
        further = (each.body for each in self.further_meetings if each.when.holds(answers))
        return (self.meeting_body, *further)

    def body_rule(self, body: str, name: str) -> Rule | None:
        """A rule of a body; None where the definition has none of that name."""
        return self.rules.get(f"{body}.{name}")

    def separated(self, act: str) -> tuple[Separation, ...]:
        """What keeps people from an act."""
        return self._separated.get(act, ())

    @cached_property
    def _separated(self) -> Mapping[str, tuple[Separation, ...]]:
        acts = dict.fromkeys(each.act for each in self.separations)
        return {act: tuple(e for e in self.separations if e.act == act) for act in acts}

    def required(self, step: Step, answers: Mapping[str, Answer]) -> bool:
        """Whether the step applies to a matter with these answers."""
        return step.required_when.holds(answers)

    def steps_of(self, command: str) -> tuple[Step, ...]:
        """The steps that a command of a step kind can belong to."""
        return self._steps_of.get(command, ())

    @cached_property
    def _steps_of(self) -> Mapping[str, tuple[Step, ...]]:
        commands = dict.fromkeys(act for step in self.steps.values() for act in step.acts)
        return {
            each: tuple(step for step in self.steps.values() if each in step.acts)
            for each in commands
        }

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The stages in which something after the decision, and not before, can be done."""
        steps = self.steps.values()
        earlier = {act for step in steps if step.before is not Gate.CLOSE for act in step.acts}
        acts = {act for step in steps if step.before is Gate.CLOSE for act in step.acts} - earlier
        return frozenset(
            name for move in self.moves if move.command in acts for name in move.sources
        )

    def reachable(self, stage: str) -> frozenset[str]:
        """The commands that have a place in this stage or in one that follows from it."""
        known = self._reachable
        if stage not in known:
            known[stage] = _reachable(self.moves, stage)
        return known[stage]

    @cached_property
    def _reachable(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def consulted(self) -> Mapping[str, tuple[str, ...]]:
        """By step the functions of units to which an act of it belongs.

        That is where the act is for a role that every unit has: whoever holds one of those works
        for the unit as a whole.  What is for a reviewer, an expert or counsel, is not for the unit.
        """
        ordinary = {
            holder.role
            for holders in self.permissions.values()
            for holder in holders
            if holder.of == Relation.ANY_UNIT
        }
        return {
            step.id: tuple(
                dict.fromkeys(
                    holder.of
                    for holders in step.acts.values()
                    for holder in holders
                    if holder.role in ordinary and holder.of not in _RELATIONS
                )
            )
            for step in self.steps.values()
        }

    def holders(self, command: str, step: Step | None = None) -> tuple[Holder, ...]:
        """Who may give a command: by the step that it belongs to, else by the procedure."""
        for owner in (step,) if step is not None else self.steps_of(command):
            if command in owner.acts:
                return owner.acts[command]
        return self.permissions.get(command, ())


_RELATIONS: Final = frozenset(Relation)


def _reachable(moves: tuple[Move, ...], stage: str) -> frozenset[str]:
    stages, waiting, found = {stage}, [stage], set[str]()
    while waiting:
        here = waiting.pop()
        for move in moves:
            if here in move.sources:
                found.add(move.command)
                if move.to is not None and move.to not in stages:
                    stages.add(move.to)
                    waiting.append(move.to)
    return frozenset(found)
