"""The operator's own voices: any server that speaks OpenAI's `/audio/speech`.

`TTS_BASE_URL`, `TTS_MODEL` and the two names in `TTS_VOICES` say which.
"""

import hashlib
import logging
import time
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext
from soundfile import SoundFileError

from lessons.podcast.script import Speaker
from lessons.podcast.voices.speech import Speech, VoicesFailed, read_speech, spoken

if TYPE_CHECKING:
    from openai import OpenAI

logger = logging.getLogger(__name__)

CONNECT_S = 5.0
LONGEST_CHARACTERS = 2000
"""In one go; OpenAI takes 4096."""
LONGEST_BYTES = 50_000_000
"""Of one reply: nine minutes of CD quality, in which nobody says 2000 characters."""


def voices(language: str) -> "ServerVoices | None":
    """Whatever the language: only the operator knows what the server speaks."""
    if not settings.TTS_BASE_URL:
        return None
    a, b = settings.TTS_VOICES
    return ServerVoices(
        settings.TTS_BASE_URL, settings.TTS_MODEL, {"a": a, "b": b}, settings.TTS_API_KEY
    )


class ServerVoices:
    """`silence_s` is the longest wait for the next piece of a reply, `within_s` for all of it."""

    def __init__(
        self,
        base_url: str,
        model: str,
        names: dict[Speaker, str],
        api_key: str = "",
        *,
        silence_s: float = 120,
        within_s: float = 300,
    ) -> None:
        who = f"{base_url} {model} {names['a']} {names['b']}"
        self.key = f"server-{hashlib.sha256(who.encode()).hexdigest()[:12]}"
        self.title = model
        self._base_url = base_url
        self._names = names
        self._api_key = api_key
        self._silence_s = silence_s
        self._within_s = within_s

    def speak(self, text: str, speaker: Speaker) -> Speech:
        return spoken(text, LONGEST_CHARACTERS, lambda piece: self._in_one_go(piece, speaker))

    def _in_one_go(self, text: str, speaker: Speaker) -> Speech:
        import httpx2
        import openai

        try:
            return read_speech(self._sound(text, speaker))
        except (openai.OpenAIError, httpx2.HTTPError, SoundFileError, TimeoutError) as error:
            logger.warning("%s failed to speak: %r", self._base_url, error)
            raise VoicesFailed(_sentence(error)) from error

    def _sound(self, text: str, speaker: Speaker) -> bytes:
        ends = time.monotonic() + self._within_s
        sound = bytearray()
        with self._client.audio.speech.with_streaming_response.create(
            model=self.title, voice=self._names[speaker], input=text, response_format="wav"
        ) as reply:
            for chunk in reply.iter_bytes():
                sound += chunk
                if time.monotonic() > ends or len(sound) > LONGEST_BYTES:
                    raise TimeoutError(f"{len(sound)} bytes, and no end")
        return bytes(sound)

    @cached_property
    def _client(self) -> "OpenAI":
        import openai

        return openai.OpenAI(
            base_url=self._base_url,
            api_key=self._api_key or "none",
            timeout=openai.Timeout(self._silence_s, connect=CONNECT_S),
        )


def _sentence(error: Exception) -> str:
    import httpx2
    import openai

    match error:
        case openai.APITimeoutError() | httpx2.TimeoutException() | TimeoutError():
            return gettext("The server of the voices took too long.")
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return gettext("The server of the voices refuses this server’s key.")
        case openai.NotFoundError():
            return gettext("The server of the voices doesn’t know that model or path.")
        case openai.RateLimitError():
            return gettext("The server of the voices is busy. Try again in a minute.")
        case SoundFileError():
            return gettext("The server of the voices sent something that isn’t sound.")
        case openai.APIConnectionError() | httpx2.NetworkError():
            return gettext("The server of the voices can’t be reached.")
        case _:
            return gettext("The server of the voices failed.")
