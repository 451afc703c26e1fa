"""Speak a lesson into an MP3, and print how long that takes and how it comes out."""

import os
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from pydantic import ValidationError

from lessons.formats import Unreadable, own_yaml
from lessons.models import Lesson
from lessons.podcast.recording import Cue, record
from lessons.podcast.script import Script
from lessons.podcast.voices import KINDS, Voices, VoicesFailed, voices_for
from lessons.podcast.writing import script_of


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "lesson", help="a .lesson.yaml, a script as .json, or the address of a lesson here"
        )
        parser.add_argument("to", type=Path, help="the .mp3 to write")
        parser.add_argument("--voices", choices=KINDS, help="by default the best that are here")

    def handle(self, *, lesson: str, to: Path, voices: str | None, **options: Any) -> None:
        script = _script(lesson)
        speaking = _voices(voices, script.language)
        started, cpu_before, first_s, cues = time.perf_counter(), _cpu_s(), 0.0, list[Cue]()
        try:
            with to.open("wb") as file:
                for cue in record(script, speaking, file):
                    first_s = first_s or time.perf_counter() - started
                    cues.append(cue)
        except OSError as error:
            raise CommandError(f"{to} can't be written: {error.strerror}.") from error
        except VoicesFailed as error:
            raise CommandError(str(error)) from error
        spoken_s = sum(cue.end_ms - cue.start_ms for cue in cues) / 1000
        words = sum(len(turn.text.split()) for turn in script.turns)
        minutes, seconds = divmod(round(cues[-1].end_ms / 1000), 60)
        for name, value in [
            ("voices", speaking.title),
            ("turns, words", f"{len(cues)}, {words}"),
            ("duration", f"{minutes}:{seconds:02}"),
            ("size", f"{to.stat().st_size / 1e6:.1f} MB"),
            ("words per minute", f"{words / spoken_s * 60:.0f}" if spoken_s else "–"),
            ("first turn after", f"{first_s:.1f} s"),
            ("all of it after", f"{time.perf_counter() - started:.1f} s"),
            (
                "CPU per second of speech",
                f"{(_cpu_s() - cpu_before) / spoken_s:.3f} s" if spoken_s else "–",
            ),
        ]:
            self.stdout.write(f"{name:26} {value}")


def _script(named: str) -> Script:
    path = Path(named)
    try:
        if path.suffix == ".json":
            return Script.model_validate_json(path.read_bytes())
        if path.is_file():
            return script_of(own_yaml.read(path.read_bytes())[0])
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        raise CommandError(f"{path} isn't a script.\n{error}") from error
    except Unreadable as error:
        raise CommandError(f"{path} isn't a lesson.\n{error}") from error
    if lesson := Lesson.objects.filter(slug=named).first():
        return script_of(lesson.as_draft())
    raise CommandError(f"There is neither a file nor a lesson “{named}”.")


def _voices(kind: str | None, language: str) -> Voices:
    found = KINDS[kind](language) if kind else voices_for(language)
    if not found:
        raise CommandError(f"No voices here speak “{language}”.")
    return found


def _cpu_s() -> float:
    """Of this process and of the programs that it had speak."""
    return sum(os.times()[:4])
