"""The channels of an installation: a file of its administrator, with secrets in files beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from notifications.channels.mail import Mail
from notifications.channels.messengers import Messenger
from notifications.channels.port import Channel
from notifications.channels.webhook import Webhook
from procedures.schema import Strict
from procedures.source import fault, parse, read
from workflow.errors import BadInput
from workflow.texts import Line, Name

MOST_SECONDS: Final = 60
_OWN_MACHINE: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])[:/]")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise fault("notify.pattern", found=text[:40]) from None
    return text


def _safe_url(text: str) -> str:
    if not text.startswith("https://") and not _OWN_MACHINE.match(text):
        raise fault("notify.url", found=text[:40])
    return text


#: What the whole address must match: nobody has messages sent wherever they like.
Pattern = Annotated[Line, AfterValidator(_pattern)]
Waiting = Annotated[int, Field(ge=1, le=MOST_SECONDS)]
Content = Literal["full", "brief"]


class MailForm(Strict):
    """A mail server."""

    kind: Literal["smtp"]
    id: Name
    address: Pattern
    host: Line
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["none", "starttls", "tls"]
    sender: Line
    user: Line | None = None
    password_file: Line | None = None
    content: Content = "full"
    seconds: Waiting = 30


class WebhookForm(Strict):
    """An address that takes JSON."""

    kind: Literal["webhook"]
    id: Name
    address: Pattern
    url: Annotated[Line, AfterValidator(_safe_url)]
    token_file: Line | None = None
    content: Content = "brief"
    seconds: Waiting = 20


class MessengerForm(Strict):
    """A service that apprise knows; its URL is a secret, and stands in a file of its own."""

    kind: Literal["apprise"]
    id: Name
    address: Pattern
    url_file: Line
    content: Content = "brief"
    seconds: Waiting = 30


Form = Annotated[MailForm | WebhookForm | MessengerForm, Field(discriminator="kind")]


class ChannelsForm(Strict):
    """The file."""

    channels: Literal["outside"]
    version: date
    each: tuple[Form, ...]


def load_channels(path: Path | None) -> Mapping[str, Channel]:
    """The channels by their names, none without a file.

    Raises SourceError for a file that cannot be taken, BadInput for secrets that are not there,
    two channels of one name, or a service that apprise does not know.
    """
    if path is None:
        return {}
    found: dict[str, Channel] = {}
    for form in parse(read(path), ChannelsForm).each:
        if form.id in found:
            raise BadInput("notify.two_channels", channel=form.id)
        found[form.id] = _made(form, path.parent)
    return found


def _made(form: MailForm | WebhookForm | MessengerForm, folder: Path) -> Channel:
    pattern, brief = re.compile(form.address), form.content == "brief"
    match form:
        case MailForm():
            return Mail(
                form.id,
                form.host,
                form.port,
                form.security,
                form.sender,
                pattern,
                form.user or "",
                _secret(folder, form.password_file),
                brief,
                form.seconds,
            )
        case WebhookForm():
            token = _secret(folder, form.token_file)
            return Webhook(form.id, form.url, pattern, token, brief, form.seconds)
        case MessengerForm():
            url = _secret(folder, form.url_file)
            made = Messenger(form.id, url, pattern, brief, form.seconds)
            if not made.known():
                raise BadInput("notify.unknown_service", channel=form.id)
            return made


def _secret(folder: Path, name: str | None) -> str:
    if name is None:
        return ""
    try:
        return (folder / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput("notify.no_secret", file=name) from None
