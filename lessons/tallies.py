"""What is used up in a span of time, counted for all processes of this server together.

In the database: the default cache is each process' own.
"""

from datetime import datetime, timedelta

from django.db.models import F

from lessons.models import Tally

KEPT = timedelta(days=2)


def count(of: str, since: datetime, amount: int = 1) -> int:
    """Add what was used of something in the span that began then; how much that makes."""
    rows = Tally.objects.filter(of=of, since=since)
    if not rows.update(amount=F("amount") + amount):
        Tally.objects.filter(since__lt=since - KEPT).delete()
        # Another process may begin the span at the same time.
        Tally.objects.bulk_create([Tally(of=of, since=since)], ignore_conflicts=True)
        rows.update(amount=F("amount") + amount)
    return counted(of, since)


def counted(of: str, since: datetime) -> int:
    """How much was used in the span that began then."""
    found = Tally.objects.filter(of=of, since=since).values_list("amount", flat=True).first()
    return found or 0


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def day_of(at: datetime) -> datetime:
    """When the day began, in the time zone of that instant."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
