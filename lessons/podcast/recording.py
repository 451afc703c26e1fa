"""A script as one MP3 that grows: a stand-in."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from lessons.podcast.script import Script
from lessons.podcast.voices import Voices


class Cue(NamedTuple):
    chapter: int
    turn: int
    start_ms: int
    end_ms: int


def record(
    script: Script, voices: Voices, to: BinaryIO, pronunciations: object = None
) -> Iterator[Cue]:
    import numpy as np
    import soundfile

    at = 0
    file = None
    for c, chapter in enumerate(script.chapters):
        for t, turn in enumerate(chapter.turns):
            speech = voices.speak(turn.text, turn.speaker)
            if file is None:
                file = soundfile.SoundFile(
                    to, "w", speech.rate_hz, 1, format="MP3", bitrate_mode="CONSTANT"
                )
            pause = np.zeros(speech.rate_hz // 4, dtype=np.float32)
            file.write(np.concatenate([speech.samples, pause]))
            end = at + len(speech.samples) * 1000 // speech.rate_hz
            yield Cue(c, t, at, end)
            at = end + 250
    if file:
        file.close()
