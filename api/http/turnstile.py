"""How fast the public is let in: whoever comes too often waits, and whoever waited comes in.

Each source has a rate, kept as the one instant at which its line would be empty again (GCRA, ITU-T
I.371); a source is remembered until then and no longer, by a digest that only these processes can
make.  Several workers share their lines (`Lines`); whoever is turned away by what one of them knows
by itself troubles the others no more, so that a flood costs them no more than the rate.

Whoever has to wait takes a place in the line of that source, and a note of it, sealed, which opens
the way from that moment on, once.  Nobody is asked to wait beyond the end of the call: then they
come in at once.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, PositiveInt

from api.http.errors import TooMany
from procedures.source import parse, read
from workflow.submissions import Sender

FILE: Final = Path(__file__).with_name("turnstile.yaml")
SEAL_VARIABLE: Final = "YICHENG_TURNSTILE_SEAL"
"""What the workers of one server seal their notes with, so that each takes the others'."""

K = TypeVar("K")

_SIGNS: Final = 32
_SUBSCRIBER_BITS: Final = 64
_FORGETTING_SECONDS: Final = 1.0


class Rate(BaseModel):
    """So many requests in so many seconds, all at once if need be, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    requests: PositiveInt
    seconds: PositiveInt
    reason: str

    @property
    def interval(self) -> float:
        """The seconds from one request to the next, in the long run."""
        return self.seconds / self.requests


class Lines(Protocol):
    """Lines that several workers share."""

    def advance(self, line: str, now: float, step: float, most: float) -> float:
        """When the line would be empty again, one longer; never beyond `most` seconds from now."""
        ...

    def use(self, line: str, until: float) -> bool:
        """Whether this is the first use of something that is good for one."""
        ...

    def sweep(self, now: float, kept: int) -> None:
        """Forget what is over, and of the rest all but so many."""
        ...


class Resent(BaseModel):
    """Within how many seconds the same counts as sent again, with a name and without; and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    named_seconds: PositiveInt
    unnamed_seconds: PositiveInt
    reason: str


class Rates(BaseModel):
    """The rates of `turnstile.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    per_address: Rate
    per_call: Rate
    longest_wait_seconds: PositiveInt
    note_seconds: PositiveInt
    characters_per_turn: PositiveInt
    most_remembered: PositiveInt
    resent: Resent
    per_account: Rate
    per_token: Rate
    told_every: PositiveInt


@cache
def shipped_rates() -> Rates:
    """The rates that are shipped."""
    return rates_of(FILE)


def rates_of(file: Path) -> Rates:
    """The rates of a file.  Raises SourceError for one that cannot be taken."""
    return parse(read(file), Rates)


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes: from where, to which call, with a note of having waited if they have one.

    `ends_at` is when the call ends, None where nothing ends; `characters` is how much they bring.
    """

    address: str
    call: str = ""
    note: str | None = None
    ends_at: datetime | None = None
    characters: int = 0


class Turnstile:
    """Lets the public in. Safe to share between the threads of a process."""

    def __init__(
        self,
        rates: Rates,
        seal: bytes | None = None,
        lines: Callable[[], Lines | None] = lambda: None,
    ) -> None:
        self._rates = rates
        self._lines = lines
        told = os.environ.get(SEAL_VARIABLE, "").encode()
        self._seal = seal or told or secrets.token_bytes(_SIGNS)
        self._lock = Lock()
        self._empty: dict[str, float] = {}
        self._used: dict[str, float] = {}
        self._looked = 0.0

    def admit(self, coming: Coming, at: datetime) -> None:
        """Let somebody in, or ask them to wait.  Raises TooMany, and StoreTrouble."""
        now = at.timestamp()
        self._forget(now)
        if coming.note is not None and self._waited(coming.note, coming.call, now):
            return
        turns = 1 + coming.characters // self._rates.characters_per_turn
        wait = self._wait(b"a", place_of(coming.address), self._rates.per_address, turns, now)
        if wait <= 0 and coming.call:
            wait = self._wait(b"c", coming.call, self._rates.per_call, turns, now)
        if wait <= 0:
            return
        if coming.ends_at is not None and at < coming.ends_at <= at + timedelta(seconds=wait + 1):
            return
        seconds = ceil(wait)
        # Whoever would have to wait too long took no place, and has nothing to show later.
        placed = wait <= self._rates.longest_wait_seconds
        raise TooMany(seconds, self._note(coming.call, now + wait) if placed else None)

    def sender(self, address: str) -> Sender:
        """Whoever sends from an address, as only these processes can tell them again."""
        resent = self._rates.resent
        source = self.mark(b"s", place_of(address))
        return Sender(source, resent.named_seconds, resent.unnamed_seconds)

    @property
    def remembered(self) -> int:
        """How many sources and notes are remembered now."""
        return len(self._empty) + len(self._used)

    def _wait(self, kind: bytes, source: str, rate: Rate, turns: int, now: float) -> float:
        """How many seconds the source has to wait; its line grows by those who come or wait."""
        key = self.mark(kind, source)
        longest = self._rates.longest_wait_seconds
        most, step = rate.seconds + longest, rate.interval * turns
        with self._lock:
            known = self._empty.get(key, now)
            # A line that is longer than any can be was kept before the clock was set back.
            empty = (known if now < known <= now + most else now) + step
            if empty <= now + most:
                self._empty[key] = empty
        lines = self._lines()
        if lines is not None and empty <= now + most:
            empty = lines.advance(key, now, step, most)
        return empty - now - rate.seconds

    def mark(self, kind: bytes, source: str) -> str:
        """A source as nobody outside these processes can tell it, kept or not."""
        return hmac.new(self._seal, kind + source.encode("utf-8", "replace"), sha256).hexdigest()

    def _forget(self, now: float) -> None:
        """Forget every line that is empty, and every note that is over."""
        most = self._rates.most_remembered
        with self._lock:
            if self._looked <= now < self._looked + _FORGETTING_SECONDS:
                return
            self._looked = now
            self._empty = _still(self._empty, now, most)
            self._used = _still(self._used, now, most)
        lines = self._lines()
        if lines is not None:
            lines.sweep(now, most)

    def _note(self, call: str, since: float) -> str:
        told = f"{since:.3f}.{secrets.token_hex(8)}"
        return f"{told}.{self._sealed(told, call)}"

    def _sealed(self, told: str, call: str) -> str:
        return hmac.new(self._seal, f"note\n{call}\n{told}".encode(), sha256).hexdigest()[:_SIGNS]

    def _waited(self, note: str, call: str, now: float) -> bool:
        """Whether the note is ours, for this call, due, not over, and shown for the first time."""
        told, _, seal = note.rpartition(".")
        if not note.isascii() or not hmac.compare_digest(seal, self._sealed(told, call)):
            return False
        since = float(told.rpartition(".")[0])
        until = since + self._rates.note_seconds
        if not since <= now <= until:
            return False
        with self._lock:
            if told in self._used:
                return False
            self._used[told] = until
        used = sha256(f"note\n{told}".encode()).hexdigest()
        lines = self._lines()
        return lines is None or lines.use(used, until)


def place_of(address: str) -> str:
    """Where somebody comes from: an address, or of version 6 the network that one subscriber has.

    A subscriber of IPv6 has 2^64 addresses and more (RFC 6177), and would be as many sources.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _SUBSCRIBER_BITS), strict=False))


def _still(kept: Mapping[K, float], now: float, most: int) -> dict[K, float]:
    """What is not over yet; of more than may be remembered those that came last."""
    left = [(key, until) for key, until in kept.items() if until > now]
    return dict(left[-most:])
