"""Most of a year on a real database: what was told is what a slow oracle says had to be."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.house import founded
from tests.year.year import Year, differences

#: A make-up Sunday; between them lie a correction of the holidays and the end of a year.
FIRST, LAST = date(2026, 9, 20), date(2027, 2, 20)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_is_lost_told_twice_or_told_wrongly_whatever_people_do(database_url: str) -> None:
    with founded(database_url, at=FIRST) as zone:
        year = Year(zone, FIRST, LAST, seed=7)
        life = year.live(matters=12)
        told, owed, misled = year.told(), year.owed(), year.misled()
    assert differences(told, owed) == ([], [])
    assert (misled, year.overlooked) == ([], [])
    assert len(owed) > 150
    assert life.done > 150
