"""flite, the small English synthesiser of Carnegie Mellon: plain, but instant."""

import shutil

from lessons.podcast.script import Speaker
from lessons.podcast.voices.programs import spoken_by
from lessons.podcast.voices.speech import Speech

NAMES: dict[Speaker, str] = {"a": "slt", "b": "rms"}


def voices(language: str) -> "Flite | None":
    is_there = language.partition("-")[0] == "en" and shutil.which("flite")
    return Flite() if is_there else None


class Flite:
    key = "flite"
    title = "flite"

    def speak(self, text: str, speaker: Speaker) -> Speech:
        return spoken_by(["flite", "-voice", NAMES[speaker], "-f", "/dev/stdin", "-o"], text)
