"""In by a password: who comes in, what is said to who does not, what sessions live through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.identity.errors import NotRecognised
from api.identity.events import Origin
from api.identity.identity import Identity
from api.identity.sealing import make_key
from tests.integration.door import (
    CLERK,
    ELSEWHERE,
    HERE,
    MINUTE,
    OTHER,
    PASSWORD,
    Door,
    cheap_policy,
    door_of,
)
from tests.integration.house import APPOINT, DISMISS, Zone, at_once
from workflow.errors import BadInput, YichengError

SECOND = timedelta(seconds=1)
HOUR = 60 * MINUTE


def refusal(door: Door, **shown: str) -> NotRecognised:
    with pytest.raises(NotRecognised) as caught:
        door.sign_in(**shown)  # type: ignore[arg-type]
    return caught.value


def fail(door: Door, times: int, name: str = CLERK, origin: Origin = HERE) -> None:
    for _ in range(times):
        with pytest.raises(NotRecognised):
            door.sign_in(name, "wrong", origin=origin)


def test_whoever_set_a_password_comes_in_and_is_recognised_until_they_leave(door: Door) -> None:
    door.join()
    admitted = door.sign_in()
    found = door.who(admitted.token)
    assert found is not None
    assert (found.organisation, found.account, found.administrator) == (
        door.organisation,
        CLERK,
        None,
    )
    assert found == admitted.principal
    assert found.confirmed_at == door.now
    assert admitted.csrf == door.identity.csrf(admitted.token)
    door.identity.signing_in.sign_out(admitted.token, HERE)
    assert door.who(admitted.token) is None
    assert door.told()[-2:] == [("sign_in", None), ("sign_out", None)]


def test_everybody_who_is_kept_out_hears_the_same_and_the_auditor_why(door: Door) -> None:
    door.join()
    door.link("planning.head")  # has an account, and no password yet
    door.join("office.keeper")
    door.identity.administration.disable_account(None, door.organisation, "office.keeper")
    told = [
        refusal(door, name="nobody"),
        refusal(door, password="wrong"),
        refusal(door, password="x" * 100_000),
        refusal(door, name="planning.head"),
        refusal(door, name="office.keeper"),
    ]
    fail(door, 3)
    told.append(refusal(door))
    assert len({(each.code, str(each.params)) for each in told}) == 1
    reasons = [reason for kind, reason in door.told() if kind == "sign_in"]
    assert reasons == [
        "unknown_account",
        "wrong_password",
        "wrong_password",
        "no_password",
        "disabled",
        "wrong_password",
        "wrong_password",
        "wrong_password",
        "locked",
    ]
    assert all(
        event.account is None for event in door.events() if event.reason == "unknown_account"
    )


def test_nothing_that_opens_a_door_is_in_the_database(door: Door) -> None:
    door.join()
    token = door.sign_in().token
    secret, risen = door.enrolled(token)
    service = door.identity.tokens.make_own(risen, "OA", ["propose"], 30, HERE).token
    link = door.link(CLERK)
    with door.intruder.transaction() as connection:
        tables = ("account", "session", "one_time_link", "service_token", "second_factor")
        rows = [
            str(row).encode()
            for table in (*tables, "security_event", "former_password")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    everything = b"".join(rows)
    for opener in (token, risen, service, link, PASSWORD):
        assert opener.encode() not in everything
    assert secret not in everything


class TestLocks:
    def test_come_with_the_fifth_wrong_try_and_end_to_the_second(self, door: Door) -> None:
        door.join()
        fail(door, 4)
        door.sign_in()
        fail(door, 5)
        door.wait(15 * MINUTE - SECOND)
        refusal(door)
        door.wait(SECOND)
        fail(door, 4)
        assert door.sign_in().token

    def test_hold_when_the_clock_jumps_back(self, door: Door) -> None:
        door.join()
        fail(door, 5)
        door.wait(-48 * HOUR)
        refusal(door)

    def test_count_a_password_tried_in_a_session_or_for_a_change(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        for _ in range(3):
            with pytest.raises(NotRecognised):
                door.identity.signing_in.confirm_password(token, "wrong", HERE)
        with pytest.raises(NotRecognised):
            door.identity.passwords.change(token, "wrong", OTHER, HERE)
        with pytest.raises(NotRecognised):
            door.identity.passwords.replace(door.shown(password="wrong"), OTHER, HERE)
        refusal(door)
        assert door.who(token), "whoever is in stays: else everybody could throw out everybody"

    def test_hide_whether_the_password_was_right_from_whoever_tries_a_bad_new_one(
        self, door: Door
    ) -> None:
        door.join()
        fail(door, 5)
        with pytest.raises(NotRecognised):
            door.identity.passwords.replace(door.shown(), "bad", HERE)

    def test_keep_out_the_right_one_of_many_guesses_at_once(self, door: Door) -> None:
        door.join()
        guesses = ["wrong"] * 9
        found = at_once(*(lambda word=word: door.sign_in(CLERK, word) for word in guesses))
        assert all(isinstance(each, YichengError) for each in found)
        account = door.identity.administration.list_accounts(None, door.organisation)[0]
        assert (account.failures, account.locked_until is not None) == (5, True)

    def test_are_lifted_by_whoever_may(self, door: Door) -> None:
        door.join()
        fail(door, 5)
        door.identity.administration.unlock_account(None, door.organisation, CLERK)
        assert door.sign_in().token


class TestAnAddress:
    def test_that_fails_much_waits_but_for_those_who_came_in_from_there(self, door: Door) -> None:
        """An office behind one address is not locked out by a guest."""
        for name in (CLERK, "planning.head"):
            door.join(name)
        door.sign_in("planning.head", origin=ELSEWHERE)
        fail(door, 20, "nobody", ELSEWHERE)
        with pytest.raises(NotRecognised):
            door.sign_in(origin=ELSEWHERE)
        assert door.told()[-1] == ("sign_in", "slowed")
        assert door.sign_in("planning.head", origin=ELSEWHERE).token
        assert door.sign_in(origin=HERE).token
        door.wait(31 * SECOND)
        assert door.sign_in(origin=ELSEWHERE).token


class TestSessions:
    def test_end_when_idle_and_after_their_time_however_busy(self, door: Door) -> None:
        door.join()
        idle, busy = door.sign_in().token, door.sign_in().token
        door.wait(29 * MINUTE)
        assert door.who(busy)
        door.wait(2 * MINUTE)
        assert door.who(idle) is None
        for _ in range(25):
            assert door.who(busy)
            door.wait(27 * MINUTE)
        door.wait(20 * MINUTE)
        assert door.who(busy) is None
        reasons = [reason for kind, reason in door.told() if kind == "session_ended"]
        assert reasons == ["idle", "absolute"]

    def test_end_when_the_clock_jumps_and_do_not_come_back_with_it(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        door.wait(-HOUR)
        assert door.who(token) is None
        door.wait(HOUR)
        assert door.who(token) is None
        assert door.told()[-1] == ("session_ended", "clock")

    def test_that_are_over_by_the_clock_open_nothing_even_unseen(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        door.wait(31 * MINUTE)
        with pytest.raises(NotRecognised):
            door.identity.signing_in.confirm_password(token, PASSWORD, HERE)

    def test_get_a_new_token_with_every_rise_and_the_old_one_is_worth_nothing(
        self, door: Door
    ) -> None:
        door.join()
        planted = door.sign_in().token
        mine = door.identity.signing_in.sign_in(door.shown(), HERE, instead_of=planted)
        assert door.who(planted) is None
        risen = door.identity.signing_in.confirm_password(mine.token, PASSWORD, HERE)
        assert risen.principal.session == mine.principal.session
        assert door.who(mine.token) is None
        with pytest.raises(NotRecognised):
            door.identity.signing_in.confirm_password(mine.token, PASSWORD, HERE)
        assert door.who(risen.token)

    def test_are_not_opened_by_forged_tokens_or_digests(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        digest = str(door.intruder.ask("SELECT digest FROM session"))
        for forged in (digest, digest[:43], token[:-1] + ("A" if token[-1] != "A" else "B"), ""):
            assert door.who(forged) is None
        assert door.identity.by_token(token, client="x") is None
        assert door.identity.by_token("yct_" + token, client="x") is None

    def test_all_but_one_end_with_another_password(self, door: Door) -> None:
        door.join()
        mine, other = door.sign_in().token, door.sign_in().token
        risen = door.identity.passwords.change(mine, PASSWORD, OTHER, HERE)
        assert [bool(door.who(each)) for each in (mine, other, risen.token)] == [
            False,
            False,
            True,
        ]
        refusal(door)
        assert door.sign_in(password=OTHER).token

    def test_end_with_the_account_and_come_back_with_neither(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        administration = door.identity.administration
        administration.disable_account(None, door.organisation, CLERK)
        assert door.who(token) is None
        administration.enable_account(None, door.organisation, CLERK)
        assert door.who(token) is None
        assert door.sign_in().token

    def test_of_another_organisation_are_its_own(self, door: Door, neighbour: Zone) -> None:
        door.join()
        there = Door(door.identity, door.clock, door.intruder, neighbour.code)
        refusal(there)
        there.join(password=OTHER)
        principal = there.sign_in(password=OTHER).principal
        assert (principal.organisation, principal.account) == (neighbour.code, CLERK)
        refusal(door, password=OTHER)


def test_whose_last_post_ended_yesterday_stays_outside_and_comes_back_with_the_next(
    zone: Zone, tmp_path: Path
) -> None:
    make_key(tmp_path / "key")
    door = door_of(zone, tmp_path)
    door.join()
    token = door.sign_in().token
    zone.do(DISMISS)
    assert door.who(token), "the last day is theirs"
    zone.wait(1)
    assert door.who(token) is None
    refusal(door)
    assert door.told()[-1] == ("sign_in", "no_post")
    with pytest.raises(BadInput):
        door.link(CLERK)
    zone.do(APPOINT)
    assert door.sign_in().token


def test_a_digest_of_another_cost_is_renewed_with_the_right_password(door: Door) -> None:
    door.join()
    before = door.intruder.ask("SELECT password FROM account")
    settings = cheap_policy()
    dearer = replace(settings, policy=replace(settings.policy, argon2_iterations=2))
    core = door.identity.administration.core
    door.identity = Identity(core.uow, core.clock, dearer, core.sealer)
    door.sign_in()
    assert door.intruder.ask("SELECT password FROM account") != before
    assert door.sign_in().token
