"""Every number by which it is told who somebody is: dated data, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from procedures.problems import Problem, SourceError
from procedures.schema import Citations, InstrumentForm, Strict
from procedures.source import Document, parse, read
from workflow.definition import Citation
from workflow.texts import Name

SHIPPED: Final = Path(__file__).with_name("policy.yaml")
"""Holds the floor of level 2 of the multi-level protection scheme (等级保护第二级)."""

_Whole = Annotated[int, Field(ge=1, le=10**9)]


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers in force; each name tells the unit, and `policy.yaml` what it is for."""

    password_length: int
    password_longest: int
    password_classes: int
    password_age_days: int
    password_history: int
    argon2_memory_kib: int
    argon2_iterations: int
    argon2_lanes: int
    argon2_at_once: int
    lock_tries: int
    lock_minutes: int
    account_failures: int
    account_wait_seconds: int
    client_failures: int
    client_window_minutes: int
    client_wait_seconds: int
    client_known_days: int
    session_idle_minutes: int
    session_absolute_minutes: int
    session_seen_seconds: int
    session_fresh_minutes: int
    clock_tolerance_seconds: int
    signature_fresh_minutes: int
    second_factor_digits: int
    second_factor_step_seconds: int
    second_factor_drift_steps: int
    administrator_factors: int
    link_hours: int
    token_days: int
    external_minutes: int
    external_leeway_seconds: int
    request_days: int
    token_refusals_hourly: int
    notice_days: int
    retention_days: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A number, the least and the most that it may be, and what that rests on."""

    value: int
    least: int | None
    most: int | None
    citations: tuple[Citation, ...]


class SettingForm(Strict):
    """A number in the shipped file, or one that a file of one's own replaces."""

    value: _Whole
    least: _Whole | None = None
    most: _Whole | None = None
    cite: Citations | None = None


class PolicyForm(Strict):
    """A file of settings: the shipped one, or one of one's own with those that differ."""

    policy: Literal["identity"]
    version: date
    instruments: Mapping[Name, InstrumentForm] = {}
    settings: Mapping[Name, SettingForm]


@dataclass(frozen=True)
class Settings:
    """The numbers with their limits and sources, for whoever wants to see them."""

    version: date
    settings: Mapping[str, Setting]
    policy: Policy


def load_policy(own: Path | None = None, shipped: Path = SHIPPED) -> Settings:
    """The shipped numbers, with those of a file of one's own in their place.

    Raises SourceError for a file that cannot be taken: a name that is none, a number beyond its
    limit, a limit of one's own without what it rests on.
    """
    base = read(shipped)
    form = parse(base, PolicyForm)
    names = {each.name for each in fields(Policy)}
    found = {name: _setting(each, None) for name, each in form.settings.items()}
    problems = [*_strange(base, form, names), *_beyond(base, form, found)]
    problems += [
        base.problem(("settings", name), "identity.policy.missing", name=name)
        for name in sorted(names - found.keys())
    ]
    if problems:
        raise SourceError(problems)
    version = form.version
    if own is not None:
        document = read(own)
        mine = parse(document, PolicyForm)
        problems = [*_strange(document, mine, names), *_groundless(document, mine)]
        if problems:
            raise SourceError(problems)
        found |= {name: _setting(each, found[name]) for name, each in mine.settings.items()}
        if problems := list(_beyond(document, mine, found)):
            raise SourceError(problems)
        version = mine.version
    return Settings(version, found, Policy(**{name: each.value for name, each in found.items()}))


def _setting(form: SettingForm, base: Setting | None) -> Setting:
    least, most, cited = form.least, form.most, form.cite or ()
    if base is not None:
        least = base.least if least is None else least
        most = base.most if most is None else most
        cited = cited or base.citations
    return Setting(form.value, least, most, cited)


def _strange(document: Document, form: PolicyForm, names: set[str]) -> Iterator[Problem]:
    for name in form.settings:
        if name not in names:
            yield document.problem(
                ("settings", name), "identity.policy.unknown", name=name, known=sorted(names)
            )


def _groundless(document: Document, form: PolicyForm) -> Iterator[Problem]:
    """Limits of one's own that rest on nothing."""
    for name, each in form.settings.items():
        if each.cite is None and not each.least is each.most is None:
            yield document.problem(("settings", name), "identity.policy.groundless", name=name)


def _beyond(
    document: Document, form: PolicyForm, found: Mapping[str, Setting]
) -> Iterator[Problem]:
    for name in form.settings:
        told = found[name]
        if told.least is not None and told.value < told.least:
            code, limit = "identity.policy.too_little", told.least
        elif told.most is not None and told.value > told.most:
            code, limit = "identity.policy.too_much", told.most
        else:
            continue
        yield document.problem(
            ("settings", name, "value"), code, name=name, value=told.value, limit=limit
        )
