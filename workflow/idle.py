"""Words that say nothing where something is owed: `无`, `/`, `略`.  Which words, is data.

A reason that the law asks for is not given by a sign.  Fields of a payload in which a text is owed
in any case are of the type `Told`, and the engine looks at them; where it is owed only in some
cases, the step kind asks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Annotated, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workflow.definition import Rule
from workflow.texts import Line, Prose

_OWED: Final = "owed"

#: A text, or a line, that has to say something.
Told = Annotated[Prose, _OWED]
ToldLine = Annotated[Line, _OWED]
#: One that may be left out, but says something where it is not.
ToldIfAny = Annotated[Prose | None, _OWED]


def core(text: str) -> str:
    """The letters and digits of a text, however they are written; no blanks and no signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def says_nothing(text: str, *rules: Rule) -> bool:
    """Whether a text consists of nothing but signs and the words of the rules."""
    words = {core(word) for rule in rules for word in rule.choices} - {""}
    rest = core(text)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return not rest


def owed(payload: BaseModel) -> Iterator[str]:
    """Every text of a payload that has to say something, however deep."""
    for name, field in type(payload).model_fields.items():
        value = getattr(payload, name)
        if isinstance(value, str):
            if _marked(field):
                yield value
            continue
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel):
                yield from owed(part)


def _marked(field: FieldInfo) -> bool:
    """Whether a field is of one of the types above, or of one of them or none."""
    parts = (getattr(part, "__metadata__", ()) for part in get_args(field.annotation))
    return any(_OWED in marks for marks in (field.metadata, *parts))
