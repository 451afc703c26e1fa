"""How a lesson writes its words, so that the hosts write them likewise. English. Pure."""

import re
from collections.abc import Iterable

from lessons.authoring.words import content_words, root
from lessons.podcast.writing.points import Saying


def roots(text: str) -> frozenset[str]:
    """The words that carry content, singular and plural as one."""
    return frozenset(map(root, content_words(text)))


_COMMON_ENDINGS = ("tion", "ment", "ness", "ity", "ism", "ing", "ance", "ence", "ure")
_IN_MIDST = re.compile(r"(?<=[\w,] )(?=([A-ZÀ-Þ][\w’'-]*(?: [\w’'-]+){0,9}))")


class Wording:
    """How the lesson writes its words inside a sentence: “attention”, but “Danton”."""

    def __init__(self, texts: Iterable[str]) -> None:
        text = "\n".join(texts)
        self._small = set(map(root, re.findall(r"(?<![\w-])[a-z][\w-]*", text)))
        self._in_midst: set[str] = set()
        """What stands in mid-sentence with a capital letter, which then belongs to it."""
        for seen in _IN_MIDST.finditer(text):
            words = seen[1].split()
            self._in_midst.update(" ".join(words[:n]) for n in range(1, len(words) + 1))

    def inside(self, phrase: str) -> str:
        """What a sentence begins with, or has in its midst, as it is written in mid-sentence."""
        article, rest = _parted(phrase)
        first, blank, others = rest.partition(" ")
        if re.search(r"(?<![\w-])[A-ZÀ-Þ]", others) or rest in self._in_midst:
            return article + rest
        return article + self._word(first) + blank + others

    def opened(self, text: str) -> str:
        """A fragment or a definition as it goes on after other words."""
        first, blank, others = text.partition(" ")
        is_plain = first[1:].islower() or first == "A"
        if is_plain and others[:1].islower() and first not in self._in_midst:
            return first.lower() + blank + others
        return self.inside(first) + blank + others

    def term(self, title: str) -> str:
        """A flashcard’s term, which may be written like a title: “Feature Space”."""
        if title in self._in_midst:
            return title
        return " ".join(w if w in self._in_midst else self._word(w) for w in title.split())

    def _word(self, word: str) -> str:
        if not word[1:].replace("-", "").islower():
            return word
        is_common = not content_words(word) or root(word.lower()) in self._small
        return word.lower() if is_common or word.endswith(_COMMON_ENDINGS) else word


def _parted(phrase: str) -> tuple[str, str]:
    seen = re.match(r"(?:the|an?) ", phrase, re.IGNORECASE)
    return (seen[0].lower(), phrase[seen.end() :]) if seen else ("", phrase)


def named(name: str, saying: Saying, wording: Wording) -> str:
    """What the author marked, with the article it has there."""
    before = saying.text[: saying.text.index(name)].rstrip("“").split()
    article = before[-1].lower() if before and before[-1].lower() in {"a", "an", "the"} else ""
    return f"{article} {wording.inside(name)}".strip()
