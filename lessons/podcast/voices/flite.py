"""flite, the small English synthesiser of Carnegie Mellon: plain, but instant."""

import shutil

from lessons.podcast.script import Speaker
from lessons.podcast.voices.programs import spoken_by
from lessons.podcast.voices.speech import Speech, is_english

NAMES: dict[Speaker, str] = {"a": "slt", "b": "rms"}


def voices(language: str) -> "Flite | None":
    return Flite() if is_english(language) and shutil.which("flite") else None


class Flite:
    key = "flite"
    title = "flite"

    def speak(self, text: str, speaker: Speaker) -> Speech:
        return spoken_by(["flite", "-voice", NAMES[speaker], "-f", "/dev/stdin", "-o"], text)
