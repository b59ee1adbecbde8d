"""One rule against another: in what it asks for less.  Pure.

The same weighing serves a profile against its base, an edition against the one before it, two
procedures that bind at once, and whoever reads in what two definitions differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflow.calendar import CountingRule
from workflow.definition import Bound, Floor, Gate, Lapse, Rule
from workflow.ports import RuleShape

#: From the tightest to the loosest; None is a step that precedes nothing.
GATES: Final = (*Gate, None)
LAPSES: Final = (Lapse.ANY, Lapse.SUBSTANTIVE, Lapse.NEVER)

_FIELDS: Final = (
    "bound",
    "unit",
    "value",
    "share",
    "floor",
    "counting",
    "paused",
    "choices",
    "override",
    "also",
)


def weaker(
    base: Rule, rule: Rule, shape: RuleShape, counting: Mapping[str, CountingRule]
) -> tuple[str, ...]:
    """The fields in which a rule is looser than its base.

    A period of the base is met by any period of the rule: by the one that it names first, or by
    one that binds beside it.
    """
    period = weaker_period(base, rule, counting)
    if period and any(not weaker_period(base, each, counting) for each in rule.also):
        period = ()
    least = base.bound is Bound.MINIMUM
    found = {
        **dict.fromkeys(period, True),
        "share": base.share is not None
        and (rule.share is None or (rule.share < base.share if least else rule.share > base.share)),
        "floor": rule.floor is Floor.SOFT and base.floor is Floor.HARD,
        "choices": not _tighter_choices(base, rule, shape),
        # Whoever may shorten the period: another hand is a further way to shorten it.
        "override": not set(rule.override) <= set(base.override),
        "also": any(
            weaker_period(beside, rule, counting)
            and all(weaker_period(beside, each, counting) for each in rule.also)
            for beside in base.also
        ),
    }
    return tuple(name for name in _FIELDS if found.get(name))


def weaker_period(base: Rule, rule: Rule, counting: Mapping[str, CountingRule]) -> tuple[str, ...]:
    """The same of their first periods or numbers alone, whatever binds beside them."""
    least = base.bound is Bound.MINIMUM
    value, floor = rule.value, base.value
    found = {
        "bound": rule.bound is not base.bound,
        "unit": rule.unit is not base.unit,
        "value": rule.unit is base.unit
        and floor is not None
        and (value is None or (value < floor if least else value > floor)),
        "counting": _counts_looser(base, rule, counting),
        "paused": base.paused is least and rule.paused is not least,
    }
    return tuple(name for name, is_looser in found.items() if is_looser)


def _counts_looser(base: Rule, rule: Rule, counting: Mapping[str, CountingRule]) -> bool:
    """Whether the same period ends sooner where it is a least one, later where it is a most."""
    before, now = (counting.get(each.counting or "") for each in (base, rule))
    if before is None or now is None:
        return False
    least = base.bound is Bound.MINIMUM
    pairs = zip(_longer(before), _longer(now), strict=True)
    return any(was is least and is_ is not least for was, is_ in pairs)


def _longer(rule: CountingRule) -> tuple[bool, bool, bool]:
    """What of a counting rule makes a period longer."""
    return rule.clear_days, not rule.start_day_counted, rule.roll


def _tighter_choices(base: Rule, rule: Rule, shape: RuleShape) -> bool:
    if shape.free:
        return True
    if shape.exact:
        return base.choices == rule.choices
    if shape.ordered:
        left = iter(rule.choices)
        return all(each in left for each in base.choices)
    before, now = set(base.choices), set(rule.choices)
    return now <= before if shape.wider_is_looser else before <= now
