"""The people of an organisation, read from a strict file: units, accounts, and who holds what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from procedures.book import ProcedureBook
from procedures.founding_retainers import RetainerForm, unfit
from procedures.kinds.issuance import AgencyCode, same_code
from procedures.problems import Problem, SourceError
from procedures.schema import SOME, Bilingual, HolderText, Strict
from procedures.source import Document, parse, read
from workflow.definition import Holder, Procedure, Role, Text
from workflow.errors import NotFound
from workflow.explaining.quoting import shown
from workflow.texts import Name, fault

ORGANISATIONS: Final = Path(__file__).with_name("organisations")


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """A unit (单位) with the functions that it has for the whole organisation."""

    id: str
    name: Text
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in a unit. `since` None: from the beginning; `until` None: with no end in view.

    Both days are included, as business dates of the organisation.
    """

    role: str
    unit: str
    since: date | None = None
    until: date | None = None

    def meets(self, other: Post) -> bool:
        """Whether both are held on some day."""
        return _begun(self, other) and _begun(other, self)


@dataclass(frozen=True, slots=True)
class OrganisationPerson:
    """An account, named by its duty, with the posts that it holds."""

    account: str
    name: Text
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as its file describes it.

    `profile` is the id of the procedure that it works under, `time_zone` the IANA name of the
    zone of its business dates, `rehearsal` whether everything in it is for practice only.  `series`
    are the agency codes (机关代字) under which it issues; without any, every code is taken.
    `retainers` are those of law firms, each as its record keeps it.
    """

    id: str
    name: Text
    profile: str
    time_zone: str
    rehearsal: bool
    units: tuple[OrganisationUnit, ...]
    people: tuple[OrganisationPerson, ...]
    series: tuple[str, ...] = ()
    retainers: tuple[Mapping[str, object], ...] = ()


def load_organisation(path: Path, book: ProcedureBook, profile: str | None = None) -> Organisation:
    """Read an organisation.

    `profile` stands for the one that the file names, to rehearse another procedure.

    Raises `SourceError` for a file that cannot be taken, be it that it names a procedure that
    `book` does not have, or a role or function that neither this procedure knows nor one that it
    joins or offers; `NotFound` where `profile` is unknown.
    """
    document = read(path)
    form = parse(document, _OrganisationForm)
    if profile is None:
        profile = form.profile
        try:
            procedure = book.get(profile)
        except NotFound as error:
            problem = document.problem(("profile",), error.code, **error.params)
            raise SourceError([problem]) from error
    else:
        procedure = book.get(profile)
    binding = (procedure, *book.beside(procedure))
    if problems := tuple(_faults(document, form, binding)):
        raise SourceError(problems)
    return Organisation(
        id=form.organisation,
        name=Text(form.name.zh, form.name.en),
        profile=profile,
        time_zone=form.time_zone,
        rehearsal=form.rehearsal,
        units=tuple(
            OrganisationUnit(unit.id, Text(unit.name.zh, unit.name.en), unit.functions)
            for unit in form.units
        ),
        people=tuple(
            OrganisationPerson(
                person.account,
                Text(person.name.zh, person.name.en),
                tuple(_post(post) for post in person.holds),
            )
            for person in form.people
        ),
        series=form.series,
        retainers=tuple(each.kept(number) for number, each in enumerate(form.retainers, 1)),
    )


# --- the form of the file -------------------------------------------------------------------------


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        # The last is what a folder of zones (`Asia`) gives.
        raise fault("organisation.unknown_zone", name=shown(name)) from error
    return name


class _UnitForm(Strict):
    id: Name
    name: Bilingual
    functions: tuple[Name, ...] = ()


class _PostForm(Strict):
    post: HolderText
    since: date | None = None
    until: date | None = None


class _PersonForm(Strict):
    account: Name
    name: Bilingual
    holds: Annotated[tuple[HolderText | _PostForm, ...], SOME]


class _OrganisationForm(Strict):
    organisation: Name
    name: Bilingual
    profile: Name
    time_zone: Annotated[str, AfterValidator(_zone)]
    rehearsal: bool = False
    series: tuple[AgencyCode, ...] = ()
    units: Annotated[tuple[_UnitForm, ...], SOME]
    people: Annotated[tuple[_PersonForm, ...], SOME]
    retainers: tuple[RetainerForm, ...] = ()


def _post(given: Holder | _PostForm) -> Post:
    if isinstance(given, Holder):
        return Post(given.role, given.of)
    return Post(given.post.role, given.post.of, given.since, given.until)


# --- whether it fits together ---------------------------------------------------------------------


def _begun(one: Post, other: Post) -> bool:
    """Whether one has begun when the other ends."""
    return one.since is None or other.until is None or one.since <= other.until


def _faults(
    document: Document, form: _OrganisationForm, binding: tuple[Procedure, ...]
) -> Iterator[Problem]:
    roles = {name: role for each in reversed(binding) for name, role in each.roles.items()}
    functions = tuple(dict.fromkeys(name for each in binding for name in each.functions))
    spelt = [same_code(code) for code in form.series]
    for place, code in enumerate(form.series):
        if spelt[place] in spelt[:place]:
            yield document.problem(("series", place), "definition.twice", name=code)
    yield from _twice(document, "units", "id", [unit.id for unit in form.units])
    yield from _twice(document, "people", "account", [person.account for person in form.people])
    for place, unit in enumerate(form.units):
        for index, name in enumerate(unit.functions):
            if name not in functions:
                at, told = ("units", place, "functions", index), {"name": name, "known": functions}
                yield document.problem(at, "organisation.unknown_function", **told)
    held: list[tuple[str, Post]] = []
    for place, person in enumerate(form.people):
        for index, given in enumerate(person.holds):
            post = _post(given)
            for code, params in _unfit(form, roles, post, held):
                yield document.problem(("people", place, "holds", index), code, **params)
            held.append((person.account, post))
    yield from _unfit_retainers(document, form, binding[0], held)


def _unfit_retainers(
    document: Document,
    form: _OrganisationForm,
    procedure: Procedure,
    held: list[tuple[str, Post]],
) -> Iterator[Problem]:
    posts: dict[str, frozenset[str]] = {}
    for account, post in held:
        posts[account] = posts.get(account, frozenset()) | {post.unit}
    functions = {unit.id: unit.functions for unit in form.units}
    for path, code, params in unfit(form.retainers, functions, posts, procedure):
        yield document.problem(path, code, **params)


def _unfit(
    form: _OrganisationForm,
    roles: Mapping[str, Role],
    post: Post,
    held: list[tuple[str, Post]],
) -> Iterator[tuple[str, dict[str, object]]]:
    """What is wrong with a post, given those listed before it."""
    units = tuple(unit.id for unit in form.units)
    if post.unit not in units:
        yield "organisation.unknown_unit", {"name": post.unit, "known": units}
    if post.since and post.until and post.until < post.since:
        yield "organisation.ends_first", {"since": post.since, "until": post.until}
    role = roles.get(post.role)
    if role is None:
        yield "organisation.unknown_role", {"name": post.role, "known": tuple(roles)}
    elif role.single:
        same = [(who, other) for who, other in held if _place(other) == _place(post)]
        rivals = tuple(who for who, other in same if post.meets(other))
        if rivals:
            yield "organisation.held_twice", {"role": role.name, "unit": post.unit, "other": rivals}


def _place(post: Post) -> tuple[str, str]:
    return post.role, post.unit


def _twice(document: Document, listed: str, key: str, names: list[str]) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield document.problem((listed, place, key), "definition.twice", name=name)
