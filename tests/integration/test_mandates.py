"""Acting for another: both are named, within scope and dates, and nobody stands on both sides."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.integration import house as h
from tests.integration.house import Act, Zone
from workflow.errors import NotFound


def end(mandate: int, actor: str = h.REVIEWER) -> Act:
    return Act("end_mandate", actor, h.always(mandate=mandate, reasons="已返岗"), about="")


def lent(zone: Zone, act: Act) -> int:
    """The number of the mandate that an act gives."""
    result = zone.do(act).result
    assert result is not None
    mandate = result["mandate"]
    assert isinstance(mandate, int)
    return mandate


@pytest.fixture
def submitted(zone: Zone) -> Zone:
    """A matter whose papers wait to be accepted by a reviewer."""
    zone.advance_to("awaiting_review")
    return zone


def test_both_are_named_in_record_and_journal(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.archivist"))
    outcome = submitted.do(h.ACCEPT.by("office.archivist"), mandate=mandate)
    record = submitted.standing().facts.records[-1]
    assert (record.actor, record.principal) == ("office.archivist", h.REVIEWER)
    assert (record.unit, record.role) == ("legal_office", "reviewer")
    ((body, actor),) = submitted.rows(
        "SELECT body, actor FROM journal WHERE seq = :seq", seq=outcome.entry
    )
    told = json.loads(body)
    assert (told["actor"], told["principal"], told["mandate"]) == (
        "office.archivist",
        h.REVIEWER,
        mandate,
    )
    assert actor == "office.archivist"
    assert submitted.rows("SELECT mandate_id FROM record WHERE principal IS NOT NULL") == [
        (mandate,)
    ]


def test_a_refused_agent_is_named_with_the_principal(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.archivist"))
    assert submitted.refuse(h.PAUSE.by("office.archivist"), mandate=mandate) == ("authority.role",)
    ((body,),) = submitted.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 1")
    told = json.loads(body)
    assert (told["actor"], told["principal"]) == ("office.archivist", h.REVIEWER)


def test_without_naming_the_mandate_it_does_not_help(submitted: Zone) -> None:
    lent(submitted, h.grant("office.archivist"))
    assert submitted.refuse(h.ACCEPT.by("office.archivist")) == ("authority.role",)


def test_a_mandate_lends_only_what_the_principal_has(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant(h.CLERK))
    submitted.do(h.RETURN)
    # The clerk may do this in person, but not under a reviewer's mandate.
    assert submitted.refuse(h.SUBMIT, mandate=mandate) == ("authority.role",)
    submitted.do(h.SUBMIT)


@pytest.mark.parametrize(
    ("since", "until", "day", "lawful"),
    [
        (0, 5, "2026-03-02", True),
        (0, 5, "2026-03-07", True),
        (0, 5, "2026-03-08", False),
        (3, 5, "2026-03-04", False),
        (3, 5, "2026-03-05", True),
        (0, 0, "2026-03-02", True),
        (0, 0, "2026-03-03", False),
    ],
)
def test_it_holds_from_its_first_to_its_last_day(
    since: int, until: int, day: str, lawful: bool, submitted: Zone
) -> None:
    mandate = lent(submitted, h.grant("office.keeper", since=since, until=until))
    submitted.on(day, hour=23, minute=59)
    outcome = submitted.try_(h.ACCEPT.by("office.keeper"), mandate=mandate)
    assert outcome.done is lawful
    assert [unmet.code for unmet in outcome.refusals] == ([] if lawful else ["authority.role"])


@pytest.mark.parametrize("ender", [h.REVIEWER, "office.keeper"])
def test_an_ended_mandate_ends_at_once(ender: str, submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.keeper"))
    submitted.do(end(mandate, ender))
    assert submitted.refuse(h.ACCEPT.by("office.keeper"), mandate=mandate) == ("authority.role",)
    assert submitted.rows("SELECT ended_on IS NULL FROM mandate") in ([(0,)], [(False,)])


def test_a_mandate_is_for_the_commands_that_it_names(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.archivist", "return_papers"))
    assert submitted.refuse(h.ACCEPT.by("office.archivist"), mandate=mandate) == ("authority.role",)
    submitted.do(h.RETURN.by("office.archivist"), mandate=mandate)


def test_what_was_lent_is_not_passed_on(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.archivist"))
    passing = h.grant(h.CLERK, actor="office.archivist")
    assert submitted.refuse(passing, mandate=mandate) == ("mandate.passed_on",)
    assert submitted.rows("SELECT count(*) FROM mandate") == [(1,)]


def test_a_mandate_of_ones_own_lends_nothing_that_was_lent(submitted: Zone) -> None:
    """The agent may lend what the agent has, which the mandate is no part of."""
    lent(submitted, h.grant("office.archivist"))
    second = lent(submitted, h.grant(h.CLERK, actor="office.archivist"))
    assert submitted.refuse(h.ACCEPT.by(h.CLERK), mandate=second) == ("authority.role",)


def test_nobody_uses_the_mandate_of_another(submitted: Zone) -> None:
    mandate = lent(submitted, h.grant("office.archivist"))
    for actor in (h.CLERK, h.REVIEWER):
        error = submitted.fail(h.ACCEPT.by(actor), mandate=mandate)
        assert isinstance(error, NotFound)
        assert error.code == "unknown.mandate"


def test_a_mandate_that_is_not_there_is_not_found(submitted: Zone) -> None:
    assert submitted.fail(h.ACCEPT, mandate=7).code == "unknown.mandate"
    assert submitted.fail(end(7)).code == "unknown.mandate"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (h.grant(h.REVIEWER), "mandate.to_oneself"),
        (h.grant(h.CLERK, since=5, until=4), "mandate.dates"),
        (h.grant(h.CLERK, since=-9, until=-1), "mandate.dates"),
    ],
    ids=["to oneself", "backwards", "over"],
)
def test_an_impossible_mandate_is_refused(act: Act, code: str, zone: Zone) -> None:
    assert zone.refuse(act) == (code,)
    assert zone.rows("SELECT count(*) FROM mandate") == [(0,)]


def test_a_mandate_is_ended_once(zone: Zone) -> None:
    mandate = lent(zone, h.grant(h.CLERK))
    zone.do(end(mandate))
    assert zone.fail(end(mandate)).code == "unknown.mandate"


# --- nobody on both sides -------------------------------------------------------------------------


def reviewed(zone: Zone) -> None:
    """Lead the matter on to the day of the verdict; nobody of these acts bars anybody."""
    for act in (
        h.SUBMIT,
        h.ACCEPT.by(h.LEGAL_HEAD),
        h.COUNSEL_OPINION,
    ):
        zone.do(act)
    zone.wait(20)


VERDICT = replace(h.VERDICT, wait=0)


def test_who_drafted_does_not_review_for_a_reviewer(zone: Zone) -> None:
    """The principal never saw the draft; the agent wrote it."""
    mandate = lent(zone, h.grant(h.CLERK))
    zone.advance_to("ready")
    reviewed(zone)
    assert zone.refuse(VERDICT.by(h.CLERK), mandate=mandate) == ("review.drafter_reviews",)
    zone.do(VERDICT)


def test_nobody_reviews_for_one_who_drafted(zone: Zone) -> None:
    """The agent never saw the draft; the principal is one of its authors."""
    mandate = lent(zone, h.grant("office.archivist"))
    zone.advance_to("drafting")
    for act in (h.RESEARCH, h.BASIS, h.DRAFT.with_(authors=[h.CLERK, h.REVIEWER])):
        zone.do(act)
    reviewed(zone)
    refused = zone.try_(VERDICT.by("office.archivist"), mandate=mandate)
    assert [unmet.code for unmet in refused.refusals] == ["review.drafter_reviews"]
    assert refused.refusals[0].params["people"] == (h.REVIEWER,)
    assert zone.refuse(VERDICT) == ("review.drafter_reviews",)
    zone.do(VERDICT.by(h.OTHER_REVIEWER))


@pytest.mark.parametrize("act", [h.propose(h.QUICK), h.STUDY], ids=lambda act: act.command)
def test_who_acted_for_the_drafters_does_not_review(act: Act, zone: Zone) -> None:
    """A reviewer proposes or studies as the clerk's agent, and later wants to give the verdict."""
    mandate = lent(zone, h.grant(h.REVIEWER, actor=h.CLERK))
    for step in h.way("ready", h.QUICK):
        if step.command == act.command:
            zone.do(step.by(h.REVIEWER), mandate=mandate)
        else:
            zone.do(step)
    reviewed(zone)
    assert zone.refuse(VERDICT) == ("review.drafter_reviews",)
    zone.do(VERDICT.by(h.OTHER_REVIEWER))


def test_who_filed_the_text_for_its_authors_does_not_review(zone: Zone) -> None:
    mandate = lent(zone, h.grant(h.REVIEWER, actor=h.CLERK))
    zone.advance_to("drafting")
    for act in (h.RESEARCH, h.BASIS):
        zone.do(act)
    zone.do(h.DRAFT.by(h.REVIEWER), mandate=mandate)
    reviewed(zone)
    assert zone.refuse(VERDICT) == ("review.drafter_reviews",)


def test_nobody_confirms_the_changes_that_he_made(zone: Zone) -> None:
    zone.advance_to("awaiting_changes")
    zone.do(h.EDIT.with_(authors=[h.REVIEWER]))
    assert zone.refuse(h.CONFIRM) == ("review.drafter_reviews",)
    zone.do(h.CONFIRM.by(h.OTHER_REVIEWER))


def test_nobody_rules_on_a_request_of_his_own(zone: Zone) -> None:
    """The director stands in for the unit's head, asks for a waiver, and would grant it."""
    mandate = lent(zone, h.grant(h.DIRECTOR, actor=h.HEAD))
    zone.advance_to("drafting", h.PLAIN)
    zone.do(h.REQUEST_WAIVER.by(h.DIRECTOR), mandate=mandate)
    assert zone.refuse(h.RULE_WAIVER) == ("waiver.own_request",)
    assert "open_call.not_published" in zone.unmet()


def test_nobody_rules_through_his_agent_on_his_own_request(zone: Zone) -> None:
    """The head asks in person, and then as the agent of the director who would have to rule."""
    mandate = lent(zone, h.grant(h.HEAD, actor=h.DIRECTOR))
    zone.advance_to("drafting", h.PLAIN)
    zone.do(h.REQUEST_WAIVER)
    assert zone.refuse(h.RULE_WAIVER.by(h.HEAD), mandate=mandate) == ("waiver.own_request",)
    zone.do(h.RULE_WAIVER)
    assert "open_call.not_published" not in zone.unmet()


def test_an_expert_speaks_in_person(zone: Zone) -> None:
    mandate = lent(zone, h.grant("office.archivist", actor="expert.law"))
    zone.advance_to("drafted", {**h.QUICK, "technical": True})
    zone.do(h.CHOOSE)
    declaration = h.declare("expert.law").by("office.archivist")
    assert zone.refuse(declaration, mandate=mandate) == ("expert_argument.not_in_person",)


def test_counsel_does_not_rule_through_a_mandate_given_to_a_reviewer(zone: Zone) -> None:
    """A firm's mandate lends the firm's role, which never gives the verdict."""
    mandate = lent(zone, h.grant(h.REVIEWER, actor=h.COUNSEL))
    zone.advance_to("under_review")
    zone.wait(20)
    assert zone.refuse(VERDICT, mandate=mandate) == ("review.counsel_cannot_rule",)


def test_counsel_does_not_rule_as_the_agent_of_a_reviewer(zone: Zone) -> None:
    """The opinion of a law firm would become the review, by the hand of the same person."""
    mandate = lent(zone, h.grant(h.COUNSEL))
    zone.advance_to("under_review")
    zone.wait(20)
    assert zone.refuse(VERDICT.by(h.COUNSEL), mandate=mandate) == ("review.counsel_cannot_rule",)


def test_a_mandate_cannot_be_stretched_past_the_program(zone: Zone) -> None:
    lent(zone, h.grant("office.archivist", "accept_papers", until=1))
    for sql in (
        "UPDATE mandate SET until = '2030-01-01'",
        "UPDATE mandate SET commands = '[]', ended_on = '2026-03-02'",
        "DELETE FROM mandate",
    ):
        assert zone.intruder.refused(sql).startswith("yicheng:mandate_")
