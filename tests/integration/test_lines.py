"""Lines that several workers share: one rate however many serve, and never more than so many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from typing import Final

import pytest

from tests.integration.house import at_once
from tests.integration.raw import Intruder
from workflow.service.lines import SharedLines
from workflow.uow import UnitOfWork, create_engine

NOW: Final = 1_800_000_000.0
MOST: Final = 40.0
STEP: Final = 10.0


def line(name: str) -> str:
    return sha256(name.encode()).hexdigest()


@pytest.fixture
def lines(database_url: str) -> Iterator[SharedLines]:
    engine = create_engine(database_url, lock_timeout_seconds=30)
    yield SharedLines(UnitOfWork(engine))
    engine.dispose()


def test_a_line_grows_by_each_who_comes_and_no_further_than_it_may(lines: SharedLines) -> None:
    found = [lines.advance(line("a"), NOW, STEP, MOST) - NOW for _ in range(6)]
    assert found == [10, 20, 30, 40, 50, 50]
    assert lines.advance(line("b"), NOW, STEP, MOST) == NOW + 10
    assert lines.advance(line("a"), NOW + 35, STEP, MOST) == NOW + 50
    # Empty again, and from there anew; and so after a clock was set back.
    assert lines.advance(line("a"), NOW + 100, STEP, MOST) == NOW + 110
    assert lines.advance(line("a"), NOW - 3600, STEP, MOST) == NOW - 3590


def test_of_many_at_once_each_has_a_place_of_their_own(lines: SharedLines) -> None:
    come = partial(lines.advance, line("a"), NOW, 1.0, MOST)
    assert sorted(float(str(each)) - NOW for each in at_once(*[come] * 12)) == list(range(1, 13))
    first = partial(lines.use, line("note"), NOW + 60)
    assert sorted(map(bool, at_once(*[first] * 6))) == [False] * 5 + [True]


def test_what_is_over_is_forgotten_and_never_more_is_kept_than_may_be(
    lines: SharedLines, database_url: str
) -> None:
    for number in range(8):
        lines.advance(line(str(number)), NOW + number, STEP, MOST)
    sweep = partial(lines.sweep, NOW + 12, 100)
    at_once(*[sweep] * 4)
    intruder = Intruder(database_url)
    assert intruder.ask("SELECT count(*) FROM waiting_line") == 5
    lines.sweep(NOW + 12, 2)
    assert intruder.ask("SELECT min(until) FROM waiting_line") == NOW + 16
    assert intruder.ask("SELECT count(*) FROM waiting_line") == 2
