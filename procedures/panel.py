"""The experts of a matter as their records tell it: who is asked, who stands by, who fell out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from workflow.facts import Record, as_list

#: The acts that a panel is read from.
OF_PANEL: Final = (
    "choose_experts",
    "publish_draw",
    "draw_experts",
    "release_expert",
    "declare_interest",
)


@dataclass
class Panel:
    """Whoever was chosen and not released since, in the order of choice; and who stands by.

    `drawn` came in by a draw, `queue` are those who stand by in its order, `out` those who made
    room for one of them.  `held`: the newest draw that was published has been held.  `employers`
    and `sector` are as the first choice or notice says of each, chosen or not: nobody is given
    another place of work to make the panel look better mixed.
    """

    chosen: dict[str, None] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    queue: list[str] = field(default_factory=list)
    out: set[str] = field(default_factory=set)
    employers: dict[str, str] = field(default_factory=dict)
    sector: set[str] = field(default_factory=set)
    held: bool = False

    def named(self, experts: Iterable[Mapping[str, object]]) -> None:
        """Note what a choice or a notice says of its experts."""
        for each in experts:
            name = str(each["expert"])
            if name not in self.employers:
                self.employers[name] = str(each["employer"])
                if each.get("sector") is True:
                    self.sector.add(name)

    def relabelled(self, expert: str, employer: str, *, sector: bool) -> bool:
        """Whether something else was said of this expert before."""
        known = self.employers.get(expert)
        return known is not None and (
            plain(known) != plain(employer) or (expert in self.sector) is not sector
        )

    def take(self, places: int) -> None:
        """The next in the order of the draw."""
        taken, self.queue = self.queue[:places], self.queue[places:]
        self.chosen |= dict.fromkeys(taken)
        self.drawn |= set(taken)

    def replaced(self, expert: str) -> None:
        """Who was drawn and falls out makes room for the next, once."""
        if expert in self.drawn - self.out:
            self.out.add(expert)
            self.take(1)


def panel_of(records: Iterable[Record]) -> Panel:
    """The panel after these records, oldest first."""
    panel = Panel()
    for record in records:
        match record.command:
            case "choose_experts":
                panel.named(record.items("experts"))
                panel.chosen |= {str(each["expert"]): None for each in record.items("experts")}
            case "publish_draw":
                panel.named(record.items("experts"))
                panel.held = False
            case "draw_experts":
                panel.held = True
                order = (str(name) for name in as_list(record.payload["order"]))
                panel.queue = [name for name in order if name not in panel.chosen]
                panel.take(int(record.text("places")))
            case "release_expert":
                panel.replaced(record.text("expert"))
                panel.chosen.pop(record.text("expert"), None)
            case _ if interested(record):
                panel.replaced(record.text("expert"))
            case _:
                pass
    return panel


def interested(declaration: Record) -> bool:
    """Whether an expert declared a direct interest."""
    return declaration.payload["direct_interest"] is True


@lru_cache(maxsize=1024)
def plain(words: str) -> str:
    """A name as it is compared: width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
