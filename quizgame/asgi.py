"""Where Daphne comes in: pages go to Django, sockets to the games."""

import os
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http.request import validate_host
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizgame.settings")
pages = get_asgi_application()

# Only now, with the apps loaded, can models be imported.
from games.consumers import websocket_urlpatterns  # noqa: E402
from games.nicknames import word_filter  # noqa: E402
from quizgame.proxies import with_visitors_addresses  # noqa: E402

SocketApp = Callable[[WebSocketScope, ASGIReceiveCallable, ASGISendCallable], Awaitable[None]]

nowhere = WebsocketDenier.as_asgi()
word_filter()  # now, not when the first class is at the door


def for_own_pages(sockets: SocketApp) -> SocketApp:
    """Refuses sockets that another site's page opens in a visitor's browser."""

    async def application(
        scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        headers = dict(scope["headers"])
        origin, host = (headers.get(name, b"").decode("latin1") for name in (b"origin", b"host"))
        # Browsers always send an Origin; what isn't a browser can claim any.
        allowed = origin == "" or is_own(origin, host)
        await (sockets if allowed else nowhere)(scope, receive, send)

    return application


def is_own(origin: str, host: str) -> bool:
    """Whether a page from this origin is one of ours: from the host that the socket asked for.

    Where ALLOWED_HOSTS names hosts, those count instead: a proxy may have rewritten the Host.
    """
    try:
        address = urlsplit(origin)
    except ValueError:
        return False
    if "*" in settings.ALLOWED_HOSTS:
        return address.netloc.lower() == host.lower()
    return validate_host(address.hostname or "", settings.ALLOWED_HOSTS)


application = with_visitors_addresses(
    ProtocolTypeRouter(
        {
            "http": pages,
            "websocket": for_own_pages(URLRouter([*websocket_urlpatterns, re_path("", nowhere)])),
        }
    ),
    proxies=settings.TRUSTED_PROXIES,
)
