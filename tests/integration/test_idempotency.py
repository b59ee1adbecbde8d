"""The same request sent twice acts once, however and whenever it comes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest

from tests.integration import house as h
from tests.integration.house import Zone, after_looking, at_once, founded, overtaken
from workflow.errors import Conflict
from workflow.service import Outcome
from workflow.store import Store


@pytest.fixture
def colleague(zone: Zone) -> Iterator[Zone]:
    """The same organisation, opened by another process."""
    with founded(zone.url) as other:
        yield other


def same(first: Outcome, again: Outcome) -> bool:
    """Whether both say the same, and only the second that it had been said before."""
    return not first.replayed and again == replace(first, replayed=True)


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        ("", h.propose()),
        ("drafted", h.REWRITE),
        ("review_passed", h.CONVENE),
        ("tabled", h.UNTABLE),
        ("tabled", h.FREEZE),
        ("", h.grant(h.CLERK, "accept_papers")),
    ],
)
def test_what_is_done_twice_is_done_once(stage: str, act: h.Act, zone: Zone) -> None:
    if stage:
        zone.advance_to(stage)
    first = zone.do(act, key="once")
    before = zone.everything()
    again = zone.try_(act, key="once", matter=zone.matter if act.about == "matter" else None)
    assert same(first, again)
    assert zone.everything() == before


def test_a_meeting_called_off_twice_tells_twice_what_it_took_off(zone: Zone) -> None:
    """Each matter was taken off by a command of its own, and only the first time."""
    zone.advance_to("tabled")
    told = h.always(cause="not_needed", reasons="与上级会议冲突")
    cancel = h.Act("cancel_meeting", h.KEEPER, told, about="meeting")
    first = zone.do(cancel, key="once")
    assert first.result == {"untabled": [zone.matter]}
    assert same(first, zone.try_(cancel, key="once"))


def test_what_is_refused_twice_alerts_once(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    first = zone.try_(h.TABLE, key="once")
    before = zone.everything()
    again = zone.try_(h.TABLE, key="once")
    assert not first.done
    assert first.alerts
    assert first.refusals
    assert same(first, again)
    assert zone.everything() == before


def test_the_answer_is_the_one_given_then(zone: Zone) -> None:
    """Even though the matter has moved on, and the same act would be refused by now."""
    zone.advance_to("drafting")
    first = zone.do(h.RESEARCH, key="once")
    zone.do(h.WITHDRAW)
    zone.wait(30)
    assert same(first, zone.try_(replace(h.RESEARCH, given=h.always(**_given(zone))), key="once"))


def _given(zone: Zone) -> dict[str, object]:
    return dict(h.RESEARCH.given(h.FIRST_DAY))


def test_another_process_knows_the_answer_too(zone: Zone, colleague: Zone) -> None:
    first = zone.do(h.propose(), key="once")
    again = colleague.try_(h.propose(), key="once")
    assert same(first, again)


def test_without_a_key_it_acts_again(zone: Zone) -> None:
    assert zone.do(h.propose()).matter != zone.do(h.propose()).matter


@pytest.mark.parametrize("who", ["threads", "processes"])
def test_sent_many_times_at_once_it_acts_once(who: str, zone: Zone, colleague: Zone) -> None:
    zone.advance_to("drafting")
    colleague.matter = zone.matter
    homes = [zone, colleague] if who == "processes" else [zone, zone]
    before = zone.everything()
    with after_looking(Barrier(6).wait):
        results = at_once(*(partial(home.try_, h.RESEARCH, key="once") for home in homes * 3))
    outcomes = [result for result in results if isinstance(result, Outcome)]
    assert len(outcomes) == 6
    (first,) = (outcome for outcome in outcomes if not outcome.replayed)
    assert all(same(first, outcome) for outcome in outcomes if outcome.replayed)
    changed = zone.changed(before)
    assert changed == {
        "journal": 1,
        "journal_head": 0,
        "matter": 0,
        "record": 1,
        "request": 1,
        "wake": 0,
    }
    assert zone.flaws() == []


def test_sent_again_while_it_is_being_worked_on_it_waits_for_the_answer(zone: Zone) -> None:
    send = partial(zone.try_, h.propose(), key="once")
    first, again = overtaken(zone, send, send)
    assert isinstance(first, Outcome)
    assert isinstance(again, Outcome)
    assert same(first, again)
    assert zone.rows("SELECT count(*) FROM matter") == [(1,)]


@pytest.mark.parametrize(
    "other",
    [
        {"payload": {"reasons": "另有原因"}},
        {"actor": h.DIRECTOR},
        {"command": "withdraw"},
        {"mandate": 1},
        {"matter": "2026-0002"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_key_stands_for_one_request_only(other: dict[str, object], zone: Zone) -> None:
    zone.do(h.grant(h.HEAD, actor=h.DIRECTOR))
    zone.advance_to("drafting")
    first = zone.matter
    zone.advance_to("drafting")
    zone.do(h.PAUSE, key="once", matter=first)
    error = zone.fail(h.PAUSE, **{"key": "once", "matter": first, **other})
    assert isinstance(error, Conflict)
    assert error.code == "request.key_reused"
    assert error.params == {"key": "once"}


def test_the_version_seen_is_no_part_of_the_request(zone: Zone) -> None:
    """Whoever sends it again has looked anew in the meantime."""
    zone.advance_to("drafting")
    first = zone.do(h.RESEARCH, key="once", expected_version=zone.standing().facts.version)
    again = zone.try_(h.RESEARCH, key="once", expected_version=zone.standing().facts.version)
    assert same(first, again)


def test_a_key_of_one_organisation_is_free_in_another(zone: Zone, neighbour: Zone) -> None:
    zone.do(h.propose(), key="once")
    theirs = neighbour.do(h.CONVENE, key="once")
    assert not theirs.replayed
    assert same(theirs, neighbour.try_(h.CONVENE, key="once"))


def test_a_request_that_raised_is_not_answered(zone: Zone) -> None:
    zone.advance_to("drafting")
    seen = zone.standing().facts.version
    zone.do(h.BASIS)
    assert isinstance(zone.fail(h.RESEARCH, key="once", expected_version=seen), Conflict)
    assert not zone.do(h.RESEARCH, key="once").replayed


def test_an_answer_that_got_lost_is_given_again(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request was carried out and committed; only the answer never arrived."""
    zone.house.service.execute(zone.request(h.propose(), key="once"))

    def again(*_: object) -> None:
        pytest.fail("it acts a second time")

    monkeypatch.setattr(Store, "add_matter", again)
    outcome = zone.try_(h.propose(), key="once")
    assert outcome.replayed
    assert outcome.matter == "2026-0001"
