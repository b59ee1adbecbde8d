"""What is filed of the retainer (聘用) of a law firm: who advises, how long, where it is filed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from workflow.idle import Told
from workflow.ports import Payload
from workflow.texts import Day, Line, Name

Clients = Annotated[StrictInt, Field(ge=1, le=1000)]
Number = Annotated[StrictInt, Field(ge=1)]


class Filing(Payload):
    """The filing (备案) of a retainer: with whom, the number of the receipt and its day."""

    office: Line
    number: Line
    filed_on: Day


class RetainedLawyer(Payload):
    """A lawyer of the firm, and of how many governments adviser as stated on that day.

    `clients` counts governments and their departments, this one included.
    """

    account: Name
    clients: Clients
    stated_on: Day


class FileRetainer(Payload):
    """Retain a law firm: these lawyers, from `since` to `until`, both days included.

    `basis` is the contract, `filing` where it was filed, which may also be told later.
    """

    firm: Name
    lawyers: Annotated[tuple[RetainedLawyer, ...], Field(min_length=1, max_length=100)]
    since: Day
    until: Day
    basis: Line
    filing: Filing | None = None


class RegisterRetainer(Payload):
    """Tell where a retainer was filed (备案)."""

    retainer: Number
    filing: Filing


class StateClients(Payload):
    """State of how many governments a retained lawyer is adviser, this one included."""

    lawyer: Name
    clients: Clients
    stated_on: Day


class EndRetainer(Payload):
    """End a retainer before its time: `last_day` is the last on which it holds."""

    retainer: Number
    last_day: Day
    reasons: Told
