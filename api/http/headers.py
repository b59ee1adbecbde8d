"""The headers that every answer carries, so that no browser does with it what was not meant."""

from __future__ import annotations

from typing import Final

_ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HSTS: Final = "max-age=31536000; includeSubDomains"


def security_headers(*, secure: bool) -> list[tuple[bytes, bytes]]:
    """The headers; where people come by https they are told never to come otherwise."""
    told = {**_ALWAYS, **({"Strict-Transport-Security": _HSTS} if secure else {})}
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]
