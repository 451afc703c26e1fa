"""Every message on the socket, both ways. TypeScript's types are generated from this file.

Commands come from a browser and are imperative; events go to it and are in the past tense. Times
on the wire are durations; only Redis knows instants.
"""

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, TypeAdapter

from games.rules import Phase, Reason, RoomSettings, TimeFactor
from lessons.explanations import Picture
from lessons.questions import Answer
from lessons.shown import KeyView, Link, QuestionView
from lessons.shown import Message as Message

SUBPROTOCOL = "quizgame"
"""What a browser offers first and gets; a seat's token, offered after it, isn't said back."""
Vote = Literal[1, 2]
"""2 is the vote after the talk, where the room votes, talks and votes again."""


# What is seen of a room


class Seat(Message):
    """A player as the others know it. `player` can't resume the seat."""

    player: str
    nickname: str
    team: str | None
    members: tuple[str, ...] = ()
    """Who shares the phone, where teams do."""


class Fastest(Message):
    """Who gave the first right answer."""

    nickname: str
    elapsed_ms: int


class CloudWord(Message):
    """A word of a word cloud, as most wrote it, and how many did."""

    text: str
    count: int


class FirstVote(Message):
    """What the room answered before it talked."""

    counts: tuple[int, ...] = ()
    answered: int
    right_count: int


class RoundResult(KeyView):
    """The key and what the room answered, without names but the fastest's."""

    counts: tuple[int, ...] = ()
    """How many chose each option."""
    guesses: tuple[float, ...] = ()
    """Every number guessed, ascending."""
    words: tuple[CloudWord, ...] = ()
    """Of a word cloud, the commonest first."""
    players: int = 0
    answered: int = 0
    right_count: int = 0
    fastest: Fastest | None = None
    first: FirstVote | None = None
    """Where the room voted twice."""


class Standing(Message):
    """A player's place. Equal places are possible; `rank_before` is None in the first round."""

    nickname: str
    team: str | None
    points: int
    rank: int
    rank_before: int | None


class TeamStanding(Message):
    """A team's place: `points` is the mean, sum or best of its members', as the room has it."""

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
    part: float
    """How much of a right answer it was, from 0 to 1."""
    elapsed_ms: int | None
    points: int
    """Earned in this round, bonus included."""
    bonus: int
    total: int
    rank: int
    rank_before: int | None
    streak: int


class Switches(Message):
    """What the host may turn on and off while the room plays."""

    is_locked: bool
    has_standings: bool
    is_revoting: bool
    has_sounds: bool


class ReviewedRound(Message):
    """A played question with its key and one's own answer, to look back on."""

    round: int
    question: QuestionView
    result: RoundResult
    """Without what the others answered."""
    note: str
    rich: dict[str, str] = {}
    answer: Answer | None
    is_right: bool
    points: int
    picture: Link | None


# Stages: one for each phase; what everybody in the room sees


class LobbyStage(Message):
    """The class gathers."""

    phase: Literal[Phase.LOBBY] = Phase.LOBBY


class GetReadyStage(Message):
    """A breath before the question."""

    phase: Literal[Phase.GET_READY] = Phase.GET_READY
    round: int
    points: int


class TalkStage(Message):
    """The question shows, and nobody can answer yet: teams or neighbours talk it over."""

    phase: Literal[Phase.TALK] = Phase.TALK
    round: int
    vote: Vote
    question: QuestionView


class AskingStage(Message):
    """The question is open."""

    phase: Literal[Phase.ASKING] = Phase.ASKING
    round: int
    vote: Vote
    question: QuestionView


class ClosedStage(Message):
    """The bell has rung: the right answer, and who chose what."""

    phase: Literal[Phase.CLOSED] = Phase.CLOSED
    round: int
    question: QuestionView
    result: RoundResult
    has_standings: bool
    """Do players see places between the questions?"""
    teams: tuple[TeamStanding, ...] = ()


class ExplanationStage(Message):
    """The picture of the idea behind the question."""

    phase: Literal[Phase.EXPLANATION] = Phase.EXPLANATION
    round: int
    question: QuestionView
    result: RoundResult
    note: str
    picture: Picture | None
    rich: dict[str, str] = {}
    """As in QuestionView, for the note."""


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
    | TalkStage
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
    """To a phone without a seat: what it must and may say to sit down."""

    type: Literal["door_opened"] = "door_opened"
    teams: tuple[str, ...] = ()
    """To choose one from; empty when there is nothing to choose."""
    shares_phone: bool = False
    """The phone is a team: it names itself and its members."""
    nicknames: tuple[str, ...] = ()
    """To choose one from; empty when players type their own."""
    asks_personal_code: bool = False
    """Nobody sits down without a code of the roster, which brings its name."""
    asks_second_code: bool = False
    """The letters that the projector shows now are to be tapped in."""


class NicknamesOffered(Message):
    """Others to choose from."""

    type: Literal["nicknames_offered"] = "nicknames_offered"
    nicknames: tuple[str, ...]


class SeatAwaited(Message):
    """The host is asked to let this player in. When that happens the server closes with LOOK_AGAIN."""

    type: Literal["seat_awaited"] = "seat_awaited"
    seat: Seat
    token: str


class PlayerWelcomed(Message):
    """The whole picture for a player who sits down, or comes back."""

    type: Literal["player_welcomed"] = "player_welcomed"
    seat: Seat
    token: str
    """Resumes the seat; keep the newest, tell nobody."""
    rounds: int
    stage: Stage
    remaining_ms: int | None
    is_paused: bool
    time_factor: float
    """How many times as long as others this player has for a question."""
    shuffles_options: bool
    """Does each phone show the options in an order of its own?"""
    knobs: dict[str, float]
    """How the host has turned the picture."""
    answer: Answer | None
    """One's own, in this round and vote."""
    own: OwnResult | None


class HostWelcomed(Message):
    """The whole picture for a host who opens the page, or comes back."""

    type: Literal["host_welcomed"] = "host_welcomed"
    code: str
    title: str
    rounds: int
    settings: RoomSettings
    switches: Switches
    seats: tuple[Seat, ...]
    waiting: tuple[Seat, ...]
    """Who asks to be let in."""
    time_factors: dict[str, float]
    """By player, where it isn't 1. Nobody but hosts sees this."""
    present: int
    answered: int
    stage: Stage
    remaining_ms: int | None
    is_paused: bool
    knobs: dict[str, float]


class ScreenWelcomed(Message):
    """The whole picture for a projector: no secrets, no controls."""

    type: Literal["screen_welcomed"] = "screen_welcomed"
    code: str
    rounds: int
    settings: RoomSettings
    switches: Switches
    seats: tuple[Seat, ...]
    present: int
    answered: int
    stage: Stage
    remaining_ms: int | None
    is_paused: bool
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


class ClockChanged(Message):
    """To all: the host paused the clock, let it go on, or gave more time."""

    type: Literal["clock_changed"] = "clock_changed"
    remaining_ms: int | None
    is_paused: bool


class AnswerAccepted(Message):
    """To one player: it counts. A resend gets the same reply."""

    type: Literal["answer_accepted"] = "answer_accepted"
    round: int
    vote: Vote
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


class WaitingChanged(Message):
    """To hosts: everybody who asks to be let in."""

    type: Literal["waiting_changed"] = "waiting_changed"
    waiting: tuple[Seat, ...]


class TimeFactorSet(Message):
    """To hosts: that player has so many times as long as others."""

    type: Literal["time_factor_set"] = "time_factor_set"
    player: str
    time_factor: float


class CodeIssued(Message):
    """To the host who asked: what that player types to take the seat over on another phone, once."""

    type: Literal["code_issued"] = "code_issued"
    player: str
    code: str


class SecondCodeTold(Message):
    """To the host or screen who asked: the letters of this moment, and how long they are shown."""

    type: Literal["second_code_told"] = "second_code_told"
    code: str
    remaining_ms: int


class SwitchesTurned(Message):
    """To hosts and screens: how the room's switches stand now."""

    type: Literal["switches_turned"] = "switches_turned"
    switches: Switches


class ReviewTold(Message):
    """To the player who asked, at the end: every scored question, looked back on."""

    type: Literal["review_told"] = "review_told"
    rounds: tuple[ReviewedRound, ...]


class KnobsTurned(Message):
    """To all: the host turned the picture's knobs."""

    type: Literal["knobs_turned"] = "knobs_turned"
    round: int
    knobs: dict[str, float]


class Ponged(Message):
    """Still here. A player's browser answers with an Echo at once: so the server times the way."""

    type: Literal["ponged"] = "ponged"


RoomEvent = Annotated[
    DoorOpened
    | NicknamesOffered
    | SeatAwaited
    | PlayerWelcomed
    | HostWelcomed
    | ScreenWelcomed
    | StageChanged
    | ClockChanged
    | AnswerAccepted
    | CommandRefused
    | SeatsChanged
    | WaitingChanged
    | TimeFactorSet
    | CodeIssued
    | SecondCodeTold
    | AnswersCounted
    | SwitchesTurned
    | KnobsTurned
    | ReviewTold
    | Ponged,
    Field(discriminator="type"),
]


# Commands


SecondCode = Annotated[str, Field(max_length=8)]


class TakeSeat(Message):
    """At the door: sit down. Where the teams aren't chosen by players, `team` stays None."""

    type: Literal["take_seat"] = "take_seat"
    nickname: str = Field(max_length=200)
    team: str | None = Field(default=None, max_length=24)
    members: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=8)
    second_code: SecondCode = ""


class UsePersonalCode(Message):
    """At the door: sit down by a code of the roster, or take a seat over from another phone."""

    type: Literal["use_personal_code"] = "use_personal_code"
    code: str = Field(max_length=20)
    team: str | None = Field(default=None, max_length=24)
    second_code: SecondCode = ""


class OfferNicknames(Message):
    """At the door: none of these, others please."""

    type: Literal["offer_nicknames"] = "offer_nicknames"


class SubmitAnswer(Message):
    """A player's answer to the open question."""

    type: Literal["submit_answer"] = "submit_answer"
    round: int = Field(ge=0)
    vote: Vote = 1
    answer: Answer


class Ping(Message):
    """Is anybody there?"""

    type: Literal["ping"] = "ping"


class Echo(Message):
    """The answer to Ponged, at once."""

    type: Literal["echo"] = "echo"


class AskReview(Message):
    """At the end: let me look back on every question."""

    type: Literal["ask_review"] = "ask_review"


class MoveOn(Message):
    """Go to the next phase, from the one the host sees: a second press in flight changes nothing."""

    type: Literal["move_on"] = "move_on"
    phase: Phase
    round: int = Field(ge=0)
    vote: Vote = 1


class SkipQuestion(Message):
    """Leave this question out: whatever was answered, it isn't scored."""

    type: Literal["skip_question"] = "skip_question"
    round: int = Field(ge=0)


class PauseClock(Message):
    """Stop the clock, or let it go on. While it stands nobody can answer."""

    type: Literal["pause_clock"] = "pause_clock"
    is_paused: bool


class ExtendClock(Message):
    """Ten seconds more in this phase."""

    type: Literal["extend_clock"] = "extend_clock"
    phase: Phase
    round: int = Field(ge=0)


class KickPlayer(Message):
    """Send a player away for good."""

    type: Literal["kick_player"] = "kick_player"
    player: str = Field(max_length=40)


class AdmitPlayer(Message):
    """Let in somebody who waits. Who isn't wanted is kicked."""

    type: Literal["admit_player"] = "admit_player"
    player: str = Field(max_length=40)


class IssueCode(Message):
    """Tell me a code with which that player can go on on another phone."""

    type: Literal["issue_code"] = "issue_code"
    player: str = Field(max_length=40)


class SetTimeFactor(Message):
    """Give a player so many times as long as others, from the next time the phone looks."""

    type: Literal["set_time_factor"] = "set_time_factor"
    player: str = Field(max_length=40)
    time_factor: TimeFactor


class TurnSwitch(Message):
    """Turn one of the room's switches. A locked door lets those seated come back."""

    type: Literal["turn_switch"] = "turn_switch"
    switch: Literal["is_locked", "has_standings", "is_revoting", "has_sounds"]
    is_on: bool


class AskSecondCode(Message):
    """Which letters are to be shown now?"""

    type: Literal["ask_second_code"] = "ask_second_code"


class TurnKnobs(Message):
    """Turn the picture's knobs on every phone."""

    type: Literal["turn_knobs"] = "turn_knobs"
    round: int = Field(ge=0)
    knobs: dict[Annotated[str, Field(max_length=40)], FiniteFloat] = Field(max_length=10)


class EndRoom(Message):
    """Close the room for everybody."""

    type: Literal["end_room"] = "end_room"


DoorCommand = Annotated[
    TakeSeat | UsePersonalCode | OfferNicknames | Ping, Field(discriminator="type")
]
PlayerCommand = Annotated[SubmitAnswer | AskReview | Echo | Ping, Field(discriminator="type")]
HostCommand = Annotated[
    MoveOn
    | SkipQuestion
    | PauseClock
    | ExtendClock
    | KickPlayer
    | AdmitPlayer
    | IssueCode
    | SetTimeFactor
    | TurnSwitch
    | TurnKnobs
    | AskSecondCode
    | EndRoom
    | Ping,
    Field(discriminator="type"),
]
ScreenCommand = Annotated[AskSecondCode | Ping, Field(discriminator="type")]

waiting_commands: TypeAdapter[Ping] = TypeAdapter(Ping)
door_commands: TypeAdapter[DoorCommand] = TypeAdapter(DoorCommand)
player_commands: TypeAdapter[PlayerCommand] = TypeAdapter(PlayerCommand)
host_commands: TypeAdapter[HostCommand] = TypeAdapter(HostCommand)
screen_commands: TypeAdapter[ScreenCommand] = TypeAdapter(ScreenCommand)


class CloseCode:
    """Why a socket was closed. After those from 4400 to 4405 a browser stays away.

    All from the range for applications: Autobahn sends no other (RFC 6455, section 7.4.2).
    """

    MALFORMED = 4400
    NO_SEAT = 4401
    KICKED = 4403
    NO_SUCH_ROOM = 4404
    TAKEN_OVER = 4405
    SLOW_READER = 4408
    LOOK_AGAIN = 4410
    """Connect again at once: what this seat may see has changed."""
    BROKEN = 4500
    TRY_AGAIN = 4503
    TOO_FAST = 4429


SERVICE_RESTART = 1012
"""What a consumer hears of a socket whose process drains: the browser is about to be back, by another.

From the registry of RFC 6455. A phone that says so itself is seen as one that stays without answering.
"""
