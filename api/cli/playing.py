"""Playing a scenario for the commands `play` and `demo`: the database, the journey, its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from api.bootstrap import House, open_rehearsal, stage
from api.cli.failing import REFUSED
from api.cli.invocation import Invocation
from api.founding import found
from api.migrations import upgrade
from api.presenting.audits import write_audit
from api.presenting.days import Days
from api.presenting.journey import Journey
from api.presenting.meetings import Sheet
from api.presenting.slip import agenda_slip
from api.presenting.values import as_data
from api.rehearsal import Played, Stage, play
from procedures.book import rehearsed
from procedures.organisation import ORGANISATIONS, Organisation, load_organisation
from procedures.scenario import Scenario, moments
from workflow.clock import FixedClock
from workflow.errors import NotFound

_SHEET = 88


@contextmanager
def passing_database() -> Iterator[str]:
    """A database that is gone afterwards."""
    with TemporaryDirectory(prefix="yicheng-") as folder:
        yield f"sqlite:///{Path(folder) / 'rehearsal.db'}"


@contextmanager
def fresh_house(database_url: str, scenario: Scenario) -> Iterator[House[FixedClock]]:
    """A new database with the organisation of the scenario, founded on the scenario's first day."""
    organisation = _shipped(scenario.organisation, scenario.profile)
    upgrade(database_url)
    zone = ZoneInfo(organisation.time_zone)
    with open_rehearsal(database_url, _first(scenario).replace(tzinfo=zone)) as house:
        found(house.uow, organisation, house.clock, house.digests)
        yield house


@contextmanager
def present_house(database_url: str, scenario: Scenario) -> Iterator[House[FixedClock]]:
    """A database that is there already, with whatever is in it."""
    with open_rehearsal(database_url) as house:
        home = house.inquiry.organisation(scenario.organisation)
        house.clock.set(_first(scenario).replace(tzinfo=ZoneInfo(home.time_zone)))
        yield house


def perform(invocation: Invocation, scenario: Scenario, house: House[FixedClock]) -> int:
    """Play the scenario and tell it; gives the exit status."""
    set_stage = stage(house, scenario.organisation)
    if invocation.as_json:
        return _give(invocation, scenario, set_stage)
    catalogue, page = invocation.catalogue, invocation.page
    days = Days(catalogue, house.days)
    journey = Journey(page, catalogue, days, house.counting, set_stage)
    journey.begin(scenario)
    papers = _Papers(invocation, house, scenario.organisation)
    for played in play(scenario, set_stage):
        journey.write(played)
        papers.note(played)
    journey.end()
    papers.write()
    page.blank()
    audit = house.inquiry.audit(scenario.organisation)
    write_audit(page, catalogue, audit)
    return REFUSED if journey.unmet or audit.flaws else 0


def _give(invocation: Invocation, scenario: Scenario, set_stage: Stage) -> int:
    steps = []
    for played in play(scenario, set_stage):
        error = None if played.error is None else as_data(played.error, invocation.catalogue)
        steps.append(
            {
                "number": played.number,
                "at": played.at.isoformat(),
                "actor": played.actor,
                "principal": played.principal,
                "command": played.step.do,
                "matter": played.matter,
                "meeting": played.meeting,
                "outcome": None if played.outcome is None else played.outcome.to_json(),
                "error": error,
                "met": played.met,
                "differences": [as_data(each, invocation.catalogue) for each in played.differences],
            }
        )
    audit = set_stage.inquiry.audit(set_stage.organisation)
    met = all(step["met"] for step in steps)
    journal = {"entries": audit.entries, "digest": audit.head.digest, "flaws": len(audit.flaws)}
    answer = {"scenario": scenario.scenario, "met": met, "steps": steps, "journal": journal}
    invocation.give(answer)
    return 0 if met and not audit.flaws else REFUSED


class _Papers:
    """What the meetings saw and what they issued: the slips of their items, and their minutes."""

    def __init__(self, invocation: Invocation, house: House[FixedClock], organisation: str) -> None:
        self._invocation = invocation
        self._house = house
        self._organisation = organisation
        self._width = min(_SHEET, invocation.page.terminal.width)
        self._slips: dict[tuple[str, str], str] = {}
        self._closed: list[str] = []

    def note(self, played: Played) -> None:
        """Draw up the slip while the matter stands as its meeting is told, and not later."""
        outcome = played.outcome
        if outcome is None or not outcome.done or outcome.meeting is None:
            return
        if played.step.do == "close_meeting":
            self._closed.append(outcome.meeting)
        if outcome.matter is None:
            return
        if played.step.do == "remove_agenda_item":
            self._slips.pop((outcome.matter, outcome.meeting), None)
        clearance = (outcome.result or {}).get("clearance")
        if isinstance(clearance, int):
            self._slips[outcome.matter, outcome.meeting] = agenda_slip(
                self._invocation.catalogue,
                self._house.inquiry.matter(self._organisation, outcome.matter),
                self._house.inquiry.meeting(self._organisation, outcome.meeting),
                clearance,
                self._width,
            )

    def write(self) -> None:
        """The slips in the order in which they were drawn up, then the minutes of what is over."""
        page = self._invocation.page
        for slip in self._slips.values():
            page.blank()
            page.block(slip)
        for code in self._closed:
            convened = self._house.inquiry.convened(self._organisation, code)
            page.blank()
            page.block(Sheet(self._invocation.catalogue, convened).minutes(self._width))


def _first(scenario: Scenario) -> datetime:
    return next(moments(scenario.steps))


def _shipped(code: str, profile: str | None) -> Organisation:
    """The organisation of that code among those of the distribution, under its or another profile.

    Raises NotFound where there is no such organisation or profile.
    """
    book = rehearsed()
    paths = sorted(ORGANISATIONS.glob("*.yaml"))
    known = [load_organisation(path, book) for path in paths]
    for path, organisation in zip(paths, known, strict=True):
        if organisation.id == code:
            return organisation if profile is None else load_organisation(path, book, profile)
    raise NotFound("play.no_organisation", name=code, known=tuple(each.id for each in known))
