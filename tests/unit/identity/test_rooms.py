"""The pure rooms of identity: rules for passwords, tokens, codes, what holds and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.identity import codes, timing
from api.identity.acts import TABLE, load_acts, shipped_acts
from api.identity.guessable import shipped
from api.identity.password_rules import as_typed, classes_of, complaints
from api.identity.policy import load_policy
from api.identity.principal import Administrator
from api.identity.sealing import Sealer, make_key
from api.identity.sources import source_of
from api.identity.timing import Ended, Seen
from api.identity.tokens import SERVICE_PREFIX, csrf_of, digest_of, new_token
from procedures.problems import SourceError
from workflow.errors import StoreTrouble

POLICY = load_policy().policy
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "wrong"),
        [
            ("Correct-horse-7", []),
            ("济源Gaoxin-2026", []),
            ("Kurz-1", ["short"]),
            ("Aa1" + "xyz" * 45, ["long", "guessable"]),
            ("onlysmallletters", ["classes"]),
            ("P@ssw0rd2026!", ["guessable"]),
            ("Qwerty-123456", ["guessable"]),
            ("1qaz2wsx-QWE", ["guessable"]),
            ("Zhongguo@20261001", ["guessable"]),
            ("Guanliyuan#888", ["guessable"]),
            ("Office.2026-Aaa", ["guessable"]),
            ("Office.Keeper-77", ["name", "guessable"]),
            ("Xrepeek.eciffo-9", ["name"]),
            ("Aaaaaaaaaaaaaaa-1", ["guessable", "repeats"]),
            ("Ab1-\tx-yz-uvw", ["control"]),
            ("aaa", ["short", "classes", "guessable", "repeats"]),
        ],
    )
    def test_are_told_everything_that_is_wrong_with_them(
        self, password: str, wrong: list[str]
    ) -> None:
        found = [each.code for each in complaints(password, "office.keeper", POLICY)]
        assert found == [f"identity.password.{each}" for each in wrong]

    def test_are_not_made_of_the_name_of_the_organisation(self) -> None:
        found = complaints("Riverside-2026-xyz", "clerk", POLICY, ("riverside_zone",))
        assert [each.code for each in found] == ["identity.password.guessable"]

    def test_are_not_guessable_where_enough_of_their_own_is_left(self) -> None:
        assert shipped().left("Lian-xi-2026-Yi-cheng") >= 4

    def test_an_account_without_a_name_stands_in_no_password(self) -> None:
        assert complaints("Correct-horse-7", "", POLICY) == []

    def test_the_same_signs_are_the_same_password_however_they_were_composed(self) -> None:
        assert as_typed("e\N{COMBINING ACUTE ACCENT}\N{FULLWIDTH DIGIT ONE}") == "é1"

    def test_signs_without_case_are_a_class_of_their_own(self) -> None:
        assert classes_of("a济") == classes_of("a-") == 2


class TestTokens:
    def test_are_256_random_bits_and_leave_a_digest_only(self) -> None:
        token = new_token()
        assert len(token) == 43
        assert len(str(digest_of(token))) == 64
        assert new_token() != token

    def test_of_services_can_be_searched_for(self) -> None:
        token = new_token(SERVICE_PREFIX)
        assert token.startswith("yct_")
        assert digest_of(token) is not None

    @pytest.mark.parametrize(
        "token", ["", "x", "y" * 42, "y" * 44, "é" * 43, "a" * 10**6, "\n" * 43]
    )
    def test_of_another_form_are_none(self, token: str) -> None:
        assert digest_of(token) is None

    def test_the_value_against_forgery_follows_from_the_token_and_does_not_tell_it(self) -> None:
        token = new_token()
        assert csrf_of(token) == csrf_of(token) != csrf_of(new_token())
        assert token not in csrf_of(token)


class TestSessions:
    SEEN = Seen(NOW, NOW)

    @pytest.mark.parametrize(
        ("seen_after", "now_after", "over"),
        [
            (0, 30 * MINUTE - SECOND, None),
            (0, 30 * MINUTE, Ended.IDLE),
            (719, 720 * MINUTE - SECOND, None),
            (719, 720 * MINUTE, Ended.ABSOLUTE),
            (20, 20 * MINUTE - 5 * SECOND, None),
            (20, 20 * MINUTE - 6 * SECOND, Ended.CLOCK),
        ],
    )
    def test_are_over_to_the_second(
        self, seen_after: int, now_after: timedelta, over: Ended | None
    ) -> None:
        seen = Seen(NOW, NOW + seen_after * MINUTE)
        assert timing.session_over(seen, NOW + now_after, POLICY) is over

    @given(st.lists(st.integers(-3600, 3600), min_size=1, max_size=40))
    def test_never_live_longer_however_the_clock_jumps(self, jumps: list[int]) -> None:
        """From use to use no session goes on that is past its end, idle or from the future."""
        now, seen = NOW, Seen(NOW, NOW)
        tolerance = timedelta(seconds=POLICY.clock_tolerance_seconds)
        for jump in jumps:
            now += jump * SECOND
            if timing.session_over(seen, now, POLICY) is not None:
                break
            assert now - seen.created_at < POLICY.session_absolute_minutes * MINUTE
            assert -tolerance <= now - seen.seen_at < POLICY.session_idle_minutes * MINUTE
            if timing.to_be_noted(seen, now, POLICY):
                seen = replace(seen, seen_at=now)

    def test_uses_in_quick_succession_are_noted_once(self) -> None:
        assert not timing.to_be_noted(self.SEEN, NOW + 59 * SECOND, POLICY)
        assert timing.to_be_noted(self.SEEN, NOW + 60 * SECOND, POLICY)


class TestWhatHolds:
    @pytest.mark.parametrize(
        ("after", "good"), [(-6, False), (-5, True), (0, True), (59, True), (60, False)]
    )
    def test_a_link_between_its_making_and_its_end(self, after: int, good: bool) -> None:
        assert timing.holds(NOW, NOW + MINUTE, NOW + after * SECOND, POLICY) is good

    @pytest.mark.parametrize(
        ("after", "good"), [(-1, False), (0, True), (299, True), (300, False), (None, False)]
    )
    def test_a_password_shown_just_now_is_good_to_sign_with(
        self, after: int | None, good: bool
    ) -> None:
        assert POLICY.signature_fresh_minutes == 5
        shown = None if after is None else NOW - after * SECOND
        assert timing.fresh_for_signing(shown, None, NOW, POLICY) is good
        # Whoever has a second factor shows it just as lately.
        assert timing.fresh_for_signing(shown, NOW, NOW, POLICY) is good
        assert timing.fresh_for_signing(NOW, shown, NOW, POLICY) is (good or shown is None)

    def test_a_lock_until_its_last_instant(self) -> None:
        assert not timing.locked(None, NOW)
        assert timing.locked(NOW + SECOND, NOW)
        assert not timing.locked(NOW, NOW)

    def test_a_lock_comes_with_the_last_of_the_tries(self) -> None:
        assert timing.lock_after(POLICY.lock_tries - 1, NOW, POLICY) is None
        assert timing.lock_after(POLICY.lock_tries, NOW, POLICY) == NOW + 15 * MINUTE

    @pytest.mark.parametrize(
        ("at", "is_fresh"), [(None, False), (NOW + SECOND, False), (NOW, True)]
    )
    def test_what_was_shown_lately_is_fresh(self, at: datetime | None, is_fresh: bool) -> None:
        assert timing.fresh(at, NOW, POLICY) is is_fresh
        if at == NOW:
            assert not timing.fresh(at, NOW + 10 * MINUTE, POLICY)

    def test_an_address_waits_after_many_failures_and_not_for_ever(self) -> None:
        assert not timing.slowed(19, NOW, NOW, POLICY)
        assert not timing.slowed(20, None, NOW, POLICY)
        assert timing.slowed(20, NOW, NOW + 29 * SECOND, POLICY)
        assert not timing.slowed(10**6, NOW, NOW + 30 * SECOND, POLICY)

    def test_a_password_expires_with_its_last_day(self) -> None:
        age = timedelta(days=POLICY.password_age_days)
        assert not timing.password_expired(NOW, NOW + age - SECOND, POLICY)
        assert timing.password_expired(NOW, NOW + age, POLICY)


class TestCodes:
    SECRET = b"12345678901234567890"

    def test_are_those_of_the_rfc(self) -> None:
        """RFC 6238, appendix B, with eight digits."""
        policy = replace(POLICY, second_factor_digits=8)
        for seconds, code in ((59, "94287082"), (1111111109, "07081804"), (2000000000, "69279037")):
            at = datetime.fromtimestamp(seconds, UTC)
            assert codes.code_at(self.SECRET, at, policy) == code
            assert codes.step_of(code, self.SECRET, at, policy) == seconds // 30

    @pytest.mark.parametrize(("drift", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_are_good_for_a_step_more_or_less(self, drift: int, good: bool) -> None:
        code = codes.code_at(self.SECRET, NOW + drift * 30 * SECOND, POLICY)
        assert (codes.step_of(code, self.SECRET, NOW, POLICY) is not None) is good

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"])
    def test_of_another_form_are_wrong(self, code: str) -> None:
        assert codes.step_of(code, self.SECRET, NOW, POLICY) is None

    def test_an_app_is_told_all_it_needs(self) -> None:
        told = codes.address_of(codes.new_secret(), "office.keeper", "jiyuan_htz", POLICY)
        assert told.startswith("otpauth://totp/jiyuan_htz:office.keeper?")


class TestTheKey:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "var" / "key"
        assert make_key(path)
        return path

    def test_is_for_nobody_else_and_never_overwritten(self, path: Path) -> None:
        before = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert not make_key(path)
        assert path.read_bytes() == before

    def test_opens_what_it_sealed_and_nothing_else(self, path: Path, tmp_path: Path) -> None:
        sealed = Sealer(path).seal(b"x", NOW)
        assert Sealer(path).open(sealed) == b"x"
        assert Sealer(path).open(sealed[:-4] + "AAA=") is None
        make_key(tmp_path / "other")
        assert Sealer(tmp_path / "other").open(sealed) is None

    def test_opens_for_a_while_and_not_before(self, path: Path) -> None:
        sealer = Sealer(path)
        sealed = sealer.seal(b"x", NOW)
        assert sealer.open_within(sealed, MINUTE, NOW + MINUTE) == b"x"
        assert sealer.open_within(sealed, MINUTE, NOW + MINUTE + SECOND) is None
        assert sealer.open_within(sealed, MINUTE, NOW - 10 * MINUTE) is None

    def test_may_be_changed_while_the_old_one_stays(self, path: Path, tmp_path: Path) -> None:
        sealed = Sealer(path).seal(b"x", NOW)
        make_key(tmp_path / "new")
        path.write_bytes((tmp_path / "new").read_bytes() + path.read_bytes())
        assert Sealer(path).open(sealed) == b"x"
        assert Sealer(tmp_path / "new").open(Sealer(path).seal(b"y", NOW)) == b"y"

    def test_of_a_folder_that_cannot_be_written_is_trouble(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StoreTrouble, match="unwritable"):
            make_key(tmp_path / "file" / "key")

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda path: path.unlink(), "absent"),
            (lambda path: path.write_text("no key"), "broken"),
            (lambda path: path.write_text(""), "broken"),
            (lambda path: path.chmod(0o640), "open"),
        ],
        ids=["absent", "no key", "empty", "open"],
    )
    def test_spoilt_is_told(self, path: Path, spoil: Callable[[Path], object], code: str) -> None:
        spoil(path)
        with pytest.raises(StoreTrouble, match=code):
            Sealer(path).seal(b"x", NOW)


class TestTheActsOfAdministrators:
    def test_nobody_changes_what_another_one_changes_and_the_auditor_nothing(self) -> None:
        acts = shipped_acts()
        assert all(len(act.by) == 1 for act in acts.values() if act.changes)
        assert not any(act.changes for act in acts.values() if Administrator.AUDIT in act.by)
        assert {each for act in acts.values() for each in act.by} == set(Administrator)

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("make_link: {by: [audit], changes: true}", "identity.acts.audit_changes"),
            ("make_link: {by: [system, security], changes: true}", "identity.acts.shared"),
        ],
    )
    def test_a_table_that_joins_them_is_refused(self, tmp_path: Path, line: str, code: str) -> None:
        text = TABLE.read_text("utf-8").replace("make_link: {by: [security], changes: true}", line)
        (tmp_path / "acts.yaml").write_text(text, "utf-8")
        with pytest.raises(SourceError) as caught:
            load_acts(tmp_path / "acts.yaml")
        assert [problem.code for problem in caught.value.problems] == [code]


class TestSources:
    @pytest.mark.parametrize(
        ("client", "source"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("console", "console"),
        ],
    )
    def test_are_addresses_or_the_network_of_a_household(self, client: str, source: str) -> None:
        assert source_of(client) == source

    def test_slow_an_account_down_only_after_many_failures(self) -> None:
        many = POLICY.account_failures
        assert timing.slow_after(many - 1, NOW, POLICY) is None
        assert timing.slow_after(many, NOW, POLICY) == NOW + MINUTE


def test_what_was_asked_is_told_again_only_by_who_has_one_of_the_keys(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    old = Sealer(tmp_path / "key").marks(b"asked")
    make_key(tmp_path / "new")
    both = (tmp_path / "new").read_bytes() + (tmp_path / "key").read_bytes()
    (tmp_path / "key").write_bytes(both)
    now = Sealer(tmp_path / "key").marks(b"asked")
    assert (len(old), len(now)) == (1, 2)
    assert old[0] == now[1] != now[0]
    assert Sealer(tmp_path / "key").marks(b"other")[0] != now[0]
