"""Who assessed a decision before it was taken, and whether another name stands for the same party.

Whoever was a main assessor before does not evaluate the decision afterwards (Order 713 art. 36).
A party is known by its name without width, case, signs and the words that make no other party of it
(forms of companies); a unit by its id too, a person by the units where he or she holds a post.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from procedures.panel import OF_PANEL, panel_of
from workflow.idle import core
from workflow.kin import key_of
from workflow.ports import View

#: Signs between the names of several parties.
_SIGNS: Final = re.compile(r"[\u3001\uff0c\uff1b,;/&+]")


def assessors(view: View) -> tuple[str, ...]:
    """Whoever assessed the matter before it was decided, as the papers name them.

    They are the main assessors of risks, the experts with those who employ them, and whoever made
    a paper that a locality asks for (an environmental report).
    """
    facts = view.facts
    risks = facts.of("file_risk_assessment", "reuse_risk_assessment")
    made = [each.text("made_by") for each in facts.of("file_evidence")]
    panel = panel_of(facts.of(*OF_PANEL))
    employers = [panel.employers[name] for name in panel.chosen]
    main = [name for name in (*(each.text("assessor") for each in risks), *made) if name]
    units = [unit for name in main for unit in view.posts(name)]
    return tuple(sorted({*main, *units, *panel.chosen, *employers}))


def same_party(view: View, name: str, others: Iterable[str]) -> bool:
    """Whether one of the parties that a name stands for is one of the others."""
    known = {key for other in others for key in _keys(view, other)}
    own = {name, *view.posts(name)}
    return any(key in known for each in own for key in _keys(view, each))


def _keys(view: View, name: str) -> Iterator[str]:
    for part in {name, *_parts(view, name)}:
        key = _key(view, part)
        yield key
        for id_, unit in view.units.items():
            if key in {_key(view, each) for each in (id_, unit.zh, unit.en)}:
                yield _key(view, id_)


def _parts(view: View, name: str) -> Iterator[str]:
    """The parties that a name says to have worked together."""
    split = _SIGNS.sub("\n", name)
    for word in view.step.rules["jointly"].choices:
        split = split.replace(word, "\n")
    yield from (part.strip() for part in split.split("\n") if core(part))


def _key(view: View, name: str) -> str:
    """The key of one name, without the words before and after it that make no other party."""
    words = [core(word) for word in view.step.rules["evaluator"].choices]
    rest, before = core(name), ""
    while rest != before:
        before = rest
        for word in words:
            rest = rest.removesuffix(word).removeprefix(word) or rest
    return key_of(rest or name)
