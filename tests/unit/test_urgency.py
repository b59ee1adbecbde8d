"""What was let pass in advance is answered for: urgent items and emergencies, from the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    KEEPER,
    SECRETARY,
    SUPERIOR,
    TODAY,
    Matter,
    codes,
    day,
    give,
    law,
    lens,
    meeting,
    only,
    procedure,
    ready,
    unmets,
)
from workflow.canonical import digest_of
from workflow.decisions.owing import owed
from workflow.decisions.scene import Table
from workflow.definition import Gate, Procedure
from workflow.directory import Mandate
from workflow.errors import NotFound
from workflow.facts import Linked, Record
from workflow.guards import Lens, unmet_before
from workflow.refusals import Unmet
from workflow.urgency import continued_by, emergency, unconfirmed, urgent_items

URGENT = {"reasons": "不能等到下次会议", "approved_by": SECRETARY}
PLACE = "PG-2026-1"


def filed(matter: Matter, command: str, kept: Mapping[str, object], on: str = TODAY) -> Matter:
    """The matter with one record more, as it is kept."""
    position, by = len(matter.records) + 1, KEEPER
    drafts = matter.facts.draft
    number = 0 if drafts is None else drafts.number
    record = Record(
        position, command, None, "", by, None, "general_office", "keeper", kept, number, day(on)
    )
    return replace(matter, records=(*matter.records, record))


def listed(matter: Matter, on: str = "2026-11-02", at: str = PLACE) -> Matter:
    kept = {"meeting": at, "urgent": {**URGENT, "confirm_by": "2026-11-05"}}
    return filed(replace(matter, meeting=at), "propose_agenda_item", kept, on)


def passed() -> Matter:
    return ready(stage="review_passed").passed()


def without_track() -> Procedure:
    rules = {name: rule for name, rule in procedure().rules.items() if name != "agenda.urgent"}
    return replace(procedure(), rules=rules, digest=digest_of("without a track"))


def concluded(
    matter: Matter, as_: str = "adopted", at: str = PLACE, body: str = "party_group"
) -> Matter:
    """The item once the meeting came to something on it."""
    kept = {"conclusion": as_, "meeting": at, "body": body}
    stage = "studied" if matter.stage == "tabled" else matter.stage
    return filed(replace(matter, meeting=None, stage=stage), "conclude_item", kept, "2026-11-05")


class TestListing:
    def test_it_comes_onto_a_frozen_agenda_and_is_to_be_confirmed__party_group_rules_art_30(
        self,
    ) -> None:
        at = meeting(frozen_on="2026-10-30")
        found = give("propose_agenda_item", CLERK, passed(), "2026-11-05", at=at, urgent=URGENT)
        assert (codes(found), found.stage) == ([], "tabled")
        (effect,) = found.decision.effects
        assert isinstance(effect, Table)
        assert effect.urgent
        assert found.decision.record is not None
        assert found.decision.record["urgent"] == {**URGENT, "confirm_by": "2026-11-10"}

    def test_within_the_days_of_the_notice_too(self) -> None:
        found = give(
            "propose_agenda_item", CLERK, passed(), "2026-11-05", at=meeting(), urgent=URGENT
        )
        assert codes(found) == []

    def test_nothing_of_the_gate_is_lifted__order_713_art_25(self) -> None:
        at = meeting(frozen_on="2026-08-31")
        found = give("propose_agenda_item", CLERK, ready(), "2026-11-05", at=at, urgent=URGENT)
        assert codes(found) == ["legality_review.missing"]

    def test_what_is_in_time_needs_no_label(self) -> None:
        unmet = only(give("propose_agenda_item", CLERK, passed(), at=meeting(), urgent=URGENT))
        assert (unmet.code, law(unmet)) == ("agenda.urgent_needless", ["party_group_rules 30"])

    def test_an_agenda_that_was_fixed_early_makes_nothing_urgent__party_group_rules_art_30(
        self,
    ) -> None:
        at = meeting(frozen_on="2026-08-31")
        unmet = only(give("propose_agenda_item", CLERK, passed(), at=at, urgent=URGENT))
        assert unmet.code == "agenda.urgent_needless"

    def test_only_who_may_approve_it_is_named(self) -> None:
        at = meeting(frozen_on="2026-08-31")
        told = {**URGENT, "approved_by": DIRECTOR}
        unmet = only(give("propose_agenda_item", CLERK, passed(), "2026-11-05", at=at, urgent=told))
        assert (unmet.code, unmet.params) == ("agenda.urgent_approver", {"account": DIRECTOR})

    def test_an_unknown_account_is_not_found(self) -> None:
        at = meeting(frozen_on="2026-08-31")
        with pytest.raises(NotFound):
            give(
                "propose_agenda_item",
                CLERK,
                passed(),
                at=at,
                urgent={**URGENT, "approved_by": "nobody"},
            )

    def test_after_the_day_of_the_meeting_it_is_too_late(self) -> None:
        at = meeting(held_on="2026-08-31", frozen_on="2026-08-20")
        found = give("propose_agenda_item", CLERK, passed(), at=at, urgent=URGENT)
        assert codes(found) == ["agenda.meeting_past"]

    def test_without_a_track_it_waits_for_the_next_meeting__party_group_rules_art_30(self) -> None:
        at = meeting(frozen_on="2026-08-31")
        matter = replace(passed(), rules=without_track())
        found = give("propose_agenda_item", CLERK, matter, at=at, urgent=URGENT)
        assert codes(found) == ["agenda.frozen", "agenda.no_urgent_track"]


class TestConfirming:
    @pytest.mark.parametrize(
        ("on", "code"),
        [("2026-11-05", "agenda.urgent_unconfirmed"), ("2026-11-06", "agenda.urgent_overdue")],
    )
    def test_unconfirmed_it_is_not_issued__party_group_rules_art_30(
        self, on: str, code: str
    ) -> None:
        matter = listed(passed())
        found = unmet_before(lens(on), Gate.ISSUE, matter.facts)
        (unmet,) = (each for each in found if each.code.startswith("agenda."))
        assert (unmet.code, law(unmet)) == (code, ["party_group_rules 30"])
        assert unmet.params == {"meeting": PLACE, "due": day("2026-11-05")}
        assert [each.role for each in unmet.cured_by] == ["secretary"]
        assert owed(lens(on), matter.facts) == (unmet,)

    def test_the_agenda_itself_does_not_wait_for_it(self) -> None:
        found = unmet_before(lens("2026-11-09"), Gate.AGENDA, listed(passed()).facts)
        assert not [each for each in found if each.code.startswith("agenda.urgent")]

    @pytest.mark.parametrize(("on", "late"), [("2026-11-05", 0), ("2026-11-09", 4)])
    def test_it_is_confirmed_in_time_or_late(self, on: str, late: int) -> None:
        matter = concluded(listed(replace(passed(), stage="tabled")))
        found = give("confirm_urgent_item", SECRETARY, matter, on)
        assert (codes(found), found.stage) == ([], "studied")
        assert found.decision.record is not None
        assert found.decision.record["days_overdue"] == late
        done = filed(matter, "confirm_urgent_item", found.decision.record, on)
        assert unconfirmed(done.facts) == ()
        assert [each.confirmed_on for each in urgent_items(done.facts)] == [day(on)]
        assert of_emergency(lens(on), done) == []

    def test_only_once_the_meeting_came_to_something__party_group_rules_art_30(self) -> None:
        matter = listed(replace(passed(), stage="tabled"))
        unmet = only(give("confirm_urgent_item", SECRETARY, matter, "2026-11-05"))
        assert (unmet.code, unmet.params) == ("agenda.confirmed_too_early", {"meeting": PLACE})

    def test_what_could_have_waited_is_adopted_anew_before_issue__party_group_rules_art_30(
        self,
    ) -> None:
        matter = concluded(listed(replace(passed(), stage="tabled")))
        assert matter.facts.adopted_by("party_group")
        found = give("confirm_urgent_item", SECRETARY, matter, "2026-11-06", confirmed=False)
        assert (codes(found), found.stage) == ([], "review_passed")
        assert found.decision.record is not None
        done = filed(matter, "confirm_urgent_item", found.decision.record, "2026-11-06")
        assert not done.facts.adopted_by("party_group")
        assert [each.refused_on for each in urgent_items(done.facts)] == [day("2026-11-06")]
        assert unconfirmed(done.facts) == ()
        again = concluded(done, at="PG-2026-2")
        assert again.facts.adopted_by("party_group")

    def test_the_body_after_it_decides_anew_as_well__order_713_art_30_1(self) -> None:
        bodies = ("party_group", "executive_meeting")
        matter = concluded(listed(replace(passed(), stage="tabled")))
        decided = concluded(matter, at="EX-1", body="executive_meeting")
        assert decided.facts.next_body(bodies) is None
        refused = {"meeting": PLACE, "confirmed": False}
        undone = filed(decided, "confirm_urgent_item", refused, "2026-11-06")
        assert undone.facts.next_body(bodies) == "party_group"
        again = concluded(undone, at="PG-2026-2")
        assert again.facts.next_body(bodies) == "executive_meeting"

    def test_who_withdrew_neither_approves_nor_confirms_it__party_group_rules_art_32(self) -> None:
        away = passed().sat("withdraw_from_item", "PG-2026-9", person=SECRETARY)
        at, on = meeting(frozen_on="2026-10-30"), "2026-11-05"
        found = give("propose_agenda_item", CLERK, away, on, at=at, urgent=URGENT)
        assert codes(found) == ["agenda.urgent_approver"]
        above = {**URGENT, "approved_by": SUPERIOR}
        assert codes(give("propose_agenda_item", CLERK, away, on, at=at, urgent=above)) == []
        matter = replace(concluded(listed(away)), stage="studied")
        unmet = only(give("confirm_urgent_item", SECRETARY, matter, "2026-11-05"))
        assert (unmet.code, unmet.params["people"]) == ("matter.recused", (SECRETARY,))
        assert codes(give("confirm_urgent_item", SUPERIOR, matter, "2026-11-05")) == []

    def test_on_the_next_agenda_it_is_taken_off_first(self) -> None:
        matter = replace(concluded(listed(passed())), stage="tabled_next", meeting="EX-1")
        found = give("confirm_urgent_item", SECRETARY, matter, "2026-11-06", confirmed=False)
        assert codes(found) == ["agenda.already_listed"]

    def test_only_those_confirm_it_who_may_approve_it(self) -> None:
        matter = listed(replace(passed(), stage="tabled"))
        unmet = only(give("confirm_urgent_item", DIRECTOR, matter))
        assert (unmet.code, [each.role for each in unmet.cured_by]) == (
            "authority.role",
            ["secretary"],
        )

    def test_whoever_listed_it_does_not_confirm_it_under_a_mandate(self) -> None:
        matter = concluded(listed(replace(passed(), stage="tabled")))
        lent = Mandate(
            1, SECRETARY, KEEPER, frozenset(), day("2026-11-01"), day("2026-11-30"), None
        )
        found = give("confirm_urgent_item", KEEPER, matter, "2026-11-03", mandate=lent)
        assert codes(found) == ["agenda.own_confirmation"]

    def test_there_must_be_something_to_confirm(self) -> None:
        matter = listed(replace(passed(), stage="tabled"))
        found = give("confirm_urgent_item", SECRETARY, matter, meeting="M-9")
        assert codes(found) == ["agenda.nothing_to_confirm"]

    def test_under_rules_without_a_track_whoever_starts_matters_confirms_it(self) -> None:
        matter = concluded(listed(replace(passed(), stage="tabled")))
        matter = replace(matter, rules=without_track())
        (unmet,) = owed(lens(rules=without_track()), matter.facts)
        assert law(unmet) == ["jiyuan_report_2022", "party_group_rules 30"]
        assert codes(give("confirm_urgent_item", DIRECTOR, matter)) == []
        found = give("confirm_urgent_item", DIRECTOR, matter, meeting="M-9")
        assert codes(found) == ["agenda.nothing_to_confirm"]

    def test_what_is_taken_off_or_put_off_is_urgent_no_more(self) -> None:
        matter = listed(passed())
        off = filed(matter, "remove_agenda_item", {"reasons": "x"})
        assert urgent_items(off.facts) == ()
        deferred = filed(matter, "conclude_item", {"conclusion": "deferred", "meeting": PLACE})
        assert urgent_items(deferred.facts) == ()
        adopted = filed(matter, "conclude_item", {"conclusion": "adopted", "meeting": PLACE})
        assert len(urgent_items(adopted.facts)) == 1

    def test_the_ordinary_listing_for_the_next_meeting_leaves_it_open(self) -> None:
        matter = filed(listed(passed()), "propose_agenda_item", {"meeting": "EX-1"})
        assert [each.meeting for each in unconfirmed(matter.facts)] == [PLACE]


EMERGENCY: dict[str, Any] = {
    "ground": "emergency_response",
    "level": "防汛二级响应",
    "report_by": "2026-09-10",
    "reasons": "抢险",
}


def excluded(**changes: Any) -> Matter:
    matter = Matter(stage="excluded", lead_unit=None).did("propose")
    return filed(matter, "exclude", {**EMERGENCY, **changes})


def linked(**changes: Any) -> Mapping[str, Linked]:
    other = Linked("2026-2", "长期征用", "proposed", "", issued=False, continues="2026-1")
    return {"2026-2": replace(other, **changes)}


def of_emergency(seen: Lens, matter: Matter) -> list[Unmet]:
    """What is owed on it besides its archive."""
    return [unmet for unmet in owed(seen, matter.facts) if unmet.step != "archiving"]


class TestReports:
    @pytest.mark.parametrize(
        ("on", "code"),
        [("2026-09-10", "exclusion.report_owed"), ("2026-09-11", "exclusion.report_overdue")],
    )
    def test_an_emergency_owes_its_report__order_713_art_3_2(self, on: str, code: str) -> None:
        (unmet,) = of_emergency(lens(on), excluded())
        assert (unmet.code, law(unmet)) == (code, ["order_713 3.2", "house_rules"])
        assert unmet.params == {"matter": "2026-1", "due": day("2026-09-10")}

    def test_no_other_ground_does(self) -> None:
        matter = filed(Matter(stage="excluded"), "exclude", {"ground": "special_law"})
        assert emergency(matter.facts) is None
        assert of_emergency(lens(), matter) == []
        found = give("file_emergency_report", HEAD, matter)
        assert codes(found) == ["exclusion.no_report_owed"]

    @pytest.mark.parametrize(("on", "late"), [("2026-09-10", 0), ("2026-09-12", 2)])
    def test_it_is_filed_once_in_time_or_late(self, on: str, late: int) -> None:
        found = give("file_emergency_report", HEAD, excluded(), on)
        assert (codes(found), found.stage) == ([], "excluded")
        assert found.decision.record is not None
        assert found.decision.record["days_overdue"] == late
        done = filed(excluded(), "file_emergency_report", found.decision.record, on)
        assert of_emergency(lens(on), done) == []
        again = only(give("file_emergency_report", HEAD, done, on))
        assert (again.code, again.params) == ("exclusion.report_filed", {"day": day(on)})

    def test_days_that_cannot_be_are_refused(self) -> None:
        found = give("file_emergency_report", HEAD, excluded(), until="2026-07-01")
        assert codes(found) == ["exclusion.report_days"]
        found = give("file_emergency_report", HEAD, excluded(), lifted_on="2026-09-02")
        assert codes(found) == ["record.future_day"]

    def test_a_measure_that_goes_on_is_not_at_an_end(self) -> None:
        found = give("file_emergency_report", HEAD, excluded(), until=None)
        assert codes(found) == ["exclusion.still_going"]

    def test_what_is_to_stay_is_continued_by_a_matter_of_its_own__order_713_art_3_2(self) -> None:
        told: dict[str, Any] = {"permanent": True, "continued_by": "2026-2"}
        found = give("file_emergency_report", HEAD, excluded(), linked=linked(), **told)
        assert codes(found) == []
        for other in (linked(continues="2026-9"), linked(given_up=True)):
            found = give("file_emergency_report", HEAD, excluded(), linked=other, **told)
            assert codes(found) == ["exclusion.permanent_without_matter"]
        found = give("file_emergency_report", HEAD, excluded(), permanent=True)
        assert codes(found) == ["exclusion.permanent_without_matter"]
        with pytest.raises(NotFound):
            give("file_emergency_report", HEAD, excluded(), **told)

    @pytest.mark.parametrize(
        ("end", "owes"),
        [
            ({}, False),
            ({"given_up": True, "stage": "withdrawn"}, True),
            ({"stage": "rejected"}, True),
            ({"stage": "closed", "issued": True}, False),
        ],
    )
    def test_what_stays_is_owed_anew_once_its_matter_comes_to_nothing__order_713_art_3_2(
        self, end: dict[str, Any], *, owes: bool
    ) -> None:
        told: dict[str, Any] = {"permanent": True, "continued_by": "2026-2"}
        assert continued_by(excluded().facts) is None
        matter = excluded().did("file_emergency_report", **told)
        assert continued_by(matter.facts) == "2026-2"
        matter.continuation = linked(**end)["2026-2"]
        code = ["exclusion.permanent_without_matter"] if owes else []
        assert [each.code for each in of_emergency(lens(), matter)] == code
        again = give("file_emergency_report", HEAD, matter, "2026-12-01", linked=linked(), **told)
        assert codes(again) == ([] if owes else ["exclusion.report_filed"])
        record = again.decision.record or {"days_overdue": 0}
        assert record["days_overdue"] == 0


class TestContinuing:
    def proposed(self, **changes: Any) -> list[str]:
        other = linked(**{"continues": "", "report_by": day("2026-09-10"), **changes})
        given: dict[str, Any] = {"answers": Matter().answers, "continues": "2026-2"}
        found = give("propose", CLERK, linked=other, **given)
        assert codes(found) == [] or found.decision.warnings == ()
        return codes(found) or [each.code for each in found.decision.warnings]

    def test_it_tells_of_the_report_that_is_owed(self) -> None:
        assert self.proposed() == ["exclusion.report_owed"]
        assert self.proposed(report_by=day("2026-08-01")) == ["exclusion.report_overdue"]
        assert self.proposed(reported=True) == []

    def test_only_an_emergency_can_be_continued(self) -> None:
        assert self.proposed(report_by=None) == ["matter.nothing_to_continue"]

    def test_an_unknown_matter_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            give("propose", CLERK, answers=Matter().answers, continues="2026-9")

    def test_what_continues_an_emergency_is_none_again__order_713_art_3_2(self) -> None:
        matter = Matter(stage="proposed", lead_unit=None).did("propose", continues="2026-2")
        (unmet,) = unmets(give("exclude", DIRECTOR, matter, **EMERGENCY))
        assert (unmet.code, law(unmet)) == ("exclusion.again", ["order_713 3.2", "house_rules"])
        assert unmet.params == {"matter": "2026-2"}
        assert (unmet.cured_by, unmet.earliest) == ((), None)
        assert codes(give("exclude", DIRECTOR, matter)) == []
