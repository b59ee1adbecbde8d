"""Whoever fills in a command reads what each field is, in every language, and sees an example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from api.presenting.fields import EXAMPLES, Fields, example_of
from procedures.kinds import KINDS
from workflow.catalogue import catalogue_for, locales
from workflow.commands import CommandSpec, every_command
from workflow.validation import validate

COMMANDS = every_command(KINDS)


def described(locale: str) -> Iterator[tuple[str, str, str, str]]:
    """Every field of every command: command, path, label and form."""
    fields = Fields(catalogue_for(locale))
    for name, spec in COMMANDS.items():
        for told in fields.of(spec.payload):
            yield name, told.path, told.label, told.form


@pytest.mark.parametrize("locale", locales())
def test_every_field_has_a_label_and_every_choice_its_words(locale: str) -> None:
    for command, path, label, form in described(locale):
        where = f"{command}: {path}"
        assert label != path.rpartition(".")[2] or locale == "en", where
        # A choice without words would be told as its id twice over.
        for word, option in re.findall(r"([^、：]*)（([a-z_]+)）", form):
            assert word != option, where


def test_nothing_is_said_of_fields_that_there_are_not() -> None:
    known = {path.rpartition(".")[2] for _, path, _, _ in described("zh")}
    said = {code for code in catalogue_for("zh") if code.startswith("field.")}
    assert {code.rpartition(".")[2] for code in said} <= known
    assert known <= {code.rpartition(".")[2] for code in said if ".label." in code}


@pytest.mark.parametrize("spec", COMMANDS.values(), ids=COMMANDS)
def test_the_example_of_a_command_fits_it(spec: CommandSpec) -> None:
    example = example_of(spec.name)
    assert isinstance(example, dict), spec.name
    found: BaseModel = validate(spec.payload, example)
    assert json.loads(found.model_dump_json(exclude_unset=True)) == example


def test_there_are_no_examples_of_other_commands() -> None:
    assert set(json.loads(EXAMPLES.read_text("utf-8"))) == set(COMMANDS)
