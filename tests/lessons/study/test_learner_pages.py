"""A learner's own pages. ada has an account; a device is known by its cookie."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.core.signing import get_cookie_signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import Settings

from games import seats
from games.models import Game
from lessons.models import Flashcard, Lesson
from lessons.study import charts
from lessons.study.learners import COOKIE
from lessons.study.models import Learner, Memory, Review
from lessons.study.overview import AHEAD_D, Overview, memories_open_to, overview
from lessons.study.scheduling import DEFAULT_PARAMETERS, Rating, State
from lessons.study.spaced_repetition import Item, rate
from tests.games.views.test_study_lock import enters, room_on
from tests.lessons.study.cast_of_learners import studied
from tests.lessons.study.test_personal_data import answered_run

STUDY, SETTINGS, FIT = reverse("study"), reverse("study_settings"), reverse("fit_parameters")
DATA, DELETE = reverse("study_data"), reverse("study_delete")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


@pytest.fixture
def learner(client: Client, ada: User) -> Learner:
    """Ada's, who is logged in."""
    client.force_login(ada)
    return Learner.objects.create(user=ada, zone="Europe/Berlin")


@pytest.fixture
def password(client: Client, learner: Learner, ada: User) -> str:
    """Ada's."""
    ada.set_password("spherical-cow")
    ada.save()
    client.force_login(ada)
    return "spherical-cow"


@pytest.fixture
def device(client: Client, db: None) -> Learner:
    learner = Learner.objects.create()
    client.cookies[COOKIE] = get_cookie_signer(salt=COOKIE).sign(learner.key)
    return learner


@pytest.fixture
def cards(published: Lesson) -> list[Item]:
    """Three of the lesson's."""
    for n in (1, 2):
        Flashcard.objects.create(lesson=published, term=f"Angle {n}", definition=f"Of ${n}$.")
    return [
        Item(published.pk, pk, "forward")
        for pk in published.flashcards.values_list("pk", flat=True)
    ]


def remembers(learner: Learner, item: Item, due: datetime, **fields: Any) -> Memory:
    memory = rate(learner, item, Rating.Good, due - 3 * DAY)
    for name, value in {"state": State.Review.value, "due": due, **fields}.items():
        setattr(memory, name, value)
    memory.save()
    return memory


def looked_at(learner: Learner, now: datetime, locked: tuple[int, ...] = ()) -> Overview:
    assert learner.user
    return overview(learner, learner.user, locked, now)


# What is due, and what was done


def test_nothing_studied_leads_to_the_lessons(client: Client, db: None) -> None:
    page = client.get(STUDY)

    assert "Nothing here yet" in text(page)
    assert f'href="{reverse("lesson_list")}"' in page.text
    assert not Learner.objects.exists()
    assert COOKIE not in page.cookies


def test_a_device_is_told_that_it_is_alone(
    client: Client, device: Learner, cards: list[Item]
) -> None:
    remembers(device, cards[0], timezone.now())

    page = client.get(STUDY)

    assert "Kept on this device only." in text(page)
    assert f'href="{reverse("sign_up")}?next={STUDY}"' in page.text
    assert "Review 1 card" in text(page)


def test_what_has_been_learnt_is_due_all_day_and_a_step_at_its_minute(
    learner: Learner, cards: list[Item]
) -> None:
    tomorrow = learner.next_day_begins(NOON)
    minute = timedelta(minutes=1)
    memory = remembers(learner, cards[0], tomorrow - minute)

    def due() -> int:
        told = looked_at(learner, NOON)
        assert [begun.due for begun in told.lessons] == [told.due]
        return told.due

    found = {"by night": due()}
    changes: dict[str, dict[str, Any]] = {
        "tomorrow": {"due": tomorrow},
        "a step to come": {"state": State.Learning.value, "due": NOON + minute},
        "a step": {"due": NOON},
        "buried today": {"buried_on": learner.day_of(NOON)},
        "buried yesterday": {"buried_on": learner.day_of(NOON - DAY)},
        "set aside": {"is_suspended": True},
    }
    for name, fields in changes.items():
        Memory.objects.filter(pk=memory.pk).update(**fields)
        found[name] = due()

    assert found == {
        "by night": 1,
        "tomorrow": 0,
        "a step to come": 0,
        "a step": 1,
        "buried today": 0,
        "buried yesterday": 1,
        "set aside": 0,
    }


def test_forecast_and_recall_are_of_the_cards_that_are_there(
    learner: Learner, cards: list[Item], published: Lesson
) -> None:
    remembers(learner, cards[0], NOON - 9 * DAY)
    remembers(learner, cards[1], NOON + 2 * DAY)
    remembers(learner, cards[2], NOON, is_suspended=True)
    gone = remembers(learner, Item(published.pk, None, "", published.questions.all()[0].pk), NOON)
    Memory.objects.filter(pk=gone.pk).update(question=None)

    told = looked_at(learner, NOON)

    assert told.due_ahead.tolist() == [1, 0, 1] + [0] * (AHEAD_D - 3)
    assert told.cards == 3
    assert [m.flashcard_id for m in told.set_aside] == [cards[2].flashcard]
    assert len(told.recall_ahead) == AHEAD_D + 1
    assert (told.recall_ahead[1:] < told.recall_ahead[:-1]).all()


def test_a_streak_waits_for_today(learner: Learner, cards: list[Item], published: Lesson) -> None:
    """Four in the morning in Berlin is when a day begins."""
    for days in (1, 2, 4):
        rate(learner, cards[0], Rating.Good, NOON - days * DAY)
    assert looked_at(learner, NOON).streak == 2

    answered_run(learner, published, finished_at=NOON - 3 * DAY)
    assert looked_at(learner, NOON).streak == 4

    late = datetime(2026, 3, 3, 2, 59, tzinfo=UTC)
    rate(learner, cards[0], Rating.Good, late)
    assert looked_at(learner, late).streak == 5
    assert looked_at(learner, NOON + DAY).streak == 5
    assert looked_at(learner, NOON + 2 * DAY).streak == 0


def test_the_calendar_ends_with_today() -> None:
    monday = NOON.date()

    shown = charts.calendar({monday: 50, monday - DAY: 9, monday - 400 * DAY: 3}, monday)

    assert [day.level for day in shown.days[-2:]] == [1, 4]
    assert [day.title for day in shown.days[-2:]] == ["1 Mar: 9 reviews", "2 Mar: 50 reviews"]
    assert len(shown.days) == 25 * 7 + 1
    assert shown.label == "59 reviews on 2 of the last 176 days, at most 50 on one."
    assert shown.rows[-2:] == ["week of 23 Feb: 9 reviews", "week of 2 Mar: 50 reviews"]


def test_quizzes_and_where_reviews_came_from(
    client: Client, learner: Learner, cards: list[Item], published: Lesson
) -> None:
    run = answered_run(learner, published, finished_at=NOON)
    now = timezone.now()
    answered_run(learner, published, is_homework=True, closes_at=now + DAY)
    memory = remembers(learner, cards[0], now)
    for why in ("Room of Monday", "Room of Monday", "Room of Tuesday"):
        memory.reviews.create(
            learner=learner, rating=3, reviewed_at=NOON, day=NOON, why=why, source="game"
        )

    page = client.get(STUDY)

    address = reverse("practice_run", args=[published.slug, run.key])
    assert f'href="{address}"' in page.text
    assert "1 of 1 right" in text(page)
    assert text(page).count("open until") == 1
    assert "Live game: Room of Monday 2 reviews" in text(page)
    assert "Live game: Room of Tuesday 1 review " in text(page)


def test_the_page_asks_as_often_for_many_cards_as_for_one(
    client: Client, learner: Learner, cards: list[Item], published: Lesson
) -> None:
    now = timezone.now()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(STUDY)
        return len(asked)

    studied(learner, cards[:1], now, reviews=1)
    answered_run(learner, published)
    few = queries()
    other = Lesson.objects.create(slug="more", title="More", is_published=True)
    more = Flashcard.objects.bulk_create(
        Flashcard(lesson=other, term=str(n), definition="…", position=n) for n in range(40)
    )
    memories = studied(learner, [Item(other.pk, c.pk, "forward") for c in more], now, reviews=9)
    Memory.objects.filter(pk__in=[m.pk for m in memories[:9]]).update(is_suspended=True)
    for _ in range(5):
        answered_run(learner, published)

    assert queries() == few


# Who may see what


def test_a_card_is_its_learners_alone(client: Client, learner: Learner, cards: list[Item]) -> None:
    own = remembers(learner, cards[0], NOON)
    theirs = remembers(Learner.objects.create(), cards[0], NOON)

    page = client.get(reverse("study_card", args=[own.pk]))
    assert "Right angle" in text(page)
    assert "A quarter of a turn." in text(page)
    for method in (client.get, client.post):
        response = method(reverse("study_card", args=[theirs.pk]), {"do": "forget"})
        assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.flashcard_id == cards[0].flashcard
    assert Client().get(reverse("study_card", args=[own.pk])).status_code == 404


def test_a_closed_card_shows_its_log_but_not_its_text(
    client: Client, device: Learner, cards: list[Item], published: Lesson, ada: User
) -> None:
    first, second = (remembers(device, card, timezone.now()) for card in cards[:2])
    pages = [reverse("study_card", args=[memory.pk]) for memory in (first, second)]

    def shown() -> list[bool]:
        return [
            "Of " in client.get(page).text or "quarter" in client.get(page).text for page in pages
        ]

    assert shown() == [True, True]
    published.answers_shown, published.answers_first = "first", 1
    published.save()
    assert shown() == [True, False]
    assert "All its reviews" in client.get(pages[1]).text
    assert memories_open_to(ada, device, ()).count() == 2
    published.answers_shown = "members"
    published.save()
    assert shown() == [False, False]
    assert "Angles" not in client.get(STUDY).text
    published.answers_shown, published.is_published = "public", False
    published.save()
    assert shown() == [False, False]


def test_while_a_room_plays_its_lesson_is_out_of_sight(
    client: Client,
    learner: Learner,
    cards: list[Item],
    published: Lesson,
    hana: User,
    settings: Settings,
) -> None:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    memory = remembers(learner, cards[0], timezone.now())
    page = reverse("study_card", args=[memory.pk])
    assert "quarter" in client.get(page).text
    assert "quarter" in client.get(DATA).text

    enters(client, room_on(published, hana))

    assert "quarter" not in client.get(page).text
    assert "Lessons begun" not in client.get(STUDY).text
    assert client.get(DATA)["Location"] == STUDY


# One card


def test_a_card_is_set_aside_brought_back_and_begun_anew(
    client: Client, learner: Learner, cards: list[Item]
) -> None:
    memory = remembers(learner, cards[0], NOON, lapses=8, is_leech=True, is_suspended=True)
    address = reverse("study_card", args=[memory.pk])

    def after(**sent: str) -> tuple[Any, ...]:
        response = client.post(address, sent)
        memory.refresh_from_db()
        return response["Location"], memory.is_suspended, memory.is_leech, memory.lapses

    assert after(do="bring back", from_list="") == (STUDY, False, False, 0)
    assert after(do="suspend") == (address, True, False, 0)
    assert after(do="bring back") == (address, False, False, 0)
    assert after(do="forget") == (STUDY, False, False, 0)
    assert memory.flashcard is None
    assert memory.reviews.count() == 1
    assert "no longer there" in text(client.get(address))
    # The card itself is a new one.
    assert rate(learner, cards[0], Rating.Good, NOON).pk != memory.pk
    assert client.post(address, {"do": "sing"}).status_code == 404


def test_a_brought_back_card_is_not_set_aside_by_its_next_review(
    client: Client, learner: Learner, cards: list[Item]
) -> None:
    memory = remembers(learner, cards[0], NOON, lapses=8, is_leech=True, is_suspended=True)
    client.post(reverse("study_card", args=[memory.pk]), {"do": "bring back"})

    assert not rate(learner, cards[0], Rating.Again, NOON).is_suspended


def test_a_cards_log_says_how_likely_it_was_known(
    client: Client, learner: Learner, cards: list[Item]
) -> None:
    begin = timezone.now() - 30 * DAY
    learner.learning_steps = []
    learner.save()
    memory = rate(learner, cards[0], Rating.Good, begin, 4200)
    memory = rate(learner, cards[0], Rating.Again, begin + memory.stability * DAY)

    page = client.get(reverse("study_card", args=[memory.pk]))

    rows = [
        strip_tags(row).split() for row in re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)[1:]
    ]
    assert [row[4:] for row in rows] == [
        ["again", "90&nbsp;%", "review"],
        ["good", "new", "4&nbsp;s", "review"],
    ]
    label = re.search(r'aria-label="(Chance[^"]*)"', page.text)
    assert label
    assert "You want 90 %." in label[1]


# Settings


GOOD: dict[str, Any] = {
    "retention_percent": 85,
    "new_per_day": 5,
    "reviews_per_day": 60,
    "learning_steps": "1, 10  60",
    "relearning_steps": "",
    "leech_after": 6,
    "both_directions": "on",
    "zone": "America/New_York",
}


def test_saved_settings_make_a_learner(client: Client, db: None) -> None:
    assert client.get(SETTINGS).status_code == 200
    assert not Learner.objects.exists()

    response = client.post(SETTINGS, GOOD)

    learner = Learner.objects.get()
    assert response["Location"] == SETTINGS
    assert response.cookies[COOKIE]
    assert learner.plan.desired_retention == 0.85
    assert learner.plan.learning_steps_min == (1, 10, 60)
    assert learner.plan.relearning_steps_min == ()
    assert (learner.both_directions, learner.has_questions) == (True, False)
    assert learner.zone == "America/New_York"
    assert 'value="1 10 60"' in client.get(SETTINGS).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retention_percent", "69"),
        ("retention_percent", "98"),
        ("new_per_day", "501"),
        ("new_per_day", "-1"),
        ("reviews_per_day", ""),
        ("learning_steps", "one"),
        ("learning_steps", "0"),
        ("learning_steps", "1441"),
        ("learning_steps", "1.5"),
        ("learning_steps", "9" * 5000),
        ("relearning_steps", "1 2 3 4 5 6 7 8 9 10 11"),
        ("leech_after", "1"),
        ("zone", "Mars/Olympus"),
    ],
)
def test_settings_out_of_bounds_are_named_and_not_saved(
    client: Client, learner: Learner, field: str, value: str
) -> None:
    response = client.post(SETTINGS, GOOD | {field: value})

    assert list(response.context["form"].errors) == [field]
    assert "Not saved yet" in response.text
    learner.refresh_from_db()
    assert learner.new_per_day == 10


def test_what_a_retention_costs_is_said_in_words(client: Client, learner: Learner) -> None:
    costs = json.loads(re.findall(r'id="costs"[^>]*>(.*?)</script>', client.get(SETTINGS).text)[0])

    assert costs["90"] == "What most learners take."
    assert re.fullmatch(r"About \d+ % more reviews than at 90 %\.", costs["95"])
    assert re.fullmatch(r"About \d+ % fewer reviews than at 90 %\.", costs["80"])


def test_a_fit_is_offered_shown_taken_and_taken_back(
    client: Client, learner: Learner, published: Lesson
) -> None:
    assert "512 are missing" in text(client.get(FIT))
    more = Flashcard.objects.bulk_create(
        Flashcard(lesson=published, term=str(n), definition="…", position=n) for n in range(150)
    )
    items = [Item(published.pk, card.pk, "forward") for card in more]
    studied(learner, items[:1], timezone.now(), reviews=3)
    assert "509 are missing" in text(client.get(FIT))
    assert "Take the fit" not in client.post(FIT, {"do": "fit"}).text
    studied(learner, items[1:], timezone.now(), reviews=9)

    page = client.post(FIT, {"do": "fit"})
    assert "Log loss of the fit" in page.text
    learner.refresh_from_db()
    assert learner.parameters is None
    fit, proposal = page.context["fit"], page.context["proposal"]

    client.post(FIT, {"do": "take", "proposal": proposal + "x"})
    learner.refresh_from_db()
    assert learner.parameters is None

    client.post(FIT, {"do": "take", "proposal": proposal})
    learner.refresh_from_db()
    assert learner.plan.parameters == fit.after
    assert learner.previous_parameters == list(DEFAULT_PARAMETERS)

    client.post(FIT, {"do": "go back"})
    learner.refresh_from_db()
    assert learner.plan.parameters == DEFAULT_PARAMETERS
    assert learner.previous_parameters == list(fit.after)


def test_a_fit_made_for_somebody_else_is_refused(
    client: Client, learner: Learner, noor: User
) -> None:
    other = Learner.objects.create(user=noor)
    proposal = signing.dumps([1.0] * 21, salt=f"fit of {other.key}")

    client.post(FIT, {"do": "take", "proposal": proposal})

    learner.refresh_from_db()
    assert learner.parameters is None


# Data


def test_ones_data_is_a_file(client: Client, learner: Learner, cards: list[Item]) -> None:
    remembers(learner, cards[0], NOON)

    response = client.get(DATA)

    assert response["Content-Disposition"].startswith('attachment; filename="quizgame-')
    assert response["Cache-Control"] == "no-store"
    assert json.loads(response.content)["memories"][0]["text"]["term"] == "Right angle"
    assert Client().get(DATA).status_code == 404


def test_deleting_what_a_device_studied_forgets_the_device(
    client: Client, device: Learner, cards: list[Item]
) -> None:
    other = Learner.objects.create()
    for whose in (device, other):
        remembers(whose, cards[0], NOON)
    assert "what you remember of 1 card" in client.get(DELETE).text
    assert Learner.objects.count() == 2

    response = client.post(DELETE, {"what": "study"})

    assert response["Location"] == STUDY
    assert response.cookies[COOKIE]["max-age"] == 0
    assert list(Learner.objects.all()) == [other]
    assert [review.learner for review in Review.objects.all()] == [other]
    assert client.get(DELETE).status_code == 404


def test_an_account_goes_with_its_password_only(
    client: Client, password: str, ada: User, lesson: Lesson
) -> None:
    lesson.owner = ada
    lesson.save()
    Game.objects.create(
        room="r",
        host=ada,
        title="Angles on Monday",
        quiz=[],
        settings={},
        presets_version=1,
        played_at=NOON,
    )
    page = text(client.get(DELETE))
    assert "1 finished game: Angles on Monday" in page
    assert "These lessons stay, without an owner: Angles" in page

    refused = client.post(DELETE, {"what": "account", "password": "wrong"})
    assert refused.status_code == 422
    assert "That isn’t your password." in refused.text
    assert User.objects.filter(pk=ada.pk).exists()

    response = client.post(DELETE, {"what": "account", "password": password})
    assert response["Location"] == reverse("landing")
    assert response.cookies[COOKIE]["max-age"] == 0
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(pk=ada.pk).exists()
    assert not Learner.objects.exists()
    assert not Game.objects.exists()
    lesson.refresh_from_db()
    assert lesson.owner is None


def test_the_only_administrator_stays(client: Client, password: str, ada: User) -> None:
    ada.is_superuser = True
    ada.save()
    sent = {"what": "account", "password": password}

    assert "You are the only administrator." in client.post(DELETE, sent).text
    User.objects.create_superuser("sam")
    client.post(DELETE, sent)
    assert not User.objects.filter(pk=ada.pk).exists()
