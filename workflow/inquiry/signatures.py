"""Questions about who signed which text."""

from __future__ import annotations

from dataclasses import replace

from workflow.errors import NotFound
from workflow.facts import Facts
from workflow.inquiry.answers import Standing
from workflow.inquiry.base import Base
from workflow.sealing import SignedAct, every
from workflow.service.rulebook import Rulebook
from workflow.signing import export
from workflow.store import Store


class Signatures(Base):
    """The signatures on a matter, verified, and as whoever has no database verifies them."""

    def signatures(self, organisation: str, number: str) -> tuple[SignedAct, ...]:
        """Every act on a matter that is signed, or should be, the oldest first; with its flaws.

        Raises NotFound.
        """
        with self._store(organisation) as store:
            return self._signed(store, number)

    def _signed(self, store: Store, number: str) -> tuple[SignedAct, ...]:
        algorithms = self._book.signatures.algorithms
        return tuple(every(_with_signatures(store, number)[0], self._book.signed, algorithms))

    def signature_export(self, organisation: str, number: str) -> dict[str, object]:
        """All that verifying the signatures on a matter takes: statements, keys, signed texts.

        Raises NotFound.
        """
        with self._store(organisation) as store:
            facts, key = _with_signatures(store, number)
            digests = {each.number: each.digest for each in facts.drafts}
            kept = store.kept_signatures(key)
            upon = {each.draft for each in facts.records if each.position in kept.signed}
            texts = {each: store.draft_text(key, each) or "" for each in upon & digests.keys()}
            return export(kept, number, {n: (digests[n], text) for n, text in texts.items()})


def signatures_beside(book: Rulebook, store: Store, standing: Standing) -> Standing:
    """How a matter stands, with every act on it that is signed, or should be."""
    facts = standing.facts
    if all(each.command not in book.signed for each in facts.records):
        return standing
    if facts.kept is None:
        # Before the first verdict nothing rests on them, and they are not read with the rest.
        facts = _with_signatures(store, facts.number)[0]
    found = tuple(every(facts, book.signed, book.signatures.algorithms))
    return replace(standing, signatures=found)


def _with_signatures(store: Store, number: str) -> tuple[Facts, int]:
    """The facts with their signatures, also where there is no verdict yet."""
    stored = store.matter(number, lock=False)
    if stored is None:
        raise NotFound("unknown.matter", matter=number)
    return replace(stored.facts, kept=store.kept_signatures(stored.id)), stored.id
