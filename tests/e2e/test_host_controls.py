"""What a host does beside moving on, on the strip and by key, with phones in the room."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PROJECTOR, OpenPage, Server, short_lesson
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.e2e.test_whole_lesson import answer, join, log_in, moves_on


def opened_room(page: Page, server: Server) -> str:
    """Open a room on the short lesson with nothing changed; the code on its board."""
    page.goto("/lessons/short/open-room/?defaults")
    log_in(page, server)
    page.get_by_role("button", name="Open the room").click()
    shown = page.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text()
    return re.sub(r"\D", "", shown)


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def seconds_left(page: Page) -> int:
    label = page.get_by_role("timer").get_attribute("aria-label") or ""
    return int(label.split()[0])


@pytest.mark.timeout(180)
def test_a_host_pauses_gives_time_and_lets_the_class_vote_again(
    open_page: OpenPage, server: Server
) -> None:
    question = short_lesson().questions[0].question
    host = open_page("/", PROJECTOR)
    code = opened_room(host, server)
    ada, ben = open_page(f"/{code}"), open_page(f"/{code}")
    join(ada, "Ada")
    join(ben, "Ben")
    moves_on(host, "Start")
    expect(host.get_by_role("button", name="Close now", exact=True)).to_be_visible()

    host.keyboard.press("p")
    expect(host.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    # Until the one of the breath before the question has faded out.
    expect(host.get_by_role("timer")).to_have_count(1)
    before = seconds_left(host)
    host.keyboard.press("+")
    expect(host.get_by_role("timer")).to_have_attribute("aria-label", f"{before + 10} seconds left")
    host.keyboard.press("p")
    expect(host.get_by_role("button", name="Pause", exact=True)).to_be_visible()

    button(host, "Talk and vote again")
    expect(host.get_by_role("button", name="Talk it over", exact=True)).to_be_visible()
    answer(ada, question, rightly=True)
    answer(ben, question, rightly=False)
    expect(host.get_by_text("Talk to your neighbour, then vote again", exact=True)).to_be_visible()
    moves_on(host, "Vote again")
    answer(ada, question, rightly=True)
    answer(ben, question, rightly=True)
    expect(host.get_by_text("gain 1", exact=True)).to_be_visible()
    is_accessible(host, "two votes")

    button(host, "Standings between questions")
    moves_on(host, "Show why")
    moves_on(host, "Next question")
    expect(host.get_by_role("button", name="Talk it over", exact=True)).to_be_visible()
    button(host, "Skip this question")
    button(host, "Skip this question")
    expect(host.get_by_role("heading", name="Question 3 of")).to_be_visible()


def test_a_host_finds_the_rest_under_more_and_in_the_list_of_seats(
    open_page: OpenPage, server: Server
) -> None:
    host = open_page("/", PROJECTOR)
    code = opened_room(host, server)
    join(open_page(f"/{code}"), "Ada")

    button(host, "More")
    is_accessible(host, "more")
    host.keyboard.press("Escape")
    expect(host.get_by_role("button", name="More", exact=True)).to_be_focused()

    host.get_by_role("button", name="Players 1").click()
    button(host, "More about Ada")
    button(host, "2×")
    expect(
        host.get_by_role("button", name=re.compile("More about Ada.*has extra time"))
    ).to_be_visible()
    button(host, "Go on on another phone")
    expect(host.get_by_text("It works once")).to_be_visible()
    is_accessible(host, "seats")
    issued = host.get_by_role("complementary").locator("b").inner_text()

    other = open_page(f"/{code}")
    other.get_by_role("button", name="I was here before, on another phone").click()
    other.get_by_label("Your personal code").fill(issued)
    other.get_by_role("button", name="Join").click()
    expect(other.get_by_text("Ada", exact=True).first).to_be_visible()

    button(host, "Send away")
    host.get_by_role("button", name="Send away", exact=True).click()
    expect(host.get_by_text("Waiting for the first player")).to_be_visible()


def test_a_phone_that_scanned_the_veiled_code_hosts_the_room(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host = open_page("/", PROJECTOR)
    code = opened_room(host, server)
    join(open_page(f"/{code}"), "Ada")

    button(host, "More")
    button(host, "Use your phone as remote")
    qr = host.get_by_role("img", name="QR code of the remote’s address")
    expect(qr.locator("svg")).to_be_hidden()
    button(host, "Show the QR code")
    expect(qr.locator("svg")).to_be_visible()
    host.screenshot(path=shots / "remote-dialog.png")
    is_accessible(host, "remote-dialog")
    host.keyboard.press("Escape")
    expect(qr).to_be_hidden()

    desk = host.evaluate("JSON.parse(document.getElementById('desk').textContent)")
    remote = open_page("/" + desk["remote_url"].split("/", 3)[3])
    expect(remote.get_by_text("1 player")).to_be_visible()
    button(remote, "Close the door")
    expect(host.get_by_role("button", name="Open the door", exact=True)).to_be_visible()
    button(remote, "Start")
    expect(remote.get_by_text("0 of 1 answered")).to_be_visible()
    fits_its_screen(remote)
    is_accessible(remote, "remote")
    remote.screenshot(path=shots / "remote.png")
    button(remote, "Pause")
    expect(host.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    button(remote, "Close now")
    expect(host.get_by_role("button", name="Show why", exact=True)).to_be_visible()
