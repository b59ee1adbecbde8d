"""The sample organisation, ready to be acted on; see `house`."""

from __future__ import annotations

from tests.integration.door import door
from tests.integration.house import neighbour, zone

__all__ = ["door", "neighbour", "zone"]
