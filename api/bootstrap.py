"""The composition root: the only place that puts the program together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from sqlalchemy import Engine

from api.files.examining import Looking
from api.files.folder import Folder
from api.files.limits import load_limits
from api.rehearsal import Stage
from api.settings import (
    address,
    channels_file,
    checkpoint_key_file,
    delivery_policy_file,
    digest_algorithm,
    file_limits,
    files_folder,
    notices_folder,
    policy_file,
    procedure_folders,
    provider_file,
    record_policy_file,
    secret_file,
)
from api.signing.keeper import Keeper
from notifications.open_dates import dates_of_house, dates_of_matter
from procedures.book import LAW, REHEARSAL, ProcedureBook
from procedures.dates import ChinaCalendars, ChinaDays, load_days
from procedures.kinds import KINDS
from workflow.canonical import SHA256
from workflow.clock import FixedClock, SystemClock
from workflow.counting import Counting
from workflow.inquiry import Inquiry, Memory
from workflow.inquiry.published import Public
from workflow.inquiry.shifting import Shifting
from workflow.ports import Clock, StepKind
from workflow.service import Service
from workflow.service.filing import Filing
from workflow.service.lines import SharedLines
from workflow.service.rulebook import Rulebook
from workflow.service.submitting import Submitting
from workflow.uow import UnitOfWork, check_schema, create_engine, shown

if TYPE_CHECKING:
    from api.identity.identity import Identity
    from api.identity.policy import Policy
    from api.record.checkpointing import Checkpointing
    from notifications.delivering import Delivering
    from notifications.rules import NoticeBook
    from notifications.sweep import Sweep
    from notifications.wording import Letters
    from workflow.ports import Watch

#: Where a browser finds one's inbox.
INBOX = "/inbox"

C = TypeVar("C", bound=Clock)
C_co = TypeVar("C_co", bound=Clock, covariant=True)


@dataclass(frozen=True)
class House(Generic[C_co]):
    """The program on one database. Safe to share between threads; close it in the end."""

    engine: Engine
    uow: UnitOfWork
    clock: C_co
    calendars: ChinaCalendars
    kinds: Mapping[str, StepKind]
    counting: Counting
    book: ProcedureBook
    service: Service
    inquiry: Inquiry
    submitting: Submitting
    public: Public
    filing: Filing
    rules: Rulebook
    lines: SharedLines | None = None
    digests: str = SHA256

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def identity(self) -> Identity:
        """Who somebody is; put together when it is first asked for, since most need it never.

        Raises SourceError for a policy or provider of one's own that cannot be taken.
        """
        from api.identity.identity import Identity
        from api.identity.policy import load_policy
        from api.identity.providers import load_provider
        from api.identity.sealing import Sealer

        provider = provider_file()
        return Identity(
            self.uow,
            self.clock,
            load_policy(policy_file()),
            Sealer(secret_file()),
            provider=None if provider is None else load_provider(provider),
        )

    @property
    def days(self) -> ChinaDays:
        """The days that everybody knows, whatever an organisation took in besides."""
        return self.calendars.days(())

    def days_of(self, organisation: str) -> ChinaDays:
        """The days of an organisation.  Raises NotFound."""
        return self.calendars.days(self.inquiry.calendar(organisation))

    def memory(self, most_signs: int) -> Memory:
        """A memory of answers to accounts, each made of what its own reader sees."""
        return self.inquiry.memory(most_signs)

    @cached_property
    def checkpointing(self) -> Checkpointing:
        """The signing of the journal; put together when it is first asked for.

        Raises SourceError for a policy of one's own that cannot be taken.
        """
        from api.record.checkpointing import Checkpointing
        from api.record.keys import KeyFile
        from api.record.policy import load_period

        key = KeyFile(checkpoint_key_file())
        return Checkpointing(self.uow, self.clock, key, load_period(record_policy_file()))

    @cached_property
    def delivering(self) -> Delivering:
        """What goes out on channels; put together when it is first asked for.

        Raises SourceError for a file of channels or numbers of one's own that cannot be taken,
        BadInput for secrets that are not there.
        """
        from notifications.channels.configured import load_channels
        from notifications.delivering import delivering
        from notifications.policy import load_policy

        return delivering(
            self.uow,
            self.rules,
            self.clock,
            self.inquiry,
            load_channels(channels_file()),
            load_policy(delivery_policy_file()),
            link=self.link,
            notices=self.notices,
            letters=self.letters,
        )

    @property
    def link(self) -> str:
        """Where a browser finds one's inbox."""
        return f"{address()}{INBOX}"

    @cached_property
    def notices(self) -> NoticeBook:
        """Who is told what, and when.  Raises SourceError for rules that cannot be taken."""
        from notifications.rules import NOTICES, load_notices, shipped_notices

        own = notices_folder()
        return shipped_notices() if own is None else load_notices(NOTICES, own)

    @cached_property
    def sweep(self) -> Sweep:
        """What looks at what is due."""
        from notifications.sweep import Sweep

        return Sweep(self.uow, self.inquiry, self.clock, self.notices)

    @cached_property
    def letters(self) -> Letters:
        """What puts notices into words."""
        from notifications.wording import Letters

        own = notices_folder()
        return Letters(self.notices.titles, None if own is None else own / "templates", address())

    @property
    def database(self) -> str:
        """The database as people are told of it: the file, or the address without its password."""
        return shown(self.engine.url)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_house(database_url: str, *, clock: Clock | None = None) -> House[Clock]:
    """Open the program on a database that has been set up.

    Raises BadInput for a URL that is none or a folder of definitions that is not there,
    StoreTrouble where the database cannot be used or is of another schema than this program's,
    SourceError where the calendar's file is broken.
    """
    return _build(database_url, SystemClock() if clock is None else clock, LAW)


def open_rehearsal(database_url: str, at: datetime | None = None) -> House[FixedClock]:
    """The same with a clock that stands still, at first at `at` (None: the present), until set.

    For organisations that are marked as rehearsals, by way of `stage`.
    """
    clock = FixedClock(SystemClock().now() if at is None else at)
    return _build(database_url, clock, LAW, REHEARSAL)


def stage(house: House[FixedClock], organisation: str) -> Stage:
    """What a scenario is played on; `play` refuses an organisation that is no rehearsal."""
    return Stage(
        house.service,
        house.inquiry,
        house.clock,
        organisation,
        house.submitting,
        house.public,
        house.filing,
    )


def _watch(uow: UnitOfWork, clock: Clock) -> Watch:
    """Attempts in vain become security events; identity is put together for the first of them."""

    def policy() -> Policy:
        from api.identity.policy import load_policy

        return load_policy(policy_file()).policy

    class Lazily:
        @cached_property
        def man(self) -> Watch:
            from api.identity.watching import Watchman

            return Watchman(uow, clock, policy)

        def asked_in_vain(self, organisation: str, account: str) -> None:
            self.man.asked_in_vain(organisation, account)

    return Lazily()


def _build(database_url: str, clock: C, *law: Path) -> House[C]:
    engine = create_engine(database_url)
    try:
        check_schema(engine)
        days = load_days()
        calendars = ChinaCalendars(days)
        counting = calendars.counting(())
        book = ProcedureBook(*law, *procedure_folders(), counting=days.rules)
        digests = digest_algorithm()
        shifting = Shifting(dates_of_matter, dates_of_house)
        rules = Rulebook(book, KINDS, calendars, Keeper(secret_file()), digests, shifting)
        uow = UnitOfWork(engine)
        watch = _watch(uow, clock)
        limits = load_limits(clock.now().date(), file_limits())
        filing = Filing(uow, rules, clock, Folder(files_folder()), Looking(), limits)
        service = Service(uow, rules, clock, watch, filing)
        inquiry = Inquiry(uow, rules, clock, watch)
        # What is public of a rehearsal is for those who rehearse it.
        rehearsing = REHEARSAL in law
        submitting = Submitting(uow, clock, rehearsing=rehearsing)
        public = Public(uow, rules, clock, rehearsing=rehearsing)
    except BaseException:
        engine.dispose()
        raise
    return House(
        engine,
        uow,
        clock,
        calendars,
        KINDS,
        counting,
        book,
        service,
        inquiry,
        submitting,
        public,
        filing,
        rules,
        # One process serves SQLite, and needs to tell nobody.
        SharedLines(uow) if engine.dialect.name == "postgresql" else None,
        digests,
    )
