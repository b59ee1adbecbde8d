"""The proof: the shipped definitions hold, and a planted fault is found on its shortest path."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS, evaluation
from procedures.prover import Explored, Fault, Proof, prove
from procedures.prover_reader import LAWFUL, Machine, Reader
from procedures.prover_world import World
from tests.unit.procedure_files import BASE, Change, changed, move, step
from workflow import guards
from workflow.ballot import Attendance, at_least
from workflow.catalogue import catalogue_for, locales
from workflow.decisions import deliberating
from workflow.decisions.scene import Scene
from workflow.decisions.sitting import lacking_quorum
from workflow.definition import Condition, Gate, Holder, Move, Separation
from workflow.machine import Lifecycle
from workflow.refusals import Unmet

Proven = tuple[Proof, dict[tuple[str, str], list[str]]]

#: The way from the proposal to a text that the reviewer has, where nothing but the review is asked.
TO_DRAFT = ["propose", "start", "assign", "revise_draft/first"]
TO_REVIEW = [*TO_DRAFT, "submit_for_review", "accept_papers"]
TO_AGENDA = [*TO_REVIEW, "give_review_verdict/lawful", "propose_agenda_item"]
UNLAWFUL_TABLED = [*TO_REVIEW, "give_review_verdict/unlawful", "propose_agenda_item"]
CHANGED_ON_AGENDA = [*TO_AGENDA, "give_review_verdict/lawful_with_changes"]
#: And from there to the end, where only what every matter needs is asked.
TO_DECISION = [*TO_AGENDA, "conclude_item/adopted"]
TO_ISSUE = [*TO_DECISION, "issue"]
TO_CLOSE = [*TO_ISSUE, "terminate_execution", "close_matter"]
CHANGES_ASKED = [*TO_DECISION, "submit_request", "record_reply/changes_required"]
UNLAWFUL_RECHECK = [
    *TO_AGENDA,
    "conclude_item/amended",
    "revise_draft/as_decided",
    "recheck_text/unlawful",
]


def path_of(fault: Fault) -> list[str]:
    return [f"{way.command}/{way.outcome}".rstrip("/") for way in fault.path]


def found(proof: Proof) -> dict[tuple[str, str], list[str]]:
    """The path to each fault, by code and what it is about."""
    return {
        (fault.code.removeprefix("proof."), fault.subject): path_of(fault) for fault in proof.faults
    }


#: As in the command that proves them all, what they share is explored once.  Of no use where a
#: test changes the engine itself.
EXPLORED = Explored()


def planted(
    folder: Path, change: Change, explored: Explored | None = None
) -> dict[tuple[str, str], list[str]]:
    """What the proof finds in the base, changed."""
    return found(prove(changed(folder, change), KINDS, explored))


class TestShipped:
    @pytest.mark.parametrize("name", [BASE, "jiyuan_htz"])
    def test_the_definitions_keep_the_promise(self, name: str) -> None:
        assert prove(shipped().get(name), KINDS).faults == ()

    def test_the_proof_is_not_empty(self) -> None:
        assert prove(shipped().get(BASE), KINDS).states_explored > 1000

    def test_the_same_definition_gives_the_same_proof(self) -> None:
        first, second = (prove(shipped().get(BASE), KINDS) for _ in range(2))
        assert first == second


class TestTheGate:
    """The proof runs the engine's own gate: without it, it fails."""

    def test_an_open_gate_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guards, "barring", lambda *arguments: ())
        faults = found(prove(shipped().get(BASE), KINDS))
        assert faults["uncleared", "study"] == TO_AGENDA
        assert faults["uncleared", "budget"] == TO_AGENDA
        assert {step for code, step in faults if code == "uncleared"} == {
            step.id
            for step in shipped().get(BASE).steps.values()
            if step.id != "legality_review"
            and step.required_when.op != "never"
            and step.before not in (Gate.ISSUE, Gate.CLOSE)
        }
        assert faults["past_gate", "party_committee_request"] == TO_ISSUE
        assert faults["past_gate", "archiving"] == TO_CLOSE

    def test_a_gate_that_forgets_the_steps_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guards, "standing_in_way", lambda *arguments: ())
        faults = found(prove(shipped().get(BASE), KINDS))
        assert faults["uncleared", "budget"] == TO_AGENDA

    def test_a_gate_that_lets_later_steps_pass_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        short = {gate: reach[:-1] or reach for gate, reach in guards.REACH.items()}
        monkeypatch.setattr(guards, "REACH", short)
        faults = found(prove(shipped().get(BASE), KINDS))
        assert faults["uncleared", "budget"] == TO_AGENDA

    def test_a_machine_that_ignores_refusals_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        original = Lifecycle.move

        def deaf(
            self: Lifecycle, stage: str, command: str, outcome: str = "", refusals: Any = ()
        ) -> str:
            return original(self, stage, command, outcome)

        monkeypatch.setattr(Lifecycle, "move", deaf)
        faults = found(prove(shipped().get(BASE), KINDS))
        assert faults["uncleared", "budget"] == TO_AGENDA

    def test_without_it_a_text_reaches_the_agenda_unread(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(guards, "barring", lambda *arguments: ())
        faults = planted(
            tmp_path, lambda data: move(data, "propose_agenda_item")["from"].append("drafting")
        )
        path = [*TO_DRAFT[:3], "propose_agenda_item"]
        assert faults["uncleared", "legality_review"] == path


class TestAfterTheDecision:
    """Every step after the decision is waited for, whatever a definition says (arts 31 to 36)."""

    @pytest.mark.parametrize(
        ("name", "code", "way"),
        [
            ("party_committee_request", "past_gate", TO_ISSUE),
            ("congress_report", "past_gate", TO_ISSUE),
            ("congress_resolution", "uncleared", TO_AGENDA),
            ("publication", "past_gate", TO_CLOSE),
            ("evaluation", "past_gate", TO_CLOSE),
            ("archiving", "past_gate", TO_CLOSE),
        ],
    )
    def test_a_step_that_nothing_waits_for_is_found__order_713_arts_31_to_36(
        self, name: str, code: str, way: list[str]
    ) -> None:
        base = shipped().get(BASE)
        steps = {**base.steps, name: replace(base.steps[name], before=None)}
        assert found(prove(replace(base, steps=steps), KINDS)) == {(code, name): way}

    def test_a_close_of_what_is_not_carried_out_is_found__order_713_art_34(self) -> None:
        base = shipped().get(BASE)
        steps = {**base.steps, "execution": replace(base.steps["execution"], before=None)}
        early = Move("close_matter", "", ("executing",), "closed")
        changed_ = replace(base, steps=steps, moves=(*base.moves, early))
        way = [*TO_ISSUE, "assign_execution", "close_matter"]
        assert found(prove(changed_, KINDS)) == {("past_gate", "execution"): way}

    @pytest.mark.parametrize("command", ["publish_decision", "publish_interpretation"])
    @pytest.mark.parametrize("after", [(), ("issuance",)])
    def test_what_goes_out_before_it_is_issued_is_found__order_713_art_32(
        self, command: str, after: tuple[str, ...]
    ) -> None:
        base = shipped().get(BASE)
        steps = {**base.steps, "publication": replace(base.steps["publication"], after=after)}
        early = Move(command, "", ("decided",), None)
        faults = found(prove(replace(base, steps=steps, moves=(*base.moves, early)), KINDS))
        # The engine itself keeps it behind the issue, where it is to follow that.
        kept = after == ("issuance",)
        expected = {("released_unissued", command): [*TO_DECISION, command]}
        assert faults == ({} if kept else expected)

    @pytest.mark.parametrize(
        "plant",
        [
            lambda view, evaluator, others: False,
            lambda view, evaluator, others: evaluator in others,
        ],
        ids=["nobody is asked", "names are compared to the letter"],
    )
    def test_an_engine_that_lets_the_assessor_evaluate_is_found__order_713_art_36(
        self, plant: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluation, "same_party", plant)
        path = [*TO_ISSUE, "open_evaluation"]
        assert found(prove(shipped().get(BASE), KINDS)) == {
            ("assessor_evaluates", "evaluation"): path
        }

    def test_an_engine_that_forgets_who_assessed_it_under_other_rules_is_found__order_713_art_36(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            evaluation,
            "assessors",
            lambda view: [each.text("assessor") for each in view.facts.of("file_risk_assessment")],
        )
        assert ("assessor_evaluates", "evaluation") in found(prove(shipped().get(BASE), KINDS))

    @pytest.mark.parametrize("locale", locales())
    def test_each_has_its_words(self, locale: str) -> None:
        told = catalogue_for(locale)
        assert told.text("proof.released_unissued", act="公布")
        assert told.text("proof.assessor_evaluates", step=shipped().get(BASE).name)


ITEM = "workflow.decisions.deliberating._Item"


class TestTheBallots:
    """Nobody counts who had to withdraw (Party group rules art. 32)."""

    def found(self, name: str = "jiyuan_htz") -> dict[tuple[str, str], list[str]]:
        """In the zone the Party group sits first, and then the executive meeting."""
        return found(prove(shipped().get(name), KINDS))

    def test_an_engine_that_counts_whoever_withdrew_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everybody = property(lambda here: here.due & here.present)
        monkeypatch.setattr(Attendance, "voters", everybody)
        path = [*TO_AGENDA, "record_statement", "withdraw_from_item", "take_ballot"]
        assert self.found()["withdrawn_counted", "party_group"] == path

    def test_of_a_body_that_no_matter_goes_to_no_way_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everybody = property(lambda here: here.due & here.present)
        monkeypatch.setattr(Attendance, "voters", everybody)
        assert self.found(BASE)["withdrawn_counted", "party_group"] == []

    def test_where_a_definition_shuts_the_way_it_is_told_up_to_there(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everybody = property(lambda here: here.due & here.present)
        monkeypatch.setattr(Attendance, "voters", everybody)
        zone = shipped().get("jiyuan_htz")
        moves = tuple(each for each in zone.moves if each.command != "withdraw_from_item")
        faults = found(prove(replace(zone, moves=moves), KINDS))
        path = [*TO_AGENDA, "record_statement", "take_ballot"]
        assert faults["withdrawn_counted", "party_group"] == path

    def test_an_engine_that_lets_a_head_decide_who_withdrew_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(f"{ITEM}.headless", lambda *_: ())
        path = [*TO_AGENDA, "record_statement", "withdraw_from_item", "conclude_item/adopted"]
        assert self.found(BASE) == {("withdrawn_counted", "executive_meeting"): path}
        onward = [*TO_AGENDA, "conclude_item/adopted_onward", "propose_agenda_item", *path[-3:]]
        assert self.found() == {("withdrawn_counted", "executive_meeting"): onward}

    def test_an_engine_that_lets_one_alone_decide_is_found__order_713_art_30_1(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_the_least(scene: Scene, attendance: Attendance) -> list[Unmet]:
            return [
                each for each in lacking_quorum(scene, attendance) if each.code != "meeting.least"
            ]

        monkeypatch.setattr(deliberating, "lacking_quorum", without_the_least)
        path = [*TO_AGENDA, "record_statement", "conclude_item/adopted"]
        found = {("too_few_adopt", "executive_meeting"): path, ("too_few_adopt", "party_group"): []}
        assert self.found(BASE) == found

    def test_an_engine_that_lets_nothing_be_adopted_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nobody = Unmet("meeting.least", ())
        monkeypatch.setattr(deliberating, "lacking_quorum", lambda *_: [nobody])
        bodies = ("party_group", "executive_meeting")
        assert self.found().keys() >= {("nothing_adopted", body) for body in bodies}

    def test_what_was_explored_of_a_definition_is_not_explored_again(self) -> None:
        explored = Explored()
        first = prove(shipped().get(BASE), KINDS, explored)
        known = len(explored)
        assert known > 0
        assert prove(shipped().get(BASE), KINDS, explored) == first
        assert len(explored) == known

    def test_a_further_body_that_no_answer_brings_in_is_found(self) -> None:
        zone = shipped().get("jiyuan_htz")
        never = replace(zone.further_meetings[0], when=Condition("never"))
        faults = found(prove(replace(zone, further_meetings=(never,)), KINDS))
        assert ("never_required", never.body) in faults

    def test_an_engine_that_lets_voters_withdraw_after_the_vote_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(f"{ITEM}.over", lambda *_: ())
        path = [*TO_AGENDA, "record_statement", "take_ballot", "withdraw_from_item"]
        assert self.found() == {("withdrawn_counted", "party_group"): path}

    def test_an_engine_that_adopts_by_half_of_those_due_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def half(attendance: Attendance, votes_for: int, share: Fraction) -> bool:
            return votes_for >= at_least(attendance.base, share)

        monkeypatch.setattr(deliberating, "carried", half)
        path = [*TO_AGENDA, "record_statement", "take_ballot", "conclude_item/adopted"]
        assert self.found() == {("too_few_adopt", "party_group"): path}

    @pytest.mark.parametrize("choice", ["kept", "left_out"])
    def test_it_holds_however_withdrawals_change_the_base(self, choice: str) -> None:
        base = shipped().get(BASE)
        rule = replace(base.rules["party_group.recusal"], choices=(choice,))
        changed_ = replace(base, rules={**base.rules, rule.id: rule})
        assert prove(changed_, KINDS).faults == ()

    @pytest.mark.parametrize("body", ["party_group", "executive_meeting"])
    def test_a_body_that_can_adopt_nothing_is_found(self, body: str) -> None:
        base = shipped().get(BASE)
        nobody = replace(base.bodies[body], members=(Holder("head", "lead_unit"),))
        faults = found(prove(replace(base, bodies={**base.bodies, body: nobody}), KINDS))
        assert faults == {("nothing_adopted", body): []}

    def test_a_body_that_votes_by_secret_ballot_alone_is_tried_too(self) -> None:
        base = shipped().get(BASE)
        rule = replace(base.rules["party_group.modes"], choices=("secret",))
        assert prove(replace(base, rules={**base.rules, rule.id: rule}), KINDS).faults == ()


def add_move(command: str | list[str], *sources: str, **more: Any) -> Change:
    return lambda data: data["moves"].append({"command": command, "from": list(sources), **more})


def drop_move(command: str, outcome: str = "") -> Change:
    def change(data: dict[str, Any]) -> None:
        given = move(data, command, outcome)
        if isinstance(given["command"], list):
            given["command"].remove(command)
        else:
            data["moves"].remove(given)

    return change


def of_step(name: str, **fields: Any) -> Change:
    return lambda data: step(data, name).update(fields)


def both(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for each in changes:
            each(data)

    return change


def verdicts(*choices: str) -> Change:
    return lambda data: step(data, "legality_review")["rules"]["verdicts"].update(
        choices=list(choices)
    )


def add_stage(name: str, **more: Any) -> Change:
    text = {"zh": "某处", "en": "somewhere"}
    return lambda data: data["stages"].append({"id": name, "name": text, **more})


def holders(command: str, *given: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        for each in data["steps"]:
            if command in each["acts"]:
                each["acts"][command] = list(given)
        if command in data["permissions"]:
            data["permissions"][command] = list(given)

    return change


def second_body(data: dict[str, Any]) -> None:
    """After the executive meeting the Party group has to adopt, where experts are needed."""
    when = {"question": "technical", "is": True}
    data["further_meetings"] = [{"body": "party_group", "when": when}]


LAWFUL_ONES = ("lawful", "changes_confirmed", "exploratory_reform")

AMOUNT = {"text": {"zh": "金额", "en": "sum"}, "kind": "number", "cite": "house_rules"}
ALL_VERDICTS = ["lawful", "lawful_with_changes", "unlawful", "exploratory_reform"]
HEARING = [
    "publish_hearing_notice",
    "publish_hearing_list",
    "deliver_hearing_papers",
    "hold_hearing",
    "sign_hearing_record",
]

#: A fault planted in the base, and what the proof finds of it: every code, and of each code at
#: least these, with the shortest path.
PLANTED: dict[str, tuple[Change, dict[tuple[str, str], list[str]]]] = {
    "a step that nothing waits for": (
        of_step("budget", before=None),
        {("uncleared", "budget"): TO_AGENDA},
    ),
    "a step that the review waits for only once": (
        of_step("hearing", before=None),
        {
            ("uncleared", "hearing"): [
                *TO_DRAFT,
                *HEARING,
                *TO_REVIEW[4:],
                "give_review_verdict/lawful",
                "classify",
                "propose_agenda_item",
            ]
        },
    ),
    "a step that is done anew while its matter is on the agenda": (
        add_move("confirm_budget_line", "tabled"),
        {
            ("uncleared", "budget"): [
                *TO_DRAFT,
                "confirm_budget_line",
                *TO_REVIEW[4:],
                *TO_AGENDA[6:],
                "confirm_budget_line",
            ]
        },
    ),
    "a verdict that says unlawful and counts": (
        verdicts(*LAWFUL_ONES, "unlawful"),
        {("negative_passes", "legality_review"): [*TO_REVIEW, "give_review_verdict/unlawful"]},
    ),
    "a verdict that asks for changes and counts": (
        verdicts(*LAWFUL_ONES, "lawful_with_changes"),
        {
            ("negative_passes", "legality_review"): [
                *TO_REVIEW,
                "give_review_verdict/lawful_with_changes",
            ]
        },
    ),
    "a verdict that says unlawful, counts, and leads to the agenda": (
        both(
            verdicts(*LAWFUL_ONES, "unlawful"),
            lambda data: move(data, "give_review_verdict", "unlawful").update(to="review_passed"),
        ),
        {
            ("negative_passes", "legality_review"): [*TO_REVIEW, "give_review_verdict/unlawful"],
            ("uncleared", "legality_review"): [
                *TO_REVIEW,
                "give_review_verdict/unlawful",
                "propose_agenda_item",
            ],
            ("unreachable_stage", "review_failed"): [],
            ("undecided", ""): [*UNLAWFUL_TABLED, "conclude_item/adopted"],
            ("past_gate", ""): [*UNLAWFUL_TABLED, "conclude_item/adopted", "issue"],
        },
    ),
    "no verdict that passes": (
        verdicts("nothing"),
        {("goal_unreachable", ""): [], ("unreachable_stage", "tabled"): []},
    ),
    "a text that changes on the agenda": (
        add_move("revise_draft", "tabled", outcome=["editorial", "substantive"]),
        {
            ("text_changes_on_agenda", ""): [*TO_AGENDA, "revise_draft/editorial"],
            ("undecided", ""): [*TO_AGENDA, "revise_draft/editorial", "conclude_item/adopted"],
            ("uncleared", "legality_review"): [*TO_AGENDA, "revise_draft/editorial"],
        },
    ),
    "a verdict that is given anew on the agenda": (
        add_move("give_review_verdict", "tabled", outcome=ALL_VERDICTS),
        {
            ("uncleared", "legality_review"): [
                *TO_AGENDA,
                "give_review_verdict/lawful_with_changes",
            ],
            ("undecided", ""): [*CHANGED_ON_AGENDA, "conclude_item/adopted"],
        },
    ),
    "a waiver that is taken back on the agenda": (
        add_move(["request_waiver", "rule_waiver"], "tabled"),
        {
            ("uncleared", "open_call"): [
                *TO_DRAFT[:3],
                *["request_waiver", "rule_waiver", "request_waiver"],
                *TO_AGENDA[3:],
                "rule_waiver",
            ],
        },
    ),
    "no way back from a pause": (
        drop_move("resume"),
        {("paused_for_good", "started"): ["propose", "start", "pause"]},
    ),
    "a pause in which nothing may be done": (
        lambda data: data.update(while_paused=[]),
        {
            ("dead_end", "started"): ["propose", "start", "pause"],
            ("paused_for_good", "started"): ["propose", "start", "pause"],
        },
    ),
    "a stage on the way without a way out": (
        both(add_stage("limbo"), lambda data: move(data, "assign").update(to="limbo")),
        {
            ("dead_end", "limbo"): ["propose", "start", "assign"],
            ("goal_unreachable", ""): [],
            ("unreachable_stage", "tabled"): [],
        },
    ),
    "a stage beside the way without a way out": (
        both(add_stage("limbo"), add_move("study", "started", to="limbo")),
        {("dead_end", "limbo"): ["propose", "start", "study"]},
    ),
    "a stage that nothing leads to": (
        add_stage("island", end=True),
        {("unreachable_stage", "island"): []},
    ),
    "a predicate that is never true": (
        of_step(
            "expert_argument",
            required_when={
                "all": [
                    {"question": "technical", "is": True},
                    {"question": "technical", "is": False},
                ]
            },
        ),
        {("never_required", "expert_argument"): []},
    ),
    "one head who drafts and alone may review": (
        both(
            holders("revise_draft", "head of legal_office"),
            holders("give_review_verdict", "head of legal_office"),
        ),
        {("nobody_may_act", "give_review_verdict"): [*TO_REVIEW, "give_review_verdict/lawful"]},
    ),
    "two heads of whom each bars the other": (
        both(
            holders("revise_draft", "head of legal_office"),
            holders("study", "director of decision_body"),
            holders("give_review_verdict", "head of legal_office", "director of decision_body"),
        ),
        {("nobody_may_act", "give_review_verdict"): [*TO_REVIEW, "give_review_verdict/lawful"]},
    ),
    "a waiver that only who asks for it may grant": (
        lambda data: step(data, "open_call")["waivable"].update(
            request=["director of decision_body"]
        ),
        {("nobody_may_act", "rule_waiver"): [*TO_DRAFT[:2], "request_waiver", "rule_waiver"]},
    ),
    "an act that is kept from every unit that may do it": (
        lambda data: data["separations"].append(
            {"act": "file_research", "not_of": ["lead_unit"], "rule": "waiver.own_request"}
        ),
        {("nobody_may_act", "file_research"): [*TO_DRAFT[:3], "file_research"]},
    ),
    "two people of whom one is kept apart by their unit and one by what they did": (
        both(
            holders("submit_for_review", "head of lead_unit", "head of finance"),
            holders("revise_draft", "head of finance"),
            lambda data: data["separations"].append(
                {
                    "act": "submit_for_review",
                    "not_by": ["draft"],
                    "not_of": ["lead_unit"],
                    "rule": "waiver.own_request",
                }
            ),
        ),
        {("nobody_may_act", "submit_for_review"): [*TO_DRAFT, "submit_for_review"]},
    ),
    "a question that nothing depends on": (
        lambda data: data["questions"].update(amount=AMOUNT),
        {("question_unused", "amount"): []},
    ),
    "nobody who may assign": (
        lambda data: data["permissions"].pop("assign"),
        {("nobody_may_act", "assign"): ["propose", "start", "assign"]},
    ),
    "a step whose act has no place on the way": (
        lambda data: move(data, "confirm_budget_line").update({"from": ["declined"]}),
        {("goal_unreachable", "budget"): []},
    ),
    "a step that the start waits for and that comes after it": (
        lambda data: move(data, "study").update({"from": ["started"]}),
        {("goal_unreachable", "study"): []},
    ),
    "adoption that skips the second body": (
        both(
            second_body,
            lambda data: move(data, "conclude_item", "adopted_onward").update(to="decided"),
        ),
        {
            ("undecided", ""): [*TO_AGENDA, "conclude_item/adopted_onward"],
            ("past_gate", ""): [*TO_AGENDA, "conclude_item/adopted_onward", "issue"],
        },
    ),
    "a text that was adopted with amendments and goes on as it was": (
        lambda data: move(data, "conclude_item", "amended").update(to="decided"),
        {
            ("undecided", ""): [*TO_AGENDA, "conclude_item/amended"],
            ("past_gate", ""): [*TO_AGENDA, "conclude_item/amended", "issue"],
        },
    ),
    "a recheck that finds the text unlawful and lets it go on": (
        lambda data: move(data, "recheck_text", "unlawful").update(to="decided"),
        {
            ("undecided", ""): UNLAWFUL_RECHECK,
        },
    ),
    "a way to issue past the reply": (
        of_step("party_committee_request", before="close"),
        {
            ("past_gate", "party_committee_request"): TO_ISSUE,
            ("dead_end", "executing"): [*TO_ISSUE, "assign_execution"],
        },
    ),
    "a close without archive": (
        of_step("archiving", before=None),
        {
            ("past_gate", "archiving"): TO_CLOSE,
        },
    ),
    "a close of what was never issued": (
        lambda data: move(data, "close_matter")["from"].append("decided"),
        {("past_gate", ""): [*TO_DECISION, "close_matter"]},
    ),
    "a close of what was issued under a number that was made void": (
        both(
            add_stage("voided"),
            lambda data: move(data, "void_number").update(to="voided"),
            add_move("close_matter", "voided", to="closed"),
        ),
        {
            ("past_gate", ""): [*TO_ISSUE, "void_number", "close_matter"],
            ("dead_end", "voided"): [*TO_ISSUE, "void_number"],
        },
    ),
    "a reply that asks for changes while the text goes on as it was": (
        lambda data: move(data, "record_reply", "changes_required").update(to="decided"),
        {
            ("undecided", ""): CHANGES_ASKED,
            ("past_gate", ""): [*CHANGES_ASKED, "issue"],
        },
    ),
    "an issued decision that is ended as if it never was": (
        lambda data: move(data, "end_decision")["from"].append("issued"),
        {("ends_unclosed", "ended"): [*TO_ISSUE, "end_decision"]},
    ),
    "an issued decision that is withdrawn": (
        lambda data: move(data, "withdraw")["from"].append("executing"),
        {("ends_unclosed", "withdrawn"): [*TO_ISSUE, "assign_execution", "withdraw"]},
    ),
    "a meeting from which nobody can withdraw": (
        drop_move("withdraw_from_item"),
        {("shut_in_session", "withdraw_from_item"): TO_AGENDA},
    ),
    "a meeting in which nobody keeps what is said": (
        lambda data: data["permissions"].pop("record_statement"),
        {("shut_in_session", "record_statement"): TO_AGENDA},
    ),
    "no way to the agenda": (
        drop_move("propose_agenda_item"),
        {("goal_unreachable", ""): [], ("unreachable_stage", "tabled"): []},
    ),
}


@pytest.fixture(scope="module", params=list(PLANTED), ids=list(PLANTED))
def proven(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Proven:
    change, expected = PLANTED[request.param]
    procedure = changed(tmp_path_factory.mktemp("planted"), change)
    return prove(procedure, KINDS, EXPLORED), expected


def test_a_planted_fault_is_found_at_the_end_of_its_shortest_path(proven: Proven) -> None:
    proof, expected = proven
    faults = found(proof)
    assert {code for code, _ in faults} == {code for code, _ in expected}
    assert faults | expected == faults


def test_every_path_can_be_walked_through_the_machine(proven: Proven) -> None:
    proof, _ = proven
    lifecycle = Lifecycle(proof.procedure)
    assert proof.faults
    for fault in proof.faults:
        stage = proof.procedure.initial
        for way in fault.path:
            stage = lifecycle.move(stage, way.command, way.outcome)
            assert stage == way.stage


def test_every_fault_can_be_put_into_words(proven: Proven) -> None:
    for fault in proven[0].faults:
        for locale in locales():
            assert catalogue_for(locale).text(fault.code, **fault.params)


HARMLESS: dict[str, Change] = {
    "a text that is tabled out of turn is kept off by the gate": (
        lambda data: move(data, "propose_agenda_item")["from"].append("drafting")
    ),
    "a step that lapses is asked for again": of_step("budget", lapses_on="any"),
    "a step that lapses in substance is asked for again": of_step(
        "fair_competition", lapses_on="substantive"
    ),
    "a waiver may be granted by whoever did not ask for it": (
        lambda data: step(data, "open_call")["waivable"].update(
            request=["deputy of decision_body"], approve=["deputy of decision_body"]
        )
    ),
    "heads of several units are several people": both(
        holders("revise_draft", "head of co_unit"),
        holders("submit_for_review", "head of co_unit"),
        lambda data: data["separations"].append(
            {"act": "submit_for_review", "not_by": ["draft"], "rule": "waiver.own_request"}
        ),
    ),
    "one of two is kept apart by their unit": both(
        holders("submit_for_review", "head of lead_unit", "head of finance"),
        lambda data: data["separations"].append(
            {"act": "submit_for_review", "not_of": ["lead_unit"], "rule": "waiver.own_request"}
        ),
    ),
    "a question that is kept for the file": (
        lambda data: data["questions"].update(amount=AMOUNT | {"recorded": True})
    ),
    "two heads, one of whom only drafts": both(
        holders("revise_draft", "head of finance"),
        holders("give_review_verdict", "head of finance", "head of legal_office"),
    ),
    "what nobody must do bars nobody": (
        lambda data: data["separations"].append(
            {"act": "assign", "not_by": ["withdraw", "decline"], "rule": "waiver.own_request"}
        )
    ),
    "an act that nobody must do may lack people": both(
        holders("decline", "director of decision_body"),
        lambda data: data["separations"].append(
            {"act": "decline", "not_by": ["start"], "rule": "waiver.own_request"}
        ),
    ),
    "a question of numbers is tried at its threshold": (
        lambda data: (
            data["questions"].update(amount=AMOUNT),
            data["questions"]["spends_money"].update(recorded=True),
            step(data, "budget").update(required_when={"question": "amount", "at_least": 5000}),
        )
    ),
    "what is not on the agenda is not concluded": add_move(
        "conclude_item", "review_passed", outcome="adopted", to="decided"
    ),
    "what is not on the agenda is not taken off it": add_move(
        "remove_agenda_item", "review_passed"
    ),
    "a verdict without a text passes nothing": add_move(
        "accept_papers", "drafting", to="under_review"
    ),
    "a command without people that there is another way around": both(
        lambda data: data["permissions"].pop("assign"),
        add_move("file_research", "started", to="drafting"),
    ),
    "a command without people that is not on the way": lambda data: data["permissions"].pop(
        "decline"
    ),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_does_no_harm_is_not_called_a_fault(change: Change, tmp_path: Path) -> None:
    assert planted(tmp_path, change, EXPLORED) == {}


def declared(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "declared",
        "name": {"zh": name, "en": name},
        "cite": "house_rules",
        "required_when": "always",
        "before": "review",
        "acts": {"file_evidence": ["clerk of lead_unit"]},
    } | more


def with_steps(steps: list[dict[str, Any]]) -> Change:
    """The base with these steps, the review after each that must precede it."""
    before = [each["id"] for each in steps if each["before"] == "review"]
    return both(
        lambda data: data["steps"].extend(steps),
        lambda data: step(data, "legality_review")["after"].extend(before),
    )


def test_steps_that_share_an_act_are_told_apart(tmp_path: Path) -> None:
    steps = [declared("survey"), declared("audit")]
    assert planted(tmp_path, with_steps(steps)) == {}
    steps = [declared("survey"), declared("audit", before=None)]
    faults = planted(tmp_path, with_steps(steps))
    assert faults == {("uncleared", "audit"): TO_AGENDA}


def test_a_step_that_shares_its_act_may_wait_for_the_review(tmp_path: Path) -> None:
    steps = [declared("survey"), declared("audit", before="agenda", after=["legality_review"])]
    change = both(add_move("file_evidence", "review_passed"), with_steps(steps))
    assert planted(tmp_path, change) == {}


class TestDefinitionsThatNoFileCouldHold:
    """The proof does not rest on what the loader refuses."""

    def proof(self, **changes: Any) -> dict[tuple[str, str], list[str]]:
        return found(prove(replace(shipped().get(BASE), **changes), KINDS, EXPLORED))

    @pytest.mark.parametrize(
        ("lacking", "last"),
        [
            ({"close_matter"}, "issue"),
            ({"close_matter", "issue"}, "propose_agenda_item"),
        ],
    )
    def test_the_longest_way_ends_where_the_moves_do(self, lacking: set[str], last: str) -> None:
        base = shipped().get(BASE)
        moves = tuple(each for each in base.moves if each.command not in lacking)
        short = replace(base, moves=moves)
        world = World(Reader(short, KINDS, Machine(short)).shape(None, {}))
        assert world.finished is not None
        assert world.path(world.finished)[-1].command == last

    def test_no_proposal(self) -> None:
        moves = tuple(m for m in shipped().get(BASE).moves if m.command != "propose")
        faults = self.proof(moves=moves)
        assert faults["goal_unreachable", ""] == []

    def test_nobody_may_propose(self) -> None:
        permissions = dict(shipped().get(BASE).permissions)
        del permissions["propose"]
        assert self.proof(permissions=permissions) == {("nobody_may_act", "propose"): ["propose"]}

    def test_a_proposal_that_is_kept_from_everybody(self) -> None:
        base = shipped().get(BASE)
        kept = Separation("propose", (), "waiver.own_request", ("proposing_unit",))
        permissions = {**base.permissions, "propose": (Holder("clerk", "proposing_unit"),)}
        faults = self.proof(
            permissions=permissions,
            separations=(*base.separations, kept),
        )
        assert faults["nobody_may_act", "propose"] == ["propose"]

    def test_a_secret_that_goes_the_way_of_all_matters(self) -> None:
        base = shipped().get(BASE)
        plain = next(m for m in base.moves if m.command == "propose" and not m.outcome)
        moves = tuple(
            replace(plain, outcome=m.outcome) if m.command == "propose" else m for m in base.moves
        )
        assert {code for code, _ in self.proof(moves=moves)} == {"unreachable_stage"}

    def test_no_holder_of_an_act_of_a_step(self) -> None:
        steps = dict(shipped().get(BASE).steps)
        steps["budget"] = replace(steps["budget"], acts={"confirm_budget_line": ()})
        assert self.proof(steps=steps) == {
            ("nobody_may_act", "confirm_budget_line"): [*TO_DRAFT, "confirm_budget_line"]
        }

    def test_a_review_that_may_be_waived(self) -> None:
        steps = dict(shipped().get(BASE).steps)
        waivable = steps["open_call"].waivable
        steps["legality_review"] = replace(steps["legality_review"], waivable=waivable)
        path = [*TO_DRAFT[:2], "request_waiver", "rule_waiver"]
        assert self.proof(steps=steps) == {("review_waived", "legality_review"): path}

    def test_a_step_that_waits_for_the_review_that_waits_for_it(self) -> None:
        steps = dict(shipped().get(BASE).steps)
        steps["budget"] = replace(steps["budget"], before=Gate.REVIEW, after=("legality_review",))
        assert self.proof(steps=steps) == {("goal_unreachable", "budget"): []}

    def test_no_review_at_all(self) -> None:
        steps = dict(shipped().get(BASE).steps)
        del steps["legality_review"]
        steps = {
            name: replace(each, after=tuple(e for e in each.after if e != "legality_review"))
            for name, each in steps.items()
        }
        moves = tuple(
            replace(m, to="review_passed") if m.command == "submit_for_review" else m
            for m in shipped().get(BASE).moves
        )
        faults = self.proof(steps=steps, moves=moves)
        assert faults["goal_unreachable", ""] == []


def test_the_lawful_verdicts_are_those_of_the_shipped_law() -> None:
    rule = shipped().get(BASE).steps["legality_review"].rules["verdicts"]
    assert set(rule.choices) == LAWFUL
