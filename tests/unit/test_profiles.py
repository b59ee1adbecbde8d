"""The shipped profiles and neighbouring procedures say what their rules say, and no less.

Numbers are read back with the provisions that they stand on.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import ClassVar

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.prover import Explored, prove
from procedures.scenario import SCENARIOS, load_scenario
from tests.unit.builders import Matter, codes, law, lens, only
from workflow.calendar import Unit
from workflow.definition import Citation, Floor, Gate, Procedure, Rule
from workflow.guards import REACH, assess_step
from workflow.ports import Assessment, StepState

COMMON, ORDER, HENAN = "common_course", "order_713", "henan"
WHOLE = {
    "house_expropriation",
    "land_acquisition",
    "major_contracts",
    "major_items",
    "normative_files",
    "pricing_hearing",
    "spatial_plan",
}
LOCAL = {
    "catalogue_duty",
    "guangdong_2013",
    "guangxi_type",
    "half_yearly_type",
    HENAN,
    "hunan_county",
    "quzhou",
    "shenyang_type",
    "yunnan_type",
}
ALL = sorted(procedure.id for procedure in shipped().all())

Period = tuple[int | None, Unit | None, Floor]


def of(profile: str) -> Procedure:
    return shipped().get(profile)


def rule(profile: str, step: str, name: str) -> Rule:
    return of(profile).steps[step].rules[name]


def cited(citations: tuple[Citation, ...]) -> list[str]:
    return [
        " ".join(filter(None, (each.instrument, each.article, f"({each.confidence})")))
        for each in citations
    ]


def instruments(given: Rule) -> set[str]:
    return {each.instrument for each in given.citations}


def asked(profile: str, step: str, **answers: bool | int | str) -> bool:
    """Whether the answers make a profile require a step."""
    return of(profile).steps[step].required_when.holds(answers)


#: As in the command that proves them all, what they share is explored once.
EXPLORED = Explored()


@cache
def played() -> frozenset[str | None]:
    """The profiles of the shipped scenarios."""
    return frozenset(load_scenario(path).profile for path in SCENARIOS.glob("*.yaml"))


class TestEveryDefinition:
    def test_is_shipped(self) -> None:
        assert set(ALL) >= {COMMON, ORDER, "jiyuan_htz"} | LOCAL | WHOLE

    @pytest.mark.parametrize("profile", ALL)
    def test_is_proven(self, profile: str) -> None:
        assert prove(of(profile), KINDS, EXPLORED).faults == ()

    @pytest.mark.parametrize("profile", sorted(LOCAL))
    def test_a_local_one_rests_on_the_order(self, profile: str) -> None:
        assert of(profile).lineage[:2] == ("common_course@2019-09-01", "order_713@2019-09-01")

    @pytest.mark.parametrize("profile", sorted(WHOLE))
    def test_a_neighbouring_one_rests_on_the_common_course_alone(self, profile: str) -> None:
        assert of(profile).lineage == ("common_course@2019-09-01",)

    @pytest.mark.parametrize("profile", sorted({ORDER} | LOCAL | WHOLE))
    def test_is_played_in_a_scenario(self, profile: str) -> None:
        assert profile in played()

    @pytest.mark.parametrize("profile", ["guangdong_2013", "yunnan_type"])
    def test_old_and_unnamed_rules_say_that_they_are_for_tests(self, profile: str) -> None:
        assert "测试值" in of(profile).name.zh
        (title,) = [
            each.title.zh
            for name, each in of(profile).instruments.items()
            if name.startswith(profile)
        ]
        assert "只作测试值" in title

    # The orders that make a catalogue a duty are known by their numbers, though not by their days.
    @pytest.mark.parametrize("profile", sorted(LOCAL - {HENAN, "catalogue_duty"}))
    def test_rules_whose_title_is_not_known_are_to_be_confirmed(self, profile: str) -> None:
        own = of(profile).instruments.keys() - of(ORDER).instruments.keys()
        marks = {
            each.confidence
            for step in of(profile).steps.values()
            for given in step.rules.values()
            for each in given.citations
            if each.instrument in own
        }
        assert marks == {"U"}


# --- periods and numbers --------------------------------------------------------------------------

PERIODS: dict[tuple[str, str, str], tuple[Period, str]] = {
    (ORDER, "open_call", "period"): (
        (30, Unit.CALENDAR_DAYS, Floor.SOFT),
        "order_713 15.1 (S)",
    ),
    (ORDER, "legality_review", "review_time"): (
        (7, Unit.WORKING_DAYS, Floor.SOFT),
        "order_713 26.2 (S)",
    ),
    ("pricing_hearing", "hearing", "notice_before"): (
        (30, Unit.CALENDAR_DAYS, Floor.HARD),
        "pricing_hearing_rules (M)",
    ),
    ("pricing_hearing", "hearing", "papers_before"): (
        (15, Unit.CALENDAR_DAYS, Floor.HARD),
        "pricing_hearing_rules (M)",
    ),
    ("house_expropriation", "open_call", "period"): (
        (30, Unit.CALENDAR_DAYS, Floor.HARD),
        "expropriation 10.2 (S)",
    ),
    ("land_acquisition", "open_call", "period"): (
        (30, Unit.CALENDAR_DAYS, Floor.HARD),
        "land_regulations 28.1 (S)",
    ),
    ("spatial_plan", "open_call", "period"): (
        (30, Unit.CALENDAR_DAYS, Floor.HARD),
        "planning_law 26 (S)",
    ),
    ("normative_files", "legality_review", "review_time"): (
        (5, Unit.WORKING_DAYS, Floor.SOFT),
        "normative_115 (M)",
    ),
    ("yunnan_type", "hearing", "notice_before"): (
        (20, Unit.CALENDAR_DAYS, Floor.HARD),
        "yunnan_type_rules (U)",
    ),
    ("guangdong_2013", "hearing", "papers_before"): (
        (10, Unit.CALENDAR_DAYS, Floor.HARD),
        "guangdong_2013_rules (U)",
    ),
}


@pytest.mark.parametrize("where", PERIODS, ids=" ".join)
def test_a_period_is_as_long_and_as_hard_as_its_provision_says(
    where: tuple[str, str, str],
) -> None:
    found, (wanted, provision) = rule(*where), PERIODS[where]
    assert (found.value, found.unit, found.floor) == wanted
    assert provision in cited(found.citations)


def test_quzhou_asks_for_five_experts() -> None:
    found = rule("quzhou", "expert_argument", "minimum")
    assert found.value == 5
    assert "quzhou_rules" in instruments(found)


#: Numbers, shares and categories of a hearing's participants.
WHO_IS_HEARD: dict[tuple[str, str], tuple[int | None, Fraction | None, tuple[str, ...]]] = {
    ("guangdong_2013", "participants"): (8, None, ()),
    ("yunnan_type", "participants"): (15, None, ()),
    ("yunnan_type", "share_of"): (None, Fraction(1, 3), ("affected", "public")),
    ("yunnan_type", "more_than"): (None, None, ("affected", "public")),
    ("yunnan_type", "attendance"): (None, Fraction(2, 3), ()),
    ("pricing_hearing", "share_of"): (None, Fraction(2, 5), ("consumer",)),
    ("pricing_hearing", "list_before"): (15, None, ()),
    ("pricing_hearing", "no_officials"): (None, None, ()),
}


@pytest.mark.parametrize("where", WHO_IS_HEARD, ids=" ".join)
def test_who_takes_part_in_a_hearing_is_as_the_local_rule_says(where: tuple[str, str]) -> None:
    profile, name = where
    found = rule(profile, "hearing", name)
    assert (found.value, found.share, found.choices) == WHO_IS_HEARD[where]
    assert instruments(found) <= of(profile).instruments.keys() - of(ORDER).instruments.keys()


class TestHunanCounty:
    def test_both_thirty_days_and_twenty_working_days_bind(self) -> None:
        period = rule("hunan_county", "open_call", "period")
        (other,) = period.also
        assert (period.value, period.unit, period.floor) == (30, Unit.CALENDAR_DAYS, Floor.SOFT)
        assert (other.value, other.unit, other.floor) == (20, Unit.WORKING_DAYS, Floor.SOFT)
        assert instruments(other) == {"hunan_county_rules"}

    def test_a_hearing_is_announced_ten_working_days_ahead(self) -> None:
        (other,) = rule("hunan_county", "hearing", "notice_before").also
        assert (other.value, other.unit) == (10, Unit.WORKING_DAYS)

    @pytest.mark.parametrize(
        "question", ["direct_interests", "stability_risk", "hearing_required_by_law"]
    )
    def test_a_hearing_is_due_where_the_order_leaves_it_open(self, question: str) -> None:
        assert asked("hunan_county", "hearing", **{question: True})
        assert asked(ORDER, "hearing", **{question: True}) is (
            question == "hearing_required_by_law"
        )


class TestHenan:
    def test_the_zone_rests_on_it(self) -> None:
        assert of("jiyuan_htz").lineage[-1] == "henan@2022-03-15"
        assert len(of("jiyuan_htz").questions["category"].choices) == 7

    def test_the_catalogue_has_seven_heads__henan_210(self) -> None:
        category = of(HENAN).questions["category"]
        assert len(category.choices) == 7
        assert "henan_210" in {each.instrument for each in category.citations}

    def test_enterprises_and_associations_are_heard__henan_210(self) -> None:
        assert "henan_210" in instruments(rule(HENAN, "fair_competition", "heard"))

    def test_commercial_secrets_are_among_what_is_not_made_public__henan_210(self) -> None:
        question = of(HENAN).questions["confidential_by_law"]
        assert "henan_210" in {each.instrument for each in question.citations}
        # In the words of the base, which no profile may change.
        assert question.text == of(ORDER).questions["confidential_by_law"].text
        assert not asked(HENAN, "open_call", confidential_by_law=True)

    @pytest.mark.parametrize(
        ("step", "name"), [("hearing", "notice_before"), ("expert_argument", "minimum")]
    )
    def test_where_its_number_is_not_known_the_nation_s_stands_unconfirmed(
        self, step: str, name: str
    ) -> None:
        found = rule(HENAN, step, name)
        assert found.value == rule(ORDER, step, name).value
        assert {each.confidence for each in found.citations} == {"U"}


# --- neighbouring procedures ----------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["house_expropriation", "land_acquisition", "spatial_plan"])
@pytest.mark.parametrize("level", ["zone", "superior"])
def test_taking_houses_or_land_and_planning_is_decided_above_whatever_was_answered(
    profile: str, level: str
) -> None:
    stand_ins = of(profile).stand_ins({"decision_level": level})
    assert stand_ins == {"decision_body": "superior_decision_body"}


class TestHouseExpropriation:
    @pytest.mark.parametrize(
        "step", ["public_interest", "open_call", "adoption", "risk_assessment"]
    )
    def test_asks_before_the_review_for(self, step: str) -> None:
        found = of("house_expropriation").steps[step]
        assert found.required_when.op == "always"
        assert found.id in of("house_expropriation").steps["legality_review"].after

    def test_publishes_what_became_of_the_opinions__art_11(self) -> None:
        assert instruments(rule("house_expropriation", "adoption", "feedback")) == {"expropriation"}

    def test_hears_the_owners_where_most_object__art_11(self) -> None:
        assert asked("house_expropriation", "hearing", owners_object=True)
        assert not asked("house_expropriation", "hearing", owners_object=False)

    def test_lets_finance_show_the_account_before_the_agenda__art_12(self) -> None:
        found = of("house_expropriation").steps["special_account"]
        assert found.before == "agenda"
        assert {holder.of for holder in found.acts["file_evidence"]} == {"finance"}

    def test_goes_to_the_meeting_above_where_many_are_affected__art_12(self) -> None:
        assert asked("house_expropriation", "superior_meeting", many_affected=True)
        assert not asked("house_expropriation", "superior_meeting", many_affected=False)
        assert of("house_expropriation").steps["superior_meeting"].before == "issue"


class TestLandAcquisition:
    def test_surveys_and_weighs_risk_after_the_first_notice__arts_26_27(self) -> None:
        steps = of("land_acquisition").steps
        assert steps["land_survey"].after == ("pre_notice",)
        assert steps["risk_assessment"].after == ("pre_notice",)
        assert set(steps["open_call"].after) == {"land_survey", "risk_assessment"}

    def test_hears_the_villagers_where_most_object__art_28(self) -> None:
        assert asked("land_acquisition", "hearing", villagers_object=True)

    def test_issues_nothing_before_it_is_approved__land_law_art_46(self) -> None:
        found = of("land_acquisition").steps["land_approval"]
        assert (found.required_when.op, found.before) == ("always", "issue")


def standing(profile: str, step: str, **answers: bool | int | str) -> Assessment:
    """How a step of a profile stands for a matter of which only the answers are on file."""
    rules = of(profile)
    facts = Matter(rules=rules, answers=answers).facts
    return assess_step(lens(rules=rules), rules.steps[step], facts)


class TestNormativeFiles:
    def test_people_are_asked_where_their_rights_are_touched__normative_37(self) -> None:
        found = standing("normative_files", "open_call", public_rights=True)
        assert (codes(found), law(only(found))) == (["open_call.not_published"], ["normative_37"])

    def test_elsewhere_nobody_need_be__normative_37(self) -> None:
        found = standing("normative_files", "open_call", public_rights=False)
        assert found.state is StepState.NOT_REQUIRED

    def test_is_registered_issued_published_and_filed_in_that_order__normative_37(self) -> None:
        steps = of("normative_files").steps
        assert steps["document_registration"].before is Gate.ISSUE
        assert "publication" in steps["execution"].after
        assert "publication" in steps["document_filing"].after
        assert steps["document_filing"].before is Gate.CLOSE

    def test_is_never_kept_as_an_internal_paper__normative_37(self) -> None:
        kept = of("normative_files").steps["publication"].rules["exemptions"].choices
        assert not {"internal", "process", "business_secret"} & set(kept)


def test_a_plan_is_approved_above_after_the_peoples_congress__planning_law_art_16() -> None:
    approval = of("spatial_plan").steps["plan_approval"]
    assert (approval.before, approval.after) == (Gate.ISSUE, ("congress_resolution",))


@pytest.mark.parametrize(
    "profile", ["house_expropriation", "land_acquisition", "normative_files", "spatial_plan"]
)
def test_no_plan_can_leave_out_the_open_call(profile: str) -> None:
    assert "mandatory" in of(profile).steps["open_call"].rules


class TestMajorItems:
    @pytest.mark.parametrize(
        ("item", "steps"),
        [
            ("major_decision", {"study"}),
            ("personnel", {"personnel_vetting"}),
            ("project", {"study", "feasibility_study", "budget"}),
            ("large_fund", {"study", "budget"}),
        ],
    )
    def test_each_class_has_its_own_steps_and_the_review(self, item: str, steps: set[str]) -> None:
        needed = {
            step.id
            for step in of("major_items").steps.values()
            if step.required_when.holds({"item_class": item}) and step.before in REACH[Gate.AGENDA]
        }
        assert needed == steps | {"classification", "legality_review"}

    def test_personnel_and_discipline_need_two_thirds_there__party_group_rules_art_31(
        self,
    ) -> None:
        rule = of("major_items").rules["party_group.special_quorum"]
        classes = ("item_class.personnel", "item_class.discipline")
        assert (rule.share, rule.choices) == (Fraction(2, 3), classes)
        assert {cited.confidence for cited in rule.citations} == {"U"}

    def test_a_project_waits_for_its_feasibility_study__investment_regulations(self) -> None:
        found = standing("major_items", "feasibility_study", item_class="project")
        assert (codes(found), law(only(found))) == (
            ["declared.missing"],
            ["investment_regulations 9"],
        )

    def test_nothing_is_put_to_the_public(self) -> None:
        assert "open_call" not in of("major_items").steps

    def test_the_party_group_decides(self) -> None:
        assert of("major_items").meeting_body == "party_group"


class TestMajorContracts:
    def test_counsel_is_heard__jiyuan_advisers(self) -> None:
        counsel = rule("major_contracts", "legality_review", "counsel")
        assert instruments(counsel) == {"order_713", "jiyuan_advisers"}

    def test_the_budget_stands_before_the_agenda__budget_law_13(self) -> None:
        assert of("major_contracts").steps["budget"].before == "agenda"
        assert asked("major_contracts", "budget", spends_money=True)


def test_a_definition_is_never_older_than_what_it_rests_on() -> None:
    for edition in shipped().editions:
        lineage = shipped().of(edition).lineage
        assert all(date.fromisoformat(name.split("@")[1]) <= edition.version for name in lineage)


class TestTheZoneAndItsNeighbours:
    JOINED: ClassVar[dict[str, str]] = {
        "pricing_list": "pricing_hearing",
        "normative_document": "normative_files",
        "expropriates_houses": "house_expropriation",
        "acquires_land": "land_acquisition",
        "signs_contract": "major_contracts",
        "statutory_plan": "spatial_plan",
    }

    def test_an_answer_brings_in_the_neighbouring_procedure(self) -> None:
        joins = {join.procedure: join.when for join in of("jiyuan_htz").joins}
        for question, procedure in self.JOINED.items():
            assert joins[procedure].holds({question: True})
            assert not joins[procedure].holds({question: False})

    def test_what_is_no_major_decision_runs_under_a_procedure_of_its_own(self) -> None:
        assert of("jiyuan_htz").offers == ("normative_files", "major_items", "major_contracts")

    @pytest.mark.parametrize("procedure", ["normative_files", "major_items", "major_contracts"])
    def test_a_major_decision_under_another_name_is_one_still__order_713_3(
        self, procedure: str
    ) -> None:
        classification = of(procedure).steps["classification"]
        assert (classification.required_when.op, classification.before) == ("always", "start")
        assert "major_decision" in classification.rules["reasoned"].choices
        given: dict[str, bool | int | str] = {"major_decision": True}
        found = shipped().joined(of(procedure), given, date(2026, 3, 2), "jiyuan_htz")
        assert [part.id for part in found.parts] == [procedure, "jiyuan_htz"]
        assert {"open_call", "participation", "risk_assessment"} <= found.steps.keys()
        assert found.meeting_body == "party_group"
        alone = shipped().joined(of(procedure), {"major_decision": False}, date(2026, 3, 2))
        assert alone is of(procedure)

    def test_an_item_classed_as_a_major_decision_is_one__order_713_3(self) -> None:
        given: dict[str, bool | int | str] = {
            "item_class": "major_decision",
            "major_decision": False,
        }
        found = shipped().joined(of("major_items"), given, date(2026, 3, 2), "quzhou")
        assert [part.id for part in found.parts] == ["major_items", "quzhou"]

    def together(self, procedure: str) -> Procedure:
        (found,) = [
            each
            for each in shipped().joins()
            if [part.id for part in each.parts] == ["jiyuan_htz", procedure]
        ]
        return found

    def test_a_charge_on_the_list_is_heard_by_the_rules_on_prices(self) -> None:
        hearing = self.together("pricing_hearing").steps["hearing"]
        assert (hearing.rules["notice_before"].value, hearing.rules["papers_before"].value) == (
            30,
            15,
        )

    def test_a_normative_document_that_is_a_major_decision_is_reviewed_seven_days(self) -> None:
        review = self.together("normative_files").steps["legality_review"].rules["review_time"]
        assert (review.value, review.unit) == (7, Unit.WORKING_DAYS)
        assert instruments(review) >= {"order_713", "normative_115"}

    def test_and_within_fifteen_unless_a_reason_is_given(self) -> None:
        alone = of("normative_files").steps["legality_review"].rules["ceiling"]
        joined = self.together("normative_files").steps["legality_review"].rules["ceiling"]
        for rule in (alone, joined):
            assert (rule.value, rule.unit, rule.override) == (15, Unit.WORKING_DAYS, ())
            assert rule.citations[0].instrument == "normative_115"

    @pytest.mark.parametrize(
        "procedure", ["house_expropriation", "land_acquisition", "spatial_plan"]
    )
    def test_where_houses_or_land_are_taken_or_planned_no_reason_shortens_the_call(
        self, procedure: str
    ) -> None:
        found = self.together(procedure)
        period = found.steps["open_call"].rules["period"]
        assert (period.value, period.floor) == (30, Floor.HARD)
        assert found.steps["open_call"].waivable is None
        assert found.stand_ins({"decision_level": "zone"}) == {
            "decision_body": "superior_decision_body"
        }
