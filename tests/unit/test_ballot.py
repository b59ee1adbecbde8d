"""Votes counted: quorum, majority, withdrawal and absence at their exact boundaries.

Half or more means half exactly is enough (Civil Code art. 1259); more than half of those due, not
of those there (Party group rules art. 32).  Every tally that there can be is counted in
`test_ballot_written_out`.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from workflow.ballot import Attendance, at_least, carried, more_than, quorate

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)


def group(size: int, first: int = 0) -> frozenset[str]:
    return frozenset(f"member.{place}" for place in range(first, first + size))


def there(due: int, present: int, withdrawn: int = 0, *, left_out: bool = False) -> Attendance:
    """The first of those due are there, and the first of all have withdrawn."""
    return Attendance(group(due), group(present), group(withdrawn), left_out)


class TestTheQuorum:
    @pytest.mark.parametrize(
        ("due", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (7, 4), (8, 4), (9, 5)]
    )
    def test_half_or_more_of_those_due__party_group_rules_art_31(
        self, due: int, needed: int
    ) -> None:
        assert at_least(due, HALF) == needed
        assert quorate(there(due, needed), HALF)
        assert not quorate(there(due, needed - 1), HALF)

    def test_half_exactly_is_enough__civil_code_art_1259(self) -> None:
        assert quorate(there(8, 4), HALF)
        assert not quorate(there(8, 3), HALF)

    @pytest.mark.parametrize(("due", "needed"), [(3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6)])
    def test_two_thirds_or_more_for_personnel__party_group_rules_art_31(
        self, due: int, needed: int
    ) -> None:
        assert at_least(due, TWO_THIRDS) == needed
        assert quorate(there(due, needed), TWO_THIRDS)
        assert not quorate(there(due, needed - 1), TWO_THIRDS)

    @pytest.mark.parametrize("due", [0, 1, 8])
    def test_nobody_is_no_share_of_anybody(self, due: int) -> None:
        assert not quorate(there(due, 0), HALF)

    def test_whoever_is_not_due_does_not_count(self) -> None:
        assert not quorate(Attendance(group(4), group(5, first=4)), HALF)

    def test_whoever_withdrew_is_not_there_for_the_item(self) -> None:
        assert quorate(there(4, 3, 1), HALF)
        assert not quorate(there(4, 2, 1), HALF)

    def test_the_base_may_shrink_by_whoever_withdrew(self) -> None:
        assert there(4, 3, 2).base == 4
        assert there(4, 3, 2, left_out=True).base == 2
        assert not quorate(there(4, 3, 2), HALF)
        assert quorate(there(4, 3, 2, left_out=True), HALF)

    def test_where_all_withdrew_nobody_is_left(self) -> None:
        assert not quorate(there(3, 3, 3, left_out=True), HALF)


class TestTheMajority:
    @pytest.mark.parametrize(
        ("due", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4), (8, 5), (9, 5)]
    )
    def test_more_than_half_of_those_due__party_group_rules_art_32(
        self, due: int, needed: int
    ) -> None:
        assert more_than(due, HALF) == needed
        assert carried(there(due, due), needed, HALF)
        assert not carried(there(due, due), needed - 1, HALF)

    def test_half_exactly_is_not_more_than_half__party_group_rules_art_32(self) -> None:
        assert not carried(there(8, 8), 4, HALF)
        assert carried(there(8, 8), 5, HALF)

    def test_it_is_reckoned_of_those_due_and_not_of_those_there(self) -> None:
        assert not carried(there(9, 5), 4, HALF)
        assert carried(there(9, 5), 5, HALF)

    def test_the_base_is_kept_unless_the_rule_leaves_out_whoever_withdrew(self) -> None:
        assert not carried(there(8, 8, 2), 4, HALF)
        assert carried(there(8, 8, 2, left_out=True), 4, HALF)

    def test_more_than_the_whole_is_the_whole(self) -> None:
        assert more_than(5, Fraction(1)) == 5

    def test_nothing_is_carried_by_no_vote(self) -> None:
        assert not carried(there(0, 0), 0, HALF)
        assert not carried(there(2, 2, 2, left_out=True), 0, HALF)


@pytest.mark.parametrize("due", range(1, 10))
def test_any_other_share_is_reckoned_exactly_too(due: int) -> None:
    whole = range(due + 1)
    assert at_least(due, Fraction(3, 4)) == min(n for n in whole if 4 * n >= 3 * due)
    assert more_than(due, Fraction(3, 4)) == min(n for n in whole if 4 * n > 3 * due)
