"""The scenarios that the registry names refuse by the very provision that they are to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from api.rehearsal import play
from procedures.duties import Showing, load_registry
from tests.scenarios.test_scenarios import scenario, stage
from workflow.definition import Citation

#: Periods are counted by rules that a refusal does not cite: it cites whose period it is.
UNCITED = {"counting"}

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def test_a_refusal_named_for_a_provision_cites_its_article(new_database: Callable[[], str]) -> None:
    entries = [
        entry
        for source in load_registry().sources
        if source.registry not in UNCITED
        for entry in source.entries
        if entry.cite and any(each.showing is Showing.REFUSED for each in entry.refused)
    ]
    named = {
        each.name for entry in entries for each in entry.refused if each.showing is Showing.REFUSED
    }
    cited = {name: cited_in(name, new_database()) for name in sorted(named)}
    silent = {
        entry.id: [str(each) for each in entry.refused]
        for entry in entries
        if not any(
            each.showing is Showing.TEST or articles(entry.cite) & cited[each.name][each.what]
            for each in entry.refused
        )
    }
    assert silent == {}


def cited_in(name: str, url: str) -> dict[str, set[tuple[str, str]]]:
    """The articles that each code of refusal cites when a scenario is played."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    written = scenario(name)
    with stage(url, profile=written.profile) as set_stage:
        for played in play(written, set_stage):
            for unmet in played.outcome.refusals if played.outcome else ():
                found[unmet.code] |= articles(unmet.citations)
    return found


def articles(citations: tuple[Citation, ...]) -> set[tuple[str, str]]:
    return {(each.instrument, each.article.partition(".")[0]) for each in citations}
