"""What a channel is: something that takes a parcel to an address, and says how that went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message. `id` is the same at every try, so that a channel that can tell sends it once."""

    id: str
    to: str
    subject: str
    plain: str
    html: str
    link: str


@dataclass(frozen=True, slots=True)
class Sent:
    """It was taken over; `provider_id` is what the other side calls it, if it says."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not, or nobody can tell (`doubtful`). `lasting`: another try would fail as well.

    `reason` is a short code, with what the other side said behind a colon.
    """

    reason: str
    lasting: bool = False
    doubtful: bool = False


Result = Sent | Failed


class Channel(Protocol):
    """A way out. `brief`: messages on it say only that there is something in the inbox."""

    @property
    def id(self) -> str:
        """The name under which people choose it."""
        ...

    @property
    def brief(self) -> bool:
        """Whether content stays in the house."""
        ...

    @property
    def seconds(self) -> int:
        """For how long one message may take as a whole."""
        ...

    def takes(self, address: str) -> bool:
        """Whether an address is of the form that is allowed here."""
        ...

    def send(self, parcel: Parcel) -> Result:
        """Take a parcel to its address; never raises for what the other side does."""
        ...


@dataclass
class Null:
    """Sends nothing, and keeps what it was given: for tests and for trying out."""

    id: str = "null"
    brief: bool = False
    seconds: int = 5
    results: list[Result] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)

    def takes(self, address: str) -> bool:
        """Any."""
        return bool(address)

    def send(self, parcel: Parcel) -> Result:
        """What was laid ready in `results`, or else that it was sent."""
        self.parcels.append(parcel)
        return self.results.pop(0) if self.results else Sent(parcel.id)
