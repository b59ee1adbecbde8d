"""The registry of duties on a terminal and for programs: what is demanded, how it is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.presenting.page import Page, Style
from procedures.citing import Citing
from procedures.coverage import Flaw, elsewhere, instruments, summary
from procedures.duties import Duty, Entry, Failure, Held, Registry
from workflow.catalogue import Catalogue
from workflow.definition import Text


class Coverage:
    """Words for a registry in the language of a catalogue; `titles` are those of instruments."""

    def __init__(
        self, catalogue: Catalogue, registry: Registry, titles: Mapping[str, Text]
    ) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text
        self._registry = registry
        self._citing = Citing(catalogue, instruments(registry, titles))

    def write(self, page: Page, flaws: Sequence[Flaw], *, tests_checked: bool) -> None:
        """Every entry in a few lines, the numbers, and what is wrong."""
        for source in self._registry.sources:
            page.heading(self._say("law.source", title=source.title))
            for entry in source.entries:
                self._write_entry(page, entry, source.of)
            page.blank()
        self._write_elsewhere(page)
        self._write_numbers(page, tests_checked=tests_checked)
        if not flaws:
            count = len(self._registry.entries)
            page.line(self._say("law.sound", count=count), style=Style.DONE)
            return
        page.line(self._say("law.flawed", count=len(flaws)), style=Style.REFUSED)
        for number, flaw in enumerate(flaws, 1):
            told = self._say("law.flaw", entry=flaw.entry, flaw=flaw.said)
            page.line(told, first=f"  {number}. ")

    def law(self, entry: Duty | Failure, within: str | None) -> str:
        """The provisions that an entry cites; the title of the instrument `within` is left out."""
        told = (self._citing.words(citation, within) for citation in entry.cite)
        return self._say("law.comma").join(told)

    def duty(self, entry: Duty | Failure) -> str:
        """What an entry demands, of whom and when; or what goes wrong and what stops it."""
        if isinstance(entry, Failure):
            return self._say("law.failure", failure=entry.failure, control=entry.control)
        return self._say("law.duty", who=entry.who, what=entry.what, when=entry.when)

    def data(self, flaws: Sequence[Flaw], *, tests_checked: bool) -> dict[str, object]:
        """Everything for programs."""
        numbers = summary(self._registry)
        return {
            "sources": [
                {
                    "id": source.registry,
                    "title": source.title.model_dump(),
                    "entries": [_entry(entry) for entry in source.entries],
                }
                for source in self._registry.sources
            ],
            "summary": {
                "entries": numbers.entries,
                "modes": {mode.value: count for mode, count in numbers.modes.items()},
                "ways": {way.value: count for way, count in numbers.ways.items()},
                "scenario_references": numbers.scenarios,
                "test_references": numbers.tests,
                "tests_checked": tests_checked,
            },
            "flaws": [
                {
                    "entry": flaw.entry,
                    "code": flaw.said.code,
                    "message": self._catalogue.tell(flaw.said),
                }
                for flaw in flaws
            ],
        }

    def _write_entry(self, page: Page, entry: Duty | Failure, within: str | None) -> None:
        ways = self._say("law.comma").join(
            dict.fromkeys(self._way(held) for held in entry.enforced)
        )
        numbers = {"passes": len(entry.passes), "refused": len(entry.refused)}
        parts = {
            "law": self.law(entry, within) or entry.id,
            "mode": self._say(f"coverage.mode.{entry.mode.value}"),
            "ways": ways,
            "tests": self._say("law.shown" if entry.held else "law.none", **numbers),
        }
        page.line(self._say("law.row", **parts), style=Style.TIME)
        page.line(self.duty(entry), first="  ")
        for held in entry.enforced:
            if held.why is not None:
                told = self._say("law.why", way=self._way(held), why=held.why)
                page.line(told, first="  ", style=Style.QUIET)

    def _write_elsewhere(self, page: Page) -> None:
        """What the program does not see to because it is no act in a procedure, and who does."""
        page.heading(self._say("law.elsewhere"))
        for entry, held in elsewhere(self._registry):
            if held.kept_by is not None:
                law = self.law(entry, None) or entry.id
                told = self._say("law.kept_by", law=law, why=held.why, kept_by=held.kept_by)
                page.line(told, first="  ")
        page.blank()

    def _write_numbers(self, page: Page, *, tests_checked: bool) -> None:
        numbers = summary(self._registry)
        modes = [(f"coverage.mode.{mode.value}", count) for mode, count in numbers.modes.items()]
        ways = [(f"coverage.way.{way.value}", count) for way, count in numbers.ways.items()]
        looked_up = "law.tests_checked" if tests_checked else "law.tests_counted"
        shown = self._say(looked_up, scenarios=numbers.scenarios, tests=numbers.tests)
        page.pairs(
            [
                (self._say("law.modes"), self._counted(modes)),
                (self._say("law.ways"), self._counted(ways)),
                (self._say("law.tests"), shown),
            ]
        )

    def _counted(self, counts: Sequence[tuple[str, int]]) -> str:
        return self._say("law.comma").join(
            self._say("law.counted", name=self._say(name), count=count) for name, count in counts
        )

    def _way(self, held: Held) -> str:
        return self._say(f"coverage.way.{held.by.value}")


def _entry(entry: Duty | Failure) -> dict[str, object]:
    told: dict[str, object] = {
        "id": entry.id,
        "mode": entry.mode.value,
        "cites": [
            " ".join(filter(None, (each.instrument, each.article, f"({each.confidence})")))
            for each in entry.cite
        ],
    }
    for name in ("who", "what", "when", "failure", "control"):
        if name in type(entry).model_fields:
            told[name] = getattr(entry, name).model_dump()
    return {**told, "enforced": [_held(held) for held in entry.enforced], **_shown(entry)}


def _held(held: Held) -> dict[str, object]:
    told: dict[str, object] = {"by": held.by.value}
    told |= {what: list(names) for what, names in held.parts if names}
    if held.why is not None:
        told["why"] = held.why.model_dump()
    if held.kept_by is not None:
        told["kept_by"] = held.kept_by.model_dump()
    return told


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "passes": [str(each) for each in entry.passes],
        "refused": [str(each) for each in entry.refused],
    }
