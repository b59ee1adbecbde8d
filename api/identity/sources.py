"""From where somebody tries: the address, or of IPv6 the network that one household has. Pure."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

#: Whoever has one address of such a network has them all (RFC 6177).
_HOUSEHOLD: Final = 64


def source_of(client: str) -> str:
    """What tries of one source have in common; an address that is none stands for itself."""
    try:
        found = ip_address(client)
    except ValueError:
        return client
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), _HOUSEHOLD), strict=False))
