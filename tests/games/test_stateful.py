"""Joins, answers, reloads, kicks and moves in any order: points come from right answers in time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import Phase as Stage
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from games import moves, seats
from games.archive import score_game
from games.room import Room
from games.rules import Given, Phase, Quiz, Reason, Refused, RoomSettings
from games.scoring import Line, places
from games.store import Store, connect
from lessons.questions import ChoiceAnswer, TrueFalse

QUIZ = Quiz(
    lesson=1,
    slug="is",
    title="Is it?",
    questions=tuple(
        TrueFalse.model_validate({"prompt": f"Is it {n}?", "right": True, "points": points})
        for n, points in enumerate((1000, 2000, 0, 1000))
    ),
)
CHOSEN = RoomSettings(
    get_ready_s=0, streak_bonus=True, teams="balanced", team_names=("Red", "Blue")
)
some = st.integers(0, 20)
T = TypeVar("T")


class LiveRoom(RuleBasedStateMachine):
    """What a room does, beside a plain account of what it should have done."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.room = self.run(self.open())
        self.at = (Phase.LOBBY, 0)
        self.secrets: dict[str, str] = {}
        self.present: set[str] = set()
        self.counted: list[dict[str, Given]] = [{} for _ in QUIZ.questions]
        self.closed = 0
        self.joined = 0

    def run(self, task: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(task)

    async def open(self) -> Room:
        store = Store(connect().redis, f"test-{seats.new_player()}")
        id = await moves.open_room(store, QUIZ, CHOSEN, host=1)
        # Without a hub: nobody listens, so nothing moves but by these rules.
        return Room(id, store, QUIZ, CHOSEN)

    def teardown(self) -> None:
        self.run(self.close())
        self.loop.close()

    async def close(self) -> None:
        counting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in counting:
            task.cancel()
        await asyncio.gather(*counting, return_exceptions=True)
        await self.room.store.redis.aclose()

    @precondition(lambda self: self.joined < 6)
    @rule()
    def somebody_joins(self) -> None:
        self.joined += 1
        player, secret = self.run(
            moves.take_seat(self.room, f"Pupil {'ABCDEF'[self.joined - 1]}", None)
        )
        self.secrets[player] = secret
        self.sits_down(player)

    @precondition(lambda self: self.secrets)
    @rule(which=some)
    def a_phone_reloads(self, which: int) -> None:
        self.sits_down(self.somebody(which))

    @precondition(lambda self: self.present)
    @rule(which=some)
    def a_phone_vanishes(self, which: int) -> None:
        player = sorted(self.present)[which % len(self.present)]
        present = self.run(self.room.store.leave_seat(self.room.id, player, player))
        self.present.discard(player)
        assert present == len(self.present)

    @precondition(lambda self: self.secrets)
    @rule(which=some, choice=st.integers(0, 1), off=st.sampled_from([0, 0, 0, 0, -1, 1]))
    def somebody_answers(self, which: int, choice: int, off: int) -> None:
        player = self.somebody(which)
        phase, now = self.at
        round = min(max(now + off, 0), len(QUIZ.questions) - 1)
        stored = self.counted[round].get(player)
        is_open = phase is Phase.ASKING and round == now
        try:
            given = self.run(
                moves.submit_answer(self.room, player, round, ChoiceAnswer(choice=choice))
            )
        except Refused:
            assert stored is None
            assert not is_open
            return
        assert stored == given or (stored is None and is_open)
        assert stored or given.answer == ChoiceAnswer(choice=choice)
        self.counted[round][player] = given
        if is_open and self.present <= set(self.counted[round]):
            self.closes()

    # The podium would call in the database; see test_archive.py.
    @precondition(lambda self: self.at != (Phase.CLOSED, len(QUIZ.questions) - 1))
    @rule()
    def the_host_moves_on(self) -> None:
        phase, round = self.at
        self.run(moves.move_on(self.room, phase, round))
        if phase is Phase.LOBBY:
            self.at = (Phase.ASKING, 0)
        elif phase is Phase.ASKING:
            self.closes()
        elif phase is Phase.STANDINGS:
            self.at = (Phase.ASKING, round + 1)
        else:
            self.at = (Phase.STANDINGS, round)

    @rule(
        phase=st.sampled_from([p for p in Phase if p is not Phase.ENDED]), round=st.integers(0, 3)
    )
    def a_late_press_changes_nothing(self, phase: Phase, round: int) -> None:
        if (phase, round) != self.at:
            with pytest.raises(Refused, match=Reason.MOVED_ALREADY):
                self.run(moves.move_on(self.room, phase, round))

    @precondition(lambda self: len(self.secrets) > 1)
    @rule(which=some)
    def the_host_kicks(self, which: int) -> None:
        player = self.somebody(which)
        self.run(moves.kick_player(self.room, player))
        mark = seats.fingerprint(self.secrets.pop(player))
        self.present.discard(player)
        assert self.run(self.room.store.resume_seat(self.room.id, player, mark, "x", "x")) is None

    @invariant()
    def the_room_stands_where_it_should(self) -> None:
        state = self.run(self.room.store.read_state(self.room.id))
        assert state
        assert (state.phase, state.round) == self.at
        assert state.told == state.revision
        assert set(self.run(self.room.store.read_seats(self.room.id))) == set(self.secrets)

    @invariant()
    def points_are_for_right_answers_in_time(self) -> None:
        lines = self.run(self.room.store.read_lines(self.room.id))
        for player, line in lines.items():
            right = [
                round
                for round in range(self.closed)
                if (given := self.counted[round].get(player))
                and given.answer == ChoiceAnswer(choice=0)
            ]
            most = sum(QUIZ.questions[round].points for round in right)
            bonus = 500 * max(0, len(right) - 1)
            assert line.right == len(right)
            assert most / 2 <= line.total <= most + bonus

    @invariant()
    def scored_again_the_game_is_the_same(self) -> None:
        lines = self.run(self.room.store.read_lines(self.room.id))
        rounds = [
            self.run(self.room.store.read_answers(self.room.id, round))
            for round in range(self.closed)
        ]
        again, _ = score_game(QUIZ, CHOSEN, list(lines), rounds)
        assert {p: totals(line) for p, line in lines.items()} == {
            p: totals(line) for p, line in again.items()
        }
        assert places(lines) == {player: line.rank for player, line in again.items()}

    @invariant()
    def teams_hold_those_who_sit_there(self) -> None:
        seated = self.run(self.room.store.read_seats(self.room.id)).values()
        key = f"{self.room.store.prefix}:{{{self.room.id}}}:teams"
        stored = self.run(self.room.store.redis.hgetall(key))
        assert {team: int(n) for team, n in stored.items() if n != "0"} == {
            team: n for team in ("Red", "Blue") if (n := [s.team for s in seated].count(team))
        }

    def somebody(self, which: int) -> str:
        return sorted(self.secrets)[which % len(self.secrets)]

    def sits_down(self, player: str) -> None:
        secret = seats.new_secret()
        found = self.run(
            self.room.store.resume_seat(
                self.room.id,
                player,
                seats.fingerprint(self.secrets[player]),
                seats.fingerprint(secret),
                player,
            )
        )
        assert found
        assert found.given == self.counted[self.at[1]].get(player)
        self.secrets[player] = secret
        self.present.add(player)

    def closes(self) -> None:
        self.at = (Phase.CLOSED, self.at[1])
        self.closed += 1


def totals(line: Line) -> tuple[int, int, int, int]:
    return line.total, line.streak, line.right, line.right_ms


LiveRoom.TestCase.settings = hypothesis_settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    phases=(Stage.generate, Stage.shrink),  # explaining a failure traces every line, Redis' too
)
TestLiveRoom = LiveRoom.TestCase
