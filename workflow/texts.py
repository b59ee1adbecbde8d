"""What may be typed: lines, prose, titles, drafts. Rare characters are welcome, tricks are not."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

LINE_CHARACTERS = 200
TITLE_CHARACTERS = 120
PROSE_CHARACTERS = 50_000
DRAFT_CHARACTERS = 2_000_000
MOST_YUAN = 10**15

#: What ids are: the names of steps, rules, questions, units, accounts.
NAME_FORM = r"^[a-z][a-z0-9_.-]{0,63}$"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"[\t\r\n\u2028\u2029]")
# Whatever shows as nothing; a variation selector chooses the form of the Han sign before it.
HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e001f\U000e0080-\U000e00ff]"
    r"|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\ufe00-\ufe0e\U000e0100-\U000e01ef]"
)
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
_EMOJI = re.compile(r"[\u2600-\u27bf\ufe0f\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f]")
# Not \d, which is every script's digits.
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def fault(code: str, **params: object) -> PydanticCustomError:
    """An error of ours for a pydantic validator: `code` names a message, `params` fill it.

    pydantic hands errors on as UTF-8, which has no lone surrogates: a text quotes them as `?`.
    """
    told = {name: _encodable(value) for name, value in params.items()}
    return PydanticCustomError("yicheng", "{code}", {"code": code, **told})


def _encodable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _clean(text: str) -> str:
    if found := _CONTROL.search(text):
        raise fault("input.control_character", place=found.start() + 1)
    if found := HIDDEN.search(text):
        raise fault("input.hidden_character", place=found.start() + 1)
    return text


def cleaned(text: str) -> str:
    """A text of several lines, to the letter but for its line ends, which differ by machine.

    Whatever could not be kept, or would not show, is refused: nothing is left out silently.
    """
    return _clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    if found := _BREAK.search(text):
        raise fault("input.line_break", place=found.start() + 1)
    return text


def _plain(text: str) -> str:
    if found := _MARKUP.search(text):
        raise fault("input.markup", found=text[found.start() : found.start() + 12])
    if found := _EMOJI.search(text):
        raise fault("input.emoji", found=found.group())
    return text


def _hour(text: str) -> str:
    if _HOUR.fullmatch(text) is None:
        raise fault("input.hour", value=text[:40])
    return text


def _as_day(value: object) -> object:
    # pydantic would take a number for a timestamp and a date-time for a day.
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise fault("input.day", value=str(value)[:40])


Line = Annotated[
    str,
    Field(min_length=1, max_length=LINE_CHARACTERS),
    AfterValidator(_clean),
    AfterValidator(_one_line),
]
Title = Annotated[
    str,
    Field(min_length=1, max_length=TITLE_CHARACTERS),
    AfterValidator(_clean),
    AfterValidator(_one_line),
    AfterValidator(_plain),
]
Prose = Annotated[str, Field(min_length=1, max_length=PROSE_CHARACTERS), AfterValidator(_clean)]
# A text is kept to the letter, white space at its edges included: its digest stands for all of it.
DraftText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=DRAFT_CHARACTERS, strip_whitespace=False),
    AfterValidator(_clean),
]
Name = Annotated[str, Field(pattern=NAME_FORM)]
FileId = Annotated[str, Field(pattern=r"^f[a-z2-7]{25}$")]
#: A time of day in the legal time of the calendar's country, such as 09:30.
Hour = Annotated[str, AfterValidator(_hour)]
Day = Annotated[date, BeforeValidator(_as_day)]
# Money is in whole yuan, everywhere.
Yuan = Annotated[StrictInt, Field(ge=0, le=MOST_YUAN)]
