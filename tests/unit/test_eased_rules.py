"""A rule that opens a way, such as the track of urgent items, is looser where it is new."""

from __future__ import annotations

from pathlib import Path

import pytest

from procedures.book import shipped
from procedures.problems import SourceError
from tests.unit.procedure_files import profiled

DAYS = 3
TRACK = {
    "value": {"2026-01-01": DAYS},
    "unit": "working_days",
    "bound": "maximum",
    "counting": "period_working_days",
    "override": ["director of decision_body"],
    "cite": "local_rules 3",
}
LOCAL = {
    "local_rules": {
        "title": {"zh": "本地规定", "en": "local rules"},
        "number": "1",
        "in_force": "2019-01-01",
    }
}


def test_a_profile_does_not_open_a_track_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        profiled(tmp_path, {"instruments": LOCAL, "rules": {"agenda.urgent": TRACK}})
    assert "definition.eased" in repr(caught.value)


def test_it_does_where_a_law_says_so(tmp_path: Path) -> None:
    track = {**TRACK, "special_law": "local_rules 3"}
    found = profiled(tmp_path, {"instruments": LOCAL, "rules": {"agenda.urgent": track}})
    assert found.rules["agenda.urgent"].value == DAYS


def test_a_procedure_beside_it_without_a_track_closes_it() -> None:
    book = shipped()
    main = book.get("jiyuan_htz")
    assert "agenda.urgent" in main.rules
    joined = book.joined(main, {"signs_contract": True}, main.version)
    assert len(joined.parts) > 1
    assert "agenda.urgent" not in joined.rules
