"""Phones whose clock is wrong: what is left of a question is told in seconds, never in o'clock."""

import re
import time

from playwright.sync_api import Page, expect

from lessons.questions import NumberGuess
from tests.e2e.conftest import OpenPage, Server, short_lesson
from tests.e2e.test_ways_to_play import opens
from tests.e2e.test_whole_lesson import answer, join, moves_on

SET = """
const Right = Date;
globalThis.wrongByMs = %d;
globalThis.Date = class extends Right {
  constructor(...given) {
    if (given.length) super(...given);
    else super(Date.now());
  }
  static now() {
    return Right.now() + globalThis.wrongByMs;
  }
};
"""
THREE_HOURS_MS = 3 * 60 * 60 * 1000
LAG_S = 0.15
"""So much of the way may be taken off an answer's time."""


def test_phones_with_a_wrong_clock_have_the_time_of_all_others(
    open_page: OpenPage, server: Server
) -> None:
    host, code = opens(open_page, server, "short", get_ready_s="0")
    names = ("Right", "Fast", "Leaping")
    phones = right, fast, leaping = [open_page("/") for _ in names]
    fast.add_init_script(SET % THREE_HOURS_MS)
    leaping.add_init_script(SET % 0)
    for phone, name in zip(phones, names, strict=True):
        phone.goto(f"/{code}")
        join(phone, name)
    question = short_lesson().questions[0].question
    assert isinstance(question, NumberGuess)

    begun = time.monotonic()
    moves_on(host, "Start")
    for phone in phones:
        expect(phone.get_by_role("timer")).to_be_visible()
    seen = time.monotonic()
    agree(phones)
    leaping.evaluate(f"wrongByMs -= {THREE_HOURS_MS}")
    assert fast.evaluate("Date.now()") - right.evaluate("Date.now()") > THREE_HOURS_MS - 60_000
    assert right.evaluate("Date.now()") - leaping.evaluate("Date.now()") > THREE_HOURS_MS - 60_000
    right.wait_for_timeout(2500)
    agree(phones)

    at_least = time.monotonic() - seen - LAG_S
    for phone in phones:
        answer(phone, question, rightly=True)
    for phone in phones:
        expect(phone.get_by_text("Right", exact=True).first).to_be_visible()
    at_most = time.monotonic() - begun
    assert question.limit_ms
    for phone in phones:
        points = int(re.findall(r"[\d,]+", phone.locator("header").inner_text())[-1])
        # The “standard” preset takes half of the points over the whole time.
        taken = (1 - points / question.points) * 2 * question.limit_ms / 1000
        assert at_least < taken < at_most


def agree(phones: list[Page]) -> None:
    """All show the same seconds, as far as one can look at them at once."""
    shown = [int(phone.get_by_role("timer").locator(".figures").inner_text()) for phone in phones]
    assert max(shown) - min(shown) <= 1
