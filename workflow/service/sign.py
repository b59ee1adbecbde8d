"""Signing an act in the transaction that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.errors import StoreTrouble
from workflow.signing import (
    HeldKey,
    PublicKey,
    Signatures,
    Signed,
    fingerprint,
    flaws,
    statement,
    told_in_entry,
)
from workflow.store import Store


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature that is still to be kept.

    `key` is the id of its key, None where that was `made` for it; `told` is what the entry of the
    journal says of it.
    """

    signed: Signed
    at: datetime
    told: Mapping[str, object]
    key: int | None
    made: HeldKey

    def keep(self, store: Store, matter: int, position: int, entry: int) -> None:
        """Write it, once the entry and the record are written."""
        key = store.add_signing_key(self.made) if self.key is None else self.key
        store.add_signature((matter, position), key, self.signed, self.at, entry)


def sign(
    signatures: Signatures,
    store: Store,
    entry: Mapping[str, object],
    at: datetime,
    draft: Mapping[str, object],
    digests: str,
) -> Signing:
    """Sign the act that an entry tells of with the key of whoever acts.

    `digests` is the algorithm of the digest that the entry keeps of it.  Who has none yet gets one.
    Raises StoreTrouble where their key cannot be had or used.
    """
    organisation, account = store.home.code, str(entry["actor"])
    known = store.signing_key(account)
    if known is None:
        new = signatures.new_key(organisation, account, at)
        named = fingerprint(new.algorithm, new.public)
        key = HeldKey(PublicKey(named, new.algorithm, new.public, account, at), new.held)
    else:
        key = known[1]
    text = statement(entry, at.isoformat(), draft, key.public.fingerprint)
    signed = Signed(text, signatures.sign(key, text), key.public)
    if flaws(signed, {}, signatures.algorithms):
        # Somebody exchanged what the keeper holds: nothing is put on file that does not verify.
        raise StoreTrouble("store.not_signed", account=account, key=key.public.fingerprint)
    told = told_in_entry(signed, draft, digests)
    return Signing(signed, at, told, None if known is None else known[0], key)
