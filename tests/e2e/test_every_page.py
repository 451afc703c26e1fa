"""Every page at phone and projector size, with a class of thirty: kept under `var/screenshots`.

The pictures in the README come from here: `make pictures`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, PROJECTOR, OpenPage, Server, short_lesson
from tests.e2e.test_whole_lesson import answer, join, log_in, moves_on

SITE = (
    *("/", "/lessons/", "/lessons/llms-and-mlps/", "/accounts/log-in/", "/accounts/sign-up/"),
    *("/lessons/every-kind/", "/study/"),
)


@contextmanager
def crowd(server: Server, code: str) -> Iterator[None]:
    """A class of phones without browsers, until the block ends."""
    url = server.url.replace("http", "ws", 1)
    phones = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.crowd", url, code], cwd=settings.BASE_DIR
    )
    try:
        yield
    finally:
        phones.terminate()
        phones.wait()


AXE = settings.BASE_DIR / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def is_accessible(page: Page, name: str) -> None:
    """axe finds nothing against WCAG 2.2 A and AA."""
    page.evaluate("document.getAnimations().forEach((running) => running.finish?.())")
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))
            .violations.map(({id, nodes}) => `${id}: ${nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`)"""
    )
    assert found == [], name


def fits_its_screen(page: Page) -> None:
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), f"{page.url} scrolls sideways"


@pytest.mark.parametrize("size", [PHONE, PROJECTOR], ids=["phone", "projector"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_site_fit(
    open_page: OpenPage, shots: Path, size: dict[str, int], theme: str
) -> None:
    page = open_page("/", size)
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for path in SITE:
        page.goto(path)
        fits_its_screen(page)
        name = path.strip("/").replace("/", "-") or "landing"
        page.screenshot(path=shots / f"{name}-{size['width']}-{theme}.png")
        is_accessible(page, name)


@pytest.mark.timeout(300)
def test_pages_of_a_game_fit(open_page: OpenPage, server: Server, shots: Path) -> None:
    questions = [d.question for d in short_lesson().questions]
    question_kinds = {question.kind for question in questions} | {"get-ready"}
    host = open_page("/lessons/short/open-room/?defaults", PROJECTOR)
    log_in(host, server)
    host.locator("summary", has_text="Teams").click()
    host.get_by_role("radio", name="Teams, shared out evenly").check()
    host.screenshot(path=shots / "open-room.png")
    host.get_by_role("button", name="Open the room").click()
    host.screenshot(path=shots / "lobby-empty.png")
    code = re.sub(r"\D", "", host.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text())
    with crowd(server, code):
        ada = open_page(f"/{code}")
        ada.screenshot(path=shots / "phone-door.png")
        join(ada, "Ada")
        with host.expect_popup() as popup:
            host.get_by_role("link", name="Projector page").click()
        screen = popup.value
        screen.set_viewport_size({"width": 1920, "height": 1080})

        def looks(name: str) -> None:
            for page, whose in ((host, "host"), (screen, "screen"), (ada, "phone")):
                fits_its_screen(page)
                page.screenshot(path=shots / f"{name}-{whose}.png")
                if not name.endswith(tuple(question_kinds)):
                    # While a question is open there is no time to look at everything.
                    is_accessible(page, f"{name}-{whose}")

        expect(host.get_by_text("28 players")).to_be_visible()
        looks("lobby")
        for round, question in enumerate(questions):
            explained = question.explanation.key if question.explanation else ""
            moves_on(host, "Start" if round == 0 else "Next question")
            if round == 0:
                expect(ada.get_by_text("Get ready")).to_be_visible()
                looks("get-ready")
            expect(host.get_by_role("button", name="Close now")).to_be_visible()
            looks(f"{round:02}-{question.kind}")
            answer(ada, question, rightly=round % 3 != 2)
            expect(ada.get_by_text(re.compile("^(Right|Not this time)$")).first).to_be_visible()
            host.wait_for_timeout(700)
            looks(f"{round:02}-{question.kind}-result")
            host.keyboard.press("Space")
            is_last = round + 1 == len(questions)
            go_on = "Podium" if is_last else "Standings"
            expect(host.get_by_role("button", name=go_on, exact=True)).to_be_visible()
            host.wait_for_timeout(2500)
            looks(f"{round:02}-explanation-{explained}")
            moves_on(host, go_on)
            if round == 3:
                host.wait_for_timeout(1200)
                looks("standings")
        host.wait_for_timeout(2500)
        looks("podium")
    host.get_by_role("link", name="Results").click()
    expect(host.get_by_role("link", name=re.compile("CSV"))).to_be_visible()
    host.screenshot(path=shots / "results.png", full_page=True)
    host.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    fits_its_screen(host)
    host.screenshot(path=shots / "results-phone.png")
    host.goto("/games/")
    fits_its_screen(host)
    host.screenshot(path=shots / "games-phone.png")


@pytest.mark.parametrize("size", [PHONE, PROJECTOR], ids=["phone", "projector"])
def test_pictures_in_the_notes_keep_their_proportions(
    open_page: OpenPage, shots: Path, size: dict[str, int]
) -> None:
    """The site's own styles once gave every bar the same width."""
    page = open_page("/lessons/llms-and-mlps/", size)
    picture = page.locator("[data-explanation=mlp]").first
    picture.scroll_into_view_if_needed()
    expect(picture.locator("rect.bar").first).to_be_visible()
    page.wait_for_timeout(500)
    picture.screenshot(path=shots / f"notes-mlp-{size['width']}.png")

    widths = [box.bounding_box() for box in picture.locator("rect.bar").all()[:2]]

    michael_jordan, michael_phelps = (box["width"] for box in widths if box)
    assert michael_jordan == pytest.approx(2 * michael_phelps, rel=0.02)
