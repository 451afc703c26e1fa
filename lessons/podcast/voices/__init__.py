"""Who can speak on this machine: one file for each kind of voice."""

from lessons.podcast.voices import espeak_ng, flite, kokoro, server
from lessons.podcast.voices.speech import Speech, Voices, VoicesFailed

__all__ = ["Speech", "Voices", "VoicesFailed", "voices_for"]

KINDS = {"server": server, "kokoro": kokoro, "flite": flite, "espeak-ng": espeak_ng}
"""The best first. Each has `voices(language)`, None where it isn't there or can't speak that."""


def voices_for(language: str) -> Voices | None:
    """The best voices of this machine for a language such as “en” or “pt-BR”; nothing is loaded yet."""
    return next(filter(None, (kind.voices(language) for kind in KINDS.values())), None)
