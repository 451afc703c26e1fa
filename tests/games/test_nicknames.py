"""Which nicknames a room takes, which are the same, which are decent, and which it offers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.nicknames import (
    ANIMALS,
    KINDLY,
    NICKNAME_MAX,
    clean_nickname,
    folded_nickname,
    is_decent,
    offered_nicknames,
    word_filter,
)
from games.rules import Reason, Refused


def refusal(text: str) -> Reason:
    with pytest.raises(Refused) as no:
        clean_nickname(text)
    return no.value.reason


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Ada", "Ada"),
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("Ａｄａ", "Ada"),
        ("ﬁn", "fin"),
        ("A\u200bd\u200da", "Ada"),
        ("\u202eAda\u202c", "Ada"),
        ("Ada\x00\x07", "Ada"),
        ("Ada\u2028Ben", "Ada Ben"),
        ("Zoe\u0308", "Zoë"),
        ("Zoe\u200d\u0308", "Zoë"),
        ("王小明", "王小明"),
        ("عليّ", "عليّ"),
        ("🦊", "🦊"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("{{ada}} & 'ben'; --", "{{ada}} & 'ben'; --"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_nickname_is_shown_as_typed_but_for_what_cannot_be_seen(typed: str, seen: str) -> None:
    assert clean_nickname(typed) == seen


@pytest.mark.parametrize(
    "blank",
    [
        "",
        "   ",
        "\t\n",
        "\u200b\u200b",
        "\u00ad",
        "\u202e",
        "\u2800",
        "\u3164",
        "\u115f",
        "\uffa0",
        "\u0301\u0302",
        "\ufe0f",
        "\U000e0100",
        "\ufeff",
    ],
)
def test_a_nickname_that_shows_nothing_is_empty(blank: str) -> None:
    assert refusal(blank) == Reason.NICKNAME_EMPTY


def test_a_nickname_has_at_most_twenty_characters() -> None:
    assert clean_nickname("a" * 20) == "a" * 20
    assert clean_nickname(f"  {'a' * 20}\u200b ") == "a" * 20
    assert refusal("a" * 21) == Reason.NICKNAME_TOO_LONG


def test_a_nickname_is_measured_as_it_is_shown() -> None:
    assert refusal("\ufdfa" * 2) == Reason.NICKNAME_TOO_LONG  # one letter each, eighteen shown


@given(st.text(max_size=40))
def test_every_nickname_is_short_visible_and_stays_as_it_is(text: str) -> None:
    try:
        name = clean_nickname(text)
    except Refused:
        return
    assert 1 <= len(name) <= NICKNAME_MAX
    assert name == clean_nickname(name)
    assert name == " ".join(name.split())
    assert all(c == " " or unicodedata.category(c)[0] != "C" for c in name)
    assert folded_nickname(name)


@pytest.mark.parametrize(
    "other",
    ["ada", "ADA", "A d a", "аdа", "Аdа", "ΑDΑ", "adɑ", "Ada\ufe0f", "Ada\u2800", "A\u034fda"],
)
def test_a_twin_of_ada_is_ada(other: str) -> None:
    assert folded_nickname(clean_nickname(other)) == folded_nickname("Ada")


@pytest.mark.parametrize(
    ("one", "twin"),
    [
        ("Otto", "0tt0"),
        ("Bill", "Bi11"),
        ("Bill", "BiIl"),
        ("Bill", "B|ll"),
        ("Hana", "Нana"),  # Cyrillic En
        ("Hana", "Ηana"),  # Greek Eta
        ("Ben", "Вen"),  # Cyrillic Ve
        ("Tom", "Тоm"),  # Cyrillic Te and o
        ("НИНА", "Нина"),
        ("STRASSE", "Straße"),
        ("İpek", "i\u0307pek"),
    ],
)
def test_look_alikes_are_the_same_name(one: str, twin: str) -> None:
    assert folded_nickname(clean_nickname(one)) == folded_nickname(clean_nickname(twin))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "Ida"), ("Ben", "Bea"), ("Ada1", "Ada2"), ("Zoe", "Zoë"), ("王", "玉"), ("🦊", "🐻")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert folded_nickname(one) != folded_nickname(other)


@given(st.text(min_size=1, max_size=20))
def test_case_never_makes_another_name(text: str) -> None:
    try:
        name = clean_nickname(text)
    except Refused:
        return
    assert folded_nickname(name.casefold()) == folded_nickname(name)


@pytest.mark.parametrize(
    "name", ["fuck", "f u c k", "FuckYou2", "sh1t", "Anus", "Arsch", "puta", "Putain", "a55hole"]
)
def test_what_a_class_would_giggle_at_is_not_decent(name: str) -> None:
    assert not is_decent(clean_nickname(name))


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Cassandra",
        "Scunthorpe",
        "Bassam",
        "Essex",
        "Titus",
        "Zoë",
        "王小明",
        "Mohammed",
        "Phuc",
    ],
)
def test_names_that_only_contain_something_are_decent(name: str) -> None:
    assert is_decent(name)


@pytest.mark.parametrize("word", ["Pupil", "Bot", "Anna", "Team", "Peter"])
def test_a_number_after_a_name_is_decent(word: str) -> None:
    assert [n for n in range(1000) if not is_decent(f"{word} {n}")] == []


def test_a_quick_look_finds_what_a_slow_one_finds() -> None:
    sought = word_filter()._scanner._rest_any
    words = word_filter()._scanner._rest
    texts = [f"{before}{word}{after}".lower() for word in words for before, after in AROUND]

    assert {text for text in texts if sought.search(text)} == {
        text for text in texts if sought._pattern.search(text)
    }
    assert sum(map(bool, map(sought.search, map(str.lower, words)))) > 1000


AROUND = (("", ""), ("a ", " b"), ("a", "b"))


def test_offered_nicknames_are_different_decent_and_short() -> None:
    assert len(set(offered_nicknames())) == 6
    assert len({name for _ in range(20) for name in offered_nicknames()}) > 100
    for name in (f"{kindly} {animal}" for kindly in KINDLY for animal in ANIMALS):
        assert clean_nickname(name) == name
        assert is_decent(name)
