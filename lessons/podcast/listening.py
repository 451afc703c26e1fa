"""An episode as its page and its player are told of it."""

import itertools
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from lessons.drafts import LessonDraft
from lessons.gallery import link_to
from lessons.models import Lesson
from lessons.podcast import audio
from lessons.podcast.citing import Citations
from lessons.podcast.models import Episode
from lessons.podcast.script import Script
from lessons.shown import Message


class TurnTime(Message):
    start_ms: int
    end_ms: int


class Recorded(Message):
    """How far the recording is; asked again and again while it grows."""

    state: Literal["none", "waiting", "recording", "recorded", "failed"]
    """“none” where nobody on the server can speak; one that stopped by itself has failed too."""
    audio: str
    """Where what there is can be heard; empty without anything."""
    cues: tuple[TurnTime, ...]
    """Of each turn that is recorded."""
    voice: str


class PodcastChapter(Message):
    title: str
    turns: int
    """How many; they follow each other in the page's transcript."""


class Podcast(Message):
    """What the player needs besides the transcript, which is in the page."""

    slug: str
    title: str
    language: str
    chapters: tuple[PodcastChapter, ...]
    recorded: Recorded
    state: str
    """Where `Recorded` is asked for."""


MESSAGES = (Podcast, Recorded)


WORDS_A_MINUTE = 150


class Heard(NamedTuple):
    episode: Episode
    script: Script

    @property
    def minutes(self) -> int:
        """How long it is, or will be about, rounded up."""
        recording = self.episode.recording
        if recording and recording.state == recording.State.RECORDED:
            return -(-recording.duration_ms // 60_000)
        words = sum(len(turn.text.split()) for turn in self.script.turns)
        return -(-words // WORDS_A_MINUTE)


def heard(lesson: Lesson, user: AbstractBaseUser | AnonymousUser) -> Heard | None:
    """The lesson's episode and what is said in it, if it has one for this visitor."""
    episodes = Episode.objects.select_related("recording")
    # A script that waits, with the lesson it is from, is large and a teacher's alone.
    episode = episodes.defer("waiting", "waiting_from").filter(lesson=lesson).first()
    if episode is None:
        return None
    episode.lesson = lesson
    script = episode.script
    return Heard(episode, script) if script and episode.is_open_to(user) else None


def podcast_of(episode: Episode, script: Script) -> Podcast:
    lesson = episode.lesson
    return Podcast(
        slug=lesson.slug,
        title=lesson.title,
        language=script.language,
        chapters=tuple(
            PodcastChapter(title=chapter.title, turns=len(chapter.turns))
            for chapter in script.chapters
        ),
        recorded=recorded_of(episode),
        state=reverse("podcast_state", args=[lesson.slug]),
    )


def recorded_of(episode: Episode) -> Recorded:
    recording = episode.recording
    if recording is None:
        return Recorded(state="none", audio="", cues=(), voice="")
    state = recording.State(recording.state)
    if audio.is_to_do(recording):
        return Recorded(state="failed", audio="", cues=(), voice=recording.voice)
    address = ""
    if recording.cues:
        address = reverse("podcast_audio", args=[episode.lesson.slug, recording.key])
        if state == state.RECORDING:
            # What is there now has a name of its own, so no browser doubts its length later.
            address += f"?bytes={recording.bytes}"
    return Recorded(
        state=state.value,
        audio=address,
        cues=tuple(TurnTime(start_ms=start, end_ms=end) for start, end in recording.cues),
        voice=recording.voice,
    )


def transcript(episode: Episode, script: Script) -> Iterator[dict[str, Any]]:
    """The chapters for the page's template, each turn with its number and what it rests on."""
    source = episode.approved_source
    cites = source and Citations(source, episode.lesson)
    numbers = itertools.count()
    for chapter in script.chapters:
        yield {
            "title": chapter.title,
            "address": cites.section(chapter.section) if cites else "",
            "picture": _picture(source, chapter.section),
            "turns": [
                {
                    "number": next(numbers),
                    "speaker": turn.speaker,
                    "text": turn.text,
                    "cited": cites.of(turn.span) if cites else None,
                }
                for turn in chapter.turns
            ],
        }


def _picture(source: LessonDraft | None, section: int | None) -> dict[str, str] | None:
    if source is None or section is None or section >= len(source.sections):
        return None
    ref = source.sections[section].explanation
    return link_to(ref) if ref else None
