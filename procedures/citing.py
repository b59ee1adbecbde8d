"""Provisions in words: instrument, article and paragraph as each language cites them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from workflow.catalogue import Catalogue
from workflow.definition import Citation, Text

_ARTICLE: Final = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?")
_DIGITS: Final = 10


class Citing:
    """Words for provisions in the language of a catalogue; `titles` name the instruments.

    An instrument that nobody named keeps its id.
    """

    def __init__(self, catalogue: Catalogue, titles: Mapping[str, Text]) -> None:
        self._catalogue = catalogue
        self._titles = titles

    def words(self, citation: Citation, within: str | None = None) -> str:
        """A provision as one cites it: 《条例》第二十五条第一款; unconfirmed ones are marked.

        `within` is an instrument whose title goes without saying.
        """
        say = self._catalogue.text
        words = say("citation.title", title=self._inside(self._title(citation.instrument)))
        if citation.article:
            place = self._place(citation.article)
            form = "plain_place" if place == citation.article else "place"
            words = (
                place
                if citation.instrument == within
                else say(f"citation.{form}", title=words, place=place)
            )
        if citation.confidence == "U":
            return say("citation.to_be_confirmed", citation=words)
        return words

    def _place(self, article: str) -> str:
        """The place within an instrument, `25-2.1.3` in words; other forms as they stand."""
        parts = _ARTICLE.fullmatch(article)
        if parts is None:
            return article
        names = ("article", "part", "paragraph", "item")
        return "".join(
            self._catalogue.text(f"citation.{name}", **{name: self._numeral(int(number))})
            for name, number in zip(names, parts.groups(), strict=True)
            if number is not None
        )

    def _title(self, instrument: str) -> str:
        title = self._titles.get(instrument)
        return instrument if title is None else title[self._catalogue.locale]

    def _inside(self, title: str) -> str:
        """A title that stands in quotation marks: those within it become the inner ones."""
        marks = self._catalogue.text("citation.marks")
        outer, inner = marks[: len(marks) // 2], marks[len(marks) // 2 :]
        return title.translate(str.maketrans(outer, inner))

    def _numeral(self, number: int) -> str:
        """A number as the language writes it in citations: 25 or 二十五."""
        marks = self._catalogue.text("citation.numerals")
        digits, places = marks[:_DIGITS], marks[_DIGITS:]
        return _with_places(number, digits, ("", *places)) if places else str(number)


def _with_places(number: int, digits: str, places: tuple[str, ...]) -> str:
    """Digits with their places, a single zero for those left out: 1 001 is 一千零一."""
    figures = str(number)
    words, gap = "", False
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        if figure == "0":
            gap = True
            continue
        leading = place == 1 and figure == "1" and not words
        words += digits[0] * gap + digits[int(figure)] * (not leading) + places[place]
        gap = False
    return words or digits[0]
