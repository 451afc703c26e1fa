"""A PostgreSQL of the tests' own: `python -m tests.postgres COMMAND...` runs the command on one.

It lives in a temporary folder, is reached by a unix socket there, keeps nothing on disk for sure, and
ends with the command. No other server is touched.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

START_LIMIT_S = 60
OWN = "QUIZGAME_TEST_POSTGRES"
"""The variable in which a command that runs on such a server finds its address."""


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL on a server that is there for it alone."""
    programs = find_programs()
    if programs is None:
        print(
            "No PostgreSQL was found: install it (Debian: apt install postgresql),"
            " or test on SQLite with plain “make test”.",
            file=sys.stderr,
        )
        return 1
    with server(programs) as address:
        environment = {**os.environ, OWN: address, "DATABASE_URL": new_database(address)}
        return subprocess.run(command, env=environment).returncode


def new_database_of_this_run() -> str:
    """An empty database where the tests run on PostgreSQL, else none: DATABASE_URL for a process."""
    return new_database(os.environ[OWN]) if OWN in os.environ else ""


def new_database(address: str, name: str = "") -> str:
    """The address of an empty database on a server, named at random if not otherwise."""
    name = name or f"quizgame_{secrets.token_hex(4)}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{address}/{name}"


def find_programs() -> Path | None:
    """The folder of initdb and postgres. Debian keeps them off PATH, one folder for each version."""
    found = [Path(name).resolve().parent for name in [shutil.which("initdb")] if name]
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found += sorted(
        (file.parent for file in versions), key=lambda folder: float(folder.parent.name)
    )
    return found[-1] if found else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """A server until the block ends; gives its address, to which `/` and a database are added."""
    with folder() as home:
        process = Server(programs, home)
        process.starts()
        try:
            yield process.address
        finally:
            process.ends()


@contextmanager
def folder() -> Iterator[str]:
    """Where a server can live. Not pytest's: the path of a socket has room for a hundred letters."""
    with tempfile.TemporaryDirectory(prefix="quizgame-postgres-") as home:
        yield home


class Server:
    """A server in a folder, to be killed and started again."""

    def __init__(self, programs: Path, home: str) -> None:
        self.address = f"postgres://quizgame@{quote(home, safe='')}"
        self._programs, self._home, self._somebody = programs, home, unprivileged(home)
        self.process: subprocess.Popen[bytes]

    def starts(self) -> None:
        if not Path(self._home, "data").exists():
            self._is_made()
        listening = ["-k", self._home, "-c", "listen_addresses=", "-c", "max_connections=200"]
        careless = ["-F", "-c", "full_page_writes=off"]
        with (Path(self._home) / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._programs / "postgres", "-D", f"{self._home}/data", *listening, *careless],
                cwd=self._home,
                stdout=log,
                stderr=log,
                **self._somebody,
            )
        wait_until_ready(self.address, self.process)

    def _is_made(self) -> None:
        command = [str(self._programs / "initdb"), "--pgdata", f"{self._home}/data"]
        subprocess.run(
            [
                *(*command, "--username", "quizgame", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            cwd=self._home,
            check=True,
            stdout=subprocess.DEVNULL,
            **self._somebody,
        )

    def dies(self) -> None:
        """All of its processes at once; what was committed has been handed to the system."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            os.kill(each, signal.SIGKILL)
        self.process.wait()

    def ends(self) -> None:
        self.process.send_signal(signal.SIGINT)  # to clients that are still there, it says goodbye
        self.process.wait()


def unprivileged(home: str) -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses to be root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            return psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL didn't start")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
