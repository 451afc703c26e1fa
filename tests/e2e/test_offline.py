"""Study pages on a slow network and without one, and what a service worker must not keep."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, OpenPage, Server
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.e2e.test_whole_lesson import log_in

LAPTOP = {"width": 1280, "height": 800}
LESSON = "/lessons/llms-and-mlps/"
REVIEW = f"{LESSON}review/"
STUDY_PAGES = (LESSON, f"{LESSON}flashcards/", f"{LESSON}quiz/", REVIEW)
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
            let cache, kept;
            // The worker may just be dropping what it had, to keep it anew.
            while (kept === undefined) {
                await new Promise((later) => setTimeout(later, 100));
                cache = await caches.open('pages-1');
                kept = await cache.match(path);
            }
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
    browser: Browser, open_page: OpenPage, shots: Path
) -> None:
    page = open_page()
    stranger = open_page(service_workers="block")
    for path in STUDY_PAGES:
        visit(page, path)
        stranger.goto(path)

    with slow_network(browser, page):
        with_worker = {path: painted_after_ms(page, path) for path in STUDY_PAGES}
        page.screenshot(path=shots / "on-its-way-phone.png")
        expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    with slow_network(browser, stranger):
        without = painted_after_ms(stranger, LESSON)

    print("\nms to the first paint on slow 3G, with the worker:", with_worker)
    print("without, the lesson's page:", without)
    assert without > 2000
    assert max(with_worker.values()) < 1000


def test_a_lesson_is_read_offline(open_page: OpenPage, shots: Path) -> None:
    page = open_page(LESSON, LAPTOP)
    visit(page, LESSON)
    visit(page, REVIEW)
    visit(page, LESSON)  # what its pictures are drawn with came after the first time
    page.context.set_offline(True)

    page.goto(LESSON)
    expect(page.get_by_role("heading", name="Study notes")).to_be_visible()
    expect(page.locator("[data-explanation] svg").first).to_be_visible()
    # How many cards are due, only the server knows.
    expect(page.locator("[data-personal]")).to_have_text("\xa0")
    page.screenshot(path=shots / "offline-lesson.png")

    page.goto(REVIEW)
    expect(page.get_by_role("alert")).to_contain_text("needs the network")
    for name, size in (("phone", PHONE), ("laptop", LAPTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            fits_its_screen(page)
            is_accessible(page, f"offline review, {name}, {theme}")
            page.screenshot(path=shots / f"offline-review-{name}-{theme}.png")

    page.get_by_role("link", name="Read the lesson").click()
    expect(page.get_by_role("heading", name="Study notes")).to_be_visible()
    page.go_back()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("button", name="Show answer")).to_be_visible()
    expect(page.locator(".on-its-way")).to_have_count(0)


def test_a_changed_page_says_so(open_page: OpenPage, shots: Path) -> None:
    page = open_page(LESSON)
    visit(page, LESSON)
    notice = page.get_by_role("status").filter(has_text="There is a newer version of this page.")

    page.goto(LESSON)
    expect(page.locator("[data-personal]")).to_have_text(re.compile("new cards today"))
    assert notice.count() == 0  # the figures come with the news, and there were none

    keep_an_older(page, "Study notes", "Old notes")
    page.goto(LESSON)
    expect(page.get_by_role("heading", name="Old notes")).to_be_visible()
    expect(notice).to_be_visible()
    for name, size in (("phone", PHONE), ("laptop", LAPTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            fits_its_screen(page)
            is_accessible(page, f"newer page, {name}, {theme}")
            page.screenshot(path=shots / f"newer-page-{name}-{theme}.png")

    page.get_by_role("button", name="Show it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Study notes")).to_be_visible()
    expect(page.locator("[data-personal]")).to_have_text(re.compile("new cards today"))
    assert notice.count() == 0


def test_what_is_kept_is_one_visitors(open_page: OpenPage, server: Server) -> None:
    page = open_page(f"/accounts/log-in/?next={LESSON}", LAPTOP)
    log_in(page, server)
    visit(page, LESSON)
    assert ">Edit<" in page.evaluate(LESSON_HTML)

    page.get_by_role("button", name="Dark page").click()
    page.wait_for_function(
        """async () => (await (await caches.match('/lessons/llms-and-mlps/'))?.text())
            ?.includes('data-theme="dark"')"""
    )

    # The token in its form is of before the log-in, or of last year.
    keep_an_older(page, 'csrfmiddlewaretoken" value="\\w+"', 'csrfmiddlewaretoken" value="old"')
    page.goto(LESSON)
    page.evaluate("localStorage.setItem('study:rating', '{}')")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert not is_kept(page, LESSON)
    assert page.evaluate("localStorage.getItem('study:rating')") is None

    visit(page, LESSON)
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert ">Edit<" not in page.evaluate(LESSON_HTML)


def test_who_comes_to_a_room_keeps_no_lesson(open_page: OpenPage, server: Server) -> None:
    host = open_page(f"{LESSON}open-room/?defaults", LAPTOP)
    log_in(host, server)
    host.get_by_role("button", name="Open the room").click()
    code = re.sub(r"\D", "", host.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text())
    ada = open_page(LESSON)
    visit(ada, LESSON)
    visit(ada, REVIEW)

    ada.goto(f"/{code}")
    ada.wait_for_function("async () => !(await caches.has('pages-1'))")

    ada.goto(LESSON)
    expect(ada.get_by_text("Superposition")).to_have_count(0)
    ada.wait_for_load_state("networkidle")
    assert not is_kept(ada, LESSON)
    assert not is_kept(ada, REVIEW)


def test_a_page_that_is_no_more_goes_from_the_screen(open_page: OpenPage) -> None:
    """As a lesson that was made private, or locked by a room that another tab came to."""
    page = open_page(LESSON)
    visit(page, LESSON)
    page.evaluate(
        """async () => {
            const cache = await caches.open('pages-1');
            await cache.put('/lessons/gone/', await cache.match('/lessons/llms-and-mlps/'));
        }"""
    )

    page.goto("/lessons/gone/")

    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    assert not is_kept(page, "/lessons/gone/")


class Elsewhere(BaseHTTPRequestHandler):
    """Another server at an address that once was ours: every page, and for a while the worker."""

    worker: bytes | None = None

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        is_worker = self.path == "/worker.js"
        body = self.worker if is_worker else b"<!doctype html><title>Elsewhere</title>"
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "text/javascript" if is_worker else "text/html")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_worker_that_is_served_no_more_leaves(open_page: OpenPage, server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/worker.js") as response:
        Elsewhere.worker = response.read()
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        page = open_page(f"http://127.0.0.1:{elsewhere.server_port}/lessons/angles/")
        page.evaluate("navigator.serviceWorker.register('/worker.js')")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.reload()
        page.wait_for_function("async () => (await caches.keys()).length > 0")

        Elsewhere.worker = None
        # As when the browser is started the next day.
        session = page.context.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        page.reload()

        page.wait_for_function(
            "async () => (await navigator.serviceWorker.getRegistration()) === undefined"
        )
        page.wait_for_function("async () => (await caches.keys()).length === 0")
        elsewhere.shutdown()
