"""The way from the lobby to the podium."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from games.rules import Phase, Quiz, RoomSettings, Step, begun, next_step
from lessons.questions import ExplanationRef, InfoSlide, Poll, Question, TrueFalse, WordCloud


def asked(**fields: object) -> Question:
    return TrueFalse.model_validate({"prompt": "Is it?", "right": True, **fields})


PLAIN = asked(limit_ms=10_000)
NOTED = asked(limit_ms=20_000, note="It is.")
PICTURED = asked(limit_ms=30_000, explanation=ExplanationRef(key="angles"))
QUIZ = Quiz(lesson=1, slug="is", title="Is it?", questions=(PLAIN, NOTED, PICTURED))


def whole_game(quiz: Quiz, settings: RoomSettings, *switches: bool) -> list[Step]:
    steps: list[Step] = []
    step = next_step(Step(Phase.LOBBY, 0, 0), quiz, settings, *switches)
    while step:
        steps.append(step)
        step = next_step(step, quiz, settings, *switches)
    return steps


def test_a_hosted_game_waits_for_its_host_everywhere_but_at_the_clocks() -> None:
    assert whole_game(QUIZ, RoomSettings(get_ready_s=3)) == [
        Step(Phase.GET_READY, 0, 3_000),
        Step(Phase.ASKING, 0, 10_000),
        Step(Phase.CLOSED, 0, 0),
        Step(Phase.STANDINGS, 0, 0),
        Step(Phase.GET_READY, 1, 3_000),
        Step(Phase.ASKING, 1, 20_000),
        Step(Phase.CLOSED, 1, 0),
        Step(Phase.EXPLANATION, 1, 0),
        Step(Phase.STANDINGS, 1, 0),
        Step(Phase.GET_READY, 2, 3_000),
        Step(Phase.ASKING, 2, 30_000),
        Step(Phase.CLOSED, 2, 0),
        Step(Phase.EXPLANATION, 2, 0),
        Step(Phase.PODIUM, 2, 0),
    ]


def test_autoplay_waits_for_nobody_before_the_podium() -> None:
    chosen = RoomSettings(autoplay=True, get_ready_s=2, result_s=4, explanation_s=15, standings_s=5)
    two = QUIZ.model_copy(update={"questions": (PICTURED, PLAIN)})

    assert whole_game(two, chosen) == [
        Step(Phase.GET_READY, 0, 2_000),
        Step(Phase.ASKING, 0, 30_000),
        Step(Phase.CLOSED, 0, 4_000),
        Step(Phase.EXPLANATION, 0, 15_000),
        Step(Phase.STANDINGS, 0, 5_000),
        Step(Phase.GET_READY, 1, 2_000),
        Step(Phase.ASKING, 1, 10_000),
        Step(Phase.CLOSED, 1, 4_000),
        Step(Phase.PODIUM, 1, 0),
    ]


def test_without_get_ready_the_question_comes_at_once() -> None:
    steps = whole_game(QUIZ, RoomSettings(get_ready_s=0))

    assert Phase.GET_READY not in {step.phase for step in steps}
    assert steps[0] == Step(Phase.ASKING, 0, 10_000)
    assert [b for a, b in pairwise(steps) if a.phase is Phase.STANDINGS] == [
        Step(Phase.ASKING, 1, 20_000),
        Step(Phase.ASKING, 2, 30_000),
    ]


@pytest.mark.parametrize("phase", [Phase.PODIUM, Phase.ENDED])
def test_nothing_follows_the_end(phase: Phase) -> None:
    assert next_step(Step(phase, 2, 0), QUIZ, RoomSettings(autoplay=True)) is None


@given(
    questions=st.lists(st.sampled_from([PLAIN, NOTED, PICTURED]), min_size=1, max_size=8),
    autoplay=st.booleans(),
    get_ready_s=st.integers(0, 30),
)
def test_every_game_asks_and_closes_each_question_once_in_order(
    questions: list[Question], autoplay: bool, get_ready_s: int
) -> None:
    quiz = QUIZ.model_copy(update={"questions": tuple(questions)})
    steps = whole_game(quiz, RoomSettings(autoplay=autoplay, get_ready_s=get_ready_s))

    rounds = list(range(len(questions)))
    assert [s.round for s in steps if s.phase is Phase.ASKING] == rounds
    assert [s.round for s in steps if s.phase is Phase.CLOSED] == rounds
    assert [s.round for s in steps if s.phase is Phase.STANDINGS] == rounds[:-1]
    assert steps[-1] == Step(Phase.PODIUM, rounds[-1], 0)
    asking = [s.lasts_ms for s in steps if s.phase is Phase.ASKING]
    assert asking == [q.limit_ms for q in questions]


def test_teams_talk_before_they_vote() -> None:
    steps = whole_game(QUIZ, RoomSettings(get_ready_s=0, team_talk_s=30))

    assert steps[:3] == [
        Step(Phase.TALK, 0, 30_000),
        Step(Phase.ASKING, 0, 10_000),
        Step(Phase.CLOSED, 0, 0),
    ]


def test_vote_talk_and_vote_again() -> None:
    one = QUIZ.model_copy(update={"questions": (PLAIN,)})

    assert whole_game(one, RoomSettings(get_ready_s=0, revote_talk_s=90), True) == [
        Step(Phase.ASKING, 0, 10_000),
        Step(Phase.TALK, 0, 90_000, vote=2),
        Step(Phase.ASKING, 0, 10_000, vote=2),
        Step(Phase.CLOSED, 0, 0),
        Step(Phase.PODIUM, 0, 0),
    ]


def test_hidden_standings_are_left_out() -> None:
    steps = whole_game(QUIZ, RoomSettings(), False, False)

    assert Phase.STANDINGS not in {step.phase for step in steps}
    assert steps[-1].phase is Phase.PODIUM


def test_a_slide_is_shown_and_never_closed() -> None:
    slide = InfoSlide(prompt="Next: angles")
    two = QUIZ.model_copy(update={"questions": (slide, PLAIN)})

    assert whole_game(two, RoomSettings())[:2] == [
        Step(Phase.ASKING, 0, 0),
        Step(Phase.GET_READY, 1, 3_000),
    ]
    assert whole_game(two, RoomSettings(autoplay=True, explanation_s=9))[0].lasts_ms == 9_000


@pytest.mark.parametrize(
    "asked", [Poll(prompt="Which?", options=("a", "b")), WordCloud(prompt="What?")]
)
def test_what_earns_nothing_changes_no_standings(asked: Question) -> None:
    two = QUIZ.model_copy(update={"questions": (asked, PLAIN)})

    phases = [step.phase for step in whole_game(two, RoomSettings(get_ready_s=0))]
    assert phases[:3] == [Phase.ASKING, Phase.CLOSED, Phase.ASKING]


def test_without_a_time_limit_the_question_waits_for_the_host() -> None:
    one = QUIZ.model_copy(update={"questions": (asked(limit_ms=None),)})

    assert begun(0, one, RoomSettings(get_ready_s=0)) == Step(Phase.ASKING, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"teams": "balanced"},
        {"teams": "none", "team_names": ("Red", "Blue")},
        {"teams": "shared", "team_names": ("Red", "Blue")},
        {"team_talk_s": -1},
        {"scoring": "lucky"},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RoomSettings.model_validate(wrong)
