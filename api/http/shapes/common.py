"""What many answers have in common: names, citations, conditions, duties, problems, pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    """Base of every answer: no member that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(Told):
    """A name in both languages."""

    zh: str
    en: str


class Provision(Told):
    """A provision of law; `confidence` tells how well it was checked: S, M or U."""

    instrument: str
    article: str
    confidence: str


class Post(Told):
    """A role in the units of a kind: `head of lead_unit`."""

    role: str
    of: str


class Condition(Told):
    """One condition that is not met, for programs and in words.

    `what` is missing, `law` demands it, `evidence` cures it, `who` (posts in words) can bring it,
    `accounts` hold those posts; `earliest` is the first day on which it can be cured and `when`
    the same in words.  `provisional`: the day lies beyond the last official holiday notice.
    """

    code: str
    what: str
    law: list[str]
    evidence: str
    who: list[str]
    accounts: list[str]
    when: str | None
    citations: list[Provision]
    cured_by: list[Post]
    params: dict[str, Any]
    step: str | None
    earliest: date | None
    provisional: bool


class Unworded(Told):
    """A condition as it stands in the journal, without words."""

    code: str
    citations: list[Provision]
    params: dict[str, Any]
    step: str | None
    cured_by: list[Post]
    earliest: date | None
    provisional: bool


class Words(Told):
    """A condition in words alone."""

    what: str
    law: list[str]
    evidence: str
    who: list[str]
    accounts: list[str]
    earliest: str | None


class Duty(Told):
    """What is owed after the decision: the act, who may do it, and until when (`by`)."""

    act: str
    step: str | None
    who: list[str]
    ready: bool
    waits_for: list[str]
    first: list[str]
    by: date | None
    since: date | None
    provisional: bool
    overdue: bool


class Finding(BaseModel):
    """One thing wrong with a payload or a parameter, and where it stands."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    pointer: str | None = Field(None, description="JSON Pointer (RFC 6901) into the payload")
    parameter: str | None = Field(None, description="the name of a parameter of path or query")


class Change(BaseModel):
    """What somebody else did in between, in words and for programs."""

    code: str
    message: str
    params: dict[str, Any]


class Problem(BaseModel):
    """Problem details (RFC 9457).

    `refusals` where a command was refused, `errors` where a payload does not fit, `changes` where
    the version named is not that of the thing any more.
    """

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/refused"])
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    refusals: list[Condition] | None = None
    errors: list[Finding] | None = None
    changes: list[Change] | None = None
    current_version: int | None = None
    entry: int | None = Field(None, description="the number of the refusal's journal entry")
