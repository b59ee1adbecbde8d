"""How large files may be, and how long they may lie about: dated data, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from procedures.problems import SourceError
from procedures.schema import Citations, InstrumentForm, Strict
from procedures.source import parse, read
from workflow.files import FileLimits
from workflow.texts import Name

SHIPPED: Final = Path(__file__).with_name("limits.yaml")
_MEGABYTE: Final = 1024 * 1024
_Whole = Annotated[int, Field(ge=1, le=10**9)]


class LimitForm(Strict):
    """A number by the day from which it holds."""

    value: Mapping[date, _Whole]
    cite: Citations


class LimitsForm(Strict):
    """The file of limits."""

    limits: Literal["files"]
    version: date
    instruments: Mapping[Name, InstrumentForm]
    file_megabytes: LimitForm
    staged_megabytes: LimitForm
    staged_days: LimitForm
    warned_days: LimitForm


def load_limits(day: date, own: Path | None = None) -> FileLimits:
    """The limits in force on a day.  Raises SourceError where there are none."""
    document = read(own or SHIPPED)
    form = parse(document, LimitsForm)
    found: dict[str, int] = {}
    for name in ("file_megabytes", "staged_megabytes", "staged_days", "warned_days"):
        values: LimitForm = getattr(form, name)
        began = [each for each in values.value if each <= day]
        if not began:
            raise SourceError([document.problem((name, "value"), "file.no_limit", name=name)])
        found[name] = values.value[max(began)]
    return FileLimits(
        found["file_megabytes"] * _MEGABYTE,
        found["staged_megabytes"] * _MEGABYTE,
        found["staged_days"],
        found["warned_days"],
    )
