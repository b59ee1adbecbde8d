"""The sweep over a database: who is told what, once, and what becomes of it when things change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from api.bootstrap import open_rehearsal, stage
from api.founding import found
from api.rehearsal import play
from api.scheduling import chores, scheduler_of
from notifications.rules import shipped_notices
from notifications.scheduler import Chore, Scheduler
from notifications.sweep import Sweep, Swept
from tests.integration import house as h
from tests.integration.house import Zone
from tests.integration.test_reading import restrict
from tests.scenarios.test_scenarios import SAMPLE, sample, scenario
from tests.year.life import SHORT_CALL
from workflow.errors import NotFound
from workflow.inquiry.watched import Watched
from workflow.leadership import Leadership
from workflow.store import HOUSE, Store, home
from workflow.uow import create_engine

#: What tells nothing of the one kind of database or the other is tried on one.
ON_ONE: Final = pytest.mark.parametrize("backend", ["sqlite"])


def sweep_of(zone: Zone) -> Sweep:
    return Sweep(zone.house.uow, zone.house.inquiry, zone.house.clock, shipped_notices())


def told(zone: Zone, *rules: str) -> list[tuple[str, str, str]]:
    """Rule, occasion and account of everything that was told so far, or of these rules.

    What falls due every quarter is told of by name only: it comes with the calendar.
    """
    rows = zone.rows(
        "SELECT rule, threshold, recipient FROM alert WHERE rule IS NOT NULL ORDER BY id"
    )
    found = [(str(rule), str(threshold), str(who)) for rule, threshold, who in rows]
    by_name = rules or {rule for rule, _, _ in found} - {"duty", "duty_opened"}
    return [each for each in found if each[0] in by_name]


def until_quiet(sweep: Sweep) -> Swept:
    done = found = sweep.run()
    while found.looked:
        found = sweep.run()
        done += found
    return done


def test_what_comes_is_told_on_its_day_once_and_goes_up_if_nobody_knows(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("awaiting_review")
    zone.do(h.ACCEPT)
    until_quiet(sweep)
    assert {who for _, _, who in told(zone, "counsel_asked")} == {
        h.COUNSEL,
        "second_firm.counsel",
    }
    days: dict[str, list[str]] = {}
    for _ in range(14):
        zone.wait(1)
        before = len(told(zone))
        until_quiet(sweep)
        # Whoever looks a second time on a day tells nothing.
        assert until_quiet(sweep).told == 0
        new = {f"{rule}.{occasion}" for rule, occasion, _ in told(zone)[before:]}
        if new:
            days[zone.today.isoformat()] = sorted(new)
    assert days == {
        "2026-03-04": ["counsel_awaited.reminded"],
        "2026-03-06": ["counsel_awaited.urged"],
        "2026-03-09": ["counsel_awaited.urged.up1"],
        "2026-03-11": ["floor.reached"],
        "2026-03-13": ["reviewer_silent.reminded"],
    }
    assert set(told(zone, "floor")) >= {("floor", "reached", h.REVIEWER)}


@ON_ONE
def test_only_the_counsel_who_were_asked_hear_that_they_were(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("awaiting_review")
    zone.do(h.ASK_COUNSEL)
    until_quiet(sweep)
    assert {who for _, _, who in told(zone, "counsel_asked")} == {h.COUNSEL}
    zone.do(h.ACCEPT)
    until_quiet(sweep)
    zone.wait(2)
    until_quiet(sweep)
    heard = {who for _, _, who in told(zone, "counsel_asked", "counsel_awaited")}
    assert "second_firm.counsel" not in heard


@ON_ONE
def test_after_a_week_without_it_only_what_still_matters_is_told_and_said_to_be_late(
    zone: Zone,
) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("awaiting_review")
    zone.do(h.ACCEPT)
    until_quiet(sweep)
    zone.wait(7)
    done = until_quiet(sweep)
    assert {(rule, occasion) for rule, occasion, _ in told(zone)[2:]} == {
        ("counsel_awaited", "urged")
    }
    assert (len(told(zone)[2:]), done.late) == (2, 1)
    notices = zone.house.inquiry.inbox(zone.code, h.COUNSEL)
    assert notices[0].body["notice"]["late"] is True


@ON_ONE
def test_what_went_back_begins_anew_and_what_is_done_is_settled(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("awaiting_review")
    for act in (h.ACCEPT, h.RETURN, h.SUBMIT, h.ACCEPT):
        zone.do(act)
        until_quiet(sweep)
    assert len(told(zone, "counsel_asked")) == 4
    assert {who for _, _, who in told(zone, "returned")} == {h.CLERK, h.HEAD}
    zone.wait(2)
    until_quiet(sweep)
    assert len(told(zone, "counsel_awaited")) == 2
    zone.do(h.COUNSEL_OPINION)
    until_quiet(sweep)
    open_ = zone.rows(
        "SELECT count(*) FROM alert WHERE rule = 'counsel_awaited' AND settled_at IS NULL"
    )
    assert open_ == [(0,)]


@ON_ONE
def test_an_act_between_look_and_note_is_not_lost(zone: Zone) -> None:
    """The note holds only if nobody woke the matter since it was looked at."""
    zone.advance_to("awaiting_review")
    sweep = sweep_of(zone)
    until_quiet(sweep)
    zone.do(h.ACCEPT)
    watched = zone.house.inquiry.watched
    assert zone.matter is not None

    class Late:
        def watched(self, organisation: str, subject: str) -> Watched:
            found = watched(organisation, subject)
            zone.do(h.COUNSEL_OPINION)
            return found

    hasty = Sweep(sweep.uow, Late(), sweep.clock, sweep.book)  # type: ignore[arg-type]
    before = len(told(zone))
    assert hasty.look(zone.code, zone.matter) == Swept()
    assert len(told(zone)) == before
    assert until_quiet(sweep).told > 0


@ON_ONE
def test_nobody_is_told_of_a_matter_that_is_restricted_to_others(zone: Zone) -> None:
    zone.advance_to("ready")
    zone.do(restrict(h.HEAD, h.CLERK, h.LEGAL_HEAD, h.REVIEWER))
    zone.do(h.SUBMIT)
    zone.do(h.ACCEPT)
    sweep = sweep_of(zone)
    for _ in range(12):
        until_quiet(sweep)
        zone.wait(1)
    assert {who for _, _, who in told(zone)} <= {h.HEAD, h.CLERK, h.LEGAL_HEAD, h.REVIEWER}
    assert told(zone, "floor")


@ON_ONE
def test_a_quarters_duty_is_told_to_whoever_has_the_next_act_on_it(zone: Zone) -> None:
    sweep = sweep_of(zone)
    until_quiet(sweep)
    # The report on the year before was due two days ago; what was earlier is not told any more.
    assert {when for _, when, _ in told(zone, "duty", "duty_opened")} == {"missed"}
    study: dict[str, object] = {"duty": "law_study", "year": 2026, "number": 1}
    given = h.always(**study, person=h.REVIEWER)
    zone.do(h.Act("assign_duty", h.KEEPER, given, about=""))
    for _ in range(33):
        zone.wait(1)
        until_quiet(sweep)
    rows = zone.rows(
        "SELECT recipient, threshold FROM alert WHERE key LIKE 'duty::duty:law_study:%' ORDER BY id"
    )
    mine = [when for who, when in rows if who == h.REVIEWER]
    assert mine == ["coming", "soon", "due", "missed"]
    assert {who for who, when in rows if when == "missed.up1"} >= {h.LEGAL_HEAD}


@ON_ONE
def test_a_meeting_is_told_of_and_what_must_begin_for_it(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("review_passed")
    until_quiet(sweep)
    zone.do(h.CONVENE)
    (held_on,) = zone.rows("SELECT held_on FROM meeting")
    until_quiet(sweep)
    for _ in range(40):
        if zone.today.isoformat() >= str(held_on[0]):
            break
        zone.wait(1)
        until_quiet(sweep)
    kinds = {(rule, occasion) for rule, occasion, _ in told(zone)}
    assert {("agenda_freeze", "due"), ("agenda_freeze", "missed"), ("meeting", "tomorrow")} <= kinds
    assert {("forecast", "today"), ("unreachable", "found")} <= kinds
    assert h.CLERK in {who for _, _, who in told(zone, "forecast")}


@ON_ONE
def test_what_cannot_be_looked_at_is_put_off_and_the_rest_is_not(zone: Zone) -> None:
    zone.advance_to("awaiting_review")
    zone.do(h.ACCEPT)
    sweep = sweep_of(zone)
    real = zone.house.inquiry

    class Broken:
        due_subjects = real.due_subjects

        def watched(self, organisation: str, subject: str) -> Watched:
            if subject == HOUSE:
                raise NotFound("unknown.organisation", organisation=organisation)
            return real.watched(organisation, subject)

    broken = Sweep(sweep.uow, Broken(), sweep.clock, sweep.book)  # type: ignore[arg-type]
    done = broken.run()
    assert (done.looked, done.failed) == (1, 1)
    assert broken.run() == Swept()
    zone.house.clock.set(zone.house.clock.now() + timedelta(hours=1))
    assert sweep.run().looked == 1


@ON_ONE
def test_from_next_years_holidays_to_the_end_of_a_retainer_the_house_is_told(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.on("2026-11-14")
    until_quiet(sweep)
    assert not told(zone, "holidays_missing")
    zone.on("2026-11-15")
    until_quiet(sweep)
    assert ("holidays_missing", "first", h.KEEPER) in told(zone)
    grant = {"agent": h.HEAD, "since": "2026-11-16", "until": "2026-11-20"}
    zone.on("2026-11-16")
    zone.do(h.Act("grant_mandate", h.CLERK, h.always(**grant), about=""))
    zone.on("2026-11-17")
    until_quiet(sweep)
    assert set(told(zone, "mandate_ending")) == {
        ("mandate_ending", "coming", who) for who in (h.CLERK, h.HEAD)
    }
    # And everything can be looked at anew, where the days themselves have changed.
    with zone.house.uow.write() as connection:
        where = home(connection, zone.code)
        assert where is not None
        Store(connection, where[0]).wake_all(zone.house.clock.now())
    assert (sweep.run().looked, until_quiet(sweep).told) == (1, 0)


def test_on_monday_those_who_supervise_hear_of_repeated_attempts_and_shortened_floors(
    zone: Zone,
) -> None:
    """What was tried once is not repeated, and of what is restricted nothing is listed."""
    zone.advance_to("awaiting_review")
    shortened = zone.matter
    zone.do(h.ACCEPT)
    zone.do(h.OVERRIDE)
    zone.advance_to("drafted", h.PLAIN)
    told_why = zone.matter
    zone.do(SHORT_CALL)
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    repeated = zone.matter
    for act in (h.TABLE, h.TABLE, h.SUBMIT):
        zone.refuse(act)
    zone.advance_to("drafting")
    zone.do(restrict(h.HEAD, h.CLERK, h.LEGAL_HEAD))
    for _ in range(2):
        zone.refuse(h.TABLE)
    sweep = sweep_of(zone)
    zone.on("2026-03-08")
    until_quiet(sweep)
    assert not told(zone, "floors_digest")
    zone.on("2026-03-09")
    until_quiet(sweep)
    assert until_quiet(sweep).told == 0
    assert {who for _, _, who in told(zone, "floors_digest")} == {
        "discipline.supervisor",
        h.LEGAL_HEAD,
    }
    (notice,) = zone.house.inquiry.inbox(zone.code, "discipline.supervisor")
    assert notice.body["notice"]["point"]["tally"] == [
        [shortened, "approve_override", 1],
        [told_why, "publish_open_call", 1],
        [repeated, "propose_agenda_item", 2],
    ]
    zone.on("2026-03-16")
    until_quiet(sweep)
    assert len(told(zone, "floors_digest")) == 2


@ON_ONE
def test_a_whole_course_is_told_from_day_to_day(database_url: str) -> None:
    """At each act, and on sixty days between two, it is swept without a failure."""
    written, days = scenario("sewage_charge"), 0
    with open_rehearsal(database_url, datetime(2026, 1, 1, tzinfo=UTC)) as house:
        found(house.uow, sample(written.profile), house.clock)
        sweep = Sweep(house.uow, house.inquiry, house.clock, shipped_notices())
        last = None
        for _ in play(written, stage(house, SAMPLE.id)):
            now = house.clock.now()
            while last is not None and last + timedelta(days=1) < now and days < 60:
                last += timedelta(days=1)
                days += 1
                house.clock.set(last)
                assert until_quiet(sweep).failed == 0
            house.clock.set(now)
            assert until_quiet(sweep).failed == 0
            last = now
        with house.uow.read() as connection:
            rows = connection.exec_driver_sql("SELECT rule FROM alert WHERE rule IS NOT NULL")
            rules = {str(rule) for (rule,) in rows}
    assert {"call_closing", "experts_awaited", "floor", "hearing_papers", "publication"} <= rules


def test_one_of_several_processes_leads_and_another_takes_over(database_url: str) -> None:
    engines = [create_engine(database_url) for _ in range(2)]
    first, second = (Leadership(engine, 9) for engine in engines)
    alone = engines[0].dialect.name == "sqlite"
    assert first.held()
    assert first.held()
    assert second.held() is alone
    first.release()
    first.release()
    assert second.held()
    if not alone:
        # The connection is cut, as by a restart of the server: whoever comes first leads.
        cut(engines[0], second)
        assert first.held()
        assert not second.held()
    for each in (first, second):
        each.release()
    for engine in engines:
        engine.dispose()


def cut(engine: Engine, leader: Leadership) -> None:
    line: Any = leader._line  # noqa: SLF001 (what a restart of the server would do to it)
    pid = line.connection.dbapi_connection.info.backend_pid
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")


class Leading:
    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)

    def held(self) -> bool:
        return self.answers.pop(0)

    def release(self) -> None:
        pass


def test_only_whoever_leads_does_what_is_for_one_and_a_failure_stops_nothing() -> None:
    done: list[str] = []

    def note(name: str) -> Callable[[], object]:
        return lambda: done.append(name)

    def fail() -> object:
        raise OSError

    chores = (Chore("one", 1, note("one")), Chore("all", 1, note("all"), leading=False))
    scheduler = Scheduler(chores, Leading(True, False, True))  # type: ignore[arg-type]
    leading = []
    for chore in (chores[0], chores[0], chores[1]):
        scheduler.wake(chore)
        leading.append(scheduler.leads)
    assert (done, leading) == (["one", "all"], [True, False, False])
    failing = []
    for chore in (Chore("bad", 1, fail, leading=False), Chore("bad", 1, note("bad"))):
        scheduler.wake(chore)
        failing.append(scheduler.failing)
    assert failing == [("bad",), ()]
    scheduler.start()
    scheduler.stop()
    scheduler.stop()
    assert not scheduler.leads


@ON_ONE
def test_everything_that_a_serving_process_does_of_itself_is_done(zone: Zone) -> None:
    house = zone.house
    arriving = house.filing.begin(zone.code, h.CLERK, "报告.txt")
    arriving.write("报告".encode())
    arriving.complete()
    arriving.discard()
    zone.wait(8)
    scheduler = scheduler_of(house)
    for chore in chores(house):
        scheduler.wake(chore)
    assert (scheduler.failing, scheduler.leads) == ((), True)
    assert zone.rows("SELECT count(*) FROM file") == [(0,)]
    scheduler.stop()
    assert not scheduler.leads


def test_what_is_returned_on_the_day_of_its_acceptance_may_be_sent_in_again_on_that_day(
    zone: Zone,
) -> None:
    """There is nothing to wait for (Order 713 art. 26(2))."""
    zone.advance_to("awaiting_review")
    zone.do(h.CONVENE)
    number = str(zone.matter)
    for act in (h.ACCEPT, h.RETURN):
        zone.do(replace(act, wait=0))
    ((_, wish),) = zone.house.inquiry.watched(zone.code, number).ahead
    (leg,) = (each for each in wish.legs if each.step.id == "legality_review")
    assert (leg.act, leg.start) == ("submit_for_review", zone.today)
    assert not leg.running
