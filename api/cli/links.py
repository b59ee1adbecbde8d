"""One-time links as they are told, once: where to open them, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.settings import address

if TYPE_CHECKING:
    from api.identity.records import NewLink
    from api.presenting.page import Page
    from workflow.catalogue import Catalogue


def link_data(link: NewLink) -> dict[str, object]:
    """A link for programs."""
    return {
        "account": link.account,
        "link": _place(link),
        "expires_at": link.expires_at.isoformat(),
    }


def write_link(
    page: Page, catalogue: Catalogue, link: NewLink, time_zone: str, place: str | None = None
) -> None:
    """A link for people; the address on a line of its own, to be copied whole.

    `place` is where the program is reached, where that is known better than by the settings.
    """
    until = link.expires_at.astimezone(ZoneInfo(time_zone))
    page.line(catalogue.text("account.link", account=link.account, until=until))
    # Not wrapped: a broken address opens nothing.
    page.block(f"    {_place(link, place)}")


def _place(link: NewLink, place: str | None = None) -> str:
    return f"{place or address()}/start/{link.token}"
