"""The language of an answer: what the reader weighs most, Chinese for whoever says nothing."""

from __future__ import annotations

import pytest

from api.http.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,zh;q=0.9", "en"),
        ("zh-CN,en;q=0.9", "zh"),
        ("en;q=0.2,zh;q=0.8", "zh"),
        ("en,zh", "en"),
        ("zh,en", "zh"),
        ("fr", "zh"),
        ("fr,*;q=0.5", "zh"),
        ("fr,en;q=0.1", "en"),
        ("zh;q=0,*", "en"),
        ("zh;q=0,en;q=0", "zh"),
        ("EN;Q=1.000", "en"),
        ("en;q=1.5,zh;q=0.1", "zh"),
        ("en;level=1", "zh"),
        ("\x00,en", "en"),
        ("fr," * 20 + "en", "zh"),
    ],
)
def test_the_language_weighed_most_is_taken(header: str | None, language: str) -> None:
    assert preferred(header) == language
