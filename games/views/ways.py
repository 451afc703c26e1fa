"""How visitors get to a room: codes looked up, addresses that phones can reach, one's own login."""

import socket
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import segno
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from games.store import State, StoreError, connected

View = Callable[..., HttpResponse]


def needs_redis(view: View) -> View:
    """A page that says so when the rooms can't be reached, and tries again by itself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (StoreError, OSError):
            return render(request, "games/unreachable.html", status=503)

    return guarded


def host_of(request: HttpRequest) -> User:
    """Whoever is logged in; these pages ask for that first."""
    assert isinstance(request.user, User)
    return request.user


def state_or_404(room: str) -> State:
    state = async_to_sync(_read_state)(room)
    if state is None:
        raise Http404
    return state


def way_in(request: HttpRequest, code: str) -> dict[str, str]:
    """The address a phone goes to, and its QR code."""
    join_url = reachable(request, reverse("join", args=[code]))
    return {"join_url": join_url, "join_qr": qr_code(join_url)}


def remote(request: HttpRequest, host_token: str) -> dict[str, str]:
    """The address of the host's remote control, and its QR code. Whoever has it is the host."""
    remote_url = reachable(request, reverse("remote", args=[host_token]))
    return {"remote_url": remote_url, "remote_qr": qr_code(remote_url)}


def reachable(request: HttpRequest, path: str) -> str:
    """A page's address that a phone in the room can open."""
    public = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""
    url = urlsplit(public or request.build_absolute_uri(path))
    if url.hostname in {"localhost", "127.0.0.1", "::1"} and (address := lan_address()):
        # "localhost" on a phone is the phone.
        url = url._replace(netloc=f"{address}:{url.port}" if url.port else address)
    return urlunsplit(url)


def qr_code(text: str) -> str:
    """An SVG to put into a page."""
    svg: str = segno.make_qr(text, error="m").svg_inline(border=2, omitsize=True)
    return svg


def lan_address() -> str | None:
    """The address of this machine in its local network; None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only picks the outgoing interface.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith(("127.", "0.")) else address


async def _read_state(room: str) -> State | None:
    async with connected() as store:
        return await store.read_state(room)
