"""All rooms of the store over one connection."""

from __future__ import annotations

from workflow.store.agendas import Agendas
from workflow.store.alerts import Alerts
from workflow.store.checkpoints import Checkpoints
from workflow.store.definitions import Definitions
from workflow.store.deliveries import Deliveries
from workflow.store.files import Files
from workflow.store.journal import Journal
from workflow.store.lists import Lists
from workflow.store.meetings import Meetings
from workflow.store.numbers import Numbers
from workflow.store.parties import Parties
from workflow.store.people import People
from workflow.store.requests import Requests
from workflow.store.submissions import Submissions
from workflow.store.texts import Texts
from workflow.store.traces import Traces
from workflow.store.wakes import Wakes
from workflow.store.wishes import Wishes
from workflow.store.yearly import Yearly


class Store(
    Submissions,
    Lists,
    Definitions,
    Texts,
    Files,
    Numbers,
    Parties,
    Meetings,
    Agendas,
    Journal,
    Checkpoints,
    Traces,
    Requests,
    People,
    Yearly,
    Deliveries,
    Wishes,
    Alerts,
    Wakes,
):
    """Queries over one connection, for one organisation."""
