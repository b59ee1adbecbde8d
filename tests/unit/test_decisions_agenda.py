"""Meetings and their agenda: nothing gets onto it except by due procedure (Order 713 art. 25)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    KEEPER,
    NO_STEP,
    SECRETARY,
    Matter,
    codes,
    day,
    give,
    law,
    meeting,
    only,
    procedure,
    ready,
    scene,
    sitting,
)
from workflow.canonical import digest_of
from workflow.commands import ProposeAgendaItem
from workflow.decisions import agenda
from workflow.decisions.scene import AddMeeting, FreezeMeeting, Table, Untable
from workflow.errors import BadInput
from workflow.meeting import Meeting


def passed(**changes: object) -> Matter:
    return ready(stage="review_passed", **changes).passed()


class TestConvening:
    def test_a_meeting_is_convened_in_time_for_its_notice(self) -> None:
        verdict = give("convene_meeting", KEEPER)
        assert (codes(verdict), verdict.stage) == ([], None)
        assert verdict.decision.effects == (AddMeeting("party_group", day("2026-11-06")),)

    def test_the_secretary_may_convene_too__profile(self) -> None:
        assert codes(give("convene_meeting", SECRETARY)) == []

    def test_a_meeting_today_has_no_time_for_its_notice(self) -> None:
        assert codes(give("convene_meeting", KEEPER, held_on="2026-09-01")) == ["agenda.notice"]

    def test_a_meeting_in_the_past_is_refused(self) -> None:
        unmet = only(give("convene_meeting", KEEPER, held_on="2026-08-31"))
        assert (unmet.code, unmet.params) == (
            "agenda.meeting_past",
            {"held_on": day("2026-08-31")},
        )

    @pytest.mark.parametrize(("held_on", "refused"), [("2026-09-02", True), ("2026-09-03", False)])
    def test_the_notice_needs_two_days__party_group_rules_art_30(
        self, held_on: str, refused: bool
    ) -> None:
        found = give("convene_meeting", KEEPER, held_on=held_on)
        assert codes(found) == ["agenda.notice"] * refused

    def test_the_refusal_tells_the_last_day(self) -> None:
        unmet = only(give("convene_meeting", KEEPER, held_on="2026-09-02"))
        assert law(unmet) == ["party_group_rules 30"]
        assert unmet.params == {"latest": day("2026-08-31"), "held_on": day("2026-09-02")}

    def test_an_unknown_body_is_bad_input(self) -> None:
        with pytest.raises(BadInput) as caught:
            give("convene_meeting", KEEPER, body="garden_party")
        assert caught.value.params["known"] == tuple(procedure().bodies)


class TestProposing:
    def test_a_cleared_matter_is_tabled_with_its_text_and_review__order_713_art_25(self) -> None:
        matter = passed()
        verdict = give("propose_agenda_item", CLERK, matter, "2026-10-26", at=meeting())
        assert (codes(verdict), verdict.stage) == ([], "tabled")
        (review,) = matter.facts.reviews
        assert verdict.decision.effects == (Table(1, digest_of("第一稿"), review.position, 1),)
        assert verdict.decision.record == {
            "meeting": "PG-2026-1",
            "digest_tabled": digest_of("第一稿"),
            "place": 1,
        }
        assert verdict.decision.changes == {"meeting": (None, "PG-2026-1")}

    def test_it_takes_the_place_after_the_last(self) -> None:
        at = meeting(matters=("2026-7", "2026-8"))
        verdict = give("propose_agenda_item", CLERK, passed(), at=at)
        assert verdict.decision.record is not None
        assert verdict.decision.record["place"] == 3

    def test_before_any_review_it_is_refused_in_every_stage__order_713_art_25(self) -> None:
        for stage in ("proposed", "drafting", "under_review", "review_passed"):
            found = give("propose_agenda_item", CLERK, ready(stage=stage), at=meeting())
            assert codes(found) == ["legality_review.missing"]

    def test_every_reason_is_told_at_once(self) -> None:
        matter = Matter(answers={**NO_STEP, "spends_money": True})
        found = give("propose_agenda_item", CLERK, matter, at=meeting(frozen_on="2026-08-31"))
        assert codes(found) == [
            "study.missing",
            "classification.missing",
            "research.report_missing",
            "research.legal_basis_missing",
            "budget.missing",
            "legality_review.missing",
            "agenda.frozen",
        ]

    def test_a_text_changed_after_its_review_is_refused__order_713_art_25(self) -> None:
        matter = passed().drafted("第二稿", "editorial")
        found = give("propose_agenda_item", CLERK, matter, at=meeting())
        assert codes(found) == ["legality_review.other_text"]

    def test_all_is_done_but_the_stage_is_not_reached(self) -> None:
        found = give("propose_agenda_item", CLERK, ready(stage="returned").passed(), at=meeting())
        assert codes(found) == ["stage.not_allowed"]

    @pytest.mark.parametrize(
        ("at", "code"),
        [
            (meeting(frozen_on="2026-08-31"), "agenda.frozen"),
            (meeting(held_on="2026-08-31"), "agenda.meeting_past"),
            (meeting(body="executive_meeting"), "agenda.wrong_body"),
            (meeting(body="of_old"), "agenda.wrong_body"),
        ],
    )
    def test_the_meeting_has_to_be_the_right_one(self, at: Meeting, code: str) -> None:
        assert codes(give("propose_agenda_item", CLERK, passed(), at=at)) == [code]

    def test_a_frozen_agenda_takes_nothing_more__party_group_rules_art_30(self) -> None:
        at = meeting(frozen_on="2026-08-31")
        unmet = only(give("propose_agenda_item", KEEPER, passed(), at=at))
        assert law(unmet) == ["jiyuan_report_2022", "party_group_rules 30"]
        assert unmet.params == {"frozen_on": day("2026-08-31"), "meeting": "PG-2026-1"}

    @pytest.mark.parametrize(("on", "refused"), [("2026-11-04", False), ("2026-11-05", True)])
    def test_after_the_day_of_the_notice_an_item_is_ad_hoc__party_group_rules_art_30(
        self, on: str, refused: bool
    ) -> None:
        found = give("propose_agenda_item", CLERK, passed(), on, at=meeting())
        assert codes(found) == ["agenda.notice"] * refused

    def test_on_the_day_itself_too__party_group_rules_art_30(self) -> None:
        found = give("propose_agenda_item", CLERK, passed(), "2026-11-06", at=meeting())
        assert codes(found) == ["agenda.notice"]

    def test_the_body_wanted_is_named__order_713_art_30_1(self) -> None:
        at = meeting(body="executive_meeting")
        unmet = only(give("propose_agenda_item", CLERK, passed(), at=at))
        bodies = procedure().bodies
        assert unmet.params == {
            "body": bodies["executive_meeting"].name,
            "wanted": bodies["party_group"].name,
        }

    def test_a_matter_is_not_listed_twice(self) -> None:
        matter = passed(meeting="PG-2026-2")
        unmet = only(give("propose_agenda_item", CLERK, matter, at=meeting()))
        assert (unmet.code, unmet.params) == ("agenda.already_listed", {"meeting": "PG-2026-2"})

    def test_a_paused_matter_is_not_tabled(self) -> None:
        matter = passed(paused_since=day("2026-08-28"))
        found = give("propose_agenda_item", CLERK, matter, at=meeting())
        assert codes(found) == ["matter.paused"]

    def test_without_a_meeting_it_makes_no_sense(self) -> None:
        with pytest.raises(TypeError, match="about a meeting"):
            agenda.propose_agenda_item(scene(CLERK, passed()), ProposeAgendaItem())


class TestRemoving:
    def test_it_leaves_the_agenda_frozen_or_not(self) -> None:
        matter = Matter(stage="tabled", meeting="PG-2026-1")
        verdict = give("remove_agenda_item", KEEPER, matter)
        assert (codes(verdict), verdict.stage) == ([], "review_passed")
        assert verdict.decision.effects == (Untable(),)
        assert verdict.decision.changes == {"meeting": ("PG-2026-1", None)}

    def test_what_is_on_no_agenda_is_not_removed(self) -> None:
        found = give("remove_agenda_item", KEEPER, Matter(stage="tabled"))
        assert codes(found) == ["agenda.not_listed"]

    def test_what_was_voted_on_is_not_removed__party_group_rules_art_32(self) -> None:
        matter = Matter(stage="tabled", on_agenda=sitting()).listed().sat("take_ballot")
        unmet = only(give("remove_agenda_item", KEEPER, matter))
        assert (unmet.code, unmet.params) == ("agenda.voted", {"meeting": "PG-2026-1"})

    @pytest.mark.parametrize(
        ("command", "actor"), [("remove_agenda_item", KEEPER), ("withdraw", HEAD)]
    )
    def test_once_the_meeting_sits_an_item_leaves_with_a_conclusion__order_713_art_30_3(
        self, command: str, actor: str
    ) -> None:
        matter = Matter(stage="tabled", on_agenda=sitting()).listed()
        unmet = only(give(command, actor, matter))
        assert (unmet.code, law(unmet)) == ("agenda.in_session", ["order_713 30.3", "house_rules"])
        assert codes(give(command, actor, replace(matter, on_agenda=meeting()))) == []

    @pytest.mark.parametrize("stage", ["studied", "amending", "decided"])
    def test_what_a_body_adopted_its_own_side_does_not_take_back__order_713_art_30_1(
        self, stage: str
    ) -> None:
        assert codes(give("withdraw", HEAD, Matter(stage=stage))) == ["stage.not_allowed"]
        assert codes(give("end_decision", HEAD, Matter(stage=stage))) == ["authority.role"]
        assert give("end_decision", DIRECTOR, Matter(stage=stage)).stage == "ended"

    def test_a_matter_that_is_ended_leaves_the_next_agenda(self) -> None:
        matter = Matter(stage="tabled_next", on_agenda=meeting()).listed()
        found = give("end_decision", DIRECTOR, matter)
        assert (found.stage, found.decision.effects) == ("ended", (Untable(),))

    def test_what_a_sitting_meeting_concluded_does_not_come_back_to_it__order_713_art_30_3(
        self,
    ) -> None:
        urgent = {"reasons": "不能等到下次会议", "approved_by": SECRETARY}
        matter = passed().listed()
        matter.meeting = None
        found = give(
            "propose_agenda_item", CLERK, matter, "2026-11-06", at=sitting(), urgent=urgent
        )
        assert codes(found) == ["agenda.once"]
        at = meeting(frozen_on="2026-11-03")
        found = give("propose_agenda_item", CLERK, matter, "2026-11-05", at=at, urgent=urgent)
        assert codes(found) == []

    def test_the_lead_unit_may_not_remove_it(self) -> None:
        matter = Matter(stage="tabled", meeting="PG-2026-1")
        assert codes(give("remove_agenda_item", HEAD, matter)) == ["authority.role"]


class TestFreezing:
    def test_the_agenda_is_fixed_in_time__party_group_rules_art_30(self) -> None:
        verdict = give("freeze_agenda", KEEPER, on="2026-11-03", at=meeting(matters=("2026-1",)))
        assert (codes(verdict), verdict.decision.effects) == ([], (FreezeMeeting(),))
        assert verdict.decision.changes == {"frozen_on": (None, day("2026-11-03"))}

    def test_an_empty_agenda_is_not_frozen(self) -> None:
        assert codes(give("freeze_agenda", KEEPER, at=meeting())) == ["agenda.empty"]

    def test_a_frozen_one_is_not_frozen_again(self) -> None:
        at = meeting(frozen_on="2026-08-31", matters=("2026-1",))
        assert codes(give("freeze_agenda", KEEPER, at=at)) == ["agenda.frozen"]

    def test_too_late_for_the_notice_it_is_refused__party_group_rules_art_30(self) -> None:
        found = give("freeze_agenda", KEEPER, on="2026-11-05", at=meeting(matters=("2026-1",)))
        assert codes(found) == ["agenda.notice"]

    def test_everything_wrong_is_told_at_once(self) -> None:
        found = give("freeze_agenda", KEEPER, on="2026-11-05", at=meeting())
        assert codes(found) == ["agenda.empty", "agenda.notice"]
