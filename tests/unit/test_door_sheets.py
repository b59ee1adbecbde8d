"""When a sheet is wanted, and how it is given."""

from __future__ import annotations

import pytest

from api.http.sheets import sheet_answer, wanted


@pytest.mark.parametrize(
    ("accept", "is_wanted"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("TEXT/CSV; charset=utf-8", True),
        ("text/csv;q=0", False),
        ("text/csv;q=0.5, application/json", False),
        ("text/csv, application/json;q=0.9, */*;q=0.1", True),
        ("text/csv, application/json", True),
        ("text/csv;q=2", True),
        ("text", False),
        (",".join(["a/b"] * 30 + ["text/csv"]), False),
    ],
)
def test_a_sheet_is_given_to_whoever_asks_for_it_by_name(
    accept: str | None, *, is_wanted: bool
) -> None:
    assert wanted(accept) == is_wanted


def test_a_sheet_is_a_file_with_a_name_in_any_script() -> None:
    found = sheet_answer("题", '事项"\r\n', {"Link": "x"})
    assert found.body == "题".encode()
    assert found.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert found.headers["content-disposition"] == (
        "attachment; filename=\"list.csv\"; filename*=UTF-8''%E4%BA%8B%E9%A1%B9%22%0D%0A.csv"
    )
    assert (found.headers["link"], found.headers["vary"]) == ("x", "Accept")
