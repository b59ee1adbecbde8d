"""Checkpoints: signed with a key outside the database, one following on the other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.journals import AT, STRANGER, chain, covered, signed, signer
from workflow.anchoring import Anchors, Trust
from workflow.canonical import canonical
from workflow.checkpoints import (
    Checkpoint,
    fingerprint_in,
    fingerprint_of,
    grouped,
    read,
    read_line,
    sealed,
)
from workflow.journal import Flaw

ENTRIES = chain()
FIRST, SECOND = signed(ENTRIES, signer())
OWN = fingerprint_of(signer().public.hex())


def told(flaws: Iterable[Flaw]) -> list[tuple[int, str]]:
    return [(flaw.seq, flaw.code) for flaw in flaws]


def watched(checkpoints: Iterable[Checkpoint], trust: Trust, length: int = 11) -> Anchors:
    """The journal as it passes, with these checkpoints behind their entries."""
    anchors = Anchors("zone", trust)
    for _ in anchors.pass_entries(entry for entry in ENTRIES[:length]):
        pass
    anchors = Anchors("zone", trust)
    for entry in ENTRIES[:length]:
        anchors.entry(entry)
        for each in checkpoints:
            if each.entry == entry.seq:
                anchors.checkpoint(each)
    return anchors


class TestACheckpoint:
    def test_follows_on_the_one_before_and_is_read_as_it_was_written(self) -> None:
        assert (SECOND.number, SECOND.previous, SECOND.entry) == (2, FIRST.own_digest, 8)
        assert read_line(SECOND.as_json()) == SECOND
        assert SECOND.genuine

    @pytest.mark.parametrize("change", ["signature", "public", "scheme", "statement"])
    def test_that_was_changed_is_not_genuine(self, change: str) -> None:
        other = {
            "signature": "00" * 64,
            "public": STRANGER.public.hex(),
            "scheme": "sm2",
            "statement": SECOND.statement + " ",
        }
        assert not replace(SECOND, **{change: other[change]}).genuine  # type: ignore[arg-type]

    def test_by_a_key_that_is_none_is_not_genuine(self) -> None:
        assert not replace(SECOND, public="00").genuine

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("kind", "x"),
            ("organisation", ""),
            ("organisation", "a\nb"),
            ("scheme", None),
            ("number", 0),
            ("number", True),
            ("entry", "4"),
            ("digest", "x"),
            ("previous", None),
            ("journal", 7),
            ("public", "xyz"),
            ("introduces", "x"),
            ("at", "yesterday"),
            ("at", "2026-09-01T01:30:00"),
            ("at", 7),
            ("more", 1),
        ],
    )
    def test_whose_statement_says_something_else_is_none(self, name: str, value: object) -> None:
        statement = canonical({**json.loads(FIRST.statement), name: value})
        assert read(statement, FIRST.signature) is None

    @pytest.mark.parametrize("statement", [None, "x", "[]", "[" * 100_000, FIRST.statement + " "])
    def test_whose_statement_is_no_canonical_text_is_none(self, statement: object) -> None:
        assert read(statement, FIRST.signature) is None

    def test_whose_signature_is_no_hexadecimal_is_none(self) -> None:
        assert read(FIRST.statement, "xyz") is None
        assert read(FIRST.statement, None) is None

    @pytest.mark.parametrize("line", ["", "x", "[]", "{}", "[" * 100_000])
    def test_is_not_read_from_a_line_that_holds_none(self, line: str) -> None:
        assert read_line(line) is None

    def test_is_not_made_of_what_could_not_be_read_again(self) -> None:
        with pytest.raises(ValueError, match="organisation"):
            sealed(covered(ENTRIES, 4, "a\nb"), None, signer(), AT)

    def test_shows_its_key_in_groups_that_are_read_again(self) -> None:
        assert fingerprint_in(grouped(OWN)) == OWN
        assert fingerprint_in(OWN.upper()) == OWN
        assert fingerprint_in("x" * 64) is None
        assert fingerprint_in("ab") is None


class TestARotation:
    """The old key introduces the new one."""

    def introduced(self) -> tuple[Checkpoint, Checkpoint]:
        new = signer(2)
        first = sealed(covered(ENTRIES, 4), None, signer(), AT, new.public)
        return first, sealed(covered(ENTRIES, 8), first, new, AT)

    def test_is_followed_by_whoever_trusts_the_old_key(self) -> None:
        anchors = watched(self.introduced(), Trust((OWN,)))
        assert (anchors.end(11).entry, anchors.flaws) == (8, [])

    def test_is_followed_by_whoever_trusts_the_new_key(self) -> None:
        anchors = watched(self.introduced(), Trust((fingerprint_of(signer(2).public.hex()),)))
        assert (anchors.end(11).entry, anchors.flaws) == (8, [])

    def test_is_none_if_the_old_key_did_not_say_so(self) -> None:
        strange = sealed(covered(ENTRIES, 8), FIRST, signer(2), AT)
        anchors = watched((FIRST, strange), Trust((OWN,)))
        assert (anchors.end(11).entry, told(anchors.flaws)) == (4, [(8, "checkpoint_key")])


class TestWhatWasHandedOut:
    def test_finds_a_journal_that_is_older(self) -> None:
        anchors = watched((FIRST,), Trust(kept=(FIRST, SECOND)), length=6)
        anchors.end(6)
        (flaw,) = anchors.flaws
        assert (flaw.seq, flaw.code) == (8, "older")
        assert dict(flaw.told) == {"number": 2, "at": AT, "first": 7, "last": 8}

    def test_finds_a_checkpoint_that_was_taken_away(self) -> None:
        anchors = watched((FIRST,), Trust(kept=(FIRST, SECOND)))
        assert anchors.end(11).entry == 8
        assert told(anchors.flaws) == [(8, "checkpoint_removed")]

    def test_vouches_itself_where_the_journal_has_no_checkpoint(self) -> None:
        anchors = watched((), Trust(handed=(FIRST,)))
        assert (anchors.end(11).entry, anchors.flaws) == (4, [])
        stranger = signed(ENTRIES, STRANGER)[0]
        assert watched((), Trust((OWN,), handed=(stranger,))).end(11).entry == 0

    def test_may_be_of_another_journal_if_it_is_only_kept_with_it(self) -> None:
        others = tuple(signed(chain(word="found"), signer()))
        anchors = watched((FIRST,), Trust(kept=(*others, FIRST)))
        anchors.end(11)
        assert anchors.flaws == []
        alone = watched((FIRST,), Trust(kept=others))
        alone.end(11)
        assert told(alone.flaws) == [(8, "handed_foreign")]

    def test_is_refused_if_it_is_of_another_journal_and_shown_for_this_one(self) -> None:
        other = signed(chain(word="found"), signer())[0]
        anchors = watched((FIRST,), Trust(handed=(other,)))
        anchors.end(11)
        assert told(anchors.flaws) == [(4, "handed_foreign")]

    def test_of_another_organisation_is_passed_over_or_told(self) -> None:
        other = sealed(covered(ENTRIES, 4, "elsewhere"), None, signer(), AT)
        assert watched((), Trust(kept=(other,))).flaws == []
        assert told(watched((), Trust(handed=(other,))).flaws) == [(4, "handed_foreign")]

    def test_counts_for_nothing_if_it_is_forged(self) -> None:
        forged = replace(FIRST, signature="00" * 64)
        assert told(watched((), Trust(handed=(forged,))).flaws) == [(4, "handed_forged")]


def test_only_the_keys_that_are_trusted_vouch_for_what_follows() -> None:
    by_stranger = sealed(covered(ENTRIES, 8), FIRST, STRANGER, AT)
    forged_introduction = sealed(covered(ENTRIES, 4), None, signer(), AT, STRANGER.public)
    second = sealed(covered(ENTRIES, 8), forged_introduction, STRANGER, AT, signer(3).public)
    third = sealed(covered(ENTRIES, 9), second, signer(3), AT)
    followed = watched((forged_introduction, second, third), Trust((OWN,)))
    assert (followed.end(11).entry, followed.flaws) == (9, [])
    assert told(watched((FIRST, by_stranger), Trust()).flaws) == [(8, "checkpoint_key")]


def test_an_organisation_is_asked_for_by_its_checkpoints() -> None:
    anchors = Anchors("elsewhere")
    anchors.entry(ENTRIES[0])
    anchors.checkpoint(FIRST)
    assert told(anchors.flaws) == [(4, "checkpoint_foreign")]


def test_a_checkpoint_before_any_entry_is_of_none() -> None:
    anchors = Anchors("zone", first=False)
    anchors.checkpoint(FIRST)
    assert told(anchors.flaws) == [(4, "checkpoint_entry")]
