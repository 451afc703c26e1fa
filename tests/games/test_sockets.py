"""A room as its people live it: through the real application, with a real Redis and no database."""

import asyncio
import time

import pytest

from games import consumers, moves, protocol, seats
from games.protocol import (
    AnswerAccepted,
    AnswersCounted,
    CommandRefused,
    DoorOpened,
    EndRoom,
    HostWelcomed,
    KickPlayer,
    MoveOn,
    Ping,
    PlayerWelcomed,
    Ponged,
    Seat,
    SeatsChanged,
    SubmitAnswer,
    Switches,
    SwitchesTurned,
    TakeSeat,
    TurnKnobs,
    TurnSwitch,
)
from games.room import hub
from games.rules import Phase, Quiz, Reason, RoomSettings, Step
from games.seats import SeatToken
from games.store import SeatRecord
from lessons.questions import ChoiceAnswer, NumberAnswer, TextAnswer
from tests.games.conftest import (
    CAPITAL,
    QUIZ,
    RELU,
    Class,
    OpenRoom,
    Phone,
    Socket,
    opens_question,
)

RIGHT, WRONG = 1, 0
QUICK = Quiz(
    lesson=1,
    slug="quick",
    title="Quick",
    questions=(CAPITAL.model_copy(update={"limit_ms": 5_000}), RELU),
)

ON_AT_FIRST = Switches(is_locked=False, has_standings=True, is_revoting=False, has_sounds=True)

# The door


async def test_a_phone_joins_with_a_code_and_a_nickname(klass: Class) -> None:
    ada = await klass.joins(" Ada ")

    assert ada.welcome == PlayerWelcomed(
        seat=Seat(player=ada.player, nickname="Ada", team=None),
        token=ada.welcome.token,
        rounds=3,
        stage=ada.welcome.stage,
        remaining_ms=None,
        is_paused=False,
        time_factor=1,
        shuffles_options=False,
        knobs={},
        answer=None,
        own=None,
    )
    assert ada.welcome.stage.phase is Phase.LOBBY
    await ada.says(Ping())
    await ada.hears(Ponged)


@pytest.mark.parametrize("code", ["000000", "99", "abc", "*"])
async def test_an_unknown_code_is_no_room(klass: Class, code: str) -> None:
    assert code != klass.code
    socket = await Socket(f"/ws/play/{code}/").connect()

    assert await socket.is_closed_with() == 4404
    await socket.leaves()


async def test_a_refused_nickname_may_be_mended_on_the_same_socket(
    klass: Class, ada: Phone
) -> None:
    door = await klass.stands_at_the_door()

    for nickname, reason in [
        ("Ada", Reason.NICKNAME_TAKEN),
        ("ａＤа", Reason.NICKNAME_TAKEN),
        ("x" * 21, Reason.NICKNAME_TOO_LONG),
        (" \u200b ", Reason.NICKNAME_EMPTY),
    ]:
        await door.says(TakeSeat(nickname=nickname))
        assert await door.hears_next() == CommandRefused(command="take_seat", reason=reason)
    await door.says(Ping())
    assert await door.hears_next() == Ponged()
    await door.says(TakeSeat(nickname="Ben"))
    assert (await door.hears(PlayerWelcomed)).seat.nickname == "Ben"


async def test_players_choose_their_team_where_they_may(open_room: OpenRoom) -> None:
    klass = await open_room(teams="chosen", team_names=("Red", "Blue"))
    door = await Socket(f"/ws/play/{klass.code}/").connect()
    klass.sockets.append(door)

    assert await door.hears_next() == DoorOpened(teams=("Red", "Blue"))
    for team in (None, "Green"):
        await door.says(TakeSeat(nickname="Ada", team=team))
        assert (await door.hears(CommandRefused)).reason == Reason.TEAM_UNKNOWN
    await door.says(TakeSeat(nickname="Ada", team="Blue"))
    assert (await door.hears(PlayerWelcomed)).seat.team == "Blue"


async def test_teams_are_balanced_whatever_a_phone_asks_for(open_room: OpenRoom) -> None:
    klass = await open_room(teams="balanced", team_names=("Red", "Blue"))

    teams = [(await klass.joins(name, team="Red")).welcome.seat.team for name in ("A", "B", "C")]

    assert teams == ["Red", "Blue", "Red"]


async def test_the_host_locks_the_door_and_opens_it(hana: Socket, klass: Class) -> None:
    screen, _ = await klass.projects()
    door = await klass.stands_at_the_door()

    await hana.says(TurnSwitch(switch="is_locked", is_on=True))
    assert (await hana.hears(SwitchesTurned)).switches.is_locked
    assert (await screen.hears(SwitchesTurned)).switches.is_locked
    await door.says(TakeSeat(nickname="Ben"))
    assert (await door.hears(CommandRefused)).reason == Reason.ROOM_LOCKED
    await hana.says(TurnSwitch(switch="is_locked", is_on=False))
    assert not (await hana.hears(SwitchesTurned)).switches.is_locked
    await door.says(TakeSeat(nickname="Ben"))
    await door.hears(PlayerWelcomed)


async def test_a_latecomer_sees_the_question_and_the_time_that_is_left(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await opens_question(hana)
    asked = await ada.sees(Phase.ASKING)
    await asyncio.sleep(0.3)

    ben = await klass.joins("Ben")

    assert ben.welcome.stage == asked.stage
    assert ben.welcome.remaining_ms is not None
    assert 15_000 < ben.welcome.remaining_ms <= 20_000 - 300
    await ben.answers(RIGHT)
    await ben.hears(AnswerAccepted)


# Who a socket is


@pytest.mark.parametrize("token", ["x", "a.b.c", "." * 40])
@pytest.mark.parametrize("path", ["/ws/play/{code}/", "/ws/host/", "/ws/screen/"])
async def test_a_token_nobody_signed_is_no_seat(klass: Class, path: str, token: str) -> None:
    socket = await Socket(path.format(code=klass.code), token).connect()

    assert await socket.is_closed_with() == 4401
    await socket.leaves()


async def test_a_token_is_good_for_its_own_role_only(klass: Class, ada: Phone) -> None:
    host = seats.sign(SeatToken(room=klass.id, role="host"))
    screen = seats.sign(SeatToken(room=klass.id, role="screen"))
    play = f"/ws/play/{klass.code}/"

    for path, token in [
        ("/ws/host/", ada.welcome.token),
        ("/ws/host/", screen),
        ("/ws/host/", None),
        ("/ws/screen/", ada.welcome.token),
        ("/ws/screen/", host),
        (play, host),
        (play, screen),
    ]:
        socket = await Socket(path, token).connect()
        assert await socket.is_closed_with() == 4401
        await socket.leaves()


async def test_a_token_is_good_for_its_own_room_only(open_room: OpenRoom) -> None:
    one, other = await open_room(), await open_room()
    ada = await one.joins("Ada")

    socket = await Socket(f"/ws/play/{other.code}/", ada.welcome.token).connect()

    assert await socket.is_closed_with() == 4401
    await socket.leaves()


async def test_the_public_id_resumes_nothing(klass: Class, ada: Phone) -> None:
    forged = seats.sign(SeatToken(room=klass.id, role="player", player=ada.player, secret="?"))

    socket = await Socket(f"/ws/play/{klass.code}/", forged).connect()

    assert await socket.is_closed_with() == 4401
    await socket.leaves()
    await ada.says(Ping())
    await ada.hears(Ponged)


async def test_a_socket_elsewhere_is_refused() -> None:
    for path in ("/ws/", "/ws/play/", "/ws/admin/"):
        with pytest.raises(AssertionError):
            await Socket(path).connect()


# Coming back


async def test_whoever_comes_back_finds_the_answer_marked_and_the_points_kept(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    await ada.leaves()

    again = await klass.resumes(ada.welcome.token)
    assert again.player == ada.player
    assert again.welcome.answer == ChoiceAnswer(choice=RIGHT)
    assert again.welcome.own is None
    assert again.welcome.stage.phase is Phase.ASKING
    assert again.welcome.remaining_ms

    await ben.answers(WRONG)
    own = (await again.sees(Phase.CLOSED)).own
    assert own
    assert (own.is_right, own.points, own.rank) == (True, own.total, 1)
    assert 500 <= own.total <= 1000
    await again.leaves()
    after = await klass.resumes(again.welcome.token)
    assert after.welcome.own == own
    assert after.welcome.stage.phase is Phase.CLOSED


async def test_of_two_tabs_the_newer_has_the_seat(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    newer = await klass.resumes(ada.welcome.token)

    assert await ada.is_closed_with() == 4405
    await ada.leaves()
    await opens_question(hana)
    await newer.sees(Phase.ASKING)
    await newer.answers(RIGHT)
    await newer.hears(AnswerAccepted)
    assert await klass.store.count(klass.id, 0) == (2, 1)


async def test_an_outdated_token_leaves_the_seated_phone_where_it_is(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    second = await klass.resumes(ada.welcome.token)
    seated = await klass.resumes(second.welcome.token)

    late = await Socket(f"/ws/play/{klass.code}/", ada.welcome.token).connect()
    assert await late.is_closed_with() == 4401
    await late.leaves()

    await opens_question(hana)
    await seated.sees(Phase.ASKING)
    assert await klass.store.count(klass.id, 0) == (1, 0)


async def test_a_host_comes_back_into_the_explanation(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await opens_question(hana)
    await ada.answers(RIGHT)
    await hana.sees(Phase.CLOSED)
    await hana.says(MoveOn(phase=Phase.CLOSED, round=0))
    explained = await hana.sees(Phase.EXPLANATION)
    await hana.leaves()

    again, welcome = await klass.hosts()

    assert welcome == HostWelcomed(
        code=klass.code,
        title=QUIZ.title,
        rounds=3,
        settings=RoomSettings(get_ready_s=0),
        switches=ON_AT_FIRST,
        waiting=(),
        time_factors={},
        seats=(Seat(player=ada.player, nickname="Ada", team=None),),
        present=1,
        answered=1,
        stage=explained.stage,
        remaining_ms=None,
        is_paused=False,
        knobs={},
    )
    await again.says(MoveOn(phase=Phase.EXPLANATION, round=0))
    await ada.sees(Phase.STANDINGS)


# Answers


async def test_only_hosts_and_screens_hear_the_count(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    screen, _ = await klass.projects()
    await opens_question(hana)
    await ben.sees(Phase.ASKING)

    await ada.answers(RIGHT)

    await ada.hears(AnswerAccepted)
    counted = AnswersCounted(round=0, answered=1)
    assert await hana.hears(AnswersCounted) == counted
    assert await screen.hears(AnswersCounted) == counted
    assert await ben.hears_nothing()  # ben is in the room, so he could have heard
    assert await ada.hears_nothing(0.05)


async def test_only_hosts_and_screens_hear_who_comes(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await hana.hears(SeatsChanged)
    ben = await klass.joins("Ben")

    heard = await hana.hears(SeatsChanged, present=2)

    assert heard.joined == (Seat(player=ben.player, nickname="Ben", team=None),)
    assert await ada.hears_nothing()


async def test_a_second_answer_gets_the_first_reply_again(
    hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)
    await ada.answers(WRONG)
    first = await ada.hears(AnswerAccepted)

    await ada.answers(RIGHT)

    assert await ada.hears(AnswerAccepted) == first
    await ben.answers(RIGHT)
    own = (await ada.sees(Phase.CLOSED)).own
    assert own
    assert (own.is_right, own.total) == (False, 0)


@pytest.mark.parametrize(
    ("round", "answer", "reason"),
    [
        (0, ChoiceAnswer(choice=3), Reason.ANSWER_UNFIT),
        (0, TextAnswer(text="ReLU"), Reason.ANSWER_UNFIT),
        (1, TextAnswer(text="ReLU"), Reason.WRONG_ROUND),
        (2, NumberAnswer(number=181), Reason.ANSWER_UNFIT),
        (3, ChoiceAnswer(choice=0), Reason.ANSWER_UNFIT),
        (10**12, ChoiceAnswer(choice=0), Reason.ANSWER_UNFIT),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(
    hana: Socket,
    ada: Phone,
    round: int,
    answer: ChoiceAnswer | TextAnswer | NumberAnswer,
    reason: Reason,
) -> None:
    await opens_question(hana)
    await ada.sees(Phase.ASKING)

    await ada.says(SubmitAnswer(round=round, answer=answer))

    refused = CommandRefused(command="submit_answer", reason=reason)
    assert await ada.hears_next() == refused
    await ada.answers(RIGHT)  # and the good one still counts
    await ada.hears(AnswerAccepted)


async def test_an_early_or_late_answer_is_refused(klass: Class, hana: Socket, ada: Phone) -> None:
    await ada.answers(RIGHT)
    assert (await ada.hears(CommandRefused)).reason == Reason.NOT_ASKING
    await opens_question(hana)
    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    closed = await ada.sees(Phase.CLOSED)
    assert closed.own
    assert (closed.own.answered, closed.own.total) == (False, 0)

    await ada.answers(RIGHT)

    assert (await ada.hears(CommandRefused)).reason == Reason.TOO_LATE
    assert await klass.store.read_answers(klass.id, 0) == {}


async def test_the_question_closes_when_all_have_answered(
    hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)

    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    await ben.answers(WRONG)

    stage = (await hana.sees(Phase.CLOSED)).stage
    assert stage.phase is Phase.CLOSED
    assert (stage.result.counts, stage.result.right) == ((1, 1, 0), (1,))
    assert (stage.result.players, stage.result.answered, stage.result.right_count) == (2, 2, 1)
    assert stage.result.fastest
    assert stage.result.fastest.nickname == "Ada"


async def test_a_phone_that_fell_silent_holds_nobody_up(
    klass: Class, hana: Socket, ada: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its network went without a word: no closing frame, no more pings.
    monkeypatch.setattr(consumers, "SILENCE_S", 0.3)
    dead = await klass.joins("Dead battery")
    monkeypatch.undo()

    assert await dead.is_closed_with() == protocol.CloseCode.TRY_AGAIN
    await hana.hears(protocol.SeatsChanged, present=1)
    hub().store.return_ms = 100
    await opens_question(hana)
    await ada.answers(1)
    await ada.sees(Phase.CLOSED)


async def test_the_last_answer_is_acknowledged_before_the_result(hana: Socket, ada: Phone) -> None:
    await opens_question(hana)
    await ada.sees(Phase.ASKING)

    await ada.answers(1)

    assert isinstance(await ada.hears_next(), AnswerAccepted)
    await ada.sees(Phase.CLOSED)


async def test_a_phone_that_left_holds_nobody_up(hana: Socket, ada: Phone, ben: Phone) -> None:
    hub().store.return_ms = 1000
    await opens_question(hana)
    await ben.leaves()
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)

    # For a moment the question waits for Ben; then it closes though no answer comes any more.
    assert await ada.hears_nothing(for_s=0.3)
    await ada.sees(Phase.CLOSED)


async def test_who_leaves_last_without_an_answer_holds_nobody_up(
    hana: Socket, ada: Phone, ben: Phone
) -> None:
    hub().store.return_ms = 300
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)

    await ben.leaves()

    await ada.sees(Phase.CLOSED)


async def test_a_phone_that_reloads_when_all_others_have_answered_still_answers(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)
    await ben.leaves()
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)

    back = await klass.resumes(ben.welcome.token)
    assert back.welcome.stage.phase == Phase.ASKING
    await back.answers(RIGHT)

    closed = await ada.sees(Phase.CLOSED)
    assert isinstance(closed.stage, protocol.ClosedStage)
    assert closed.stage.result.right_count == 2


# The host


async def test_a_double_press_moves_once(klass: Class, hana: Socket, ada: Phone) -> None:
    for _ in range(2):
        await hana.says(MoveOn(phase=Phase.LOBBY, round=0))

    await hana.sees(Phase.ASKING)
    refused = CommandRefused(command="move_on", reason=Reason.MOVED_ALREADY)
    assert await hana.hears(CommandRefused) == refused
    state = await klass.store.read_state(klass.id)
    assert state
    assert (state.phase, state.revision) == (Phase.ASKING, 1)


async def test_a_kicked_player_is_gone_for_good(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await hana.says(KickPlayer(player=ben.player))

    assert await ben.is_closed_with() == 4403
    await ben.leaves()
    await hana.hears(SeatsChanged, left=(ben.player,))
    back = await Socket(f"/ws/play/{klass.code}/", ben.welcome.token).connect()
    assert await back.is_closed_with() == 4401
    await back.leaves()
    await hana.says(KickPlayer(player=ben.player))
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_SUCH_PLAYER
    assert await ada.hears_nothing()


async def test_a_kicked_leader_leaves_no_gap_on_the_podium(
    open_room: OpenRoom, klass: Class
) -> None:
    one = await open_room(Quiz(lesson=1, slug="one", title="One", questions=(RELU,)))
    hana, _ = await one.hosts()
    ada, ben = await one.joins("Ada"), await one.joins("Ben")
    await opens_question(hana)
    for phone in (ada, ben):
        await phone.says(SubmitAnswer(round=0, answer=TextAnswer(text="relu")))
        await phone.hears(AnswerAccepted)
    await hana.sees(Phase.CLOSED)
    lines = await klass.store.read_lines(one.id)
    leader = min(lines, key=lambda player: lines[player].rank)

    await hana.says(KickPlayer(player=leader))
    await hana.hears(SeatsChanged, left=(leader,))
    await hana.says(MoveOn(phase=Phase.CLOSED, round=0))

    podium = (await hana.sees(Phase.PODIUM)).stage
    assert podium.phase is Phase.PODIUM
    assert [place.rank for place in podium.top] == [1]


async def test_the_host_ends_the_room_and_its_code_is_free(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await hana.says(EndRoom())

    await ada.sees(Phase.ENDED)
    assert await klass.store.find_room(klass.code) is None
    door = await Socket(f"/ws/play/{klass.code}/").connect()
    assert await door.is_closed_with() == 4404
    await door.leaves()


async def test_two_rooms_do_not_hear_each_other(open_room: OpenRoom) -> None:
    one, other = await open_room(), await open_room()
    (hana, _), (hugo, _) = await one.hosts(), await other.hosts()
    ada, ben = await one.joins("Ada"), await other.joins("Ben")
    await hugo.hears(SeatsChanged)
    await hugo.hears_nothing()

    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.sees(Phase.CLOSED)
    await hana.says(KickPlayer(player=ben.player))  # who isn't in hana's room
    await hana.says(TurnSwitch(switch="is_locked", is_on=True))
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_SUCH_PLAYER

    assert await ben.hears_nothing()
    assert await hugo.hears_nothing(0.05)
    state = await other.store.read_state(other.id)
    assert state
    assert (state.phase, state.switches.is_locked) == (Phase.LOBBY, False)


# Noise


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        '{"type":"no_such_command"}',
        '{"type":"ping","extra":1}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"choice","choice":0},"elapsed_ms":1}',
        "[" * 4000,
        '{"a":' * 600 + "1" + "}" * 600,
        '{"type":"ping"' + " " * 5000 + "}",
        TakeSeat(nickname="Again").model_dump_json(),
    ],
    ids=range(9),
)
async def test_noise_closes_its_socket_and_the_room_goes_on(
    klass: Class, hana: Socket, ada: Phone, ben: Phone, text: str
) -> None:
    await ben.says_raw(text)

    assert await ben.is_closed_with() == 4400
    await ben.leaves()
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    assert set(await klass.store.read_seats(klass.id)) == {ada.player, ben.player}
    assert (await klass.resumes(ben.welcome.token)).player == ben.player


async def test_a_binary_frame_is_noise(klass: Class, hana: Socket, ada: Phone) -> None:
    screen, _ = await klass.projects()
    door = await klass.stands_at_the_door()

    for socket in (ada, screen, door, hana):
        await socket.says_bytes(b'{"type":"ping"}')
        assert await socket.is_closed_with() == 4400


@pytest.mark.parametrize(
    "command",
    [
        MoveOn(phase=Phase.LOBBY, round=0),
        TurnSwitch(switch="is_locked", is_on=True),
        EndRoom(),
        TurnKnobs(round=0, knobs={"d": 1}),
        KickPlayer(player="ada"),
    ],
    ids=lambda command: command.type,
)
async def test_players_and_screens_cannot_say_what_a_host_says(
    klass: Class, ada: Phone, ben: Phone, command: MoveOn | TurnSwitch | EndRoom | KickPlayer
) -> None:
    if isinstance(command, KickPlayer):
        command = KickPlayer(player=ada.player)
    screen, _ = await klass.projects()
    door = await klass.stands_at_the_door()

    for socket in (ben, screen, door):
        await socket.says(command)
        assert await socket.is_closed_with() == 4400

    state = await klass.store.read_state(klass.id)
    assert state
    assert (state.phase, state.revision, state.switches.is_locked) == (Phase.LOBBY, 0, False)
    assert set(await klass.store.read_seats(klass.id)) == {ada.player, ben.player}
    assert await ada.hears_nothing(0.1)


async def test_a_flood_closes_its_socket_and_the_room_goes_on(
    klass: Class, ada: Phone, ben: Phone
) -> None:
    for _ in range(120):
        await ben.says(Ping())

    assert await ben.is_closed_with() == 4429
    await ada.says(Ping())
    await ada.hears(Ponged)


async def test_a_flood_at_the_door_is_closed_too(klass: Class) -> None:
    door = await klass.stands_at_the_door()

    for number in range(120):
        await door.says(TakeSeat(nickname=" " * (number % 3)))

    assert await door.is_closed_with() == 4429


async def test_an_honest_phone_is_never_too_fast(ada: Phone) -> None:
    for _ in range(40):
        await ada.says(Ping())
    for _ in range(40):
        await ada.hears(Ponged)


# Clocks, and what goes wrong


async def test_the_bell_closes_the_question_without_anybody(open_room: OpenRoom) -> None:
    klass = await open_room(QUICK)
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await opens_question(hana)
    asked = await ada.sees(Phase.ASKING)
    opened_at = time.monotonic()

    closed = await ada.hears_next(within_s=8)

    assert asked.remaining_ms is not None
    assert 4_900 < asked.remaining_ms <= 5_000
    assert 4.9 < time.monotonic() - opened_at < 5.5
    assert closed.stage.phase is Phase.CLOSED
    assert closed.own
    assert not closed.own.answered


async def test_autoplay_plays_by_itself(open_room: OpenRoom) -> None:
    klass = await open_room(QUICK, autoplay=True, result_s=1, explanation_s=1, standings_s=1)
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await opens_question(hana)
    await ada.answers(RIGHT)

    for phase in (Phase.CLOSED, Phase.EXPLANATION, Phase.STANDINGS):
        stage = await ada.sees(phase, 0)
        assert stage.remaining_ms is not None
        assert 900 < stage.remaining_ms <= 1000
    await ada.sees(Phase.ASKING, 1)


async def test_a_process_that_dies_before_it_tells_is_no_loss(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    ben = await klass.joins("Ben")
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    # The bell was rung by a process that died at once: nobody scores, nobody tells.
    at, to = Step(Phase.ASKING, 0, 0), Step(Phase.CLOSED, 0, 0)
    assert await klass.store.move_on(klass.id, at, to, is_bell=False, rounds=3)
    started = time.monotonic()

    closed = await ada.sees(Phase.CLOSED)

    assert time.monotonic() - started < 3
    assert closed.own
    assert closed.own.is_right
    assert (await ben.sees(Phase.CLOSED)).own
    assert await klass.store.closed_rounds(klass.id) == {0: 20_000}


async def test_a_room_whose_process_died_is_finished_for_whoever_comes(open_room: OpenRoom) -> None:
    klass = await open_room()
    at, to = Step(Phase.LOBBY, 0, 0), Step(Phase.ASKING, 0, 20_000)
    assert await klass.store.move_on(klass.id, at, to, is_bell=False, rounds=3)

    ada = await klass.joins("Ada")

    assert ada.welcome.stage.phase is Phase.ASKING
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)


async def test_a_lost_announcement_is_caught_up(klass: Class, hana: Socket, ada: Phone) -> None:
    await opens_question(hana)
    await ada.sees(Phase.ASKING)
    live = hub().rooms[klass.id]
    await hub()._unlisten(live)  # the subscription breaks, and what follows is published to nobody
    await moves.move_on(live, Phase.ASKING, 0)
    started = time.monotonic()

    closed = await ada.sees(Phase.CLOSED)

    assert time.monotonic() - started < 3
    assert closed.own
    assert (await hana.sees(Phase.CLOSED)).stage == closed.stage


async def test_a_token_is_good_in_its_own_room_alone(open_room: OpenRoom) -> None:
    one, other = await open_room(), await open_room()
    ada = await one.joins("Ada")
    token = seats.read(ada.welcome.token)
    assert token
    # Even if the other room knew a player of that name and secret.
    mark = seats.fingerprint(token.secret)
    await other.store.take_seat(other.id, token.player, SeatRecord("Ada", None, "ada"), mark, ())

    phone = Phone(f"/ws/play/{other.code}/", ada.welcome.token)
    await phone.connect()
    assert await phone.is_closed_with() == 4401
