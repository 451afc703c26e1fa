"""What a game allows: its quiz, its settings, its phases, its nicknames. Pure."""

import unicodedata
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from confusable_homoglyphs import confusables
from pydantic import BaseModel, ConfigDict, Field

from lessons.questions import Answer, Question


class Phase(StrEnum):
    """Where a room stands. Each round goes from GET_READY to STANDINGS."""

    LOBBY = "lobby"
    GET_READY = "get_ready"
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
    TEAM_UNKNOWN = "team_unknown"
    ROOM_FULL = "room_full"
    ROOM_LOCKED = "room_locked"
    ROOM_OVER = "room_over"
    NOT_ASKING = "not_asking"
    WRONG_ROUND = "wrong_round"
    TOO_LATE = "too_late"
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


TeamName = Annotated[str, Field(min_length=1, max_length=24)]


class RoomSettings(_Frozen):
    """What a host chooses when opening a room. The defaults suit a class that plays alone, together."""

    scoring: Literal["standard", "accuracy"] = "standard"
    streak_bonus: bool = False
    teams: Literal["none", "balanced", "chosen"] = "none"
    team_names: tuple[TeamName, ...] = Field(default=(), max_length=8)
    late_join: bool = True
    autoplay: bool = False
    get_ready_s: int = Field(default=3, ge=0, le=30)
    result_s: int = Field(default=8, ge=1, le=120)
    explanation_s: int = Field(default=20, ge=1, le=300)
    standings_s: int = Field(default=6, ge=1, le=120)


class Given(_Frozen):
    """An answer as it counts: what, and how long after the opening by the Redis clock."""

    answer: Answer
    elapsed_ms: int


class Step(NamedTuple):
    """A phase to go to. `lasts_ms` of 0 is until the host moves on."""

    phase: Phase
    round: int
    lasts_ms: int


def next_step(phase: Phase, round: int, quiz: Quiz, settings: RoomSettings) -> Step | None:
    """What follows a phase of a round; None at the podium and after the end."""

    def autoplayed_ms(seconds: int) -> int:
        return seconds * 1000 if settings.autoplay else 0

    def begun(round: int) -> Step:
        if settings.get_ready_s == 0:
            return Step(Phase.ASKING, round, quiz.questions[round].limit_ms)
        return Step(Phase.GET_READY, round, settings.get_ready_s * 1000)

    match phase:
        case Phase.LOBBY:
            return begun(0)
        case Phase.GET_READY:
            return Step(Phase.ASKING, round, quiz.questions[round].limit_ms)
        case Phase.ASKING:
            return Step(Phase.CLOSED, round, autoplayed_ms(settings.result_s))
        case Phase.CLOSED if quiz.questions[round].explanation or quiz.questions[round].note:
            return Step(Phase.EXPLANATION, round, autoplayed_ms(settings.explanation_s))
        case Phase.CLOSED | Phase.EXPLANATION if round + 1 < len(quiz.questions):
            return Step(Phase.STANDINGS, round, autoplayed_ms(settings.standings_s))
        case Phase.STANDINGS if round + 1 < len(quiz.questions):
            return begun(round + 1)
        case Phase.CLOSED | Phase.EXPLANATION | Phase.STANDINGS:
            return Step(Phase.PODIUM, round, 0)
        case Phase.PODIUM | Phase.ENDED:
            return None


NICKNAME_MAX = 20


def clean_nickname(text: str) -> str:
    """The nickname as others see it: NFKC, invisible characters gone, inner spaces single.

    Raises Refused when nothing is left or more than 20 characters are.
    """
    visible = "".join(
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFKC", text)
        if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    # Again: an accent may have been kept from its letter by something invisible.
    name = unicodedata.normalize("NFKC", " ".join(visible.split()))
    if not any(unicodedata.category(c)[0] in "LNPS" and not _is_blank(c) for c in name):
        raise Refused(Reason.NICKNAME_EMPTY)
    if len(name) > NICKNAME_MAX:
        raise Refused(Reason.NICKNAME_TOO_LONG)
    return name


def folded_nickname(name: str) -> str:
    """What two nicknames of a room are compared by: no case, no look-alike letters, no spaces."""
    shown = (c for c in name.casefold() if not c.isspace() and not _is_blank(c))
    return "".join(map(_latin_twin, shown))


def _is_blank(character: str) -> bool:
    """A letter, symbol or mark that shows nothing: fillers, joiners, variation selectors.

    Source: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, as far as it isn't
    of a category C, and the braille blank.
    """
    return (
        character in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _latin_twin(character: str) -> str:
    """The Latin letter or digit a character can be mistaken for, else the character."""
    if character in "0o":
        return "o"
    if character in "1il|":
        return "l"
    if character.isascii():
        return character
    # The small letter first, then the capital: a small Cyrillic "н" is like no other, "Н" is an H.
    for form in (character, character.upper()):
        found = confusables.is_confusable(form, greedy=True, preferred_aliases=[])
        for look_alike in found[0]["homoglyphs"] if found else []:
            twin: str = look_alike["c"]
            if twin.isascii() and twin.isalnum():
                return _latin_twin(twin.casefold())
    return character


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
