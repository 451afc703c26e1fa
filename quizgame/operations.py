"""What an operator's machines ask: is it alive, is it ready, what does it count?"""

import hmac

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from games.store import StoreError, connected


class ForMachines(MiddlewareMixin):
    """Answers before a Host is looked at: probes know an address, which ALLOWED_HOSTS doesn't name."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """The answer, if this is one of theirs."""
        match request.path:
            case "/healthz":
                return healthz(request)
            case "/readyz":
                return readyz(request)
            case "/metrics":
                return metrics(request)
        return None


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. What it depends on may be away: starting it again wouldn't help."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and Redis answer too; 503 tells a proxy to send visitors elsewhere."""
    answers = {"database": _has_database(), "redis": async_to_sync(_has_redis)()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


async def _has_redis() -> bool:
    try:
        async with connected() as store:
            return await store.answers()
    except (StoreError, OSError):
        return False


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The counts of this process, for Prometheus: to this machine, or to who has METRICS_TOKEN."""
    if not _may_read_metrics(request):
        return HttpResponseNotFound()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine asks for others, and says so.
    is_asked_for_another = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not is_asked_for_another
