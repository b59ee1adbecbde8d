"""Accounts and security events, as programs are told of them; the same at every door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.identity.events import Event
from api.identity.records import Account, AccountView
from notifications.inbox import AlertWords
from workflow.catalogue import Catalogue

#: The kind of what an inbox tells about the account itself.
ACCOUNT: Final = "account"


def kind_of(account: Account) -> str:
    """What an account is: one of the administrators, a service, or a person."""
    if account.administrator is not None:
        return account.administrator.value
    return "service" if account.service else "person"


def account_data(account: Account, now: datetime) -> dict[str, object]:
    """An account, without anything that opens it."""
    return {
        "account": account.name,
        "kind": kind_of(account),
        "password": account.password is not None,
        "locked": account.locked_until is not None and account.locked_until > now,
        "disabled": account.disabled_at is not None,
    }


def notice_words(
    catalogue: Catalogue, notices: Iterable[tuple[datetime, str]], zone: ZoneInfo
) -> list[AlertWords]:
    """What was done to what opens an account, as its owner's inbox tells it."""
    say = catalogue.text
    return [
        AlertWords(
            id=0,
            kind=ACCOUNT,
            todo=say("account.notice", kind=say(f"security.kind.{kind}")),
            tasks=(),
            reasons=(),
            about=(),
            times=say("account.notice_times", at=at.astimezone(zone)),
            cured=0,
            count=1,
            read=False,
        )
        for at, kind in notices
    ]


def view_data(view: AccountView, now: datetime) -> dict[str, object]:
    """One account, or somebody of the directory who has none yet."""
    none = {"account": view.name, "kind": "person", "password": False}
    found = (
        {**none, "locked": False, "disabled": False}
        if view.account is None
        else account_data(view.account, now)
    )
    return {**found, "waiting": view.waiting}


def event_data(event: Event) -> dict[str, object]:
    """A security event."""
    return {
        "event": event.seq,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "result": "done" if event.done else "refused",
        "reason": event.reason,
        "account": event.account,
        "actor": event.actor,
        "client": event.client,
        "request": event.request,
    }
