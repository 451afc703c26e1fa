"""A file in parts, as players ask for it."""

from pathlib import Path

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from lessons.podcast.ranges import Part, file_response, range_of

DIGITS = bytes(range(256)) * 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "digits.mp3"
    file.write_bytes(DIGITS)
    return file


def ask(file: Path, method: str = "get", **headers: str) -> HttpResponseBase:
    given_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = getattr(RequestFactory(), method)("/", headers=given_headers)
    return file_response(request, file, "audio/mpeg", '"v1"')


def body(response: HttpResponseBase) -> bytes:
    return response.getvalue()


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        ("bytes=0-", slice(0, 1024), "bytes 0-1023/1024"),
        ("bytes=0-1", slice(0, 2), "bytes 0-1/1024"),
        ("bytes=1000-5000", slice(1000, 1024), "bytes 1000-1023/1024"),
        ("bytes=-4", slice(1020, 1024), "bytes 1020-1023/1024"),
        ("bytes=-5000", slice(0, 1024), "bytes 0-1023/1024"),
        ("bytes=1023-1023", slice(1023, 1024), "bytes 1023-1023/1024"),
    ],
)
def test_one_range(file: Path, asked: str, part: slice, told: str) -> None:
    response = ask(file, Range=asked)
    expected = DIGITS[part]
    assert (response.status_code, response["Content-Range"]) == (206, told)
    assert response["Content-Length"] == str(len(expected))
    assert body(response) == expected


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end(file: Path, asked: str) -> None:
    response = ask(file, Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize("asked", ["", "bytes=5-2", "bytes=0-1,5-6", "pages=1-2", "bytes=a-b"])
def test_the_whole_where_no_one_range_is_meant(file: Path, asked: str) -> None:
    response = ask(file, Range=asked)
    assert (response.status_code, response["Accept-Ranges"]) == (200, "bytes")
    assert body(response) == DIGITS


def test_head_says_what_get_would(file: Path) -> None:
    told = ask(file, "head", Range="bytes=2-5")
    assert (told.status_code, told["Content-Length"], body(told)) == (206, "4", b"")


def test_a_range_of_another_version_is_the_whole(file: Path) -> None:
    assert ask(file, Range="bytes=2-5", If_Range='"v1"').status_code == 206
    assert ask(file, Range="bytes=2-5", If_Range='"v0"').status_code == 200


def test_who_has_it_gets_nothing_again(file: Path) -> None:
    assert ask(file, If_None_Match='"v1"').status_code == 304
    assert ask(file, If_None_Match='"v0"').status_code == 200
    assert ask(file, If_Modified_Since=ask(file)["Last-Modified"]).status_code == 304


def test_of_a_file_that_grows_only_what_was_there(file: Path) -> None:
    request = RequestFactory().get("/", headers={"Range": "bytes=90-"})
    response = file_response(request, file, "audio/mpeg", '"v1"', size=100)
    assert (response["Content-Range"], body(response)) == ("bytes 90-99/100", DIGITS[90:100])


async def test_the_same_under_asgi(file: Path) -> None:
    request = AsyncRequestFactory().get("/", headers={"Range": "bytes=10-19"})
    response = file_response(request, file, "audio/mpeg", '"v1"')
    assert isinstance(response, StreamingHttpResponse)
    assert b"".join([chunk async for chunk in response]) == DIGITS[10:20]


@given(header=st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True), size=st.integers(0, 3000))
def test_a_part_lies_within_the_file(header: str, size: int) -> None:
    part = range_of(header, size)
    assert part is None or part == Part(0, 0) or 0 <= part.start < part.end <= size
