"""Whose answers count as whose reviews: from a finished game's seats to learners."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from games import archive, learning, moves, seats
from games.archive import Facts, archive_game, freeze_lesson
from games.models import Game, PlayerAnswer, Pupil, Roster
from games.room import Room
from games.rules import Given, Phase, Quiz, RoomSettings
from games.store import SeatRecord, connected
from lessons.models import Lesson
from lessons.questions import Answer, ChoiceAnswer, Poll, TextAnswer
from lessons.study.learners import learner_of, merge
from lessons.study.models import Learner, Memory, Review
from lessons.study.scheduling import Rating
from tests.games.conftest import CAPITAL, RELU
from tests.games.test_archive import arrives
from tests.games.views.conftest import add

pytestmark = pytest.mark.django_db
RIGHT, WRONG = ChoiceAnswer(choice=1), ChoiceAnswer(choice=0)


@pytest.fixture
def hana() -> User:
    return User.objects.create_user("hana")


@pytest.fixture
def lesson(hana: User) -> Lesson:
    """A choice, a text, and a poll, which nobody can get right."""
    lesson = Lesson.objects.create(slug="vectors", title="Vectors", owner=hana)
    for question in (CAPITAL, RELU, Poll(prompt="Well?", options=("yes", "no"))):
        add(lesson, question)
    return lesson


@pytest.fixture
def class_7b(hana: User) -> Roster:
    return Roster.objects.create(host=hana, name="7b")


@pytest.fixture
def ada(class_7b: Roster) -> Pupil:
    return Pupil.objects.create(roster=class_7b, name="Ada", code="CDFGHJ")


@pytest.fixture
def ben(class_7b: Roster) -> Pupil:
    return Pupil.objects.create(roster=class_7b, name="Ben", code="KLMNPQ")


def seat(learner: Learner | None = None, pupil: Pupil | None = None, **more: Any) -> SeatRecord:
    key = learner.key if learner else None
    return SeatRecord("Ada", None, "ada", pupil=pupil.pk if pupil else None, learner=key, **more)


def played(
    lesson: Lesson,
    seated: dict[str, SeatRecord],
    *rounds: dict[str, Answer],
    there: dict[int, set[str]] | None = None,
    first_votes: dict[int, dict[str, Given]] | None = None,
    quiz: Quiz | None = None,
    room: str = "r1",
) -> Game:
    given = {
        n: {seat: Given(answer=said, elapsed_ms=900) for seat, said in answers.items()}
        for n, answers in enumerate(rounds)
    }
    quiz, limits = quiz or freeze_lesson(lesson), dict.fromkeys(given, 20_000)
    assert lesson.owner
    host = lesson.owner.pk
    facts = Facts(
        quiz, RoomSettings(), host, seated, limits, given, first_votes or {}, there=there or {}
    )
    return archive.write_game(room, facts)


def reviews_of(learner: Learner) -> list[tuple[str, int]]:
    """Of which question, rated how."""
    found = learner.reviews.select_related("memory__question")
    return [(str(r.memory.question and r.memory.question.prompt), r.rating) for r in found]


# What counts


def test_answers_count_as_reviews_with_a_line_that_says_why(lesson: Lesson) -> None:
    ada = Learner.objects.create()

    game = played(
        lesson,
        {"a": seat(ada)},
        {"a": RIGHT},
        {"a": TextAnswer(text="tanh")},
        {"a": ChoiceAnswer(choice=0)},
    )

    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Good), (RELU.prompt, Rating.Again)]
    told = set(ada.reviews.values_list("source", "why", "reviewed_at"))
    assert told == {(Review.Source.GAME, "Live game “Vectors”", game.played_at)}
    wrong = Memory.objects.get(learner=ada, question__prompt=RELU.prompt)
    assert wrong.due == ada.next_day_begins(game.played_at)


def test_who_ran_out_of_time_forgot_and_who_was_gone_did_not(lesson: Lesson) -> None:
    ada, ben = Learner.objects.create(), Learner.objects.create()

    played(lesson, {"a": seat(ada), "b": seat(ben)}, {}, {}, there={0: {"a"}, 1: {"a", "b"}})

    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Again), (RELU.prompt, Rating.Again)]
    assert reviews_of(ben) == [(RELU.prompt, Rating.Again)]


def test_an_answer_counts_though_its_phone_was_gone_at_the_bell(lesson: Lesson) -> None:
    ada = Learner.objects.create()

    played(lesson, {"a": seat(ada)}, {"a": RIGHT}, there={0: set()})

    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Good)]


def test_the_last_vote_counts_and_the_first_does_not(lesson: Lesson) -> None:
    ada, ben = Learner.objects.create(), Learner.objects.create()
    said = Given(answer=RIGHT, elapsed_ms=900)

    played(
        lesson,
        {"a": seat(ada), "b": seat(ben)},
        {"a": WRONG},
        first_votes={0: {"a": said, "b": said}},
    )

    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Again)]
    assert reviews_of(ben) == []


def test_a_question_counts_once_a_day_and_a_game_once(lesson: Lesson) -> None:
    ada = Learner.objects.create()

    played(lesson, {"a": seat(ada)}, {"a": RIGHT})
    played(lesson, {"a": seat(ada)}, {"a": WRONG})  # the same room, asked again
    played(lesson, {"a": seat(ada)}, {"a": WRONG}, room="r2")

    assert Game.objects.count() == 2
    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Good)]


def test_nothing_counts_where_nobody_or_nothing_is_known(lesson: Lesson) -> None:
    ada = Learner.objects.create()
    of_old = freeze_lesson(lesson).model_copy(update={"ids": ()})
    stranger = SeatRecord("Cem", None, "cem", learner="a key of nobody")

    played(lesson, {"a": seat(ada)}, {"a": RIGHT}, quiz=of_old)
    played(lesson, {"c": stranger, "d": seat()}, {"c": RIGHT, "d": RIGHT}, room="r2")

    assert (Game.objects.count(), Review.objects.count()) == (2, 0)
    assert Learner.objects.get() == ada


def test_a_game_outlives_reviews_that_fail(
    lesson: Lesson, caplog: pytest.LogCaptureFixture
) -> None:
    """A learner whose zone no longer exists can't be told a day."""
    ada = Learner.objects.create(zone="Nowhere/Atall")

    game = played(lesson, {"a": seat(ada)}, {"a": RIGHT})

    assert game.players.get().answers.count() == 1
    assert Review.objects.count() == 0
    assert "don't count as reviews" in caplog.text
    assert ada.key not in caplog.text


def test_what_is_kept_of_a_game_names_no_learner(lesson: Lesson) -> None:
    ada = Learner.objects.create()

    game = played(lesson, {"a": seat(ada)}, {"a": RIGHT})

    assert reviews_of(ada) != []
    kept = [*Game.objects.values(), *game.players.values(), *PlayerAnswer.objects.values()]
    assert len(kept) == 3
    assert ada.key not in str(kept)


# A room


@pytest.mark.django_db(transaction=True)
def test_a_room_brings_its_learners_and_who_was_there(lesson: Lesson, settings: Settings) -> None:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    ada, ben, team = (Learner.objects.create() for _ in range(3))
    assert lesson.owner
    rooms = [async_to_sync(_played)(lesson, lesson.owner.pk, ada.key, ben.key)]
    rooms += [async_to_sync(_played_by_a_team)(lesson, lesson.owner.pk, team.key)]

    for room in rooms:
        assert archive_game(room)
        assert archive_game(room)

    assert reviews_of(ada) == [(CAPITAL.prompt, Rating.Good)]
    assert reviews_of(ben) == [(CAPITAL.prompt, Rating.Again)]  # not of the round after he left
    assert reviews_of(team) == []


async def _played(lesson: Lesson, host: int, ada_key: str, ben_key: str) -> str:
    async with connected() as store:
        chosen, quiz = RoomSettings(get_ready_s=0), await sync_to_async(freeze_lesson)(lesson)
        room = Room(await moves.open_room(store, quiz, chosen, host), store, quiz, chosen)
        ada = await _sits(room, "Ada", ada_key)
        ben = await _sits(room, "Ben", ben_key)
        await moves.move_on(room, Phase.LOBBY, 0)
        await moves.submit_answer(room, ada, 0, RIGHT)
        await moves.move_on(room, Phase.ASKING, 0)
        await store.leave_seat(room.id, ben, "Ben")
        await store.leave_seat(room.id, ada, "Ada")
        for phase in (Phase.CLOSED, Phase.EXPLANATION, Phase.STANDINGS):
            await moves.move_on(room, phase, 0)
        await moves.move_on(room, Phase.ASKING, 1)
        await _sits(room, "Late", ben_key)
        await moves.end_room(room)
        return room.id


async def _played_by_a_team(lesson: Lesson, host: int, key: str) -> str:
    async with connected() as store:
        chosen = RoomSettings(get_ready_s=0, teams="shared")
        quiz = await sync_to_async(freeze_lesson)(lesson)
        room = Room(await moves.open_room(store, quiz, chosen, host), store, quiz, chosen)
        team = await _sits(room, "Team", key, members=("Ada", "Ben"))
        await moves.move_on(room, Phase.LOBBY, 0)
        await moves.submit_answer(room, team, 0, RIGHT)
        await arrives(room, Phase.CLOSED)
        await moves.end_room(room)
        return room.id


async def _sits(room: Room, name: str, key: str, members: tuple[str, ...] = ()) -> str:
    player, secret = await moves.take_seat(room, name, members=members, learner=key)
    mark = seats.fingerprint(secret)
    assert await room.store.resume_seat(room.id, player, mark, "next", name)
    return player


# Pupils who play


def test_a_pupil_is_who_studies_on_the_phone_that_sat_down(lesson: Lesson, ada: Pupil) -> None:
    device = Learner.objects.create()

    played(lesson, {"a": seat(device, ada)}, {"a": RIGHT})

    ada.refresh_from_db()
    assert ada.learner == device
    assert reviews_of(device) == [(CAPITAL.prompt, Rating.Good)]


def test_a_pupil_without_a_learner_gets_one_and_keeps_it(lesson: Lesson, ada: Pupil) -> None:
    played(lesson, {"a": seat(None, ada)}, {"a": RIGHT})
    other = Learner.objects.create()
    played(lesson, {"a": seat(other, ada)}, {"a": RIGHT}, {"a": TextAnswer(text="relu")}, room="2")

    ada.refresh_from_db()
    assert ada.learner is not None
    assert ada.learner != other
    assert reviews_of(ada.learner) == [(CAPITAL.prompt, Rating.Good), (RELU.prompt, Rating.Good)]
    assert reviews_of(other) == []


def test_two_pupils_on_one_tablet_are_two_learners(lesson: Lesson, ada: Pupil, ben: Pupil) -> None:
    tablet = Learner.objects.create()

    played(lesson, {"a": seat(tablet, ada)}, {"a": RIGHT})
    played(lesson, {"b": seat(tablet, ben)}, {"b": WRONG}, room="r2")

    ada.refresh_from_db()
    ben.refresh_from_db()
    assert ada.learner == tablet
    assert ben.learner is not None
    assert ben.learner != tablet
    assert reviews_of(tablet) == [(CAPITAL.prompt, Rating.Good)]
    assert reviews_of(ben.learner) == [(CAPITAL.prompt, Rating.Again)]


def test_a_merged_learner_is_the_same_pupil(ada: Pupil) -> None:
    ada.learner, kept = Learner.objects.create(), Learner.objects.create()
    ada.save()

    merge(ada.learner, kept)

    ada.refresh_from_db()
    assert ada.learner == kept


# Pupils who enter by code


def visit(learner: Learner | None = None, user: User | None = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    if learner is not None:
        request._learner = learner  # type: ignore[attr-defined]
    return request


def knows(learner: Learner, lesson: Lesson) -> Memory:
    now = learner.created_at
    return Memory.objects.create(
        learner=learner,
        lesson=lesson,
        question=lesson.questions.first(),
        state=2,
        stability=3,
        difficulty=5,
        due=now + timedelta(days=3),
        last_review=now,
    )


def test_a_new_device_is_the_pupils(ada: Pupil) -> None:
    first, second = visit(), visit()

    learning.enter_as(first, ada)
    learning.enter_as(second, ada)

    assert ada.learner is not None
    assert (learner_of(first), learner_of(second)) == (ada.learner, ada.learner)
    assert Learner.objects.get() == ada.learner


def test_what_the_device_studied_comes_along(ada: Pupil, lesson: Lesson) -> None:
    device = Learner.objects.create()
    learnt = knows(device, lesson)
    ada.learner = Learner.objects.create()
    ada.save()
    request = visit(device)

    learning.enter_as(request, ada)

    assert learner_of(request) == ada.learner
    assert Learner.objects.get() == ada.learner
    assert ada.learner.memories.get() == learnt


def test_a_tablet_that_changes_hands_mixes_nothing(ada: Pupil, ben: Pupil, lesson: Lesson) -> None:
    tablet = Learner.objects.create()
    knows(tablet, lesson)
    for known in (None, Learner.objects.create()):
        ada.learner, ben.learner = tablet, known
        ada.save()
        ben.save()
        request = visit(tablet)

        learning.enter_as(request, ben)

        assert ben.learner is not None
        assert learner_of(request) == ben.learner
        assert ben.learner != tablet
        assert ben.learner.memories.count() == 0
        assert tablet.memories.count() == 1


def test_an_account_is_linked_and_nothing_is_merged_into_it(ada: Pupil, lesson: Lesson) -> None:
    mia = User.objects.create_user("mia")
    ada.learner = Learner.objects.create()
    ada.save()
    before, request = ada.learner, visit(user=mia)
    knows(before, lesson)

    learning.enter_as(request, ada)

    assert ada.learner is not None
    assert ada.learner.user == mia
    assert ada.learner.memories.count() == 0
    assert before.memories.count() == 1


def test_a_code_never_opens_an_account(ada: Pupil, lesson: Lesson) -> None:
    account = Learner.objects.create(user=User.objects.create_user("mia"))
    ada.learner = account
    ada.save()
    device, stranger = Learner.objects.create(), User.objects.create_user("eve")
    anonymous, logged_in = visit(device), visit(user=stranger)

    learning.enter_as(anonymous, ada)
    learning.enter_as(logged_in, ada)

    ada.refresh_from_db()
    assert ada.learner == account
    assert learner_of(anonymous) == device
    assert learner_of(logged_in) == Learner.objects.get(user=stranger)
