"""Takes each guard of a live room away, one after the other, and shows that a test then fails.

    python -m tests.guards [WORD...]     all of them, or those whose line has one of the words

Works on a copy of the last commit in a temporary folder; takes some seconds for each. A guard whose
tests pass without it is printed as MISSED, and the command fails.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Guard(NamedTuple):
    """What it prevents, where it stands, what is there without it, and the tests that see to it."""

    prevents: str
    file: str
    stands: str
    without: str
    tests: str


GUARDS = (
    Guard(
        "answer leak: the key travels with the question",
        "lessons/shown.py",
        "        case TypedText() | WordCloud():\n            pass",
        "        case TypedText() | WordCloud():\n            body = repr(question)",
        "test_no_leak.py",
    ),
    Guard(
        "answer leak: a player looks back before the end",
        "games/moves.py",
        "    if state is None or not state.is_over:\n",
        "    if state is None:\n",
        "test_door.py",
    ),
    Guard(
        "answer leak: phones hear how many answered",
        "games/room.py",
        'await self.store.publish(self.id, "front", event',
        'await self.store.publish(self.id, "knobs", event',
        "test_sockets.py test_room.py",
    ),
    Guard(
        "answer leak: screens hear what is for hosts",
        "games/room.py",
        'if whom == "front" or listener.is_host:',
        "if True:",
        "test_door.py test_clock.py",
    ),
    Guard(
        "late answer",
        "games/store/submit_answers.lua",
        "elseif not is_in_time(player) then",
        "elseif false then",
        "test_clock.py test_store.py",
    ),
    Guard(
        "early answer",
        "games/store/submit_answers.lua",
        "elseif phase ~= 'asking' then",
        "elseif false then",
        "test_store.py",
    ),
    Guard(
        "answer while the clock stands",
        "games/store/submit_answers.lua",
        "elseif paused_at ~= '0' then",
        "elseif false then",
        "test_clock.py",
    ),
    Guard(
        "double answer",
        "games/store/submit_answers.lua",
        "  elseif stored then\n",
        "  elseif false then\n",
        "test_store.py",
    ),
    Guard(
        "answer to another vote",
        "games/store/submit_answers.lua",
        "round == ARGV[1] and vote == ARGV[2]",
        "round == ARGV[1]",
        "test_votes.py",
    ),
    Guard(
        "forged score or time: a client sends more than it may",
        "lessons/shown.py",
        'model_config = ConfigDict(frozen=True, extra="forbid")',
        'model_config = ConfigDict(frozen=True, extra="ignore")',
        "test_protocol.py",
    ),
    Guard(
        "forged score: the same option twice",
        "lessons/questions.py",
        " and len(set(chosen)) == len(chosen)",
        "",
        "../lessons/test_questions.py",
    ),
    Guard(
        "forged time: lag without a limit",
        "games/moves.py",
        "    lag_ms = min(lag_ms, MOST_LAG_MS)\n",
        "",
        "test_clock.py",
    ),
    Guard(
        "guessed codes: a phone writes its own address",
        "quizgame/proxies.py",
        'rpartition(",")[2]',
        'partition(",")[0]',
        "../test_proxies.py",
    ),
    Guard(
        "guessed codes: anybody says who asks",
        "quizgame/proxies.py",
        "        if is_of(proxies, peer):",
        "        if True:",
        "../test_proxies.py",
    ),
    Guard(
        "host takeover: a player's socket takes a host's commands",
        "games/consumers.py",
        "await socket.next(protocol.player_commands)",
        "await socket.next(protocol.host_commands)",
        "test_sockets.py",
    ),
    Guard(
        "host takeover: somebody else's room",
        "games/views/hosting.py",
        "if state.host != request.user.pk:",
        "if False:",
        "views/test_room_pages.py",
    ),
    Guard(
        "host takeover: another role's token in front",
        "games/consumers.py",
        "if seat is None or seat.role != role:",
        "if seat is None:",
        "test_sockets.py",
    ),
    Guard(
        "impersonation: any secret resumes a seat",
        "games/store/resume_seat.lua",
        "if fingerprint ~= newest and fingerprint ~= before then",
        "if false then",
        "test_store.py",
    ),
    Guard(
        "impersonation: Redis knows the token",
        "games/seats.py",
        "return hashlib.sha256(secret.encode()).hexdigest()[:32]",
        "return secret",
        "test_seats.py",
    ),
    Guard(
        "impersonation: a token never rotates",
        "games/store/resume_seat.lua",
        "redis.call('HSET', tokens, player, next_fingerprint .. ' ' .. fingerprint)",
        "redis.call('HSET', tokens, player, fingerprint)",
        "test_store.py test_sockets.py",
    ),
    Guard(
        "impersonation: a code said aloud works again",
        "games/store/claim_seat.lua",
        "  redis.call('HDEL', issued, code)\n",
        "",
        "test_door.py",
    ),
    Guard(
        "cross-room effects: a token of another room",
        "games/consumers.py",
        'if seat is None or (seat.room, seat.role) != (id, "player"):',
        'if seat is None or seat.role != "player":',
        "test_sockets.py",
    ),
    Guard(
        "code guessing",
        "games/store/guesses.py",
        "        if not await self._limiter.test(BY_ADDRESS, address):\n            return True\n",
        "",
        "test_guesses.py",
    ),
    Guard(
        "code guessing at the join box",
        "games/views/doors.py",
        "        if await store.guesses.is_barred(address):\n            return None\n",
        "",
        "test_guesses.py",
    ),
    Guard(
        "code guessing from many addresses",
        "games/store/guesses.py",
        "        if not await self._do_many_guess():\n",
        "        if True:\n",
        "test_guesses.py",
    ),
    Guard(
        "guessing the projector's letters",
        "games/consumers.py",
        "if wrong_codes == WRONG_CODES:",
        "if False:",
        "test_door.py",
    ),
    Guard(
        "floods from a seat or an address",
        "games/consumers.py",
        "        return self._left < 0\n",
        "        return False\n",
        "test_sockets.py test_guesses.py",
    ),
    Guard(
        "a kicked player comes back",
        "games/store/kick_player.lua",
        "{seats, waiting, tokens, present, lines, factors}",
        "{present, lines, factors}",
        "test_sockets.py test_store.py",
    ),
    Guard(
        "XSS in study notes",
        "lessons/markdown.py",
        "    safe = nh3.clean(\n        html,\n        tags=set(TAGS),",
        "    safe = html or nh3.clean(\n        html,\n        tags=set(TAGS),",
        "../lessons/test_markdown.py",
    ),
    Guard(
        "oversized frames",
        "games/consumers.py",
        "if text is None or len(text) > MAX_FRAME:",
        "if text is None:",
        "test_sockets.py",
    ),
    Guard(
        "binary frames",
        "games/consumers.py",
        "if text is None or len(text) > MAX_FRAME:",
        'if len(text := text or \'{"type":"ping"}\') > MAX_FRAME:',
        "test_sockets.py",
    ),
    Guard(
        "malformed frames",
        "games/consumers.py",
        "            raise Gone(CloseCode.MALFORMED) from None",
        "            raise",
        "test_sockets.py",
    ),
    Guard(
        "a slow reader keeps the room's memory",
        "quizgame/daphne.py",
        "if self._queued() > MAX_QUEUED:",
        "if False:",
        "../test_daphne.py",
    ),
    Guard(
        "the title on a phone before the end",
        "games/stages.py",
        "return Seen(GetReadyStage(round=round, points=question.points))",
        "return Seen(PodiumStage(title=room.quiz.title, top=(), teams=(), players=0))",
        "test_no_leak.py",
    ),
    Guard(
        "the lesson as a cheat sheet",
        "quizgame/settings.py",
        '    "games.study_lock.StudyLock",  # asks who the user is\n',
        "",
        "views/test_study_lock.py",
    ),
    Guard(
        "scripts of others on our pages",
        "quizgame/settings.py",
        '    "csp.middleware.CSPMiddleware",\n',
        "",
        "../test_content_policy.py",
    ),
    Guard(
        "an answer for who may not see it",
        "lessons/models.py",
        "        if user.is_authenticated or self.answers_shown == self.AnswersShown.PUBLIC:\n",
        "        if True:\n",
        "../lessons/test_lesson_pages.py",
    ),
    Guard(
        "somebody else's quiz",
        "lessons/study/views/practice.py",
        "learner=learner or 0, key=key",
        "key=key",
        "../lessons/study/test_practice_pages.py",
    ),
    Guard(
        "a rating that counts twice",
        "lessons/study/spaced_repetition.py",
        "    if seen is not None and seen != ",
        "    if False and seen != ",
        "../lessons/study/test_spaced_repetition.py ../lessons/study/test_review_pages.py",
    ),
    Guard(
        "an answer that counts as two reviews of a day",
        "lessons/study/spaced_repetition.py",
        "there - counted - late",
        "there - late",
        "../lessons/study/test_count_answers.py",
    ),
    Guard(
        "a learner's key that the server didn't sign",
        "games/consumers.py",
        'return key_in(parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE))',
        'return parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)',
        "test_no_leak.py",
    ),
    Guard(
        "a whole team's answers as one learner's",
        "games/moves.py",
        "learner=None if shared_by else learner,",
        "learner=learner,",
        "test_learning.py",
    ),
    Guard(
        "a phone that was gone forgot",
        "games/archive.py",
        "elif seat in there:",
        "else:",
        "test_learning.py",
    ),
    Guard(
        "one tablet mixes two pupils' cards",
        "games/learning.py",
        "return not others.exclude(pk=pupil.pk).exists()",
        "return True",
        "test_learning.py",
    ),
    Guard(
        "a code opens an account's cards",
        "games/learning.py",
        "    elif known.user is None:\n",
        "    elif True:\n",
        "test_learning.py",
    ),
    Guard(
        "another host's homework",
        "games/views/homework.py",
        "return get_object_or_404(mine, pk=pk, host=host_of(request))",
        "return get_object_or_404(mine, pk=pk)",
        "views/test_homework.py",
    ),
    Guard(
        "a personal code guessed at homework's door",
        "games/views/homework_door.py",
        "if async_to_sync(_is_barred)(address):",
        "if False:",
        "views/test_homework.py",
    ),
    Guard(
        "progress of a pupil who hasn't agreed",
        "games/progress.py",
        "            if pupil.agreed_at\n",
        "            if True\n",
        "views/test_progress.py",
    ),
    Guard(
        "progress in a class that doesn't show it",
        "games/progress.py",
        "if not roster.shows_progress:",
        "if False:",
        "views/test_progress.py",
    ),
    Guard(
        "progress of other classes' lessons",
        "games/progress.py",
        "filter(given | played)",
        "all()",
        "views/test_progress.py",
    ),
)


def main(words: list[str]) -> int:
    chosen = [g for g in GUARDS if not words or any(word in str(g) for word in words)]
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        run("git", "worktree", "add", "--detach", str(copy), "HEAD", at=ROOT)
        try:
            for name in (".venv", "frontend/node_modules", "frontend/dist"):
                (copy / name).symlink_to(ROOT / name)
            for guard in chosen:
                verdict = without(guard, copy)
                missed += verdict != "seen"
                print(f"{verdict:8} {guard.prevents}  ({guard.file}; {guard.tests})", flush=True)
        finally:
            run("git", "worktree", "remove", "--force", str(copy), at=ROOT)
    return 1 if missed else 0


def without(guard: Guard, copy: Path) -> str:
    """`seen` if a test fails once the guard is gone."""
    file = copy / guard.file
    text = file.read_text()
    if text.count(guard.stands) < 1:
        return "GONE"
    file.write_text(text.replace(guard.stands, guard.without))
    try:
        tests = [str(Path("tests/games") / name) for name in guard.tests.split()]
        done = run(sys.executable, "-m", "pytest", "-q", "-x", *tests, at=copy, check=False)
        # 1 is "some tests failed"; anything else is no answer.
        return {0: "MISSED", 1: "seen"}.get(done, f"ERROR {done}")
    finally:
        file.write_text(text)


def run(*command: str, at: Path, check: bool = True) -> int:
    done = subprocess.run(command, cwd=at, check=check, capture_output=True, timeout=300)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
