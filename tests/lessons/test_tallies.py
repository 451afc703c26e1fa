"""What is used up in a span of time, counted for all processes together."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from lessons.models import Tally
from lessons.tallies import KEPT, count, counted, day_of, minute_of

NOON = datetime(2026, 11, 24, 12, 0, 31, 500, tzinfo=UTC)


@pytest.mark.django_db
def test_what_is_used_adds_up_within_its_span() -> None:
    minute = minute_of(NOON)

    assert [count("chalk", minute), count("chalk", minute, 5)] == [1, 6]
    assert count("paper", minute) == 1
    assert count("chalk", minute_of(NOON + timedelta(seconds=30))) == 1
    assert counted("chalk", minute) == 6
    assert counted("ink", minute) == 0


COUNTS = """
import django
django.setup()
from datetime import UTC, datetime
from lessons.tallies import count
print(max(count("chalk", datetime(2026, 11, 24, tzinfo=UTC)) for _ in range(200)))
"""


def test_nothing_is_lost_where_processes_count_at_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "quizgame.settings",
    }
    migrate = [sys.executable, "manage.py", "migrate", "lessons", "-v0"]
    subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)
    counting = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTS],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    most = [int(process.communicate(timeout=60)[0]) for process in counting]

    assert max(most) == 400


@pytest.mark.django_db
def test_old_spans_are_swept_away() -> None:
    count("chalk", day_of(NOON - KEPT - timedelta(days=1)))
    count("chalk", day_of(NOON - timedelta(days=1)))

    count("chalk", day_of(NOON))

    assert [tally.since.day for tally in Tally.objects.order_by("since")] == [23, 24]
