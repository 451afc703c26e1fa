"""Daphne's quick sends: the same bytes by every path, and no reader slows another."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from games.protocol import CloseCode
from quizgame.daphne import MAX_QUEUED, text_frame
from tests.flood_app import PAGE


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def serve(*endpoint: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "quizgame.daphne", *endpoint, "-v0", "tests.flood_app:application"],
        env={**os.environ, "PYTHONPATH": "."},
    )


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    process = serve("-b", "127.0.0.1", "-p", str(port))
    yield port
    process.terminate()
    process.wait()


async def connected(url: str, **options: object) -> ClientConnection:
    for _ in range(300):
        try:
            return await connect(url, compression=None, **options)  # type: ignore[arg-type]
        except OSError:
            await asyncio.sleep(0.1)
    raise AssertionError("Daphne didn't start")


async def hears_in_order(reader: ClientConnection, n: int, size: int) -> None:
    async with asyncio.timeout(30):
        for i in range(n):
            text = await reader.recv()
            assert isinstance(text, str)
            assert text == f"{i} ".ljust(size, "ä")


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_a_frame_says_how_long_it_is(size: int) -> None:
    frame = text_frame("a" * size)
    head = {1: 2, 125: 2, 126: 4, 65_535: 4, 65_536: 10}[size]
    assert frame[0] == 0x81
    assert frame[head:] == b"a" * size
    if head == 2:
        assert frame[1] == size
    else:
        assert int.from_bytes(frame[2:head], "big") == size


def test_two_texts_that_are_equal_but_not_the_same_are_each_encoded() -> None:
    assert text_frame("".join(["ä", "b"])) == text_frame("".join(["ä", "b"]))
    assert text_frame("first") != text_frame("other")


async def test_small_messages_arrive(port: int) -> None:
    async with await connected(f"ws://127.0.0.1:{port}/") as reader:
        await reader.send("3 40")
        await hears_in_order(reader, 3, 40)


async def test_what_does_not_fit_the_socket_arrives_whole_and_in_order(port: int) -> None:
    async with await connected(f"ws://127.0.0.1:{port}/") as reader:
        # 400 KB at once: more than loopback's buffers take, less than a slow reader may owe.
        await reader.send("20 10000")
        await hears_in_order(reader, 20, 10_000)
        await reader.send("3 40")
        await hears_in_order(reader, 3, 40)


async def test_a_reader_who_never_reads_is_cut_and_the_others_are_not(port: int) -> None:
    async with await connected(f"ws://127.0.0.1:{port}/") as quick:
        # One that can't hold much: its system buffer and its client's queue are small.
        slow = await connected(f"ws://127.0.0.1:{port}/", max_queue=1)
        messages = 40 * MAX_QUEUED // 100_000
        await slow.send(f"{messages} 50000")
        await asyncio.sleep(0.5)
        await quick.send("5 100")
        await hears_in_order(quick, 5, 100)
        with pytest.raises(ConnectionClosed):
            await hears_in_order(slow, messages, 50_000)


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


async def test_behind_tls_frames_take_daphnes_own_way(own_certificate: tuple[Path, Path]) -> None:
    key, certificate = own_certificate
    port = free_port()
    endpoint = f"ssl:{port}:privateKey={key}:certKey={certificate}:interface=127.0.0.1"
    process = serve("-e", endpoint)
    trusting = ssl.create_default_context(cafile=certificate)
    trusting.check_hostname = False
    try:
        async with await connected(f"wss://127.0.0.1:{port}/", ssl=trusting) as reader:
            await reader.send("20 10000")
            await hears_in_order(reader, 20, 10_000)
    finally:
        process.terminate()
        process.wait()


async def test_a_page_that_was_asked_for_is_sent_before_the_process_ends() -> None:
    port = free_port()
    process = serve("-b", "127.0.0.1", "-p", str(port))
    try:
        await (await connected(f"ws://127.0.0.1:{port}/")).close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.3)  # it is asked for, and not there yet
        process.terminate()
        async with asyncio.timeout(20):
            answer = await reader.read()
        assert answer.partition(b"\r\n\r\n")[2] == PAGE
        writer.close()
        await writer.wait_closed()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("code", [code for name, code in vars(CloseCode).items() if name.isupper()])
def test_every_code_that_we_close_with_can_be_sent(code: int) -> None:
    # Autobahn raises for the others, and the socket would stay open.
    assert code == 1000 or 3000 <= code <= 4999
