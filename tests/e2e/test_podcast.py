"""An episode in a real browser: made, approved, heard while it is recorded and after, with and without a network."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lessons.models import Lesson
from lessons.podcast import audio, episodes
from lessons.podcast.models import Episode, Recording
from lessons.podcast.script import Chapter, Script, Turn
from lessons.spans import Span
from tests.e2e.conftest import BROWSERS
from tests.e2e.test_every_page import AXE, fits_its_screen, is_accessible
from tests.lessons.conftest import work
from tests.lessons.podcast.conftest import written
from tests.lessons.podcast.tones import Chosen, Tones

PAGE = "/lessons/angles/podcast/"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}

SAID = [f"Turn {n} says that a right angle is a quarter of a turn." for n in range(40)]
SCRIPT = Script(
    chapters=(
        Chapter(title="Opening", turns=(Turn(speaker="a", text="What is a right angle?"),)),
        Chapter(
            title="The right angle",
            section=0,
            turns=tuple(
                Turn(speaker="ba"[n % 2], text=text, span=Span("section", 0, 0, 24))
                for n, text in enumerate(SAID)
            ),
        ),
        Chapter(title="The end", turns=(Turn(speaker="a", text="That was all."),)),
    )
)


@pytest.fixture
def lesson(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Lesson]:
    """Sam's lesson, whose script is approved and recorded."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PODCAST_VOICES = "tests.lessons.podcast.tones.chosen"
    sam = User.objects.create_superuser("sam")
    lesson = Lesson.objects.create(slug="angles", title="Angles", owner=sam, is_published=True)
    lesson.sections.create(title="The right angle", notes="A **quarter** of a turn.")
    Chosen.voices = Tones()
    episodes.approve(written(lesson, SCRIPT), sam)
    work()
    yield lesson
    Chosen.voices = None


@pytest.fixture
def recording(lesson: Lesson) -> Recording:
    return Recording.objects.get()


@pytest.fixture
def session(lesson: Lesson) -> str:
    """Sam's."""
    client = Client()
    client.force_login(User.objects.get())
    return str(client.cookies["sessionid"].value)


OpenPage = Callable[..., Page]


# After the lesson: while Playwright's own event loop is open, Django refuses to use the database.
@pytest.fixture
def open_page(recording: Recording, session: str, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens the episode's page as a visitor of its own; fails the test if it ever logs an error."""
    installed = next((path for path in map(shutil.which, BROWSERS) if path), None)
    errors: list[str] = []
    with sync_playwright() as playwright:
        chromium: Browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox"]
        )

        def opened(
            size: dict[str, int] = LAPTOP, path: str = PAGE, script: str = "", **options: bool
        ) -> Page:
            context = chromium.new_context(
                base_url=live_server.url,
                viewport={"width": size["width"], "height": size["height"]},
                reduced_motion="reduce",
                java_script_enabled=options.get("java_script", True),
            )
            if options.get("is_sam"):
                context.add_cookies(
                    [{"name": "sessionid", "value": session, "url": live_server.url}]
                )
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            if script:
                page.add_init_script(script)
            page.goto(path)
            return page

        yield opened
        chromium.close()
    assert errors == []


def in_the_database(act: Callable[[], object]) -> None:
    """In a thread of its own: this one has the browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(act).result()
        thread.submit(connections.close_all).result()


def lit(page: Page) -> int:
    """Which turn is."""
    return int(page.locator(".turn[aria-current]").get_attribute("data-turn") or -1)


def time_of(page: Page) -> float:
    """Where the recording is, in seconds."""
    seconds: float = page.evaluate("document.querySelector('audio').currentTime")
    return seconds


def looks_well(page: Page, shots: Path, name: str) -> None:
    for size_name, size in (("phone", PHONE), ("laptop", LAPTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            fits_its_screen(page)
            is_accessible(page, f"{name}, {size_name}, {theme}")
            page.screenshot(path=shots / f"podcast-{name}-{size_name}-{theme}.png")


def test_an_episode_is_heard(open_page: OpenPage, shots: Path) -> None:
    page = open_page()
    expect(page.get_by_text("Spoken by Two tones.")).to_be_visible()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.3")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()

    # By keys, by a turn, by a chapter.
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 30")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('audio').currentTime < 20")
    page.get_by_text("Turn 30 says").click()
    expect(page.locator(".turn[aria-current]")).to_contain_text("Turn 30")
    expect(page.locator(".turn[aria-current]")).to_be_in_viewport()
    page.get_by_role("link", name="The right angle").first.click()
    expect(page.locator(".turn[aria-current]")).to_contain_text("Turn 0")

    # It follows, unless the reader scrolls.
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(200)
    page.get_by_label("Place in the episode").fill("5")
    follow = page.get_by_role("button", name="To what is said now")
    expect(page.locator(".turn[aria-current]")).not_to_be_in_viewport()
    follow.click()
    expect(page.locator(".turn[aria-current]")).to_be_in_viewport()
    expect(follow).to_have_count(0)

    page.get_by_label("Speed").select_option("2")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 2
    assert page.evaluate("navigator.mediaSession.metadata.album") == "Angles"
    page.get_by_role("button", name="On 30 seconds").click()
    page.get_by_role("button", name="Pause").click()
    stopped, turn = time_of(page), lit(page)
    looks_well(page, shots, "heard")

    page.reload()
    expect(page.get_by_label("Speed")).to_have_value("2")
    assert lit(page) == turn
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"() => document.querySelector('audio').currentTime > {stopped}")
    assert time_of(page) < stopped + 5

    bare = open_page(java_script=False)
    expect(bare.locator("audio[controls]")).to_be_visible()
    expect(bare.get_by_text("Turn 7 says")).to_be_visible()
    expect(bare.get_by_role("link", name="Transcript")).to_be_visible()


def test_it_is_heard_while_it_is_recorded(
    open_page: OpenPage, recording: Recording, shots: Path
) -> None:
    cues, size, few = recording.cues, recording.bytes, 3
    finished, part = audio.path_of(recording.key), audio.part_of(recording.key, recording.attempt)
    finished.replace(part)
    there = {"cues": cues[:few], "bytes": size * cues[few - 1][1] // recording.duration_ms}
    mine = Recording.objects.filter(pk=recording.pk)
    in_the_database(lambda: mine.update(state="recording", **there))

    page = open_page()
    said = page.get_by_text("Being recorded by Two tones: 3 of 42 turns are there.")
    expect(said).to_be_visible()
    page.screenshot(path=shots / "podcast-recording.png")
    # Beyond what is there one can't go.
    page.get_by_label("Place in the episode").fill("30")
    there_s = cues[few - 1][1] / 1000
    # In whole seconds.
    assert int(page.get_by_label("Place in the episode").input_value()) <= there_s + 1 < 30
    page.get_by_label("Place in the episode").fill("0")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_text("The next part is still being recorded.")).to_have_count(1)

    def finish() -> None:
        part.replace(finished)
        mine.update(state="recorded", cues=cues, bytes=size)

    in_the_database(finish)
    expect(page.get_by_text("Spoken by Two tones.")).to_be_visible()
    page.wait_for_function(f"() => document.querySelector('audio').currentTime > {there_s}")
    expect(page.locator(".turn[aria-current]")).to_contain_text("Turn ")


STUB = """
window.said = [];
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
};
const voices = [{ lang: 'en-US', name: 'Ann' }, { lang: 'de-DE', name: 'Eva' }, { lang: 'en-GB', name: 'Bob' }];
const synthesis = Object.assign(new EventTarget(), {
  getVoices: () => voices,
  cancel: () => {},
  speak(utterance) {
    said.push(`${utterance.voice.name} at ${utterance.rate}: ${utterance.text}`);
    setTimeout(() => utterance.dispatchEvent(new Event(said.length < 4 ? 'end' : 'none')), 30);
  },
});
Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
"""


def test_without_a_recording_the_browser_speaks(open_page: OpenPage, shots: Path) -> None:
    in_the_database(lambda: Episode.objects.update(recording=None))
    page = open_page(script=STUB)
    expect(page.get_by_text("this browser reads it with two of its own voices")).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => said.length === 4")
    assert page.evaluate("said") == [
        "Ann at 1: What is a right angle?",
        f"Bob at 1: {SAID[0]}",
        f"Ann at 1: {SAID[1]}",
        f"Bob at 1: {SAID[2]}",
    ]
    expect(page.locator(".turn[aria-current]")).to_contain_text("Turn 2")
    page.screenshot(path=shots / "podcast-browser.png")

    silent = open_page()  # Chromium has no voices here
    expect(silent.get_by_text("this browser has no voice for this language")).to_be_visible()
    expect(silent.get_by_label("Player")).to_have_count(0)
    expect(silent.get_by_text("Turn 7 says")).to_be_visible()


KEPT = "async () => (await (await caches.open('episodes-1')).keys()).length"


def test_what_is_kept_is_heard_offline(open_page: OpenPage) -> None:
    page = open_page(is_sam=True)
    page.get_by_role("button", name="Keep for offline").click()
    expect(page.get_by_text("Kept for offline")).to_be_visible()
    page.wait_for_function(f"async () => (await caches.match('{PAGE}')) !== undefined")
    page.context.set_offline(True)

    page.reload()
    expect(page.get_by_role("button", name="Remove from this device")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 30.2")
    page.context.set_offline(False)

    # Another form drops the pages, and the next page brings back this one's.
    page.evaluate("caches.delete('pages-1')")
    page.goto("/lessons/")
    page.wait_for_function(f"async () => (await caches.match('{PAGE}')) !== undefined")
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Log out").click()
    page.wait_for_function(f"async () => (await ({KEPT})()) === 0")

    page.goto(PAGE)
    page.get_by_role("button", name="Keep for offline").click()
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.get_by_role("button", name="Keep for offline")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_a_teacher_edits_and_approves(open_page: OpenPage, lesson: Lesson, shots: Path) -> None:
    page = open_page(path=f"/admin/podcast/episode/{lesson.pk}/script/", is_sam=True)
    expect(page.get_by_text("Recorded by Two tones")).to_be_visible()
    turns = page.locator(".turn")
    texts = turns.get_by_label("What is said")
    expect(turns).to_have_count(42)

    turns.nth(1).get_by_role("button", name="Move up").press("Enter")  # into the opening
    expect(page.locator("[data-chapter='0'] .turn")).to_have_count(2)
    turns.nth(2).get_by_role("button", name="Delete this turn").click()
    expect(turns).to_have_count(41)
    turns.nth(1).get_by_role("button", name="Add a turn below").click()
    page.keyboard.type("A new turn.")
    expect(turns.nth(2).get_by_label("Who says it")).to_have_value("a")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    for size_name, size in (("phone", PHONE), ("laptop", LAPTOP)):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            fits_its_screen(page)
            page.screenshot(path=shots / f"podcast-admin-{size_name}-{theme}.png")
            page.evaluate(AXE.read_text())
            # Of what is around it, Django's own admin is in charge.
            found = page.evaluate(
                """async () => (await axe.run('.podcast-admin', {runOnly: ['wcag2a', 'wcag2aa']}))
                    .violations.map(({id, nodes}) => id + nodes[0].html)"""
            )
            assert found == []

    page.get_by_role("button", name="Save changes and approve").click()
    expect(page.get_by_text("The script is approved: visitors see it.")).to_be_visible()
    expect(page.get_by_text("The recording waits for the background worker.")).to_be_visible()
    expect(texts.nth(1)).to_have_value(SAID[0])
    expect(texts.nth(2)).to_have_value("A new turn.")
    expect(texts.nth(3)).to_have_value(SAID[2])

    in_the_database(work)
    expect(page.get_by_text("Recorded by Two tones")).to_be_visible()
    page.get_by_role("link", name="See the page").click()
    expect(page.get_by_text("A new turn.")).to_be_visible()
