"""The registry of duties as a document in both languages, `docs/law-coverage.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.presenting.coverage import Coverage
from procedures.coverage import elsewhere, summary
from procedures.duties import Duty, Failure, Held, Reference, Registry, SourceFile
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Text


def coverage_page(registry: Registry, titles: Mapping[str, Text]) -> str:
    """The whole document; `titles` are those of the instruments that definitions know."""
    return "\n".join(_CoveragePage(registry, titles).lines()) + "\n"


class _CoveragePage:
    def __init__(self, registry: Registry, titles: Mapping[str, Text]) -> None:
        self._registry = registry
        self._catalogues = [catalogue_for(locale) for locale in locales()]
        self._words = [Coverage(each, registry, titles) for each in self._catalogues]

    def lines(self) -> Iterator[str]:
        yield f"# {self._both('law.page.title')}"
        for message in ("law.page.about", "law.page.generated"):
            yield ""
            yield from (each.text(message) for each in self._catalogues)
        yield from ("", f"## {self._both('law.page.summary')}", "")
        numbers = summary(self._registry)
        yield from self._counts("mode", {each.value: n for each, n in numbers.modes.items()})
        yield ""
        yield from self._counts("way", {each.value: n for each, n in numbers.ways.items()})
        yield from self._elsewhere()
        for source in self._registry.sources:
            yield from self._source(source)

    def _elsewhere(self) -> Iterator[str]:
        yield from ("", f"## {self._both('law.elsewhere')}", "")
        yield from (each.text("law.page.elsewhere") for each in self._catalogues)
        yield ""
        columns = (self._both(f"law.page.{column}") for column in ("law", "why", "kept_by"))
        yield from _head(*columns)
        for entry, held in elsewhere(self._registry):
            if held.why is not None and held.kept_by is not None:
                laws = (words.law(entry, None) for words in self._words)
                yield _row(
                    _stacked(*laws, f"`{entry.id}`"),
                    _stacked(held.why.zh, held.why.en),
                    _stacked(held.kept_by.zh, held.kept_by.en),
                )

    def _counts(self, group: str, counts: Mapping[str, int]) -> Iterator[str]:
        yield from _head(self._both(f"law.page.{group}"), self._both("law.page.count"))
        for name, count in counts.items():
            yield _row(self._both(f"coverage.{group}.{name}"), str(count))

    def _source(self, source: SourceFile) -> Iterator[str]:
        yield from ("", f"## {source.title.zh} · {source.title.en}")
        yield from ("", source.about.zh, source.about.en, "")
        what = "failure" if source.failures else "duty"
        yield from _head(*(self._both(f"law.page.{column}") for column in ("law", what, "held")))
        for entry in source.entries:
            yield _row(
                _stacked(
                    f"`{entry.id}`",
                    *(words.law(entry, source.of) for words in self._words),
                    self._both(f"coverage.mode.{entry.mode.value}"),
                ),
                _stacked(*(words.duty(entry) for words in self._words)),
                _stacked(*(self._held(held) for held in entry.enforced)),
            )
        yield from ("", f"### {self._both('law.page.proof')}", "")
        for entry in source.entries:
            yield from self._proof(entry)

    def _held(self, held: Held) -> str:
        way = f"**{self._both(f'coverage.way.{held.by.value}')}**"
        if held.why is not None:
            kept_by = self._kept_by(held)
            return _stacked(way, held.why.zh, held.why.en, *kept_by)
        parts = (
            f"{self._both(f'coverage.part.{what}')} {', '.join(f'`{name}`' for name in names)}"
            for what, names in held.parts
            if names
        )
        return _stacked(way, *parts)

    def _kept_by(self, held: Held) -> Iterator[str]:
        if held.kept_by is not None:
            yield f"{self._both('law.page.kept_by')}: {held.kept_by.zh} · {held.kept_by.en}"

    def _proof(self, entry: Duty | Failure) -> Iterator[str]:
        if not entry.held:
            return
        yield f"- `{entry.id}`"
        for key, references in (("passes", entry.passes), ("refused", entry.refused)):
            if references:
                yield f"  - {self._both(f'law.page.{key}')}: {_listed(references)}"

    def _both(self, message: str) -> str:
        return " · ".join(each.text(message) for each in self._catalogues)


def _head(*columns: str) -> Iterator[str]:
    yield _row(*columns)
    yield _row(*("---" for _ in columns))


def _row(*cells: str) -> str:
    whole = " | ".join(cell.replace("|", "\\|") for cell in cells)
    return f"| {whole} |"


def _stacked(*lines: str) -> str:
    return "<br>".join(line for line in lines if line)


def _listed(references: Sequence[Reference]) -> str:
    return ", ".join(f"`{each}`" for each in references)
