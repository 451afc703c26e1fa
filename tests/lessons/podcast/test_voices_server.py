"""The operator's own voices, against a real server that speaks the protocol."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from lessons.podcast.voices import VoicesFailed, voices_for
from lessons.podcast.voices.server import ServerVoices
from tests.lessons.podcast.tts_server import Reply, TtsServer, serving, wav


def voices_of(server: TtsServer, *, silence_s: float = 5, within_s: float = 5) -> ServerVoices:
    return ServerVoices(
        server.base_url,
        "tts-1",
        {"a": "alloy", "b": "onyx"},
        "secret",
        silence_s=silence_s,
        within_s=within_s,
    )


def test_a_turn_is_spoken_by_the_hosts_voice() -> None:
    with serving(Reply(wav(seconds=0.5, rate_hz=44_100))) as server:
        speech = voices_of(server).speak("Good morning.", "b")

    assert (len(speech.samples), speech.rate_hz) == (22_050, 44_100)
    assert server.keys == ["Bearer secret"]
    assert server.requests == [
        {"model": "tts-1", "voice": "onyx", "input": "Good morning.", "response_format": "wav"}
    ]


def test_the_settings_name_the_server(settings: Settings) -> None:
    with serving(Reply(wav())) as server:
        settings.TTS_BASE_URL, settings.TTS_MODEL = server.base_url, "hexgrad/Kokoro"
        settings.TTS_VOICES = ["af_sky", "am_adam"]
        voices = voices_for("de")
        assert voices
        voices.speak("Guten Tag.", "a")

    assert voices.title == "hexgrad/Kokoro"
    assert server.requests[0]["voice"] == "af_sky"


def test_each_server_model_and_pair_has_its_own_key() -> None:
    def key(base_url: str, model: str, a: str, b: str) -> str:
        return ServerVoices(base_url, model, {"a": a, "b": b}).key

    here = "http://localhost/v1"
    assert key(here, "tts-1", "alloy", "onyx") == key(here, "tts-1", "alloy", "onyx")
    others = [
        ("http://there/v1", "tts-1", "alloy", "onyx"),
        (here, "tts-2", "alloy", "onyx"),
        (here, "tts-1", "onyx", "alloy"),
    ]
    assert len({key(here, "tts-1", "alloy", "onyx"), *(key(*other) for other in others)}) == 4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"TTS_BASE_URL": "http://localhost/v1", "TTS_MODEL": "tts-1"},
            "TTS_BASE_URL, TTS_MODEL and TTS_VOICES need each other: set all of them or none.\n",
        ),
        (
            {"TTS_BASE_URL": "http://h/v1", "TTS_MODEL": "tts-1", "TTS_VOICES": "alloy"},
            "TTS_VOICES must name two voices, such as “alloy,onyx”.\n",
        ),
    ],
)
def test_a_server_half_named_stops_the_start(
    given: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "check"],
        env={"DATA_DIR": str(tmp_path), **given},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (ended.returncode, ended.stderr) == (1, sentence)


def test_a_long_text_goes_in_pieces() -> None:
    with serving(Reply(wav(seconds=0.1, rate_hz=24_000))) as server:
        speech = voices_of(server).speak("A short sentence here. " * 435, "a")

    assert len(server.requests) == 5
    assert max(len(asked["input"]) for asked in server.requests) <= 2000
    assert len(speech.samples) == 5 * 2400


def test_nothing_to_say_isnt_asked_for() -> None:
    with serving(Reply(wav())) as server:
        assert len(voices_of(server).speak(" … ", "a").samples) == 0

    assert server.requests == []


def test_a_wav_that_was_sent_before_its_length_was_known_is_heard() -> None:
    whole = wav(seconds=0.5, rate_hz=24_000)
    at = whole.index(b"data") + 4
    endless = whole[:at] + struct.pack("<I", 0xFFFFFFFF) + whole[at + 4 :]
    with serving(Reply(endless)) as server:
        assert len(voices_of(server).speak("Hello.", "a").samples) == 12_000


def test_a_busy_server_is_asked_again() -> None:
    with serving(Reply(status=503), Reply(wav())) as server:
        assert len(voices_of(server).speak("Hello.", "a").samples) > 0

    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(status=401), "The server of the voices refuses this server’s key."),
        (Reply(status=404), "The server of the voices doesn’t know that model or path."),
        (Reply(status=429), "The server of the voices is busy. Try again in a minute."),
        (Reply(status=500), "The server of the voices failed."),
        (Reply(b"<h1>Hello</h1>"), "The server of the voices sent something that isn’t sound."),
        (Reply(b""), "The server of the voices sent something that isn’t sound."),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(reply: Reply, sentence: str) -> None:
    with serving(reply) as server, pytest.raises(VoicesFailed) as failed:
        voices_of(server).speak("Hello.", "a")

    assert str(failed.value) == sentence


def test_a_silent_server_is_given_up() -> None:
    with serving(Reply(wav(), pause_s=0.5)) as server, pytest.raises(VoicesFailed) as failed:
        voices_of(server, silence_s=0.1).speak("Hello.", "a")

    assert str(failed.value) == "The server of the voices took too long."


def test_an_endless_reply_is_given_up() -> None:
    with serving(Reply(wav(), pause_s=0.3)) as server, pytest.raises(VoicesFailed) as failed:
        voices_of(server, within_s=0.4).speak("Hello.", "a")

    assert str(failed.value) == "The server of the voices took too long."


def test_a_server_that_isnt_there_is_named() -> None:
    with serving(Reply(wav())) as server:
        voices = voices_of(server)
    with pytest.raises(VoicesFailed, match=r"^The server of the voices can’t be reached\.$"):
        voices.speak("Hello.", "a")
