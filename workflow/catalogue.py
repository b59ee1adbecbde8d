"""Every word that a person reads, by message id and language.

Code names messages (`source.empty`) and gives them values; the words stand in one TOML file per
package and language.  Nothing here knows which packages exist beyond their names, so that the
engine never imports what is built on it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Final

from workflow.errors import BadInput, YichengError

DEFAULT_LOCALE: Final = "zh"
PACKAGES: Final = ("workflow", "procedures", "notifications", "api")

_LOCALES: Final = (DEFAULT_LOCALE, "en")
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]*")


class UnknownLocale(BadInput):
    """No catalogue is written in that language."""


class BrokenCatalogue(YichengError):
    """A message file of the distribution itself is wrong, or a message was not given its values."""


class MissingMessage(BrokenCatalogue, KeyError):
    """No package has a message of that id."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message not yet put into words: its id and its values.

    May itself be a value of another message; the catalogue words it in the same language.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """Values that are to stand on a line each, where a plain sequence is joined within the line."""

    items: Sequence[object]


@dataclass(frozen=True, slots=True)
class _Message:
    template: str
    fields: frozenset[str]


class Catalogue:
    """The messages of one language."""

    def __init__(self, locale: str, messages: Mapping[str, _Message]) -> None:
        self.locale = locale
        self._messages = messages

    @classmethod
    def load(cls, locale: str, *roots: Traversable) -> Catalogue:
        """Read `<locale>.toml` of each folder that has one.

        Raises `BrokenCatalogue` for a file that is not TOML, an id that two files define, a value
        that is neither text nor table, and a placeholder that is more than a plain `{name}`:
        `{a.b}` or `{a[b]}` would let a message reach into the values it is given.
        """
        messages: dict[str, _Message] = {}
        for root in roots:
            source = root / f"{locale}.toml"
            if source.is_file():
                for code, text in _entries(source):
                    if code in messages:
                        raise BrokenCatalogue("catalogue.twice", id=code, file=str(source))
                    messages[code] = _message(code, text)
        return cls(locale, messages)

    def __contains__(self, code: object) -> bool:
        return code in self._messages

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def fields(self, code: str) -> frozenset[str]:
        """The names of the values that a message wants.  Raises `MissingMessage`."""
        return self._message(code).fields

    def template(self, code: str) -> str:
        """A message before anything is filled in.  Raises `MissingMessage`."""
        return self._message(code).template

    def text(self, code: str, /, **params: object) -> str:
        """Word a message.

        Dates and moments are written as the language writes them (a moment in the zone that it
        carries), sequences are joined, `Said` and errors are worded in turn, and of a value that
        has a text per language (`value.zh`, `value.en`) the right one is taken.  A value that the
        message does not mention is ignored.  Raises `MissingMessage`, and `BrokenCatalogue` where
        a value that the message mentions was not given.
        """
        message = self._message(code)
        absent = message.fields - params.keys()
        if absent:
            raise BrokenCatalogue("catalogue.value_absent", id=code, names=sorted(absent))
        return message.template.format_map(
            {name: self._worded(params[name]) for name in message.fields}
        )

    def tell(self, message: Said | YichengError) -> str:
        """Word a prepared message or an error.  Raises what `text` raises."""
        return self.text(message.code, **message.params)

    def _message(self, code: str) -> _Message:
        try:
            return self._messages[code]
        except KeyError:
            raise MissingMessage("catalogue.missing", id=code, locale=self.locale) from None

    def _worded(self, value: object) -> str:
        match value:
            case str():
                worded = str(value)
            case Said() | YichengError():
                worded = self.tell(value)
            case Lines():
                worded = "\n".join(self._worded(item) for item in value.items)
            case bool():
                worded = self.text("catalogue.yes" if value else "catalogue.no")
            case None:
                worded = self.text("catalogue.nothing")
            case datetime():
                worded = self.text("catalogue.moment", day=value.date(), time=f"{value:%H:%M}")
            case date():
                month = self.text(f"catalogue.month.{value.month}")
                worded = self.text("catalogue.day", year=value.year, month=month, day=value.day)
            case Sequence() | AbstractSet():
                worded = self._joined(value)
            case _:
                # A name kept in every language (`value.zh`) is taken in ours; a number has none.
                worded = str(getattr(value, self.locale, value))
        return worded

    def _joined(self, values: Iterable[object]) -> str:
        items = tuple(values)
        sentences = any(isinstance(item, Said | YichengError) for item in items)
        mark = "catalogue.between_sentences" if sentences else "catalogue.between_items"
        return self.text(mark).join(self._worded(item) for item in items)


def locales() -> tuple[str, ...]:
    """The languages there are, the default one first."""
    return _LOCALES


def catalogue_for(locale: str = DEFAULT_LOCALE, packages: tuple[str, ...] = PACKAGES) -> Catalogue:
    """The catalogue of a language, read once from every one of `packages` that is installed.

    `locale` may carry a territory and an encoding (`zh_CN.UTF-8`, `en-GB`): only its language
    counts.  Raises `UnknownLocale`.
    """
    language = re.split(r"[-_.@]", locale.strip().lower(), maxsplit=1)[0]
    if language not in _LOCALES:
        raise UnknownLocale("catalogue.unknown_locale", locale=locale, known=_LOCALES)
    return _cached(language, packages)


@cache
def _cached(language: str, packages: tuple[str, ...]) -> Catalogue:
    return Catalogue.load(language, *_roots(packages))


def _roots(packages: Iterable[str]) -> Iterator[Traversable]:
    for package in packages:
        try:
            root = files(package)
        except ModuleNotFoundError as error:
            # The package may be left out of an installation; what it imports may not.
            if error.name != package:
                raise
        else:
            yield root / "messages"


def _entries(source: Traversable) -> Iterator[tuple[str, str]]:
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BrokenCatalogue("catalogue.unreadable", file=str(source), why=str(error)) from error
    yield from _flat(tables, "")


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        match value:
            case str():
                yield f"{prefix}{name}", value
            case dict():
                yield from _flat(value, f"{prefix}{name}.")
            case _:
                raise BrokenCatalogue("catalogue.not_text", id=f"{prefix}{name}")


def _message(code: str, template: str) -> _Message:
    fields: set[str] = set()
    try:
        for _, name, spec, conversion in Formatter().parse(template):
            if name is not None:
                if spec or conversion or not _FIELD.fullmatch(name):
                    raise BrokenCatalogue("catalogue.placeholder", id=code, placeholder=name)
                fields.add(name)
    except ValueError as error:
        raise BrokenCatalogue("catalogue.placeholder", id=code, placeholder=str(error)) from error
    return _Message(template, frozenset(fields))
