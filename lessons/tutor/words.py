"""Words as they are compared: stemmed, without those that carry no content. Pure."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

import bm25s.stopwords
import Stemmer

from lessons.tutor.vectors import vocabulary

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*", re.UNICODE)

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
_STOP_WORDS_EN = frozenset(
    # Articles, pronouns, prepositions, auxiliaries
    """a about after again all also although am an and another any anybody anyone anything are as at
    be because been before being both but by can can't cannot could did didn't do does doesn't doing
    don't done each either else ever every everybody everyone everything few for from get gets
    getting go goes going gone got had has have haven't having he her here hers him his how i if in
    instead into is isn't it it's its itself just let like made make makes many may me might more
    most much must my myself no nobody nor not nothing now of off often on once one only onto or
    other others our out over own per quite rather really same shall she should since so some
    somebody someone something still such take takes than that that's the their them then there
    there's these they thing things this those through to too under until up us use used uses using
    very via was wasn't way ways we well were what what's when where whether which while who who's
    whom whose why will with within without would yes yet you your yours"""
    # How one asks
    """ answer ask define definition describe detail details example examples explain explanation give
    happen happened happens kind kinds know learn lesson list main mean meaning meant means name
    please question quick reason say says short sort sorts summarise summarize tell term want wants
    word""".split()
)


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case, CO₂ as co2, l’État as état."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
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
