"""Spaced repetition in a browser: by keyboard, by touch, and without a connection."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.test_every_page import fits_its_screen, is_accessible

LAPTOP = {"width": 1280, "height": 800}


def looks_well(page: Page, shots: Path, name: str) -> None:
    """In both themes."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        fits_its_screen(page)
        is_accessible(page, f"{name} {theme}")
        page.screenshot(path=shots / f"review-{name}-{theme}.png")


def waiting(page: Page, new: int, learning: int, due: int) -> None:
    told = rf"{new} new\s*{learning} learning\s*{due} due"
    expect(page.get_by_role("banner").get_by_role("list")).to_have_text(re.compile(told))


def test_a_session_by_keyboard_alone(open_page: OpenPage, shots: Path) -> None:
    page = open_page("/lessons/short/review/", LAPTOP)
    first = page.get_by_role("heading", level=1)
    expect(first).to_be_focused()
    term = first.text_content() or ""
    waiting(page, 9, 0, 0)
    looks_well(page, shots, "front-laptop")

    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="Answer")).to_be_focused()
    again = page.get_by_role("button", name="Again")
    expect(again).to_have_text(re.compile("1 min"))
    looks_well(page, shots, "back-laptop")
    page.keyboard.press("1")
    expect(first).not_to_have_text(term)
    waiting(page, 8, 1, 0)

    second = first.text_content() or ""
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(first).not_to_have_text(second)
    waiting(page, 7, 2, 0)

    page.keyboard.press("z")
    expect(page.get_by_text("Your last rating is taken back.")).to_be_visible()
    expect(first).to_have_text(second)
    waiting(page, 8, 1, 0)

    page.keyboard.press("-")
    expect(page.get_by_text("That card comes again tomorrow at the earliest.")).to_be_visible()
    expect(first).not_to_have_text(second)
    page.get_by_role("button", name="Bring it back").press("Enter")
    expect(first).to_have_text(second)

    page.keyboard.press("@")
    expect(first).not_to_have_text(second)
    waiting(page, 7, 1, 0)

    # What is left is all easy, and the one that was forgotten comes ahead of its minute.
    for _ in range(7):
        shown = first.text_content() or ""
        page.keyboard.press("Space")
        page.keyboard.press("4")
        expect(first).not_to_have_text(shown)
    expect(first).to_have_text(term)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect(first).to_have_text("Done for today")
    expect(page.get_by_text("You reviewed 9 cards today and knew 8.")).to_be_visible()
    expect(page.get_by_text(re.compile("The next card comes on "))).to_be_visible()
    looks_well(page, shots, "done-laptop")
    page.get_by_role("link", name="Your study page").focus()
    page.keyboard.press("z")
    expect(first).to_have_text(term)


def test_by_touch_and_without_a_connection(open_page: OpenPage, shots: Path) -> None:
    page = open_page("/lessons/short/review/")
    first = page.get_by_role("heading", level=1)
    term = first.text_content() or ""
    looks_well(page, shots, "front-phone")
    page.get_by_role("button", name="Show answer").tap()
    looks_well(page, shots, "back-phone")

    lost: list[dict[str, object]] = []

    def lose(route: Route) -> None:
        # The first one counts, but its answer is lost; then the line is dead.
        if not lost:
            route.fetch()
        lost.append(route.request.post_data_json or {})
        route.abort()

    page.route("**/study/review/rate/", lose)
    page.get_by_role("button", name="Good").tap()
    expect(page.get_by_text(re.compile("^No connection."))).to_be_visible()
    looks_well(page, shots, "offline-phone")
    page.unroute("**/study/review/rate/")
    expect(first).not_to_have_text(term)
    expect(page.get_by_text(re.compile("^No connection."))).not_to_be_visible()
    waiting(page, 8, 1, 0)
    assert lost[0]["seen"] == 0

    page.locator("summary").tap()
    looks_well(page, shots, "menu-phone")
    page.get_by_role("button", name="Not today").tap()
    expect(page.get_by_text("That card comes again tomorrow at the earliest.")).to_be_visible()

    # A rating that the last page couldn't send goes out from this one.
    shown = first.text_content() or ""
    page.get_by_role("button", name="Show answer").tap()
    page.route("**/study/review/rate/", lambda route: route.abort())
    page.get_by_role("button", name="Easy").tap()
    expect(page.get_by_text(re.compile("^No connection."))).to_be_visible()
    page.unroute("**/study/review/rate/")
    page.reload()
    expect(first).not_to_have_text(shown)
    waiting(page, 6, 1, 0)


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_nobody_has_begun_anything(open_page: OpenPage, shots: Path, size: dict[str, int]) -> None:
    page = open_page("/study/review/", size)
    expect(page.get_by_role("heading", name="Nothing to review")).to_be_visible()
    looks_well(page, shots, f"empty-{size['width']}")
    expect(page.get_by_role("link", name="All lessons")).to_have_attribute("href", "/lessons/")


def test_questions_are_cards_too(open_page: OpenPage, shots: Path) -> None:
    page = open_page("/study/settings/", PHONE)
    page.get_by_label("questions as cards").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/lessons/every-kind/review/")

    looked_at: set[str] = set()
    typed = page.locator("#typed")
    for left in range(10, 0, -1):
        expect(page.get_by_role("button", name="Show answer")).to_be_visible()
        waiting(page, left, 0, 0)
        kind = "typed" if typed.count() else "options" if page.locator("#front ul").count() else ""
        is_new = kind not in {*looked_at, ""}
        if typed.count():
            typed.fill("9o")
        if is_new:
            looks_well(page, shots, f"{kind}-front-phone")
        page.get_by_role("button", name="Show answer").tap()
        expect(page.get_by_role("region", name="Answer")).to_be_visible()
        if is_new:
            looks_well(page, shots, f"{kind}-back-phone")
            looked_at.add(kind)
        page.get_by_role("button", name="Easy").tap()

    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    assert looked_at == {"typed", "options"}


def test_by_touch_to_the_learners_own_page(open_page: OpenPage) -> None:
    page = open_page("/study/", PHONE)
    page.get_by_role("link", name="Lessons", exact=True).first.tap()
    page.goto("/lessons/short/review/")
    page.get_by_role("button", name="Show answer").tap()
    page.get_by_role("button", name="Again").tap()
    expect(page.get_by_role("banner").get_by_role("list")).to_contain_text("1 learning")

    page.goto("/study/")
    expect(page.get_by_text("kept on this device")).to_be_visible()
    page.get_by_text("The numbers").first.tap()
    expect(page.locator("details[open]")).to_have_count(1)
    page.get_by_role("link", name="Settings").tap()
    page.get_by_label("both directions").tap()
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.get_by_label("both directions")).to_be_checked()
