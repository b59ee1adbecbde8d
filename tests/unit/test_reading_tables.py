"""The files of reading rights: strict, complete, and for a place only tighter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from procedures.book import LAW, ProcedureBook
from procedures.problems import SourceError
from procedures.reading import ACCESS, BASE, load_access, unlisted
from procedures.source import read
from tests.unit.builders import procedure
from workflow.access import AccessTable, Area, Scope
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Holder
from workflow.ties import Tie

Data = dict[str, Any]
DAY = date(2026, 9, 1)


def base() -> Data:
    found = read(ACCESS / "base.yaml").data
    assert isinstance(found, dict)
    return found


def write(folder: Path, name: str, data: Data) -> None:
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def own(*rows: Data, **changes: object) -> Data:
    told = {"access": "jiyuan_htz", "version": "2026-01-01", "name": {"zh": "甲", "en": "a"}}
    return {**told, "rows": list(rows), **changes}


def row(*holders: str, **areas: Data) -> Data:
    every = {area.value: {"scope": "nothing"} for area in Area}
    return {"holders": list(holders), "cite": "house_rules", "areas": {**every, **areas}}


def codes(folder: Path, *data: Data) -> list[str]:
    """What is wrong with the base and these files, worded in both languages."""
    write(folder, "base", base())
    for place, each in enumerate(data):
        write(folder, f"own_{place}", each)
    try:
        load_access(folder)
    except SourceError as error:
        told = [catalogue_for(locale).tell(error) for locale in locales()]
        return [problem.code for problem in error.problems if all(told)]
    return []


def broken(change: Callable[[Data], object]) -> Data:
    data = base()
    data["access"] = "elsewhere"
    change(data)
    return data


UNIT = {"scope": "unit"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (own({**row("clerk of any_unit"), "areas": {"matters": UNIT}}), "access.area_missing"),
        (own(row("a of b"), row("a of b")), "access.holder_twice"),
        (own(row("a of b", matters={**UNIT, "ties": ["author"]})), "access.tie_of_no_unit"),
        (
            own(row("a of b", matters={"scope": "tabled", "ties": ["lead"]})),
            "access.ties_without_unit",
        ),
        (own(row("a of b"), access="base", version="2019-09-01"), "access.two_files"),
        (own({**row("a of b"), "cite": "nowhere 1"}), "access.unknown_instrument"),
        (own(row("expert of expert_pool", matters=UNIT)), "access.widened"),
        (own(row("clerk of finance", drafts={"scope": "organisation"})), "access.widened"),
        (own(row("clerk of finance", personal_data=UNIT)), "access.widened"),
        (own(row("keeper of finance", matters={"scope": "asked"})), "access.widened"),
    ],
)
def test_every_mistake_is_told(tmp_path: Path, data: Data, code: str) -> None:
    assert code in codes(tmp_path, data)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    assert "source.unknown_key" in codes(tmp_path, own(row("a of b"), more=1)) or codes(
        tmp_path, own(row("a of b"), more=1)
    )


def test_a_place_may_narrow_and_say_what_its_own_roles_see(tmp_path: Path) -> None:
    narrower = row("clerk of any_unit", matters={**UNIT, "ties": ["lead"]})
    free = row("inspector of inspection", matters={"scope": "organisation"})
    assert codes(tmp_path, own(narrower, free)) == []
    book = load_access(tmp_path)
    rows = {each.holder: each for each in book.table("jiyuan_htz", DAY).rows}
    clerk = rows[Holder("clerk", "any_unit")].grants
    assert clerk[Area.MATTERS].ties == {Tie.LEAD}
    assert clerk[Area.CATALOGUE].scope is Scope.NOTHING
    inspector = rows[Holder("inspector", "inspection")].grants
    assert inspector[Area.MATTERS].scope is Scope.ORGANISATION
    assert rows[Holder("keeper", "agenda_office")].grants[Area.MATTERS].scope is Scope.ORGANISATION
    other = {each.holder for each in book.table("henan", DAY).rows}
    assert Holder("inspector", "inspection") not in other
    early = {each.holder for each in book.table("jiyuan_htz", date(2025, 1, 1)).rows}
    assert Holder("inspector", "inspection") not in early


def test_before_the_first_table_nobody_sees_anything() -> None:
    assert load_access().table(BASE, date(2019, 8, 31)) == AccessTable()


def test_roles_without_a_row_are_told() -> None:
    rows = load_access().table(BASE, DAY).rows
    assert unlisted(AccessTable(rows), procedure()) == ()
    without = tuple(each for each in rows if each.holder != Holder("clerk", "any_unit"))
    found = unlisted(AccessTable(without), procedure())
    assert {"clerk", "clerk of any_unit", "clerk of lead_unit"} <= set(found)


def test_a_folder_of_definitions_may_bring_a_table_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "access").mkdir()
    write(tmp_path / "access", "own", own(row("clerk of any_unit")))
    book = ProcedureBook(LAW, tmp_path)
    table = book.access("jiyuan_htz", DAY)
    grants = {each.holder: each.grants for each in table.rows}[Holder("clerk", "any_unit")]
    assert grants[Area.MATTERS].scope is Scope.NOTHING
    assert book.masked("联系电话13812345678") == "联系电话***"
