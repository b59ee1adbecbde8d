"""A forecast in words, where no open matter is to be told about: tabled, barred."""

from __future__ import annotations

from api.presenting.days import Days
from api.presenting.page import Page, Terminal
from api.presenting.plan import Outline
from api.presenting.plan_data import forecast_data
from procedures.dates import load_days
from tests.unit.builders import Matter, directory, lens, meeting, ready
from workflow.catalogue import catalogue_for
from workflow.guards import assess
from workflow.inquiry import Forecast, Standing
from workflow.planning import plan


def forecast(matter: Matter) -> Forecast:
    looked, facts = lens(rules=matter.rules), matter.facts
    standing = Standing(
        facts, matter.rules, directory(), looked.today, assess(looked, facts), (), ()
    )
    tabled = None if facts.meeting is None else meeting(matters=(facts.number,))
    return Forecast(standing, plan(looked, facts), None, tabled)


def told(matter: Matter, locale: str = "zh") -> list[str]:
    lines: list[str] = []
    catalogue = catalogue_for(locale)
    outline = Outline(catalogue, Days(catalogue, load_days()), forecast(matter))
    outline.write(Page(Terminal(), lambda line: lines.append(str(line))))
    return lines


def test_of_a_tabled_matter_the_meeting_is_told() -> None:
    matter = ready(meeting="PG-2026-1").passed()
    matter.stage = "tabled"
    assert told(matter) == ["2026-1 已列入会议 PG-2026-1 的议程，会期为2026年11月6日（周五）。"]
    assert forecast_data(forecast(matter))["tabled"] == {
        "meeting": "PG-2026-1",
        "held_on": "2026-11-06",
    }


def test_of_a_barred_matter_the_steps_are_told() -> None:
    matter = ready()
    matter.records = matter.records[1:]
    assert told(matter, "en") == [
        "2026-1 cannot go on: these steps are open, and no stage ahead allows them: study before",
        "the start.",
    ]
    assert forecast_data(forecast(matter))["barred"] == ["study"]
