"""代理授权: one person lets another act, on the record; nobody passes on what was lent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.builders import (
    CLERK,
    HEAD,
    LEGAL_HEAD,
    OTHER_REVIEWER,
    REVIEWER,
    TODAY,
    Matter,
    day,
    directory,
    give,
    lens,
    only,
    payload,
    ready,
    scene,
)
from workflow.commands import EndMandate, GrantMandate
from workflow.decisions.mandates import end_mandate, grant_mandate
from workflow.decisions.scene import AddMandate, CloseMandate, Open
from workflow.directory import Directory, Mandate
from workflow.errors import NotFound

GIVEN = Mandate(1, HEAD, CLERK, frozenset(), day(TODAY), day("2026-09-30"), None)


def people() -> Directory:
    return replace(directory(), mandates={1: GIVEN})


def test_a_mandate_is_given_with_its_dates_and_scope() -> None:
    verdict = give("grant_mandate", CLERK, commands=["study"])
    assert verdict.decision.effects == (
        AddMandate(HEAD, day(TODAY), day("2026-09-30"), ("study",)),
    )


def test_an_unknown_agent_is_not_found() -> None:
    with pytest.raises(NotFound):
        give("grant_mandate", CLERK, agent="nobody")


def test_nobody_stands_in_for_themselves() -> None:
    assert only(give("grant_mandate", CLERK, agent=CLERK)).code == "mandate.to_oneself"


def test_what_was_lent_is_not_passed_on() -> None:
    verdict = give("grant_mandate", CLERK, mandate=GIVEN, agent=REVIEWER)
    assert only(verdict).code == "mandate.passed_on"


@pytest.mark.parametrize(
    ("since", "until"), [("2026-09-10", "2026-09-09"), ("2026-08-01", "2026-08-31")]
)
def test_a_mandate_does_not_end_before_it_begins_or_before_today(since: str, until: str) -> None:
    unmet = only(give("grant_mandate", CLERK, since=since, until=until))
    assert (unmet.code, unmet.params) == (
        "mandate.dates",
        {"since": day(since), "until": day(until)},
    )


def test_nobody_is_entrusted_with_what_is_past() -> None:
    unmet = only(give("grant_mandate", CLERK, since="2026-08-31"))
    assert (unmet.code, unmet.params) == ("mandate.backdated", {"since": day("2026-08-31")})


def test_who_is_drawn_to_a_side_is_told_to_leave_nobody_at_once__order_713_art_25_1() -> None:
    """No other reviewer is left: the head of the office and the other one wrote the text."""
    matter = ready().drafted("第二稿", "substantive", authors=[LEGAL_HEAD, OTHER_REVIEWER])

    def told(by: str, agent: str, matter: Matter) -> list[tuple[str, object]]:
        open_ = Open(lens(), matter.facts)
        where = replace(scene(by, command="grant_mandate"), concerned=lambda _: (open_,))
        given = payload("grant_mandate", agent=agent)
        assert isinstance(given, GrantMandate)
        found = grant_mandate(where, given).warnings
        return [(each.code, each.params["matter"]) for each in found]

    assert told(HEAD, REVIEWER, matter) == [("staffing.left_without", "2026-1")]
    assert told(HEAD, REVIEWER, ready()) == []
    assert told("finance.head", REVIEWER, matter) == []
    assert told(HEAD, CLERK, matter) == []


def test_it_may_be_for_today_alone() -> None:
    verdict = give("grant_mandate", CLERK, since=TODAY, until=TODAY)
    assert verdict.decision.unmet == ()


@pytest.mark.parametrize("actor", [HEAD, CLERK])
def test_whoever_gave_it_or_holds_it_may_end_it(actor: str) -> None:
    verdict = give("end_mandate", actor, people=people())
    assert verdict.decision.effects == (CloseMandate(1),)


@pytest.mark.parametrize(("actor", "number"), [(REVIEWER, 1), (HEAD, 2)])
def test_for_everybody_else_it_does_not_exist(actor: str, number: int) -> None:
    with pytest.raises(NotFound) as caught:
        decided(actor, number)
    assert caught.value.params == {"mandate": number}


def decided(actor: str, number: int) -> None:
    """End a mandate by its number; the builder's `mandate` is the one under which one acts."""
    surroundings = scene(actor, people=people(), command="end_mandate")
    end_mandate(surroundings, EndMandate(mandate=number, reasons="已经返岗"))
