"""The text of a PDF, read by a process of its own: bounded in time, memory and length.

Run as a program it reads the PDF from its standard input and writes what it says, page by page;
whatever goes wrong there goes wrong there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import BadInput
from workflow.files import Blob

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

#: In what a file within the file may be written, if it is text.
_GUESSES: Final = ("utf-8", "utf-16-le", "gb18030")
SECONDS: Final = 30
MEMORY_BYTES: Final = 1024 * 1024 * 1024
MOST_PAGES: Final = 3000
MOST_TEXT: Final = 64 * 1024 * 1024
_ENCRYPTED, _BROKEN, _PART = 3, 4, 5
_PIECE: Final = 1024 * 1024


def _descriptor(blob: Blob) -> int | None:
    """Under which the operating system knows it, where it is a file of this machine."""
    try:
        return int(blob.fileno()) if hasattr(blob, "fileno") else None
    except OSError:
        return None


def read_pdf(blob: Blob) -> tuple[bytes, bool]:
    """What a PDF says, in UTF-8, and whether that is all of it.  Raises BadInput for a locked one.

    One that cannot be read, or not in time, says nothing, or as much as was read of it.
    """
    blob.seek(0)
    descriptor = _descriptor(blob)
    if descriptor is not None:
        # As it lies there: no second copy of what may have to leave no trace.
        ended = _run(descriptor)
    else:
        with tempfile.TemporaryFile() as copy:
            while raw := blob.read(_PIECE):
                copy.write(raw)
            copy.seek(0)
            ended = _run(copy.fileno())
    if ended.returncode == _ENCRYPTED:
        raise BadInput("file.encrypted")
    return ended.stdout[:MOST_TEXT], ended.returncode == 0 and bool(ended.stdout.strip())


def _run(source: int) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-c", _PROGRAM, *sys.path]
    try:
        return subprocess.run(  # noqa: S603 (our own interpreter and our own program)
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(command, _PART, error.stdout or b"", b"")


#: With the paths of this process, which isolated mode would not know.
_PROGRAM: Final = """
import sys
sys.path[:] = sys.argv[1:]
from api.files.pdf_text import main
main()
"""


def main() -> None:
    """What the process does."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(_write())


def _write() -> int:
    left = MOST_TEXT
    reading = Reading()
    try:
        for page in reading.pages():
            raw = page.encode("utf-8", "replace")[:left]
            sys.stdout.buffer.write(raw)
            left -= len(raw)
            if not left:
                return _PART
    except PermissionError:
        return _ENCRYPTED
    except BaseException:  # noqa: BLE001 (memory, recursion, whatever a parser can raise)
        return _BROKEN
    finally:
        sys.stdout.buffer.flush()
    return 0 if reading.whole else _PART


class Reading:
    """Reads a PDF from the standard input: its pages, and what lies beside them."""

    def __init__(self) -> None:
        self.whole = True

    def pages(self) -> Iterator[str]:
        """What it says, piece by piece.  Raises PermissionError for a locked one."""
        from pypdf import PdfReader

        reader = PdfReader(sys.stdin.buffer, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise PermissionError
        yield "\n".join(str(each) for each in (reader.metadata or {}).values()) + "\n"
        for place, page in enumerate(reader.pages):
            if place >= MOST_PAGES:
                raise MemoryError
            yield page.extract_text() + "\n"
            yield from self._beside(page)
            if self.whole and _has_unread(page):
                self.whole = False
        yield from self._rest(reader)

    def _beside(self, page: PageObject) -> Iterator[str]:
        """Notes, stamps and fields, which stand on a page and are no text of it."""
        for each in page.get("/Annots") or ():
            note = each.get_object()
            for name in ("/Contents", "/T", "/V", "/Subj", "/RC"):
                yield str(note.get(name) or "") + "\n"
            if "/AP" in note and not note.get("/Contents"):
                self.whole = False

    def _rest(self, reader: PdfReader) -> Iterator[str]:
        """Titles in the margin, metadata of the newer kind, and files within the file."""
        for title in _titles(reader.outline):
            yield title + "\n"
        metadata = reader.root_object.get("/Metadata")
        if metadata is not None:
            yield metadata.get_object().get_data().decode("utf-8", "replace") + "\n"
        for name, versions in reader.attachments.items():
            yield f"{name}\n"
            for raw in versions:
                self.whole = False
                yield from (raw.decode(each, "ignore") + "\n" for each in _GUESSES)


def _titles(outline: Iterable[Any]) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list):
            yield from _titles(each)
        else:
            yield str(each.title)


def _has_unread(page: PageObject) -> bool:
    """Whether there are pictures on it, or characters of which nobody is told what they are."""
    resources = _held(page, "/Resources")
    fonts = (each.get_object() for each in _held(resources, "/Font").values())
    if any(each.get("/Subtype") == "/Type0" and "/ToUnicode" not in each for each in fonts):
        return True
    drawn = (each.get_object() for each in _held(resources, "/XObject").values())
    return any(each.get("/Subtype") == "/Image" for each in drawn)


def _held(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    kept: Mapping[str, Any] = {} if value is None else value.get_object()
    return kept
