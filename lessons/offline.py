"""The service worker, which shows study pages at once on a slow network and without one."""

import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

ENTRY = "src/worker/main.ts"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The built script, here because a worker sees only pages below its own address.

    Gone while developing: workers that browsers have from before leave then, and pages are never old.
    """
    if settings.DEBUG:
        raise Http404
    # Asked by browsers again and again: an answer kept on the way would keep an old worker alive.
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(built_worker(), content_type="text/javascript", headers=headers)


def built_worker() -> bytes:
    """As Vite left it; without a build there is none."""
    manifest = Path(settings.DJANGO_VITE["default"]["manifest_path"])
    try:
        file: str = json.loads(manifest.read_bytes())[ENTRY]["file"]
        return Path(manifest.parent, file).read_bytes()
    except (FileNotFoundError, KeyError):
        raise Http404 from None
