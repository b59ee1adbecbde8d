"""A blocked attempt alerts the right people, each once a day, in the transaction that blocks it."""

from __future__ import annotations

import json
from functools import partial
from threading import Barrier
from typing import Final

import pytest

from tests.integration import house as h
from tests.integration.house import Zone, after_looking, at_once
from workflow.service import Outcome
from workflow.store import Store

CALLED: Final = (
    "planning.clerk",
    "planning.head",
    "legal.reviewer.1",
    "legal.reviewer.2",
    "legal.head",
    "office.keeper",
)
"""The lead unit's clerk and head, the legal office and the keeper of the agenda."""


@pytest.fixture
def blocked(zone: Zone) -> Zone:
    """A matter without any review, and a meeting."""
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    return zone


def queued(zone: Zone) -> dict[str, list[int]]:
    """How often each person was alerted, an item for each alert."""
    found: dict[str, list[int]] = {}
    for recipient, count in zone.rows("SELECT recipient, count FROM alert ORDER BY id"):
        found.setdefault(recipient, []).append(count)
    return found


def test_a_blocked_attempt_on_the_agenda_alerts_whom_it_concerns(blocked: Zone) -> None:
    outcome = blocked.try_(h.TABLE)
    assert outcome.alerts == CALLED
    assert queued(blocked) == {account: [1] for account in CALLED}


def test_an_alert_says_what_was_tried_and_every_reason(blocked: Zone) -> None:
    outcome = blocked.try_(h.TABLE.by(h.KEEPER))
    (notice,) = blocked.house.inquiry.inbox(blocked.code, h.LEGAL_HEAD)
    assert (notice.kind, notice.day, notice.read) == ("blocked_agenda", blocked.today, False)
    assert notice.refusals == outcome.refusals
    assert notice.first_at == notice.last_at == blocked.house.clock.now()
    told = notice.body
    assert (told["matter"], told["meeting"]) == (blocked.matter, blocked.meeting)
    assert (told["command"], told["actor"]) == ("propose_agenda_item", h.KEEPER)
    assert (told["entry"], told["title"]) == (outcome.entry, "污水处理收费标准调整")


def test_five_attempts_on_a_day_are_one_alert_each(blocked: Zone) -> None:
    first = blocked.house.clock.now()
    for hour in (9, 10, 11, 14, 23):
        blocked.on(blocked.today, hour=hour)
        outcome = blocked.try_(h.TABLE.by(h.KEEPER if hour > 12 else h.CLERK))
        assert outcome.alerts == CALLED
    assert queued(blocked) == {account: [5] for account in CALLED}
    (notice,) = blocked.house.inquiry.inbox(blocked.code, h.CLERK)
    assert (notice.first_at, notice.last_at) == (first, blocked.house.clock.now())
    assert notice.body["entry"] == outcome.entry
    entries = blocked.rows("SELECT count(*) FROM journal WHERE status = 'refused'")
    assert entries == [(5,)]


def test_a_new_day_is_a_new_alert(blocked: Zone) -> None:
    """A day is a day of the organisation: at one in the night it is still yesterday in UTC."""
    blocked.refuse(h.TABLE)
    blocked.on("2026-03-03", hour=1)
    assert blocked.house.clock.now().date() == h.FIRST_DAY
    blocked.refuse(h.TABLE)
    assert queued(blocked) == {account: [1, 1] for account in CALLED}
    newest, oldest = blocked.house.inquiry.inbox(blocked.code, h.CLERK)
    assert (newest.day, oldest.day) == (blocked.today, h.FIRST_DAY)


def test_each_matter_alerts_for_itself(blocked: Zone) -> None:
    blocked.refuse(h.TABLE)
    blocked.advance_to("drafting")
    blocked.refuse(h.TABLE)
    assert queued(blocked) == {account: [1, 1] for account in CALLED}


def test_another_meeting_on_the_same_day_is_the_same_alert(blocked: Zone) -> None:
    blocked.refuse(h.TABLE)
    blocked.do(h.CONVENE)
    blocked.refuse(h.TABLE)
    assert queued(blocked) == {account: [2] for account in CALLED}


def test_another_kind_of_attempt_is_another_alert(blocked: Zone) -> None:
    blocked.refuse(h.TABLE)
    blocked.refuse(h.SUBMIT)
    assert queued(blocked)["planning.clerk"] == [1, 1]
    kinds = {notice.kind for notice in blocked.house.inquiry.inbox(blocked.code, h.CLERK)}
    assert kinds == {"blocked_agenda", "blocked_review"}
    assert queued(blocked)["office.keeper"] == [1]


def test_the_lead_unit_of_the_day_is_alerted(blocked: Zone) -> None:
    blocked.do(h.ASSIGN.with_(lead_unit="finance", co_units=[]))
    outcome = blocked.try_(h.TABLE.by("finance.clerk"))
    assert set(outcome.alerts) == {"finance.clerk", "finance.head", *CALLED[2:]}


def test_an_attempt_by_somebody_without_the_right_alerts_too(blocked: Zone) -> None:
    outcome = blocked.try_(h.TABLE.by("discipline.supervisor"))
    assert [unmet.code for unmet in outcome.refusals] == ["authority.role"]
    assert outcome.alerts == CALLED


def test_an_attempt_that_succeeds_alerts_nobody(zone: Zone) -> None:
    zone.advance_to("tabled", h.WHOLE)
    assert queued(zone) == {}


def test_what_is_repeated_is_unread_again(blocked: Zone) -> None:
    blocked.refuse(h.TABLE)
    blocked.intruder.run("UPDATE alert SET read_at = first_at")
    assert all(notice.read for notice in blocked.house.inquiry.inbox(blocked.code, h.CLERK))
    blocked.refuse(h.TABLE)
    assert not any(notice.read for notice in blocked.house.inquiry.inbox(blocked.code, h.CLERK))


@pytest.mark.parametrize("last", [1, 4, 6])
def test_what_breaks_after_an_alert_leaves_none(
    last: int, blocked: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    add_alert = Store.add_alert

    def breaking(store: Store, values: dict[str, object]) -> None:
        add_alert(store, values)
        calls.append(values["recipient"])
        if len(calls) == last:
            raise KeyError(values["recipient"])

    before = blocked.everything()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_alert", breaking)
        with pytest.raises(KeyError):
            blocked.try_(h.TABLE)
    assert blocked.everything() == before
    blocked.refuse(h.TABLE)
    assert queued(blocked) == {account: [1] for account in CALLED}


def test_attempts_at_once_are_all_counted(blocked: Zone) -> None:
    with after_looking(Barrier(5).wait):
        results = at_once(*(partial(blocked.try_, h.TABLE) for _ in range(5)))
    assert all(isinstance(result, Outcome) and not result.done for result in results)
    assert queued(blocked) == {account: [5] for account in CALLED}
    assert blocked.flaws() == []


def test_an_alert_can_be_read_years_later(blocked: Zone) -> None:
    """Its body stands alone: canonical JSON with the reasons, under the rules of that day."""
    blocked.refuse(h.TABLE)
    ((body,),) = blocked.rows("SELECT body FROM alert WHERE recipient = 'office.keeper'")
    told = json.loads(body)
    assert told["procedure"] == blocked.standing().procedure.digest
    assert {each["code"] for each in told["refusals"]} == {
        "research.report_missing",
        "research.legal_basis_missing",
        "legality_review.missing",
    }
