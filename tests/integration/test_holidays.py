"""A notice on holidays is taken in: every open date is counted anew, told, journaled and kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from api.bootstrap import House
from tests.integration import house as h
from tests.integration.house import Zone, at_once
from tests.integration.test_reading import SUPERVISOR, restrict, seen_by
from tests.integration.test_sweep import ON_ONE, sweep_of, told, until_quiet
from workflow.calendar import DayKind
from workflow.clock import FixedClock
from workflow.errors import BadInput
from workflow.service import Outcome

#: A Friday off and the Sunday after it worked instead, while the review runs.
FRIDAY = {
    "year": 2026,
    "number": "国办发明电〔2026〕1号",
    "dated": "2026-03-02",
    "published": "2026-03-02",
    "amends": True,
    "holidays": [{"name": "调整", "first": "2026-03-06", "last": "2026-03-06"}],
}
#: What was expected of the year to come, but that it begins with four days off.
NEXT = {
    "year": 2027,
    "number": "国办发明电〔2026〕9号",
    "dated": "2026-03-02",
    "published": "2026-03-02",
    "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-04"}],
    "worked": ["2027-01-09"],
}


def take_in(notice: dict[str, Any], actor: str = h.KEEPER, **changes: object) -> h.Act:
    return h.Act("import_holidays", actor, h.always(**{**notice, **changes}), about="")


def in_review(zone: Zone) -> str:
    number = zone.advance_to("awaiting_review")
    zone.do(h.ACCEPT)
    return number


def shifts(outcome: Outcome) -> dict[tuple[str, str], tuple[str, str]]:
    found: Any = (outcome.result or {})["shifts"]
    return {(each["rule"], each["act"] or ""): (each["old"], each["new"]) for each in found}


def floors(zone: Zone, house: House[FixedClock] | None = None) -> dict[str, str]:
    """The first day of whatever the matter waits for, by what stands in the way."""
    assert zone.matter is not None
    standing = (house or zone.house).inquiry.matter(zone.code, zone.matter)
    unmet = [each for found in standing.assessments.values() for each in found.unmet]
    return {each.code: each.earliest.isoformat() for each in unmet if each.earliest is not None}


def test_every_open_date_moves_at_once_and_the_entry_tells_from_when_to_when(zone: Zone) -> None:
    number = in_review(zone)
    before = floors(zone)
    outcome = zone.do(take_in(FRIDAY))
    after = floors(zone)
    moved = shifts(outcome)
    assert moved
    assert before != after
    assert (outcome.result or {})["moved"] == len(moved)
    assert {(before[code], after[code]) for code in before if before[code] != after[code]} <= set(
        moved.values()
    )
    rows = zone.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 1")
    kept = json.loads(rows[0][0])
    assert {each["matter"] for each in kept["changes"]["dates"]["new"]} == {number}
    assert len(kept["changes"]["dates"]["new"]) == len(moved)
    assert zone.house.inquiry.audit(zone.code).flaws == ()


def test_the_days_are_those_of_the_organisation_that_took_it_in_alone(
    zone: Zone, neighbour: Zone
) -> None:
    zone.do(take_in(FRIDAY))
    friday = date(2026, 3, 6)
    assert zone.house.days_of(zone.code).day(friday).kind is DayKind.HOLIDAY
    assert zone.house.days_of(neighbour.code).day(friday).kind is DayKind.WORKDAY
    standing = zone.house.inquiry.holidays(zone.code)
    assert [each.number for each in standing.notices] == [FRIDAY["number"]]
    assert [each.actor for each in standing.records] == [h.KEEPER]
    assert zone.house.inquiry.holidays(neighbour.code).notices == ()


def test_the_year_to_come_is_settled_from_then_on(zone: Zone) -> None:
    assert zone.house.days_of(zone.code).day(date(2027, 6, 1)).provisional
    zone.do(take_in(NEXT))
    days = zone.house.days_of(zone.code)
    assert not days.day(date(2027, 6, 1)).provisional
    assert days.day(date(2027, 1, 9)).kind is DayKind.MAKE_UP
    assert zone.refuse(take_in(NEXT, number="另一号")) == ("holidays.year_known",)
    zone.do(take_in(FRIDAY, year=2027, holidays=[], worked=["2027-01-16"]))


def test_nothing_is_taken_in_by_those_who_do_not_keep_the_agenda(zone: Zone) -> None:
    before = zone.everything()
    assert zone.refuse(take_in(FRIDAY, h.CLERK)) == ("authority.role",)
    assert zone.refuse(take_in(FRIDAY, published="2026-03-09")) == ("record.future_day",)
    changed = zone.changed(before)
    assert "holiday_record" not in {table for table, rows in changed.items() if rows}
    assert zone.house.days_of(zone.code).day(date(2026, 3, 6)).working


def test_an_impossible_notice_is_bad_input_and_leaves_the_days_as_they_were(zone: Zone) -> None:
    found = zone.fail(take_in(FRIDAY, holidays=[], worked=["2026-03-11"]))
    assert isinstance(found, BadInput)
    assert found.code == "holidays.not_a_day_of_rest"
    assert zone.house.inquiry.holidays(zone.code).notices == ()
    zone.do(take_in(FRIDAY))


def test_of_two_at_once_one_is_taken_in(zone: Zone) -> None:
    number = in_review(zone)
    found = at_once(*(lambda: zone.try_(take_in(FRIDAY)) for _ in range(2)))
    done = [each for each in found if isinstance(each, Outcome) and each.done]
    assert len(done) == 1
    (other,) = [each for each in found if each not in done]
    assert isinstance(other, Outcome)
    assert [each.code for each in other.refusals] == ["holidays.known"]
    assert len(zone.house.inquiry.holidays(zone.code).notices) == 1
    assert zone.house.inquiry.matter(zone.code, number).facts.number == number
    assert zone.house.inquiry.audit(zone.code).flaws == ()


def test_another_process_counts_by_it_with_its_next_act(zone: Zone) -> None:
    """What one process has read of the calendar is not believed once another took in a notice."""
    in_review(zone)
    with h.open_(zone.url) as other:
        other.clock.set(zone.house.clock.now())
        before = floors(zone, other)
        zone.do(take_in(FRIDAY))
        assert floors(zone, other) == floors(zone) != before


def test_of_a_restricted_matter_only_its_own_people_hear_which_dates_moved(zone: Zone) -> None:
    zone.advance_to("ready")
    zone.do(restrict(h.HEAD, h.CLERK, h.LEGAL_HEAD, h.REVIEWER))
    zone.do(h.SUBMIT)
    zone.do(h.ACCEPT)
    outcome = zone.do(take_in(FRIDAY))
    assert shifts(outcome) == {}
    assert (outcome.result or {})["moved"] == 1
    for account in (h.KEEPER, SUPERVISOR, h.DIRECTOR):
        told = repr(list(seen_by(zone, account).entries())[-1])
        assert "import_holidays" in told or not told
        assert "2026-0001" not in told, account
    rows = zone.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 1")
    assert json.loads(rows[0][0])["changes"]["dates"]["new"]


@ON_ONE
def test_those_who_were_told_of_a_date_are_told_that_the_calendar_moved_it(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.do(h.CONVENE)
    until_quiet(sweep)
    while not told(zone, "agenda_freeze"):
        zone.wait(1)
        until_quiet(sweep)
    ((was,),) = zone.rows("SELECT body FROM alert WHERE rule = 'agenda_freeze'")
    by = json.loads(was)["notice"]["point"]["by"]
    day = zone.today.isoformat()
    off = [{"name": "调整", "first": by, "last": by}]
    outcome = zone.do(take_in(FRIDAY, dated=day, published=day, holidays=off))
    until_quiet(sweep)
    ((old, new),) = shifts(outcome).values()
    assert (old, new < old) == (by, True)
    told_of = zone.rows(
        "SELECT recipient, threshold, body FROM alert WHERE rule = 'agenda_freeze' ORDER BY id"
    )
    assert [(who, when) for who, when, _ in told_of] == [(h.KEEPER, "coming"), (h.KEEPER, "moved")]
    notice = json.loads(told_of[1][2])["notice"]
    assert (notice["was"], notice["point"]["by"], notice["cause"]) == (old, new, "")


@ON_ONE
def test_what_nothing_was_told_of_yet_is_told_on_its_new_day(zone: Zone) -> None:
    in_review(zone)
    zone.do(take_in(FRIDAY))
    sweep = sweep_of(zone)
    days = {}
    for _ in range(12):
        until_quiet(sweep)
        days[zone.today.isoformat()] = {each for each, _, _ in told(zone)}
        zone.wait(1)
    # Without the notice on the 11th, as in the test of the usual course.
    assert "floor" not in days["2026-03-11"]
    assert "floor" in days["2026-03-12"]
