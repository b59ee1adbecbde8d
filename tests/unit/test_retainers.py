"""Retainers: folded from their records, held on their days, with the last of them told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.builders import COUNSEL, LONG_AGO, day, directory, payload, procedure
from workflow.facts import Record
from workflow.retainers import NO_RETAINERS, Lack, Retainer, Retainers, Statement, asks, fold

FIRM = "law_firm"
STEP = procedure().steps["legality_review"]
BASE = directory().retainers.all[0]


def retained(*terms: tuple[str, str]) -> Retainers:
    """The firm retained for these terms."""
    return Retainers(
        tuple(
            replace(BASE, number=number, since=day(since), until=day(until))
            for number, (since, until) in enumerate(terms, 1)
        )
    )


def acted(command: str, **changes: object) -> Record:
    kept = payload(command, **changes).journal_form()
    more = {"number": 1} if command == "file_retainer" else {}
    return Record(1, command, None, "", "", None, "", "", {**kept, **more}, 0, LONG_AGO)


class TestFolding:
    def test_without_acts_there_are_none(self) -> None:
        assert fold(()) == NO_RETAINERS

    def test_every_act_leaves_its_trace(self) -> None:
        found = fold(
            (
                acted("file_retainer"),
                acted("register_retainer"),
                acted("state_clients", clients=4),
                acted("end_retainer"),
            )
        )
        assert found.records == 4
        (retainer,) = found.all
        assert (retainer.since, retainer.until) == (day("2026-09-01"), day("2029-08-31"))
        assert retainer.filing == {
            "office": "司法局",
            "number": "备案1号",
            "filed_on": "2026-09-01",
        }
        assert (retainer.ended_on, retainer.last_day) == (day("2026-09-30"), day("2026-09-30"))
        assert [each.clients for each in found.statements] == [2, 4]

    def test_an_act_changes_the_retainer_that_it_names(self) -> None:
        both = retained(("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31"))
        found = both.with_(acted("end_retainer", retainer=2, last_day="2027-03-31"))
        assert [each.last_day for each in found.all] == [day("2026-12-31"), day("2027-03-31")]
        assert found.of(2) == found.all[1]
        assert found.of(3) is None


class TestDays:
    def test_both_days_are_included(self) -> None:
        (one,) = retained(("2026-03-01", "2026-03-31")).all
        days = ["2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"]
        assert [one.holds(day(each)) for each in days] == [False, True, True, False]

    def test_one_called_off_never_holds(self) -> None:
        (one,) = retained(("2026-03-01", "2026-03-31")).all
        assert not replace(one, ended_on=day("2026-02-28")).holds(day("2026-03-01"))

    def test_what_follows_without_a_gap_is_one_time(self) -> None:
        found = retained(("2026-01-01", "2026-06-30"), ("2026-07-01", "2027-06-30"))
        assert found.covered_until(FIRM, COUNSEL, day("2026-03-01")) == day("2027-06-30")
        gap = retained(("2026-01-01", "2026-06-30"), ("2026-07-02", "2027-06-30"))
        assert gap.covered_until(FIRM, COUNSEL, day("2026-03-01")) == day("2026-06-30")
        assert gap.covered_until(FIRM, COUNSEL, day("2026-07-01")) is None
        assert gap.covered_until("other_firm", COUNSEL, day("2026-03-01")) is None
        endless = Retainers((replace(BASE, until=date.max),))
        assert endless.covered_until(FIRM, COUNSEL, day("2026-03-01")) == date.max


class TestClients:
    def test_the_newest_statement_of_the_day_counts_and_before_all_the_first(self) -> None:
        told = [("2026-03-01", 2), ("2026-05-01", 4), ("2026-05-01", 3), ("2026-04-01", 9)]
        found = Retainers((), tuple(Statement(COUNSEL, n, day(on)) for on, n in told))
        days = ["2026-02-01", "2026-03-31", "2026-04-30", "2026-05-01"]
        assert [found.clients_of(COUNSEL, day(each)) for each in days] == [2, 2, 9, 3]
        assert found.clients_of("second_firm.counsel", day("2026-05-01")) is None


@pytest.mark.parametrize(
    ("found", "lack"),
    [
        (NO_RETAINERS, Lack.NO_RETAINER),
        (retained(("2026-10-01", "2027-09-30")), Lack.NO_RETAINER),
        (retained(("2026-01-01", "2026-08-31")), Lack.RETAINER_OVER),
        (Retainers((replace(BASE, filing=None),)), Lack.RETAINER_UNFILED),
        (Retainers((replace(BASE, filing=None), BASE)), None),
        (Retainers((BASE,), (Statement(COUNSEL, 5, LONG_AGO),)), None),
        (Retainers((BASE,), (Statement(COUNSEL, 6, LONG_AGO),)), Lack.TOO_MANY_CLIENTS),
    ],
)
def test_what_a_signature_lacks(found: Retainers, lack: Lack | None) -> None:
    on = day("2026-09-01")
    assert found.lack(STEP, FIRM, COUNSEL, (on,)) == (None if lack is None else (lack, on))


def test_a_limit_binds_where_there_is_one() -> None:
    many = Retainers((BASE,), (Statement(COUNSEL, 60, LONG_AGO),))
    free = procedure("order_713").steps["legality_review"]
    assert many.lack(free, FIRM, COUNSEL, (day("2026-09-01"),)) is None


def test_which_acts_ask_for_a_retainer_is_said_by_the_definition() -> None:
    assert asks(STEP, "record_counsel_opinion")
    assert not asks(STEP, "give_review_verdict")
    assert not asks(procedure("order_713").steps["legality_review"], "record_counsel_opinion")


def test_a_retainer_is_of_one_firm() -> None:
    other = Retainer(1, "second_law_firm", (COUNSEL,), BASE.since, BASE.until, "x")
    assert Retainers((other,)).naming(COUNSEL) == (other,)
    assert Retainers((other,)).naming(COUNSEL, FIRM) == ()


class TestWarning:
    """Whoever is retained is told of it before that ends."""

    def warned(self, found: Retainers, on: str) -> list[int]:
        return [each.number for each in found.all if found.ending(each, day(on), 60)]

    def test_comes_within_the_days_before_the_end(self) -> None:
        found = retained(("2024-01-01", "2026-12-31"))
        assert self.warned(found, "2026-10-31") == []
        assert self.warned(found, "2026-11-01") == [1]
        assert self.warned(found, "2027-01-01") == []

    def test_does_not_come_where_it_is_renewed_without_a_gap(self) -> None:
        found = retained(("2024-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31"))
        assert self.warned(found, "2026-12-01") == []
        gap = retained(("2024-01-01", "2026-12-31"), ("2027-01-02", "2027-12-31"))
        assert self.warned(gap, "2026-12-01") == [1]
