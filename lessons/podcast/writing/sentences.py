"""A fragment of notes as a sentence that can be said, and a long sentence as several. Pure."""

import re
from collections.abc import Iterator, Sequence

from lessons.authoring.words import capitalised, is_plural
from lessons.podcast.script import LONGEST_TURN
from lessons.podcast.writing.grammar import clause, has_verb, verb

MOST_WORDS = 60
"""Of a turn. Longer ones are lectures."""
MOST_CHARACTERS = LONGEST_TURN - 200
"""Of a piece, so that a phrase of the host has room before it."""
LONGEST_FRAGMENT_WORDS = 7
"""A longer text has a verb, be it one that `grammar` doesn't know."""
_ENDED = re.compile(r"[.!?…:;][\"”’)]*$")
_COLON = re.compile(r"(?P<topic>[^:.,;!?]{2,60}):\s+(?P<told>.*\w.*)")
_A = re.compile(r"an? ", re.IGNORECASE)


def is_fragment(text: str) -> bool:
    """A few words on their own: “High-dimensional vectors”."""
    length = word_count(text)
    if length > LONGEST_FRAGMENT_WORDS or ":" in text or _ENDED.search(text):
        return False
    return length == 1 or not has_verb(text)


def sentence(text: str) -> str:
    """The text as a sentence, if it was one but for its full stop or for a colon in place of a verb.

    “Multilayer Perceptrons: store facts” is “Multilayer Perceptrons store facts.” Words without a
    verb are put to their topic, so that nothing is claimed that the notes don't say.
    """
    text = text.rstrip(" ,;")
    if (seen := _COLON.fullmatch(text)) and not has_verb(seen["topic"]):
        topic, told = seen["topic"].strip(), seen["told"]
        first = told.split()[0].lower().strip(",.;")
        found = verb(first)
        if found and found[1] == ("base" if is_plural(topic) else "s"):
            text = f"{topic} {told[0].lower()}{told[1:]}"
        elif (
            _A.match(told)
            or not has_verb(told)
            or (told[:4].lower() == "the " and not clause(told))
        ):
            text = f"{topic}: {'those are' if is_plural(topic) else 'that is'} {told}"
    return capitalised(text) if _ENDED.search(text) else capitalised(text) + "."


def row(cells: Sequence[str], heads: Sequence[str]) -> str:
    """A row of a table: its first cell, then each other with the head of its column."""
    first, *others = cells
    if len(others) < 2 or len(heads) != len(cells):
        return sentence(": ".join([first, "; ".join(others)]) if others else first)
    told = (f"{head}: {cell}" for head, cell in zip(heads[1:], others, strict=True))
    return ". ".join(part.rstrip(".") for part in (first, *told)) + "."


def listed(items: Sequence[str], last: str = "and") -> str:
    """“a, b and c”, with semicolons where an item has commas of its own."""
    plain = [item.rstrip(" .,;") for item in items]
    if len(plain) < 2:
        return "".join(plain)
    comma = ";" if any("," in item for item in plain) else ","
    return f"{f'{comma} '.join(plain[:-1])} {last} {plain[-1]}"


def word_count(text: str) -> int:
    return len(text.split())


def pieces(text: str, most: int = MOST_WORDS) -> list[str]:
    """The text as it is if it has no more words than that, else cut where it breathes."""
    return list(_cut(list(_words(text)), most))


# Chinese and Japanese have no blanks, and neither has a slip of the keyboard.
_PART_OF_WORD = re.compile(r".{1,79}[。！？；，、]|.{1,80}")


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        yield from _PART_OF_WORD.findall(word)


# What one may pause after, the best first; and the words one may pause before.
_AFTER = (re.compile(r".*[.!?。！？][\"”’)]*"), re.compile(r".*[;:；]"), re.compile(r".*[,，、]"))
_BEFORE = {"and", "or", "but", "because", "which", "that", "while", "so", "when", "where", "if"}


def _cut(words: list[str], most: int) -> Iterator[str]:
    while words:
        at = _pause(words, most)
        piece, words = " ".join(words[:at]), words[at:]
        if words and piece[-1] not in ".!?。！？”":
            piece = piece.rstrip(" ,;:") + " …"
        yield piece


def _pause(words: list[str], most: int) -> int:
    """After how many words to pause: all if they fit, else late, but at the best place there is."""
    fitting, characters = 0, 0
    while fitting < min(most, len(words)) and characters <= MOST_CHARACTERS:
        characters += len(words[fitting]) + 1
        fitting += 1
    if fitting == len(words):
        return fitting
    places = range(fitting, fitting // 3, -1)
    for look in _AFTER:
        for at in places:
            if look.fullmatch(words[at - 1]):
                return at
    return next((at for at in places if words[at].lower() in _BEFORE), fitting)
