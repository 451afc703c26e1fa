"""Study pages on a slow network and without one, and what a service worker must not keep."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, OpenPage, Server
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.e2e.test_whole_lesson import log_in

LAPTOP = {"width": 1280, "height": 800}
LESSON = "/lessons/llms-and-mlps/"
REVIEW = f"{LESSON}review/"
STUDY_PAGES = (LESSON, f"{LESSON}quiz/", REVIEW)
LESSON_HTML = "async () => (await caches.match('/lessons/llms-and-mlps/')).text()"
IS_KEPT = "async (path) => (await caches.match(path)) !== undefined"
# Chrome's own preset “Slow 3G”.
SLOW_3G = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 400 * 1024 / 8,
    "uploadThroughput": 400 * 1024 / 8,
}


def visit(page: Page, path: str) -> None:
    """Look at a page until the worker has it, and what it is drawn with."""
    page.goto(path)
    page.wait_for_function(IS_KEPT, arg=path)
    page.wait_for_load_state("networkidle")


def is_kept(page: Page, path: str) -> bool:
    found: bool = page.evaluate(IS_KEPT, path)
    return found


def keep_an_older(page: Page, now: str, then: str) -> None:
    """As if the worker had been here before the lesson was edited."""
    page.evaluate(
        """async ([now, then]) => {
            const path = '/lessons/llms-and-mlps/';
            const cache = await caches.open('pages-1');
            const kept = await cache.match(path);
            const html = (await kept.text()).replaceAll(new RegExp(now, 'g'), then);
            await cache.put(path, new Response(html, {headers: kept.headers}));
        }""",
        [now, then],
    )


@contextmanager
def slow_network(browser: Browser, page: Page) -> Iterator[None]:
    """Slow 3G for the page and for its worker, which asks the network by itself."""
    page_session = page.context.new_cdp_session(page)
    session = browser.new_browser_cdp_session()
    workers = [
        session.send("Target.attachToTarget", {"targetId": target["targetId"], "flatten": False})
        for target in session.send("Target.getTargets")["targetInfos"]
        if target["type"] == "service_worker"
    ]

    def emulate(conditions: dict[str, Any]) -> None:
        method = "Network.emulateNetworkConditions"
        page_session.send(method, conditions)
        for worker in workers:
            message = json.dumps({"id": 1, "method": method, "params": conditions})
            session.send("Target.sendMessageToTarget", {**worker, "message": message})

    emulate(SLOW_3G)
    yield
    emulate({"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    page_session.detach()
    session.detach()


def painted_after_ms(page: Page, path: str) -> int:
    page.goto(path, wait_until="commit")
    page.wait_for_function(
        "() => performance.getEntriesByName('first-contentful-paint').length > 0"
    )
    after: float = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    return round(after)


def test_a_study_page_is_there_at_once_on_a_slow_network(
    browser: Browser, open_page: OpenPage
) -> None:
    page = open_page()
    stranger = open_page(service_workers="block")
    for path in STUDY_PAGES:
        visit(page, path)
        stranger.goto(path)

    with slow_network(browser, page):
        with_worker = {path: painted_after_ms(page, path) for path in STUDY_PAGES}
        expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    with slow_network(browser, stranger):
        without = painted_after_ms(stranger, LESSON)

    print("\nms to the first paint on slow 3G, with the worker:", with_worker)
    print("without, the lesson's page:", without)
    assert without > 2000
    assert max(with_worker.values()) < 1000
