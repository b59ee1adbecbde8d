"""Payloads: what is asked, what the record keeps of it, and what is late."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.unit.builders import CLERK, GOOD, TODAY, day, payload, specs
from workflow.canonical import canonical
from workflow.commands import CORE, Subject


@pytest.mark.parametrize("command", sorted(GOOD))
class TestEveryCommand:
    def test_takes_its_payload_and_writes_it_as_json(self, command: str) -> None:
        assert canonical(payload(command).journal_form()).startswith("{")

    def test_refuses_a_key_it_does_not_know(self, command: str) -> None:
        with pytest.raises(ValidationError, match="extra_forbidden"):
            payload(command, no_such_key=1)

    def test_is_not_changed_once_made(self, command: str) -> None:
        made = payload(command)
        for name in type(made).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(made, name, None)


def test_the_examples_cover_every_command() -> None:
    assert set(GOOD) == set(specs())


def test_a_command_is_about_what_it_changes() -> None:
    assert CORE["propose"].subject is Subject.ORGANISATION
    assert CORE["propose_agenda_item"].subject is Subject.MATTER_AND_MEETING
    assert CORE["freeze_agenda"].subject is Subject.MEETING
    gated = [name for name, spec in specs().items() if spec.gated]
    assert gated == [
        "start",
        "propose_agenda_item",
        "close_matter",
        "submit_for_review",
        "confirm_changes",
        "recheck_text",
        "issue",
    ]


def test_of_a_secret_the_journal_keeps_nothing_at_all__secrets_law_art_31() -> None:
    made = payload("propose", state_secret=True, title="某某", answers={"technical": True})
    assert made.journal_form() == {"state_secret": True}


def test_of_a_proposal_it_keeps_everything() -> None:
    kept = payload("propose", answers={"technical": True}).journal_form()
    assert kept["title"] == "高新区污水处理收费标准调整"
    assert kept["answers"] == {"technical": True}


def test_the_step_of_an_act_has_a_column_of_its_own() -> None:
    assert "step" not in payload("file_research", step="research").journal_form()
    assert payload("request_waiver").journal_form()["step"] == "open_call"


@pytest.mark.parametrize(
    ("command", "changes", "today", "late"),
    [
        ("file_research", {"done_on": "2026-08-25"}, TODAY, 7),
        ("file_research", {"done_on": TODAY}, TODAY, 0),
        ("file_research", {"done_on": "2026-09-05"}, TODAY, 0),
        ("revise_draft", {"authors": [CLERK]}, TODAY, 0),
        ("grant_mandate", {"since": "2026-08-30", "until": "2026-09-30"}, TODAY, 2),
    ],
)
def test_an_entry_is_late_by_the_days_since_its_event(
    command: str, changes: dict[str, object], today: str, late: int
) -> None:
    assert payload(command, **changes).days_late(day(today)) == late


def test_the_version_of_the_rules_moved_to_is_no_day_of_an_event() -> None:
    assert payload("migrate", version="2019-09-01").days_late(day(TODAY)) == 0


@pytest.mark.parametrize(("number", "named"), [(None, ()), ("2026-7", ("2026-7",))])
def test_a_report_names_the_matter_that_continues_the_measure(
    number: str | None, named: tuple[str, ...]
) -> None:
    assert payload("file_emergency_report", continued_by=number).named_matters() == named


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_yes_and_no_are_not_guessed(value: object) -> None:
    with pytest.raises(ValidationError):
        specs()["propose"].payload.model_validate({"state_secret": value})


def test_blanks_around_a_text_do_not_count() -> None:
    assert payload("withdraw", reasons="  情况变化 ").journal_form() == {"reasons": "情况变化"}
    with pytest.raises(ValidationError):
        payload("withdraw", reasons="   ")


def test_a_payload_names_the_other_matters_that_it_is_about__order_713_art_37() -> None:
    proposal = payload("propose", adjusts="2026-1", continues="2026-2")
    assert proposal.named_matters() == ("2026-1", "2026-2")
    assert payload("propose").named_matters() == ()
    assert payload("pause").named_matters() == ()


def test_only_papers_with_a_number_of_their_own_have_a_key() -> None:
    assert payload("pause").paper_key() == ""
    assert payload("submit_request").paper_key() != ""
