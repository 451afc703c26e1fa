"""Searching lessons: every word must occur in one place. `find` is pure; `texts_of` reads the database."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from pydantic import ValidationError

from lessons.cloze import without_braces
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.questions import InfoSlide, right_answers
from lessons.sight import with_sight

LESSONS_MOST, PLACES_MOST = 20, 4
"""How many lessons are shown, and how many places in each."""
SNIPPET = 160
"""Letters of a text around the first word found."""
KEPT_MOST = 2**16
"""Texts that a process keeps as they are compared: they are what a search spends its time on.

More than the largest site has, else each search would push out what the next one begins with."""


class Text(NamedTuple):
    """One place that can be found. `weight` is higher for a title than for what stands below it."""

    lesson: int
    lesson_title: str
    lesson_language: str
    address: str
    title: str
    body: str
    weight: int


class Place(NamedTuple):
    """Where the words occur; title and snippet with the words marked, safe to show."""

    address: str
    title: SafeString
    snippet: SafeString


class Found(NamedTuple):
    """A lesson with the places in it."""

    title: str
    language: str
    address: str
    places: list[Place]
    more: int
    """Places that aren't shown."""


def find(asked: str, texts: Iterable[Text]) -> list[Found]:
    """The lessons in which all words of the question occur in one place, the best first.

    A word counts wherever it begins a word of the text, whatever its case, accents and width; in
    a script without spaces it counts anywhere.
    """
    words = list(dict.fromkeys(_BETWEEN_WORDS.sub(" ", plain(asked)).split()))
    if not words:
        return []
    hits: dict[int, list[tuple[int, Text]]] = {}
    for text in texts:
        if score := _score(words, text):
            hits.setdefault(text.lesson, []).append((score, text))
    for places in hits.values():
        places.sort(key=lambda hit: -hit[0])
    ranked = sorted(hits.values(), key=lambda hit: (-hit[0][0], -len(hit), hit[0][1].lesson_title))
    return [_found(words, [text for _, text in hit]) for hit in ranked[:LESSONS_MOST]]


def texts_of(lessons: QuerySet[Lesson], user: AbstractBaseUser | AnonymousUser) -> list[Text]:
    """All that this visitor may find in these lessons, in four queries."""
    found: list[Text] = []
    readable = {lesson.pk: lesson for lesson in lessons}
    addresses = {pk: lesson.get_absolute_url() for pk, lesson in readable.items()}
    open_to = {pk: lesson.open_to(user) for pk, lesson in readable.items()}

    def add(lesson: int, anchor: str, title: str, body: str, weight: int) -> None:
        at = readable[lesson]
        address = addresses[lesson] + (f"#{anchor}" if anchor else "")
        found.append(Text(lesson, at.title, at.language, address, title, body, weight))

    for lesson in readable.values():
        add(lesson.pk, "", lesson.title, lesson.summary, 4)
    for section in Section.objects.filter(lesson__in=readable):
        add(section.lesson_id, section.anchor, section.title, section.notes, 3)
    cards = Flashcard.objects.filter(lesson__in=readable).order_by("position", "pk")
    for card, is_open in with_sight(cards, attrgetter("lesson_id"), open_to):
        meaning = without_braces(card.definition) if is_open else ""
        add(card.lesson_id, f"card-{card.pk}", card.term, meaning, 2)
    questions = Question.objects.filter(lesson__in=readable).order_by("position", "pk")
    asked = questions.values_list("lesson", "pk", "prompt", *_KEY)
    for (of_lesson, pk, prompt, *key), is_open in with_sight(asked, itemgetter(0), open_to):
        body = _told(prompt, *key) if is_open else ""
        add(of_lesson, f"question-{pk}", prompt, body, 1)
    return found


# Latin, Greek, Hebrew and Arabic marks. A class of letters is ten times faster than asking for each.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_LETTER = re.compile(r"[\w°%]")
_BETWEEN_WORDS = re.compile(r"[^\w°%]+")


def plain(text: str) -> str:
    """The text as it is compared: without case, accents and width."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.casefold()


_kept_plain = lru_cache(KEPT_MOST)(plain)


# All that `as_question` reads, but not the picture, which isn't searched.
_KEY = tuple(
    field.attname
    for field in Question._meta.concrete_fields
    if field.name
    not in {"id", "lesson", "position", "prompt", "section", "explanation", "explanation_params"}
)


@lru_cache(KEPT_MOST)
def _told(prompt: str, *key: Any) -> str:
    """What is right, the note, and what a slide tells; nothing of a row that can't be asked."""
    try:
        played = Question(prompt=prompt, **dict(zip(_KEY, key, strict=True))).as_question()
    except ValidationError:
        return ""
    body = played.body if isinstance(played, InfoSlide) else ""
    return " · ".join(filter(None, [*right_answers(played), played.note, body]))


def _score(words: list[str], text: Text) -> int:
    """Higher for words in the title; 0 where one of them is missing."""
    title, body = _kept_plain(text.title), _kept_plain(text.body)
    in_title = 0
    for word in words:
        if _begins_a_word(word, title):
            in_title += 1
        elif not _begins_a_word(word, body):
            return 0
    return 1 + text.weight + 10 * in_title


def _is_unspaced(word: str) -> bool:
    """Of a script with letters without case, such as Chinese, where no space tells words apart."""
    return unicodedata.category(word[0]) == "Lo"


def _begins_a_word(word: str, text: str) -> bool:
    if _is_unspaced(word):
        return word in text
    # Not a pattern: looking behind takes Python's search for a plain string from it.
    at = text.find(word)
    while at > 0 and _LETTER.match(text[at - 1]):
        at = text.find(word, at + 1)
    return at >= 0


def _found(words: list[str], texts: list[Text]) -> Found:
    first = texts[0]
    return Found(
        title=first.lesson_title,
        language=first.lesson_language,
        address=first.address.split("#")[0],
        places=[
            Place(text.address, _marked(words, text.title), _marked(words, _snippet(words, text)))
            for text in texts[:PLACES_MOST]
        ],
        more=max(0, len(texts) - PLACES_MOST),
    )


_SIGNS = re.compile(r"[*_`#>|]{1,3}|\[([^\]]*)\]\([^)]*\)|^\s*(?:[-+]|\d+\.)\s+", re.MULTILINE)


def _snippet(words: list[str], text: Text) -> str:
    """Some of the text around the first word found, without Markdown's signs, ends cut at words."""
    body = " ".join(_SIGNS.sub(lambda sign: sign[1] or "", text.body).split())
    at = next((start for start, end in _spans(words, body)), 0)
    begin = max(0, at - SNIPPET // 3)
    if begin:
        begin = body.find(" ", begin) + 1
    end = begin + SNIPPET
    shown = body[begin:end]
    if end < len(body):
        shown = shown.rsplit(" ", 1)[0] + " …"
    return f"… {shown}" if begin else shown


def _spans(words: list[str], text: str) -> Iterator[tuple[int, int]]:
    """Where words of the text begin with one of those asked for."""
    spaced = tuple(word for word in words if not _is_unspaced(word))
    unspaced = [word for word in words if _is_unspaced(word)]
    for found in re.finditer(r"[\w°%]+", text):
        here = plain(found[0])
        if here.startswith(spaced) or any(word in here for word in unspaced):
            yield found.span()


def _marked(words: list[str], text: str) -> SafeString:
    parts: list[tuple[str, str, str]] = []
    last = 0
    for start, end in _spans(words, text):
        parts.append((text[last:start], text[start:end], ""))
        last = end
    marked = format_html_join("", "{}<mark>{}</mark>{}", parts)
    return SafeString(marked + format_html_join("", "{}", [(text[last:],)]))
