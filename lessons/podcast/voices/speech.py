"""What a voice gives, and what may go wrong."""

import io
import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import soundfile

from lessons.podcast.script import Speaker


class Speech(NamedTuple):
    samples: npt.NDArray[np.float32]
    """(samples,)  from -1 to 1, one channel."""
    rate_hz: int


class VoicesFailed(Exception):
    """Nothing could be spoken. As text it is a sentence for the user; its cause is in the log."""


class Voices(Protocol):
    """Two voices of one kind."""

    key: str
    """Such as “kokoro”; with the script's text it names a recording."""
    title: str
    """As the page says who speaks."""

    def speak(self, text: str, speaker: Speaker) -> Speech:
        """One turn. Raises VoicesFailed."""
        ...


def is_english(language: str) -> bool:
    """“en”, “en-GB” and the like."""
    return language.lower().partition("-")[0] == "en"


def spoken(text: str, longest: int, speak: Callable[[str], Speech]) -> Speech:
    """A text of any length by a voice that takes `longest` characters at once; nothing, if it has no words."""
    parts = [speak(piece) for piece in pieces(text, longest)]
    if not parts:
        return Speech(np.zeros(0, dtype=np.float32), 24_000)
    return Speech(np.concatenate([part.samples for part in parts]), parts[0].rate_hz)


_LONG_RUN = re.compile(r"(\S{40})(?=\S)")
"""No word of any language; flite needs minutes for ten thousand letters without a space."""


def pieces(text: str, longest: int) -> list[str]:
    """The text in pieces of at most that many characters: whole sentences, else clauses, else words.

    A piece without a letter or digit, which no voice could say, is left out.
    """
    words = _LONG_RUN.sub(r"\1 ", text).split()
    found = _joined(re.split(r"(?<=[.!?…。！？]) ", " ".join(words)), longest)
    return [piece for piece in found if any(c.isalnum() for c in piece)]


def _joined(parts: list[str], longest: int) -> list[str]:
    """Neighbours together as long as they fit; what doesn't fit alone, at its clauses or its words."""
    found = [""]
    for part in parts:
        if len(part) > longest:
            ends = r"(?<=[,;:–—]) " if re.search(r"[,;:–—] ", part) else " "
            found += [*_joined(re.split(ends, part), longest), ""]
        elif len(found[-1]) + 1 + len(part) > longest:
            found.append(part)
        else:
            found[-1] = f"{found[-1]} {part}".strip()
    return found


def read_speech(sound: bytes) -> Speech:
    """WAV or another sound that libsndfile knows, its channels as one. Raises SoundFileError."""
    samples, rate_hz = soundfile.read(io.BytesIO(sound), dtype="float32", always_2d=True)
    return Speech(samples.mean(axis=1), rate_hz)
