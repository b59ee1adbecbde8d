"""Accounts on the command line: links told once, accounts kept, events read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.bootstrap import open_house
from api.identity.acts import shipped_acts
from api.identity.events import Kind, Reason
from api.identity.signing_in import Credentials
from api.identity.timing import Ended
from api.settings import secret_file
from procedures.organisation import ORGANISATIONS
from tests.integration.command_line import CommandLine, cli, clock, squeezed
from tests.integration.door import CHEAP, HERE, PASSWORD
from workflow.catalogue import catalogue_for, locales
from workflow.clock import FixedClock

__all__ = ["cli", "clock"]

LINK = re.compile(r"https://yicheng\.example/start/([\w-]{43})$", re.MULTILINE)


@pytest.fixture
def office(
    database_url: str, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """A database with the sample organisation as a real one, whose init has not run yet."""
    monkeypatch.setenv("YICHENG_ADDRESS", "https://yicheng.example/")
    monkeypatch.setenv("YICHENG_IDENTITY_POLICY", str(CHEAP))
    monkeypatch.setenv("YICHENG_SECRET_FILE", str(tmp_path / "var" / "key"))
    text = (ORGANISATIONS / "jiyuan.yaml").read_text("utf-8")
    (tmp_path / "office.yaml").write_text(text.replace("rehearsal: true", "rehearsal: false"))
    return CommandLine(database_url)


def founded(office: CommandLine, folder: Path) -> str:
    return office("init", "--organisation-file", str(folder / "office.yaml")).stdout


def test_init_tells_the_links_of_the_first_administrators_once(
    office: CommandLine, tmp_path: Path
) -> None:
    told = founded(office, tmp_path)
    assert len(set(LINK.findall(told))) == 3
    for kind in ("system", "security", "audit"):
        assert f"administrator.{kind}" in told
    assert secret_file().stat().st_mode & 0o777 == 0o600
    assert not LINK.findall(founded(office, tmp_path))


def test_a_link_from_init_lets_its_administrator_set_a_password(
    office: CommandLine, tmp_path: Path
) -> None:
    token = LINK.findall(founded(office, tmp_path))[1]
    with open_house(office.database) as house:
        house.identity.passwords.redeem(token, PASSWORD, HERE)
        shown = Credentials("jiyuan_htz", "administrator.security", PASSWORD)
        admitted = house.identity.signing_in.sign_in(shown, HERE)
        assert house.identity.by_session(admitted.token, client="x") == admitted.principal


def test_accounts_are_listed_linked_disabled_enabled_and_unlocked(
    office: CommandLine, tmp_path: Path
) -> None:
    founded(office, tmp_path)
    link = office.json("account", "link", "planning.clerk")
    assert LINK.search(link["link"])
    assert LINK.search(office("account", "link", "planning.clerk").stdout)
    office("account", "disable", "planning.clerk")
    # Whose account it is reads of it in their inbox, before all else.
    told = office.json("inbox", "--as", "planning.clerk")
    assert [each["kind"] for each in told[:3]] == ["account"] * 3
    assert told[0]["todo"] in squeezed(office("inbox", "--as", "planning.clerk").stdout)
    found = {each["account"]: each for each in office.json("account", "list")}
    assert found["planning.clerk"] == {
        "account": "planning.clerk",
        "kind": "person",
        "password": False,
        "locked": False,
        "disabled": True,
    }
    assert "已停用" in office("account", "list").stdout
    assert (
        "planning.clerk" in office.error("account", "link", "planning.clerk", expect=2)["message"]
    )
    office("account", "enable", "planning.clerk")
    assert office.json("account", "unlock", "planning.clerk")["done"] == "unlock"
    assert office.error("account", "link", "nobody", expect=4)["error"] == "identity.no_account"
    assert office.error("account", "disable", "administrator.audit", expect=5)


def test_events_are_told_in_words_and_for_programs(office: CommandLine, tmp_path: Path) -> None:
    founded(office, tmp_path)
    events = office.json("security", "events")
    assert [each["event"] for each in events] == list(range(1, len(events) + 1))
    assert {each["client"] for each in events} == {"console"}
    assert "发放一次性链接" in squeezed(office("security", "events", "--after", "4").stdout)
    assert office.json("security", "events", "--limit", "1")[0]["kind"] == "list_accounts"


def test_a_rehearsal_has_no_administrators(cli: CommandLine) -> None:
    assert cli.json("account", "list") == []


def test_a_policy_looser_than_the_floor_is_refused_with_words(
    office: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text("policy: identity\nversion: 2026-01-01\nsettings:\n  lock_tries: {value: 50}\n")
    monkeypatch.setenv("YICHENG_IDENTITY_POLICY", str(own))
    told = office.error("init", "--organisation-file", str(tmp_path / "office.yaml"), expect=2)[
        "message"
    ]
    assert "lock_tries" in told
    assert "50" in told


@pytest.mark.parametrize("locale", locales())
def test_every_event_and_every_reason_has_words(locale: str) -> None:
    say = catalogue_for(locale)
    for kind in (*Kind, *shipped_acts()):
        assert f"security.kind.{kind}" in say
    for reason in (*Reason, *Ended):
        assert f"security.reason.{reason}" in say
