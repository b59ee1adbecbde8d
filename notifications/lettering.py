"""The messages of alerts, each as its reader may know of it at the moment at which it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.inbox import TOLD, alert_words
from notifications.letters import Letter, Part, letter, of_template
from notifications.wording import Letters
from workflow.catalogue import catalogue_for
from workflow.errors import Forbidden
from workflow.inquiry import Inquiry
from workflow.ports import Clock


@dataclass(frozen=True)
class Lettering:
    """Writes what goes out; `link` is where a browser finds the inbox.

    `words` has the templates of what the sweep tells: such a message goes out in these alone.
    """

    inquiry: Inquiry
    clock: Clock
    link: str
    words: Letters

    def __call__(
        self,
        organisation: str,
        recipient: str,
        alerts: Sequence[int],
        *,
        language: str,
        brief: bool,
        since: datetime | None,
    ) -> Letter | None:
        """The message of alerts; None where none of them matters any longer.

        Settled, expired, cured since, or about a matter that was kept from them since: not sent.
        """
        reader = self.inquiry.seen_by(organisation, recipient)
        try:
            found = reader.alerted(alerts)
        except Forbidden:
            # Nobody with a post any more.
            return None
        now = self.clock.now()
        notices = [
            each.notice
            for each in found
            if each.settled is None
            and (each.expires is None or each.expires > now)
            and not (each.notice.refusals and not any(each.notice.now))
        ]
        if not notices:
            return None
        facts, directory = reader.told_of(notices), self.inquiry.directory(organisation)
        catalogue = catalogue_for(language)
        parts = []
        for notice in notices:
            number = notice.body["matter"]
            about = None if number is None else facts.get(str(number))
            unseen = number is not None and (about is None or about.named is not None)
            words = alert_words(catalogue, directory, recipient, notice, about)
            parts.append(Part(words, closed=brief or unseen))
        zone = ZoneInfo(reader.organisation().time_zone)
        late = "" if since is None else f"{since.astimezone(zone):%Y-%m-%d %H:%M}"
        if len(notices) == 1 and notices[0].kind == TOLD and not parts[0].closed:
            (notice,) = notices
            told = self.words.words(catalogue, notice.procedure, directory, notice.body)
            plain, html = self.words.plain(catalogue, told), self.words.html(catalogue, told)
            return of_template(catalogue, told.first, plain, html, self.link, late=late)
        return letter(catalogue, parts, self.link, late=late)
