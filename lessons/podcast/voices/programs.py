"""Voices that are programs of the machine: text by their standard input, a WAV file from them.

As processes of their own they stay apart from ours, in licence (espeak-ng is GPL) as in crashes.
"""

import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext
from soundfile import SoundFileError

from lessons.podcast.voices.speech import Speech, VoicesFailed, read_speech, spoken

logger = logging.getLogger(__name__)

LONGEST_CHARACTERS = 1000
"""In one go: flite needs a second."""


def spoken_by(program: Sequence[str], text: str, within_s: float = 30) -> Speech:
    """What a program says, given that the WAV file's name ends its command. Raises VoicesFailed."""
    return spoken(text, LONGEST_CHARACTERS, lambda piece: _in_one_go(program, piece, within_s))


def _in_one_go(program: Sequence[str], text: str, within_s: float) -> Speech:
    with TemporaryDirectory(prefix="quizgame-speech-") as folder:
        wav = Path(folder) / "speech.wav"
        try:
            subprocess.run(
                [*program, str(wav)],
                input=text.encode(errors="replace"),
                capture_output=True,
                check=True,
                timeout=within_s,
            )
            return read_speech(wav.read_bytes())
        except (OSError, subprocess.SubprocessError, SoundFileError) as error:
            logger.warning("%s failed: %r", program[0], error)
            raise VoicesFailed(
                gettext("The program %(name)s failed to speak.") % {"name": program[0]}
            ) from error
