"""A real server with the sample lesson and a host account, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from games import seats
from lessons.drafts import LessonDraft
from lessons.formats import own_yaml
from tests import postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SAMPLE: Path = settings.BASE_DIR / "lessons" / "samples" / "llms-and-mlps.lesson.yaml"
EVERY_KIND: Path = settings.BASE_DIR / "tests" / "lessons" / "every_kind.lesson.yaml"
PHONE = {"width": 360, "height": 640}
PROJECTOR = {"width": 1920, "height": 1080}


class Server(NamedTuple):
    """Where it is, and the host's log-in."""

    url: str
    host: str
    password: str


@pytest.fixture(scope="session")
def environment(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a server that is set up: its database has the lessons and the host."""
    assert (settings.BASE_DIR / "frontend" / "dist" / "manifest.json").exists(), (
        "The browser code isn't built: run `make test`."
    )
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path_factory.mktemp("e2e")),
        "REDIS_URL": redis_url,
        "REDIS_PREFIX": f"test-{seats.new_player()}",
        "DATABASE_URL": postgres.new_database_of_this_run(),
        "DJANGO_SUPERUSER_PASSWORD": "chalk-and-vectors",
    }
    short = tmp_path_factory.mktemp("lesson") / "short.lesson.yaml"
    short.write_bytes(own_yaml.write(short_lesson())[0])
    for command in (
        ["migrate", "-v0"],
        ["load_sample"],
        ["load_sample", str(short)],
        ["load_sample", str(EVERY_KIND)],
        ["collectstatic", "--noinput", "-v0"],
        ["createsuperuser", "--noinput", "--username=hana", "--email=hana@example.org"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return environment


@pytest.fixture(scope="session")
def server(environment: dict[str, str]) -> Iterator[Server]:
    with serving(environment) as started:
        yield started


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Server]:
    """Daphne with the built browser code, as `make play` starts it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    daphne = [sys.executable, "-m", "quizgame.daphne", "-b", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        [*daphne, "quizgame.asgi:application"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _until_up(url)
        yield Server(url, "hana", "chalk-and-vectors")
    finally:
        process.terminate()
        process.wait()


def sample_lesson() -> LessonDraft:
    return own_yaml.read(SAMPLE.read_bytes())[0]


def short_lesson() -> LessonDraft:
    """Of the sample's questions the first of each kind, and the first with a picture of these."""
    sample, seen, kept = sample_lesson(), set[str](), []
    for draft in sample.questions:
        question = draft.question
        news: set[str] = {question.kind}
        if question.explanation and question.explanation.key in {"toy", "sae"}:
            news.add(question.explanation.key)
        if not news <= seen:
            seen |= news
            kept.append(draft)
    return sample.model_copy(update={"slug": "short", "questions": tuple(kept)})


def _until_up(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Daphne didn't start")


# Not for the session: while Playwright's own event loop is open, no asynchronous test can run.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    installed = next((path for path in map(shutil.which, BROWSERS) if path), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=installed,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
            ],
        )
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """Opens a page as a visitor of its own; fails the test if the page ever logs an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(path: str = "/", size: dict[str, int] = PHONE, **options: Any) -> Page:
        is_phone = size == PHONE
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=is_phone,
            is_mobile=is_phone,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: errors.extend(broken_policy(page, message)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def broken_policy(page: Page, message: ConsoleMessage) -> list[str]:
    """What the page tried although its Content-Security-Policy forbids it."""
    is_one = "Content Security Policy" in message.text
    return [f"{page.url}: {message.text}"] if is_one else []


@pytest.fixture
def shots() -> Path:
    """Where screenshots go: `var/screenshots`, kept for looking at."""
    folder: Path = settings.BASE_DIR / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
