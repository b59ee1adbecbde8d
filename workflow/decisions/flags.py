"""What is flagged of a matter on its way to a meeting, where no rule of a gate refuses.

That it looks like a major decision and is not in the year's catalogue, that it comes, together
with its kin, to an amount that none of them comes to alone, or that it comes to that amount alone
and is said to be none.  The profile of the organisation flags every matter, whichever procedure it
was proposed under: what is offered for lesser matters is not to hide a greater one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from workflow.definition import Procedure
from workflow.facts import Facts
from workflow.kin import SEPARATE, TIES, Whole, largest
from workflow.refusals import Unmet
from workflow.yearly_catalogue import (
    ADJUST,
    LINK,
    NOT_MAJOR,
    PUBLISH,
    YearlyCatalogue,
    named,
    publication_due,
    ruled_out,
)

#: The rules that say by when a catalogue is to be published, and that one is owed.
DUE = ("catalogue.publish_by", "catalogue.duty")

#: The rules that a matter does not escape by another procedure: those of the profile, where its own
#: has none.
FLAGGING = (
    *DUE,
    "catalogue.outside",
    "catalogue.outside_barred",
    "kin.threshold",
    "kin.months",
)

Catalogues = Callable[[int], YearlyCatalogue]


def under(procedure: Procedure, profile: Procedure | None) -> Procedure:
    """The procedure that binds a matter, with what the organisation's profile flags besides."""
    if profile is None or profile.id == procedure.id:
        return procedure
    added = {name: profile.rules[name] for name in FLAGGING if name in profile.rules}
    return replace(procedure, rules={**added, **procedure.rules})


def flags(
    procedure: Procedure, facts: Facts, catalogues: Catalogues, today: date
) -> tuple[Unmet, ...]:
    """Everything that is flagged of the matter today, whether or not it is refused."""
    return (
        *outside(procedure, facts, catalogues, today),
        *_together(procedure, facts, today),
        *_large(procedure, facts, today),
    )


def barring(
    procedure: Procedure, facts: Facts, catalogues: Catalogues, today: date
) -> tuple[Unmet, ...]:
    """What is not only flagged: a rule keeps off the agenda what the catalogue does not have."""
    rule = procedure.rules.get("catalogue.outside_barred")
    if rule is None:
        return ()
    return tuple(
        replace(each, citations=tuple(dict.fromkeys((*rule.citations, *each.citations))))
        for each in outside(procedure, facts, catalogues, today)
    )


def outside(
    procedure: Procedure, facts: Facts, catalogues: Catalogues, today: date
) -> Iterator[Unmet]:
    """Looks like a major decision, and is neither in the year's catalogue nor ruled out.

    Without a published catalogue there is nothing to be outside of; that there is none is flagged
    where there has to be one by now.  Until this year's is published, an entry of last year's does.
    """
    rule = procedure.rules.get("catalogue.outside")
    if rule is None or ruled_out(facts) is not None:
        return
    if not (_major(procedure, facts) or _reaches(procedure, facts)):
        return
    entry, present = named(facts), catalogues(today.year)
    counting = catalogues(today.year - 1) if present.current is None else present
    if entry is not None and entry.year == counting.year and counting.stands(entry.number):
        return
    if present.current is None:
        yield from _owed(procedure, today)
    else:
        cures = (LINK, NOT_MAJOR, ADJUST)
        yield Unmet(
            "catalogue.outside",
            rule.citations,
            {"year": today.year},
            cured_by=tuple(
                dict.fromkeys(holder for act in cures for holder in procedure.holders(act))
            ),
            earliest=today,
        )


def _owed(procedure: Procedure, today: date) -> Iterator[Unmet]:
    """There has to be a catalogue, and its day is over."""
    if "catalogue.duty" in procedure.rules:
        yield from overdue(procedure, today.year, today)


def overdue(procedure: Procedure, year: int, day: date) -> Iterator[Unmet]:
    """On a day the catalogue of a year is not published, though its last day is over."""
    due = publication_due(procedure, year)
    if due is not None and due < day:
        rules = [procedure.rules[name] for name in DUE if name in procedure.rules]
        yield Unmet(
            "catalogue.overdue",
            tuple(dict.fromkeys(cited for rule in rules for cited in rule.citations)),
            {"year": year, "due": due},
            cured_by=procedure.holders(PUBLISH),
            earliest=day,
        )


def _major(procedure: Procedure, facts: Facts) -> bool:
    """Whether it answers one of the questions that make a major decision, other than by no."""
    rule = procedure.rules.get("catalogue.outside")
    return rule is not None and any(facts.answers.get(name) for name in rule.choices)


def _reaches(procedure: Procedure, facts: Facts) -> bool:
    """Whether it comes to the threshold, alone or with its kin."""
    rule = procedure.rules.get("kin.threshold")
    if rule is None or rule.value is None:
        return False
    whole = _whole(procedure, facts)
    total = (facts.links.amount_yuan or 0) if whole is None else whole.total
    return total >= rule.value


def _whole(procedure: Procedure, facts: Facts) -> Whole | None:
    """What the matter and its kin come to at most; None where it stands alone."""
    months = procedure.rules.get("kin.months")
    return largest(
        (facts.links, facts.records[0].filed_on),
        facts.together,
        TIES,
        None if months is None else months.value,
    )


def _large(procedure: Procedure, facts: Facts, today: date) -> Iterator[Unmet]:
    """Alone it comes to the threshold, and by its answers it is no major decision."""
    rule, own = procedure.rules.get("kin.threshold"), facts.links.amount_yuan or 0
    if rule is None or rule.value is None or own < rule.value:
        return
    if not (_major(procedure, facts) or ruled_out(facts) is not None):
        yield Unmet(
            "kin.large_alone",
            rule.citations,
            {"own": own, "threshold": rule.value},
            cured_by=(*procedure.holders("classify"), *procedure.holders(NOT_MAJOR)),
            earliest=today,
        )


def _together(procedure: Procedure, facts: Facts, today: date) -> Iterator[Unmet]:
    """With its kin the matter comes to the threshold, and alone it does not."""
    rule, links = procedure.rules.get("kin.threshold"), facts.links
    if rule is None or rule.value is None or (links.amount_yuan or 0) >= rule.value:
        return
    whole = _whole(procedure, facts)
    if whole is not None and whole.total >= rule.value:
        yield Unmet(
            "kin.over_threshold",
            rule.citations,
            {
                "tie": whole.tie,
                "own": links.amount_yuan or 0,
                "matters": tuple(
                    f"{each.number} ({each.amount_yuan or 0}) {each.title}" for each in whole.kin
                ),
                "total": whole.total,
                "threshold": rule.value,
            },
            cured_by=procedure.holders(SEPARATE),
            earliest=today,
        )
