"""Who can speak on this machine: one file for each, the best first."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

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


def voices_for(language: str) -> Voices | None:
    """A stand-in: nobody."""
    return None
