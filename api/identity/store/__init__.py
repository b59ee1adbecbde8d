"""Every query of identity's own tables; begins and ends no transaction."""

from __future__ import annotations

from api.identity.store.accounts import Accounts
from api.identity.store.doors import (
    Door,
    every_organisation,
    refused_token,
    session_door,
    token_door,
    whose_link,
    whose_session,
)
from api.identity.store.events import Events
from api.identity.store.keys import Keys
from api.identity.store.requests import Requests
from api.identity.store.sessions import Sessions
from api.identity.store.sources import Sources

__all__ = [
    "Door",
    "Store",
    "every_organisation",
    "refused_token",
    "session_door",
    "token_door",
    "whose_link",
    "whose_session",
]


class Store(Events, Accounts, Sessions, Sources, Keys, Requests):
    """Queries over one connection, for one organisation."""
