"""The host turns a picture's knobs, and every phone follows; what the server turns comes as a new picture."""

import asyncio

import pytest

from games.protocol import (
    CommandRefused,
    ExplanationStage,
    KnobsTurned,
    MoveOn,
    StageChanged,
    TurnKnobs,
)
from games.room import hub
from games.rules import Phase, Quiz, Reason
from lessons import explanations, pictures
from lessons.explanations import Picture
from lessons.questions import ExplanationRef
from tests.games.conftest import CAPITAL, Class, OpenRoom, Phone, Socket, opens_question

TOY = ExplanationRef(key="toy", params={"decay": 0.8})
PICTURED = Quiz(
    lesson=1,
    slug="pictured",
    title="Pictured",
    questions=(CAPITAL.model_copy(update={"explanation": TOY}), CAPITAL),
)
RIGHT = 1


@pytest.fixture
async def klass(open_room: OpenRoom) -> Class:
    """A room whose first question leads to a picture, its second to none."""
    return await open_room(PICTURED)


async def explains(hana: Socket, ada: Phone, round: int = 0) -> ExplanationStage:
    await opens_question(hana, round)
    await ada.answers(RIGHT, round)
    await hana.sees(Phase.CLOSED)
    await hana.says(MoveOn(phase=Phase.CLOSED, round=round))
    stage = (await hana.sees(Phase.EXPLANATION)).stage
    assert isinstance(stage, ExplanationStage)
    await ada.sees(Phase.EXPLANATION)
    return stage


async def sees_picture(socket: Socket) -> Picture:
    stage = (await socket.hears(StageChanged)).stage
    assert isinstance(stage, ExplanationStage)
    assert stage.picture
    return stage.picture


async def test_everyone_follows_the_host_s_hand(hana: Socket, ada: Phone, ben: Phone) -> None:
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ben.answers(0)
    await hana.sees(Phase.CLOSED)
    await hana.says(MoveOn(phase=Phase.CLOSED, round=0))
    await hana.sees(Phase.EXPLANATION)

    await hana.says(TurnKnobs(round=0, knobs={"rarity": 3}))

    for socket in (ada, ben, hana):
        assert await socket.hears(KnobsTurned) == KnobsTurned(round=0, knobs={"rarity": 3})
    assert await ada.hears_nothing(0.6)  # the browser does that knob, no picture follows


async def test_a_server_knob_brings_everyone_a_new_picture(hana: Socket, ada: Phone) -> None:
    before = await explains(hana, ada)

    await hana.says(TurnKnobs(round=0, knobs={"ideas": 3, "rarity": 9}))

    await ada.hears(KnobsTurned)
    for socket in (ada, hana):
        picture = await sees_picture(socket)
        assert picture.params == {"ideas": 3, "decay": 0.8, "relu": 1}
        assert picture.data == explanations.picture("toy", picture.params).data
        assert before.picture
        assert picture.class_ == before.picture.class_
        assert picture.class_.counts == [0, 1, 0]


async def test_the_newest_turn_wins_and_no_other_is_computed(
    hana: Socket, ada: Phone, klass: Class
) -> None:
    await explains(hana, ada)

    for ideas in (2, 4, 6, 8, 7):
        await hana.says(TurnKnobs(round=0, knobs={"ideas": ideas}))

    assert (await sees_picture(ada)).params["ideas"] == 7
    assert await ada.hears_nothing(0.6)
    room = hub().rooms[klass.id]
    assert room.wanted_knobs == {}


async def test_who_comes_back_sees_the_picture_as_it_is_turned(
    hana: Socket, ada: Phone, klass: Class
) -> None:
    await explains(hana, ada)
    await hana.says(TurnKnobs(round=0, knobs={"ideas": 4, "step": 30}))
    turned = await sees_picture(ada)

    again = await klass.resumes(ada.welcome.token)
    _, welcome = await klass.projects()

    for seen in (again.welcome, welcome):
        assert seen.knobs == {"ideas": 4, "step": 30}
        assert isinstance(seen.stage, ExplanationStage)
        assert seen.stage.picture == turned


async def test_the_next_picture_stands_as_it_usually_does(
    hana: Socket, ada: Phone, klass: Class
) -> None:
    await explains(hana, ada)
    await hana.says(TurnKnobs(round=0, knobs={"rarity": 2}))
    await ada.hears(KnobsTurned)

    await hana.says(MoveOn(phase=Phase.EXPLANATION, round=0))
    await ada.sees(Phase.STANDINGS)

    assert (await klass.resumes(ada.welcome.token)).welcome.knobs == {}


async def test_a_picture_that_comes_too_late_changes_nothing(hana: Socket, ada: Phone) -> None:
    await explains(hana, ada)

    await hana.says(TurnKnobs(round=0, knobs={"ideas": 8}))
    await hana.says(MoveOn(phase=Phase.EXPLANATION, round=0))

    await ada.sees(Phase.STANDINGS)
    assert await ada.hears_nothing(1.2)


@pytest.mark.parametrize(
    ("knobs", "reason"),
    [
        ({"ideas": 9}, Reason.KNOBS_UNFIT),
        ({"ideas": 2.5}, Reason.KNOBS_UNFIT),
        ({"rarity": 0}, Reason.KNOBS_UNFIT),
        ({"telepathy": 1}, Reason.KNOBS_UNFIT),
    ],
)
async def test_knobs_that_the_picture_cannot_take_are_refused(
    hana: Socket, ada: Phone, knobs: dict[str, float], reason: Reason
) -> None:
    await explains(hana, ada)

    await hana.says(TurnKnobs(round=0, knobs=knobs))

    assert await hana.hears(CommandRefused) == CommandRefused(command="turn_knobs", reason=reason)
    assert await ada.hears_nothing(0.5)


async def test_a_picture_that_fails_gives_the_knobs_back(
    hana: Socket, ada: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await explains(hana, ada)

    async def fails(*_: object) -> Picture:
        raise pictures.NotComputed("no numpy today")

    monkeypatch.setattr(pictures, "picture_async", fails)
    await hana.says(TurnKnobs(round=0, knobs={"ideas": 6}))

    assert (await ada.hears(KnobsTurned)).knobs == {"ideas": 6}
    assert (await ada.hears(KnobsTurned)).knobs == {"ideas": 5}


async def test_a_turn_during_a_failure_leaves_the_knobs_turnable(
    hana: Socket, ada: Phone, klass: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    await explains(hana, ada)

    async def fails(*_: object) -> Picture:
        await asyncio.sleep(0.5)
        raise pictures.NotComputed("no numpy today")

    with monkeypatch.context() as patched:
        patched.setattr(pictures, "picture_async", fails)
        await hana.says(TurnKnobs(round=0, knobs={"ideas": 6}))
        await asyncio.sleep(0.5)  # it is being computed
        await hana.says(TurnKnobs(round=0, knobs={"ideas": 7}))
        await ada.hears(KnobsTurned, knobs={"ideas": 5})
        await asyncio.sleep(0.1)

    await hana.says(TurnKnobs(round=0, knobs={"ideas": 8}))

    assert (await sees_picture(ada)).params["ideas"] == 8


async def test_knobs_are_turned_in_their_explanation_only(hana: Socket, ada: Phone) -> None:
    await opens_question(hana)

    await hana.says(TurnKnobs(round=0, knobs={"rarity": 2}))

    assert (await hana.hears(CommandRefused)).reason == Reason.WRONG_ROUND


async def test_where_no_picture_is_there_is_nothing_to_turn(hana: Socket, ada: Phone) -> None:
    await explains(hana, ada)
    await hana.says(MoveOn(phase=Phase.EXPLANATION, round=0))
    await hana.sees(Phase.STANDINGS)
    await opens_question(hana, 1)
    await ada.answers(RIGHT, 1)
    await hana.sees(Phase.CLOSED)

    await hana.says(TurnKnobs(round=1, knobs={"rarity": 2}))

    assert (await hana.hears(CommandRefused)).reason == Reason.WRONG_ROUND
