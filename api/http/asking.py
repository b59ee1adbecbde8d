"""The one place where the door's questions get their reader."""

from __future__ import annotations

from api.bootstrap import House
from api.identity.principal import Principal
from workflow.errors import Forbidden
from workflow.inquiry import Reader
from workflow.ports import Clock


def reader_of(house: House[Clock], organisation: str, account: str) -> Reader:
    """What an account may ask that is known by a secret of its own, and by no session."""
    return house.inquiry.seen_by(organisation, account)


def reader(house: House[Clock], principal: Principal, *, names: bool = False) -> Reader:
    """What the principal may ask.  Raises Forbidden for the three administrators."""
    if principal.administrator is not None:
        raise Forbidden("http.administrator")
    return house.inquiry.seen_by(principal.organisation, principal.account, names=names)
