"""Frames that no browser of ours would send: refused or closed, and the room goes on as before."""

import json
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from games import protocol
from games.consumers import MAX_FRAME
from games.protocol import AnswerAccepted
from tests.games.conftest import Class, Phone, Socket, opens_question

COMMANDS: dict[str, TypeAdapter[Any]] = {
    "door": protocol.door_commands,
    "waiting": protocol.waiting_commands,
    "player": protocol.player_commands,
    "host": protocol.host_commands,
    "screen": protocol.screen_commands,
}
TYPES = sorted(
    {
        schema["properties"]["type"]["const"]
        for adapter in COMMANDS.values()
        for schema in adapter.json_schema().get("$defs", {}).values()
        if "const" in schema.get("properties", {}).get("type", {})
    }
)
NAMES = ["type", "round", "vote", "answer", "kind", "choice", "text", "nickname", "player", "knobs"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
commands = st.builds(
    lambda named, rest: rest | {"type": named},
    st.sampled_from(TYPES),
    st.dictionaries(st.sampled_from(NAMES), anything, max_size=6),
)
frames = st.text(max_size=200) | anything.map(json.dumps) | commands.map(json.dumps)


@pytest.mark.parametrize("role", COMMANDS)
@given(frame=frames)
def test_a_frame_is_a_command_or_is_refused_by_its_form(role: str, frame: str) -> None:
    try:
        command = COMMANDS[role].validate_json(frame)
    except ValidationError:
        return
    # What is taken for a command is one, and says the same again.
    assert COMMANDS[role].validate_json(command.model_dump_json()) == command


def test_the_fuzz_knows_the_commands() -> None:
    assert {"submit_answer", "take_seat", "move_on", "ping"} <= set(TYPES)


@hypothesis.settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(frame=frames)
async def test_a_room_doesnt_mind_what_a_phone_says(klass: Class, hana: Socket, frame: str) -> None:
    hypothesis.assume(0 < len(frame) <= MAX_FRAME)
    before = await klass.store.read_state(klass.id)
    noisy = await klass.stands_at_the_door()
    await noisy.says_raw(frame)
    await noisy.leaves()

    after = await klass.store.read_state(klass.id)
    assert before
    assert after
    assert after._replace(now_ms=0) == before._replace(now_ms=0)


async def test_after_all_noise_a_class_plays_on(
    klass: Class, hana: Socket, ada: Phone, ben: Phone
) -> None:
    for frame in ("null", "{}", '{"type":"submit_answer"}', "\x00", "💥" * 50):
        noisy = await klass.stands_at_the_door()
        await noisy.says_raw(frame)
        assert await noisy.is_closed_with() == 4400
    await opens_question(hana)
    await ada.answers(1)
    await ada.hears(AnswerAccepted)
