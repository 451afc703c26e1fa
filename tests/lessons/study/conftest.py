"""The cast of `tests.lessons`, and those who study: ada has an account, ben only a phone."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from lessons.study.models import Learner

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def adas(ada: User) -> Learner:
    return Learner.objects.create(user=ada)


@pytest.fixture
def bens(db: None) -> Learner:
    return Learner.objects.create()
