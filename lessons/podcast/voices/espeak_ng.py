"""eSpeak NG: a robot's voice, but a hundred languages."""

import shutil
import subprocess
from functools import cache

from lessons.podcast.script import Speaker
from lessons.podcast.voices.programs import spoken_by
from lessons.podcast.voices.speech import Speech

ALSO_CALLED = {"en": "en-us", "no": "nb", "zh": "cmn"}
"""Languages that the program knows by another name; English has the other voices’ accent."""

VARIANTS: dict[Speaker, str] = {"a": "f3", "b": "m3"}
ENGLISH = "en-us"
"""The accent that “en” alone stands for, as with the other voices."""


def voices(language: str) -> "EspeakNg | None":
    wanted = language.lower()
    known = _languages() if shutil.which("espeak-ng") else frozenset()
    for name in (ENGLISH if wanted == "en" else wanted, wanted.partition("-")[0]):
        if name in known:
            return EspeakNg(name)
    return None


@cache
def _languages() -> frozenset[str]:
    """Such as “pt” and “pt-br”, as the program spells them."""
    listed = subprocess.run(
        ["espeak-ng", "--voices"], capture_output=True, text=True, check=True, timeout=10
    )
    return frozenset(line.split()[1] for line in listed.stdout.splitlines()[1:])


class EspeakNg:
    title = "eSpeak NG"

    def __init__(self, language: str) -> None:
        self.key = f"espeak-ng-{language}"
        self._language = language

    def speak(self, text: str, speaker: Speaker) -> Speech:
        # Else [[ ]] would hold the program's own names of sounds.
        plain = text.replace("[[", "[ [")
        voice = f"{self._language}+{VARIANTS[speaker]}"
        return spoken_by(["espeak-ng", "--stdin", "-b", "1", "-v", voice, "-w"], plain)
