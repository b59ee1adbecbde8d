"""Opinions that the public sends in to an open call: their receipts and their numbers. Pure.

A receipt stands for an opinion and is shown by nobody but its sender, so it cannot be guessed; it
is typed by people, so it comes in groups, without signs that look alike, and with a check sign that
finds every single mistyped sign and every two that changed places.

Opinions are numbered from 1 within the closing of their call, equal texts under one number: a text
that comes a thousand times is answered once, and each of its senders has a receipt for it.
"""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from workflow.canonical import digest_of
from workflow.errors import BadInput
from workflow.facts import CLOSE_CALL, TAKE_IN, Facts, Record, as_list
from workflow.texts import Line, cleaned

#: 32 signs, five bits each: no 0, 1, I, O, which look like others.
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_SIGNS: Final = 27
"""135 bits that nobody can guess; one more sign checks them."""
GROUP: Final = 4

KEY_SIGNS: Final = 24
"""So many signs of its entry's digest are the public name of what became public."""

MOST_CHARACTERS: Final = 20_000
"""The longest opinion: more than any letter, and no more than a person can be asked to read."""
CONTACT_CHARACTERS: Final = 200
MOST_AT_ONCE: Final = 500
"""So many are taken in by one command, so that no entry of the journal grows without bound."""

_BITS: Final = 5
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_PLACES: Final = {sign: place for place, sign in enumerate(ALPHABET)}


def new_receipt(choose: Callable[[str], str]) -> str:
    """A receipt of signs that `choose` picks by chance, in groups."""
    signs = "".join(choose(ALPHABET) for _ in range(RANDOM_SIGNS))
    return grouped(signs + ALPHABET[_check(signs)])


def receipt_of(secret: str, key: str) -> str:
    """The receipt of whoever sends under this key, which has the same one whenever it comes.

    Nobody who does not know the secret can tell it from one of chance.
    """
    drawn = int.from_bytes(hmac.digest(secret.encode(), f"receipt\n{key}".encode(), sha256))
    signs = "".join(ALPHABET[drawn >> _BITS * place & 31] for place in range(RANDOM_SIGNS))
    return grouped(signs + ALPHABET[_check(signs)])


def grouped(signs: str) -> str:
    """The signs of a receipt as they are shown."""
    return "-".join(signs[place : place + GROUP] for place in range(0, len(signs), GROUP))


def typed_receipt(text: str) -> str:
    """The signs of a receipt as somebody typed it: small letters, spaces and dashes as they like.

    Raises BadInput for what cannot be a receipt; whether there is such a one is not told by it.
    """
    folded = unicodedata.normalize("NFKC", text[: 4 * (RANDOM_SIGNS + 1)]).upper()
    signs = "".join(sign for sign in folded if sign.isalnum())
    right = (
        len(signs) == RANDOM_SIGNS + 1
        and all(sign in _PLACES for sign in signs)
        and _PLACES[signs[-1]] == _check(signs[:-1])
    )
    if not right:
        raise BadInput("submission.receipt_mistyped")
    return signs


def _check(signs: str) -> int:
    """The sum of the signs, each times another power of a generator of GF(32)."""
    found = 0
    for sign in signs:
        found = _doubled(found ^ _PLACES[sign])
    return found


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value >> _BITS else value


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MOST_CHARACTERS),
    AfterValidator(cleaned),
]


class Person(BaseModel):
    """Who sent an opinion in, if they want to say; kept apart, and deleted at a word of theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Line | None = None
    contact: Line | None = None

    @property
    def told(self) -> bool:
        """Whether anything was said."""
        return self.name is not None or self.contact is not None


class Opinion(BaseModel):
    """An opinion as it is sent in, kept to the letter; what cannot be kept is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    person: Annotated[Person, Field(default_factory=Person)]


@dataclass(frozen=True, slots=True)
class Sender:
    """Where an opinion came from that bears no key, by a digest that says nothing to others.

    Within so many seconds the same from there is the same opinion sent again: of who says who they
    are, and of who does not.
    """

    source: str
    named_seconds: int
    unnamed_seconds: int

    def seconds(self, opinion: Opinion) -> int:
        """Within how many seconds this opinion is taken for one sent again."""
        return self.named_seconds if opinion.person.told else self.unnamed_seconds

    def names(self, opinion: Opinion, at: datetime) -> tuple[str, str]:
        """What an opinion is sent as now, and as what the same was sent in the span before.

        Nobody can be sent under a name of somebody else: source, person and text are all in it.
        """
        now = int(at.timestamp()) // self.seconds(opinion)
        person = opinion.person
        told = [self.source, person.name, person.contact, opinion.text]
        return (
            digest_of(json.dumps([now, *told], ensure_ascii=False)),
            digest_of(json.dumps([now - 1, *told], ensure_ascii=False)),
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opinion that came in in time and that no record has taken in."""

    id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Submission:
    """An opinion as it is kept. `number` is its place within the closing of its call.

    `late`: it came after the call had ended, or had been replaced by another; it is kept, and no
    answer is owed to it.  `taken_in` is the position of the record by which it was taken in.
    `name` and `contact` are those of its sender, as far as they were told and are still kept.
    """

    id: int
    matter: str
    step: str
    text: str
    digest: str
    received_at: datetime
    late: bool
    number: int | None
    taken_in: int | None
    name: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a record takes in: the number of each opinion by its id, and what the record keeps."""

    numbers: tuple[tuple[int, int], ...]
    kept: Mapping[str, object]


def since_closing(facts: Facts, step: str) -> tuple[Record, ...]:
    """The records that took opinions in for the step since its call was closed last."""
    closed = [each.position for each in facts.of(CLOSE_CALL) if each.step == step]
    after = closed[-1] if closed else 0
    return tuple(r for r in facts.of(TAKE_IN) if r.step == step and r.position > after)


def known_texts(records: Sequence[Record]) -> dict[str, int]:
    """The number of each text that these records took in, by its digest."""
    told = (str(each) for record in records for each in as_list(record.payload["digests"]))
    return {digest: number for number, digest in enumerate(told, 1)}


def taken_in(records: Sequence[Record]) -> int:
    """How many opinions these records took in, equal texts each for itself."""
    return sum(int(record.text("count")) for record in records)


def take_in(records: Sequence[Record], waiting: Sequence[Waiting]) -> TakenIn:
    """Number what waits, after what these records took in already."""
    known = known_texts(records)
    first = len(known) + 1
    numbers: list[tuple[int, int]] = []
    repeated: dict[int, int] = {}
    for each in waiting:
        if each.digest in known:
            repeated[known[each.digest]] = repeated.get(known[each.digest], 0) + 1
        number = known.setdefault(each.digest, len(known) + 1)
        numbers.append((each.id, number))
    kept: dict[str, object] = {
        "count": len(waiting),
        "first": first,
        "digests": list(known)[first - 1 :],
        "repeated": [list(pair) for pair in sorted(repeated.items())],
    }
    return TakenIn(tuple(numbers), kept)


def number_in_table(facts: Facts, submission: Submission) -> int | None:
    """Under which number the adoption table answers it; None until its call is closed."""
    if submission.number is None or submission.taken_in is None:
        return None
    before = 0
    for closing in facts.of(CLOSE_CALL):
        if closing.step == submission.step and closing.position > submission.taken_in:
            return before + submission.number
        before += int(closing.text("received"))
    return None
