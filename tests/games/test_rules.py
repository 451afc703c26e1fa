"""Which nicknames a room takes, and the way from the lobby to the podium."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.rules import (
    NICKNAME_MAX,
    Phase,
    Quiz,
    Reason,
    Refused,
    RoomSettings,
    Step,
    clean_nickname,
    folded_nickname,
    next_step,
)
from lessons.questions import ExplanationRef, Question, TrueFalse

# Nicknames


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


# Phases


def asked(**fields: object) -> Question:
    return TrueFalse.model_validate({"prompt": "Is it?", "right": True, **fields})


PLAIN = asked(limit_ms=10_000)
NOTED = asked(limit_ms=20_000, note="It is.")
PICTURED = asked(limit_ms=30_000, explanation=ExplanationRef(key="angles"))
QUIZ = Quiz(lesson=1, slug="is", title="Is it?", questions=(PLAIN, NOTED, PICTURED))


def whole_game(quiz: Quiz, settings: RoomSettings) -> list[Step]:
    steps = []
    step = next_step(Phase.LOBBY, 0, quiz, settings)
    while step:
        steps.append(step)
        step = next_step(step.phase, step.round, quiz, settings)
    return steps


def test_a_hosted_game_waits_for_its_host_everywhere_but_at_the_clocks() -> None:
    assert whole_game(QUIZ, RoomSettings(get_ready_s=3)) == [
        (Phase.GET_READY, 0, 3_000),
        (Phase.ASKING, 0, 10_000),
        (Phase.CLOSED, 0, 0),
        (Phase.STANDINGS, 0, 0),
        (Phase.GET_READY, 1, 3_000),
        (Phase.ASKING, 1, 20_000),
        (Phase.CLOSED, 1, 0),
        (Phase.EXPLANATION, 1, 0),
        (Phase.STANDINGS, 1, 0),
        (Phase.GET_READY, 2, 3_000),
        (Phase.ASKING, 2, 30_000),
        (Phase.CLOSED, 2, 0),
        (Phase.EXPLANATION, 2, 0),
        (Phase.PODIUM, 2, 0),
    ]


def test_autoplay_waits_for_nobody_before_the_podium() -> None:
    chosen = RoomSettings(autoplay=True, get_ready_s=2, result_s=4, explanation_s=15, standings_s=5)
    two = QUIZ.model_copy(update={"questions": (PICTURED, PLAIN)})

    assert whole_game(two, chosen) == [
        (Phase.GET_READY, 0, 2_000),
        (Phase.ASKING, 0, 30_000),
        (Phase.CLOSED, 0, 4_000),
        (Phase.EXPLANATION, 0, 15_000),
        (Phase.STANDINGS, 0, 5_000),
        (Phase.GET_READY, 1, 2_000),
        (Phase.ASKING, 1, 10_000),
        (Phase.CLOSED, 1, 4_000),
        (Phase.PODIUM, 1, 0),
    ]


def test_without_get_ready_the_question_comes_at_once() -> None:
    steps = whole_game(QUIZ, RoomSettings(get_ready_s=0))

    assert Phase.GET_READY not in {step.phase for step in steps}
    assert steps[0] == (Phase.ASKING, 0, 10_000)
    assert [b for a, b in pairwise(steps) if a.phase is Phase.STANDINGS] == [
        (Phase.ASKING, 1, 20_000),
        (Phase.ASKING, 2, 30_000),
    ]


@pytest.mark.parametrize("phase", [Phase.PODIUM, Phase.ENDED])
def test_nothing_follows_the_end(phase: Phase) -> None:
    assert next_step(phase, 2, QUIZ, RoomSettings(autoplay=True)) is None


@given(
    questions=st.lists(st.sampled_from([PLAIN, NOTED, PICTURED]), min_size=1, max_size=8),
    autoplay=st.booleans(),
    get_ready_s=st.integers(0, 30),
)
def test_every_game_asks_and_closes_each_question_once_in_order(
    questions: list[Question], autoplay: bool, get_ready_s: int
) -> None:
    quiz = QUIZ.model_copy(update={"questions": tuple(questions)})
    steps = whole_game(quiz, RoomSettings(autoplay=autoplay, get_ready_s=get_ready_s))

    rounds = list(range(len(questions)))
    assert [s.round for s in steps if s.phase is Phase.ASKING] == rounds
    assert [s.round for s in steps if s.phase is Phase.CLOSED] == rounds
    assert [s.round for s in steps if s.phase is Phase.STANDINGS] == rounds[:-1]
    assert steps[-1] == (Phase.PODIUM, rounds[-1], 0)
    asking = [s.lasts_ms for s in steps if s.phase is Phase.ASKING]
    assert asking == [q.limit_ms for q in questions]
