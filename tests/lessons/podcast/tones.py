"""Voices that hum instead of speaking, so that a test knows every sample."""

import numpy as np

from lessons.podcast.recording import Samples
from lessons.podcast.script import Speaker
from lessons.podcast.voices import Speech

RATE_HZ = 22_050
SECONDS_PER_WORD = 0.2


def tone(hz: float, seconds: float, rate_hz: int = RATE_HZ, loudness: float = 0.3) -> Samples:
    """(samples,)  a steady hum."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (loudness * np.sin(2 * np.pi * hz * at)).astype(np.float32)


class Tones:
    """a hums low and softly, b high and loudly, each after and before some silence."""

    key = "tones"
    title = "Two tuning forks"

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, text: str, speaker: Speaker) -> Speech:
        self.said.append(text)
        hz, loudness = {"a": (300, 0.05), "b": (700, 0.6)}[speaker]
        silence = np.zeros(RATE_HZ // 4, dtype=np.float32)
        hum = tone(hz, len(text.split()) * SECONDS_PER_WORD, loudness=loudness)
        return Speech(np.concatenate([silence, hum, silence]), RATE_HZ)
