"""The cast of `tests.lessons`, and two voices that speak in tones."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from lessons.models import Lesson
from lessons.podcast import episodes
from lessons.podcast.models import Episode
from lessons.podcast.script import Chapter, Script, Turn
from lessons.podcast.sources import for_everybody
from lessons.spans import Span
from tests.lessons.conftest import work
from tests.lessons.podcast.tones import Chosen, Tones

SCRIPT = Script(
    chapters=(
        Chapter(title="Opening", turns=(Turn(speaker="a", text="What is a right angle?"),)),
        Chapter(
            title="The right angle",
            section=0,
            turns=(
                Turn(speaker="b", text="A quarter of a turn.", span=Span("section", 0, 0, 24)),
                Turn(speaker="a", text="So four of them make a turn & <end>."),
            ),
        ),
    )
)
"""Of the lesson “Angles”."""


@pytest.fixture
def tones(settings: Settings) -> Iterator[Tones]:
    settings.PODCAST_VOICES = "tests.lessons.podcast.tones.chosen"
    Chosen.voices = voices = Tones()
    yield voices
    Chosen.voices = None


@pytest.fixture
def episode(lesson: Lesson, tones: Tones) -> Episode:
    """Of Hana's draft: its script waits for approval."""
    return written(lesson)


@pytest.fixture
def recorded(published: Lesson, hana: User, tones: Tones) -> Episode:
    """Of Hana's lesson, which is published: approved and recorded."""
    episode = written(published)
    episodes.approve(episode, hana)
    work()
    return again(episode)


def written(lesson: Lesson, script: Script = SCRIPT) -> Episode:
    episode = Episode.objects.create(lesson=lesson)
    episodes.keep_script(episode, script, for_everybody(lesson))
    return episode


def again(episode: Episode) -> Episode:
    """As it is in the database by now."""
    return Episode.objects.select_related("lesson", "recording").get(pk=episode.pk)
