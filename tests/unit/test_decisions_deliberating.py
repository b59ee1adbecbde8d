"""One item in a meeting, from the first word to what the meeting came to.

The Party group decides by votes (Party group rules arts 31 to 33), the executive meeting through
its head after deliberation (Order 713 art. 30).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    LONG_AGO,
    MEMBER,
    NO_STEP,
    OTHER_MEMBER,
    SECRETARY,
    SUPERIOR,
    Matter,
    closed,
    codes,
    day,
    directory,
    give,
    law,
    meeting,
    minuted,
    only,
    procedure,
    sitting,
)
from workflow.decisions.decide import Verdict
from workflow.decisions.scene import Conclude
from workflow.directory import Appointment, Directory, Mandate
from workflow.meeting import Meeting, deliberation

UP = "2026-11-06"
DEPUTY = "leader.deputy"
ALL = (MEMBER, OTHER_MEMBER, SECRETARY)
LEAVE = [{"person": OTHER_MEMBER, "reason": "出差"}]
BY_VOTES = sitting()
TWO_THERE = sitting(present=[SECRETARY, MEMBER], leave=LEAVE)
BY_HEAD = sitting("executive_meeting", chair=DIRECTOR, present=[DIRECTOR, DEPUTY])

#: Acts on an item, each in order.
ACTS = (
    "withdraw_from_item",
    "lift_withdrawal",
    "record_remark",
    "record_statement",
    "take_ballot",
    "reserve_opinion",
    "conclude_item",
)


def item(**changes: Any) -> Matter:
    """A matter whose item is called up."""
    return Matter(stage="tabled", **changes).drafted().listed()


def spoken(matter: Matter, *people: str, stance: str = "support") -> Matter:
    for person in people:
        text = None if stance == "nothing_to_say" else "意见"
        matter.sat("record_statement", person=person, stance=stance, text=text)
    return matter


def votes(**cast: str) -> list[dict[str, str]]:
    """The votes of the secretary (s), the first member (m) and the other one (o)."""
    names = {"s": SECRETARY, "m": MEMBER, "o": OTHER_MEMBER}
    return [{"person": names[name], "vote": vote} for name, vote in cast.items()]


def voted(in_favour: int, against: int = 0, **more: Any) -> Matter:
    """An item on which all spoke and a secret vote was taken."""
    matter = spoken(item(**more), *ALL)
    kept = {"mode": "secret", "for": in_favour, "against": against, "abstain": 0}
    return matter.filed("take_ballot", {**kept, "meeting": "PG-2026-1"})


def with_recusal(choice: str) -> Any:
    rules = procedure()
    rule = replace(rules.rules["party_group.recusal"], choices=(choice,))
    return replace(rules, rules={**rules.rules, rule.id: rule}, digest=f"recusal {choice}")


def act(command: str, matter: Matter, at: Meeting = BY_VOTES, **changes: Any) -> Verdict:
    return give(command, KEEPER, matter, UP, at=at, **changes)


withdraw = partial(act, "withdraw_from_item")
lift = partial(act, "lift_withdrawal")
file_views = partial(act, "file_views")
speak = partial(act, "record_statement")
vote = partial(act, "take_ballot")
reserve = partial(act, "reserve_opinion")
conclude = partial(act, "conclude_item")


class TestOnlyInASession:
    """No circulation and no asking one by one (Party group rules art. 30)."""

    @pytest.mark.parametrize("command", [*ACTS, "file_views"])
    @pytest.mark.parametrize(
        "at", [meeting(frozen_on="2026-11-03", matters=("2026-1",)), closed(BY_VOTES)]
    )
    def test_nothing_is_done_out_of_session__party_group_rules_art_30(
        self, command: str, at: Meeting
    ) -> None:
        # A vote and a conclusion are short of more, but this is told first.
        unmet = act(command, item(), at).decision.unmet[0]
        assert (unmet.code, unmet.params) == ("meeting.sitting", {"meeting": "PG-2026-1"})
        assert law(unmet) == ["party_group_rules 30"]

    @pytest.mark.parametrize("command", [*ACTS, "file_views"])
    def test_nothing_is_done_on_what_is_not_on_the_agenda(self, command: str) -> None:
        matter = spoken(item(), *ALL)
        matter.meeting = "PG-2026-2"
        assert "agenda.not_listed" in codes(act(command, matter))

    def test_what_was_done_in_another_meeting_counts_no_more(self) -> None:
        matter = spoken(item(), *ALL).sat("take_ballot").listed("PG-2026-2")
        other = replace(BY_VOTES, code="PG-2026-2")
        assert codes(vote(matter, other)) == ["meeting.full_discussion"]


class TestWithdrawing:
    def test_a_member_withdraws_with_a_ground__party_group_rules_art_31(self) -> None:
        verdict = withdraw(item())
        assert (codes(verdict), verdict.stage) == ([], "tabled")
        assert verdict.decision.record == {
            "person": MEMBER,
            "ground": "涉及近亲属",
            "meeting": "PG-2026-1",
        }

    def test_a_member_who_is_away_may_all_the_same__party_group_rules_art_32(self) -> None:
        assert codes(withdraw(item(), TWO_THERE, person=OTHER_MEMBER)) == []
        unmet = only(withdraw(item(), TWO_THERE, person=DIRECTOR))
        assert (unmet.code, unmet.params) == ("meeting.non_members", {"people": (DIRECTOR,)})

    def test_it_holds_in_later_meetings_until_it_is_lifted__party_group_rules_art_32(self) -> None:
        later = replace(BY_VOTES, code="PG-2026-2")
        matter = item().sat("withdraw_from_item").listed("PG-2026-2")
        assert codes(speak(matter, later)) == ["meeting.withdrawn"]
        assert codes(withdraw(matter, later)) == []
        assert codes(lift(matter, later)) == []
        matter.sat("lift_withdrawal", "PG-2026-2")
        assert codes(speak(matter, later)) == []
        unmet = only(lift(matter, later))
        assert (unmet.code, unmet.params) == ("meeting.not_withdrawn", {"account": MEMBER})
        assert deliberation(matter.facts, "PG-2026-1").withdrawn == {MEMBER}
        assert deliberation(matter.facts, "PG-2026-2").withdrawn == frozenset()

    def test_only_a_member_is_let_back_in__party_group_rules_art_31(self) -> None:
        matter = item().sat("withdraw_from_item", "EX-1", person=DIRECTOR)
        unmet = only(lift(matter, person=DIRECTOR))
        assert (unmet.code, unmet.params) == ("meeting.non_members", {"people": (DIRECTOR,)})

    def test_whoever_withdrew_is_heard_in_no_other_way__party_group_rules_art_31(self) -> None:
        away = item().sat("withdraw_from_item", person=OTHER_MEMBER)
        unmet = only(file_views(away, TWO_THERE, person=OTHER_MEMBER))
        assert (unmet.code, unmet.params) == ("meeting.withdrawn", {"account": OTHER_MEMBER})
        guest = sitting(attending=["管委会主任"])
        matter = item().sat("withdraw_from_item", "EX-1", person=DIRECTOR)
        unmet = only(act("record_remark", matter, guest, speaker="管委会主任"))
        assert (unmet.code, unmet.params) == ("meeting.withdrawn", {"account": DIRECTOR})
        left = spoken(item(), MEMBER).sat("withdraw_from_item")
        kept = conclude(left, TWO_THERE, conclusion="deferred").decision.record
        assert kept is not None
        assert kept["stances"] == []

    def test_nobody_withdraws_twice(self) -> None:
        assert codes(withdraw(item().sat("withdraw_from_item"))) == ["meeting.withdrawn"]

    def test_after_the_vote_it_is_too_late(self) -> None:
        assert codes(withdraw(voted(3))) == ["meeting.one_ballot"]

    @pytest.mark.parametrize("command", ["record_statement", "reserve_opinion"])
    def test_whoever_withdrew_takes_no_part__party_group_rules_art_31(self, command: str) -> None:
        matter = item().sat("withdraw_from_item", person=OTHER_MEMBER)
        unmet = only(act(command, matter, person=OTHER_MEMBER))
        assert (unmet.code, unmet.params) == ("meeting.withdrawn", {"account": OTHER_MEMBER})

    def test_the_vote_of_whoever_withdrew_is_not_counted__party_group_rules_art_31(self) -> None:
        matter = spoken(item().sat("withdraw_from_item"), OTHER_MEMBER, SECRETARY)
        unmet = only(vote(matter))
        assert (unmet.code, unmet.params) == ("meeting.voters", {"people": (MEMBER,)})
        assert codes(vote(matter, votes=votes(s="for", o="for"))) == []

    @pytest.mark.parametrize(("count", "refused"), [(3, True), (2, False)])
    def test_nor_in_a_secret_ballot__party_group_rules_art_31(
        self, count: int, refused: bool
    ) -> None:
        matter = spoken(item().sat("withdraw_from_item"), OTHER_MEMBER, SECRETARY)
        counted = {"votes_for": count, "votes_against": 0, "abstentions": 0}
        found = vote(matter, mode="secret", votes=None, counted=counted)
        assert codes(found) == ["meeting.votes"] * refused

    def test_with_too_few_left_there_is_no_vote__party_group_rules_art_31(self) -> None:
        matter = spoken(item().sat("withdraw_from_item"), SECRETARY)
        unmet = only(vote(matter, TWO_THERE, votes=votes(s="for")))
        assert (unmet.code, unmet.params) == ("meeting.quorum", {"due": 3, "needed": 2, "there": 1})

    def test_where_they_are_left_out_fewer_are_due(self) -> None:
        matter = item(rules=with_recusal("left_out")).sat("withdraw_from_item")
        spoken(matter, SECRETARY)
        # One of two is a quorum then, and yet nobody votes alone.
        assert codes(vote(matter, TWO_THERE, votes=votes(s="for"))) == ["meeting.least"]

    def test_nobody_votes_an_item_through_alone__party_group_rules_art_32(self) -> None:
        matter = item(rules=with_recusal("left_out")).sat("withdraw_from_item")
        spoken(matter.sat("withdraw_from_item", person=OTHER_MEMBER), SECRETARY)
        unmet = only(vote(matter, votes=votes(s="for")))
        assert (unmet.code, unmet.params) == ("meeting.least", {"needed": 2, "there": 1})
        assert law(unmet)[0] == "party_group_rules 32"

    @pytest.mark.parametrize(("choice", "due"), [("kept", 3), ("left_out", 2)])
    def test_the_majority_is_reckoned_of_the_base_that_the_rule_says__party_group_rules_art_32(
        self, choice: str, due: int
    ) -> None:
        matter = spoken(
            item(rules=with_recusal(choice)).sat("withdraw_from_item"), SECRETARY, OTHER_MEMBER
        )
        counted = {"for": 1, "against": 1, "abstain": 0}
        unmet = only(conclude(matter.filed("take_ballot", {**counted, "meeting": "PG-2026-1"})))
        assert unmet.code == "meeting.majority"
        assert unmet.params == {"due": due, "needed": 2, "votes": 1}


class TestViewsOfTheAbsent:
    def test_whoever_is_on_leave_may_send_them__party_group_rules_art_31(self) -> None:
        assert codes(file_views(item(), TWO_THERE, person=OTHER_MEMBER)) == []

    def test_whoever_is_there_speaks(self) -> None:
        unmet = only(file_views(item(), TWO_THERE))
        assert (unmet.code, unmet.params) == ("meeting.absent_views", {"account": MEMBER})

    def test_they_are_not_counted__party_group_rules_art_31(self) -> None:
        matter = item().sat("file_views", person=OTHER_MEMBER, views="同意")
        spoken(matter, MEMBER, SECRETARY)
        found = vote(matter, TWO_THERE)
        assert codes(found) == ["meeting.voters"]
        assert only(found).params == {"people": (OTHER_MEMBER,)}

    def test_after_the_vote_they_come_too_late(self) -> None:
        matter = voted(2)
        assert codes(file_views(matter, TWO_THERE, person=OTHER_MEMBER)) == ["meeting.one_ballot"]


class TestSpeaking:
    @pytest.mark.parametrize(
        ("stance", "text", "refused"),
        [
            ("support", "同意", False),
            ("nothing_to_say", None, False),
            ("support", None, True),
            ("nothing_to_say", "同意", True),
        ],
    )
    def test_what_is_said_fits_the_stance(
        self, stance: str, text: str | None, refused: bool
    ) -> None:
        found = speak(item(), stance=stance, text=text)
        assert codes(found) == ["meeting.statement"] * refused

    def test_what_a_member_says_last_counts__order_713_art_30_2(self) -> None:
        matter = spoken(item(), MEMBER, stance="oppose")
        assert codes(speak(matter)) == []
        last = deliberation(spoken(matter, MEMBER).facts, "PG-2026-1").last_words
        assert [each.stance for each in last.values()] == ["support"]

    def test_after_a_member_spoke_again_the_chair_does_too__order_713_art_30_2(self) -> None:
        unmet = only(vote(spoken(item(), *ALL, MEMBER)))
        assert (unmet.code, unmet.params) == ("meeting.full_discussion", {"people": (SECRETARY,)})
        assert codes(vote(spoken(item(), *ALL, MEMBER, SECRETARY))) == []

    def test_who_sits_in_speaks_and_is_not_counted__party_group_rules_art_31(self) -> None:
        at = sitting(attending=["财政金融局局长"])
        assert codes(act("record_remark", item(), at)) == []
        unmet = only(act("record_remark", item(), at, speaker="路人"))
        assert (unmet.code, unmet.params) == ("meeting.not_attending", {"speaker": "路人"})

    def test_a_head_who_comes_late_speaks_after_who_presides__order_713_art_30_2(self) -> None:
        leave = [{"person": DIRECTOR, "reason": "在途中"}]
        at = sitting("executive_meeting", chair=DEPUTY, present=[DEPUTY], leave=leave)
        came = minuted("record_attendance", 2, person=DIRECTOR, change="arrived")
        at = replace(at, records=(*at.records, came))
        unmet = only(speak(item(), at, person=DIRECTOR))
        assert (unmet.code, unmet.params) == ("meeting.chair_last", {"people": (DEPUTY,)})
        assert codes(conclude(spoken(item(), DEPUTY, DIRECTOR), at)) == []

    def test_whoever_is_not_there_does_not_speak__party_group_rules_art_30(self) -> None:
        assert codes(speak(item(), TWO_THERE, person=OTHER_MEMBER)) == ["meeting.present"]

    @pytest.mark.parametrize(
        ("at", "chair", "others", "article"),
        [
            (BY_VOTES, SECRETARY, (MEMBER, OTHER_MEMBER), "party_group_rules 32"),
            (BY_HEAD, DIRECTOR, (DEPUTY,), "order_713 30.2"),
        ],
    )
    def test_the_chair_speaks_last__order_713_art_30_2(
        self, at: Meeting, chair: str, others: tuple[str, ...], article: str
    ) -> None:
        unmet = only(speak(item(), at, person=chair))
        assert (unmet.code, unmet.params) == ("meeting.chair_last", {"people": others})
        assert law(unmet) == [article]
        assert codes(speak(spoken(item(), *others), at, person=chair)) == []

    def test_the_chair_does_not_wait_for_whoever_withdrew(self) -> None:
        matter = spoken(item().sat("withdraw_from_item"), OTHER_MEMBER)
        assert codes(speak(matter, person=SECRETARY)) == []

    def test_after_the_vote_nothing_is_added(self) -> None:
        matter = item().sat("take_ballot")
        assert codes(speak(matter)) == ["meeting.one_ballot"]


class TestTheVote:
    def test_everybody_who_may_has_one_vote__party_group_rules_art_32(self) -> None:
        verdict = vote(spoken(item(), *ALL))
        assert (codes(verdict), verdict.stage) == ([], "tabled")
        record = verdict.decision.record
        assert record is not None
        assert (record["for"], record["against"], record["abstain"]) == (2, 1, 0)

    def test_only_after_everybody_spoke__order_713_art_30_2(self) -> None:
        unmet = only(vote(spoken(item(), MEMBER)))
        assert (unmet.code, unmet.params) == (
            "meeting.full_discussion",
            {"people": (OTHER_MEMBER, SECRETARY)},
        )

    def test_who_has_nothing_to_say_has_spoken(self) -> None:
        assert codes(vote(spoken(item(), *ALL, stance="nothing_to_say"))) == []

    def test_there_is_one_on_each_item__party_group_rules_art_32(self) -> None:
        assert codes(vote(voted(2, 1))) == ["meeting.one_ballot"]

    @pytest.mark.parametrize(
        ("cast", "people"),
        [
            (votes(s="for", m="for"), (OTHER_MEMBER,)),
            ([*votes(s="for", m="for", o="for"), *votes(m="for")], (MEMBER,)),
        ],
    )
    def test_nobody_has_none_or_two(
        self, cast: list[dict[str, str]], people: tuple[str, ...]
    ) -> None:
        unmet = only(vote(spoken(item(), *ALL), votes=cast))
        assert (unmet.code, unmet.params) == ("meeting.each_one_vote", {"people": people})

    @pytest.mark.parametrize(
        "changes",
        [
            {"mode": "secret"},
            {"counted": {"votes_for": 3, "votes_against": 0, "abstentions": 0}},
        ],
    )
    def test_a_secret_ballot_is_counted_and_any_other_named(self, changes: dict[str, Any]) -> None:
        assert codes(vote(spoken(item(), *ALL), **changes)) == ["meeting.counted"]

    def test_a_secret_ballot_names_nobody(self) -> None:
        counted = {"votes_for": 3, "votes_against": 0, "abstentions": 0}
        found = vote(spoken(item(), *ALL), mode="secret", counted=counted)
        assert codes(found) == ["meeting.votes"]

    def test_its_numbers_are_kept(self) -> None:
        counted = {"votes_for": 1, "votes_against": 1, "abstentions": 1}
        record = vote(
            spoken(item(), *ALL), mode="secret", votes=None, counted=counted
        ).decision.record
        assert record is not None
        assert (record["for"], record["against"], record["abstain"]) == (1, 1, 1)

    def test_only_in_a_way_that_the_body_votes__party_group_rules_art_32(self) -> None:
        rules = procedure()
        rule = replace(rules.rules["party_group.modes"], choices=("named",))
        matter = item(rules=replace(rules, rules={**rules.rules, rule.id: rule}, digest="named"))
        unmet = only(vote(spoken(matter, *ALL)))
        assert (unmet.code, unmet.params) == ("meeting.modes", {"modes": ("named",)})

    def test_the_executive_meeting_takes_none__order_713_art_30_1(self) -> None:
        unmet = only(vote(spoken(item(), DEPUTY, DIRECTOR), BY_HEAD))
        assert (unmet.code, law(unmet)) == ("meeting.no_ballot", ["order_713 30.1"])


class TestReserving:
    def test_dissent_is_kept_by_name__party_group_rules_art_33(self) -> None:
        verdict = reserve(voted(2, 1))
        assert codes(verdict) == []
        assert verdict.decision.record == {
            "person": OTHER_MEMBER,
            "opinion": "应当分步实施",
            "meeting": "PG-2026-1",
        }

    def test_until_the_meeting_closes_also_after_the_conclusion__order_713_art_30_3(self) -> None:
        matter = voted(2, 1).sat("conclude_item")
        matter.meeting, matter.stage = None, "studied"
        verdict = reserve(matter)
        assert (codes(verdict), verdict.stage) == ([], "studied")
        assert codes(reserve(matter, closed(BY_VOTES))) == ["meeting.sitting"]

    @pytest.mark.parametrize("since", ["withdrawn", "ended", "awaiting_review", "review_passed"])
    def test_whatever_has_become_of_the_matter_since__order_713_art_30_3(self, since: str) -> None:
        paused = day(UP) if since == "review_passed" else None
        matter = spoken(item(paused_since=paused), *ALL).sat("conclude_item")
        matter.meeting, matter.stage = None, since
        verdict = reserve(matter)
        assert (codes(verdict), verdict.stage) == ([], since)
        assert codes(reserve(matter, closed(BY_VOTES))) == ["meeting.sitting"]

    def test_once_each__party_group_rules_art_33(self) -> None:
        unmet = only(reserve(voted(2, 1).sat("reserve_opinion")))
        assert (unmet.code, law(unmet)) == ("meeting.speaks_once", ["party_group_rules 33"])

    def test_only_of_whoever_took_part__party_group_rules_art_33(self) -> None:
        assert codes(reserve(item(), TWO_THERE)) == ["meeting.present"]
        matter = spoken(item(), MEMBER, SECRETARY).sat("conclude_item")
        matter.meeting, matter.stage = None, "studied"
        unmet = only(reserve(matter))
        assert (unmet.code, unmet.params) == ("meeting.not_heard", {"account": OTHER_MEMBER})
        assert unmet.cured_by == ()
        assert codes(reserve(voted(2, 1), TWO_THERE)) == []

    def test_nobody_takes_his_stand_by_it_before_he_spoke__party_group_rules_art_32(self) -> None:
        unmet = only(reserve(item(), person=SECRETARY))
        assert (unmet.code, law(unmet)) == ("meeting.not_heard", ["party_group_rules 33"])
        assert [each.role for each in unmet.cured_by] == ["keeper"]


class TestConcludingByVotes:
    @pytest.mark.parametrize(
        ("conclusion", "more", "stage"),
        [
            ("adopted", {}, "studied"),
            ("amended", {"amendments": "第二条改为分两年调整"}, "amending"),
        ],
    )
    def test_more_than_half_of_those_due_adopt__party_group_rules_art_32(
        self, conclusion: str, more: dict[str, Any], stage: str
    ) -> None:
        verdict = conclude(voted(2, 1), conclusion=conclusion, **more)
        assert (codes(verdict), verdict.stage) == ([], stage)
        assert verdict.decision.effects == (Conclude(conclusion),)
        assert verdict.decision.changes == {"meeting": ("PG-2026-1", None)}

    def test_where_no_other_body_has_to_adopt_it_is_decided(self) -> None:
        matter = voted(2, 1, answers={**NO_STEP, "decision_level": "superior"})
        assert conclude(matter).stage == "decided"

    @pytest.mark.parametrize("conclusion", ["adopted", "amended"])
    def test_less_does_not__party_group_rules_art_32(self, conclusion: str) -> None:
        amendments = "第二条" if conclusion == "amended" else None
        unmet = only(conclude(voted(1, 2), conclusion=conclusion, amendments=amendments))
        assert unmet.code == "meeting.majority"
        assert unmet.params == {"due": 3, "needed": 2, "votes": 1}
        assert law(unmet) == ["party_group_rules 32"]

    def test_of_two_there_of_three_due_one_is_not_enough__party_group_rules_art_32(self) -> None:
        assert codes(conclude(voted(1, 1), TWO_THERE)) == ["meeting.majority"]

    @pytest.mark.parametrize(
        ("conclusion", "stage"),
        [("not_adopted", "rejected"), ("discuss_again", "drafting")],
    )
    def test_what_is_not_adopted_is_rejected_or_comes_back(
        self, conclusion: str, stage: str
    ) -> None:
        verdict = conclude(voted(1, 2), conclusion=conclusion)
        assert (codes(verdict), verdict.stage) == ([], stage)

    def test_what_failed_is_not_put_off_to_be_voted_on_anew__party_group_rules_art_32(self) -> None:
        unmet = only(conclude(voted(0, 3), conclusion="deferred"))
        assert (unmet.code, law(unmet)) == ("meeting.put_off_after_vote", ["party_group_rules 32"])

    def test_who_leaves_after_the_vote_undoes_nothing__party_group_rules_art_31(self) -> None:
        gone = [
            minuted("record_attendance", at, person=each)
            for at, each in ((2, MEMBER), (3, OTHER_MEMBER))
        ]
        at = replace(BY_VOTES, records=(*BY_VOTES.records, *gone))
        assert codes(conclude(voted(2, 1), at)) == []
        unmet = act("take_ballot", spoken(item(), *ALL), at).decision.unmet
        assert "meeting.quorum" in codes(unmet)

    @pytest.mark.parametrize("conclusion", ["not_adopted", "deferred", "discuss_again"])
    def test_what_was_adopted_is_not_called_otherwise(self, conclusion: str) -> None:
        unmet = only(conclude(voted(2, 1), conclusion=conclusion))
        assert (unmet.code, unmet.params) == (
            "meeting.outvoted",
            {"due": 3, "needed": 2, "votes": 2},
        )

    @pytest.mark.parametrize("conclusion", ["adopted", "not_adopted"])
    def test_without_a_vote_nothing_is_decided__party_group_rules_art_32(
        self, conclusion: str
    ) -> None:
        found = conclude(spoken(item(), *ALL), conclusion=conclusion)
        assert codes(found) == ["meeting.ballot"]

    def test_after_a_full_discussion_it_may_be_put_to_another_one(self) -> None:
        assert codes(conclude(spoken(item(), *ALL), conclusion="discuss_again")) == []
        found = conclude(item(), conclusion="discuss_again")
        assert codes(found) == ["meeting.full_discussion"]

    def test_where_too_few_are_left_it_can_only_be_deferred__party_group_rules_art_31(
        self,
    ) -> None:
        matter = item().sat("withdraw_from_item")
        verdict = conclude(matter, TWO_THERE, conclusion="deferred")
        assert (codes(verdict), verdict.stage) == ([], "review_passed")
        found = conclude(spoken(matter, SECRETARY), TWO_THERE, conclusion="discuss_again")
        assert codes(found) == ["meeting.quorum"]

    @pytest.mark.parametrize(
        ("conclusion", "amendments"), [("amended", None), ("adopted", "第二条")]
    )
    def test_amendments_belong_to_adoption_with_amendments(
        self, conclusion: str, amendments: str | None
    ) -> None:
        found = conclude(voted(2, 1), conclusion=conclusion, amendments=amendments)
        assert codes(found) == ["meeting.amendments"]

    def test_the_record_says_who_stood_where__party_group_rules_art_32(self) -> None:
        matter = spoken(spoken(item(), MEMBER, stance="oppose"), OTHER_MEMBER, SECRETARY)
        counted = {"for": 2, "against": 1, "abstain": 0, "meeting": "PG-2026-1"}
        record = conclude(matter.filed("take_ballot", counted)).decision.record
        assert record is not None
        assert record["body"] == "party_group"
        assert record["stances"] == [
            {"person": MEMBER, "stance": "oppose"},
            {"person": OTHER_MEMBER, "stance": "support"},
            {"person": SECRETARY, "stance": "support"},
        ]


class TestConcludingByTheHead:
    def heard(self, stance: str, head: str = "nothing_to_say") -> Matter:
        matter = spoken(item(), DEPUTY, stance=stance)
        return spoken(matter, DIRECTOR, stance=head)

    def test_the_head_decides_without_a_vote__order_713_art_30_1(self) -> None:
        adopted = self.heard("support").filed(
            "conclude_item", {"conclusion": "adopted", "body": "party_group", "meeting": "PG-0"}
        )
        verdict = conclude(adopted, BY_HEAD)
        assert (codes(verdict), verdict.stage) == ([], "decided")

    @pytest.mark.parametrize(
        ("stance", "conclusion"),
        [
            ("oppose", "adopted"),
            ("reserve", "adopted"),
            ("support", "not_adopted"),
            ("support_with_changes", "not_adopted"),
        ],
    )
    def test_against_most_who_spoke_he_gives_reasons__order_713_art_30_2(
        self, stance: str, conclusion: str
    ) -> None:
        unmet = only(conclude(self.heard(stance), BY_HEAD, conclusion=conclusion))
        assert (unmet.code, law(unmet)) == ("meeting.departure", ["order_713 30.2", "house_rules"])
        given = conclude(self.heard(stance), BY_HEAD, conclusion=conclusion, reasons="利大于弊")
        assert codes(given) == []

    def test_where_most_want_changes_he_gives_reasons_to_adopt_it_as_it_is__order_713_art_30_2(
        self,
    ) -> None:
        matter = self.heard("support_with_changes")
        unmet = only(conclude(matter, BY_HEAD))
        assert (unmet.code, law(unmet)[0]) == ("meeting.changes_wanted", "order_713 30.2")
        assert unmet.params == {"changes": 1, "others": 0}
        assert codes(conclude(matter, BY_HEAD, reasons="利大于弊")) == []
        changed = conclude(matter, BY_HEAD, conclusion="amended", amendments="分两年调整")
        assert codes(changed) == []

    def test_his_own_word_does_not_make_him_one_of_most__order_713_art_30_2(self) -> None:
        matter = self.heard("oppose", head="support")
        assert codes(conclude(matter, BY_HEAD)) == ["meeting.departure"]
        assert codes(conclude(matter, BY_HEAD, conclusion="not_adopted")) == []
        assert codes(conclude(self.heard("nothing_to_say", head="support"), BY_HEAD)) == []

    def test_reasons_that_say_nothing_are_none__order_713_art_30_2(self) -> None:
        found = conclude(self.heard("oppose"), BY_HEAD, reasons="无")
        assert codes(found) == ["record.says_nothing"]

    def test_with_most_who_spoke_he_owes_none(self) -> None:
        assert codes(conclude(self.heard("oppose"), BY_HEAD, conclusion="not_adopted")) == []

    def test_what_whoever_withdrew_had_said_weighs_nothing(self) -> None:
        rules = procedure()
        half = replace(rules.rules["executive_meeting.recusal"], choices=("left_out",))
        left = {name: each for name, each in rules.rules.items() if not name.endswith(".least")}
        matter = item(rules=replace(rules, rules={**left, half.id: half}, digest="head"))
        spoken(spoken(matter, DEPUTY, stance="oppose"), DIRECTOR)
        matter.sat("withdraw_from_item", person=DEPUTY)
        assert codes(conclude(matter, BY_HEAD)) == []

    def test_only_after_everybody_spoke__order_713_art_30_2(self) -> None:
        found = conclude(spoken(item(), DEPUTY), BY_HEAD)
        assert codes(found) == ["meeting.full_discussion"]

    def test_a_head_who_withdrew_decides_nothing__order_713_art_30_1(self) -> None:
        matter = spoken(item().sat("withdraw_from_item", person=DIRECTOR), DEPUTY)
        found = conclude(matter, BY_HEAD)
        assert codes(found) == ["meeting.least", "meeting.withdrawn"]
        assert found.decision.unmet[-1].params == {"account": DIRECTOR}
        put_off = conclude(matter, BY_HEAD, conclusion="deferred", reasons="主持人回避")
        assert codes(put_off) == []


class TestEnteredLate:
    """A true record (art. 30.3) says when it was made; the meeting sat on Friday, 6 November."""

    @pytest.mark.parametrize(
        ("on", "late"),
        [(UP, None), ("2026-11-07", None), ("2026-11-09", None), ("2026-11-10", 1)],
    )
    def test_a_conclusion_after_the_next_working_day_is_marked__order_713_art_30_3(
        self, on: str, late: int | None
    ) -> None:
        matter = spoken(item(), DEPUTY, DIRECTOR)
        record = give("conclude_item", KEEPER, matter, on, at=BY_HEAD).decision.record
        assert record is not None
        assert record.get("late_entry") == late

    def test_so_is_a_vote_weeks_later__party_group_rules_art_32(self) -> None:
        found = give("take_ballot", KEEPER, spoken(item(), *ALL), "2026-11-30", at=BY_VOTES)
        assert found.decision.record is not None
        assert found.decision.record["late_entry"] == 21

    def test_without_such_a_rule_nothing_is_marked(self) -> None:
        rules = procedure()
        left = {name: each for name, each in rules.rules.items() if not name.endswith("late_entry")}
        matter = spoken(item(rules=replace(rules, rules=left)), DEPUTY, DIRECTOR)
        record = give("conclude_item", KEEPER, matter, "2026-11-30", at=BY_HEAD).decision.record
        assert record is not None
        assert "late_entry" not in record


class TestDecidingInTheHeadsPlace:
    """Who presides in the head's absence decides if expressly entrusted with it (art. 30.1)."""

    THIRD = "economy.head"

    def people(self, principal: str = DIRECTOR, *commands: str) -> Directory:
        held = Appointment(self.THIRD, "leadership", "deputy", LONG_AGO, None)
        lent = Mandate(1, principal, DEPUTY, frozenset(commands), LONG_AGO, day("2026-12-31"), None)
        return replace(directory().with_(held), mandates={1: lent})

    def at(self) -> Meeting:
        leave = [{"person": DIRECTOR, "reason": "出差"}]
        present = [DEPUTY, self.THIRD]
        return sitting("executive_meeting", chair=DEPUTY, present=present, leave=leave)

    def test_presiding_alone_is_not_deciding__order_713_art_30_1(self) -> None:
        matter, people = spoken(item(), self.THIRD, DEPUTY), self.people(DIRECTOR, "open_meeting")
        unmet = only(conclude(matter, self.at(), people=people))
        assert (unmet.code, law(unmet)) == ("meeting.not_entrusted", ["order_713 30.1"])
        put_off = conclude(
            matter, self.at(), conclusion="deferred", reasons="等主任返回", people=people
        )
        assert codes(put_off) == []

    def test_entrusted_with_it_he_decides_and_is_named__order_713_art_30_1(self) -> None:
        matter, people = spoken(item(), self.THIRD, DEPUTY), self.people(DIRECTOR, "conclude_item")
        record = conclude(matter, self.at(), people=people).decision.record
        assert record is not None
        assert (record["decided_by"], record["entrusted"]) == (DEPUTY, True)

    @pytest.mark.parametrize(("principal", "refused"), [(DIRECTOR, True), (SUPERIOR, False)])
    def test_a_head_who_withdrew_entrusts_nobody_but_his_superior_may__order_713_art_30_1(
        self, principal: str, refused: bool
    ) -> None:
        matter = item().sat("withdraw_from_item", person=DIRECTOR)
        spoken(matter, self.THIRD, DEPUTY)
        present = [DIRECTOR, DEPUTY, self.THIRD]
        at = sitting("executive_meeting", chair=DIRECTOR, present=present)
        found = conclude(matter, at, people=self.people(principal, "conclude_item"))
        assert codes(found) == ["meeting.withdrawn"] * refused
