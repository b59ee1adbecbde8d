"""A notice on holidays: its form, the days it makes, and whether it may be taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from procedures.dates import ChinaCalendars, load_days
from tests.unit.builders import KEEPER, codes, scene, specs
from workflow.calendar import DayKind
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.scene import Imported, TakeNotice
from workflow.errors import BadInput
from workflow.holiday_forms import ImportHolidays
from workflow.refusals import Unmet
from workflow.shifting import OpenDate, Shift, Shifts, shifts_between

DAYS = load_days()
NOTHING = Shifts()
NEXT: dict[str, Any] = {
    "year": 2027,
    "number": "国办发明电〔2026〕9号",
    "dated": "2026-11-20",
    "published": "2026-11-20",
    "holidays": [
        {"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
        {"name": "春节", "first": "2027-02-05", "last": "2027-02-11"},
        {"name": "劳动节、校庆", "first": "2027-05-01", "last": "2027-05-05"},
    ],
    "worked": ["2027-01-31", "2027-02-13"],
}
AMENDS: dict[str, Any] = {
    "year": 2026,
    "number": "国办发明电〔2026〕1号",
    "dated": "2026-03-02",
    "published": "2026-03-03",
    "amends": True,
}


def notice(given: dict[str, Any], **changes: Any) -> ImportHolidays:
    return ImportHolidays.model_validate({**given, **changes})


def kind(days: Any, text: str) -> DayKind:
    found: DayKind = days.day(date.fromisoformat(text)).kind
    return found


def fault(given: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        notice(given, **changes)
    return str(caught.value.errors()[0]["ctx"]["code"])


class TestTheForm:
    def test_takes_a_yearly_notice_and_one_that_only_withdraws(self) -> None:
        assert notice(NEXT).holidays[0].name == "元旦"
        assert notice(AMENDS, withdrawn=["2026-05-09"]).withdrawn == (date(2026, 5, 9),)

    @pytest.mark.parametrize(
        ("given", "changes", "code"),
        [
            (NEXT, {"published": "2026-11-19"}, "published_early"),
            (NEXT, {"holidays": []}, "nothing_said"),
            (AMENDS, {}, "nothing_said"),
            (NEXT, {"withdrawn": ["2027-01-30"]}, "withdrawn_without_amending"),
            (NEXT, {"worked": ["2028-01-02"]}, "other_year"),
            (NEXT, {"worked": ["2025-12-28"]}, "other_year"),
            (NEXT, {"worked": ["2027-02-06"]}, "worked_and_off"),
            (AMENDS, {"worked": ["2026-05-09"], "withdrawn": ["2026-05-09"]}, "worked_and_off"),
            (
                NEXT,
                {"holidays": [{"name": "元旦", "first": "2027-01-03", "last": "2027-01-01"}]},
                "festival_order",
            ),
        ],
    )
    def test_refuses_what_contradicts_itself(
        self, given: dict[str, Any], changes: dict[str, Any], code: str
    ) -> None:
        assert fault(given, **changes) == f"holidays.{code}"


class TestTheDays:
    def test_of_a_new_year_are_those_of_its_notice_and_settled(self) -> None:
        days = DAYS.with_notices((notice(NEXT),))
        assert days.firm_through == date(2027, 12, 28)
        assert kind(days, "2027-01-31") is DayKind.MAKE_UP
        assert kind(days, "2027-02-11") is DayKind.HOLIDAY
        # The package expects Tomb-Sweeping Day; the notice has none, and is believed.
        assert kind(DAYS, "2027-04-05") is DayKind.HOLIDAY
        assert kind(days, "2027-04-05") is DayKind.WORKDAY
        assert days.edition == date(2026, 11, 20)
        assert days.numbers == DAYS.numbers | {"国办发明电〔2026〕9号"}

    def test_have_their_names_in_english_where_the_festivals_are_known(self) -> None:
        days = DAYS.with_notices((notice(NEXT),))
        assert days.english(date(2027, 2, 8)) == "Spring Festival"
        assert days.english(date(2027, 1, 31)) == "make-up workday"
        assert days.english(date(2027, 5, 3)) == DAYS.english(date(2027, 5, 3))
        assert days.citation(date(2027, 2, 8)) == "国办发明电〔2026〕9号"

    def test_before_a_year_that_was_told_are_no_longer_moved_by_guesses_about_it(self) -> None:
        days = DAYS.with_notices((notice(NEXT, worked=["2026-12-27"]),))
        assert kind(days, "2026-12-27") is DayKind.MAKE_UP
        assert kind(DAYS, "2026-12-27") is DayKind.WEEKEND

    def test_of_a_festival_that_is_told_anew_are_those_told_last(self) -> None:
        """As in 2019, when Labour Day became four days in March."""
        amended = notice(
            AMENDS,
            holidays=[{"name": "劳动节", "first": "2026-05-01", "last": "2026-05-03"}],
            worked=["2026-05-10"],
            withdrawn=["2026-05-09"],
        )
        days = DAYS.with_notices((amended,))
        told = {
            "2026-04-30": DayKind.WORKDAY,
            "2026-05-01": DayKind.HOLIDAY,
            "2026-05-03": DayKind.HOLIDAY,
            "2026-05-04": DayKind.WORKDAY,
            "2026-05-05": DayKind.WORKDAY,
            "2026-05-09": DayKind.WEEKEND,
            "2026-05-10": DayKind.MAKE_UP,
            "2026-10-10": DayKind.MAKE_UP,
        }
        assert {text: kind(days, text) for text in told} == told
        assert days.citation(date(2026, 5, 4)) == "国办发明电〔2025〕7号、国办发明电〔2026〕1号"
        assert days.firm_through == DAYS.firm_through

    def test_of_a_festival_can_be_made_ordinary_workdays(self) -> None:
        days = DAYS.with_notices((notice(AMENDS, worked=["2026-10-07"]),))
        assert kind(days, "2026-10-07") is DayKind.WORKDAY
        assert kind(days, "2026-10-06") is DayKind.HOLIDAY

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"worked": ["2026-05-11"]}, "not_a_day_of_rest"),
            ({"withdrawn": ["2026-05-10"]}, "not_worked"),
        ],
    )
    def test_are_not_made_of_what_cannot_be(self, changes: dict[str, Any], code: str) -> None:
        with pytest.raises(BadInput) as caught:
            ChinaCalendars(DAYS).counting((notice(AMENDS, **changes),))
        assert caught.value.code == f"holidays.{code}"

    def test_of_the_last_year_are_not_asked_beyond_the_calendar(self) -> None:
        last = DAYS.last.year
        late = notice(
            NEXT,
            year=last + 1,
            holidays=[{"name": "元旦", "first": f"{last + 1}-01-01", "last": f"{last + 1}-01-01"}],
            worked=[],
        )
        assert DAYS.with_notices((late,)).firm_year == last + 1

    def test_of_other_years_are_left_alone(self) -> None:
        counting = ChinaCalendars(DAYS).counting((notice(NEXT),))
        year = [date(2025, 1, 1) + timedelta(days=place) for place in range(365)]
        assert [counting.table.day(each) for each in year] == [DAYS.day(each) for each in year]

    def test_come_once_for_the_same_notices(self) -> None:
        calendars = ChinaCalendars(DAYS)
        assert calendars.days(()) is DAYS
        assert calendars.days((notice(NEXT),)) is calendars.days((notice(NEXT),))
        assert calendars.known((notice(NEXT),))[0] == 2027

    def test_can_be_those_of_the_package_once_it_knows_of_a_notice(self) -> None:
        found = DAYS.of_package(2026)
        assert found is not None
        holidays, worked = found
        assert worked == DAYS.notices[-1].worked
        taken = notice(
            {**NEXT, "year": 2026, "number": "国办发明电〔2025〕7号"},
            holidays=[each.model_dump() for each in holidays],
            worked=worked,
        )
        days = DAYS.with_notices((taken,))
        year = [date(2026, 1, 1) + timedelta(days=place) for place in range(365)]
        assert [days.day(each).working for each in year] == [
            DAYS.day(each).working for each in year
        ]
        assert DAYS.of_package(2030) is None

    def test_can_be_those_that_came_with_a_release(self) -> None:
        assert DAYS.offered(2027) is None


class TestTakingIn:
    def verdict(
        self,
        given: dict[str, Any],
        known: tuple[ImportHolidays, ...] = (),
        shifts: Shifts = NOTHING,
        **more: Any,
    ) -> Verdict:
        place = scene(KEEPER, None, "2026-11-24", command="import_holidays")
        calendar = Imported(*ChinaCalendars(DAYS).known(known), known)
        place = replace(place, calendar=calendar, shifts=lambda _: shifts)
        return decide(place, specs()["import_holidays"], notice(given, **more))

    def test_keeps_the_notice_and_tells_what_moved(self) -> None:
        was = OpenDate("p", "publication", date(2027, 2, 8), provisional=True, matter="2026-0001")
        now = replace(was, day=date(2027, 2, 12), provisional=False)
        late = Unmet("publication.overdue", ())
        found = self.verdict(NEXT, shifts=Shifts((Shift(was, now),), (late,)))
        (effect,) = [each for each in found.decision.effects if isinstance(each, TakeNotice)]
        assert (effect.year, effect.position, len(effect.shifts)) == (2027, 1, 1)
        assert found.decision.changes["dates"] == ([], [Shift(was, now).told()])
        assert found.decision.warnings == (late,)

    def test_moves_nothing_where_nothing_is_open(self) -> None:
        assert scene(KEEPER, command="import_holidays").shifts(notice(NEXT)) == Shifts()

    def test_counts_the_notices_of_a_year(self) -> None:
        found = self.verdict(AMENDS, (notice(NEXT),), year=2027, worked=["2027-02-20"])
        (effect,) = [each for each in found.decision.effects if isinstance(each, TakeNotice)]
        assert effect.position == 2

    @pytest.mark.parametrize(
        ("given", "changes", "refused"),
        [
            (NEXT, {"published": "2026-11-25"}, "record.future_day"),
            (NEXT, {"number": "国办发明电〔2025〕7号"}, "holidays.known"),
            (AMENDS, {"year": 2027, "worked": ["2027-02-20"]}, "holidays.year_missing"),
        ],
    )
    def test_is_refused_for_what_is_known_or_not_yet(
        self, given: dict[str, Any], changes: dict[str, Any], refused: str
    ) -> None:
        assert codes(self.verdict(given, **changes)) == [refused]

    def test_is_refused_in_another_order_than_the_years(self) -> None:
        later: dict[str, Any] = {
            "year": 2028,
            "holidays": [{"name": "元旦", "first": "2028-01-01", "last": "2028-01-01"}],
            "worked": [],
        }
        assert codes(self.verdict(NEXT, **later)) == ["holidays.year_missing"]
        assert codes(self.verdict(NEXT, (notice(NEXT),), number="国办发明电〔2026〕10号")) == [
            "holidays.year_known"
        ]


class TestAShift:
    def test_tells_both_days_and_whether_it_is_settled(self) -> None:
        was = OpenDate("p", "publication", date(2027, 2, 8), True, "2026-0001", act="publish")
        now = replace(was, provisional=False)
        (shift,) = shifts_between([was], [now])
        assert not shift.moved
        assert shift.told() == {
            "matter": "2026-0001",
            "meeting": None,
            "rule": "publication",
            "step": None,
            "act": "publish",
            "old": "2027-02-08",
            "new": "2027-02-08",
            "provisional": False,
        }

    def test_is_there_for_what_comes_and_for_what_goes(self) -> None:
        one = OpenDate("p", "publication", date(2027, 2, 8), False)
        other = replace(one, point="q")
        gone, come = shifts_between([one], [other])
        assert (gone.after, come.before) == (None, None)
        assert gone.moved
        assert come.moved
        assert (gone.of, come.of) == (one, other)
        assert gone.told()["new"] is None
        assert come.told()["old"] is None
        assert list(shifts_between([one], [one])) == []

    def test_is_always_of_something(self) -> None:
        with pytest.raises(TypeError):
            Shift(None, None).of  # noqa: B018 (asked for is what raises)
