"""The clock of a phase: paused, going on, extended; and those who have more of it than others."""

import asyncio

import pytest

from games.protocol import (
    AnswerAccepted,
    ClockChanged,
    CommandRefused,
    Echo,
    ExtendClock,
    MoveOn,
    PauseClock,
    Ping,
    Ponged,
    SetTimeFactor,
    SkipQuestion,
    TimeFactorSet,
)
from games.rules import Given, Phase, Quiz, Reason
from lessons.questions import ChoiceAnswer
from tests.games.conftest import CAPITAL, RELU, Class, OpenRoom, Phone, Socket, opens_question

RIGHT = 1
HURRIED = CAPITAL.model_copy(update={"limit_ms": 5_000})
QUICK = Quiz(lesson=1, slug="quick", title="Quick", questions=(HURRIED, RELU))


async def test_while_the_clock_stands_nobody_answers_and_no_time_passes(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    screen, _ = await klass.projects()
    await opens_question(hana)
    await hana.says(PauseClock(is_paused=True))
    for socket in (ada, hana, screen):
        stood = await socket.hears(ClockChanged)
        assert stood.is_paused
        assert stood.remaining_ms
        assert 19_000 < stood.remaining_ms <= 20_000

    await ada.answers(RIGHT)
    assert (await ada.hears(CommandRefused)).reason == Reason.CLOCK_PAUSED
    await asyncio.sleep(0.6)
    await hana.says(PauseClock(is_paused=False))
    goes_on = await ada.hears(ClockChanged)
    assert not goes_on.is_paused
    assert goes_on.remaining_ms is not None
    assert stood.remaining_ms is not None
    assert abs(goes_on.remaining_ms - stood.remaining_ms) < 50

    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    [given] = (await klass.store.read_answers(klass.id, 0)).values()
    assert given.elapsed_ms < 550  # without the time the clock stood


async def test_a_paused_bell_does_not_ring(open_room: OpenRoom) -> None:
    klass = await open_room(QUICK, get_ready_s=1)
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.GET_READY)
    await hana.says(PauseClock(is_paused=True))
    assert (await ada.hears(ClockChanged)).is_paused

    assert await ada.hears_nothing(1.5)
    await hana.says(PauseClock(is_paused=False))
    await ada.sees(Phase.ASKING)


async def test_whoever_comes_while_the_clock_stands_sees_that(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await opens_question(hana)
    await hana.says(PauseClock(is_paused=True))
    await hana.hears(ClockChanged)

    back = await klass.resumes(ada.welcome.token)
    _, host = await klass.hosts()
    assert back.welcome.is_paused
    assert host.is_paused
    assert back.welcome.remaining_ms
    assert back.welcome.remaining_ms > 19_000

    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    await back.sees(Phase.CLOSED)
    again = await klass.resumes(back.welcome.token)
    assert not again.welcome.is_paused


async def test_ten_seconds_more_count_for_everyone(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)
    await hana.says(ExtendClock(phase=Phase.ASKING, round=0))
    longer = await ada.hears(ClockChanged)
    assert longer.remaining_ms
    assert 29_000 < longer.remaining_ms <= 30_000

    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    await ada.sees(Phase.CLOSED)
    assert await klass.store.closed_rounds(klass.id) == {0: 30_000}


@pytest.mark.parametrize(
    "command",
    [
        PauseClock(is_paused=True),
        PauseClock(is_paused=False),
        ExtendClock(phase=Phase.LOBBY, round=0),
        ExtendClock(phase=Phase.ASKING, round=0),
    ],
)
async def test_where_there_is_no_clock_none_is_changed(
    klass: Class, hana: Socket, command: PauseClock | ExtendClock
) -> None:
    await hana.says(command)
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_CLOCK


async def test_a_skipped_question_is_never_scored(klass: Class, hana: Socket, ada: Phone) -> None:
    ben = await klass.joins("Ben")
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    await hana.says(SkipQuestion(round=0))
    await ada.sees(Phase.ASKING, 1)
    await ben.sees(Phase.ASKING, 1)

    assert await klass.store.closed_rounds(klass.id) == {}
    assert await klass.store.read_lines(klass.id) == {}
    await hana.says(SkipQuestion(round=0))  # a second press in flight
    assert (await hana.hears(CommandRefused)).reason == Reason.MOVED_ALREADY


async def test_skipping_the_last_question_leads_to_the_podium(open_room: OpenRoom) -> None:
    one = Quiz(lesson=1, slug="one", title="One", questions=(CAPITAL,))
    klass = await open_room(one)
    hana, _ = await klass.hosts()
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await hana.sees(Phase.ASKING)
    await hana.says(SkipQuestion(round=0))
    await hana.sees(Phase.PODIUM)


async def test_without_a_limit_the_question_waits_for_the_host(open_room: OpenRoom) -> None:
    calm = CAPITAL.model_copy(update={"limit_ms": None})
    klass = await open_room(Quiz(lesson=1, slug="one", title="One", questions=(calm, RELU)))
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    asked = await ada.sees(Phase.ASKING)
    assert asked.remaining_ms is None
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    closed = await ada.sees(Phase.CLOSED)
    assert closed.own
    assert closed.own.points == 1000
    assert await klass.store.closed_rounds(klass.id) == {0: 0}
    await ben.leaves()


# More time


async def gives(host: Socket, phone: Phone, factor: float) -> None:
    await host.says(SetTimeFactor(player=phone.player, time_factor=factor))
    await host.hears(TimeFactorSet, player=phone.player, time_factor=factor)


async def test_more_time_is_seen_by_hosts_and_the_player_alone(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    screen, _ = await klass.projects()
    await gives(hana, ada, 2)
    assert await ada.is_closed_with() == 4410  # the phone looks again
    ada = await klass.resumes(ada.welcome.token)
    assert ada.welcome.time_factor == 2
    assert (await klass.hosts())[1].time_factors == {ada.player: 2}

    await opens_question(hana)
    hers, his = await ada.sees(Phase.ASKING), await ben.sees(Phase.ASKING)
    shown = await screen.sees(Phase.ASKING)
    assert hers.remaining_ms
    assert his.remaining_ms
    assert 39_000 < hers.remaining_ms <= 40_000
    assert 19_000 < his.remaining_ms <= 20_000
    assert shown.remaining_ms
    assert shown.remaining_ms <= 20_000
    for socket in (ben, screen):
        assert not any("factor" in frame for frame in socket.frames if "welcomed" not in frame)
    assert '"time_factor":1.0' in ben.frames[1]
    assert not any("time_factors" in frame for frame in screen.frames)


async def test_the_bell_waits_for_those_who_have_more_time(open_room: OpenRoom) -> None:
    klass = await open_room(QUICK)
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await gives(hana, ada, 1.5)
    ada = await klass.resumes(ada.welcome.token)
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ben.sees(Phase.ASKING)
    await asyncio.sleep(5.6)

    await ben.answers(RIGHT)
    assert (await ben.hears(CommandRefused)).reason == Reason.TOO_LATE
    await ada.answers(RIGHT)  # nobody else has time left, so this closes the question
    closed = await ada.sees(Phase.CLOSED)
    assert closed.own
    assert closed.own.is_right
    [given] = (await klass.store.read_answers(klass.id, 0)).values()
    assert given.time_factor == 1.5
    assert 5_500 < given.elapsed_ms < 7_500
    # Scored on a third less: as if answered after less than five seconds of five.
    assert given.counted_ms == int(given.elapsed_ms / 1.5)
    assert closed.own.points == (1000 * (10_000 - given.counted_ms) + 5_000) // 10_000


async def test_the_bell_rings_for_those_with_more_time_too(open_room: OpenRoom) -> None:
    klass = await open_room(QUICK)
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await gives(hana, ada, 1.25)
    ada = await klass.resumes(ada.welcome.token)
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.ASKING)
    began = asyncio.get_running_loop().time()
    closed = await ada.hears_next(within_s=8)
    assert closed.stage.phase is Phase.CLOSED
    assert 6.1 < asyncio.get_running_loop().time() - began < 7.2


@pytest.mark.parametrize("factor", [0.5, 3.5, 0])
async def test_a_time_factor_is_from_one_to_three(klass: Class, ada: Phone, factor: float) -> None:
    host, _ = await klass.hosts()
    await host.says_raw(
        f'{{"type":"set_time_factor","player":"{ada.player}","time_factor":{factor}}}'
    )
    assert await host.is_closed_with() == 4400


async def test_nobody_who_has_left_gets_more_time(klass: Class, hana: Socket) -> None:
    await hana.says(SetTimeFactor(player="noor", time_factor=2))
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_SUCH_PLAYER


# The network's share


def test_the_networks_share_is_taken_off() -> None:
    answer = ChoiceAnswer(choice=0)

    assert Given(answer=answer, elapsed_ms=2_000, lag_ms=120).counted_ms == 1_880
    assert Given(answer=answer, elapsed_ms=100, lag_ms=120).counted_ms == 0
    assert Given(answer=answer, elapsed_ms=2_100, lag_ms=100, time_factor=2).counted_ms == 1_000


async def test_a_slow_network_is_credited_up_to_a_limit(open_room: OpenRoom) -> None:
    klass = await open_room()
    hana, _ = await klass.hosts()
    ada, ben, cy = [await klass.joins(name) for name in ("Ada", "Ben", "Cy")]
    for phone, slow_s in ((ada, 0.06), (ben, 0.4)):
        await phone.says(Ping())
        await phone.hears(Ponged)
        await asyncio.sleep(slow_s)
        await phone.says(Echo())
    await opens_question(hana)
    for phone in (ada, ben, cy):
        await phone.answers(RIGHT)
    await hana.sees(Phase.CLOSED)

    stored = await klass.store.read_answers(klass.id, 0)
    assert 55 <= stored[ada.player].lag_ms <= 110
    assert stored[ben.player].lag_ms == 150
    assert stored[cy.player].lag_ms == 0  # never timed
