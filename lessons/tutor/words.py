"""Words as they are compared: stemmed, without those that carry no content. Pure."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s.stopwords
import Stemmer

from lessons.tutor.vectors import vocabulary

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*", re.UNICODE)
# Chinese and Japanese: each sign counts as a word.
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

_LANGUAGES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_STOP_WORDS_EN = frozenset((Path(__file__).parent / "assets/stop_words_en.txt").read_text().split())
"""Articles, pronouns, prepositions, auxiliaries; then how one asks: “tell”, “mean”, “example”."""


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case, CO₂ as co2, l’État as état."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    plain = _WITHOUT_SPACES.sub(r" \g<0> ", plain)
    found = []
    for word in _WORD.findall(plain):
        before, apostrophe, after = word.lower().partition("'")
        # l'état, d'état; but don't and king's
        found.append(after if apostrophe and len(before) == 1 and len(after) > 1 else word.lower())
    return found


class Words:
    """How the words of one language are compared."""

    def __init__(self, language: str) -> None:
        code = language.partition("-")[0].lower()
        self.is_english = code == "en"
        self._language = _LANGUAGES.get(code)
        self._stop = _STOP_WORDS_EN if self.is_english else _stop_words(self._language)

    def terms(self, text: str) -> list[str]:
        """The stems of the words that carry content, in the order of the text."""
        return self.stems(self.content(text))

    def content(self, text: str) -> list[str]:
        """The words that carry content, as they are written but in lower case."""
        return [w.removesuffix("'s") for w in words(text) if w not in self._stop]

    def stems(self, of: Sequence[str]) -> list[str]:
        if not self._language:
            return list(of)
        # A stemmer isn't for several threads, and a new one costs a third of a microsecond.
        return list(Stemmer.Stemmer(self._language).stemWords(of))


def _stop_words(language: str | None) -> frozenset[str]:
    listed = getattr(bm25s.stopwords, f"STOPWORDS_{(language or '').upper()}", ())
    return frozenset(listed)


def rarity(word: str) -> float:
    """0 for the commonest word of English to 1 for one that isn't among the 30,000 commonest."""
    known = vocabulary()
    first = known["the"]
    if word not in known:
        return 1.0
    return math.log1p(max(0, known[word] - first)) / math.log1p(len(known) - first)


def _initials(text: str) -> str:
    return "".join(part[0] for part in re.split(r"[\s-]+", text.lower()) if part)


_IN_BRACKETS = re.compile(r"([^()\n]{3,80}?)\s*\(([A-Z][A-Za-z0-9-]{1,9})\)")


def acronyms(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Each acronym the texts introduce, “large language model (LLM)”, with what it stands for."""
    found = []
    for text in texts:
        for before, short in _IN_BRACKETS.findall(text):
            letters = short.removesuffix("s").lower()
            parts = re.split(r"[\s-]+", before.strip())
            # The longest run of words before the bracket with these initials.
            for count in range(min(len(letters), len(parts)), 0, -1):
                long = " ".join(parts[-count:])
                if _initials(long) == letters and count > 1:
                    found.append((letters, long))
                    break
    return list(dict.fromkeys(found))
