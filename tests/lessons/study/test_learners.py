from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.core.signing import get_cookie_signer
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from lessons.models import Lesson
from lessons.study.learners import (
    COOKIE,
    LearnerCookie,
    forget_device,
    key_in,
    learner_of,
    learner_to_keep,
    merge,
    take_along,
)
from lessons.study.models import KnownCard, Learner, Review, Run
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, rate
from tests.lessons.study.conftest import MORNING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asks(device: str | None = None, user: User | None = None) -> HttpRequest:
    """A request of somebody, from a browser with that cookie."""
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    if device is not None:
        request.COOKIES[COOKIE] = device
    return request


def cookie_after(request: HttpRequest) -> str | None:
    """What the browser keeps when it got its response."""
    response = LearnerCookie(lambda _: HttpResponse()).process_response(request, HttpResponse())
    return response.cookies[COOKIE].value if COOKIE in response.cookies else None


def signed(learner: Learner) -> str:
    return get_cookie_signer(salt=COOKIE).sign(learner.key)


def test_looking_makes_nobody_a_learner(db: None) -> None:
    request = asks()

    assert learner_of(request) is None
    assert cookie_after(request) is None
    assert not Learner.objects.exists()


def test_a_device_is_known_again(db: None) -> None:
    request = asks()
    learner = learner_to_keep(request)
    cookie = cookie_after(request)

    assert learner_of(asks(cookie)) == learner
    assert learner_to_keep(asks(cookie)) == learner
    assert cookie_after(asks(cookie)) is None
    assert learner_of(asks()) is None


@pytest.mark.parametrize("forged", ["", "x", "key", "key:1:2", "é"])
def test_a_cookie_that_we_didnt_sign_is_nobodys(bens: Learner, forged: str) -> None:
    cookie = forged.replace("key", bens.key)

    assert key_in(signed(bens)) == bens.key
    assert key_in(cookie) is None
    assert learner_of(asks(cookie)) is None


def test_an_account_is_the_same_learner_on_every_device(ada: User) -> None:
    phone, laptop = asks(user=ada), asks(user=ada)

    assert learner_to_keep(phone) == learner_to_keep(laptop)
    assert cookie_after(phone)
    assert Learner.objects.get().user == ada


def test_an_accounts_learner_needs_the_log_in(adas: Learner) -> None:
    assert learner_of(asks(signed(adas))) is None


def test_signing_up_takes_along_what_the_device_studied(bens: Learner, ada: User) -> None:
    request = asks(signed(bens), ada)
    take_along(request, ada)

    assert learner_of(request) == bens
    assert Learner.objects.get().user == ada


def test_without_anything_studied_signing_up_makes_no_learner(ada: User) -> None:
    request = asks(user=ada)
    take_along(request, ada)

    assert learner_of(request) is None
    assert not Learner.objects.exists()


def test_logging_in_joins_the_device_to_the_account(
    adas: Learner, bens: Learner, ada: User
) -> None:
    request = asks(signed(bens), ada)
    take_along(request, ada)

    assert learner_of(request) == adas
    assert cookie_after(request)
    assert list(Learner.objects.all()) == [adas]


def test_somebody_elses_account_is_never_taken_along(adas: Learner, noor: User) -> None:
    take_along(asks(signed(adas), noor), noor)

    assert Learner.objects.get().user == adas.user


def test_logging_out_leaves_the_device_to_the_next_one() -> None:
    response = HttpResponse()
    response.set_cookie(COOKIE, "key")
    forget_device(response)

    assert response.cookies[COOKIE].value == ""
    assert response.cookies[COOKIE]["max-age"] == 0


def test_of_two_memories_of_a_card_the_newer_counts(
    adas: Learner, bens: Learner, lesson: Lesson
) -> None:
    card, question = lesson.flashcards.get(), lesson.questions.all()[0]
    forward = Item(lesson.pk, card.pk, "forward")
    older = rate(adas, forward, Rating.Good, MORNING)
    newer = rate(bens, forward, Rating.Again, MORNING + HOUR)
    only_bens = rate(bens, Item(lesson.pk, card.pk, "backward"), Rating.Easy, MORNING)
    only_adas = rate(adas, Item(lesson.pk, question=question.pk), Rating.Hard, MORNING)
    merge(bens, adas)

    kept = {m.pk: m for m in adas.memories.all()}
    assert set(kept) == {newer.pk, only_bens.pk, only_adas.pk}
    assert kept[newer.pk].memo == newer.memo
    assert kept[newer.pk].reviews_count == 2
    assert older.pk not in kept
    assert adas.reviews.count() == Review.objects.count() == 4
    assert set(kept[newer.pk].reviews.values_list("rating", flat=True)) == {
        Rating.Good,
        Rating.Again,
    }


def test_the_accounts_memory_stays_where_it_is_newer(
    adas: Learner, bens: Learner, lesson: Lesson
) -> None:
    forward = Item(lesson.pk, lesson.flashcards.get().pk, "forward")
    rate(bens, forward, Rating.Again, MORNING)
    newer = rate(adas, forward, Rating.Good, MORNING + HOUR)
    merge(bens, adas)

    assert [m.memo for m in adas.memories.all()] == [newer.memo]
    assert adas.reviews.count() == 2


def test_memories_of_deleted_cards_stay_apart(adas: Learner, bens: Learner, lesson: Lesson) -> None:
    forward = Item(lesson.pk, lesson.flashcards.get().pk, "forward")
    rate(adas, forward, Rating.Good, MORNING)
    rate(bens, forward, Rating.Good, MORNING)
    lesson.flashcards.all().delete()
    merge(bens, adas)

    assert adas.memories.count() == adas.reviews.count() == 2


def test_quizzes_and_known_cards_come_along_once(
    adas: Learner, bens: Learner, lesson: Lesson
) -> None:
    card = lesson.flashcards.get()
    for learner in (adas, bens):
        KnownCard.objects.create(learner=learner, flashcard=card)
        Run.objects.create(learner=learner, lesson=lesson, title="Angles", quiz=[])
    merge(bens, adas)

    assert adas.known_cards.count() == KnownCard.objects.count() == 1
    assert adas.runs.count() == 2


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("UTC", datetime(2026, 11, 24, 3, 59, tzinfo=UTC), date(2026, 11, 23)),
        ("UTC", datetime(2026, 11, 24, 4, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 13, 59, tzinfo=UTC), date(2026, 11, 23)),
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 14, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("America/New_York", datetime(2026, 11, 24, 8, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_a_day_begins_at_four_where_the_learner_lives(zone: str, at: datetime, day: date) -> None:
    learner = Learner(zone=zone)

    assert learner.day_of(at) == day
    assert learner.day_begins(day) <= at < learner.next_day_begins(at)


@pytest.mark.parametrize(
    ("at", "hours"),
    [(datetime(2026, 3, 28, 12, tzinfo=UTC), 23), (datetime(2026, 10, 24, 12, tzinfo=UTC), 25)],
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(at: datetime, hours: int) -> None:
    learner = Learner(zone="Europe/Vienna")
    begins = learner.day_begins(learner.day_of(at))

    assert learner.next_day_begins(at) - begins == hours * HOUR


def test_only_zones_that_there_are_are_taken() -> None:
    Learner(zone="Europe/Vienna").clean_fields(exclude=["user"])
    with pytest.raises(ValidationError):
        Learner(zone="Europe/Nowhere").clean_fields(exclude=["user"])
