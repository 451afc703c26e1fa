"""What each role can say, and what a question shows of itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from games import protocol
from games.protocol import (
    EndRoom,
    KickPlayer,
    MoveOn,
    Ping,
    SubmitAnswer,
    TakeSeat,
    TurnKnobs,
    TurnSwitch,
    door_commands,
    host_commands,
    player_commands,
    screen_commands,
)
from games.rules import Phase
from lessons.questions import (
    ChoiceAnswer,
    ChoicesAnswer,
    ExplanationRef,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    TypedText,
    shown_order,
)
from lessons.shown import QuestionView, Scale, question_view

DOOR: list[BaseModel] = [TakeSeat(nickname="Ada", team="Vectors")]
PLAYER: list[BaseModel] = [
    SubmitAnswer(round=0, answer=ChoiceAnswer(choice=1)),
    SubmitAnswer(round=1, answer=ChoicesAnswer(choices=(0, 2))),
    SubmitAnswer(round=2, answer=TextAnswer(text="ReLU")),
    SubmitAnswer(round=3, answer=NumberAnswer(number=90.5)),
    SubmitAnswer(round=4, answer=OrderAnswer(order=(2, 0, 1))),
]
HOST: list[BaseModel] = [
    MoveOn(phase=Phase.LOBBY, round=0),
    KickPlayer(player="a1b2c3"),
    TurnSwitch(switch="is_locked", is_on=True),
    TurnKnobs(round=0, knobs={"d": 100}),
    EndRoom(),
]
ROLES: dict[str, tuple[TypeAdapter[Any], list[BaseModel]]] = {
    "door": (door_commands, [*DOOR, Ping()]),
    "player": (player_commands, [*PLAYER, Ping()]),
    "host": (host_commands, [*HOST, Ping()]),
    "screen": (screen_commands, [Ping()]),
}
ALL_COMMANDS = [*DOOR, *PLAYER, *HOST, Ping()]


def is_refused(role: str, text: str) -> bool:
    try:
        ROLES[role][0].validate_json(text)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("role", ROLES)
def test_each_role_says_its_own_commands_and_no_other(role: str) -> None:
    adapter, own = ROLES[role]

    assert [adapter.validate_json(command.model_dump_json()) for command in own] == own
    others = [command for command in ALL_COMMANDS if command not in own]
    assert others
    assert all(is_refused(role, command.model_dump_json()) for command in others)


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda command: command.type)
@pytest.mark.parametrize(
    "extra",
    [
        {"player": "somebody"},
        {"room": "another"},
        {"points": 1000},
        {"elapsed_ms": 1},
        {"role": "host"},
        {"": None},
    ],
    ids=lambda extra: next(iter(extra)),
)
def test_a_command_with_a_field_too_many_is_refused(
    command: BaseModel, extra: dict[str, Any]
) -> None:
    if set(extra) & set(type(command).model_fields):
        extra = {f"_{name}": value for name, value in extra.items()}
    text = json.dumps(command.model_dump(mode="json") | extra)

    assert all(is_refused(role, text) for role in ROLES)


def test_an_answer_with_a_field_too_many_is_refused() -> None:
    for command in PLAYER:
        fields = command.model_dump(mode="json")
        assert not is_refused("player", json.dumps(fields))
        fields["answer"]["is_right"] = True
        assert is_refused("player", json.dumps(fields))


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda command: command.type)
def test_a_command_without_its_type_is_refused(command: BaseModel) -> None:
    text = json.dumps(command.model_dump(mode="json", exclude={"type"}))

    assert all(is_refused(role, text) for role in ROLES if role != "screen")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "0",
        '"ping"',
        "[]",
        "{",
        '{"type":"ping"',
        '{"type":"ping"} {"type":"ping"}',
        '{"type":"no_such_command"}',
        '{"type":["ping"]}',
        '{"type":null}',
        '{"type":"submit_answer","round":-1,"answer":{"kind":"choice","choice":0}}',
        '{"type":"submit_answer","round":0.5,"answer":{"kind":"choice","choice":0}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"choice","choice":6}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"choice","choice":-1}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"choices","choices":[]}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"text","text":""}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"text","text":"\\ud800"}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"number","number":NaN}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"number","number":Infinity}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"number","number":1e999}}',
        '{"type":"submit_answer","round":0,"answer":{"kind":"shrug"}}',
        '{"type":"submit_answer","round":0,"answer":null}',
        '{"type":"take_seat","nickname":null}',
        '{"type":"take_seat","nickname":"\\ud800"}',
        '{"type":"turn_knobs","round":0,"knobs":{"d":NaN}}',
        '{"type":"turn_knobs","round":0,"knobs":{"d":1e999}}',
        '{"type":"turn_knobs","round":0,"knobs":{"d":{"d":1}}}',
        '{"type":"move_on","phase":"nowhere","round":0}',
        "\u0000",
        "💥",
    ],
)
def test_what_is_no_command_is_refused_by_every_role(text: str) -> None:
    assert all(is_refused(role, text) for role in ROLES)


def test_too_long_is_refused() -> None:
    texts = [
        '{"type":"take_seat","nickname":"%s"}' % ("a" * 201),
        '{"type":"take_seat","nickname":"a","team":"%s"}' % ("a" * 25),
        '{"type":"kick_player","player":"%s"}' % ("a" * 41),
        json.dumps({"type": "turn_knobs", "round": 0, "knobs": {"d" * 41: 1}}),
        json.dumps({"type": "turn_knobs", "round": 0, "knobs": {f"d{n}": 1 for n in range(11)}}),
        json.dumps(
            {"type": "submit_answer", "round": 0, "answer": {"kind": "text", "text": "a" * 201}}
        ),
    ]

    assert all(is_refused(role, text) for role in ROLES for text in texts)


@pytest.mark.parametrize("deep", ["[" * 2000 + "]" * 2000, '{"a":' * 800 + "1" + "}" * 800])
def test_deep_json_is_refused(deep: str) -> None:
    texts = [
        text.replace("DEEP", deep)
        for text in (
            "DEEP",
            '{"type":"submit_answer","round":0,"answer":DEEP}',
            '{"type":"turn_knobs","round":0,"knobs":{"d":DEEP}}',
            '{"type":"take_seat","nickname":DEEP}',
            '{"type":DEEP}',
        )
    ]

    assert all(is_refused(role, text) for role in ROLES for text in texts)


@given(st.text())
def test_noise_is_refused(text: str) -> None:
    assert all(is_refused(role, text) for role in ROLES)


# Questions as players see them

SECRET_NOTE = "NOTE-b6f1"
PICTURE = ExplanationRef(key="angles", params={"d": 77})
CHOICE = SingleChoice(
    prompt="Which?", options=("a", "b", "c"), right=1, note=SECRET_NOTE, explanation=PICTURE
)
SEVERAL = SeveralRight(
    prompt="Which?", options=("a", "b", "c"), right=(0, 2), note=SECRET_NOTE, limit_ms=7_000
)
IS_IT = TrueFalse(prompt="Is it?", right=False, note=SECRET_NOTE, points=0)
TYPED = TypedText(prompt="Which word?", accepted=("ReLU", "rectifier"), note=SECRET_NOTE)
GUESS = NumberGuess(
    prompt="How many?", right=91.5, tolerance=3.25, low=0, high=180, unit="°", note=SECRET_NOTE
)
STEPS = OrderSteps(prompt="In which order?", steps=("un", "deux", "trois", "quatre"), points=2000)


def test_a_view_shows_what_is_asked_and_nothing_of_the_key() -> None:
    assert [question_view(q) for q in (CHOICE, SEVERAL, IS_IT, TYPED, GUESS, STEPS)] == [
        QuestionView(
            kind="single_choice",
            prompt="Which?",
            points=1000,
            limit_ms=20_000,
            options=("a", "b", "c"),
        ),
        QuestionView(
            kind="several_right",
            prompt="Which?",
            points=1000,
            limit_ms=7_000,
            options=("a", "b", "c"),
        ),
        QuestionView(
            kind="true_false",
            prompt="Is it?",
            points=0,
            limit_ms=20_000,
            options=("True", "False"),
        ),
        QuestionView(kind="typed_text", prompt="Which word?", points=1000, limit_ms=20_000),
        QuestionView(
            kind="number_guess",
            prompt="How many?",
            points=1000,
            limit_ms=20_000,
            scale=Scale(low=0, high=180, unit="°"),
        ),
        QuestionView(
            kind="order_steps",
            prompt="In which order?",
            points=2000,
            limit_ms=20_000,
            options=tuple(STEPS.steps[i] for i in shown_order(STEPS)),
        ),
    ]
    assert question_view(STEPS).options != STEPS.steps


@pytest.mark.parametrize(
    ("question", "same_with_another_key"),
    [
        (CHOICE, CHOICE.model_copy(update={"right": 2, "note": "", "explanation": None})),
        (SEVERAL, SEVERAL.model_copy(update={"right": (1,)})),
        (IS_IT, IS_IT.model_copy(update={"right": True})),
        (TYPED, TYPED.model_copy(update={"accepted": ("sigmoid",)})),
        (GUESS, GUESS.model_copy(update={"right": 12.0, "tolerance": 0.0})),
    ],
    ids=lambda question: question.kind,
)
def test_two_questions_that_differ_in_their_key_look_the_same(
    question: Question, same_with_another_key: Question
) -> None:
    # Whatever the serialiser is made of: no bit of the key can come through.
    assert question != same_with_another_key
    assert (
        question_view(question).model_dump_json()
        == question_view(same_with_another_key).model_dump_json()
    )


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=5), min_size=3, max_size=6, unique=True))
def test_steps_are_never_shown_in_their_right_order(steps: list[str]) -> None:
    question = OrderSteps(prompt="In which order?", steps=tuple(steps))

    shown = question_view(question).options

    assert sorted(shown) == sorted(steps)
    assert shown != question.steps
    assert question_view(question).options == shown  # a resumed phone sees the same list


def test_every_event_says_what_it_is() -> None:
    schema = TypeAdapter(protocol.RoomEvent).json_schema()

    named = [ref.rsplit("/", 1)[1] for ref in schema["discriminator"]["mapping"].values()]
    assert len(named) == len(set(named)) == len(schema["oneOf"])
