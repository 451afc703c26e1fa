"""From a lesson to a script, from a teacher's yes to a recording."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connections
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from lessons.language_model import language_model
from lessons.models import Lesson
from lessons.podcast import audio, episodes, tasks
from lessons.podcast.models import LONGEST_TURN, Episode, Recording
from lessons.podcast.script import Script
from lessons.podcast.sources import changes, for_everybody
from lessons.podcast.writing import script_of
from tests.lessons.conftest import work
from tests.lessons.llm_server import Reply, serving
from tests.lessons.podcast.conftest import SCRIPT, again, written
from tests.lessons.podcast.tones import Chosen, Tones, failing_at

OTHER = Script(chapters=SCRIPT.chapters[:1])


def recording_of(episode: Episode) -> Recording:
    found = again(episode).recording
    assert found
    return found


def files() -> list[str]:
    return sorted(file.name for file in audio.folder().iterdir())


def test_a_script_is_made_from_what_everybody_may_see(lesson: Lesson) -> None:
    lesson.answers_shown = Lesson.AnswersShown.FIRST
    lesson.answers_first = 1
    lesson.save()
    episode = Episode.objects.create(lesson=lesson)

    episodes.begin_script(episode)

    source = again(episode).edited_from
    assert source == for_everybody(lesson)
    assert [d.question.prompt for d in source.questions] == ["How large is it?"]
    assert again(episode).edited == script_of(source)
    assert again(episode).script is None  # nobody has approved it


def test_a_language_model_writes_in_the_background(lesson: Lesson, settings: Settings) -> None:
    episode = Episode.objects.create(lesson=lesson)
    with serving(Reply(status=500)) as server:
        settings.LLM_BASE_URL, settings.LLM_MODEL = server.base_url, "small"
        language_model.cache_clear()
        try:
            episodes.begin_script(episode)
            episodes.begin_script(episode)  # pressed twice
            begun = again(episode)
            tasks_done = work()
        finally:
            language_model.cache_clear()

    assert tasks_done == 1
    assert begun.writing
    assert begun.edited is None
    assert again(episode).writing == ""
    assert server.requests
    # It failed, so the script is ours.
    assert again(episode).edited == script_of(for_everybody(lesson))
    assert again(episode).problem == (
        "The language model couldn’t write 1 of 1 chapters: rules did instead."
    )


def test_an_approved_script_is_recorded(episode: Episode, hana: User, tones: Tones) -> None:
    episodes.approve(episode, hana)
    assert recording_of(episode).state == Recording.State.WAITING
    work()

    found = again(episode)
    assert (found.script, found.waiting, found.approved_by) == (SCRIPT, None, hana)
    recording = recording_of(episode)
    assert recording.state == Recording.State.RECORDED
    assert len(tones.said) == 3
    assert [end - start >= 900 for start, end in recording.cues] == [True] * 3
    assert recording.duration_ms == recording.cues[-1][1]
    assert files() == [f"{audio.key_of(SCRIPT, 'tones')}.mp3"]
    assert recording.bytes == audio.path_of(recording.key).stat().st_size


def test_nothing_is_done_twice(episode: Episode, hana: User, tones: Tones) -> None:
    episodes.approve(episode, hana)
    attempt = recording_of(episode).attempt
    episodes.begin_recording(again(episode))  # pressed once more
    assert work() == 1
    tasks.record_in_background.call(recording_of(episode).pk, attempt)  # by a second worker
    episodes.begin_recording(again(episode))
    episodes.keep_script(again(episode), SCRIPT, for_everybody(episode.lesson))
    episodes.approve(again(episode), hana)

    assert work() == 0
    assert len(tones.said) == 3


def test_another_voice_or_script_is_another_recording(
    recorded: Episode,
    hana: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Chosen.voices = Tones(key="bells")
    with django_capture_on_commit_callbacks(execute=True):
        episodes.begin_recording(recorded)
    work()
    assert files() == [f"{audio.key_of(SCRIPT, 'bells')}.mp3"]

    episodes.keep_script(recorded, OTHER, for_everybody(recorded.lesson))
    assert again(recorded).script == SCRIPT  # until somebody approves the other one
    with django_capture_on_commit_callbacks(execute=True):
        episodes.approve(recorded, hana)
    work()
    assert files() == [f"{audio.key_of(OTHER, 'bells')}.mp3"]
    assert Recording.objects.count() == 1


def test_a_voice_that_fails_says_so_and_may_try_again(
    episode: Episode, hana: User, tones: Tones
) -> None:
    Chosen.voices = Tones(failing_at(2))
    episodes.approve(episode, hana)
    work()
    failed = recording_of(episode)
    assert (failed.state, failed.problem) == ("failed", "The voice has lost its voice.")
    assert files() == []

    Chosen.voices = tones
    episodes.begin_recording(again(episode))
    work()
    assert recording_of(episode).state == Recording.State.RECORDED


def test_a_voice_that_is_gone_says_so(episode: Episode, hana: User) -> None:
    episodes.approve(episode, hana)
    Chosen.voices = None
    work()
    assert recording_of(episode).problem == (
        "“Two tones” can’t speak here any more. Record it again with who can."
    )


def test_a_bug_is_told_and_rises(episode: Episode, hana: User) -> None:
    def break_down(turn: int) -> None:
        raise ZeroDivisionError

    Chosen.voices = Tones(break_down)
    episodes.approve(episode, hana)
    with pytest.raises(ZeroDivisionError):
        work()
    assert recording_of(episode).state == Recording.State.FAILED
    assert files() == []


def test_a_worker_that_was_killed_is_noticed(episode: Episode, hana: User, tones: Tones) -> None:
    episodes.approve(episode, hana)
    first = recording_of(episode)
    audio.part_of(first.key, first.attempt).write_bytes(b"half a recording")
    Recording.objects.update(state="recording", cues=[[0, 1000]])
    assert not recording_of(episode).is_stalled

    Recording.objects.update(beat_at=timezone.now() - LONGEST_TURN - timedelta(seconds=1))
    assert recording_of(episode).is_stalled
    Recording.objects.update(state="waiting")  # other episodes may come first
    assert not recording_of(episode).is_stalled
    Recording.objects.update(state="recording")
    episodes.begin_recording(again(episode))
    # The first task finds another attempt, so only the second one records.
    work()
    assert recording_of(episode).state == Recording.State.RECORDED
    assert len(tones.said) == 3
    assert files() == [f"{first.key}.mp3"]


def when_at(turn: int, act: Callable[[], Any]) -> Callable[[int], None]:
    def before(at: int) -> None:
        if at == turn:
            # A voice may speak in a thread of its own.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(act).result()
                thread.submit(connections.close_all).result()

    return before


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_overtaken_stops(episode: Episode, hana: User) -> None:
    overtake = when_at(1, lambda: Recording.objects.update(attempt="another"))
    Chosen.voices = voices = Tones(overtake)
    episodes.approve(episode, hana)
    work()
    assert len(voices.said) == 2
    assert recording_of(episode).state == Recording.State.RECORDING  # as the other one left it
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_a_lesson_that_is_deleted_meanwhile_leaves_nothing(episode: Episode, hana: User) -> None:
    Chosen.voices = Tones(when_at(2, lambda: Lesson.objects.all().delete()))
    episodes.approve(episode, hana)
    work()
    assert files() == []
    assert not Recording.objects.exists()


def test_without_voices_there_is_a_script_and_no_recording(episode: Episode, hana: User) -> None:
    Chosen.voices = None
    episodes.approve(episode, hana)
    assert work() == 0
    assert again(episode).script == SCRIPT
    assert again(episode).recording is None


def test_lessons_that_say_the_same_share_a_recording(
    recorded: Episode,
    hana: User,
    tones: Tones,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    twin = written(Lesson.objects.create(slug="twin", title="Twin", owner=hana))
    episodes.approve(twin, hana)
    assert work() == 0
    assert recording_of(twin) == recorded.recording

    for lesson, left in ((recorded.lesson, 1), (twin.lesson, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            episodes.silence(Lesson.objects.filter(pk=lesson.pk))
        assert len(files()) == left
    assert again(twin).script == SCRIPT


def test_a_lost_file_is_recorded_again(recorded: Episode) -> None:
    audio.path_of(recording_of(recorded).key).unlink()
    episodes.begin_recording(recorded)
    work()
    assert len(files()) == 1


def test_who_may_hear_less_than_it_tells_hears_nothing(recorded: Episode, ada: User) -> None:
    nobody = AnonymousUser()
    assert recorded.is_open_to(nobody)

    recorded.lesson.answers_shown = Lesson.AnswersShown.FIRST
    recorded.lesson.answers_first = 6
    assert recorded.is_open_to(nobody)  # it has six questions
    recorded.lesson.answers_first = 5
    assert not recorded.is_open_to(nobody)
    assert recorded.is_open_to(ada)


def test_what_has_changed_since(lesson: Lesson) -> None:
    then = for_everybody(lesson)
    assert changes(then, for_everybody(lesson)) == []

    section = lesson.sections.get()
    section.notes += " It is larger than an acute one."
    section.save()
    lesson.sections.create(title="The full angle")
    lesson.flashcards.all().delete()
    lesson.slug = "corners"  # of no account
    assert changes(then, for_everybody(lesson)) == [
        "“The full angle” is new.",
        "“The right angle” was edited.",
        "Its flashcards, or how many everybody may see, are others.",
    ]
