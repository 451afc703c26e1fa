"""How often something may be tried. Counted in Redis, so that it holds over all processes; while
Redis is away, in each process alone.

    PREFIX:throttles:...   counters of `limits`, as long as their windows
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

Answer = TypeVar("Answer")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Throttle:
    """So many tries of one name in a window of time that begins with the first."""

    limit: RateLimitItem

    def wait_s(self, *who: str) -> int:
        """How long until the next try is looked at; 0: now."""

        def left(limiter: FixedWindowRateLimiter) -> float:
            if limiter.test(self.limit, *who):
                return 0
            return limiter.get_window_stats(self.limit, *who).reset_time - time.time()

        return max(0, math.ceil(counted(left)))

    def count(self, *who: str) -> None:
        """Another try."""
        counted(lambda limiter: limiter.hit(self.limit, *who))


# Failures are counted, never successes: a class behind one address logs in.
OF_ACCOUNT_HERE = Throttle(RateLimitItemPerMinute(8, 5, namespace="log-in"))
"""One account from one address, or from one device that has logged in to it before."""
OF_ACCOUNT = Throttle(RateLimitItemPerHour(100, namespace="log-in-account"))
"""One account from anywhere; devices that have logged in to it before don't care."""
OF_ADDRESS = Throttle(RateLimitItemPerMinute(100, 5, namespace="log-in-address"))
"""Any accounts from one address."""
OF_CODE = Throttle(RateLimitItemPerMinute(6, 5, namespace="second-factor"))
"""Codes and passwords of somebody whose account is known already."""

SIGN_UPS = Throttle(RateLimitItemPerHour(200, namespace="sign-up"))
"""From one address, those refused too, which tell what names there are: three classes, twice each."""
ROOMS = Throttle(RateLimitItemPerMinute(100, 10, namespace="open-room"))
"""Rooms of one host."""
SEARCHES = Throttle(RateLimitItemPerMinute(300, namespace="search"))
"""Searches from one address: ten a minute for each of a class."""


def address_of(request: HttpRequest) -> str:
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def user_key(request: HttpRequest) -> str:
    return str(request.user.pk)


def too_many(request: HttpRequest, wait_s: int) -> HttpResponse:
    """Says when to try again."""
    minutes = math.ceil(wait_s / 60)
    if wait_s < 60:
        when = ngettext("%d second", "%d seconds", wait_s) % wait_s
    else:
        when = ngettext("%d minute", "%d minutes", minutes) % minutes
    said = _("That was tried too often. Try again in %s.") % when
    response = render(request, "accounts/too_many.html", {"said": said}, status=429)
    response["Retry-After"] = str(wait_s)
    response["Cache-Control"] = "no-store"
    return response


def failures_throttled(
    throttle: Throttle, who: Callable[[HttpRequest], str]
) -> Callable[[View], View]:
    """For a view whose form, when it is right, leads elsewhere."""

    def throttled(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            if wait_s := throttle.wait_s(who(request)):
                return too_many(request, wait_s)
            response = view(request, *args, **kwargs)
            if response.status_code != 302:
                throttle.count(who(request))
            return response

        return guarded

    return throttled


def counted(ask: Callable[[FixedWindowRateLimiter], Answer]) -> Answer:
    shared, alone = limiters(settings.REDIS_URL, settings.REDIS_PREFIX)
    try:
        return ask(shared)
    except StorageError:
        return ask(alone)


@cache
def limiters(redis_url: str, prefix: str) -> tuple[FixedWindowRateLimiter, FixedWindowRateLimiter]:
    """Of all processes, and of this one alone."""
    shared = RedisStorage(
        f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url,
        key_prefix=f"{prefix}:throttles",
        wrap_exceptions=True,
        socket_connect_timeout=1,
        socket_timeout=1,
    )
    return FixedWindowRateLimiter(shared), FixedWindowRateLimiter(MemoryStorage())
