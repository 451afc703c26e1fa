"""A deck in a real browser: by keys alone, and by a finger."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.e2e.conftest import PHONE, PROJECTOR, OpenPage
from tests.e2e.test_every_page import fits_its_screen, is_accessible

DECK = "/lessons/every-kind/flashcards/"
LAPTOP = {"width": 1280, "height": 800}


def position(page: Page, at: int, of: int = 4) -> None:
    expect(page.locator("article").get_by_text(f"Card {at} of {of}")).to_be_visible()


def drag(page: Page, by: int) -> None:
    """A finger on the card that goes aside: real touches, not events made up in the page."""
    box = page.locator(".card").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        touch("touchMove", {"x": x + by * step / 8, "y": y + 1})
        page.wait_for_timeout(20)
    touch("touchEnd")


def test_by_keys_alone(open_page: OpenPage) -> None:
    page = open_page(DECK, LAPTOP)
    front, back = page.locator(".side.front"), page.locator(".side.back")
    position(page, 1)
    expect(back).to_have_attribute("inert", "")
    page.keyboard.press("Space")
    expect(front).to_have_attribute("inert", "")
    expect(page.get_by_role("status").first).to_contain_text("A quarter of a turn, formula.")
    page.keyboard.press("Enter")
    expect(back).to_have_attribute("inert", "")

    with page.expect_response(is_mark):
        page.keyboard.press("k")
    position(page, 2)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("article").get_by_text("known")).to_be_visible()

    page.keyboard.press("s")
    expect(page.get_by_role("status").first).to_contain_text("The cards are shuffled.")
    said = page.get_by_role("status").first
    order = [said.inner_text().removeprefix("The cards are shuffled. ")]
    for n in range(3):
        page.keyboard.press("ArrowRight")
        expect(said).to_contain_text(f"Card {n + 2} of 4")
        order.append(said.inner_text())
    page.reload()
    position(page, 4)
    for asked in reversed(order):
        expect(said).to_have_text(asked)
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")

    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="That was the last card")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("You know 1 of 3.")).to_be_visible()
    page.get_by_role("button", name="The other 2 again").press("Enter")
    position(page, 1, 3)
    for _ in range(3):
        page.keyboard.press("k")
    page.get_by_role("button", name="All of them once more").press("Enter")
    position(page, 1)
    page.keyboard.press("a")
    position(page, 2)

    page.get_by_role("button", name="Options").press("Enter")
    page.get_by_label("Type answers where there is one wording").press("Space")
    page.get_by_role("radio", name="the term for a meaning").press("Space")
    is_accessible(page, "options")
    page.keyboard.press("Escape")
    page.get_by_label("Your answer").fill("dot produkt")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("Right")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Your answer").fill("80")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("Not quite")


def test_by_a_finger(open_page: OpenPage) -> None:
    page = open_page(DECK)
    position(page, 1)
    drag(page, -40)
    drag(page, -180)
    position(page, 2)
    expect(page.locator(".side.back")).to_have_attribute("inert", "")
    page.locator(".card").tap(position={"x": 40, "y": 40})
    expect(page.locator(".side.front")).to_have_attribute("inert", "")
    drag(page, 180)
    position(page, 1)

    # A tap soon after a swipe brings Chromium's buttons no click.
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Cards", exact=True).tap()
    page.get_by_role("button", name="Degrees and radians").tap()
    position(page, 3)


def is_mark(response: Response) -> bool:
    return response.url.endswith("/known/") and response.request.method == "POST"


def test_marks_wait_for_the_server(open_page: OpenPage) -> None:
    page = open_page(DECK, LAPTOP)

    def down(route: Route) -> None:
        route.abort()

    page.route("**/known/", down)
    page.keyboard.press("k")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    position(page, 2)
    page.unroute("**/known/", down)
    with page.expect_response(is_mark) as saved:
        page.reload()
    assert saved.value.status == 200
    expect(page.get_by_text("Not saved yet")).to_be_hidden()
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("article").get_by_text("known")).to_be_visible()


@pytest.mark.parametrize(("theme", "wide"), [("light", PROJECTOR), ("dark", LAPTOP)])
def test_every_card_fits_its_screen(
    open_page: OpenPage, shots: Path, theme: str, wide: dict[str, int]
) -> None:
    for size in (PHONE, wide):
        page = open_page(DECK, size)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        for n in range(4):
            position(page, n + 1)
            for side in ("front", "back"):
                page.wait_for_timeout(400)
                fits_its_screen(page)
                page.screenshot(path=shots / f"flashcard-{n}-{side}-{size['width']}-{theme}.png")
                if size == PHONE or n == 0:
                    is_accessible(page, f"{n} {side}")
                page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="That was the last card")).to_be_visible()
        page.screenshot(path=shots / f"flashcards-end-{size['width']}-{theme}.png")
        is_accessible(page, "end")
        page.get_by_role("button", name="Options").click()
        page.screenshot(path=shots / f"flashcards-options-{size['width']}-{theme}.png")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Cards", exact=True).click()
        page.screenshot(path=shots / f"flashcards-list-{size['width']}-{theme}.png")
