"""What the background worker does for podcasts: a task whose attempt is outdated does nothing."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks import task

from lessons.language_model import language_model
from lessons.podcast import audio
from lessons.podcast.models import Episode, Recording
from lessons.podcast.recording import record
from lessons.podcast.sources import caption_of, for_everybody
from lessons.podcast.voices import VoicesFailed
from lessons.podcast.with_model import Written, script_by_model
from lessons.podcast.writing import script_of

logger = logging.getLogger(__name__)


@task(queue_name="long")
def write_in_background(episode: int, attempt: str) -> None:
    """Have a language model write a script, which then waits for approval."""
    mine = Episode.objects.filter(pk=episode, writing=attempt)
    found = mine.select_related("lesson").first()
    if found is None:
        return
    chapters: list[Written] = []

    def beat(written: Written) -> None:
        chapters.append(written)
        mine.update(written_chapters=len(chapters), writing_beat_at=timezone.now())

    try:
        draft = for_everybody(found.lesson)
        model = language_model()
        script = (
            script_by_model(draft, model.structured, beat, caption_of)
            if model
            else script_of(draft, caption_of)
        )
    except BaseException:
        mine.update(
            writing="", problem=gettext("No script could be made: the server’s log says why.")
        )
        raise
    mine.update(
        writing="",
        problem=_problem_in(chapters),
        waiting=script.model_dump(mode="json"),
        waiting_from=draft.model_dump(mode="json"),
    )


def _problem_in(chapters: Sequence[Written]) -> str:
    by_rules = sum(bool(written.problem) for written in chapters)
    if not by_rules:
        return ""
    told = gettext(
        "The language model couldn’t write %(n)d of %(all)d chapters: rules did instead."
    )
    return told % {"n": by_rules, "all": len(chapters)}


@task(queue_name="long")
def record_in_background(recording: int, attempt: str) -> None:
    """Speak a script into a file that can be heard while it grows."""
    mine = Recording.objects.filter(pk=recording, attempt=attempt)
    state = Recording.State
    if not mine.filter(state=state.WAITING).update(state=state.RECORDING, beat_at=timezone.now()):
        return
    found = mine.first()
    if found is None:  # just now its lesson was deleted
        return
    part = audio.part_of(found.key, attempt)
    try:
        audio.drop_parts(found.key)
        if _is_spoken(found, mine, part):
            size = part.stat().st_size
            part.replace(audio.path_of(found.key))
            mine.update(state=state.RECORDED, bytes=size)
    except VoicesFailed as error:
        mine.update(state=state.FAILED, problem=str(error)[:500])
    except OSError:
        logger.exception("Recording %s can't be written", recording)
        problem = gettext("The recording can’t be written. Is the server’s disk full?")
        mine.update(state=state.FAILED, problem=problem)
    except BaseException:
        problem = gettext("The recording was broken off: the server’s log says why.")
        mine.update(state=state.FAILED, problem=problem)
        raise
    finally:
        part.unlink(missing_ok=True)
        audio.sweep()


def _is_spoken(found: Recording, mine: QuerySet[Recording], part: Path) -> bool:
    """Whether the whole script is in the file; not so where it isn't wanted any more.

    Raises VoicesFailed and OSError.
    """
    episode = found.episodes.first()
    script = episode.script if episode else None
    if script is None:
        return False
    voices = audio.voices_for(script.language)
    if voices is None or voices.key != found.voice_key:
        raise VoicesFailed(
            gettext("“%s” can’t speak here any more. Record it again with who can.") % found.voice
        )
    cues: list[tuple[int, int]] = []
    with part.open("w+b") as file:
        for cue in record(script, voices, file):
            file.flush()
            cues.append((cue.start_ms, cue.end_ms))
            size = part.stat().st_size
            if not mine.update(cues=cues, bytes=size, beat_at=timezone.now()):
                return False
    return True
