"""From a live room to the database: the game as it was, once, whoever asks."""

import asyncio
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.utils.timezone import now
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pytest_django import Settings

from games import moves, seats
from games.archive import (
    Facts,
    archive_finished_games,
    archive_game,
    freeze_lesson,
    rescored,
    write_game,
)
from games.models import Game, PlayerAnswer, Pupil, Roster
from games.room import Room
from games.rules import Given, Phase, RoomSettings, RosterEntry
from games.scoring import PRESETS_VERSION, Line
from games.store import SeatRecord, Store, connected
from lessons.models import Lesson
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    Question,
    SeveralRight,
    TextAnswer,
    TypedNumber,
    TypedText,
    WordCloud,
    is_asked,
)
from tests.games.conftest import CAPITAL, GUESS, QUIZ, RELU
from tests.games.reports.conftest import EVERY_KIND, quiz_of

pytestmark = pytest.mark.django_db(transaction=True)
TEAMS = RoomSettings(get_ready_s=0, streak_bonus=True, teams="balanced", team_names=("Red", "Blue"))


@pytest.fixture(autouse=True)
def own_prefix(settings: Settings) -> None:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"


@pytest.fixture
def hana() -> User:
    return User.objects.create_user("hana")


class Played:
    """A room that was played without sockets, and what Redis knew of it in the end."""

    room: str
    lines: dict[str, Line]
    seats: dict[str, SeatRecord]


def played(
    host: User, until: Phase = Phase.PODIUM, rounds: int = 3, kicked: bool = False
) -> Played:
    """Ada, Ben, Cem and a silent Dot play QUIZ; Eva comes in the second round."""
    return async_to_sync(_played)(host, until, rounds, kicked)


async def _played(host: User, until: Phase, rounds: int, kicked: bool) -> Played:
    async with connected() as store:
        id = await moves.open_room(store, QUIZ, TEAMS, host=host.pk)
        room = Room(id, store, QUIZ, TEAMS)
        ada, ben, cem, _dot = [await sits(room, name) for name in ("Ada", "Ben", "Cem", "Dot")]
        if until is Phase.LOBBY:
            return await summed_up(store, id)
        answers: list[dict[str, Any]] = [
            {ada: ChoiceAnswer(choice=1), ben: ChoiceAnswer(choice=0), cem: ChoiceAnswer(choice=1)},
            {ada: TextAnswer(text="the ReLU"), ben: TextAnswer(text="sigmoid")},
            {ada: NumberAnswer(number=94.5), ben: NumberAnswer(number=90)},
        ]
        for round in range(rounds):
            before = (Phase.LOBBY, 0) if round == 0 else (Phase.STANDINGS, round - 1)
            await moves.move_on(room, *before)
            if round == 1:
                answers[1][await sits(room, "Eva")] = TextAnswer(text="rectifier")
            for player, answer in answers[round].items():
                await asyncio.sleep(0.002)
                await moves.submit_answer(room, player, round, answer)
            if (until, round) == (Phase.ASKING, rounds - 1):
                break
            await moves.move_on(room, Phase.ASKING, round)
            if round == 0 and kicked:
                await moves.kick_player(room, cem)
            if CAPITAL.note and round == 0:
                await moves.move_on(room, Phase.CLOSED, round)
                await moves.move_on(room, Phase.EXPLANATION, round)
            else:
                await moves.move_on(room, Phase.CLOSED, round)
        if until in (Phase.ASKING, Phase.ENDED):
            await moves.end_room(room)
        return await summed_up(store, id)


async def sits(room: Room, nickname: str) -> str:
    player, secret = await moves.take_seat(room, nickname, None)
    mark = seats.fingerprint(secret)
    assert await room.store.resume_seat(room.id, player, mark, "next", nickname)
    return player


async def summed_up(store: Store, room: str) -> Played:
    found = Played()
    found.room = room
    found.lines = await store.read_lines(room)
    found.seats = await store.read_seats(room)
    return found


async def _archived(room: str) -> str:
    async with connected() as store:
        state = await store.read_state(room)
        assert state
        return state.archived


def archived(room: str) -> str:
    return async_to_sync(_archived)(room)


def test_the_archive_holds_the_facts(hana: User) -> None:
    live = played(hana)

    game = archive_game(live.room)

    assert game
    assert (game.room, game.host, game.title) == (live.room, hana, QUIZ.title)
    assert game.closed_rounds == {0: 20_000, 1: 20_000, 2: 20_000}
    assert game.presets_version == PRESETS_VERSION
    assert game.quiz == QUIZ.model_dump(mode="json")
    assert game.settings == TEAMS.model_dump(mode="json")
    facts = PlayerAnswer.objects.values_list("player__nickname", "round", "answer", "is_right")
    assert {(name, round, str(a), right) for name, round, a, right in facts} == {
        (name, round, str(answer), right)
        for name, round, answer, right in [
            ("Ada", 0, {"kind": "choice", "choice": 1}, True),
            ("Ben", 0, {"kind": "choice", "choice": 0}, False),
            ("Cem", 0, {"kind": "choice", "choice": 1}, True),
            ("Ada", 1, {"kind": "text", "text": "the ReLU"}, True),
            ("Ben", 1, {"kind": "text", "text": "sigmoid"}, False),
            ("Eva", 1, {"kind": "text", "text": "rectifier"}, True),
            ("Ada", 2, {"kind": "number", "number": 94.5}, True),
            ("Ben", 2, {"kind": "number", "number": 90.0}, True),
        ]
    }


@pytest.mark.parametrize("kicked", [False, True])
def test_scored_again_from_its_answers_the_game_ends_as_it_did_live(
    hana: User, kicked: bool
) -> None:
    live = played(hana, kicked=kicked)

    game = archive_game(live.room)

    assert game
    stored = {p.seat: (p.nickname, p.team, p.rank, p.points, p.right) for p in game.players.all()}
    assert stored == {
        player: (seat.nickname, seat.team, line.rank, line.total, line.right)
        for player, seat in live.seats.items()
        for line in [live.lines[player]]
    }
    assert len(stored) == (4 if kicked else 5)
    earned = {
        seat: sum(game.players.get(seat=seat).answers.values_list("points", flat=True))
        for seat in stored
    }
    assert earned == {player: line.total for player, line in live.lines.items()}
    assert max(earned.values()) > 1000 + 2000  # ada's, with speed and streak


def test_what_a_room_can_bring_is_all_kept(hana: User) -> None:
    """Two votes, a clock that was extended, a skipped question, more time for one, a pupil gone."""
    roster = Roster.objects.create(host=hana, name="7b")
    ben = Pupil.objects.create(roster=roster, name="Ben", code="BENSCODE")
    live = async_to_sync(_played_with_a_roster)(hana, ben.pk)

    game = archive_game(live.room)

    assert game
    assert game.closed_rounds == {0: 30_000, 2: 20_000}
    assert {p.nickname: p.pupil for p in game.players.all()} == {"Ada": None, "Ben": ben}
    facts = PlayerAnswer.objects.order_by("round", "is_first_vote", "player__nickname")
    assert [
        (a.player.nickname, a.round, a.is_first_vote, a.answer["kind"], a.is_right)
        for a in facts.select_related("player")
    ] == [
        ("Ada", 0, False, "choice", True),
        ("Ben", 0, False, "choice", False),
        ("Ada", 0, True, "choice", False),
        ("Ben", 0, True, "choice", True),
        ("Ben", 2, False, "number", True),
    ]
    assert set(facts.filter(is_first_vote=True).values_list("points", flat=True)) == {0}
    slow = facts.get(player__nickname="Ben", round=0, is_first_vote=False)
    assert (slow.lag_ms, slow.time_factor) == (40, 2)
    stored = {p.seat: (p.rank, p.points, p.right) for p in game.players.all()}
    assert stored == {id: (line.rank, line.total, line.right) for id, line in live.lines.items()}
    assert_scored_again_is_the_same(game)


async def _played_with_a_roster(host: User, ben: int) -> Played:
    async with connected() as store:
        chosen = RoomSettings(get_ready_s=0, has_roster=True, is_revoting=True, revote_talk_s=0)
        roster = {
            "ADASCODE": RosterEntry(pupil=10**6, name="Ada"),  # struck off since
            "BENSCODE": RosterEntry(pupil=ben, name="Ben", time_factor=2),
        }
        id = await moves.open_room(store, QUIZ, chosen, host.pk, roster)
        room = Room(id, store, QUIZ, chosen)
        players = []
        for code in roster:
            player, secret, _is_new = await moves.use_personal_code(room, code)
            mark = seats.fingerprint(secret)
            assert await store.resume_seat(id, player, mark, "next", code)
            players.append(player)
        ada, ben_ = players
        await moves.move_on(room, Phase.LOBBY, 0)
        await moves.submit_answer(room, ada, 0, ChoiceAnswer(choice=0))
        await moves.submit_answer(room, ben_, 0, ChoiceAnswer(choice=1))
        await arrives(room, Phase.TALK)
        await moves.move_on(room, Phase.TALK, 0, vote=2)
        await moves.extend_clock(room, Phase.ASKING, 0)
        await moves.submit_answer(room, ben_, 0, ChoiceAnswer(choice=2), vote=2, lag_ms=40)
        await moves.submit_answer(room, ada, 0, ChoiceAnswer(choice=1), vote=2)
        await arrives(room, Phase.CLOSED)
        for phase in (Phase.CLOSED, Phase.EXPLANATION, Phase.STANDINGS):
            await moves.move_on(room, phase, 0)
        await moves.submit_answer(room, ada, 1, TextAnswer(text="relu"))
        await moves.skip_question(room, 1)
        await moves.turn_switch(room, "is_revoting", is_on=False)
        await moves.submit_answer(room, ben_, 2, NumberAnswer(number=90))
        await moves.move_on(room, Phase.ASKING, 2)
        await moves.move_on(room, Phase.CLOSED, 2)
        return await summed_up(store, id)


async def arrives(room: Room, phase: Phase) -> None:
    """The room goes on by itself once all have answered."""
    for _ in range(200):
        state = await room.store.read_state(room.id)
        if state and state.phase is phase and state.told == state.revision:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came to {phase}")


def test_members_who_share_a_phone_are_kept(hana: User) -> None:
    seat = SeatRecord("Vectors", None, "vectors", members=("Ada", "Ben"))

    game = write_game(
        "r1",
        Facts(QUIZ, RoomSettings(teams="shared"), hana.pk, {"v": seat}, {0: 20_000}, {}),
    )

    assert game.players.get().members == ["Ada", "Ben"]


def assert_scored_again_is_the_same(game: Game) -> None:
    lines, each = rescored(game)
    players = {p.seat: (p.rank, p.points, p.right) for p in game.players.all()}
    assert players == {id: (line.rank, line.total, line.right) for id, line in lines.items()}
    for answer in PlayerAnswer.objects.filter(player__game=game).select_related("player"):
        if not answer.is_first_vote:
            line = each[answer.round][answer.player.seat]
            assert (answer.points, answer.is_right) == (line.points, line.is_right)


def answers_to(question: Question) -> st.SearchStrategy[Answer]:
    match question:
        case SeveralRight():
            sets = st.sets(st.integers(0, 3), min_size=1)
            return sets.map(lambda chosen: ChoicesAnswer(choices=tuple(chosen)))
        case TypedText() | WordCloud():
            return st.sampled_from(["relu", "the ReLU!", "tanh"]).map(lambda t: TextAnswer(text=t))
        case TypedNumber() | NumberGuess():
            return st.integers(80, 100).map(lambda n: NumberAnswer(number=n))
        case OrderSteps():
            return st.permutations(range(4)).map(lambda places: OrderAnswer(order=tuple(places)))
        case _:
            return st.integers(0, 1).map(lambda n: ChoiceAnswer(choice=n))


def given_to(question: Question) -> st.SearchStrategy[dict[str, Given]]:
    times = st.integers(0, 300_000)
    factors = st.sampled_from([1, 1.1, 1.25, 4 / 3, 3])
    given = st.builds(
        Given,
        answer=answers_to(question),
        elapsed_ms=times,
        lag_ms=st.integers(0, 150),
        time_factor=factors,
    )
    # "gone" was sent away: the answer is stored, the seat isn't.
    return st.dictionaries(st.sampled_from(["a", "b", "c", "gone"]), given)


ASKED = [n for n, question in enumerate(EVERY_KIND) if is_asked(question)]


@given(
    chosen=st.builds(
        RoomSettings,
        scoring=st.sampled_from(["standard", "linear", "accuracy", "accuracy_first", "graceful"]),
        streak_bonus=st.booleans(),
    ),
    limits=st.dictionaries(
        st.sampled_from(ASKED), st.sampled_from([0, 5_000, 20_000, 250_000]), min_size=1
    ),
    rounds=st.fixed_dictionaries({n: given_to(EVERY_KIND[n]) for n in ASKED}),
)
@hypothesis.settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_game_can_be_scored_again_from_the_database_alone(
    hana: User,
    chosen: RoomSettings,
    limits: dict[int, int],
    rounds: dict[int, dict[str, Given]],
) -> None:
    seated = {id: SeatRecord(id, None, id) for id in ("a", "b", "c")}
    closed = {n: rounds[n] for n in limits}

    game = write_game(
        seats.new_player(),
        Facts(quiz_of(*EVERY_KIND), chosen, hana.pk, seated, limits, closed, first_votes=closed),
    )

    assert game.players.count() == 3
    assert_scored_again_is_the_same(game)


def test_archiving_again_changes_nothing(hana: User) -> None:
    live = played(hana)

    games = [archive_game(live.room) for _ in range(3)]

    assert games[0] == games[1] == games[2]
    assert (Game.objects.count(), PlayerAnswer.objects.count()) == (1, 8)


def test_a_game_ended_early_keeps_the_rounds_that_were_closed(hana: User) -> None:
    live = played(hana, until=Phase.ASKING, rounds=2)

    game = archive_game(live.room)

    assert game
    assert game.closed_rounds == {0: 20_000}
    # Round 1 was open when the host ended the room; its answers earned nothing.
    assert set(PlayerAnswer.objects.values_list("round", flat=True)) == {0}
    ranks = {p.nickname: p.rank for p in game.players.all()}
    assert set(ranks) == {"Ada", "Ben", "Cem", "Dot", "Eva"}
    assert ranks["Ben"] == ranks["Dot"] == ranks["Eva"] == 3


def test_a_game_ended_in_the_lobby_or_still_played_has_no_results(hana: User) -> None:
    in_lobby = played(hana, until=Phase.LOBBY)
    playing = played(hana, until=Phase.STANDINGS, rounds=1)

    assert archive_game(in_lobby.room) is None
    assert archive_game(playing.room) is None
    assert archive_game("nowhere") is None
    assert Game.objects.count() == 0


def test_an_archived_game_outlives_its_room(hana: User, settings: Settings) -> None:
    live = played(hana)
    game = archive_game(live.room)

    settings.REDIS_PREFIX = "elsewhere"

    assert game == archive_game(live.room)


def test_the_worker_archives_each_game_that_is_over(hana: User) -> None:
    games = [played(hana).room, played(hana, until=Phase.ENDED).room]
    playing, of_nobody = played(hana, Phase.STANDINGS, rounds=1), played(User(pk=hana.pk + 1))

    assert archive_finished_games() == set()

    assert sorted(Game.objects.values_list("room", flat=True)) == sorted(games)
    assert [archived(room) for room in (*games, playing.room, of_nobody.room)] == [
        *("done", "done", "", "done")
    ]


def test_a_game_whose_worker_died_before_it_said_so_is_archived_once(hana: User) -> None:
    live = played(hana)
    game = archive_game(live.room)
    assert archived(live.room) == ""

    assert archive_finished_games() == set()

    assert Game.objects.get() == game
    assert archived(live.room) == "done"


def test_a_game_that_cannot_be_archived_keeps_no_other_waiting(hana: User) -> None:
    broken, live = played(hana), played(hana)

    async def spoil() -> None:
        async with connected() as store:
            await store.redis.set(store._key(broken.room, "quiz"), "{}")

    async_to_sync(spoil)()

    assert archive_finished_games() == {broken.room}
    assert Game.objects.get().room == live.room

    assert archive_finished_games(except_for={broken.room}) == set()


def test_a_game_that_nobody_ended_is_archived_before_its_room_expires(hana: User) -> None:
    forgotten, playing, unbegun = (
        played(hana, Phase.STANDINGS, rounds=1),
        played(hana, Phase.STANDINGS, rounds=1),
        played(hana, Phase.LOBBY),
    )

    async def half_an_hour_is_left() -> None:
        async with connected() as store:
            for room in (forgotten.room, unbegun.room):
                await store.redis.expire(store._key(room, "state"), 1800)
            await moves.end_forgotten_rooms(store)

    async_to_sync(half_an_hour_is_left)()

    assert archive_finished_games() == set()
    game = Game.objects.get()
    assert (game.room, game.closed_rounds) == (forgotten.room, {0: 20_000})
    assert {p.nickname: p.points for p in game.players.all()} == {
        seat.nickname: forgotten.lines[player].total for player, seat in forgotten.seats.items()
    }
    assert archived(playing.room) == ""


def test_a_game_archived_late_was_played_when_it_was_played(hana: User) -> None:
    before = now()
    live = played(hana)
    over = now()

    game = archive_game(live.room)

    assert game
    # By the Redis clock, in whole milliseconds.
    assert before - timedelta(milliseconds=1) <= game.played_at <= over


def test_a_frozen_lesson_is_asked_as_it_is_written(hana: User) -> None:
    lesson = Lesson.objects.create(slug="vectors", title="Vectors", owner=hana)
    for question in (CAPITAL, RELU, GUESS):
        row = lesson.questions.model(lesson=lesson)
        row.take(question)
        row.save()

    quiz = freeze_lesson(lesson)
    lesson.questions.all().delete()

    assert (quiz.lesson, quiz.slug, quiz.title) == (lesson.pk, "vectors", "Vectors")
    assert quiz.questions == (CAPITAL, RELU, GUESS)


def test_a_room_of_nobody_leaves_nothing(hana: User) -> None:
    room = played(hana).room
    hana.delete()

    assert archive_game(room) is None
    assert not Game.objects.exists()
