"""What happens with an episode, from a lesson to a script, from a teacher's yes to a recording."""

import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lessons.drafts import LessonDraft
from lessons.language_model import language_model
from lessons.models import Lesson
from lessons.podcast import audio, tasks
from lessons.podcast.models import LONGEST_CHAPTER, Episode, Recording
from lessons.podcast.script import Script
from lessons.podcast.sources import caption_of, for_everybody
from lessons.podcast.voices import Voices
from lessons.podcast.writing import script_of


def begin_script(episode: Episode) -> None:
    """Make a script: at once, or by the worker where a language model writes it.

    Nothing happens while one is being written. Raises pydantic's ValidationError.
    """
    draft = for_everybody(episode.lesson)
    if language_model() is None:
        return keep_script(episode, script_of(draft, caption_of), draft)
    attempt = secrets.token_hex(8)
    now = timezone.now()
    is_free = Q(writing="") | Q(writing_beat_at__lt=now - LONGEST_CHAPTER)
    claimed = Episode.objects.filter(is_free, pk=episode.pk).update(
        writing=attempt, writing_beat_at=now, written_chapters=0, problem=""
    )
    if claimed:
        tasks.write_in_background.enqueue(episode.pk, attempt)
    return None


def keep_script(episode: Episode, script: Script, source: LessonDraft) -> None:
    """Have this script wait for approval; the approved one stays until then."""
    episode.waiting = script.model_dump(mode="json")
    episode.waiting_from = source.model_dump(mode="json")
    # One that a language model still writes would come too late.
    episode.writing = episode.problem = ""
    episode.save(update_fields=["waiting", "waiting_from", "writing", "problem"])


def discard_script(episode: Episode) -> None:
    """Back to the approved script, if there is one."""
    episode.waiting = episode.waiting_from = None
    episode.save(update_fields=["waiting", "waiting_from"])


@transaction.atomic
def approve(episode: Episode, teacher: User | None) -> None:
    """Visitors hear the script that waits, which is recorded where somebody can speak.

    None has approved the sample lesson's, which comes with it.
    """
    if not episode.waiting:
        return
    episode.approved, episode.approved_from = episode.waiting, episode.waiting_from
    episode.waiting = episode.waiting_from = None
    episode.approved_at, episode.approved_by = timezone.now(), teacher
    episode.save(
        update_fields=[
            *("waiting", "waiting_from", "approved", "approved_from"),
            *("approved_at", "approved_by"),
        ]
    )
    begin_recording(episode)


@transaction.atomic
def begin_recording(episode: Episode) -> None:
    """Have the approved script recorded in the best voice there is, unless it is already.

    It is begun again after a failure, and when its worker was ended. Asked twice, it is done once.
    """
    script = episode.script
    voices = audio.voices_for(script.language) if script else None
    recording = _recording_of(script, voices) if script and voices else None
    episode.recording = recording
    episode.save(update_fields=["recording"])
    if recording:
        _claim(recording)
    # What nobody hears any more goes, once all this is certain.
    transaction.on_commit(audio.sweep)


def _recording_of(script: Script, voices: Voices) -> Recording:
    return Recording.objects.get_or_create(
        key=audio.key_of(script, voices.key),
        defaults={
            "voice_key": voices.key,
            "voice": voices.title,
            "turns": len(script.turns),
        },
    )[0]


def _claim(recording: Recording) -> None:
    """Give the recording to a worker, unless one has it or it is done."""
    if not audio.is_to_do(recording):
        return
    attempt = secrets.token_hex(8)
    # Of two who press at once, one finds it as it was.
    as_it_was = Recording.objects.filter(pk=recording.pk, attempt=recording.attempt)
    claimed = as_it_was.update(
        attempt=attempt,
        state=recording.State.WAITING,
        beat_at=timezone.now(),
        cues=[],
        bytes=0,
        problem="",
    )
    if claimed:
        tasks.record_in_background.enqueue(recording.pk, attempt)


def silence(lessons: QuerySet[Lesson]) -> None:
    """Remove what was recorded of these lessons; their scripts stay approved."""
    Episode.objects.filter(lesson__in=lessons.values("pk")).update(recording=None)
    transaction.on_commit(audio.sweep)
