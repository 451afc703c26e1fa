"""The processes of a server, each to be killed, stopped and started: Redis and web processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from quizgame import private_redis


class Redis:
    """A Redis of its own, with its append-only file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = private_redis.socket_url(folder)
        self._process: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        server = private_redis.find_server()
        assert server
        data = self.folder / "redis"
        data.mkdir(parents=True, exist_ok=True)
        path = private_redis.socket_path(self.folder)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        command = [str(server), *private_redis.options(path, data)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        private_redis.wait_until_ready(self._process, self.folder)

    def dies(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def stands_still(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)


class Web:
    """One Daphne process on a port of its own, which it keeps when it starts again."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        self._environment = environment
        self.starts()

    def starts(self) -> None:
        daphne = [sys.executable, "-m", "quizgame.daphne", "-b", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [*daphne, "quizgame.asgi:application"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def is_up(self) -> None:
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise AssertionError("Daphne didn't start")

    def dies(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
