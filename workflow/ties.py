"""How a unit or a person can be tied to a matter, and by whom that is told.  Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Side(StrEnum):
    """What a party to a matter is.

    FUNCTION stands for whichever units have it; it is resolved before anything is kept.
    """

    UNIT = "unit"
    PERSON = "person"
    FUNCTION = "function"


class Tie(StrEnum):
    """Why somebody is a party to a matter.

    CONSULTED: the unit is asked in a step, or has filed its opinion.  DECIDING: the matter is for
    the unit to decide.  TABLED: it is, or was, before the body that sits in the unit; or it came
    before the person in a meeting, who withdrew from it.  ARCHIVE: it has been decided or has
    ended, and the unit files it.  ASKED: an expert or counsel is asked.
    AUTHOR: the person is named as an author of a text.  DOER: the person did something on it, or
    had it done.  NAMED: the person is among those to whom the matter is restricted.
    """

    PROPOSING = "proposing"
    LEAD = "lead"
    CO = "co"
    STUDY = "study"
    EXECUTING = "executing"
    CONSULTED = "consulted"
    DECIDING = "deciding"
    TABLED = "tabled"
    ARCHIVE = "archive"
    ASKED = "asked"
    AUTHOR = "author"
    DOER = "doer"
    NAMED = "named"


class Party(NamedTuple):
    """A unit (by its id) or a person (by account) that has a part in a matter, and why."""

    side: Side
    code: str
    tie: Tie
