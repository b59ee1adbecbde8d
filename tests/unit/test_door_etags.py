"""Versions and keys: a change names what it was made for, and is done once."""

from __future__ import annotations

import pytest

from api.http.errors import BadRequest, DoorError, Stale, Unversioned
from api.http.etags import tag, version_of
from api.http.idempotency import bound_key, public_key

SEVEN = tag("zone", "matter", "2026-0001", 7)


def version(header: str | None, name: str = "2026-0001", organisation: str = "zone") -> str:
    return version_of(header, organisation, "matter", name)


@pytest.mark.parametrize("header", [SEVEN, f'"other", {SEVEN}', f'W/"x" , {SEVEN}'])
def test_the_version_of_a_tag_is_read_back(header: str) -> None:
    assert version(header) == "7"


@pytest.mark.parametrize(
    ("header", "error"),
    [
        (None, Unversioned),
        ("*", Unversioned),
        (" * ", Unversioned),
        ("", BadRequest),
        ("7", BadRequest),
        (SEVEN + "x", BadRequest),
        ('"' + "a" * 3000 + '"', BadRequest),
        (f"W/{SEVEN}", Stale),
        ('"7"', Stale),
        (SEVEN.replace("7-", "8-"), Stale),
    ],
)
def test_what_names_no_version_of_ours_is_refused(
    header: str | None, error: type[DoorError]
) -> None:
    with pytest.raises(error):
        version(header)


def test_a_tag_of_another_matter_or_organisation_is_none_of_this_one() -> None:
    for given in ({"name": "2026-0002"}, {"organisation": "city"}):
        with pytest.raises(Stale):
            version(SEVEN, **given)


def test_a_key_belongs_to_one_account_and_one_part() -> None:
    first = bound_key("a-key-of-mine", "clerk")
    assert first == bound_key(' "a-key-of-mine" ', "clerk")
    others = {bound_key("a-key-of-mine", "head"), bound_key("a-key-of-mine", "clerk", 0)}
    assert first not in others
    assert len(others) == 2


@pytest.mark.parametrize("header", [None, "", "short", "with blank in it", "é" * 10, "k" * 129])
def test_a_key_that_nobody_could_call_their_own_is_refused(header: str | None) -> None:
    with pytest.raises(BadRequest):
        bound_key(header, "clerk")


@pytest.mark.parametrize(
    ("sent", "key"), [(None, None), (f' "{"k" * 22}" ', "k" * 22), ("k" * 128, "k" * 128)]
)
def test_whom_nobody_knows_may_send_a_key_that_nobody_guesses(
    sent: str | None, key: str | None
) -> None:
    assert public_key(sent) == key


@pytest.mark.parametrize("sent", ["", "k" * 21, "k" * 129, "k" * 21 + " k"])
def test_a_key_of_anybody_that_others_might_think_of_is_refused(sent: str) -> None:
    with pytest.raises(BadRequest) as raised:
        public_key(sent)
    assert raised.value.code == "http.public_key_form"
