"""Names, ids and states of files; which of them an act may attach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflow.errors import BadInput, NotFound
from workflow.files import (
    NAME_BYTES,
    Filed,
    FileState,
    attachable,
    cleaned_name,
    new_id,
    told_in,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
FILED = Filed(
    1, "f" + "a" * 25, "a.clerk", "稿.docx", 9, "sha256", "0" * 64, "x", FileState.STAGED, AT
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("报告（终稿）.docx", "报告（终稿）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\方案.txt", "方案.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("LPT1.tar.gz", "_LPT1.tar.gz"),
        ("com\u00b9.txt", "_com\u00b9.txt"),
        ("a\x00b\r\nc\u202ecod.exe", "abccod.exe"),
        ("a:b|c?*.txt", "abc.txt"),
        ("...", "file"),
        (".gitignore", "gitignore"),
        ("  x .txt. ", "x.txt"),
        ("", "file"),
        ("e\u0301.txt", "é.txt"),
        ("文" * 100 + ".docx", "文" * 65 + ".docx"),
    ],
)
def test_a_name_is_kept_as_far_as_any_system_bears_it(given: str, kept: str) -> None:
    assert cleaned_name(given) == kept
    assert len(cleaned_name(given).encode()) <= NAME_BYTES


def test_ids_are_of_their_form() -> None:
    assert new_id(lambda signs: signs[0]) == "f" + "a" * 25


def test_only_what_one_uploaded_oneself_and_nobody_used_is_attached() -> None:
    known = {FILED.key: FILED}
    assert attachable((FILED.key, FILED.key), known, "a.clerk") == (FILED,)
    with pytest.raises(NotFound):
        attachable((FILED.key,), known, "another")
    with pytest.raises(NotFound):
        attachable((FILED.key,), {}, "a.clerk")
    for state in (FileState.ATTACHED, FileState.QUARANTINED, FileState.ERASED):
        with pytest.raises(BadInput) as caught:
            attachable((FILED.key,), {FILED.key: replace(FILED, state=state)}, "a.clerk")
        assert caught.value.code == f"file.is_{state.value}"


def test_an_entry_tells_of_the_files_that_it_attached() -> None:
    told = FILED.told()
    assert list(told_in({"status": "done", "payload": {"files": [told, 1]}})) == [told]
    assert list(told_in({"status": "refused", "payload": {"files": [told]}})) == []
    assert list(told_in({"status": "done", "payload": {}})) == []
    assert list(told_in({"status": "done"})) == []
