"""Journals made for tests, signed, bundled, and what somebody may do to a bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.record.keys import Ed25519Signer
from workflow.bundle import Start, Writer
from workflow.canonical import algorithm_of, canonical, digest_of
from workflow.checkpoints import Checkpoint, Covered, read, sealed
from workflow.journal import GENESIS, Entry, Head, write

AT: Final = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)
SIGNED: Final = (4, 8)
LENGTH: Final = 11


def signer(number: int = 1) -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


def chain(length: int = LENGTH, word: str = "study") -> list[Entry]:
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for number in range(length):
        entry = write(head, {"command": word, "actor": f"clerk.{number}"}, AT)
        head = Head(entry.seq, entry.digest)
        entries.append(entry)
    return entries


def covered(entries: Sequence[Entry], seq: int, organisation: str = "zone") -> Covered:
    return Covered(organisation, entries[0].digest, seq, entries[seq - 1].digest)


def signed(
    entries: Sequence[Entry], by: Ed25519Signer, at: Sequence[int] = SIGNED
) -> list[Checkpoint]:
    made: list[Checkpoint] = []
    for seq in at:
        made.append(sealed(covered(entries, seq), made[-1] if made else None, by, AT))
    return made


def bundled(entries: Sequence[Entry], checkpoints: Sequence[Checkpoint]) -> list[bytes]:
    first = entries[0]
    writer = Writer(Start("zone", {"zh": "管委会", "en": "Zone"}, first.seq, first.previous))
    lines = [writer.begin()]
    for entry in entries:
        lines.append(writer.entry(entry))
        lines += [writer.checkpoint(each) for each in checkpoints if each.entry == entry.seq]
    return [line.encode() for line in [*lines, writer.end()]]


# --- what somebody does to a bundle, who can also hash -------------------------------------------

Told = dict[str, Any]


class Copy:
    """The lines of a bundle as somebody edits them; `bytes` closes it again, with a new end."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines: list[Told] = [json.loads(line) for line in lines]

    def place(self, seq: int) -> int:
        return next(at for at, each in enumerate(self.lines) if each.get("seq") == seq)

    def entry(self, seq: int) -> Told:
        return self.lines[self.place(seq)]

    def checkpoint(self, number: int) -> Told:
        return self.lines[self.checkpoint_place(number)]

    def checkpoint_place(self, number: int) -> int:
        wanted = f'"number":{number},'
        found = (at for at, each in enumerate(self.lines) if wanted in each.get("statement", ""))
        return next(found)

    def say(self, seq: int, **changes: object) -> None:
        """Another content, without its digest."""
        entry = self.entry(seq)
        entry["body"] = canonical({**json.loads(entry["body"]), **changes})

    def rechain(self, *, number: bool = False) -> None:
        """Every entry numbered and hashed anew, each on the one before."""
        previous, seq = GENESIS, 0
        for each in self.lines:
            if each["kind"] == "entry":
                seq = seq + 1 if number else each["seq"]
                body = {**json.loads(each["body"]), "previous": previous, "seq": seq}
                each["body"] = canonical(body)
                each["seq"], each["previous"] = seq, previous
                previous = each["digest"] = digest_of(each["body"], algorithm_of(each["digest"]))

    def resign(self, by: Ed25519Signer, since: int = 1) -> None:
        """The checkpoints from a number on, made anew of what is there now."""
        last: Checkpoint | None = None
        entry = first = self.lines[1]
        for each in self.lines:
            if each["kind"] == "entry":
                entry = each
            elif each["kind"] == "checkpoint":
                old = read(each["statement"], each["signature"])
                assert old is not None
                if old.number >= since:
                    journal = first["digest"] if since == 1 else old.journal
                    what = Covered(old.organisation, journal, entry["seq"], entry["digest"])
                    last = sealed(what, last, by, old.at)
                    each |= {"statement": last.statement, "signature": last.signature}
                else:
                    last = old

    def close(self) -> None:
        """The end made to fit whatever is there now."""
        entries = [each for each in self.lines if each["kind"] == "entry"]
        self.lines[-1] = self.lines[-1] | {
            "entries": len(entries),
            "checkpoints": sum(each["kind"] == "checkpoint" for each in self.lines),
            "head": {"seq": entries[-1]["seq"], "digest": entries[-1]["digest"]},
        }
        before = "".join(canonical(each) + "\n" for each in self.lines[:-1])
        self.lines[-1]["whole"] = digest_of(before)

    def bytes(self) -> list[bytes]:
        if self.lines[-1]["kind"] == "end":
            self.close()
        return [canonical(each).encode() + b"\n" for each in self.lines]


Found = Mapping[int, set[str]]


@dataclass(frozen=True)
class Attack:
    """What somebody does to a copy, what is found by itself, and what with what was handed out.

    `handed` None: the same.
    """

    act: Callable[[Copy], object]
    alone: Found
    handed: Found | None = None
    #: Up to where it is vouched for, by itself.
    covered: int = 8


def _edit_and_hash(copy: Copy) -> None:
    copy.say(5, actor="somebody.else")
    copy.entry(5)["digest"] = digest_of(copy.entry(5)["body"])


def _rewrite(copy: Copy) -> None:
    copy.say(5, actor="somebody.else")
    copy.rechain()


def _remove(copy: Copy) -> None:
    del copy.lines[copy.place(6)]


def _insert(copy: Copy) -> None:
    copy.lines.insert(copy.place(6), dict(copy.entry(5)))


def _swap(copy: Copy, one: int = 5, other: int = 6) -> None:
    first, second = copy.place(one), copy.place(other)
    copy.lines[first], copy.lines[second] = copy.lines[second], copy.lines[first]


def _cut(copy: Copy, after: int) -> None:
    end = copy.lines[-1]
    copy.lines = [*copy.lines[: copy.place(after) + 1], end]


def _swap_checkpoints(copy: Copy) -> None:
    one, other = copy.checkpoint_place(1), copy.checkpoint_place(2)
    copy.lines[one], copy.lines[other] = copy.lines[other], copy.lines[one]


def _edit_statement(copy: Copy) -> None:
    told = json.loads(copy.checkpoint(2)["statement"])
    copy.checkpoint(2)["statement"] = canonical({**told, "at": "2020-01-01T00:00:00+00:00"})


def _of_another_journal(copy: Copy) -> None:
    other = signed(chain(word="found"), signer())[1]
    copy.checkpoint(2).update(statement=other.statement, signature=other.signature)


def _then(*acts: Callable[[Copy], object]) -> Callable[[Copy], object]:
    def act(copy: Copy) -> None:
        for each in acts:
            each(copy)

    return act


def _rechain(copy: Copy) -> None:
    copy.rechain(number=True)


def _without_end(copy: Copy) -> None:
    copy.lines = copy.lines[: copy.place(9) + 1]


STRANGER: Final = signer(9)
ATTACKS: Final[Mapping[str, Attack]] = {
    "edited": Attack(lambda copy: copy.say(5, actor="x"), {5: {"edited"}}),
    "edited with its digest": Attack(_edit_and_hash, {6: {"unchained"}}),
    "edited and everything hashed anew": Attack(
        _rewrite, {8: {"checkpoint_entry"}}, {8: {"checkpoint_entry", "handed_entry"}}, 4
    ),
    "edited, hashed and signed anew with another key": Attack(
        _then(_rewrite, lambda copy: copy.resign(STRANGER, 2)),
        {8: {"checkpoint_key"}},
        {8: {"checkpoint_key", "handed_entry"}},
        4,
    ),
    "edited behind the last checkpoint and hashed anew": Attack(
        _then(lambda copy: copy.say(10, actor="x"), Copy.rechain), {}
    ),
    "removed": Attack(_remove, {6: {"removed"}, 7: {"unchained"}}),
    "removed and everything hashed anew": Attack(
        _then(_remove, _rechain),
        {8: {"checkpoint_entry"}},
        {8: {"checkpoint_entry", "handed_entry"}},
        4,
    ),
    "inserted": Attack(_insert, {6: {"inserted"}, 5: {"unchained"}}),
    "inserted and everything hashed anew": Attack(
        _then(_insert, _rechain),
        {8: {"checkpoint_entry"}},
        {8: {"checkpoint_entry", "handed_entry"}},
        4,
    ),
    "reordered": Attack(
        _swap,
        {5: {"removed", "unchained"}, 6: {"removed", "unchained"}, 7: {"inserted", "unchained"}},
    ),
    "reordered and everything hashed anew": Attack(
        _then(_swap, _rechain),
        {8: {"checkpoint_entry"}},
        {8: {"checkpoint_entry", "handed_entry"}},
        4,
    ),
    "its end torn off": Attack(_without_end, {9: {"cut"}}),
    "the tail cut behind the last checkpoint": Attack(lambda copy: _cut(copy, 9), {}),
    "the tail cut before the last checkpoint": Attack(
        lambda copy: _cut(copy, 6), {}, {8: {"older"}}, 4
    ),
    "checkpoints swapped": Attack(
        _swap_checkpoints, {8: {"checkpoint_order"}, 4: {"checkpoint_order"}}, covered=0
    ),
    "a checkpoint edited": Attack(_edit_statement, {8: {"checkpoint_forged"}}, covered=4),
    "a checkpoint of another journal": Attack(
        _of_another_journal, {8: {"checkpoint_foreign"}}, covered=4
    ),
    "a checkpoint removed": Attack(
        lambda copy: copy.lines.pop(copy.checkpoint_place(1)), {8: {"checkpoint_order"}}, covered=0
    ),
    "the last checkpoint removed": Attack(
        lambda copy: copy.lines.pop(copy.checkpoint_place(2)), {}, covered=4
    ),
    "signed by somebody else": Attack(
        lambda copy: copy.resign(STRANGER, 2), {8: {"checkpoint_key"}}, covered=4
    ),
    "a checkpoint repeated": Attack(
        lambda copy: copy.lines.insert(copy.checkpoint_place(2), dict(copy.checkpoint(2))),
        {8: {"checkpoint_order"}},
    ),
}
#: What only a key that was named, or a checkpoint that was handed out, can find.
REPLACED: Final = _then(_rewrite, lambda copy: copy.resign(STRANGER))


def unpacked(entry: Entry, **columns: object) -> Entry:
    return replace(entry, columns=columns)
