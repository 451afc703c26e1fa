"""eSpeak NG: a robot's voice, but a hundred languages."""

import logging
import shutil
import subprocess
from functools import cache

from lessons.podcast.script import Speaker
from lessons.podcast.voices.programs import spoken_by
from lessons.podcast.voices.speech import Speech

logger = logging.getLogger(__name__)

VARIANTS: dict[Speaker, str] = {"a": "f3", "b": "m3"}
ALSO_CALLED = {"en": "en-us", "no": "nb", "zh": "cmn"}
"""Languages that go by another name there; English with the accent of the other voices."""


def voices(language: str) -> "EspeakNg | None":
    if not shutil.which("espeak-ng"):
        return None
    for wanted in (language.lower(), language.lower().partition("-")[0]):
        if (name := ALSO_CALLED.get(wanted, wanted)) in _languages():
            return EspeakNg(name)
    return None


@cache
def _languages() -> frozenset[str]:
    """Such as “pt” and “pt-br”, as the program spells them; none, if it is broken."""
    try:
        listed = subprocess.run(
            ["espeak-ng", "--voices"], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("espeak-ng doesn't list its languages: %r", error)
        return frozenset()
    return frozenset(line.split()[1] for line in listed.stdout.splitlines()[1:])


class EspeakNg:
    key = "espeak-ng"
    title = "eSpeak NG"

    def __init__(self, language: str) -> None:
        self.language = language

    def speak(self, text: str, speaker: Speaker) -> Speech:
        # Else [[ ]] would hold the program's own names of sounds.
        plain = text.replace("[[", " ")
        voice = f"{self.language}+{VARIANTS[speaker]}"
        return spoken_by(["espeak-ng", "--stdin", "-b", "1", "-v", voice, "-w"], plain)
