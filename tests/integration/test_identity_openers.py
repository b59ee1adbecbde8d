"""What opens an account besides its password: links, second factors, service tokens."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from api.identity.errors import NotRecognised
from api.identity.principal import Administrator
from tests.integration.door import CLERK, HERE, MINUTE, OTHER, PASSWORD, Door
from tests.integration.house import at_once
from workflow.catalogue import Lines, Said
from workflow.errors import BadInput, Conflict, Forbidden, NotFound, YichengError

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SCOPES = ("matters", "propose")


def complaints(error: YichengError) -> list[str]:
    reasons = error.params["reasons"]
    assert isinstance(reasons, Lines)
    return [each.code.rpartition(".")[2] for each in reasons.items if isinstance(each, Said)]


class TestLinks:
    def test_give_somebody_of_the_directory_an_account_and_a_first_password(
        self, door: Door
    ) -> None:
        token = door.link(CLERK)
        opened = door.identity.passwords.open(token)
        assert (opened.organisation, opened.account) == (door.organisation, CLERK)
        assert opened.expires_at == door.now + DAY
        door.identity.passwords.redeem(token, PASSWORD, HERE)
        assert door.sign_in().token
        assert door.told()[:3] == [
            ("account_made", None),
            ("make_link", None),
            ("link_redeemed", None),
        ]

    def test_work_once(self, door: Door) -> None:
        token = door.link(CLERK)
        door.identity.passwords.redeem(token, PASSWORD, HERE)
        with pytest.raises(NotRecognised):
            door.identity.passwords.redeem(token, OTHER, HERE)
        with pytest.raises(NotRecognised):
            door.identity.passwords.open(token)
        assert door.sign_in().token

    def test_are_used_by_one_of_two_who_are_at_it_at_once(self, door: Door) -> None:
        token = door.link(CLERK)
        redeem = door.identity.passwords.redeem
        found = at_once(lambda: redeem(token, PASSWORD, HERE), lambda: redeem(token, OTHER, HERE))
        assert sorted(type(each).__name__ for each in found) == ["NoneType", "NotRecognised"]

    def test_are_void_with_the_next_one_with_a_new_password_and_past_their_end(
        self, door: Door
    ) -> None:
        first, second = door.link(CLERK), door.link(CLERK)
        redeem = door.identity.passwords.redeem
        with pytest.raises(NotRecognised):
            redeem(first, PASSWORD, HERE)
        redeem(second, PASSWORD, HERE)
        third = door.link(CLERK)
        door.identity.passwords.replace(door.shown(), OTHER, HERE)
        with pytest.raises(NotRecognised):
            redeem(third, PASSWORD, HERE)
        fourth = door.link(CLERK)
        door.wait(DAY)
        with pytest.raises(NotRecognised):
            redeem(fourth, PASSWORD, HERE)
        door.wait(-2 * DAY)
        with pytest.raises(NotRecognised):
            redeem(fourth, PASSWORD, HERE)

    def test_are_not_used_up_by_a_bad_password_and_lift_a_lock(self, door: Door) -> None:
        door.join()
        for _ in range(5):
            with pytest.raises(NotRecognised):
                door.sign_in(password="wrong")
        token = door.link(CLERK)
        with pytest.raises(BadInput) as caught:
            door.identity.passwords.redeem(token, "planning.clerk", HERE)
        assert complaints(caught.value) == ["classes", "name", "guessable"]
        door.identity.passwords.redeem(token, OTHER, HERE)
        assert door.sign_in(password=OTHER).token

    def test_are_for_nobody_else_and_no_service(self, door: Door) -> None:
        administration = door.identity.administration
        administration.make_account(None, door.organisation, "oa.system", "service", HERE)
        with pytest.raises(BadInput):
            door.link("oa.system")
        with pytest.raises(NotFound):
            door.link("nobody")
        for forged in ("", "x" * 43, door.link(CLERK)[::-1]):
            with pytest.raises(NotRecognised):
                door.identity.passwords.open(forged)


class TestPasswords:
    def test_of_late_do_not_come_again_and_older_ones_may(self, door: Door) -> None:
        door.join(password="Password-now-0")
        token = door.sign_in(password="Password-now-0").token
        passwords = [f"Password-now-{number}" for number in range(8)]
        for old, new in pairwise(passwords[:7]):
            token = door.identity.passwords.change(token, old, new, HERE).token
        for number in (6, 5, 1):
            with pytest.raises(BadInput) as caught:
                door.identity.passwords.change(token, passwords[6], passwords[number], HERE)
            assert complaints(caught.value) == ["used"]
        door.identity.passwords.change(token, passwords[6], passwords[0], HERE)
        assert door.intruder.ask("SELECT count(*) FROM former_password") == 5

    def test_that_expired_open_nothing_but_the_way_to_another(self, door: Door) -> None:
        door.join()
        door.wait(90 * DAY)
        with pytest.raises(NotRecognised) as caught:
            door.sign_in()
        assert caught.value.code == "identity.password_expired"
        with pytest.raises(NotRecognised) as caught:
            door.sign_in(password="wrong")
        assert caught.value.code == "identity.not_recognised"
        door.identity.passwords.replace(door.shown(), OTHER, HERE)
        assert door.sign_in(password=OTHER).token


class TestSecondFactors:
    def test_are_asked_for_once_they_are_confirmed(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        door.identity.second_factors.enrol(token, HERE)
        assert door.sign_in().principal.second_factor_at is None
        secret, risen = door.enrolled(token)
        assert door.who(token) is None
        found = door.who(risen)
        assert found is not None
        assert found.second_factor_at == door.now
        with pytest.raises(NotRecognised) as caught:
            door.sign_in()
        assert caught.value.code == "identity.second_factor_wanted"
        door.wait(MINUTE)
        admitted = door.sign_in(code=door.code(secret))
        assert admitted.principal.second_factor_at == door.now

    def test_have_codes_that_work_once_however_the_clock_jumps(self, door: Door) -> None:
        door.join()
        secret, token = door.enrolled(door.sign_in().token)
        show = door.identity.second_factors.show
        door.wait(MINUTE)
        code = door.code(secret)
        token = show(token, code, HERE).token
        with pytest.raises(NotRecognised):
            show(token, code, HERE)
        door.wait(-2 * SECOND)
        for steps in (-1, 0):
            with pytest.raises(NotRecognised):
                show(token, door.code(secret, steps), HERE)
        door.wait(4 * SECOND)
        assert show(token, door.code(secret, 1), HERE).token
        assert [reason for _, reason in door.told()].count("code_used") == 3

    def test_are_shown_once_of_two_at_once(self, door: Door) -> None:
        door.join()
        secret, _ = door.enrolled(door.sign_in().token)
        door.wait(MINUTE)
        code = door.code(secret)
        found = at_once(*(lambda: door.sign_in(code=code),) * 2)
        assert sum(isinstance(each, YichengError) for each in found) == 1

    def test_lock_after_wrong_codes_whether_or_not_the_password_is_right(self, door: Door) -> None:
        door.join()
        secret, token = door.enrolled(door.sign_in().token)
        for code in ("000000", "000001", "000002"):
            with pytest.raises(NotRecognised):
                door.identity.second_factors.show(token, code, HERE)
        for _ in range(2):
            with pytest.raises(NotRecognised):
                door.sign_in(code="000003")
        door.wait(14 * MINUTE)
        with pytest.raises(NotRecognised):
            door.sign_in(code=door.code(secret))
        door.wait(MINUTE)
        assert door.sign_in(code=door.code(secret)).token

    def test_are_not_replaced_by_whoever_holds_a_session(self, door: Door) -> None:
        door.join()
        _, token = door.enrolled(door.sign_in().token)
        with pytest.raises(Conflict):
            door.identity.second_factors.enrol(token, HERE)
        security = door.administrator(Administrator.SECURITY)
        administration = door.identity.administration
        administration.remove_second_factor(security, door.organisation, CLERK, HERE)
        assert door.who(token) is None
        assert door.identity.second_factors.enrol(door.sign_in().token, HERE).secret

    def test_are_enrolled_only_after_the_password_was_shown_lately(self, door: Door) -> None:
        door.join()
        token = door.sign_in().token
        door.wait(10 * MINUTE)
        with pytest.raises(NotRecognised) as caught:
            door.identity.second_factors.enrol(token, HERE)
        assert caught.value.code == "identity.not_fresh"
        risen = door.identity.signing_in.confirm_password(token, PASSWORD, HERE)
        assert door.identity.second_factors.enrol(risen.token, HERE).secret

    def test_stay_when_a_link_sets_another_password(self, door: Door) -> None:
        door.join()
        door.enrolled(door.sign_in().token)
        door.identity.passwords.redeem(door.link(CLERK), OTHER, HERE)
        with pytest.raises(NotRecognised) as caught:
            door.sign_in(password=OTHER)
        assert caught.value.code == "identity.second_factor_wanted"


class TestServiceTokens:
    def test_stand_for_their_maker_within_their_scopes_until_their_end(self, door: Door) -> None:
        door.join()
        made = door.identity.tokens.make_own(door.sign_in().token, "OA", SCOPES, 30, HERE)
        found = door.identity.by_token(made.token, client="x")
        assert found is not None
        assert (found.account, found.session, found.scopes) == (CLERK, None, frozenset(SCOPES))
        assert door.identity.by_session(made.token, client="x") is None
        door.wait(30 * DAY - SECOND)
        assert door.identity.by_token(made.token, client="x")
        door.wait(SECOND)
        assert door.identity.by_token(made.token, client="x") is None

    def test_end_when_revoked_and_with_the_account(self, door: Door) -> None:
        door.join()
        session = door.sign_in()
        tokens = door.identity.tokens
        first, second, third = (
            tokens.make_own(session.token, "OA", SCOPES, 30, HERE) for _ in range(3)
        )
        tokens.revoke_own(session.token, first.id, HERE)
        tokens.revoke(door.administrator(Administrator.SECURITY), second.id, HERE)
        assert [each.revoked_at is None for each in tokens.own(session.principal)] == [
            False,
            False,
            True,
        ]
        door.identity.administration.disable_account(None, door.organisation, CLERK)
        for made in (first, second, third):
            assert door.identity.by_token(made.token, client="x") is None

    def test_on_behalf_of_a_person_are_made_by_that_person_only(self, door: Door) -> None:
        door.join()
        security = door.administrator(Administrator.SECURITY)
        tokens, administration = door.identity.tokens, door.identity.administration
        with pytest.raises(BadInput):
            tokens.make_for_service(security, CLERK, "OA", SCOPES, 30, HERE)
        administration.make_account(None, door.organisation, "oa.system", "service", HERE)
        made = tokens.make_for_service(security, "oa.system", "OA", SCOPES, 30, HERE)
        found = door.identity.by_token(made.token, client="x")
        assert found is not None
        assert found.account == "oa.system"
        assert [each.made_by for each in tokens.all(security, HERE)] == ["administrator.security"]
        with pytest.raises(NotFound):
            tokens.revoke_own(door.sign_in().token, made.id, HERE)

    @pytest.mark.parametrize("backend", ["sqlite"])
    @pytest.mark.parametrize(
        ("purpose", "scopes", "days"),
        [
            ("", SCOPES, 30),
            ("two\nlines", SCOPES, 30),
            ("OA", (), 30),
            ("OA", ("No Such",), 30),
            ("OA", ("every/thing",), 30),
            ("OA", SCOPES, 0),
            ("OA", SCOPES, 181),
        ],
    )
    def test_that_cannot_be_are_refused(
        self, door: Door, purpose: str, scopes: tuple[str, ...], days: int
    ) -> None:
        door.join()
        with pytest.raises(BadInput):
            door.identity.tokens.make_own(door.sign_in().token, purpose, scopes, days, HERE)

    def test_want_the_password_shown_lately_and_are_not_for_administrators(
        self, door: Door
    ) -> None:
        door.join()
        token = door.sign_in().token
        door.wait(11 * MINUTE)
        with pytest.raises(NotRecognised):
            door.identity.tokens.make_own(token, "OA", SCOPES, 30, HERE)
        door.administrator(Administrator.SYSTEM)
        theirs = door.sign_in("administrator.system").token
        with pytest.raises(BadInput):
            door.identity.tokens.make_own(theirs, "OA", SCOPES, 30, HERE)
        with pytest.raises(Forbidden):
            door.identity.tokens.all(door.sign_in().principal, HERE)
