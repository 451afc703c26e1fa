"""The host's pages before a game, in a real browser: they fit, are accessible, and help choosing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, Server
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.e2e.test_whole_lesson import join, log_in

LAPTOP = {"width": 1366, "height": 768}
OPEN_ROOM = "/lessons/short/open-room/"


def looks(page: Page, shots: Path, name: str) -> None:
    """At both sizes, by day and by night."""
    for size in (PHONE, LAPTOP):
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            fits_its_screen(page)
            is_accessible(page, f"{name} {size['width']} {theme}")
            page.screenshot(path=shots / f"{name}-{size['width']}-{theme}.png", full_page=True)


@pytest.mark.timeout(300)
def test_a_class_is_written_down_and_plays(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host = open_page("/classes/", LAPTOP)
    log_in(host, server)
    host.get_by_label("Name").fill("7b")
    host.get_by_role("button", name="Make it").click()
    host.get_by_label("Names").fill("Ada\nada\nBen")
    host.get_by_role("button", name="Add them").click()
    expect(host.get_by_text("Line 2: “ada” looks too much like “Ada”.")).to_be_visible()
    looks(host, shots, "class-error")
    host.get_by_label("Names").fill("Ada\nBen")
    host.get_by_role("button", name="Add them").click()
    host.locator("summary", has_text="Ada").click()
    looks(host, shots, "class")
    code = host.locator("summary", has_text="Ada").locator(".personal-code").inner_text()
    host.get_by_role("link", name="Print the codes").click()
    expect(host.get_by_text(code)).to_be_visible()
    looks(host, shots, "code-slips")

    host.goto(OPEN_ROOM)
    host.locator("summary", has_text="The door").click()
    host.get_by_label("Class with personal codes").select_option("7b")
    expect(host.get_by_label("Nicknames", exact=True)).to_be_hidden()
    host.get_by_role("button", name="Open the room").click()
    expect(host).to_have_url(re.compile("/host/"))
    host.goto("/games/")
    looks(host, shots, "dashboard")
    host.goto(OPEN_ROOM)
    host.get_by_role("link", name="Back to the defaults").click()
    expect(host.get_by_text("Everything as usual")).to_be_visible()


@pytest.mark.timeout(300)
def test_settings_show_what_applies_and_what_is_not_as_usual(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host = open_page(f"{OPEN_ROOM}?defaults", LAPTOP)
    log_in(host, server)
    said = host.locator("[data-summary]")
    expect(said).to_contain_text("Everything as usual")
    looks(host, shots, "open-room-usual")

    host.locator("summary", has_text="Teams").click()
    count = host.get_by_label("Number of teams")
    expect(count).to_be_hidden()
    host.get_by_role("radio", name="Teams, shared out evenly").check()
    count.fill("4")
    expect(said).to_have_text("4 teams")
    host.get_by_label("Own team names").fill("Red\nred")
    expect(count).to_be_hidden()
    looks(host, shots, "open-room-teams")
    host.locator("summary", has_text="Teams").click()
    host.get_by_role("button", name="Open the room").click()

    expect(host.get_by_text("“red” is there twice")).to_be_visible()
    expect(host.get_by_label("Own team names")).to_have_value("Red\nred")
    looks(host, shots, "open-room-error")


def test_without_javascript_every_setting_is_there(open_page: OpenPage, server: Server) -> None:
    host = open_page(f"{OPEN_ROOM}?defaults", LAPTOP, java_script_enabled=False)
    log_in(host, server)

    host.locator("summary", has_text="Teams").click()

    expect(host.get_by_label("Number of teams")).to_be_visible()
    host.get_by_role("button", name="Open the room").click()
    expect(host).to_have_url(re.compile("/host/"))


def test_who_plays_a_lesson_cannot_read_it(open_page: OpenPage, server: Server) -> None:
    host = open_page(f"{OPEN_ROOM}?defaults", LAPTOP)
    log_in(host, server)
    host.get_by_role("button", name="Open the room").click()
    code = re.sub(r"\D", "", host.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text())
    ada = open_page(f"/{code}")
    join(ada, "Ada")

    ada.goto("/lessons/short/")

    expect(ada.get_by_role("heading", name="Your class is playing this lesson now")).to_be_visible()
    ada.get_by_role("link", name="Back to the room").click()
    expect(ada.get_by_text("Ada", exact=True).first).to_be_visible()
