"""A scenario: who does what on which day, and what must come of it. The form and the loader.

The same files are the demonstration, the acceptance tests and the rehearsal of a procedure that
somebody has just changed; `docs/scenarios.md` describes every key for those who write them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, WithJsonSchema, model_validator

from procedures.kinds import KINDS
from procedures.problems import Problem, SourceError
from procedures.schema import Bilingual, Strict
from procedures.source import Document, fault, parse, read
from workflow.commands import CommandSpec, Subject, every_command
from workflow.explaining.quoting import described
from workflow.ports import Payload
from workflow.submissions import Words
from workflow.texts import Line, Name, Prose
from workflow.validation import BadPayload, validate

#: The scenarios of the distribution.
SCENARIOS: Final = Path(__file__).with_name("scenarios")

MORNING: Final = time(9)
BETWEEN_STEPS: Final = timedelta(minutes=1)

#: The kinds of error that a step may expect.
ERRORS: Final = ("bad_input", "not_found", "conflict")

CITATION_FORM: Final = r"^[a-z][a-z0-9_]*( [^\s()]+)?( \([SMU]\))?$"
CODE_FORM: Final = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
TIME_FORM: Final = "%H:%M"

#: An id as files have them, to see whether a payload fits before there are any.
ANY_FILE: Final = "f" + "a" * 25

#: What a command gives a name to, where it is done.
MAKES: Final = {"propose": "matter", "convene_meeting": "meeting", "grant_mandate": "mandate"}

#: The names that a command must be given, by what it is about.
_ABOUT: Final[Mapping[Subject, tuple[str, ...]]] = {
    Subject.ORGANISATION: (),
    Subject.MATTER: ("matter",),
    Subject.MEETING: ("meeting",),
    Subject.MATTER_AND_MEETING: ("matter", "meeting"),
}


def _as_time(value: object) -> object:
    # pydantic would take seconds, fractions and a zone too.
    try:
        return datetime.strptime(str(value), TIME_FORM).time()  # noqa: DTZ007 - a time of day
    except ValueError:
        raise fault("source.bad_time", found=described(value)) from None


Code = Annotated[str, Field(pattern=CODE_FORM)]
CitationText = Annotated[str, Field(pattern=CITATION_FORM)]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_as_time),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
]


class Written(Strict):
    """What stands in a scenario file: a key that is there says something."""

    @model_validator(mode="after")
    def _nothing_blank(self) -> Self:
        for name in type(self).model_fields:
            if name in self.model_fields_set and getattr(self, name) is None:
                raise fault("source.blank", at=(name,))
        return self


class Who(Written):
    """Somebody: by account, or by the role held in a unit (ids, or the names people use)."""

    unit: Line | None = None
    role: Line | None = None
    account: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_role = self.unit is not None and self.role is not None
        if (self.account is not None) is by_role or (self.unit is None) is not (self.role is None):
            raise fault("scenario.who")
        return self


class Expected(Written):
    """What must come of a step that is not done: a refusal with exactly these codes, or an error.

    `refused` lists a code as often as it must occur.  `alerts`, `cites` and `earliest` are
    compared only where they are given, and then exactly.  A citation without its mark of
    confidence fits any.
    """

    refused: Annotated[tuple[Code, ...], Field(min_length=1)] | None = None
    alerts: tuple[Who, ...] | None = None
    cites: Mapping[Code, Annotated[tuple[CitationText, ...], Field(min_length=1)]] = {}
    earliest: Mapping[Code, date] = {}
    bad_input: Code | None = None
    not_found: Code | None = None
    conflict: Code | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.refused is None) is (self.error is None) or len(self._errors) > 1:
            raise fault("scenario.expect")
        for key in ("alerts", "cites", "earliest"):
            if self.refused is None and key in self.model_fields_set:
                raise fault("scenario.only_with_refused", at=(key,), key=key)
        for key in ("cites", "earliest"):
            for code in getattr(self, key):
                if code not in (self.refused or ()):
                    raise fault("scenario.not_among_refused", at=(key, code), name=code)
        return self

    @property
    def _errors(self) -> dict[str, str]:
        return {name: code for name in ERRORS if (code := getattr(self, name)) is not None}

    @property
    def error(self) -> tuple[str, str] | None:
        """The kind and the code of the error, where one is expected."""
        return next(iter(self._errors.items()), None)


class Uploaded(Written):
    """A small text file that whoever acts sends in; `file` stands for it from then on.

    `state` is what must become of it.
    """

    file: Line
    name: Line
    text: Prose
    state: Literal["staged", "quarantined"] = "staged"


class ScenarioStep(Written):
    """One command on one day.

    `time` is local to the organisation; without it the first step of a day is at nine and each
    further one a minute after the one before.  `reauthenticated`: whoever acts has just shown anew
    who they are.  `warns` are the codes of what a command that is
    done leaves unmet elsewhere, compared where they are given.  `sent_in` is what people sent in
    to the newest call of the matter by itself, just before.  `uploads` are files that whoever acts
    sends in just before; `with` names them in `file` and `files`.
    """

    day: date
    time: TimeOfDay | None = None
    as_: Annotated[Who, Field(alias="as")]
    under_mandate_of: Who | None = None
    do: Name
    matter: Line | None = None
    meeting: Line | None = None
    mandate: Line | None = None
    version_seen: Annotated[StrictInt, Field(ge=1)] | None = None
    key: Line | None = None
    reauthenticated: StrictBool = True
    sent_in: Annotated[tuple[Words, ...], Field(min_length=1)] | None = None
    uploads: Annotated[tuple[Uploaded, ...], Field(min_length=1)] | None = None
    with_: Annotated[Mapping[str, object], Field(alias="with")] = {}
    say: Bilingual | None = None
    expect: Literal["done"] | Expected = "done"
    stage: Line | None = None
    warns: tuple[Code, ...] | None = None

    @property
    def expected_error(self) -> str | None:
        """The kind of error that must come of the step, if any."""
        error = None if self.expect == "done" else self.expect.error
        return None if error is None else error[0]


class Scenario(Written):
    """A scenario as written; `cites` are the provisions that it shows at work.

    `profile` is the procedure that the organisation is founded with for it; without one it works
    under that of its own file.
    """

    scenario: Name
    title: Bilingual
    organisation: Name
    profile: Name | None = None
    about: Bilingual
    cites: Annotated[tuple[CitationText, ...], Field(min_length=1)]
    steps: Annotated[tuple[ScenarioStep, ...], Field(min_length=1)]


def load_scenario(path: Path | Traversable) -> Scenario:
    """Read and check a scenario file.

    Raises `SourceError` with everything that is wrong: keys and forms, days that run backwards,
    commands that do not exist, payloads that do not fit them, names used before they are given.
    """
    document = read(path)
    scenario = parse(document, Scenario)
    problems = [*_out_of_order(document, scenario), *_unusable(document, scenario)]
    if problems:
        raise SourceError(problems)
    return scenario


def moments(steps: Sequence[ScenarioStep]) -> Iterator[datetime]:
    """When each step is done, in the local time of the organisation, without a zone."""
    before: datetime | None = None
    for step in steps:
        if step.time is not None:
            at = datetime.combine(step.day, step.time)
        elif before is not None and before.date() == step.day:
            at = before + BETWEEN_STEPS
        else:
            at = datetime.combine(step.day, MORNING)
        yield at
        before = at


@cache
def commands() -> Mapping[str, CommandSpec]:
    """Every command that a step may give: of the lifecycle, and of the step kinds."""
    return every_command(KINDS)


def _out_of_order(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Days and times that run backwards, and days with more steps than minutes are left."""
    steps = scenario.steps
    before: datetime | None = None
    for place, at in enumerate(moments(steps)):
        loc = ("steps", place)
        if before is not None and steps[place].day < before.date():
            told = {"day": steps[place].day, "before": before.date()}
            yield document.problem((*loc, "day"), "scenario.day_backwards", **told)
        elif at.date() != steps[place].day:
            yield document.problem((*loc, "day"), "scenario.day_full", day=steps[place].day)
        elif before is not None and at < before:
            told_time = {"time": f"{at:{TIME_FORM}}", "before": f"{before:{TIME_FORM}}"}
            yield document.problem((*loc, "time"), "scenario.time_backwards", **told_time)
        before = at


def _unusable(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Commands, names and payloads that cannot be played.

    A step that expects to be told so (`bad_input`, `not_found`) may be as wrong as it likes.
    """
    names: dict[str, set[str]] = {"matter": set(), "meeting": set(), "mandate": set()}
    files: dict[str, str] = {}
    for place, step in enumerate(scenario.steps):
        loc = ("steps", place)
        for number, each in enumerate(step.uploads or ()):
            if each.file in files:
                where = (*loc, "uploads", number, "file")
                yield document.problem(where, "scenario.name_taken", name=each.file)
            files[each.file] = ANY_FILE
        spec = commands().get(step.do)
        if spec is None:
            if step.expected_error is None:
                known = tuple(commands())
                yield document.problem(
                    (*loc, "do"), "scenario.unknown_command", command=step.do, known=known
                )
            continue
        if step.expected_error not in {"bad_input", "not_found"}:
            for key, code, params in _misnamed(step, spec, names):
                yield document.problem((*loc, key), code, **params)
        if step.expected_error != "bad_input":
            yield from _unfit(document, place, spec.payload, step, files)
        made = MAKES.get(step.do)
        given = None if made is None else getattr(step, made)
        if made is not None and given is not None and step.expect == "done":
            names[made].add(given)


def _misnamed(
    step: ScenarioStep, spec: CommandSpec, names: Mapping[str, set[str]]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    about, makes = _ABOUT[spec.subject], MAKES.get(spec.name)
    for key, known in names.items():
        given = getattr(step, key)
        if given is None:
            if key in about:
                yield key, "scenario.name_wanted", {"key": key, "command": spec.name}
        elif key == makes:
            if given in known:
                yield key, "scenario.name_taken", {"name": given}
        elif key in about or (key == "mandate" and spec.name == "end_mandate"):
            if given not in known:
                told = {"name": given, "known": tuple(sorted(known)), "makers": _makers(key)}
                yield key, "scenario.name_unknown", told
        else:
            yield key, "scenario.name_unwanted", {"key": key, "command": spec.name}


def _makers(key: str) -> tuple[str, ...]:
    return tuple(command for command, made in MAKES.items() if made == key)


def _unfit(
    document: Document,
    place: int,
    model: type[Payload],
    step: ScenarioStep,
    files: Mapping[str, str],
) -> Iterator[Problem]:
    try:
        validate(model, payload_of(step, 0, files))
    except BadPayload as error:
        for found in error.findings:
            where = ("steps", place, "with", *found.path)
            yield document.problem(where, found.code, **found.params)


def payload_of(
    step: ScenarioStep, mandate: int | None, files: Mapping[str, str]
) -> dict[str, object]:
    """The payload of a step, with ids for names: of the mandate that it ends, and of `files`."""
    payload = dict(step.with_)
    if step.do == "end_mandate" and step.mandate is not None:
        payload["mandate"] = mandate
    one, several = payload.get("file"), payload.get("files")
    if isinstance(one, str):
        payload["file"] = files.get(one, one)
    if isinstance(several, list | tuple):
        payload["files"] = [files.get(str(each), each) for each in several]
    return payload
