"""One way to write a value as JSON, so that its digest means something years later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Final

from workflow.definition import Citation, Holder, Text
from workflow.errors import StoreTrouble
from workflow.refusals import Unmet

SHA256: Final = "sha256"
SM3: Final = "sm3"
ALGORITHMS: Final = (SHA256, SM3)
"""What digests can be made by.  SM3 (GB/T 32905-2016) only where the platform's OpenSSL has it."""
_NAMED: Final = f"{SM3}:"


def canonical(value: object) -> str:
    """Canonical JSON: keys sorted, no white space, no escapes beyond JSON's own, no floats."""
    return _ENCODER.encode(value)


def digest_of(text: str, algorithm: str = SHA256) -> str:
    """The digest of the UTF-8 bytes of a text, in lower-case hexadecimal.

    One that is not SHA-256 says by what it was made: `sm3:…`.  Raises StoreTrouble
    (`digest.unavailable`) where the platform does not know the algorithm.
    """
    if algorithm == SHA256:
        return hashlib.sha256(text.encode()).hexdigest()
    check_algorithm(algorithm)
    return f"{algorithm}:{hashlib.new(algorithm, text.encode()).hexdigest()}"


def algorithm_of(digest: str) -> str:
    """By what a digest was made, as it says itself."""
    return SM3 if digest.startswith(_NAMED) else SHA256


def matches(text: str, digest: str) -> bool:
    """Whether it is the digest of the text, by the algorithm that it names.

    Raises StoreTrouble (`digest.unavailable`) as `digest_of` does.
    """
    return digest_of(text, algorithm_of(digest)) == digest


def check_algorithm(algorithm: str) -> None:
    """Raise StoreTrouble (`digest.unavailable`) unless digests can be made by this here."""
    if algorithm not in ALGORITHMS or algorithm not in hashlib.algorithms_available:
        raise StoreTrouble("digest.unavailable", algorithm=algorithm, known=ALGORITHMS)


def plain(value: object) -> object:
    """A value of the engine as JSON types; days and names are marked, for `revive` to know."""
    match value:
        case None | bool() | int():
            written: object = value
        case Enum():
            written = value.value
        case str():
            written = value
        case datetime():
            written = value.isoformat()
        case date():
            written = {"day": value.isoformat()}
        case Text():
            written = {"zh": value.zh, "en": value.en}
        case Mapping():
            written = {str(key): plain(item) for key, item in value.items()}
        case tuple() | list():
            written = [plain(item) for item in value]
        case _:
            raise TypeError(f"not a value of the record: {type(value).__name__}")
    return written


def revive(value: object) -> object:
    """What `plain` wrote, with its days and names again."""
    if isinstance(value, dict):
        # A mapping may have a day by that very name.
        if value.keys() == {"day"} and isinstance(value["day"], str):
            return date.fromisoformat(value["day"])
        if value.keys() == {"zh", "en"}:
            return Text(str(value["zh"]), str(value["en"]))
        return {key: revive(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(revive(item) for item in value)
    return value


def unmet_to_json(unmet: Unmet) -> dict[str, object]:
    """A refusal's condition as it stands in the journal and in alerts."""
    return {
        "code": unmet.code,
        "citations": [
            {"instrument": c.instrument, "article": c.article, "confidence": c.confidence}
            for c in unmet.citations
        ],
        "params": plain(unmet.params),
        "step": unmet.step,
        "cured_by": [{"role": holder.role, "of": holder.of} for holder in unmet.cured_by],
        "earliest": None if unmet.earliest is None else unmet.earliest.isoformat(),
        "provisional": unmet.provisional,
    }


def unmet_from_json(data: Mapping[str, object]) -> Unmet:
    """The condition again, as `unmet_to_json` wrote it."""
    citations, cured_by, params = data["citations"], data["cured_by"], data["params"]
    earliest, step = data["earliest"], data["step"]
    kept = params if isinstance(params, dict) else {}
    if not isinstance(citations, list) or not isinstance(cured_by, list):
        raise TypeError("a condition has lists of citations and of holders")
    return Unmet(
        code=str(data["code"]),
        citations=tuple(Citation(**citation) for citation in citations),
        # Each by itself: the whole of them is no day, even where there is nothing but one.
        params={name: revive(each) for name, each in kept.items()},
        step=None if step is None else str(step),
        cured_by=tuple(Holder(**holder) for holder in cured_by),
        earliest=None if earliest is None else date.fromisoformat(str(earliest)),
        provisional=data["provisional"] is True,
    )


def _no_floats(value: object) -> object:
    raise TypeError(f"not a value of the record: {type(value).__name__}")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_no_floats
)
