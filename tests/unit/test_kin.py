"""Matters that may be parts of one: what ties them, and what they come to (three_major)."""

from __future__ import annotations

import pytest

from tests.unit.builders import Matter, day
from workflow.kin import TIES, Kin, Links, key_of, largest, months_on, not_separate

OWN = Links(project="标准厂房", counterparty="某建筑公司", amount_yuan=4)


def kin(number: str, on: str, amount: int | None, **ties: str) -> Kin:
    return Kin(number, "", amount, day(on), {tie: key_of(told) for tie, told in ties.items()})


def summed(*related: Kin, months: int | None = 12, ties: tuple[str, ...] = TIES) -> object:
    """By what tie, which and how much; the matter itself was proposed on 1 June 2026."""
    found = largest((OWN, day("2026-06-01")), related, ties, months)
    return found and (found.tie, [each.number for each in found.kin], found.total)


@pytest.mark.parametrize("told", ["厂房 A 区", "厂房Ａ区", "厂房a区", "厂房　Ａ　区"])
def test_width_case_and_space_of_a_name_do_not_matter(told: str) -> None:
    assert key_of(told) == key_of("厂房A区")


def test_what_is_not_seen_makes_no_other_key() -> None:
    for mark in ("\u00ad", "\ufe00", "\u3164", "\u034f", "\U000e0100", "·"):
        assert key_of(f"标准厂房{mark}") == key_of("标准厂房")


def test_other_names_are_other_keys_of_one_length() -> None:
    assert key_of("标准厂房") != key_of("标准厂房二期")
    assert {len(key_of(told)) for told in ("", "一", "ﷺ" * 200)} == {64}


def test_only_what_is_stated_is_kept() -> None:
    assert Links().columns() == {}
    assert OWN.columns().keys() == {"project_key", "counterparty_key", "amount_yuan"}


def test_alone_a_matter_is_no_part_of_anything() -> None:
    assert summed() is None
    assert summed(months=None) is None
    assert summed(kin("2", "2026-05-01", 5, purpose="维修")) is None


def test_parts_of_one_project_are_added_up__three_major() -> None:
    found = summed(kin("2", "2026-05-01", 5, project="标准 厂房"), kin("3", "2026-07-01", None))
    assert found == ("project", ["2"], 9)


def test_an_amount_that_was_not_stated_counts_as_nothing() -> None:
    assert summed(kin("2", "2026-05-01", None, project="标准厂房")) == ("project", ["2"], 4)


def test_ties_are_not_mixed_and_the_largest_sum_is_told__three_major() -> None:
    related = (
        kin("2", "2026-05-01", 5, project="标准厂房"),
        kin("3", "2026-05-01", 7, counterparty="某建筑公司"),
    )
    assert summed(*related) == ("counterparty", ["3"], 11)
    assert summed(*related, ties=("project",)) == ("project", ["2"], 9)
    assert summed(*related, ties=("counterparty", "project")) == ("counterparty", ["3"], 11)


@pytest.mark.parametrize(
    ("on", "counts"),
    [("2025-05-31", False), ("2025-06-01", True), ("2027-06-01", True), ("2027-06-02", False)],
)
def test_only_what_was_proposed_within_the_window_counts__three_major(
    on: str, counts: bool
) -> None:
    assert (summed(kin("2", on, 5, project="标准厂房")) is not None) is counts
    assert summed(kin("2", on, 5, project="标准厂房"), months=None) is not None


def test_no_window_is_longer_than_the_rule_says__three_major() -> None:
    """Half a year before and three quarters after are further apart than a year."""
    before = kin("2", "2025-12-01", 5, project="标准厂房")
    after = kin("3", "2027-03-01", 6, project="标准厂房")
    assert summed(before, after) == ("project", ["3"], 10)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-06-15", 0, "2026-06-15"),
        ("2026-06-15", 12, "2027-06-15"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(start: str, months: int, end: str) -> None:
    assert months_on(day(start), months) == day(end)


def test_a_ruling_on_either_side_keeps_them_apart__three_major() -> None:
    here = Kin("2", "", 1, day("2026-06-01"))
    there = Kin("3", "", 1, day("2026-06-01"), apart=frozenset({"1"}))
    other = Kin("4", "", 1, day("2026-06-01"), apart=frozenset({"9"}))
    assert not_separate("1", {"2"}, (here, there, other)) == (other,)


def test_what_is_stated_last_counts() -> None:
    matter = Matter().did("propose", project="厂房", purpose="建设", amount_yuan=3)
    matter.did("classify", project="标准厂房")
    assert matter.facts.links == Links(project="标准厂房", purpose="建设", amount_yuan=3)
    assert matter.did("rule_separate").facts.apart == {"2026-2"}
