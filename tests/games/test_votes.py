"""Vote, talk, vote again; team talk; standings shown or hidden; questions that earn nothing."""

from games.protocol import (
    AnswerAccepted,
    AskingStage,
    ClosedStage,
    CloudWord,
    CommandRefused,
    ExplanationStage,
    FirstVote,
    MoveOn,
    SubmitAnswer,
    SwitchesTurned,
    TalkStage,
    TurnSwitch,
)
from games.rules import Phase, Quiz, Reason
from lessons.questions import InfoSlide, NumberAnswer, Poll, TextAnswer, TypedNumber, WordCloud
from tests.games.conftest import CAPITAL, RELU, Class, OpenRoom, Phone, Socket, opens_question

RIGHT, WRONG = 1, 0


def quiz(*questions: object) -> Quiz:
    return Quiz.model_validate({"lesson": 1, "slug": "q", "title": "Q", "questions": questions})


async def test_a_class_votes_talks_and_votes_again(open_room: OpenRoom) -> None:
    klass = await open_room(is_revoting=True, revote_talk_s=0)
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    asked = (await ada.sees(Phase.ASKING)).stage
    assert isinstance(asked, AskingStage)
    assert asked.vote == 1
    await ada.answers(RIGHT)
    await ben.answers(WRONG)

    talk = (await ada.sees(Phase.TALK)).stage
    assert isinstance(talk, TalkStage)
    assert talk.vote == 2
    assert talk.question == asked.question
    await ben.answers(RIGHT, vote=2)
    assert (await ben.hears(CommandRefused)).reason == Reason.NOT_ASKING
    back = await klass.resumes(ada.welcome.token)
    assert back.welcome.answer is None  # of this vote

    await hana.says(MoveOn(phase=Phase.TALK, round=0, vote=2))
    again = (await ben.sees(Phase.ASKING)).stage
    assert isinstance(again, AskingStage)
    assert again.vote == 2
    await ben.answers(WRONG, vote=1)  # of the first vote, late
    assert (await ben.hears(CommandRefused)).reason == Reason.WRONG_ROUND
    await ben.answers(RIGHT, vote=2)
    await ben.hears(AnswerAccepted, vote=2)
    await back.answers(RIGHT, vote=2)

    closed = (await ben.sees(Phase.CLOSED)).stage
    assert isinstance(closed, ClosedStage)
    assert closed.result.first == FirstVote(counts=(1, 1, 0), answered=2, right_count=1)
    assert closed.result.counts == (0, 2, 0)
    assert closed.result.right_count == 2
    first = await klass.store.read_answers(klass.id, 0, is_first_vote=True)
    assert sorted(first) == sorted([ada.player, ben.player])


async def test_the_host_chooses_to_vote_again_while_the_question_is_open(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await opens_question(hana)
    await hana.says(TurnSwitch(switch="is_revoting", is_on=True))
    assert (await hana.hears(SwitchesTurned)).switches.is_revoting
    await ada.answers(RIGHT)
    await ada.hears(AnswerAccepted)
    await hana.says(MoveOn(phase=Phase.ASKING, round=0))
    await ada.sees(Phase.TALK)
    # A press that was meant for the first vote closes nothing in the second.
    await hana.says(MoveOn(phase=Phase.TALK, round=0, vote=2))
    await ada.sees(Phase.ASKING)
    await hana.says(MoveOn(phase=Phase.ASKING, round=0, vote=1))
    assert (await hana.hears(CommandRefused)).reason == Reason.MOVED_ALREADY


async def test_before_the_close_nobody_learns_how_the_first_vote_went(open_room: OpenRoom) -> None:
    klass = await open_room(is_revoting=True, revote_talk_s=0)
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.ASKING)
    await ada.answers(RIGHT)
    await ben.answers(WRONG)
    await ada.sees(Phase.TALK)
    await hana.sees(Phase.TALK)

    for frame in ada.frames + hana.frames:
        assert '"counts"' not in frame
        assert '"right"' not in frame
        assert "They pile up" not in frame


async def test_teams_talk_before_anybody_can_answer(open_room: OpenRoom) -> None:
    klass = await open_room(teams="balanced", team_names=("Red", "Blue"), team_talk_s=1)
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    talk = (await ada.sees(Phase.TALK)).stage
    assert isinstance(talk, TalkStage)
    assert talk.vote == 1
    await ada.answers(RIGHT)
    assert (await ada.hears(CommandRefused)).reason == Reason.NOT_ASKING
    await ada.sees(Phase.ASKING)  # by itself


async def test_hidden_standings_show_nobody_a_place(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    await hana.says(TurnSwitch(switch="has_standings", is_on=False))
    await hana.hears(SwitchesTurned)
    await opens_question(hana)
    await ada.answers(RIGHT)
    await ben.answers(WRONG)
    closed = (await ada.sees(Phase.CLOSED)).stage
    assert isinstance(closed, ClosedStage)
    assert not closed.has_standings
    await hana.says(MoveOn(phase=Phase.CLOSED, round=0))
    await hana.says(MoveOn(phase=Phase.EXPLANATION, round=0))
    await ada.sees(Phase.ASKING, 1)


async def test_a_poll_shows_how_many_and_earns_nothing(open_room: OpenRoom) -> None:
    klass = await open_room(quiz(Poll(prompt="Cats?", options=("yes", "no")), RELU))
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.ASKING)
    await ada.answers(0)
    await ben.answers(0)
    closed = await ada.sees(Phase.CLOSED)
    assert isinstance(closed.stage, ClosedStage)
    assert closed.stage.result.counts == (2, 0)
    assert closed.stage.result.right == ()
    assert closed.own
    assert (closed.own.points, closed.own.is_right) == (0, False)
    await hana.says(MoveOn(phase=Phase.CLOSED, round=0))
    await ada.sees(Phase.ASKING, 1)


async def test_a_word_cloud_counts_words_as_most_wrote_them(open_room: OpenRoom) -> None:
    klass = await open_room(quiz(WordCloud(prompt="What comes to mind?"), RELU))
    hana, _ = await klass.hosts()
    phones = [await klass.joins(f"Pupil {letter}") for letter in "ABCDE"]
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await phones[0].sees(Phase.ASKING)
    for phone, text in zip(phones, ("Vector", "vector", "Vector", "meaning", "fuck"), strict=True):
        await phone.says(SubmitAnswer(round=0, answer=TextAnswer(text=text)))
    closed = (await hana.sees(Phase.CLOSED)).stage
    assert isinstance(closed, ClosedStage)
    assert closed.result.words == (
        CloudWord(text="Vector", count=3),
        CloudWord(text="meaning", count=1),
    )
    assert closed.result.answered == 5


async def test_a_slide_takes_no_answers_and_keeps_the_place(open_room: OpenRoom) -> None:
    slide = InfoSlide(prompt="Next: angles", body="They *pile up*.", note="See?")
    klass = await open_room(quiz(CAPITAL, slide, RELU))
    hana, _ = await klass.hosts()
    ada = await klass.joins("Ada")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.ASKING)
    await ada.answers(RIGHT)
    own = (await ada.sees(Phase.CLOSED)).own
    for phase in (Phase.CLOSED, Phase.EXPLANATION, Phase.STANDINGS):
        await hana.says(MoveOn(phase=phase, round=0))
    shown = (await ada.sees(Phase.ASKING, 1)).stage
    assert isinstance(shown, AskingStage)
    assert shown.question.body == "They *pile up*."
    assert "<em>pile up</em>" in shown.question.rich[shown.question.body]
    await ada.answers(0, round=1)
    assert (await ada.hears(CommandRefused)).reason == Reason.ANSWER_UNFIT
    await hana.says(MoveOn(phase=Phase.ASKING, round=1))
    explained = (await ada.sees(Phase.EXPLANATION)).stage
    assert isinstance(explained, ExplanationStage)
    assert explained.note == "See?"
    back = await klass.resumes(ada.welcome.token)
    assert back.welcome.own == own  # of the question before
    await hana.says(MoveOn(phase=Phase.EXPLANATION, round=1))
    await back.sees(Phase.ASKING, 2)


async def test_a_typed_number_is_right_within_its_tolerance(open_room: OpenRoom) -> None:
    asked = TypedNumber(prompt="6 × 7?", right=42, tolerance=1, unit="m")
    klass = await open_room(quiz(asked, RELU))
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada"), await klass.joins("Ben")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    shown = (await ada.sees(Phase.ASKING)).stage
    assert isinstance(shown, AskingStage)
    assert shown.question.unit == "m"
    await ada.says(SubmitAnswer(round=0, answer=NumberAnswer(number=43)))
    await ben.says(SubmitAnswer(round=0, answer=NumberAnswer(number=44)))
    hers, his = (await ada.sees(Phase.CLOSED)).own, (await ben.sees(Phase.CLOSED)).own
    assert hers
    assert his
    assert (hers.is_right, his.is_right) == (True, False)


async def test_the_result_tells_how_the_teams_stand(open_room: OpenRoom) -> None:
    klass = await open_room(teams="chosen", team_names=("Red", "Blue"), scoring="accuracy")
    hana, _ = await klass.hosts()
    ada, ben = await klass.joins("Ada", "Red"), await klass.joins("Ben", "Blue")
    await hana.says(MoveOn(phase=Phase.LOBBY, round=0))
    await ada.sees(Phase.ASKING)
    await ada.answers(RIGHT)
    await ben.answers(WRONG)
    closed = (await ben.sees(Phase.CLOSED)).stage
    assert isinstance(closed, ClosedStage)
    assert [(t.name, t.points, t.rank) for t in closed.teams] == [("Red", 1000, 1), ("Blue", 0, 2)]
