"""All questions of one database, whoever asks."""

from __future__ import annotations

from workflow.inquiry.journal import Journal
from workflow.inquiry.matters import Matters
from workflow.inquiry.moves import Moves
from workflow.inquiry.options import Options
from workflow.inquiry.organisations import Organisations
from workflow.inquiry.paging import Paging
from workflow.inquiry.plans import Plans
from workflow.inquiry.sent_in import SentIn
from workflow.inquiry.signatures import Signatures
from workflow.inquiry.watched import Watching
from workflow.inquiry.yearly import Yearly


class Whole(
    Organisations,
    Matters,
    Plans,
    Moves,
    Paging,
    Journal,
    Yearly,
    Options,
    SentIn,
    Signatures,
    Watching,
):
    """Answers every question in full."""
