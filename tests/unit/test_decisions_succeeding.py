"""What follows another matter is bound by no less than that one was (Order 713 art. 37)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from procedures.book import shipped
from tests.unit.builders import CLERK, KEEPER, Matter, codes, day, give, law, meeting, only, ready
from workflow.definition import Answer, Nature, Procedure
from workflow.facts import Facts, Linked

ANSWERS: Mapping[str, Answer] = Matter().answers
ON = date(2026, 9, 1)


def ruled_by(name: str, *, brings: Mapping[str, Answer] | None = None) -> Procedure:
    """A shipped definition, with what these answers bring in beside it."""
    book = shipped()
    return book.joined(book.current(name, ON), {**ANSWERS, **(brings or {})}, ON, "jiyuan_htz")


def issued(procedure: Procedure, **answers: Answer) -> Linked:
    """A matter that was decided and issued under these rules."""
    return Linked(
        *("2026-2", "收费标准", "executing", ""),
        issued=True,
        procedure=procedure,
        answers={**ANSWERS, **answers},
    )


def proposed(other: Linked, **given: Any) -> list[str]:
    answers = {**ANSWERS, **given.pop("answers", {})}
    told: dict[str, Any] = {"answers": answers, "adjusts": "2026-2", **given}
    return codes(give("propose", CLERK, linked={"2026-2": other}, **told))


class TestProposing:
    def test_the_same_procedure_will_do__order_713_art_37(self) -> None:
        assert proposed(issued(ruled_by("jiyuan_htz"))) == []

    def test_a_profile_adjusts_what_was_decided_under_its_base(self) -> None:
        assert proposed(issued(ruled_by("order_713"))) == []

    def test_what_was_decided_under_an_offered_procedure_can_be_adjusted_by_the_whole(self) -> None:
        assert proposed(issued(ruled_by("normative_files"))) == []

    def test_a_procedure_that_bound_beside_it_binds_again__order_713_art_37(self) -> None:
        joined = ruled_by("jiyuan_htz", brings={"pricing_list": True})
        unmet = only(
            give(
                "propose",
                CLERK,
                linked={"2026-2": issued(joined)},
                answers=ANSWERS,
                adjusts="2026-2",
            )
        )
        assert (unmet.code, law(unmet)) == (
            "matter.lighter_procedure",
            ["order_713 37", "house_rules"],
        )
        assert unmet.params["lacking"] == (joined.parts[1].name,)

    def test_every_body_that_adopted_it_meets_on_it_again__order_713_art_37(self) -> None:
        zone = ruled_by("jiyuan_htz")
        council = replace(zone.bodies["executive_meeting"], id="council")
        other = issued(
            replace(zone, bodies={**zone.bodies, "council": council}, meeting_body="council")
        )
        assert proposed(other) == ["matter.lighter_procedure"]

    def test_a_body_above_may_decide_in_the_place_of_the_zones_own__order_713_art_37(self) -> None:
        other = issued(ruled_by("jiyuan_htz"), decision_level="zone")
        assert "executive_meeting" in ruled_by("jiyuan_htz").meetings(other.answers)
        assert proposed(other, answers={"decision_level": "superior"}) == []

    def test_but_not_in_that_of_the_party_group__order_713_art_37(self) -> None:
        zone = ruled_by("jiyuan_htz")
        study = replace(zone.bodies["party_group"], id="study")
        other = issued(replace(zone, bodies={**zone.bodies, "study": study}, meeting_body="study"))
        assert proposed(other, answers={"decision_level": "superior"}) == [
            "matter.lighter_procedure"
        ]

    def test_what_was_for_the_superior_is_so_again__order_713_art_27(self) -> None:
        other = issued(ruled_by("jiyuan_htz"), decision_level="superior")
        assert proposed(other, answers={"decision_level": "zone"}) == ["matter.lower_level"]
        assert proposed(other, answers={"decision_level": "superior"}) == []

    def test_what_is_not_issued_is_still_to_be_drafted(self) -> None:
        other = replace(issued(ruled_by("normative_files")), issued=False)
        assert proposed(other) == ["matter.nothing_to_adjust"]


def offered_instead() -> Procedure:
    """The zone's profile as it would be, were it offered in the place of another."""
    zone = ruled_by("jiyuan_htz")
    return replace(zone, offers=("jiyuan_htz",), parts=(replace(zone.parts[0], id="heavier"),))


class TestBeforeTheMeeting:
    def tabled(self, other: Linked | None, **told: str) -> list[str]:
        matter = ready(stage="review_passed").passed()
        matter.did("propose", **told)
        linked = {} if other is None else {"2026-2": other}
        return codes(give("propose_agenda_item", KEEPER, matter, at=meeting(), linked=linked))

    def test_it_is_asked_again__order_713_art_37(self) -> None:
        assert self.tabled(issued(ruled_by("jiyuan_htz")), adjusts="2026-2") == []
        assert self.tabled(issued(offered_instead()), adjusts="2026-2") == [
            "matter.lighter_procedure"
        ]

    @pytest.mark.parametrize(
        ("report_by", "reported", "refused"),
        [
            ("2026-08-31", False, ["exclusion.report_overdue"]),
            ("2026-08-31", True, []),
            ("2026-09-01", False, []),
            (None, False, []),
        ],
    )
    def test_what_continues_an_emergency_waits_for_its_overdue_report__order_713_art_3_2(
        self, report_by: str | None, reported: bool, refused: list[str]
    ) -> None:
        other = replace(
            issued(ruled_by("jiyuan_htz")),
            report_by=None if report_by is None else day(report_by),
            reported=reported,
        )
        assert self.tabled(other, continues="2026-2") == refused

    def test_a_matter_that_follows_none_is_asked_nothing(self) -> None:
        assert self.tabled(None) == []


class TestTexts:
    """Whose adoption stands once the text has changed (Order 713 arts. 25, 30)."""

    def adopted(self, *after: tuple[str, str], nature: Nature = Nature.EDITORIAL) -> Facts:
        matter = ready(stage="studied").passed()
        for body, conclusion in (("party_group", "adopted"), *after):
            matter.filed("conclude_item", {"body": body, "conclusion": conclusion})
        return matter.drafted(nature=nature).facts

    def test_what_another_body_sent_back_comes_to_every_body_again__order_713_art_30_1(
        self,
    ) -> None:
        assert self.adopted().adopted_by("party_group")
        sent_back = self.adopted(("executive_meeting", "discuss_again"))
        assert not sent_back.adopted_by("party_group")
        assert not self.adopted(nature=Nature.SUBSTANTIVE).adopted_by("party_group")

    def test_a_text_as_decided_was_not_the_one_that_was_assessed__order_713_art_29(self) -> None:
        step = ruled_by("jiyuan_htz").steps["fair_competition"]
        assert self.adopted().valid_from(step) == 0
        assert self.adopted(nature=Nature.AS_DECIDED).valid_from(step) == 2


class TestReportDays:
    @pytest.mark.parametrize(("report_by", "late"), [("2026-10-08", False), ("2026-10-09", True)])
    def test_a_report_on_an_emergency_is_owed_within_its_time__order_713_art_3_2(
        self, report_by: str, late: bool
    ) -> None:
        """Thirty days from 1 September end on 1 October, a holiday, and so on the eighth."""
        matter = Matter(stage="proposed", lead_unit=None).did("propose")
        found = give(
            "exclude",
            "leader.director",
            matter,
            ground="emergency_response",
            level="防汛二级响应",
            report_by=report_by,
        )
        assert codes(found) == ["exclusion.report_day_late"] * late
