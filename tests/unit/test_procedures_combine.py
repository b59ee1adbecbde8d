"""Two procedures bind at once: of every duty the tighter, or both; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.answers import find
from procedures.combine import combine
from procedures.compile import Compiled, compile_piece, judge
from procedures.dates import load_days
from procedures.kinds import KINDS, budget
from procedures.merge import Piece, overlay, whole
from procedures.schema import ProcedureForm
from procedures.source import read_text
from procedures.tighten import loosened
from tests.unit.procedure_files import law, problems, step
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Condition, Procedure, Question, Rule
from workflow.ports import RuleShape

Data = dict[str, Any]
Source = tuple[Piece, ProcedureForm]

YES = {"question": "technical", "is": True}
RISKY = {"question": "stability_risk", "is": True}
WAIVABLE = {
    "request": ["head of lead_unit"],
    "approve": ["head of finance"],
    "cite": "house_rules",
}


@cache
def counting() -> Any:
    return load_days().rules


@cache
def _base() -> Piece:
    return whole(read_text(json.dumps(law()), "law.yaml"))


def source(profile: Data, name: str = "other") -> Source:
    """The Order with a profile laid over it, right or wrong."""
    head = {"procedure": name, "name": {"zh": name, "en": name}}
    own = whole(read_text(json.dumps(head | profile, ensure_ascii=False), f"{name}.yaml"))
    merged = overlay(_base(), own)
    return merged, judge(merged)


def compiled(given_: Piece) -> Compiled:
    return compile_piece(given_, judge(given_), (), KINDS, counting())


def join(first: Source, other: Source) -> Compiled:
    return compiled(combine(first, other, KINDS, counting()))


def joined(ours: Data, theirs: Data) -> Procedure:
    return join(source(ours, "first"), source(theirs)).procedure


def both_ways(ours: Data, theirs: Data) -> list[Procedure]:
    return [joined(ours, theirs), joined(theirs, ours)]


def fields(of: str, **given_: Any) -> Data:
    return {"steps": [{"id": of, **given_}]}


def rule(of: str, name: str, **given_: Any) -> Data:
    return fields(of, rules={name: given_})


def rules(of: str, name: str, ours: Data, theirs: Data) -> list[Rule]:
    return [
        each.steps[of].rules[name]
        for each in both_ways(rule(of, name, **ours), rule(of, name, **theirs))
    ]


def period(rule_: Rule) -> set[tuple[int | None, str | None]]:
    return {
        (each.value, None if each.unit is None else each.unit.value)
        for each in (rule_, *rule_.also)
    }


def wrong(ours: Data, theirs: Data) -> list[tuple[str, str, str]]:
    found = problems(lambda: joined(ours, theirs))
    for locale in locales():
        assert all(catalogue_for(locale).tell(each.said) for each in found)
    assert all(each.line for each in found)
    return [(each.file, each.key, each.code) for each in found]


def paused_from(found: Procedure) -> list[str]:
    return [each for move in found.moves if move.command == "pause" for each in move.sources]


class TestRules:
    def test_the_longer_period_binds(self) -> None:
        for found in rules("open_call", "period", {"value": 40}, {"value": 35}):
            assert (found.value, found.also) == (40, ())

    def test_of_a_most_the_shorter_binds(self) -> None:
        ours, theirs = {"value": 40, "bound": "maximum"}, {"value": 35, "bound": "maximum"}
        assert [each.value for each in rules("open_call", "period", ours, theirs)] == [35, 35]

    def test_periods_in_other_units_bind_side_by_side(self) -> None:
        days = {"value": 20, "unit": "working_days", "counting": "period_working_days"}
        for found in rules("open_call", "period", {"cite": "house_rules"}, days):
            assert period(found) == {(30, "calendar_days"), (20, "working_days")}

    def test_joining_once_more_adds_no_period(self) -> None:
        days = rule(
            "open_call", "period", value=20, unit="working_days", counting="period_working_days"
        )
        first, other = source({}, "first"), source(days)
        once = combine(first, other, KINDS, counting())
        again = compiled(combine((once, judge(once)), other, KINDS, counting())).procedure
        assert period(again.steps["open_call"].rules["period"]) == {
            (30, "calendar_days"),
            (20, "working_days"),
        }

    def test_a_longer_period_takes_the_place_of_one_beside_another(self) -> None:
        days = {"value": 20, "unit": "working_days", "counting": "period_working_days"}
        ours = rule("open_call", "period", also=[{**days, "cite": "house_rules"}])
        for found in both_ways(ours, rule("open_call", "period", **{**days, "value": 25})):
            assert period(found.steps["open_call"].rules["period"]) == {
                (30, "calendar_days"),
                (25, "working_days"),
            }

    def test_a_hard_floor_is_hard_for_both_and_soft_only_where_both_are(self) -> None:
        soft = {"floor": "soft", "value": 40}
        for found in rules("open_call", "period", soft, {"floor": "hard"}):
            assert (found.value, found.floor.value) == (40, "hard")
        assert {each.floor.value for each in rules("open_call", "period", soft, soft)} == {"soft"}

    def test_a_period_beside_another_is_as_firm_as_that(self) -> None:
        days = {"value": 20, "unit": "working_days", "counting": "period_working_days"}
        for floor in ("soft", "hard"):
            for found in rules("open_call", "period", {}, {**days, "floor": floor}):
                assert {each.floor.value for each in (found, *found.also)} == {floor}

    def test_only_those_shorten_whom_both_let_do_so(self) -> None:
        ours = {"override": ["head of legal_office", "director of decision_body"]}
        for found in rules("legality_review", "review_time", ours, {}):
            assert [holder.role for holder in found.override] == ["head"]
        theirs = {"override": ["director of decision_body"]}
        assert [each.override for each in rules("legality_review", "review_time", {}, theirs)] == [
            (),
            (),
        ]

    def test_more_is_asked_for_where_more_choices_ask_for_more(self) -> None:
        for found in rules("study", "content", {"choices": ["problem"]}, {"choices": ["outline"]}):
            assert set(found.choices) == {"problem", "outline"}

    def test_less_passes_where_more_choices_let_more_pass(self) -> None:
        ours, theirs = {"choices": ["lawful", "changes_confirmed"]}, {"choices": ["lawful"]}
        for found in rules("legality_review", "verdicts", ours, theirs):
            assert found.choices == ("lawful",)

    def test_nothing_left_to_pass_is_told(self) -> None:
        ours = rule("risk_assessment", "controllable", choices=["low"])
        theirs = rule("risk_assessment", "controllable", choices=["medium"])
        (found,) = wrong(ours, theirs)
        assert found[0] == "other.yaml"
        assert found[2] == "definition.join_none_left"

    def test_rules_that_bound_from_above_and_from_below_are_told(self) -> None:
        (found,) = wrong({}, rule("open_call", "period", bound="maximum"))
        assert (found[1].rpartition(".")[2], found[2]) == ("bound", "definition.join_unlike")

    def test_two_mosts_in_other_units_are_told(self) -> None:
        most = {"bound": "maximum"}
        days = {"value": 20, "unit": "working_days", "counting": "period_working_days"}
        found = wrong(
            rule("open_call", "period", **most), rule("open_call", "period", **most, **days)
        )
        assert {key.rpartition(".")[2] for _, key, _ in found} == {"value", "unit", "counting"}
        assert {code for *_, code in found} == {"definition.join_unlike"}

    def test_a_special_law_takes_the_place_of_the_general_rule(self) -> None:
        special = {"value": 20, "special_law": "pricing_law 23"}
        for found in rules("open_call", "period", special, {"value": 60}):
            assert (found.value, found.also) == (20, ())

    def test_of_two_special_laws_the_tighter_binds(self) -> None:
        one = {"value": 20, "special_law": "pricing_law 23"}
        two = {"value": 10, "special_law": "budget_law 13"}
        assert {each.value for each in rules("open_call", "period", one, two)} == {20}

    def test_the_provisions_of_both_are_cited(self) -> None:
        cited = {"cite": "pricing_law 23"}
        for found in rules("hearing", "sides", cited, {}):
            assert {each.instrument for each in found.citations} == {"pricing_law", "order_713"}

    def test_a_provision_that_both_cite_is_cited_once_as_the_surer_of_them_does(self) -> None:
        for found in rules("hearing", "papers_before", {"cite": "order_713 16.3 (U)"}, {}):
            assert [(each.article, each.confidence) for each in found.citations] == [("16.3", "S")]

    def test_a_rule_that_one_leaves_out_is_taken(self) -> None:
        extra = {"rules": {"agenda.notice": {"value": 5}}}
        assert {each.rules["agenda.notice"].value for each in both_ways(extra, {})} == {5}


class TestOtherShapes:
    """Rules of the shapes that shares and ordered choices have, on a step kind of the test."""

    SHAPES: ClassVar = {
        **budget.KIND.rules,
        "part": RuleShape(share=True, optional=True),
        "outnumbers": RuleShape(choices=True, exact=True, optional=True),
    }
    WIDE: ClassVar = {**KINDS, "budget": replace(budget.KIND, rules=SHAPES)}

    def both_ways(self, name: str, ours: Data, theirs: Data) -> list[Rule]:
        found = []
        for one, two in ((ours, theirs), (theirs, ours)):
            pair = [
                source(rule("budget", name, cite="house_rules", **each), f"p{place}")
                for place, each in enumerate((one, two))
            ]
            piece = combine(pair[0], pair[1], self.WIDE, counting())
            whole_ = compile_piece(piece, judge(piece), (), self.WIDE, counting())
            found.append(whole_.procedure.steps["budget"].rules[name])
        return found

    def test_the_larger_share_binds(self) -> None:
        found = self.both_ways("part", {"share": "1/3"}, {"share": "2/5"})
        assert {each.share for each in found} == {Fraction(2, 5)}

    def test_of_a_most_the_smaller_share_binds(self) -> None:
        most = {"bound": "maximum"}
        found = self.both_ways("part", {"share": "1/3", **most}, {"share": "2/5", **most})
        assert {each.share for each in found} == {Fraction(1, 3)}

    def test_a_rule_that_one_need_not_have_is_taken_from_the_other(self) -> None:
        share = source(rule("budget", "part", cite="house_rules", share="1/3"), "share")
        for one, two in ((share, source({})), (source({}), share)):
            found = judge(combine(one, two, self.WIDE, counting()))
            assert step_of(found, "budget").rules["part"].share == Fraction(1, 3)

    def test_choices_that_say_one_thing_together_stay_as_they_are(self) -> None:
        same = {"choices": ["users", "operators"]}
        found = self.both_ways("outnumbers", same, same)
        assert {each.choices for each in found} == {("users", "operators")}

    def test_turned_round_they_say_something_else(self) -> None:
        turned = {"choices": ["operators", "users"]}
        found = problems(
            lambda: self.both_ways("outnumbers", {"choices": ["users", "operators"]}, turned)
        )
        assert [each.code for each in found] == ["definition.join_unlike"]


class TestSteps:
    def required(self, ours: object, theirs: object) -> list[Condition]:
        return [
            each.steps["expert_argument"].required_when
            for each in both_ways(
                fields("expert_argument", required_when=ours),
                fields("expert_argument", required_when=theirs),
            )
        ]

    def test_a_step_is_required_where_either_requires_it(self) -> None:
        for found in self.required(YES, RISKY):
            assert found.holds({"technical": True, "stability_risk": False})
            assert found.holds({"technical": False, "stability_risk": True})
            assert not found.holds({"technical": False, "stability_risk": False})

    def test_the_same_condition_is_asked_once(self) -> None:
        assert [each.op for each in self.required(YES, {"any": [YES]})] == ["is", "is"]

    def test_always_with_anything_is_always(self) -> None:
        assert [each.op for each in self.required("always", YES)] == ["always", "always"]

    def test_what_one_never_requires_the_other_may(self) -> None:
        assert [each.op for each in self.required("never", YES)] == ["is", "is"]
        assert [each.op for each in self.required("never", "never")] == ["never", "never"]

    def test_the_earlier_gate_binds(self) -> None:
        for found in both_ways(fields("budget", before="agenda"), fields("budget", before="start")):
            assert str(found.steps["budget"].before) == "start"

    def test_the_sooner_lapse_binds(self) -> None:
        for found in both_ways(fields("fair_competition", lapses_on="any"), {}):
            assert str(found.steps["fair_competition"].lapses_on) == "any"

    def test_it_follows_the_steps_that_either_names(self) -> None:
        for found in both_ways(fields("budget", after=["research"]), {}):
            assert found.steps["budget"].after == ("research",)
        ours, theirs = fields("hearing", after=["open_call"]), fields("hearing", after=["research"])
        for found in both_ways(ours, theirs):
            assert set(found.steps["hearing"].after) == {"research", "open_call"}

    def test_it_is_waived_only_where_both_let_it_be(self) -> None:
        assert {
            each.steps["budget"].waivable
            for each in both_ways(fields("budget", waivable=WAIVABLE), {})
        } == {None}
        for found in both_ways({}, {}):
            assert found.steps["open_call"].waivable is not None

    def test_it_is_waived_only_by_those_whom_both_trust(self) -> None:
        other = fields("open_call", waivable={"approve": ["head of finance"]})
        assert {each.steps["open_call"].waivable for each in both_ways({}, other)} == {None}
        wider = {"approve": ["head of finance", "director of decision_body"]}
        for found in both_ways({}, fields("open_call", waivable=wider)):
            waivable = found.steps["open_call"].waivable
            assert waivable is not None
            assert [holder.role for holder in waivable.approve] == ["director"]

    def test_a_special_law_says_when_it_is_required(self) -> None:
        special = fields("open_call", required_when=YES, special_law="pricing_law 23")
        for found in both_ways(special, {}):
            assert found.steps["open_call"].required_when.question == "technical"
        other = fields("open_call", required_when=RISKY, special_law="budget_law 13")
        for found in both_ways(special, other):
            assert found.steps["open_call"].required_when.op == "any"

    def test_another_kind_cannot_be_joined(self) -> None:
        theirs = fields("budget", kind="declared", acts={"file_evidence": ["clerk of finance"]})
        (found,) = wrong({}, theirs)
        assert found == ("other.yaml", "steps[1].kind", "definition.join_unlike")

    def test_a_step_of_one_stands_in_both(self) -> None:
        audit = {
            "id": "audit",
            "kind": "declared",
            "name": {"zh": "审计", "en": "audit"},
            "cite": "house_rules",
            "required_when": "always",
            "before": "review",
            "acts": {"file_evidence": ["clerk of lead_unit"]},
        }
        moves = [{"command": "pause", "from": ["proposed"]}]
        extra = {"steps": [audit, {"id": "legality_review", "after": ["audit"]}], "moves": moves}
        for found in both_ways(extra, {}):
            assert "audit" in found.steps["legality_review"].after
            assert paused_from(found).count("proposed") == 1
        for found in both_ways(extra, extra):
            assert paused_from(found).count("proposed") == 1

    def test_steps_without_rules_and_with_them_are_joined(self) -> None:
        bare = {
            "id": "audit",
            "kind": "declared",
            "name": {"zh": "审计", "en": "audit"},
            "cite": "house_rules",
            "required_when": YES,
            "before": "review",
            "acts": {"file_evidence": ["clerk of lead_unit"]},
        }

        def extra(**more: Any) -> Data:
            after = {"id": "legality_review", "after": ["audit"]}
            return {"steps": [bare | more, after]}

        for found in (*both_ways(extra(rules={}), extra()), *both_ways(extra(), extra())):
            assert found.steps["audit"].rules == {}


class TestTheRest:
    def test_the_first_says_who_may_act_and_which_meeting_it_is(self) -> None:
        ours = {
            "meeting_body": "party_group",
            "permissions": {"start": ["secretary of party_group"]},
        }
        found, other = both_ways(ours, {})
        assert (found.meeting_body, found.holders("start")[0].role) == ("party_group", "secretary")
        assert other.meeting_body == "executive_meeting"

    def test_the_name_tells_both_and_the_version_is_the_later(self) -> None:
        found = joined({"version": "2020-01-01"}, {"version": "2026-01-01"})
        assert (found.name.zh, found.version.isoformat()) == ("first + other", "2026-01-01")
        found = joined({"version": "2026-01-01"}, {})
        assert found.version.isoformat() == "2026-01-01"

    def test_whoever_either_keeps_apart_is_kept_apart(self) -> None:
        extra = {
            "act": "rule_waiver",
            "rule": "waiver.own_request",
            "not_by": ["draft"],
            "not_of": ["co_unit"],
            "not_lent_to": ["co_unit"],
        }
        new = {"act": "start", "not_by": ["study"], "rule": "waiver.own_request"}
        for found in both_ways({"separations": [extra, new]}, {}):
            kept = {each.act: each for each in found.separations if "waiver" in each.rule}
            assert set(kept["rule_waiver"].others) == {"request_waiver", "draft"}
            assert "co_unit" in kept["rule_waiver"].units
            assert "co_unit" in kept["rule_waiver"].not_lent_to
            assert kept["start"].others == ("study",)
        units = {"act": "start", "not_of": ["co_unit"], "rule": "waiver.own_request"}
        for found in both_ways({"separations": [units]}, {"separations": [new]}):
            kept = {each.act: each for each in found.separations}
            assert (kept["start"].others, kept["start"].units) == (("study",), ("co_unit",))

    def test_a_second_factor_is_asked_for_whatever_either_asks_it_for(self) -> None:
        def asked(*acts: str) -> dict[str, object]:
            rule = {"choices": list(acts), "cite": "house_rules"}
            return {"rules": {"authority.second_factor": rule}}

        for found in both_ways(asked("start"), asked("give_review_verdict")):
            choices = found.rules["authority.second_factor"].choices
            assert set(choices) == {"start", "give_review_verdict"}
        for found in both_ways(asked("start"), {}):
            assert found.rules["authority.second_factor"].choices == ("start",)

    def test_a_pause_leaves_what_both_leave(self) -> None:
        first, other = source({}, "first"), source({})
        for pair in ((first, self.without_pause()), (self.without_pause(), first)):
            assert join(*pair).procedure.while_paused == frozenset()
        assert join(first, other).procedure.while_paused == {
            "reserve_opinion",
            "resume",
            "restrict_access",
            "withdraw",
        }

    @staticmethod
    def without_pause() -> Source:
        data = law() | {"procedure": "still"}
        del data["while_paused"]
        piece = whole(read_text(json.dumps(data), "still.yaml"))
        return piece, judge(piece)

    def test_what_only_one_has_at_all_is_taken(self) -> None:
        data = law() | {"procedure": "bare"}
        del data["alerts"], data["denials"], data["deciders"]
        piece = whole(read_text(json.dumps(data), "bare.yaml"))
        bare, full = (piece, judge(piece)), source({})
        for pair in ((bare, full), (full, bare)):
            found = join(*pair).procedure
            assert found.alerts
            assert found.denials
            assert found.decided_by == "decision_level"

    def test_without_deciders_their_question_is_for_the_file(self) -> None:
        data = law() | {"procedure": "bare"}
        del data["deciders"]
        step(data, "fair_competition")["rules"].pop("regulator")
        data["questions"]["decision_level"]["recorded"] = True
        piece = whole(read_text(json.dumps(data), "bare.yaml"))
        found = join((piece, judge(piece)), (piece, judge(piece))).procedure
        assert found.questions["decision_level"].recorded

    def test_a_role_is_single_where_either_says_so(self) -> None:
        for found in both_ways({"roles": {"clerk": {"single": True}}}, {}):
            assert found.roles["clerk"].single
        for found in both_ways({"roles": {"clerk": {"single": False}}}, {}):
            assert not found.roles["clerk"].single

    def test_all_are_alerted_whom_either_alerts(self) -> None:
        alert = {
            "kind": "blocked_hearing",
            "to": ["director of decision_body"],
            "cite": "house_rules",
        }
        for found in both_ways({"alerts": [alert]}, {}):
            (told,) = (each for each in found.alerts if each.kind == "blocked_hearing")
            assert {holder.role for holder in told.to} == {"director", "clerk", "head"}

    def test_an_alert_about_something_else_cannot_be_joined(self) -> None:
        alert = {"kind": "blocked_hearing", "command": "start"}
        (found,) = wrong({}, {"alerts": [alert]})
        assert found[1:] == ("alerts[1].command", "definition.join_unlike")

    def test_another_law_by_the_same_name_cannot_be_joined(self) -> None:
        (found,) = wrong({}, {"instruments": {"pricing_law": {"number": "another"}}})
        assert found[1:] == ("instruments.pricing_law.number", "definition.join_unlike")

    def test_a_stage_that_ends_and_does_not_cannot_be_joined(self) -> None:
        (found,) = wrong({}, {"stages": [{"id": "drafting", "end": True}]})
        assert found[1:] == ("stages[1].end", "definition.join_unlike")

    def test_a_move_that_leads_elsewhere_cannot_be_joined(self) -> None:
        data = law() | {"procedure": "elsewhere"}
        next(m for m in data["moves"] if m["command"] == "decline")["to"] = "withdrawn"
        piece = whole(read_text(json.dumps(data), "elsewhere.yaml"))
        found = problems(lambda: join(source({}), (piece, judge(piece))))
        assert [each.code for each in found] == ["definition.join_move"]

    def test_a_new_way_to_the_agenda_cannot_be_joined(self) -> None:
        move = {"command": "revise_draft", "outcome": "first", "from": ["started"]}
        (found,) = wrong({}, {"moves": [move]})
        assert found[2] == "definition.join_move"


class TestQuestions:
    def asked(self, ours: Data, theirs: Data) -> list[Question]:
        return [
            each.questions["size"]
            for each in both_ways({"questions": {"size": ours}}, {"questions": {"size": theirs}})
        ]

    def question(self, **more: Any) -> Data:
        return {
            "text": {"zh": "多大", "en": "how large"},
            "kind": "choice",
            "choices": ["small", "large"],
            "recorded": True,
            "cite": "house_rules",
            **more,
        }

    def test_the_answers_of_both_can_be_given(self) -> None:
        more = self.question(choices=["large", "huge"], cite="order_713 3.1")
        for found in self.asked(self.question(), more):
            assert set(found.choices) == {"small", "large", "huge"}
            assert {each.instrument for each in found.citations} == {"house_rules", "order_713"}

    def test_a_question_of_another_kind_cannot_be_joined(self) -> None:
        number = {**self.question(kind="number")}
        del number["choices"]
        found = wrong({"questions": {"size": self.question()}}, {"questions": {"size": number}})
        assert [code for *_, code in found] == ["definition.join_unlike"]

    def test_it_is_for_the_file_only_where_no_step_asks_for_it(self) -> None:
        unused = {"questions": {"size": self.question()}}
        assert {each.questions["size"].recorded for each in both_ways(unused, unused)} == {True}
        used = {**unused, **fields("budget", required_when={"question": "size", "is": "large"})}
        del used["questions"]["size"]["recorded"]
        recorded = {"questions": {"size": self.question()}}
        assert {each.questions["size"].recorded for each in both_ways(used, recorded)} == {False}

    def test_what_the_other_asks_anyway_is_kept_for_the_file(self) -> None:
        always = fields("expert_argument", required_when="always")
        assert {each.questions["technical"].recorded for each in both_ways(always, {})} == {True}


# --- for whatever two profiles say ----------------------------------------------------------------

CONDITIONS: list[object] = [
    YES,
    RISKY,
    "always",
    {"any": [YES, RISKY]},
    {"all": [YES, RISKY]},
    {"not": YES},
]
TWEAKS = st.lists(
    st.one_of(
        st.builds(
            lambda when: fields("expert_argument", required_when=when),
            st.sampled_from(CONDITIONS),
        ),
        st.builds(
            lambda value, unit: rule(
                "open_call",
                "period",
                value=value,
                unit=f"{unit}_days",
                counting="period_days" if unit == "calendar" else "period_working_days",
            ),
            st.integers(10, 60),
            st.sampled_from(["calendar", "working"]),
        ),
        st.builds(
            lambda floor: rule("open_call", "period", floor=floor),
            st.sampled_from(["soft", "hard"]),
        ),
        st.builds(
            lambda way: rule("hearing", "papers_before", counting=way),
            st.sampled_from(["reverse_days", "reverse_clear_days"]),
        ),
        st.builds(
            lambda paused: rule("legality_review", "review_time", paused=paused), st.booleans()
        ),
        st.builds(
            lambda chosen: rule("legality_review", "verdicts", choices=["lawful", *chosen]),
            st.lists(st.sampled_from(["changes_confirmed", "exploratory_reform"]), unique=True),
        ),
        st.builds(
            lambda chosen: rule("study", "content", choices=chosen),
            st.lists(st.sampled_from(["problem", "grounds", "outline"]), unique=True, min_size=1),
        ),
        st.builds(lambda gate: fields("budget", before=gate), st.sampled_from(["start", "agenda"])),
        st.builds(
            lambda lapse: fields("fair_competition", lapses_on=lapse),
            st.sampled_from(["never", "substantive", "any"]),
        ),
        st.builds(
            lambda act: {
                "separations": [
                    {"act": "rule_waiver", "rule": "waiver.own_request", "not_by": [act]}
                ]
            },
            # Narrowed by every profile that names it, so that both must be heard.
            st.sampled_from(["request_waiver", "draft"]),
        ),
        st.just(fields("budget", waivable=WAIVABLE)),
        st.builds(lambda n: {"rules": {"agenda.notice": {"value": n}}}, st.integers(1, 9)),
    ),
    max_size=5,
)


def profile(tweaks: list[Data], name: str) -> Source:
    merged = source({}, name)[0]
    for tweak in tweaks:
        own = whole(read_text(json.dumps(tweak, ensure_ascii=False), f"{name}.yaml"))
        merged = overlay(merged, own)
    waivers = {"act": "rule_waiver", "rule": "waiver.own_request", "not_by": ["request_waiver"]}
    data = json.loads(json.dumps(merged.data))
    kept = next(e for e in data["separations"] if e["rule"] == waivers["rule"])
    kept["not_by"] = sorted({*kept["not_by"], "request_waiver"})
    whole_ = whole(read_text(json.dumps(data, ensure_ascii=False), f"{name}.yaml"))
    return whole_, judge(whole_)


def looser(part: Source, whole_: Compiled) -> list[tuple[str, str]]:
    """Where the whole asks for less than a part."""
    nothing = Piece({}, None)
    found = loosened([part[1]], whole_, nothing, KINDS, counting())
    return [(each.key, each.code) for each in found]


def same_duties(one: Compiled, other: Compiled) -> bool:
    forms = ((one.piece, one.form), (other.piece, other.form))
    return not looser(forms[0], other) and not looser(forms[1], one)


@pytest.mark.no_cover
@settings(max_examples=25, deadline=None)
@given(TWEAKS, TWEAKS)
def test_the_whole_asks_for_all_that_each_part_asks_for(
    ours: list[Data], theirs: list[Data]
) -> None:
    first, other = profile(ours, "first"), profile(theirs, "other")
    found, turned = join(first, other), join(other, first)
    assert looser(first, found) == []
    assert looser(other, found) == []
    assert same_duties(found, turned)
    assert same_duties(join((found.piece, found.form), other), found)


@pytest.mark.no_cover
@settings(max_examples=10, deadline=None)
@given(TWEAKS)
def test_a_procedure_joined_with_itself_asks_for_no_more(tweaks: list[Data]) -> None:
    first = profile(tweaks, "first")
    assert same_duties(join(first, first), compiled(first[0]))


def test_conditions_that_are_joined_hold_where_either_holds() -> None:
    ours, theirs = source(fields("budget", required_when=YES), "first"), source({})
    found = join(ours, theirs).form
    parts = [step_of(each, "budget").required_when for each in (ours[1], theirs[1], found)]
    for part in parts[:2]:
        assert find(found.questions, ((part, True), (parts[2], False))) is None


def step_of(form: ProcedureForm, name: str) -> Any:
    return next(each for each in form.steps if each.id == name)


class TestWhoDecides:
    ABOVE: ClassVar[Data] = {
        "deciders": {
            "question": "decision_level",
            "instead": {"zone": "superior_decision_body", "superior": "superior_decision_body"},
        }
    }

    def test_where_one_leaves_it_to_another_body_that_one_decides(self) -> None:
        for found in both_ways({}, self.ABOVE):
            assert set(found.deciders) == {"zone", "superior"}
            assert set(found.deciders.values()) == {"superior_decision_body"}

    def test_two_other_bodies_cannot_decide_in_one_matter(self) -> None:
        other = {"deciders": {"question": "decision_level", "instead": {"superior": "party_group"}}}
        ((_, key, code),) = wrong({}, other)
        assert (key, code) == ("deciders.instead.superior", "definition.join_unlike")

    def test_the_question_that_tells_who_decides_must_be_the_same(self) -> None:
        other = {"deciders": {"question": "category", "instead": {"works": "party_group"}}}
        found = wrong({}, other)
        assert ("other.yaml", "deciders.question", "definition.join_unlike") in found


def test_what_a_place_is_free_to_choose_is_the_same_whichever_is_the_main_one() -> None:
    name = "executive_meeting.recusal"
    kept, left_out = (
        {"rules": {name: {"choices": [choice], "cite": "house_rules"}}}
        for choice in ("kept", "left_out")
    )
    assert {each.rules[name].choices for each in both_ways(kept, left_out)} == {("left_out",)}
