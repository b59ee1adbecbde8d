"""`yicheng draw`: a draw of experts, recomputed from what was published."""

from __future__ import annotations

from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.shell import Command, Group, Option


def _verify(seed: str, matter: str, candidates: str, places: int) -> None:
    from procedures.draw import digits_of, drawn_order, lot

    names = [name for each in candidates.split(",") if (name := each.strip())]
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
