"""Who signed which text (签名): made with the act, asked for at the gate, tampering found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.cli.failing import REFUSED
from api.signing.keeper import ALGORITHMS
from tests.integration import house as h
from tests.integration.command_line import CommandLine
from tests.integration.door import HERE, PASSWORD, door_of
from tests.integration.house import QUICK, REVIEWER, Zone, founded, unlock, zone
from tests.journals import Copy
from workflow.canonical import digest_of
from workflow.errors import NotFound
from workflow.signing import Algorithm, HeldKey, NewKey, Shown, entry_flaws

__all__ = ["zone"]

SIGNERS = [h.COUNSEL, REVIEWER]


def passed(zone: Zone) -> str:
    """A matter that passed the review, and a meeting to which it could go."""
    number = zone.advance_to("review_passed", QUICK)
    zone.do(h.CONVENE)
    return number


def signed(zone: Zone, number: str) -> list[tuple[str, list[str]]]:
    found = zone.house.inquiry.signatures(zone.code, number)
    return [(each.record.actor, [flaw.value for flaw in each.flaws]) for each in found]


def entry(zone: Zone, command: str) -> dict[str, Any]:
    rows = zone.rows("SELECT body FROM journal WHERE command = :command", command=command)
    found: dict[str, Any] = json.loads(rows[-1][0])
    return found


def test_a_verdict_is_signed_with_the_act_and_its_entry_alone_proves_it(zone: Zone) -> None:
    number = passed(zone)
    assert signed(zone, number) == [(signer, []) for signer in SIGNERS]
    told = entry(zone, "give_review_verdict")
    assert (told["reauthenticated"], entry_flaws(told, ALGORITHMS)) == ("password", ())
    changed = {**told, "payload": {**told["payload"], "powers": "另一个意见"}}
    assert [each.value for each in entry_flaws(changed, ALGORITHMS)] == ["edited"]
    assert [each.record.actor for each in zone.standing().signatures] == SIGNERS
    zone.do(h.TABLE)
    assert zone.flaws() == []


def test_nobody_signs_who_has_not_just_shown_who_they_are(zone: Zone) -> None:
    zone.advance_to("under_review", QUICK)
    (told,) = zone.standing().signatures
    assert (told.record.actor, told.flaws) == (h.COUNSEL, ())
    before = zone.rows("SELECT count(*) FROM signature")
    assert zone.refuse(h.VERDICT, reauthenticated=None) == ("authority.reauthentication",)
    assert zone.rows("SELECT count(*) FROM signature") == before
    zone.do(replace(h.VERDICT, wait=0), reauthenticated=Shown.MACHINE)
    assert entry(zone, "give_review_verdict")["reauthenticated"] == "machine"


def test_nor_whose_role_ended_yesterday(zone: Zone) -> None:
    zone.advance_to("under_review", QUICK)
    zone.wait(h.VERDICT.wait)
    given = {
        "person": REVIEWER,
        "unit": "legal_office",
        "role": "reviewer",
        "last_day": zone.today.isoformat(),
        "reasons": "调离",
    }
    zone.do(h.Act("end_appointment", "leader.director", h.always(**given), about=""))
    zone.wait(1)
    # Without a post they are told of no matter at all.
    assert isinstance(zone.fail(replace(h.VERDICT, wait=0)), NotFound)
    assert zone.rows("SELECT count(*) FROM signature WHERE position = 12") == [(0,)]


OF_COUNSEL = "(SELECT s.{column} FROM signature s WHERE s.position = 11)"
TAMPERED: Mapping[str, tuple[str, str, str]] = {
    "the opinion by one byte": (
        "UPDATE record SET payload = replace(payload, '完备', '不备') WHERE position = 12",
        "signature.broken",
        "filed",
    ),
    "what was signed by one byte": (
        "UPDATE signature SET statement = replace(statement, '完备', '不备')",
        "signature.broken",
        "signature",
    ),
    "the key": (
        (
            "UPDATE signing_key SET public = "
            "(SELECT k.public FROM signing_key k WHERE k.id <> signing_key.id)"
        ),
        "signature.broken",
        "signature",
    ),
    "the signature away": (
        "DELETE FROM signature WHERE position = 12",
        "signature.missing",
        "signature",
    ),
    "the signature of counsel away": (
        "DELETE FROM signature WHERE position = 11",
        "signature.missing",
        "signature",
    ),
    "the signature to that of another act": (
        "UPDATE signature SET "
        + ", ".join(
            f"{column} = {OF_COUNSEL.format(column=column)}"
            for column in ("statement", "value", "key_id")
        )
        + " WHERE position = 12",
        "signature.broken",
        "signature",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_somebody_changes_past_the_program_bars_the_gate_and_is_found(
    what: str, zone: Zone
) -> None:
    statement, refused, flaw = TAMPERED[what]
    number = passed(zone)
    unlock(zone)
    zone.intruder.run(statement)
    assert refused in zone.unmet()
    assert refused in zone.refuse(h.TABLE)
    assert flaw in {code for _, code in zone.flaws()}
    assert [each for each in signed(zone, number) if each[1]] != []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_with_a_key_that_somebody_exchanged_nothing_is_signed(zone: Zone) -> None:
    passed(zone)
    zone.advance_to("under_review", QUICK)
    zone.wait(h.VERDICT.wait)
    before = zone.everything()
    unlock(zone)
    of_counsel = "(SELECT k.held FROM signing_key k WHERE k.id = 1)"
    for held, code in ((of_counsel, "store.not_signed"), ("'x'", "identity.key.signing")):
        zone.intruder.run(f"UPDATE signing_key SET held = {held} WHERE id = 2")
        assert zone.fail(replace(h.VERDICT, wait=0)).code == code
    kept = zone.everything()
    assert [name for name in before if before[name] != kept[name]] == ["signing_key"]


def test_the_signature_of_another_matter_does_not_do(zone: Zone) -> None:
    zone.advance_to("review_passed", QUICK)
    number = passed(zone)
    unlock(zone)
    zone.intruder.run(
        "CREATE TABLE taken AS SELECT * FROM signature",
        *(
            f"UPDATE signature SET {column} = (SELECT s.{column} FROM taken s WHERE s.matter_id = 1"
            " AND s.position = signature.position) WHERE matter_id = 2"
            for column in ("statement", "value")
        ),
    )
    assert [flaws[0] for _, flaws in signed(zone, number)] == ["moved", "moved"]
    assert zone.refuse(h.TABLE) == ("signature.broken",)


def test_a_version_that_was_not_signed_upon_needs_another_signature(zone: Zone) -> None:
    passed(zone)
    zone.do(h.EDIT)
    assert "legality_review.other_text" in zone.unmet()
    zone.do(h.CONFIRM)
    zone.do(h.TABLE)
    assert len(zone.rows("SELECT id FROM signature")) == 3


def test_an_agent_signs_with_the_key_of_the_agent(zone: Zone) -> None:
    zone.advance_to("under_review", QUICK)
    zone.do(h.grant(h.OTHER_REVIEWER))
    zone.do(h.VERDICT.by(h.OTHER_REVIEWER), mandate=1)
    (told,) = zone.rows("SELECT statement FROM signature WHERE position = 12")
    said = json.loads(told[0])
    assert (said["signer"]["account"], said["principal"]) == (h.OTHER_REVIEWER, REVIEWER)


def test_an_office_that_worked_before_anything_was_signed_goes_on(zone: Zone) -> None:
    """As migration 0011 leaves it: what was filed before needs no signature."""
    number = passed(zone)
    unlock(zone)
    zone.intruder.run(
        "DELETE FROM signature",
        "UPDATE organisation SET signs_from = (SELECT seq + 1 FROM journal_head)",
    )
    assert zone.unmet() == ()
    found = zone.house.inquiry.signatures(zone.code, number)
    assert {(each.owed, each.signed, each.flaws) for each in found} == {(False, None, ())}


def test_a_key_that_ended_is_followed_by_another_and_its_signatures_hold(
    zone: Zone, tmp_path: Path
) -> None:
    first = passed(zone)
    door = door_of(zone, tmp_path)
    door.identity.signing_keys.end(None, zone.code, REVIEWER)
    door.wait(timedelta(days=1))
    second = zone.advance_to("review_passed", QUICK)
    keys = door.identity.signing_keys.of(zone.code, REVIEWER)
    assert [(key.ended_at is None, why) for key, why in keys] == [(False, "revoked"), (True, None)]
    for number in (first, second):
        assert signed(zone, number) == [(signer, []) for signer in SIGNERS]
    assert ("end_signing_key", None) in door.told()
    door.identity.administration.disable_account(None, zone.code, REVIEWER, HERE)
    keys = door.identity.signing_keys.of(zone.code, REVIEWER)
    assert [why for _, why in keys] == ["revoked", "disabled"]
    assert zone.flaws() == []


@dataclass(frozen=True)
class Token:
    """A token that signs in another way: all that the port asks for."""

    name: str = "toy"

    @property
    def algorithms(self) -> Mapping[str, Algorithm]:
        return {self.name: self}

    def new_key(self, organisation: str, account: str, at: datetime) -> NewKey:
        return NewKey(self.name, f"token of {account} since {at.year}", f"slot {organisation}")

    def sign(self, key: HeldKey, statement: str) -> str:
        return digest_of(key.public.public + statement)

    def verify(self, public: str, statement: str, value: str) -> bool:
        return value == digest_of(public + statement)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_another_algorithm_fits_in(database_url: str) -> None:
    with founded(database_url, signatures=Token()) as zone:
        number = passed(zone)
        zone.do(h.TABLE)
        assert signed(zone, number) == [(signer, []) for signer in SIGNERS]
        assert zone.rows("SELECT DISTINCT algorithm FROM signing_key") == [("toy",)]
        assert zone.flaws() == []
    with founded(database_url) as zone:
        # Whoever has that algorithm no more cannot say that it holds.
        assert signed(zone, number)[0][1] == ["unknown_algorithm"]


class TestAtTheCommandLine:
    @pytest.fixture
    def line(self, zone: Zone) -> CommandLine:
        passed(zone)
        return CommandLine(zone.url)

    EDITS: Mapping[str, tuple[Callable[[dict[str, Any]], object], str]] = {
        "the text": (lambda told: told["drafts"][0].update(text="另一稿"), "text_edited"),
        "the opinion": (
            lambda told: told["signatures"][1]["statement"]["opinion"].update(powers="越权"),
            "edited",
        ),
        "the matter": (lambda told: told.update(matter="2026-0009"), "moved"),
        "the key": (
            lambda told: told["signatures"][1].update(key=told["signatures"][0]["key"]),
            "other_key",
        ),
    }

    def test_signatures_are_written_out_and_verified_without_a_database(
        self, line: CommandLine, tmp_path: Path
    ) -> None:
        assert all(each["holds"] for each in line.json("matter", "signatures", "2026-0001"))
        file = tmp_path / "signatures.json"
        line("signature", "export", "2026-0001", str(file))
        alone = CommandLine("sqlite:////nowhere/at/all.db")
        assert "签名有效" in alone("signature", "verify", str(file)).stdout
        told = file.read_text("utf-8")
        for edit, flaw in self.EDITS.values():
            changed = json.loads(told)
            edit(changed)
            file.write_text(json.dumps(changed), "utf-8")
            found = alone.json("signature", "verify", str(file), expect=REFUSED)
            assert flaw in {each for one in found for each in one["flaws"]}
        file.write_text("{}", "utf-8")
        assert alone.error("signature", "verify", str(file), expect=2)["error"] == (
            "signature.no_export"
        )
        assert REVIEWER in line("matter", "signatures", "2026-0001").stdout
        (kept,) = line.json("account", "keys", REVIEWER)
        self.in_a_bundle(line, tmp_path / "bundle.jsonl", kept["key"])
        line("account", "end-key", REVIEWER)
        assert "停用" in line("account", "keys", REVIEWER).stdout

    def in_a_bundle(self, line: CommandLine, bundle: Path, key: str) -> None:
        """Whoever has nothing but the bundle finds what was changed, though it was hashed anew."""
        line("journal", "export", str(bundle))
        alone = CommandLine("sqlite:////nowhere/at/all.db")
        told = alone.json("journal", "verify", str(bundle))
        assert [(each["account"], each["count"]) for each in told["signers"]] == [
            (signer, 1) for signer in SIGNERS
        ]
        assert told["signers"][1]["fingerprint"] == key
        assert key[:4] in alone("journal", "verify", str(bundle)).stdout
        for command, word, other, flaw in (
            ("revise_draft", '"digest":"', '"digest":"0', "signature_text_edited"),
            ("give_review_verdict", "完备", "不备", "signature_edited"),
        ):
            copy = Copy(bundle.read_bytes().splitlines())
            (entry,) = (each for each in copy.lines if f'"{command}"' in each.get("body", ""))
            entry["body"] = entry["body"].replace(word, other)
            copy.rechain()
            edited = bundle.with_name(f"{command}.jsonl")
            edited.write_bytes(b"".join(copy.bytes()))
            found = alone.json("journal", "verify", str(edited), expect=REFUSED)
            assert {each["code"] for each in found["flaws"]} == {flaw}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_has_a_password_shows_it_before_signing_at_the_command_line(
    zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone.advance_to("under_review", QUICK)
    zone.wait(h.VERDICT.wait)
    monkeypatch.setattr("api.bootstrap.SystemClock", lambda: zone.house.clock)
    identity = zone.house.identity
    link = identity.administration.make_link(None, zone.code, REVIEWER).token
    identity.passwords.redeem(link, PASSWORD, HERE)
    line, file = CommandLine(zone.url), tmp_path / "password"
    given = json.dumps(dict(h.VERDICT.given(zone.today)))
    act = ["do", "give_review_verdict", "--as", REVIEWER, "--matter", str(zone.matter)]
    act += ["--payload", given]
    assert line.error(*act, expect=2)["error"] == "signature.password_wanted"
    file.write_text("wrong\n", "utf-8")
    shown = ("--password-file", str(file))
    assert line.error(*act, *shown, expect=1)["error"] == "identity.not_recognised"
    file.write_text(f"{PASSWORD}\n", "utf-8")
    assert line.json(*act, *shown)["status"] == "done"
    assert entry(zone, "give_review_verdict")["reauthenticated"] == "password"
