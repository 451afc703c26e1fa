"""Pictures from the process beside the server: kept, shared, bounded, and given up when they hang."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from pydantic import ValidationError
from pytest_django import Settings

from lessons import explanations, pictures
from lessons.explanations import UnknownExplanation


@pytest.fixture(autouse=True)
def painter(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pictures._Painter]:
    """A painter of the test's own, with nothing kept yet."""
    settings.CACHES = {
        **settings.CACHES,
        "pictures": {**settings.CACHES["pictures"], "LOCATION": tmp_path},
    }
    painter = pictures._Painter()
    monkeypatch.setattr(pictures, "_painter", painter)
    yield painter
    painter._thread.shutdown(cancel_futures=True)
    painter.close()


def child_of(painter: pictures._Painter) -> "subprocess.Popen[str]":
    assert painter._child
    return painter._child


def test_the_other_process_computes_what_this_one_would() -> None:
    there = pictures.picture("angles", {"dimensions": 3, "vectors": 100}, seed=11)

    assert there == explanations.picture("angles", {"dimensions": 3, "vectors": 100}, seed=11)


def test_what_was_computed_is_kept_for_every_process(painter: pictures._Painter) -> None:
    first = pictures.picture_json("angles", {"vectors": 100})
    child_of(painter).kill()

    assert pictures.picture_json("angles", {"vectors": 100, "dimensions": 100}) == first
    assert caches["pictures"].get(explanations.digest("angles", {"vectors": 100})) == first


async def test_it_is_awaited_without_holding_up_the_loop() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    picture = await pictures.picture_async("toy", {"ideas": 4})
    ticking.cancel()

    assert picture.params["ideas"] == 4
    assert ticks > 10


def test_two_who_want_the_same_wait_for_one_computation() -> None:
    first = pictures.soon("toy", {"ideas": 3})

    assert pictures.soon("toy", {"ideas": 3}) is first


def test_visitors_choices_wait_in_a_short_queue_and_rooms_always_get_in() -> None:
    for ideas in range(2, 2 + pictures.MOST_WAITING):
        pictures.soon("toy", {"ideas": ideas}, is_chosen_by_visitor=True)

    with pytest.raises(pictures.Busy):
        pictures.soon("toy", {"ideas": 8}, is_chosen_by_visitor=True)

    assert json.loads(pictures.soon("toy", {"ideas": 8}).result())["params"]["ideas"] == 8
    assert pictures.soon("toy", {"ideas": 7}, is_chosen_by_visitor=True).result()


def test_it_is_there_for_a_class_of_a_thousand_sockets() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    with ExitStack() as open_files:
        open_files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        # `select` knows none beyond the 1024th.
        for _ in range(1100):
            open_files.enter_context(Path(os.devnull).open())

        assert pictures.picture("angles", {"vectors": 50}).params["vectors"] == 50


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_child_is_replaced(painter: pictures._Painter, sign: signal.Signals) -> None:
    pictures.picture("angles", {"vectors": 50})
    child_of(painter).send_signal(sign)
    child_of(painter).wait()

    assert pictures.picture("angles", {"vectors": 51}).params["vectors"] == 51


def test_a_child_that_dies_at_work_fails_that_picture_alone(painter: pictures._Painter) -> None:
    pictures.picture("angles", {"vectors": 50})
    os.kill(child_of(painter).pid, signal.SIGSTOP)
    lost = pictures.soon("angles", {"vectors": 52})
    time.sleep(1)
    os.kill(child_of(painter).pid, signal.SIGKILL)

    with pytest.raises(pictures.NotComputed):
        lost.result(timeout=10)
    assert pictures.picture("angles", {"vectors": 52}).params["vectors"] == 52


def test_a_child_that_hangs_is_given_up(
    painter: pictures._Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LONGEST_S", 0.3)
    hung = None
    try:
        pictures.picture("angles", {"vectors": 50})
    except pictures.NotComputed:
        monkeypatch.setattr(pictures, "LONGEST_S", 10)  # a slow start counts as hanging here
        pictures.picture("angles", {"vectors": 50})
        monkeypatch.setattr(pictures, "LONGEST_S", 0.3)
    hung = child_of(painter)
    os.kill(hung.pid, signal.SIGSTOP)

    with pytest.raises(pictures.NotComputed):
        pictures.picture("angles", {"vectors": 53})

    assert hung.returncode == -signal.SIGKILL
    monkeypatch.setattr(pictures, "LONGEST_S", 10)
    assert pictures.picture("angles", {"vectors": 53}).params["vectors"] == 53


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: pictures.soon("telepathy", {}), UnknownExplanation),
        (lambda: pictures.soon("angles", {"dimensions": 1}), ValidationError),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_computed(
    painter: pictures._Painter, ask: Callable[[], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask()

    assert painter._child is None


def test_the_process_answers_line_by_line_and_ends_with_its_input() -> None:
    asked = [
        {"key": "angles", "params": {"vectors": 60}, "seed": 1},
        {"key": "telepathy", "params": {}, "seed": 1},
        {"key": "angles", "params": {"vectors": 61}, "seed": 1},
    ]

    ran = subprocess.run(
        [sys.executable, "-m", "lessons.explanations"],
        input="\n".join(map(json.dumps, asked)) + "\n",
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    first, failed, second = ran.stdout.splitlines()
    assert json.loads(first)["params"]["vectors"] == 60
    assert failed == ""
    assert json.loads(second)["params"]["vectors"] == 61
    assert "UnknownExplanation" in ran.stderr
