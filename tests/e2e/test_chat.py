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


def looks(page: Page, shots: Path, name: str) -> None:
    """Fits, is accessible, and is kept to look at, in both themes."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    fits_its_screen(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=shots / f"chat-{name}-{width}-{theme}.png")
        is_accessible(page, f"{name} {theme}")


def asks(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def lit(page: Page) -> str:
    """What the marker pen marks."""
    said: str = page.evaluate(
        "() => [...(CSS.highlights.get('lit') ?? [])].map((range) => range.toString()).join('|')"
    )
    return re.sub(r"\s+", " ", said)


def test_by_keyboard_beside_the_notes(open_page: OpenPage, shots: Path) -> None:
    page = open_page(CHAT, LAPTOP)
    expect(page.get_by_role("button", name="What does “").first).to_be_visible()
    looks(page, shots, "start")

    page.get_by_label("Your question").focus()
    page.keyboard.type("What does ReLU")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("do?")
    page.keyboard.press("Enter")

    expect(page.get_by_text("In the lesson’s own words")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.get_by_role("status").last).to_contain_text("negative values become zero")
    looks(page, shots, "answered")
    mark = page.get_by_role("button", name="Show in the notes: How MLPs Process Vectors").first
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
    page.get_by_role("link", name="Transformer").or_(
        page.locator("article").last.get_by_role("link")
    ).first.click()
    assert page.url.endswith(CHAT)
    asks(page, "What colour is a neuron?")
    expect(page.get_by_text("This comes closest.").first).to_be_visible()
    looks(page, shots, "closest")

    page.reload()
    expect(page.get_by_role("article")).to_have_count(3)
    page.get_by_role("button", name="Clear").click()
    looks(page, shots, "clear")
    page.get_by_role("button", name="Forget them").click()
    expect(page.get_by_role("heading", name="Ask the lesson")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.reload()
    expect(page.get_by_role("article")).to_have_count(0)
