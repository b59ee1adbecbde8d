"""A profile may not put what guards the agenda into other hands, nor lead around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.procedure_files import Change, problems, profiled, step, told
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Holder

Profile = dict[str, Any]
OTHER_LAW = "pricing_law 23"


def acts(of: str, **given: Any) -> Profile:
    return {"steps": [{"id": of, "acts": given}]}


WAIVABLE = {
    "request": ["head of lead_unit"],
    "approve": ["director of decision_body", "head of finance"],
    "cite": "order_713 14.1",
}

#: What a profile says, and where it hands a safeguarded act to somebody whom the base does not.
REBOUND: list[tuple[Profile, str]] = [
    (
        acts("legality_review", give_review_verdict=["head of finance"]),
        "steps[10].acts.give_review_verdict",
    ),
    (
        acts(
            "legality_review",
            accept_papers=["reviewer of legal_office", "keeper of agenda_office"],
        ),
        "steps[10].acts.accept_papers",
    ),
    (acts("classification", classify=["clerk of finance"]), "steps[12].acts.classify"),
    (
        acts("fair_competition", file_regulator_opinion=["clerk of finance"]),
        "steps[8].acts.file_regulator_opinion",
    ),
    ({"steps": [{"id": "open_call", "waivable": WAIVABLE}]}, "steps[4].waivable.approve"),
    (
        acts("budget", confirm_budget_line=["head of lead_unit"]),
        "steps[9].acts.confirm_budget_line",
    ),
    (
        acts("legality_review", record_counsel_opinion=["clerk of proposing_unit"]),
        "steps[10].acts.record_counsel_opinion",
    ),
    ({"permissions": {"freeze_agenda": ["head of lead_unit"]}}, "permissions.freeze_agenda"),
    ({"permissions": {"start": ["deputy of decision_body"]}}, "permissions.start"),
    ({"permissions": {"migrate": ["keeper of agenda_office"]}}, "permissions.migrate"),
]


@pytest.mark.parametrize(("profile", "key"), REBOUND, ids=[key for _, key in REBOUND])
def test_what_one_side_judges_is_not_put_into_other_hands(
    profile: Profile, key: str, tmp_path: Path
) -> None:
    (problem,) = problems(lambda: profiled(tmp_path, profile))
    assert (problem.file, problem.code) == ("profile.yaml", "definition.loosened_hands")
    assert problem.key.rpartition("]")[2] == key.rpartition("]")[2]
    assert problem.line > 0


@pytest.mark.parametrize(("profile", "key"), REBOUND, ids=[key for _, key in REBOUND])
def test_unless_a_special_law_says_so(profile: Profile, key: str, tmp_path: Path) -> None:
    excused: Profile = dict(profile)
    if "steps" in excused:
        excused["steps"] = [{**each, "special_law": OTHER_LAW} for each in excused["steps"]]
    else:
        excused["rules"] = {"authority": {"cite": "house_rules", "special_law": OTHER_LAW}}
    assert profiled(tmp_path, excused).lineage == ("order_713@2019-09-01",), key


def test_fewer_hands_are_taken_and_so_are_others_for_what_judges_nobody(tmp_path: Path) -> None:
    fewer = acts("legality_review", give_review_verdict=["head of legal_office"])
    fewer["permissions"] = {"convene_meeting": ["secretary of party_group"]}
    loaded = profiled(tmp_path, fewer)
    verdict = loaded.steps["legality_review"].acts["give_review_verdict"]
    assert verdict == (Holder("head", "legal_office"),)


def test_a_permission_that_the_base_gives_nobody_is_not_given(tmp_path: Path) -> None:
    def without(data: dict[str, Any]) -> None:
        del data["permissions"]["exclude"]

    profile = {"permissions": {"exclude": ["director of decision_body"]}}
    found = told(lambda: profiled(tmp_path, profile, without))
    assert found == [("permissions.exclude", "definition.loosened_hands")]


# --- who decides ----------------------------------------------------------------------------------

UP = "superior_decision_body"


def decided(instead: dict[str, str] | None, **more: Any) -> Profile:
    if instead is None:
        return {"deciders": None}
    return {"deciders": {"question": "decision_level", "instead": instead, **more}}


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        (decided({"superior": "finance"}), "deciders.instead.superior"),
        (decided({"zone": UP}), "deciders.instead"),
        (decided({"superior": UP, "zone": "agenda_office"}), "deciders.instead.zone"),
    ],
)
def test_who_decides_is_not_pointed_elsewhere__order_713_art_27(
    profile: Profile, key: str, tmp_path: Path
) -> None:
    found = told(lambda: profiled(tmp_path, profile))
    assert {code for _, code in found} == {"definition.loosened_decider"}
    assert found[0][0].startswith(key)
    profile["deciders"]["special_law"] = OTHER_LAW
    assert profiled(tmp_path, profile).deciders == profile["deciders"]["instead"]


def test_a_matter_may_be_taken_further_up__order_713_art_27(tmp_path: Path) -> None:
    assert profiled(tmp_path, decided({"superior": UP, "zone": UP})).deciders["zone"] == UP


def test_nor_is_another_question_asked_for_it(tmp_path: Path) -> None:
    def without(data: dict[str, Any]) -> None:
        del step(data, "fair_competition")["rules"]["regulator"]

    profile = {"deciders": {"question": "origin", "instead": {"leader": UP}}}
    found = told(lambda: profiled(tmp_path, profile, without))
    assert found == [("deciders", "definition.loosened_decider")]


def test_where_the_base_has_no_levels_none_are_made(tmp_path: Path) -> None:
    def without(data: dict[str, Any]) -> None:
        del data["deciders"]
        del step(data, "fair_competition")["rules"]["regulator"]

    found = told(lambda: profiled(tmp_path, decided({"superior": UP}), without))
    assert found == [("deciders.instead.superior", "definition.loosened_decider")]


# --- answers and moves ----------------------------------------------------------------------------

KINDS_OF_ORIGIN = ["department", "leader", "deputies", "citizens"]


@pytest.mark.parametrize("choices", [KINDS_OF_ORIGIN[:2], [*KINDS_OF_ORIGIN, "nobody"]])
def test_answers_on_which_steps_depend_stay_as_they_are(choices: list[str], tmp_path: Path) -> None:
    profile = {"questions": {"origin": {"choices": choices}}}
    (problem,) = problems(lambda: profiled(tmp_path, profile))
    assert (problem.key, problem.code) == ("questions.origin.choices", "definition.answers_changed")


def test_answers_that_are_kept_for_the_file_may_be_others(tmp_path: Path) -> None:
    profile = {"questions": {"category": {"choices": ["plan", "works", "other"]}}}
    assert profiled(tmp_path, profile).questions["category"].choices == ("plan", "works", "other")


def test_an_answer_goes_on_agreeing_with_the_staffing__order_713_art_13(tmp_path: Path) -> None:
    profile = {"questions": {"touches_other_units": {"follows": None}}}
    found = told(lambda: profiled(tmp_path, profile))
    assert found == [("questions.touches_other_units.follows", "definition.changed")]


def test_no_other_act_leads_to_where_the_review_has_passed(tmp_path: Path) -> None:
    way = {"command": "assign", "from": ["awaiting_review"], "to": "review_passed"}
    (problem,) = problems(lambda: profiled(tmp_path, {"moves": [way]}))
    assert (problem.key, problem.code) == ("moves[1]", "definition.move_into")
    assert problem.params["stage"] == "review_passed"


def test_a_safeguard_that_falls_is_told_in_words(tmp_path: Path) -> None:
    change: Change | None = None
    profile = REBOUND[0][0]
    (problem,) = problems(lambda: profiled(tmp_path, profile, change))
    for locale in locales():
        said = catalogue_for(locale).tell(problem.said)
        assert "give_review_verdict" in said
        assert "reviewer of legal_office" in said
        assert "head of finance" in said


@pytest.mark.parametrize("change", [{"number": "1"}, {"in_force": "2020-01-01"}])
def test_an_instrument_of_the_base_is_not_made_into_another(
    change: dict[str, str], tmp_path: Path
) -> None:
    found = told(lambda: profiled(tmp_path, {"instruments": {"order_713": change}}))
    assert found == [(f"instruments.order_713.{next(iter(change))}", "definition.changed")]


# --- what a special law is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "code"),
    [
        ("order_713 15.1", "definition.special_law_same"),
        ("order_713 16.2", "definition.special_law_same"),
        ("pricing_law", "definition.special_law_no_article"),
        ("jiyuan_law 3", "definition.special_law_not_yet"),
    ],
)
def test_a_special_law_is_another_law_in_force_and_names_its_article(
    law: str, code: str, tmp_path: Path
) -> None:
    coming = {
        "title": {"zh": "将来的规定", "en": "coming rules"},
        "number": "1",
        "in_force": "2026-01-02",
    }
    profile = {
        "instruments": {"jiyuan_law": coming},
        "steps": [
            {"id": "open_call", "rules": {"period": {"value": 20, "special_law": law}}},
        ],
    }
    (problem,) = problems(lambda: profiled(tmp_path, profile))
    assert (problem.code, problem.file) == (code, "profile.yaml")
    assert ".rules.period.special_law" in problem.key
    for locale in locales():
        assert law.partition(" ")[0] in catalogue_for(locale).tell(problem.said)


@pytest.mark.parametrize(
    "profile",
    [
        {"steps": [{"id": "open_call", "before": None, "special_law": "order_713 15.1"}]},
        {"rules": {"agenda.notice": {"value": 0, "special_law": "order_713 30.1"}}},
        decided({"superior": "finance"}, special_law="order_713 27"),
    ],
)
def test_nor_is_the_law_of_the_base_one_for_steps_or_the_procedure(
    profile: Profile, tmp_path: Path
) -> None:
    codes = {code for _, code in told(lambda: profiled(tmp_path, profile))}
    assert codes == {"definition.special_law_same"}


def test_another_article_of_a_law_on_this_step_alone_may_be_one__fair_competition_arts_13_14(
    tmp_path: Path,
) -> None:
    regulator = {"choices": ["superior"], "cite": "fair_competition 13"}

    def with_law(law: str) -> Profile:
        rules = {"regulator": {**regulator, "special_law": law}}
        return {"steps": [{"id": "fair_competition", "rules": rules}]}

    loaded = profiled(tmp_path, with_law("fair_competition 13"))
    assert loaded.steps["fair_competition"].rules["regulator"].choices == ("superior",)
    codes = {code for _, code in told(lambda: profiled(tmp_path, with_law("fair_competition 14")))}
    assert codes == {"definition.special_law_same"}
