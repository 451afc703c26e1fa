"""A server on this machine that speaks OpenAI's `/audio/speech`, and replies what a test tells it."""

import io
import json
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import soundfile

from tests.answering import answering
from tests.lessons.podcast.tones import tone


def wav(seconds: float = 0.5, rate_hz: int = 44_100) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, tone(440, seconds, rate_hz), rate_hz, format="WAV")
    return file.getvalue()


class Reply(NamedTuple):
    """How one request is answered."""

    sound: bytes = b""
    status: int = 200
    pause_s: float = 0
    """Before the reply, and again amid it."""


class TtsServer(ThreadingHTTPServer):
    """`replies` are given in turn, the last of them again and again; `requests` is what was asked."""

    daemon_threads = True

    def __init__(self, *replies: Reply) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = list(replies)
        self.requests: list[Mapping[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: TtsServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append(asked)
        server.keys.append(self.headers["Authorization"])
        reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
        if self.path != "/v1/audio/speech":
            reply = Reply(status=404)
        time.sleep(reply.pause_s)
        half = len(reply.sound) // 2
        try:
            self.send_response(reply.status)
            # A client that tries again does so at once.
            self.send_header("Retry-After-Ms", "1")
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Content-Length", str(len(reply.sound)))
            self.end_headers()
            self.wfile.write(reply.sound[:half])
            self.wfile.flush()
            time.sleep(reply.pause_s)
            self.wfile.write(reply.sound[half:])
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read `requests`."""


def serving(*replies: Reply) -> AbstractContextManager[TtsServer]:
    return answering(TtsServer(*replies))
