"""The command line. A command loads what it needs when it is run, so that help comes at once."""

from __future__ import annotations

from api.cli.root import main

__all__ = ["main"]
