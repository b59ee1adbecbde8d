"""Everything of what goes out, put together for one database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import random
from secrets import token_hex
from typing import Final

from notifications.backing_off import Chance
from notifications.channels.port import Channel
from notifications.dispatch import Dispatch
from notifications.lettering import Lettering
from notifications.outbox import Outbox
from notifications.policy import DeliveryPolicy
from notifications.rules import NoticeBook, shipped_notices
from notifications.sending import Sending
from notifications.wishing import Wishing
from notifications.wording import Letters
from workflow.errors import BadInput
from workflow.inquiry import Inquiry
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.uow import UnitOfWork

_CLAIM_BYTES: Final = 8


@dataclass(frozen=True)
class Delivering:
    """Handing over, sending, wishing and asking; `channels` are those of the installation."""

    channels: Mapping[str, Channel]
    policy: DeliveryPolicy
    dispatch: Dispatch
    sending: Sending
    wishing: Wishing
    outbox: Outbox


def delivering(  # noqa: PLR0913 (its parts)
    uow: UnitOfWork,
    rules: Rulebook,
    clock: Clock,
    inquiry: Inquiry,
    channels: Mapping[str, Channel],
    policy: DeliveryPolicy,
    *,
    link: str,
    notices: NoticeBook | None = None,
    letters: Letters | None = None,
    chance: Chance = random,
) -> Delivering:
    """Put it together; `link` is where a browser finds the inbox.

    Raises BadInput for a channel that may take longer than a delivery belongs to who claimed it:
    it would be given back for ever and never be tried.
    """
    for each in channels.values():
        if each.seconds >= policy.lease.total_seconds():
            raise BadInput(
                "notify.short_lease",
                channel=each.id,
                seconds=each.seconds,
                lease=policy.lease_seconds.value,
            )
    book = shipped_notices() if notices is None else notices

    def switchable(profile: str, day: date) -> frozenset[str]:
        rules = book.rules(profile, day).rules
        free = {rule.id for rule in rules if rule.may_be_switched_off}
        return frozenset(policy.may_be_switched_off) | free

    words = Letters(book.titles) if letters is None else letters
    writer = Lettering(inquiry, clock, link, words)
    dispatch = Dispatch(uow, rules, clock, policy, channels.keys(), switchable)
    sending = Sending(
        uow, rules, clock, policy, channels, writer, chance, lambda: token_hex(_CLAIM_BYTES)
    )
    wishing = Wishing(uow, clock, channels, switchable)
    return Delivering(
        channels, policy, dispatch, sending, wishing, Outbox(uow, rules, clock, policy)
    )
