"""Files that acts name, and those in quarantine: attached, confirmed or released by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from procedures.marks import shipped_marks
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    LEGAL_HEAD,
    PAPER_ID,
    Matter,
    codes,
    law,
    only,
    payload,
    scene,
    specs,
)
from workflow.canonical import digest_of
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.scene import AddDraft, AttachFiles, EraseFile, ForgetFile, ReleaseFile
from workflow.errors import BadInput, NotFound
from workflow.files import Filed, FileState

AT = datetime(2026, 9, 1, tzinfo=UTC)
STAGED = Filed(
    7, PAPER_ID, CLERK, "报告.docx", 9, "sha256", "0" * 64, "text/plain", FileState.STAGED, AT
)
HELD = replace(STAGED, state=FileState.QUARANTINED, level="secret")


def give(
    command: str,
    actor: str,
    known_: Filed | None,
    matter: Matter | None = None,
    /,
    *more: Filed,
    **changes: Any,
) -> Verdict:
    place = scene(actor, matter, command=command)
    known = {each.key: each for each in (known_, *more) if each is not None}
    place = replace(place, files=known, marks=shipped_marks().in_text)
    return decide(place, specs()[command], payload(command, **changes))


def test_an_act_of_a_step_attaches_its_papers_and_tells_them() -> None:
    found = give("file_research", CLERK, STAGED, Matter().drafted(), files=[PAPER_ID]).decision
    assert found.effects == (AttachFiles((7,)),)
    assert found.record is not None
    assert found.record["files"] == [STAGED.told()]
    without = give("file_research", CLERK, STAGED, Matter().drafted()).decision
    assert without.record is not None
    assert "files" not in without.record
    assert payload("file_research", files=[PAPER_ID]).journal_form()["files"] == [PAPER_ID]


def test_a_draft_is_bound_to_the_paper_that_it_was_taken_out_of() -> None:
    found = give("revise_draft", CLERK, STAGED, Matter(), text="第一条", file=PAPER_ID).decision
    draft = AddDraft(1, "第一条", digest_of("第一条"), STAGED.digest)
    assert found.effects == (AttachFiles((7,)), draft)
    beside = give("revise_draft", CLERK, STAGED, Matter(), text="第一条", files=[PAPER_ID]).decision
    assert beside.effects[1] == replace(draft, file_digest=None)


def test_a_text_with_a_mark_is_not_kept() -> None:
    found = give("revise_draft", CLERK, None, Matter(), text="秘密★\n第一条")
    assert (codes(found), law(only(found))) == (["draft.marked"], ["secrets_law 31"])


@pytest.mark.parametrize(
    ("command", "effect"),
    [("confirm_quarantine", EraseFile(7)), ("release_quarantine", ReleaseFile(7))],
)
def test_somebody_else_than_the_uploader_judges(command: str, effect: object) -> None:
    assert give(command, LEGAL_HEAD, HELD).decision.effects == (effect,)
    own = replace(HELD, uploader=LEGAL_HEAD)
    assert codes(give(command, LEGAL_HEAD, own)) == ["file.own_upload"]
    assert codes(give(command, LEGAL_HEAD, STAGED)) == ["file.not_quarantined"]
    assert codes(give(command, DIRECTOR, HELD)) == ["authority.role"]
    with pytest.raises(NotFound):
        give(command, LEGAL_HEAD, None)


def test_whoever_confirms_a_mark_erases_every_copy_that_is_not_on_record() -> None:
    copies = [
        replace(HELD, id=8, key="f" + "b" * 25),
        replace(STAGED, id=9, key="f" + "c" * 25, uploader=DIRECTOR),
        replace(HELD, id=10, key="f" + "d" * 25, digest="1" * 64),
    ]
    found = give("confirm_quarantine", LEGAL_HEAD, HELD, None, *copies).decision
    assert found.effects == (EraseFile(7), EraseFile(8), ForgetFile(9))
    assert found.record is not None
    assert found.record["copies"] == [copies[0].key]
    kept = replace(copies[0], state=FileState.ATTACHED)
    warned = give("confirm_quarantine", LEGAL_HEAD, HELD, None, kept).decision
    assert [each.code for each in warned.warnings] == ["file.on_record"]
    with pytest.raises(BadInput):
        give("file_research", CLERK, STAGED, Matter().drafted(), copies[0], files=[PAPER_ID])
