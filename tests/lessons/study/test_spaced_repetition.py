from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from lessons.models import Flashcard, Lesson, Question
from lessons.study.models import Learner, Memory, Review
from lessons.study.queue import Counts, counts, queue
from lessons.study.scheduling import Rating, State, intervals
from lessons.study.spaced_repetition import (
    Item,
    RatedElsewhere,
    bring_back,
    bury,
    count_answers,
    rate,
    seed_of,
    suspend,
    undo,
)

AGAIN, HARD, GOOD, EASY = Rating
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def learner(ada: User) -> Learner:
    return Learner.objects.create(user=ada)


@pytest.fixture
def words(hana: User) -> Lesson:
    """A published lesson of four cards and a question."""
    lesson = Lesson.objects.create(slug="words", title="Words", owner=hana, is_published=True)
    for term in ("acute", "obtuse", "reflex"):
        Flashcard.objects.create(lesson=lesson, term=term, definition=f"{term} is a kind of angle.")
    gaps = "A {{c1::right}} angle has {{c2::90}} degrees."
    Flashcard.objects.create(lesson=lesson, term="right", definition=gaps)
    Question.objects.create(lesson=lesson, kind="true_false", prompt="So?", is_true=True)
    Question.objects.create(lesson=lesson, kind="poll", prompt="And you?", answers="one\ntwo")
    return lesson


def card(term: str, face: str = "forward") -> Item:
    found = Flashcard.objects.get(term=term)
    return Item(found.lesson_id, flashcard=found.pk, face=face)


def names(learner: Learner | None, now: datetime, *args: Any, **options: Any) -> list[str]:
    """What comes, in order, by term and face."""
    terms = dict(Flashcard.objects.values_list("pk", "term"))
    return [
        f"{terms[item.flashcard]} {item.face}" if item.flashcard else "question"
        for item, _ in queue(learner, now, *args, **options).in_order
    ]


def test_new_cards_come_in_the_lessons_order(words: Lesson, learner: Learner) -> None:
    four = ["acute forward", "obtuse forward", "reflex forward", "right c1"]

    assert names(None, MORNING, words) == four
    assert names(learner, MORNING, words) == four
    assert counts(None, MORNING, words) == Counts(new=4, learning=0, due=0)
    learner.both_directions = learner.has_questions = True
    assert names(learner, MORNING, words) == [*four, "question"]


def test_the_other_faces_of_a_card_wait_for_another_day(words: Lesson, learner: Learner) -> None:
    learner.both_directions = True
    rate(learner, card("acute"), EASY, MORNING)
    rate(learner, card("right", "c1"), GOOD, MORNING)

    assert names(learner, MORNING, words) == ["obtuse forward", "reflex forward", "right c1"]
    assert names(learner, MORNING + DAY, words) == [
        "right c1",
        "acute backward",
        "obtuse forward",
        "reflex forward",
    ]


def test_of_two_faces_due_one_comes(words: Lesson, learner: Learner) -> None:
    rate(learner, card("right", "c1"), EASY, MORNING)
    rate(learner, card("right", "c2"), EASY, MORNING + DAY)

    at = MORNING + 40 * DAY
    assert names(learner, at, words)[0] in {"right c1", "right c2"}
    assert counts(learner, at, words) == Counts(new=3, learning=0, due=1)


def test_steps_come_to_the_minute_and_ahead_when_nothing_else_is_left(
    words: Lesson, learner: Learner
) -> None:
    rate(learner, card("acute"), AGAIN, MORNING)

    def first(at: datetime) -> str:
        return names(learner, at, words)[0]

    assert first(MORNING) == "obtuse forward"
    assert first(MORNING + MINUTE - timedelta(microseconds=1)) == "obtuse forward"
    assert first(MORNING + MINUTE) == "acute forward"
    for other in (card("obtuse"), card("reflex"), card("right", "c1")):
        rate(learner, other, EASY, MORNING)
    assert first(MORNING) == "acute forward"
    assert counts(learner, MORNING, words) == Counts(new=0, learning=1, due=0)


def test_no_step_comes_more_than_twenty_minutes_ahead(words: Lesson, learner: Learner) -> None:
    learner.learning_steps, learner.new_per_day = [21], 1
    rate(learner, card("acute"), AGAIN, MORNING)

    waits = queue(learner, MORNING, words)
    assert waits.in_order == []
    assert waits.next_at == MORNING + 21 * MINUTE
    assert names(learner, MORNING + MINUTE, words) == ["acute forward"]


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("UTC", datetime(2026, 12, 2, 4, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 12, 1, 14, tzinfo=UTC)),  # 14 hours ahead
        ("Pacific/Pago_Pago", datetime(2026, 12, 1, 15, tzinfo=UTC)),  # 11 hours behind
    ],
)
def test_what_is_learnt_is_due_for_the_whole_of_its_local_day(
    words: Lesson, learner: Learner, zone: str, begins: datetime
) -> None:
    learner.zone, learner.new_per_day = zone, 0
    due = rate(learner, card("acute"), EASY, MORNING).due
    Memory.objects.update(due=(begins + DAY / 2 if zone == "UTC" else due))
    due = Memory.objects.get().due
    begins = learner.day_begins(learner.day_of(due))

    assert names(learner, begins - MINUTE, words) == []
    assert queue(learner, begins - MINUTE, words).next_at == begins
    assert names(learner, begins, words) == ["acute forward"]


@pytest.mark.parametrize(
    ("night", "hours"),
    [(datetime(2026, 3, 28, 12, tzinfo=UTC), 23), (datetime(2026, 10, 24, 12, tzinfo=UTC), 25)],
)
def test_days_on_which_the_clock_changes(night: datetime, hours: int, learner: Learner) -> None:
    learner.zone = "Europe/Berlin"
    day = learner.day_of(night)

    length = learner.next_day_begins(night) - learner.day_begins(day)
    assert length == timedelta(hours=hours)
    assert learner.day_of(learner.next_day_begins(night)) == day + DAY


def test_new_cards_and_reviews_a_day_are_limited(words: Lesson, learner: Learner) -> None:
    learner.new_per_day = 2
    assert counts(learner, MORNING, words) == Counts(new=2, learning=0, due=0)
    rate(learner, card("acute"), EASY, MORNING)
    rate(learner, card("obtuse"), EASY, MORNING)
    waits = queue(learner, MORNING, words)
    assert (waits.counts, waits.more_new) == (Counts(new=0, learning=0, due=0), 2)
    assert waits.next_at == datetime(2026, 11, 25, 4, tzinfo=UTC)

    learner.reviews_per_day = 1
    later = MORNING + 60 * DAY
    assert counts(learner, later, words) == Counts(new=2, learning=0, due=1)
    rate(learner, card("acute"), GOOD, later)
    assert counts(learner, later, words) == Counts(new=2, learning=0, due=0)
    assert counts(learner, later + DAY, words) == Counts(new=2, learning=0, due=1)


def test_new_ones_are_spread_among_the_reviews(hana: User, learner: Learner) -> None:
    lesson = Lesson.objects.create(slug="many", title="Many", owner=hana, is_published=True)
    for n in range(12):
        Flashcard.objects.create(lesson=lesson, term=f"{n:02}", definition="a number")
    for n in range(8):
        rate(learner, card(f"{n:02}"), EASY, MORNING)
    at, kinds = MORNING + 60 * DAY, ""
    while waits := queue(learner, at, lesson).in_order:
        kinds += "r" if waits[0].memory else "n"
        rate(learner, waits[0].item, EASY, at)

    assert kinds == "rnrrnrrnrrnr"


def test_across_lessons_only_begun_ones_bring_new_cards(
    words: Lesson, lesson: Lesson, noor: User, learner: Learner
) -> None:
    assert counts(learner, MORNING) == Counts(0, 0, 0)
    assert counts(None, MORNING) == Counts(0, 0, 0)
    rate(learner, card("acute"), GOOD, MORNING)

    assert names(learner, MORNING) == [
        "obtuse forward",
        "reflex forward",
        "right c1",
        "acute forward",
    ]
    assert counts(learner, MORNING, leave_out={words.pk}) == Counts(0, 0, 0)
    assert counts(learner, MORNING, words, leave_out={words.pk}) == Counts(0, 0, 0)


def test_what_may_not_be_seen_does_not_come(words: Lesson, learner: Learner) -> None:
    for item in (card("acute"), card("obtuse"), card("right", "c2")):
        rate(learner, item, GOOD, MORNING)
    at = MORNING + 10 * MINUTE
    assert counts(learner, at, words, sight=1) == Counts(new=0, learning=1, due=0)
    assert counts(None, at, words, sight=2) == Counts(new=2, learning=0, due=0)

    Flashcard.objects.get(term="acute").delete()
    assert counts(learner, at) == Counts(new=1, learning=2, due=0)
    Flashcard.objects.filter(term="right").update(definition="No {{c1::gap}} of that number.")
    assert counts(learner, at) == Counts(new=1, learning=1, due=0)
    words.is_published = False
    words.save()
    assert counts(learner, at) == Counts(0, 0, 0)


def test_a_device_sees_what_is_open_to_everybody(words: Lesson) -> None:
    device = Learner.objects.create()
    words.answers_shown, words.answers_first = Lesson.AnswersShown.FIRST, 2
    words.save()
    rate(device, card("acute"), EASY, MORNING)
    rate(device, card("reflex"), EASY, MORNING)

    assert names(device, MORNING + 60 * DAY) == ["acute forward", "obtuse forward"]


def test_a_card_put_aside_comes_tomorrow_or_when_it_is_brought_back(
    words: Lesson, learner: Learner
) -> None:
    bury(learner, card("acute"), MORNING)
    suspend(learner, card("obtuse"), MORNING)
    rate(learner, card("reflex"), GOOD, MORNING)
    bury(learner, card("reflex"), MORNING)

    assert names(learner, MORNING + 15 * MINUTE, words) == ["right c1"]
    assert names(learner, MORNING + DAY, words) == ["reflex forward", "acute forward", "right c1"]
    bring_back(learner, card("obtuse"))
    assert names(learner, MORNING, words) == ["obtuse forward", "right c1"]


def test_putting_a_new_card_aside_tells_fsrs_nothing(words: Lesson, learner: Learner) -> None:
    item = card("acute")
    suspend(learner, item, MORNING)
    bring_back(learner, item)
    put_aside = rate(learner, item, GOOD, MORNING + DAY)
    stranger = Learner.objects.create()
    new = rate(stranger, item, GOOD, MORNING + DAY)

    assert put_aside.memo == new.memo
    assert put_aside.reviews_count == 1


def test_a_card_forgotten_often_is_set_aside_and_gets_another_chance(
    words: Lesson, learner: Learner
) -> None:
    learner.leech_after = 2
    item, at = card("acute"), MORNING
    for _ in range(2):
        rate(learner, item, EASY, at)
        at += 60 * DAY
        memory = rate(learner, item, AGAIN, at)
    assert (memory.lapses, memory.is_leech, memory.is_suspended) == (2, True, True)
    assert "acute forward" not in names(learner, at, words)

    bring_back(learner, item)
    rate(learner, item, EASY, at)
    memory = rate(learner, item, AGAIN, at + 60 * DAY)
    assert (memory.lapses, memory.is_leech, memory.is_suspended) == (1, False, False)


def test_undo_brings_back_exactly_what_was(words: Lesson, learner: Learner) -> None:
    item = card("acute")
    learner.leech_after = 2

    def known() -> Any:
        fields = Memory.objects.filter(learner=learner).values()
        return list(fields), list(learner.reviews.values())

    states, at = [known()], MORNING
    for rating in (EASY, AGAIN, GOOD, EASY, AGAIN):
        rate(learner, item, rating, at, 1000)
        states.append(known())
        at += 20 * MINUTE

    while len(states) > 1:
        assert known() == states.pop()
        assert undo(learner, at) == item
    assert known() == states[0] == ([], [])
    assert undo(learner, at) is None


def test_undo_takes_back_ones_own_reviews_of_today_alone(words: Lesson, learner: Learner) -> None:
    other = Learner.objects.create()
    question = Question.objects.get(kind="true_false")
    item = Item(words.pk, question=question.pk)
    rate(other, card("acute"), GOOD, MORNING)
    rate(learner, card("obtuse"), GOOD, MORNING - DAY)
    count_answers(
        learner, words, {question.pk: True}, MORNING, Review.Source.GAME, "Live game “Words”"
    )
    assert undo(learner, MORNING) is None

    rate(learner, item, GOOD, MORNING - 2 * MINUTE)
    assert undo(learner, MORNING) is None  # a live game has counted for it since
    assert Review.objects.count() == 4


def test_a_rating_counts_once(words: Lesson, learner: Learner) -> None:
    rate(learner, card("acute"), GOOD, MORNING, seen=0)
    for seen in (0, 2):
        with pytest.raises(RatedElsewhere):
            rate(learner, card("acute"), GOOD, MORNING, seen=seen)
    rate(learner, card("acute"), GOOD, MORNING, 2500, seen=1)

    assert list(learner.reviews.values_list("rating", "duration_ms", "source")) == [
        (3, None, "review"),
        (3, 2500, "review"),
    ]


def test_what_a_game_asked_and_was_missed_is_due_tomorrow_not_today(
    words: Lesson, learner: Learner
) -> None:
    question = Question.objects.get(kind="true_false")
    source = Review.Source.GAME
    count_answers(learner, words, {question.pk: False}, MORNING, source, "Live game")

    assert "question" not in names(learner, MORNING, words)
    assert "question" not in names(learner, datetime(2026, 11, 25, 3, 59, tzinfo=UTC), words)
    assert names(learner, datetime(2026, 11, 25, 4, tzinfo=UTC), words)[0] == "question"


def test_published_intervals_come_into_the_database(words: Lesson, learner: Learner) -> None:
    """ts-fsrs, packages/fsrs/__tests__/FSRS-6.test.ts: memory state; days 0, 0, 1, 3, 8, 21."""
    at = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
    for rating, days in zip([AGAIN] + [GOOD] * 5, [0, 0, 1, 3, 8, 21], strict=True):
        at += timedelta(days=days)
        rate(learner, card("acute"), rating, at)

    memory = Memory.objects.get()
    assert (round(memory.stability, 4), round(memory.difficulty, 4)) == (53.6269, 6.3575)
    assert (State(memory.state), memory.reviews_count) == (State.Review, 6)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.sampled_from(list(Rating)), min_size=1, max_size=8), st.integers(0, 300))
def test_a_button_says_what_rating_does(
    words: Lesson, learner: Learner, ratings: list[Rating], late_h: int
) -> None:
    learner.memories.all().delete()
    item, at = card("acute"), MORNING
    memory: Memory | None = None
    for rating in ratings:
        seed = seed_of(learner, item, memory)
        told = intervals(memory.memo if memory else None, at, learner.plan, seed)[rating]
        memory = rate(learner, item, rating, at)
        assert memory.due - at == told
        at = memory.due + timedelta(hours=late_h)


def test_as_many_queries_for_many_cards_and_lessons(
    hana: User, learner: Learner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = 0
    for lessons, cards in ((1, 5), (10, 50)):
        for n in range(lessons):
            slug = f"lesson-{cards}-{n}"
            lesson = Lesson.objects.create(slug=slug, title=slug, owner=hana, is_published=True)
            Flashcard.objects.bulk_create(
                Flashcard(lesson=lesson, position=i, term=str(i), definition=str(i))
                for i in range(cards)
            )
            first = lesson.flashcards.first()
            assert first
            rate(learner, Item(lesson.pk, first.pk, "forward"), GOOD, MORNING)
            seen += 1
        with django_assert_num_queries(5):
            found = counts(learner, MORNING + 10 * MINUTE)
        assert found == Counts(new=4 if lessons == 1 else 0, learning=seen, due=0)
        with django_assert_num_queries(4):
            queue(learner, MORNING, lesson)


def test_a_whole_game_takes_few_queries(
    bens: Learner, words: Lesson, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = Question.objects.bulk_create(
        Question(lesson=words, kind="true_false", prompt=f"{n}", is_true=True, position=n)
        for n in range(60)
    )
    for at, answered in ((MORNING, asked[:30]), (MORNING + DAY, asked)):
        was_right = {question.pk: n % 2 == 0 for n, question in enumerate(answered)}
        with django_assert_max_num_queries(10):
            count = count_answers(bens, words, was_right, at, Review.Source.GAME, "Game")
        assert count == len(answered)

    first, second = asked[1].memories.get(), asked[59].memories.get()
    assert [first.reviews_count, first.lapses, second.reviews_count] == [2, 1, 1]
    assert bens.reviews.count() == 90
