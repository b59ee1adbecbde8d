"""Identity as a whole: everything that can be asked of it, on one database."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from api.identity.administration import Administration, first_administrators
from api.identity.events import Kind, Origin, Reason
from api.identity.external import ExternalSignIn
from api.identity.passwords import PasswordChanges
from api.identity.policy import Policy, Settings
from api.identity.principal import Principal
from api.identity.providers import Provider
from api.identity.purging import Purging
from api.identity.recognising import Recognising
from api.identity.records import NewLink
from api.identity.room import Core, Room
from api.identity.sealing import Sealer
from api.identity.second_factors import SecondFactors
from api.identity.service_tokens import ServiceTokens
from api.identity.signing_in import SigningIn
from api.identity.signing_keys import SigningKeys
from workflow.ports import Clock
from workflow.uow import UnitOfWork


class Identity:
    """Tells who somebody is (an `Authenticator`), and lets them in and out.

    Safe to share between threads.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        clock: Clock,
        settings: Settings,
        sealer: Sealer,
        *,
        provider: Provider | None = None,
    ) -> None:
        self.settings = settings
        self._core = Core(uow, clock, settings.policy, sealer)
        self._recognising = Recognising(self._core)
        self._provider = provider

    @property
    def policy(self) -> Policy:
        """The numbers in force."""
        return self.settings.policy

    # --- the Authenticator ------------------------------------------------------------------------

    def by_session(self, token: str, *, client: str) -> Principal | None:
        """The principal of a session that holds still; using it keeps it from going idle."""
        return self._recognising.by_session(token, client=client)

    def by_token(self, token: str, *, client: str) -> Principal | None:
        """The principal of a service token that holds still."""
        return self._recognising.by_token(token, client=client)

    def notices(self, principal: Principal) -> list[tuple[datetime, str]]:
        """When what was done to what opens an account, for its owner, the newest first."""
        return self._recognising.notices(principal)

    def out_of_scope(self, principal: Principal, *, client: str) -> None:
        """Note that a service token was shown for something that it was not made for."""
        self._recognising.out_of_scope(principal, client=client)

    def is_disabled(self, organisation: str, name: str) -> bool:
        """Whether the account of a person was disabled; one that was never made is not."""
        found = self._core.look(organisation, name)
        return found is not None and found.disabled_at is not None

    def csrf(self, token: str) -> str:
        """What a page of this session has to send back with every change."""
        return self._recognising.csrf(token)

    # --- its rooms --------------------------------------------------------------------------------

    @cached_property
    def signing_in(self) -> SigningIn:
        """In and out with a password."""
        return SigningIn(self._core)

    @cached_property
    def passwords(self) -> PasswordChanges:
        """Another password, and one-time links."""
        return PasswordChanges(self._core)

    @cached_property
    def second_factors(self) -> SecondFactors:
        """The second factor of whoever is signed in."""
        return SecondFactors(self._core)

    @cached_property
    def signing_keys(self) -> SigningKeys:
        """The keys with which people sign."""
        return SigningKeys(self._core)

    @cached_property
    def tokens(self) -> ServiceTokens:
        """Service tokens."""
        return ServiceTokens(self._core)

    @cached_property
    def external(self) -> ExternalSignIn:
        """In by an identity provider."""
        return ExternalSignIn(self._core, self._provider)

    @cached_property
    def administration(self) -> Administration:
        """What the three administrators do."""
        return Administration(self._core)

    def note_reading(self, by: Principal, origin: Origin, *, shown: bool) -> None:
        """Note that somebody asked for personal data unmasked, and whether it was shown.

        Of which matter stands in the journal, where they first said why (`unmask`); the number of
        the request ties the event to its line in the log.
        """

        def note(room: Room) -> None:
            account = room.store.account(by.account)
            reason = None if shown else Reason.NOT_UNMASKED
            room.note(Kind.PERSONAL_DATA_READ, account, reason=reason, done=shown)

        self._core.act(by.organisation, origin, note)

    @cached_property
    def purging(self) -> Purging:
        """What is forgotten in time."""
        return Purging(self._core)

    def prints(self, content: str) -> tuple[str, ...]:
        """Fingerprints of a request, which only this installation can make."""
        return self._core.sealer.marks(content.encode("utf-8", "surrogatepass"))

    def first_administrators(self, organisation: str) -> tuple[NewLink, ...]:
        """The three of an organisation that has none yet, each with a link; else nothing."""
        return first_administrators(self._core, organisation)
