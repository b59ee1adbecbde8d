"""The gate of a text asks who signed its review, and whether that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from tests.unit.builders import COUNSEL, REVIEWER, TODAY, Matter, day, law, lens, procedure, ready
from workflow.canonical import canonical, digest_of
from workflow.definition import Gate
from workflow.ed25519 import NAME, Ed25519, made, signed
from workflow.facts import Facts, Record
from workflow.guards import REAUTHENTICATION, unmet_before
from workflow.sealing import every, expected_of, relied_on, sealed
from workflow.signing import Broken, Kept, PublicKey, Signed, fingerprint, read

ACTS: Final = frozenset({"record_counsel_opinion", "give_review_verdict", "confirm_changes"})
ALGORITHMS: Final = {NAME: Ed25519()}
PUBLIC, SECRET = made()
LONG_BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)
AT: Final = "2026-09-14T01:00:00+00:00"


def passed() -> Matter:
    matter = ready(stage="review_passed")
    matter.did("record_counsel_opinion", by=COUNSEL)
    matter.did("submit_for_review").did("accept_papers", by=REVIEWER)
    return matter.did("give_review_verdict", by=REVIEWER)


def sign(facts: Facts, record: Record) -> Signed:
    named = fingerprint(NAME, PUBLIC)
    told = {
        **expected_of(facts, Kept("office", {}), record),
        "purpose": "yicheng.signature",
        "form": 1,
        "at": AT,
        "key": named,
    }
    text = canonical(told)
    assert read(text) is not None
    public = PublicKey(named, NAME, PUBLIC, record.actor, LONG_BEFORE)
    return Signed(text, signed(SECRET, text), public)


def kept(facts: Facts, *without: str, until: int = 0) -> Facts:
    """The facts with a signature on every act that is signed, but for some."""
    found = {
        each.position: sign(facts, each)
        for each in facts.records
        if each.command in ACTS and each.command not in without
    }
    return sealed(replace(facts, kept=Kept("office", found, until)), ACTS, ALGORITHMS)


def codes_at(facts: Facts, gate: Gate = Gate.AGENDA) -> list[str]:
    found = unmet_before(lens(TODAY), gate, facts)
    return [each.code for each in found if each.code.startswith("signature.")]


def test_a_review_that_is_signed_passes_the_gate() -> None:
    facts = kept(passed().facts)
    assert (facts.unsound, codes_at(facts)) == ((), [])


def test_without_its_signature_it_does_not() -> None:
    facts = kept(passed().facts, "give_review_verdict")
    assert facts.unsound == (("give_review_verdict", Broken.MISSING),)
    assert codes_at(facts) == ["signature.missing"]


def test_nor_without_that_of_counsel() -> None:
    assert codes_at(kept(passed().facts, "record_counsel_opinion")) == ["signature.missing"]


def test_what_was_filed_before_anything_was_signed_needs_none() -> None:
    assert codes_at(kept(passed().facts, *ACTS, until=1000)) == []


@pytest.mark.parametrize("what", ["opinion", "text", "matter", "another version"])
def test_a_signature_that_does_not_hold_bars_it(what: str) -> None:
    facts = kept(passed().facts)
    last = facts.records[-1]
    changed = {
        "opinion": {
            "records": (*facts.records[:-1], replace(last, payload={**last.payload, "x": 1}))
        },
        "text": {"records": (*facts.records[:-1], replace(last, draft=0))},
        "matter": {"number": "2026-0002"},
        "another version": {"records": (*facts.records[:-1], replace(last, draft=last.draft + 1))},
    }[what]
    found = sealed(replace(facts, **changed), ACTS, ALGORITHMS)  # type: ignore[arg-type]
    assert codes_at(found) == ["signature.broken"]


def test_what_nobody_looked_at_bars_it_too() -> None:
    facts = replace(kept(passed().facts), unsound=None)
    assert codes_at(facts) == ["signature.broken"]
    # A matter whose signatures were not loaded has none to be asked for.
    assert codes_at(replace(facts, kept=None)) == []
    assert sealed(replace(facts, kept=None), ACTS, ALGORITHMS).unsound is None


def test_it_says_by_which_law_and_who_can_mend_it() -> None:
    facts = kept(passed().facts, "give_review_verdict")
    (unmet,) = (
        each
        for each in unmet_before(lens(TODAY), Gate.AGENDA, facts)
        if each.code == "signature.missing"
    )
    assert law(unmet) == ["order_713 28", "electronic_signature 13"]
    assert (unmet.params, unmet.act) == ({"act": ("give_review_verdict",)}, "submit_for_review")
    assert (unmet.earliest, unmet.cured_by) == (
        day(TODAY),
        procedure().holders("submit_for_review"),
    )


def test_rules_from_before_cite_the_reviewed_text() -> None:
    rules = dict(procedure().rules)
    del rules[REAUTHENTICATION]
    before = replace(procedure(), rules=rules, digest="before")
    facts = kept(passed().facts, "give_review_verdict")
    found = unmet_before(lens(TODAY, before), Gate.AGENDA, facts)
    assert rules["reviewed_text"].citations in [each.citations for each in found]


def record(position: int, command: str, *, verdict: bool = False) -> Record:
    told: dict[str, object] = {"reviewed_digest": digest_of("一"), "verdict": ""} if verdict else {}
    return Record(position, command, "s", "", "a", None, "u", "r", told, 1, day("2026-09-01"))


def test_a_confirmation_rests_on_the_verdict_before_it_and_the_last_opinion() -> None:
    facts = Facts(
        "1",
        "一",
        "review_passed",
        9,
        records=(
            record(1, "give_review_verdict", verdict=True),
            record(2, "record_counsel_opinion"),
            record(3, "record_counsel_opinion"),
            record(4, "give_review_verdict", verdict=True),
            record(5, "study"),
            record(6, "confirm_changes", verdict=True),
            record(7, "record_counsel_opinion"),
        ),
    )
    assert [each.position for each in relied_on(facts, ACTS)] == [6, 4, 3]


def test_every_signed_act_is_told_with_its_flaws() -> None:
    facts = kept(passed().facts, "record_counsel_opinion")
    opinion, verdict = every(facts, ACTS, ALGORITHMS)
    assert (opinion.signed, opinion.digest, opinion.flaws) == (None, "", (Broken.MISSING,))
    assert (verdict.flaws, verdict.owed, len(verdict.digest)) == ((), True, 64)
    assert list(every(replace(facts, kept=None), ACTS, ALGORITHMS)) == []


def test_without_words_nothing_of_the_opinion_is_left() -> None:
    opinion, verdict = every(kept(passed().facts, "record_counsel_opinion"), ACTS, ALGORITHMS)
    bare = verdict.without_words
    assert bare.signed is not None
    assert (bare.record.payload, bare.signed.statement, bare.digest) == ({}, "", verdict.digest)
    assert opinion.without_words.signed is None
