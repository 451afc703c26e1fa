"""Nicknames: cleaned, compared, kept decent, or thought up. Pure."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from confusable_homoglyphs import confusables
from glin_profanity import Filter  # type: ignore[import-untyped]  # ships no types

from games.rules import Reason, Refused

NICKNAME_MAX = 20


def clean_nickname(text: str) -> str:
    """The nickname as others see it: NFKC, invisible characters gone, inner spaces single.

    Raises Refused when nothing is left or more than 20 characters are.
    """
    visible = "".join(
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFKC", text)
        if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    # Again: an accent may have been kept from its letter by something invisible.
    name = unicodedata.normalize("NFKC", " ".join(visible.split()))
    if not any(unicodedata.category(c)[0] in "LNPS" and not _is_blank(c) for c in name):
        raise Refused(Reason.NICKNAME_EMPTY)
    if len(name) > NICKNAME_MAX:
        raise Refused(Reason.NICKNAME_TOO_LONG)
    return name


def folded_nickname(name: str) -> str:
    """What two nicknames of a room are compared by: no case, no look-alike letters, no spaces."""
    shown = (c for c in name.casefold() if not c.isspace() and not _is_blank(c))
    return "".join(map(_latin_twin, shown))


def _is_blank(character: str) -> bool:
    """A letter, symbol or mark that shows nothing: fillers, joiners, variation selectors.

    Source: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, as far as it isn't
    of a category C, and the braille blank.
    """
    return (
        character in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _latin_twin(character: str) -> str:
    """The Latin letter or digit a character can be mistaken for, else the character."""
    if character in "0o":
        return "o"
    if character in "1il|":
        return "l"
    if character.isascii():
        return character
    # The small letter first, then the capital: a small Cyrillic "н" is like no other, "Н" is an H.
    for form in (character, character.upper()):
        found = confusables.is_confusable(form, greedy=True, preferred_aliases=[])
        for look_alike in found[0]["homoglyphs"] if found else []:
            twin: str = look_alike["c"]
            if twin.isascii() and twin.isalnum():
                return _latin_twin(twin.casefold())
    return character


def is_decent(name: str) -> bool:
    """Is there nothing in it that a class would giggle at, spelt plainly or in disguise?"""
    # "FuckYou2" is three words to a reader, and a number is a number.
    plain = re.sub(r"\b\d+\b", " ", name)
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_|(?<=[^\W\d])\d+\b", " ", plain)
    return not any(word_filter().is_profane(form) for form in {plain, apart})


HARMLESS = ["ag", "it", "Peter", "Pippi"]
"""Rude in one language, and names or little words in others."""


@cache
def word_filter() -> Filter:
    """All languages' lists of words, read once: that takes half a second."""
    made = Filter(
        {
            "all_languages": True,
            "detect_leetspeak": True,
            "normalize_unicode": True,
            "ignore_words": HARMLESS,
        }
    )
    # It looks for 1500 expressions at each letter of a name, which takes a door's time from a class.
    scanner = made._scanner
    scanner._rest_any = _Sought(scanner._rest_any, scanner._rest)
    return made


class _Sought:
    """A pattern of many words that isn't tried on a text in which none of their letters stand."""

    def __init__(self, pattern: re.Pattern[str], words: Iterable[str]) -> None:
        self._pattern = pattern
        self._by_beginning: dict[str, list[str]] = {}
        for word in words:
            self._by_beginning.setdefault(word[:2].lower(), []).append(word.lower())

    def search(self, text: str) -> re.Match[str] | None:
        """As the pattern's own, for text in small letters."""
        beginnings = {text[at : at + size] for at in range(len(text)) for size in (1, 2)}
        for beginning in beginnings & self._by_beginning.keys():
            if any(word in text for word in self._by_beginning[beginning]):
                return self._pattern.search(text)
        return None


def offered_nicknames(count: int = 6) -> tuple[str, ...]:
    """Friendly names to choose from, such as "Curious Otter"; all different, all decent."""
    names: set[str] = set()
    while len(names) < count:
        names.add(f"{secrets.choice(KINDLY)} {secrets.choice(ANIMALS)}")
    return tuple(sorted(names))


# No two together may mean something that neither does alone.
KINDLY = """
    Amber Bold Brave Bright Calm Cheerful Clever Cosmic Cosy Curious Daring Dreamy Eager Early
    Electric Emerald Fearless Friendly Gentle Gleaming Golden Graceful Happy Helpful Honest
    Humble Jolly Joyful Keen Kind Lively Loyal Lucky Lunar Magic Mellow Merry Mighty Misty
    Musical Nimble Noble Northern Patient Peaceful Playful Polar Polite Proud Quick Quiet
    Radiant Ready Royal Ruby Sapphire Silver Sincere Sky Smart Smiling Solar Speedy Starry
    Steady Sunny Swift Thoughtful Tidy Velvet Violet Warm Wandering Wise Witty Zesty
""".split()  # noqa: SIM905  # a list would be a page of quotes
ANIMALS = """
    Albatross Alpaca Antelope Badger Bear Bee Bison Butterfly Camel Caribou Cheetah Condor Crane
    Cricket Deer Dolphin Dragonfly Eagle Egret Elephant Elk Falcon Ferret Finch Firefly Flamingo
    Fox Gazelle Gecko Giraffe Goose Hare Hawk Hedgehog Heron Horse Ibex Ibis Jaguar Kestrel
    Koala Lark Lemur Leopard Lion Llama Lynx Magpie Marmot Meerkat Narwhal Newt Ocelot Octopus
    Orca Osprey Otter Owl Panda Panther Parrot Pelican Penguin Puffin Quokka Rabbit Raccoon
    Raven Robin Salmon Seal Sparrow Squirrel Stork Swallow Swan Tapir Tiger Toucan Turtle Walrus
    Whale Wolf Wombat Wren Yak Zebra
""".split()  # noqa: SIM905  # a list would be a page of quotes
