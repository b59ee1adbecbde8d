"""Files over HTTP: up and down in pieces, always as attachments, for whoever sees the record."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import tracemalloc
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.integration import house as h
from tests.integration.http.caller import Caller, calling
from tests.integration.test_files import MARKED, PAPER, docx

PAGE = b"<script>alert(1)</script>"


def send(
    caller: Caller,
    data: bytes,
    name: str = "filename*=UTF-8''%E6%8A%A5%E5%91%8A.txt",
    **headers: str,
) -> httpx.Response:
    told = {
        "Authorization": f"Bearer {headers.pop('by', h.CLERK)}",
        "Idempotency-Key": headers.pop("key", f"key-number-{next(caller.keys)}"),
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; {name}",
        **{each.replace("_", "-"): value for each, value in headers.items()},
    }
    return caller.client.request("POST", "/api/v1/files", content=data, headers=told)


def body(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.content)
    return found


def content(caller: Caller, file: str, by: str = h.CLERK, **headers: str) -> httpx.Response:
    return caller.get(f"/api/v1/files/{file}/content", by, headers=headers)


def test_a_paper_goes_up_and_down_and_is_seen_by_those_who_see_its_record(zone: h.Zone) -> None:
    zone.advance_to("drafting")
    digest = hashlib.sha256(PAPER).digest()
    header = f"sha-256=:{base64.b64encode(digest).decode()}:"
    with calling(zone) as caller:
        sent = send(caller, PAPER, key="the-same-key", Repr_Digest=header)
        assert (sent.status_code, sent.headers["repr-digest"]) == (201, header)
        told = body(sent)
        assert (told["name"], told["media"], told["state"]) == ("报告.txt", "text/plain", "staged")
        again = send(caller, PAPER, key="the-same-key")
        assert (body(again)["id"], again.headers["idempotent-replayed"]) == (told["id"], "true")
        assert send(caller, PAPER + b".", Content_Digest=header).status_code == 422
        assert send(caller, PAPER, Repr_Digest="sha-256=:AA==:").status_code == 400
        assert content(caller, told["id"], h.HEAD).status_code == 404
        assert [each["id"] for each in body(caller.get("/api/v1/files", h.CLERK))["items"]] == [
            told["id"]
        ]
        assert caller.do(h.RESEARCH.with_(files=[told["id"]])).status_code == 200
        found = content(caller, told["id"], h.HEAD)
        assert found.content == PAPER
        assert found.headers["content-disposition"].startswith("attachment; ")
        assert "sandbox" in found.headers["content-security-policy"]
        assert found.headers["x-content-type-options"] == "nosniff"
        part = content(caller, told["id"], h.HEAD, Range="bytes=3-8")
        assert (part.status_code, part.content) == (206, PAPER[3:9])
        assert content(caller, told["id"], Range="bytes=9999-").status_code == 416
        tag = found.headers["etag"]
        assert content(caller, told["id"], **{"If-None-Match": tag}).status_code == 304
        assert content(caller, told["id"], "market.head").status_code == 404
        listed = body(caller.get(f"/api/v1/matters/{zone.matter}/files", h.HEAD))
        assert [each["digest"] for each in listed["items"]] == [digest.hex()]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_a_browser_would_run_is_only_ever_saved(zone: h.Zone) -> None:
    with calling(zone) as caller:
        told = body(send(caller, PAGE, 'filename="../../x.svg"'))
        assert (told["name"], told["media"]) == ("x.svg", "text/html")
        found = content(caller, told["id"])
        assert found.headers["content-type"] == "application/octet-stream"
        place = next(h.folder_of(zone.url).root.rglob(told["digest"]))
        place.chmod(0o600)
        place.write_bytes(b"x" * len(PAGE))
        assert content(caller, told["id"]).content == b""  # the last piece is withheld
        place.unlink()
        gone = content(caller, told["id"])
        assert (gone.status_code, "files verify" in body(gone)["detail"]) == (503, True)
        assert send(caller, b"MZ").status_code == 422
        assert send(caller, b"x", Content_Length="99999999999").status_code in (400, 413)
        assert send(caller, b"x", Content_Encoding="gzip").status_code == 415


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_marked_paper_is_out_of_reach_and_its_uploader_told_what_to_do(zone: h.Zone) -> None:
    with calling(zone) as caller:
        told = body(send(caller, docx("总则", "机 密 ★ 20 年")))
        assert (told["state"], told["level"]) == ("quarantined", "secret")
        assert told["procedure"]
        assert content(caller, told["id"]).status_code == 422
        assert content(caller, told["id"], h.LEGAL_HEAD).status_code == 404
        seen = body(caller.get(f"/api/v1/files/{told['id']}", h.LEGAL_HEAD))
        assert (seen["name"], seen["digest"], seen["state"]) == ("", "", "quarantined")
        given = {"file": told["id"], "reasons": "经核对属实"}
        done = caller.post("/api/v1/commands/confirm_quarantine", h.LEGAL_HEAD, given)
        assert done.status_code == 200
        assert body(caller.get(f"/api/v1/files/{told['id']}", h.CLERK))["state"] == "erased"
        assert send(caller, MARKED).status_code == 201


@pytest.mark.parametrize("backend", ["sqlite"])
def test_two_versions_are_compared_as_a_page_with_nothing_active_in_it(zone: h.Zone) -> None:
    zone.advance_to("drafted")
    zone.do(h.EDIT.with_(text="第一条 1<2\n第二条"))
    with calling(zone) as caller:
        one = f"/api/v1/matters/{zone.matter}/drafts/1/differences/2/page"
        found = caller.get(one, h.CLERK)
        assert found.headers["content-type"].startswith("text/html")
        assert "<p><ins>第一条 1&lt;2</ins></p>" in found.text


MEGABYTE = 1024 * 1024
SENT = 64
#: Whatever the size of the file: some pieces of a megabyte, and what a request takes anyway.
MOST_MEMORY = 12 * MEGABYTE


class Streamed:
    """A caller who sends and takes the same megabyte again and again, and keeps none of it."""

    def __init__(self, caller: Caller) -> None:
        self._app = caller.app

    def call(self, method: str, path: str, pieces: int) -> tuple[int, bytes, int]:
        return asyncio.run(self._call(method, path, pieces))

    async def _call(self, method: str, path: str, pieces: int) -> tuple[int, bytes, int]:
        piece, left, status, kept, came = b"\x81\x00" * (MEGABYTE // 2), pieces, 0, b"", 0
        told = {"authorization": f"Bearer {h.CLERK}", "idempotency-key": "streamed-one"}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
            "client": ("127.0.0.1", 1),
            "server": ("door.example", 80),
        }

        async def receive() -> dict[str, Any]:
            nonlocal left
            left -= 1
            if left < -1:
                await asyncio.sleep(3600)
            return {
                "type": "http.request",
                "body": piece if left >= 0 else b"",
                "more_body": left > 0,
            }

        async def send(message: Mapping[str, Any]) -> None:
            nonlocal status, kept, came
            status = message.get("status", status)
            kept, came = message.get("body", b"")[:1000], came + len(message.get("body", b""))

        await self._app(scope, receive, send)
        return status, kept, came


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_large_file_takes_no_more_memory_than_a_small_one(zone: h.Zone) -> None:
    with calling(zone) as caller:
        streamed = Streamed(caller)
        send(caller, PAPER)  # whatever is loaded once
        tracemalloc.start()
        status, told, _ = streamed.call("POST", "/api/v1/files", SENT)
        up = tracemalloc.get_traced_memory()[1]
        found = json.loads(told)
        tracemalloc.reset_peak()
        path = f"/api/v1/files/{found['id']}/content"
        down = (*streamed.call("GET", path, 0)[::2], tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (status, found["size"], found["media"]) == (
        201,
        SENT * MEGABYTE,
        "application/octet-stream",
    )
    assert down[:2] == (200, SENT * MEGABYTE)
    assert (up < MOST_MEMORY, down[2] < MOST_MEMORY) == (True, True), (up, down)
