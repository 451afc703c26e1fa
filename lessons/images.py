"""Pictures that teachers upload: checked, made small, and kept by their content."""

from django.conf import settings


def image_address(file: str) -> str:
    """Where a browser finds it."""
    return f"{settings.MEDIA_URL}{file}"
