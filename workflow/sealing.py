"""Whether what a matter rests on is signed (签名), as it is on file.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from workflow.canonical import digest_of
from workflow.facts import VERDICT, Facts, Record
from workflow.signing import Algorithm, Broken, Kept, Signed, flaws


def sealed(facts: Facts, acts: Collection[str], algorithms: Mapping[str, Algorithm]) -> Facts:
    """The facts with whatever is wrong with the signatures that the latest verdict rests on.

    `acts` are the commands that are signed.  Facts without a verdict stay as they are.
    """
    kept = facts.kept
    if kept is None:
        return facts
    found = tuple(
        (each.command, flaw)
        for each in relied_on(facts, acts)
        for flaw in found_in(facts, kept, each, algorithms)
    )
    return replace(facts, unsound=found)


def relied_on(facts: Facts, acts: Collection[str]) -> Iterator[Record]:
    """The signed acts that the latest verdict rests on: itself, what it confirms, the opinions.

    A confirmation rests on the verdict before it, whose opinion in three parts it has none of.
    """
    last = facts.reviews[-1].position
    others: set[str] = set()
    open_ = True
    for each in reversed(facts.records):
        if each.command not in acts or each.position > last:
            continue
        if "reviewed_digest" in each.payload:
            if open_:
                yield each
            open_ = open_ and each.command != VERDICT
        elif each.command not in others:
            others.add(each.command)
            yield each


def found_in(
    facts: Facts, kept: Kept, record: Record, algorithms: Mapping[str, Algorithm]
) -> tuple[Broken, ...]:
    """What is wrong with the signature of a record; nothing if it holds, or none is owed."""
    signed = kept.signed.get(record.position)
    if signed is None:
        return () if record.position <= kept.until else (Broken.MISSING,)
    return flaws(signed, expected_of(facts, kept, record), algorithms)


def expected_of(facts: Facts, kept: Kept, record: Record) -> dict[str, object]:
    """What a statement on this record must say."""
    return {
        "organisation": kept.organisation,
        "matter": facts.number,
        "position": record.position,
        "act": record.command,
        "step": record.step,
        "draft": draft_of(facts, record),
        "opinion": dict(record.payload),
        "signer": {"account": record.actor, "unit": record.unit, "role": record.role},
        "principal": record.principal,
    }


def draft_of(facts: Facts, record: Record) -> dict[str, object]:
    """Number and digest of the text that was current at an act; of none before the first."""
    digests = {each.number: each.digest for each in facts.drafts}
    return {"number": record.draft, "digest": digests.get(record.draft, "")}


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act that is signed: its record, its signature if there is one, and every flaw of that.

    `digest` is that of the statement.  `owed` is false for what was filed before anything was
    signed.
    """

    record: Record
    signed: Signed | None
    digest: str
    flaws: tuple[Broken, ...]
    owed: bool

    @property
    def without_words(self) -> SignedAct:
        """The same without what was said, for whoever is not to read all of it."""
        bare = None if self.signed is None else replace(self.signed, statement="")
        return replace(self, record=replace(self.record, payload={}), signed=bare)


def every(
    facts: Facts, acts: Collection[str], algorithms: Mapping[str, Algorithm]
) -> Iterator[SignedAct]:
    """Every act of a matter that is signed, or should be, the oldest first."""
    kept = facts.kept
    for each in facts.records:
        if kept is not None and each.command in acts:
            signed, found = kept.signed.get(each.position), found_in(facts, kept, each, algorithms)
            digest = "" if signed is None else digest_of(signed.statement)
            yield SignedAct(each, signed, digest, found, each.position > kept.until)
