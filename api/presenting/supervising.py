"""For whoever supervises: where matters left their course, and what is late on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from api.presenting.departures import departure_rows, departures_data
from api.presenting.duties import deadline_mark, duty_data
from api.presenting.page import Page, Style
from api.presenting.wrapping import cut
from procedures.wording import Wording
from workflow.canonical import unmet_to_json
from workflow.catalogue import Catalogue
from workflow.inquiry import Standing

_TITLE = 44


def write_supervision(page: Page, catalogue: Catalogue, standings: Sequence[Standing]) -> None:
    """Each matter that left its course or owes something, with what, by whom and why."""
    told = [(each, list(_rows(catalogue, each))) for each in standings]
    told = [(each, rows) for each, rows in told if rows]
    if not told:
        page.line(catalogue.text("matter.no_departures"), style=Style.DONE)
    for number, (standing, rows) in enumerate(told):
        if number:
            page.blank()
        facts = standing.facts
        title = cut(facts.title, _TITLE)
        page.heading(catalogue.text("matter.name", number=facts.number, title=title))
        page.table(rows, indent="  ")


def _rows(catalogue: Catalogue, standing: Standing) -> Iterator[tuple[str, str]]:
    wording = Wording(catalogue, standing.procedure, standing.directory)
    yield from departure_rows(catalogue, standing)
    for unmet in standing.owed:
        words = wording.refusal(unmet, standing.facts, standing.today)
        yield catalogue.text("matter.owed"), words.what
    for duty in standing.duties:
        if duty.overdue and duty.unmet not in standing.owed:
            late = deadline_mark(catalogue, (duty,), wording)
            yield catalogue.text("matter.late"), late


def supervision_data(standing: Standing) -> dict[str, Any]:
    """The same of one matter for programs."""
    return {
        "matter": standing.facts.number,
        "title": standing.facts.title,
        "stage": standing.facts.stage,
        "departures": departures_data(standing),
        "owed": [unmet_to_json(each) for each in standing.owed],
        "overdue": [duty_data(duty) for duty in standing.duties if duty.overdue],
    }
