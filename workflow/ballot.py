"""How votes are counted in a meeting: quorum, majority, leave, recusal and absence.  Pure.

Everything is reckoned in whole persons and exact fractions.  What share is asked for, and of whom
it is reckoned once somebody has withdrawn, is for the rules of the body to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Vote(StrEnum):
    """How a member voted; who abstains has not voted for the item."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is due to attend, who of them is there, and who of those has withdrawn from the item.

    `left_out`: whoever has withdrawn is not counted among those due either; by default the
    denominator is kept.
    """

    due: frozenset[str]
    present: frozenset[str]
    withdrawn: frozenset[str] = frozenset()
    left_out: bool = False

    @property
    def voters(self) -> frozenset[str]:
        """Those who may vote on the item: due, there, and not withdrawn from it."""
        return (self.due & self.present) - self.withdrawn

    @property
    def base(self) -> int:
        """The number of persons of whom shares are reckoned."""
        return len(self.due - self.withdrawn) if self.left_out else len(self.due)


def at_least(base: int, share: Fraction) -> int:
    """The fewest persons who are that share of the base or more; half of seven is four."""
    return -(-base * share.numerator // share.denominator)


def more_than(base: int, share: Fraction) -> int:
    """The fewest persons who are more than that share of the base; of eight more than half is five.

    More than the whole cannot be asked for: then it is the whole.
    """
    return min(base, base * share.numerator // share.denominator + 1)


def quorate(attendance: Attendance, share: Fraction) -> bool:
    """Whether that share or more of those due may take part in the item; of nobody, no share is."""
    voters = len(attendance.voters)
    return voters > 0 and voters >= at_least(attendance.base, share)


def carried(attendance: Attendance, votes_for: int, share: Fraction) -> bool:
    """Whether more than that share of those due, present or not, voted for the item."""
    return votes_for > 0 and votes_for >= more_than(attendance.base, share)
