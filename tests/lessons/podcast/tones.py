"""Voices that hum instead of speaking, so that a test knows every sample; they may wait, or fail."""

from collections.abc import Callable

import numpy as np

from lessons.podcast.recording import Samples
from lessons.podcast.script import Speaker
from lessons.podcast.voices import Speech, VoicesFailed

RATE_HZ = 22_050
SECONDS_PER_WORD = 0.2


def tone(hz: float, seconds: float, rate_hz: int = RATE_HZ, loudness: float = 0.3) -> Samples:
    """(samples,)  a steady hum."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (loudness * np.sin(2 * np.pi * hz * at)).astype(np.float32)


class Tones:
    """a hums low and softly, b high and loudly, each after and before some silence.

    `before_turn` is called with the number of each turn before it is spoken.
    """

    def __init__(
        self, before_turn: Callable[[int], None] = lambda turn: None, key: str = "tones"
    ) -> None:
        self.key = key
        self.title = f"Two {key}"
        self.said: list[str] = []
        self._before_turn = before_turn

    def speak(self, text: str, speaker: Speaker) -> Speech:
        self._before_turn(len(self.said))
        self.said.append(text)
        hz, loudness = {"a": (300, 0.05), "b": (700, 0.6)}[speaker]
        silence = np.zeros(RATE_HZ // 4, dtype=np.float32)
        hum = tone(hz, len(text.split()) * SECONDS_PER_WORD, loudness=loudness)
        return Speech(np.concatenate([silence, hum, silence]), RATE_HZ)


class Chosen:
    """Who speaks just now; None is nobody."""

    voices: Tones | None = None


def chosen(language: str) -> Tones | None:
    """As the setting PODCAST_VOICES names it."""
    return Chosen.voices


def failing_at(turn: int) -> Callable[[int], None]:
    def before(at: int) -> None:
        if at == turn:
            raise VoicesFailed("The voice has lost its voice.")

    return before
