"""Asking a lesson in a real browser: the reply arriving, its places in the notes, and what may go wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, Server, serving
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.lessons.llm_server import LlmServer, Reply
from tests.lessons.llm_server import serving as speaking

LAPTOP = {"width": 1280, "height": 800}
CHAT = "/lessons/llms-and-mlps/chat/"
RELU = "What does ReLU do?"


def line(sentence: str, quote: str) -> str:
    return json.dumps({"sentence": sentence, "passage": 1, "quote": quote}) + "\n"


@pytest.fixture(scope="module")
def model() -> Iterator[LlmServer]:
    with speaking(Reply()) as model:
        yield model


@pytest.fixture(scope="module")
def speaking_server(environment: dict[str, str], model: LlmServer) -> Iterator[Server]:
    """The same lessons, on a server that has a language model."""
    with serving(
        {**environment, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "chalk-7b"}
    ) as server:
        yield server


_CUT = """() => [...document.querySelectorAll('.talk :is(a, button, textarea, h2, p)')].filter((part) => {
  const box = part.getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth;
}).map((part) => part.outerHTML)"""
"""The page itself never scrolls sideways, so what sticks out of it is cut off."""


def looks(page: Page, shots: Path, name: str) -> None:
    """Fits, is accessible, and is kept to look at, in both themes."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    fits_its_screen(page)
    assert page.evaluate(_CUT) == [], name
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=shots / f"chat-{name}-{width}-{theme}.png")
        is_accessible(page, f"{name} {theme}")


def knows_the_lesson(page: Page) -> None:
    """The server's first look at a lesson takes a second or two, on a busy machine some more."""
    expect(page.get_by_role("button", name="What does “").first).to_be_visible(timeout=30_000)


def asks(page: Page, question: str) -> None:
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")


def lit(page: Page) -> str:
    """What the marker pen marks."""
    said: str = page.evaluate(
        "() => [...(CSS.highlights.get('lit') ?? [])].map((range) => range.toString()).join('|')"
    )
    return re.sub(r"\s+", " ", said)


def test_by_keyboard_beside_the_notes(open_page: OpenPage, shots: Path) -> None:
    page = open_page(CHAT, LAPTOP)
    knows_the_lesson(page)
    looks(page, shots, "start")

    page.get_by_role("textbox").focus()
    page.keyboard.type("What does ReLU")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("do?")
    page.keyboard.press("Enter")

    expect(page.get_by_text("In the lesson’s own words")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("")
    expect(page.get_by_role("status").last).to_contain_text("negative values become zero")
    looks(page, shots, "answered")
    mark = page.get_by_role("button", name="show in the notes: How MLPs Process Vectors").first
    mark.press("Enter")
    expect(mark).to_be_focused()
    expect(mark).to_have_attribute("aria-pressed", "true")
    assert lit(page).startswith("ReLU decides. The result passes through")
    expect(page.get_by_role("complementary").get_by_text("ReLU decides.")).to_be_in_viewport()
    looks(page, shots, "lit")

    page.get_by_text("Show the picture").click()
    expect(page.get_by_role("img").first).to_be_visible()
    looks(page, shots, "picture")
    asks(page, "Who won the cup?")
    expect(page.get_by_text("The lesson doesn’t say anything about that.").first).to_be_visible()
    looks(page, shots, "declined")
    page.get_by_role("article").last.get_by_role("link").click()
    assert page.url.endswith(CHAT)
    assert lit(page) == ""
    asks(page, "What colour is a neuron?")
    expect(page.get_by_text("This comes closest.").first).to_be_visible()
    looks(page, shots, "closest")

    page.reload()
    expect(page.get_by_role("article")).to_have_count(3)
    page.get_by_role("button", name="Clear").click()
    looks(page, shots, "clear")
    page.get_by_role("button", name="Forget").click()
    expect(page.get_by_role("heading", name="Ask the lesson")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_focused()
    page.reload()
    expect(page.get_by_role("article")).to_have_count(0)


def test_on_a_phone_the_notes_come_up_and_go_again(open_page: OpenPage, shots: Path) -> None:
    page = open_page(CHAT, PHONE)
    knows_the_lesson(page)
    page.get_by_role("button", name="What does “Superposition” mean?").tap()
    expect(page.get_by_role("heading", name="What does “Superposition” mean?")).to_be_focused()
    card = page.get_by_role("button", name="show the flashcard: Superposition").first
    card.tap()
    expect(page.get_by_role("note")).to_contain_text("Flashcard")
    looks(page, shots, "flashcard")

    asks(page, RELU)
    mark = page.get_by_role("button", name="show in the notes: How MLPs Process Vectors").first
    mark.tap()
    notes = page.get_by_role("dialog", name="Notes")
    expect(notes.get_by_text("ReLU decides.")).to_be_in_viewport()
    assert lit(page).startswith("ReLU decides.")
    looks(page, shots, "lit")
    page.keyboard.press("Escape")
    expect(notes).to_be_hidden()
    expect(mark).to_be_focused()

    # A browser without marker pens lights up the whole item.
    page.evaluate("() => delete CSS.highlights")
    mark.tap()
    expect(notes.locator("li.lit")).to_contain_text("ReLU decides.")
    page.get_by_role("button", name="Back to the chat").tap()
    expect(notes.locator("li.lit")).to_have_count(0)

    # The keyboard takes the lower half.
    page.set_viewport_size({"width": 360, "height": 320})
    expect(page.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    looks(page, shots, "keyboard")


def test_a_model_is_heard_sentence_by_sentence_and_can_be_stopped(
    open_page: OpenPage, speaking_server: Server, model: LlmServer, shots: Path
) -> None:
    first = line("Negative values become zero, and the others stay.", "negative values become zero")
    second = line("What comes out are activations.", "What comes out are the activations")
    model.replies = [Reply((first, *["\n"] * 8, second), pause_s=0.15)]
    page = open_page(speaking_server.url + CHAT, LAPTOP)
    knows_the_lesson(page)
    expect(page.get_by_text("chalk-7b puts them into words")).to_be_visible()
    page.evaluate("""() => new MutationObserver(() => (window.seen ??= []).push(
        document.querySelectorAll('.sentence').length)).observe(document.body, {childList: true, subtree: true})""")

    asks(page, RELU)
    expect(page.get_by_text("chalk-7b is writing…")).to_be_visible()
    looks(page, shots, "writing")
    expect(page.get_by_text("In the words of chalk-7b")).to_be_visible()
    looks(page, shots, "model")
    assert {0, 1, 2} <= set(page.evaluate("window.seen"))

    model.replies = [Reply((first, *["\n"] * 100), pause_s=0.1)]
    asks(page, "And why does ReLU do that?")
    expect(page.get_by_text("chalk-7b is writing…")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.").first).to_be_visible()
    assert model.hung_up.wait(timeout=5)
    model.replies = [Reply((first,))]
    page.reload()
    expect(page.get_by_text("There is no whole reply to this.")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("In the words of chalk-7b")).to_have_count(2)


def test_nothing_typed_is_lost(open_page: OpenPage, shots: Path) -> None:
    page = open_page(CHAT, PHONE)
    box = page.get_by_role("textbox")
    page.context.set_offline(True)
    asks(page, RELU)
    expect(page.get_by_role("alert")).to_contain_text("That didn’t reach the server.")
    expect(box).to_have_value(RELU)
    looks(page, shots, "offline")
    page.context.set_offline(False)
    page.route("**/suggested/", lambda _: None)
    page.reload()
    expect(box).to_have_value(RELU)
    expect(page.get_by_text("Reading the lesson…")).to_be_visible()

    # The server begins, then the line breaks.
    begun = json.dumps({"type": "begun", "id": 1}) + "\n"
    page.route(
        "**/ask/", lambda route: route.fulfill(body=begun, content_type="application/x-ndjson")
    )
    box.press("Enter")
    expect(page.get_by_text("The reply broke off.").first).to_be_visible()
    looks(page, shots, "broken")

    page.unroute("**/ask/")
    page.route(
        "**/ask/", lambda route: route.fulfill(status=403, body="<p>Your class is playing</p>")
    )
    asks(page, "What is superposition?")
    expect(page.get_by_role("alert")).to_contain_text("This page is out of date")
    page.route(f"**{CHAT}", lambda route: route.fulfill(status=403))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your class is playing this lesson now.")
    expect(box).to_have_value("What is superposition?")
    box.fill("a" * 501)
    expect(page.get_by_text("A question has at most 500 characters.")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
