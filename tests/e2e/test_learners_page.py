"""A learner's own pages by keyboard, at phone and laptop size, in both themes."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lessons.models import Lesson
from lessons.study.models import Learner, Memory
from lessons.study.spaced_repetition import Item
from tests.e2e.conftest import BROWSERS, PHONE, SAMPLE, broken_policy
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.lessons.study.cast_of_learners import studied

LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture
def session(transactional_db: None) -> str:
    """Ada has studied the sample lesson for half a year, and is logged in."""
    call_command("load_sample", SAMPLE)
    ada = User.objects.create_user("ada", password="spherical-cow")
    learner = Learner.objects.create(user=ada)
    lesson = Lesson.objects.get()
    cards = [
        Item(lesson.pk, pk, "forward") for pk in lesson.flashcards.values_list("pk", flat=True)
    ]
    for weeks, card in enumerate(cards):
        studied(learner, [card], timezone.now() - timedelta(weeks=weeks % 3), reviews=9, seed=weeks)
    aside = Memory.objects.filter(flashcard=cards[0].flashcard)
    aside.update(is_leech=True, is_suspended=True, lapses=8)
    client = Client()
    client.force_login(ada)
    return str(client.cookies["sessionid"].value)


# After the database: while Playwright's own event loop is open, Django refuses to use it.
@pytest.fixture
def browser(session: str) -> Iterator[Browser]:
    installed = next((path for path in map(shutil.which, BROWSERS) if path), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_a_learner_looks_around_by_keyboard(
    live_server: LiveServer, browser: Browser, session: str
) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.extend(broken_policy(page, message)))

    page.goto("/study/")
    looks_good(page, "study")
    page.locator("summary", has_text="The numbers").first.press("Enter")
    expect(page.locator("details[open] li")).to_have_count(30)
    page.locator("#set-aside ~ ul a").press("Enter")

    expect(page.get_by_role("heading", name="All its reviews")).to_be_visible()
    looks_good(page, "card")
    expect(page.get_by_role("img", name="Chance to know this card")).to_be_visible()
    page.get_by_role("button", name="Bring back").press("Enter")
    expect(page.get_by_role("status")).to_have_text("The card is back.")
    page.get_by_role("link", name="Your studies").press("Enter")
    expect(page.get_by_role("heading", name="Set aside")).to_have_count(0)

    page.get_by_role("link", name="Settings").press("Enter")
    retention = page.get_by_label("Desired retention")
    cost = page.locator("#retention-cost")
    expect(cost).to_have_text("What most learners take.")
    retention.press("ArrowUp")
    expect(cost).to_contain_text("more reviews than at 90 %.")
    page.get_by_role("button", name="This device’s: Asia/Tokyo").press("Enter")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_label("Time zone")).to_be_focused()
    page.get_by_label("Learning steps").first.fill("soon")
    page.keyboard.press("Enter")
    wrong = page.get_by_label("Learning steps").first
    expect(wrong).to_have_attribute("aria-invalid", "true")
    looks_good(page, "settings")
    wrong.fill("1 10 30")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_have_text("Saved.")
    expect(retention).to_have_value("91")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.locator("[data-own-zone]")).to_be_hidden()

    for path in ("settings/fit", "delete"):
        page.goto(f"/study/{path}/")
        looks_good(page, path.replace("/", "-"))
    context.clear_cookies()
    page.goto("/study/")
    expect(page.get_by_role("link", name="Choose a lesson")).to_be_visible()
    looks_good(page, "empty")
    context.close()
    assert problems == []


def looks_good(page: Page, name: str) -> None:
    """At both sizes and in both themes; kept under `var/screenshots`."""
    folder = settings.BASE_DIR / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        is_accessible(page, f"{name} {theme}")
        for size in (LAPTOP, PHONE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            fits_its_screen(page)
            shot = folder / f"learner-{name}-{size['width']}-{theme}.png"
            page.screenshot(path=shot, full_page=True)
