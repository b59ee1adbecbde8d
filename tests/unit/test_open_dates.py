"""Which dates of a matter and a house the calendar may move."""

from __future__ import annotations

from notifications.open_dates import dates_of_house, dates_of_matter
from notifications.watchpoints import of_matter
from tests.unit.builders import TODAY, directory, lens, meeting
from tests.unit.builders import procedure as definition
from tests.unit.test_planning_after import issued
from tests.unit.test_watchpoints import standing


def test_of_a_decision_that_is_issued_the_last_days_are_open() -> None:
    matter = issued()
    stands, looked = standing(matter), lens(TODAY, matter.rules)
    found = list(dates_of_matter(stands, looked))
    assert found
    assert {each.matter for each in found} == {stands.facts.number}
    every = {each.point: each for each in of_matter(stands, looked, 0)}
    assert {each.point for each in found} < set(every)
    for each in found:
        assert (each.day, each.rule, each.provisional) == (
            every[each.point].by,
            every[each.point].rule,
            every[each.point].provisional,
        )


def test_of_the_house_those_on_which_agendas_close() -> None:
    found = list(
        dates_of_house(
            definition(), directory(), lens(TODAY), {"PG-2026-1": meeting(held_on="2026-09-22")}
        )
    )
    assert [(each.meeting, each.matter) for each in found] == [("PG-2026-1", "")]
