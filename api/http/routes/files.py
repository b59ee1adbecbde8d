"""Files (文件): sent up and down piece by piece, never shown in a browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Final

from anyio import fail_after
from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request
from starlette.responses import Response, StreamingResponse

from api.http.answering import answer
from api.http.authentication import asked
from api.http.door import Call
from api.http.errors import TooLarge, TooSlow, WrongMedia
from api.http.idempotency import REPLAYED, bound_key
from api.http.naming import digest_header, digest_told, disposition_of, name_of, part_of
from api.http.patience import UPLOADS
from api.http.shapes.files import StoredFile, StoredFiles, UploadedFile
from api.http.table import Named, Table
from api.presenting.files import file_data, staged_data
from workflow.errors import StoreTrouble
from workflow.files import Blob, Filed
from workflow.service.filing import Upload

_PIECE: Final = 1024 * 1024
#: What a browser would do something with is told as bytes.
_ACTIVE: Final = frozenset({"text/html"})
_SANDBOX: Final = "sandbox; default-src 'none'"
_BODY: Final = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

Files = Annotated[Call, Depends(asked("files"))]
Part = Annotated[str | None, Header(alias="Range")]
IfRange = Annotated[str | None, Header(alias="If-Range")]
IfNone = Annotated[str | None, Header(alias="If-None-Match")]


def add(table: Table) -> None:
    """Enter the ways in and out for files."""
    table.post(UPLOADS, "add_file", "files", UploadedFile, _upload, body=_BODY, statuses=(201,))
    table.get(UPLOADS, "files", "files", StoredFiles, _waiting)
    table.get(f"{UPLOADS}/{{file}}", "file", "files", StoredFile, _file)
    table.get(
        f"{UPLOADS}/{{file}}/content",
        "file_content",
        "files",
        bytes,
        _content,
        more=(206, 304, 416),
    )
    table.get("/api/v1/matters/{number}/files", "matter_files", "files", StoredFiles, _of_matter)


async def _upload(request: Request, call: Files) -> Response:
    """Take a file in, with as much memory for a large one as for a small one."""
    told = request.headers
    if (told.get("content-encoding") or "identity").strip().lower() != "identity":
        raise WrongMedia("http.packed")
    key = bound_key(told.get("idempotency-key"), call.account)
    expected = digest_told(told.get("repr-digest"), told.get("content-digest"))
    length = told.get("content-length") or ""
    size = int(length[:20]) if length.isdecimal() else None
    filing = call.house.filing
    if size is not None and size > filing.limits.file_bytes:
        raise TooLarge("file.too_large", limit=filing.limits.file_bytes)
    _ = await run_sync(lambda: call.ask)  # whoever may ask nothing may leave nothing
    name = name_of(told.get("content-disposition"))
    begin = partial(filing.begin, call.organisation, call.account, name, size)
    upload = await run_sync(begin)
    try:
        await _receive(request, upload, call.settings.body_seconds)
        staged = await run_sync(partial(upload.complete, key, expected))
    finally:
        await run_sync(upload.discard)
    headers = {"Location": f"{UPLOADS}/{staged.file.key}"}
    headers |= {"Repr-Digest": digest_header(staged.file.digest)} if staged.file.digest else {}
    headers |= {REPLAYED: "true"} if staged.replayed else {}
    return answer(staged_data(call.catalogue, staged), status=201, headers=headers)


async def _receive(request: Request, upload: Upload, seconds: float) -> None:
    """Hand the body on piece by piece; each has its time, and all of them have no more."""
    chunks, waiting = request.stream(), bytearray()
    while True:
        try:
            with fail_after(seconds):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise TooSlow("http.too_slow", limit=round(seconds)) from error
        if chunk is None:
            break
        waiting += chunk
        if len(waiting) >= _PIECE:
            await run_sync(upload.write, bytes(waiting))
            waiting.clear()
    if waiting:
        await run_sync(upload.write, bytes(waiting))


def _waiting(call: Files) -> Response:
    """What one has uploaded and not used yet, and what one may judge in quarantine."""
    return answer({"items": [file_data(each) for each in call.ask.files()]})


def _of_matter(number: Named, call: Files) -> Response:
    """What is attached to a matter, as far as its records are seen."""
    return answer({"items": [file_data(each) for each in call.ask.matter_files(number)]})


def _file(file: Named, call: Files) -> Response:
    """One file."""
    return answer(file_data(call.ask.file(file)))


def _content(
    file: Named,
    call: Files,
    *,
    part: Part = None,
    if_range: IfRange = None,
    if_none: IfNone = None,
) -> Response:
    """Its bytes, or a part of them."""
    found = call.ask.file(file, whole=True)
    tag = f'"{found.algorithm}-{found.digest}"'
    headers = _headers(found, tag)
    if if_none is not None and tag in if_none:
        return Response(status_code=304, headers={"ETag": tag})
    asked_for = part_of(part, found.size) if if_range in (None, tag) else None
    blob = call.house.filing.open(call.organisation, found)
    if asked_for is None:
        headers["Content-Length"] = str(found.size)
        return StreamingResponse(_whole(blob, found.digest), headers=headers)
    start, end = asked_for
    headers |= {
        "Content-Length": str(end + 1 - start),
        "Content-Range": f"bytes {start}-{end}/{found.size}",
    }
    return StreamingResponse(_some(blob, start, end + 1 - start), 206, headers)


def _headers(found: Filed, tag: str) -> dict[str, Any]:
    media = "application/octet-stream" if found.media in _ACTIVE else found.media
    return {
        "Content-Type": "text/plain; charset=utf-8" if media == "text/plain" else media,
        "Content-Disposition": disposition_of(found.name),
        "Content-Security-Policy": _SANDBOX,
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Repr-Digest": digest_header(found.digest),
    }


def _whole(blob: Blob, digest: str) -> Iterator[bytes]:
    """All of it; the last piece only once all of it is what its digest says."""
    told, held = hashlib.sha256(), b""
    with blob:
        while raw := blob.read(_PIECE):
            told.update(raw)
            if held:
                yield held
            held = raw
        if told.hexdigest() != digest:
            raise StoreTrouble("file.replaced", digest=digest)
        yield held


def _some(blob: Blob, start: int, count: int) -> Iterator[bytes]:
    with blob:
        blob.seek(start)
        while count and (raw := blob.read(min(count, _PIECE))):
            count -= len(raw)
            yield raw
