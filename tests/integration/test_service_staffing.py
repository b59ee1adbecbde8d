"""Whoever staffs a matter is told in time if nobody would be left to review it."""

from __future__ import annotations

from dataclasses import replace

from tests.integration import house as h
from tests.integration.house import Zone, founded, sample

REVIEWERS = (h.REVIEWER, h.OTHER_REVIEWER, h.LEGAL_HEAD)


def barring(zone: Zone, act: h.Act) -> dict[str, object]:
    """The acts that nobody is left for, with those who would do them, as the refusal says."""
    before = zone.everything()
    outcome = zone.try_(act)
    assert {unmet.code for unmet in outcome.refusals} == {"staffing.nobody_left"}
    assert zone.changed(before) == {"journal": 1, "journal_head": 0}
    assert all(unmet.citations and unmet.cured_by for unmet in outcome.refusals)
    return {str(unmet.params["act"]): unmet.params["people"] for unmet in outcome.refusals}


def test_a_text_by_every_reviewer_would_leave_nobody_to_review_it(zone: Zone) -> None:
    zone.advance_to("drafting")
    everybody = tuple(sorted(REVIEWERS))
    assert barring(zone, h.DRAFT.with_(authors=[h.CLERK, *REVIEWERS])) == {
        "give_review_verdict": everybody,
        "confirm_changes": everybody,
        "recheck_text": everybody,
    }
    zone.do(h.DRAFT.with_(authors=[h.CLERK, h.REVIEWER, h.LEGAL_HEAD]))


def test_authors_of_every_version_count(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.DRAFT.with_(authors=[h.REVIEWER]))
    zone.do(h.EDIT.with_(authors=[h.LEGAL_HEAD]))
    assert barring(zone, h.REWRITE.with_(authors=[h.OTHER_REVIEWER]))
    zone.do(h.REWRITE.with_(authors=[h.CLERK]))


def test_a_matter_in_which_all_reviewers_had_a_part_is_not_assigned(zone: Zone) -> None:
    """The legal office proposes, and has both reviewers study in its head's name."""
    zone.do(h.propose(h.QUICK, h.LEGAL_HEAD))
    for number, reviewer in enumerate((h.REVIEWER, h.OTHER_REVIEWER), 1):
        zone.do(h.grant(reviewer, actor=h.LEGAL_HEAD))
        zone.do(h.STUDY.by(reviewer), mandate=number)
    zone.do(h.CLASSIFY)
    zone.do(h.START)
    assert set(barring(zone, h.ASSIGN)) == {
        "give_review_verdict",
        "confirm_changes",
        "recheck_text",
    }
    assert zone.standing().facts.stage == "started"


def test_an_office_of_one_reviewer_drafts_without_him(zone: Zone) -> None:
    shipped = sample("small")
    small = replace(
        shipped,
        people=tuple(
            person
            for person in shipped.people
            if person.account not in (h.OTHER_REVIEWER, h.LEGAL_HEAD)
        ),
    )
    with founded(zone.url, small) as office:
        office.advance_to("drafting")
        assert barring(office, h.DRAFT.with_(authors=[h.REVIEWER]))
        office.do(h.DRAFT)


def test_who_left_is_not_counted_on(zone: Zone) -> None:
    """A reviewer whose appointment ends next week may still review this week."""
    shipped = sample("moving")
    leaving = replace(
        shipped,
        people=tuple(
            replace(person, posts=tuple(replace(post, until=h.FIRST_DAY) for post in person.posts))
            if person.account in (h.OTHER_REVIEWER, h.LEGAL_HEAD)
            else person
            for person in shipped.people
        ),
    )
    with founded(zone.url, leaving) as office:
        office.advance_to("drafting")
        office.do(h.DRAFT.with_(authors=[h.REVIEWER]))
        office.wait(1)
        assert barring(office, h.REWRITE.with_(authors=[h.REVIEWER]))


def test_a_matter_of_the_reviewers_own_office_is_not_assigned(zone: Zone) -> None:
    """Nobody from the unit that proposed it may review it, and nobody else is there who could."""
    zone.do(h.propose(h.QUICK, h.LEGAL_HEAD))
    zone.do(h.STUDY.by(h.LEGAL_HEAD))
    zone.do(h.CLASSIFY)
    zone.do(h.START)
    assert set(barring(zone, h.ASSIGN)) == {
        "give_review_verdict",
        "confirm_changes",
        "recheck_text",
    }


def test_one_reviewer_left_is_enough(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.RESEARCH)
    zone.do(h.BASIS)
    zone.do(h.DRAFT.with_(authors=[h.OTHER_REVIEWER, h.LEGAL_HEAD]))
    for act in (h.SUBMIT, h.ACCEPT, h.COUNSEL_OPINION):
        zone.do(act)
    zone.wait(20)
    verdict = replace(h.VERDICT, wait=0)
    for drafter in (h.OTHER_REVIEWER, h.LEGAL_HEAD):
        assert zone.refuse(verdict.by(drafter)) == ("review.drafter_reviews",)
    zone.do(verdict)
