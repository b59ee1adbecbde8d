"""Whose word is taken for the address of a client: that of the proxies that were named."""

from __future__ import annotations

import pytest

from api.http.proxies import client_of, networks
from api.http.settings import settings_from
from workflow.errors import BadInput

OURS = networks("10.0.0.0/8, 2001:db8::1,127.0.0.1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        # Somebody who is no proxy of ours may write what he likes.
        ("198.51.100.7", ["203.0.113.5"], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.5, 10.0.0.1"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        # What the client itself wrote stands to the left of what our proxy wrote.
        ("10.0.0.1", ["1.2.3.4, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, "], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5\r\nX: y"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5:4711"], "203.0.113.5"),
        ("10.0.0.1", ["[2001:db8::2]:4711"], "2001:db8::2"),
        ("10.0.0.1", ["2001:DB8::2"], "2001:db8::2"),
        ("10.0.0.1", ["[2001:db8::2"], "2001:db8::2"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("2001:db8::1", ["203.0.113.5"], "203.0.113.5"),
        ("/run/socket", ["203.0.113.5"], "/run/socket"),
        ("10.0.0.1", ["２０３.0.113.5"], "10.0.0.1"),
    ],
)
def test_the_client_is_the_last_who_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert client_of(peer, forwarded, OURS) == client


def test_nobody_is_a_proxy_unless_named() -> None:
    assert settings_from({}).proxies == ()
    assert client_of("127.0.0.1", ["203.0.113.5"], ()) == "127.0.0.1"
    named = settings_from({"YICHENG_TRUSTED_PROXIES": "10.0.0.0/8, ::1"}).proxies
    assert [str(each) for each in named] == ["10.0.0.0/8", "::1/128"]
    for wrong in ("everybody", "*", "10.0.0.1/8", "10.0.0.0/40"):
        with pytest.raises(BadInput) as caught:
            settings_from({"YICHENG_TRUSTED_PROXIES": wrong})
        assert caught.value.code == "http.proxies"
