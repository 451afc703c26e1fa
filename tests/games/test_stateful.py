"""Whole games in any order of joins, answers, reloads, kicks, pauses, votes and bells.

Points come from right answers in time, a team has what its members have, and a game scored again
from its answers gives the same standings.
"""

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
from games.protocol import StandingsStage
from games.room import Room
from games.rules import Given, Phase, Quiz, Reason, Refused, RoomSettings
from games.scoring import Line, places
from games.store import Store, connect
from lessons.questions import ChoiceAnswer, InfoSlide, Poll, Question, TrueFalse

LIMIT_MS = 100_000
"""Long beside the time that passes by itself while a game is tested."""


def asked(points: int) -> Question:
    return TrueFalse.model_validate(
        {"prompt": f"Is it {points}?", "right": True, "points": points, "limit_ms": LIMIT_MS}
    )


QUIZ = Quiz(
    lesson=1,
    slug="is",
    title="Is it?",
    questions=(
        asked(1000),
        Poll(prompt="Which?", options=("a", "b"), limit_ms=LIMIT_MS),
        asked(2000),
        InfoSlide(prompt="So far, so good"),
        asked(0),
        asked(1000),
    ),
)
LAST = len(QUIZ.questions) - 1
CHOSEN = RoomSettings(
    get_ready_s=0, revote_talk_s=0, streak_bonus=True, teams="balanced", team_names=("Red", "Blue")
)
SHOWN = (Phase.TALK, Phase.ASKING)
some = st.integers(0, 20)
T = TypeVar("T")
RIGHT = ChoiceAnswer(choice=0)


class LiveRoom(RuleBasedStateMachine):
    """What a room does, beside a plain account of what it should have done."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.room = self.run(self.open())
        self.at = (Phase.LOBBY, 0, 1)
        self.secrets: dict[str, str] = {}
        self.present: set[str] = set()
        self.factors: dict[str, float] = {}
        self.counted: dict[int, dict[str, Given]] = {}
        """Of each round that is open or was closed, without first votes."""
        self.closed: dict[int, int] = {}
        self.passed = 0.0
        """Of the open question's time, in its limits."""
        self.limit_ms = LIMIT_MS
        self.is_paused = self.is_revoting = False
        self.has_standings = True
        self.joined = 0

    def run(self, task: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(task)

    async def open(self) -> Room:
        store = Store(connect().redis, f"test-{seats.new_player()}")
        store.return_ms = 0  # time passes here by the rules alone
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

    # Players

    @precondition(lambda self: self.joined < 6)
    @rule()
    def somebody_joins(self) -> None:
        self.joined += 1
        player, secret = self.run(moves.take_seat(self.room, f"Pupil {'ABCDEF'[self.joined - 1]}"))
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
        self.run(self.room.store.leave_seat(self.room.id, player, player))
        self.present.discard(player)

    @precondition(lambda self: self.secrets)
    @rule(which=some)
    def a_seat_is_taken_over_by_code(self, which: int) -> None:
        player = self.somebody(which)
        code = self.run(moves.issue_code(self.room, player)).code
        found, secret, is_new = self.run(moves.use_personal_code(self.room, code))
        assert (found, is_new) == (player, False)
        self.secrets[player] = secret
        self.sits_down(player)
        with pytest.raises(Refused, match=Reason.PERSONAL_CODE_WRONG):
            self.run(moves.use_personal_code(self.room, code))

    @precondition(lambda self: self.secrets)
    @rule(
        which=some,
        choice=st.integers(0, 1),
        off=st.sampled_from([0, 0, 0, 0, 0, -1, 1]),
        late_vote=st.sampled_from([False, False, False, True]),
    )
    def somebody_answers(self, which: int, choice: int, off: int, late_vote: bool) -> None:
        player = self.somebody(which)
        phase, now, vote = self.at
        round = min(max(now + off, 0), LAST)
        said_vote = 3 - vote if late_vote else vote
        answer = ChoiceAnswer(choice=choice)
        stored = self.counted.get(round, {}).get(player) if round == now else None
        is_this = round == now and said_vote == vote and not self.is_slide(round)
        is_open = phase is Phase.ASKING and is_this and not self.is_paused
        in_time = self.passed < self.factors.get(player, 1)
        try:
            given = self.run(self.answers(player, round, answer, said_vote))
        except Refused:
            assert not (is_this and stored)
            assert not (is_open and in_time)
            return
        assert is_this
        assert stored == given or (stored is None and is_open and in_time)
        assert given.answer == (stored.answer if stored else answer)
        self.counted.setdefault(round, {})[player] = given
        if is_open and all(
            other in self.counted[round] or self.passed > self.factors.get(other, 1)
            for other in self.present
        ):
            self.vote_ends()

    @precondition(lambda self: self.secrets)
    @rule(which=some, factor=st.sampled_from([1, 1.5, 2, 3]))
    def the_host_gives_more_time(self, which: int, factor: float) -> None:
        player = self.somebody(which)
        self.run(moves.set_time_factor(self.room, player, factor))
        self.factors[player] = factor

    @precondition(lambda self: len(self.secrets) > 1)
    @rule(which=some)
    def the_host_kicks(self, which: int) -> None:
        player = self.somebody(which)
        self.run(moves.kick_player(self.room, player))
        mark = seats.fingerprint(self.secrets.pop(player))
        self.present.discard(player)
        self.factors.pop(player, None)
        assert self.run(self.room.store.resume_seat(self.room.id, player, mark, "x", "x")) is None

    # The clock

    @precondition(lambda self: self.at[0] is Phase.ASKING and not self.is_slide(self.at[1]))
    @rule()
    def time_passes(self) -> None:
        if self.is_paused:
            return
        self.passed += 0.4
        ms = -round(0.4 * self.limit_ms)
        for field in ("bell_at", "opened_at"):
            self.run(self.room.store.redis.hincrby(self.state_key(), field, ms))

    @rule()
    def the_bell_may_ring(self) -> None:
        self.run(moves.ring(self.room))
        phase, round, _ = self.at
        if phase is not Phase.ASKING or self.is_slide(round) or self.is_paused or self.passed < 1:
            return
        answered = self.counted.get(round, {})
        if all(
            player in answered or self.passed > self.factors.get(player, 1)
            for player in self.present
        ):
            self.vote_ends()

    @rule(is_paused=st.booleans())
    def the_host_pauses(self, is_paused: bool) -> None:
        self.run(self.room.catch_up())
        phase, _, _ = self.at
        can = is_paused != self.is_paused and (
            not is_paused or (phase is Phase.ASKING and self.passed < 1)
        )
        if can:
            self.run(moves.pause_clock(self.room, is_paused))
            self.is_paused = is_paused
        else:
            with pytest.raises(Refused, match=Reason.NO_CLOCK):
                self.run(moves.pause_clock(self.room, is_paused))

    @precondition(lambda self: self.at[0] is Phase.ASKING and not self.is_slide(self.at[1]))
    @rule()
    def the_host_gives_ten_seconds(self) -> None:
        passed_ms = self.passed * self.limit_ms
        phase, round, _ = self.at
        self.run(moves.extend_clock(self.room, phase, round))
        self.limit_ms += moves.EXTENSION_MS
        self.passed = passed_ms / self.limit_ms

    # The host

    @rule(switch=st.sampled_from(["is_revoting", "has_standings"]), is_on=st.booleans())
    def the_host_turns_a_switch(self, switch: str, is_on: bool) -> None:
        self.run(moves.turn_switch(self.room, switch, is_on))
        setattr(self, switch, is_on)

    # The podium would call in the database; see test_archive.py.
    @precondition(lambda self: self.at[:2] != (Phase.CLOSED, LAST))
    @rule()
    def the_host_moves_on(self) -> None:
        phase, round, vote = self.at
        self.run(moves.move_on(self.room, phase, round, vote))
        if phase is Phase.LOBBY:
            self.opens(0)
        elif phase is Phase.TALK:
            self.opens(round, vote)
        elif phase is Phase.ASKING and not self.is_slide(round):
            self.vote_ends()
        elif phase is Phase.CLOSED and self.has_standings and QUIZ.questions[round].kind != "poll":
            self.at = (Phase.STANDINGS, round, 1)
        else:
            self.opens(round + 1)

    @precondition(lambda self: self.at[0] in SHOWN and self.at[1] < LAST)
    @rule()
    def the_host_skips_the_question(self) -> None:
        _, round, _ = self.at
        self.run(moves.skip_question(self.room, round))
        self.counted.pop(round, None)
        self.opens(round + 1)

    @rule(
        phase=st.sampled_from([p for p in Phase if p is not Phase.ENDED]),
        round=st.integers(0, LAST),
        vote=st.sampled_from([1, 2]),
    )
    def a_late_press_changes_nothing(self, phase: Phase, round: int, vote: int) -> None:
        if (phase, round, vote) != self.at:
            with pytest.raises(Refused, match=Reason.MOVED_ALREADY):
                self.run(moves.move_on(self.room, phase, round, vote))

    # What holds whatever happens

    @invariant()
    def the_room_stands_where_it_should(self) -> None:
        state = self.run(self.room.store.read_state(self.room.id))
        assert state
        assert (state.phase, state.round, state.vote) == self.at
        assert state.told == state.revision
        assert bool(state.paused_at_ms) == self.is_paused
        assert set(self.run(self.room.store.read_seats(self.room.id))) == set(self.secrets)
        assert self.run(self.room.store.closed_rounds(self.room.id)) == self.closed

    @invariant()
    def points_are_for_right_answers_in_time(self) -> None:
        lines = self.run(self.room.store.read_lines(self.room.id))
        for player, line in lines.items():
            right = [
                round
                for round in self.closed
                if QUIZ.questions[round].kind == "true_false"
                and (given := self.counted.get(round, {}).get(player))
                and given.answer == RIGHT
            ]
            most = sum(QUIZ.questions[round].points for round in right)
            bonus = 500 * max(0, len(right) - 1)
            assert line.right == len(right)
            assert most / 2 <= line.total <= most + bonus

    @invariant()
    def scored_again_the_game_is_the_same(self) -> None:
        store, id = self.room.store, self.room.id
        lines = self.run(store.read_lines(id))
        limits = self.run(store.closed_rounds(id))
        rounds = {round: self.run(store.read_answers(id, round)) for round in limits}
        again, _ = score_game(QUIZ, CHOSEN, list(lines), rounds, limits)
        if limits:
            assert {p: totals(line) for p, line in lines.items()} == {
                p: totals(line) for p, line in again.items()
            }
            assert places(lines) == {player: line.rank for player, line in again.items()}

    @invariant()
    def a_team_has_the_mean_of_its_members(self) -> None:
        seated = self.run(self.room.store.read_seats(self.room.id))
        stored = self.run(self.room.store.redis.hgetall(self.key("teams")))
        of_team = {
            name: [player for player, seat in seated.items() if seat.team == name]
            for name in ("Red", "Blue")
        }
        assert {team: int(n) for team, n in stored.items() if n != "0"} == {
            name: len(members) for name, members in of_team.items() if members
        }
        if self.at[0] is not Phase.STANDINGS:
            return
        stage = self.run(self.room.store.read_state(self.room.id))
        assert stage
        shown = StandingsStage.model_validate_json(stage.stage)
        if self.at != getattr(self, "standings_told_at", None):
            # Told once, when the standings came: who left or came since isn't in them.
            self.standings_told_at = self.at
            lines = self.run(self.room.store.read_lines(self.room.id))
            for team in shown.teams:
                totals_of = [lines[p].total if p in lines else 0 for p in of_team[team.name]]
                mean = sum(totals_of) / len(totals_of) if totals_of else 0
                assert abs(team.points - mean) <= 0.5

    async def answers(self, player: str, round: int, answer: ChoiceAnswer, vote: int) -> Given:
        """Until the last answer's close, which goes on behind the player's back, is told."""
        try:
            return await moves.submit_answer(self.room, player, round, answer, vote)
        finally:
            await asyncio.gather(*self.room._background)

    def somebody(self, which: int) -> str:
        return sorted(self.secrets)[which % len(self.secrets)]

    def is_slide(self, round: int) -> bool:
        return isinstance(QUIZ.questions[round], InfoSlide)

    def key(self, name: str) -> str:
        return f"{self.room.store.prefix}:{{{self.room.id}}}:{name}"

    def state_key(self) -> str:
        return self.key("state")

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
        assert found.given == self.counted.get(self.at[1], {}).get(player)
        assert found.time_factor == self.factors.get(player, 1)
        self.secrets[player] = secret
        self.present.add(player)

    def opens(self, round: int, vote: int = 1) -> None:
        self.at = (Phase.ASKING, round, vote)
        self.passed, self.limit_ms, self.is_paused = 0.0, LIMIT_MS, False

    def vote_ends(self) -> None:
        _, round, vote = self.at
        self.is_paused = False
        if self.is_revoting and vote == 1:
            self.counted.pop(round, None)
            self.at = (Phase.TALK, round, 2)
        else:
            self.closed[round] = self.limit_ms
            self.at = (Phase.CLOSED, round, 1)


def totals(line: Line) -> tuple[int, int, int, int]:
    return line.total, line.streak, line.right, line.right_ms


LiveRoom.TestCase.settings = hypothesis_settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    phases=(Stage.generate, Stage.shrink),  # explaining a failure traces every line, Redis' too
)
TestLiveRoom = LiveRoom.TestCase
