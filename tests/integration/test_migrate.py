"""A rule changes: a matter stays on its version, until it is moved in the open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from procedures.book import LAW
from tests.integration import house as h
from tests.integration.house import Act, Zone, founded
from workflow.decisions.prospect import Prospect
from workflow.errors import BadInput, Conflict, NotFound
from workflow.ports import StepState
from workflow.service import Request
from workflow.service.rulebook import Wished

APRIL: Final = "2026-04-01"

#: What changes: a longer call from April on; a new step with a question of its own from May on, and
#: the call as it was, by a new provision; and from June on neither the step nor its question, by a
#: newer one, but a longer notice before the meeting.
EDITIONS: Final = {
    APRIL: """
steps:
  - id: open_call
    rules:
      period: {value: 60, cite: jiyuan_report_2022 (U)}
""",
    "2026-05-01": """
instruments:
  zone_notice:
    title: {zh: 高新区通知, en: notice of the zone}
    number: 2026-04-20
    in_force: 2026-05-01
questions:
  on_site:
    text: {zh: 是否需要现场核查？, en: Is the site to be checked?}
    kind: yes_no
    cite: jiyuan_report_2022 (U)
steps:
  - id: site_check
    kind: declared
    name: {zh: 现场核查, en: site check}
    cite: jiyuan_report_2022 (U)
    required_when: {question: on_site, is: true}
    before: review
    acts:
      file_evidence: [clerk of lead_unit, head of lead_unit]
  - id: open_call
    rules:
      period: {value: 30, cite: zone_notice 1 (U)}
  - id: legality_review
    after: [site_check]
""",
    "2026-06-01": """
instruments:
  later_notice:
    title: {zh: 高新区后一通知, en: later notice of the zone}
    number: 2026-05-20
    in_force: 2026-06-01
steps:
  - id: site_check
    kind: declared
    name: {zh: 现场核查, en: site check}
    cite: later_notice 1 (U)
    required_when: never
    before: review
    acts:
      file_evidence: [clerk of lead_unit, head of lead_unit]
  - id: legality_review
    after: [site_check]
rules:
  agenda.notice: {value: 3, cite: party_group_rules 30 (U)}
""",
}


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The shipped law with three more editions of the zone's profile, each upon the first."""
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for version, changes in EDITIONS.items():
        head = (
            f"procedure: jiyuan_htz\nversion: {version}\n"
            "extends: {procedure: jiyuan_htz, version: 2026-01-01}\n"
        )
        (folder / f"jiyuan_{version}.yaml").write_text(head + changes, "utf-8")
    return folder


@pytest.fixture
def zone(database_url: str, law: Path) -> Iterator[Zone]:
    with founded(database_url, law=law) as found:
        yield found


def migrate(version: str = APRIL, **more: object) -> Act:
    payload = {"procedure": "jiyuan_htz", "version": version, "reasons": "规则修订", **more}
    return Act("migrate", h.LEGAL_HEAD, h.always(**payload))


def prospect(zone: Zone, version: str | None = APRIL, **more: Any) -> Prospect:
    request = Request(
        zone.code,
        "migrate",
        h.LEGAL_HEAD,
        {"reasons": "规则修订", **more},
        matter=zone.matter,
    )
    wished = Wished(None, None if version is None else date.fromisoformat(version))
    return zone.house.inquiry.prospect(request, wished)


def version(zone: Zone) -> str:
    return zone.standing().procedure.version.isoformat()


def last_entry(zone: Zone) -> dict[str, Any]:
    *_, entry = zone.house.inquiry.entries(zone.code)
    told: dict[str, Any] = json.loads(entry.body)
    return told


class TestOne:
    def test_a_matter_is_moved_and_the_journal_tells_what_changed(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        old = zone.standing().procedure.digest
        zone.on(APRIL)
        outcome = zone.do(migrate())
        assert (outcome.stage, version(zone)) == ("drafting", APRIL)
        told = last_entry(zone)
        assert told["changes"]["edition"] == {
            "old": "jiyuan_htz@2026-01-01",
            "new": "jiyuan_htz@2026-04-01",
        }
        new = zone.standing().procedure.digest
        assert told["changes"]["procedure"] == {"old": old, "new": new}
        (difference,) = [
            each for each in told["payload"]["differences"] if each["aspect"] == "amount"
        ]
        assert (difference["before"]["value"], difference["after"]["value"]) == (30, 60)
        assert zone.flaws() == []

    def test_the_new_rules_bind_from_then_on(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        zone.do(migrate())
        call = h.PUBLISH.with_(closes_on=h.days(zone.today, 35))
        assert zone.refuse(call) == ("open_call.short_without_reason",)

    def test_what_was_done_counts_as_the_new_rules_say(self, zone: Zone) -> None:
        zone.advance_to("ready", h.PLAIN)
        zone.on("2026-06-15")
        zone.do(migrate("2026-05-01", answers={"on_site": True}))
        assert zone.refuse(h.SUBMIT) == ("declared.missing",)

    def test_a_move_to_a_new_question_wants_its_answer(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on("2026-05-04")
        assert zone.refuse(migrate("2026-05-01")) == ("matter.question_open",)
        wrong = migrate("2026-05-01", answers={"on_site": "x", "moon": True})
        assert set(zone.refuse(wrong)) == {"matter.answer_unfit", "matter.question_unknown"}
        zone.do(migrate("2026-05-01", answers={"on_site": True}))
        assert zone.standing().facts.answers["on_site"] is True

    def test_an_answer_on_file_is_not_changed_by_the_way(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        assert zone.refuse(migrate(answers={"technical": True})) == ("migration.answered",)

    def test_a_question_that_is_gone_takes_its_answer_along(self, zone: Zone) -> None:
        zone.on("2026-05-04")
        zone.do(h.propose({**h.PLAIN, "on_site": True}))
        zone.on("2026-06-02")
        zone.do(migrate("2026-06-01"))
        assert "on_site" not in zone.standing().facts.answers
        assert last_entry(zone)["changes"]["answers.on_site"] == {"old": True, "new": None}

    @pytest.mark.parametrize(
        ("given", "codes"),
        [
            ({"version": "2026-01-01"}, ("migration.same",)),
            ({"version": "2026-05-01"}, ("migration.not_in_force", "matter.question_open")),
            (
                {"procedure": "order_713", "version": "2019-09-01"},
                ("migration.other_procedure",),
            ),
        ],
    )
    def test_not_everything_can_be_moved_to(
        self, zone: Zone, given: dict[str, str], codes: tuple[str, ...]
    ) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        before = zone.everything()
        assert zone.refuse(migrate(**given)) == codes
        assert set(zone.changed(before)) == {"journal", "journal_head"}

    def test_nothing_goes_back(self, zone: Zone) -> None:
        zone.on(APRIL)
        zone.do(h.propose())
        assert zone.refuse(migrate("2026-01-01")) == ("migration.backwards",)

    @pytest.mark.parametrize("actor", [h.CLERK, h.HEAD, h.DIRECTOR, h.REVIEWER])
    def test_only_the_head_of_the_legal_office_may(self, zone: Zone, actor: str) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        assert zone.refuse(migrate().by(actor)) == ("authority.role",)

    def test_never_what_is_on_an_agenda(self, zone: Zone) -> None:
        zone.advance_to("tabled")
        zone.on("2026-06-02")
        assert zone.refuse(migrate()) == ("stage.not_allowed",)

    def test_nor_what_is_paused(self, zone: Zone) -> None:
        zone.advance_to("drafted")
        zone.do(h.PAUSE)
        zone.on(APRIL)
        assert "matter.paused" in zone.refuse(migrate())

    def test_a_definition_that_was_changed_since_is_told(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        error = zone.fail(migrate(digest="0" * 64))
        assert isinstance(error, Conflict)
        assert error.code == "migration.definition_changed"

    def test_so_is_a_matter_that_somebody_else_has_changed(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        error = zone.fail(migrate(), expected_version=2)
        assert error.code == "conflict.matter_changed"

    def test_a_version_that_there_is_not_is_told(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        assert zone.fail(migrate("2026-04-02")).code == "procedure.no_such_version"


class TestTheReview:
    def test_lapses_where_what_it_examined_has_changed__order_713_art_27(self, zone: Zone) -> None:
        zone.advance_to("review_passed", h.PLAIN)
        zone.on("2026-06-15")
        outcome = zone.do(migrate())
        assert outcome.stage == "drafting"
        assert "legality_review.rules_changed" in zone.unmet()
        assert zone.standing().facts.review_lapsed

    def test_a_new_review_takes_its_place(self, zone: Zone) -> None:
        zone.advance_to("review_passed")
        zone.on("2026-06-15")
        zone.do(migrate("2026-05-01", answers={"on_site": True}))
        assert zone.standing().facts.stage == "drafting"
        zone.do(h.COST_AUDIT.with_(step="site_check"))
        for act in (h.SUBMIT, h.ACCEPT, h.VERDICT):
            zone.do(act)
        zone.do(h.CONVENE)
        zone.do(h.TABLE)
        assert zone.standing().facts.stage == "tabled"

    def test_stands_where_nothing_of_it_has_changed(self, zone: Zone) -> None:
        zone.advance_to("review_passed", h.PLAIN)
        zone.on("2026-06-15")
        outcome = zone.do(migrate("2026-06-01"))
        assert outcome.stage == "review_passed"
        zone.do(h.CONVENE)
        zone.do(h.TABLE)

    def test_stands_where_a_new_step_does_not_apply(self, zone: Zone) -> None:
        zone.advance_to("review_passed")
        zone.on("2026-06-15")
        moved = zone.do(migrate("2026-05-01", answers={"on_site": False}))
        assert moved.stage == "review_passed"

    def test_stands_where_only_steps_changed_that_do_not_apply(self, zone: Zone) -> None:
        zone.advance_to("review_passed", h.QUICK)
        zone.on("2026-06-15")
        assert zone.do(migrate()).stage == "review_passed"

    def test_a_verdict_on_condition_lapses_likewise(self, zone: Zone) -> None:
        zone.advance_to("awaiting_changes", h.PLAIN)
        zone.on("2026-06-15")
        assert zone.do(migrate()).stage == "drafting"

    def test_lapsed_it_clears_nothing_even_past_the_program(self, zone: Zone) -> None:
        zone.advance_to("review_passed", h.PLAIN)
        zone.on("2026-06-15")
        zone.do(migrate())
        (row,) = zone.rows("SELECT id, current_draft_id FROM matter")
        ((review, digest),) = zone.rows("SELECT id, digest FROM review")
        code = zone.intruder.refused(
            "INSERT INTO clearance (organisation_id, matter_id, draft_id, digest, review_id, "
            f"issued_at, journal_seq) VALUES (1, {row[0]}, {row[1]}, '{digest}', {review}, "
            "'2026-06-15 09:00:00+00:00', 1)"
        )
        assert code == "yicheng:clearance_without_passed_review"


class TestManyAtOnce:
    def three(self, zone: Zone) -> list[str]:
        return [zone.advance_to(stage, h.PLAIN) for stage in ("drafted", "started", "ready")]

    def requests(self, zone: Zone, matters: list[str], act: Act) -> list[Request]:
        return [zone.request(act, matter=each) for each in matters]

    def versions(self, zone: Zone, matters: list[str]) -> set[str]:
        found = (zone.house.inquiry.matter(zone.code, each) for each in matters)
        return {each.procedure.version.isoformat() for each in found}

    def test_all_are_moved_each_with_its_entry(self, zone: Zone) -> None:
        matters = self.three(zone)
        zone.on("2026-06-15")
        bulk = zone.house.service.execute_all(self.requests(zone, matters, migrate()))
        assert bulk.done
        entries = [each.entry for each in bulk.outcomes if each is not None]
        assert entries == list(range(entries[0], entries[0] + 3))
        assert self.versions(zone, matters) == {APRIL}
        assert zone.flaws() == []

    def test_or_none_is_and_the_refusal_stays_on_record(self, zone: Zone) -> None:
        matters = self.three(zone)
        zone.on("2026-06-15")
        moved, refused, other = matters
        requests = self.requests(zone, matters, migrate())
        requests[1] = zone.request(migrate("2026-01-01"), matter=refused)
        before = zone.everything()
        bulk = zone.house.service.execute_all(requests)
        first, second, third = bulk.outcomes
        assert (bulk.done, first, third) == (False, None, None)
        assert second is not None
        assert [each.code for each in second.refusals] == ["migration.same"]
        assert zone.changed(before) == {"journal": 1, "journal_head": 0}
        assert self.versions(zone, [moved, other]) == {"2026-01-01"}
        assert last_entry(zone)["status"] == "refused"

    def test_nothing_is_journaled_where_one_is_no_request_at_all(self, zone: Zone) -> None:
        matters = self.three(zone)
        zone.on("2026-06-15")
        before = zone.everything()
        for requests, error in (
            (self.requests(zone, [*matters, "2026-9999"], migrate()), NotFound),
            ([], BadInput),
            (self.requests(zone, [matters[0], matters[0]], migrate()), BadInput),
            (
                [
                    zone.request(migrate(), matter=matters[0]),
                    replace(zone.request(migrate(), matter=matters[1]), organisation="other"),
                ],
                BadInput,
            ),
        ):
            with pytest.raises(error):
                zone.house.service.execute_all(requests)
        assert zone.everything() == before

    def test_one_after_the_other_about_the_same_matter(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on("2026-06-15")
        both = [
            zone.request(migrate()),
            zone.request(migrate("2026-05-01", answers={"on_site": True})),
        ]
        assert zone.house.service.execute_all(both).done
        assert version(zone) == "2026-05-01"

    def test_a_request_that_was_answered_is_not_done_twice(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        request = zone.request(migrate(), key="once")
        assert zone.house.service.execute_all([request]).done
        again = zone.house.service.execute_all([request]).outcomes[0]
        assert again is not None
        assert again.replayed

    def test_a_refusal_that_was_answered_is_given_again(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        request = zone.request(migrate("2026-01-01"), key="once")
        for replayed in (False, True):
            bulk = zone.house.service.execute_all([request])
            (outcome,) = bulk.outcomes
            assert outcome is not None
            assert (bulk.done, outcome.replayed) == (False, replayed)


class TestWhatItWouldBring:
    def test_is_shown_without_a_trace(self, zone: Zone) -> None:
        zone.advance_to("ready", h.PLAIN)
        zone.on("2026-06-15")
        before = zone.everything()
        found = prospect(zone, "2026-05-01")
        assert zone.everything() == before
        assert [each.id for each in found.questions] == ["on_site"]
        assert [each.code for each in found.verdict.decision.unmet] == ["matter.question_open"]
        answered = prospect(zone, "2026-05-01", answers={"on_site": True})
        (change,) = [each for each in answered.steps if each.step == "site_check"]
        assert (change.before, change.after) == (None, StepState.PENDING)
        assert change.reopened
        assert not answered.verdict.decision.unmet

    def test_days_move_with_the_period__order_713_art_15(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.PLAIN)
        zone.on(APRIL)
        found = prospect(zone)
        (call,) = [each for each in found.steps if each.step == "open_call"]
        # Thirty days end on 1 May, a holiday until the 5th; sixty on 31 May, a Sunday.
        assert call.ready_before == date(2026, 5, 7)
        assert call.ready_after == date(2026, 6, 2)
        assert found.agenda[0] < found.agenda[1]
        assert "open_call" in {each.about for each in found.differences}

    def test_steps_that_do_not_apply_are_left_out(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.QUICK)
        zone.on(APRIL)
        assert prospect(zone).differences == ()
        assert prospect(zone).steps == ()

    def test_a_review_that_lapses_is_shown(self, zone: Zone) -> None:
        zone.advance_to("review_passed", h.PLAIN)
        zone.on("2026-06-15")
        found = prospect(zone)
        (review,) = [each for each in found.steps if each.step == "legality_review"]
        assert (found.outcome, review.after) == ("review_lapsed", StepState.IN_PROGRESS)

    def test_the_version_in_force_today_can_be_wished(self, zone: Zone) -> None:
        zone.advance_to("drafted", h.QUICK)
        zone.on("2026-04-20")
        assert prospect(zone, None).after.version.isoformat() == APRIL

    def test_an_unknown_matter_is_told(self, zone: Zone) -> None:
        zone.matter = "2026-9999"
        with pytest.raises(NotFound):
            prospect(zone)
