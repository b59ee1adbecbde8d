"""What a refusal is made of: every unmet condition with its law, its cure and its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.definition import Citation, Holder


@dataclass(frozen=True, slots=True)
class Unmet:
    """One condition that stands in the way.

    `code` names the messages `refusal.<code>.what` and `refusal.<code>.evidence`.  `citations`
    are the provisions that demand it.  `cured_by` names the roles that can cure it and `earliest`
    the first day (business date of the organisation) on which it can be cured; None where no day
    can be told, as for a person who may never do this act.  `act` is the act that cures it, where
    one is meant; it tells what to do next and belongs to no record.
    """

    code: str
    citations: tuple[Citation, ...]
    params: Mapping[str, object] = field(default_factory=dict)
    step: str | None = None
    cured_by: tuple[Holder, ...] = ()
    earliest: date | None = None
    provisional: bool = False
    act: str = field(default="", compare=False)
