"""A short run of `make attack`: some of its requests, always the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.fuzzing import Attack, fuzz
from tests.attacks.office import attacked


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_made_up_request_breaks_the_door_or_is_answered_otherwise_than_described(
    database_url: str, tmp_path: Path
) -> None:
    with attacked(database_url, tmp_path, seed=7) as office:
        found = fuzz(office, Attack(seed=7, examples=5, journeys=3, coverage=False, every=3))
        assert (found.failures, found.errors) == ({}, [])
        assert office.zone.flaws() == []
    assert found.cases >= 250
    assert len(found.operations) >= 50
    assert {200, 400, 401, 403, 404, 409, 412, 422} <= found.statuses.keys()
