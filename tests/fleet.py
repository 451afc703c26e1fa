"""The processes of a server, each to be killed, asked to end, and started again on its place."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from django.conf import settings

from games.management.commands.play import task_worker, web_server
from quizgame import private_redis


class Process:
    """One process of this project."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        folder: Path = settings.BASE_DIR,
        complaints: Path | None = None,
    ) -> None:
        self.complaints = complaints
        """Where its standard error goes; None is where the tests' own goes."""
        self.environment = environment
        self._command, self._folder = command, folder
        self.process: subprocess.Popen[bytes]

    def starts(self) -> None:
        complaints = self.complaints.open("ab") if self.complaints else None
        self.process = subprocess.Popen(
            self._command, cwd=self._folder, env=self.environment, stderr=complaints
        )
        if complaints:
            complaints.close()

    def dies(self) -> None:
        self.process.kill()
        self.process.wait()

    def is_asked_to_end(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def __enter__(self) -> Self:
        self.starts()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.dies()


class Web(Process):
    """One web process, started as the real ones are."""

    def __init__(
        self,
        port: int,
        environment: dict[str, str],
        folder: Path = settings.BASE_DIR,
        complaints: Path | None = None,
    ) -> None:
        super().__init__(web_server("127.0.0.1", port), environment, folder, complaints)
        self.port = port
        self.url = f"ws://127.0.0.1:{port}"

    def is_up(self) -> bool:
        assert not self.has_ended(), "a web process ended by itself"
        try:
            urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
        except OSError:
            return False
        return True


class Redis:
    """A Redis of its own, with its append-only file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = private_redis.socket_url(folder)
        self.process: subprocess.Popen[bytes]

    def starts(self) -> None:
        server = private_redis.find_server()
        assert server
        data = self.folder / "redis"
        data.mkdir(parents=True, exist_ok=True)
        path = private_redis.socket_path(self.folder)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self.process = subprocess.Popen(
            [str(server), *private_redis.options(path, data)],
            stdout=subprocess.DEVNULL,
            # Python ignores SIGXFSZ and so does what inherits that: a full disk is an error, no end.
            restore_signals=False,
        )
        private_redis.wait_until_ready(self.process, self.folder)

    def dies(self) -> None:
        self.process.kill()
        self.process.wait()

    def stands_still(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def can_write(self, can: bool) -> None:
        """Is there room on its disk? If not, no file of its own grows any more."""
        most = resource.RLIM_INFINITY if can else 1
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def worker(environment: dict[str, str], complaints: Path | None = None) -> Process:
    """The process that archives games."""
    return Process(task_worker("default"), environment, complaints=complaints)


def environment(folder: Path, redis: str, **more: str) -> dict[str, str]:
    """Of processes that serve the rooms of `settings.REDIS_PREFIX`."""
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "REDIS_URL": redis,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "SECRET_KEY": settings.SECRET_KEY,
    } | more


def until(is_so: Callable[[], bool], limit_s: float = 40) -> None:
    give_up_at = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < give_up_at, "it takes too long"
        time.sleep(0.05)
