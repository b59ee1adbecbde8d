"""Signing an act in the transaction that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.signing import (
    HeldKey,
    PublicKey,
    Signatures,
    Signed,
    fingerprint,
    statement,
    told_in_entry,
)
from workflow.store import Store


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature that is still to be kept; `made` is its key where that was made for it.

    `told` is what the entry of the journal says of it.
    """

    signed: Signed
    at: datetime
    told: Mapping[str, object]
    made: HeldKey | None

    def keep(self, store: Store, matter: int, position: int, entry: int) -> None:
        """Write it, once the entry and the record are written."""
        if self.made is not None:
            store.add_signing_key(self.made)
        store.add_signature(matter, position, self.signed, self.at, entry)


def sign(
    signatures: Signatures,
    store: Store,
    entry: Mapping[str, object],
    at: datetime,
    draft: Mapping[str, object],
) -> Signing:
    """Sign the act that an entry tells of with the key of whoever acts.

    Who has none yet gets one.  Raises StoreTrouble where their key cannot be had or used.
    """
    organisation, account = store.home.code, str(entry["actor"])
    key, made = store.signing_key(account), None
    if key is None:
        new = signatures.new_key(organisation, account, at)
        named = fingerprint(new.algorithm, new.public)
        made = key = HeldKey(PublicKey(named, new.algorithm, new.public, account, at), new.held)
    text = statement(entry, at.isoformat(), draft, key.public.fingerprint)
    signed = Signed(text, signatures.sign(key, text), key.public)
    return Signing(signed, at, told_in_entry(signed, draft), made)
