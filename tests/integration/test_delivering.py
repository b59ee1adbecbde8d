"""Alerts go out once each, on both databases: handed over, claimed, tried again, given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Event
from typing import Any, Final

import pytest

from notifications.channels.port import Channel, Failed, Null, Result, Sent
from notifications.delivering import Delivering, delivering
from notifications.letters import Letter
from notifications.policy import load_policy
from notifications.rules import shipped_notices
from notifications.sending import within
from notifications.sweep import Sweep
from tests.integration import house as h
from tests.integration.house import Zone
from tests.integration.test_reading import restrict
from workflow.errors import BadInput, Conflict, NotFound
from workflow.store import Store, home

ADDRESS: Final = {"addresses": {"null": "somewhere"}}
URGENT: Final = ("planning.clerk", "planning.head", "legal.head")


def post(zone: Zone, *channels: Channel) -> Delivering:
    """What goes out of a zone, with chance taken out of it."""
    house = zone.house
    named: Mapping[str, Channel] = {each.id: each for each in channels}
    return delivering(
        house.uow,
        house.rules,
        house.clock,
        house.inquiry,
        named,
        load_policy(),
        link="https://yicheng.example/inbox",
        chance=lambda: 0.5,
    )


def later(zone: Zone, **time: float) -> None:
    zone.house.clock.set(zone.house.clock.now() + timedelta(**time))


@pytest.fixture
def blocked(zone: Zone) -> Zone:
    """A matter that was tried to be tabled without any review: six are alerted."""
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    zone.refuse(h.TABLE)
    return zone


def states(zone: Zone) -> list[tuple[object, ...]]:
    return zone.rows("SELECT recipient, state, attempts, doubtful FROM delivery ORDER BY id")


def test_an_alert_goes_out_once_however_often_it_is_repeated_that_day(blocked: Zone) -> None:
    twin = Null()
    out = post(blocked, twin)
    for account in URGENT:
        out.wishing.prefer(blocked.code, account, ADDRESS)
    assert out.outbox.counts(blocked.code).undispatched == 6
    assert out.dispatch.run(blocked.code).deliveries == 3
    blocked.refuse(h.TABLE)
    assert out.dispatch.run(blocked.code).deliveries == 0
    assert out.sending.run_all(blocked.code)["sent"] == 3
    assert out.sending.run_all(blocked.code)["sent"] == 0
    assert states(blocked) == [(account, "sent", 1, 0) for account in URGENT]
    parcel = next(each for each in twin.parcels if "planning.clerk" not in each.id)
    first = parcel.plain.splitlines()[0]
    assert (parcel.subject, "2026-0001" in parcel.plain) == (first, True)
    assert "https://yicheng.example/inbox" in parcel.plain
    assert len({each.id for each in twin.parcels}) == 3
    # A new day is a new alert.
    later(blocked, days=1)
    blocked.refuse(h.TABLE)
    assert out.dispatch.run(blocked.code).deliveries == 3


def test_what_fails_is_tried_again_under_the_same_id_and_at_last_told_to_somebody(
    blocked: Zone,
) -> None:
    twin = Null(results=[Failed("refused:451"), Failed("timed_out", doubtful=True)])
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    out.dispatch.run(blocked.code)
    assert out.sending.run_all(blocked.code)["retried"] == 1
    assert out.sending.run_all(blocked.code).counts.total() == 0
    later(blocked, seconds=31)
    assert out.sending.run_all(blocked.code)["retried"] == 1
    later(blocked, seconds=61)
    assert out.sending.run_all(blocked.code)["sent"] == 1
    assert states(blocked) == [(h.CLERK, "sent", 3, 1)]
    assert len({each.id for each in twin.parcels}) == 1
    (gone,) = out.outbox.deliveries(blocked.code, account=h.CLERK)
    assert (gone.provider_id, gone.doubtful) == (twin.parcels[0].id, 1)
    # Sent once more it is another one; what is on its way is not.
    again = out.outbox.resend(blocked.code, gone.id)
    with pytest.raises(Conflict):
        out.outbox.resend(blocked.code, again)
    with pytest.raises(NotFound):
        out.outbox.resend(blocked.code, gone.id, h.HEAD)
    twin.results = [Failed("refused:550 no such box", lasting=True)]
    assert out.sending.run_all(blocked.code)["failed"] == 1
    assert len({each.id for each in twin.parcels}) == 2
    (told, *_) = blocked.house.inquiry.inbox(blocked.code, h.KEEPER)
    assert (told.kind, told.body["reason"]) == ("undelivered", "refused:550 no such box")
    assert out.outbox.looks_after(blocked.code, h.KEEPER)
    assert not out.outbox.looks_after(blocked.code, h.CLERK)
    assert out.outbox.counts(blocked.code).failed == 1


def test_after_a_week_down_what_still_matters_is_late_and_what_does_not_is_not_sent(
    blocked: Zone,
) -> None:
    twin = Null()
    out = post(blocked, twin)
    for account in (h.CLERK, h.HEAD):
        out.wishing.prefer(blocked.code, account, ADDRESS)
    out.dispatch.run(blocked.code)
    blocked.intruder.run(
        f"UPDATE alert SET settled_at = last_at WHERE recipient = '{h.HEAD}'",
        "UPDATE delivery SET expires_at = '2027-01-01 00:00:00'",
    )
    later(blocked, days=7)
    tally = out.sending.run_all(blocked.code)
    assert (tally["sent"], tally["dropped"]) == (1, 1)
    assert "迟到" in twin.parcels[0].plain


def test_what_was_not_sent_in_time_is_a_failure_that_somebody_hears_of(blocked: Zone) -> None:
    out = post(blocked, Null())
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    out.dispatch.run(blocked.code)
    later(blocked, days=7)
    assert out.sending.run_all(blocked.code)["failed"] == 1
    (failed,) = out.outbox.deliveries(blocked.code, ("failed",))
    assert failed.last_error == "expired"


def test_whoever_dies_between_sending_and_telling_leaves_a_doubt_that_is_counted(
    blocked: Zone,
) -> None:
    twin = Null()
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    out.dispatch.run(blocked.code)

    class Dies(BaseException):
        """As a process that is killed."""

    def die(*_: object, **__: object) -> None:
        raise Dies

    dying = post(blocked, twin)
    object.__setattr__(dying.sending, "_settle", die)
    with pytest.raises(Dies):
        dying.sending.run_all(blocked.code)
    assert out.sending.run_all(blocked.code).counts.total() == 0
    later(blocked, seconds=181)
    assert out.sending.run_all(blocked.code)["sent"] == 1
    assert states(blocked) == [(h.CLERK, "sent", 2, 1)]
    first, second = twin.parcels
    assert first.id == second.id


def test_a_digest_is_one_message_and_stays_one_when_it_is_tried_again(blocked: Zone) -> None:
    twin = Null(results=[Failed("refused:451")])
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    blocked.refuse(h.SUBMIT)
    blocked.intruder.run("UPDATE alert SET urgency = 'digest'")
    out.dispatch.run(blocked.code)
    assert out.sending.run_all(blocked.code).counts.total() == 0
    blocked.on(blocked.today + timedelta(days=1), hour=8, minute=40)
    assert out.sending.run_all(blocked.code)["retried"] == 2
    later(blocked, minutes=1)
    assert out.sending.run_all(blocked.code)["sent"] == 2
    assert [each.id for each in twin.parcels] == [twin.parcels[0].id] * 2
    assert twin.parcels[0].plain.count("2026-0001") == 2


def test_a_channel_for_outsiders_is_told_nothing_of_what_it_is_about(blocked: Zone) -> None:
    twin = Null(brief=True)
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, {**ADDRESS, "language": "en"})
    out.dispatch.run(blocked.code)
    out.sending.run_all(blocked.code)
    (parcel,) = twin.parcels
    assert parcel.subject == "Yicheng: there is something in your inbox"
    assert "2026-0001" not in parcel.plain + parcel.html


def test_whoever_stands_in_by_mandate_is_told_instead(blocked: Zone) -> None:
    twin = Null()
    out = post(blocked, twin)
    away = {"since": str(blocked.today), "until": str(blocked.today), "substitute": h.CLERK}
    out.wishing.prefer(blocked.code, h.HEAD, {**ADDRESS, "absence": away})
    blocked.do(
        h.Act(
            "grant_mandate",
            h.HEAD,
            lambda today: {
                "agent": h.CLERK,
                "commands": [],
                "since": today.isoformat(),
                "until": today.isoformat(),
            },
            about="",
        )
    )
    handed = out.dispatch.run(blocked.code)
    assert (handed.deliveries, handed.substitutes, handed.alerts) == (0, 1, 7)
    told = blocked.house.inquiry.inbox(blocked.code, h.CLERK)
    assert len([each for each in told if each.kind == "blocked_agenda"]) == 2
    # So are those who stand in for whom the sweep tells.
    blocked.do(h.PAUSE)
    house = blocked.house
    Sweep(house.uow, house.inquiry, house.clock, shipped_notices()).run()
    out.dispatch.run(blocked.code)
    told = house.inquiry.inbox(blocked.code, h.CLERK)
    assert len([each for each in told if each.body.get("notice", {}).get("rule") == "paused"]) == 2


def test_workers_side_by_side_send_nothing_twice(blocked: Zone) -> None:
    names = count()
    twin = Null()
    out = post(blocked, twin)
    for account in URGENT:
        out.wishing.prefer(blocked.code, account, ADDRESS)

    def work(_: int) -> int:
        next(names)
        out.dispatch.run(blocked.code)
        return out.sending.run_all(blocked.code)["sent"]

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(8))) == 3
    assert len(twin.parcels) == 3


def test_wishes_are_refused_that_would_silence_or_leak(zone: Zone) -> None:
    def wish(body: Mapping[str, Any], account: str = h.CLERK) -> Callable[[], object]:
        return lambda: out.wishing.prefer(zone.code, account, body)

    out = post(zone, Null())
    for asked, error in (
        (wish({"addresses": {"pigeon": "x"}}), BadInput),
        (wish({"kinds": {"blocked_agenda": {"when": "off"}}}), BadInput),
        (wish({"language": "fr"}), BadInput),
        (wish(ADDRESS, "nobody"), NotFound),
        (
            wish({"absence": {"since": "2026-03-01", "until": "2026-03-02", "substitute": "no"}}),
            NotFound,
        ),
    ):
        with pytest.raises(error):
            asked()
    assert out.wishing.prefer(zone.code, h.CLERK, ADDRESS).version == 1
    assert out.wishing.prefer(zone.code, h.CLERK, {}, 1).version == 2
    with pytest.raises(Conflict):
        out.wishing.prefer(zone.code, h.CLERK, ADDRESS, 1)
    assert out.wishing.preference(zone.code, h.CLERK).version == 2


def test_what_is_read_or_acknowledged_is_so_from_the_first_time(blocked: Zone) -> None:
    out = post(blocked)
    ((key,),) = blocked.rows(f"SELECT id FROM alert WHERE recipient = '{h.CLERK}'")
    assert isinstance(key, int)
    out.wishing.mark(blocked.code, h.CLERK, key, acknowledged=True)
    first = blocked.rows(f"SELECT read_at, acknowledged_at FROM alert WHERE id = {key}")
    later(blocked, hours=1)
    out.wishing.mark(blocked.code, h.CLERK, key)
    assert blocked.rows(f"SELECT read_at, acknowledged_at FROM alert WHERE id = {key}") == first
    with pytest.raises(NotFound):
        out.wishing.mark(blocked.code, h.HEAD, key)


def test_a_calendar_is_found_by_its_secret_until_it_is_revoked(zone: Zone) -> None:
    wishing = post(zone).wishing
    token = wishing.subscribe(zone.code, h.CLERK)
    assert wishing.whose(token) == (zone.code, h.CLERK)
    (feed,) = wishing.feeds(zone.code, h.CLERK)
    with pytest.raises(NotFound):
        wishing.revoke(zone.code, h.HEAD, feed.id)
    wishing.revoke(zone.code, h.CLERK, feed.id)
    assert wishing.feeds(zone.code, h.CLERK) == []
    with pytest.raises(NotFound):
        wishing.whose(token)


def test_a_channel_that_hangs_is_left_behind() -> None:
    release = Event()

    def hang() -> Result:
        release.wait(5)
        return Sent()

    def fault() -> Result:
        raise ValueError

    assert within(0.01, hang) == Failed("timed_out", doubtful=True)
    release.set()
    assert within(5, fault) == Failed("fault:ValueError", doubtful=True)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_was_kept_from_somebody_since_does_not_go_out_to_them(blocked: Zone) -> None:
    twin = Null()
    out = post(blocked, twin)
    # The one is told at once, the other in a digest: neither may learn of it any more.
    for account in ("planning.head", "legal.head"):
        out.wishing.prefer(blocked.code, account, ADDRESS)
    blocked.intruder.run("UPDATE alert SET urgency = 'digest' WHERE recipient = 'legal.head'")
    out.dispatch.run(blocked.code)
    blocked.do(restrict(h.HEAD, h.CLERK, h.REVIEWER))
    blocked.on(blocked.today + timedelta(days=1), hour=8, minute=40)
    tally = out.sending.run_all(blocked.code)
    assert (tally["sent"], tally["dropped"]) == (1, 1)
    (parcel,) = twin.parcels
    assert [row[:2] for row in states(blocked)] == [(h.HEAD, "sent"), ("legal.head", "dropped")]
    # Whoever is named in it hears that there is something, and not what.
    assert "2026-0001" not in parcel.subject + parcel.plain + parcel.html


def taken_up(zone: Zone, out: Delivering, *, begun: bool) -> None:
    """Somebody takes up all that is due, and never comes back."""
    now = zone.house.clock.now()
    with zone.house.uow.write() as connection:
        where = home(connection, zone.code)
        assert where is not None
        store = Store(connection, where[0])
        rows = store.claim("null", "gone", now, now + out.policy.lease, 100)
        if begun:
            assert store.begin([row.id for row in rows], "gone", now) == len(rows)
            assert store.begin([row.id for row in rows], "another", now) == 0


@pytest.mark.parametrize("begun", [False, True])
def test_only_what_began_to_be_sent_may_have_arrived_twice(blocked: Zone, *, begun: bool) -> None:
    twin = Null()
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    out.dispatch.run(blocked.code)
    taken_up(blocked, out, begun=begun)
    assert out.sending.run_all(blocked.code).counts.total() == 0
    later(blocked, seconds=out.policy.lease.total_seconds() + 1)
    assert out.sending.run_all(blocked.code)["sent"] == 1
    tries, doubts = (2, 1) if begun else (1, 0)
    assert states(blocked) == [(h.CLERK, "sent", tries, doubts)]


def test_what_another_took_over_while_it_was_written_is_left_to_them(blocked: Zone) -> None:
    twin = Null()
    out = post(blocked, twin)
    out.wishing.prefer(blocked.code, h.CLERK, ADDRESS)
    out.dispatch.run(blocked.code)

    def slowly(*given: Any, **how: Any) -> Letter | None:
        blocked.intruder.run("UPDATE delivery SET claimed_by = 'another'")
        return out.sending.writer(*given, **how)

    replace(out.sending, writer=slowly).run_all(blocked.code)
    assert twin.parcels == []
    assert states(blocked) == [(h.CLERK, "claimed", 0, 0)]
