"""Moving a matter to other rules: which way, with which answers, and what becomes of the review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    LEGAL_HEAD,
    TODAY,
    Matter,
    codes,
    day,
    law,
    lens,
    only,
    payload,
    procedure,
    ready,
    scene,
    specs,
    unmets,
    with_rule,
    with_step,
)
from workflow.commands import Migrate
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.migration import edition, merged, migrate, review_rests_on, summary
from workflow.decisions.prospect import Prospect, prospect
from workflow.decisions.scene import Rebind, Scene, SetMatter, Target
from workflow.definition import Citation, Condition, Procedure, Question, Text
from workflow.difference import compare
from workflow.facts import REVIEW_LAPSED
from workflow.ports import StepState

ANSWERS = dict.fromkeys(procedure().questions, False) | {
    "decision_level": "zone",
    "origin": "department",
    "category": "other",
    "people_congress": "none",
}


def newer(rules: Procedure | None = None, version: str = "2026-06-01") -> Procedure:
    """The next version of the rules, which asks for a longer call."""
    longer = with_rule(procedure() if rules is None else rules, "open_call", "period", value=60)
    return dated(longer, version)


def dated(rules: Procedure, version: str, name: str = "jiyuan_htz") -> Procedure:
    """The rules as another version, or as those of another procedure."""
    part = replace(rules.parts[0], id=name, version=day(version))
    return replace(rules, id=name, version=day(version), parts=(part,))


def matter(**answers: Any) -> Matter:
    return ready(answers={**ANSWERS, **answers}, stage="drafting")


def moving(actor: str, found: Matter, to: Procedure, on: str = TODAY) -> Scene:
    """The surroundings of a move, as the service puts them together."""
    place = scene(actor, found, on, command="migrate")
    return replace(place, target=Target(lens(on, to), frozenset({found.rules.parts[0].id})))


def give(actor: str, found: Matter, on: str = TODAY, *, to: Procedure, **changes: Any) -> Verdict:
    return decide(moving(actor, found, to, on), specs()["migrate"], payload("migrate", **changes))


def test_a_matter_is_moved_with_the_record_of_what_changes() -> None:
    found = give(LEGAL_HEAD, matter(), to=newer())
    assert codes(found) == []
    assert found.stage == "drafting"
    assert found.decision.effects == (Rebind(), SetMatter({"answers": ANSWERS}))
    assert found.decision.record
    told = found.decision.record["differences"]
    assert isinstance(told, list)
    assert [(each["step"], each["subject"]) for each in told] == [("open_call", "period")]
    assert found.decision.changes["edition"] == (
        "jiyuan_htz@2026-01-01",
        "jiyuan_htz@2026-06-01",
    )


def test_of_a_step_that_does_not_apply_nothing_is_kept() -> None:
    found = give(LEGAL_HEAD, matter(confidential_by_law=True), to=newer())
    assert found.decision.record
    assert found.decision.record["differences"] == []


def test_without_rules_to_move_to_there_is_nothing_to_decide() -> None:
    given = Migrate(procedure="x", version=day(TODAY), reasons="y")
    place = scene(LEGAL_HEAD, matter())
    for asked in (migrate, prospect):
        with pytest.raises(TypeError):
            asked(place, given)


class TestTheWay:
    def test_the_same_rules_are_no_move(self) -> None:
        unmet = only(give(LEGAL_HEAD, matter(), to=procedure()))
        assert (unmet.code, law(unmet)) == ("migration.same", ["order_713 27", "house_rules"])

    def test_nothing_goes_back(self) -> None:
        unmet = only(give(LEGAL_HEAD, matter(), to=newer(version="2025-01-01")))
        assert (unmet.code, unmet.params["present"]) == ("migration.backwards", day("2026-01-01"))

    def test_rules_to_come_bind_nobody_yet(self) -> None:
        unmet = only(give(LEGAL_HEAD, matter(), to=newer(version="2027-01-01")))
        assert (unmet.code, unmet.earliest) == ("migration.not_in_force", day("2027-01-01"))

    def test_another_procedure_is_none_of_its_own(self) -> None:
        other = dated(newer(), "2026-06-01", "other")
        assert codes(give(LEGAL_HEAD, matter(), to=other)) == ["migration.other_procedure"]

    def test_a_stage_that_is_not_there_would_leave_it_nowhere(self) -> None:
        rules = newer()
        stages = {name: each for name, each in rules.stages.items() if name != "drafting"}
        found = give(LEGAL_HEAD, matter(), to=replace(rules, stages=stages))
        assert codes(found) == ["migration.stage_unknown"]

    def test_somebody_must_be_left_to_act_under_the_new_rules(self) -> None:
        rules = newer()
        barred = replace(rules.separations[0], others=("propose",), units=("any_unit",))
        found = give(LEGAL_HEAD, matter(), to=replace(rules, separations=(barred,)))
        assert set(codes(found)) == {"staffing.nobody_left"}

    def test_before_a_lead_unit_is_named_nobody_is_looked_for(self) -> None:
        early = Matter(stage="proposed", answers=dict(ANSWERS), lead_unit=None)
        assert codes(give(LEGAL_HEAD, early, to=newer())) == []


class TestAnswers:
    def asking(self, **more: Any) -> Procedure:
        question = Question("on_site", Text("现场？", "site?"), "yes_no", (), (Citation("x"),))
        rules = newer()
        return replace(rules, questions={**rules.questions, "on_site": question}, **more)

    def test_what_the_new_rules_ask_besides_is_answered_with_the_move(self) -> None:
        unmet = only(give(LEGAL_HEAD, matter(), to=self.asking()))
        assert (unmet.code, unmet.params["id"]) == ("matter.question_open", "on_site")
        assert unmet.cured_by
        found = give(LEGAL_HEAD, matter(), to=self.asking(), answers={"on_site": True})
        assert codes(found) == []
        assert found.decision.changes["answers.on_site"] == (None, True)

    def test_an_answer_on_file_stays(self) -> None:
        found = give(LEGAL_HEAD, matter(), to=newer(), answers={"technical": True})
        assert codes(found) == ["migration.answered"]

    def test_unless_it_does_not_fit_any_more(self) -> None:
        rules = newer()
        asked = replace(rules.questions["category"], choices=("small", "large"))
        changed = replace(rules, questions={**rules.questions, "category": asked})
        assert codes(give(LEGAL_HEAD, matter(), to=changed)) == ["matter.answer_unfit"]
        found = give(LEGAL_HEAD, matter(), to=changed, answers={"category": "small"})
        assert codes(found) == []

    def test_an_answer_to_nothing_is_told(self) -> None:
        found = give(LEGAL_HEAD, matter(), to=newer(), answers={"moon": True})
        assert codes(found) == ["matter.question_unknown"]

    def test_answers_that_nobody_asks_for_any_more_are_left(self) -> None:
        rules = newer()
        questions = {name: each for name, each in rules.questions.items() if name != "technical"}
        assert "technical" not in merged(replace(rules, questions=questions), ANSWERS, {})


class TestTheReview:
    def test_lapses_where_a_duty_that_it_examined_differs__order_713_art_27(self) -> None:
        passed = matter().passed()
        passed.stage = "review_passed"
        found = give(LEGAL_HEAD, passed, "2026-09-21", to=newer())
        assert (found.decision.outcome, found.stage) == (REVIEW_LAPSED, "drafting")

    def test_does_not_lapse_where_none_was_given(self) -> None:
        assert give(LEGAL_HEAD, matter(), to=newer()).decision.outcome == ""

    @pytest.mark.parametrize(
        ("step", "changes", "lapses"),
        [
            ("open_call", {"required_when": Condition("always")}, True),
            ("open_call", {"name": Text("甲", "a")}, False),
            ("open_call", {"citations": (Citation("order_713", "15"),)}, False),
            ("open_call", {"after": ()}, True),
            ("legality_review", {"after": ()}, False),
            ("legality_review", {"kind": "declared"}, True),
            ("budget", {"required_when": Condition("always")}, False),
        ],
    )
    def test_rests_on_what_must_be_done_before_it(
        self, step: str, changes: dict[str, Any], *, lapses: bool
    ) -> None:
        after = with_step(procedure(), step, **changes)
        found = compare(procedure(), after)
        assert review_rests_on(found, procedure(), after) is lapses

    def test_a_lapsed_verdict_is_none_until_the_next(self) -> None:
        passed = matter().passed()
        assert passed.facts.passing_review
        passed.did("migrate", "2026-09-21", LEGAL_HEAD)
        last = passed.records[-1]
        passed.records = (*passed.records[:-1], replace(last, outcome=REVIEW_LAPSED))
        lapsed = passed.facts
        assert (lapsed.review_lapsed, lapsed.passing_review) == (True, None)
        anew = passed.passed("2026-10-09").facts
        assert (anew.review_lapsed, anew.passing_review is None) == (False, False)


class TestTheProspect:
    def of(self, found: Matter, to: Procedure, on: str = TODAY) -> Prospect:
        given = Migrate(procedure=to.parts[0].id, version=to.parts[0].version, reasons="x")
        return prospect(moving(LEGAL_HEAD, found, to, on), given)

    def test_tells_what_moves(self) -> None:
        found = self.of(matter(), newer())
        assert {"open_call", "legality_review"} <= {each.step for each in found.steps}
        assert found.agenda[0] < found.agenda[1]
        assert found.outcome == ""
        assert not any(each.reopened for each in found.steps)

    def test_tells_a_step_that_comes_and_one_that_goes(self) -> None:
        rules = newer()
        steps = {name: each for name, each in rules.steps.items() if name != "budget"}
        gone = replace(rules, steps={**steps, "extra": replace(rules.steps["budget"], id="extra")})
        found = {each.step: each for each in self.of(matter(), gone).steps}
        assert (found["budget"].before, found["budget"].after) == (StepState.NOT_REQUIRED, None)
        assert found["extra"].before is None
        assert found["extra"].after is StepState.NOT_REQUIRED
        assert not found["extra"].reopened

    def test_tells_a_review_that_is_open_again(self) -> None:
        passed = matter().passed()
        passed.stage = "review_passed"
        found = self.of(passed, newer(), "2026-09-21")
        review = next(each for each in found.steps if each.step == "legality_review")
        assert review.reopened
        assert found.outcome == REVIEW_LAPSED

    def test_tells_why_it_is_refused(self) -> None:
        assert codes(self.of(matter(), procedure()).verdict) == ["migration.same"]
        by_clerk = Migrate(procedure="x", version=day(TODAY), reasons="y")
        place = moving(CLERK, matter(), newer())
        assert codes(unmets(prospect(place, by_clerk).verdict)) == ["authority.role"]


def test_a_version_is_named_as_one_writes_it() -> None:
    assert edition(procedure()) == "jiyuan_htz@2026-01-01"


def test_of_a_whole_step_the_record_keeps_only_that_it_came() -> None:
    before = procedure()
    steps = {name: each for name, each in before.steps.items() if name != "budget"}
    (found,) = compare(replace(before, steps=steps), before)
    told = summary(found)
    assert (told["subject"], told["before"], told["after"]) == ("budget", False, True)
