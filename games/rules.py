"""What a game allows: its quiz, its settings, its phases and what follows each. Pure."""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lessons.questions import Answer, InfoSlide, Question, is_scored


class Phase(StrEnum):
    """Where a room stands. Each round goes from GET_READY to STANDINGS.

    TALK shows the question while nobody can answer: for teams before the vote, or for neighbours
    between the first vote and the second.
    """

    LOBBY = "lobby"
    GET_READY = "get_ready"
    TALK = "talk"
    ASKING = "asking"
    CLOSED = "closed"
    EXPLANATION = "explanation"
    STANDINGS = "standings"
    PODIUM = "podium"
    ENDED = "ended"


class Reason(StrEnum):
    """Why the game says no. The browser has a sentence for each."""

    NICKNAME_EMPTY = "nickname_empty"
    NICKNAME_TOO_LONG = "nickname_too_long"
    NICKNAME_TAKEN = "nickname_taken"
    NICKNAME_UNFIT = "nickname_unfit"
    MEMBERS_UNFIT = "members_unfit"
    SECOND_CODE_WRONG = "second_code_wrong"
    PERSONAL_CODE_WRONG = "personal_code_wrong"
    TEAM_UNKNOWN = "team_unknown"
    ROOM_FULL = "room_full"
    ROOM_LOCKED = "room_locked"
    ROOM_OVER = "room_over"
    NOT_ASKING = "not_asking"
    WRONG_ROUND = "wrong_round"
    TOO_LATE = "too_late"
    CLOCK_PAUSED = "clock_paused"
    NO_CLOCK = "no_clock"
    NOT_OVER = "not_over"
    ANSWER_UNFIT = "answer_unfit"
    ALREADY_ANSWERED = "already_answered"
    NO_SUCH_PLAYER = "no_such_player"
    MOVED_ALREADY = "moved_already"
    KNOBS_UNFIT = "knobs_unfit"
    TRY_AGAIN = "try_again"


class Refused(Exception):
    """The game says no, for a reason a browser can show. Nothing is logged."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quiz(_Frozen):
    """A lesson's questions as they were when the room opened; editing the lesson changes nothing."""

    lesson: int
    slug: str
    title: str
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200)
    ids: tuple[int, ...] = ()
    """The questions' rows, for what is remembered of them; none in quizzes of old."""

    @property
    def scored_rounds(self) -> int:
        """How many of the questions carry points."""
        return sum(question.points > 0 for question in self.questions)


TimeFactor = Annotated[float, Field(ge=1, le=3)]
"""How many times as long as others somebody has for a question."""
TeamName = Annotated[str, Field(min_length=1, max_length=24)]


class RoomSettings(_Frozen):
    """What a host chooses when opening a room. The defaults suit a class that plays alone, together.

    Every phase that autoplay ends has its own seconds; of those of `team_talk_s` 0 is none, and of
    those of `revote_talk_s` 0 is until the host goes on.
    """

    scoring: Literal["standard", "linear", "accuracy", "accuracy_first", "graceful"] = "standard"
    streak_bonus: bool = False
    teams: Literal["none", "balanced", "chosen", "shared"] = "none"
    """shared: each phone is a team, whose members are named at the door."""
    team_names: tuple[TeamName, ...] = Field(default=(), max_length=8)
    team_score: Literal["mean", "sum", "best"] = "mean"
    team_talk_s: int = Field(default=0, ge=0, le=300)
    is_revoting: bool = False
    """Each question is voted on, talked over, and voted on again; the host may change it."""
    revote_talk_s: int = Field(default=60, ge=0, le=600)
    late_join: bool = True
    approves_seats: bool = False
    has_second_code: bool = False
    has_roster: bool = False
    """Only those with a personal code may sit down."""
    nicknames: Literal["typed", "offered"] = "typed"
    filters_nicknames: bool = True
    shuffles_options: bool = False
    has_standings: bool = True
    """After each question; the host may change it. The podium is always shown."""
    has_sounds: bool = True
    autoplay: bool = False
    get_ready_s: int = Field(default=3, ge=0, le=30)
    result_s: int = Field(default=8, ge=1, le=120)
    explanation_s: int = Field(default=20, ge=1, le=300)
    standings_s: int = Field(default=6, ge=1, le=120)

    @model_validator(mode="after")
    def _teams_are_named(self) -> "RoomSettings":
        if (self.teams in ("balanced", "chosen")) != bool(self.team_names):
            raise ValueError("teams with phones of their own have names, others have none")
        return self


class RosterEntry(_Frozen):
    """Somebody who may sit down with a personal code."""

    pupil: int
    """Stays the same from game to game."""
    name: Annotated[str, Field(min_length=1, max_length=20)]
    time_factor: TimeFactor = 1


class Given(_Frozen):
    """An answer as it counts: what, how long after the opening by the Redis clock, and what of that
    time isn't the player's: the network's, and an accommodation's share.
    """

    answer: Answer
    elapsed_ms: int
    lag_ms: int = 0
    time_factor: TimeFactor = 1

    @property
    def counted_ms(self) -> int:
        """The time that is scored."""
        return int(max(0, self.elapsed_ms - self.lag_ms) / self.time_factor)


class Step(NamedTuple):
    """A phase to go to. `lasts_ms` of 0 is until the host moves on."""

    phase: Phase
    round: int
    lasts_ms: int
    vote: int = 1
    """1, or 2 from the talk between two votes until they are counted."""


def next_step(
    at: Step,
    quiz: Quiz,
    settings: RoomSettings,
    is_revoting: bool = False,
    has_standings: bool = True,
) -> Step | None:
    """What follows a phase of a round; None at the podium and after the end.

    The two switches stand as the host has them now, not as the settings say.
    """
    round, question = at.round, quiz.questions[at.round]

    def lasting(seconds: int) -> int:
        return seconds * 1000 if settings.autoplay else 0

    def asked(vote: int) -> Step:
        return Step(Phase.ASKING, round, question.limit_ms or 0, vote)

    match at.phase:
        case Phase.LOBBY:
            return begun(0, quiz, settings)
        case Phase.GET_READY if settings.team_talk_s:
            return Step(Phase.TALK, round, settings.team_talk_s * 1000)
        case Phase.GET_READY:
            return asked(vote=1)
        case Phase.TALK:
            return asked(at.vote)
        case Phase.ASKING if isinstance(question, InfoSlide):
            pass
        case Phase.ASKING if is_revoting and at.vote == 1:
            return Step(Phase.TALK, round, settings.revote_talk_s * 1000, vote=2)
        case Phase.ASKING:
            return Step(Phase.CLOSED, round, lasting(settings.result_s))
        case Phase.PODIUM | Phase.ENDED:
            return None
        case _:
            pass
    if at.phase in (Phase.ASKING, Phase.CLOSED) and (question.explanation or question.note):
        return Step(Phase.EXPLANATION, round, lasting(settings.explanation_s))
    is_last = round + 1 == len(quiz.questions)
    # Points have changed only where there were some.
    if at.phase is not Phase.STANDINGS and not is_last and has_standings and is_scored(question):
        return Step(Phase.STANDINGS, round, lasting(settings.standings_s))
    return begun(round + 1, quiz, settings)


def begun(round: int, quiz: Quiz, settings: RoomSettings) -> Step:
    """The first phase of a round, or the podium after the last."""
    if round == len(quiz.questions):
        return Step(Phase.PODIUM, round - 1, 0)
    question = quiz.questions[round]
    if isinstance(question, InfoSlide):
        own_ms = question.limit_ms or settings.explanation_s * 1000
        return Step(Phase.ASKING, round, own_ms if settings.autoplay else question.limit_ms or 0)
    if settings.get_ready_s:
        return Step(Phase.GET_READY, round, settings.get_ready_s * 1000)
    if settings.team_talk_s:
        return Step(Phase.TALK, round, settings.team_talk_s * 1000)
    return Step(Phase.ASKING, round, question.limit_ms or 0)


GENERATED_TEAM_NAMES = (
    "Vectors",
    "Tokens",
    "Neurons",
    "Features",
    "Matrices",
    "Gradients",
    "Layers",
    "Kernels",
)
