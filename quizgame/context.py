"""What every page's template may ask of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Settings that pages show or hide parts by."""
    return {"sign_up_open": settings.SIGN_UP_OPEN, "sign_in_servers": settings.SIGN_IN_SERVERS}
