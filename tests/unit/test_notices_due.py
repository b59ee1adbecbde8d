"""What is to be told now: each occasion once, the last of several, late where it is, and moved."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notifications.due import day_of
from notifications.watchpoints import About, Watchpoint
from tests.unit.notices import DAYS, Diary, point, rules

#: A Friday; five working days before it is the Friday before, the day before it a Thursday.
BY = "2026-03-27"


def test_each_occasion_is_told_on_its_day_and_once() -> None:
    diary, open_ = Diary(), point(BY)
    assert diary.look("2026-03-19", open_) == []
    assert diary.last.next_day == date(2026, 3, 20)
    assert diary.look("2026-03-20", open_) == ["deadline.coming"]
    assert diary.look("2026-03-20", open_) == []
    assert diary.look("2026-03-26", open_) == ["deadline.soon"]
    assert diary.look("2026-03-27", open_) == ["deadline.due"]
    assert diary.look("2026-03-28", open_) == ["deadline.missed"]


def test_of_several_that_have_come_only_the_last_is_told_and_said_to_be_late() -> None:
    diary, open_ = Diary(), point(BY)
    diary.look("2026-03-19", open_)
    assert diary.look("2026-03-30", open_) == ["deadline.missed late"]


def test_what_began_after_its_occasion_is_not_late() -> None:
    new = point(BY, since=date(2026, 3, 24))
    assert Diary().look("2026-03-24", new) == ["deadline.coming"]


def test_the_first_rule_that_fits_counts_and_none_tells_nothing() -> None:
    diary = Diary()
    assert diary.look(BY, point(BY, kind="hearing")) == ["hearing.due"]
    assert diary.look(BY, point(BY, about=About.MEETING)) == []
    assert diary.last.next_day is None


def test_a_day_that_moved_is_told_with_the_old_one_and_the_cause() -> None:
    diary = Diary()
    diary.look("2026-03-20", point(BY), acts=("a",))
    assert diary.look("2026-03-23", point("2026-04-10"), acts=("a", "resume")) == ["deadline.moved"]
    (notice,) = diary.last.notices
    assert (notice.was, notice.cause, notice.when) == (date(2026, 3, 27), "resume", "moved")
    assert diary.last.settled
    # And its occasions come again for the new day.
    assert diary.look("2026-04-02", point("2026-04-10"), acts=("a", "resume")) == [
        "deadline.coming"
    ]


def test_where_nothing_was_done_the_calendar_moved_it() -> None:
    diary = Diary()
    diary.look("2026-03-20", point(BY), acts=("a",))
    diary.look("2026-03-23", point("2026-03-30"), acts=("a",))
    assert diary.last.notices[0].cause == ""


def test_a_day_that_moves_to_one_that_is_past_is_told_as_missed_besides() -> None:
    diary = Diary()
    diary.look("2026-03-20", point(BY))
    assert diary.look("2026-03-26", point("2026-03-24")) == ["deadline.moved", "deadline.missed"]


def test_nobody_is_told_that_moved_what_nobody_had_been_told_of() -> None:
    diary = Diary()
    diary.look("2026-03-02", point(BY))
    assert diary.look("2026-03-03", point("2026-03-30")) == []


def test_a_rule_that_tells_no_moves_arms_its_occasions_anew() -> None:
    diary = Diary()
    hearing = point(BY, kind="hearing")
    assert diary.look(BY, hearing) == ["hearing.due"]
    later = replace(hearing, by=date(2026, 3, 30))
    assert diary.look("2026-03-28", later) == []
    assert diary.look("2026-03-30", later) == ["hearing.due"]


def test_what_is_paused_waits_and_is_told_afterwards() -> None:
    diary = Diary()
    diary.look("2026-03-20", point(BY))
    assert diary.look("2026-03-26", point("2026-03-28", frozen=True)) == []
    assert diary.last.settled == ()
    assert diary.look("2026-03-27", point("2026-04-10"), acts=("resume",)) == ["deadline.moved"]


def test_what_waited_in_a_pause_is_not_said_to_be_late_afterwards() -> None:
    diary, open_ = Diary(), point(BY)
    diary.look("2026-03-19", open_)
    diary.look("2026-03-20", replace(open_, frozen=True))
    assert diary.look("2026-03-23", open_, acts=("resume",)) == ["deadline.coming"]
    # The next one was missed without any pause.
    assert diary.look("2026-03-29", open_, acts=("resume",)) == ["deadline.missed late"]


def test_what_was_seen_in_time_is_late_whenever_it_is_said_to_have_begun() -> None:
    diary, open_ = Diary(), point(BY, since=date(2026, 3, 27))
    diary.look("2026-03-19", open_)
    assert diary.look("2026-03-23", open_) == ["deadline.coming late"]


def test_what_begins_paused_is_kept_untold() -> None:
    diary = Diary()
    assert diary.look("2026-03-26", point(BY, frozen=True)) == []
    assert diary.seen().told == ()


def test_what_is_lifted_is_told_to_whom_it_was_told_and_what_is_done_is_not() -> None:
    for lifted, told in ((frozenset({"publication"}), ["deadline.lifted"]), (frozenset(), [])):
        diary = Diary()
        diary.look("2026-03-20", point(BY))
        assert diary.look("2026-03-23", acts=("rule_waiver",), lifted=lifted) == told
        assert diary.last.gone == (point(BY).point,)
        assert diary.last.settled


def test_a_rule_without_moves_is_not_told_to_be_lifted() -> None:
    diary = Diary()
    diary.look(BY, point(BY, kind="hearing"))
    assert diary.look("2026-03-28", lifted=frozenset({"publication"})) == []


def test_what_begins_anew_is_armed_anew() -> None:
    diary = Diary()
    assert diary.look("2026-03-27", point(BY)) == ["deadline.due"]
    assert diary.look("2026-03-27", point(BY, entry=9)) == ["deadline.due"]


def test_what_no_longer_matters_is_not_told() -> None:
    done = point("2026-03-02", about=About.EVENT, act="return_papers", since=date(2026, 3, 2))
    assert Diary().look("2026-03-09", done) == ["event.done late"]
    assert Diary().look("2026-03-10", done) == []


def test_a_forecast_is_looked_at_again_when_its_day_is_past() -> None:
    diary = Diary()
    last = point(BY, about=About.FORECAST)
    assert diary.look("2026-03-27", last) == ["forecast.today"]
    assert diary.last.next_day == date(2026, 3, 28)
    diary.look("2026-03-28", last)
    assert diary.last.next_day is None


class TestLadder:
    def test_what_nobody_acknowledges_goes_up_a_rung_at_a_time(self) -> None:
        diary, open_ = Diary(), point(BY)
        diary.look("2026-03-28", open_)
        # The 28th is a Saturday; the first working day after it is Monday.
        assert diary.last.next_day == date(2026, 3, 30)
        assert diary.look("2026-03-29", open_) == []
        assert diary.look("2026-03-30", open_) == ["deadline.missed.up1"]
        (notice,) = diary.last.notices
        assert notice.when == "up"
        assert diary.last.next_day == date(2026, 4, 1)
        assert diary.look("2026-04-01", open_) == ["deadline.missed.up2"]
        assert diary.look("2026-04-20", open_) == []

    def test_one_who_acknowledges_speaks_for_all(self) -> None:
        diary, open_ = Diary(), point(BY)
        diary.look("2026-03-28", open_)
        diary.acknowledge()
        assert diary.look("2026-03-30", open_) == []

    def test_in_a_pause_nothing_goes_up(self) -> None:
        diary, open_ = Diary(), point(BY)
        diary.look("2026-03-28", open_)
        assert diary.look("2026-03-30", replace(open_, frozen=True)) == []
        assert diary.look("2026-03-31", open_) == ["deadline.missed.up1"]

    def test_what_is_done_goes_nowhere(self) -> None:
        diary = Diary()
        diary.look("2026-03-28", point(BY))
        assert diary.look("2026-03-30") == []

    def test_nor_does_what_a_rule_that_is_gone_told(self) -> None:
        diary, open_ = Diary(), point(BY, kind="hearing")
        diary.look(BY, open_)
        diary.rules = rules("rules: []")
        assert diary.look("2026-03-30", open_) == []


@pytest.mark.parametrize(
    ("threshold", "day"),
    [("coming", "2026-03-20"), ("due", BY), ("missed", "2026-03-28"), ("moved", BY)],
)
def test_an_occasion_has_its_day(threshold: str, day: str) -> None:
    rule = rules().named("deadline")
    assert rule is not None
    assert day_of(DAYS, rule, threshold, date.fromisoformat(BY)).isoformat() == day


class Oracle:
    """The same, slowly: every day is asked, and nothing is planned ahead.

    It knows the occasions of the rule `deadline` as numbers of its own, and walks day by day.
    """

    def __init__(self) -> None:
        self.told: dict[str, set[str]] = {}
        self.by: dict[str, date] = {}
        self.seen: set[str] = set()

    @staticmethod
    def come(by: date, today: date) -> list[str]:
        """The occasions that have come, by counting days one at a time."""
        found = []
        days, each = 0, by
        while days < 5:
            each -= timedelta(days=1)
            days += DAYS.day(each).working
        for name, when in (
            ("coming", each),
            ("soon", by - timedelta(days=1)),
            ("due", by),
            ("missed", by + timedelta(days=1)),
        ):
            if when <= today:
                found.append(name)
        return found

    def day(self, today: date, points: list[Watchpoint]) -> set[tuple[str, str]]:
        said: set[tuple[str, str]] = set()
        present = {each.point for each in points}
        for gone in self.seen - present:
            del self.told[gone], self.by[gone]
        self.seen = present
        for each in points:
            known = each.point in self.told
            told = self.told.setdefault(each.point, set())
            if each.frozen:
                self.by.setdefault(each.point, each.by)
                continue
            moved = known and self.by[each.point] != each.by
            come = self.come(each.by, today)
            self.by[each.point] = each.by
            if moved:
                if told:
                    said.add((each.point, "moved"))
                    if today <= each.by:
                        told.clear()
                        told.update(come)
                        continue
                told.clear()
            if come and come[-1] not in told:
                said.add((each.point, come[-1]))
            told.update(come)
        return said


@pytest.mark.parametrize("seed", range(6))
def test_looking_only_when_due_tells_what_looking_every_day_would(seed: int) -> None:
    """Four months, eight points that come, move, pause and go; asked only on the days it named."""
    luck = random.Random(seed)
    diary, oracle = Diary(), Oracle()
    open_: dict[str, Watchpoint] = {}
    told, expected = [], []
    day, next_day = date(2026, 1, 20), None
    for number in range(125):
        today = day + timedelta(days=number)
        before = dict(open_)
        name = f"step{luck.randrange(8)}"
        chance = luck.random()
        if name not in open_ and chance < 0.5:
            by = today + timedelta(days=luck.randrange(-2, 40))
            open_[name] = point(by.isoformat(), step=name, since=today, entry=number)
        elif name in open_ and chance < 0.06:
            del open_[name]
        elif name in open_ and chance < 0.12:
            moved = open_[name].by + timedelta(days=luck.randrange(-6, 12))
            open_[name] = replace(open_[name], by=moved, frozen=False)
        elif name in open_ and chance < 0.16:
            open_[name] = replace(open_[name], frozen=not open_[name].frozen)
        points = list(open_.values())
        expected += [(today, *each) for each in sorted(oracle.day(today, points))]
        if open_ != before or (next_day is not None and next_day <= today):
            diary.look(today.isoformat(), *points)
            told += sorted(
                (today, each.point.point, each.threshold)
                for each in diary.last.notices
                if each.of is None
            )
            next_day = diary.last.next_day
    assert told == expected
    assert len(expected) > 20
