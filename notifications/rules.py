"""The rules of notices (提醒规则), read from strict files: a common one and those of a profile.

`procedures/notices/base.yaml` says who is told what, and when.  A file named after a profile may
put rules in the place of those of the same id, or add some of its own.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

import procedures
from notifications.policy import Urgency
from notifications.watchpoints import About, Watchpoint
from procedures.problems import Problem, SourceError
from procedures.schema import SOME, Bilingual, Citations, HolderText, InstrumentForm, Strict
from procedures.source import Document, parse, read
from workflow.definition import Holder, Text
from workflow.texts import Name, fault

#: The rules of the distribution.
NOTICES: Final = Path(procedures.__file__).with_name("notices")
BASE: Final = "base"
HOLDERS: Final = "holders"
#: Those of them whom the definition names first for the act: as a rule the clerk, not the head.
FIRST: Final = Holder("first", HOLDERS)

Days = Annotated[int, Field(ge=0, le=400)]


class PeriodForm(Strict):
    """A number of days, of the one kind or the other."""

    working_days: Days | None = None
    calendar_days: Days | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.working_days is None) is (self.calendar_days is None):
            raise fault("notices.one_unit")
        return self

    @property
    def amount(self) -> int:
        """How many."""
        found = self.calendar_days if self.working_days is None else self.working_days
        return found or 0

    @property
    def working(self) -> bool:
        """Whether only working days count."""
        return self.working_days is not None


def _recipient(value: object) -> object:
    if value == FIRST.role:
        return f"{FIRST.role} of {FIRST.of}"
    return None if value == HOLDERS else value


Recipients = Annotated[tuple[Annotated[HolderText | None, BeforeValidator(_recipient)], ...], SOME]


class ThresholdForm(Strict):
    """An occasion: so long before the day, on it, or so long after it.

    `to` are those who hear of this one, where they are not those of the rule.
    """

    id: Name
    before: PeriodForm | None = None
    after: PeriodForm | None = None
    urgency: Urgency | None = None
    to: Recipients | None = None

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.before is not None and self.after is not None:
            raise fault("notices.before_and_after")
        if self.id in RESERVED:
            raise fault("notices.reserved", at=("id",), id=self.id)
        return self


class EscalationForm(Strict):
    """Who is told besides where nobody acknowledged it: so long after it was told."""

    of: Annotated[tuple[Name, ...], SOME]
    after: PeriodForm
    to: Recipients


class RuleForm(Strict):
    """One rule: which watchpoints it is for, when they are told of, and to whom.

    `rules`, `kinds`, `acts` narrow it to points of these rules of law or codes, kinds of step and
    acts.  Of the rules that fit a point the first in the file counts.
    """

    id: Name
    name: Bilingual
    about: About
    rules: tuple[str, ...] = ()
    kinds: tuple[Name, ...] = ()
    acts: tuple[Name, ...] = ()
    thresholds: Annotated[tuple[ThresholdForm, ...], SOME]
    to: Recipients
    urgency: Urgency
    may_be_switched_off: bool = False
    expires: PeriodForm | None = None
    tells_moves: bool = False
    escalate: tuple[EscalationForm, ...] = ()
    cite: Citations

    @model_validator(mode="after")
    def _occasions_are_known(self) -> Self:
        ids = [each.id for each in self.thresholds]
        for each in ids:
            if ids.count(each) > 1:
                raise fault("notices.threshold_twice", at=("thresholds",), id=each)
        for place, step in enumerate(self.escalate):
            for name in step.of:
                if name not in ids:
                    raise fault("notices.no_such_threshold", at=("escalate", place), id=name)
        return self

    def fits(self, each: Watchpoint) -> bool:
        """Whether the rule is for a watchpoint."""
        return (
            each.about is self.about
            and (not self.rules or each.rule in self.rules)
            and (not self.kinds or each.kind in self.kinds)
            and (not self.acts or each.act in self.acts)
        )

    def told(self, *names: str) -> tuple[Holder | None, ...]:
        """Who hears of these occasions: the rule's own where one of them is not for some alone."""
        found = [each.to for name in names if (each := self.threshold(name)) is not None]
        some = [each for each in found if each is not None]
        return some[-1] if some and len(some) == len(found) else self.to

    def threshold(self, name: str) -> ThresholdForm | None:
        """An occasion by its id."""
        return next((each for each in self.thresholds if each.id == name), None)


#: Occasions that no file may name: they follow from what changes.
MOVED: Final = "moved"
LIFTED: Final = "lifted"
RESERVED: Final = (MOVED, LIFTED)


class NoticesFile(Strict):
    """One file; `notices` is `base` or the id of the profile that it is for.

    `look_again`: so often a matter is looked at though nothing was done on it.  `otherwise` are
    told where nobody is left whom a notice is for.  `repeated`: so many vain attempts at one act on
    one matter within a week are told to those who supervise.
    """

    notices: Name
    version: date
    name: Bilingual
    look_again: PeriodForm | None = None
    otherwise: tuple[HolderText, ...] = ()
    repeated: Annotated[int, Field(ge=1, le=100)] | None = None
    instruments: Mapping[Name, InstrumentForm] = {}
    rules: tuple[RuleForm, ...] = ()

    @cached_property
    def texts(self) -> Mapping[str, Text]:
        """The titles of the instruments that it cites."""
        return {name: Text(each.title.zh, each.title.en) for name, each in self.instruments.items()}


@dataclass(frozen=True)
class NoticeRules:
    """What binds an organisation on a day, in the order in which rules are tried."""

    rules: tuple[RuleForm, ...]
    look_again: PeriodForm
    otherwise: tuple[Holder, ...]
    repeated: int = 1

    @property
    def horizon(self) -> int:
        """For so many calendar days an act that was done may still have to be told of."""
        ends = (each.expires for each in self.rules if each.about is About.EVENT)
        return max((each.amount for each in ends if each is not None), default=0)

    def of(self, each: Watchpoint) -> RuleForm | None:
        """The rule for a watchpoint, None where nobody is told of it."""
        return next((rule for rule in self.rules if rule.fits(each)), None)

    def named(self, name: str) -> RuleForm | None:
        """A rule by its id."""
        return next((rule for rule in self.rules if rule.id == name), None)


@dataclass(frozen=True)
class NoticeBook:
    """Every file there is."""

    files: tuple[NoticesFile, ...]

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """The titles of everything that any of them cites."""
        return {name: title for file in self.files for name, title in file.texts.items()}

    def rules(self, profile: str, day: date) -> NoticeRules:
        """What binds an organisation with this profile on a day.

        The rules of the profile's own file go before, and those of the base with the same id away.
        """
        base, own = self._in_force(BASE, day), self._in_force(profile, day)
        found = [each for each in (own, base) if each is not None]
        rules: dict[str, RuleForm] = {}
        for file in found:
            for rule in file.rules:
                rules.setdefault(rule.id, rule)
        again = next((each.look_again for each in found if each.look_again), None)
        return NoticeRules(
            tuple(rules.values()),
            PeriodForm(calendar_days=1) if again is None else again,
            next((each.otherwise for each in found if each.otherwise), ()),
            next((each.repeated for each in found if each.repeated), 1),
        )

    def _in_force(self, name: str, day: date) -> NoticesFile | None:
        found = [each for each in self.files if each.notices == name and each.version <= day]
        return max(found, key=lambda each: each.version, default=None)


@cache
def shipped_notices() -> NoticeBook:
    """The rules of the distribution, read once."""
    return load_notices()


def load_notices(*folders: Path) -> NoticeBook:
    """Read the rules of these folders, those of the distribution where none is named.

    Raises `SourceError` with everything that is wrong.
    """
    found: list[tuple[Document, NoticesFile]] = []
    problems: list[Problem] = []
    for path in sorted(each for folder in folders or (NOTICES,) for each in folder.glob("*.yaml")):
        try:
            document = read(path)
            found.append((document, parse(document, NoticesFile)))
        except SourceError as error:
            problems += error.problems
    known = {name for _, each in found for name in each.instruments}
    problems += (fault_ for document, file in found for fault_ in _faults(document, file, known))
    if problems:
        raise SourceError(problems)
    return NoticeBook(tuple(file for _, file in found))


def _faults(document: Document, file: NoticesFile, known: Iterable[str]) -> Iterator[Problem]:
    """Rules told twice, and citations of what no file knows."""
    told: set[str] = set()
    for place, rule in enumerate(file.rules):
        if rule.id in told:
            yield document.problem(("rules", place, "id"), "notices.rule_twice", id=rule.id)
        told.add(rule.id)
        for each in rule.cite:
            if each.instrument not in known:
                at = ("rules", place, "cite")
                yield document.problem(at, "notices.unknown_instrument", id=each.instrument)
