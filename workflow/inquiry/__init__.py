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
from workflow.inquiry.journal import Journal
from workflow.inquiry.matters import Matters
from workflow.inquiry.moves import ANYBODY, Moves
from workflow.inquiry.options import Options
from workflow.inquiry.organisations import Organisations
from workflow.inquiry.paging import Paging
from workflow.inquiry.plans import Plans
from workflow.inquiry.yearly import Yearly
from workflow.listing import Page, Query, Sort, Visible
from workflow.searching import Part, Snippet

__all__ = [
    "ANYBODY",
    "PAGE",
    "Audit",
    "CatalogueStanding",
    "Convened",
    "Forecast",
    "Inquiry",
    "Line",
    "Notice",
    "Page",
    "Part",
    "Query",
    "Snippet",
    "Sort",
    "Standing",
    "Visible",
]


class Inquiry(Organisations, Matters, Plans, Moves, Paging, Journal, Yearly, Options):
    """Answers questions for one database."""
