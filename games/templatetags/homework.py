"""Deadlines, told in the zone of whoever reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def in_words(zone: str) -> str:
    """A time zone without the signs that only computers need."""
    return zone.replace("_", " ")


@register.simple_tag
def moment(at: datetime, zone: str) -> SafeString:
    """A moment in that zone, which is named; `homework.ts` tells it in the browser's instead."""
    local = at.astimezone(ZoneInfo(zone))
    said = f"{date_format(local, 'l, j F Y, H:i')} ({in_words(zone)})"
    return format_html('<time datetime="{}" data-moment>{}</time>', at.isoformat(), said)
