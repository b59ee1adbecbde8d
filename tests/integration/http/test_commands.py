"""Commands over HTTP: done once, for the version that was seen, or refused with every reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.house import (
    ASSIGN_STUDY,
    CLERK,
    DIRECTOR,
    KEEPER,
    PLAIN,
    QUICK,
    START,
    STUDY,
    WITHDRAW,
    Zone,
    propose,
)
from tests.integration.http.caller import Caller, calling

COMMANDS = "/api/v1/commands"


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    with calling(zone) as caller:
        yield caller


def proposed(door: Caller) -> str:
    """A matter proposed through the door; gives its address."""
    given = propose(QUICK)
    made = door.post(f"{COMMANDS}/propose", CLERK, given.given(door.zone.today))
    assert made.status_code == 201, made.text
    door.zone.matter = made.json()["matter"]
    assert made.headers["location"] == f"/api/v1/matters/{door.zone.matter}"
    return made.headers["location"]


def test_a_matter_is_proposed_seen_and_carried_on(door: Caller) -> None:
    address = proposed(door)
    first = door.tag(CLERK)
    done = door.do(ASSIGN_STUDY)
    assert (done.status_code, done.json()["status"]) == (200, "done")
    # The answer carries the version that the next change has to name.
    assert done.headers["etag"] == door.tag(CLERK) != first
    assert done.json()["version"] == 2
    # What is refused says why, by which law, who can cure it, from which day on.
    refused = door.do(START, headers={"Accept-Language": "en"})
    told = refused.json()
    assert (refused.status_code, told["type"], told["code"]) == (
        409,
        "/problems/refused",
        "refused",
    )
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["content-language"] == "en"
    study = next(each for each in told["refusals"] if each["code"] == "study.missing")
    assert study["citations"] == [{"instrument": "order_713", "article": "10", "confidence": "S"}]
    assert study["accounts"] == [CLERK, "planning.head"]
    assert study["earliest"] == door.zone.today.isoformat()
    assert "study" in study["what"]
    # It stands in the journal all the same.
    entry = door.get(f"/api/v1/journal/{told['entry']}", DIRECTOR).json()
    assert (entry["body"]["command"], entry["body"]["status"]) == ("start", "refused")
    assert door.get(address, CLERK).json()["version"] == 2


def test_a_change_names_the_version_that_was_seen(door: Caller) -> None:
    address = f"{proposed(door)}/commands/study"
    body = STUDY.given(door.zone.today)
    missing = door.post(address, CLERK, body)
    assert (missing.status_code, missing.json()["code"]) == (428, "http.if_match_missing")
    seen = door.tag(CLERK)
    before = door.zone.everything()
    other = door.post(address, CLERK, body, tag=seen.replace('"1-', '"2-'))
    assert (other.status_code, other.json()["code"]) == (412, "http.if_match_stale")
    assert door.zone.everything() == before
    door.do(ASSIGN_STUDY)
    stale = door.post(address, CLERK, body, tag=seen)
    told = stale.json()
    assert (stale.status_code, told["code"]) == (412, "conflict.matter_changed")
    assert told["current_version"] == 2
    assert [change["params"]["command"] for change in told["changes"]] == ["assign_study"]
    assert told["changes"][0]["params"]["actor"] == KEEPER


def test_the_same_key_does_a_thing_once_and_tells_it_again(door: Caller) -> None:
    body = propose(QUICK).given(door.zone.today)
    first = door.post(f"{COMMANDS}/propose", CLERK, body, key="one-key-only")
    after = door.zone.everything()
    again = door.post(f"{COMMANDS}/propose", CLERK, body, key="one-key-only")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == {**first.json(), "replayed": True}
    assert "idempotent-replayed" not in first.headers
    other = {**body, "title": "另一事项"}
    reused = door.post(f"{COMMANDS}/propose", CLERK, other, key="one-key-only")
    assert (reused.status_code, reused.json()["code"]) == (422, "request.key_reused")
    assert door.zone.everything() == after
    # The key is that of an account: another's is another's.
    theirs = door.post(f"{COMMANDS}/propose", "finance.clerk", body, key="one-key-only")
    assert theirs.json()["matter"] != first.json()["matter"]
    door.zone.matter = first.json()["matter"]
    # A change sent again still names the version of before.
    address, seen = f"/api/v1/matters/{door.zone.matter}/commands/assign_study", door.tag(KEEPER)
    given = ASSIGN_STUDY.given(door.zone.today)
    answers = [door.post(address, KEEPER, given, tag=seen, key="second-key") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert (
        door.client.request(
            "POST", f"{COMMANDS}/propose", headers={"Authorization": f"Bearer {CLERK}"}, json=body
        ).json()["code"]
        == "http.key_missing"
    )


def test_a_payload_that_does_not_fit_is_told_place_by_place(door: Caller) -> None:
    before = door.zone.everything()
    body = {"state_secret": "no", "title": "", "colour": 1}
    told = door.post(f"{COMMANDS}/propose", CLERK, body).json()
    assert told["status"] == 422
    places = {each["pointer"]: each["code"] for each in told["errors"]}
    assert places == {
        "/state_secret": "source.wants_true_or_false",
        "/title": "source.text_too_short",
        "/colour": "source.unknown_key_of",
    }
    unknown = door.post(f"{COMMANDS}/propse", CLERK, body)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown.command")
    nowhere = door.post("/api/v1/matters/2026-9999/commands/start", DIRECTOR, {}, tag='"1-a"')
    assert nowhere.status_code == 412
    assert door.zone.everything() == before


def test_the_options_say_before_what_the_command_says_then(door: Caller) -> None:
    address = proposed(door)
    found = {
        (each["command"], each["step"]): each
        for each in door.get(f"{address}/commands", DIRECTOR).json()["options"]
    }
    refused = door.do(START).json()["refusals"]
    start = found["start", None]
    assert not start["allowed"]
    assert {each["code"] for each in start["refusals"]} == {each["code"] for each in refused}
    assert found["decline", None]["allowed"]
    assert not found["withdraw", None]["allowed"]
    head = door.get(f"{address}/commands", WITHDRAW.actor).json()["options"]
    assert {"withdraw", "assign_study"} & {e["command"] for e in head if e["allowed"]} == {
        "withdraw"
    }
    anywhere = door.get("/api/v1/options", CLERK).json()["options"]
    assert next(e["command"] for e in anywhere if e["allowed"]) == "propose"


def test_several_commands_are_done_together_or_not_at_all(door: Caller) -> None:
    proposed(door)
    today = door.zone.today
    seen = door.tag(KEEPER)
    assign = {
        "command": "assign_study",
        "matter": door.zone.matter,
        "if_match": seen,
        "payload": ASSIGN_STUDY.given(today),
    }
    convene = {
        "command": "convene_meeting",
        "payload": {"body": "executive_meeting", "held_on": "2026-04-30"},
    }
    before = door.zone.rows("SELECT version FROM matter")
    bulk = {"mode": "together", "commands": [assign, convene]}
    told = door.post("/api/v1/bulk", CLERK, bulk)
    items = told.json()["items"]
    assert told.status_code == 409
    assert [each["status"] for each in items] == [409, 409]
    assert all(each["problem"]["refusals"][0]["code"] == "authority.role" for each in items)
    assert door.zone.rows("SELECT version FROM matter") == before
    done = door.post("/api/v1/bulk", KEEPER, bulk, key="bulk-key-1").json()
    assert done["done"]
    again = door.post("/api/v1/bulk", KEEPER, bulk, key="bulk-key-1").json()
    assert [each["outcome"]["replayed"] for each in again["items"]] == [True, True]
    # Each for itself: the second has been overtaken, the third goes on.
    each = {"mode": "each", "commands": [assign, {**convene, "command": "nix"}, convene]}
    told = door.post("/api/v1/bulk", KEEPER, each).json()
    assert [item["status"] for item in told["items"]] == [412, 404, 200]
    assert not told["done"]
    many = {"mode": "each", "commands": [convene] * 101}
    assert door.post("/api/v1/bulk", KEEPER, many).json()["code"] == "http.bulk_too_many"


def test_a_meeting_is_changed_in_the_state_that_was_seen(door: Caller) -> None:
    made = door.post(
        f"{COMMANDS}/convene_meeting",
        KEEPER,
        {"body": "executive_meeting", "held_on": "2026-04-30"},
    )
    address = made.headers["location"]
    seen = door.get(address, KEEPER).headers["etag"]
    assert made.headers["etag"] == seen
    frozen = door.post(f"{address}/commands/freeze_agenda", KEEPER, tag=seen)
    assert frozen.status_code in (200, 409)
    fresh = door.get(address, KEEPER).headers["etag"]
    assert (fresh != seen) == (frozen.status_code == 200)
    cancel = {"cause": "other", "reasons": "上级另有会议安排"}
    stale = door.post(f"{address}/commands/cancel_meeting", KEEPER, cancel, tag='"x-1"')
    assert stale.status_code == 412
    options = door.get(f"{address}/commands", KEEPER).json()["options"]
    assert {"freeze_agenda", "cancel_meeting"} <= {each["command"] for each in options}


@pytest.mark.parametrize("backend", ["sqlite"])
class TestWhoAsks:
    def test_nobody_gets_in_without_being_recognised_or_twice(self, door: Caller) -> None:
        ask = door.client.request
        codes = [
            ask("GET", COMMANDS).json()["code"],
            door.get(COMMANDS, "none").json()["code"],
            ask("GET", COMMANDS, headers={"Authorization": "Basic x"}).json()["code"],
            ask("GET", COMMANDS, headers={"Cookie": "__Host-yicheng=over"}).json()["code"],
            door.get(COMMANDS, CLERK, headers={"Cookie": "__Host-yicheng=x"}).json()["code"],
        ]
        assert codes == [
            "http.not_authenticated",
            "http.token_refused",
            "http.token_refused",
            "http.session_over",
            "http.both",
        ]
        assert ask("GET", COMMANDS).headers["www-authenticate"] == "Bearer"

    def test_a_change_by_cookie_needs_its_proof(self, door: Caller) -> None:
        headers = {"Cookie": f"__Host-yicheng={CLERK}", "Idempotency-Key": "cookie-key-1"}
        body = propose(PLAIN).given(door.zone.today)
        ask = door.client.request
        without = ask("POST", f"{COMMANDS}/propose", headers=headers, json=body)
        assert (without.status_code, without.json()["code"]) == (403, "http.csrf")
        headers["X-CSRF-Token"] = f"proof of {CLERK}"
        evil = {**headers, "Origin": "https://evil.example"}
        assert ask("POST", f"{COMMANDS}/propose", headers=evil, json=body).status_code == 403
        ours = {**headers, "Origin": "http://door.example"}
        assert ask("POST", f"{COMMANDS}/propose", headers=ours, json=body).status_code == 201

    def test_a_token_opens_only_what_it_was_made_for(self, door: Caller) -> None:
        assert door.get("/api/v1/matters", f"only-matters-{CLERK}").status_code == 200
        refused = door.get("/api/v1/people", f"only-matters-{CLERK}")
        assert (refused.status_code, refused.json()["code"]) == (403, "http.scope")
        body = propose(QUICK).given(door.zone.today)
        for scope, status in (("matters", 403), ("propose", 201)):
            told = door.post(f"{COMMANDS}/propose", f"only-{scope}-{CLERK}", body)
            assert told.status_code == status
        bulk = {"mode": "each", "commands": [{"command": "propose", "payload": body}]}
        told = door.post("/api/v1/bulk", f"only-start-{CLERK}", bulk).json()
        assert told["items"][0]["problem"]["code"] == "http.scope"

    @pytest.mark.parametrize("administrator", ["system", "security", "audit"])
    def test_the_administrators_have_no_part_in_business(
        self, door: Caller, administrator: str
    ) -> None:
        assert door.get("/api/v1/matters", administrator).status_code == 403
        body = propose(QUICK).given(door.zone.today)
        assert door.post(f"{COMMANDS}/propose", administrator, body).status_code == 403
