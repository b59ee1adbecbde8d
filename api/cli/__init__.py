"""The command line. Each command loads what it needs when it is run, so that help is there at once."""

from __future__ import annotations

from api.cli.root import main

__all__ = ["main"]
