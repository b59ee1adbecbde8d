"""`yicheng draw`: a draw of experts, recomputed from what was published."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.shell import Command, Group, Option
from workflow.errors import BadInput
from workflow.explaining.quoting import shown

_ELSE: Final = re.compile(r"[^\w.@-]")
"""Signs that stand in no account, so that they were meant to part two of them."""


def _listed(candidates: str, places: int) -> list[str]:
    """The candidates. Raises BadInput where the list is not one from which places can be drawn."""
    names = [name.strip() for name in candidates.split(",")]
    if "" in names:
        raise BadInput("draw_cli.blank", place=names.index("") + 1)
    for name in names:
        if found := _ELSE.search(name):
            raise BadInput("draw_cli.separator", name=shown(name), sign=found.group())
    twice = tuple(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise BadInput("draw_cli.twice", names=twice)
    if not 0 < places < len(names):
        raise BadInput("draw_cli.places", places=places, count=len(names))
    return names


def _verify(seed: str, matter: str, candidates: str, places: int) -> None:
    from procedures.draw import LEAST_DIGITS, digits_of, drawn_order, lot

    names = _listed(candidates, places)
    count = len(digits_of(seed))
    if count < LEAST_DIGITS:
        raise BadInput("draw_cli.few_digits", seed=shown(seed), count=count, least=LEAST_DIGITS)
    order = drawn_order(seed, matter, names)
    invocation = current()
    if invocation.as_json:
        invocation.give(
            {
                "seed": digits_of(seed),
                "matter": matter,
                "places": places,
                "order": [{"candidate": name, "lot": lot(seed, matter, name)} for name in order],
                "drawn": list(order[:places]),
            }
        )
        return
    page, say = invocation.page, invocation.catalogue.text
    page.heading(say("draw_cli.order", seed=digits_of(seed), count=len(order)))
    page.table(
        [
            (str(place), name, say(f"draw_cli.{'drawn' if place <= places else 'stands_by'}"))
            for place, name in enumerate(order, 1)
        ],
        indent="  ",
    )
    for name in order:
        page.line(say("draw_cli.lot", name=name, lot=lot(seed, matter, name)), first="  ")


command = Group("draw", {"verify": "api.cli.draw:verify"})
verify = Command(
    "draw.verify",
    callback=_verify,
    params=[
        Option("--seed", about="seed", metavar="SEED", required=True),
        Option("--matter", about="matter", metavar="NUMBER", required=True),
        Option("--candidates", about="candidates", metavar="A,B,C", required=True),
        Option("--places", about="places", type=WholeNumber(), required=True, metavar="N"),
    ],
)
