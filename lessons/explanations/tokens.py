"""A text is cut into frequent pieces, and every piece is a row of a table of vectors.

Byte-pair encoding starts from the 256 possible bytes, so that it can write anything. It then looks
for the two neighbours that stand together most often in a text, gives the pair a number of its own,
and does so again: 300 times here, on the notes of a lesson; 50,000 times on a large part of the web
for GPT-3, which adds one sign for the end of a text:

    V = 256 + 300 = 556 tokens here          V = 256 + 50,000 + 1 = 50,257 tokens in GPT-3

A merge takes as many tokens away as there were pairs to merge, and never crosses from one word into
the next. Replaying the list of merges, in its order, cuts any other text.

A token is then the number of a row in a table W_E of V rows and d numbers, and that row is its vector.
To look it up is to multiply by the table, since all but one term of each sum is zero:

    one_hot(t) W_E = W_E[t]

Sources: R. Sennrich, B. Haddow and A. Birch, "Neural machine translation of rare words with subword
units" (2016), for the method; A. Radford et al., "Language models are unsupervised multitask learners"
(2019), for bytes and for the 50,257 tokens that GPT-3 uses too; T. Brown et al., "Language models are
few-shot learners" (2020), for the 12,288 numbers in a row of its table.
"""

import math
import re
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from lessons.explanations import Check, ClassAnswers, Knob

TITLE = "Text is cut into frequent pieces"
IDEA = "A text is cut into frequent pieces, a piece is a row number in a big table, and that row is its vector."
CORRECTION = "Often told: a token is a word. Some are, but many are pieces of words, a space or a comma: here “perpendicular” is one token and “basketball” is five. And a token by itself means nothing, it is a row number; what it means is in the numbers of that row, which training fills."
FORMULA = (
    r"t = \operatorname{argmax}_{(a,\,b)} \#(ab), \qquad \operatorname{onehot}(t)\, W_E = W_E[t]"
)
SOURCE = "Sennrich, Haddow and Birch, Neural machine translation of rare words with subword units (2016); Radford et al., Language models are unsupervised multitask learners (2019)"

BYTES = 256
MERGES = 300
"""By then the most frequent pair of the lesson's notes is one that stands there twice."""
WIDTH = 5
"""Numbers in a row: as many as can be read from the last row of a classroom."""
GPT3_ROWS, GPT3_WIDTH = 50_257, 12_288

KNOBS = (
    Knob(key="merges", label="merges", min=0, max=MERGES, step=1, start=MERGES),
    Knob(key="letter", label="look up letter", min=1, max=80, step=1, start=50),
)

LESSON = Path(__file__).parent / "assets" / "tokens.txt"
WORD = re.compile(r" ?\w+| ?[^\w ]+| ")
"""A word takes the space before it along; punctuation is a word of its own."""

Ints = NDArray[np.int64]


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sentence: str = Field(
        default="The directions of basketball and chess are nearly perpendicular.",
        min_length=1,
        max_length=80,
        # A line break or a bell can't be drawn.
        pattern=r"^\P{Cc}+$",
    )
    merges: int = Field(default=MERGES, ge=0, le=MERGES)
    letter: int = Field(default=50, ge=1, le=80)
    """The token with this letter of the sentence is looked up; the last one where it is shorter."""


class Result(BaseModel):
    """All merges and the whole table, so that a browser can cut and look up any other text."""

    merges: list[list[int]]
    """(merges, 2)  the two tokens that become token 256, 257, ..."""
    times: list[int]
    """(merges,)  how often the two stood together in the lesson"""
    table: list[list[int]]
    """(256 + merges, numbers)  the vectors, in tenths"""
    ids: list[int]
    """(tokens,)  the sentence, cut"""
    lesson_bytes: int
    lesson_tokens: int
    restored_bytes: int
    """As many bytes of the lesson, put together from its tokens, are what they were."""
    difference: float
    """Between rows looked up and rows multiplied out, at most."""


def compute(params: Params, rng: np.random.Generator) -> Result:
    lesson = LESSON.read_text(encoding="utf-8")
    merges, times = learned(lesson, MERGES)
    known = merges[: params.merges]
    lesson_ids = cut(lesson, known)
    piece = pieces(known)
    restored = b"".join(piece[token] for token in lesson_ids)

    # Before training the table is filled by chance, here with rows about 1 long.
    table = rng.standard_normal((BYTES + MERGES, WIDTH)) / math.sqrt(WIDTH)
    ids = cut(params.sentence, known)
    one_hot = np.zeros((len(ids), len(table)))
    one_hot[np.arange(len(ids)), ids] = 1

    return Result(
        merges=merges.tolist(),
        times=times.tolist(),
        table=np.rint(10 * table).astype(int).tolist(),
        ids=ids.tolist(),
        lesson_bytes=len(lesson.encode()),
        lesson_tokens=len(lesson_ids),
        restored_bytes=sum(a == b for a, b in zip(restored, lesson.encode(), strict=False)),
        difference=float(np.abs(one_hot @ table - table[ids]).max()),
    )


def checks(params: Params, result: Result) -> list[Check]:
    """All exact: a merge loses no byte, takes one token away for each pair, and a product with one-hot looks up."""
    return [
        Check(
            name="bytes restored from the tokens",
            got=result.restored_bytes,
            want=result.lesson_bytes,
            tol=0,
        ),
        Check(
            name="tokens of the lesson",
            got=result.lesson_tokens,
            want=result.lesson_bytes - sum(result.times[: params.merges]),
            tol=0,
        ),
        Check(name="lookup − one-hot · table", got=result.difference, want=0, tol=0),
    ]


def caption(params: Params, result: Result) -> str:
    found = [_readable(piece) for piece in _pieces_of(result)]
    letters, words = len(params.sentence), len(params.sentence.split())
    start = (
        f"{_counted(letters, 'letter')}, {_counted(words, 'word')}, {_counted(len(found), 'token')}"
    )
    if not params.merges:
        return f"{start}: before the first merge, every letter is a piece of its own."
    longest = max(found, key=len)
    return (
        f"{start}, after {_counted(params.merges, 'merge')} of the two neighbours seen together most. "
        f"The longest is “{longest.strip() or longest}”, and each is the number of a row in the table."
    )


def text(params: Params, result: Result) -> str:
    found = [_readable(piece) for piece in _pieces_of(result)]
    merges = np.array(result.merges)
    counts = ", ".join(
        f"{len(cut(params.sentence, merges[:first]))} after {first}"
        for first in (50, 100, 200, 300)
    )
    place = _token_of_letter(params, result)
    row = result.ids[place]
    numbers = ", ".join(_tenths(value) for value in result.table[row])
    return (
        f"“{params.sentence}” is cut into {_counted(len(found), 'token')} by {params.merges} merges: "
        f"{', '.join(f'“{piece}”' for piece in found)}. Without merges there are "
        f"{len(params.sentence.encode())} of them, one for each byte; there are {counts}. The list of "
        f"merges was learned from {result.lesson_bytes:,} bytes of a lesson, which it cuts into "
        f"{result.lesson_tokens:,} tokens. A token is a row number: “{found[place]}” is row {row} of "
        f"{BYTES + params.merges}, and its vector is that row, {numbers}. The table of GPT-3 has "
        f"{GPT3_ROWS:,} rows of {GPT3_WIDTH:,} numbers, which are {GPT3_ROWS * GPT3_WIDTH:,}. "
        f"Here they are filled by chance, as before training."
    )


def class_text(params: Params, answers: ClassAnswers) -> str:
    if answers.values:
        merges, _ = learned(LESSON.read_text(encoding="utf-8"), MERGES)
        tokens = len(cut(params.sentence, merges[: params.merges]))
        # A half goes up, as it does in the drawing.
        mean = math.floor(np.mean(answers.values) + 0.5)
        right = sum(round(value) == tokens for value in answers.values)
        return (
            f"Dots under the axis show what the class guessed: "
            f"{_counted(len(answers.values), 'guess', 'guesses')}, from {min(answers.values):g} to "
            f"{max(answers.values):g} tokens, on average {mean}; {right} of exactly {tokens}."
        )
    if answers.counts:
        chosen = zip(answers.options, answers.counts, strict=False)
        return "The class answered " + ", ".join(f"“{o}”: {c}" for o, c in chosen) + "."
    return ""


@cache
def learned(text: str, merges: int) -> tuple[Ints, Ints]:
    """The most frequent pairs of neighbours, one after the other; of equals, the one with smaller numbers.

    returns  (merges, 2) the two tokens of each, (merges,) how often they stood together
    """
    ids = _bytes(text)
    pairs = np.zeros((merges, 2), dtype=np.int64)
    times = np.zeros(merges, dtype=np.int64)
    for i in range(merges):
        is_pair = (ids[:-1] >= 0) & (ids[1:] >= 0)
        # Two numbers in one, so that equal pairs are equal numbers.
        both = (ids[:-1] * (BYTES + merges) + ids[1:])[is_pair]
        seen, counts = np.unique(both, return_counts=True)
        pairs[i] = np.divmod(seen[counts.argmax()], BYTES + merges)
        before = len(ids)
        ids = _merged(ids, pairs[i], BYTES + i)
        times[i] = before - len(ids)
    return pairs, times


def cut(text: str, merges: Ints) -> Ints:
    """The tokens of a text, (tokens,): the list of merges, replayed in its order."""
    ids = _bytes(text)
    for i, pair in enumerate(merges):
        ids = _merged(ids, pair, BYTES + i)
    tokens: Ints = ids[ids >= 0]
    return tokens


def pieces(merges: Ints) -> list[bytes]:
    """What each token stands for, (256 + merges,): a byte, or two earlier pieces put together."""
    known = [bytes([byte]) for byte in range(BYTES)]
    for left, right in merges:
        known.append(known[left] + known[right])
    return known


def _bytes(text: str) -> Ints:
    """The bytes of a text with -1 between words, which nothing merges with."""
    words = WORD.findall(text)
    return np.array([number for word in words for number in (*word.encode(), -1)], dtype=np.int64)


def _merged(ids: Ints, pair: Ints, new: int) -> Ints:
    """Every such pair becomes the new token; in “aaa” the first two do."""
    found = np.flatnonzero((ids[:-1] == pair[0]) & (ids[1:] == pair[1]))
    # Pairs that overlap follow each other without a gap: of such a run every second is taken.
    run = found - np.arange(len(found))
    found = found[(found - found[np.searchsorted(run, run)]) % 2 == 0]
    ids = ids.copy()
    ids[found] = new
    return np.delete(ids, found + 1)


def _pieces_of(result: Result) -> list[bytes]:
    """The tokens of the sentence, as bytes."""
    known = pieces(np.array(result.merges))
    return [known[token] for token in result.ids]


def _token_of_letter(params: Params, result: Result) -> int:
    """Which token of the sentence has the letter that is asked for; a letter may be several bytes."""
    before = len(params.sentence[: params.letter - 1].encode())
    ends = np.cumsum([len(piece) for piece in _pieces_of(result)])
    return min(int(np.searchsorted(ends, before, side="right")), len(ends) - 1)


def _readable(piece: bytes) -> str:
    """Its letters; where it ends within one, the bytes of that as numbers."""
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return " ".join(chr(byte) if byte < 128 else f"{byte:02x}" for byte in piece)


def _tenths(value: int) -> str:
    return f"{value / 10:.1f}".replace("-", "−")


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
