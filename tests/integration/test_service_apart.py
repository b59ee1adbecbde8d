"""Organisations share a database and nothing else."""

from __future__ import annotations

import pytest

from tests.integration import house as h
from tests.integration.house import Act, Zone, founded, sample
from tests.integration.test_service_commands import ABOUT_MATTERS, CASES
from workflow.errors import NotFound
from workflow.inquiry import Query

END = Act("end_mandate", h.REVIEWER, h.always(mandate=1, reasons="已返岗"), about="")


def test_a_matter_of_others_is_not_there_not_even_by_its_number(
    zone: Zone, neighbour: Zone
) -> None:
    neighbour.advance_to("drafting")
    neighbour.do(h.CONVENE)
    zone.do(h.CONVENE)
    for name in ABOUT_MATTERS:
        error = zone.fail(CASES[name].act, matter=neighbour.matter)
        assert isinstance(error, NotFound)
        assert (error.code, error.params) == ("unknown.matter", {"matter": "2026-0001"})


def test_the_same_number_means_everybody_his_own(zone: Zone, neighbour: Zone) -> None:
    zone.advance_to("drafted")
    neighbour.advance_to("proposed")
    assert zone.matter == neighbour.matter == "2026-0001"
    neighbour.do(h.WITHDRAW)
    assert zone.standing().facts.stage == "drafting"
    assert neighbour.standing().facts.stage == "withdrawn"
    with pytest.raises(NotFound):
        neighbour.house.inquiry.draft_text(neighbour.code, "2026-0001", 1)


@pytest.mark.parametrize("act", [h.TABLE, h.FREEZE], ids=lambda act: act.command)
def test_a_meeting_of_others_is_not_there(act: Act, zone: Zone, neighbour: Zone) -> None:
    zone.advance_to("review_passed")
    neighbour.do(h.CONVENE)
    assert zone.fail(act, meeting=neighbour.meeting).code == "unknown.meeting"


def test_a_mandate_of_others_is_not_there(zone: Zone, neighbour: Zone) -> None:
    neighbour.do(h.grant(h.CLERK))
    zone.advance_to("awaiting_review")
    assert zone.fail(h.ACCEPT.by(h.CLERK), mandate=1).code == "unknown.mandate"
    assert zone.fail(END).code == "unknown.mandate"
    neighbour.do(END)


def test_people_of_others_are_nobody_here(zone: Zone) -> None:
    theirs = sample("strangers")
    renamed = [
        person if person.account != h.CLERK else type(person)("guest", person.name, person.posts)
        for person in theirs.people
    ]
    strangers = type(theirs)(
        theirs.id,
        theirs.name,
        theirs.profile,
        theirs.time_zone,
        theirs.rehearsal,
        theirs.units,
        tuple(renamed),
    )
    with founded(zone.url, strangers) as other:
        assert other.do(h.propose(actor="guest")).done
        assert zone.fail(h.propose(actor="guest")).params == {"person": "guest"}
        assert other.fail(h.propose()).code == "unknown.person"
        zone.advance_to("drafting")
        unknown = zone.fail(h.DRAFT.with_(authors=["guest"]))
        assert unknown.code == "unknown.person"
        assert zone.fail(h.grant("guest")).code == "unknown.person"


def test_what_is_asked_stays_within(zone: Zone, neighbour: Zone) -> None:
    neighbour.advance_to("drafting")
    neighbour.do(h.CONVENE)
    neighbour.refuse(h.TABLE)
    inquiry = zone.house.inquiry
    assert not inquiry.listed(zone.code, Query()).items
    assert inquiry.inbox(zone.code, h.CLERK) == []
    assert len(inquiry.inbox(neighbour.code, h.CLERK)) == 1
    assert [entry.seq for entry in inquiry.entries(zone.code)] == [1]
    for ask in (
        lambda: inquiry.matter(zone.code, "2026-0001"),
        lambda: inquiry.meeting(zone.code, str(neighbour.meeting)),
    ):
        with pytest.raises(NotFound):
            ask()


def test_each_has_a_journal_of_its_own(zone: Zone, neighbour: Zone) -> None:
    for _ in range(3):
        zone.do(h.propose())
        neighbour.do(h.propose())
    rows = zone.rows("SELECT organisation_id, seq FROM journal ORDER BY organisation_id, seq")
    assert rows == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3), (2, 4)]
    assert zone.flaws() == neighbour.flaws() == []


def test_an_organisation_that_is_not_there_is_not_found(zone: Zone) -> None:
    assert zone.fail(h.propose(), organisation="nowhere").code == "unknown.organisation"
    with pytest.raises(NotFound):
        zone.house.inquiry.audit("nowhere")
