"""A profile may tighten what it rests on; it may loosen it only where a special law says so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from procedures.book import ProcedureBook
from procedures.kinds import KINDS, budget
from tests.unit.procedure_files import (
    PROFILE,
    Change,
    law,
    problems,
    profiled,
    step,
    told,
    write,
)
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Floor, Gate, Holder, Lapse
from workflow.ports import RuleShape

Profile = dict[str, Any]
YES = {"question": "technical", "is": True}
LARGE = {"question": "amount", "at_least": 100}


def rule(of: str, name: str, **fields: Any) -> Profile:
    return {"steps": [{"id": of, "rules": {name: fields}}]}


def fields(of: str, **given: Any) -> Profile:
    return {"steps": [{"id": of, **given}]}


def base_rule(of: str, name: str, **given: Any) -> Change:
    return lambda data: step(data, of)["rules"][name].update(given)


def base_fields(of: str, **given: Any) -> Change:
    return lambda data: step(data, of).update(given)


def reviewed_after(name: str) -> Change:
    return lambda data: step(data, "legality_review")["after"].append(name)


def asking_amount(predicate: object) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["questions"]["amount"] = {
            "text": {"zh": "金额", "en": "amount"},
            "kind": "number",
            "cite": "house_rules",
        }
        step(data, "expert_argument")["required_when"] = predicate

    return change


#: What a profile says, what the base said before, and the field that is looser.
RULES: list[tuple[Profile, Change | None, str]] = [
    (rule("open_call", "period", value=29), None, "value"),
    (rule("open_call", "period", value={"2025-01-01": 60, "2026-01-01": 29}), None, "value"),
    (
        rule("open_call", "period", value=31),
        base_rule("open_call", "period", bound="maximum"),
        "value",
    ),
    (
        rule("open_call", "period", value=30),
        base_rule("open_call", "period", value={"2015-01-01": 10, "2019-09-01": 40}),
        "value",
    ),
    (rule("open_call", "period", unit="working_days"), None, "unit"),
    (rule("open_call", "period", value=9, unit="working_days"), None, "unit"),
    (rule("open_call", "period", bound="maximum"), None, "bound"),
    (rule("hearing", "papers_before", floor="soft"), None, "floor"),
    (rule("hearing", "papers_before", counting="reverse_days"), None, "counting"),
    (
        rule("hearing", "papers_before", counting="reverse_clear_days"),
        base_rule("hearing", "papers_before", counting="reverse_days", bound="maximum"),
        "counting",
    ),
    (rule("legality_review", "review_time", paused=False), None, "paused"),
    (
        rule("open_call", "period", paused=True),
        base_rule("open_call", "period", bound="maximum"),
        "paused",
    ),
    (rule("open_call", "period", override=["head of legal_office"]), None, "override"),
    (
        rule(
            "legality_review",
            "verdicts",
            choices=["lawful", "changes_confirmed", "exploratory_reform", "unlawful"],
        ),
        None,
        "choices",
    ),
    (rule("risk_assessment", "controllable", choices=["low", "medium"]), None, "choices"),
    (rule("open_call", "channels", choices=["government_site", "wall"]), None, "choices"),
    (rule("legality_review", "papers", choices=["draft"]), None, "choices"),
    (rule("study", "content", choices=["problem"]), None, "choices"),
    (rule("hearing", "order", choices=["presentation", "debate"]), None, "choices"),
]

DAYS = {"value": 20, "unit": "working_days", "counting": "period_working_days"}
BESIDE = {**DAYS, "cite": "house_rules"}
MONTH = {"value": 30, "unit": "calendar_days", "counting": "period_days", "cite": "house_rules"}
RULES += [
    (
        rule(
            "legality_review",
            "review_time",
            override=["head of legal_office", "director of decision_body"],
        ),
        None,
        "override",
    ),
    (
        rule("open_call", "period", also=[]),
        base_rule("open_call", "period", also=[BESIDE]),
        "also",
    ),
    (
        rule("open_call", "period", also=[{**BESIDE, "value": 19}]),
        base_rule("open_call", "period", also=[BESIDE]),
        "also",
    ),
    (rule("open_call", "period", also=[{**MONTH, "value": 29}], **DAYS), None, "unit"),
]

STEPS: list[tuple[Profile, Change | None, str]] = [
    (fields("research", before="agenda"), None, "before"),
    (fields("study", before="review"), reviewed_after("study"), "before"),
    (fields("research", before=None), None, "before"),
    (
        fields("fair_competition", lapses_on="substantive"),
        base_fields("fair_competition", lapses_on="any"),
        "lapses_on",
    ),
    (fields("fair_competition", lapses_on="never"), None, "lapses_on"),
    (
        fields(
            "budget",
            waivable={
                "request": ["head of lead_unit"],
                "approve": ["head of finance"],
                "cite": "house_rules",
            },
        ),
        None,
        "waivable",
    ),
    (fields("research", required_when=YES), None, "required_when"),
    (
        fields(
            "expert_argument",
            required_when={"all": [YES, {"question": "spends_money", "is": True}]},
        ),
        None,
        "required_when",
    ),
    (
        fields("expert_argument", required_when={"question": "spends_money", "is": True}),
        None,
        "required_when",
    ),
    (
        fields("expert_argument", required_when={"question": "technical", "is": False}),
        None,
        "required_when",
    ),
    (
        fields("expert_argument", required_when={"question": "decision_level", "is": "zone"}),
        None,
        "required_when",
    ),
    (
        fields("expert_argument", required_when={"question": "amount", "at_least": 101}),
        asking_amount(LARGE),
        "required_when",
    ),
    (
        fields("expert_argument", required_when={"question": "amount", "is": 100}),
        asking_amount(LARGE),
        "required_when",
    ),
    (
        fields(
            "expert_argument",
            required_when={"all": [LARGE, {"not": {"question": "amount", "is": 500}}]},
        ),
        asking_amount(LARGE),
        "required_when",
    ),
]

LOOSER = RULES + STEPS
IDS = [f"{number}-{name}" for number, (*_, name) in enumerate(LOOSER)]


@pytest.mark.parametrize(("profile", "before", "field"), LOOSER, ids=IDS)
def test_loosening_is_refused_at_the_line_that_loosens(
    profile: Profile, before: Change | None, field: str, tmp_path: Path
) -> None:
    (problem,) = problems(lambda: profiled(tmp_path, profile, before))
    assert problem.file == "profile.yaml"
    assert problem.key.endswith(field)
    assert problem.line > 0
    assert problem.code.startswith("definition.loosened")


@pytest.mark.parametrize(("profile", "before", "field"), LOOSER, ids=IDS)
def test_loosening_is_told_in_words(
    profile: Profile, before: Change | None, field: str, tmp_path: Path
) -> None:
    (problem,) = problems(lambda: profiled(tmp_path, profile, before))
    for locale in locales():
        assert "special_law" in catalogue_for(locale).tell(problem.said)


@pytest.mark.parametrize(("profile", "before", "field"), LOOSER, ids=IDS)
def test_a_special_law_replaces_what_the_base_says(
    profile: Profile, before: Change | None, field: str, tmp_path: Path
) -> None:
    (given,) = profile["steps"]
    marked = next(iter(given["rules"].values())) if "rules" in given else given
    marked["special_law"] = "pricing_law 23"
    try:
        assert profiled(tmp_path, profile, before).lineage == ("order_713@2019-09-01",)
    finally:
        del marked["special_law"]


TIGHTER: list[tuple[Profile, Change | None]] = [
    (rule("open_call", "period", value=31), None),
    (rule("open_call", "period", value=29), base_rule("open_call", "period", bound="maximum")),
    (rule("open_call", "period", floor="hard"), None),
    (rule("open_call", "period", paused=True), None),
    (
        rule("hearing", "papers_before", counting="reverse_clear_days"),
        base_rule("hearing", "papers_before", counting="reverse_days"),
    ),
    (rule("legality_review", "verdicts", choices=["lawful"]), None),
    (
        rule(
            "legality_review",
            "papers",
            choices=["draft", "explanation", "legal_basis_list", "procedure_statement", "seal"],
        ),
        None,
    ),
    (fields("budget", before="review"), reviewed_after("budget")),
    (fields("budget", before="start"), base_fields("budget", before=None)),
    (fields("fair_competition", lapses_on="any"), None),
    (fields("open_call", waivable=None), None),
    (fields("expert_argument", required_when="always"), None),
    (
        fields(
            "expert_argument",
            required_when={"any": [YES, {"question": "spends_money", "is": True}]},
        ),
        None,
    ),
    (
        fields("expert_argument", required_when={"not": {"question": "technical", "is": False}}),
        None,
    ),
    (
        fields("expert_argument", required_when={"question": "amount", "at_least": 99}),
        asking_amount(LARGE),
    ),
    (
        fields("expert_argument", required_when={"any": [LARGE, {"question": "amount", "is": 5}]}),
        asking_amount(LARGE),
    ),
    (fields("open_call", after=["study"]), None),
    # Periods that bind side by side.
    (rule("open_call", "period", also=[BESIDE]), None),
    (rule("open_call", "period", also=[MONTH], **DAYS), None),
    (
        rule("open_call", "period", also=[{**BESIDE, "value": 25}]),
        base_rule("open_call", "period", also=[BESIDE]),
    ),
    (
        rule("open_call", "period", also=[MONTH], **DAYS),
        base_rule("open_call", "period", also=[BESIDE]),
    ),
]


@pytest.mark.parametrize(("profile", "before"), TIGHTER, ids=range(len(TIGHTER)))
def test_tightening_is_taken(profile: Profile, before: Change | None, tmp_path: Path) -> None:
    assert profiled(tmp_path, profile, before).lineage == ("order_713@2019-09-01",)


def test_what_a_profile_tightens_is_what_counts(tmp_path: Path) -> None:
    profile = {
        "steps": [
            {
                "id": "budget",
                "before": "review",
                "lapses_on": "any",
                "rules": {"covered": {"cite": "budget_law 14 (M)"}},
            },
            {"id": "open_call", "rules": {"period": {"value": 45, "floor": "hard"}}},
            {"id": "legality_review", "after": ["budget"]},
        ]
    }
    procedure = profiled(tmp_path, profile)
    budget, period = procedure.steps["budget"], procedure.steps["open_call"].rules["period"]
    assert (budget.before, budget.lapses_on) == (Gate.REVIEW, Lapse.ANY)
    assert budget.rules["covered"].citations[0].article == "14"
    assert (period.value, period.floor, period.counting) == (45, Floor.HARD, "period_days")


def test_choices_that_say_one_thing_together_are_not_changed(tmp_path: Path) -> None:
    shapes = {**budget.KIND.rules, "covered": RuleShape(choices=True, exact=True)}
    kinds = {**KINDS, "budget": replace(budget.KIND, rules=shapes)}
    data = law()
    step(data, "budget")["rules"]["covered"]["choices"] = ["users", "operators"]
    write(tmp_path, data)
    turned = rule("budget", "covered", choices=["operators", "users"])
    write(tmp_path, PROFILE | turned, "profile")
    found = told(lambda: ProcedureBook(tmp_path, kinds=kinds).get("test_city"))
    assert [code for _, code in found] == ["definition.loosened"]


def test_what_binds_beside_is_checked_as_any_rule(tmp_path: Path) -> None:
    beside = {"value": 20, "unit": "working_days", "counting": "moon_days", "cite": "moon 1"}
    found = told(lambda: profiled(tmp_path, rule("open_call", "period", also=[beside])))
    key = "steps[2].rules.period.also[1]"
    assert sorted(code for at, code in found if at.startswith(key[:5])) == [
        "definition.unknown_counting",
        "definition.unknown_instrument",
    ]


def test_nothing_binds_beside_a_rule_that_is_no_period(tmp_path: Path) -> None:
    beside = {"value": 3, "cite": "house_rules"}
    found = told(lambda: profiled(tmp_path, rule("hearing", "sides", also=[beside])))
    assert "definition.rule_excess" in {code for _, code in found}


class TestOneLawDoesNotExcuseAnother:
    def test_the_mark_of_a_rule_does_not_excuse_its_step(self, tmp_path: Path) -> None:
        profile = fields(
            "open_call",
            before=None,
            rules={"period": {"value": 9, "special_law": "pricing_law 23"}},
        )
        found = told(lambda: profiled(tmp_path, profile))
        assert found == [("steps[1].before", "definition.loosened")]

    def test_the_mark_of_a_step_does_not_excuse_its_rules(self, tmp_path: Path) -> None:
        profile = fields(
            "open_call",
            before=None,
            special_law="pricing_law 23",
            rules={"period": {"value": 9}},
        )
        found = told(lambda: profiled(tmp_path, profile))
        assert found == [("steps[1].rules.period.value", "definition.loosened")]

    def test_the_mark_of_the_base_does_not_excuse_a_profile_of_it(self, tmp_path: Path) -> None:
        marked = {"value": 20, "special_law": "pricing_law 23"}
        profiled(tmp_path, rule("open_call", "period", **marked))
        district = PROFILE | {
            "procedure": "district",
            "extends": {"procedure": "test_city", "version": "2026-01-01"},
        }
        write(tmp_path, district | rule("open_call", "period", value=19), "district")
        found = told(lambda: ProcedureBook(tmp_path).get("district"))
        assert found == [("steps[1].rules.period.value", "definition.loosened")]
        write(tmp_path, district | rule("open_call", "period", value=20), "district")
        loaded = ProcedureBook(tmp_path).get("district")
        assert loaded.lineage == ("order_713@2019-09-01", "test_city@2026-01-01")


class TestWhatNoLawExcuses:
    def test_a_step_of_another_kind_even_one_with_the_same_acts(self, tmp_path: Path) -> None:
        twin = replace(budget.KIND, name="twin")
        write(tmp_path, law())
        profile = fields("budget", kind="twin", special_law="pricing_law 23")
        write(tmp_path, PROFILE | profile, "profile")
        book = ProcedureBook(tmp_path, kinds={**KINDS, "twin": twin})
        found = told(lambda: book.get("test_city"))
        assert found == [("steps[1].kind", "definition.changed")]

    def test_a_question_of_another_kind(self, tmp_path: Path) -> None:
        profile = {
            "questions": {"spends_money": {"kind": "choice", "choices": ["much", "little"]}},
            "steps": [
                {"id": "budget", "required_when": "always"},
                {"id": "contracting", "required_when": "always"},
            ],
        }
        found = told(lambda: profiled(tmp_path, profile))
        assert found == [("questions.spends_money.kind", "definition.changed")]

    def test_fewer_people_kept_apart(self, tmp_path: Path) -> None:
        narrowed = {
            "act": "give_review_verdict",
            "rule": "review.drafter_reviews",
            "not_by": ["draft"],
        }
        (problem,) = problems(lambda: profiled(tmp_path, {"separations": [narrowed]}))
        assert (problem.key, problem.code) == (
            "separations[1].not_by",
            "definition.separation_narrowed",
        )
        assert problem.params["profile"] == ("draft",)

    def test_more_people_kept_apart_is_taken(self, tmp_path: Path) -> None:
        more = {
            "act": "give_review_verdict",
            "rule": "review.drafter_reviews",
            "not_by": [*law()["separations"][0]["not_by"], "assign"],
            "not_of": [*law()["separations"][0]["not_of"], "co_unit"],
        }
        own = {"act": "start", "rule": "review.drafter_reviews", "not_by": ["propose"]}
        loaded = profiled(tmp_path, {"separations": [more, own]})
        assert len(loaded.separations) == len(law()["separations"]) + 1


def test_a_rule_of_the_procedure_cannot_be_loosened_either(tmp_path: Path) -> None:
    looser: Profile = {"rules": {"agenda.notice": {"value": 0}}}
    found = told(lambda: profiled(tmp_path, looser))
    assert found == [("rules.agenda.notice.value", "definition.loosened")]
    looser["rules"]["agenda.notice"]["special_law"] = "pricing_law 23"
    assert profiled(tmp_path, looser).rules["agenda.notice"].value == 0


def test_a_second_factor_may_be_asked_for_more_acts_and_not_for_fewer(tmp_path: Path) -> None:
    def asked(*acts: str) -> dict[str, Any]:
        return {"authority.second_factor": {"choices": list(acts), "cite": "house_rules"}}

    def before(data: dict[str, Any]) -> None:
        data["rules"].update(asked("start", "give_review_verdict"))

    fewer: Profile = {"rules": asked("start")}
    found = told(lambda: profiled(tmp_path, fewer, before))
    assert found == [("rules.authority.second_factor.choices", "definition.loosened")]
    more: Profile = {"rules": asked("start", "give_review_verdict", "issue")}
    assert profiled(tmp_path, more, before).rules["authority.second_factor"].choices[2:] == (
        "issue",
    )


CITY = {"title": {"zh": "某市规定", "en": "City rules"}, "number": "某政〔2026〕1号"}
ORDER = law()["instruments"]["order_713"]
SHORT = ("steps[1].rules.period.special_law", "steps[1].rules.period.special_law[1]")


def by_law(instrument: Profile, **more: Any) -> Profile:
    """A period shortened by a law of the profile's own."""
    shorter = rule("open_call", "period", value=1, cite="own 1", special_law="own 1")
    return {"instruments": {"own": instrument}, **shorter, **more}


class TestASpecialLawRanksNoLowerThanWhatItReplaces:
    """Order 713 is an administrative regulation: only a law of that rank says otherwise."""

    @pytest.mark.parametrize(
        ("instrument", "code"),
        [
            (CITY, "special_law_no_rank"),
            *((CITY | {"rank": rank}, "special_law_too_low") for rank in ("local", "provincial")),
        ],
    )
    def test_a_rule_of_ones_own_does_not(
        self, instrument: Profile, code: str, tmp_path: Path
    ) -> None:
        (problem,) = problems(lambda: profiled(tmp_path, by_law(instrument)))
        assert problem.key in SHORT
        assert problem.code == f"definition.{code}"

    @pytest.mark.parametrize("rank", ["regulation", "statute"])
    def test_a_regulation_or_a_statute_does(self, rank: str, tmp_path: Path) -> None:
        found = profiled(tmp_path, by_law(CITY | {"rank": rank}))
        assert found.steps["open_call"].rules["period"].value == 1

    @pytest.mark.parametrize(
        "alias",
        [
            ORDER | {"title": CITY["title"]},
            ORDER | {"number": "713"},
            {**ORDER, "number": "国务院令第７１３ 号"},
        ],
        ids=["its number", "its title", "both"],
    )
    def test_another_name_makes_no_other_law(self, alias: Profile, tmp_path: Path) -> None:
        found = told(lambda: profiled(tmp_path, by_law({**alias, "rank": "statute"})))
        assert {code for _, code in found} == {"definition.special_law_same"}

    def test_what_the_base_does_not_rank_counts_as_the_highest(self, tmp_path: Path) -> None:
        def unranked(data: Profile) -> None:
            del data["instruments"]["order_713"]["rank"]

        regulation = by_law(CITY | {"rank": "regulation"})
        (problem,) = problems(lambda: profiled(tmp_path, regulation, unranked))
        assert problem.code == "definition.special_law_no_rank"
        assert "order_713" in str(problem.params["name"])

    def test_nor_does_a_tighter_profile_between_open_a_way(self, tmp_path: Path) -> None:
        own = {"own": CITY | {"rank": "local"}}
        tighter = rule("open_call", "period", value=45, cite="own 1")
        profiled(tmp_path, {"instruments": own, **tighter})
        for value, fits in ((31, True), (29, False)):
            later = rule("open_call", "period", value=value, cite="own 2", special_law="own 2")
            town = PROFILE | {
                "procedure": "town",
                "extends": {"procedure": "test_city", "version": "2026-01-01"},
            }
            write(tmp_path, town | later, "town")
            load = partial(ProcedureBook(tmp_path).get, "town")
            assert load() if fits else told(load)[0][1] == "definition.special_law_too_low"

    def test_of_whatever_part(self, tmp_path: Path) -> None:
        for profile in (
            fields("hearing", required_when="never", special_law="own 1"),
            {"rules": {"exclusion": {"choices": ["x_x"], "cite": "own 1", "special_law": "own 1"}}},
        ):
            local = {"instruments": {"own": CITY | {"rank": "local"}}, **profile}
            codes = {code for _, code in told(partial(profiled, tmp_path, local))}
            assert codes == {"definition.special_law_too_low"}


class TestWhatBindsWhateverElseAProfileSays:
    """What stands with no rule or step, so that no special law can be cited for it."""

    def test_an_alert_may_go_to_others_as_well(self, tmp_path: Path) -> None:
        alert = {
            "kind": "blocked_agenda",
            "to": [*law()["alerts"][0]["to"], "supervisor of supervision"],
        }
        (alerted, *_) = profiled(tmp_path, {"alerts": [alert]}).alerts
        assert alerted.to[-1] == Holder("supervisor", "supervision")
        assert alerted.command == "propose_agenda_item"

    @pytest.mark.parametrize(
        ("change", "key", "code"),
        [
            ({"to": []}, "to", "source.list_too_short"),
            ({"command": "freeze_agenda"}, "command", "definition.changed"),
            ({"on": "done"}, "on", "definition.changed"),
            ({"to": ["clerk of lead_unit"]}, "to", "definition.changed"),
        ],
    )
    def test_an_alert_may_not_cease(
        self, change: dict[str, Any], key: str, code: str, tmp_path: Path
    ) -> None:
        profile = {"alerts": [{"kind": "blocked_agenda", **change}]}
        assert told(lambda: profiled(tmp_path, profile)) == [(f"alerts[1].{key}", code)]

    def test_a_question_is_not_put_in_other_words(self, tmp_path: Path) -> None:
        reworded = {"technical": {"text": {"zh": "是否不需要专家？", "en": "No experts?"}}}
        assert told(lambda: profiled(tmp_path, {"questions": reworded})) == [
            ("questions.technical.text.zh", "definition.changed"),
            ("questions.technical.text.en", "definition.changed"),
        ]

    def test_a_question_that_must_be_answered_may_not_stay_open(self, tmp_path: Path) -> None:
        profile = {"questions": {"technical": {"optional": True}}}
        assert told(lambda: profiled(tmp_path, profile)) == [
            ("questions.technical.optional", "definition.changed")
        ]

    def test_a_key_that_took_its_value_along_is_told_by_its_colon(self, tmp_path: Path) -> None:
        profile = {"steps": [{"id": "hearing", "before：start": None}]}
        assert told(lambda: profiled(tmp_path, profile)) == [
            ("steps[1].before：start", "source.bad_colon")
        ]

    def test_a_rank_that_is_stated_stays(self, tmp_path: Path) -> None:
        higher = {"instruments": {"order_713": {"rank": "statute"}}}
        assert told(lambda: profiled(tmp_path, higher)) == [
            ("instruments.order_713.rank", "definition.changed")
        ]

    def test_a_house_rule_does_not_become_a_law(self, tmp_path: Path) -> None:
        profile = {
            "instruments": {"house_rules": {"law": True}},
            **rule("open_call", "period", value=3, special_law="house_rules 1"),
        }
        found = told(lambda: profiled(tmp_path, profile))
        assert ("instruments.house_rules.law", "definition.changed") in found

    @pytest.mark.parametrize(
        "added",
        [
            {"command": "accept_papers", "from": ["drafting"], "to": "under_review"},
            {"command": "confirm_changes", "from": ["drafting"], "to": "review_passed"},
            {"command": "propose_agenda_item", "from": ["drafting"], "to": "tabled"},
            {"command": "revise_draft", "outcome": "editorial", "from": ["under_review"]},
            {"command": "classify", "from": ["tabled"]},
            {"command": ["request_waiver"], "from": ["review_passed"]},
            {
                "command": "give_review_verdict",
                "outcome": ["lawful", "lawful_with_changes", "unlawful", "exploratory_reform"],
                "from": ["drafting"],
                "to": "review_passed",
            },
        ],
        ids=lambda added: str(added["command"]),
    )
    def test_no_other_way_past_the_review(self, added: dict[str, Any], tmp_path: Path) -> None:
        harmless = {"command": "record_counsel_opinion", "from": ["review_passed"]}
        profile = {"moves": [harmless, added]}
        (problem,) = problems(lambda: profiled(tmp_path, profile))
        assert (problem.key, problem.code) == ("moves[2]", "definition.move_added")
        assert (problem.file, problem.line > 0) == ("profile.yaml", True)
        assert problem.params["command"] in added["command"]
        assert problem.params["stages"] == added["from"]

    def test_a_separation_of_units_may_not_be_narrowed(self, tmp_path: Path) -> None:
        narrowed = {
            "act": "give_review_verdict",
            "rule": "review.drafter_reviews",
            "not_of": ["lead_unit"],
        }
        (problem,) = problems(lambda: profiled(tmp_path, {"separations": [narrowed]}))
        assert (problem.key, problem.code) == (
            "separations[1].not_of",
            "definition.separation_of_units_narrowed",
        )
        assert problem.params["profile"] == ("lead_unit",)

    def test_nor_may_those_to_whom_an_act_is_not_lent(self, tmp_path: Path) -> None:
        lent = {"act": "appoint", "rule": "mandate.posts", "not_lent": False, "not_of": ["co_unit"]}
        (problem,) = problems(lambda: profiled(tmp_path, {"separations": [lent]}))
        assert problem.key == "separations[1].not_lent"
        narrowed = {"act": "start", "rule": "mandate.side", "not_lent_to": ["lead_unit"]}
        (problem,) = problems(lambda: profiled(tmp_path, {"separations": [narrowed]}))
        assert (problem.key, problem.code) == (
            "separations[1].not_lent_to",
            "definition.separation_of_units_narrowed",
        )


def test_everything_that_is_looser_is_told_at_once(tmp_path: Path) -> None:
    profile = fields(
        "open_call", before=None, rules={"period": {"value": 9, "paused": False, "floor": "soft"}}
    )
    assert sorted(told(lambda: profiled(tmp_path, profile))) == [
        ("steps[1].before", "definition.loosened"),
        ("steps[1].rules.period.value", "definition.loosened"),
    ]


def test_the_base_value_and_the_profile_value_are_told(tmp_path: Path) -> None:
    (problem,) = problems(lambda: profiled(tmp_path, rule("open_call", "period", value=29)))
    assert (problem.params["base"], problem.params["profile"]) == (30, 29)


def test_answers_that_escape_are_told(tmp_path: Path) -> None:
    profile = fields("expert_argument", required_when={"all": [YES, LARGE]})
    (problem,) = problems(lambda: profiled(tmp_path, profile, asking_amount(YES)))
    assert problem.params["answers"] == ["technical: true", "amount: 99"]
