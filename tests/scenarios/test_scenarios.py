"""Every shipped scenario comes out as it is written, on both databases; a wrong one does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from api.bootstrap import open_rehearsal
from api.bootstrap import stage as set_up
from api.comparing import ERRORS
from api.founding import found
from api.presenting.matters import Matter
from api.presenting.page import Page, Terminal
from api.presenting.slip import agenda_slip
from api.rehearsal import Played, Stage, play
from procedures.book import ProcedureBook, rehearsed
from procedures.organisation import ORGANISATIONS, Organisation, load_organisation
from procedures.scenario import ERRORS as KINDS_OF_ERROR
from procedures.scenario import (
    SCENARIOS,
    Expected,
    Scenario,
    Uploaded,
    Who,
    commands,
    load_scenario,
)
from workflow.canonical import canonical
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Gate
from workflow.errors import BadInput
from workflow.facts import as_list

SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
OWN = ORGANISATIONS / "jiyuan.yaml"
SAMPLE = load_organisation(OWN, ProcedureBook())

#: Reasons that no scenario under the shipped profile can show, and why.
UNSEEN = {
    "agenda.items_left": "the service takes them off first; this is for one that came in between",
    "agenda.not_listed": "only a tabled matter can be taken off, and it is listed",
    "agenda.text_not_reviewed": "the review's own step speaks first; this asks a second time",
    "legality_review.not_accepted": "a verdict is given under review, and acceptance leads there",
    "legality_review.clients_untold": "for rules that bound clients and ask for no retainer",
    "authority.second_factor": "no shipped profile asks for one",
    "staffing.named_falls_out": "a warning: tests/unit/test_decisions_staffing.py",
    "expert_argument.too_few_left": "a warning: tests/unit/test_decisions_staffing.py",
    "signature.broken": "only raw SQL edits what was signed",
    "signature.missing": "only raw SQL takes a signature away",
    "staffing.left_by_act": "all three reviewers would have to take part, one after the other",
    "staffing.nobody_retained": "a warning for an office that has yet to retain somebody",
    "adoption.not_taken_in": "the public sends in by the door, and no scenario has one",
    "open_call.too_few_channels": "one channel is enough, and the form asks for one",
    "meeting.modes": "every body of a shipped profile may vote in every way",
    "migration.stage_unknown": "a profile cannot take a stage of its base away",
    "issuance.nothing_issued": "a number is voided where one was given out, and only there",
    "issuance.issued_already": "a document is numbered where it has no number, and only there",
    "fair_competition.exception_overrun": "a debt, which the view of the matter tells",
    "fair_competition.exception_running": "a debt, which the view of the matter tells",
    "request_reply.nothing_asked": "only a matter that was asked about awaits a reply",
    "options.missing": "alternatives may be laid before and need not",
    "participation.too_few_methods": "one method is enough, and the form asks for one",
    "step.open": "for a step kind that gives no reason of its own",
    "unworded": "for a rule of a profile that has no words of its own",
}

sqlite_only = pytest.mark.parametrize("backend", ["sqlite"])


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(SCENARIOS / f"{name}.yaml")


@cache
def sample(profile: str | None) -> Organisation:
    return load_organisation(OWN, rehearsed(), profile)


@contextmanager
def stage(url: str, *, rehearsal: bool = True, profile: str | None = None) -> Iterator[Stage]:
    with open_rehearsal(url, datetime(2026, 1, 1, tzinfo=UTC)) as house:
        found(house.uow, replace(sample(profile), rehearsal=rehearsal), house.clock)
        yield set_up(house, SAMPLE.id)


def told(played: Played) -> list[str]:
    """The differences in words of every language, after checking that they have them."""
    words = [
        [catalogue_for(locale).tell(each) for each in played.differences] for locale in locales()
    ]
    return words[-1]


def sat(journey: list[Played]) -> str:
    """The code of the meeting that sat last."""
    return str([played.meeting for played in journey if played.step.do == "close_meeting"][-1])


@pytest.mark.parametrize("name", SHIPPED)
def test_comes_out_as_written(name: str, database_url: str) -> None:
    written = scenario(name)
    with stage(database_url, profile=written.profile) as set_stage:
        journey = list(play(written, set_stage))
        assert {played.number: told(played) for played in journey if not played.met} == {}
        assert len(journey) == len(written.steps)
        audit = set_stage.inquiry.audit(SAMPLE.id)
    assert audit.flaws == ()
    acted = [played for played in journey if played.error is None]
    replayed = [played for played in acted if played.outcome and played.outcome.replayed]
    # A meeting that is called off writes an entry for each matter that leaves its agenda.
    untabled = [
        matter
        for played in acted
        if played.outcome and played.outcome.result
        for matter in as_list(played.outcome.result.get("untabled"))
    ]
    assert audit.entries == 1 + len(acted) - len(replayed) + len(untabled)


@pytest.mark.parametrize("name", SHIPPED)
def test_cites_instruments_that_the_profile_or_what_it_joins_knows(name: str) -> None:
    written = scenario(name)
    book = rehearsed()
    main = book.get(written.profile or SAMPLE.profile)
    known = {name for each in (main, *book.beside(main)) for name in each.instruments}
    assert {cited.split()[0] for cited in written.cites} <= known


def test_together_they_show_every_reason_there_is() -> None:
    catalogue = catalogue_for("zh")
    reasons = {
        code.removeprefix("refusal.").removesuffix(".what")
        for code in catalogue
        if code.startswith("refusal.") and code.endswith(".what")
    }
    shown = {
        code
        for name in SHIPPED
        for step in scenario(name).steps
        if step.expect != "done"
        for code in step.expect.refused or ()
    } | {code for name in SHIPPED for step in scenario(name).steps for code in step.warns or ()}
    assert shown <= reasons
    assert reasons - shown == UNSEEN.keys()


def test_together_they_give_every_command() -> None:
    given = {step.do for name in SHIPPED for step in scenario(name).steps}
    assert set(commands()) <= given


def test_every_kind_of_error_can_be_expected() -> None:
    assert tuple(ERRORS) == KINDS_OF_ERROR


# --- what the sample matter has to show -----------------------------------------------------------


class TestTheSewageCharge:
    """The mistakes on the way of matter 1, and what became of it."""

    @pytest.mark.parametrize(
        ("command", "code", "cited"),
        [
            ("propose_agenda_item", "legality_review.missing", "order_713 25.1"),
            ("submit_for_review", "legality_review.papers_missing", "order_713 26.1"),
            ("publish_open_call", "open_call.short_without_reason", "order_713 15.1"),
            ("deliver_hearing_papers", "hearing.papers_late", "order_713 16.3"),
            ("file_expert_opinion", "expert_argument.direct_interest", "order_713 20"),
            ("propose_agenda_item", "legality_review.counsel_is_not_review", "order_713 28"),
            ("give_review_verdict", "review.counsel_cannot_rule", "order_713 28"),
            ("give_review_verdict", "review.drafter_reviews", "order_713 25.1"),
            ("propose_agenda_item", "legality_review.other_text", "order_713 25.2"),
            ("propose_agenda_item", "agenda.frozen", "jiyuan_report_2022"),
        ],
    )
    def test_shows_the_mistake_with_its_citation_and_its_alerts(
        self, command: str, code: str, cited: str
    ) -> None:
        (expected,) = [
            step.expect
            for step in scenario("sewage_charge").steps
            if step.do == command and step.expect != "done" and code in (step.expect.refused or ())
        ]
        assert cited in expected.cites[code]
        assert expected.alerts

    def test_crosses_national_day_on_its_make_up_workdays(self) -> None:
        days = {step.day for step in scenario("sewage_charge").steps}
        assert {date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 10)} <= days
        assert not any(date(2026, 10, 1) <= day <= date(2026, 10, 7) for day in days)

    def test_is_closed_with_the_text_that_was_reviewed(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            journey = list(play(scenario("sewage_charge"), set_stage))
            matter = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
            meeting = set_stage.inquiry.meeting(SAMPLE.id, sat(journey))
        review = matter.facts.passing_review
        assert matter.facts.stage == "closed"
        assert matter.facts.draft
        assert review
        assert matter.facts.draft.number == 3
        assert matter.facts.draft.digest == review.digest
        assert review.reviewer not in matter.facts.doers("draft")
        assert [entry.matter for entry in meeting.agenda] == ["2026-0001"]
        assert meeting.frozen_on == date(2026, 11, 10)

    @sqlite_only
    def test_names_on_its_slip_the_authors_of_every_version_once(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            journey = list(play(scenario("sewage_charge"), set_stage))
            standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
            meeting = set_stage.inquiry.meeting(SAMPLE.id, sat(journey))
        assert [draft.authors for draft in standing.facts.drafts] == [
            ("planning.clerk", "legal.reviewer.1"),
            ("planning.clerk",),
            ("planning.clerk",),
        ]
        slip = agenda_slip(catalogue_for("zh"), standing, meeting)
        assert "归档" not in slip
        assert slip.count("签名有效") == 4
        (line,) = [line for line in slip.splitlines() if line.startswith("起草人")]
        assert line.split() == ["起草人", "规划建设局经办人、法制办公室审查员一"]

    @sqlite_only
    def test_leaves_an_alert_with_everybody_who_must_know(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            blocked = [
                played
                for played in play(scenario("sewage_charge"), set_stage)
                if played.outcome and played.outcome.alerts
            ]
            for played in blocked:
                assert played.outcome
                for account in played.outcome.alerts:
                    days = {each.day for each in set_stage.inquiry.inbox(SAMPLE.id, account)}
                    assert played.at.date() in days
        assert len(blocked) == 11


@pytest.mark.parametrize(
    ("name", "attacks"),
    [
        (
            "both_sides_by_mandate",
            {
                "mandate.side_lent": "start",
                "staffing.lead_reviews": "assign",
                "review.drafter_reviews": "give_review_verdict",
                "review.drafter_reviews_unit": "give_review_verdict",
                "review.counsel_cannot_rule": "give_review_verdict",
                "review.side_counsels": "record_counsel_opinion",
                "review.side_counsels_unit": "record_counsel_opinion",
                "review.side_shortens": "approve_override",
                "review.side_shortens_unit": "approve_override",
            },
        ),
        (
            "verdict_shopping",
            {
                "legality_review.nothing_to_confirm": "confirm_changes",
                "legality_review.nothing_changed": "submit_for_review",
            },
        ),
        (
            "interest_declared_twice",
            {
                "expert_argument.direct_interest": "file_expert_opinion",
                "expert_argument.not_among_chosen": "release_expert",
                "expert_argument.opinion_given": "release_expert",
                "expert_argument.released_by_side": "release_expert",
                "waiver.begun": "request_waiver",
            },
        ),
        ("text_rewritten_in_call", {"open_call.text_changed": "close_open_call"}),
    ],
)
def test_an_attack_is_refused_for_its_own_reason(name: str, attacks: dict[str, str]) -> None:
    shown = {
        (code, step.do)
        for step in scenario(name).steps
        if step.expect != "done"
        for code in step.expect.refused or ()
    }
    assert attacks.items() <= shown


@sqlite_only
def test_repeated_attempts_leave_one_alert_per_person_and_day(database_url: str) -> None:
    with stage(database_url) as set_stage:
        list(play(scenario("repeated_agenda_attempts"), set_stage))
        for account in ("environment.clerk", "legal.reviewer.2", "office.keeper"):
            inbox = set_stage.inquiry.inbox(SAMPLE.id, account)
            assert [(each.day.day, each.count) for each in inbox] == [(17, 1), (16, 3)]


def test_nothing_of_a_secret_is_kept(database_url: str) -> None:
    with stage(database_url) as set_stage:
        list(play(scenario("secret_matter"), set_stage))
        journal = "".join(entry.body for entry in set_stage.inquiry.entries(SAMPLE.id))
        stub = set_stage.inquiry.matter(SAMPLE.id, "2026-0001").facts
    assert "专项应急预案" not in journal
    assert (stub.title, stub.answers) == ("", {})


@sqlite_only
def test_a_void_number_is_never_used_again(database_url: str) -> None:
    with stage(database_url, profile="order_713") as set_stage:
        list(play(scenario("void_number"), set_stage))
        matters = [set_stage.inquiry.matter(SAMPLE.id, f"2026-000{each}").facts for each in (1, 2)]
    issued = [record.payload for facts in matters for record in facts.of("issue")]
    assert [(each["series"], each["year"], each["number"]) for each in issued] == [
        ("济高管", 2026, 1),
        ("济高管", 2026, 2),
        ("济高管", 2026, 3),
        ("济高管", 2026, 5),
        ("济高管", 2026, 4),
    ]


@sqlite_only
@pytest.mark.parametrize(
    ("done", "gate", "told"),
    [
        ("conclude_item", Gate.ISSUE, "离印发还差 4 项"),
        ("file_report", Gate.ISSUE, "可以编号印发"),
        ("exempt_publication", Gate.CLOSE, "离办结还差 2 项"),
    ],
)
def test_after_the_decision_it_tells_what_is_owed_next(
    done: str, gate: Gate, told: str, database_url: str
) -> None:
    written = scenario("void_number")
    last = max(
        place
        for place, step in enumerate(written.steps)
        if step.do == done and step.expect == "done" and step.matter == written.steps[0].matter
    )
    steps = written.steps[: last + 1]
    lines: list[object] = []
    with stage(database_url, profile="order_713") as set_stage:
        list(play(written.model_copy(update={"steps": steps}), set_stage))
        standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
    page, shown = Page(Terminal(100), lines.append), Matter(catalogue_for("zh"), standing)
    shown.write_why(page, lambda _: None)
    assert standing.gate is gate
    assert told in "".join(map(str, lines))
    shown.write(page)
    text = "".join(map(str, lines))
    assert ("济高管〔2026〕1号" in text, "济高管〔2026〕2号" in text) == (gate is Gate.CLOSE,) * 2


@sqlite_only
def test_what_changes_another_decision_names_it_and_is_named_by_it(database_url: str) -> None:
    lines: list[object] = []
    with stage(database_url, profile="order_713") as set_stage:
        list(play(scenario("suspend_then_adjust"), set_stage))
        for number in ("2026-0001", "2026-0002"):
            standing = set_stage.inquiry.matter(SAMPLE.id, number)
            Matter(catalogue_for("en"), standing).write(Page(Terminal(100), lines.append))
    told = [str(line).split() for line in lines]
    assert ["record", "a", "major", "adjustment", "2026-0002"] in told
    assert ["Adjusts", "or", "ends", "2026-0001"] in told


@sqlite_only
def test_a_request_sent_twice_acts_once(database_url: str) -> None:
    with stage(database_url) as set_stage:
        journey = list(play(scenario("two_at_once"), set_stage))
    first, again = [played.outcome for played in journey if played.step.key][:2]
    assert first
    assert again
    assert (first.replayed, again.replayed) == (False, True)
    assert first.entry == again.entry


@sqlite_only
def test_acts_under_a_mandate_are_told_with_both(database_url: str) -> None:
    with stage(database_url) as set_stage:
        list(play(scenario("spring_festival_review"), set_stage))
        facts = set_stage.inquiry.matter(SAMPLE.id, "2026-0001").facts
    (ruling,) = facts.of("rule_waiver")
    assert (ruling.actor, ruling.principal) == ("leader.deputy", "leader.director")


# --- a wrong expectation fails --------------------------------------------------------------------

ATTEMPTS = "repeated_agenda_attempts"
REFUSED_AT = next(
    place for place, step in enumerate(scenario(ATTEMPTS).steps) if step.expect != "done"
)


def with_step(written: Scenario, place: int, **changes: Any) -> Scenario:
    steps = list(written.steps)
    steps[place] = steps[place].model_copy(update=changes)
    return written.model_copy(update={"steps": tuple(steps)})


def expecting(**expected: Any) -> Scenario:
    """The attempts, with another expectation of the first."""
    return with_step(scenario(ATTEMPTS), REFUSED_AT, expect=Expected(**expected))


def everybody() -> tuple[Who, ...]:
    expect = scenario(ATTEMPTS).steps[REFUSED_AT].expect
    assert expect != "done"
    assert expect.alerts
    return expect.alerts


MISSING = "legality_review.missing"


@sqlite_only
class TestAWrongExpectation:
    def differences(self, url: str, written: Scenario) -> list[tuple[int, list[str]]]:
        with stage(url) as set_stage:
            return [
                (played.number - 1, [each.code for each in played.differences])
                for played in play(written, set_stage)
                if not played.met and told(played)
            ]

    @pytest.mark.parametrize(
        ("expected", "codes"),
        [
            ({"refused": ("a.b",)}, ["rehearsal.code_missing", "rehearsal.code_unexpected"]),
            ({"refused": (MISSING, "a.b")}, ["rehearsal.code_missing"]),
            ({"refused": (MISSING, MISSING)}, ["rehearsal.code_missing"]),
            ({"refused": (MISSING,), "alerts": ()}, ["rehearsal.alert_unexpected"] * 6),
            (
                {"refused": (MISSING,), "alerts": (*everybody(), Who(account="finance.head"))},
                ["rehearsal.alert_missing"],
            ),
            (
                {"refused": (MISSING,), "cites": {MISSING: ("order_713 25.1",)}},
                ["rehearsal.other_citations"],
            ),
            (
                {
                    "refused": (MISSING,),
                    "cites": {MISSING: ("order_713 25.1", "jiyuan_report_2022 (U)")},
                },
                ["rehearsal.other_citations"],
            ),
            (
                {"refused": (MISSING,), "earliest": {MISSING: date(2026, 3, 24)}},
                ["rehearsal.other_day"],
            ),
            ({"conflict": "a.b"}, ["rehearsal.no_error"]),
        ],
    )
    def test_of_a_refusal_is_told_precisely(
        self, database_url: str, expected: dict[str, Any], codes: list[str]
    ) -> None:
        assert self.differences(database_url, expecting(**expected)) == [(REFUSED_AT, codes)]

    def test_may_name_the_mark_of_confidence_or_leave_it_out(self, database_url: str) -> None:
        cites = ("order_713 25.1 (S)", "jiyuan_report_2022")
        right = expecting(refused=(MISSING,), cites={MISSING: cites})
        assert self.differences(database_url, right) == []

    def test_of_the_stage_and_of_an_upload_is_told(self, database_url: str) -> None:
        paper = Uploaded(file="a", name="机密★.txt", text="x")
        wrong = with_step(scenario(ATTEMPTS), REFUSED_AT, stage="待上会", uploads=(paper,))
        codes = ["rehearsal.upload_state", "rehearsal.other_stage"]
        assert self.differences(database_url, wrong) == [(REFUSED_AT, codes)]

    def test_done_where_it_is_refused_ends_the_play(self, database_url: str) -> None:
        wrong = with_step(scenario(ATTEMPTS), REFUSED_AT, expect="done")
        with stage(database_url) as set_stage:
            *_, last = play(wrong, set_stage)
        assert last.number == REFUSED_AT + 1
        assert [each.code for each in last.differences] == ["rehearsal.was_refused"]
        assert last.derailed

    def test_refused_where_it_is_done_ends_the_play(self, database_url: str) -> None:
        wrong = with_step(scenario(ATTEMPTS), 1, expect=Expected(refused=("a.b",)))
        assert self.differences(database_url, wrong) == [(1, ["rehearsal.was_done"])]

    def test_an_error_where_it_should_be_done_ends_the_play(self, database_url: str) -> None:
        wrong = with_step(scenario(ATTEMPTS), 1, with_={})
        assert self.differences(database_url, wrong) == [(1, ["rehearsal.stopped_by_error"])]

    @pytest.mark.parametrize(
        "expected", [{"bad_input": "unknown.matter"}, {"not_found": "unknown.person"}]
    )
    def test_another_error_is_told(self, database_url: str, expected: dict[str, Any]) -> None:
        written = scenario("wrong_input")
        place = next(n for n, step in enumerate(written.steps) if step.matter == "2026-9999")
        wrong = with_step(written, place, expect=Expected(**expected))
        assert self.differences(database_url, wrong) == [(place, ["rehearsal.other_error"])]


# --- what cannot be played ------------------------------------------------------------------------


@sqlite_only
class TestPlaying:
    def refused(self, url: str, written: Scenario, *, rehearsal: bool = True) -> BadInput:
        with stage(url, rehearsal=rehearsal) as set_stage:
            with pytest.raises(BadInput) as caught:
                list(play(written, set_stage))
            self.entries = set_stage.inquiry.audit(SAMPLE.id).entries
        for locale in locales():
            assert catalogue_for(locale).tell(caught.value)
        return caught.value

    def test_on_a_real_organisation_is_refused_before_anything_is_done(
        self, database_url: str
    ) -> None:
        error = self.refused(database_url, scenario(ATTEMPTS), rehearsal=False)
        assert error.code == "rehearsal.not_a_rehearsal"
        assert self.entries == 1

    def test_on_another_organisation_is_refused(self, database_url: str) -> None:
        other = scenario(ATTEMPTS).model_copy(update={"organisation": "elsewhere"})
        error = self.refused(database_url, other)
        assert (error.code, error.params["wanted"]) == (
            "rehearsal.other_organisation",
            "elsewhere",
        )

    def test_under_another_profile_is_refused(self, database_url: str) -> None:
        other = scenario(ATTEMPTS).model_copy(update={"profile": "order_713"})
        error = self.refused(database_url, other)
        assert (error.code, error.params) == (
            "rehearsal.other_profile",
            {"wanted": "order_713", "found": "jiyuan_htz"},
        )
        assert self.entries == 1

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"as_": Who(unit="法制办公室", role="合法性审查人员")}, "several_hold_it"),
            ({"as_": Who(unit="综合办公室", role="专家")}, "nobody_holds_it"),
            ({"as_": Who(unit="办公室", role="专家")}, "unknown_unit"),
            ({"as_": Who(unit="综合办公室", role="秘书")}, "unknown_role"),
            ({"stage": "办理中"}, "unknown_stage"),
            ({"under_mandate_of": Who(account="leader.director")}, "no_mandate"),
        ],
    )
    def test_needs_people_and_stages_that_there_are(
        self, database_url: str, change: dict[str, Any], code: str
    ) -> None:
        error = self.refused(database_url, with_step(scenario(ATTEMPTS), 0, **change))
        assert error.code == f"rehearsal.{code}"
        assert error.params["number"] == 1

    def test_takes_units_and_roles_by_id_and_in_either_language(self, database_url: str) -> None:
        ways = ("environment_safety", "clerk"), ("environment and safety", "clerk")
        written = scenario(ATTEMPTS)
        for place, (unit, role) in enumerate(ways):
            written = with_step(written, place, as_=Who(unit=unit, role=role))
        with stage(database_url) as set_stage:
            journey = list(play(written, set_stage))
        assert {played.actor for played in journey[:2]} == {"environment.clerk"}
        assert all(played.met for played in journey)

    def test_gives_each_step_as_soon_as_it_is_played(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            journey = play(scenario(ATTEMPTS), set_stage)
            first = next(journey)
            assert set_stage.clock.now() == first.at
            assert set_stage.inquiry.audit(SAMPLE.id).entries == 2
            assert f"{first.at:%Y-%m-%d %H:%M %z}" == "2026-03-02 09:00 +0800"


@sqlite_only
def test_two_databases_tell_the_same_journey(new_database: Callable[[], str]) -> None:
    journeys = []
    for url in (new_database(), new_database()):
        with stage(url) as set_stage:
            journeys.append(
                [
                    canonical(played.outcome.to_json())
                    for played in play(scenario("hearing_rules"), set_stage)
                    if played.outcome
                ]
            )
    assert journeys[0] == journeys[1]
