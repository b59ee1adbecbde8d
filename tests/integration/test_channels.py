"""Channels with real peers: a mail server, a web server, and apprise in front of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any, Final

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.configured import load_channels
from notifications.channels.mail import Mail
from notifications.channels.messengers import Messenger
from notifications.channels.port import Failed, Null, Parcel, Sent
from notifications.channels.webhook import Webhook
from procedures.problems import SourceError
from workflow.errors import BadInput

ANY: Final = re.compile(r".+")
PARCEL: Final = Parcel(
    "jiyuan.7",
    "clerk@city.example",
    "请补正三项\r\nBcc: x@y",
    "第一行\n.\n第三行",
    "<p>第一行</p>",
    "https://x/",
)


class Post:
    """Takes mail, or answers as it is told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer = "250 queued as 42"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return self.answer


@pytest.fixture(scope="module")
def post() -> Iterator[tuple[Post, int]]:
    handler = Post()
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def mail(port: int, seconds: int = 10) -> Mail:
    return Mail(
        "mail", "127.0.0.1", port, "none", "Yicheng <no-reply@city.example>", ANY, seconds=seconds
    )


def test_mail_arrives_whole_and_under_the_same_name_each_time(post: tuple[Post, int]) -> None:
    handler, port = post
    assert mail(port).send(PARCEL) == Sent("queued as 42")
    assert mail(port).send(PARCEL) == Sent("queued as 42")
    first, second = handler.taken[-2:]
    assert first.rcpt_tos == ["clerk@city.example"]
    read = message_from_bytes(first.original_content or b"", policy=policy.default)
    assert read["Message-ID"] == "<jiyuan.7@city.example>"
    assert message_from_bytes(second.original_content or b"")["Message-ID"] == read["Message-ID"]
    assert (read["Subject"], read["Bcc"]) == ("请补正三项 Bcc: x@y", None)
    told = read.get_body(("plain",))
    assert told is not None
    assert told.get_content().splitlines() == PARCEL.plain.splitlines()


def test_a_mail_server_that_refuses_says_whether_for_good(post: tuple[Post, int]) -> None:
    handler, port = post
    handler.answer = "451 later"
    assert mail(port).send(PARCEL) == Failed("refused:451 later")
    handler.answer = "554 never"
    assert mail(port).send(PARCEL) == Failed("refused:554 never", lasting=True)
    handler.answer = "250 queued as 42"


def test_a_mail_server_that_is_not_there_or_says_nothing_took_nothing() -> None:
    with closing(create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        result = mail(port, seconds=1).send(PARCEL)
        assert isinstance(result, Failed)
        assert (result.lasting, result.doubtful) == (False, False)
    assert mail(port).send(PARCEL) == Failed("unreachable:ConnectionRefusedError")


def test_only_addresses_that_the_administrator_allows_are_taken() -> None:
    own = Mail("mail", "h", 25, "none", "a@b", re.compile(r"[a-z.]+@city\.example"))
    assert own.takes("clerk@city.example")
    for other in (
        "clerk@else.example",
        "A <a@city.example>",
        "a@city.example\n",
        "甲@city.example",
    ):
        assert not own.takes(other)


class Web(BaseHTTPRequestHandler):
    """Answers with the status in the path, and keeps what it was sent."""

    taken: list[tuple[dict[str, str], dict[str, Any]]] = []  # noqa: RUF012 (shared with the test)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((dict(self.headers), json.loads(body)))
        status = int(self.path.split("/")[1])
        if status:
            self.send_response(status)
            self.send_header("X-Request-Id", "r1")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def web() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def hook(port: int, status: int) -> Webhook:
    return Webhook("hook", f"http://127.0.0.1:{port}/{status}/{{address}}", ANY, "s3", seconds=4)


def test_a_webhook_is_told_under_one_key_and_who_asks(web: int) -> None:
    assert hook(web, 202).send(PARCEL) == Sent("r1")
    headers, body = Web.taken[-1]
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("jiyuan.7", "Bearer s3")
    assert (body["to"], body["text"]) == (PARCEL.to, PARCEL.plain)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (302, Failed("refused:302", lasting=True)),
        (404, Failed("refused:404", lasting=True)),
        (429, Failed("refused:429")),
        (503, Failed("refused:503", doubtful=True)),
        (0, Failed("unanswered:RemoteProtocolError", doubtful=True)),
    ],
)
def test_what_a_webhook_answers_says_whether_to_try_again(
    web: int, status: int, result: Failed
) -> None:
    assert hook(web, status).send(PARCEL) == result


def test_a_webhook_that_is_not_there_took_nothing() -> None:
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert hook(port, 200).send(PARCEL) == Failed("unreachable:ConnectError")
    assert Webhook("hook", "file:///x", ANY).send(PARCEL) == Failed(
        "misconfigured:url", lasting=True
    )


def test_apprise_sends_what_it_knows_how_to(web: int) -> None:
    channel = Messenger("wecom", f"json://127.0.0.1:{web}/200/{{address}}", ANY)
    assert channel.known()
    assert channel.send(PARCEL) == Sent()
    _, body = Web.taken[-1]
    assert body["message"] == PARCEL.plain
    refused = Messenger("wecom", f"json://127.0.0.1:{web}/500/", ANY)
    assert refused.send(PARCEL) == Failed("refused", doubtful=True)
    assert not Messenger("x", "nothing://", ANY).known()
    assert Messenger("x", "nothing://", ANY).send(PARCEL) == Failed(
        "misconfigured:url", lasting=True
    )


def test_the_twin_sends_nothing_and_says_what_it_was_told_to() -> None:
    twin = Null(results=[Failed("x")])
    assert [twin.send(PARCEL), twin.send(PARCEL)] == [Failed("x"), Sent("jiyuan.7")]
    assert twin.parcels == [PARCEL, PARCEL]


FILE: Final = """
channels: outside
version: 2026-01-01
each:
  - {kind: smtp, id: mail, address: '[a-z.]+@city\\.example', host: mail.city.example, port: 465,
     security: tls, sender: no-reply@city.example, user: yicheng, password_file: mail.secret}
  - {kind: webhook, id: hook, address: '\\d+', url: 'https://gate.example/{address}'}
  - {kind: apprise, id: wecom, address: '[a-z]+', url_file: wecom.secret}
"""


def test_channels_are_set_up_by_a_file_with_secrets_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text(FILE, "utf-8")
    with pytest.raises(BadInput, match="no_secret"):
        load_channels(file)
    (tmp_path / "mail.secret").write_text("p4ss\n", "utf-8")
    (tmp_path / "wecom.secret").write_text("json://127.0.0.1/{address}", "utf-8")
    found = load_channels(file)
    assert {name: each.brief for name, each in found.items()} == {
        "mail": False,
        "hook": True,
        "wecom": True,
    }
    mailing = found["mail"]
    assert isinstance(mailing, Mail)
    assert mailing.password == "p4ss"
    (tmp_path / "wecom.secret").write_text("nothing://", "utf-8")
    with pytest.raises(BadInput, match="unknown_service"):
        load_channels(file)
    assert load_channels(None) == {}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("https://gate", "http://gate", "notify.url"),
        ("'[a-z]+'", "'[a-z'", "notify.pattern"),
        ("id: wecom", "id: mail", "notify.two_channels"),
    ],
)
def test_a_file_of_channels_that_would_do_harm_is_refused(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    file = tmp_path / "channels.yaml"
    file.write_text(FILE.replace(old, new), "utf-8")
    (tmp_path / "mail.secret").write_text("x", "utf-8")
    with pytest.raises((SourceError, BadInput)) as caught:
        load_channels(file)
    found = caught.value
    codes = (
        [each.code for each in found.problems] if isinstance(found, SourceError) else [found.code]
    )
    assert codes == [code]
