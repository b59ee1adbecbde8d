"""The numbers of identity: stricter as one likes, looser only with what that rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.identity.policy import SHIPPED, Settings, load_policy
from procedures.problems import SourceError

HEAD = "policy: identity\nversion: 2026-05-01\nsettings:\n"


def own(folder: Path, *settings: str) -> Settings:
    path = folder / "own.yaml"
    path.write_text(HEAD + "".join(f"  {each}\n" for each in settings), "utf-8")
    return load_policy(path)


def codes(error: SourceError) -> list[str]:
    return [problem.code for problem in error.problems]


def test_the_shipped_numbers_are_within_their_own_limits_and_cite_what_they_rest_on() -> None:
    found = load_policy()
    assert found.policy.lock_tries == found.settings["lock_tries"].value == 5
    assert all(each.citations for each in found.settings.values())
    assert found.policy.retention_days >= 184


def test_a_file_of_ones_own_may_be_stricter(tmp_path: Path) -> None:
    found = own(tmp_path, "password_length: {value: 14}", "session_idle_minutes: {value: 10}")
    assert (found.policy.password_length, found.policy.session_idle_minutes) == (14, 10)
    assert found.policy.lock_tries == load_policy().policy.lock_tries
    assert found.version.isoformat() == "2026-05-01"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("password_length: {value: 7}", "identity.policy.too_little"),
        ("password_age_days: {value: 91}", "identity.policy.too_much"),
        ("lock_tries: {value: 6}", "identity.policy.too_much"),
        ("lock_minutes: {value: 9}", "identity.policy.too_little"),
        ("retention_days: {value: 183}", "identity.policy.too_little"),
        ("password_length: {value: 7, least: 6}", "identity.policy.groundless"),
        ("session_idle_minutes: {value: 60, most: 60}", "identity.policy.groundless"),
        ("password_lenght: {value: 12}", "identity.policy.unknown"),
        ("password_length: {value: 0}", "source.too_small"),
        ("password_length: {value: 12, why: x}", "source.unknown_key"),
    ],
)
def test_what_is_looser_or_strange_is_refused(tmp_path: Path, setting: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        own(tmp_path, setting)
    assert codes(caught.value)[0].startswith(code.rpartition(".")[0])
    if code.startswith("identity"):
        assert codes(caught.value) == [code]


def test_the_floor_itself_is_data_that_can_rest_on_something_else(tmp_path: Path) -> None:
    found = own(tmp_path, "lock_tries: {value: 8, most: 10, cite: house_rules}")
    assert found.policy.lock_tries == 8
    assert found.settings["lock_tries"].citations[0].instrument == "house_rules"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        own(tmp_path, "password_length: {value: 7}", "lock_tries: {value: 9}")
    assert len(caught.value.problems) == 2


def test_a_shipped_file_without_a_number_or_beyond_its_limit_is_broken(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8")
    lines = [line for line in text.splitlines() if "link_hours" not in line]
    broken = tmp_path / "policy.yaml"
    broken.write_text(
        "\n".join(lines).replace("token_days: {value: 180", "token_days: {value: 999"), "utf-8"
    )
    with pytest.raises(SourceError) as caught:
        load_policy(shipped=broken)
    assert sorted(codes(caught.value)) == ["identity.policy.missing", "identity.policy.too_much"]
