"""A recording is heard where its cues say, from the first turn on, both hosts alike."""

import io
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lessons.podcast.recording import (
    BETWEEN_CHAPTERS_S,
    BETWEEN_TURNS_S,
    EDGE_S,
    LOUDNESS,
    Cue,
    Samples,
    levelled,
    record,
    resampled,
    trimmed,
)
from lessons.podcast.script import Chapter, Script, Speaker, Turn
from lessons.podcast.voices import Speech, VoicesFailed
from tests.lessons.podcast.tones import Tones, tone


def script_of(*chapters: list[tuple[Speaker, str]]) -> Script:
    return Script(
        chapters=tuple(
            Chapter(title="Vectors", turns=tuple(Turn(speaker=s, text=t) for s, t in turns))
            for turns in chapters
        )
    )


TALK = script_of(
    [("a", "What is a vector?"), ("b", "A list of numbers, or an arrow.")],
    [("a", "Thanks."), ("b", "One more thing about its length."), ("a", "Yes?")],
)


@pytest.fixture(scope="module")
def recorded() -> tuple[bytes, list[Cue]]:
    file = io.BytesIO()
    cues = list(record(TALK, Tones(), file))
    return file.getvalue(), cues


def decoded(mp3: bytes) -> tuple[Samples, int]:
    samples, rate_hz = soundfile.read(io.BytesIO(mp3), dtype="float32")
    return samples, rate_hz


def heard(mp3: bytes) -> list[tuple[float, float]]:
    """From when to when, in ms, there is sound with less than 0.2 s of silence in it."""
    samples, rate_hz = decoded(mp3)
    loud = np.flatnonzero(np.abs(samples) > 0.03)
    breaks = np.flatnonzero(np.diff(loud) > 0.2 * rate_hz)
    starts, ends = loud[[0, *(breaks + 1)]], loud[[*breaks, -1]]
    return [(s * 1000 / rate_hz, e * 1000 / rate_hz) for s, e in zip(starts, ends, strict=True)]


def test_each_turn_is_heard_when_its_cue_says(recorded: tuple[bytes, list[Cue]]) -> None:
    mp3, cues = recorded

    assert [(cue.chapter, cue.turn) for cue in cues] == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]
    turns = heard(mp3)
    assert len(turns) == len(cues)
    for cue, (start_ms, end_ms) in zip(cues, turns, strict=True):
        assert start_ms - EDGE_S * 1000 == pytest.approx(cue.start_ms, abs=12)  # half a frame
        assert end_ms + EDGE_S * 1000 == pytest.approx(cue.end_ms, abs=12)


def test_the_two_hosts_are_equally_loud(recorded: tuple[bytes, list[Cue]]) -> None:
    mp3, cues = recorded
    samples, rate_hz = decoded(mp3)
    at = [
        slice((c.start_ms + 60) * rate_hz // 1000, (c.end_ms - 60) * rate_hz // 1000) for c in cues
    ]

    loudness = [float(np.sqrt(np.mean(samples[turn] ** 2))) for turn in at]

    assert loudness == pytest.approx([LOUDNESS] * 5, rel=0.1)


def test_a_new_chapter_waits_longer(recorded: tuple[bytes, list[Cue]]) -> None:
    _, cues = recorded
    waits = [after.start_ms - before.end_ms for before, after in itertools.pairwise(cues)]

    assert waits == [
        BETWEEN_TURNS_S * 1000,
        BETWEEN_CHAPTERS_S * 1000,
        *[BETWEEN_TURNS_S * 1000] * 2,
    ]


def test_every_frame_is_alike(recorded: tuple[bytes, list[Cue]]) -> None:
    """So that bytes are milliseconds: 192 are 24, and nothing at the start says otherwise."""
    mp3, cues = recorded

    assert len(mp3) % 192 == 0
    assert {mp3[at : at + 3] for at in range(0, len(mp3), 192)} == {b"\xff\xf3\x84"}
    assert b"Info" not in mp3[:192]
    assert b"Xing" not in mp3[:192]
    ends_ms = cues[-1].end_ms + BETWEEN_CHAPTERS_S * 1000
    assert 0 <= len(mp3) // 192 * 24 - ends_ms < 50


def test_a_turn_can_be_heard_as_soon_as_its_cue_is_there(tmp_path: Path) -> None:
    path = tmp_path / "growing.mp3"
    so_far = b""
    with path.open("wb") as file:
        for count, _ in enumerate(record(TALK, Tones(), file), start=1):
            grown = path.read_bytes()
            assert grown.startswith(so_far)
            assert len(heard(grown)) == count
            so_far = grown

    assert path.read_bytes().startswith(so_far)


def test_a_long_recording_doesnt_drift() -> None:
    turns: list[tuple[Speaker, str]] = [("a" if n % 2 else "b", "So " * 25) for n in range(36)]
    file = io.BytesIO()

    cues = list(record(script_of(turns), Tones(), file))

    assert cues[-1].end_ms > 3 * 60 * 1000
    start_ms, end_ms = heard(file.getvalue())[-1]
    assert start_ms - EDGE_S * 1000 == pytest.approx(cues[-1].start_ms, abs=12)
    assert end_ms + EDGE_S * 1000 == pytest.approx(cues[-1].end_ms, abs=12)


def test_what_is_spoken_is_pronounced() -> None:
    voices = Tones()
    script = script_of([("a", "An MLP by Ada")])

    list(record(script, voices, io.BytesIO(), {"Ada": "Ayda"}))
    list(record(script.model_copy(update={"language": "de"}), voices, io.BytesIO()))

    assert voices.said == ["An M-L-P by Ayda", "An MLP by Ada"]


class Failing(Tones):
    def speak(self, text: str, speaker: Speaker) -> Speech:
        if text == "Thanks.":
            raise VoicesFailed("The voice is hoarse.")
        return super().speak(text, speaker)


def test_a_voice_that_fails_leaves_what_was_said() -> None:
    file = io.BytesIO()
    recording = record(TALK, Failing(), file)

    cues = list(itertools.islice(recording, 2))
    with pytest.raises(VoicesFailed, match="hoarse"):
        next(recording)

    assert len(heard(file.getvalue())) == len(cues) == 2


class FullDisk(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_no_silent_loss() -> None:
    with pytest.raises(OSError, match="No space left"):
        list(record(TALK, Tones(), FullDisk()))


class Mute(Tones):
    def speak(self, text: str, speaker: Speaker) -> Speech:
        return Speech(np.zeros(0 if speaker == "a" else 5000, dtype=np.float32), 16_000)


def test_a_turn_without_sound_takes_no_time() -> None:
    cues = list(record(TALK, Mute(), io.BytesIO()))

    assert [cue.end_ms - cue.start_ms for cue in cues] == [0] * 5


class Nosy(Tones):
    """Looks how much it gives way to others."""

    niceness: int

    def speak(self, text: str, speaker: Speaker) -> Speech:
        self.niceness = os.getpriority(os.PRIO_PROCESS, 0)
        return super().speak(text, speaker)


@pytest.mark.skipif(not hasattr(os, "sched_setscheduler"), reason="only Linux has nice threads")
def test_only_the_voice_gives_way() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    voices = Nosy()

    list(record(TALK, voices, io.BytesIO()))

    assert voices.niceness == max(before, 10)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 48_000])
def test_a_tone_of_another_rate_stays_that_tone(rate_hz: int) -> None:
    samples = resampled(Speech(tone(440, 0.5, rate_hz), rate_hz))

    assert np.abs(samples - tone(440, 0.5, 24_000))[500:-500].max() < 0.01
    assert len(samples) == 12_000


def test_peaks_are_rounded_off() -> None:
    clicks = tone(440, 1, 24_000, loudness=0.05)
    clicks[::4000] = 1

    assert 0.8 < np.abs(levelled(clicks)).max() <= 1


def test_silence_is_trimmed_to_an_edge() -> None:
    samples = np.concatenate([np.zeros(5000), np.ones(100), np.zeros(9000)]).astype(np.float32)

    assert len(trimmed(samples)) == 720 + 100 + 719
    assert len(trimmed(samples[:5000])) == 0
