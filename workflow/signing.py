"""Signatures (签名): what exactly is signed, by what, and whether it holds.  Pure.

What is signed is a statement: JSON in its canonical form that says by itself what it is, of which
act on which matter, on which text, by whom, in which words and when.  It is made from the entry of
the journal that tells of the act, so that the entry alone proves it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from workflow.canonical import SHA256, canonical, digest_of, matches

PURPOSE: Final = "yicheng.signature"
EXPORT: Final = "yicheng.signatures"
FORM: Final = 1

#: What of a statement ties it to its place: with another it was moved there.
_PLACE: Final = ("organisation", "matter", "position", "act", "step", "draft")
_SIGNER: Final = ("signer", "principal", "mandate")


class Shown(StrEnum):
    """How whoever acts was told apart anew, just before the act.

    PASSWORD: by showing the password once more.  MACHINE: by sitting at the machine itself with
    the database, for an account that has no password.  REHEARSAL: not at all, on a rehearsal.
    """

    PASSWORD = "password"  # noqa: S105 (what was shown)
    MACHINE = "machine"
    REHEARSAL = "rehearsal"


class Broken(StrEnum):
    """What is wrong with a signature; the message is `signature.flaw.<value>`."""

    MISSING = "missing"
    UNVERIFIED = "unverified"
    UNREADABLE = "unreadable"
    EDITED = "edited"
    TEXT_EDITED = "text_edited"
    MOVED = "moved"
    OTHER_SIGNER = "other_signer"
    OTHER_KEY = "other_key"
    KEY_NOT_VALID = "key_not_valid"
    UNKNOWN_ALGORITHM = "unknown_algorithm"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key that is held for a person, from `made_at` until `ended_at`.

    `fingerprint` is the SHA-256 of algorithm and key, by which it is named everywhere.
    """

    fingerprint: str
    algorithm: str
    public: str
    account: str
    made_at: datetime
    ended_at: datetime | None = None

    def valid(self, at: datetime) -> bool:
        """Whether something could be signed with it then."""
        return self.made_at <= at and (self.ended_at is None or at <= self.ended_at)


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key with whatever its keeper needs to sign with it: sealed, or the name of a token."""

    public: PublicKey
    held: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its algorithm, its public half as text, and what its keeper holds."""

    algorithm: str
    public: str
    held: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement in its canonical form, its signature as text, and the key it names."""

    statement: str
    value: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Kept:
    """The signatures on a matter, by the position of their records.

    No signature is owed of what was filed up to the position `until`: nobody signed then yet.
    """

    organisation: str
    signed: Mapping[int, Signed]
    until: int = 0


class Algorithm(Protocol):
    """A way to sign, by its name; whoever has the public key can verify."""

    @property
    def name(self) -> str:
        """The name under which keys and signatures say that they are of it."""
        ...

    def verify(self, public: str, statement: str, value: str) -> bool:
        """Whether the signature is that of this key over exactly this statement; never raises."""
        ...


class Signatures(Protocol):
    """Holds keys for people and signs with them; the port for tokens and other algorithms."""

    @property
    def algorithms(self) -> Mapping[str, Algorithm]:
        """Every algorithm whose signatures can be verified, by name."""
        ...

    def new_key(self, organisation: str, account: str, at: datetime) -> NewKey:
        """A key for a person: newly made, or that of a token which is theirs.

        Raises StoreTrouble where none can be had.
        """
        ...

    def sign(self, key: HeldKey, statement: str) -> str:
        """The signature over a statement.  Raises StoreTrouble where the key cannot be used."""
        ...


def fingerprint(algorithm: str, public: str) -> str:
    """By what a key is named."""
    return digest_of(f"{algorithm}:{public}")


def statement(entry: Mapping[str, Any], at: str, draft: Mapping[str, object], key: str) -> str:
    """What is signed of the act that an entry of the journal tells of, in its canonical form.

    `at` is the instant in UTC (ISO 8601), `draft` the number and digest of the text that was
    current, `key` the fingerprint of the key.
    """
    return canonical(
        {
            "purpose": PURPOSE,
            "form": FORM,
            "organisation": entry["organisation"],
            "matter": entry["matter"],
            "position": entry["version"],
            "act": entry["command"],
            "step": entry["step"],
            "draft": dict(draft),
            "opinion": entry["payload"],
            "signer": {name: entry[of] for name, of in _WHO.items()},
            "principal": entry["principal"],
            "mandate": entry["mandate"],
            "shown": entry["reauthenticated"],
            "second_factor": entry.get("second_factor") is True,
            "rules": {name: entry[of] for name, of in _RULES.items()},
            "at": at,
            "key": key,
        }
    )


_WHO: Final = {"account": "actor", "unit": "unit", "role": "role"}
_RULES: Final = {
    "procedure": "procedure",
    "version": "procedure_version",
    "digest": "procedure_digest",
}


def told_in_entry(
    signed: Signed, draft: Mapping[str, object], algorithm: str = SHA256
) -> dict[str, object]:
    """What the entry of the journal keeps of a signature: with it, all that verifying takes.

    `algorithm` is that by which the digest of the statement is made, which names it.
    """
    return {
        "algorithm": signed.key.algorithm,
        "key": signed.key.fingerprint,
        "public": signed.key.public,
        "draft": dict(draft),
        "statement": digest_of(signed.statement, algorithm),
        "value": signed.value,
    }


def entry_flaws(
    entry: Mapping[str, Any], algorithms: Mapping[str, Algorithm]
) -> tuple[Broken, ...]:
    """What is wrong with the signature that an entry of the journal tells of, by itself.

    Nothing for an entry that tells of none.
    """
    told = entry.get("signature")
    if told is None:
        return ()
    try:
        at = datetime.fromisoformat(entry["at"])
        named, algorithm, public, value = (told[name] for name in _OF_KEY)
        draft = {name: told["draft"][name] for name in ("number", "digest")}
        if not all(isinstance(each, str) for each in (named, algorithm, public, value)):
            return (Broken.UNREADABLE,)
        key = PublicKey(named, algorithm, public, entry["actor"], at)
        signed = Signed(statement(entry, entry["at"], draft, named), value, key)
        same = matches(signed.statement, told["statement"])
        found = flaws(signed, {}, algorithms)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return (Broken.UNREADABLE,)
    return found if same or Broken.EDITED in found else (Broken.EDITED, *found)


_OF_KEY: Final = ("key", "algorithm", "public", "value")


def flaws(
    signed: Signed, expected: Mapping[str, object], algorithms: Mapping[str, Algorithm]
) -> tuple[Broken, ...]:
    """Everything that is wrong with a signature where it stands; nothing if it holds.

    `expected` are the parts of the statement that are known from elsewhere.
    """
    told = read(signed.statement)
    if told is None:
        return (Broken.UNREADABLE,)
    return tuple(dict.fromkeys(_flaws(signed, told, expected, algorithms)))


def _flaws(
    signed: Signed,
    told: Mapping[str, Any],
    expected: Mapping[str, object],
    algorithms: Mapping[str, Algorithm],
) -> Iterator[Broken]:
    key = signed.key
    if _differs(told, expected, _PLACE):
        yield Broken.MOVED
    if _differs(told, expected, ("opinion",)):
        yield Broken.EDITED
    if _differs(told, expected, _SIGNER):
        yield Broken.OTHER_SIGNER
    if (
        told["key"] != key.fingerprint
        or fingerprint(key.algorithm, key.public) != key.fingerprint
        or told["signer"]["account"] != key.account
    ):
        yield Broken.OTHER_KEY
    if not key.valid(datetime.fromisoformat(told["at"])):
        yield Broken.KEY_NOT_VALID
    algorithm = algorithms.get(key.algorithm)
    if algorithm is None:
        yield Broken.UNKNOWN_ALGORITHM
    elif not algorithm.verify(key.public, signed.statement, signed.value):
        yield Broken.EDITED


def _differs(told: Mapping[str, Any], expected: Mapping[str, object], parts: Iterable[str]) -> bool:
    return any(name in expected and told.get(name) != expected[name] for name in parts)


def read(text: str) -> dict[str, Any] | None:
    """A statement as data; None for what is none, or is not in its canonical form."""
    try:
        told = json.loads(text)
        good = (
            canonical(told) == text
            and (told["purpose"], told["form"]) == (PURPOSE, FORM)
            and isinstance(told["key"], str)
            and isinstance(told["signer"]["account"], str)
            and datetime.fromisoformat(told["at"]).utcoffset() is not None
        )
    except (KeyError, TypeError, ValueError):
        return None
    return told if good else None


# --- the export -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A signature of an export: what it is of, by which key, and every flaw."""

    position: int
    act: str
    signer: str
    at: str
    key: str
    flaws: tuple[Broken, ...]


def export(kept: Kept, matter: str, texts: Mapping[int, tuple[str, str]]) -> dict[str, object]:
    """Everything that verifying the signatures on a matter takes, without a database.

    `texts` are digest and text of the versions that were signed upon, by number.
    """
    keys = {each.key.fingerprint: each.key for each in kept.signed.values()}
    return {
        "purpose": EXPORT,
        "form": FORM,
        "organisation": kept.organisation,
        "matter": matter,
        "keys": [_key_data(each) for each in keys.values()],
        "drafts": [
            {"number": number, "digest": digest, "text": text}
            for number, (digest, text) in sorted(texts.items())
        ],
        "signatures": [
            {
                "position": position,
                "statement": json.loads(each.statement),
                "key": each.key.fingerprint,
                "value": each.value,
            }
            for position, each in sorted(kept.signed.items())
        ],
    }


def _key_data(key: PublicKey) -> dict[str, object]:
    return {
        "fingerprint": key.fingerprint,
        "algorithm": key.algorithm,
        "public": key.public,
        "account": key.account,
        "made_at": key.made_at.isoformat(),
        "ended_at": None if key.ended_at is None else key.ended_at.isoformat(),
    }


def verify_export(told: object, algorithms: Mapping[str, Algorithm]) -> tuple[Found, ...] | None:
    """What becomes of every signature of an export; None for what is no export."""
    try:
        return tuple(_verified(told, algorithms))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _verified(told: Any, algorithms: Mapping[str, Algorithm]) -> Iterator[Found]:  # noqa: ANN401
    if (told["purpose"], told["form"]) != (EXPORT, FORM):
        raise ValueError(EXPORT)
    keys = {each["fingerprint"]: _key(each) for each in told["keys"]}
    texts = {each["number"]: (each["digest"], each["text"]) for each in told["drafts"]}
    for each in told["signatures"]:
        said = each["statement"]
        number = said["draft"]["number"]
        digest, text = texts.get(number, ("", ""))
        expected = {
            "organisation": told["organisation"],
            "matter": told["matter"],
            "position": each["position"],
            **({"draft": {"number": number, "digest": digest}} if number else {}),
        }
        signed = Signed(canonical(said), each["value"], keys[each["key"]])
        found = flaws(signed, expected, algorithms)
        if number and not matches(text, digest):
            found = (Broken.TEXT_EDITED, *found)
        who = said["signer"]["account"]
        yield Found(each["position"], said["act"], who, said["at"], each["key"], found)


def _key(told: Mapping[str, Any]) -> PublicKey:
    ended = told["ended_at"]
    return PublicKey(
        told["fingerprint"],
        told["algorithm"],
        told["public"],
        told["account"],
        datetime.fromisoformat(told["made_at"]),
        None if ended is None else datetime.fromisoformat(ended),
    )
