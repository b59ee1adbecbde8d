"""How often the journal is signed: dated data, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from procedures.schema import Citations, InstrumentForm, Strict
from procedures.source import parse, read
from workflow.texts import Name

SHIPPED: Final = Path(__file__).with_name("policy.yaml")


class HoursForm(Strict):
    """A number of hours, and what it rests on."""

    value: Annotated[int, Field(ge=1, le=8784)]
    cite: Citations


class PolicyForm(Strict):
    """The file."""

    policy: Literal["record"]
    version: date
    instruments: Mapping[Name, InstrumentForm] = {}
    checkpoint_hours: HoursForm


def load_period(own: Path | None = None, shipped: Path = SHIPPED) -> timedelta:
    """For how long entries may stand without a checkpoint.

    Raises SourceError for a file that cannot be taken.
    """
    form = parse(read(shipped if own is None else own), PolicyForm)
    return timedelta(hours=form.checkpoint_hours.value)
