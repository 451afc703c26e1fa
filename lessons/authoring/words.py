"""Words as authoring compares them: which are the same word, which carry content. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:[^\W_]|['’](?=[^\W\d_]))*")

_SMALL_WORDS = """
a about above across after again against all almost along already also although always am among
an and another any anybody anyone anything are around as at away back be because been before
being below between beyond both but by can cannot could did do does done down during each either
else enough especially even ever every everybody everyone everything except far few first for
from further get gets give given gives go goes had half has have having he hence her here him
his how however i if in indeed inside instead into is it its itself just last least less let
lets like likely little made mainly make makes many may me might more most mostly much must my
near nearly neither never next no nobody none nor not nothing now of off often on once one only
onto or other others otherwise our out over own per perhaps quite rather really same second
several shall she should since so some somebody someone something sometimes soon still such take
takes than that the their them then there therefore these they this those though three through
thus to today together too toward towards two under until up upon us use used uses using usually
very via was we well were what when where whether which while who whom whose why will with
within without would yet you your
"""
_VAGUE_WORDS = """
addition amount anything area aspect attempt basis beginning billion bit body case cause center
centre change choice concept condition consequence course day deal degree detail difference
dozen effect end everything example exception extent fact factor gap goal group half hand
hundred idea importance instance issue item kind lack lesson level list lot manner matter mean
member method middle million moment name need nothing number one opposite order other pair part
people person piece place plenty point possibility presence price problem product purpose
question range rate reason relation respect rest result role section sense set shape side sign
size something sort start state step task term thing thousand time top trick turn type use view
way week whole work year
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_VAGUE = frozenset(_VAGUE_WORDS.split())


def words(text: str) -> list[str]:
    """Words and numbers in lower case, CO₂ as co2, without the ’s of a possessive."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    return [word.removesuffix("'s") for word in _WORD.findall(plain)]


@lru_cache(10_000)
def content_words(text: str) -> tuple[str, ...]:
    """Those that aren't merely small words of English."""
    return tuple(word for word in words(text) if word not in _SMALL)


def is_vague(text: str) -> bool:
    """Says nothing by itself: “the number”, “other parts”."""
    content = content_words(text)
    return not content or root(content[-1]) in _VAGUE


@lru_cache(10_000)
def root(word: str) -> str:
    """The same for a word and its plural."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key(text: str) -> str:
    """What two spellings of one term share: case, plural and hyphens don't count."""
    return " ".join(root(word) for word in words(text))


@lru_cache(100_000)
def are_related(one: str, other: str) -> bool:
    """Two words of one family: “perpendicular” and “perpendiculars”, “royal” and “royalty”."""
    one, other = root(one), root(other)
    if one == other:
        return True
    shared = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return shared >= max(4, 0.65 * max(len(one), len(other)))


def share_a_word(one: str, other: str) -> bool:
    """Does a content word of one stand in the other, be it in another form?"""
    others = content_words(other)
    return any(are_related(a, b) for a in content_words(one) for b in others)


def is_plural(text: str) -> bool:
    """Whether a noun phrase is plural, by its last word's looks."""
    last = (words(text) or [""])[-1]
    return len(last) > 3 and last != root(last)


def initials(text: str) -> str:
    return "".join(word[0] for word in words(text) if word not in {"of", "the", "and", "for"})


_ACRONYM = re.compile(r"((?:[\w’'-]+\s+){1,6})\(([A-Z][A-Za-z0-9]{1,9})\)")


def acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Each acronym that the texts introduce, and what it stands for: “language model (LM)”."""
    found: dict[str, str] = {}
    for text in texts:
        for before, short in _ACRONYM.findall(text):
            letters = short.removesuffix("s").lower()
            parts = before.split()
            for count in range(1, len(parts) + 1):
                long = " ".join(parts[-count:])
                if initials(long) == letters:
                    found.setdefault(short.removesuffix("s"), long)
                    break
    return found


def blanked(text: str, start: int, end: int) -> str:
    """The text with a blank from `start` to `end`; an article before it tells no first letter."""
    before, after = text[:start], text[end:]
    before = re.sub(r"\b([Aa])n? $", r"\1(n) ", before)
    return f"{before}___{after}"


def put_in(text: str, start: int, end: int, word: str) -> str:
    """The text with another word from `start` to `end`, its article and capital letter mended."""
    before, after = text[:start], text[end:]
    if not before.strip("“\"'("):
        word = capitalised(word)
    article = "an" if word[:1].lower() in "aeiou" else "a"
    before = re.sub(r"\b[Aa]n? $", lambda old: f"{_like(article, old[0])} ", before)
    return f"{before}{word}{after}"


def _like(article: str, old: str) -> str:
    return article.capitalize() if old[0] == "A" else article


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
