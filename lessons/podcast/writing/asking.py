"""The question that a sentence answers: what host A asks before host B says it. English. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lessons.authoring.reading import stands_alone
from lessons.authoring.words import content_words, root
from lessons.podcast.writing.grammar import Clause, clause, has_verb, is_participle, is_past
from lessons.podcast.writing.phrases import Purpose
from lessons.podcast.writing.points import Saying


class Question(NamedTuple):
    """What fills the gaps of a phrase of that purpose."""

    purpose: Purpose
    words: tuple[str, ...] = ()


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


def question_for(saying: Saying, wording: Wording) -> Question | None:
    """The question that the sentence answers; None where it only goes on from what was said."""
    text = saying.text
    if when := _when(text):
        return when
    if not stands_alone(text):
        return None
    found = clause(text)
    if found and (question := _about_subject(found, saying, wording)):
        return question
    if found is None and (opened := _under(text)):
        return opened
    return _topic(saying, found, wording)


_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "spring|summer|autumn|winter"
)
_WHEN = re.compile(
    rf"(?P<when>(?:On the (?:night|morning|evening|day) of|On|In|By|After|Before|Since|Until|Around)"
    rf" (?:(?:early|late|the \w+ of) )?(?:\d{{1,2}} )?(?:(?:{_MONTHS})\b ?)?(?:\d{{4}}s?\b)?"
    rf"(?:the \d\dth century)?|(?:\w+) (?:days|weeks|months|years|decades) later),? (?P<told>.+)"
)


def _when(text: str) -> Question | None:
    """“On 14 July 1789 a crowd …”: what happened on 14 July 1789?"""
    seen = _WHEN.fullmatch(text)
    if not seen or not re.search(rf"\d|{_MONTHS}|later", seen["when"]):
        return None
    when = seen["when"].strip()
    return Question("happened", (_happens(text), when[0].lower() + when[1:]))


def _happens(text: str) -> str:
    return "happened" if is_past(text) else "happens"


_UNDER = re.compile(r"(?P<where>(?:In|On|At|With|Without|During) [^,.:;]{3,40}),\s.+")


def _under(text: str) -> Question | None:
    """“In photosystem II, light excites …”: what happens in photosystem II?"""
    seen = _UNDER.fullmatch(text)
    if (
        not seen
        or has_verb(seen["where"])
        or re.search(
            r"\b(?:such|general|fact|short|turn|addition|other words|\w+ing)\b", seen["where"]
        )
    ):
        return None
    where = seen["where"]
    return Question("happened", (_happens(text), where[0].lower() + where[1:]))


_CALLED = re.compile(
    r"(?:(?:also )?(?:called|known as|named|termed) )?(?:an? |the )?(?P<name>.+?)\.?"
)
_MEANT = re.compile(r"(?:an?|the|any|all|one of|when|what|how)\b(?! few\b)")
_IN_PLACE = re.compile(r"(?:in|at|on|inside|between|under|within) (?:the|an?|its|their)\b")
_SAYING = {"say", "tell", "show", "mean", "write", "declare", "teach", "ask", "forbid"}
_HAPPENING = {"happen", "occur", "run", "live", "sit", "lie", "begin", "end", "stand"}
_WITH_PREPOSITION = re.compile(r"(?P<preposition>on|from|into|of|to|with|for)\b")
_LEANING = {
    "depend",
    "rest",
    "rely",
    "consist",
    "come",
    "descend",
    "turn",
    "lead",
    "belong",
    "live",
}
_LEANING |= {"feed", "arise", "result", "refer", "differ", "suffer"}


def _about_subject(found: Clause, saying: Saying, wording: Wording) -> Question | None:
    subject = wording.inside(found.subject)
    is_named = any(name in found.subject for name in saying.names)
    be = found.verb
    if found.form == "be":
        called = _CALLED.fullmatch(found.rest)
        if called and called["name"] in saying.names and not is_named:
            return Question("called", (subject,))
        if _MEANT.match(found.rest):
            return Question("what_is", (be, subject))
        if _IN_PLACE.match(found.rest):
            return Question("where", (be, subject))
        if found.rest and is_participle(found.rest.split()[0]):
            happens = "happened" if be in {"was", "were"} else "happens"
            return Question("happened", (happens, f"to {subject}"))
        return None
    if found.form == "modal":
        verb = "be" if found.rest.startswith("be ") else "do"
        return Question("can", (subject, verb)) if found.verb == "can" else None
    does = {"s": "does", "past": "did", "base": "do"}.get(found.form)
    if does is None:
        return None
    if found.base == "take" and found.rest.startswith("place "):
        return Question("where", (does, f"{subject} take place"))
    if found.base in _HAPPENING and _IN_PLACE.match(found.rest):
        return Question("where", (does, f"{subject} {found.base}"))
    if found.base in _LEANING and (seen := _WITH_PREPOSITION.match(found.rest)):
        return Question("says", (does, subject, f"{found.base} {seen['preposition']}"))
    if found.base in _SAYING:
        return Question("says", (does, subject, found.base))
    # Of what has a name one may ask what it does; who asks “What do plants do?” wants to know more.
    return Question("does", (does, subject)) if is_named and found.rest else None


LONGEST_TOPIC_WORDS = 6


_NAME = re.compile(r"(?!The |An? )(?:[A-ZÀ-Þ][\w’-]+ ){1,3}[A-ZÀ-Þ][\w’-]+(?=[, ])")


def _topic(saying: Saying, found: Clause | None, wording: Wording) -> Question | None:
    """What the sentence is about: what the author marked, or its subject."""
    if saying.names:
        return Question("topic", (named(saying.names[0], saying, wording),))
    if (seen := _NAME.match(saying.text)) and not found:
        return Question("topic", (seen[0],))
    if found and len(found.subject.split()) <= LONGEST_TOPIC_WORDS:
        return Question("topic", (wording.inside(found.subject),))
    return None
