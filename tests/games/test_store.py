"""Every transition of a room, against a real Redis."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from games.nicknames import folded_nickname
from games.rules import Given, Phase, Quiz, Reason, Refused, RoomSettings, Step
from games.scoring import Line
from games.store import SeatRecord, State, Store, StoreError, connect
from lessons.questions import ChoiceAnswer
from quizgame import private_redis
from tests.games.conftest import QUIZ

StartRedis = Callable[[], AbstractContextManager[None]]
LOBBY, ASKING, CLOSED = Phase.LOBBY, Phase.ASKING, Phase.CLOSED
ROUNDS = len(QUIZ.questions)
TEAMS = ("Vectors", "Tokens", "Neurons")


async def opened(store: Store, quiz: Quiz = QUIZ, **chosen: Any) -> str:
    return await store.open_room(quiz, RoomSettings(**chosen), host=1, stage='{"phase":"lobby"}')


async def seats(store: Store, room: str, nickname: str, team: str = "", teams: Any = ()) -> str:
    """Seats somebody; the player is the nickname, the first secret's fingerprint “one”."""
    seat = SeatRecord(nickname, team or None, folded_nickname(nickname))
    await store.take_seat(room, nickname, seat, "one", teams)
    return nickname


async def sits_down(store: Store, room: str, player: str, connection: str = "c1") -> None:
    assert await store.resume_seat(room, player, "one", "two", connection)


async def move(
    store: Store,
    room: str,
    at: tuple[Phase, int],
    to: tuple[Phase, int],
    lasts_ms: int,
    is_bell: bool,
    rounds: int = ROUNDS,
) -> int | None:
    """The room goes on."""
    return await store.move_on(room, Step(*at, 0), Step(*to, lasts_ms), is_bell, rounds)


async def moves(
    store: Store, room: str, at: tuple[Phase, int], to: tuple[Phase, int], lasts_ms: int = 0
) -> int:
    """The room goes on, and what everyone sees is told."""
    revision = await move(store, room, at, to, lasts_ms, is_bell=False, rounds=ROUNDS)
    assert revision
    assert await tells(store, room, revision, to)
    return revision


async def tells(store: Store, room: str, revision: int, at: tuple[Phase, int]) -> bool:
    return await store.tell_stage(room, revision, at[1], f'{{"phase":"{at[0].value}"}}', {}, {})


async def asks(store: Store, room: str, lasts_ms: int = 20_000) -> None:
    await moves(store, room, (LOBBY, 0), (ASKING, 0), lasts_ms)


def choice(number: int) -> str:
    return ChoiceAnswer(choice=number).model_dump_json()


async def refusal(move: Any) -> Reason:
    with pytest.raises(Refused) as no:
        await move
    return no.value.reason


async def state_of(store: Store, room: str) -> State:
    state = await store.read_state(room)
    assert state
    return state


# Rooms


async def test_a_new_room_stands_in_its_lobby(store: Store) -> None:
    room = await opened(store, streak_bonus=True)

    state = await state_of(store, room)
    assert (state.phase, state.round, state.revision, state.told) == (LOBBY, 0, 0, 0)
    assert (state.bell_at_ms, state.host, state.switches.is_locked, state.archived) == (
        0,
        1,
        False,
        "",
    )
    assert state.stage == '{"phase":"lobby"}'
    assert abs(state.now_ms - time.time() * 1000) < 5_000
    assert await store.find_room(state.code) == room
    assert await store.read_game(room) == (QUIZ, RoomSettings(streak_bonus=True))
    assert await store.live_rooms() == [room]


async def test_a_room_nobody_opened_is_not_there(store: Store) -> None:
    await opened(store)

    assert await store.find_room("000000") is None
    assert await store.read_state("nowhere") is None
    assert await store.read_game("nowhere") is None
    assert await store.resume_seat("nowhere", "ada", "one", "two", "c1") is None
    assert await refusal(seats(store, "nowhere", "Ada")) == Reason.ROOM_OVER
    at, to = (LOBBY, 0), (ASKING, 0)
    assert await move(store, "nowhere", at, to, 0, is_bell=False, rounds=1) is None


async def test_a_code_in_use_is_never_given_to_another_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr(secrets, "randbelow", lambda below: next(drawn))

    codes = [(await state_of(store, await opened(store))).code for _ in range(2)]

    assert codes == ["100007", "100008"]


async def test_codes_have_six_digits(store: Store) -> None:
    codes = {(await state_of(store, await opened(store))).code for _ in range(30)}

    assert len(codes) == 30
    assert all(len(code) == 6 and code.isdigit() for code in codes)


async def test_a_code_is_released_by_its_own_room_only(store: Store) -> None:
    one, other = await opened(store), await opened(store)
    code = (await state_of(store, one)).code

    await store.release_code(other, code)
    assert await store.find_room(code) == one
    await store.release_code(one, code)
    assert await store.find_room(code) is None


# Phases


async def test_of_two_who_move_on_one_wins(store: Store) -> None:
    room = await opened(store)

    revisions = await asyncio.gather(
        *(
            move(store, room, (LOBBY, 0), (ASKING, 0), 20_000, is_bell=False, rounds=ROUNDS)
            for _ in range(8)
        )
    )

    assert sorted(revisions, key=bool) == [None] * 7 + [1]
    state = await state_of(store, room)
    assert (state.phase, state.round, state.revision, state.told) == (ASKING, 0, 1, 0)
    assert 19_000 < state.bell_at_ms - state.now_ms <= 20_000


async def test_a_move_from_elsewhere_changes_nothing(store: Store) -> None:
    room = await opened(store)
    await asks(store, room)
    before = await state_of(store, room)

    for at in ((LOBBY, 0), (ASKING, 1), (CLOSED, 0)):
        assert await move(store, room, at, (CLOSED, 1), 0, is_bell=False, rounds=ROUNDS) is None

    assert (await state_of(store, room))._replace(now_ms=0) == before._replace(now_ms=0)


async def test_nothing_moves_until_what_was_begun_is_told(store: Store) -> None:
    room = await opened(store)
    at, to, on = (LOBBY, 0), (ASKING, 0), (CLOSED, 0)
    revision = await move(store, room, at, to, 20_000, is_bell=False, rounds=ROUNDS)
    assert revision

    assert await move(store, room, to, on, 0, is_bell=False, rounds=ROUNDS) is None
    await tells(store, room, revision, to)
    assert await move(store, room, to, on, 0, is_bell=False, rounds=ROUNDS) == revision + 1


async def test_a_bell_before_its_time_changes_nothing(store: Store) -> None:
    room = await opened(store)
    await asks(store, room, lasts_ms=300)

    async def bell() -> int | None:
        return await move(store, room, (ASKING, 0), (CLOSED, 0), 0, is_bell=True, rounds=ROUNDS)

    assert await bell() is None
    await asyncio.sleep(0.35)
    assert await bell() == 2


async def test_a_phase_without_a_bell_waits_for_its_host(store: Store) -> None:
    room = await opened(store)

    at, to = (LOBBY, 0), (ASKING, 0)
    assert await move(store, room, at, to, 0, is_bell=True, rounds=ROUNDS) is None
    assert await move(store, room, at, to, 0, is_bell=False, rounds=ROUNDS) == 1


async def test_a_stage_is_told_once(store: Store) -> None:
    room = await opened(store)
    heard = store.redis.pubsub(ignore_subscribe_messages=True)
    await heard.subscribe(store.channel(room))
    revision = await move(
        store, room, (LOBBY, 0), (ASKING, 0), 20_000, is_bell=False, rounds=ROUNDS
    )
    assert revision

    told = await asyncio.gather(*(tells(store, room, revision, (ASKING, 0)) for _ in range(5)))

    assert sorted(told) == [False] * 4 + [True]
    assert (await state_of(store, room)).stage == '{"phase":"asking"}'
    news = await anything_said(heard)
    assert len(news) == 1
    assert news[0].startswith(f"stage {revision} asking 0 ")
    assert news[0].endswith('\n{"phase":"asking"}\n{}')
    await heard.aclose()


async def test_an_outdated_stage_is_not_told(store: Store) -> None:
    room = await opened(store)
    await asks(store, room)
    await moves(store, room, (ASKING, 0), (CLOSED, 0))

    assert not await tells(store, room, 1, (ASKING, 0))
    assert (await state_of(store, room)).stage == '{"phase":"closed"}'


async def test_a_closed_round_keeps_its_lines_and_its_result(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await asks(store, room)
    at, to = (ASKING, 0), (CLOSED, 0)
    revision = await move(store, room, at, to, 0, is_bell=False, rounds=ROUNDS)
    assert revision
    lines = {ada: Line(total=967, streak=1, right=1, right_ms=2_000, rank=1, elapsed_ms=2_000)}

    assert await store.tell_stage(room, revision, 0, "{}", {ada: "{}"}, lines, '{"players":1}')

    assert await store.read_lines(room) == lines
    assert await store.read_result(room, 0) == '{"players":1}'
    assert await store.read_result(room, 1) is None
    assert await store.closed_rounds(room) == {0: 20_000}


async def test_a_class_of_thousands_is_scored_in_one_go(store: Store) -> None:
    room = await opened(store)
    revision = await move(
        store, room, (LOBBY, 0), (ASKING, 0), 20_000, is_bell=False, rounds=ROUNDS
    )
    assert revision
    lines = {f"p{n}": Line(total=n) for n in range(9_000)}

    assert await store.tell_stage(room, revision, 0, "{}", {}, lines)
    assert await store.read_lines(room) == lines


# The door


async def test_a_newcomer_is_seated_under_a_nickname(store: Store) -> None:
    room = await opened(store)

    await seats(store, room, "Ada")

    assert await store.read_seats(room) == {"Ada": SeatRecord("Ada", None, "ada")}
    assert await store.count(room, 0) == (0, 0)  # seated, not yet connected


async def test_a_nickname_is_taken_once_even_at_the_same_moment(store: Store) -> None:
    room = await opened(store)

    async def tries(player: str) -> Reason | None:
        try:
            await store.take_seat(room, player, SeatRecord("Ada", None, "ada"), "one", ())
        except Refused as no:
            return no.reason
        return None

    found = await asyncio.gather(*(tries(f"p{n}") for n in range(6)))

    assert sorted(found, key=bool) == [None] + [Reason.NICKNAME_TAKEN] * 5
    assert len(await store.read_seats(room)) == 1


async def test_the_same_nickname_is_free_in_another_room(store: Store) -> None:
    one, other = await opened(store), await opened(store)

    await seats(store, one, "Ada")
    await seats(store, other, "Ada")

    assert [len(await store.read_seats(room)) for room in (one, other)] == [1, 1]


async def test_a_full_room_takes_nobody(store: Store, settings: Settings) -> None:
    settings.ROOM_CAPACITY = 2
    room = await opened(store)
    await seats(store, room, "Ada")
    await seats(store, room, "Ben")

    assert await refusal(seats(store, room, "Cem")) == Reason.ROOM_FULL
    await store.kick_player(room, "Ben")
    await seats(store, room, "Cem")
    assert set(await store.read_seats(room)) == {"Ada", "Cem"}


async def test_a_locked_door_keeps_newcomers_out_and_lets_the_seated_back(store: Store) -> None:
    room = await opened(store)
    await seats(store, room, "Ada")

    await store.turn_switch(room, "is_locked", True)

    assert (await state_of(store, room)).switches.is_locked
    assert await refusal(seats(store, room, "Ben")) == Reason.ROOM_LOCKED
    assert await store.resume_seat(room, "Ada", "one", "two", "c1")
    await store.turn_switch(room, "is_locked", False)
    await seats(store, room, "Ben")


async def test_latecomers_come_in_where_the_host_allows_them(store: Store) -> None:
    closed, open_ = await opened(store, late_join=False), await opened(store)
    for room in (closed, open_):
        await seats(store, room, "Ada")
        await asks(store, room)

    assert await refusal(seats(store, closed, "Ben")) == Reason.ROOM_LOCKED
    await seats(store, open_, "Ben")


@pytest.mark.parametrize("phase", [Phase.PODIUM, Phase.ENDED])
async def test_nobody_joins_a_game_that_is_over(store: Store, phase: Phase) -> None:
    room = await opened(store)
    await moves(store, room, (LOBBY, 0), (phase, 0))

    assert await refusal(seats(store, room, "Ada")) == Reason.ROOM_OVER


async def test_balanced_teams_fill_the_smallest_first(store: Store) -> None:
    room = await opened(store)
    for number in range(7):
        await seats(store, room, f"Pupil {number} x", teams=TEAMS)
    assert await team_sizes(store, room) == {"Vectors": 3, "Tokens": 2, "Neurons": 2}

    for player, seat in (await store.read_seats(room)).items():
        if seat.team == "Neurons":
            await store.kick_player(room, player)
    latecomer = await seats(store, room, "Late", teams=TEAMS)

    assert (await store.read_seats(room))[latecomer].team == "Neurons"


async def test_a_class_that_joins_at_once_is_shared_out_evenly(store: Store) -> None:
    room = await opened(store)

    await asyncio.gather(
        *(
            store.take_seat(room, f"{n}", SeatRecord(f"{n}", None, f"{n}"), "one", TEAMS)
            for n in range(30)
        )
    )

    assert await team_sizes(store, room) == {"Vectors": 10, "Tokens": 10, "Neurons": 10}


async def test_a_chosen_team_is_kept_however_big(store: Store) -> None:
    room = await opened(store)

    for name in ("Ada", "Ben", "Cem"):
        await seats(store, room, name, team="Tokens", teams=TEAMS)

    assert await team_sizes(store, room) == {"Tokens": 3}


async def team_sizes(store: Store, room: str) -> dict[str | None, int]:
    teams = [seat.team for seat in (await store.read_seats(room)).values()]
    return {team: teams.count(team) for team in dict.fromkeys(teams)}


# Seats


async def test_whoever_resumes_finds_answer_and_points_again(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await sits_down(store, room, ada)
    await asks(store, room)
    given = (await store.submit_answer(room, 0, 1, ada, choice(1))).given

    found = await store.resume_seat(room, ada, "two", "three", "c2")
    assert found is not None
    assert found == (SeatRecord("Ada", None, "ada"), False, given, None, 1)


async def test_the_newest_secret_and_the_one_before_are_good_older_ones_are_not(
    store: Store,
) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")

    async def resumes(secret: str, next_secret: str) -> bool:
        return await store.resume_seat(room, ada, secret, next_secret, "c1") is not None

    assert await resumes("one", "two")
    assert await resumes("one", "three")  # the phone vanished before it heard of “two”
    assert not await resumes("two", "x")  # which nobody ever used
    assert await resumes("three", "four")
    assert not await resumes("one", "x")  # “three” was used: the one before it is retired
    assert await resumes("three", "five")
    assert await resumes("five", "six")
    assert [await resumes(old, "x") for old in ("one", "two", "three", "four")] == [False] * 4
    assert await resumes("six", "seven")


@pytest.mark.parametrize("guess", [" ", "%S", "one ", " one", "one two", "two one", "on"])
async def test_a_guessed_fingerprint_resumes_nothing(store: Store, guess: str) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")

    assert await store.resume_seat(room, ada, guess, "x", "c1") is None  # none was used yet
    await sits_down(store, room, ada)
    assert await store.resume_seat(room, ada, guess, "x", "c1") is None


async def test_a_secret_is_good_for_its_own_seat_and_room_only(store: Store) -> None:
    one, other = await opened(store), await opened(store)
    await store.take_seat(one, "ada", SeatRecord("Ada", None, "ada"), "secret-of-ada", ())
    await store.take_seat(one, "ben", SeatRecord("Ben", None, "ben"), "secret-of-ben", ())
    await store.take_seat(other, "ada", SeatRecord("Ada", None, "ada"), "another", ())

    assert await store.resume_seat(one, "ben", "secret-of-ada", "x", "c1") is None
    assert await store.resume_seat(other, "ada", "secret-of-ada", "x", "c1") is None
    assert await store.resume_seat(one, "ada", "secret-of-ada", "x", "c1")


async def test_the_newer_connection_sends_the_older_away(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    heard = store.redis.pubsub(ignore_subscribe_messages=True)
    await heard.subscribe(store.channel(room))

    await sits_down(store, room, ada, "old")
    assert await anything_said(heard) == []
    assert await store.resume_seat(room, ada, "two", "three", "new")

    assert await anything_said(heard) == ["close Ada 4405 old"]
    await heard.aclose()


async def test_leaving_counts_for_the_connection_that_is_present(store: Store) -> None:
    room = await opened(store)
    ada, ben = await seats(store, room, "Ada"), await seats(store, room, "Ben")
    await sits_down(store, room, ada, "old")
    await sits_down(store, room, ben, "ben's")
    assert await store.resume_seat(room, ada, "two", "three", "new")

    await store.leave_seat(room, ada, "old")
    assert (await store.count(room, 0))[0] == 2
    await store.leave_seat(room, ada, "new")
    assert (await store.count(room, 0))[0] == 1
    assert set(await store.read_seats(room)) == {ada, ben}


async def test_a_kicked_player_is_gone_with_token_and_points_and_the_name_stays_taken(
    store: Store,
) -> None:
    room = await opened(store)
    ada, ben = await seats(store, room, "Ada"), await seats(store, room, "Ben")
    await sits_down(store, room, ada)
    await asks(store, room)
    revision = await move(store, room, (ASKING, 0), (CLOSED, 0), 0, is_bell=False, rounds=ROUNDS)
    assert revision
    await store.tell_stage(room, revision, 0, "{}", {}, {ada: Line(total=9), ben: Line(total=5)})
    heard = store.redis.pubsub(ignore_subscribe_messages=True)
    await heard.subscribe(store.channel(room))

    await store.kick_player(room, ada)

    assert await anything_said(heard) == ["close Ada 4403 *"]
    assert set(await store.read_seats(room)) == {ben}
    assert await store.read_lines(room) == {ben: Line(total=5)}
    assert await store.count(room, 0) == (0, 0)
    assert await store.resume_seat(room, ada, "two", "x", "c1") is None
    assert await refusal(seats(store, room, "Ada")) == Reason.NICKNAME_TAKEN
    assert await refusal(store.kick_player(room, ada)) == Reason.NO_SUCH_PLAYER
    await heard.aclose()


async def anything_said(heard: Any) -> list[str]:
    """All that was published until now."""
    said = []
    until = time.monotonic() + 0.15
    while time.monotonic() < until:
        if message := await heard.get_message(timeout=0.05):
            said.append(message["data"])
    return said


# Answers


async def test_the_first_answer_counts_and_a_resend_gets_the_first_reply(store: Store) -> None:
    room = await opened(store)
    ada, ben = await seats(store, room, "Ada"), await seats(store, room, "Ben")
    await sits_down(store, room, ada)
    await sits_down(store, room, ben)
    await asks(store, room)

    await asyncio.sleep(0.02)
    first = await store.submit_answer(room, 0, 1, ada, choice(1))
    await asyncio.sleep(0.02)
    again = await store.submit_answer(room, 0, 1, ada, choice(2))

    assert first.given.answer == ChoiceAnswer(choice=1)
    assert 20 <= first.given.elapsed_ms < 2_000
    assert again == first == (first.given, 1, False, False)
    assert await store.read_answers(room, 0) == {ada: first.given}


async def test_two_answers_of_one_player_in_one_breath_are_one(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await asks(store, room)

    replies = await asyncio.gather(
        *(store.submit_answer(room, 0, 1, ada, choice(n)) for n in (2, 0, 1))
    )

    assert {reply.given for reply in replies} == {replies[0].given}
    assert replies[0].given.answer == ChoiceAnswer(choice=2)


async def test_a_resend_after_the_bell_still_gets_the_first_reply(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await asks(store, room)
    first = await store.submit_answer(room, 0, 1, ada, choice(1))
    await moves(store, room, (ASKING, 0), (CLOSED, 0))

    assert (await store.submit_answer(room, 0, 1, ada, choice(0))).given == first.given


async def test_an_answer_after_the_limit_is_too_late_though_nobody_rang(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await asks(store, room, lasts_ms=60)
    await asyncio.sleep(0.08)

    assert await refusal(store.submit_answer(room, 0, 1, ada, choice(1))) == Reason.TOO_LATE
    assert (await state_of(store, room)).phase is ASKING
    assert await store.read_answers(room, 0) == {}


@pytest.mark.parametrize(
    ("at", "round", "reason"),
    [
        ((LOBBY, 0), 0, Reason.NOT_ASKING),
        ((Phase.GET_READY, 0), 0, Reason.NOT_ASKING),
        ((ASKING, 0), 1, Reason.WRONG_ROUND),
        ((ASKING, 1), 0, Reason.WRONG_ROUND),
        ((CLOSED, 0), 0, Reason.TOO_LATE),
        ((Phase.STANDINGS, 0), 0, Reason.NOT_ASKING),
        ((Phase.PODIUM, 0), 0, Reason.NOT_ASKING),
    ],
)
async def test_an_answer_out_of_turn_is_refused_and_not_stored(
    store: Store, at: tuple[Phase, int], round: int, reason: Reason
) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    if at != (LOBBY, 0):
        await moves(store, room, (LOBBY, 0), at, lasts_ms=20_000)

    assert await refusal(store.submit_answer(room, round, 1, ada, choice(1))) == reason
    assert await store.read_answers(room, round) == {}


async def test_only_the_seated_answer(store: Store) -> None:
    room, other = await opened(store), await opened(store)
    ada = await seats(store, room, "Ada")
    ben = await seats(store, other, "Ben")
    await asks(store, room)

    assert await refusal(store.submit_answer(room, 0, 1, ben, choice(1))) == Reason.NO_SUCH_PLAYER
    await store.submit_answer(room, 0, 1, ada, choice(1))
    await store.kick_player(room, ada)
    assert await refusal(store.submit_answer(room, 0, 1, ada, choice(1))) == Reason.NO_SUCH_PLAYER


async def test_all_are_in_when_everyone_present_has_answered(store: Store) -> None:
    room = await opened(store)
    players = [await seats(store, room, name) for name in ("Ada", "Ben", "Cem")]
    ada, ben, cem = players
    for player in players:
        await sits_down(store, room, player)
    await asks(store, room)

    assert (await store.submit_answer(room, 0, 1, ada, choice(1)))[1:3] == (1, False)
    store.return_ms = 0
    await store.leave_seat(room, cem, "c1")  # a phone that left isn't waited for
    assert (await store.submit_answer(room, 0, 1, ben, choice(1)))[1:3] == (2, True)


async def test_a_phone_that_left_just_now_is_waited_for_a_moment(store: Store) -> None:
    room = await opened(store)
    ada, ben, cem = [await seats(store, room, name) for name in ("Ada", "Ben", "Cem")]
    for player in (ada, ben, cem):
        await sits_down(store, room, player)
    await asks(store, room)
    store.return_ms = 60_000
    await store.submit_answer(room, 0, 1, ada, choice(1))
    await store.leave_seat(room, ada, "c1")  # who has answered isn't
    await store.leave_seat(room, ben, "c1")

    reply = await store.submit_answer(room, 0, 1, cem, choice(1))
    assert (reply.all_here, reply.all_in) == (True, False)
    assert not await store.are_all_in(room, 0, 1)
    await store.kick_player(room, ben)  # nor is who was sent away
    assert await store.are_all_in(room, 0, 1)


async def test_are_all_in_asks_about_the_question_that_is_open(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await sits_down(store, room, ada)
    await asks(store, room)
    assert not await store.are_all_in(room, 0, 1)

    await store.submit_answer(room, 0, 1, ada, choice(1))
    assert await store.are_all_in(room, 0, 1)
    assert not await store.are_all_in(room, 1, 1)
    assert not await store.are_all_in(room, 0, 2)


async def test_as_many_answers_as_phones_are_not_all_while_one_phone_is_silent(
    store: Store,
) -> None:
    room = await opened(store)
    ada, ben, cem = [await seats(store, room, name) for name in ("Ada", "Ben", "Cem")]
    for player in (ada, ben, cem):
        await sits_down(store, room, player)
    await asks(store, room)
    await store.submit_answer(room, 0, 1, cem, choice(1))
    await store.leave_seat(room, cem, "c1")

    # Two answers, two phones; but one answer is of somebody who left.
    assert (await store.submit_answer(room, 0, 1, ada, choice(1)))[1:3] == (2, False)
    assert (await store.submit_answer(room, 0, 1, ben, choice(1)))[1:3] == (3, True)


async def test_three_hundred_answers_at_once_take_few_connections_and_none_is_lost(
    store: Store,
) -> None:
    room = await opened(store)
    players = [f"pupil{n}" for n in range(300)]
    await asyncio.gather(
        *(store.take_seat(room, p, SeatRecord(p, None, p), "one", ()) for p in players)
    )
    await store.redis.connection_pool.disconnect()
    await asks(store, room)
    before = len(await store.redis.client_list())

    replies = await asyncio.gather(
        *(store.submit_answer(room, 0, 1, p, choice(n % 3)) for n, p in enumerate(players))
    )

    assert len(await store.redis.client_list()) - before <= 2
    assert [reply.given.answer for reply in replies] == [
        ChoiceAnswer(choice=n % 3) for n in range(300)
    ]
    stored = await store.read_answers(room, 0)
    assert stored == {p: reply.given for p, reply in zip(players, replies, strict=True)}
    assert await store.count(room, 0) == (0, 300)


async def test_answers_that_come_while_others_are_on_their_way_are_stored_too(
    store: Store,
) -> None:
    room = await opened(store)
    players = [f"pupil{n}" for n in range(120)]
    await asyncio.gather(
        *(store.take_seat(room, p, SeatRecord(p, None, p), "one", ()) for p in players)
    )
    await asks(store, room)

    async def answers_after(turns: int, player: str) -> Given:
        for _ in range(turns):
            await asyncio.sleep(0)
        return (await store.submit_answer(room, 0, 1, player, choice(1))).given

    given = await asyncio.gather(*(answers_after(n, p) for n, p in enumerate(players)))

    assert await store.read_answers(room, 0) == dict(zip(players, given, strict=True))


async def test_a_phone_that_vanishes_takes_nobodys_reply_along(store: Store) -> None:
    room = await opened(store)
    ada, ben = await seats(store, room, "Ada"), await seats(store, room, "Ben")
    await asks(store, room)

    of_ada = asyncio.create_task(store.submit_answer(room, 0, 1, ada, choice(1)))
    of_ben = asyncio.create_task(store.submit_answer(room, 0, 1, ben, choice(2)))
    await asyncio.sleep(0)
    of_ada.cancel()

    assert (await of_ben).given.answer == ChoiceAnswer(choice=2)
    assert set(await store.read_answers(room, 0)) == {ada, ben}


async def test_one_refusal_in_a_batch_is_one_players_refusal(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await asks(store, room)

    replies = await asyncio.gather(
        store.submit_answer(room, 0, 1, "noor", choice(1)),
        store.submit_answer(room, 0, 1, ada, choice(1)),
        return_exceptions=True,
    )

    assert isinstance(replies[0], Refused)
    assert replies[0].reason == Reason.NO_SUCH_PLAYER
    assert list(await store.read_answers(room, 0)) == [ada]


# Redis goes away


@pytest.fixture
def start_redis(tmp_path: Path, settings: Settings) -> StartRedis:
    """Starts this test's own Redis; what it was told survives its stop."""
    settings.REDIS_URL = private_redis.socket_url(tmp_path)
    settings.REDIS_PREFIX = "test"

    @contextmanager
    def started() -> Iterator[None]:
        with private_redis.start(tmp_path):
            yield

    return started


async def test_an_answer_outlives_a_restart_of_redis(
    start_redis: StartRedis,
) -> None:
    with start_redis():
        store = connect()
        room = await opened(store)
        ada = await seats(store, room, "Ada")
        await asks(store, room)
    answer = asyncio.create_task(store.submit_answer(room, 0, 1, ada, choice(1)))
    await asyncio.sleep(0.3)
    assert not answer.done()  # neither lost nor refused: it is tried again

    with start_redis():
        reply = await answer
        assert await store.read_answers(room, 0) == {ada: reply.given}
        await store.redis.aclose()
    assert reply.given.answer == ChoiceAnswer(choice=1)


async def test_an_answer_is_never_lost_silently_when_redis_stays_away(
    start_redis: StartRedis,
) -> None:
    with start_redis():
        store = connect()
        room = await opened(store)
        ada, ben = await seats(store, room, "Ada"), await seats(store, room, "Ben")
        await asks(store, room)

    started = time.monotonic()
    replies = await asyncio.gather(
        store.submit_answer(room, 0, 1, ada, choice(1)),
        store.submit_answer(room, 0, 1, ben, choice(1)),
        return_exceptions=True,
    )
    assert [isinstance(reply, StoreError) for reply in replies] == [True, True]
    assert time.monotonic() - started < 3

    with start_redis():  # and the store isn't stuck afterwards
        assert (await store.submit_answer(room, 0, 1, ada, choice(1))).answered == 1
        await store.redis.aclose()


# Lifetimes


async def test_every_key_of_a_room_expires_and_all_together(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada", teams=TEAMS)
    state_key = f"{store.prefix}:{{{room}}}:state"
    await store.redis.expire(state_key, 5_000)  # the room has been in its lobby for a while
    ben = await seats(store, room, "Ben", teams=TEAMS)
    await sits_down(store, room, ada)

    lobby = await lifetimes(store)
    assert set(lobby) == {
        *("code", "rooms", "state", "quiz", "settings", "stage"),
        *("seats", "names", "tokens", "teams", "present"),
    }
    late = {name for name, ttl in lobby.items() if 4_900 < ttl <= 5_000}
    assert late == {"state", "seats", "names", "tokens", "teams", "present"}

    await asks(store, room)
    await store.submit_answer(room, 0, 1, ada, choice(1))
    await store.submit_answer(room, 0, 1, ben, choice(1))
    revision = await move(store, room, (ASKING, 0), (CLOSED, 0), 0, is_bell=False, rounds=ROUNDS)
    assert revision
    await store.tell_stage(room, revision, 0, "{}", {}, {ada: Line()}, "{}")

    closed = await lifetimes(store)
    assert set(closed) - set(lobby) == {*("answers:0", "there:0", "lines", "limits", "results")}
    assert closed.pop("rooms") == -1  # the index of all rooms
    assert {name for name, ttl in closed.items() if not 86_300 < ttl <= 86_400} == set()


async def test_nothing_is_left_by_a_socket_that_outlives_its_room(store: Store) -> None:
    room = await opened(store)
    ada = await seats(store, room, "Ada")
    await sits_down(store, room, ada)
    state = await state_of(store, room)
    for key in await store.redis.keys(f"{store.prefix}:{{{room}}}:*"):
        await store.redis.delete(key)

    await store.turn_switch(room, "is_locked", True)
    await store.note_archived(room)
    await store.leave_seat(room, ada, "c1")
    assert await store.resume_seat(room, ada, "two", "three", "c2") is None
    assert await refusal(store.submit_answer(room, 0, 1, ada, choice(1))) == Reason.NO_SUCH_PLAYER
    assert not await tells(store, room, state.revision + 1, (ASKING, 0))

    assert await store.redis.keys(f"{store.prefix}:{{{room}}}:*") == []


async def lifetimes(store: Store) -> dict[str, int]:
    """Seconds to live by the last part of each key; -1 for ever."""
    found = {}
    for key in await store.redis.keys(f"{store.prefix}:*"):
        name = key.removeprefix(f"{store.prefix}:")
        name = name.split("}:")[1] if "}:" in name else name.split(":")[0]
        found[name] = await store.redis.ttl(key)
    return found
