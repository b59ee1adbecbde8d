"""Votes counted: quorum, majority, withdrawal and absence at their exact boundaries.

Half or more means half exactly is enough (Civil Code art. 1259); more than half of those due, not
of those there (Party group rules art. 32).
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


#: Of each member: whether he is there, has withdrawn, and votes for the item.
MEMBERS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=9)
SHARES = st.sampled_from([HALF, TWO_THIRDS, Fraction(3, 4)])


@settings(max_examples=400)
@given(members=MEMBERS, left_out=st.booleans(), share=SHARES)
def test_the_count_agrees_with_one_written_out(
    members: list[tuple[bool, bool, bool]], *, left_out: bool, share: Fraction
) -> None:
    """By heads and hands, as one counts in the room; nothing is rounded, nothing is divided."""
    due = may_vote = in_favour = 0
    for is_there, has_withdrawn, is_for in members:
        if not (has_withdrawn and left_out):
            due += 1
        if is_there and not has_withdrawn:
            may_vote += 1
            if is_for:
                in_favour += 1
    names = [f"member.{place}" for place in range(len(members))]
    attendance = Attendance(
        frozenset(names),
        frozenset(name for name, (is_there, _, _) in zip(names, members, strict=True) if is_there),
        frozenset(name for name, (_, gone, _) in zip(names, members, strict=True) if gone),
        left_out,
    )
    votes = sum(
        is_for and name in attendance.voters
        for name, (_, _, is_for) in zip(names, members, strict=True)
    )
    assert votes == in_favour
    enough_there = may_vote * share.denominator >= due * share.numerator and may_vote > 0
    assert quorate(attendance, share) is enough_there
    enough_for = in_favour * share.denominator > due * share.numerator
    assert carried(attendance, votes, share) is enough_for


@pytest.mark.parametrize("due", range(10))
@pytest.mark.parametrize("share", [HALF, TWO_THIRDS])
def test_every_roster_up_to_nine_has_the_thresholds_written_out(due: int, share: Fraction) -> None:
    whole = range(due + 1)
    fewest = [n for n in whole if n * share.denominator >= due * share.numerator]
    more = [n for n in whole if n * share.denominator > due * share.numerator]
    assert at_least(due, share) == fewest[0]
    assert more_than(due, share) == (more[0] if more else due)
