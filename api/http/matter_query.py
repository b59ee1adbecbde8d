"""What may be asked of the list of matters, as it stands in an address."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from api.http.table import LONGEST_CURSOR, NAME, Whole, written
from workflow.definition import Text
from workflow.errors import NotFound
from workflow.inquiry import Query, Reader, Sort
from workflow.kin import TIES
from workflow.listing import Place

_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_TRUTH: Final = re.compile(r"true|false")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)

_Words = Annotated[str | None, Field(min_length=1, max_length=200, pattern=NAME)]
_Truth = Annotated[bool | None, written(_TRUTH)]
_Yuan = Annotated[int, written(_DIGITS)]
_At = Annotated[AwareDatetime, written(_INSTANT)]
_Order = Annotated[Sort, BeforeValidator(str)]


class MatterQuery(BaseModel):
    """The parameters of the list; another one is refused.  Several names stand behind commas."""

    model_config = ConfigDict(extra="forbid")

    search: Annotated[_Words, Field(examples=["2026-0001"])] = None
    stage: Annotated[_Words, Field(examples=["drafting,drafted"])] = None
    unit: Annotated[_Words, Field(examples=["planning_construction"])] = None
    procedure: Annotated[_Words, Field(examples=["order_713"])] = None
    year: Annotated[Whole | None, Field(ge=1900, le=9999, examples=[2026])] = None
    paused: Annotated[_Truth, Field(examples=["true"])] = None
    on_agenda: Annotated[_Truth, Field(examples=["true"])] = None
    changed_since: Annotated[_At | None, Field(examples=["2026-03-02T09:00:00+08:00"])] = None
    owing: Annotated[_Truth, Field(examples=["true"])] = None
    overdue: Annotated[_Truth, Field(examples=["true"])] = None
    least_yuan: Annotated[_Yuan | None, Field(ge=0, examples=[1000000])] = None
    most_yuan: Annotated[_Yuan | None, Field(ge=0, examples=[5000000])] = None
    project: _Words = None
    counterparty: _Words = None
    purpose: _Words = None
    sort: Annotated[_Order | None, Field(examples=["changed"])] = None
    descending: Annotated[_Truth, Field(examples=["true"])] = None
    limit: Annotated[Whole | None, Field(ge=1, le=10_000, examples=[50])] = None
    cursor: Annotated[str | None, Field(max_length=LONGEST_CURSOR)] = None

    def filters(self) -> Mapping[str, str]:
        """All that was asked for but for the page, as it is written in an address."""
        given = self.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
        return {name: _written(value) for name, value in given.items()}

    def query(self, ask: Reader, limit: int, after: Place) -> Query:
        """What the engine is asked.  Raises NotFound for a stage or unit that there is not."""
        stages, units = _names(self.stage), _names(self.unit)
        if stages:
            known = {name: each.name for name, each in ask.procedure().stages.items()}
            _check("matter.unknown_stage", "stage", stages, known)
        if units:
            named = {name: each.name for name, each in ask.words()[1].units.items()}
            _check("unknown.unit", "units", units, named)
        ties = {name: str(told) for name in TIES if (told := getattr(self, name)) is not None}
        return Query(
            stages=stages,
            units=units,
            procedure=self.procedure,
            year=self.year,
            paused=self.paused,
            on_agenda=self.on_agenda,
            changed_since=self.changed_since,
            owing=bool(self.owing),
            overdue=bool(self.overdue),
            least_yuan=self.least_yuan,
            most_yuan=self.most_yuan,
            ties=ties,
            search=self.search or "",
            sort=self.sort,
            descending=bool(self.descending),
            after=after,
            limit=limit,
        )


def _names(told: str | None) -> frozenset[str]:
    return frozenset() if told is None else frozenset(told.split(","))


def _check(code: str, param: str, given: Collection[str], known: Mapping[str, Text]) -> None:
    unknown = sorted(set(given) - known.keys())
    if unknown:
        named = tuple(name.typed(each) for each, name in known.items())
        told: dict[str, Any] = {param: unknown[0] if param == "stage" else tuple(unknown)}
        raise NotFound(code, **told, known=tuple(known), named=named)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)
