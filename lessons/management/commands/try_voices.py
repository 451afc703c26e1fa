"""Have the voices of this machine say a sentence, and print who could."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons.podcast.pronunciation import pronounced
from lessons.podcast.voices import KINDS, VoicesFailed

SENTENCE = "Good morning, and welcome to a lesson about vectors, MLPs and superposition."


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kinds", nargs="*", metavar="kind", help=f"that must speak, of {', '.join(KINDS)}"
        )
        parser.add_argument("--language", default="en")

    def handle(self, *, kinds: list[str], language: str, **options: Any) -> None:
        if unknown := set(kinds) - set(KINDS):
            raise CommandError(f"Not a kind of voice: {', '.join(sorted(unknown))}.")
        tried = {kind: _tried(kind, language) for kind in kinds or KINDS}
        for kind, result in tried.items():
            self.stdout.write(f"{kind:10} {result or 'isn’t here, or speaks another language'}")
        if silent := [kind for kind in kinds if not tried[kind]]:
            raise CommandError(f"Not here, for {language}: {', '.join(silent)}.")


def _tried(kind: str, language: str) -> str:
    """How long the kind takes; empty where it isn't. Raises CommandError where it fails."""
    voices = KINDS[kind](language)
    if not voices:
        return ""
    before = sum(os.times()[:4])
    try:
        speeches = [voices.speak(pronounced(SENTENCE, language=language), s) for s in ("a", "b")]
    except VoicesFailed as error:
        raise CommandError(f"{kind}: {error}") from error
    spoken_s = sum(len(speech.samples) / speech.rate_hz for speech in speeches)
    cpu_s = sum(os.times()[:4]) - before
    return f"{voices.title} speaks: {cpu_s:.1f} s of work for {spoken_s:.1f} s of speech"
