"""Whatever a meeting can come to, in either body: where the matter goes, and what has to be true.

The Party group comes first and decides by votes (Party group rules art. 32); then the executive
meeting, whose head decides after everybody has spoken (Order 713 art. 30).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    LONG_AGO,
    MEMBER,
    OTHER_MEMBER,
    SECRETARY,
    Matter,
    codes,
    directory,
    give,
    law,
    only,
    sitting,
)
from workflow.decisions.decide import Verdict
from workflow.decisions.scene import Conclude
from workflow.directory import Appointment, Directory
from workflow.meeting import Meeting, deliberation
from workflow.meeting_forms import Conclusion

UP: Final = "2026-11-06"
PARTY, EXECUTIVE = "PG-2026-1", "EM-2026-1"
ROSTER: Final = (SECRETARY, MEMBER, OTHER_MEMBER)

#: From the agenda of the first body and of the second: where each conclusion leads.
LEADS: Final = {
    "adopted": ("studied", "decided"),
    "amended": ("amending", "amending"),
    "not_adopted": ("rejected", "rejected"),
    "deferred": ("review_passed", "studied"),
    "discuss_again": ("drafting", "drafting"),
}
ADOPTS: Final = ("adopted", "amended")


@cache
def same_people() -> Directory:
    """The members of the Party group are the leaders of the administration as well."""
    base = directory()
    others = tuple(held for held in base.appointments if held.unit != "leadership")
    leaders = tuple(
        Appointment(person, "leadership", role, LONG_AGO, None)
        for person, role in zip(ROSTER, ("director", "deputy", "deputy"), strict=True)
    )
    return replace(base, appointments=(*others, *leaders))


PARTY_ROOM: Final = sitting()
#: The head is the one who is secretary in the Party group.
EXECUTIVE_ROOM: Final = replace(sitting("executive_meeting"), code=EXECUTIVE)


def act(command: str, matter: Matter, at: Meeting, **changes: Any) -> Verdict:
    return give(command, KEEPER, matter, UP, at=at, people=same_people(), **changes)


def spoken(matter: Matter, at: str, **stances: str) -> Matter:
    """The secretary (s), the first member (m) and the other one (o) speak."""
    names = {"s": SECRETARY, "m": MEMBER, "o": OTHER_MEMBER}
    for name, stance in stances.items():
        text = None if stance == "nothing_to_say" else "意见"
        matter.sat("record_statement", at, person=names[name], stance=stance, text=text)
    return matter


def in_the_group(in_favour: int = 3) -> Matter:
    """Before the Party group, after everybody spoke and a secret ballot was taken."""
    matter = spoken(
        Matter(stage="tabled").drafted().listed(PARTY), PARTY, m="oppose", o="support", s="support"
    )
    kept = {"mode": "secret", "for": in_favour, "against": 3 - in_favour, "abstain": 0}
    return matter.filed("take_ballot", {**kept, "meeting": PARTY})


def before_the_head(**stances: str) -> Matter:
    """Before the executive meeting, once the Party group adopted it."""
    matter = in_the_group()
    kept = {"conclusion": "adopted", "decision": "同意", "body": "party_group", "meeting": PARTY}
    matter.filed("conclude_item", kept).listed(EXECUTIVE)
    matter.stage = "tabled_next"
    return spoken(matter, EXECUTIVE, **stances)


def conclude(matter: Matter, at: Meeting, conclusion: str, reasons: str | None = None) -> Verdict:
    amendments = "第二条改为分两年调整" if conclusion == "amended" else None
    return act(
        "conclude_item", matter, at, conclusion=conclusion, amendments=amendments, reasons=reasons
    )


def test_every_conclusion_is_tried() -> None:
    assert set(LEADS) == {each.value for each in Conclusion}


@pytest.mark.parametrize("conclusion", LEADS)
class TestWhereItLeads:
    def test_from_the_party_group__party_group_rules_art_32(self, conclusion: str) -> None:
        voted = in_the_group(3 if conclusion in ADOPTS else 1)
        if conclusion == "deferred":
            # What was voted on is not put off, to be voted on anew: it is put off before the vote.
            assert codes(conclude(voted, PARTY_ROOM, conclusion)) == ["meeting.put_off_after_vote"]
            voted.records = tuple(each for each in voted.records if each.command != "take_ballot")
        verdict = conclude(voted, PARTY_ROOM, conclusion)
        assert (codes(verdict), verdict.stage) == ([], LEADS[conclusion][0])
        assert verdict.decision.effects == (Conclude(conclusion),)

    def test_from_the_executive_meeting__order_713_art_30_1(self, conclusion: str) -> None:
        most = "support" if conclusion in ADOPTS else "oppose"
        matter = before_the_head(m=most, o=most, s="nothing_to_say")
        verdict = conclude(matter, EXECUTIVE_ROOM, conclusion)
        assert (codes(verdict), verdict.stage) == ([], LEADS[conclusion][1])
        assert verdict.decision.effects == (Conclude(conclusion),)

    def test_a_vote_binds_the_party_group_both_ways__party_group_rules_art_32(
        self, conclusion: str
    ) -> None:
        told = "meeting.majority" if conclusion in ADOPTS else "meeting.outvoted"
        against = in_the_group(1 if conclusion in ADOPTS else 2)
        unmet = only(conclude(against, PARTY_ROOM, conclusion, "另有考虑"))
        assert (unmet.code, law(unmet)) == (told, ["party_group_rules 32"])

    @pytest.mark.parametrize("reasons", [None, "雨季之前必须定下来"])
    def test_against_the_majority_a_head_gives_reasons__order_713_art_30_2(
        self, conclusion: str, reasons: str | None
    ) -> None:
        most = "oppose" if conclusion in ADOPTS else "support"
        matter = before_the_head(m=most, o=most, s="nothing_to_say")
        verdict = conclude(matter, EXECUTIVE_ROOM, conclusion, reasons)
        assert codes(verdict) == ["meeting.departure"] * (reasons is None)
        if reasons is None:
            assert law(only(verdict)) == ["order_713 30.2", "house_rules"]
            assert only(verdict).params == {
                "against": 2 * (most == "oppose"),
                "favour": 2 * (most == "support"),
            }
        else:
            assert verdict.stage == LEADS[conclusion][1]
            assert verdict.decision.record is not None
            assert verdict.decision.record["reasons"] == reasons


class TestTwoRecords:
    """The same people sit on both bodies; neither meeting stands for the other (law.md §3)."""

    @pytest.mark.parametrize("conclusion", ["adopted", "amended", "not_adopted", "discuss_again"])
    def test_what_was_said_in_the_one_is_not_said_in_the_other__order_713_art_30_2(
        self, conclusion: str
    ) -> None:
        unmet = only(conclude(before_the_head(), EXECUTIVE_ROOM, conclusion))
        assert unmet.code == "meeting.full_discussion"
        assert unmet.params == {"people": tuple(sorted(ROSTER))}

    def test_nor_does_the_head_speak_before_the_others_there__order_713_art_30_2(self) -> None:
        unmet = only(act("record_statement", before_the_head(), EXECUTIVE_ROOM, person=SECRETARY))
        assert (unmet.code, law(unmet)) == ("meeting.chair_last", ["order_713 30.2"])
        heard = before_the_head(m="support", o="support")
        assert codes(act("record_statement", heard, EXECUTIVE_ROOM, person=SECRETARY)) == []

    def test_a_vote_in_the_one_decides_nothing_in_the_other__order_713_art_30_1(self) -> None:
        matter = before_the_head(m="oppose", o="oppose", s="support")
        assert codes(conclude(matter, EXECUTIVE_ROOM, "adopted")) == ["meeting.departure"]
        assert codes(conclude(matter, EXECUTIVE_ROOM, "not_adopted")) == []

    def test_whoever_withdrew_in_the_one_takes_no_part_in_the_other(self) -> None:
        matter = Matter(stage="tabled_next").drafted().listed(PARTY)
        matter.sat("withdraw_from_item", PARTY, person=MEMBER).listed(EXECUTIVE)
        found = act("record_statement", matter, EXECUTIVE_ROOM, person=MEMBER)
        assert codes(found) == ["meeting.withdrawn"]

    def test_each_keeps_who_stood_where_in_it__order_713_art_30_3(self) -> None:
        matter = before_the_head(o="oppose", m="support", s="support")
        told = {
            code: [
                (each.person, each.stance) for each in deliberation(matter.facts, code).statements
            ]
            for code in (PARTY, EXECUTIVE)
        }
        assert told[PARTY] == [
            (MEMBER, "oppose"),
            (OTHER_MEMBER, "support"),
            (SECRETARY, "support"),
        ]
        assert told[EXECUTIVE] == [
            (OTHER_MEMBER, "oppose"),
            (MEMBER, "support"),
            (SECRETARY, "support"),
        ]
        record = conclude(matter, EXECUTIVE_ROOM, "adopted").decision.record
        assert record is not None
        assert record["stances"] == [
            {"person": person, "stance": stance} for person, stance in told[EXECUTIVE]
        ]


class TestDissent:
    def test_after_a_secret_ballot_it_is_kept_by_name_on_demand__party_group_rules_art_33(
        self,
    ) -> None:
        """The ballot names nobody; whoever reserves an opinion says himself who he is."""
        matter = in_the_group(2)
        verdict = act("reserve_opinion", matter, PARTY_ROOM, person=MEMBER)
        assert (codes(verdict), verdict.stage) == ([], "tabled")
        matter.sat("reserve_opinion", PARTY, person=MEMBER)
        so_far = deliberation(matter.facts, PARTY)
        assert so_far.reserved == (MEMBER,)
        assert so_far.ballot is not None
        assert not {"votes", "person"} & so_far.ballot.payload.keys()

    def test_it_changes_nothing_of_what_was_voted__party_group_rules_art_33(self) -> None:
        matter = in_the_group(2).sat("reserve_opinion", PARTY, person=MEMBER)
        verdict = conclude(matter, PARTY_ROOM, "adopted")
        assert (codes(verdict), verdict.stage) == ([], "studied")

    def test_in_the_executive_meeting_it_is_kept_as_well__order_713_art_30_3(self) -> None:
        matter = before_the_head(m="oppose", o="support", s="support")
        assert codes(act("reserve_opinion", matter, EXECUTIVE_ROOM, person=MEMBER)) == []

    def test_nobody_speaks_for_whoever_sits_elsewhere(self) -> None:
        found = act("reserve_opinion", before_the_head(), EXECUTIVE_ROOM, person=DIRECTOR)
        assert codes(found) == ["meeting.present"]
