"""Log lines that say which request and which room they belong to, and of people nothing."""

import logging
import re
import secrets
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

request_id: ContextVar[str] = ContextVar("request_id", default="")
room_id: ContextVar[str] = ContextVar("room_id", default="")

_FIT = re.compile(r"[\w.:-]{8,64}")


class Whereabouts(logging.Filter):
    """Gives each line `request_id` and `room_id`, empty where there is none, and both as `where`."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = {"request": request_id.get(), "room": room_id.get()}
        record.__dict__ |= {
            "request_id": told["request"],
            "room_id": told["room"],
            "where": "".join(f" {name}={value}" for name, value in told.items() if value),
        }
        return True


class RequestId(MiddlewareMixin):
    """Names each request: as a proxy's X-Request-ID does, else by a name of its own; told back."""

    def process_request(self, request: HttpRequest) -> None:
        given = request.headers.get("X-Request-ID", "")
        request_id.set(given if _FIT.fullmatch(given) else secrets.token_hex(8))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response["X-Request-ID"] = request_id.get()
        return response
