"""A meeting that sits: who is due, who is there, who presides, and when it is over.

Party group rules arts 30 to 33 and Order 713 art. 30.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from procedures.book import shipped
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    GOOD,
    KEEPER,
    LONG_AGO,
    MEMBER,
    NO_STEP,
    OTHER_MEMBER,
    RECORDER,
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
    scene,
    sitting,
)
from workflow.ballot import Attendance
from workflow.decisions.decide import Verdict
from workflow.decisions.scene import CloseSitting, OpenSitting
from workflow.decisions.sitting import lacking_quorum, left_out, members, open_meeting, quorum
from workflow.definition import Text
from workflow.directory import Appointment, Mandate
from workflow.errors import NotFound
from workflow.meeting import Meeting, Sitting
from workflow.meeting_forms import OpenMeeting

UP = "2026-11-06"
ALL = [SECRETARY, MEMBER, OTHER_MEMBER]
FROZEN = meeting(frozen_on="2026-11-03", matters=("2026-1",))


def opened(at: Meeting = FROZEN, on: str = UP, **changes: Any) -> Verdict:
    return give("open_meeting", KEEPER, on=on, at=at, **changes)


def leave(*people: str) -> list[dict[str, str]]:
    return [{"person": person, "reason": "出差"} for person in people]


class TestOpening:
    def test_all_are_there__party_group_rules_art_31(self) -> None:
        verdict = opened()
        assert (codes(verdict), verdict.stage) == ([], None)
        assert verdict.decision.effects == (OpenSitting(),)

    def test_a_member_may_be_on_leave_with_a_reason__party_group_rules_art_31(self) -> None:
        assert codes(opened(present=[SECRETARY, MEMBER], leave=leave(OTHER_MEMBER))) == []

    def test_too_few_are_there__party_group_rules_art_31(self) -> None:
        unmet = only(opened(present=[SECRETARY], leave=leave(MEMBER, OTHER_MEMBER)))
        assert (unmet.code, unmet.params) == ("meeting.quorum", {"due": 3, "needed": 2, "there": 1})
        assert law(unmet) == ["party_group_rules 31"]

    def test_an_agenda_that_was_not_notified_is_not_discussed__party_group_rules_art_30(
        self,
    ) -> None:
        unmet = only(opened(meeting(matters=("2026-1",))))
        assert (unmet.code, law(unmet)) == ("meeting.notice", ["party_group_rules 30"])

    @pytest.mark.parametrize(
        ("changes", "on"),
        [({"held_on": "2026-11-05"}, UP), ({}, "2026-11-05"), ({"held_on": "2026-11-07"}, UP)],
    )
    def test_it_is_held_on_the_day_it_was_convened_for(
        self, changes: dict[str, Any], on: str
    ) -> None:
        unmet = only(opened(on=on, **changes))
        assert (unmet.code, unmet.params) == ("meeting.on_its_day", {"held_on": day(UP)})

    def test_it_may_be_entered_afterwards_and_is_marked_so(self) -> None:
        found = opened(on="2026-11-09")
        assert codes(found) == []
        assert found.decision.record is not None
        assert found.decision.record["days_late"] == 3
        late = replace(minuted("open_meeting"), filed_on=day("2026-11-09"))
        assert at_once(replace(FROZEN, records=(late,))).days_late == 3

    def test_it_is_opened_once(self) -> None:
        assert codes(opened(sitting())) == ["meeting.opened_once"]

    def test_what_was_called_off_is_not_opened__party_group_rules_art_30(self) -> None:
        off = replace(FROZEN, records=(minuted("cancel_meeting"),))
        assert codes(opened(off)) == ["agenda.meeting_cancelled"]

    def test_whoever_is_no_member_attends_without_a_vote__party_group_rules_art_31(self) -> None:
        unmet = only(opened(present=[*ALL, CLERK], leave=leave(DIRECTOR)))
        assert unmet.code == "meeting.non_members"
        assert unmet.params == {"people": (DIRECTOR, CLERK)}
        assert codes(opened(attending=[CLERK])) == []

    @pytest.mark.parametrize(
        ("changes", "people"),
        [
            ({"present": [SECRETARY, MEMBER]}, (OTHER_MEMBER,)),
            ({"leave": leave(MEMBER)}, (MEMBER,)),
        ],
    )
    def test_everybody_due_is_there_or_on_leave__party_group_rules_art_31(
        self, changes: dict[str, Any], people: tuple[str, ...]
    ) -> None:
        unmet = only(opened(**changes))
        assert (unmet.code, unmet.params) == ("meeting.roster", {"people": people})

    def test_who_is_away_without_leave_is_recorded_so__party_group_rules_art_31(self) -> None:
        assert codes(opened(present=[SECRETARY, MEMBER], absent=[OTHER_MEMBER])) == []
        found = sitting(present=[SECRETARY, MEMBER], absent=[OTHER_MEMBER])
        assert at_once(found).absent == (OTHER_MEMBER,)
        assert at_once(found).due == {SECRETARY, MEMBER, OTHER_MEMBER}

    @pytest.mark.parametrize("named", [OTHER_MEMBER, "党组成员二"])
    def test_no_member_sits_in_without_a_vote__party_group_rules_art_31(self, named: str) -> None:
        names = {**directory().persons, OTHER_MEMBER: Text("党组成员二", "member 2")}
        people = replace(directory(), persons=names)
        there = [SECRETARY, MEMBER]
        found = give(
            "open_meeting",
            KEEPER,
            on=UP,
            at=FROZEN,
            people=people,
            present=there,
            leave=leave(OTHER_MEMBER),
            attending=[named],
        )
        assert only(found).params == {"people": (OTHER_MEMBER,)}
        assert codes(found) == ["meeting.attending_member"]

    @pytest.mark.parametrize("chair", [MEMBER, DIRECTOR])
    def test_the_secretary_presides__party_group_rules_art_31(self, chair: str) -> None:
        unmet = only(opened(chair=chair))
        assert (unmet.code, unmet.params) == ("meeting.chair", {"account": chair})

    def test_a_secretary_who_is_away_does_not_preside(self) -> None:
        found = opened(present=[MEMBER, OTHER_MEMBER], leave=leave(SECRETARY))
        assert codes(found) == ["meeting.chair"]

    @pytest.mark.parametrize(
        ("agent", "commands", "refused"),
        [
            (MEMBER, {"open_meeting"}, False),
            (MEMBER, {"convene_meeting"}, True),
            (OTHER_MEMBER, {"open_meeting"}, True),
        ],
    )
    def test_the_secretary_may_entrust_a_member_with_it(
        self, agent: str, commands: set[str], refused: bool
    ) -> None:
        lent = Mandate(1, SECRETARY, agent, frozenset(commands), LONG_AGO, day("2026-12-31"), None)
        found = give(
            "open_meeting",
            KEEPER,
            on=UP,
            at=FROZEN,
            people=replace(directory(), mandates={1: lent}),
            chair=MEMBER,
            present=[MEMBER, OTHER_MEMBER],
            leave=leave(SECRETARY),
        )
        assert codes(found) == ["meeting.chair"] * refused

    def test_a_secretary_who_is_there_presides_himself__party_group_rules_art_31(self) -> None:
        lent = Mandate(1, SECRETARY, MEMBER, frozenset(), LONG_AGO, day("2026-12-31"), None)
        people = replace(directory(), mandates={1: lent})
        found = give("open_meeting", KEEPER, on=UP, at=FROZEN, people=people, chair=MEMBER)
        assert codes(found) == ["meeting.chair"]

    @pytest.mark.parametrize(("principal", "refused"), [(SUPERIOR, False), (DIRECTOR, True)])
    def test_where_the_post_is_vacant_the_superior_entrusts_a_member__party_group_rules_art_31(
        self, principal: str, refused: bool
    ) -> None:
        lent = Mandate(
            1, principal, MEMBER, frozenset({"open_meeting"}), LONG_AGO, day("2026-12-31"), None
        )
        held = (each for each in directory().appointments if each.person != SECRETARY)
        people = replace(directory(), appointments=tuple(held), mandates={1: lent})
        present = [MEMBER, OTHER_MEMBER]
        found = give(
            "open_meeting", KEEPER, on=UP, at=FROZEN, people=people, chair=MEMBER, present=present
        )
        assert codes(found) == ["meeting.chair"] * refused

    def test_one_person_is_no_discussion__order_713_art_30_1(self) -> None:
        at = meeting(frozen_on="2026-11-03", body="executive_meeting")
        told: dict[str, Any] = {
            "chair": DIRECTOR,
            "present": [DIRECTOR],
            "leave": leave("leader.deputy"),
        }
        unmet = only(opened(at, **told))
        assert (unmet.code, unmet.params) == ("meeting.least", {"needed": 2, "there": 1})
        assert law(unmet) == ["order_713 30.1", "house_rules"]

    def test_a_body_does_not_sit_twice_at_once__party_group_rules_art_30(self) -> None:
        other = replace(sitting(present=[SECRETARY, MEMBER], leave=leave(OTHER_MEMBER)), code="2")
        place = scene(KEEPER, on=UP, at=FROZEN)
        given = OpenMeeting.model_validate(GOOD["open_meeting"])
        for alongside, refused in (((other,), True), ((closed(other),), False), ((FROZEN,), False)):
            found = open_meeting(replace(place, alongside=alongside), given)
            assert codes(found.unmet) == ["meeting.elsewhere"] * refused

    def test_the_recorder_is_no_member__party_group_rules_art_31(self) -> None:
        unmet = only(opened(recorder=MEMBER))
        assert (unmet.code, unmet.params) == ("meeting.recorder", {"account": MEMBER})

    def test_somebody_unknown_is_bad_input(self) -> None:
        with pytest.raises(NotFound) as caught:
            opened(recorder="nobody.at.all")
        assert caught.value.params == {"person": ("nobody.at.all",)}

    def test_everything_wrong_is_told_at_once(self) -> None:
        found = opened(
            meeting(),
            held_on="2026-11-07",
            chair=CLERK,
            recorder=SECRETARY,
            present=[SECRETARY, CLERK],
        )
        assert codes(found) == [
            "meeting.notice",
            "meeting.on_its_day",
            "meeting.non_members",
            "meeting.roster",
            "meeting.chair",
            "meeting.recorder",
            "meeting.quorum",
        ]

    def test_only_the_agenda_office_opens_it(self) -> None:
        assert codes(give("open_meeting", SECRETARY, on=UP, at=FROZEN)) == ["authority.role"]


def at_once(at: Meeting) -> Sitting:
    """Who sits in a meeting that was opened."""
    found = at.sitting
    assert found is not None
    return found


class TestComingAndGoing:
    """Who comes late takes part from then on, who leaves no longer (Party group rules art. 31)."""

    def changed(self, *changes: tuple[str, str]) -> Meeting:
        at = sitting(present=[SECRETARY, MEMBER], leave=leave(OTHER_MEMBER))
        filed = [
            minuted("record_attendance", 2 + place, person=person, change=change)
            for place, (person, change) in enumerate(changes)
        ]
        return replace(at, records=(*at.records, *filed))

    def test_who_came_late_is_there_and_his_leave_is_kept(self) -> None:
        found = at_once(self.changed((OTHER_MEMBER, "arrived"), (MEMBER, "left")))
        assert found.present == {SECRETARY, OTHER_MEMBER}
        assert found.opened_with == {SECRETARY, MEMBER}
        assert found.leave == {OTHER_MEMBER: "出差"}
        assert found.due == {SECRETARY, MEMBER, OTHER_MEMBER}

    @pytest.mark.parametrize(
        ("person", "change", "refused"),
        [
            (OTHER_MEMBER, "arrived", []),
            (MEMBER, "left", []),
            (MEMBER, "arrived", ["meeting.unchanged"]),
            (OTHER_MEMBER, "left", ["meeting.unchanged"]),
            (DIRECTOR, "arrived", ["meeting.non_members"]),
            (SECRETARY, "left", ["meeting.chair_stays"]),
        ],
    )
    def test_what_may_be_noted(self, person: str, change: str, refused: list[str]) -> None:
        at = self.changed()
        found = give("record_attendance", KEEPER, on=UP, at=at, person=person, change=change)
        assert codes(found) == refused

    def test_only_while_the_meeting_sits(self) -> None:
        found = give("record_attendance", KEEPER, on=UP, at=closed(self.changed()))
        assert codes(found) == ["meeting.sitting"]


def test_who_is_appointed_after_the_opening_changes_no_base__party_group_rules_art_31() -> None:
    held = Appointment(CLERK, "party_group", "member", LONG_AGO, None)
    people = directory().with_(held)
    assert CLERK in members(scene(KEEPER, on=UP, at=FROZEN, people=people))
    assert CLERK not in members(scene(KEEPER, on=UP, at=sitting(), people=people))


class TestTheQuorumOfAnItem:
    def place(self, item_class: str, at: Meeting | None = None) -> Any:
        """Two of three are there for an item of a class (三重一大)."""
        rules = shipped().get("major_items")
        matter = Matter(rules=rules, answers={**NO_STEP, "item_class": item_class})
        return scene(KEEPER, matter, UP, at=at or sitting())

    @pytest.mark.parametrize(
        ("item_class", "rule"),
        [
            ("personnel", "party_group.special_quorum"),
            ("discipline", "party_group.special_quorum"),
            ("project", "party_group.quorum"),
        ],
    )
    def test_personnel_and_discipline_need_two_thirds__party_group_rules_art_31(
        self, item_class: str, rule: str
    ) -> None:
        assert quorum(self.place(item_class))[0].id == rule

    @pytest.mark.parametrize(("item_class", "refused"), [("personnel", True), ("project", False)])
    def test_half_is_not_enough_for_personnel__party_group_rules_art_31(
        self, item_class: str, refused: bool
    ) -> None:
        due = frozenset(("one", "two", "three", "four"))
        found = tuple(
            lacking_quorum(self.place(item_class), Attendance(due, frozenset(("one", "two"))))
        )
        assert codes(found) == ["meeting.quorum"] * refused
        if found:
            assert found[0].params == {"due": 4, "needed": 3, "there": 2}
            assert law(found[0]) == ["party_group_rules 31", "three_major"]

    def test_a_question_answered_by_yes_asks_for_it_too(self) -> None:
        rules = shipped().get("major_items")
        special = rules.rules["party_group.special_quorum"]
        changed = {"party_group.special_quorum": replace(special, choices=("major_decision",))}
        rules = replace(rules, rules={**rules.rules, **changed}, digest="by yes")
        for answer, rule in ((True, "special_quorum"), (False, "quorum")):
            matter = Matter(rules=rules, answers={**NO_STEP, "major_decision": answer})
            found, _ = quorum(scene(KEEPER, matter, UP, at=sitting()))
            assert found.id == f"party_group.{rule}"

    def test_it_never_asks_for_less_than_of_other_items(self) -> None:
        rules = shipped().get("major_items")
        base = rules.rules["party_group.quorum"]
        special = replace(rules.rules["party_group.special_quorum"], share=base.share)
        changed = {"party_group.special_quorum": special}
        rules = replace(rules, rules={**rules.rules, **changed}, digest="no larger")
        matter = Matter(rules=rules, answers={**NO_STEP, "item_class": "personnel"})
        assert quorum(scene(KEEPER, matter, UP, at=sitting()))[0] is base

    def test_of_the_meeting_as_a_whole_the_common_one_is_asked(self) -> None:
        assert quorum(scene(KEEPER, at=sitting()))[0].id == "party_group.quorum"

    def test_a_quorum_that_is_no_share_is_a_fault_of_the_definition(self) -> None:
        rules = procedure()
        bare = {"party_group.quorum": replace(rules.rules["party_group.quorum"], share=None)}
        matter = Matter(rules=replace(rules, rules={**rules.rules, **bare}, digest="bare"))
        with pytest.raises(TypeError, match="is no share"):
            quorum(scene(KEEPER, matter, UP, at=sitting()))


class TestTheBaseAfterAWithdrawal:
    @pytest.mark.parametrize(("choice", "shrinks"), [("kept", False), ("left_out", True)])
    def test_it_is_as_the_rule_says__party_group_rules_art_31(
        self, choice: str, shrinks: bool
    ) -> None:
        rules = procedure()
        rule = replace(rules.rules["party_group.recusal"], choices=(choice,))
        given = replace(rules, rules={**rules.rules, rule.id: rule}, digest=choice)
        assert left_out(scene(KEEPER, Matter(rules=given), UP, at=sitting())) is shrinks

    def test_without_a_rule_it_is_kept(self) -> None:
        rules = procedure()
        others = {name: rule for name, rule in rules.rules.items() if name != "party_group.recusal"}
        given = replace(rules, rules=others, digest="no recusal")
        assert not left_out(scene(KEEPER, Matter(rules=given), UP, at=sitting()))


class TestClosing:
    def test_with_every_item_concluded_the_minutes_are_issued__party_group_rules_art_32(
        self,
    ) -> None:
        verdict = give("close_meeting", KEEPER, on=UP, at=sitting(concluded="adopted"))
        assert (codes(verdict), verdict.decision.effects) == ([], (CloseSitting(),))

    def test_an_item_without_a_conclusion_keeps_it_open__order_713_art_30_3(self) -> None:
        unmet = only(give("close_meeting", KEEPER, on=UP, at=sitting()))
        assert (unmet.code, unmet.params) == ("meeting.every_item", {"matters": ("2026-1",)})

    def test_the_chair_issues_the_minutes__party_group_rules_art_32(self) -> None:
        at = sitting(concluded="adopted")
        unmet = only(give("close_meeting", KEEPER, on=UP, at=at, issued_by=MEMBER))
        assert (unmet.code, unmet.params) == ("meeting.minutes", {"account": SECRETARY})

    @pytest.mark.parametrize("at", [FROZEN, closed(sitting(concluded="adopted"))])
    def test_what_does_not_sit_is_not_closed(self, at: Meeting) -> None:
        assert codes(give("close_meeting", KEEPER, on=UP, at=at)) == ["meeting.sitting"]


class TestWhatIsKeptOfTheOpening:
    def test_who_sat_can_be_read_back(self) -> None:
        found = sitting(
            present=[SECRETARY, MEMBER], leave=leave(OTHER_MEMBER), attending=["规划建设局"]
        ).sitting
        assert found is not None
        assert (found.chair, found.recorder) == (SECRETARY, RECORDER)
        assert found.present == {SECRETARY, MEMBER}
        assert found.leave == {OTHER_MEMBER: "出差"}
        assert found.attending == ("规划建设局",)

    def test_before_it_nobody_sat(self) -> None:
        assert FROZEN.sitting is None
        assert not FROZEN.closed

    def test_a_command_that_needs_a_meeting_is_not_given_without(self) -> None:
        with pytest.raises(TypeError, match="not about a meeting"):
            _ = scene(KEEPER).sitting
