"""The lesson's own page, as a learner comes to it: by keys, by finger, without scripts, on paper."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, PROJECTOR, OpenPage
from tests.e2e.test_every_page import fits_its_screen, is_accessible

LESSON = "/lessons/every-kind/"
LAPTOP = {"width": 1280, "height": 800}


def reach(page: Page, name: str, most: int = 60) -> None:
    """Tab until what has that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith(name):
            return
    raise AssertionError(f"No tab leads to “{name}”")


def test_by_keys_alone(open_page: OpenPage) -> None:
    page = open_page(LESSON, LAPTOP)
    reach(page, "Skip to the content")
    page.keyboard.press("Enter")
    reach(page, "Play Quiz")
    reach(page, "Show all answers")
    answers = page.locator("#questions details")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hide all answers")).to_be_focused()
    assert all(answers.evaluate_all("all => all.map((one) => one.open)"))
    page.keyboard.press("Enter")
    reach(page, "Show the answer")
    page.keyboard.press("Space")
    expect(answers.first).to_have_attribute("open", "")
    expect(page.get_by_role("button", name="Show all answers")).to_be_visible()


def test_by_finger(open_page: OpenPage, shots: Path) -> None:
    page = open_page("/lessons/", PHONE)
    page.get_by_label("Search the lessons").fill("right angle")
    page.get_by_role("button", name="Search").tap()
    expect(page.get_by_role("status")).to_have_text("Found in 1 lesson.")
    is_accessible(page, "found")
    page.screenshot(path=shots / "search-360.png")
    place = page.locator(".found li a").first
    anchor = str(place.get_attribute("href")).split("#")[1]
    place.tap()
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    page.get_by_text("Show the answer").first.tap()
    expect(page.locator("#questions details[open]")).to_have_count(1)
    page.get_by_role("link", name="Spaced Repetition").tap()
    expect(page).to_have_url("/lessons/every-kind/review/")
    fits_its_screen(page)


def test_without_scripts_all_can_be_read(open_page: OpenPage, shots: Path) -> None:
    page = open_page(LESSON, PHONE, java_script_enabled=False)
    page.screenshot(path=shots / "lesson-without-scripts.png")

    expect(page.get_by_role("button", name="Show all answers")).to_be_hidden()
    page.locator("#questions summary").first.click()
    expect(page.locator("#questions details").first.locator("strong")).to_be_visible()
    expect(page.get_by_role("heading", name="Study notes")).to_be_visible()
    expect(page.locator("#flashcards dd").first).to_be_visible()


def test_on_paper_the_answers_have_a_page_of_their_own(open_page: OpenPage) -> None:
    page = open_page("/lessons/llms-and-mlps/", PROJECTOR, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    expect(page.get_by_role("link", name="Play Quiz")).to_be_hidden()
    expect(page.locator("#questions details").first).to_be_hidden()
    expect(page.locator(".answers-on-paper li")).to_have_count(35)
    expect(page.locator(".answers-on-paper")).to_be_visible()
    # Ink is dark on paper, whatever the screen's theme is.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 29, 51)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.flashcards')).display") == "table"
    )
