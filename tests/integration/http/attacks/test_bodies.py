"""Bodies made to break whoever reads them: bombs, twins, half characters, members that are none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from api.http.documenting import description
from api.http.table import Table
from procedures.kinds import KINDS
from tests.integration.house import CLERK, CONVENE, DIRECTOR, KEEPER, QUICK, Zone, propose
from tests.integration.http.attacks.wire import JSON, Heard, bearer, send
from tests.integration.http.caller import Caller, calling
from workflow.commands import Subject, every_command

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

PROPOSE = b"/api/v1/commands/propose"
KEY = (b"idempotency-key", b"attack-0001")


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    with calling(zone) as caller:
        yield caller


def post(door: Caller, body: bytes, *headers: tuple[bytes, bytes]) -> Heard:
    given = [bearer(CLERK), KEY, *(headers or (JSON,))]
    return send(door.app, "POST", PROPOSE, given, body)


def inside(text: bytes) -> bytes:
    return b'{"state_secret":false,"title":' + text + b"}"


BODIES = {
    "too_deep": (inside(b"[" * 100_000 + b"]" * 100_000), "http.too_deep"),
    "deep_objects": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "http.too_deep"),
    "twice": (inside(b'"x","title":"y"'), "http.twice"),
    "twice_escaped": (inside(b'"x","\\u0074itle":"y"'), "http.twice"),
    "many_twins": (b"{" + b",".join([b'"a":1'] * 200_000) + b"}", "http.twice"),
    "not_a_number": (inside(b"NaN"), "http.number"),
    "infinite": (inside(b"-Infinity"), "http.number"),
    "beyond_doubles": (inside(b"1e999999999"), "http.number"),
    "million_digits": (inside(b"9" * 1_000_000), "http.number"),
    "full_width_digits": (inside("１２".encode()), "http.broken_json"),
    "leading_zero": (inside(b"007"), "http.broken_json"),
    "single_quotes": (b"{'title':1}", "http.broken_json"),
    "comment": (b'{"title":"x"/**/}', "http.broken_json"),
    "two_documents": (b"{}{}", "http.broken_json"),
    "latin": ('{"title":"é"}'.encode("latin-1"), "http.not_utf8"),
    "gb18030": (inside('"事项"'.encode("gb18030")), "http.not_utf8"),
    "utf_16": (inside(b'"x"').decode().encode("utf-16"), "http.not_utf8"),
    "overlong": (inside(b'"\xc0\xaf"'), "http.not_utf8"),
    "encoded_surrogate": (inside(b'"\xed\xa0\x80"'), "http.not_utf8"),
    "byte_order_mark": (b"\xef\xbb\xbf{}", "http.broken_json"),
    "lone_surrogate": (inside(b'"\\ud800"'), "http.half_character"),
    "nul_byte": (inside(b'"a\x00b"'), "http.broken_json"),
    "nul_escaped": (inside(b'"a\\u0000b"'), "input.refused"),
    "right_to_left": (inside(b'"a\\u202eb"'), "input.refused"),
    "ten_megabytes": (inside(b'"' + b"x" * 10_000_000 + b'"'), "input.refused"),
    "many_members": (
        b"{" + b",".join(b'"m%d":0' % number for number in range(100_000)) + b"}",
        "input.refused",
    ),
    "long_name": (b'{"' + b"n" * 1_000_000 + b'":0}', "http.name_too_long"),
    "many_wrong_items": (
        b'{"answers":[' + b",".join([b"0"] * 100_000) + b"]}",
        "input.refused",
    ),
    "seventeen_megabytes": (b" " * (17 * 1024 * 1024), "http.too_large"),
    "array": (b"[{}]", "http.no_object"),
    "nothing_but_null": (b"null", "http.no_object"),
}


def test_no_body_breaks_the_reader_and_none_changes_anything(door: Caller) -> None:
    before = door.zone.everything()
    told = {name: post(door, body) for name, (body, _) in BODIES.items()}
    for heard in told.values():
        heard.sound()
    assert {name: heard.code for name, heard in told.items()} == {
        name: code for name, (_, code) in BODIES.items()
    }
    assert door.zone.everything() == before


def test_only_json_is_read_whatever_a_form_of_another_site_could_send(door: Caller) -> None:
    before = door.zone.everything()
    body = json.dumps(propose(QUICK).given(door.zone.today)).encode()
    for media in (
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"application/jsonp",
        b"application/json; charset=utf-16",
        b"application/json, text/plain",
        b"text/plain; application/json",
        b"",
    ):
        heard = post(door, body, (b"content-type", media))
        heard.sound()
        assert (heard.status, heard.code) == (415, "http.media")
    for packing in (b"gzip", b"deflate", b"br", b"identity, gzip"):
        heard = post(door, body, JSON, (b"content-encoding", packing))
        assert (heard.status, heard.code) == (415, "http.packed")
    assert door.zone.everything() == before


def table(door: Caller) -> Table:
    found: Table = door.app.state.table
    return found


#: What somebody would like to set who knows the tables: by name, as a class, as a prototype.
COVETED = {
    "id": 1,
    "organisation": "neighbour",
    "organisation_id": 2,
    "actor": DIRECTOR,
    "account": DIRECTOR,
    "stage": "tabled",
    "version": 99,
    "status": "done",
    "second_factor": True,
    "expected_version": 1,
    "within": True,
    "at": "2020-01-01T00:00:00Z",
    "__class__": "Admin",
    "__proto__": {"administrator": "system"},
    "constructor": {},
    "_method": "DELETE",
}


def test_no_member_that_is_not_known_gets_anywhere(door: Caller) -> None:
    zone = door.zone
    zone.do(propose(QUICK))
    zone.do(CONVENE)
    meeting = f"/api/v1/meetings/{zone.meeting}"
    tags = {
        "{number}": door.tag(CLERK),
        "{code}": door.get(meeting, KEEPER).headers["etag"],
    }
    before = zone.everything()
    schemas = description(table(door), "en")["components"]["schemas"]
    tried = 0
    for entry in table(door).entries:
        if entry.method != "POST" or not entry.command:
            continue
        address = entry.path.format(number=zone.matter, code=zone.meeting)
        if every_command(KINDS)[entry.command].subject is Subject.MATTER_AND_MEETING:
            address += f"?meeting={zone.meeting}"
        tag = next((tag for part, tag in tags.items() if part in entry.path), None)
        told = door.post(address, CLERK, COVETED, tag=tag).json()
        codes = {each["pointer"]: each["code"] for each in told.get("errors", ())}
        assert codes, (entry.name, told)
        for name in COVETED.keys() - schemas[f"{entry.name}.payload"]["properties"].keys():
            assert codes[f"/{name}"].startswith("source.unknown_key"), (entry.name, name, told)
        tried += 1
    assert tried > 80
    assert zone.everything() == before


def test_no_form_that_is_sent_has_room_for_more_at_any_depth(door: Caller) -> None:
    """By construction: every object that is sent says which members it has, or that it is a map."""
    told = description(table(door), "en")
    schemas = told["components"]["schemas"]
    open_ended = {
        name
        for name, schema in schemas.items()
        if name.endswith(".payload") or ".payload" in name or "." in name
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    }
    assert open_ended == set()


def test_values_are_never_taken_for_what_they_are_not(door: Caller) -> None:
    base = dict(propose(QUICK).given(door.zone.today))
    wrong: tuple[dict[str, object], ...] = (
        {"state_secret": 0},
        {"state_secret": "false"},
        {"state_secret": []},
        {"title": 7},
        {"title": ["x"]},
        {"title": {"$ne": ""}},
        {"answers": []},
        {"answers": "x"},
    )
    for changed in wrong:
        told = door.post(PROPOSE.decode(), CLERK, {**base, **changed})
        assert (told.status_code, told.json()["code"]) == (422, "input.refused"), changed
    commands: list[dict[str, object]] = [{"command": "propose", "mandate": True}]
    for bulk in (
        {"mode": "each", "commands": commands},
        {"mode": "each\n", "commands": [{"command": "propose"}]},
        {"mode": "each", "commands": {}},
        {"mode": "each", "commands": [{"command": "propose", "actor": DIRECTOR}]},
    ):
        told = door.post("/api/v1/bulk", CLERK, bulk)
        assert (told.status_code, told.json()["code"]) == (422, "input.refused"), bulk


def test_days_and_hours_are_written_in_one_way_only(door: Caller) -> None:
    """A zone, a time or another script's digits would let two readers see two days."""
    told = []
    for day in (
        "２０２６-０４-３０",
        "2026-04-30T23:30:00+08:00",
        "2026-04-30T00:00:00Z",
        "2026-4-30",
        "30.04.2026",
        "2026-04-31",
        "２026-04-30",
        "2026-04-30 ",
        "２０２６年4月30日",
        "1777478400",
        1777478400,
        True,
        None,
        "0000-01-01",
        "+2026-04-30",
        "-2026-04-30",
        "99999-01-01",
    ):
        body = {"body": "executive_meeting", "held_on": day}
        told.append(door.post("/api/v1/commands/convene_meeting", KEEPER, body))
    assert {each.status_code for each in told[:-1]} == {422}, [each.text for each in told]
    for day in ("0001-01-01", "9999-12-31"):
        body = {"body": "executive_meeting", "held_on": day}
        answer = door.post("/api/v1/commands/convene_meeting", KEEPER, body)
        assert answer.status_code < 500, answer.text
