"""Nothing that helps to answer reaches a phone or a projector before the bell.

A whole game with every kind of question is played, and every frame is searched for the key.
"""

import json
from collections.abc import Mapping

import pytest
from django.core.signing import get_cookie_signer

from games.protocol import AnswerAccepted, MoveOn, PlayerWelcomed, SubmitAnswer
from games.rules import Phase, Quiz
from lessons import explanations
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    ExplanationRef,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
)
from lessons.study.learners import COOKIE
from tests.games.conftest import Class, OpenRoom, Phone, Socket

TITLE = "TITLE-of-the-lesson"
ANGLES = ExplanationRef(key="angles")
LEAKY = Quiz(
    lesson=1,
    slug="SLUG-of-the-lesson",
    title=TITLE,
    questions=(
        SingleChoice(
            prompt="Choose", options=("a", "b", "c"), right=1, note="NOTE-0", explanation=ANGLES
        ),
        SeveralRight(prompt="Choose all", options=("a", "b", "c"), right=(0, 2), note="NOTE-1"),
        TrueFalse(prompt="Is it?", right=False, note="NOTE-2"),
        TypedText(prompt="Type", accepted=("SESAME", "OPEN-UP"), note="NOTE-3"),
        NumberGuess(
            prompt="Guess",
            right=73.625,
            tolerance=2.375,
            zero_at=9.125,
            low=0,
            high=100,
            note="NOTE-4",
        ),
        OrderSteps(prompt="Order", steps=("one", "two", "three"), note="NOTE-5"),
        TypedNumber(prompt="Count", right=41.0625, tolerance=1.4375, note="NOTE-6"),
        WordCloud(prompt="Say", note="NOTE-7"),
    ),
)
SECRETS: tuple[tuple[str, ...], ...] = (
    ("NOTE-0", explanations.picture("angles", {}).caption),
    ("NOTE-1",),
    ("NOTE-2",),
    ("NOTE-3", "SESAME", "OPEN-UP"),
    ("NOTE-4", "73.625", "2.375"),
    ("NOTE-5",),
    ("NOTE-6", "41.0625", "1.4375"),
    ("NOTE-7",),
)
KEY_FIELDS = ('"right":', '"accepted":', '"tolerance":', '"result":', '"note":', '"picture":')
OF_ADA: tuple[Answer, ...] = (
    ChoiceAnswer(choice=1),
    ChoicesAnswer(choices=(0, 2)),
    ChoiceAnswer(choice=1),
    TextAnswer(text="typed-by-ADA"),
    NumberAnswer(number=31.125),
    OrderAnswer(order=(2, 1, 0)),
    NumberAnswer(number=17.1875),
    TextAnswer(text="word-of-ADA"),
)
TYPED_BY_ADA = {3: "typed-by-ADA", 4: "31.125", 6: "17.1875", 7: "word-of-ADA"}
NEVER_TOLD = "9.125"
"""How far off a guess may be at most: a phone is told its points, not how they fell."""

Frames = Mapping[str, list[str]]


@pytest.fixture
async def room(open_room: OpenRoom) -> Class:
    return await open_room(LEAKY, get_ready_s=1)


async def test_no_frame_before_the_bell_helps_to_answer(room: Class) -> None:
    hana, _ = await room.hosts()
    screen, _ = await room.projects()
    ada, ben = await room.joins("Ada"), await room.joins("Ben")
    people: dict[str, Socket] = {"ada": ada, "ben": ben, "screen": screen}
    shown: dict[str, int] = dict.fromkeys(people, 0)  # frames looked at so far
    at = (Phase.LOBBY, 0)

    async def fresh() -> Frames:
        """What each has been sent since the last look."""
        found = {}
        for name, socket in people.items():
            while not await socket.hears_nothing(0.03):
                await socket.hears_next()
            found[name] = socket.frames[shown[name] :]
            shown[name] = len(socket.frames)
        return found

    for round, answer in enumerate(OF_ADA):
        await hana.says(MoveOn(phase=at[0], round=at[1]))
        await hana.sees(Phase.ASKING, round)
        await ada.says(SubmitAnswer(round=round, answer=answer))
        await ada.hears(AnswerAccepted)
        # Ben says nothing, and comes back: his welcome tells no more than the news did.
        await ben.leaves()
        ben = await room.resumes(ben.welcome.token)
        people["ben"], shown["ben"] = ben, 0

        before = await fresh()
        assert_nothing_leaks(before, round)
        assert_ben_is_no_ada(before, ada, ben, TYPED_BY_ADA.get(round))

        await hana.says(MoveOn(phase=Phase.ASKING, round=round))
        await hana.sees(Phase.CLOSED, round)
        await hana.says(MoveOn(phase=Phase.CLOSED, round=round))
        await hana.sees(Phase.EXPLANATION, round)
        after = await fresh()
        assert_all_is_told(after, round)
        assert_ben_is_no_ada(after, ada, ben, None)
        assert all(TITLE not in frame for frames in after.values() for frame in frames)

        at = (Phase.STANDINGS, round)
        await hana.says(MoveOn(phase=Phase.EXPLANATION, round=round))
        await hana.sees(Phase.STANDINGS if round + 1 < len(OF_ADA) else Phase.PODIUM)

    podium = await fresh()
    assert all(any(TITLE in frame for frame in frames) for frames in podium.values())


def assert_nothing_leaks(frames: Frames, round: int) -> None:
    coming = [secret for secrets in SECRETS[round:] for secret in secrets]
    for name, heard in frames.items():
        assert any('"phase":"asking"' in frame for frame in heard), name  # so it could have leaked
        for frame in heard:
            # A stage of the round before may still be among them; its own key is out.
            is_older = f'"round":{round - 1}' in frame and '"phase":"asking"' not in frame
            forbidden = [TITLE, LEAKY.slug, NEVER_TOLD, *coming, *(() if is_older else KEY_FIELDS)]
            assert [text for text in forbidden if text in frame] == [], (name, frame)


def assert_all_is_told(frames: Frames, round: int) -> None:
    """The same search finds the key once the bell has rung, or it would prove nothing."""
    for name, heard in frames.items():
        told = "\n".join(heard)
        escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in SECRETS[round]]
        assert [text for text in (*escaped, *KEY_FIELDS) if text not in told] == [], name


def assert_ben_is_no_ada(frames: Frames, ada: Phone, ben: Phone, typed: str | None) -> None:
    for frame in frames["ben"]:
        assert ada.player not in frame
        assert typed is None or typed not in frame
    for frame in frames["ada"]:
        assert ben.player not in frame
    for frame in frames["screen"]:
        assert typed is None or typed not in frame
    if typed:
        assert any(typed in frame for frame in frames["ada"])


async def test_no_frame_ever_holds_what_resumes_anothers_seat(room: Class) -> None:
    hana, _ = await room.hosts()
    screen, _ = await room.projects()
    ada, ben = await room.joins("Ada"), await room.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await hana.sees(Phase.ASKING)
    for socket in (hana, screen, ada, ben):
        while not await socket.hears_nothing(0.03):
            await socket.hears_next()

    for phone in (ada, ben):
        others = [s for s in (hana, screen, ada, ben) if s is not phone]
        secret = phone.welcome.token.split(".")[0]
        assert any(secret in frame for frame in phone.frames)
        assert all(secret not in frame for other in others for frame in other.frames)
        assert isinstance(phone.welcome, PlayerWelcomed)


async def test_who_studies_on_a_phone_is_told_to_nobody(room: Class) -> None:
    """Whoever has a learner's key could ask for all that it keeps."""
    key = "KEY-of-ada-who-studies"
    signed = get_cookie_signer(salt=COOKIE).sign(key)
    hana, _ = await room.hosts()
    screen, _ = await room.projects()
    ada = await room.joins("Ada", cookie=f"theme=dark; {COOKIE}={signed}")
    ben = await room.joins("Ben", cookie=f"{COOKIE}={key}:forged:signature")
    late, _ = await room.hosts()
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await hana.sees(Phase.ASKING)
    await ada.says(SubmitAnswer(round=0, answer=OF_ADA[0]))
    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    await hana.sees(Phase.CLOSED)
    back = await room.resumes(ada.welcome.token)
    for socket in (hana, screen, ben, late, back):
        while not await socket.hears_nothing(0.03):
            await socket.hears_next()

    seated = await room.store.read_seats(room.id)
    assert {seat.nickname: seat.learner for seat in seated.values()} == {"Ada": key, "Ben": None}
    for socket in (hana, screen, ada, ben, late, back):
        assert socket.frames
        assert [frame for frame in socket.frames if key in frame] == []
