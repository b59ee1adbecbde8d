"""What several commands need for an answer: the words for a matter, or for none, on this day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from api.bootstrap import House
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.ports import Clock


@dataclass(frozen=True)
class Words:
    """Words for what concerns one matter, or only its organisation."""

    wording: Wording
    refusals: Refusals


def words_for(
    catalogue: Catalogue, house: House[Clock], organisation: str, matter: str | None
) -> Words:
    """The words for a matter under the procedure that it is pinned to; without one, today's."""
    inquiry = house.inquiry
    if matter is None:
        procedure = inquiry.procedure(organisation)
        directory = inquiry.directory(organisation)
        facts, day = None, today(house, organisation)
    else:
        standing = inquiry.matter(organisation, matter)
        procedure, directory = standing.procedure, standing.directory
        facts, day = standing.facts, standing.today
    wording = Wording(catalogue, procedure, directory)
    return Words(wording, Refusals(catalogue, wording, directory, facts, day))


def today(house: House[Clock], organisation: str) -> date:
    """The business date of an organisation."""
    zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
    return house.clock.now().astimezone(zone).date()
