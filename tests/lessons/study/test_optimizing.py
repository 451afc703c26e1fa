import random
from datetime import UTC, date, datetime, timedelta

import pytest

from lessons.models import Lesson
from lessons.study.models import Learner, Memory, Review
from lessons.study.optimizing import (
    History,
    NotFitted,
    are_allowed,
    fitted,
    histories,
    reviews_in,
    take,
)
from lessons.study.scheduling import DEFAULT_PARAMETERS, Memo, Plan, Rating, recall, reviewed
from lessons.study.spaced_repetition import Item
from tests.lessons.study.cast_of_learners import studied

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def forgetful(cards: int, seed: int = 1) -> list[History]:
    """The log of somebody whose memory is a fifth as stable as FSRS takes it to be."""
    rng = random.Random(seed)
    found = []
    for _ in range(cards):
        memo, at = reviewed(None, Rating.Good, START, Plan().without_steps), START
        history = [(at.date(), Rating.Good.value)]
        for _ in range(6):
            gap = max(1, round(memo.stability * rng.uniform(0.5, 1.5)))
            at += timedelta(days=gap)
            knows = rng.random() < recall(memo._replace(stability=memo.stability / 5), at)
            rating = Rating.Good if knows else Rating.Again
            memo = reviewed(memo, rating, at, Plan().without_steps)
            history.append((at.date(), rating.value))
        found.append(history)
    return found


def test_a_fit_foretells_its_learner_better() -> None:
    log = forgetful(120)

    fit = fitted(log, DEFAULT_PARAMETERS)

    assert fit.before == DEFAULT_PARAMETERS
    assert fit.reviews_count == reviews_in(log) == 840
    assert fit.is_better
    assert are_allowed(fit.after)
    # Such a learner's first intervals are shorter.
    assert fit.after[2] < DEFAULT_PARAMETERS[2]
    assert fitted(log, DEFAULT_PARAMETERS) == fit
    again = fitted(log, fit.after)
    assert again.log_loss_before == fit.log_loss_after


@pytest.mark.parametrize("log", [[], [[(date(2026, 1, 5), 3)]] * 600])
def test_cards_seen_once_say_nothing_about_forgetting(log: list[History]) -> None:
    with pytest.raises(NotFitted):
        fitted(log, DEFAULT_PARAMETERS)


def test_parameters_out_of_bounds_are_refused() -> None:
    assert are_allowed(DEFAULT_PARAMETERS)
    assert not are_allowed((*DEFAULT_PARAMETERS[:20], 0.05))
    assert not are_allowed(DEFAULT_PARAMETERS[:19])


def test_the_first_answer_of_a_card_and_day_counts(db: None) -> None:
    learner, other = Learner.objects.create(), Learner.objects.create()
    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    one, two, theirs = (memory_of(whose) for whose in (learner, learner, other))
    for memory, hour, rating, day in (
        (one, 9, 1, monday),
        (one, 10, 3, monday),
        (one, 30, 4, tuesday),
        (one, 40, 2, monday),  # flown west over the date line
        (two, 8, 3, monday),
        (theirs, 9, 3, monday),
    ):
        at = START + timedelta(hours=hour)
        memory.reviews.create(learner=memory.learner, rating=rating, reviewed_at=at, day=day)
    assert Review.objects.count() == 6

    assert histories(learner) == [[(monday, 1), (tuesday, 4)], [(monday, 3)]]


def test_taken_parameters_see_the_log_with_their_own_eyes(lesson: Lesson) -> None:
    learner = Learner.objects.create()
    own = (0.1, 0.6, 1.1, *DEFAULT_PARAMETERS[3:])
    studied(learner, [Item(lesson.pk)], START, reviews=4)
    before = [memory.memo for memory in learner.memories.all()]

    take(learner, own)

    memo: Memo | None = None
    for review in learner.reviews.all():
        memo = reviewed(memo, Rating(review.rating), review.reviewed_at, learner.plan)
    assert memo
    after = learner.memories.get().memo
    assert (after.stability, after.difficulty) == (memo.stability, memo.difficulty)
    assert after.stability < before[0].stability
    assert after.due == before[0].due
    take(learner, DEFAULT_PARAMETERS)
    assert [memory.memo for memory in learner.memories.all()] == before
    assert learner.parameters is None
    assert learner.previous_parameters == list(own)


def memory_of(learner: Learner) -> Memory:
    memory = Memory(learner=learner)
    memory.memo = reviewed(None, Rating.Good, START, Plan())
    memory.save()
    return memory
