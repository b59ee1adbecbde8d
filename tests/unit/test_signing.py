"""What is signed, and every way in which a signature does not hold (电子签名法 art. 13)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

import pytest

from workflow.canonical import canonical, digest_of
from workflow.ed25519 import NAME, Ed25519, made, signed
from workflow.signing import (
    Algorithm,
    Broken,
    Kept,
    PublicKey,
    Signed,
    entry_flaws,
    export,
    fingerprint,
    flaws,
    read,
    statement,
    told_in_entry,
    verify_export,
)

AT: Final = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
TEXT: Final = "第一条　试行。"
DRAFT: Final = {"number": 1, "digest": digest_of(TEXT)}
PUBLIC, SECRET = made()
ALGORITHMS: Final[Mapping[str, Algorithm]] = {NAME: Ed25519()}
ENTRY: Final[dict[str, Any]] = {
    "organisation": "office",
    "matter": "2026-0001",
    "version": 9,
    "command": "give_review_verdict",
    "step": "legality_review",
    "payload": {"verdict": "lawful", "powers": "在权限内", "reviewed_digest": digest_of(TEXT)},
    "actor": "legal.reviewer.1",
    "unit": "legal_office",
    "role": "reviewer",
    "principal": None,
    "mandate": None,
    "reauthenticated": "password",
    "procedure": "zone",
    "procedure_version": "2026-01-01",
    "procedure_digest": "d" * 64,
    "at": AT.isoformat(),
}


def key(public: str = PUBLIC, algorithm: str = NAME, **other: Any) -> PublicKey:
    named = fingerprint(algorithm, public)
    return replace(PublicKey(named, algorithm, public, "legal.reviewer.1", AT), **other)


def done(entry: Mapping[str, Any] = ENTRY, draft: Mapping[str, object] = DRAFT) -> Signed:
    text = statement(entry, entry["at"], draft, key().fingerprint)
    return Signed(text, signed(SECRET, text), key())


def found(given: Signed, **expected: object) -> list[str]:
    return [each.value for each in flaws(given, expected, ALGORITHMS)]


def test_a_statement_says_by_itself_what_it_is_of() -> None:
    told = read(done().statement)
    assert told is not None
    assert (told["purpose"], told["matter"], told["act"]) == (
        "yicheng.signature",
        "2026-0001",
        "give_review_verdict",
    )
    assert (told["draft"], told["opinion"]["verdict"]) == (DRAFT, "lawful")
    assert told["signer"] == {
        "account": "legal.reviewer.1",
        "unit": "legal_office",
        "role": "reviewer",
    }
    assert (told["at"], told["shown"]) == ("2026-09-14T01:00:00+00:00", "password")


def test_what_was_signed_and_stands_where_it_was_signed_holds() -> None:
    assert found(done(), matter="2026-0001", draft=DRAFT, position=9) == []


@pytest.mark.parametrize(
    ("part", "value", "flaw"),
    [
        ("matter", "2026-0002", "moved"),
        ("organisation", "other", "moved"),
        ("position", 10, "moved"),
        ("draft", {"number": 2, "digest": digest_of("另一稿")}, "moved"),
        ("act", "confirm_changes", "moved"),
        ("opinion", {"verdict": "unlawful"}, "edited"),
        ("signer", {"account": "clerk"}, "other_signer"),
        ("principal", "legal.head", "other_signer"),
    ],
)
def test_a_signature_in_another_place_is_found(part: str, value: object, flaw: str) -> None:
    assert found(done(), **{part: value}) == [flaw]


def test_one_byte_changed_after_signing_is_found() -> None:
    given = done()
    assert found(replace(given, statement=given.statement.replace("在权限内", "在权限外"))) == [
        "edited"
    ]
    assert found(replace(given, value=signed(SECRET, "other"))) == ["edited"]
    assert found(replace(given, value="没有")) == ["edited"]


def test_another_key_is_found() -> None:
    other, secret = made()
    given = done()
    forged = Signed(given.statement, signed(secret, given.statement), key(other))
    assert found(forged) == ["other_key"]
    under_the_old_name = replace(forged, key=key(other, fingerprint=key().fingerprint))
    assert found(under_the_old_name) == ["other_key"]
    assert found(replace(given, key=key(account="clerk"))) == ["other_key"]


def test_a_key_counts_while_it_is_held() -> None:
    given, second = done(), timedelta(seconds=1)
    assert found(replace(given, key=key(made_at=AT + second))) == ["key_not_valid"]
    assert found(replace(given, key=key(ended_at=AT - second))) == ["key_not_valid"]
    assert found(replace(given, key=key(ended_at=AT + second))) == []


def test_what_nobody_here_can_verify_does_not_hold() -> None:
    strange = key(algorithm="sm2")
    text = statement(ENTRY, ENTRY["at"], DRAFT, strange.fingerprint)
    assert found(Signed(text, "x", strange)) == ["unknown_algorithm"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"purpose": "yicheng.signature"}', done().statement + " "],
)
def test_what_is_no_statement_is_not_read(text: str) -> None:
    assert found(replace(done(), statement=text)) == ["unreadable"]


def test_a_statement_of_another_form_or_without_its_zone_is_not_read() -> None:
    told = json.loads(done().statement)
    assert read(canonical({**told, "form": 2})) is None
    assert read(canonical({**told, "at": "2026-09-14T01:00:00"})) is None
    assert read(canonical({**told, "key": 1})) is None
    assert read(canonical({**told, "signer": {"account": 1}})) is None


@dataclass(frozen=True)
class Toy:
    """Another algorithm: the port asks no more than this."""

    name: str = "toy"

    def verify(self, public: str, statement: str, value: str) -> bool:
        return value == digest_of(public + statement)


def test_another_algorithm_fits_in_by_its_name() -> None:
    toy = key("p", "toy")
    text = statement(ENTRY, ENTRY["at"], DRAFT, toy.fingerprint)
    given = Signed(text, digest_of("p" + text), toy)
    both = {**ALGORITHMS, "toy": Toy()}
    assert flaws(given, {}, both) == ()
    assert flaws(replace(given, value=""), {}, both) == (Broken.EDITED,)


class TestTheEntryAlone:
    ENTRY: ClassVar = {**ENTRY, "signature": told_in_entry(done(), DRAFT)}

    def of(self, **changes: Any) -> list[str]:
        return [each.value for each in entry_flaws({**self.ENTRY, **changes}, ALGORITHMS)]

    def test_proves_the_signature(self) -> None:
        assert self.of() == []
        assert entry_flaws(ENTRY, ALGORITHMS) == ()

    def test_tells_what_was_changed_in_it(self) -> None:
        assert self.of(payload={"verdict": "unlawful"}) == ["edited"]
        assert self.of(matter="2026-0002") == ["edited"]
        told = self.ENTRY["signature"]
        assert self.of(signature={**told, "statement": "0" * 64}) == ["edited"]

    def test_is_not_read_where_it_is_none(self) -> None:
        assert self.of(signature={}) == ["unreadable"]
        assert self.of(at="never") == ["unreadable"]


class TestTheExport:
    def told(self) -> dict[str, Any]:
        without = done({**ENTRY, "version": 7}, {"number": 0, "digest": ""})
        kept = Kept("office", {9: done(), 7: without})
        given = export(kept, "2026-0001", {1: (DRAFT["digest"], TEXT)})  # type: ignore[dict-item]
        found: dict[str, Any] = json.loads(json.dumps(given))
        return found

    def flaws(self, told: Any) -> list[list[str]]:
        found = verify_export(told, ALGORITHMS)
        assert found is not None
        return [[flaw.value for flaw in each.flaws] for each in found]

    def test_is_verified_without_a_database(self) -> None:
        found = verify_export(self.told(), ALGORITHMS)
        assert found is not None
        assert [(each.position, each.signer, each.flaws) for each in found] == [
            (7, "legal.reviewer.1", ()),
            (9, "legal.reviewer.1", ()),
        ]

    def test_a_text_changed_by_one_byte_is_found(self) -> None:
        told = self.told()
        told["drafts"][0]["text"] += "。"
        assert self.flaws(told) == [[], ["text_edited"]]
        told["drafts"][0]["digest"] = digest_of(told["drafts"][0]["text"])
        assert self.flaws(told) == [[], ["moved"]]

    def test_a_text_that_is_gone_is_found(self) -> None:
        told = self.told()
        told["drafts"] = []
        assert self.flaws(told) == [[], ["text_edited", "moved"]]

    def test_an_opinion_changed_by_one_byte_is_found(self) -> None:
        told = self.told()
        told["signatures"][1]["statement"]["opinion"]["powers"] += "。"
        assert self.flaws(told) == [[], ["edited"]]

    def test_a_signature_moved_to_another_matter_is_found(self) -> None:
        told = self.told()
        told["matter"] = "2026-0002"
        assert self.flaws(told) == [["moved"], ["moved"]]

    def test_a_key_that_ended_before_is_found(self) -> None:
        told = self.told()
        told["keys"][0]["ended_at"] = "2026-09-13T00:00:00+00:00"
        assert self.flaws(told) == [["key_not_valid"], ["key_not_valid"]]

    @pytest.mark.parametrize("told", [None, [], {}, {"purpose": "other", "form": 1}])
    def test_what_is_none_is_not_verified(self, told: object) -> None:
        assert verify_export(told, ALGORITHMS) is None
