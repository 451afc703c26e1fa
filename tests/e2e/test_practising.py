"""A quiz alone, in a real browser: every kind by keyboard and by touch, a reload, a lost line."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.test_every_page import fits_its_screen, is_accessible

LAPTOP = {"width": 1280, "height": 800}
QUIZ = "/lessons/every-kind/quiz/"
HEADING = "main h1"


def start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("progressbar")).to_be_visible()


def looks(page: Page, shots: Path, name: str, light_and_dark: bool = True) -> None:
    """Fits, is accessible, and is kept to look at, in both themes."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    fits_its_screen(page)
    page.evaluate("document.getAnimations().forEach((running) => running.finish?.())")
    for theme in ("light", "dark") if light_and_dark else ("light",):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=shots / f"practice-{name}-{width}-{theme}.png", full_page=True)
        is_accessible(page, f"{name} {theme}")


def test_every_kind_by_keyboard(open_page: OpenPage, shots: Path) -> None:
    page = open_page(QUIZ, LAPTOP)
    looks(page, shots, "start")
    start(page)
    press = page.keyboard.press
    heading = page.locator(HEADING)

    def told(verdict: str, name: str) -> None:
        expect(heading).to_have_text(verdict)
        expect(heading).to_be_focused()
        looks(page, shots, name)
        press("Enter")
        expect(heading).not_to_have_text(verdict)

    press("b")
    told("Right", "single-choice")
    press("1")
    press("3")
    page.get_by_role("button", name="Send").press("Enter")
    told("Not yet", "several-right")
    press("1")
    told("Right", "true-false")
    page.keyboard.type("obtues angel")
    press("Enter")
    told("Right", "typed-text")
    page.keyboard.type("0.7")
    press("Enter")
    told("Not yet", "typed-number")
    page.get_by_label("Your guess").first.fill("130")
    press("Enter")
    told("Close", "number-guess")
    for digit in "1234":
        press(digit)
    page.get_by_role("button", name="Send").press("Enter")
    told("Not yet", "order-steps")
    press("c")
    told("There is no right answer here.", "poll")
    page.keyboard.type("paper")
    press("Enter")
    told("There is no right answer here.", "word-cloud")
    expect(heading).to_have_text("Angles in the room")
    expect(heading).to_be_focused()
    looks(page, shots, "info-slide")
    press("Enter")

    expect(heading).to_have_text("3 of 7 right")
    expect(heading).to_be_focused()
    looks(page, shots, "result")
    page.get_by_role("button", name="Again: only the missed").press("Enter")
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    page.go_back()
    page.goto(QUIZ)
    expect(page.get_by_role("link", name="Go on: 0 of 4 answered")).to_be_visible()
    expect(page.get_by_role("cell", name="3 of 7")).to_be_visible()
    looks(page, shots, "start-again")


def test_by_touch_with_a_reload_and_without_a_line(open_page: OpenPage, shots: Path) -> None:
    page = open_page(QUIZ, PHONE)
    looks(page, shots, "start")
    start(page)
    heading = page.locator(HEADING)
    looks(page, shots, "asked")
    page.get_by_role("button", name=re.compile("45°")).tap()
    expect(heading).to_have_text("Not yet")
    expect(page.get_by_text("The square in the corner says so.")).to_be_visible()
    looks(page, shots, "single-choice")

    page.reload()
    expect(page.get_by_text("Question 2 of 10")).to_be_visible()
    page.get_by_role("button", name=re.compile("100 gon")).tap()
    looks(page, shots, "several-asked", light_and_dark=False)
    page.get_by_role("button", name="Send").tap()
    expect(heading).to_have_text("Partly right")
    looks(page, shots, "several-right")
    page.get_by_role("button", name="Go on").tap()
    page.get_by_role("button", name="I don’t know").tap()
    expect(heading).to_have_text("Here is the answer")
    page.get_by_role("button", name="Go on").tap()

    page.context.set_offline(True)
    page.get_by_label("Your answer").fill("acute")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("alert")).to_contain_text("No connection.")
    looks(page, shots, "offline", light_and_dark=False)
    page.context.set_offline(False)
    expect(heading).to_have_text("Not yet")
    expect(page.locator("main del")).to_contain_text("acute")
    looks(page, shots, "typed-text")
    page.get_by_role("button", name="Go on").tap()

    # The answer arrives and its reply is lost; the page is closed before it can ask again.
    page.route("**/answer/", lambda route: (route.fetch(), route.abort())[0])
    page.get_by_label("Your number").fill("0,5")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Send").tap()
    page.unroute("**/answer/")
    page.reload()
    expect(page.get_by_text("Question 6 of 10")).to_be_visible()
    looks(page, shots, "number-asked", light_and_dark=False)
    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Send").tap()
    expect(heading).to_have_text("Close")
    looks(page, shots, "number-guess")
    page.get_by_role("button", name="Go on").tap()
    for step in ("acute", "right", "obtuse", "straight"):
        page.get_by_role("button", name=step, exact=True).tap()
    page.get_by_role("button", name="Send").tap()
    expect(heading).to_have_text("Right")
    looks(page, shots, "order-steps")


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_picture_comes_after_the_verdict(
    open_page: OpenPage, shots: Path, size: dict[str, int]
) -> None:
    page = open_page("/lessons/llms-and-mlps/quiz/", size)
    start(page)
    page.route("**/picture.json*", lambda route: route.abort())
    page.get_by_role("button", name="I don’t know").click()
    expect(page.get_by_text("The picture didn’t come.")).to_be_visible()
    expect(page.locator(HEADING)).to_have_text("Here is the answer")
    page.unroute("**/picture.json*")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I don’t know").click()
    expect(page.locator("main figure, main .explanation").first).to_be_visible()
    looks(page, shots, "picture")
