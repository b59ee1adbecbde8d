"""Questions about matters, people's alerts and the journal. Reads one unchanging view, no locks.

One room for each subject; `Inquiry` is all of them, and what they answer stands in `answers`.
"""

from __future__ import annotations

from workflow.inquiry.answers import (
    Audit,
    CatalogueStanding,
    Convened,
    Forecast,
    Line,
    Notice,
    Standing,
)
from workflow.inquiry.base import PAGE
from workflow.inquiry.inbox import Inbox
from workflow.inquiry.journal import Journal
from workflow.inquiry.matters import Matters
from workflow.inquiry.meetings import Meetings
from workflow.inquiry.moves import ANYBODY, Moves
from workflow.inquiry.options import Options
from workflow.inquiry.organisations import Organisations
from workflow.inquiry.plans import Plans
from workflow.inquiry.published import Heard, Public, Published
from workflow.inquiry.yearly import Yearly

__all__ = [
    "ANYBODY",
    "PAGE",
    "Audit",
    "CatalogueStanding",
    "Convened",
    "Forecast",
    "Heard",
    "Inquiry",
    "Line",
    "Notice",
    "Published",
    "Standing",
]


class Inquiry(
    Organisations, Matters, Plans, Moves, Meetings, Inbox, Journal, Yearly, Options, Public
):
    """Answers questions for one database."""
