"""Parts of definition files put together anew, each of which still knows where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from procedures.merge import Side, gathered, listing
from procedures.problems import Problem


def child(side: Side, name: str) -> Side | None:
    """The value of a key, None where it was left out."""
    return side.child(name) if name in cast("Mapping[str, object]", side.data) else None


def gather(over: Side, found: Mapping[str | int, Side]) -> Side:
    """A mapping of these parts, in the place of another."""
    return gathered({name: side.data for name, side in found.items()}, over, found)


def listed(over: Side, found: list[Side]) -> Side:
    """A list of these parts, in the place of another."""
    return listing(found, over)


def with_value(side: Side, **values: Side) -> Side:
    """The mapping with these values under their keys."""
    data = cast("Mapping[str | int, object]", side.data)
    found: dict[str | int, Side] = {name: side.child(name) for name in data}
    found.update(values)
    return gather(side, found)


def absent(side: Side, *names: str) -> Side:
    """The mapping without these keys."""
    data = cast("Mapping[str | int, object]", side.data)
    return gather(side, {name: side.child(name) for name in data if name not in names})


def many(side: Side) -> list[Side]:
    """The items of a list; of what may be written without the list, the one item."""
    return side.items() if isinstance(side.data, list) else [side]


def union(ours: Side, theirs: Side) -> Side:
    """The items of both, each once."""
    found = many(ours)
    for item in many(theirs):
        if item.data not in [each.data for each in found]:
            found.append(item)
    return listed(ours, found)


def cited(ours: Side, theirs: Side) -> Side:
    """The provisions of both, each once; of a sure and an unsure citation of one, the sure one."""
    found: dict[str, Side] = {}
    for item in (*many(ours), *many(theirs)):
        provision = _provision(item)
        if provision not in found or _doubt(item) < _doubt(found[provision]):
            found[provision] = item
    return listed(ours, list(found.values()))


def _provision(citation: Side) -> str:
    return str(citation.data).partition(" (")[0]


def _doubt(citation: Side) -> int:
    """How unsure a citation is: written without a letter it is checked (S)."""
    return "SMU".index(str(citation.data).partition(" (")[2][:1] or "S")


def pick(ours: Side, theirs: Side) -> Side:
    """The items that both have."""
    known = [each.data for each in many(theirs)]
    return listed(ours, [item for item in many(ours) if item.data in known])


@dataclass(frozen=True, slots=True)
class Unlike:
    """Collects in what two definitions differ so that they cannot bind together."""

    first: str
    other: str
    problems: list[Problem]

    def compare(self, ours: Side, theirs: Side, name: str) -> bool:
        """Whether both say the same under a key; it is a problem if they do not."""
        one, two = child(ours, name), child(theirs, name)
        same = (None if one is None else one.data) == (None if two is None else two.data)
        if not same:
            self.tell(theirs, name, one and one.data, two and two.data)
        return same

    def tell(self, side: Side, name: str, ours: object, theirs: object) -> None:
        """They say what can be neither tighter nor looser."""
        at = (*side.origin.at, name)
        params = {"first": self.first, "other": self.other, "ours": ours, "theirs": theirs}
        self.problems.append(side.origin.document.problem(at, "definition.join_unlike", **params))

    def move(self, side: Side, command: str, stages: list[str]) -> None:
        """A command would lead elsewhere, or be possible where the other does not know it."""
        at, params = side.origin.at, {"first": self.first, "command": command, "stages": stages}
        self.problems.append(side.origin.document.problem(at, "definition.join_move", **params))

    def none_left(self, side: Side, name: str) -> None:
        """Nothing is left that both would let pass."""
        at, params = (*side.origin.at, name), {"first": self.first, "other": self.other}
        self.problems.append(
            side.origin.document.problem(at, "definition.join_none_left", **params)
        )
