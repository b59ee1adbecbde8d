"""Documents on sheets of one width, from the templates in `procedures/documents`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

import procedures
from api.presenting.page import harmless
from api.presenting.wrapping import padded, width_of, wrapped

DOCUMENTS = Path(procedures.__file__).with_name("documents")


@dataclass(frozen=True)
class Paper:
    """The sheet that a template writes on: lines of one width."""

    width: int

    def rule(self, sign: str) -> str:
        """A line across the sheet."""
        return sign * (self.width // width_of(sign))

    def centre(self, text: str) -> str:
        """A text in the middle of its line."""
        return " " * max(0, (self.width - width_of(text)) // 2) + text

    def row(self, label: str, value: object, label_width: int = 14) -> str:
        """A label, and its value wrapped beside it; a label that is too long takes more room."""
        label_width = max(label_width, width_of(label) + 1)
        lines = wrapped(harmless(str(value)), self.width - label_width)
        first = padded(label, label_width) + lines[0]
        return "\n".join([first, *(" " * label_width + line for line in lines[1:])])


def template(name: str, locale: str, width: int) -> Template:
    """The template of a document in a language, for sheets of this width in columns."""
    environment = Environment(
        loader=FileSystemLoader(DOCUMENTS),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    paper = Paper(width)
    environment.globals |= {"rule": paper.rule, "centre": paper.centre, "row": paper.row}
    return environment.get_template(f"{name}.{locale}.txt.j2")
