"""What is answered: frozen, and with all that its words need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflow.anchoring import NOT_COVERED, Coverage
from workflow.definition import Gate, Procedure
from workflow.directory import Directory
from workflow.facts import Facts, Linked, Record
from workflow.holiday_forms import ImportHolidays
from workflow.journal import Flaw, Head
from workflow.meeting import Meeting
from workflow.planning import Duty, Plan, Wish
from workflow.ports import Assessment
from workflow.recurring import Ledger
from workflow.refusals import Unmet
from workflow.sealing import SignedAct
from workflow.searching import Snippet
from workflow.signers import Signer
from workflow.timeline import Turn
from workflow.yearly_catalogue import Entry as CatalogueEntry
from workflow.yearly_catalogue import YearlyCatalogue, completion_due, publication_due


@dataclass(frozen=True, slots=True)
class Line:
    """A matter in a list. `procedure` names its stages.

    `owed` is what is owed on it for what was let pass, `duties` what is after the decision.
    `found` is where what was searched for stands in it.
    """

    number: str
    title: str
    stage: str
    unit: str
    paused: bool
    changed_at: datetime
    procedure: Procedure
    owed: tuple[Unmet, ...] = ()
    duties: tuple[Duty, ...] = ()
    found: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter with everything that can be said of it today.

    `unmet` is what still stands before `gate`: the agenda, after the decision its issue, and after
    that its close.  `commands` is what its stage allows; `owed` what is owed on it for what was let
    pass in advance, `linked` the emergency whose measure it is to make permanent.  `flags` are what
    a meeting is told of it though nothing refuses, `entry` the entry of a yearly catalogue that it
    is, `duties` what is owed where no meeting is ahead.  `signatures` are every act
    that is signed, or should be, and told only where one matter is asked for.  `withheld` are the
    parts that were left out or masked for whoever asked.
    """

    facts: Facts
    procedure: Procedure
    directory: Directory
    today: date
    assessments: Mapping[str, Assessment]
    unmet: tuple[Unmet, ...]
    commands: tuple[str, ...]
    flags: tuple[Unmet, ...] = ()
    entry: CatalogueEntry | None = None
    gate: Gate = Gate.AGENDA
    owed: tuple[Unmet, ...] = ()
    duties: tuple[Duty, ...] = ()
    linked: Mapping[str, Linked] = field(default_factory=dict)
    signatures: tuple[SignedAct, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueStanding:
    """The catalogue of a year as it stands; `matters` are those that are its entries.

    `publication_due` and `completion_due` are the last days for it, where a rule sets one.
    """

    catalogue: YearlyCatalogue
    procedure: Procedure
    directory: Directory
    today: date
    matters: tuple[tuple[int, str, str], ...]

    @property
    def publication_due(self) -> date | None:
        """The last day for publishing it."""
        return publication_due(self.procedure, self.catalogue.year)

    @property
    def completion_due(self) -> date | None:
        """The last day for publishing what became of its entries."""
        return completion_due(self.procedure, self.catalogue.year)


@dataclass(frozen=True, slots=True)
class HolidayStanding:
    """The notices on holidays that an organisation took in, each with the act that did it."""

    records: tuple[Record, ...]
    notices: tuple[ImportHolidays, ...]
    directory: Directory


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """The recurring duties of a year as they stand on a day."""

    ledger: Ledger
    procedure: Procedure
    directory: Directory
    today: date


@dataclass(frozen=True, slots=True)
class Convened:
    """A meeting with the matters that are or were on its agenda, and the rules of its body.

    `notice_by` is the last day for fixing its agenda, `withheld` are the parts that were left out
    for whoever asked; an item that is kept from them stands there without the number of its matter.
    """

    meeting: Meeting
    matters: Mapping[str, Facts]
    procedure: Procedure
    directory: Directory
    today: date
    owed: Mapping[str, tuple[Unmet, ...]]
    notice_by: date
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a matter can be heard; `meeting` is the one whose agenda it is on already, if any.

    `wish` is there where a day was wished for.
    """

    standing: Standing
    plan: Plan
    wish: Wish | None
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert in somebody's inbox; `count` says how often the same thing was tried that day.

    `now` tells of each refusal how it stands today: None where it has been cured since.
    """

    id: int
    kind: str
    day: date
    count: int
    first_at: datetime
    last_at: datetime
    read: bool
    body: Mapping[str, Any]
    refusals: tuple[Unmet, ...]
    now: tuple[Unmet | None, ...]
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of verifying a journal: how many entries, where it ends, and what is wrong.

    `signers` are the keys with which acts are signed, `turns` where the clock was set back.
    """

    entries: int
    head: Head
    flaws: tuple[Flaw, ...]
    coverage: Coverage = NOT_COVERED
    signers: tuple[Signer, ...] = ()
    turns: tuple[Turn, ...] = ()
