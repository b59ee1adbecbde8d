"""Names, digests and ranges of files in headers."""

from __future__ import annotations

import pytest

from api.http.errors import BadRequest, OutOfRange
from api.http.naming import digest_header, digest_told, disposition_of, name_of, part_of

HEX = "ab" * 32


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, "file"),
        ("attachment", "file"),
        ("attachment; filename=a.txt", "a.txt"),
        ('attachment; filename="a \\"b\\".txt"', 'a "b".txt'),
        ("attachment; filename=\"x\"; filename*=UTF-8''%E7%A8%BF.txt", "稿.txt"),
        ('attachment; filename="' + "稿".encode().decode("latin-1") + '"', "稿"),
        ("attachment; filename*=GBK''%BB%FA%C3%DC.txt", "机密.txt"),
        ('attachment; filename="%E6%9C%BA%E5%AF%86.txt"', "机密.txt"),
        ('attachment; filename="100%25%20.txt"', "100%25%20.txt"),
        ('attachment; filename="\xbb\xfa\xc3\xdc.txt"', "机密.txt"),
    ],
)
def test_the_name_is_the_one_that_was_sent(header: str | None, name: str) -> None:
    assert name_of(header) == name


def test_a_file_is_given_out_to_be_saved() -> None:
    found = disposition_of('稿"\r\n.txt')
    assert found == "attachment; filename=\"____.txt\"; filename*=UTF-8''%E7%A8%BF%22%0D%0A.txt"


def test_a_digest_is_read_as_it_is_written() -> None:
    assert digest_told(None, f"md5=:AA==:, {digest_header(HEX)}") == HEX
    assert digest_told(None, "sha-512=:AA==:") == ""
    for wrong in ("sha-256=:AA==:", "sha-256=:A:"):
        with pytest.raises(BadRequest):
            digest_told(wrong)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=0-3", (0, 3)),
        ("bytes=3-", (3, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-30", (0, 9)),
        ("bytes=5-99", (5, 9)),
    ],
)
def test_one_part_can_be_asked_for(header: str | None, part: tuple[int, int] | None) -> None:
    assert part_of(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=5-4", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(header: str) -> None:
    with pytest.raises(OutOfRange):
        part_of(header, 10)
