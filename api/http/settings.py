"""What can be set of the door, and what holds where nothing is set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.http.proxies import Network, networks
from api.http.turnstile import Rates, rates_of, shipped_rates
from api.settings import ADDRESS_VARIABLE, PROXIES_VARIABLE, RATES_VARIABLE
from workflow.errors import BadInput
from workflow.uow import POOL_OVERFLOW, POOL_SIZE

HOST: Final = "127.0.0.1"
PORT: Final = 8000

_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """Limits of the door. `address` is where people reach it, empty where nobody said.

    `threads` is how many requests are worked on at once in a process: as many as there are
    connections to the database; `sqlite_threads` where that is SQLite, which works in this process:
    there more threads get no more done, and cost each other time.  `body_bytes` is more than the
    longest draft takes.  `proxies` are ours: of what they hand on, the address that they tell is
    that of the client.
    `rates` say how fast people come.
    `kept_signs` is how much of answers and what they were made of a process keeps, 0 for nothing.
    """

    address: str = ""
    proxies: tuple[Network, ...] = ()
    threads: int = POOL_SIZE + POOL_OVERFLOW
    sqlite_threads: int = 4
    body_bytes: int = 16 * _MEGABYTE
    body_seconds: float = 30.0
    json_depth: int = 32
    json_digits: int = 19
    header_bytes: int = 16 * 1024
    headers: int = 100
    page: int = 50
    longest_page: int = 200
    sheet: int = 1000
    bulk: int = 100
    retry_seconds: int = 2
    least_free_bytes: int = 100 * _MEGABYTE
    kept_signs: int = 16 * _MEGABYTE
    rates: Rates = field(default_factory=shipped_rates)

    def page_of(self, limit: int | None, *, sheet: bool = False) -> int:
        """How long a page is: as asked, and never longer than is allowed; of a `sheet`, its own."""
        usual, longest = (self.sheet, self.sheet) if sheet else (self.page, self.longest_page)
        return min(usual if limit is None else limit, longest)

    def threads_on(self, database: str) -> int:
        """How many requests are worked on at once beside a database of this kind."""
        return min(self.threads, self.sqlite_threads) if database == "sqlite" else self.threads

    @property
    def secure(self) -> bool:
        """Whether people come by https."""
        return self.address.startswith("https://")

    @property
    def origin(self) -> str:
        """The origin of pages of ours, as browsers write it."""
        scheme, _, rest = self.address.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}".lower() if rest else ""


def settings_from(environment: Mapping[str, str] = os.environ) -> DoorSettings:
    """The settings of the environment.

    Raises BadInput for an address or proxy that is none, SourceError for rates that are none.
    """
    address = environment.get(ADDRESS_VARIABLE, "").strip().rstrip("/")
    if address and not address.startswith(("http://", "https://")):
        raise BadInput("http.address", address=address, variable=ADDRESS_VARIABLE)
    told = environment.get(PROXIES_VARIABLE, "")
    try:
        proxies = networks(told)
    except ValueError as error:
        raise BadInput("http.proxies", proxies=told, variable=PROXIES_VARIABLE) from error
    own = environment.get(RATES_VARIABLE, "")
    rates = rates_of(Path(own)) if own else shipped_rates()
    return DoorSettings(address=address, proxies=proxies, rates=rates)
