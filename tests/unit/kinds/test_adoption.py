"""意见采纳情况: every opinion answered, whoever gave it (Order 713 arts. 18 and 28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from procedures.kinds import KINDS
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    EXPERT,
    NO_STEP,
    OTHER_EXPERT,
    REVIEWER,
    TODAY,
    Matter,
    assess,
    codes,
    counting,
    day,
    judge,
    law,
    only,
    procedure,
    ready,
    with_step,
)
from workflow.definition import Procedure, Rule
from workflow.ports import Assessment, StepState, View

STEP, TABLE, PUBLISH = "adoption", "adopt_opinions", "publish_adoption"
OPEN: Final = {**NO_STEP, "confidential_by_law": False}


def entry(source: str = "public", key: int | str = 1, **changes: Any) -> dict[str, Any]:
    """An opinion that was adopted; changed as asked, None leaves a key out."""
    named = {"party": key} if isinstance(key, str) else {"number": key}
    given = {
        "source": source,
        **named,
        "summary": "建议",
        "disposition": "adopted",
        "passage": "第二条",
        "draft": 1,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def turned_down(source: str = "public", key: int | str = 1, **changes: Any) -> dict[str, Any]:
    given = {"disposition": "not_adopted", "reason": "不符", "passage": None, "draft": None}
    return entry(source, key, **{**given, **changes})


def drafted() -> Matter:
    return Matter().drafted()


def closed(received: int = 2) -> Matter:
    """A call that was closed with so many opinions."""
    matter = Matter(answers=OPEN).drafted().did("publish_open_call", "2026-09-05")
    return matter.did("close_open_call", "2026-10-09", received=received, channel_proof="截图")


def consulted(matter: Matter, **positions: str) -> Matter:
    opinions = [
        {
            "unit": unit,
            "position": position,
            "opinion": "意见",
            "given_on": TODAY,
            "paper": "函9号",
            "paper_dated": TODAY,
        }
        for unit, position in positions.items()
    ]
    return matter.did("file_consultation", opinions=opinions)


def with_feedback() -> Procedure:
    """The profile of a locality that wants the table published."""
    step = procedure().steps[STEP]
    rules = {**step.rules, "feedback": Rule("feedback", step.citations)}
    return with_step(procedure(), STEP, rules=rules)


class TestEntries:
    def test_what_nobody_said_has_no_place_in_the_table__order_713_art_18(self) -> None:
        unmet = only(judge(TABLE, closed(1), opinions=[entry(), entry(key=2)]))
        assert (unmet.code, law(unmet)) == (
            "adoption.no_such_opinion",
            ["order_713 18", "order_713 29"],
        )
        assert unmet.params == {"entries": (2,)}

    @pytest.mark.parametrize(
        "wrong",
        [
            entry("public", "finance"),
            entry("hearing", 1),
            entry("department", "finance"),
            entry("department", 1),
            entry("expert", EXPERT),
            entry("counsel", 1),
        ],
    )
    def test_nor_has_what_came_from_elsewhere(self, wrong: dict[str, Any]) -> None:
        assert codes(judge(TABLE, closed(2), opinions=[wrong])) == ["adoption.no_such_opinion"]

    def test_no_opinion_is_answered_twice_at_once(self) -> None:
        unmet = only(judge(TABLE, closed(2), opinions=[entry(), entry(key=2), turned_down()]))
        assert (unmet.code, unmet.params) == ("adoption.answered_twice", {"entries": (3,)})

    @pytest.mark.parametrize("disposition", ["partly_adopted", "not_adopted"])
    def test_what_is_not_wholly_adopted_has_its_reason__order_713_art_18(
        self, disposition: str
    ) -> None:
        unmet = only(judge(TABLE, closed(1), opinions=[entry(disposition=disposition)]))
        assert (unmet.code, law(unmet)) == ("adoption.reason_missing", ["order_713 18"])
        assert unmet.params == {"entries": (1,)}
        given = [entry(disposition=disposition, reason="与上位法不符")]
        assert codes(judge(TABLE, closed(1), opinions=given)) == []

    @pytest.mark.parametrize("disposition", ["adopted", "partly_adopted"])
    @pytest.mark.parametrize("missing", ["passage", "draft"])
    def test_what_is_adopted_names_the_passage_and_the_draft__order_713_art_18(
        self, disposition: str, missing: str
    ) -> None:
        given = entry(disposition=disposition, reason="部分可行")
        del given[missing]
        unmet = only(judge(TABLE, closed(1), opinions=[given]))
        assert (unmet.code, unmet.params) == ("adoption.passage_missing", {"entries": (1,)})

    def test_the_draft_is_one_that_exists__order_713_art_18(self) -> None:
        unmet = only(judge(TABLE, closed(1), opinions=[entry(draft=2)]))
        assert (unmet.code, unmet.params) == ("adoption.no_such_draft", {"entries": (1,)})

    def test_what_is_turned_down_names_neither(self) -> None:
        assert codes(judge(TABLE, closed(1), opinions=[turned_down()])) == []

    def test_silence_makes_an_empty_table(self) -> None:
        assert codes(judge(TABLE, closed(0), opinions=[])) == []


class TestWithTheReviewer:
    """What was reviewed stands; only counsel's concerns are answered meanwhile (art. 28)."""

    def under_review(self) -> Matter:
        matter = ready().did("submit_for_review").did("accept_papers", by=REVIEWER)
        return matter.did("record_counsel_opinion", by=COUNSEL, concerns=["第三条于法无据"])

    def test_only_concerns_are_answered_under_review__order_713_art_28(self) -> None:
        matter = self.under_review()
        assert codes(judge(TABLE, matter, opinions=[])) == ["adoption.with_reviewer"]
        mixed = [entry("counsel", 1), turned_down("public", 1)]
        assert "adoption.with_reviewer" in codes(judge(TABLE, matter, opinions=mixed))
        assert codes(judge(TABLE, matter, opinions=[entry("counsel", 1)])) == []

    def test_nor_is_anything_else_once_it_passed__order_713_art_28(self) -> None:
        matter = self.under_review().did("give_review_verdict", by=REVIEWER)
        assert codes(judge(TABLE, matter, opinions=[])) == ["adoption.with_reviewer"]

    def test_what_was_taken_back_from_the_meeting_is_open_again(self) -> None:
        matter = self.under_review().did("give_review_verdict", by=REVIEWER)
        matter.did("return_papers", by=REVIEWER)
        assert codes(judge(TABLE, matter, opinions=[])) == []

    def test_a_later_version_is_open_until_it_is_handed_in(self) -> None:
        matter = self.under_review().did("give_review_verdict", by=REVIEWER)
        matter.drafted("第二稿", "editorial").drafted("第一稿", "editorial")
        assert codes(judge(TABLE, matter, opinions=[])) == []

    @pytest.mark.parametrize(
        ("command", "changes"), [("return_papers", ""), ("give_review_verdict", "unlawful")]
    )
    def test_what_came_back_is_open_again(self, command: str, changes: str) -> None:
        given: dict[str, Any] = {"verdict": changes} if changes else {}
        matter = self.under_review().did(command, by=REVIEWER, **given)
        assert codes(judge(TABLE, matter, opinions=[])) == []


class TestStanding:
    def test_where_nobody_is_heard_there_is_nothing_to_answer(self) -> None:
        assert assess(STEP, drafted()).state is StepState.NOT_REQUIRED

    def test_where_somebody_will_be_heard_it_is_open__order_713_art_18(self) -> None:
        found = assess(STEP, Matter(answers=OPEN))
        assert (found.state, codes(found)) == (StepState.PENDING, ["adoption.missing"])

    def test_it_names_what_is_missing_by_its_numbers__order_713_art_18(self) -> None:
        matter = closed(7).did(TABLE, opinions=[turned_down(), turned_down(key=4)])
        unmet = only(assess(STEP, matter))
        assert (unmet.code, law(unmet)) == (
            "adoption.opinions_missing",
            ["order_713 18", "order_713 29"],
        )
        assert unmet.params == {"source": "public", "numbers": ("2-3", "5-7")}

    def test_it_is_filed_in_as_many_parts_as_are_needed__order_713_art_18(self) -> None:
        matter = closed(2).did(TABLE, "2026-10-10", opinions=[turned_down()])
        matter.did(TABLE, "2026-10-12", opinions=[turned_down(key=2)])
        found = assess(STEP, matter)
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-12"))

    def test_silence_is_stated_after_the_call__order_713_art_18(self) -> None:
        matter = drafted().did(TABLE, opinions=[]).did("publish_open_call", "2026-09-05")
        matter.did("close_open_call", "2026-10-09", received=0, channel_proof="截图")
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["adoption.missing"])
        assert assess(STEP, matter.did(TABLE, opinions=[])).state is StepState.SATISFIED

    def test_another_call_asks_for_its_answers_too__order_713_art_18(self) -> None:
        matter = closed(1).did(TABLE, opinions=[turned_down()])
        matter.did("publish_open_call", "2026-10-13", closes_on="2026-11-30")
        assert assess(STEP, matter).state is StepState.SATISFIED
        matter.did("close_open_call", "2026-12-01", received=1)
        assert only(assess(STEP, matter)).params["numbers"] == ("2",)
        assert codes(judge(TABLE, matter, opinions=[entry(key=3)])) == ["adoption.no_such_opinion"]
        assert assess(STEP, matter.did(TABLE, opinions=[entry(key=2)])).state is StepState.SATISFIED

    def test_another_call_leaves_those_who_spoke_before_their_answer__order_713_art_18(
        self,
    ) -> None:
        matter = closed(500).did("publish_open_call", "2026-10-13", closes_on="2026-11-30")
        assert codes(assess(STEP, matter)) == ["adoption.missing"]
        matter.did("close_open_call", "2026-12-01", received=0, channel_proof="截图")
        matter.did(TABLE, opinions=[turned_down(key=7)])
        assert only(assess(STEP, matter)).params["numbers"] == ("1-6", "8-500")

    def test_what_is_filed_again_with_less_takes_nothing_back__order_713_art_18(self) -> None:
        matter = drafted().did("file_participation_report", opinions=["一", "二"])
        matter.did("file_participation_report").did("file_participation_report", opinions=["一"])
        consulted(consulted(matter, finance="disagrees"), finance="agrees")
        matter.did(TABLE, opinions=[turned_down("participation", 1)])
        assert [unmet.params for unmet in assess(STEP, matter).unmet] == [
            {"source": "participation", "numbers": ("2",)},
            {"units": ("finance",)},
        ]

    def test_nor_does_another_record_of_the_hearing__order_713_art_18(self) -> None:
        said = [{"number": number, "side": "用户", "opinion": "太高"} for number in (1, 2)]
        matter = drafted().did("sign_hearing_record", opinions=said)
        matter.did("sign_hearing_record", opinions=[{**said[0], "number": 3}])
        matter.did(TABLE, opinions=[turned_down("hearing", 3)])
        assert only(assess(STEP, matter)).params == {"source": "hearing", "numbers": ("1-2",)}

    def test_units_that_want_changes_have_their_answer__order_713_art_13(self) -> None:
        matter = consulted(drafted(), finance="comments", economic_development="agrees")
        matter.did(TABLE, opinions=[])
        unmet = only(assess(STEP, matter))
        assert (unmet.code, unmet.params) == ("adoption.units_missing", {"units": ("finance",)})
        matter.did(TABLE, opinions=[entry("department", "finance")])
        assert assess(STEP, matter).state is StepState.SATISFIED

    def test_a_unit_that_comes_in_later_opens_it_for_itself_alone__order_713_art_13(self) -> None:
        matter = consulted(drafted(), finance="disagrees")
        matter.did(TABLE, opinions=[turned_down("department", "finance")])
        consulted(matter, finance="disagrees", economic_development="comments")
        assert only(assess(STEP, matter)).params == {"units": ("economic_development",)}
        consulted(matter, finance="comments", economic_development="comments")
        assert only(assess(STEP, matter)).params == {"units": ("finance", "economic_development")}

    def test_experts_who_ask_for_changes_have_their_answer__order_713_art_19_1(self) -> None:
        matter = drafted().did("file_expert_opinion", by=EXPERT)
        matter.did("file_expert_opinion", expert=OTHER_EXPERT, conclusion="opposes")
        matter.did(TABLE, opinions=[])
        unmet = only(assess(STEP, matter))
        assert (unmet.code, unmet.params) == (
            "adoption.experts_missing",
            {"experts": (OTHER_EXPERT,)},
        )
        matter.did(TABLE, opinions=[turned_down("expert", OTHER_EXPERT)])
        assert assess(STEP, matter).state is StepState.SATISFIED

    def test_talks_and_reports_have_theirs__order_713_art_14(self) -> None:
        matter = drafted().did("file_group_talks")
        matter.did("file_participation_report", opinions=["一", "二"])
        matter.did(TABLE, opinions=[entry("participation", 1)])
        assert [unmet.params for unmet in assess(STEP, matter).unmet] == [
            {"source": "participation", "numbers": ("2",)},
            {"source": "group", "numbers": ("1",)},
        ]
        matter.did(TABLE, opinions=[entry("participation", 2), entry("group", 1)])
        matter.did("file_participation_report", opinions=["一", "三"])
        assert only(assess(STEP, matter)).params == {"source": "participation", "numbers": ("2",)}

    def test_what_was_said_at_the_hearing_has_its_answer__order_713_art_17(self) -> None:
        matter = drafted().did("sign_hearing_record")
        (record,) = matter.facts.of("sign_hearing_record")
        said = [{"number": number, "side": "用户", "opinion": "太高"} for number in (1, 2, 4)]
        payload = {**record.payload, "opinions": said}
        kept = replace(record, payload=payload)
        matter.records = tuple(kept if each is record else each for each in matter.records)
        matter.did(TABLE, opinions=[])
        assert only(assess(STEP, matter)).params == {"source": "hearing", "numbers": ("1-2", "4")}
        matter.did(TABLE, opinions=[turned_down("hearing", number) for number in (1, 2, 4)])
        assert assess(STEP, matter).state is StepState.SATISFIED

    def test_concerns_of_counsel_do_not_hold_it_up__order_713_art_28(self) -> None:
        matter = closed(1).did(TABLE, opinions=[turned_down()])
        matter.did("record_counsel_opinion", by=COUNSEL, concerns=["于法无据"])
        assert assess(STEP, matter).state is StepState.SATISFIED

    def test_concerns_of_counsel_alone_do_not_call_for_it__order_713_art_28(self) -> None:
        matter = drafted().did("record_counsel_opinion", by=COUNSEL, concerns=["于法无据"])
        assert assess(STEP, matter).state is StepState.NOT_REQUIRED

    def test_a_table_that_lapsed_is_no_longer_one(self) -> None:
        rules = with_step(
            procedure(), STEP, lapses_on=procedure().steps["fair_competition"].lapses_on
        )
        matter = closed(1)
        matter.rules = rules
        matter.did(TABLE, opinions=[turned_down()]).drafted("第二稿", "substantive")
        assert codes(assess(STEP, matter)) == ["adoption.missing"]


class TestOwnWords:
    def test_what_a_unit_says_itself_is_owed_an_answer__order_713_art_18(self) -> None:
        matter = consulted(drafted(), economic_development="comments")
        matter.did("file_unit_opinion", by="finance.head", position="comments")
        matter.did(TABLE, opinions=[turned_down("department", "economic_development")])
        assert only(assess(STEP, matter)).params == {"units": ("finance",)}

    def test_what_it_says_itself_counts_from_then(self) -> None:
        matter = consulted(drafted(), finance="comments")
        matter.did(TABLE, opinions=[turned_down("department", "finance")])
        matter.did("file_unit_opinion", by="finance.head", position="disagrees")
        assert only(assess(STEP, matter)).params == {"units": ("finance",)}


class TestPublication:
    def test_a_table_is_published_once_it_is_complete__order_713_art_18(self) -> None:
        matter = closed(2)
        assert codes(judge(PUBLISH, matter, "2026-10-12")) == ["adoption.missing"]
        matter.did(TABLE, "2026-10-12", opinions=[turned_down()])
        found = judge(PUBLISH, matter, "2026-10-12", published_on="2026-10-12")
        assert codes(found) == ["adoption.opinions_missing"]
        matter.did(TABLE, "2026-10-12", opinions=[turned_down(key=2)])
        found = judge(PUBLISH, matter, "2026-10-12", published_on="2026-10-12")
        assert codes(found) == []

    @pytest.mark.parametrize("reader", [CLERK, "nobody.known", "expert.water"])
    def test_somebody_else_who_may_publish_reads_it_before_its_release(self, reader: str) -> None:
        matter = closed(1).did(TABLE, "2026-10-12", opinions=[turned_down()])
        when = {"published_on": "2026-10-12", "looked_over_by": reader}
        assert codes(judge(PUBLISH, matter, "2026-10-12", **when)) == ["adoption.not_looked_over"]

    def test_not_ahead_of_time_and_not_before_it_was_there(self) -> None:
        matter = closed(1).did(TABLE, "2026-10-12", opinions=[turned_down()])
        for published_on, code in (
            ("2026-10-11", "adoption.published_too_early"),
            ("2026-10-13", "record.future_day"),
        ):
            found = judge(PUBLISH, matter, "2026-10-12", published_on=published_on)
            assert codes(found) == [code]


def feedback(matter: Matter) -> Assessment:
    """How the step stands where the locality wants the table published."""
    rules = with_feedback()
    step = rules.steps[STEP]
    view = View(rules, step, matter.facts, counting(), day("2026-10-20"))
    return KINDS[STEP].assess(view)


class TestFeedback:
    """A locality may make publication a condition."""

    def test_it_stays_open_until_the_table_is_published(self) -> None:
        matter = closed(1).did(TABLE, "2026-10-12", opinions=[turned_down()])
        assert assess(STEP, matter).state is StepState.SATISFIED
        assert codes(feedback(matter)) == ["adoption.not_published"]
        matter.did(PUBLISH, "2026-10-13")
        found = feedback(matter)
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-10-13"))

    def test_a_table_changed_since_is_published_again(self) -> None:
        matter = closed(1).did(TABLE, "2026-10-12", opinions=[turned_down()])
        matter.did(PUBLISH, "2026-10-13").did(TABLE, "2026-10-14", opinions=[entry()])
        assert codes(feedback(matter)) == ["adoption.not_published"]

    def test_answers_to_counsel_are_not_for_the_public(self) -> None:
        matter = closed(1).did(TABLE, "2026-10-12", opinions=[turned_down()])
        matter.did(PUBLISH, "2026-10-13")
        matter.did("record_counsel_opinion", by=COUNSEL, concerns=["于法无据"])
        matter.did(TABLE, "2026-10-14", opinions=[entry("counsel", 1)])
        assert feedback(matter).state is StepState.SATISFIED


def test_what_was_sent_in_and_not_taken_in_is_not_passed_over__order_713_art_18() -> None:
    matter = closed(1).did(TABLE, "2026-10-10", opinions=[turned_down()], statement="如下")
    matter.sent_in = ("a", "b")
    unmet = only(judge(PUBLISH, matter, "2026-10-11", published_on="2026-10-11"))
    assert (unmet.code, unmet.params) == ("adoption.not_taken_in", {"count": 2})
    assert unmet.act == "take_in_opinions"
    assert "adoption.not_taken_in" in [
        each.code for each in assess(STEP, matter, "2026-10-11").unmet
    ]
