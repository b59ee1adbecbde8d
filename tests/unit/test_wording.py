"""Refusals, provisions and posts in the words of a clerk, in either language."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import procedures
from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.kinds.evaluation import SCHEDULE
from procedures.wording import Wording
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    EXPERT,
    HEAD,
    KEEPER,
    NO_STEP,
    REVIEWER,
    Matter,
    assess,
    day,
    directory,
    give,
    judge,
    meeting,
    only,
    procedure,
    ready,
    specs,
    unmets,
)
from workflow.calendar import Unit
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Citation, Holder, Instrument, Nature, Text
from workflow.kin import TIES
from workflow.ports import StepState
from workflow.refusals import Unmet

REGULATIONS = "《重大行政决策程序暂行条例》"
PACKAGE = Path(procedures.__file__).parent


def words(locale: str = "zh", *, known: bool = True) -> Wording:
    return Wording(catalogue_for(locale), procedure(), directory() if known else None)


def cited(article: str, locale: str = "zh", confidence: str = "S") -> str:
    return words(locale).citation(Citation("order_713", article, confidence))


class TestRules:
    def test_a_rule_is_named_after_what_it_means_in_its_step(self) -> None:
        told = words("zh")
        assert told.rule("expert_argument", "minimum") == "专家意见的最少份数"
        assert told.rule("expert_argument", "odd") == "专家人数为单数"
        assert told.rule("no_such_step", "minimum") == "最少数目"
        assert told.rule("no_such_step", "no_such_rule") == "no_such_rule"


class TestCitations:
    @pytest.mark.parametrize(
        ("article", "place"),
        [
            ("25", "第二十五条"),
            ("25.1", "第二十五条第一款"),
            ("16.2.3", "第十六条第二款第三项"),
            ("88-2", "第八十八条之二"),
            ("88-2.1", "第八十八条之二第一款"),
            ("5", "第五条"),
            ("10", "第十条"),
            ("20", "第二十条"),
            ("99", "第九十九条"),
            ("100", "第一百条"),
            ("101", "第一百零一条"),
            ("110", "第一百一十条"),
            ("115", "第一百一十五条"),
            ("999", "第九百九十九条"),
            ("1001", "第一千零一条"),
            ("1010", "第一千零一十条"),
            ("1260", "第一千二百六十条"),
            ("0", "第零条"),
        ],
    )
    def test_an_article_is_cited_in_chinese_numerals(self, article: str, place: str) -> None:
        assert cited(article) == REGULATIONS + place

    @pytest.mark.parametrize(
        ("article", "place"),
        [
            ("25", "art. 25"),
            ("25.1", "art. 25(1)"),
            ("16.2.3", "art. 16(2)(3)"),
            ("1260", "art. 1260"),
        ],
    )
    def test_an_article_is_cited_in_english(self, article: str, place: str) -> None:
        title = "Interim Regulations on Procedures for Major Administrative Decisions"
        assert cited(article, "en") == f"{title}, {place}"

    def test_without_an_article_the_title_stands_alone(self) -> None:
        assert cited("") == REGULATIONS

    @pytest.mark.parametrize("article", ["附则", "12345", "三"])
    def test_other_places_stand_as_they_are_written(self, article: str) -> None:
        assert cited(article) == f"{REGULATIONS} {article}"

    def test_what_is_to_be_confirmed_is_marked(self) -> None:
        assert cited("10", confidence="U") == f"{REGULATIONS}第十条（待确认）"
        assert cited("10", "en", "U").endswith("art. 10 (to be confirmed)")
        assert cited("10", confidence="M") == f"{REGULATIONS}第十条"

    def test_a_title_within_a_title_takes_the_inner_marks(self) -> None:
        title = Text("关于印发《办法》的通知", "Notice on the “Measures”")
        instruments = {"notice": Instrument("notice", title, "", None)}
        rules = replace(procedure(), instruments=instruments)
        say = Wording(catalogue_for("zh"), rules).citation
        assert say(Citation("notice", "2")) == "《关于印发〈办法〉的通知》第二条"
        say = Wording(catalogue_for("en"), rules).citation
        assert say(Citation("notice", "2")) == "Notice on the “Measures”, art. 2"

    def test_an_instrument_of_another_procedure_keeps_its_id(self) -> None:
        assert words().citation(Citation("hunan_222", "3")) == "《hunan_222》第三条"


class TestPosts:
    LEAD, LEGAL = Holder("clerk", "lead_unit"), Holder("reviewer", "legal_office")

    def test_a_relation_is_named_as_such_where_the_matter_is_not_known(self) -> None:
        assert words().posts(self.LEAD) == ("承办单位经办人",)
        assert words("en").posts(self.LEAD) == ("clerk (lead unit)",)

    def test_with_the_matter_the_unit_itself_is_named(self) -> None:
        assert words().posts(self.LEAD, Matter().facts) == ("规划建设局经办人",)
        assert words("en").posts(self.LEAD, Matter().facts) == (
            "clerk (planning and construction)",
        )

    def test_a_function_is_named_by_its_unit_or_else_as_such(self) -> None:
        assert words().posts(self.LEGAL) == ("法制办公室合法性审查人员",)
        assert words(known=False).posts(self.LEGAL) == ("合法性审查部门合法性审查人员",)

    def test_several_co_units_are_several_posts(self) -> None:
        facts = Matter(co_units=("finance", "economic_development")).facts
        assert words().posts(Holder("head", "co_unit"), facts) == (
            "经济发展局负责人",
            "财政金融局负责人",
        )
        assert words().posts(Holder("head", "co_unit"), Matter().facts) == ("协办单位负责人",)

    def test_any_unit_is_not_spelt_out(self) -> None:
        assert words().posts(Holder("clerk", "any_unit")) == ("任一单位经办人",)

    def test_a_unit_that_a_matter_names_and_nobody_knows_keeps_its_id(self) -> None:
        assert words().posts(self.LEAD, Matter(lead_unit="harbour").facts) == ("harbour经办人",)

    def test_unknown_roles_and_functions_keep_their_ids(self) -> None:
        assert words().posts(Holder("mayor", "city_hall")) == ("city_hallmayor",)


class TestRefusals:
    def test_a_review_too_early_tells_all_five_things(self) -> None:
        matter = ready(stage="under_review").did("record_counsel_opinion", by=COUNSEL)
        matter.did("accept_papers", "2026-02-12")
        unmet = only(give("give_review_verdict", REVIEWER, matter, "2026-02-13"))
        told = words().refusal(unmet, matter.facts)
        assert told.code == "legality_review.too_early"
        assert told.what == "审查时间应当不少于 7 个工作日：2026年2月12日受理，2026年2月28日届满。"
        assert told.law == (f"{REGULATIONS}第二十六条第二款",)
        assert told.evidence.startswith("请在2026年2月28日或者以后出具审查意见书")
        assert told.who == ("法制办公室合法性审查人员", "法制办公室负责人")
        assert (told.earliest, told.provisional, told.people) == ("2026年2月28日", False, ())

    def test_the_same_in_english(self) -> None:
        unmet = only(judge("submit_for_review", ready(), papers=["draft"]))
        told = words("en").refusal(unmet)
        assert told.what == (
            "The papers for the review are incomplete; missing: the explanation of the draft, "
            "the legal-basis list, the statement on the procedure followed."
        )
        assert told.who == ("clerk (lead unit)", "unit head (lead unit)")

    @pytest.mark.parametrize(("locale", "mark"), [("zh", "暂定"), ("en", "provisional")])
    def test_a_last_day_past_the_last_notice_is_marked_in_the_sentence(
        self, locale: str, mark: str
    ) -> None:
        params = {"ends": date(2027, 1, 20), "unsure": ("ends",)}
        unmet = Unmet("publication.due", (), params, step="publication")
        told = words(locale).refusal(unmet, Matter().facts, date(2026, 12, 21))
        assert mark in told.what
        certain = Unmet("publication.due", (), {**params, "unsure": ()}, step="publication")
        assert mark not in words(locale).refusal(certain, Matter().facts, date(2026, 12, 21)).what

    def test_a_provisional_day_is_marked(self) -> None:
        unmet = Unmet("agenda.not_listed", (), earliest=date(2027, 3, 1), provisional=True)
        told = words().refusal(unmet)
        assert (told.earliest, told.provisional) == ("2027年3月1日", True)

    def test_without_a_day_none_is_told(self) -> None:
        assert words().refusal(Unmet("agenda.not_listed", ())).earliest is None

    def test_a_provision_and_a_post_are_told_once(self) -> None:
        twice = (Citation("order_713", "10"), Citation("order_713", "10"))
        holder = Holder("clerk", "lead_unit")
        told = words().refusal(Unmet("agenda.not_listed", twice, cured_by=(holder, holder)))
        assert (len(told.law), len(told.who)) == (1, 1)

    def test_a_rule_that_a_locality_added_is_told_by_its_law(self) -> None:
        unmet = Unmet("local.three_readings", (Citation("order_713", "10"),))
        told = words().refusal(unmet)
        assert "local.three_readings" in told.what
        assert told.law == (f"{REGULATIONS}第十条",)

    @pytest.mark.parametrize("locale", locales())
    def test_every_refusal_of_a_bare_matter_has_its_words(self, locale: str) -> None:
        answers = {**NO_STEP, **{name: True for name in NO_STEP if NO_STEP[name] is False}}
        answers["confidential_by_law"] = False
        matter = Matter(answers=answers)
        found = give("propose_agenda_item", CLERK, matter, at=meeting())
        for unmet in unmets(found):
            told = words(locale).refusal(unmet, matter.facts, day("2026-09-01"))
            assert told.what
            assert told.evidence
            assert told.law
            assert told.who
            assert told.people


class TestPeople:
    UNMET = Unmet("legality_review.missing", (), cured_by=(Holder("reviewer", "legal_office"),))

    def test_whoever_holds_the_post_on_the_day_is_named(self) -> None:
        told = words().refusal(self.UNMET, None, day("2026-09-01"))
        assert told.people == ("法制办公室审查员一", "法制办公室审查员二")

    def test_before_they_were_appointed_nobody_is(self) -> None:
        assert words().refusal(self.UNMET, None, date(2018, 1, 1)).people == ()

    def test_without_a_day_or_a_directory_nobody_is(self) -> None:
        assert words().refusal(self.UNMET).people == ()
        assert words(known=False).refusal(self.UNMET, None, day("2026-09-01")).people == ()

    def test_whom_the_refusal_bars_is_not_sent_for(self) -> None:
        params = {"people": (REVIEWER,), "other_act": "draft"}
        barred = replace(self.UNMET, code="review.drafter_reviews", params=params)
        told = words().refusal(barred, None, day("2026-09-01"))
        assert told.people == ("法制办公室审查员二",)
        assert told.what == ("参与过本事项的人不得审查它：法制办公室审查员一办理过“起草文本”。")

    def test_the_clerks_of_any_unit_are_not_called_together(self) -> None:
        anybody = replace(self.UNMET, cured_by=(Holder("clerk", "any_unit"),))
        assert words().refusal(anybody, None, day("2026-09-01")).people == ()


class TestValues:
    """Ids become words by what they stand for; what somebody typed stays as it was typed."""

    @pytest.mark.parametrize(
        ("unmet", "part"),
        [
            (only(give("propose_agenda_item", KEEPER, ready(), at=meeting())), "合法性审查"),
            (only(give("withdraw", "firm.counsel", Matter())), "受聘律师事务所顾问律师"),
            (
                only(judge("file_expert_opinion", Matter().did("choose_experts"), by=EXPERT)),
                "专家（给排水工程）",
            ),
            (only(judge("file_consultation", Matter(co_units=("discipline",)))), "纪检监察室"),
            (
                only(assess("risk_assessment", Matter().did("file_risk_assessment", grade="high"))),
                "高风险",
            ),
            (only(judge("study", Matter(), outline=None)), "解决问题的初步方案"),
            (only(give("revise_draft", CLERK, Matter(stage="tabled"))), "“待上会”"),
        ],
    )
    def test_the_words_of_a_value(self, unmet: Unmet, part: str) -> None:
        assert part in words().refusal(unmet).what

    def test_an_act_is_named_by_its_title(self) -> None:
        params = {"people": (HEAD,), "other_act": "request_waiver"}
        told = words().refusal(Unmet("waiver.own_request", (), params)).what
        assert told == "不能自己批复自己的申请：规划建设局局长办理过“申请认定环节不适用”。"

    def test_an_act_unknown_to_us_keeps_its_id(self) -> None:
        params = {"people": (), "other_act": "of_old"}
        assert "“of_old”" in words().refusal(Unmet("waiver.own_request", (), params)).what

    def test_answers_are_told_as_they_have_to_be_typed(self) -> None:
        level, *_ = unmets(give("propose", CLERK, answers={}))
        assert "zone、superior" in words().refusal(level).evidence
        technical = next(
            unmet
            for unmet in unmets(give("propose", CLERK, answers={}))
            if unmet.params["id"] == "technical"
        )
        assert "true（是）或 false（否）" in words().refusal(technical).evidence

    def test_a_choice_of_a_locality_keeps_its_id(self) -> None:
        assert words().choice("paper", "cost_survey") == "cost_survey"

    def test_what_was_typed_is_kept_on_one_line_and_short(self) -> None:
        unmet = Unmet("budget.not_covered", (), {"line": "第一行\n  第二行"})
        assert "“第一行 第二行”" in words().refusal(unmet).what
        long = replace(unmet, params={"line": "字" * 500})
        assert f"“{'字' * 80}……”" in words().refusal(long).what

    def test_what_was_typed_is_not_taken_for_an_id_or_a_placeholder(self) -> None:
        for typed in ("{line}", "finance", CLERK, "low"):
            unmet = Unmet("budget.not_covered", (), {"line": typed})
            assert f"“{typed}”" in words().refusal(unmet).what

    def test_a_long_list_is_cut_and_counted(self) -> None:
        names = tuple(f"代表{number}" for number in range(1, 31))
        told = words().refusal(Unmet("hearing.unsigned", (), {"participants": names})).what
        assert "代表12等 30 项" in told
        assert "代表13" not in told

    def test_an_empty_list_is_told_as_nothing(self) -> None:
        params = {"act": "give_review_verdict", "people": ()}
        assert "（空）" in words().refusal(Unmet("staffing.nobody_left", (), params)).what

    def test_values_read_back_from_the_record_are_worded_alike(self) -> None:
        """The journal keeps a unit of time as text and a tuple as a list."""
        told = {"amount": 7, "unit": "working_days", "ends": day("2026-02-28")}
        kept = {**told, "accepted_on": day("2026-02-12")}
        fresh = {**kept, "unit": Unit.WORKING_DAYS}
        say = words().refusal
        code = "legality_review.too_early"
        assert say(Unmet(code, (), kept)) == say(Unmet(code, (), fresh))
        listed = say(Unmet("study.headings_missing", (), {"headings": ["problem", "grounds"]}))
        assert "拟解决的主要问题、理由和依据" in listed.what


class TestNames:
    def test_stages_and_steps_are_named_by_the_procedure(self) -> None:
        assert (words().stage("tabled"), words("en").stage("tabled")) == (
            "待上会",
            "on the agenda",
        )
        assert (words().step("hearing"), words("en").step("hearing")) == ("听证", "hearing")
        assert (words().stage("of_old"), words().step("of_old")) == ("of_old", "of_old")

    def test_units_and_accounts_are_named_by_the_directory(self) -> None:
        assert (words().unit("finance"), words().person(KEEPER)) == (
            "财政金融局",
            "综合办公室议题管理员",
        )
        assert (words().unit("harbour"), words().person("nobody")) == ("harbour", "nobody")
        assert words(known=False).unit("finance") == "finance"
        assert words(known=False).person(KEEPER) == KEEPER

    def test_days_are_written_as_the_language_writes_them(self) -> None:
        assert words().day(day("2026-10-08")) == "2026年10月8日"
        assert words("en").day(day("2026-10-08")) == "8 October 2026"

    @pytest.mark.parametrize("locale", locales())
    def test_every_state_of_a_step_has_its_word(self, locale: str) -> None:
        told = {words(locale).step_state(state) for state in StepState}
        assert len(told) == len(StepState)

    @pytest.mark.parametrize("locale", locales())
    def test_every_command_has_its_title_and_no_title_is_left_over(self, locale: str) -> None:
        titles = {name: words(locale).command(name) for name in specs()}
        assert len(set(titles.values())) == len(titles)
        catalogue = catalogue_for(locale)
        told = {
            each.removeprefix("command.").removesuffix(".title")
            for each in catalogue
            if each.startswith("command.") and each.endswith(".title")
        }
        assert told == set(specs())


def choices() -> list[tuple[str, str]]:
    """Every id that a rule of a shipped definition or a payload lets one choose, by its group."""
    review, study = procedure().steps["legality_review"].rules, procedure().steps["study"].rules
    participation = procedure().steps["participation"].rules
    call, hearing = procedure().steps["open_call"].rules, procedure().steps["hearing"].rules
    book = shipped()
    interest = book.get("house_expropriation").steps["public_interest"].rules["grounds"]
    took_part = book.get("land_acquisition").steps["risk_assessment"].rules["parties"]
    groups: dict[str, Any] = {
        "basis": interest.choices,
        "party": took_part.choices,
        "paper": (
            *review["papers"].choices,
            *(
                paper
                for profile in book.all()
                for step in profile.steps.values()
                if step.kind == "declared" and "evidence" in step.rules
                for paper in step.rules["evidence"].choices
            ),
            *procedure().steps["archiving"].rules["papers"].choices,
            *procedure().steps["archiving"].rules["papers_of_ended"].choices,
        ),
        "retention": procedure().steps["archiving"].rules["retention"].choices,
        "exemption": procedure().steps["publication"].rules["exemptions"].choices,
        "problem": literals("report_problem", "cause"),
        "recommendation": literals("file_evaluation", "recommendation"),
        "reply": literals("record_reply", "result"),
        "way": literals("record_feedback", "way"),
        "trigger": (*procedure().steps["evaluation"].rules["triggers"].choices, SCHEDULE),
        "verdict": (*review["verdicts"].choices, *literals("give_review_verdict", "verdict")),
        "heading": study["content"].choices,
        "channel": (
            *call["channels"].choices,
            *procedure().steps["publication"].rules["interpretation_channels"].choices,
            *book.get("land_acquisition").steps["publication"].rules["channels"].choices,
        ),
        "part": hearing["order"].choices,
        "grade": literals("file_risk_assessment", "grade"),
        "expert_conclusion": literals("file_expert_opinion", "conclusion"),
        "competition_conclusion": literals("file_fair_competition_review", "conclusion"),
        "counterpart": literals("file_group_talks", "counterpart", "Talk"),
        "heard_role": literals("file_fair_competition_review", "role", "Heard"),
        "regulator_conclusion": literals("file_regulator_opinion", "conclusion"),
        "position": literals("file_consultation", "position", "UnitOpinion"),
        "category": ("affected", "consumer", "enterprise", "expert", "operator", "public"),
        "ground": procedure().rules["exclusion"].choices,
        "disposition": literals("adopt_opinions", "disposition", "Entry"),
        "opinion_source": literals("adopt_opinions", "source", "Entry"),
        "method": participation["methods"].choices,
        "nature": tuple(Nature),
        "tie": TIES,
        "unit": tuple(Unit),
        "rule": tuple(name for kind in KINDS.values() for name in kind.rules),
    }
    return sorted({(group, str(value)) for group, values in groups.items() for value in values})


def literals(command: str, key: str, inside: str = "") -> tuple[str, ...]:
    schema = specs()[command].payload.model_json_schema()
    found = schema["$defs"][inside] if inside else schema
    values: list[str] = found["properties"][key]["enum"]
    return tuple(values)


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize(("group", "value"), choices())
def test_every_choice_has_its_word(group: str, value: str, locale: str) -> None:
    assert words(locale).choice(group, value) == catalogue_for(locale).text(
        f"choice.{group}.{value}"
    )


def test_no_words_are_left_of_choices_that_cannot_be_made() -> None:
    package = tomllib.loads((PACKAGE / "messages" / "zh.toml").read_text("utf-8"))
    told = {(group, value) for group, values in package["choice"].items() for value in values}
    assert told <= set(choices())
