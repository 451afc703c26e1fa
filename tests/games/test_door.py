"""Who gets a seat: approval, the projector's letters, personal codes, offered names, shared phones."""

import asyncio

import pytest
from django.core.signing import get_cookie_signer

from games import seats
from games.protocol import (
    AdmitPlayer,
    AnswerAccepted,
    AskReview,
    AskSecondCode,
    CodeIssued,
    CommandRefused,
    DoorOpened,
    EndRoom,
    IssueCode,
    KickPlayer,
    MoveOn,
    NicknamesOffered,
    OfferNicknames,
    PlayerWelcomed,
    Ponged,
    ReviewTold,
    SeatAwaited,
    SeatsChanged,
    SecondCodeTold,
    TakeSeat,
    UsePersonalCode,
    WaitingChanged,
)
from games.rules import Phase, Reason, RosterEntry
from lessons.questions import ChoiceAnswer
from lessons.study.learners import COOKIE
from tests.games.conftest import Class, OpenRoom, Phone, Socket, opens_question

ROSTER = {
    "QWERTY": RosterEntry(pupil=7, name="Ada"),
    "ACDEFG": RosterEntry(pupil=8, name="Ben", time_factor=2),
}


async def knocks(klass: Class, token: str | None = None) -> Phone:
    phone = Phone(f"/ws/play/{klass.code}/", token)
    await phone.connect()
    klass.sockets.append(phone)
    return phone


async def refusal(socket: Socket, command: TakeSeat | UsePersonalCode) -> Reason:
    await socket.says(command)
    return (await socket.hears(CommandRefused)).reason


# Approval


async def test_the_host_lets_in_whom_it_wants(open_room: OpenRoom) -> None:
    klass = await open_room(approves_seats=True)
    hana, _ = await klass.hosts()
    screen, _ = await klass.projects()
    phone = await knocks(klass)
    await phone.hears(DoorOpened)
    await phone.says(TakeSeat(nickname="Ada"))
    awaited = await phone.hears(SeatAwaited)
    [asking] = (await hana.hears(WaitingChanged)).waiting
    assert asking == awaited.seat
    assert await klass.store.read_seats(klass.id) == {}

    await hana.says(AdmitPlayer(player=awaited.seat.player))
    assert await phone.is_closed_with() == 4410
    ada = await klass.resumes(awaited.token)
    assert ada.welcome.seat == awaited.seat
    assert (await hana.hears(SeatsChanged, joined=(awaited.seat,))).left == ()
    assert (await hana.hears(WaitingChanged)).waiting == ()
    assert not any("waiting_changed" in frame for frame in screen.frames)


async def test_who_waits_hears_nothing_and_can_do_nothing(open_room: OpenRoom) -> None:
    klass = await open_room(approves_seats=True)
    hana, _ = await klass.hosts()
    phone = await knocks(klass)
    await phone.says(TakeSeat(nickname="Ada"))
    await phone.hears(SeatAwaited)
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await hana.sees(Phase.ASKING)
    assert await phone.hears_nothing()
    await phone.answers(1)
    assert await phone.is_closed_with() == 4400
    assert await klass.store.read_answers(klass.id, 0) == {}


async def test_who_waits_may_reload_and_may_be_turned_away(open_room: OpenRoom) -> None:
    klass = await open_room(approves_seats=True)
    hana, _ = await klass.hosts()
    phone = await knocks(klass)
    await phone.says(TakeSeat(nickname="Ada"))
    awaited = await phone.hears(SeatAwaited)
    await phone.leaves()

    again = await knocks(klass, awaited.token)
    token = (await again.hears(SeatAwaited)).token
    assert (await klass.hosts())[1].waiting == (awaited.seat,)
    await hana.says(KickPlayer(player=awaited.seat.player))
    assert await again.is_closed_with() == 4403
    assert await (await knocks(klass, token)).is_closed_with() == 4401
    await hana.says(AdmitPlayer(player=awaited.seat.player))
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_SUCH_PLAYER


# The projector's letters


async def test_only_those_who_see_the_projector_come_in(open_room: OpenRoom) -> None:
    klass = await open_room(has_second_code=True)
    hana, _ = await klass.hosts()
    screen, _ = await klass.projects()
    await screen.says(AskSecondCode())
    told = await screen.hears(SecondCodeTold)
    await hana.says(AskSecondCode())
    assert (await hana.hears(SecondCodeTold)).code == told.code
    assert 0 < told.remaining_ms <= 10_000
    assert len(told.code) == 4
    assert set(told.code) <= set("ABCDEF")

    socket = await knocks(klass)
    assert (await socket.hears(DoorOpened)).asks_second_code
    assert await refusal(socket, TakeSeat(nickname="Ada")) == Reason.SECOND_CODE_WRONG
    await socket.says(TakeSeat(nickname="Ada", second_code=told.code.lower()))
    await socket.hears(PlayerWelcomed)
    assert not any(told.code in frame for frame in socket.frames)


def test_the_letters_change_every_ten_seconds_and_are_good_a_little_longer() -> None:
    now = 1_700_000_000_000
    codes = [seats.second_code("secret", now + 10_000 * n) for n in range(50)]

    assert len(set(codes)) > 40
    assert seats.second_code("secret", now + 9_999) == codes[0]
    assert seats.second_code("secret", now + 10_000, ago=1) == codes[0]
    assert seats.second_code("another", now) != codes[0]


async def test_whoever_guesses_codes_begins_anew(open_room: OpenRoom) -> None:
    klass = await open_room(has_second_code=True)
    socket = await knocks(klass)
    for _ in range(5):
        assert await refusal(socket, TakeSeat(nickname="Ada")) == Reason.SECOND_CODE_WRONG
    assert await socket.is_closed_with() == 4429


# Personal codes


async def test_with_a_roster_one_sits_down_by_code_and_is_the_same_from_game_to_game(
    open_room: OpenRoom,
) -> None:
    klass = await open_room(has_roster=True, roster=ROSTER)
    socket = await knocks(klass)
    assert (await socket.hears(DoorOpened)).asks_personal_code
    assert await refusal(socket, TakeSeat(nickname="Noor")) == Reason.PERSONAL_CODE_WRONG
    assert await refusal(socket, UsePersonalCode(code="NOBODY")) == Reason.PERSONAL_CODE_WRONG
    await socket.says(UsePersonalCode(code=" acd-efg "))
    welcome = await socket.hears(PlayerWelcomed)
    assert welcome.seat.nickname == "Ben"
    assert welcome.time_factor == 2
    [record] = (await klass.store.read_seats(klass.id)).values()
    assert record.pupil == 8


async def test_a_personal_code_goes_on_on_another_phone(open_room: OpenRoom) -> None:
    klass = await open_room(has_roster=True, roster=ROSTER)
    hana, _ = await klass.hosts()
    first = await knocks(klass)
    await first.says(UsePersonalCode(code="QWERTY"))
    first.welcome = await first.hears(PlayerWelcomed)
    await opens_question(hana)
    ben = await knocks(klass)
    await ben.says(UsePersonalCode(code="ACDEFG"))
    await ben.hears(PlayerWelcomed)
    await first.answers(1)
    await first.hears(AnswerAccepted)
    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    points = (await first.sees(Phase.CLOSED)).own
    assert points

    other = await knocks(klass)
    await other.says(UsePersonalCode(code="QWERTY"))
    welcome = await other.hears(PlayerWelcomed)
    assert await first.is_closed_with() == 4405
    assert welcome.seat == first.welcome.seat
    assert welcome.own == points
    assert welcome.answer == ChoiceAnswer(choice=1)
    assert len(await klass.store.read_seats(klass.id)) == 2
    # The phone that was left behind can't take it back.
    assert await (await knocks(klass, first.welcome.token)).is_closed_with() == 4401


async def test_the_host_helps_a_pupil_onto_another_phone_once(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    screen, _ = await klass.projects()
    await hana.says(IssueCode(player=ada.player))
    issued = await hana.hears(CodeIssued)
    other = await knocks(klass)
    await other.says(UsePersonalCode(code=issued.code.lower()))
    assert (await other.hears(PlayerWelcomed)).seat == ada.welcome.seat
    assert await ada.is_closed_with() == 4405
    third = await knocks(klass)
    assert await refusal(third, UsePersonalCode(code=issued.code)) == Reason.PERSONAL_CODE_WRONG
    for socket in (ada, ben, screen):
        assert not any(issued.code in frame for frame in socket.frames)
    await hana.says(IssueCode(player="noor"))
    assert (await hana.hears(CommandRefused)).reason == Reason.NO_SUCH_PLAYER


async def test_two_who_type_the_same_new_code_at_once_have_one_seat(open_room: OpenRoom) -> None:
    klass = await open_room(has_roster=True, roster=ROSTER)
    one, two = await knocks(klass), await knocks(klass)
    await asyncio.gather(
        one.says(UsePersonalCode(code="QWERTY")), two.says(UsePersonalCode(code="QWERTY"))
    )
    await asyncio.sleep(0.5)
    assert len(await klass.store.read_seats(klass.id)) == 1


# Names


async def test_an_indecent_nickname_is_refused_where_the_host_wants_that(
    open_room: OpenRoom,
) -> None:
    filtered, free = await open_room(), await open_room(filters_nicknames=False)
    socket = await filtered.stands_at_the_door()
    assert await refusal(socket, TakeSeat(nickname="FuckYou")) == Reason.NICKNAME_UNFIT
    await free.joins("FuckYou")


async def test_players_choose_among_names_that_are_offered(open_room: OpenRoom) -> None:
    klass = await open_room(nicknames="offered")
    socket = await knocks(klass)
    names = (await socket.hears(DoorOpened)).nicknames
    assert len(set(names)) == 6
    assert await refusal(socket, TakeSeat(nickname="Ada")) == Reason.NICKNAME_UNFIT
    await socket.says(OfferNicknames())
    others = (await socket.hears(NicknamesOffered)).nicknames
    assert set(others) != set(names)
    await socket.says(TakeSeat(nickname=others[3]))
    assert (await socket.hears(PlayerWelcomed)).seat.nickname == others[3]


async def test_where_names_are_typed_none_are_offered(klass: Class) -> None:
    socket = await knocks(klass)
    assert (await socket.hears(DoorOpened)).nicknames == ()
    await socket.says(OfferNicknames())
    assert (await socket.hears(NicknamesOffered)).nicknames == ()


async def test_a_team_shares_a_phone(open_room: OpenRoom) -> None:
    klass = await open_room(teams="shared")
    phone = await knocks(klass)
    assert (await phone.hears(DoorOpened)).shares_phone
    await phone.says(TakeSeat(nickname="The Vectors", members=(" Ada ", "Ben")))
    welcome = await phone.hears(PlayerWelcomed)
    assert welcome.seat.members == ("Ada", "Ben")
    assert (await klass.hosts())[1].seats == (welcome.seat,)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ((), Reason.MEMBERS_UNFIT),
        (("Ada", " ADA "), Reason.MEMBERS_UNFIT),
        (("Ada", "\u200b"), Reason.MEMBERS_UNFIT),
        (("Ada", "x" * 21), Reason.MEMBERS_UNFIT),
        (("Ada", "fuck"), Reason.NICKNAME_UNFIT),
    ],
)
async def test_a_shared_phone_names_who_shares_it(
    open_room: OpenRoom, members: tuple[str, ...], reason: Reason
) -> None:
    klass = await open_room(teams="shared")
    socket = await klass.stands_at_the_door()
    assert await refusal(socket, TakeSeat(nickname="Vectors", members=members)) == reason


# Looking back


async def test_at_the_end_a_player_looks_back_and_not_before(
    klass: Class, hana: Socket, ada: Phone
) -> None:
    await opens_question(hana)
    await ada.answers(0)
    closed = await ada.sees(Phase.CLOSED)
    assert closed.own
    await ada.says(AskReview())
    assert (await ada.hears(CommandRefused)).reason == Reason.NOT_OVER
    await hana.says(EndRoom())
    await ada.sees(Phase.ENDED)

    await ada.says(AskReview())
    [looked] = (await ada.hears(ReviewTold)).rounds
    assert looked.question.prompt.startswith("Which angle")
    assert looked.answer == ChoiceAnswer(choice=0)
    assert (looked.is_right, looked.points) == (False, 0)
    assert looked.result.right == (1,)
    assert looked.result.counts == ()  # what the others said is theirs
    assert looked.note == "They pile up at a right angle."


async def test_the_phone_is_asked_for_an_echo_once_it_is_seated(klass: Class) -> None:
    phone = await knocks(klass)
    await phone.says(TakeSeat(nickname="Ada"))
    await phone.hears(PlayerWelcomed)
    assert isinstance(await phone.hears_next(), Ponged)


async def test_a_seat_that_is_taken_over_stays_whose_it_was(open_room: OpenRoom) -> None:
    klass = await open_room(roster=ROSTER, has_roster=True)
    sign = get_cookie_signer(salt=COOKIE).sign
    for key in ("of-the-first", "of-the-second"):
        phone = Phone(f"/ws/play/{klass.code}/", cookie=f"{COOKIE}={sign(key)}")
        klass.sockets.append(await phone.connect())
        await phone.hears(DoorOpened)
        await phone.says(UsePersonalCode(code="QWERTY"))
        phone.welcome = await phone.hears(PlayerWelcomed)

    [seat] = (await klass.store.read_seats(klass.id)).values()
    assert (seat.nickname, seat.learner) == ("Ada", "of-the-first")
