"""Files (文件): what one is called, what may become of it, and where its bytes are kept.  Pure.

A file is *staged* when it has come in, *attached* once an act of a matter names it, *quarantined*
(隔离) while a classification mark found in it waits to be looked at, and *erased* when that mark
was confirmed: then nothing is left of it but that, when, and by whom.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Protocol, Self

from workflow.errors import BadInput, NotFound
from workflow.texts import HIDDEN

#: The commands by which somebody else than the uploader looks after a file in quarantine.
CONFIRM_QUARANTINE: Final = "confirm_quarantine"
RELEASE_QUARANTINE: Final = "release_quarantine"
#: The kind of the alert that a file is in quarantine.
QUARANTINE: Final = "quarantine"
#: The algorithm of the digests; kept beside each, so that another may follow.
ALGORITHM: Final = "sha256"
DIGEST_LENGTH: Final = 64
NAME_BYTES: Final = 200
#: The most files that one act names.
MOST_OF_ACT: Final = 50
_ID_SIGNS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH: Final = 25
UNNAMED: Final = "file"

#: Whatever some system takes for a command, or for a path of its own.
_RESERVED: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff<>:"|?*\u2028\u2029]')
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def all_of_it() -> bool:
    """What could be read was all there is."""
    return True


class FileState(StrEnum):
    """Where a file stands."""

    STAGED = "staged"
    ATTACHED = "attached"
    QUARANTINED = "quarantined"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Filed:
    """A file as it is kept on record.

    `key` is the id by which it is named, `media` the type that its content has, `searched` whether
    all of its text could be looked through for marks.  `matter` is the number of the matter that
    it is attached to, `seq` the entry of the act that attached or erased it.  Of an erased one
    name, digest, media and size are empty.  `level` is the mark that was found, while that counts.
    """

    id: int
    key: str
    uploader: str
    name: str
    size: int
    algorithm: str
    digest: str
    media: str
    state: FileState
    at: datetime
    searched: bool = True
    matter: str | None = None
    seq: int | None = None
    level: str = ""
    released: bool = False

    def told(self) -> dict[str, object]:
        """What the record of an act keeps of it."""
        return {
            "id": self.key,
            "name": self.name,
            "algorithm": self.algorithm,
            "digest": self.digest,
            "size": self.size,
        }


@dataclass(frozen=True, slots=True)
class Content:
    """What a file turned out to be when it was looked into.

    `pieces` are its text, one piece after the other, as often as it is asked for; going through
    them raises BadInput for what must not be kept.  `searched` is whether that is all of its text,
    as far as its type tells; `whole`, once the pieces were gone through, whether they were all.
    A picture has none that could be read.
    """

    media: str
    pieces: Callable[[], Iterable[str]] = tuple
    searched: bool = False
    whole: Callable[[], bool] = all_of_it


@dataclass(frozen=True, slots=True)
class Mark:
    """A classification mark (密级标志): its `level`, and the answer to it.

    `blocks`: the file is quarantined, or the text refused.  Otherwise whoever sent it is told.
    """

    level: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large a file may be, how much may lie staged, for how long; bytes and days."""

    file_bytes: int
    staged_bytes: int
    staged_days: int


class Blob(Protocol):
    """The bytes of a kept file, open for reading; a context manager that closes it."""

    size: int

    def read(self, count: int) -> bytes:
        """The next bytes, none at the end."""
        ...

    def seek(self, offset: int) -> object:
        """Go on from there."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Arriving(Protocol):
    """A file on its way in, which nobody else sees; nothing stays of it unless it is kept."""

    size: int

    def write(self, data: bytes) -> None:
        """Take the next bytes.  Raises StoreTrouble where the disk is full."""
        ...

    def finish(self) -> str:
        """The digest, once all of it has come and would outlive a crash."""
        ...

    def open(self) -> Blob:
        """What has come, to be looked into."""
        ...

    def keep(self) -> None:
        """Put it in its place by its digest; one that is there already is left as it is."""
        ...

    def discard(self) -> None:
        """Leave nothing of it that is not kept."""
        ...


class FileStore(Protocol):
    """Where the bytes of files lie: by digest, in a space of each organisation's own.

    Nothing in it is ever changed.  What keeps and deletes is called under one lock of the
    organisation, so that nobody keeps what another is about to delete.
    """

    def begin(self, space: str) -> Arriving:
        """Begin to take a file in.  Raises StoreTrouble."""
        ...

    def open(self, space: str, digest: str) -> Blob:
        """The bytes of this digest.  Raises StoreTrouble where they are gone."""
        ...

    def has(self, space: str, digest: str) -> bool:
        """Whether something is there under the digest."""
        ...

    def delete(self, space: str, digest: str) -> None:
        """Delete it for good; nothing where nothing is there."""
        ...

    def digests(self, space: str) -> Iterator[str]:
        """Every digest under which something is there."""
        ...

    def leftovers(self, space: str, *, remove: bool) -> int:
        """How many arrivals were never finished and belong to nobody alive; `remove` them."""
        ...


class Examiner(Protocol):
    """Looks into what came in."""

    def content(self, blob: Blob, name: str) -> Content:
        """Tell its type and find its text.  Raises BadInput for what must not be kept."""
        ...

    def draft(self, blob: Blob, media: str) -> str:
        """The text of a draft, paragraph by paragraph.  Raises BadInput where it has none."""
        ...


def cleaned_name(given: str) -> str:
    """The name under which a file is kept: the one it came with, fit for any system.

    Of a path the last part; without characters that control, hide or are reserved; never that of
    a device; at most `NAME_BYTES` in UTF-8, with its suffix.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    plain = HIDDEN.sub("", _RESERVED.sub("", last)).strip(" .\u3000")
    suffix = found.group() if (found := _SUFFIX.search(plain)) else ""
    stem = plain[: len(plain) - len(suffix)]
    if _DEVICE.fullmatch(plain.partition(".")[0]):
        stem = f"_{stem}"
    room = NAME_BYTES - len(suffix)
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem}{suffix}" if stem else UNNAMED


def new_id(choice: Callable[[str], str]) -> str:
    """The id of a new file: 125 bits of chance, so that none is guessed."""
    return "f" + "".join(choice(_ID_SIGNS) for _ in range(_ID_LENGTH))


def attachable(names: Iterable[str], known: Mapping[str, Filed], actor: str) -> tuple[Filed, ...]:
    """The files that an act names, each once, where the actor may attach them.

    Raises NotFound for one that is not there or is another's, as if it were not there, and
    BadInput for one that is attached already, in quarantine or erased, or of which another copy
    waits in quarantine.
    """
    found: list[Filed] = []
    for name in dict.fromkeys(names):
        each = known.get(name)
        if each is None or each.uploader != actor:
            raise NotFound("unknown.file", file=name)
        if each.state is not FileState.STAGED:
            raise BadInput(f"file.is_{each.state.value}", file=name)
        if any(other.state is FileState.QUARANTINED for other in twins(each, known.values())):
            raise BadInput("file.is_quarantined", file=name)
        found.append(each)
    return tuple(found)


def twins(found: Filed, known: Iterable[Filed]) -> tuple[Filed, ...]:
    """Other files with the same bytes as this one; of an erased one nobody knows."""
    return tuple(
        each
        for each in known
        if each.key != found.key and each.digest == found.digest and found.digest
    )


def expired(found: Filed, now: datetime, days: int) -> bool:
    """Whether a file has lain staged for longer than it may; what is attached never has."""
    return found.state is FileState.STAGED and (now - found.at).days >= days


def told_in(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The files that an entry of the journal says were attached by it."""
    payload = body.get("payload")
    if body.get("status") == "done" and isinstance(payload, Mapping):
        for each in payload.get("files") or ():
            if isinstance(each, Mapping):
                yield each
