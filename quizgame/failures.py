"""Reports of failures to a Sentry: what failed and where in the code, of people nothing."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from quizgame.logs import request_id, room_id

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint


def report_failures_to(dsn: str) -> None:
    """From now on, in this process. Raises ImproperlyConfigured."""
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN needs the package sentry-sdk: “uv sync --inexact --group sentry”."
        ) from None
    try:
        sentry_sdk.init(
            dsn,
            before_send=impersonal,
            send_default_pii=False,
            # Both hold what a class typed.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            default_integrations=True,
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN isn't the address of a Sentry: {error}") from None


def impersonal(event: "Event", hint: "Hint") -> "Event":
    """The report without addresses, cookies and query strings; with the request and the room."""
    asked: dict[str, Any] = event.get("request", {})
    event["request"] = {name: asked[name] for name in ("method", "url") if name in asked}
    event.pop("user", None)
    event.pop("server_name", None)
    event.setdefault("tags", {}).update({"request": request_id.get(), "room": room_id.get()})
    return event
