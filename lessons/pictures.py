"""Pictures when they are needed: kept by their content, computed by a process beside this one.

A second of numpy in the web process would hold up every socket it serves. So one child process
(`python -m lessons.explanations`) computes, one picture after the other, and what it computed is
kept as a file that all web processes of this machine read.
"""

import asyncio
import atexit
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.cache import caches

from lessons.explanations import DEFAULT_SEED, Picture, digest

logger = logging.getLogger(__name__)

LONGEST_S = 60.0
"""A picture takes a second, on a busy machine some more; after this the child is given up."""
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP")}
"""Several would wait for each other on a busy machine, and keep the server from its cores."""
MOST_WAITING = 4
"""Pictures that visitors chose may wait at most so long a queue: a room's picture stands in it too."""


class NotComputed(Exception):
    """The child failed at a picture; what it said about it is in the log."""


class Busy(Exception):
    """Too many pictures are waiting to be computed: ask again in a moment."""


def picture(key: str, params: Mapping[str, Any], seed: int = DEFAULT_SEED) -> Picture:
    """The picture, waited for. Raises what `soon` raises, and NotComputed."""
    return Picture.model_validate_json(picture_json(key, params, seed))


def picture_json(
    key: str,
    params: Mapping[str, Any],
    seed: int = DEFAULT_SEED,
    *,
    is_chosen_by_visitor: bool = False,
) -> str:
    """The picture as a browser gets it. Raises what `soon` raises, Busy and NotComputed."""
    return soon(key, params, seed, is_chosen_by_visitor=is_chosen_by_visitor).result()


async def picture_async(key: str, params: Mapping[str, Any], seed: int = DEFAULT_SEED) -> Picture:
    """The same without blocking the event loop."""
    future = await asyncio.to_thread(soon, key, params, seed)  # it reads a file
    answer: str = await asyncio.wrap_future(future)
    return Picture.model_validate_json(answer)


def soon(
    key: str,
    params: Mapping[str, Any],
    seed: int = DEFAULT_SEED,
    *,
    is_chosen_by_visitor: bool = False,
) -> "Future[str]":
    """The picture's JSON to come. Raises UnknownExplanation, pydantic's ValidationError, Busy."""
    name = digest(key, params, seed)
    if found := caches["pictures"].get(name):
        done: Future[str] = Future()
        done.set_result(found)
        return done
    request = json.dumps({"key": key, "params": dict(params), "seed": seed})
    return _painter.asked(name, request, is_bounded=is_chosen_by_visitor)


class _Painter:
    """The child process, and the one thread that speaks to it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._child: subprocess.Popen[str] | None = None
        self._under_way: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def asked(self, name: str, request: str, *, is_bounded: bool) -> "Future[str]":
        with self._lock:
            if name in self._under_way:
                return self._under_way[name]
            if is_bounded and len(self._under_way) >= MOST_WAITING:
                raise Busy
            future = self._thread.submit(self._paint, name, request)
            self._under_way[name] = future
            return future

    def _paint(self, name: str, request: str) -> str:
        try:
            answer = self._answer_of_child(request)
            if not answer:
                raise NotComputed(request)
            caches["pictures"].set(name, answer)
            return answer
        finally:
            # Before anybody hears how it went: who asks again then starts anew.
            with self._lock:
                del self._under_way[name]

    def _answer_of_child(self, request: str) -> str:
        if self._child is None or self._child.poll() is not None:
            self.close()  # the pipes of one that died
            self._child = subprocess.Popen(
                [sys.executable, "-m", "lessons.explanations"],
                cwd=settings.BASE_DIR,
                env=os.environ | ONE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        child = self._child
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(request + "\n")
            child.stdin.flush()
        except BrokenPipeError:
            self.close()
            return ""
        # One line answers one request, so nothing of an answer can wait in the buffer before this.
        with selectors.DefaultSelector() as pipe:
            pipe.register(child.stdout, selectors.EVENT_READ)
            is_there = pipe.select(LONGEST_S)
        if not is_there:
            logger.error("A picture took longer than %s s: %s", LONGEST_S, request)
        line = child.stdout.readline() if is_there else ""
        if not line:
            # Also where the pipe ended: for a moment that a dead child still counts as running.
            self.close()
        return line.strip()

    def close(self) -> None:
        """End the child; the next picture starts a new one."""
        if self._child:
            self._child.kill()
            self._child.communicate()  # closes the pipes, and waits
            self._child = None


_painter = _Painter()
atexit.register(_painter.close)
