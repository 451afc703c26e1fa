"""Every message on the socket, both ways. TypeScript's types are generated from this file.

Commands come from a browser and are imperative; events go to it and are in the past tense. Times
on the wire are durations; only Redis knows instants.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter

from games.rules import Phase, Reason, RoomSettings
from lessons.explanations import Picture
from lessons.questions import (
    Answer,
    NumberGuess,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedText,
    shown_order,
)


class Message(BaseModel):
    """Anything else than the fields named is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# What is seen of a room


class Seat(Message):
    """A player as the others know it. `player` can't resume the seat."""

    player: str
    nickname: str
    team: str | None


class Scale(Message):
    """The line a number is guessed on."""

    low: float
    high: float
    unit: str


class QuestionView(Message):
    """A question without its key. `options` are the choices, or the steps in shuffled order."""

    kind: Literal[
        "single_choice", "several_right", "true_false", "typed_text", "number_guess", "order_steps"
    ]
    prompt: str
    points: int
    limit_ms: int
    options: tuple[str, ...] = ()
    scale: Scale | None = None


class Fastest(Message):
    """Who gave the first right answer."""

    nickname: str
    elapsed_ms: int


class RoundResult(Message):
    """The key and what the room answered, without names but the fastest's."""

    right: tuple[int, ...] = ()
    """Right options; for steps, the options in their right order."""
    accepted: tuple[str, ...] = ()
    number: float | None = None
    tolerance: float = 0
    counts: tuple[int, ...] = ()
    """How many chose each option."""
    guesses: tuple[float, ...] = ()
    """Every number guessed, ascending."""
    players: int
    answered: int
    right_count: int
    fastest: Fastest | None = None


class Standing(Message):
    """A player's place. Equal places are possible; `rank_before` is None in the first round."""

    nickname: str
    team: str | None
    points: int
    rank: int
    rank_before: int | None


class TeamStanding(Message):
    """A team's place: `points` is the mean of its members'."""

    name: str
    points: int
    members: int
    rank: int
    rank_before: int | None


class OwnResult(Message):
    """One player's line of a closed round; sent to that player alone."""

    round: int
    answered: bool
    is_right: bool
    elapsed_ms: int | None
    points: int
    """Earned in this round, bonus included."""
    bonus: int
    total: int
    rank: int
    rank_before: int | None
    streak: int


# Stages: one for each phase; what everybody in the room sees


class LobbyStage(Message):
    """The class gathers."""

    phase: Literal[Phase.LOBBY] = Phase.LOBBY


class GetReadyStage(Message):
    """A breath before the question."""

    phase: Literal[Phase.GET_READY] = Phase.GET_READY
    round: int
    points: int


class AskingStage(Message):
    """The question is open."""

    phase: Literal[Phase.ASKING] = Phase.ASKING
    round: int
    question: QuestionView


class ClosedStage(Message):
    """The bell has rung: the right answer, and who chose what."""

    phase: Literal[Phase.CLOSED] = Phase.CLOSED
    round: int
    question: QuestionView
    result: RoundResult


class ExplanationStage(Message):
    """The picture of the idea behind the question."""

    phase: Literal[Phase.EXPLANATION] = Phase.EXPLANATION
    round: int
    question: QuestionView
    result: RoundResult
    note: str
    picture: Picture | None


class StandingsStage(Message):
    """Who leads, after a round."""

    phase: Literal[Phase.STANDINGS] = Phase.STANDINGS
    round: int
    top: tuple[Standing, ...]
    teams: tuple[TeamStanding, ...]
    players: int


class PodiumStage(Message):
    """The end of the game. The lesson's title is no secret any more."""

    phase: Literal[Phase.PODIUM] = Phase.PODIUM
    title: str
    top: tuple[Standing, ...]
    teams: tuple[TeamStanding, ...]
    players: int


class EndedStage(Message):
    """The host has closed the room."""

    phase: Literal[Phase.ENDED] = Phase.ENDED


Stage = Annotated[
    LobbyStage
    | GetReadyStage
    | AskingStage
    | ClosedStage
    | ExplanationStage
    | StandingsStage
    | PodiumStage
    | EndedStage,
    Field(discriminator="phase"),
]

stages: TypeAdapter[Stage] = TypeAdapter(Stage)


# Events


class DoorOpened(Message):
    """To a phone without a seat: what it may choose."""

    type: Literal["door_opened"] = "door_opened"
    teams: tuple[str, ...]
    """To choose one from; empty when there is nothing to choose."""


class PlayerWelcomed(Message):
    """The whole picture for a player who sits down, or comes back."""

    type: Literal["player_welcomed"] = "player_welcomed"
    seat: Seat
    token: str
    """Resumes the seat; keep the newest, tell nobody."""
    rounds: int
    stage: Stage
    remaining_ms: int | None
    knobs: dict[str, float]
    """How the host has turned the picture."""
    answer: Answer | None
    """One's own, in this round."""
    own: OwnResult | None


class HostWelcomed(Message):
    """The whole picture for a host who opens the page, or comes back."""

    type: Literal["host_welcomed"] = "host_welcomed"
    code: str
    title: str
    rounds: int
    settings: RoomSettings
    is_locked: bool
    seats: tuple[Seat, ...]
    present: int
    answered: int
    stage: Stage
    remaining_ms: int | None
    knobs: dict[str, float]


class ScreenWelcomed(Message):
    """The whole picture for a projector: no secrets, no controls."""

    type: Literal["screen_welcomed"] = "screen_welcomed"
    code: str
    rounds: int
    is_locked: bool
    seats: tuple[Seat, ...]
    present: int
    answered: int
    stage: Stage
    remaining_ms: int | None
    knobs: dict[str, float]


class StageChanged(Message):
    """The room has moved on, or the picture it shows was computed anew.

    `remaining_ms` is None where only the host ends the phase.
    """

    type: Literal["stage_changed"] = "stage_changed"
    remaining_ms: int | None
    stage: Stage
    own: OwnResult | None = None
    """To a player, when a question has closed."""


class AnswerAccepted(Message):
    """To one player: it counts. A resend gets the same reply."""

    type: Literal["answer_accepted"] = "answer_accepted"
    round: int
    answer: Answer


class CommandRefused(Message):
    """The game said no."""

    type: Literal["command_refused"] = "command_refused"
    command: str
    reason: Reason


class SeatsChanged(Message):
    """To hosts and screens, at most ten times a second: who came, who was sent away."""

    type: Literal["seats_changed"] = "seats_changed"
    joined: tuple[Seat, ...]
    left: tuple[str, ...]
    present: int
    """Seats with a phone connected now."""


class AnswersCounted(Message):
    """To hosts and screens, at most ten times a second."""

    type: Literal["answers_counted"] = "answers_counted"
    round: int
    answered: int


class RoomLocked(Message):
    """To hosts and screens: the door was closed, or opened again."""

    type: Literal["room_locked"] = "room_locked"
    is_locked: bool


class KnobsTurned(Message):
    """To all: the host turned the picture's knobs."""

    type: Literal["knobs_turned"] = "knobs_turned"
    round: int
    knobs: dict[str, float]


class Ponged(Message):
    """Still here."""

    type: Literal["ponged"] = "ponged"


RoomEvent = Annotated[
    DoorOpened
    | PlayerWelcomed
    | HostWelcomed
    | ScreenWelcomed
    | StageChanged
    | AnswerAccepted
    | CommandRefused
    | SeatsChanged
    | AnswersCounted
    | RoomLocked
    | KnobsTurned
    | Ponged,
    Field(discriminator="type"),
]


# Commands


class TakeSeat(Message):
    """At the door: sit down. Where the teams aren't chosen by players, `team` stays None."""

    type: Literal["take_seat"] = "take_seat"
    nickname: str = Field(max_length=200)
    team: str | None = Field(default=None, max_length=24)


class SubmitAnswer(Message):
    """A player's answer to the open question."""

    type: Literal["submit_answer"] = "submit_answer"
    round: int = Field(ge=0)
    answer: Answer


class Ping(Message):
    """Is anybody there?"""

    type: Literal["ping"] = "ping"


class MoveOn(Message):
    """Go to the next phase, from the one the host sees: a second press in flight changes nothing."""

    type: Literal["move_on"] = "move_on"
    phase: Phase
    round: int = Field(ge=0)


class KickPlayer(Message):
    """Send a player away for good."""

    type: Literal["kick_player"] = "kick_player"
    player: str = Field(max_length=40)


class LockRoom(Message):
    """Close the door to newcomers, or open it again. Those seated may come back."""

    type: Literal["lock_room"] = "lock_room"
    is_locked: bool


class TurnKnobs(Message):
    """Turn the picture's knobs on every phone."""

    type: Literal["turn_knobs"] = "turn_knobs"
    round: int = Field(ge=0)
    knobs: dict[Annotated[str, Field(max_length=40)], FiniteFloat] = Field(max_length=10)


class EndRoom(Message):
    """Close the room for everybody."""

    type: Literal["end_room"] = "end_room"


DoorCommand = Annotated[TakeSeat | Ping, Field(discriminator="type")]
PlayerCommand = Annotated[SubmitAnswer | Ping, Field(discriminator="type")]
HostCommand = Annotated[
    MoveOn | KickPlayer | LockRoom | TurnKnobs | EndRoom | Ping, Field(discriminator="type")
]
ScreenCommand = Ping

door_commands: TypeAdapter[TakeSeat | Ping] = TypeAdapter(DoorCommand)
player_commands: TypeAdapter[SubmitAnswer | Ping] = TypeAdapter(PlayerCommand)
host_commands: TypeAdapter[MoveOn | KickPlayer | LockRoom | TurnKnobs | EndRoom | Ping] = (
    TypeAdapter(HostCommand)
)
screen_commands: TypeAdapter[Ping] = TypeAdapter(ScreenCommand)


class CloseCode:
    """Why a socket was closed. After those from 1000 to 1999 a browser comes back, after a pause."""

    BROKEN = 1011
    TRY_AGAIN = 1012
    MALFORMED = 4400
    NO_SEAT = 4401
    KICKED = 4403
    NO_SUCH_ROOM = 4404
    TAKEN_OVER = 4405
    SLOW_READER = 4408
    TOO_FAST = 4429


def question_view(question: Question) -> QuestionView:
    """The one serialiser of a question for players and screens: nothing of the key is in it."""
    options: tuple[str, ...] = ()
    scale = None
    match question:
        case SingleChoice() | SeveralRight():
            options = question.options
        case TrueFalse():
            options = ("True", "False")
        case OrderSteps():
            options = tuple(question.steps[i] for i in shown_order(question))
        case NumberGuess():
            scale = Scale(low=question.low, high=question.high, unit=question.unit)
        case TypedText():
            pass
    return QuestionView(
        kind=question.kind,
        prompt=question.prompt,
        points=question.points,
        limit_ms=question.limit_ms,
        options=options,
        scale=scale,
    )
