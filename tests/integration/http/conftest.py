"""Whoever comes to the door by a browser; see `browser`."""

from __future__ import annotations

from tests.integration.http.browser import browser

__all__ = ["browser"]
