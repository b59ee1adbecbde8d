"""From the events of a YAML parser to plain Python, refusing what could mislead a reader.

The language is a small part of YAML 1.2: mappings with keys of text, lists, and scalars of the
core schema.  `yes`, `no`, `on`, `off` and dates are text; the models give them meaning.  Whatever
could make a file say something else than it shows is refused: duplicate keys, anchors and
aliases, merge keys, tags, control and invisible characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import yaml

from procedures.problems import Problem, SourceError, whole_file
from workflow.explaining.quoting import described, nearly_pair, shown

LIMIT_DEPTH: Final = 64
LIMIT_DIGITS: Final = 18

#: Controls, and the invisible characters that hide or turn around what is written.  Joiners stay:
#: emoji and several scripts need them.
_UNWELCOME: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)


_NOTHING: Final[Mapping[str | int, Place]] = MappingProxyType({})


class Place:
    """Where a value stands in the file, and where its own values stand."""

    __slots__ = ("below", "column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.below: Mapping[str | int, Place] = _NOTHING


def build(name: str, text: str) -> tuple[object, Place]:
    """The content of a text, and the place of its root.  Raises `SourceError`."""
    found = _UNWELCOME.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        params = {"character": _named(found.group())}
        raise SourceError([Problem(name, line, column, "", "source.bad_character", params)])
    return _Builder(name, text).build()


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


# --- scalars of the YAML 1.2 core schema ----------------------------------------------------------

_WORDS: Final[Mapping[str, bool | None]] = {
    "": None,
    **dict.fromkeys(("null", "Null", "NULL", "~")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER: Final = re.compile(
    r"(?P<whole>[-+]?[0-9]+)|(?P<based>0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<broken>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_NUMERIC: Final = frozenset("-+.0123456789")


class _Unfit(Exception):
    """A number that cannot be kept as it is written."""


def _plain(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    # Most texts begin with a letter, which spares them the pattern.
    found = _NUMBER.fullmatch(text) if text[0] in _NUMERIC else None
    return _number(text, found.lastgroup) if found else text


def _number(text: str, form: str | None) -> int | float:
    if form == "endless" or len(text) > LIMIT_DIGITS:
        raise _Unfit
    if form == "broken":
        number = float(text)
        if Decimal(text) != Decimal(repr(number)):
            raise _Unfit
        return number
    return int(text, 0 if form == "based" else 10)


# --- structure ------------------------------------------------------------------------------------

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What the two parsers say, as far as it tells an author something; whether the beginning of the
#: thing matters to them or the spot where the parser gave up.
_SYNTAX: Final = (
    ("unexpected end of stream", "source.syntax.quote_not_closed", True),
    ("found unexpected document", "source.syntax.quote_not_closed", True),
    ("' or ']'", "source.syntax.bracket_not_closed", True),
    ("' or '}'", "source.syntax.bracket_not_closed", True),
    ("expected ':'", "source.syntax.colon_missing", True),
    ("mapping values are not allowed", "source.syntax.colon_inside", False),
    ("escape", "source.syntax.bad_escape", False),
    ("cannot start any token", "source.syntax.reserved_character", False),
    ("found undefined tag handle", "source.tag", False),
    ("", "source.syntax.other", False),
)
#: Blank characters that look like the spaces an indentation must be made of.
_BAD_INDENT: Final = re.compile(r" *[^\S \r\n]")

_NO_KEY: Final = object()
_LOST_KEY: Final = object()


class _Frame:
    """A mapping or list being filled.

    A mapping waits for a key, or has one and waits for its value; a value whose key was refused
    is read, for what else may be wrong in it, and lost.
    """

    __slots__ = ("key", "node", "places", "value_place")

    def __init__(self, node: dict[str, object] | list[object], place: Place) -> None:
        self.node = node
        self.places: dict[str | int, Place] = {}
        self.key: object = _NO_KEY
        self.value_place = place
        place.below = self.places


def _where(event: yaml.Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


class _Builder:
    """Builds plain Python from the parser's events.

    Events, not nodes: neither an alias nor the depth of a file can make this do more work than
    the file is long.
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._problems: list[Problem] = []
        self._frames: list[_Frame] = []
        self._data: object = None
        self._root = Place(1, 1)

    def build(self) -> tuple[object, Place]:
        """The content.  Raises `SourceError`."""
        self._take_all()
        if self._problems:
            raise SourceError(self._problems)
        if self._data is None:
            raise whole_file(self._name, "source.empty")
        return self._data, self._root

    def _events(self) -> Iterator[yaml.Event]:
        try:
            # As `yaml.parse`, without asking each time whether there is another.
            yield from iter(_LOADER(self._text).get_event, None)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # The last two come from the parser in Python, for an escape beyond Unicode.
            raise SourceError([*self._problems, self._syntax(error)]) from error

    def _take_all(self) -> None:
        documents = 0
        # By far the most events are scalars and other nodes, and are asked for first.
        for event in self._events():
            if isinstance(event, yaml.NodeEvent):
                if len(self._frames) == LIMIT_DEPTH:
                    self._wrong(event, "source.too_deep", limit=LIMIT_DEPTH)
                    return
                self._take(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._frames.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._wrong(event, "source.second_document")
                    return

    def _take(self, event: yaml.NodeEvent) -> None:
        node = self._node(event)
        place = self._settle(node, event)
        if isinstance(node, dict | list):
            self._frames.append(_Frame(node, place))

    def _node(self, event: yaml.NodeEvent) -> object:
        if event.anchor is not None:
            alias = isinstance(event, yaml.AliasEvent)
            code = "source.alias" if alias else "source.anchor"
            self._wrong(event, code, name=shown(event.anchor))
        if isinstance(event, yaml.AliasEvent):
            return None
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._wrong(event, "source.tag", name=shown(tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return {} if isinstance(event, yaml.MappingStartEvent) else []

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        if not event.implicit[0]:
            found = _UNWELCOME.search(event.value)
            if found:
                self._wrong(event, "source.bad_character", character=_named(found.group()))
            return event.value
        try:
            return _plain(event.value)
        except _Unfit:
            self._wrong(event, "source.bad_number", found=shown(event.value))
            return 0

    def _settle(self, node: object, event: yaml.NodeEvent) -> Place:
        """Put a value where it belongs, or take it for a key; where it stands is told."""
        here = Place(*_where(event))
        if not self._frames:
            self._data, self._root = node, here
            return here
        frame = self._frames[-1]
        if isinstance(frame.node, list):
            frame.places[len(frame.node)] = here
            frame.node.append(node)
            return here
        if frame.key is _NO_KEY:
            frame.key = self._key(frame, node, event, here)
            frame.value_place = here
            return here
        if isinstance(frame.key, str):
            frame.node[frame.key] = node
        frame.key = _NO_KEY
        return frame.value_place

    def _key(self, frame: _Frame, node: object, event: yaml.NodeEvent, here: Place) -> object:
        if isinstance(event, yaml.AliasEvent):
            return _LOST_KEY
        if not isinstance(node, str):
            self._wrong(event, "source.key_not_text", found=described(node))
        elif node == "<<":
            self._wrong(event, "source.merge_key")
        elif node != node.strip() or not node:
            self._wrong(event, "source.key_with_blanks", name=shown(node))
        elif node in frame.places:
            first = frame.places[node].line
            self._wrong(event, "source.duplicate_key", name=shown(node), first=first)
        else:
            frame.places[node] = here
            return node
        return _LOST_KEY

    def _wrong(self, event: yaml.Event, code: str, **params: object) -> None:
        self._problems.append(Problem(self._name, *_where(event), "", code, params))

    def _syntax(self, error: Exception) -> Problem:
        # What is no error of YAML comes from the parser in Python: an escape beyond Unicode.
        said = str(getattr(error, "problem", "escape"))
        end = getattr(error, "problem_mark", None)
        code, from_begin = next((code, begin) for part, code, begin in _SYNTAX if part in said)
        if end is None:
            return Problem(self._name, 0, 0, "", code)
        begin = getattr(error, "context_mark", None) or end
        # The two empty lines stand for what is before the first line and behind the last.
        lines = [*self._text.splitlines(), "", ""]
        for number in (begin.line, end.line - 1, end.line):
            if nearly_pair(lines[number].strip(" -")):
                found = {"found": shown(lines[number])}
                return Problem(self._name, number + 1, 1, "", "source.bad_colon", found)
        if _BAD_INDENT.match(lines[end.line]):
            return Problem(self._name, end.line + 1, 1, "", "source.bad_indent")
        mark: Any = begin if from_begin else end
        line = lines[mark.line]
        name = line[mark.column :].partition(" ")[0]
        params = {"text": shown(line), "name": shown(name), "character": name[:1]}
        return Problem(self._name, mark.line + 1, mark.column + 1, "", code, params)
