"""What was said and voted in a meeting is told to whoever heard it, in the journal as elsewhere."""

from __future__ import annotations

import json

import pytest

from api.rehearsal import play
from tests.scenarios.test_scenarios import SAMPLE, scenario, stage
from workflow.access import Area
from workflow.errors import Forbidden
from workflow.inquiry import Reader
from workflow.meeting import IN_MEETING

#: Who sat, keeps the record, files it or supervises; the rest are told what was concluded.
HEARD = frozenset(
    {
        *("party.secretary", "party.member.1", "party.member.2"),
        *("office.keeper", "office.head", "office.archivist", "discipline.supervisor"),
    }
)
CONCLUDED = frozenset({"meeting", "body", "conclusion"})
SAID = IN_MEETING | {"open_meeting", "record_attendance", "close_meeting"}


def journaled(reader: Reader) -> list[tuple[str, frozenset[str], bool]]:
    """Of each act in a meeting: the command, what is told of it, and whether that was cut."""
    try:
        entries = list(reader.entries())
    except Forbidden:
        return []
    bodies = [(each, json.loads(each.body)) for each in entries if each.body]
    return [
        (body["command"], frozenset(body["payload"]), str(Area.BALLOTS) in each.withheld)
        for each, body in bodies
        if body["command"] in SAID and body["status"] == "done"
    ]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_journal_tells_no_more_of_a_meeting_than_its_records_do(database_url: str) -> None:
    """Order 713 art. 30.3; MLPS: the item is read by many, the votes by those who were there.

    The director withdrew from the item, so he is not told either, though he reads everything else.
    """
    written = scenario("meeting_true_record")
    with stage(database_url, profile=written.profile) as set_stage:
        assert all(played.met for played in play(written, set_stage))
        inquiry = set_stage.inquiry
        seen = {
            account: journaled(inquiry.seen_by(SAMPLE.id, account))
            for account in inquiry.directory(SAMPLE.id).persons
        }
    told = {account: found for account, found in seen.items() if found}
    assert {"take_ballot", "record_remark"} <= {command for command, *_ in told["leader.deputy"]}
    for account, found in told.items():
        whole = any(command == "take_ballot" and "votes" in keys for command, keys, _ in found)
        assert whole is (account in HEARD), account
        if not whole:
            ballots = [(keys, cut) for command, keys, cut in found if command == "take_ballot"]
            assert all(keys <= CONCLUDED and cut for keys, cut in ballots), account
