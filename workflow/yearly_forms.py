"""What is filed of the yearly catalogue: candidates, editions, consent, completion."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from workflow.idle import Told, ToldLine
from workflow.ports import Payload
from workflow.texts import Day, Line, Name, Title, fault

Year = Annotated[StrictInt, Field(ge=2000, le=2999)]
EntryNumber = Annotated[StrictInt, Field(ge=1, le=9999)]


class EntryOf(Payload):
    """An entry of the catalogue of a year."""

    year: Year
    number: EntryNumber


class OfYear(Payload):
    """What concerns the catalogue of a year."""

    year: Year


class NominateEntry(OfYear):
    """Nominate a candidate (申报) on behalf of the unit that is to undertake it.

    `decide_by` is the day until which it is meant to be decided, `hearing` whether one is held.
    """

    title: Title
    reasons: Told
    decide_by: Day | None = None
    hearing: StrictBool | None = None


class ForgoneEntry(Payload):
    """A candidate that is not taken in, or an entry that is taken out, and why."""

    entry: EntryNumber
    reasons: Told


class CompileCatalogue(OfYear):
    """Draw up the catalogue (编制): the candidates that it takes in, the others with reasons."""

    entries: Annotated[tuple[EntryNumber, ...], Field(min_length=1)]
    left_out: tuple[ForgoneEntry, ...] = ()


class ConsentCatalogue(OfYear):
    """The answer of the Party committee of the same level (同级党委): its letter, and the day."""

    letter: ToldLine
    given_on: Day
    granted: StrictBool


class Place(Payload):
    """Where it was published, and what shows it."""

    channel: Name
    proof: ToldLine


class PublishCatalogue(OfYear):
    """Publish what was consented to."""

    published_on: Day
    places: Annotated[tuple[Place, ...], Field(min_length=1)]


class AdjustCatalogue(OfYear):
    """Adjust the published catalogue: candidates that come in, entries that are taken out."""

    add: tuple[EntryNumber, ...] = ()
    remove: tuple[ForgoneEntry, ...] = ()
    reasons: Told

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not (self.add or self.remove):
            raise fault("input.no_change")
        return self


class EntryResult(StrEnum):
    """What became of an entry within its year."""

    DECIDED = "decided"
    CARRIED_OVER = "carried_over"
    NOT_STARTED = "not_started"


class EntryOutcome(Payload):
    """What became of one entry; what was decided names its matter, or else its document.

    Of everything else it is explained why.
    """

    entry: EntryNumber
    result: EntryResult
    matter: Line | None = None
    document: ToldLine | None = None
    explanation: Told | None = None

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.result is not EntryResult.DECIDED and self.explanation is None:
            raise fault("input.unexplained_entry", entry=self.entry)
        return self


class CompleteCatalogue(OfYear):
    """Publish at the year's end what became of every entry (年终完成情况)."""

    outcomes: Annotated[tuple[EntryOutcome, ...], Field(min_length=1)]
    published_on: Day
    places: Annotated[tuple[Place, ...], Field(min_length=1)]

    def named_matters(self) -> tuple[str, ...]:
        """The matters by which entries were decided."""
        return tuple(each.matter for each in self.outcomes if each.matter is not None)


class LinkEntry(Payload):
    """Link a matter to the entry that it is, as the owner of the catalogue finds."""

    entry: EntryOf
    reasons: Told


class RuleNotMajor(Payload):
    """Rule that a matter is no major decision, and so not for the catalogue."""

    reasons: Told
