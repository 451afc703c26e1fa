"""What a lesson's page and its form do in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.lessons.conftest import EVERY_KIND, drawing

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def session(transactional_db: None) -> str:
    """The lesson of every kind is there, and sam is logged in."""
    call_command("load_sample", EVERY_KIND)
    client = Client()
    client.force_login(User.objects.create_superuser("sam"))
    return str(client.cookies["sessionid"].value)


# After the database: while Playwright's own event loop is open, Django refuses to use it.
@pytest.fixture
def browser(session: str) -> Iterator[Browser]:
    installed = next((path for path in map(shutil.which, BROWSERS) if path), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_formulas_are_drawn_where_there_are_any(live_server: LiveServer, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live_server.url}/lessons/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "katex" in url.lower()] == []

    page.goto(f"{live_server.url}/lessons/every-kind/")
    formulas = page.locator(".math")
    expect(page.locator(".math > :is(.katex, .katex-display)")).to_have_count(formulas.count())
    expect(page.locator("div.math .katex-display")).to_have_count(1)
    expect(page.locator(".katex-error")).to_have_count(0)
    assert [url for url in asked if "katex" in url.lower()]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_without_scripts_a_formula_is_read_as_it_is_written(
    live_server: LiveServer, browser: Browser
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/lessons/every-kind/")

    expect(page.get_by_text("What is \\sin 30°?")).to_be_visible()
    expect(page.get_by_alt_text("Two lines that meet in a corner").first).to_be_visible()


KINDS = {
    "single_choice": {"answers", "points", "limit_s"},
    "several_right": {"answers", "points", "limit_s", "per_option"},
    "true_false": {"is_true", "points", "limit_s"},
    "typed_text": {"answers", "points", "limit_s", "typos"},
    "typed_number": {"right_number", "tolerance", "unit", "points", "limit_s"},
    "number_guess": {"right_number", "tolerance", "unit", "low", "high", "zero_at"}
    | {"points", "limit_s"},
    "order_steps": {"answers", "points", "limit_s"},
    "poll": {"answers", "limit_s"},
    "word_cloud": {"limit_s"},
    "info_slide": {"body", "limit_s"},
}


def test_the_form_shows_what_a_kind_needs(
    live_server: LiveServer, browser: Browser, session: str
) -> None:
    form = new_question(live_server, browser, session)
    fields = set().union(*KINDS.values())

    for kind, needed in KINDS.items():
        form.locator("[name$=-kind]").select_option(kind)
        shown = {name for name in fields if form.locator(f"[name$=-{name}]").is_visible()}
        assert (kind, shown) == (kind, needed)


def test_a_slide_begins_without_a_limit(
    live_server: LiveServer, browser: Browser, session: str
) -> None:
    form = new_question(live_server, browser, session)
    limits = {}
    for kind in ("poll", "info_slide", "single_choice"):
        form.locator("[name$=-kind]").select_option(kind)
        limits[kind] = form.locator("[name$=-limit_s]").input_value()

    assert limits == {"poll": "20", "info_slide": "", "single_choice": "20"}


def test_an_image_is_chosen_and_shown(
    live_server: LiveServer, browser: Browser, session: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.png"
    file.write_bytes(drawing("green", size=(40, 30)))
    form = new_question(live_server, browser, session)
    form.locator("[name$=-kind]").select_option("word_cloud")
    form.locator("[name$=-prompt]").fill("What is it?")
    form.locator("[name$=-image]").set_input_files(file)
    form.locator("[name$=-image_alt]").fill("Nothing but green")
    page = form.page
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert len(list(settings.MEDIA_ROOT.iterdir())) == 2
    opened(page)
    shown = page.locator("#questions-10 .image-input img")
    shown.evaluate("image => image.decode()")
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [40, 30]


def new_question(live_server: LiveServer, browser: Browser, session: str) -> Locator:
    """The form of one more question on the lesson's page of the admin."""
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{live_server.url}{reverse('admin:lessons_lesson_changelist')}")
    page.get_by_role("link", name="Every kind").click()
    opened(page)
    page.get_by_text("Add another Question").click()
    return page.locator("#questions-10")


def opened(page: Page) -> None:
    """Everything that was folded away is in sight."""
    page.locator("#questions-group").evaluate(
        "group => group.querySelectorAll('details').forEach(each => each.open = true)"
    )
