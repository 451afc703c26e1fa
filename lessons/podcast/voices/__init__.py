"""Who can speak on this machine: one file for each kind of voice."""

from collections.abc import Callable

from lessons.podcast.voices import espeak_ng, flite, kokoro, server
from lessons.podcast.voices.speech import Speech, Voices, VoicesFailed

__all__ = ["Speech", "Voices", "VoicesFailed", "voices_for"]

KINDS: dict[str, Callable[[str], Voices | None]] = {
    "server": server.voices,
    "kokoro": kokoro.voices,
    "flite": flite.voices,
    "espeak-ng": espeak_ng.voices,
}
"""The best first. Each takes a language, and is None where it isn't there or can't speak that."""


def voices_for(language: str) -> Voices | None:
    """The best voices of this machine for a language such as “en” or “pt-BR”; nothing is loaded yet."""
    return next(filter(None, (voices(language) for voices in KINDS.values())), None)
