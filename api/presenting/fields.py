"""What a command wants to be told, field by field: names, forms, meanings, an example."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

import procedures
from api.presenting.page import Page
from workflow.catalogue import Catalogue
from workflow.texts import LINE_CHARACTERS, TITLE_CHARACTERS, DraftText, Line, Name, Prose, Title

EXAMPLES: Final = Path(procedures.__file__).with_name("documents") / "payloads.json"

#: What a name stands for, where it is one out of a few: the group of `[choice]` that words them.
_GROUPS: Final[Mapping[str, str]] = {
    "archived_paper.paper": "paper",
    "cancel_meeting.cause": "cause",
    "record_attendance.change": "change",
    "category": "category",
    "channel": "channel",
    "channels": "channel",
    "conclude_item.conclusion": "conclusion",
    "place.channel": "channel",
    "conclusion": "expert_conclusion",
    "counterpart": "counterpart",
    "declared_evidence.ground": "basis",
    "disposition": "disposition",
    "entry_outcome.result": "entry_result",
    "exclude.ground": "ground",
    "exemption.ground": "exemption",
    "fair_competition_review.conclusion": "competition_conclusion",
    "grade": "grade",
    "method": "method",
    "methods": "method",
    "nature": "nature",
    "order": "part",
    "participation.party": "party",
    "position": "position",
    "problem.cause": "problem",
    "recommendation": "recommendation",
    "regulator_opinion.conclusion": "regulator_conclusion",
    "reply.result": "reply",
    "retention": "retention",
    "role": "heard_role",
    "rule": "rule",
    "source": "opinion_source",
    "stance": "stance",
    "submission.papers": "paper",
    "take_ballot.mode": "ballot_mode",
    "trigger": "trigger",
    "verdict": "verdict",
    "vote": "vote",
    "way": "way",
}
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Told:
    """A field in words; `path` is what one types, with `[]` for each of a list."""

    path: str
    label: str
    form: str
    required: bool
    meaning: str


class Fields:
    """The fields of payloads in the language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text

    def of(self, model: type[BaseModel], within: str = "") -> Iterator[Told]:
        """The fields of a payload, those of what it holds after it."""
        owner = _owner(model)
        for name, annotation in _annotated(model):
            field = model.model_fields[name]
            path = f"{within}{name}"
            inner, listed = _inside(annotation)
            yield Told(
                path,
                self._word("label", owner, name) or name,
                self._form(owner, name, annotation),
                field.is_required(),
                self._word("hint", owner, name),
            )
            if inner is not None:
                yield from self.of(inner, f"{path}[]." if listed else f"{path}.")

    def schema(self, model: type[BaseModel]) -> dict[str, Any]:
        """The JSON Schema of a payload: each field under its label, with its hint."""
        schema = model.model_json_schema()
        inner = schema.get("$defs", {})
        for each in _all_inside(model):
            told = schema if each is model else inner[each.__name__]
            # What its docstring tells is for those who change the program.
            told.pop("description", None)
            told.pop("title", None)
            owner = _owner(each)
            for name, field in told.get("properties", {}).items():
                field["title"] = self._word("label", owner, name) or name
                if hint := self._word("hint", owner, name):
                    field["description"] = hint
        return schema

    def write(self, page: Page, model: type[BaseModel]) -> None:
        """A row for each field; what stands within another is set in."""
        head = [self._say(f"fields.{name}") for name in ("label", "path", "given", "form")]
        rows = [
            (
                "  " * told.path.count(".") + told.label,
                told.path.rpartition(".")[2],
                self._say("fields.must" if told.required else "fields.may"),
                self._say("fields.with_meaning", form=told.form, meaning=told.meaning)
                if told.meaning
                else told.form,
            )
            for told in self.of(model)
        ]
        page.table([head, *rows], indent="  ")

    def _word(self, kind: str, owner: str, name: str) -> str:
        for code in (f"field.{owner}.{kind}.{name}", f"field.{kind}.{name}"):
            if code in self._catalogue:
                return self._say(code)
        return ""

    def _form(self, owner: str, name: str, annotation: Any) -> str:  # noqa: ANN401
        bare, metadata = _bare(annotation)
        origin = get_origin(bare)
        if origin is tuple:
            each = self._form(owner, name, get_args(bare)[0])
            code = "fields.list_of_one" if _limit(metadata, "min_length") else "fields.list"
            return self._say(code, each=each)
        if origin is not None and origin not in {Literal, Union, types.UnionType}:
            return self._say("fields.answers")
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            return self._say("fields.group")
        options = _options(bare)
        group = _GROUPS.get(f"{owner}.{name}", _GROUPS.get(name, ""))
        if options:
            return self._say("fields.one_of", options=self._options(group, options))
        return self._plain(group, bare, metadata)

    def _plain(self, group: str, bare: Any, metadata: tuple[Any, ...]) -> str:  # noqa: ANN401
        if bare is bool:
            return self._say("fields.yes_no")
        if bare is date:
            return self._say("fields.day")
        if bare is int:
            least, most = _limit(metadata, "ge"), _limit(metadata, "le")
            code = "number" if least is None else "number_from" if most is None else "number_within"
            return self._say(f"fields.{code}", least=least, most=most)
        form = _text_form(metadata)
        if form == "name" and group:
            known = sorted(
                code.rpartition(".")[2]
                for code in self._catalogue
                if code.startswith(f"choice.{group}.")
            )
            return self._say("fields.known", options=self._options(group, known))
        limits = {"one_line": LINE_CHARACTERS, "title": TITLE_CHARACTERS}
        return self._say(f"fields.{form}", most=limits.get(form))

    def _options(self, group: str, values: list[str]) -> tuple[str, ...]:
        found = []
        for value in values:
            code = f"choice.{group}.{value}"
            word = self._say(code) if code in self._catalogue else value
            found.append(self._say("people.named", name=word, id=value))
        return tuple(found)


_FORMS: Final = {"one_line": Line, "title": Title, "prose": Prose, "draft": DraftText}


def example_of(command: str) -> object:
    """A payload for the command as a rehearsed matter had it; None where nobody made one."""
    return json.loads(EXAMPLES.read_text("utf-8")).get(command)


def _owner(model: type[BaseModel]) -> str:
    """Under which name the words of a payload's own fields stand."""
    return _WORD.sub("_", model.__name__).lower()


def _annotated(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """The fields of a payload, each with all that is said of its type."""
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        yield name, Annotated[annotation, *field.metadata] if field.metadata else annotation


def _all_inside(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A payload and whatever it holds, each once."""
    waiting, found = [model], set[type[BaseModel]]()
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.add(each)
        yield each
        waiting += [inner for _, told in _annotated(each) if (inner := _inside(told)[0])]


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401
    """The type itself without None, and what is said about it."""
    metadata: tuple[Any, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *said = get_args(annotation)
            metadata += tuple(said)
        elif origin in {Union, types.UnionType}:
            others = [each for each in get_args(annotation) if each is not types.NoneType]
            if len(others) > 1:
                return annotation, metadata
            annotation = others[0]
        else:
            return annotation, metadata


def _inside(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401
    """The payload that a field holds, if any, and whether it is a list of them."""
    bare, _ = _bare(annotation)
    listed = get_origin(bare) is tuple
    if listed:
        bare, _ = _bare(get_args(bare)[0])
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return bare, listed
    return None, listed


def _options(bare: Any) -> list[str]:  # noqa: ANN401
    if get_origin(bare) is Literal:
        return [str(each) for each in get_args(bare)]
    if isinstance(bare, type) and issubclass(bare, Enum):
        return [str(each.value) for each in bare]
    return []


def _limit(metadata: tuple[Any, ...], name: str) -> Any:  # noqa: ANN401
    """A limit that stands in what is said about a type, by itself or within a field."""
    for each in metadata:
        found = getattr(each, name, None)
        if found is None and hasattr(each, "metadata"):
            found = _limit(tuple(each.metadata), name)
        if found is not None:
            return found
    return None


def _text_form(metadata: tuple[Any, ...]) -> str:
    if pattern := _limit(metadata, "pattern"):
        return "name" if pattern == _limit(_bare(Name)[1], "pattern") else "digest"
    most = _limit(metadata, "max_length")
    known = {
        _limit(_bare(form)[1], "max_length"): name
        for name, form in (
            ("one_line", Line),
            ("title", Title),
            ("prose", Prose),
            ("draft", DraftText),
        )
    }
    return known.get(most, "prose")
