"""The page on notices shows every rule that is shipped, as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api.presenting.notices_page import notices_table
from notifications.rules import load_notices, shipped_notices
from tests.guards.documents import document
from workflow.catalogue import catalogue_for

PAGE = "docs/notifications.md"


def test_the_table_of_notices_is_made_of_the_rules() -> None:
    rules = shipped_notices().rules("base", date(2026, 3, 2))
    words = catalogue_for("zh"), catalogue_for("en")
    wanted = notices_table(words, rules, dict(shipped_notices().titles))
    found = [line for line in document(PAGE).splitlines() if line.startswith("|")]
    assert found == wanted, "\n".join(wanted)


def test_the_example_of_the_page_can_be_read(tmp_path: Path) -> None:
    example = document(PAGE).split("```yaml\n")[1].split("```")[0]
    (tmp_path / "own.yaml").write_text(example, "utf-8")
    found = load_notices(tmp_path).rules("jiyuan_htz", date(2026, 8, 1))
    assert [each.id for each in found.rules] == ["publication"]
