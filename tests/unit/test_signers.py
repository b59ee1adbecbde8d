"""A journal whose every digest was made anew still cannot change what somebody signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from tests.journals import AT, bundled
from workflow.bundle import verify_bundle
from workflow.canonical import canonical
from workflow.ed25519 import NAME, Ed25519, made, signed
from workflow.journal import GENESIS, Entry, Flaw, Head, write
from workflow.signers import Signers
from workflow.signing import PublicKey, Signed, fingerprint, statement, told_in_entry

OPINION: Final = "give_opinion"
ALGORITHMS: Final = {NAME: Ed25519()}
Told = dict[str, Any]

key = cache(lambda _name: made())


def entry(command: str, matter: str = "1", actor: str = "reviewer", **other: Any) -> Told:
    return {
        "organisation": "zone",
        "matter": matter,
        "version": 1,
        "command": command,
        "step": "legality_review",
        "status": "done",
        "payload": {"powers": "在权限内"},
        "actor": actor,
        "unit": "legal_office",
        "role": "reviewer",
        "principal": None,
        "mandate": None,
        "reauthenticated": "password",
        "procedure": "zone",
        "procedure_version": "2026-01-01",
        "procedure_digest": "d" * 64,
        **other,
    }


def text(number: int, digest: str, matter: str = "1") -> Told:
    return entry("revise_draft", matter, "clerk", payload={"number": number, "digest": digest})


def opinion(number: int, digest: str, by: str = "reviewer", **other: Any) -> Told:
    """A signed act; `key` names another key than that of the account."""
    draft = {"number": number, "digest": digest}
    public, secret = key(other.pop("key", by))
    told = entry(OPINION, actor=by, **other)
    mine = PublicKey(fingerprint(NAME, public), NAME, public, by, AT)
    said = statement(told, AT.isoformat(), draft, mine.fingerprint)
    return {**told, "signature": told_in_entry(Signed(said, signed(secret, said), mine), draft)}


def chained(*told: Told) -> list[Entry]:
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for each in told:
        entries.append(write(head, each, AT))
        head = Head(entries[-1].seq, entries[-1].digest)
    return entries


def found(*told: Told) -> list[tuple[int, str]]:
    """Of a bundle in which every digest fits."""
    report = verify_bundle(bundled(chained(*told), ()), algorithms=ALGORITHMS, acts=[OPINION])
    return [(flaw.seq, flaw.code) for flaw in report.flaws]


def sound() -> list[Told]:
    return [
        text(1, "a"),
        opinion(1, "a", by="counsel"),
        text(2, "b"),
        text(1, "c", matter="2"),
        opinion(2, "b"),
        opinion(2, "b", by="counsel", version=2),
    ]


def test_whoever_signed_is_told_with_the_fingerprint_of_the_key() -> None:
    lines = bundled(chained(entry(OPINION), *sound()), ())
    report = verify_bundle(lines, algorithms=ALGORITHMS, acts=[OPINION])
    assert (report.flaws, report.unsigned) == ((), 1)
    told = [(each.account, each.first, each.last, each.count) for each in report.signers]
    assert told == [("counsel", 3, 7, 2), ("reviewer", 6, 6, 1)]
    assert report.signers[1].fingerprint == fingerprint(NAME, key("reviewer")[0])


def _say(at: int, **changes: Any) -> Callable[[list[Told]], object]:
    return lambda told: told[at].update(changes)


def _of_signature(at: int, **changes: Any) -> Callable[[list[Told]], object]:
    return lambda told: told[at]["signature"].update(changes)


def _moved(told: list[Told]) -> None:
    told[4]["signature"] = told[1]["signature"]


def _to_another_matter(told: list[Told]) -> None:
    told[4]["matter"] = "2"


STRANGER: Final = made()[0]
_NO_SIGNATURES: Final[tuple[object, ...]] = ({}, [], "x", 7)
TAMPERED: Final[Mapping[str, tuple[Callable[[list[Told]], object], list[tuple[int, str]]]]] = {
    "nothing": (lambda told: told, []),
    "the opinion by one byte": (
        _say(4, payload={"powers": "在权限外"}),
        [(5, "signature_edited")],
    ),
    "the text after it was signed upon": (
        _say(2, payload={"number": 2, "digest": "x"}),
        [(5, "signature_text_edited"), (6, "signature_text_edited")],
    ),
    "the text away": (
        lambda told: told.__setitem__(0, entry("note")),
        [(2, "signature_text_edited")],
    ),
    "the signature to another act and version": (
        _moved,
        [(5, "signature_" + each) for each in ("edited", "other_key", "moved", "text_edited")],
    ),
    "the signed act to another matter": (
        _to_another_matter,
        [(5, "signature_edited"), (5, "signature_text_edited")],
    ),
    "the public key": (
        _of_signature(4, public=STRANGER),
        [(5, "signature_edited"), (5, "signature_other_key")],
    ),
    "the algorithm": (
        _of_signature(4, algorithm="none"),
        [(5, "signature_other_key"), (5, "signature_unknown_algorithm")],
    ),
    "the signature away": (
        lambda told: told[4].pop("signature"),
        [(5, "unsigned")],
    ),
    "the key to somebody else's": (
        lambda told: told.__setitem__(4, opinion(2, "b", key="counsel")),
        [(5, "signature_other_key")],
    ),
    "a key in between": (
        lambda told: told.insert(5, opinion(2, "b", by="counsel", key="other", version=3)),
        [(7, "signature_other_key")],
    ),
    "the payload of a text into nothing": (
        _say(3, payload=None),
        [],
    ),
    **{
        f"the signature into {wrong!r}": (_say(4, signature=wrong), [(5, "signature_unreadable")])
        for wrong in _NO_SIGNATURES
    },
    **{
        f"its {name} into {wrong!r}": (
            _of_signature(4, **{name: wrong}),
            [(5, "signature_unreadable")],
        )
        for name, wrong in (
            ("public", 1),
            ("value", None),
            ("draft", "x"),
            ("statement", 1),
        )
    },
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_done_and_hashed_anew_is_named(what: str) -> None:
    act, flaws = TAMPERED[what]
    # As data of its own: the same values stand in many places.
    told = json.loads(json.dumps(sound()))
    act(told)
    assert sorted(set(found(*told))) == sorted(flaws)


@pytest.mark.parametrize(
    ("written", "otherwise", "flaws"),
    [
        ('"actor":"reviewer"', '"actor":"clerk","actor":"reviewer"', {"unreadable"}),
        ('"version":1', '"version":1e0', {"edited", "unreadable"}),
        ('"version":1', '"version":1.0', {"edited"}),
        ("在权限内", "\\u5728权限内", {"unreadable"}),
        # Composed and decomposed look the same.
        ("café", "cafe\u0301", {"edited"}),
        ('{"actor"', '{ "actor"', {"unreadable"}),
        ('"public":"', '"public":"\\ud800', {"unreadable"}),
    ],
)
def test_an_entry_that_reads_in_more_than_one_way_was_never_signed(
    written: str, otherwise: str, flaws: set[str]
) -> None:
    told = opinion(0, "", payload={"powers": "在权限内", "place": "café"}) | {"at": AT.isoformat()}
    body = canonical(told)
    assert written in body

    def looked(body: str) -> set[str]:
        signers = Signers(ALGORITHMS, [OPINION])
        return {flaw.code for flaw in signers.look(1, json.loads(body), body)}

    assert looked(body) == set()
    assert looked(body.replace(written, otherwise, 1)) == {f"signature_{each}" for each in flaws}


def test_of_a_part_the_text_before_it_is_not_known() -> None:
    part = chained(*sound())[4:]
    report = verify_bundle(bundled(part, ()), algorithms=ALGORITHMS, acts=[OPINION])
    assert report.flaws == ()
    other = replace(part[0], body=part[0].body.replace("在权限内", "在权限外"))
    report = verify_bundle(bundled([other], ()), algorithms=ALGORITHMS, acts=[OPINION])
    assert [flaw.code for flaw in report.flaws] == ["edited"]


def test_who_knows_from_where_on_acts_are_signed_finds_each_that_is_not() -> None:
    signers = Signers(ALGORITHMS, [OPINION], since=2)
    told = entry(OPINION)
    looked = [list(signers.look(seq, told, "")) for seq in (1, 2)]
    assert looked == [[], [Flaw(2, "unsigned")]]
    assert list(signers.look(3, entry(OPINION, status="refused"), "")) == []
    assert signers.unsigned == 1
