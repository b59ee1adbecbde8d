"""Changes by cookie: proof that they come from a page of ours, and not from somebody else's."""

from __future__ import annotations

import hmac
from typing import Final

from api.http.errors import CrossSite

COOKIE: Final = "__Host-yicheng"
HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_OURS: Final = frozenset({"same-origin", "none"})


def check(
    method: str,
    *,
    expected: str,
    given: str | None,
    origin: str | None,
    site: str | None,
    own: str,
) -> None:
    """Raises CrossSite for a change with a session's cookie that somebody else may have caused.

    `expected` is what the session's pages send back and `given` what was sent, `origin` and
    `site` what the browser says (Origin, Sec-Fetch-Site), `own` the origin of our pages.  A
    service token needs none of this: no browser sends it by itself.
    """
    if method in SAFE:
        return
    if site is not None and site.lower() not in _OURS:
        raise CrossSite("http.cross_site")
    if origin is not None and own and origin.lower() != own:
        raise CrossSite("http.cross_site")
    if given is None or not hmac.compare_digest(
        expected.encode(), given.encode("utf-8", "replace")
    ):
        raise CrossSite("http.csrf")
