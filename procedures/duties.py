"""The registry of duties: what the law demands, how each demand is held, which tests show it.

The files of `procedures/registry` list every provision that the program answers for, also those
that it leaves to people.  Here is their form and their loader; `coverage` compares what they claim
with what there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import PlainValidator, model_validator

from procedures.problems import Problem, SourceError
from procedures.schema import SOME, Bilingual, Citations, InstrumentForm, Strict
from procedures.source import Document, parse, read
from workflow.definition import Citation
from workflow.explaining.quoting import described
from workflow.texts import Name, fault

#: The registry of the distribution.
REGISTRY: Final = Path(__file__).with_name("registry")

_NAME: Final = r"[a-z][a-z0-9_.-]*"
_SCENARIO: Final = re.compile(rf"scenario:(?P<name>{_NAME})(?P<mark>[#!])(?P<what>{_NAME})")
_TEST: Final = re.compile(r"(?P<name>tests/(?:\w+/)*\w+\.py)::(?P<what>(?:\w+::)?\w+)")


class Mode(StrEnum):
    """How strictly a provision binds: 应当, 应当 under a condition, 可以, or as a principle."""

    MUST = "must"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"
    PRINCIPLE = "principle"


class Way(StrEnum):
    """A way in which the program sees to a provision, or why it does not."""

    GATE = "gate"
    FLOOR = "floor"
    CEILING = "ceiling"
    REQUIRED_RECORD = "required_record"
    REMINDER = "reminder"
    PERMISSION = "permission"
    REGISTER = "register"
    NOT_ENFORCEABLE = "not_enforceable"
    ELSEWHERE = "elsewhere"
    NOT_YET = "not_yet"


#: The ways that are none: they say why instead of what.
UNHELD: Final = frozenset({Way.NOT_ENFORCEABLE, Way.ELSEWHERE, Way.NOT_YET})


class Showing(StrEnum):
    """What a reference refers to."""

    DONE = "done"
    REFUSED = "refused"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a provision is shown at work.

    A step of a scenario that is done (`name` the scenario, `what` the command) or refused (`what`
    the code of the refusal), or a test (`name` its file, `what` its function, after its class).
    """

    showing: Showing
    name: str
    what: str

    def __str__(self) -> str:
        """As it is written in the registry."""
        if self.showing is Showing.TEST:
            return f"{self.name}::{self.what}"
        return f"scenario:{self.name}{'#' if self.showing is Showing.DONE else '!'}{self.what}"


def _reference(value: object) -> Reference:
    text = value if isinstance(value, str) else ""
    if found := _SCENARIO.fullmatch(text):
        showing = Showing.DONE if found["mark"] == "#" else Showing.REFUSED
    elif found := _TEST.fullmatch(text):
        showing = Showing.TEST
    else:
        raise fault("registry.reference_form", found=described(value))
    return Reference(showing, found["name"], found["what"])


References = tuple[Annotated[Reference, PlainValidator(_reference)], ...]


class Held(Strict):
    """One way in which a provision is held, with the parts of the definitions that do it.

    `rules` are `step.rule`, or a rule of the procedure as a whole; `why` says, of a provision that
    is not held, why not.  `kept_by` says who must see to it meanwhile, of a duty that is no act in
    the procedure of a decision but one of the installation or of another procedure.
    """

    by: Way
    steps: tuple[Name, ...] = ()
    rules: tuple[Name, ...] = ()
    commands: tuple[Name, ...] = ()
    questions: tuple[Name, ...] = ()
    counting: tuple[Name, ...] = ()
    why: Bilingual | None = None
    kept_by: Bilingual | None = None

    @model_validator(mode="after")
    def _says_what_or_why(self) -> Self:
        named = any(names for _, names in self.parts)
        if (self.by in UNHELD) is named or (self.why is None) is not named:
            raise fault("registry.what_or_why", at=("by",), way=self.by.value)
        if (self.by is Way.ELSEWHERE) is not (self.kept_by is not None):
            raise fault("registry.kept_by", at=("by",), way=self.by.value)
        return self

    @property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The parts of the definitions that hold it, by what they are."""
        return (
            ("steps", self.steps),
            ("rules", self.rules),
            ("commands", self.commands),
            ("questions", self.questions),
            ("counting", self.counting),
        )


class Entry(Strict):
    """What every entry of the registry says."""

    id: Name
    enforced: Annotated[tuple[Held, ...], SOME]
    passes: References = ()
    refused: References = ()

    @model_validator(mode="after")
    def _shown_as_it_should_be(self) -> Self:
        for key, wrong in (("passes", Showing.REFUSED), ("refused", Showing.DONE)):
            for place, each in enumerate(getattr(self, key)):
                if each.showing is wrong:
                    raise fault(f"registry.wrong_way_{key}", at=(key, place), reference=str(each))
        return self

    @property
    def held(self) -> bool:
        """Whether the program sees to any part of it."""
        return any(each.by not in UNHELD for each in self.enforced)


class Duty(Entry):
    """A provision: who must do what and when, or may, or is guided by what."""

    cite: Citations
    mode: Mode
    who: Bilingual
    what: Bilingual
    when: Bilingual


class Failure(Entry):
    """A way in which procedures have gone wrong, and the control that refuses it."""

    failure: Bilingual
    control: Bilingual
    cite: Citations = ()

    @property
    def mode(self) -> Mode:
        """What has gone wrong must not go wrong again."""
        return Mode.MUST


class SourceFile(Strict):
    """One file of the registry; `instruments` are those that no definition knows.

    `of` is the instrument that it lists, whose title need not be told with every entry.
    """

    registry: Name
    of: Name | None = None
    title: Bilingual
    about: Bilingual
    instruments: Mapping[Name, InstrumentForm] = {}
    duties: tuple[Duty, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def entries(self) -> tuple[Duty | Failure, ...]:
        """Everything that it lists, in order."""
        return (*self.duties, *self.failures)


@dataclass(frozen=True, slots=True)
class Registry:
    """The registry as a whole, in the order of its files."""

    sources: tuple[SourceFile, ...]

    @property
    def entries(self) -> tuple[Duty | Failure, ...]:
        """Every entry of every file."""
        return tuple(entry for source in self.sources for entry in source.entries)

    def citations(self) -> Iterator[tuple[Duty | Failure, Citation]]:
        """Every provision cited, with the entry that cites it."""
        for entry in self.entries:
            for citation in entry.cite:
                yield entry, citation


def load_registry(folder: Path = REGISTRY) -> Registry:
    """Read the files of a registry, in the order of their names.

    Raises `SourceError` with everything that is wrong, entries named twice included.
    """
    found: list[tuple[Document, SourceFile]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = read(path)
            found.append((document, parse(document, SourceFile)))
        except SourceError as error:
            problems += error.problems
    problems += _named_twice(found)
    if problems:
        raise SourceError(problems)
    return Registry(tuple(source for _, source in found))


def _named_twice(found: list[tuple[Document, SourceFile]]) -> Iterator[Problem]:
    taken: set[str] = set()
    for document, source in found:
        for key, entries in (("duties", source.duties), ("failures", source.failures)):
            for place, entry in enumerate(entries):
                if entry.id in taken:
                    yield document.problem((key, place, "id"), "registry.twice", id=entry.id)
                taken.add(entry.id)
