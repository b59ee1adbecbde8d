"""Three administrators apart, and what raw SQL cannot do to accounts and their events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.identity.acts import shipped_acts
from api.identity.events import Once
from api.identity.identity import Identity
from api.identity.principal import Administrator, Principal
from tests.integration.door import CLERK, HERE, PASSWORD, Door, cheap_policy
from tests.integration.house import APPOINT, ASK_COUNSEL, QUICK, RETAIN, Zone, grant, propose
from tests.integration.raw import insert
from workflow.access import Area, Scope
from workflow.errors import Conflict, Forbidden, YichengError

CALLS: dict[str, Callable[[Identity, Principal, str], object]] = {
    "make_account": lambda i, by, o: i.administration.make_account(
        by, o, "oa.two", "service", HERE
    ),
    "disable_account": lambda i, by, o: i.administration.disable_account(by, o, CLERK, HERE),
    "enable_account": lambda i, by, o: i.administration.enable_account(by, o, CLERK, HERE),
    "release": lambda i, by, o: i.administration.release(by, o, CLERK, HERE),
    "purge": lambda i, by, o: i.purging.purge(by, o, HERE),
    "view_settings": lambda i, by, o: i.administration.admit("view_settings", by, HERE),
    "view_health": lambda i, by, o: i.administration.admit("view_health", by, HERE),
    "make_link": lambda i, by, o: i.administration.make_link(by, o, CLERK, HERE),
    "unlock_account": lambda i, by, o: i.administration.unlock_account(by, o, CLERK, HERE),
    "end_sessions": lambda i, by, o: i.administration.end_sessions(by, o, CLERK, HERE),
    "remove_second_factor": lambda i, by, o: i.administration.remove_second_factor(
        by, o, CLERK, HERE
    ),
    "end_signing_key": lambda i, by, o: i.signing_keys.end(by, o, CLERK, HERE),
    "link_external": lambda i, by, o: i.administration.link_external(
        by, o, CLERK, "https://sso", "s-1", HERE
    ),
    "unlink_external": lambda i, by, o: i.administration.unlink_external(
        by, o, CLERK, "https://sso", "s-1", HERE
    ),
    "make_service_token": lambda i, by, o: i.tokens.make_for_service(
        by, "oa.one", "OA", ["matters"], 30, HERE
    ),
    "revoke_token": lambda i, by, o: i.tokens.revoke(by, 1, HERE),
    "list_tokens": lambda i, by, o: i.tokens.all(by, HERE),
    "view_policy": lambda i, by, o: i.administration.admit("view_policy", by, HERE),
    "view_security_events": lambda i, by, o: i.administration.view_security_events(
        by, o, 0, 10, HERE
    ),
    "view_administration": lambda i, by, o: i.administration.view_administration(
        by, o, 0, 10, HERE
    ),
    "list_accounts": lambda i, by, o: i.administration.list_accounts(by, o, HERE),
}


UNABLE = ("legality_review.counsel_unable",)


@pytest.fixture
def staffed(door: Door) -> Door:
    """A clerk with a second factor, a service, and the three."""
    door.join()
    for kind in Administrator:
        door.administrator(kind)
    door.enrolled(door.sign_in().token)
    door.identity.administration.make_account(None, door.organisation, "oa.one", "service", HERE)
    return door


def test_each_does_what_is_theirs_and_nothing_else_and_all_of_it_is_written_down(
    staffed: Door,
) -> None:
    """Every act of the table with every administrator, and with somebody who is none."""
    assert CALLS.keys() == shipped_acts().keys()
    nobody = Principal(staffed.organisation, CLERK)
    for name, act in shipped_acts().items():
        for by in (*map(staffed.administrator, Administrator), nobody):
            before = len(staffed.events())
            try:
                CALLS[name](staffed.identity, by, staffed.organisation)
                allowed = True
            except Forbidden:
                allowed = False
            assert allowed is (by.administrator in act.by), (name, by)
            noted = staffed.events()[before:]
            assert (noted[-1].kind, noted[-1].actor, noted[-1].done) == (name, by.account, allowed)


def test_none_of_them_reads_or_decides_a_matter(staffed: Door, zone: Zone) -> None:
    """They are nobody of the directory: no post, so nothing that they could be entitled to.

    Nor does any act make somebody of them, lend them anything or have them retained.
    """
    zone.advance_to("drafting", QUICK)
    firm = {"clients": 1, "stated_on": zone.today.isoformat()}
    for kind in Administrator:
        name = f"administrator.{kind.value}"
        assert zone.fail(propose(QUICK).by(name)).code == "unknown.person"
        assert zone.fail(grant(name)).code == "unknown.person"
        assert zone.fail(APPOINT.with_(person=name)).code == "unknown.person"
        taken = zone.fail(APPOINT.with_(person=name, name="综合办公室兼职"))
        assert taken.code == "conflict.account_taken"
        retained = zone.fail(RETAIN.with_(lawyers=[{"account": name, **firm}]))
        assert retained.code == "unknown.person"
        assert zone.refuse(ASK_COUNSEL.with_(lawyers=[name])) == UNABLE
        reader = zone.house.inquiry.seen_by(zone.code, name)
        assert {reader.rights().scope(area) for area in Area} == {Scope.NOTHING}
        assert name not in zone.house.inquiry.directory(zone.code).persons


def test_nobody_of_them_becomes_another_one(staffed: Door) -> None:
    administration, organisation = staffed.identity.administration, staffed.organisation
    security = staffed.administrator(Administrator.SECURITY)
    for name in ("administrator.system", "administrator.audit", "administrator.security"):
        with pytest.raises(Forbidden):
            administration.make_link(security, organisation, name, HERE)
        with pytest.raises(Forbidden):
            administration.remove_second_factor(security, organisation, name, HERE)
        with pytest.raises(Forbidden):
            administration.link_external(security, organisation, name, "https://sso", "me", HERE)


def test_what_the_session_says_is_looked_up_anew(staffed: Door) -> None:
    """A principal that was true a moment ago, or made up, opens nothing."""
    administration, organisation = staffed.identity.administration, staffed.organisation
    made_up = Principal(organisation, CLERK, Administrator.AUDIT)
    with pytest.raises(Forbidden):
        administration.view_security_events(made_up, organisation)
    security = staffed.administrator(Administrator.SECURITY)
    system = staffed.administrator(Administrator.SYSTEM)
    administration.make_account(system, organisation, "second.security", "security", HERE)
    administration.disable_account(system, organisation, security.account, HERE)
    with pytest.raises(Forbidden):
        administration.make_link(security, organisation, CLERK, HERE)
    elsewhere = Principal("elsewhere", system.account, Administrator.SYSTEM)
    with pytest.raises(Forbidden):
        administration.list_accounts(elsewhere, organisation)


def test_the_last_of_a_kind_stays_and_no_name_is_taken_twice(staffed: Door) -> None:
    administration, organisation = staffed.identity.administration, staffed.organisation
    system = staffed.administrator(Administrator.SYSTEM)
    with pytest.raises(Conflict):
        administration.disable_account(system, organisation, "administrator.audit", HERE)
    for name in (CLERK, "planning.head", "administrator.audit"):
        with pytest.raises(Conflict):
            administration.make_account(system, organisation, name, "audit", HERE)
    for name, kind in (("Name", "audit"), ("root", "root"), ("a b", "service")):
        with pytest.raises(YichengError):
            administration.make_account(system, organisation, name, kind, HERE)


def test_the_first_three_come_once(door: Door) -> None:
    links = door.identity.first_administrators(door.organisation)
    assert [each.account for each in links] == [
        "administrator.system",
        "administrator.security",
        "administrator.audit",
    ]
    assert door.identity.first_administrators(door.organisation) == ()


#: A link that nobody has released.
WAITING = (
    "SELECT max(o.id) FROM one_time_link o LEFT JOIN opener_release r ON r.link_id = o.id"
    " WHERE r.id IS NULL AND o.purpose = 'reset'"
)
RELEASED_BY_SECURITY = (
    "INSERT INTO opener_release (organisation_id, link_id, released_by_id, released_at)"
    " SELECT l.organisation_id, l.id, a.id, l.created_at FROM one_time_link l, account a"
    f" WHERE a.administrator = 'security' AND l.id = ({WAITING})"
)
ACCOUNT: dict[str, Any] = {
    "organisation_id": 1,
    "failures": 0,
    "created_at": "2026-03-01 00:00:00+00",
    "version": 1,
    "service": False,
}


def test_raw_sql_keeps_to_what_is_promised(staffed: Door) -> None:
    staffed.link("planning.head")
    security = staffed.administrator(Administrator.SECURITY)
    staffed.link(CLERK, security)
    shown = Once("k", "k" * 64, ("f" * 64,))
    origin = replace(HERE, once=shown)
    staffed.identity.administration.end_sessions(security, staffed.organisation, CLERK, origin)
    staffed.identity.signing_in.sign_out(staffed.sign_in("administrator.audit").token, HERE)
    staffed.identity.tokens.make_for_service(
        staffed.administrator(Administrator.SECURITY),
        "oa.one",
        "OA",
        ["matters"],
        30,
        HERE,
    )
    staffed.identity.administration.link_external(
        None, staffed.organisation, CLERK, "https://sso", "s-1", HERE
    )
    later = "expires_at = '2099-01-01 00:00:00+00'"
    again = "ended_at = NULL, ended_why = NULL WHERE ended_at IS NOT NULL"
    event = {"at": "2026-03-01 00:00:00+00", "kind": "sign_in", "result": "done"}
    attempts = (
        ("account_identity", "UPDATE account SET name = 'x', version = version + 1"),
        ("account_identity", "UPDATE account SET administrator = 'audit', version = version + 1"),
        ("account_version", "UPDATE account SET failures = 5"),
        ("account_undeletable", "DELETE FROM account"),
        ("session_identity", "UPDATE session SET account_id = 1"),
        ("session_ended", f"UPDATE session SET {again}"),
        (
            "session_backwards",
            "UPDATE session SET seen_at = '2000-01-01 00:00:00+00' WHERE ended_at IS NULL",
        ),
        ("session_open", "DELETE FROM session WHERE ended_at IS NULL"),
        ("one_time_link_unchangeable", f"UPDATE one_time_link SET {later} WHERE ended_at IS NULL"),
        ("one_time_link_ended", f"UPDATE one_time_link SET {again}"),
        ("one_time_link_kept", "DELETE FROM one_time_link"),
        ("opener_release_unchangeable", "UPDATE opener_release SET released_by_id = NULL"),
        ("identity_request_unchangeable", "UPDATE identity_request SET fingerprint = key"),
        (
            "opener_release_not_apart",
            RELEASED_BY_SECURITY,
        ),
        (
            "opener_release_of_another",
            insert("opener_release", organisation_id=1, link_id=10**6, released_at=event["at"]),
        ),
        ("service_token_unchangeable", f"UPDATE service_token SET {later}"),
        ("service_token_undeletable", "DELETE FROM service_token"),
        ("second_factor_identity", "UPDATE second_factor SET secret = 'x'"),
        ("second_factor_backwards", "UPDATE second_factor SET last_step = 1"),
        ("external_identity_unchangeable", "UPDATE external_identity SET subject = 'x'"),
        ("security_head_out_of_order", "UPDATE security_head SET seq = 0"),
        ("security_head_out_of_order", "UPDATE security_head SET retention_days = 1"),
        ("security_head_undeletable", "DELETE FROM security_head"),
        ("security_event_unchangeable", "UPDATE security_event SET reason = NULL"),
        (
            "security_event_out_of_order",
            insert("security_event", organisation_id=1, seq=10**6, **event),
        ),
        (
            "account_of_person",
            insert("account", **ACCOUNT, name="party.secretary", administrator="audit"),
        ),
        ("account_not_person", insert("account", **ACCOUNT, name="x", person_id=1)),
        (
            "person_account_taken",
            insert("person", organisation_id=1, account="oa.one", name_zh="x", name_en="x"),
        ),
    )
    for code, statement in attempts:
        assert f"yicheng:{code}" in staffed.intruder.refused(statement), statement


@pytest.mark.parametrize(
    "kinds",
    [
        {"administrator": "audit", "service": True},
        {"person_id": 1, "administrator": "audit"},
        {},
        {"administrator": "root"},
        {"service": True, "password": "x", "password_at": "2026-03-01 00:00:00+00"},
        {"administrator": "audit", "password": "x"},
    ],
    ids=["two kinds", "a person too", "none", "unknown", "password", "undated"],
)
def test_an_account_is_of_exactly_one_kind(door: Door, kinds: dict[str, Any]) -> None:
    name = "party.secretary" if "person_id" in kinds else "x"
    told = door.intruder.refused(insert("account", **{**ACCOUNT, "name": name, **kinds}))
    assert "check" in told.lower()


def test_events_are_kept_for_their_days_by_the_clock_of_the_database(door: Door) -> None:
    """Also where the program was told another time."""
    door.join()
    assert "security_event_kept" in door.intruder.refused(
        "DELETE FROM security_event WHERE seq = 1"
    )
    door.wait(-timedelta(days=20 * 365))
    door.link(CLERK)
    newest = door.intruder.ask("SELECT max(seq) FROM security_event")
    door.intruder.run(f"DELETE FROM security_event WHERE seq = {newest}")
    assert door.sign_in(password=PASSWORD).principal.account == CLERK


def test_what_is_over_is_forgotten_and_nothing_of_the_promised_days(door: Door) -> None:
    """A clock that was set forward has nothing deleted; the database's own has a say."""
    long_ago = timedelta(days=5 * 365)
    door.wait(-long_ago)
    door.join()
    door.identity.signing_in.sign_out(door.sign_in().token, HERE)
    left_open = door.sign_in().token
    door.link("planning.head")
    door.wait(long_ago)
    door.join("office.keeper")
    mine = door.sign_in("office.keeper").token
    purge = door.identity.purging.purge
    recent = len([each for each in door.events() if each.at > door.now - timedelta(days=366)])
    gone = purge(None, door.organisation)
    assert (gone["sessions"], gone["links"]) == (2, 2)
    assert len(door.events()) == recent + 1
    assert door.who(left_open) is None
    assert door.who(mine)
    # By the clock of the program everything is old now; by that of the database it is not.
    door.wait(timedelta(days=900 * 365))
    assert not any(purge(None, door.organisation)[each] for each in ("events", "links"))
    assert door.told()[-1] == ("purge", None)


def test_a_policy_may_ask_administrators_for_a_second_factor(staffed: Door) -> None:
    core = staffed.identity.administration.core
    settings = cheap_policy()
    strict = replace(settings, policy=replace(settings.policy, administrator_factors=2))
    staffed.identity = Identity(core.uow, core.clock, strict, core.sealer)
    name, home = "administrator.system", staffed.organisation
    admitted = staffed.sign_in(name)
    listing = staffed.identity.administration.list_accounts
    with pytest.raises(Forbidden) as caught:
        listing(admitted.principal, home)
    assert caught.value.code == "identity.factor_first"
    assert staffed.told()[-1] == ("list_accounts", "second_factor_wanted")
    _, risen = staffed.enrolled(admitted.token)
    shown = staffed.who(risen)
    assert shown is not None
    assert listing(shown, home)
