"""When a meeting can lawfully hear a matter: the earliest day, and whether a wish can be met."""

from __future__ import annotations

from workflow.planning.plan import (
    Assumption,
    Errand,
    Leg,
    Link,
    Outlook,
    Plan,
    Stretch,
    plan,
)
from workflow.planning.wish import Means, Shortening, Variant, Wish, feasible

__all__ = [
    "Assumption",
    "Errand",
    "Leg",
    "Link",
    "Means",
    "Outlook",
    "Plan",
    "Shortening",
    "Stretch",
    "Variant",
    "Wish",
    "feasible",
    "plan",
]
