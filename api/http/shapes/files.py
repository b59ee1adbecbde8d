"""Files in answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.http.shapes.common import Told


class StoredFile(Told):
    """A file. `media` is told from its content; `digest` is that of its bytes by `algorithm`.

    `searched`: all of its text was looked through for classification marks.  `level` is the mark
    for which it is, or was, in quarantine.
    """

    id: str
    name: str
    size: int
    algorithm: str
    digest: str
    media: str
    state: Literal["staged", "attached", "quarantined", "erased"]
    level: str
    searched: bool
    uploader: str
    uploaded_at: datetime
    matter: str | None


class StoredFiles(Told):
    """Files, each with what is kept of it."""

    items: list[StoredFile]


class UploadedFile(StoredFile):
    """A file that came in; `procedure` says what to do where it is in quarantine.

    `advice` is what to mind of marks that do not keep it from being used.
    """

    procedure: str | None
    advice: list[str]
    replayed: bool
