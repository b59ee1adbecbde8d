"""任免: who comes into a post and who leaves it; nobody for himself, nothing in the past."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    EXPERT,
    HEAD,
    LEGAL_HEAD,
    NO_STEP,
    OTHER_REVIEWER,
    REVIEWER,
    TODAY,
    Matter,
    codes,
    day,
    directory,
    give,
    lens,
    only,
    payload,
    procedure,
    ready,
    scene,
    specs,
)
from workflow.commands import Appoint, EndAppointment
from workflow.decisions.appointments import appoint, end_appointment
from workflow.decisions.authority import barred
from workflow.decisions.decide import decide
from workflow.decisions.scene import AddAppointment, CloseAppointment, Open
from workflow.decisions.staffing import concerns
from workflow.directory import Appointment, Directory, Mandate
from workflow.errors import NotFound
from workflow.facts import as_list
from workflow.refusals import Unmet

OFFICE, DIRECTOR = "office.head", "leader.director"
NEW = "legal.aide"
YESTERDAY, TOMORROW, LATER = "2026-08-31", "2026-09-02", "2026-12-31"
POST: dict[str, Any] = {"unit": "planning_construction", "role": "head"}
LENT = Mandate(1, OFFICE, "office.keeper", frozenset(), day(TODAY), day(LATER), None)


def with_post(person: str, unit: str, role: str, since: str, until: str | None) -> Directory:
    held = Appointment(person, unit, role, day(since), None if until is None else day(until))
    return replace(directory(), appointments=(*directory().appointments, held))


class TestAppointing:
    def test_somebody_comes_into_a_post_from_today(self) -> None:
        verdict = give("appoint", OFFICE, until=LATER)
        assert verdict.decision.effects == (
            AddAppointment(CLERK, None, "finance", "clerk", day(TODAY), day(LATER)),
        )

    def test_a_new_account_is_named_by_its_duty(self) -> None:
        (effect,) = give("appoint", OFFICE, person="finance.aide", name="财政助理").decision.effects
        assert isinstance(effect, AddAppointment)
        assert (effect.person, effect.name) == ("finance.aide", "财政助理")

    @pytest.mark.parametrize(
        "wrong", [{"person": "nobody"}, {"unit": "no_unit"}, {"role": "no_role"}]
    )
    def test_what_there_is_not_is_not_found(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(NotFound):
            give("appoint", OFFICE, **wrong)

    @pytest.mark.parametrize("actor", [HEAD, REVIEWER, "office.keeper"])
    def test_only_who_keeps_the_roster_may(self, actor: str) -> None:
        assert codes(give("appoint", actor)) == ["authority.role"]

    def test_nobody_appoints_himself_nor_lets_another_appoint(self) -> None:
        own = only(give("appoint", OFFICE, person=OFFICE))
        assert (own.code, own.params) == ("appointment.of_oneself", {"people": (OFFICE,)})
        for act in ("appoint", "end_appointment"):
            lent = only(give(act, "office.keeper", mandate=LENT))
            assert (lent.code, lent.params) == ("mandate.posts_lent", {"act": (act,)})
            named = give("grant_mandate", OFFICE, agent=CLERK, commands=["propose", act])
            assert codes(named) == ["mandate.posts_lent"]

    def test_an_account_in_use_is_no_new_one(self) -> None:
        assert codes(give("appoint", OFFICE, name="经办人")) == ["appointment.account_taken"]

    @pytest.mark.parametrize("days", [{"since": YESTERDAY}, {"since": LATER, "until": TOMORROW}])
    def test_not_from_a_past_day_and_not_backwards(self, days: dict[str, Any]) -> None:
        assert codes(give("appoint", OFFICE, **days)) == ["appointment.dates"]

    def test_the_paper_is_not_of_the_future(self) -> None:
        assert codes(give("appoint", OFFICE, decided_on=TOMORROW)) == ["record.future_day"]

    def test_nobody_holds_a_post_twice_at_a_time(self) -> None:
        unmet = only(give("appoint", OFFICE, person=CLERK, unit="planning_construction"))
        assert (unmet.code, unmet.params["account"]) == ("appointment.already_held", CLERK)

    @pytest.mark.parametrize(("since", "free"), [("2026-09-30", False), ("2026-10-01", True)])
    def test_a_single_post_has_one_holder_at_a_time(self, since: str, *, free: bool) -> None:
        head = next(held for held in directory().appointments if held.person == HEAD)
        leaving = directory().without(head, day("2026-09-30"))
        found = give("appoint", OFFICE, people=leaving, person=CLERK, since=since, **POST)
        assert codes(found) == ([] if free else ["appointment.held_by_another"])

    @pytest.mark.parametrize(("until", "free"), [(TOMORROW, True), (LATER, False)])
    def test_it_may_end_before_the_next_term_begins(self, until: str, *, free: bool) -> None:
        people = with_post(CLERK, "finance", "clerk", LATER, None)
        found = give("appoint", OFFICE, people=people, until=until)
        assert codes(found) == ([] if free else ["appointment.already_held"])


class TestEnding:
    def test_it_ends_with_its_last_day_and_the_journal_tells_of_it(self) -> None:
        decision = give("end_appointment", OFFICE, last_day=TOMORROW).decision
        (effect,) = decision.effects
        assert isinstance(effect, CloseAppointment)
        assert (effect.held.person, effect.last_day) == (CLERK, day(TOMORROW))
        assert decision.changes == {"until": (None, day(TOMORROW))}

    @pytest.mark.parametrize(
        "wrong", [{"person": "nobody"}, {"unit": "no_unit"}, {"role": "no_role"}]
    )
    def test_what_there_is_not_is_not_found(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(NotFound):
            give("end_appointment", OFFICE, **wrong)

    def test_not_with_a_day_that_is_over(self) -> None:
        assert codes(give("end_appointment", OFFICE, last_day=YESTERDAY)) == [
            "appointment.past_day"
        ]

    def test_not_ones_own(self) -> None:
        own: dict[str, Any] = {"person": OFFICE, "unit": "general_office", "role": "head"}
        assert codes(give("end_appointment", OFFICE, **own)) == ["appointment.of_oneself"]
        assert codes(give("end_appointment", DIRECTOR, **own)) == []

    def test_only_what_is_held(self) -> None:
        assert codes(give("end_appointment", OFFICE, role="head")) == ["appointment.not_held"]

    @pytest.mark.parametrize(("last_day", "found"), [(TOMORROW, []), (LATER, ["not_held"])])
    def test_a_term_is_shortened_and_never_prolonged(self, last_day: str, found: list[str]) -> None:
        people = with_post(CLERK, "finance", "clerk", "2026-01-01", LATER)
        verdict = give("end_appointment", OFFICE, people=people, unit="finance", last_day=last_day)
        assert codes(verdict) == [f"appointment.{code}" for code in found]

    def test_what_has_not_begun_is_called_off_and_never_holds(self) -> None:
        people = with_post(CLERK, "finance", "clerk", LATER, None)
        called_off = give("end_appointment", OFFICE, people=people, unit="finance")
        (effect,) = called_off.decision.effects
        assert isinstance(effect, CloseAppointment)
        after = people.without(effect.held, effect.last_day)
        gone = after.appointments[-1]
        assert (gone.since, gone.until) == (day(LATER), day(TODAY))
        assert not gone.meets(day(TODAY), None)
        assert codes(give("end_appointment", OFFICE, people=after, unit="finance")) == [
            "appointment.not_held"
        ]

    def test_somebody_is_always_left_who_may_appoint(self) -> None:
        """The director ends the post of the head of personnel, who then ends the director's."""
        own: dict[str, Any] = {"person": DIRECTOR, "unit": "leadership", "role": "director"}
        held = [each for each in directory().appointments if each.person in (OFFICE, DIRECTOR)]
        office, director = sorted(held, key=lambda each: each.person, reverse=True)
        assert codes(give("end_appointment", OFFICE, **own)) == []
        leaving = directory().without(office, day(TOMORROW))
        for last_day in (TODAY, LATER):
            unmet = only(give("end_appointment", OFFICE, people=leaving, last_day=last_day, **own))
            assert unmet.code == "appointment.nobody_appoints"
            assert unmet.params["day"] == (
                day("2026-09-03") if last_day == TODAY else day("2027-01-01")
            )
        next_one = replace(director, person=HEAD, since=day("2026-09-02"))
        relieved = leaving.with_(next_one)
        assert codes(give("end_appointment", OFFICE, people=relieved, **own)) == []


def _these(open_: Open, _: Collection[str]) -> tuple[Open, ...]:
    return (open_,)


class TestWhoJudges:
    """Art. 25: nobody chooses who reviews the matters of his own unit."""

    def test_a_side_appoints_and_dismisses_no_reviewer_of_its_open_matter(self) -> None:
        post: dict[str, Any] = {"unit": "legal_office", "role": "reviewer"}
        for unit, found in (("general_office", ["appointment.own_matter"]), ("finance", [])):
            open_ = Open(lens(), replace(ready().facts, lead_unit=unit))
            for act, person in (("appoint", CLERK), ("end_appointment", REVIEWER)):
                where = replace(scene(OFFICE, command=act), concerned=partial(_these, open_))
                given = payload(act, person=person, **post)
                assert codes(decide(where, specs()[act], given)) == found

    def test_whom_a_side_appointed_gives_no_verdict_on_its_matter(self) -> None:
        facts = replace(ready().facts, lead_unit="general_office")
        new = Appointment(NEW, "legal_office", "reviewer", day(TODAY), None, OFFICE)
        for by, barred_ in ((OFFICE, True), (DIRECTOR, False), ("", False)):
            people = directory().with_(replace(new, appointed_by=by))
            for act in ("give_review_verdict", "confirm_changes", "rule_separate"):
                found = barred(procedure(), people, facts, act, day(TODAY))
                assert (NEW in found) is barred_
        twice = directory().with_(new).with_(replace(new, appointed_by=DIRECTOR))
        assert NEW not in barred(procedure(), twice, facts, "confirm_changes", day(TODAY))


REVIEWERS = (REVIEWER, OTHER_REVIEWER, LEGAL_HEAD)
POOL = ("expert_pool", "expert")


def ended(
    matter: Matter, person: str, unit: str, role: str, people: Directory | None = None
) -> tuple[Unmet, ...]:
    """What it leaves unmet on an open matter that this person goes."""
    open_ = Open(lens(), matter.facts)
    where = scene(OFFICE, command="end_appointment", people=people)
    given = payload("end_appointment", person=person, unit=unit, role=role)
    assert isinstance(given, EndAppointment)
    return end_appointment(replace(where, concerned=lambda _: (open_,)), given).warnings


def without(*gone: str) -> Directory:
    kept = (held for held in directory().appointments if held.person not in gone)
    return replace(directory(), appointments=tuple(kept))


def came(matter: Matter, person: str, unit: str, role: str) -> tuple[Unmet, ...]:
    """What it leaves unmet on an open matter that this person comes into a post, as the last."""
    open_ = Open(lens(), matter.facts)
    people = directory()
    for other in set(REVIEWERS) - {person}:
        people = people.with_(Appointment(other, unit, role, day(TODAY), None, OFFICE))
    where = scene(OFFICE, command="appoint", people=people)
    given = payload("appoint", person=person, unit=unit, role=role)
    assert isinstance(given, Appoint)
    return appoint(replace(where, concerned=lambda _: (open_,)), given).warnings


class TestWhoIsLeft:
    """At once it is said which open matters nobody could take on any more."""

    def test_nothing_is_said_where_others_can_go_on(self) -> None:
        assert ended(ready(), CLERK, "planning_construction", "clerk") == ()
        assert ended(ready(), REVIEWER, "legal_office", "reviewer") == ()

    def test_who_comes_to_a_side_reviews_no_more__art_25(self) -> None:
        warning = only(came(ready(), REVIEWER, "planning_construction", "clerk"))
        assert (warning.code, warning.params["after"]) == ("staffing.left_without", day(YESTERDAY))
        assert {"give_review_verdict", "confirm_changes"} <= set(as_list(warning.params["act"]))
        assert came(ready(), REVIEWER, "finance", "clerk") == ()

    def test_without_its_head_the_decision_body_starts_nothing(self) -> None:
        matter = Matter(stage="proposed").did("study")
        warning = only(ended(matter, DIRECTOR, "leadership", "director"))
        assert warning.code == "staffing.left_without"
        assert {"start", "assign"} <= set(as_list(warning.params["act"]))
        assert (warning.params["matter"], warning.params["after"]) == ("2026-1", day(TODAY))
        assert (warning.cured_by[0].of, warning.earliest) == ("personnel", day(TODAY))

    def test_what_is_over_is_not_missed(self) -> None:
        warning = only(ended(ready(), DIRECTOR, "leadership", "director"))
        assert warning.params["act"] == ("assign",)

    def test_who_must_not_act_is_no_help(self) -> None:
        matter = ready().drafted("第二稿", "substantive", authors=[REVIEWER, LEGAL_HEAD])
        warning = only(ended(matter, OTHER_REVIEWER, "legal_office", "reviewer"))
        assert set(as_list(warning.params["act"])) == {"give_review_verdict", "confirm_changes"}

    def test_what_nobody_could_do_before_is_not_owed_to_the_one_who_goes(self) -> None:
        matter = ready().drafted("第二稿", "substantive", authors=list(REVIEWERS))
        assert ended(matter, OTHER_REVIEWER, "legal_office", "reviewer") == ()

    def test_an_expert_is_missed_only_where_experts_are_asked(self) -> None:
        experts = {held.person for held in directory().appointments if held.role == "expert"}
        alone = without(*(experts - {EXPERT}))
        assert ended(ready(), EXPERT, *POOL, people=alone) == ()
        technical = Matter(answers={**NO_STEP, "technical": True})
        warning = only(ended(technical, EXPERT, *POOL, people=alone))
        assert set(as_list(warning.params["act"])) == {"declare_interest", "file_expert_opinion"}

    def test_a_role_without_a_part_concerns_no_matter(self) -> None:
        assert concerns(procedure(), {"director"})
        assert not concerns(procedure(), {"archivist"})
