"""From which address a request comes, where proxies of ours hand it on. Pure.

A client can write into `X-Forwarded-For` whatever it likes, so the header is read only from a
proxy that was named, and only as far as such proxies wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

HEADER: Final = "X-Forwarded-For"
#: Whoever sends one of these was handed on by somebody.
HANDED_ON: Final = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"})

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, parted by commas.  Raises ValueError for one that is none."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def client_of(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address of whoever asks: the last one in the header that is no proxy of ours.

    `peer` is who is connected, `forwarded` the values of the header in their order.  Where a proxy
    of ours wrote no address, the last proxy itself is the client.
    """
    nearest = peer
    chain = [each.strip() for value in forwarded for each in value.split(",")]
    while _is_one(nearest, proxies) and chain:
        told = _address(chain.pop())
        if told is None:
            break
        nearest = str(told)
    return nearest


def _is_one(address: str, proxies: Sequence[Network]) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in proxies)


def _address(text: str) -> Address | None:
    """An address, without the port that some proxies write behind it; None for anything else."""
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    else:
        host = text.partition(":")[0] if text.count(":") == 1 else text
    try:
        found = ip_address(host)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return found if mapped is None else mapped
