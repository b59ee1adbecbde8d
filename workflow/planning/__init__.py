"""When a meeting can lawfully hear a matter: the earliest day, and whether a wish can be met."""

from __future__ import annotations

from workflow.planning.after import CLOSING, Duty
from workflow.planning.chain import chain
from workflow.planning.plan import NOTICE, following, gate_day, plan
from workflow.planning.values import (
    Assumed,
    Assumption,
    Errand,
    Leg,
    Link,
    Outlook,
    Plan,
    Stretch,
    tasks,
)
from workflow.planning.wish import Able, Means, Shortening, Variant, Wish, feasible

__all__ = [
    "CLOSING",
    "NOTICE",
    "Able",
    "Assumed",
    "Assumption",
    "Duty",
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
    "chain",
    "feasible",
    "following",
    "gate_day",
    "plan",
    "tasks",
]
