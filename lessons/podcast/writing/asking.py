"""The question that a sentence answers: what host A asks before host B says it. English. Pure."""

import re
from typing import NamedTuple

from lessons.authoring.reading import stands_alone
from lessons.podcast.writing.grammar import Clause, clause, has_verb, is_participle, is_past
from lessons.podcast.writing.phrases import Purpose
from lessons.podcast.writing.points import Saying
from lessons.podcast.writing.wording import Wording, named


class Question(NamedTuple):
    """What fills the gaps of a phrase of that purpose."""

    purpose: Purpose
    words: tuple[str, ...] = ()


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
_LEANING_VERBS = """
arise belong come consist depend descend differ feed lead live refer rely rest result suffer turn
"""
_LEANING = frozenset(_LEANING_VERBS.split())


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
