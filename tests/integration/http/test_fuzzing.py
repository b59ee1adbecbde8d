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
        attack = Attack(
            seed=7,
            examples=4,
            journeys=8,
            coverage=False,
            every=4,
            walks=1,
            stage="drafted",
            followed=120,
        )
        found = fuzz(office, attack)
        assert (found.failures, found.errors) == ({}, [])
        assert office.zone.flaws() == []
    assert found.cases >= 250
    assert len(found.operations) >= 50
    # Whole ways, not only first steps: a matter with its text, an opinion with its outcome.
    assert {name: found.chains[name] for name in ("matter", "public", "account")} == {
        "matter": 1,
        "public": 1,
        "account": 1,
    }
    assert found.chains["act"] >= 6
    # The links of the description lead on, and to commands that are carried out.
    assert found.chains["links followed"] >= 20
    assert found.chains["commands done by links"] >= 5
    assert {200, 400, 401, 403, 404, 409, 412, 422} <= found.statuses.keys()
