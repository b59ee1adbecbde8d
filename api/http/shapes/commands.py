"""Commands: their forms, and what became of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.shapes.common import Told, Unworded, Words


class Form(Told):
    """A command: `about` is what it is about, `payload` a JSON Schema."""

    title: str
    about: str
    kind: str | None
    payload: dict[str, Any]


class NamedForm(Form):
    """A command by its name, with an example of its payload and where it is posted."""

    name: str
    example: Any = None
    address: str


class Outcome(Told):
    """What became of a command that was done; `entry` is the number of its journal entry.

    `warnings` are what it leaves unmet elsewhere, `words` the same in words.
    """

    status: str
    entry: int
    matter: str | None
    meeting: str | None
    stage: str | None
    version: int | None
    refusals: list[Unworded]
    result: dict[str, Any]
    alerts: list[str]
    warnings: list[Unworded]
    replayed: bool
    words: list[Words]


class BulkCommand(BaseModel):
    """One of several commands; `if_match` is the entity tag of its matter or meeting."""

    model_config = ConfigDict(extra="forbid", strict=True)

    command: str = Field(max_length=100)
    payload: dict[str, Any] = {}
    matter: str | None = Field(None, max_length=200)
    meeting: str | None = Field(None, max_length=200)
    mandate: int | None = Field(None, ge=1, le=2**31 - 1)
    if_match: str | None = Field(None, max_length=2000)


class Bulk(BaseModel):
    """Several commands, `together` (all or nothing) or `each` for itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    mode: str = Field(pattern="^(together|each)$", examples=["together", "each"])
    commands: list[BulkCommand] = Field(min_length=1)


class BulkItem(Told):
    """What became of one of them: its outcome, or its problem; neither where nothing was tried."""

    status: int | None
    outcome: Outcome | None
    problem: dict[str, Any] | None


class BulkOutcome(Told):
    """What became of all of them, in their order; `done` where every one was done."""

    done: bool
    items: list[BulkItem]
