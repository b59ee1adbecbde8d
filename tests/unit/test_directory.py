"""Who is who, as of a day and towards a matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.builders import CLERK, HEAD, LONG_AGO, Matter, day, directory
from workflow.definition import Holder
from workflow.directory import Appointment, Directory, Mandate

HOLIDAY = Mandate(1, HEAD, CLERK, frozenset(), day("2026-09-01"), day("2026-09-10"), None)
TODAY = day("2026-09-05")


class TestAppointments:
    HELD = Appointment(CLERK, "finance", "clerk", day("2026-03-01"), day("2026-08-31"))

    @pytest.mark.parametrize(
        ("on", "valid"),
        [
            ("2026-02-28", False),
            ("2026-03-01", True),
            ("2026-08-31", True),
            ("2026-09-01", False),
        ],
    )
    def test_first_and_last_day_are_included(self, on: str, valid: bool) -> None:
        assert self.HELD.valid(day(on)) is valid

    def test_an_open_one_goes_on(self) -> None:
        assert replace(self.HELD, until=None).valid(date(2040, 1, 1))


class TestMandates:
    @pytest.mark.parametrize(
        ("on", "covers"),
        [
            ("2026-08-31", False),
            ("2026-09-01", True),
            ("2026-09-10", True),
            ("2026-09-11", False),
        ],
    )
    def test_it_runs_through_its_last_day(self, on: str, covers: bool) -> None:
        assert HOLIDAY.covers("study", day(on)) is covers

    def test_it_may_be_for_some_commands_only(self) -> None:
        narrow = replace(HOLIDAY, commands=frozenset({"study"}))
        assert narrow.covers("study", TODAY)
        assert not narrow.covers("withdraw", TODAY)

    @pytest.mark.parametrize(
        ("ended_on", "covers"),
        [("2026-09-04", False), ("2026-09-05", False), ("2026-09-06", True)],
    )
    def test_from_the_day_of_its_end_it_covers_nothing(self, ended_on: str, covers: bool) -> None:
        assert replace(HOLIDAY, ended_on=day(ended_on)).covers("study", TODAY) is covers


class TestUnits:
    @pytest.mark.parametrize(
        ("of", "matter", "units"),
        [
            ("legal_office", None, {"legal_office"}),
            ("decision_body", None, {"leadership"}),
            ("nowhere", None, set()),
            ("proposing_unit", None, set()),
            ("lead_unit", None, set()),
            ("co_unit", None, set()),
            ("proposing_unit", Matter(proposing_unit="finance"), {"finance"}),
            ("lead_unit", Matter(lead_unit="finance"), {"finance"}),
            ("co_unit", Matter(co_units=("finance", "discipline")), {"finance", "discipline"}),
        ],
    )
    def test_a_unit_is_known_by_relation_or_function(
        self, of: str, matter: Matter | None, units: set[str]
    ) -> None:
        assert directory().units_of(of, None if matter is None else matter.facts) == units

    def test_before_a_lead_unit_is_named_the_proposing_one_answers(self) -> None:
        matter = Matter(proposing_unit="finance", lead_unit=None)
        assert directory().units_of("lead_unit", matter.facts) == {"finance"}

    def test_any_unit_means_every_unit(self) -> None:
        assert directory().units_of("any_unit", None) == set(directory().units)


class TestPeople:
    REVIEWERS = (Holder("reviewer", "legal_office"), Holder("head", "legal_office"))

    def test_a_person_holds_what_is_valid_on_the_day(self) -> None:
        (held,) = directory().of_person(CLERK, TODAY)
        assert (held.unit, held.role) == ("planning_construction", "clerk")
        assert list(directory().of_person(CLERK, date(2018, 1, 1))) == []
        assert list(directory().of_person("nobody", TODAY)) == []

    def test_an_appointment_fits_by_role_and_unit(self) -> None:
        (held,) = directory().of_person(CLERK, TODAY)
        facts = Matter().facts
        assert directory().fits(held, Holder("clerk", "lead_unit"), facts)
        assert not directory().fits(held, Holder("head", "lead_unit"), facts)
        assert not directory().fits(held, Holder("clerk", "finance"), facts)

    def test_everybody_who_fits_is_found_in_the_order_of_the_holders(self) -> None:
        found = directory().people(self.REVIEWERS, None, TODAY)
        assert [held.person for held in found] == [
            "legal.reviewer.1",
            "legal.reviewer.2",
            "legal.head",
        ]

    def test_a_person_with_two_posts_is_found_once(self) -> None:
        both = Appointment("legal.head", "legal_office", "reviewer", LONG_AGO, None)
        crowded = widened(both)
        found = crowded.people(self.REVIEWERS, None, TODAY)
        assert [held.person for held in found].count("legal.head") == 1

    def test_whoever_has_left_is_not_found(self) -> None:
        gone = tuple(
            replace(held, until=day("2026-09-04")) if held.role == "reviewer" else held
            for held in directory().appointments
        )
        found = replace(directory(), appointments=gone).people(self.REVIEWERS, None, TODAY)
        assert [held.person for held in found] == ["legal.head"]


def widened(*more: Appointment) -> Directory:
    return replace(directory(), appointments=(*directory().appointments, *more))


class TestStandIns:
    def test_a_function_is_that_of_its_unit_unless_another_stands_in(self) -> None:
        facts = Matter().facts
        assert directory().units_of("decision_body", facts) == {"leadership"}
        above = replace(facts, stand_ins={"decision_body": "superior_decision_body"})
        assert directory().units_of("decision_body", above) == {"demonstration_zone"}
        assert directory().units_of("finance", above) == {"finance"}


class TestStudyUnit:
    def test_whoever_proposed_studies_unless_it_was_assigned__order_713_art_10(self) -> None:
        assert directory().units_of("study_unit", None) == frozenset()
        assert directory().units_of("study_unit", Matter().facts) == {"planning_construction"}
