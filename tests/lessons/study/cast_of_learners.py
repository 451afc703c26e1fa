"""A past for a learner: reviews as they would have been, day by day, by FSRS itself."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import Memo, Rating, State, reviewed
from lessons.study.spaced_repetition import Item


def studied(
    learner: Learner, items: Iterable[Item], until: datetime, reviews: int, seed: int = 1
) -> list[Memory]:
    """Each item reviewed so often, on the days it was due, the last one before `until`."""
    rng = random.Random(seed)
    memories, logs = [], []
    for item in items:
        memo: Memo | None = None
        log: list[tuple[datetime, Rating, Memo | None]] = []
        at = until - timedelta(days=rng.uniform(150, 175))
        while len(log) < reviews and at < until:
            rating = Rating.Good if memo is None or rng.random() < 0.88 else Rating.Again
            log.append((at, rating, memo))
            memo = reviewed(memo, rating, at, learner.plan.without_steps, seed=str(rng.random()))
            at = memo.due + timedelta(hours=rng.uniform(0, 3))
        assert memo
        memory = Memory(
            learner=learner,
            lesson_id=item.lesson,
            flashcard_id=item.flashcard,
            face=item.face,
            question_id=item.question,
            reviews_count=len(log),
            lapses=sum(r == Rating.Again for _, r, before in log if before),
        )
        memory.memo = memo
        memories.append(memory)
        logs.append(log)
    Memory.objects.bulk_create(memories)
    Review.objects.bulk_create(
        Review(
            learner=learner,
            memory=memory,
            rating=rating.value,
            reviewed_at=at,
            day=learner.day_of(at),
            duration_ms=rng.randint(1500, 20_000),
            before=before and _before(before),
        )
        for memory, log in zip(memories, logs, strict=True)
        for at, rating, before in log
    )
    return memories


def _before(memo: Memo) -> dict[str, object]:
    return {
        "state": State(memo.state).value,
        "step": memo.step,
        "stability": memo.stability,
        "difficulty": memo.difficulty,
        "due": memo.due.isoformat(),
        "last_review": memo.last_review.isoformat(),
    }
