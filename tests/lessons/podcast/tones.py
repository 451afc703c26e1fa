"""Voices of two tones, the same on every machine; a test may have them wait or fail."""

from collections.abc import Callable

import numpy as np

from lessons.podcast.script import Speaker
from lessons.podcast.voices import Speech, VoicesFailed

RATE_HZ = 24_000
TONE_HZ = {"a": 440, "b": 330}


class Tones:
    """`before_turn` is called with the number of each turn before it is spoken."""

    def __init__(
        self, before_turn: Callable[[int], None] = lambda turn: None, key: str = "tones"
    ) -> None:
        self.key = key
        self.title = f"Two {key}"
        self.spoken: list[str] = []
        self._before_turn = before_turn

    def speak(self, text: str, speaker: Speaker) -> Speech:
        self._before_turn(len(self.spoken))
        self.spoken.append(text)
        seconds = np.arange(RATE_HZ) / RATE_HZ  # (samples,), one second
        tone = 0.3 * np.sin(2 * np.pi * TONE_HZ[speaker] * seconds)
        return Speech(tone.astype(np.float32), RATE_HZ)


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
