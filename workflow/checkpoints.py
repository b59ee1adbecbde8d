"""Checkpoints (存证点): what is signed of the journal, and what verifies it.  Pure.

A checkpoint says which entry the journal of an organisation had come to, with the entry's digest,
and is signed with a key that is kept outside the database.  It follows on the checkpoint before by
the digest of what that said.  Whoever rewrites the journal with every digest in it cannot sign it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from workflow import ed25519
from workflow.canonical import SHA256, algorithm_of, canonical, digest_of
from workflow.journal import GENESIS

KIND: Final = "yicheng.checkpoint.1"

_DIGEST: Final = re.compile(r"(?:[a-z0-9]{2,16}:)?[0-9a-f]{64}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2}){1,8192}")
NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")
"""What organisations are called: nothing that a terminal would act on."""
_APART: Final = re.compile(r"[\s:]")
#: What a statement says, and nothing else.
_PARTS: Final = frozenset(
    {
        "at",
        "digest",
        "entry",
        "introduces",
        "journal",
        "kind",
        "number",
        "organisation",
        "previous",
        "public",
        "scheme",
    }
)


class CheckpointSigner(Protocol):
    """A key that signs, wherever it is kept: in a file, a token, a machine for keys."""

    @property
    def scheme(self) -> str:
        """The name of the algorithm; `SCHEMES` must know how it is verified."""
        ...

    @property
    def public(self) -> bytes:
        """What verifies its signatures."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""
        ...


#: How the signatures of each algorithm are verified: public key, message, signature.
SCHEMES: Final[Mapping[str, Callable[[bytes, bytes, bytes], bool]]] = {
    ed25519.NAME: ed25519.verifies
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint, with the statement as it was signed.

    `journal` is the digest of the journal's first entry, by which journals of the same organisation
    are told apart; `public` the key that signed, `introduces` the one that will sign from the next
    checkpoint on, both in hex.
    """

    organisation: str
    journal: str
    number: int
    entry: int
    digest: str
    previous: str
    at: datetime
    scheme: str
    public: str
    introduces: str | None
    statement: str
    signature: str

    @property
    def own_digest(self) -> str:
        """What the next one follows on, made as the digest of the entry is that it signs."""
        return digest_of(self.statement, algorithm_of(self.digest))

    @property
    def fingerprint(self) -> str:
        """That of the key that signed it."""
        return fingerprint_of(self.public)

    @property
    def genuine(self) -> bool:
        """Whether the key that it names signed exactly this."""
        verifies = SCHEMES.get(self.scheme)
        return verifies is not None and verifies(
            bytes.fromhex(self.public), self.statement.encode(), bytes.fromhex(self.signature)
        )

    def as_json(self) -> str:
        """One line, as it is handed out and read again by `read`."""
        return canonical({"signature": self.signature, "statement": self.statement})


@dataclass(frozen=True, slots=True)
class Covered:
    """The entry of a journal that is to be signed: where it came to."""

    organisation: str
    journal: str
    entry: int
    digest: str


def sealed(
    covered: Covered,
    last: Checkpoint | None,
    signer: CheckpointSigner,
    at: datetime,
    introduces: bytes | None = None,
) -> Checkpoint:
    """The next checkpoint, signed.  `introduces` is the key that signs the one after it."""
    told = {
        "kind": KIND,
        "organisation": covered.organisation,
        "journal": covered.journal,
        "number": 1 if last is None else last.number + 1,
        "entry": covered.entry,
        "digest": covered.digest,
        "previous": GENESIS if last is None else last.own_digest,
        "at": at.isoformat(),
        "scheme": signer.scheme,
        "public": signer.public.hex(),
        "introduces": None if introduces is None else introduces.hex(),
    }
    statement = canonical(told)
    made = read(statement, signer.sign(statement.encode()).hex())
    if made is None:
        raise ValueError(statement)
    return made


def read(statement: object, signature: object) -> Checkpoint | None:
    """A checkpoint as it was kept; None for what is none.  Whether it is genuine is not asked."""
    if not isinstance(statement, str) or not _is(_HEX, signature):
        return None
    try:
        told = json.loads(statement)
        whole = isinstance(told, dict) and told.keys() == _PARTS and canonical(told) == statement
        return _of(told, statement, str(signature)) if whole else None
    except (RecursionError, TypeError, ValueError):
        return None


def read_line(line: str) -> Checkpoint | None:
    """A checkpoint as `as_json` wrote it; None for what is none."""
    try:
        told = json.loads(line)
    except (RecursionError, ValueError):
        return None
    if not isinstance(told, dict):
        return None
    return read(told.get("statement"), told.get("signature"))


def fingerprint_of(public: str) -> str:
    """By which people compare keys: the SHA-256 of the public key, in hex."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()


def fingerprint_in(text: str) -> str | None:
    """The fingerprint that somebody wrote, in groups or not; None for what is none."""
    told = _APART.sub("", text).lower().removeprefix(SHA256)
    return told if len(told) == len(GENESIS) and _is(_HEX, told) else None


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be compared by eye."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def _of(told: Mapping[str, Any], statement: str, signature: str) -> Checkpoint | None:
    at = datetime.fromisoformat(told["at"])
    introduces = told["introduces"]
    fits = (
        told["kind"] == KIND
        and all(_is(NAME, told[name]) for name in ("organisation", "scheme"))
        and all(type(told[name]) is int and told[name] > 0 for name in ("number", "entry"))
        and all(_is(_DIGEST, told[name]) for name in ("digest", "previous", "journal"))
        and _is(_HEX, told["public"])
        and (introduces is None or _is(_HEX, introduces))
        and at.tzinfo is not None
    )
    if not fits:
        return None
    return Checkpoint(
        organisation=told["organisation"],
        journal=told["journal"],
        number=told["number"],
        entry=told["entry"],
        digest=told["digest"],
        previous=told["previous"],
        at=at,
        scheme=told["scheme"],
        public=told["public"],
        introduces=introduces,
        statement=statement,
        signature=signature,
    )


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
