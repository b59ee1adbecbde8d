"""Who comes can act, who has left cannot, and it is told at once who is missed."""

from __future__ import annotations

import pytest

from tests.integration import house as h
from tests.integration.house import Zone
from workflow.service.requests import Request

OFFICE = "office.head"
GONE = h.DISMISS.with_(person=h.REVIEWER, unit="legal_office", role="reviewer")


def test_who_comes_acts_from_the_first_day_and_who_leaves_until_the_last(zone: Zone) -> None:
    zone.advance_to("drafting")
    new = {"person": "planning.aide", "name": "规划建设局助理", "unit": "planning_construction"}
    zone.do(h.APPOINT.with_(**new, until=h.days(zone.today, 2)))
    zone.do(h.RESEARCH.by("planning.aide"))
    zone.wait(2)
    zone.do(h.BASIS.by("planning.aide"))
    zone.wait(1)
    # Whoever has left sees nothing of what they worked on any more.
    assert zone.fail(h.DRAFT.by("planning.aide")).code == "unknown.matter"
    assert zone.house.inquiry.audit(zone.code).flaws == ()


def test_a_departure_names_the_open_matters_at_once_and_again_when_replayed(zone: Zone) -> None:
    matter = zone.advance_to("drafting")
    zone.do(h.DRAFT.with_(authors=[h.OTHER_REVIEWER, h.LEGAL_HEAD]))
    told = zone.do(GONE, key="once")
    (warning,) = told.warnings
    assert (warning.code, warning.params["matter"]) == ("staffing.left_without", matter)
    assert warning.params["act"] == (
        "give_review_verdict",
        "confirm_changes",
        "recheck_text",
    )
    again = zone.try_(GONE, key="once")
    assert again.replayed
    assert [each.code for each in again.warnings] == ["staffing.left_without"]


def test_a_matter_that_is_over_is_not_spoken_of(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.DRAFT.with_(authors=[h.OTHER_REVIEWER, h.LEGAL_HEAD]))
    zone.do(h.WITHDRAW)
    assert zone.do(GONE).warnings == ()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_appointment_undone_with_others_is_not_remembered(zone: Zone) -> None:
    """Two directories of the same version, one of which never was."""
    zone.advance_to("drafting")
    aide = h.APPOINT.with_(person="planning.aide", name="助理", unit="planning_construction")
    acts = (aide, h.RESEARCH.by("planning.aide"), h.ASSIGN.by(h.CLERK))
    requests: list[Request] = [zone.request(act) for act in acts]
    assert not zone.house.service.execute_all(requests).done
    zone.do(h.APPOINT)
    assert zone.fail(h.RESEARCH.by("planning.aide")).code == "unknown.person"
