"""`yicheng notify`: mail to a real server, what was sent, what failed, and who wishes what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import create_server

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.integration.command_line import PROPOSAL, CommandLine, cli, clock

__all__ = ["cli", "clock"]

CLERK = "planning.clerk"


class Box(Message):
    """Keeps the mail that comes."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[str] = []

    def handle_message(self, message: object) -> None:
        self.mails.append(str(message))


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """A mail server, and the file of channels that names it."""
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    found = Box()
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    file = tmp_path / "channels.yaml"
    file.write_text(
        "channels: outside\nversion: 2026-01-01\neach:\n"
        "  - {kind: smtp, id: mail, address: '.+@city[.]example', host: 127.0.0.1,\n"
        f"     port: {port}, security: none, sender: no-reply@city.example}}\n",
        "utf-8",
    )
    monkeypatch.setenv("YICHENG_CHANNELS", str(file))
    yield found
    server.stop()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_wished_is_sent_and_told(cli: CommandLine, box: Box, tmp_path: Path) -> None:
    wishes = tmp_path / "wishes.json"
    wishes.write_text(json.dumps({"addresses": {"mail": "clerk@city.example"}}), "utf-8")
    kept = cli.json("notify", "prefer", CLERK, "--file", str(wishes))
    assert kept == cli.json("notify", "prefer", CLERK)
    assert kept["addresses"] == {"mail": "clerk@city.example"}
    cli.do("propose", CLERK, PROPOSAL)
    cli.do("convene_meeting", "office.keeper", {"held_on": "2026-03-16", "body": "party_group"})
    cli.do(
        "propose_agenda_item",
        CLERK,
        None,
        "--matter",
        "2026-0001",
        "--meeting",
        "M2026-001",
        expect=3,
    )
    told = cli.json("notify", "deliver")
    assert (told["sent"], told["failed"], len(box.mails)) == (told["handed"], 0, told["handed"])
    assert told["handed"] > 0
    sent = cli.json("notify", "sent", "--as", CLERK)
    assert {each["state"] for each in sent} == {"sent"}
    assert CLERK not in cli("notify", "failed").stdout
    alert = str(sent[0]["alert"])
    assert alert in cli("notify", "read", alert, "--as", CLERK).stdout
    done = cli.json("notify", "acknowledge", alert, "--as", CLERK)
    assert done == {"alert": int(alert), "acknowledged": True}
    cli("notify", "acknowledge", alert, "--as", "planning.head", expect=4)
    made = cli.json("notify", "resend", str(sent[0]["id"]))["delivery"]
    assert made > sent[0]["id"]
    wishes.write_text('{"addresses": {"mail": "a@else.example"}}', "utf-8")
    assert cli.error("notify", "prefer", CLERK, "--file", str(wishes), expect=2)["error"] == (
        "notify.address"
    )
    wishes.write_text("[]", "utf-8")
    cli("notify", "prefer", CLERK, "--file", str(wishes), expect=2)
    cli("notify", "prefer", CLERK, "--file", str(tmp_path / "none"), expect=2)
    assert CLERK in cli("notify", "sent").stdout
