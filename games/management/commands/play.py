"""Everything this server needs, started in order, watched, and stopped in the opposite order."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from io import StringIO
from ipaddress import ip_address
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.core.management.base import BaseCommand

from games.management.commands.set_up import account_line, prepare
from games.views.ways import lan_address
from quizgame import private_redis
from quizgame.children import child
from quizgame.settings import whole_number

Children = dict[str, subprocess.Popen[bytes]]

START_LIMIT_S = 60
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Runs everything: a private Redis unless REDIS_URL is set, the worker and the server."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        host = os.environ.get("HOST", "").strip() or "0.0.0.0"  # noqa: S104
        port = whole_number("PORT", 8000, low=1, high=65_535)
        refuse_taken_port(host, port)
        for ending in ENDINGS:
            signal.signal(ending, stop_once)
        try:
            with ExitStack() as stack:
                children: Children = {}
                if os.environ.get("REDIS_URL"):
                    greet_redis()
                else:
                    redis = private_redis.start(settings.DATA_DIR)
                    children["Redis"] = stack.enter_context(redis)
                password = prepare()
                phones = url(address, port) if (address := address_for_phones(host)) else None
                for queue in settings.TASKS["default"]["QUEUES"]:
                    worker = stack.enter_context(child(task_worker(queue)))
                    children[f"The worker of {queue} tasks"] = worker
                children["The web server"] = stack.enter_context(child(web_server(host, port)))
                wait_until_listening(host, port, children)
                self.welcome(url("localhost" if is_any(host) else host, port), phones, password)
                wait_for_an_end(children)
        except private_redis.RedisUnavailable as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. Everything is kept for the next time.")

    def welcome(self, projector: str, phones: str | None, password: str | None) -> None:
        lines = [
            "",
            "Quizgame is running.",
            "",
            f"  Projector  {projector}",
            f"  Phones     {phones or 'none: only this machine can reach it'}",
            f"  Data       {settings.DATA_DIR}",
            "  Stop       Ctrl-C",
            "",
        ]
        if password:
            lines += [account_line(password), ""]
        if phones:
            lines += [qr_code(phones)]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def refuse_taken_port(host: str, port: int) -> None:
    """Before anything is started: Daphne would say it with a traceback."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            # A port that another program has bound can be bound again until one of the two listens.
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"Port {port} is taken: stop the program that uses it,"
                " or choose another, such as “make play PORT=8123”."
            )
        sys.exit(f"Nothing can listen on {url(host, port)}: {error.strerror}. See HOST and PORT.")


def stop_once(signal_number: int, frame: FrameType | None) -> NoReturn:
    """The first Ctrl-C ends the block that all children run in; impatience doesn't cut it short."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def greet_redis() -> None:
    if "+" in urlsplit(settings.REDIS_URL).scheme:
        return  # Sentinels or a Cluster: which machine to greet only their client finds out
    try:
        private_redis.ping(settings.REDIS_URL)
    except private_redis.RedisUnavailable as error:
        # The address without what may be a password in it.
        place = urlsplit(settings.REDIS_URL).netloc.rpartition("@")[2] or settings.REDIS_URL
        sys.exit(
            f"REDIS_URL can't be used: {place} says “{error}”."
            " Unset it to have a Redis started for you."
        )


def address_for_phones(host: str) -> str | None:
    if is_any(host):
        return lan_address()
    return None if is_loopback(host) else host


def is_any(host: str) -> bool:
    return host in {"0.0.0.0", "::"}  # noqa: S104


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def qr_code(address: str) -> str:
    drawn = StringIO()
    segno.make(address, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()


def task_worker(queue: str) -> list[str]:
    return [
        *(sys.executable, str(settings.BASE_DIR / "manage.py"), "work"),
        *("--queue-name", queue, "--no-reload", "--skip-checks"),
    ]


def web_server(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "quizgame.daphne", "--bind", host, "--port", str(port)),
        # The browsers ping, each in its own time; Daphne would ping two thousand at once.
        *("--ping-interval", "3600", "--websocket_timeout", "-1"),
        # Enough for a seat to be given up after its phone has gone.
        *("--application-close-timeout", "10"),
        # No access log: a class of thirty would bury what matters.
        *("--verbosity", "0", "--no-server-name"),
        "quizgame.asgi:application",
    ]


def wait_until_listening(host: str, port: int, children: Children) -> None:
    target = "localhost" if is_any(host) else host
    give_up_at = time.monotonic() + START_LIMIT_S
    while time.monotonic() < give_up_at:
        stop_if_one_ended(children)
        try:
            return socket.create_connection((target, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
    sys.exit("The web server didn't start in time.")


def wait_for_an_end(children: Children) -> NoReturn:
    while True:
        stop_if_one_ended(children)
        time.sleep(0.25)


def stop_if_one_ended(children: Children) -> None:
    for name, process in children.items():
        if process.poll() is not None:
            sys.exit(
                f"{name} ended unexpectedly (exit code {process.returncode});"
                " everything else was stopped."
            )
