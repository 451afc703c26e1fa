"""A file by HTTP ranges, which Django leaves to others and without which Safari plays nothing.

Source: RFC 9110, sections 13 and 14. One range at a time: several are answered with the whole.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

CHUNK_BYTES = 256 * 1024


class Part(NamedTuple):
    """Bytes `start` to `end`, without `end`."""

    start: int
    end: int


def file_response(
    request: HttpRequest, path: Path, content_type: str, etag: str, size: int | None = None
) -> HttpResponseBase:
    """What GET or HEAD asked for of the file, or of its first `size` bytes while it grows.

    etag  in quotes; names exactly these bytes
    """
    stat = path.stat()
    size = stat.st_size if size is None else min(size, stat.st_size)
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(stat.st_mtime),
        "X-Content-Type-Options": "nosniff",
    }
    response: HttpResponseBase | None = get_conditional_response(request, etag, int(stat.st_mtime))
    if response is not None:
        return response
    wanted = range_of(request.headers.get("Range", ""), size)
    if request.headers.get("If-Range", etag) != etag:
        wanted = None
    if wanted == Part(0, 0):
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    part = wanted or Part(0, size)
    if wanted:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    headers["Content-Length"] = str(part.end - part.start)
    # The compressing middleware would take the length away.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    # Each kind of server would collect the other's iterator as a whole first.
    is_async = isinstance(request, ASGIRequest)
    chunks = _chunks_async(path, part) if is_async else _chunks(path, part)
    return StreamingHttpResponse(chunks, status=status, content_type=content_type, headers=headers)


_RANGE = re.compile(r"bytes=(?:(?P<first>\d+)-(?P<last>\d*)|-(?P<suffix>\d+))", re.ASCII)


def range_of(header: str, size: int) -> Part | None:
    """The bytes asked for; nothing of them, `Part(0, 0)`, if the file has none there.

    None asks for the whole: no header, more than one range, or one that makes no sense.
    """
    asked = _RANGE.fullmatch(header.replace(" ", ""))
    if not asked:
        return None
    if asked["suffix"]:
        length = min(int(asked["suffix"]), size)
        return Part(size - length, size) if length else Part(0, 0)
    first = int(asked["first"])
    last = int(asked["last"]) if asked["last"] else size - 1
    if asked["last"] and last < first:
        return None
    return Part(first, min(last + 1, size)) if first < size else Part(0, 0)


def _chunks(path: Path, part: Part) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = part.end - part.start
        while left and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


async def _chunks_async(path: Path, part: Part) -> AsyncIterator[bytes]:
    chunks = _chunks(path, part)
    while chunk := await asyncio.to_thread(next, chunks, b""):
        yield chunk
