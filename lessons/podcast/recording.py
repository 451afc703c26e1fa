"""A script spoken into an MP3 that can be played as far as it is written.

64 kbit/s at 24 kHz make frames of 24 ms and 192 bytes each, all alike: a browser finds any second by
counting bytes, and takes the file's length for its duration. So there is no Xing or Info header, which
could be written only at the end, at the start of the file.
"""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
import soundfile

from lessons.podcast.pronunciation import NONE, pronounced
from lessons.podcast.script import Script
from lessons.podcast.voices import Speech, Voices

Samples = npt.NDArray[np.float32]

RATE_HZ = 24_000
FRAME_BYTES = 192
COMPRESSION = (160 - 64) / (160 - 8)
"""libsndfile's way to say 64 kbit/s, where MPEG-2 has 8 to 160."""
ENCODER_DELAY_S = 1105 / RATE_HZ
"""LAME's 576 samples and a decoder's 529: without an Info header, players leave them in."""

BETWEEN_TURNS_S = 0.35
BETWEEN_CHAPTERS_S = 1.1

LOUDNESS = 0.1
"""Root mean square of what isn't silence: 20 dB below the loudest possible tone."""
SILENCE = 0.02
"""Of the loudest sample: quieter is a breath or a hiss."""
EDGE_S = 0.03
"""Kept around speech, so that no consonant is cut."""


class Cue(NamedTuple):
    """When a turn is heard: `turn` counts from 0 in its chapter."""

    chapter: int
    turn: int
    start_ms: int
    end_ms: int


def record(
    script: Script, voices: Voices, to: BinaryIO, pronunciations: Mapping[str, str] = NONE
) -> Iterator[Cue]:
    """Each turn's cue as soon as it can be heard in `to`. Raises VoicesFailed, and OSError of the file.

    Holds one turn in memory, and takes one core, where others go first.
    """
    with _out_of_the_way() as thread, _Mp3(to) as mp3:
        for number, chapter in enumerate(script.chapters):
            for place, turn in enumerate(chapter.turns):
                text = pronounced(turn.text, pronunciations, script.language)
                speech = thread.submit(voices.speak, text, turn.speaker).result()
                start_ms = mp3.now_ms
                mp3.write(levelled(trimmed(resampled(speech))))
                end_ms = mp3.now_ms
                is_last = place == len(chapter.turns) - 1
                # The encoder holds back a tenth of a second: of the pause, not of the turn.
                mp3.write(_silence(BETWEEN_CHAPTERS_S if is_last else BETWEEN_TURNS_S))
                yield Cue(number, place, start_ms, end_ms)


def _out_of_the_way() -> ThreadPoolExecutor:
    """One thread whose work, and that of its child processes, waits for all others on the machine."""

    def give_way() -> None:
        # Only Linux counts niceness per thread; for a whole process there is no way back from it.
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)

    return ThreadPoolExecutor(max_workers=1, initializer=give_way)


class _Mp3:
    """Encodes into a file that is only ever added to."""

    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        self._frames = _Frames()
        self._encoder = soundfile.SoundFile(
            self._frames,
            "w",
            samplerate=RATE_HZ,
            channels=1,
            format="MP3",
            subtype="MPEG_LAYER_III",
            bitrate_mode="CONSTANT",
            compression_level=COMPRESSION,
        )
        self._samples = 0

    @property
    def now_ms(self) -> int:
        """Where in the file the next sample will be heard."""
        return round((self._samples / RATE_HZ + ENCODER_DELAY_S) * 1000)

    def write(self, samples: Samples) -> None:
        self._encoder.write(samples)
        self._samples += len(samples)
        self._hand_over()

    def __enter__(self) -> "_Mp3":
        return self

    def __exit__(self, *_: object) -> None:
        self._encoder.close()
        self._hand_over()

    def _hand_over(self) -> None:
        self._to.write(self._frames.taken())
        self._to.flush()


class _Frames:
    """What the encoder takes for its file: gathers the frames of sound, without the header's frame.

    The file itself is written elsewhere: an error raised in here would be lost in libsndfile.
    """

    def __init__(self) -> None:
        self._position = 0
        self._end = 0
        self._kept = bytearray()

    def write(self, data: bytes) -> int:
        if self._position == self._end:
            self._kept += data[max(0, FRAME_BYTES - self._end) :]
        self._position += len(data)
        self._end = max(self._end, self._position)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._end}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int = -1) -> bytes:
        return b""

    def taken(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def resampled(speech: Speech) -> Samples:
    """At RATE_HZ, by its Fourier series; what that can't hold is left out."""
    samples = speech.samples
    if speech.rate_hz == RATE_HZ or not len(samples):
        return samples
    wanted = round(len(samples) * RATE_HZ / speech.rate_hz)
    series = np.fft.irfft(np.fft.rfft(samples), wanted)
    return (series * (wanted / len(samples))).astype(np.float32)


def trimmed(samples: Samples) -> Samples:
    """Without the silence before and after it."""
    loud = np.flatnonzero(_is_loud(samples))
    if not len(loud):
        return samples[:0]
    edge = round(EDGE_S * RATE_HZ)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge]


def levelled(samples: Samples) -> Samples:
    """As loud as every other turn, whoever speaks; single peaks are rounded off, not clipped."""
    loud = samples[_is_loud(samples)]
    if not len(loud):
        return samples
    louder = samples * (LOUDNESS / np.sqrt(np.mean(loud**2)))
    knee = 0.8
    over = np.maximum(np.abs(louder) - knee, 0) / (1 - knee)
    rounded = np.minimum(np.abs(louder), knee) + (1 - knee) * np.tanh(over)
    level: Samples = np.copysign(rounded, louder).astype(np.float32)
    return level


def _is_loud(samples: Samples) -> npt.NDArray[np.bool_]:
    loud: npt.NDArray[np.bool_] = np.abs(samples) > SILENCE * np.max(np.abs(samples), initial=0)
    return loud


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)
