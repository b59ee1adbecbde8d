"""One's inbox a page at a time: what was done with one's account, what is owed, then alerts."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from api.http.door import Call
from api.presenting.accounts import notice_words
from notifications.inbox import AlertWords, told_to
from workflow.errors import BadInput
from workflow.listing import Page, Place

#: What a place in an inbox begins with: among what is owed, or among the alerts.
_OWED: Final = "owed"
_TOLD: Final = "told"


def tasks_page(call: Call, limit: int, after: Place) -> Page[AlertWords]:
    """What was done with one's account; what is one's own to do; one's alerts, the newest first.

    All that is owed on a matter stands on one page, though it be one line more than fits.  Raises
    BadInput for what is no place.
    """
    among, rest = (after[0], after[1:]) if after else (_OWED, ())
    if among not in (_OWED, _TOLD):
        raise BadInput("list.place", place=",".join(after))
    if among == _TOLD:
        return _alerts(call, limit, rest)
    found = [] if rest else _of_account(call)
    last = rest
    directory = call.ask.words()[1]
    for standing in call.ask.debts(rest):
        told = told_to(call.catalogue, directory, call.account, (), (standing,), {})
        if found and len(found) + len(told) > limit:
            return Page(found, (_OWED, *last))
        found += told
        last = (standing.facts.number,)
    left = limit - len(found)
    alerts = _alerts(call, max(left, 1), ())
    if left > 0:
        return Page([*found, *alerts.items], alerts.next)
    return Page(found, (_TOLD,) if alerts.items else None)


def _of_account(call: Call) -> list[AlertWords]:
    """What was done with one's account of late."""
    zone = ZoneInfo(call.ask.organisation().time_zone)
    return notice_words(call.catalogue, call.house.identity.notices(call.principal), zone)


def _alerts(call: Call, limit: int, after: Place) -> Page[AlertWords]:
    page = call.ask.inbox_page(limit, after)
    directory, facts = call.ask.words()[1], call.ask.told_of(page.items)
    told = told_to(call.catalogue, directory, call.account, page.items, (), facts)
    return Page(told, None if page.next is None else (_TOLD, *page.next))
