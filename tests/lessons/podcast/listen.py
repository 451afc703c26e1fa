"""How much of a recording a speech recogniser understands; run by hand, since its model isn't ours.

    python -m tests.lessons.podcast.listen SCRIPT.json RECORDING.mp3 WHISPER_FOLDER [SECONDS]

The folder holds a Whisper model for `faster-whisper`, which must be installed. Prints the word error
rate against what is written, not what was spelt out for the voice, and where the two part.
"""

import difflib
import re
import sys
from pathlib import Path

import numpy as np
import soundfile

from lessons.podcast.script import Script

NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def main(script: str, recording: str, model: str, seconds: str = "0") -> None:
    from faster_whisper import WhisperModel  # type: ignore[import-not-found]  # only by hand

    samples, rate_hz = soundfile.read(recording, dtype="float32")
    samples = samples[: int(seconds) * rate_hz or None]
    # 16 kHz, every word of which it was trained on.
    wanted = len(samples) * 16_000 // rate_hz
    heard_at = np.linspace(0, len(samples) - 1, wanted)
    samples = np.interp(heard_at, np.arange(len(samples)), samples).astype(np.float32)
    whisper = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=1)
    segments, _ = whisper.transcribe(samples, language="en", beam_size=5)
    heard = words(" ".join(segment.text for segment in segments))

    turns = Script.model_validate_json(Path(script).read_text()).turns
    written = words(" ".join(turn.text for turn in turns))
    matcher = difflib.SequenceMatcher(None, written, heard, autojunk=False)
    if int(seconds):
        # The excerpt ends where the last words agree.
        written = written[: max(m.a + m.size for m in matcher.get_matching_blocks()[:-1])]
        matcher = difflib.SequenceMatcher(None, written, heard, autojunk=False)
    wrong = 0
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            wrong += max(b - a, d - c)
            print(f"{' '.join(written[a:b])!r:40} heard as {' '.join(heard[c:d])!r}")
    print(f"{wrong} of {len(written)} words wrong: {wrong / len(written):.1%}")


def words(text: str) -> list[str]:
    """In small letters, without signs; what may be written in two ways, in one."""
    small = re.sub(r"[’']", "", text.lower())
    small = re.sub(r"(?<=\d),(?=\d)", "", small).replace("isation", "ization")
    for written, other in [
        ("multi-layer", "multilayer"),
        ("back propa", "backpropa"),
        ("%", " percent"),
    ]:
        small = small.replace(written, other)
    found = re.findall(r"[a-z]+|\d+", small)
    return [str(NUMBERS.index(word)) if word in NUMBERS else word for word in found]


if __name__ == "__main__":
    main(*sys.argv[1:])
