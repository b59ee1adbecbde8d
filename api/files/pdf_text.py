"""The text of a PDF, read by a process of its own: bounded in time, memory and length.

Run as a program it reads the PDF from its standard input and writes what it says, page by page;
whatever goes wrong there goes wrong there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Final

from workflow.errors import BadInput
from workflow.files import Blob

SECONDS: Final = 30
MEMORY_BYTES: Final = 1024 * 1024 * 1024
MOST_PAGES: Final = 3000
MOST_TEXT: Final = 64 * 1024 * 1024
_ENCRYPTED, _BROKEN, _PART = 3, 4, 5
_PIECE: Final = 1024 * 1024


def read_pdf(blob: Blob) -> tuple[bytes, bool]:
    """What a PDF says, in UTF-8, and whether that is all of it.  Raises BadInput for a locked one.

    One that cannot be read, or not in time, says nothing, or as much as was read of it.
    """
    with tempfile.TemporaryFile() as copy:
        blob.seek(0)
        while raw := blob.read(_PIECE):
            copy.write(raw)
        copy.flush()
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
    try:
        for page in _pages():
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
    return 0


def _pages() -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(sys.stdin.buffer, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PermissionError
    yield "\n".join(str(each) for each in (reader.metadata or {}).values()) + "\n"
    for place, page in enumerate(reader.pages):
        if place >= MOST_PAGES:
            raise MemoryError
        yield page.extract_text() + "\n"
