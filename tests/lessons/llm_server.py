"""A server on this machine that speaks OpenAI's chat completions, and replies what a test tells it."""

import json
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.answering import answering


class Reply(NamedTuple):
    """How one request is answered; `raw` goes out instead of pieces."""

    pieces: tuple[str, ...] = ()
    status: int = 200
    pause_s: float = 0
    """Before each piece."""
    tokens: int | None = None
    """Reported as used; None reports nothing."""
    finish: str | None = "stop"
    """None ends without a reason, as a server that was cut off."""
    raw: bytes = b""
    hang_up: bool = False
    """Close the connection in the middle."""


class LlmServer(ThreadingHTTPServer):
    """`replies` are given in turn, the last of them again and again; `requests` is what was asked."""

    daemon_threads = True

    def __init__(self, *replies: Reply, refuses: tuple[str, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = list(replies)
        self.refuses = refuses
        """Fields of a request that this server doesn't know."""
        self.requests: list[Mapping[str, Any]] = []
        self.keys: list[str | None] = []
        self.hung_up = threading.Event()
        """Somebody stopped listening before the reply was over."""

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: LlmServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        server.requests.append(asked)
        server.keys.append(self.headers["Authorization"])
        if self.path != "/v1/chat/completions":
            return self._fail(404, "no such path")
        if unknown := [name for name in server.refuses if name in asked]:
            return self._fail(400, f"unknown: {unknown}")
        reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
        if reply.status != 200:
            return self._fail(reply.status, "told to fail")
        try:
            self._stream(reply)
        except (BrokenPipeError, ConnectionResetError):
            server.hung_up.set()
        return None

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.raw:
            self._send(reply.raw)
        for piece in reply.pieces:
            time.sleep(reply.pause_s)
            self._send(_event({"choices": [_choice({"content": piece}, None)]}))
        if reply.hang_up:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        if reply.finish:
            self._send(_event({"choices": [_choice({}, reply.finish)]}))
        if reply.tokens is not None:
            usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": reply.tokens}
            self._send(_event({"choices": [], "usage": usage}))
        self._send(b"data: [DONE]\n\n")
        self._send(b"")

    def _send(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _fail(self, status: int, problem: str) -> None:
        body = json.dumps({"error": {"message": problem}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read `requests`."""


def _event(fields: Mapping[str, Any]) -> bytes:
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "test", **fields}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _choice(delta: Mapping[str, str], finish: str | None) -> Mapping[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def serving(*replies: Reply, refuses: tuple[str, ...] = ()) -> AbstractContextManager[LlmServer]:
    return answering(LlmServer(*replies, refuses=refuses))
