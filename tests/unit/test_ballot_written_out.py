"""Every vote of every roster of up to nine, held against a count by heads as one keeps it by hand.

The count here knows no shares.  Half or more is there when whoever is away finds somebody there to
stand opposite; two thirds or more, when he finds two; and an item is carried when those for it
outnumber everybody else who is due (Party group rules arts 31 and 32).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any, Final, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.book import shipped
from tests.unit.builders import (
    CLERK,
    KEEPER,
    LONG_AGO,
    NO_STEP,
    Matter,
    codes,
    directory,
    give,
    law,
    meeting,
    minuted,
    only,
    sitting,
    unmets,
)
from workflow.ballot import Attendance, at_least, carried, more_than, quorate
from workflow.decisions.decide import Verdict
from workflow.definition import Procedure
from workflow.directory import Appointment, Directory
from workflow.meeting import Meeting

UP: Final = "2026-11-06"
HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
LARGEST: Final = 9
#: Nobody decides alone (house rule).
LEAST: Final = 2

#: What becomes of a member: on leave, withdrawn from the item, or how he votes.
Fate = Literal["leave", "withdrawn", "for", "against", "abstain"]
VOTES: Final[tuple[Fate, ...]] = ("for", "against", "abstain")
#: Whoever withdrew stays among those due, or is left out.
Recusal = Literal["kept", "left_out"]
#: Of an item of this class: half or more must be there, or two thirds.
ItemClass = Literal["project", "personnel"]


@dataclass(frozen=True)
class Count:
    """What a clerk counts in the room, head by head."""

    fates: tuple[Fate, ...]
    recusal: Recusal

    def heads(self, *fates: Fate) -> int:
        return sum(fate in fates for fate in self.fates)

    @property
    def there(self) -> int:
        """Those who take part in the item."""
        return self.heads("for", "against", "abstain")

    @property
    def away(self) -> int:
        """Those due who do not take part in it."""
        gone = self.heads("withdrawn") if self.recusal == "kept" else 0
        return self.heads("leave") + gone

    def enough(self, item_class: ItemClass) -> bool:
        opposite = 1 if item_class == "project" else 2
        return self.there > 0 and self.there >= opposite * self.away

    def lacks(self, item_class: ItemClass) -> list[str]:
        """What a meeting so attended is told: nobody decides alone, however few are due."""
        lacking = not self.enough(item_class)
        due = self.there + self.away
        needed = WRITTEN_OUT[due][item_class != "project"] if due else 0
        alone = self.there < LEAST and not (lacking and needed >= LEAST)
        return ["meeting.quorum"] * lacking + ["meeting.least"] * alone

    @property
    def adopted(self) -> bool:
        return self.heads("for") > self.heads("against", "abstain") + self.away


def tallies(size: int, kinds: int = 5) -> Iterator[tuple[int, ...]]:
    """Every way in which so many heads fall into so many kinds."""
    if kinds == 1:
        yield (size,)
        return
    for first in range(size + 1):
        yield from ((first, *rest) for rest in tallies(size - first, kinds - 1))


@pytest.mark.parametrize("recusal", get_args(Recusal))
@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_every_tally_of_every_roster_is_counted_as_by_hand__party_group_rules_arts_31_32(
    size: int, recusal: Recusal
) -> None:
    roster = tuple(f"member.{place}" for place in range(size))
    for tally in tallies(size):
        fates = tuple(
            fate for fate, heads in zip(get_args(Fate), tally, strict=True) for _ in range(heads)
        )
        who = dict(zip(roster, fates, strict=True))
        count = Count(fates, recusal)
        attendance = Attendance(
            frozenset(roster),
            frozenset(name for name, fate in who.items() if fate != "leave"),
            frozenset(name for name, fate in who.items() if fate == "withdrawn"),
            recusal == "left_out",
        )
        assert attendance.voters == {name for name, fate in who.items() if fate in VOTES}
        assert quorate(attendance, HALF) is count.enough("project"), fates
        assert quorate(attendance, TWO_THIRDS) is count.enough("personnel"), fates
        assert carried(attendance, count.heads("for"), HALF) is count.adopted, fates


#: Of so many due: half or more, two thirds or more, more than half.
WRITTEN_OUT: Final = {
    1: (1, 1, 1),
    2: (1, 2, 2),
    3: (2, 2, 2),
    4: (2, 3, 3),
    5: (3, 4, 3),
    6: (3, 4, 4),
    7: (4, 5, 4),
    8: (4, 6, 5),
    9: (5, 6, 5),
}


@pytest.mark.parametrize("due", range(1, LARGEST + 1))
def test_the_thresholds_are_those_written_out__party_group_rules_arts_31_32(due: int) -> None:
    found = (at_least(due, HALF), at_least(due, TWO_THIRDS), more_than(due, HALF))
    assert found == WRITTEN_OUT[due]


# --- in the meeting -------------------------------------------------------------------------------


@cache
def people(size: int) -> Directory:
    """The sample organisation with a Party group of this size, the secretary first."""
    base = directory()
    roster = members(size)
    posts = tuple(
        Appointment(name, "party_group", "member" if place else "secretary", LONG_AGO, None)
        for place, name in enumerate(roster)
    )
    others = tuple(held for held in base.appointments if held.unit != "party_group")
    names = dict.fromkeys(roster, base.units["party_group"].name)
    return replace(base, persons={**base.persons, **names}, appointments=(*others, *posts))


def members(size: int) -> tuple[str, ...]:
    return tuple(f"member.{place}" for place in range(size))


@cache
def rules(recusal: Recusal) -> Procedure:
    found = shipped().get("major_items")
    rule = replace(found.rules["party_group.recusal"], choices=(recusal,))
    return replace(found, rules={**found.rules, rule.id: rule}, digest=f"roster {recusal}")


@dataclass
class Room:
    """A meeting on one item, held to its end through the engine; the first is in the chair."""

    fates: tuple[Fate, ...]
    recusal: Recusal = "kept"
    item_class: ItemClass = "project"
    views: bool = False

    def __post_init__(self) -> None:
        answers = {**NO_STEP, "item_class": self.item_class}
        matter = Matter(stage="tabled", rules=rules(self.recusal), answers=answers)
        self.matter = matter.drafted().listed()
        self.people = people(len(self.fates))
        self.who = dict(zip(members(len(self.fates)), self.fates, strict=True))
        self.opening: dict[str, Any] = {
            "chair": "member.0",
            "recorder": KEEPER,
            "present": [name for name, fate in self.who.items() if fate != "leave"],
            "leave": [{"person": name, "reason": "出差"} for name in self.named("leave")],
            "attending": [CLERK],
        }
        self.at = sitting(**self.opening)

    def named(self, *fates: Fate) -> list[str]:
        return [name for name, fate in self.who.items() if fate in fates]

    def give(self, command: str, at: Meeting | None = None, **changes: Any) -> Verdict:
        matter = None if command == "open_meeting" else self.matter
        return give(command, KEEPER, matter, UP, at=at or self.at, people=self.people, **changes)

    def done(self, command: str, **changes: Any) -> None:
        found = self.give(command, **changes)
        assert codes(found) == []
        assert found.decision.record is not None
        self.matter.filed(command, found.decision.record)

    def open(self) -> Verdict:
        convened = meeting(frozen_on="2026-11-03", matters=("2026-1",))
        return self.give("open_meeting", convened, **self.opening)

    def deliberate(self) -> None:
        """Whoever withdraws does; everybody else speaks, whoever is in the chair last."""
        for name in self.named("withdrawn"):
            self.done("withdraw_from_item", person=name)
        for name in self.named("leave") if self.views else ():
            self.done("file_views", person=name, views="同意")
        for name in reversed(self.named(*VOTES)):
            self.done("record_statement", person=name)

    def ballot(self, mode: str = "named") -> dict[str, Any]:
        """What the tellers hand in."""
        if mode == "secret":
            told = zip(("votes_for", "votes_against", "abstentions"), VOTES, strict=True)
            return {"counted": {key: len(self.named(vote)) for key, vote in told}, "votes": None}
        return {"votes": [{"person": n, "vote": self.who[n]} for n in self.named(*VOTES)]}

    def adopt(self, mode: str = "named") -> Verdict:
        """Deliberate, vote, and put on record that it was adopted."""
        self.deliberate()
        self.done("take_ballot", mode=mode, **self.ballot(mode))
        return self.give("conclude_item")


#: Who comes and votes more often than not, so that most meetings get to a vote; of nobody who came
#: there is nothing to write down.
ROSTERS = st.lists(
    st.sampled_from((*get_args(Fate), *VOTES, "for")), min_size=1, max_size=LARGEST
).filter(lambda fates: set(fates) != {"leave"})


@settings(max_examples=300)
@given(
    fates=ROSTERS,
    recusal=st.sampled_from(get_args(Recusal)),
    item_class=st.sampled_from(get_args(ItemClass)),
    mode=st.sampled_from(["oral", "hand", "secret", "named"]),
    views=st.booleans(),
)
def test_a_meeting_comes_to_what_is_counted_by_hand__party_group_rules_arts_31_32(
    fates: list[Fate], recusal: Recusal, item_class: ItemClass, mode: str, *, views: bool
) -> None:
    """Whoever is who: from the opening to the conclusion, nobody counts who may not."""
    room = Room(tuple(fates), recusal, item_class, views)
    count = Count(room.fates, recusal)
    sat = replace(count, fates=tuple("for" if fate != "leave" else fate for fate in fates))
    headless = ["meeting.chair"] * (fates[0] == "leave")
    too_few = sat.lacks("project")
    assert codes(room.open()) == [*headless, *too_few]
    if headless or too_few:
        return
    room.deliberate()
    voted = room.give("take_ballot", mode=mode, **room.ballot(mode))
    assert codes(voted) == count.lacks(item_class)
    if voted.decision.unmet:
        return
    record = voted.decision.record
    assert record is not None
    assert [record[vote] for vote in VOTES] == [count.heads(vote) for vote in VOTES]
    room.matter.filed("take_ballot", record)
    adopted, rejected = (
        room.give("conclude_item", conclusion=conclusion)
        for conclusion in ("adopted", "not_adopted")
    )
    assert codes(adopted) == ["meeting.majority"] * (not count.adopted)
    assert codes(rejected) == ["meeting.outvoted"] * count.adopted


def fates(**heads: int) -> tuple[Fate, ...]:
    """So many of each, those who vote for it first: the first is in the chair."""
    order: tuple[Fate, ...] = ("for", "against", "abstain", "withdrawn", "leave")
    return tuple(fate for fate in order for _ in range(heads.get(fate, 0)))


def refused(verdict: Verdict) -> list[tuple[str, list[str]]]:
    return [(unmet.code, law(unmet)) for unmet in unmets(verdict)]


QUORUM_31 = [("meeting.quorum", ["party_group_rules 31"])]
PERSONNEL_31 = [("meeting.quorum", ["party_group_rules 31", "three_major"])]
ALONE = [("meeting.least", ["party_group_rules 32", "house_rules"])]
MAJORITY_32 = [("meeting.majority", ["party_group_rules 32"])]


class TestBoundaries:
    """One head more or less, on odd and even rosters, each with the provision that decides."""

    @pytest.mark.parametrize(
        ("heads", "told"),
        [
            ({"for": 4, "leave": 4}, []),  # even: half exactly (Civil Code art. 1259)
            ({"for": 3, "leave": 5}, QUORUM_31),
            ({"for": 5, "leave": 3}, []),
            ({"for": 4, "leave": 3}, []),  # odd: half plus a half
            ({"for": 3, "leave": 4}, QUORUM_31),
            ({"for": 1, "leave": 1}, ALONE),  # half exactly, but nobody decides alone
            ({"for": 2, "leave": 2}, []),
        ],
    )
    def test_half_or_more_of_those_due_open_it__party_group_rules_art_31(
        self, heads: dict[str, int], told: list[tuple[str, list[str]]]
    ) -> None:
        assert refused(Room(fates(**heads)).open()) == told

    @pytest.mark.parametrize(
        ("heads", "told"),
        [
            ({"for": 6, "leave": 3}, []),  # two thirds exactly
            ({"for": 5, "leave": 4}, PERSONNEL_31),  # one below
            ({"for": 4, "leave": 2}, []),
            ({"for": 3, "leave": 3}, PERSONNEL_31),
            ({"for": 5, "leave": 2}, []),  # of seven: more than two thirds, there is no exactly
            ({"for": 4, "leave": 3}, PERSONNEL_31),
        ],
    )
    def test_two_thirds_or_more_vote_on_personnel__party_group_rules_art_31(
        self, heads: dict[str, int], told: list[tuple[str, list[str]]]
    ) -> None:
        room = Room(fates(**heads), item_class="personnel")
        room.deliberate()
        assert refused(room.give("take_ballot", mode="named", **room.ballot())) == told

    @pytest.mark.parametrize(
        ("heads", "told"),
        [
            ({"for": 4, "against": 4}, MAJORITY_32),  # even: half is not more than half
            ({"for": 5, "against": 3}, []),  # half plus one
            ({"for": 4, "abstain": 4}, MAJORITY_32),  # whoever abstains is not for it
            ({"for": 4, "leave": 4}, MAJORITY_32),  # all who are there, and yet half of those due
            ({"for": 5, "leave": 3}, []),
            ({"for": 4, "against": 3}, []),  # odd
            ({"for": 3, "against": 1, "leave": 3}, MAJORITY_32),
            ({"for": 4, "leave": 3}, []),
        ],
    )
    def test_more_than_half_of_those_due_adopt__party_group_rules_art_32(
        self, heads: dict[str, int], told: list[tuple[str, list[str]]]
    ) -> None:
        assert refused(Room(fates(**heads)).adopt()) == told

    @pytest.mark.parametrize(
        ("recusal", "heads", "told"),
        [
            ("kept", {"for": 4, "against": 2, "withdrawn": 2}, MAJORITY_32),  # four of eight
            ("left_out", {"for": 4, "against": 2, "withdrawn": 2}, []),  # four of six
            ("left_out", {"for": 3, "against": 3, "withdrawn": 2}, MAJORITY_32),
            ("kept", {"for": 5, "against": 1, "withdrawn": 2}, []),
            ("kept", {"for": 4, "withdrawn": 3}, []),  # four of seven
            ("kept", {"for": 3, "against": 2, "withdrawn": 2}, MAJORITY_32),
            ("left_out", {"for": 3, "against": 2, "withdrawn": 2}, []),  # three of five
        ],
    )
    def test_a_withdrawal_counts_against_it_or_not_at_all__party_group_rules_art_32(
        self, recusal: Recusal, heads: dict[str, int], told: list[tuple[str, list[str]]]
    ) -> None:
        assert refused(Room(fates(**heads), recusal).adopt()) == told

    @pytest.mark.parametrize(
        ("recusal", "heads", "told"),
        [
            ("kept", {"for": 4, "withdrawn": 2, "leave": 2}, []),  # four of eight
            ("kept", {"for": 3, "withdrawn": 3, "leave": 2}, QUORUM_31),
            ("left_out", {"for": 3, "withdrawn": 2, "leave": 3}, []),  # three of six
            ("left_out", {"for": 2, "withdrawn": 3, "leave": 3}, QUORUM_31),
        ],
    )
    def test_a_withdrawal_can_take_the_quorum__party_group_rules_art_31(
        self, recusal: Recusal, heads: dict[str, int], told: list[tuple[str, list[str]]]
    ) -> None:
        room = Room(fates(**heads), recusal)
        room.deliberate()
        assert refused(room.give("take_ballot", mode="named", **room.ballot())) == told

    @pytest.mark.parametrize("views", [True, False])
    def test_written_views_of_the_absent_weigh_nothing__party_group_rules_art_31(
        self, *, views: bool
    ) -> None:
        assert refused(Room(fates(**{"for": 4, "leave": 4}), views=views).adopt()) == MAJORITY_32

    @pytest.mark.parametrize("mode", ["named", "secret"])
    def test_whoever_only_sits_in_has_no_vote__party_group_rules_art_31(self, mode: str) -> None:
        """Of eight due four are for it, and the fifth hand is none of theirs."""
        room = Room(fates(**{"for": 4, "against": 4}))
        room.deliberate()
        ballot = room.ballot(mode)
        if mode == "secret":
            ballot["counted"]["votes_for"] += 1
        else:
            ballot["votes"].append({"person": CLERK, "vote": "for"})
        code = "meeting.votes" if mode == "secret" else "meeting.voters"
        assert only(room.give("take_ballot", mode=mode, **ballot)).code == code

    def test_the_attendance_of_others_makes_no_quorum__party_group_rules_art_31(self) -> None:
        at = minuted("open_meeting", **Room(fates(**{"for": 3, "leave": 5})).opening)
        assert at.payload["attending"] == [CLERK]
        assert refused(Room(fates(**{"for": 3, "leave": 5})).open()) == QUORUM_31
