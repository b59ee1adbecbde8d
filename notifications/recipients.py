"""Who is told: whoever has to act and may, or holds a post that the rule names. Pure."""

from __future__ import annotations

from datetime import date

from notifications.due import Notice
from notifications.rules import FIRST
from notifications.watchpoints import Watchpoint
from workflow.decisions.authority import able
from workflow.definition import Holder, Procedure
from workflow.directory import Directory
from workflow.facts import Facts


def recipients(
    notice: Notice,
    otherwise: tuple[Holder, ...],
    procedure: Procedure,
    directory: Directory,
    facts: Facts | None,
    today: date,
) -> tuple[str, ...]:
    """The accounts that a notice goes to, each once; those of `otherwise` where there are none.

    Nobody is told of a matter that is restricted to others.
    """
    found: dict[str, None] = {}
    for holder in notice.to:
        if holder == FIRST:
            found |= dict.fromkeys(_first(notice.point, procedure, directory, facts, today))
        elif holder is None:
            found |= dict.fromkeys(_acting(notice.point, procedure, directory, facts, today))
        else:
            found |= dict.fromkeys(_posted((holder,), directory, facts, today))
    told = tuple(each for each in found if _may_know(each, facts))
    if told:
        return told
    rest = _posted(otherwise, directory, facts, today)
    return tuple(each for each in rest if _may_know(each, facts))


def _acting(
    point: Watchpoint,
    procedure: Procedure,
    directory: Directory,
    facts: Facts | None,
    today: date,
) -> tuple[str, ...]:
    """Whoever may do what the point asks for: those named for it, or all whom nothing bars."""
    if point.people is not None:
        return tuple(each for each in point.people if each in directory.persons)
    if facts is None or not point.act:
        return _posted(point.holders, directory, facts, today)
    free = able(procedure, directory, facts, today, point.act, point.holders)
    return free or _posted(point.holders, directory, facts, today)


def _first(
    point: Watchpoint,
    procedure: Procedure,
    directory: Directory,
    facts: Facts | None,
    today: date,
) -> tuple[str, ...]:
    """Of those who may, whoever the definition names first and is there."""
    acting = _acting(point, procedure, directory, facts, today)
    for holder in point.holders:
        posted = _posted((holder,), directory, facts, today)
        if found := tuple(each for each in acting if each in posted):
            return found
    return acting


def _posted(
    holders: tuple[Holder, ...], directory: Directory, facts: Facts | None, today: date
) -> tuple[str, ...]:
    return tuple(held.person for held in directory.people(holders, facts, today))


def _may_know(account: str, facts: Facts | None) -> bool:
    return facts is None or facts.named is None or account in facts.named
