"""From a text to a question that is played, with a language model and without; and a quiz of one's own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, Server, serving
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.lessons.llm_server import Reply
from tests.lessons.llm_server import serving as serving_model

# Whichever test comes first waits for both servers.
pytestmark = pytest.mark.timeout(300)

LAPTOP = {"width": 1280, "height": 800}
NEW = "/admin/authoring/proposal/new/"
TEXT = """# Inside a leaf

## The chloroplast

The **chloroplast** is the body in which plants make sugar. The fluid around the sacs is the
stroma. The **thylakoid** is a flat sac
that holds the pigments. The **grana** are the stacks of these sacs.

## The pores

The **stomata** are the pores through which air enters a leaf. Two **guard cells** open and close each.
"""
WRITTEN = {
    "kind": "true_false",
    "prompt": "Grana are single sacs.",
    "right": False,
    "quote": "The grana are the stacks of these sacs.",
}


@pytest.fixture(scope="module")
def with_model(environment: dict[str, str]) -> Iterator[str]:
    """A second web server and a worker on the same data, which know a language model."""
    with serving_model(Reply(pieces=(json.dumps({"drafts": [WRITTEN]}),))) as model:
        knowing = {
            **environment,
            "LLM_BASE_URL": model.base_url,
            "LLM_MODEL": "tiny",
        }
        worker = [sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--no-reload"]
        process = subprocess.Popen(
            [*worker, "--interval", "0.2", "--no-startup-delay", "--skip-checks"],
            cwd=settings.BASE_DIR,
            env=knowing,
        )
        try:
            with serving(knowing) as second:
                yield second.url
        finally:
            process.terminate()
            process.wait()


def log_in(page: Page, server: Server) -> None:
    page.get_by_label("Username").fill(server.host)
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name="Log in").click()


def looks(page: Page, shots: Path, name: str) -> None:
    """Fits phone and laptop, is accessible in both themes, and is kept to look at."""
    for size in ({"width": 390, "height": 844}, LAPTOP):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        fits_its_screen(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.screenshot(path=shots / f"authoring-{name}-{size['width']}-{theme}.png")
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        is_accessible(page, f"{name} {theme}")


def test_from_a_text_to_a_question_that_is_played(
    open_page: OpenPage, server: Server, with_model: str, shots: Path
) -> None:
    page = open_page(NEW, LAPTOP)
    log_in(page, server)
    looks(page, shots, "text")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Title").first).to_have_value("Inside a leaf")
    looks(page, shots, "found")
    page.get_by_role("button", name="Make the lesson").click()
    drafts = page.locator("[data-draft]")
    expect(drafts.first).to_be_visible(timeout=40_000)
    expect(page.get_by_text("tiny")).to_have_count(0)  # this server knows no model
    looks(page, shots, "drafts")

    press = page.keyboard.press
    waiting = page.locator("[data-count='state:waiting']")
    before = int(waiting.inner_text())
    first = drafts.first.inner_text()
    press("j")
    expect(drafts.first).to_be_focused()
    press("r")
    expect(page.get_by_text("Rejected: it won’t come again.")).to_be_visible()
    expect(drafts.first).to_be_focused()
    expect(waiting).to_have_text(str(before - 1))
    press("u")
    expect(page.get_by_text("Undone: it waits again.")).to_be_visible()
    expect(drafts.first).to_be_focused()
    assert drafts.first.inner_text() == first

    question = drafts.filter(has=page.locator(".options")).first
    question.focus()
    press("e")
    options = question.get_by_label("Options")
    options.fill("stroma\nbark")
    question.get_by_label("Question").fill("What is the fluid around the sacs?")
    question.get_by_role("button", name="Accept it like this").click()
    expect(question.get_by_text("Put a * before the one right option.")).to_be_visible()
    expect(options).to_be_focused()
    expect(options).to_have_value("stroma\nbark")
    looks(page, shots, "edit")
    options.fill("*stroma\nbark")
    question.get_by_role("button", name="Accept it like this").click()
    expect(page.get_by_text("Accepted: it is a question of the lesson now.")).to_be_visible()
    drafts.first.focus()
    press("a")
    expect(page.locator("[data-count='state:accepted']")).to_have_text("2")

    drafts_page = page.url
    page.get_by_role("link", name="To the lesson", exact=True).click()
    page.get_by_role("button", name="Save and publish").first.click()
    page.goto("/lessons/inside-a-leaf/quiz/")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="What is the fluid around the sacs?")).to_be_visible()

    page.goto(drafts_page.replace(server.url, with_model))
    page.get_by_role("button", name="More from The chloroplast").click()
    written = page.locator("[data-draft]").filter(has_text="by tiny")
    expect(written).to_contain_text("Grana are single sacs.", timeout=20_000)
    expect(page.get_by_text("1 new draft.")).to_be_visible()
    expect(page.get_by_text("The notes have changed")).to_have_count(0)
    looks(page, shots, "by-model")
    written.get_by_role("button", name="Accept").click()
    expect(page.locator("[data-count='state:accepted']")).to_have_text("3")


def test_without_a_script_every_button_is_a_form_s(
    open_page: OpenPage, server: Server, with_model: str
) -> None:
    page = open_page(NEW, PHONE, java_script_enabled=False)
    log_in(page, server)
    page.get_by_label("Text").fill(TEXT.replace("Inside a leaf", "A leaf without scripts"))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Make the lesson").click()
    expect(page.get_by_role("button", name="Accept").first).to_be_visible(timeout=20_000)

    page.get_by_role("button", name="Reject").first.click()
    expect(page.get_by_text("Rejected: it won’t come again.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: it waits again.")).to_be_visible()
    page.get_by_role("link", name="Edit").first.click()
    page.get_by_role("button", name="Accept it like this").click()
    expect(page.get_by_text(re.compile("^Accepted: it is a"))).to_be_visible()


def begin_with_new_questions(page: Page) -> int:
    """Once the worker has made the drafts that the quiz's page asked for; which round is new."""
    start = page.url
    for _ in range(40):
        page.get_by_role("button", name="Start the quiz made for you").tap()
        page.wait_for_url(lambda url: url != start)
        new: list[int] = json.loads(page.locator("#run").text_content() or "")["new"]
        if new:
            return new[0]
        page.wait_for_timeout(500)
        page.goto(start)
    raise AssertionError("There are no new questions.")


def test_a_quiz_of_one_s_own(open_page: OpenPage, with_model: str, shots: Path) -> None:
    page = open_page("/lessons/llms-and-mlps/quiz/", PHONE)
    expect(page.get_by_text("Once you have played")).to_be_visible()
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="I don’t know").tap()
    expect(page.get_by_role("heading", name="Here is the answer")).to_be_visible()

    page.goto("/lessons/llms-and-mlps/quiz/")
    looks(page, shots, "for-you")
    round = begin_with_new_questions(page)
    for _ in range(round):
        page.get_by_role("button", name="I don’t know").tap()
        page.get_by_role("button", name="Go on").tap()
    expect(page.get_by_text("new, made from the notes")).to_be_visible()
    page.get_by_role("button", name="I don’t know").tap()
    expect(page.get_by_text("From the notes")).to_be_visible()
    looks(page, shots, "for-you-told")
    page.get_by_role("button", name="Not a good question").tap()
    expect(page.get_by_text("Thank you. Whoever wrote this lesson will see it")).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"Question {round + 2} of")).to_be_visible()
