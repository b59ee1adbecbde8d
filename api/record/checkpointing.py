"""The signing of a journal: when it is due, the act itself, and the list of what was signed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from api.record import ledger
from api.record.keys import Ed25519Signer, KeyFile
from workflow.anchoring import Trust
from workflow.checkpoints import Checkpoint, fingerprint_of, sealed
from workflow.errors import NotFound, StoreTrouble
from workflow.ports import Clock
from workflow.store import Store, home
from workflow.uow import UnitOfWork


class Checkpointing:
    """Makes checkpoints for the organisations of one database.

    `period` is how long entries may stand without one.
    """

    def __init__(self, uow: UnitOfWork, clock: Clock, keys: KeyFile, period: timedelta) -> None:
        self._uow = uow
        self._clock = clock
        self.keys = keys
        self.period = period

    def make(self, organisation: str, *, only_if_due: bool = False) -> Checkpoint | None:
        """Sign the journal as it is, and put that on the list; None where nothing was to be signed.

        Nothing is, where no entry came after the last checkpoint (unless a new key is to be
        introduced) and, with `only_if_due`, where none of them stands longer than the period.
        Harmless when repeated.  Raises NotFound, and StoreTrouble where the key or the list cannot
        be used, or the key that should sign is gone (`checkpoint.key.lost`).
        """
        signers = self.keys.signers()
        with self._uow.write() as connection:
            store = _store(connection, organisation)
            head = store.lock_head()
            last = store.last_checkpoint()
            made = None
            if self._wanted(store, head.seq, last, signers, only_if_due=only_if_due):
                covered = store.to_cover(head.seq)
                if covered is None:
                    raise StoreTrouble("checkpoint.broken_journal")
                by, introduces = _turn(last, signers, self.keys)
                made = sealed(covered, last, by, self._clock.now(), introduces)
                store.add_checkpoint(made)
            # After the commit, and so that what a stop in between left out is added now.
            known = [each for _, _, each in store.every_checkpoint() if each is not None]
        ledger.add(self.keys.ledger, known)
        return made

    def newest(self, organisation: str) -> Checkpoint | None:
        """The last checkpoint in the database, None where there is none.  Raises NotFound."""
        with self._uow.read() as connection:
            return _store(connection, organisation).last_checkpoint()

    def trust(self) -> Trust:
        """What a journal here is held against: its keys, and the list of what was signed.

        Read it before the journal: what is signed meanwhile is no reproach.
        """
        return Trust(self.keys.fingerprints(), kept=ledger.listed(self.keys.ledger))

    def behind(self, organisation: str) -> Checkpoint | None:
        """The newest checkpoint on the list that the database does not have; None if it has all.

        A quick look at where the journal ends, no verification.
        """
        listed = [
            each for each in ledger.listed(self.keys.ledger) if each.organisation == organisation
        ]
        if not listed:
            return None
        with self._uow.read() as connection:
            store = _store(connection, organisation)
            first = store.to_cover(1)
            own = [each for each in listed if first is None or each.journal == first.journal]
            if not own:
                return listed[-1]
            newest = max(own, key=lambda each: each.entry)
            covered = store.to_cover(newest.entry)
        if covered is None or covered.digest != newest.digest:
            return newest
        return None

    def _wanted(
        self,
        store: Store,
        head: int,
        last: Checkpoint | None,
        signers: tuple[Ed25519Signer, ...],
        *,
        only_if_due: bool,
    ) -> bool:
        if head == 0:
            return False
        newest = fingerprint_of(signers[-1].public.hex())
        if last is not None and _next_of(last) != newest:
            return True
        since = store.first_uncovered(0 if last is None else last.entry)
        if since is None:
            return False
        return not only_if_due or self._clock.now() - since >= self.period


def _turn(
    last: Checkpoint | None, signers: tuple[Ed25519Signer, ...], keys: KeyFile
) -> tuple[Ed25519Signer, bytes | None]:
    """Whose turn it is to sign, and the key that it introduces, where that is another one."""
    newest = signers[-1]
    if last is None:
        return newest, None
    for each in signers:
        if fingerprint_of(each.public.hex()) == _next_of(last):
            return each, None if each is newest else newest.public
    raise StoreTrouble("checkpoint.key.lost", file=str(keys.path), fingerprint=_next_of(last))


def _next_of(last: Checkpoint) -> str:
    return fingerprint_of(last.introduces or last.public)


def _store(connection: Connection, organisation: str) -> Store:
    found = home(connection, organisation)
    if found is None:
        raise NotFound("unknown.organisation", organisation=organisation)
    return Store(connection, found[0])
