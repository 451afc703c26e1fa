"""Recorded files: each is named by what is said and who says it, and kept while an episode has it."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from lessons.podcast.models import Recording
from lessons.podcast.script import Script
from lessons.podcast.voices import Voices


def key_of(script: Script, voice_key: str) -> str:
    """The same for all that sounds the same: titles and citations aren't spoken."""
    said = [[(turn.speaker, turn.text) for turn in c.turns] for c in script.chapters]
    content = json.dumps([script.language, voice_key, said])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def voices_for(language: str) -> Voices | None:
    """Who speaks on this server, by the function that the settings name."""
    chosen: Voices | None = import_string(settings.PODCAST_VOICES)(language)
    return chosen


def path_of(key: str) -> Path:
    return folder() / f"{key}.mp3"


def part_of(key: str, attempt: str) -> Path:
    """The file while it grows."""
    return folder() / f"{key}.{attempt}.part"


def drop_parts(key: str) -> None:
    """What attempts that were ended left behind."""
    for part in folder().glob(f"{key}.*.part"):
        part.unlink(missing_ok=True)


def there_is(recording: Recording) -> Path | None:
    """What of the recording can be heard so far; None where there is nothing."""
    paths = (path_of(recording.key), part_of(recording.key, recording.attempt))
    return next((path for path in paths if path.is_file()), None)


def is_to_do(recording: Recording) -> bool:
    """It hasn't been begun, or has to be begun again."""
    state = recording.State(recording.state)
    is_lost = state == state.RECORDED and there_is(recording) is None
    return not recording.attempt or is_lost or state == state.FAILED or recording.is_stalled


def folder() -> Path:
    made = Path(settings.MEDIA_ROOT) / "podcasts"
    made.mkdir(parents=True, exist_ok=True)
    return made


def sweep() -> None:
    """Remove the recordings that no episode has any more, and their files."""
    Recording.objects.filter(episodes__isnull=True).delete()
    kept = set(Recording.objects.values_list("key", flat=True))
    for file in folder().iterdir():
        if file.name.partition(".")[0] not in kept:
            file.unlink(missing_ok=True)
