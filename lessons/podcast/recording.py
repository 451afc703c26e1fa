"""A script as one MP3 that grows: a stand-in."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
import soundfile

from lessons.podcast.script import Script
from lessons.podcast.voices import Voices


class Cue(NamedTuple):
    chapter: int
    turn: int
    start_ms: int
    end_ms: int


def record(script: Script, voices: Voices, to: BinaryIO) -> Iterator[Cue]:
    at = 0
    kind = {"format": "MP3", "bitrate_mode": "CONSTANT", "compression_level": 96 / 152}
    with soundfile.SoundFile(to, "w", 24_000, 1, **kind) as file:
        for c, chapter in enumerate(script.chapters):
            for t, turn in enumerate(chapter.turns):
                speech = voices.speak(turn.text, turn.speaker)
                pause = np.zeros(speech.rate_hz // 4, dtype=np.float32)
                file.write(np.concatenate([speech.samples, pause]))
                end = at + len(speech.samples) * 1000 // speech.rate_hz
                yield Cue(c, t, at, end)
                at = end + 250
