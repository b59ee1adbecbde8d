"""Whoever stands at the door, once it is known who that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Administrator(StrEnum):
    """The three administrators (三员), who are apart from each other and from all business."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Principal:
    """An account that has been recognised; `account` is that of the directory, but for the three.

    `session` is the key of the session, None where a token was shown; `scopes` are those of the
    token, None where everything is allowed that the account may.  `second_factor_at` is when a
    second factor was last shown in this session, `confirmed_at` when the password last was.
    """

    organisation: str
    account: str
    administrator: Administrator | None = None
    session: int | None = None
    scopes: frozenset[str] | None = None
    second_factor_at: datetime | None = None
    confirmed_at: datetime | None = None


class Authenticator(Protocol):
    """Tells from what was shown at the door who it is.  `client` is the address it comes from."""

    def by_session(self, token: str, *, client: str) -> Principal | None:
        """The principal of a session that holds still; using it keeps it from going idle."""

    def by_token(self, token: str, *, client: str) -> Principal | None:
        """The principal of a service token that holds still."""

    def out_of_scope(self, principal: Principal, *, client: str) -> None:
        """Note that a service token was shown for something that it was not made for."""

    def csrf(self, token: str) -> str:
        """What a page of this session has to send back with every change."""
