"""Who may act: posts, mandates, and duties kept apart in the one choke point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from procedures.book import shipped
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    HEAD,
    KEEPER,
    LEGAL_HEAD,
    LONG_AGO,
    MEMBER,
    NO_STEP,
    OFFICE_HEAD,
    OTHER_MEMBER,
    OTHER_REVIEWER,
    REVIEWER,
    TODAY,
    Matter,
    codes,
    day,
    directory,
    give,
    law,
    only,
    payload,
    procedure,
    ready,
    scene,
    sitting,
    specs,
    unmets,
)
from workflow.decisions.authority import SECOND_FACTOR, WATCHING, able, called
from workflow.decisions.decide import Verdict, decide
from workflow.definition import Citation, Holder, Procedure, Rule
from workflow.directory import Appointment, Directory, Mandate

UP = "2026-09-14"
SUPERVISOR = "discipline.supervisor"


def under_review(authors: list[str] | None = None) -> Matter:
    """Accepted early enough that the reviewer's time is up."""
    matter = ready(stage="under_review")
    if authors is not None:
        matter.drafted("二", "editorial", authors=authors)
    matter.did("record_counsel_opinion", by=COUNSEL)
    return matter.did("submit_for_review").did("accept_papers", by=OTHER_REVIEWER)


def mandate(principal: str, agent: str, *commands: str, until: str = "2026-12-31") -> Mandate:
    return Mandate(1, principal, agent, frozenset(commands), LONG_AGO, day(until), None)


def test_whom_the_leading_unit_put_into_the_post_does_not_review__order_713_art_25_1() -> None:
    appointments = tuple(
        replace(held, appointed_by=HEAD) if held.person == REVIEWER else held
        for held in directory().appointments
    )
    people = replace(directory(), appointments=appointments)
    unmet = only(give("give_review_verdict", REVIEWER, under_review(), UP, people=people))
    assert unmet.code == "review.side_appointed"
    assert unmet.params == {"people": (REVIEWER,), "units": ("planning_construction",)}


class TestRoles:
    def test_the_post_under_which_one_acts_is_told(self) -> None:
        verdict = give("give_review_verdict", REVIEWER, under_review(), UP)
        assert codes(verdict) == []
        assert verdict.held is not None
        assert (verdict.held.unit, verdict.held.role) == ("legal_office", "reviewer")

    def test_the_first_fitting_post_is_taken(self) -> None:
        both = Appointment(REVIEWER, "legal_office", "head", LONG_AGO, None)
        people = replace(directory(), appointments=(both, *directory().appointments))
        verdict = give("give_review_verdict", REVIEWER, under_review(), UP, people=people)
        assert verdict.held is not None
        assert verdict.held.role == "reviewer"

    def test_another_role_is_told_only_who_may(self) -> None:
        unmet = only(give("propose_agenda_item", COUNSEL, Matter()))
        assert (unmet.code, unmet.params) == ("authority.role", {"account": COUNSEL})
        assert unmet.cured_by == procedure().permissions["propose_agenda_item"]

    def test_a_clerk_of_another_unit_has_no_part_in_the_matter(self) -> None:
        assert codes(give("revise_draft", "finance.clerk", Matter())) == ["authority.role"]
        assert codes(give("confirm_budget_line", "finance.clerk", Matter())) == []

    def test_an_act_of_a_step_is_for_its_holders(self) -> None:
        assert codes(give("confirm_budget_line", CLERK, Matter())) == ["authority.role"]

    def test_whoever_has_left_may_not_act(self) -> None:
        gone = tuple(replace(held, until=day("2026-08-31")) for held in directory().appointments)
        people = replace(directory(), appointments=gone)
        assert codes(give("study", CLERK, Matter(stage="proposed"), people=people)) == [
            "authority.role"
        ]


class TestWatching:
    """Order 713 art. 8.2: who supervises reads everything and changes nothing, whatever the way."""

    POST = Appointment(SUPERVISOR, "leadership", "director", LONG_AGO, None)

    def test_neither_another_post_nor_a_mandate_lets_a_supervisor_act(self) -> None:
        started = Matter(stage="proposed").did("study").did("classify")
        both = replace(directory(), appointments=(*directory().appointments, self.POST))
        found = only(give("start", SUPERVISOR, started, people=both))
        assert (found.code, found.params) == ("authority.watching", {"people": (SUPERVISOR,)})
        assert law(found) == ["order_713 8.2", "house_rules"]
        assert found.cured_by == procedure().permissions["start"]
        for principal, agent in ((DIRECTOR, SUPERVISOR), (SUPERVISOR, DIRECTOR)):
            lent = mandate(principal, agent)
            tried = give("start", agent, started, people=both, mandate=lent)
            assert codes(tried) == ["authority.watching"]

    def test_what_a_supervisor_reads_is_not_lent_but_names_are_asked_for(self) -> None:
        assert codes(give("grant_mandate", SUPERVISOR)) == ["authority.watching"]
        assert codes(give("start", SUPERVISOR, Matter(stage="proposed"))) == ["authority.role"]
        place = replace(scene(SUPERVISOR, None, command="unmask"), names_open=True)
        assert codes(decide(place, specs()["unmask"], payload("unmask"))) == []

    def test_a_supervisor_is_not_counted_among_those_who_are_left(self) -> None:
        facts = Matter(stage="proposed").facts
        both = replace(directory(), appointments=(*directory().appointments, self.POST))
        holders = (Holder("director", "decision_body"),)
        assert able(procedure(), both, facts, day(TODAY), "start", holders) == (DIRECTOR,)

    def test_a_definition_without_the_rule_keeps_nobody_away(self) -> None:
        rules = {k: v for k, v in procedure().rules.items() if k != WATCHING}
        bare = replace(procedure(), rules=rules, digest="without watching")
        matter = Matter(stage="proposed", rules=bare).did("study").did("classify")
        people = replace(directory(), appointments=(*directory().appointments, self.POST))
        assert codes(give("start", SUPERVISOR, matter, people=people)) == []


class TestSecondFactor:
    """What a definition asks a second factor for: MLPS level 3, GB/T 22239-2019."""

    def rules(self, *acts: str) -> Procedure:
        asked = Rule("authority.second_factor", (Citation("house_rules", "", "M"),), choices=acts)
        rules = {**procedure().rules, asked.id: asked}
        return replace(procedure(), rules=rules, digest=f"{asked.id} {acts}")

    def given(self, act: str, actor: str, *, shown: bool, lent: Mandate | None = None) -> list[str]:
        matter = replace(under_review(), rules=self.rules("give_review_verdict", "grant_mandate"))
        place = scene(actor, matter, UP, command=act, mandate=lent)
        place = replace(place, actor=replace(place.actor, second_factor=shown))
        return codes(decide(place, specs()[act], payload(act)))

    def test_no_shipped_definition_asks_for_one(self) -> None:
        assert [each.id for each in shipped().all() if SECOND_FACTOR in each.rules] == []

    def test_an_act_that_asks_for_one_is_refused_without_and_done_with_it(self) -> None:
        asked: Any = ("give_review_verdict", REVIEWER)
        assert self.given(*asked, shown=False) == ["authority.second_factor"]
        assert self.given(*asked, shown=True) == []

    def test_it_is_the_agent_who_shows_it(self) -> None:
        lent = mandate(REVIEWER, OTHER_REVIEWER)
        asked: Any = ("give_review_verdict", OTHER_REVIEWER)
        assert self.given(*asked, shown=False, lent=lent) == ["authority.second_factor"]
        assert self.given(*asked, shown=True, lent=lent) == []

    def test_it_opens_nothing_to_whose_the_act_is_not(self) -> None:
        assert self.given("give_review_verdict", CLERK, shown=True) == ["authority.role"]
        assert self.given("give_review_verdict", CLERK, shown=False) == ["authority.role"]

    def test_it_can_be_asked_for_lending_too(self) -> None:
        found = self.given("grant_mandate", REVIEWER, shown=False)
        assert "authority.second_factor" in found
        assert found != self.given("grant_mandate", REVIEWER, shown=True)

    def test_what_is_not_named_asks_for_none(self) -> None:
        assert self.given("confirm_changes", LEGAL_HEAD, shown=False) == [
            "legality_review.nothing_to_confirm"
        ]

    def test_whoever_may_do_the_act_can_cure_it_today(self) -> None:
        matter = replace(under_review(), rules=self.rules("give_review_verdict"))
        unmet = only(give("give_review_verdict", REVIEWER, matter, UP))
        assert unmet.cured_by == procedure().holders("give_review_verdict")
        assert (unmet.earliest, unmet.params) == (day(UP), {"account": REVIEWER})


class TestReauthentication:
    """Whoever signs shows anew who they are: Electronic Signature Law art. 13."""

    def given(self, act: str, actor: str, rules: Procedure | None = None) -> Verdict:
        matter = replace(under_review(), rules=rules or procedure())
        place = scene(actor, matter, UP, command=act)
        place = replace(place, actor=replace(place.actor, reauthenticated=None))
        return decide(place, specs()[act], payload(act))

    def test_a_verdict_is_not_given_without(self) -> None:
        unmet = only(self.given("give_review_verdict", REVIEWER))
        assert (unmet.code, unmet.earliest) == ("authority.reauthentication", day(UP))
        assert law(unmet) == ["order_713 28", "electronic_signature 13"]
        assert unmet.cured_by == procedure().holders("give_review_verdict")

    def test_rules_from_before_ask_for_it_all_the_same(self) -> None:
        before = dict(procedure().rules)
        del before["authority.reauthentication"]
        rules = replace(procedure(), rules=before, digest="before")
        unmet = only(self.given("give_review_verdict", REVIEWER, rules))
        assert unmet.code == "authority.reauthentication"
        assert unmet.citations == before["authority"].citations

    def test_a_definition_may_ask_it_of_more(self) -> None:
        rule = procedure().rules["authority.reauthentication"]
        more = {**procedure().rules, rule.id: replace(rule, choices=("return_papers",))}
        rules = replace(procedure(), rules=more, digest="more")
        assert codes(self.given("return_papers", REVIEWER)) == []
        assert codes(self.given("return_papers", REVIEWER, rules)) == [rule.id]

    def test_the_acts_that_are_signed_are_those_that_the_law_in_force_names(self) -> None:
        signed = {name for name, each in specs().items() if each.signed}
        for each in shipped().all():
            assert set(each.rules["authority.reauthentication"].choices) == signed


class TestSeparation:
    @pytest.mark.parametrize("command", ["propose", "study"])
    def test_who_proposed_or_studied_does_not_review__order_713_art_25_1(
        self, command: str
    ) -> None:
        matter = under_review().did(command, by=REVIEWER)
        unmet = only(give("give_review_verdict", REVIEWER, matter, UP))
        assert (unmet.code, law(unmet)) == (
            "review.drafter_reviews",
            ["order_713 25.1", "order_713 28"],
        )
        assert unmet.params == {"people": (REVIEWER,), "other_act": (command,)}

    def test_who_is_named_as_author_does_not_review__order_713_art_25_1(self) -> None:
        matter = under_review(authors=[REVIEWER])
        unmet = only(give("give_review_verdict", REVIEWER, matter, UP))
        assert unmet.params == {"people": (REVIEWER,), "other_act": ("draft",)}
        assert codes(give("give_review_verdict", LEGAL_HEAD, matter, UP)) == []

    def test_nor_confirms_the_changes(self) -> None:
        asked: dict[str, Any] = {"verdict": "lawful_with_changes", "changes": ["改第三条"]}
        matter = under_review().did("give_review_verdict", UP, LEGAL_HEAD, **asked)
        matter.stage = "awaiting_changes"
        matter.drafted("第二稿", "editorial", authors=[REVIEWER])
        assert codes(give("confirm_changes", REVIEWER, matter, UP)) == ["review.drafter_reviews"]

    def test_who_shortened_the_review_does_not_give_it__order_713_art_26_2(self) -> None:
        matter = under_review().did("approve_override", by=LEGAL_HEAD)
        unmet = only(give("give_review_verdict", LEGAL_HEAD, matter, UP))
        assert (unmet.code, law(unmet)) == (
            "review.own_shortening",
            ["order_713 26.2", "house_rules"],
        )
        assert unmet.params == {"people": (LEGAL_HEAD,), "other_act": ("approve_override",)}
        assert codes(give("give_review_verdict", REVIEWER, matter, UP)) == []

    def test_who_belongs_to_a_side_does_not_review__order_713_art_25_1(self) -> None:
        """A reviewer who also holds a post in the lead unit, and has done nothing on the matter."""
        both = Appointment(REVIEWER, "planning_construction", "clerk", LONG_AGO, None)
        people = replace(directory(), appointments=(*directory().appointments, both))
        unmet = only(give("give_review_verdict", REVIEWER, under_review(), UP, people=people))
        assert (unmet.code, law(unmet)) == (
            "review.drafter_reviews_unit",
            ["order_713 25.1", "order_713 28"],
        )
        assert unmet.params == {"people": (REVIEWER,), "units": ("planning_construction",)}

    def test_what_one_did_is_told_rather_than_where_one_sits(self) -> None:
        both = Appointment(REVIEWER, "planning_construction", "clerk", LONG_AGO, None)
        people = replace(directory(), appointments=(*directory().appointments, both))
        matter = under_review().did("study", by=REVIEWER).did("propose", by=REVIEWER)
        unmet = only(give("give_review_verdict", REVIEWER, matter, UP, people=people))
        assert unmet.params == {"people": (REVIEWER,), "other_act": ("propose", "study")}

    def test_counsel_with_a_part_in_the_matter_gives_no_opinion__order_713_art_28(self) -> None:
        matter = ready(stage="drafting").drafted("二", "editorial", authors=[COUNSEL])
        unmet = only(give("record_counsel_opinion", COUNSEL, matter))
        assert (unmet.code, law(unmet)) == ("review.side_counsels", ["order_713 28"])

    def test_a_side_does_not_shorten_its_review__order_713_art_26_2(self) -> None:
        matter = ready(lead_unit="legal_office")
        unmet = only(give("approve_override", LEGAL_HEAD, matter))
        assert (unmet.code, unmet.params["units"]) == (
            "review.side_shortens_unit",
            ("legal_office",),
        )

    def test_every_reason_is_told_even_so(self) -> None:
        matter = under_review(authors=[REVIEWER]).drafted("三", "editorial")
        found = give("give_review_verdict", REVIEWER, matter, UP)
        assert codes(found) == [
            "review.drafter_reviews",
            "legality_review.counsel_not_consulted",
            "legality_review.not_accepted",
        ]

    def test_an_agent_brings_the_principals_past(self) -> None:
        matter = under_review().did("study", by=REVIEWER)
        lent = mandate(REVIEWER, OTHER_REVIEWER)
        unmet = only(give("give_review_verdict", OTHER_REVIEWER, matter, UP, mandate=lent))
        assert unmet.params["people"] == (REVIEWER,)

    def test_and_the_agents_own(self) -> None:
        matter = under_review().did("study", by=OTHER_REVIEWER)
        lent = mandate(REVIEWER, OTHER_REVIEWER)
        unmet = only(give("give_review_verdict", OTHER_REVIEWER, matter, UP, mandate=lent))
        assert unmet.params["people"] == (OTHER_REVIEWER,)

    @pytest.mark.parametrize("command", ["give_review_verdict", "confirm_changes", "recheck_text"])
    def test_who_held_the_hearing_or_filed_evidence_does_not_review__art_25_1(
        self, command: str
    ) -> None:
        """Also somebody named as its host, and who has moved to the legal office since."""
        for act, told in (
            ("hold_hearing", {"chair": REVIEWER}),
            ("hold_hearing", {"recorder": REVIEWER}),
            ("sign_hearing_record", {}),
            ("close_open_call", {}),
            ("file_evidence", {}),
        ):
            by = CLERK if told else REVIEWER
            matter = under_review().did(act, by=by, **told)
            assert "review.drafter_reviews" in codes(give(command, REVIEWER, matter, UP)), act


class TestCounsel:
    @pytest.mark.parametrize("command", ["give_review_verdict", "confirm_changes"])
    def test_counsel_is_told_why_it_cannot_rule__order_713_art_28(self, command: str) -> None:
        unmet = only(give(command, COUNSEL, under_review(), UP))
        assert (unmet.code, law(unmet)) == (
            "review.counsel_cannot_rule",
            ["order_713 25.1", "order_713 28"],
        )
        assert unmet.params == {"role": procedure().roles["counsel"].name}
        assert [holder.role for holder in unmet.cured_by] == ["reviewer", "head"]

    def test_a_mandate_does_not_make_counsel_a_reviewer__order_713_art_28(self) -> None:
        """Neither as agent of a reviewer nor with a reviewer as agent."""
        for principal, agent in ((REVIEWER, COUNSEL), (COUNSEL, REVIEWER)):
            lent = mandate(principal, agent)
            found = give("give_review_verdict", agent, under_review(), UP, mandate=lent)
            assert codes(found) == ["review.counsel_cannot_rule"]

    def test_elsewhere_counsel_is_as_anybody(self) -> None:
        assert codes(give("start", COUNSEL, Matter(stage="proposed"))) == ["authority.role"]


class TestMandates:
    def test_an_agent_acts_under_the_principals_post(self) -> None:
        matter = Matter(stage="proposed").did("study").did("classify")
        verdict = give("start", KEEPER, matter, mandate=mandate(DIRECTOR, KEEPER))
        assert codes(verdict) == []
        assert verdict.held is not None
        assert (verdict.held.person, verdict.held.role) == (DIRECTOR, "director")

    @pytest.mark.parametrize(
        "lent", [mandate(DIRECTOR, HEAD, "decline"), mandate(DIRECTOR, HEAD, until="2026-08-31")]
    )
    def test_beyond_its_scope_or_its_dates_it_is_nothing(self, lent: Mandate) -> None:
        matter = Matter(stage="proposed").did("study")
        assert codes(give("start", HEAD, matter, mandate=lent)) == ["authority.role"]

    @pytest.mark.parametrize("agent", [CLERK, HEAD])
    def test_no_side_starts_its_own_matter_for_the_director__house_rules(self, agent: str) -> None:
        matter = Matter(stage="proposed").did("study").did("classify")
        unmet = only(give("start", agent, matter, mandate=mandate(DIRECTOR, agent)))
        assert (unmet.code, law(unmet)) == ("mandate.side_lent", ["house_rules"])
        assert unmet.params == {"people": (agent,), "units": ("planning_construction",)}

    @pytest.mark.parametrize("side", ["proposing_unit", "lead_unit"])
    def test_the_finance_opinion_is_not_lent_to_a_side__budget_law_art_13(self, side: str) -> None:
        units: dict[str, Any] = {"proposing_unit": "discipline", "lead_unit": "discipline"}
        matter = Matter(**{**units, side: "planning_construction"})
        lent = mandate("finance.clerk", CLERK)
        found = give("confirm_budget_line", CLERK, matter, mandate=lent)
        assert codes(found) == ["mandate.side_lent"]

    def test_within_its_own_unit_finance_may_stand_in__budget_law_art_13(self) -> None:
        matter = Matter(proposing_unit="finance", lead_unit="finance")
        lent = mandate("finance.head", "finance.clerk")
        assert codes(give("confirm_budget_line", "finance.clerk", matter, mandate=lent)) == []
        assert codes(give("confirm_budget_line", "finance.clerk", matter)) == []

    def test_papers_are_not_accepted_by_the_side_that_sent_them__order_713_art_26_1(self) -> None:
        matter = ready(stage="awaiting_review").did("submit_for_review")
        found = give("accept_papers", CLERK, matter, mandate=mandate(REVIEWER, CLERK))
        assert codes(found) == ["mandate.side_lent"]

    @pytest.mark.parametrize(
        ("command", "principal", "stage"),
        [
            ("classify", KEEPER, "proposed"),
            ("exclude", DIRECTOR, "proposed"),
            ("decline", DIRECTOR, "proposed"),
            ("assign_study", KEEPER, "proposed"),
            ("assign", DIRECTOR, "started"),
            ("return_papers", REVIEWER, "awaiting_review"),
            ("record_reply", KEEPER, "awaiting_reply"),
            ("remove_agenda_item", KEEPER, "tabled"),
            ("sign_document", DIRECTOR, "decided"),
            ("issue", KEEPER, "decided"),
            ("resume_execution", DIRECTOR, "suspended"),
        ],
    )
    @pytest.mark.parametrize("side", ["proposing_unit", "lead_unit", "co_unit"])
    def test_what_decides_on_a_matter_is_not_lent_to_a_side__house_rules(
        self, command: str, principal: str, stage: str, side: str
    ) -> None:
        units: dict[str, Any] = {"proposing_unit": "discipline", "lead_unit": "discipline"}
        units |= (
            {"co_units": ("planning_construction",)}
            if side == "co_unit"
            else {side: "planning_construction"}
        )
        found = give(
            command, CLERK, Matter(stage=stage, **units), mandate=mandate(principal, CLERK)
        )
        assert "mandate.side_lent" in codes(found)

    def test_nor_to_the_unit_that_studied_what_others_proposed__order_713_art_10(self) -> None:
        answers = {**NO_STEP, "origin": "citizens"}
        matter = Matter(stage="proposed", answers=answers, proposing_unit="general_office")
        matter.did("assign_study", by=DIRECTOR, unit="planning_construction").did("study")
        matter.did("classify", by=OFFICE_HEAD)
        found = give("start", HEAD, matter, mandate=mandate(DIRECTOR, HEAD))
        assert codes(found) == ["mandate.side_lent"]

    @pytest.mark.parametrize(
        "command",
        ["freeze_agenda", "cancel_meeting", "open_meeting", "record_attendance", "close_meeting"],
    )
    def test_an_act_on_a_meeting_is_not_lent_to_a_side_of_what_it_hears__house_rules(
        self, command: str
    ) -> None:
        heard = (Matter(lead_unit="finance", proposing_unit="finance"), Matter())
        for agent, kept in ((CLERK, True), ("legal.reviewer.1", False)):
            lent = mandate(KEEPER, agent)
            found = give(command, agent, on=UP, at=sitting(), mandate=lent, tabled=heard)
            assert ("mandate.side_lent" in codes(found)) is kept

    def test_a_member_who_withdrew_does_not_enter_who_left__order_713_art_30_1(self) -> None:
        own = Appointment(MEMBER, "general_office", "keeper", LONG_AGO, None)
        people = replace(directory(), appointments=(*directory().appointments, own))
        left: dict[str, Any] = {"person": OTHER_MEMBER, "on": UP, "at": sitting(), "people": people}
        heard = Matter().sat("withdraw_from_item", person=MEMBER)
        found = give("record_attendance", MEMBER, tabled=(heard,), **left)
        assert codes(found) == ["matter.recused"]
        assert codes(give("record_attendance", MEMBER, tabled=(Matter(),), **left)) == []

    def test_the_agents_own_post_does_not_count_under_it(self) -> None:
        lent = mandate(DIRECTOR, CLERK)
        found = give("revise_draft", CLERK, Matter(), mandate=lent)
        assert codes(found) == ["authority.role"]

    def test_whoever_holds_a_post_may_lend_it(self) -> None:
        assert codes(give("grant_mandate", COUNSEL)) == []

    def test_whoever_holds_none_has_nothing_to_lend(self) -> None:
        people = replace(directory(), appointments=())
        unmet = only(give("grant_mandate", COUNSEL, people=people))
        assert (unmet.code, unmet.cured_by) == ("authority.role", ())


class TestBothSidesByMandate:
    """Whoever could act for a side at once is on it, by whichever chain of mandates."""

    LENT = mandate(HEAD, REVIEWER, "pause")

    def tried(self, command: str, actor: str, *others: Mandate, used: Mandate | None = None) -> Any:
        numbered = (replace(each, id=number) for number, each in enumerate(others, 2))
        known = {each.id: each for each in (*numbered, *((used,) if used else ()))}
        people = replace(directory(), mandates=known)
        return give(command, actor, under_review(), UP, people=people, mandate=used)

    def test_a_reviewer_who_may_act_for_the_lead_unit_does_not_review__order_713_art_25_1(
        self,
    ) -> None:
        unmet = only(self.tried("give_review_verdict", REVIEWER, self.LENT))
        assert (unmet.code, law(unmet)) == (
            "authority.stands_in",
            ["order_713 25.1", "order_713 28"],
        )
        told = {"people": (REVIEWER,), "principals": (HEAD,), "units": ("planning_construction",)}
        assert unmet.params == told
        over = replace(self.LENT, ended_on=day(UP))
        assert codes(self.tried("give_review_verdict", REVIEWER, over)) == []

    def test_nor_does_anybody_for_him_nor_he_for_anybody(self) -> None:
        for actor, principal in (("office.archivist", REVIEWER), (REVIEWER, OTHER_REVIEWER)):
            used = mandate(principal, actor)
            found = self.tried("give_review_verdict", actor, self.LENT, used=used)
            assert codes(found) == ["authority.stands_in"]

    def test_what_is_not_lent_to_a_side_is_not_lent_to_who_acts_for_it_either(self) -> None:
        used, other = mandate(OTHER_REVIEWER, KEEPER), mandate(CLERK, KEEPER)
        matter = ready(stage="awaiting_review").did("submit_for_review")
        people = replace(directory(), mandates={1: used, 2: replace(other, id=2)})
        found = give("accept_papers", KEEPER, matter, people=people, mandate=used)
        assert codes(found) == ["mandate.side_lent"]
        assert codes(give("accept_papers", KEEPER, matter, mandate=used)) == []

    def test_he_is_not_counted_among_those_who_are_left(self) -> None:
        rules, facts = procedure(), under_review().facts
        people = replace(directory(), mandates={1: self.LENT})
        holders = rules.holders("give_review_verdict")
        for known, there in ((people, False), (directory(), True)):
            left = able(rules, known, facts, day(UP), "give_review_verdict", holders)
            assert (REVIEWER in left) is there


class TestWaivers:
    def test_whoever_takes_part_is_told_that_a_step_cannot_be_waived(self) -> None:
        for actor in (CLERK, HEAD, DIRECTOR):
            found = give("rule_waiver", actor, Matter(), step="legality_review")
            assert codes(found)[-1] == "waiver.not_waivable"

    def test_strangers_are_not(self) -> None:
        found = give("rule_waiver", COUNSEL, Matter(), step="legality_review")
        assert codes(found) == ["authority.role"]

    def test_of_a_waivable_step_only_its_approver_rules(self) -> None:
        unmet = unmets(give("rule_waiver", HEAD, Matter(), on=TODAY))[0]
        assert (unmet.code, [holder.role for holder in unmet.cured_by]) == (
            "authority.role",
            ["director"],
        )


class TestWhoIsLeft:
    """Of those whose post fits, whoever nothing keeps apart: they alone can help with a wish."""

    def approving(self, matter: Matter, people: Directory | None = None) -> tuple[str, ...]:
        rule = procedure().steps["legality_review"].rules["review_time"]
        known = directory() if people is None else people
        held = rule.override
        return able(procedure(), known, matter.facts, day(TODAY), "approve_override", held)

    def test_the_head_of_the_legal_office_can_shorten_the_review__order_713_art_26_2(self) -> None:
        assert self.approving(ready()) == (LEGAL_HEAD,)

    def test_whoever_drafted_the_text_cannot__order_713_art_26_2(self) -> None:
        assert self.approving(Matter().drafted(authors=[LEGAL_HEAD])) == ()

    def test_nor_whoever_holds_a_post_in_the_lead_unit__order_713_art_26_2(self) -> None:
        lead = Appointment(LEGAL_HEAD, ready().facts.lead_unit or "", "clerk", LONG_AGO, None)
        people = replace(directory(), appointments=(*directory().appointments, lead))
        assert self.approving(ready(), people) == ()

    def test_nor_whose_role_may_never_do_it__order_713_art_28(self) -> None:
        held = (*procedure().holders("give_review_verdict"), Holder("counsel", "law_firm"))
        found = able(
            procedure(), directory(), ready().facts, day(TODAY), "give_review_verdict", held
        )
        assert REVIEWER in found
        assert COUNSEL not in found


class TestWhoseActItIsByPost:
    """Whoever sees nothing of a matter is told only what their post could have to do there."""

    @pytest.mark.parametrize(
        ("command", "account", "theirs"),
        [
            ("give_review_verdict", REVIEWER, True),
            ("give_review_verdict", CLERK, False),
            ("record_counsel_opinion", COUNSEL, True),
            ("request_waiver", HEAD, True),
            ("request_waiver", COUNSEL, False),
            ("rule_waiver", DIRECTOR, True),
            ("approve_override", LEGAL_HEAD, True),
            ("approve_override", CLERK, False),
            ("file_unit_opinion", HEAD, False),
            ("confirm_urgent_item", CLERK, False),
        ],
    )
    def test_it_is_asked_of_procedure_and_steps(
        self, command: str, account: str, theirs: bool
    ) -> None:
        matter = under_review().facts
        found = called(procedure(), directory(), matter, {account}, command, day(TODAY))
        assert found is theirs


def test_without_a_matter_a_command_is_theirs_who_hold_it_somewhere() -> None:
    def asked(account: str) -> bool:
        return called(procedure(), directory(), None, {account}, "convene_meeting", day(TODAY))

    assert asked(KEEPER)
    assert not asked(CLERK)
