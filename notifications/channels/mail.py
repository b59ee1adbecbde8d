"""Mail by SMTP, with one Message-ID for all tries of a message."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Final

from notifications.channels.port import Failed, Parcel, Result, Sent

#: Lines end as mail has it, and no server is asked whether it takes eight bits.
_LINES: Final = SMTP.clone(cte_type="7bit")
_LASTING: Final = range(500, 600)
_ACCEPTED: Final = 250
_SAID: Final = 150


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server. `security` is `none`, `starttls` or `tls`; certificates are verified."""

    id: str
    host: str
    port: int
    security: str
    sender: str
    pattern: re.Pattern[str]
    user: str = ""
    password: str = ""
    brief: bool = False
    seconds: int = 30

    def takes(self, address: str) -> bool:
        """Whether it is a bare address that the pattern allows."""
        bare = parseaddr(address)[1] == address and address.isascii()
        return bare and self.pattern.fullmatch(address) is not None

    def send(self, parcel: Parcel) -> Result:
        """Hand it to the server; whether it took it is doubtful only once the text was on its way.

        Errors of the server keep their code: those of the 500s last.
        """
        try:
            server = self._connected()
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return Failed(f"unreachable:{type(error).__name__}")
        try:
            return self._handed(server, parcel)
        finally:
            # However it takes leave, what it said of the message stands.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _handed(self, server: smtplib.SMTP, parcel: Parcel) -> Result:
        begun = False
        try:
            server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
            for code, said in (
                server.mail(parseaddr(self.sender)[1]),
                server.rcpt(parcel.to),
            ):
                if code // 10 != _ACCEPTED // 10:
                    return _refused(code, said)
            begun = True
            code, said = server.data(self._message(parcel).as_bytes())
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return Failed(f"unanswered:{type(error).__name__}", doubtful=begun)
        return Sent(_text(said)) if code == _ACCEPTED else _refused(code, said)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        # A server may be slow several times over; the whole has a limit of its own outside.
        patience = self.seconds / 2
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=patience, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=patience)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, parcel: Parcel) -> EmailMessage:
        message = EmailMessage(policy=_LINES)
        message["Message-ID"] = f"<{parcel.id}@{parseaddr(self.sender)[1].partition('@')[2]}>"
        message["From"] = self.sender
        message["To"] = parcel.to
        message["Subject"] = " ".join(parcel.subject.split())
        # Nobody's answering machine is to answer.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.plain)
        message.add_alternative(parcel.html, subtype="html")
        return message


def _refused(code: int, said: bytes | str) -> Failed:
    return Failed(f"refused:{code} {_text(said)}", lasting=code in _LASTING)


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_SAID]
