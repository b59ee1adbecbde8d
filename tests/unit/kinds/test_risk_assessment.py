"""风险评估: no decision before the risk is controllable (Order 713 arts. 22 to 24)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    EXPERT,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    procedure,
    with_step,
)
from workflow.definition import Citation, Rule
from workflow.ports import StepState


def test_without_a_report_the_step_is_open__order_713_art_22_1() -> None:
    found = assess("risk_assessment", Matter())
    assert (found.state, codes(found)) == (StepState.PENDING, ["risk_assessment.missing"])
    assert law(only(found)) == ["order_713 22.1"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": []}, "risk_assessment.no_points"),
        ({"contingency_plan": None}, "risk_assessment.no_contingency_plan"),
        ({"departments_heard": []}, "risk_assessment.nobody_heard"),
    ],
)
def test_a_report_by_template_is_refused__order_713_art_23(
    change: dict[str, Any], code: str
) -> None:
    unmet = only(judge("file_risk_assessment", Matter().drafted(), **change))
    assert (unmet.code, law(unmet)) == (code, ["order_713 23"])


def test_a_whole_report_is_accepted_but_not_one_dated_ahead() -> None:
    assert codes(judge("file_risk_assessment", Matter().drafted())) == []
    found = judge("file_risk_assessment", Matter().drafted(), done_on="2026-09-02")
    assert codes(found) == ["record.future_day"]


def test_without_a_text_there_is_nothing_to_assess__order_713_art_22_1() -> None:
    unmet = only(judge("file_risk_assessment", Matter()))
    assert (unmet.code, law(unmet)) == ("risk_assessment.no_draft", ["order_713 23"])


@pytest.mark.parametrize("grade", ["medium", "high"])
def test_a_risk_that_is_not_low_is_not_controllable__order_713_art_24(grade: str) -> None:
    found = assess("risk_assessment", Matter().did("file_risk_assessment", grade=grade))
    assert (found.state, codes(found)) == (
        StepState.IN_PROGRESS,
        ["risk_assessment.not_controllable"],
    )
    assert only(found).params == {"grade": grade}
    assert law(only(found)) == ["order_713 24"]


def test_a_low_risk_satisfies_the_step__order_713_art_24() -> None:
    matter = Matter().did("file_risk_assessment", grade="high").did("file_risk_assessment")
    assert assess("risk_assessment", matter).state is StepState.SATISFIED


def point(likelihood: int, impact: int, **more: Any) -> dict[str, Any]:
    figures = {"likelihood": likelihood, "impact": impact}
    return {"risk": "居民不理解", "measure": "解释宣传", **figures, **more}


def report(*points: dict[str, Any], **changes: Any) -> Any:
    """A report whose points are told apart, unless they say otherwise."""
    own = [
        {**each, **{name: f"{each[name]}{'之二三四五'[place]}" for name in ("risk", "measure")}}
        if place
        else each
        for place, each in enumerate(points)
    ]
    return judge("file_risk_assessment", Matter().drafted(), points=own, **changes)


SIGNS = ["无", "没有。", "（略）", "/", "——", "NONE", "N/A", "暂 无", "无，无", "Ｎｏｎｅ"]


@pytest.mark.parametrize("text", SIGNS)
def test_what_says_nothing_is_not_content__order_713_art_23(text: str) -> None:
    unmet = only(report(point(1, 1, measure=text)))
    assert (unmet.code, unmet.params) == ("risk_assessment.says_nothing", {"texts": (text,)})
    assert law(unmet) == ["order_713 23", "house_rules"]
    assert codes(report(point(1, 1), contingency_plan=text)) == ["risk_assessment.says_nothing"]
    against = {"statement": text}
    assert codes(judge("reuse_risk_assessment", Matter(), opposition=against)) == [
        "risk_assessment.says_nothing"
    ]


@pytest.mark.parametrize("text", ["没有热线，设专人解释", "无人机巡查", "24小时值守"])
def test_a_sentence_with_such_a_word_in_it_says_something(text: str) -> None:
    assert codes(report(point(1, 1, measure=text))) == []


def test_which_words_say_nothing_is_up_to_the_definition() -> None:
    step = procedure().steps["risk_assessment"]
    more = replace(procedure().rules["says_nothing"], choices=("另设热线",))
    rules = {**step.rules, "says_nothing": more}
    matter = Matter(rules=with_step(procedure(), step.id, rules=rules)).drafted()
    found = judge("file_risk_assessment", matter, points=[point(1, 1, measure="另设热线，无")])
    assert codes(found) == ["risk_assessment.says_nothing"]


def test_one_sentence_for_everything_is_refused__order_713_art_23() -> None:
    def told(*points: dict[str, Any]) -> Any:
        return judge("file_risk_assessment", Matter().drafted(), points=list(points))

    alike = told(point(1, 1, risk="扬尘"), point(1, 2, risk="噪声", measure="解释，宣传。"))
    assert (only(alike).code, only(alike).params) == (
        "risk_assessment.copied",
        {"texts": ("解释宣传", "解释，宣传。")},
    )
    twice = told(point(1, 1), point(1, 2, measure="另设热线"))
    assert only(twice).params == {"texts": ("居民不理解",)}
    third = point(1, 1, risk="噪声", measure="夜间停工")
    assert codes(told(point(1, 1), point(1, 1, risk="扬尘"), third)) == []


@pytest.mark.parametrize(
    ("points", "computed"),
    [
        ([(1, 5)], "low"),
        ([(2, 3)], "medium"),
        ([(1, 1), (2, 3)], "medium"),
        ([(2, 5), (4, 3)], "medium"),
        ([(3, 5)], "high"),
    ],
)
def test_the_grade_is_that_of_the_gravest_point__order_713_art_23(
    points: list[tuple[int, int]], computed: str
) -> None:
    ruling = report(*(point(*each) for each in points), grade="high")
    assert codes(ruling) == []
    assert ruling.extra == {"grade_before": computed, "grade_after": computed}


@pytest.mark.parametrize(
    ("figures", "grade", "computed"),
    [((2, 3), "low", "medium"), ((5, 5), "low", "high"), ((3, 5), "medium", "high")],
)
def test_a_grade_below_its_own_points_is_refused__order_713_art_23(
    figures: tuple[int, int], grade: str, computed: str
) -> None:
    unmet = only(report(point(*figures), grade=grade))
    assert unmet.code == "risk_assessment.grade_too_low"
    assert unmet.params == {"grade": grade, "computed": computed}
    assert law(unmet) == ["order_713 23"]


def test_what_remains_after_the_measures_is_graded__order_713_art_24() -> None:
    ruling = report(point(4, 4, residual_likelihood=1), grade="low")
    assert codes(ruling) == []
    assert ruling.extra == {"grade_before": "high", "grade_after": "low"}
    assert codes(report(point(4, 4, residual_impact=1), grade="low")) == []


def test_a_measure_that_makes_it_worse_is_refused__order_713_art_23() -> None:
    unmet = only(report(point(2, 2, residual_impact=5), grade="medium"))
    assert (unmet.code, unmet.params) == (
        "risk_assessment.measure_worsens",
        {"risks": ("居民不理解",)},
    )


def opposing(*sources: str) -> dict[str, Any]:
    views = [{"source": each, "summary": "不赞成", "treatment": "解释"} for each in sources]
    return {"statement": "逐条研究", "views": views}


class TestOpposition:
    """A report that is low by template says nothing of those who are against it (art. 23)."""

    @staticmethod
    def opposed() -> Matter:
        given = [
            {
                "unit": "finance",
                "position": "disagrees",
                "opinion": "反对",
                "given_on": "2026-09-01",
                "paper": "财函〔2026〕9号",
                "paper_dated": "2026-09-01",
            }
        ]
        dispute = dict.fromkeys(("dispute", "their_view", "own_view", "reasons", "basis"), "略")
        matter = Matter().drafted().did("file_consultation", opinions=given, dispute=dispute)
        matter.did("choose_experts").did("file_expert_opinion", by=EXPERT, conclusion="opposes")
        return matter.did("publish_open_call").did("adopt_opinions")

    def test_it_is_stated__order_713_art_23(self) -> None:
        unmet = only(judge("file_risk_assessment", Matter().drafted(), opposition=None))
        assert (unmet.code, law(unmet)) == (
            "risk_assessment.opposition_not_stated",
            ["order_713 23"],
        )

    def test_what_is_on_file_is_not_passed_over__order_713_art_23(self) -> None:
        unmet = only(judge("file_risk_assessment", self.opposed()))
        assert unmet.code == "risk_assessment.opposition_ignored"
        assert unmet.params == {"sources": ("department", "expert", "public")}

    def test_a_report_that_tells_of_it_is_taken__order_713_art_23(self) -> None:
        told = opposing("department", "expert", "public", "hearing")
        assert codes(judge("file_risk_assessment", self.opposed(), opposition=told)) == []

    def test_what_comes_in_later_opens_the_step_again__order_713_art_23(self) -> None:
        matter = Matter().drafted().did("file_risk_assessment")
        assert assess("risk_assessment", matter).state is StepState.SATISFIED
        matter.did("publish_open_call").did("adopt_opinions")
        found = assess("risk_assessment", matter)
        assert codes(found) == ["risk_assessment.opposition_ignored"]
        matter.did("file_risk_assessment", opposition=opposing("public"))
        assert assess("risk_assessment", matter).state is StepState.SATISFIED

    def test_agreement_is_no_opposition(self) -> None:
        matter = Matter().drafted().did("file_consultation")
        assert codes(judge("file_risk_assessment", matter)) == []


class TestReuse:
    """An assessment made under other rules is taken over and not repeated (art. 22.2)."""

    REUSE = "reuse_risk_assessment"

    def test_it_satisfies_the_step__order_713_art_22_2(self) -> None:
        assert codes(judge(self.REUSE, Matter())) == []
        assert assess("risk_assessment", Matter().did(self.REUSE)).state is StepState.SATISFIED

    def test_in_the_zone_it_is_not_older_than_two_years__order_713_art_22_2(self) -> None:
        unmet = only(judge(self.REUSE, Matter(), done_on="2024-08-29"))
        assert unmet.code == "risk_assessment.reuse_too_old"
        assert unmet.params == {"done_on": day("2024-08-29"), "since": day("2024-08-30")}
        assert codes(judge(self.REUSE, Matter(), done_on="2024-08-30")) == []

    def test_nationally_its_age_is_not_limited__order_713_art_22_2(self) -> None:
        matter = Matter(rules=procedure("order_713"))
        assert codes(judge(self.REUSE, matter, done_on="2009-01-01")) == []

    def test_it_must_be_controllable_too__order_713_art_24(self) -> None:
        found = assess("risk_assessment", Matter().did(self.REUSE, grade="medium"))
        assert codes(found) == ["risk_assessment.not_controllable"]

    def test_one_dated_ahead_is_refused(self) -> None:
        found = judge(self.REUSE, Matter(), done_on="2026-09-02")
        assert codes(found) == ["record.future_day"]

    def test_it_does_not_cover_up_a_report_of_ones_own__order_713_art_22_2(self) -> None:
        matter = Matter().did("file_risk_assessment", grade="high")
        unmet = only(judge(self.REUSE, matter))
        assert (unmet.code, unmet.params) == (
            "risk_assessment.reuse_hides_report",
            {"grade": "high"},
        )
        assert law(unmet) == ["order_713 22.2"]
        assert codes(judge(self.REUSE, Matter().did("file_risk_assessment"))) == []

    def test_it_does_not_cover_up_a_report_that_passes_over_opposition__order_713_art_24(
        self,
    ) -> None:
        matter = Matter().did("file_risk_assessment")
        matter.did("file_expert_opinion", by="expert.water", conclusion="opposes")
        told = {"statement": "x", "views": [{"source": "expert", "summary": "x", "treatment": "x"}]}
        assert codes(judge(self.REUSE, matter, opposition=told)) == [
            "risk_assessment.reuse_hides_report"
        ]

    def test_it_tells_of_opposition_as_a_report_does__order_713_art_24(self) -> None:
        assert codes(judge(self.REUSE, Matter(), opposition=None)) == [
            "risk_assessment.opposition_not_stated"
        ]
        against = Matter().did("file_expert_opinion", by="expert.water", conclusion="opposes")
        unmet = only(judge(self.REUSE, against))
        assert (unmet.code, unmet.params) == (
            "risk_assessment.opposition_ignored",
            {"sources": ("expert",)},
        )

    def test_opposition_that_comes_in_later_opens_it_again__order_713_art_24(self) -> None:
        matter = Matter().did(self.REUSE)
        matter.did("file_expert_opinion", by="expert.water", conclusion="opposes")
        assert codes(assess("risk_assessment", matter)) == ["risk_assessment.opposition_ignored"]


class TestThoseConcerned:
    """A law may name who has to take part besides departments (Land Regulations art. 26)."""

    @staticmethod
    def matter() -> Matter:
        rules = procedure().steps["risk_assessment"].rules
        parties = Rule(
            "parties", (Citation("order_713", "23"),), choices=("collective", "villagers")
        )
        changed = with_step(procedure(), "risk_assessment", rules={**rules, "parties": parties})
        return Matter(rules=changed).drafted()

    @pytest.mark.parametrize("command", ["file_risk_assessment", "reuse_risk_assessment"])
    def test_without_one_of_them_it_is_refused__land_regulations_art_26(self, command: str) -> None:
        took_part = [{"party": "collective", "how": "座谈会"}]
        unmet = only(judge(command, self.matter(), took_part=took_part))
        assert (unmet.code, unmet.params) == (
            "risk_assessment.parties_missing",
            {"parties": ("villagers",)},
        )

    @pytest.mark.parametrize("command", ["file_risk_assessment", "reuse_risk_assessment"])
    def test_with_all_of_them_it_is_accepted__land_regulations_art_26(self, command: str) -> None:
        took_part = [{"party": name, "how": "座谈会"} for name in ("collective", "villagers")]
        assert codes(judge(command, self.matter(), took_part=took_part)) == []
