"""What pydantic found wrong, said in our own messages and at the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import islice
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from workflow.catalogue import Lines, Said
from workflow.explaining.known_keys import KnownKeys
from workflow.explaining.paths import Path, child, holds, key_of, known_prefix
from workflow.explaining.quoting import described, nearly_pair, shown
from workflow.texts import NAME_FORM

#: Readings of one location that are tried before the plainest is taken; only keys that are named
#: like the tags of a union make more than one.
_READINGS: Final = 200

_CODES: Final = {
    "missing": "source.missing_key",
    "union_tag_not_found": "source.missing_key",
    "extra_forbidden": "source.unknown_key",
    "model_type": "source.wants_mapping",
    "model_attributes_type": "source.wants_mapping",
    "dataclass_type": "source.wants_mapping",
    "dict_type": "source.wants_mapping",
    "mapping_type": "source.wants_mapping",
    "list_type": "source.wants_list",
    "tuple_type": "source.wants_list",
    "set_type": "source.wants_list",
    "frozen_set_type": "source.wants_list",
    "iterable_type": "source.wants_list",
    "string_type": "source.wants_text",
    "string_sub_type": "source.wants_text",
    "int_type": "source.wants_whole_number",
    "int_parsing": "source.wants_whole_number",
    "int_from_float": "source.wants_whole_number",
    "float_type": "source.wants_number",
    "float_parsing": "source.wants_number",
    "decimal_type": "source.wants_number",
    "decimal_parsing": "source.wants_number",
    "bool_type": "source.wants_true_or_false",
    "bool_parsing": "source.wants_true_or_false",
    "date_type": "source.bad_day",
    "date_parsing": "source.bad_day",
    "date_from_datetime_parsing": "source.bad_day",
    "date_from_datetime_inexact": "source.bad_day",
    "datetime_type": "source.bad_moment",
    "datetime_parsing": "source.bad_moment",
    "datetime_from_date_parsing": "source.bad_moment",
    "timezone_aware": "source.moment_without_zone",
    "time_type": "source.bad_time",
    "time_parsing": "source.bad_time",
    "time_delta_type": "source.bad_duration",
    "time_delta_parsing": "source.bad_duration",
    "literal_error": "source.not_one_of",
    "enum": "source.not_one_of",
    "union_tag_invalid": "source.not_one_of",
    "string_too_short": "source.text_too_short",
    "string_too_long": "source.text_too_long",
    "string_pattern_mismatch": "source.text_of_wrong_form",
    "too_short": "source.list_too_short",
    "too_long": "source.list_too_long",
    "greater_than": "source.not_above",
    "greater_than_equal": "source.below_least",
    "less_than": "source.not_under",
    "less_than_equal": "source.above_most",
}

_LIMITS: Final = ("min_length", "max_length", "gt", "ge", "lt", "le", "pattern")

_NEARLY_DAY: Final = re.compile(
    r"(\d{4})(?:\D{1,3}|(?=\d{4}$))(\d{1,2})(?:\D{1,3}|(?=\d{2}$))(\d{1,2})(?:\s*[^\d\s])?"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the data: the path to it from the root, and the message about it."""

    path: Path
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Form:
    """The branch of a union that an error belongs to: where the union is, and the branch's tag."""

    at: Path
    tag: str


def explain(
    model: type[BaseModel], data: object, error: ValidationError, most: int | None = None
) -> tuple[Finding, ...]:
    """Say what `error`, raised by validating `data` as `model`, means to the author of the data.

    `most` is how many of its complaints are looked at, all if not given.

    Of a value that may have several forms and has none, only the form is reported that fits the
    kind of value, or else all forms in one finding.
    """
    known_keys = KnownKeys(model)
    single: list[Finding] = []
    several: dict[Path, dict[str, list[Finding]]] = {}
    for details in error.errors(include_url=False)[:most]:
        if _only_counts_what_fits(details):
            continue
        path, form = _place(data, details)
        finding = _finding(known_keys, data, path, details)
        if form is None:
            single.append(finding)
        else:
            several.setdefault(form.at, {}).setdefault(form.tag, []).append(finding)
    for at, forms in several.items():
        single.extend(_one_form(at, forms))
    return tuple(single)


def _only_counts_what_fits(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because items of it do not fit, as is told anyway."""
    given = details["input"]
    return (
        details["type"] == "too_short"
        and isinstance(given, Sequence)
        and len(given) >= details["ctx"]["min_length"]
    )


# --- where it stands ------------------------------------------------------------------------------


def _place(data: object, details: ErrorDetails) -> tuple[Path, _Form | None]:
    """The path that a location of pydantic means, and the form of a union that it goes through.

    pydantic mixes tags of unions into its locations; the data tell them from keys, and where a
    key is named like a tag, the value that the error is about does.
    """
    loc: Path = details["loc"]
    last: Path = ()
    aim: object = details["input"]
    if details["type"] == "missing":
        loc, last = loc[:-1], loc[-1:]
    elif loc[-1:] == ("[key]",):
        loc, aim = loc[:-1], None
    readings = list(islice(_readings(data, loc, ()), _READINGS))
    fitting = (
        reading for reading in readings if aim is not None and _same(_at(data, reading[0]), aim)
    )
    path, form = next(fitting, readings[0] if readings else (known_prefix(data, loc), None))
    return (*path, *last), form


def _readings(data: object, loc: Path, above: Path) -> Iterator[tuple[Path, _Form | None]]:
    if not loc:
        yield above, None
        return
    head, rest = loc[0], loc[1:]
    if head == 0 and not rest and not isinstance(data, list | dict):
        # One item that may be written without the list around it.
        yield above, None
    if holds(data, head):
        yield from _readings(child(data, head), rest, (*above, head))
    if isinstance(head, str):
        for path, _ in _readings(data, rest, above):
            yield path, _Form(above, head)


def _at(data: object, path: Path) -> object:
    for part in path:
        data = child(data, part)
    return data


def _same(here: object, there: object) -> bool:
    return type(here) is type(there) and here == there


def _one_form(at: Path, forms: Mapping[str, list[Finding]]) -> Iterable[Finding]:
    # A form whose complaint is about the value as a whole was not meant if another got inside.
    inside = [found for found in forms.values() if all(each.path != at for each in found)]
    meant = inside or list(forms.values())
    if len(meant) == 1:
        return meant[0]
    ways = [
        Said("source.way", {"number": number, "reasons": [_clause(each, at) for each in found]})
        for number, found in enumerate(meant, 1)
    ]
    return (Finding(at, "source.no_form_fits", {"ways": Lines(ways)}),)


def _clause(finding: Finding, at: Path) -> Said:
    reason = Said(finding.code, finding.params)
    if finding.path == at:
        return reason
    return Said("source.at_key", {"key": key_of(finding.path[len(at) :]), "reason": reason})


# --- what is wrong --------------------------------------------------------------------------------


def _finding(known_keys: KnownKeys, data: object, path: Path, details: ErrorDetails) -> Finding:
    kind, ctx = details["type"], details.get("ctx", {})
    if kind not in _CODES:
        return _unfit(path, details)
    code = _CODES[kind]
    match code:
        case "source.missing_key":
            return _missing(path if kind == "missing" else (*path, _discriminator(ctx)))
        case "source.unknown_key":
            name = str(details["loc"][-1])
            above = path[:-1] if path[-1:] == (name,) else path
            return _unknown_key(above, name, known_keys.at(data, above))
        case "source.not_one_of":
            return _not_one_of(data, path, details)
        case _:
            limit = next((ctx[name] for name in _LIMITS if name in ctx), None)
            return Finding(path, *_misfit(code, details["input"], limit))


def _unfit(path: Path, details: ErrorDetails) -> Finding:
    """What a validator of our own says, or what pydantic says and we have no words for."""
    ctx = dict(details.get("ctx", {}))
    if "code" not in ctx:
        return Finding(path, "source.unfit", {"why": shown(details["msg"])})
    code, below = str(ctx.pop("code")), ctx.pop("at", ())
    return Finding((*path, *below), code, ctx)


def _misfit(code: str, value: object, limit: object) -> tuple[str, Mapping[str, object]]:
    if value is None:
        return "source.blank", {}
    if code == "source.bad_day" and isinstance(value, str | int):
        return _bad_day(str(value))
    if code in {"source.wants_mapping", "source.wants_list"} and nearly_pair(value):
        return "source.bad_colon", {"found": shown(value)}
    if limit == NAME_FORM:
        return "source.not_a_name", {"found": described(value)}
    return code, {"found": described(value), "limit": limit}


def _discriminator(ctx: Mapping[str, object]) -> str:
    return str(ctx["discriminator"]).strip("'")


def _missing(path: Path) -> Finding:
    name = path[-1]
    if isinstance(name, int):
        return Finding(path, "source.missing_item", {"number": name + 1})
    return Finding(path, "source.missing_key", {"name": shown(name)})


def _unknown_key(above: Path, name: str, known: Sequence[str]) -> Finding:
    path = (*above, name)
    if nearly_pair(name):
        return Finding(path, "source.bad_colon", {"found": shown(name)})
    near = get_close_matches(name, known, n=1)
    if near:
        return Finding(path, "source.unknown_key_near", {"name": shown(name), "near": near[0]})
    if known:
        return Finding(path, "source.unknown_key_of", {"name": shown(name), "known": known})
    return Finding(path, "source.unknown_key", {"name": shown(name)})


def _not_one_of(data: object, path: Path, details: ErrorDetails) -> Finding:
    ctx, value = details["ctx"], details["input"]
    if "discriminator" in ctx:
        name, value = _discriminator(ctx), ctx["tag"]
        if holds(_at(data, path), name):
            path = (*path, name)
    expected = str(ctx.get("expected_tags", ctx.get("expected")))
    allowed = re.findall("'([^']*)'", expected) or [expected]
    near = get_close_matches(str(value), allowed, n=1)
    params = {"found": described(value), "allowed": allowed}
    if near:
        return Finding(path, "source.not_one_of_near", {**params, "near": near[0]})
    return Finding(path, "source.not_one_of", params)


def _bad_day(text: str) -> tuple[str, Mapping[str, object]]:
    found = {"found": shown(text)}
    near = _NEARLY_DAY.fullmatch(text.strip())
    if not near:
        return "source.bad_day", found
    try:
        meant = date(*(int(part) for part in near.groups()))
    except ValueError:
        return "source.no_such_day", found
    return "source.bad_day_near", {**found, "near": meant.isoformat()}
