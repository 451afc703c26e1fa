"""A report reaches the operator's Sentry, here a server on this machine that keeps what it gets."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from django.conf import settings


class Sentry(ThreadingHTTPServer):
    """Speaks as much of Sentry's protocol as its clients ask for: it takes envelopes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.envelopes: list[str] = []

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_address[1]}/1"


class _Handler(BaseHTTPRequestHandler):
    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        if packed := self.headers["Content-Encoding"]:
            body = unpack[packed](body)
        self.server.envelopes.append(body.decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    server = Sentry()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


# A page that fails while a pupil's name, cookie and answer are about, asked as Daphne asks it.
FAILING = """
import asyncio, sys, types
from channels.testing import HttpCommunicator
from quizgame.asgi import application
from django.test import override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from quizgame import logs

@csrf_exempt
def broken(request):
    logs.room_id.set("r00m")
    nickname = request.POST["nickname"]
    raise ZeroDivisionError("no points for nobody")

urls = types.ModuleType("urls")
urls.urlpatterns = [path("broken", broken)]

async def ask():
    headers = [
        (b"cookie", b"learner=secret-cookie"),
        (b"host", b"quiz.example"),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    wire = HttpCommunicator(application, "POST", "/broken?code=123456", b"nickname=Ada", headers)
    wire.scope["client"] = ("192.0.2.77", 50_000)
    return (await wire.get_response())["status"]

with override_settings(ROOT_URLCONF=urls):
    assert asyncio.run(ask()) == 500
import sentry_sdk
sentry_sdk.flush(5)
"""


def run(code: str, tmp_path: Path, dsn: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATA_DIR": str(tmp_path),
            "SENTRY_DSN": dsn,
            "DJANGO_SETTINGS_MODULE": "quizgame.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failure_is_reported_without_a_word_about_people(sentry: Sentry, tmp_path: Path) -> None:
    done = run(FAILING, tmp_path, sentry.dsn)
    assert done.returncode == 0, done.stderr

    [report] = [text for text in sentry.envelopes if "ZeroDivisionError" in text]
    event = json.loads(report.splitlines()[2])
    assert event["exception"]["values"][-1]["value"] == "no points for nobody"
    assert event["request"] == {"method": "POST", "url": "http://quiz.example/broken"}
    assert event["tags"]["room"] == "r00m"
    for word in ("Ada", "secret-cookie", "123456", "192.0.2.77"):
        assert word not in report


def test_an_address_that_is_none_stops_the_start(tmp_path: Path) -> None:
    done = run("import django; django.setup()", tmp_path, "sentry, please")
    assert done.returncode != 0
    assert "ImproperlyConfigured: SENTRY_DSN isn't the address of a Sentry" in done.stderr
