"""XML as it passes: no document types, no entities, no depth without an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol
from xml.parsers import expat

from api.files.allowance import Allowance
from workflow.errors import BadInput

#: Stands between the namespace of a name and its local part.
SEPARATOR: Final = "\n"
PIECE: Final = 256 * 1024
_DEEPEST: Final = 256
#: So many of those around an element are told with it.
_NEAREST: Final = 4


#: The end of an element's path with its own name last, and its attributes, by local names.
Element = tuple[tuple[str, ...], dict[str, str]]


class Source(Protocol):
    """Where XML is read from."""

    def read(self, count: int, /) -> bytes:
        """The next bytes, none at the end."""
        ...


class Passing:
    """Reads XML and knows, by their local names, within which elements it stands."""

    def __init__(self, allowance: Allowance) -> None:
        self.path: list[str] = []
        self.allowance = allowance
        parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.StartElementHandler = self._begun
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.buffer_text = True
        self._parser = parser

    def feed(self, raw: bytes) -> None:
        """Take the next bytes, none at the end.  Raises BadInput and Spent."""
        try:
            self._parser.Parse(raw, not raw)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # ValueError is how an encoding of several bytes is turned down.
            raise BadInput("file.broken") from error

    def start(self, space: str, local: str, told: dict[str, str]) -> None:
        """An element begins, within `path`."""

    def end(self, local: str) -> None:
        """An element ended, within `path`."""

    def text(self, data: str) -> None:
        """Characters within `path`."""

    def _begun(self, name: str, told: dict[str, str]) -> None:
        self.allowance.element()
        if len(self.path) >= _DEEPEST:
            raise BadInput("file.bomb")
        space, _, local = name.rpartition(SEPARATOR)
        self.start(space, local, told)
        self.path.append(local)

    def _ended(self, _: str) -> None:
        self.end(self.path.pop())

    def _refuse(self, *_: object) -> None:
        raise BadInput("file.xml_entities")


class _Elements(Passing):
    """Keeps what begins until it is taken."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance)
        self.found: list[Element] = []

    def start(self, space: str, local: str, told: dict[str, str]) -> None:
        """Keep where it stands and what its attributes say, by local names."""
        del space
        plain = {name.rpartition(SEPARATOR)[2]: each for name, each in told.items()}
        self.found.append(((*self.path[-_NEAREST:], local), plain))


def elements(source: Source, allowance: Allowance) -> Iterator[Element]:
    """Every element of a part as it begins: the end of its path, its own name last, and attributes.

    Raises BadInput and Spent.
    """
    reader = _Elements(allowance)
    while True:
        reader.feed(raw := source.read(PIECE))
        yield from reader.found
        reader.found.clear()
        if not raw:
            return
