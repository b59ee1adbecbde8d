"""Keys that somebody names to trust: by fingerprint, or by a file that holds some."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workflow.checkpoints import fingerprint_in, fingerprint_of
from workflow.errors import BadInput

_MOST_BYTES: Final = 64 * 2**10


def pinned(named: str) -> tuple[str, ...]:
    """The fingerprints that are named: one itself, or those of a file, one a line.

    A line of a file may also be a public key in hex behind the word `public`.  Raises BadInput.
    """
    own = fingerprint_in(named)
    if own is not None:
        return (own,)
    path = Path(named)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput("checkpoint.no_key", name=named)
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInput("checkpoint.no_key", name=named) from error
    found = tuple(_of(lines))
    if not found:
        raise BadInput("checkpoint.no_key", name=named)
    return found


def _of(lines: list[str]) -> Iterator[str]:
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        public = fingerprint_in(rest) if word == "public" else None
        if public is not None:
            yield fingerprint_of(public)
        elif (found := fingerprint_in(line)) is not None:
            yield found
