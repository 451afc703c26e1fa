"""`make play` and `manage.py play` as a teacher runs them, each in a folder of its own."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
import redis
from django.conf import settings

from games.management.commands import play
from quizgame import private_redis
from quizgame.children import ended_with_us

Ports = Callable[[], int]


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    output: Path
    site: str

    def said(self) -> str:
        return self.output.read_text()

    def children(self) -> dict[str, int]:
        """Process ids by what they run."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        names = ("redis-server", "valkey-server", "default", "long", "daphne")
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in listed.split()}
        return {
            next(name for name in names if name in command): int(pid)
            for pid, command in commands.items()
        }

    def ends(self) -> int:
        return self.process.wait(timeout=40)


@contextmanager
def playing(folder: Path, port: int, **environment: str) -> Iterator[Server]:
    """A server that has come up."""
    output = folder.with_name(f"{folder.name}.{time.monotonic_ns()}.txt")
    with output.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "play"],
            env=surroundings(folder, port, environment),
            stdout=written,
            stderr=written,
        )
    server = Server(process, output, f"http://127.0.0.1:{port}")
    try:
        while "Ctrl-C" not in server.said():
            assert process.poll() is None, server.said()
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        server.ends()


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("play") / "var"
    subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "set_up"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


@pytest.fixture
def folder(set_up_once: Path, tmp_path: Path) -> Path:
    """A data folder whose first start is behind it, to save each test the seconds that takes."""
    return shutil.copytree(set_up_once, tmp_path / "var")


def refusal(folder: Path, port: int | str, **environment: str) -> tuple[int, str]:
    """How it ends, and what it says, where it can't start."""
    ended = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "play"],
        env=surroundings(folder, port, environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.returncode, ended.stderr


def surroundings(folder: Path, port: int | str, more: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(port)} | more


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_second_start_goes_on_where_the_first_ended(tmp_path: Path, free_ports: Ports) -> None:
    folder = tmp_path / "var"
    with playing(folder, free_ports()) as server:
        with urlopen(f"{server.site}/") as page:
            assert page.status == 200
        assert re.findall(r"“host” with the password [a-z2-9]{4}-", server.said()) != []
        with redis.Redis.from_url(private_redis.socket_url(folder)) as client:
            client.set("room", "384019")
        accounts = accounts_in(folder)
        assert [name for name, _ in accounts] == ["host"]

        server.process.send_signal(signal.SIGINT)
        assert server.ends() == 0
        assert server.said().endswith("Stopped. Everything is kept for the next time.\n")

    with playing(folder, free_ports()) as server:
        with urlopen(f"{server.site}/") as page:
            assert page.status == 200
        assert "password" not in server.said()
        with redis.Redis.from_url(private_redis.socket_url(folder)) as client:
            assert client.get("room") == b"384019"
        assert accounts_in(folder) == accounts


def accounts_in(folder: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(folder / "quizgame.sqlite3")
    try:
        return connection.execute("SELECT username, password FROM auth_user").fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGHUP])
def test_it_takes_its_children_along(folder: Path, free_ports: Ports, ending: int) -> None:
    with playing(folder, free_ports()) as server:
        children = server.children()
        assert len(children) == 4
        # Twice, as the impatient do: the second changes nothing.
        for _ in range(2):
            server.process.send_signal(ending)
        assert server.ends() == 0

        assert [name for name, pid in children.items() if is_alive(pid)] == []
        assert "Traceback" not in server.said()


@pytest.mark.skipif(ended_with_us() == (), reason="only Linux tells children of a sudden end")
def test_killed_outright_it_leaves_nothing_behind(folder: Path, free_ports: Ports) -> None:
    with playing(folder, free_ports()) as server:
        children = server.children()
        server.process.kill()
        server.ends()
        give_up_at = time.monotonic() + 20
        while any(is_alive(pid) for pid in children.values()) and time.monotonic() < give_up_at:
            time.sleep(0.1)

        assert [name for name, pid in children.items() if is_alive(pid)] == []


@pytest.mark.parametrize(
    ("child", "name"),
    [
        ("default", "The worker of default tasks"),
        ("long", "The worker of long tasks"),
        ("daphne", "The web server"),
    ],
)
def test_when_one_ends_it_is_named_and_the_rest_are_stopped(
    folder: Path, free_ports: Ports, child: str, name: str
) -> None:
    with playing(folder, free_ports()) as server:
        children = server.children()
        os.kill(children[child], signal.SIGKILL)

        assert server.ends() == 1
        assert server.said().endswith(
            f"{name} ended unexpectedly (exit code -9); everything else was stopped.\n"
        )
        assert [name for name, pid in children.items() if is_alive(pid)] == []


def test_a_redis_that_is_given_is_used(folder: Path, free_ports: Ports, redis_url: str) -> None:
    with playing(folder, free_ports(), REDIS_URL=redis_url) as server:
        assert server.children().keys() == {"default", "long", "daphne"}
        assert not (folder / "redis").exists()


def test_two_on_one_folder_are_refused(folder: Path, free_ports: Ports) -> None:
    with playing(folder, free_ports()) as server:
        own = server.children().get("redis-server") or server.children()["valkey-server"]

        assert refusal(folder, free_ports()) == (
            1,
            f"Another Quizgame runs in {folder} (its Redis is process {own}): stop it first.\n",
        )
        with urlopen(f"{server.site}/") as page:
            assert page.status == 200


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert refusal(tmp_path, port) == (
            1,
            f"Port {port} is taken: stop the program that uses it,"
            " or choose another, such as “make play PORT=8123”.\n",
        )


def test_a_port_that_is_none_is_said(tmp_path: Path) -> None:
    expected = "PORT must be a whole number from 1 to 65535, not “{}”.\n"
    assert refusal(tmp_path, "many") == (1, expected.format("many"))
    assert refusal(tmp_path, 65_536) == (1, expected.format(65_536))


def test_an_address_of_another_machine_is_said(tmp_path: Path, free_ports: Ports) -> None:
    code, sentence = refusal(tmp_path, port := free_ports(), HOST="192.0.2.99")

    assert code == 1
    assert sentence.startswith(f"Nothing can listen on http://192.0.2.99:{port}/: ")
    assert sentence.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, free_ports: Ports) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"

    assert refusal(folder, free_ports()) == (
        1,
        f"DATA_DIR {folder} can't be written: Not a directory.\n",
    )


def test_a_redis_that_does_not_answer_is_said(tmp_path: Path, free_ports: Ports) -> None:
    nobody = f"127.0.0.1:{free_ports()}"

    assert refusal(tmp_path, free_ports(), REDIS_URL=f"redis://:secret@{nobody}/0") == (
        1,
        f"REDIS_URL can't be used: {nobody} says “Connection refused”."
        " Unset it to have a Redis started for you.\n",
    )


def test_a_database_that_does_not_answer_is_said(tmp_path: Path, free_ports: Ports) -> None:
    nobody = f"postgres://quizgame:secret@127.0.0.1:{free_ports()}/quizgame"
    code, sentence = refusal(tmp_path, free_ports(), DATABASE_URL=nobody)

    assert code == 1
    assert sentence.startswith("The database can't be used: ")
    assert sentence.count("\n") == 1
    assert "secret" not in sentence


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", None), ("localhost", None), ("::1", None), ("192.0.2.7", "192.0.2.7")],
)
def test_the_address_for_phones_follows_the_host(host: str, address: str | None) -> None:
    assert play.address_for_phones(host) == address


def test_make_says_that_python_is_too_old(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "find"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    old_python = programs / "python3"
    old_python.write_text("#!/bin/sh\nexit 1\n")
    old_python.chmod(0o755)
    make = shutil.which("make")
    assert make is not None

    ended = subprocess.run(
        [make, "play"], cwd=tmp_path, env={"PATH": str(programs)}, capture_output=True, text=True
    )

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[0] == (
        "Quizgame needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python."
    )
    assert not (tmp_path / ".venv").exists()
