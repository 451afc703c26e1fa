"""Homework in a real browser: a host gives it, a pupil does it on a phone, the host sees it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, OpenPage, Server
from tests.e2e.test_hosts_pages import LAPTOP, looks
from tests.e2e.test_whole_lesson import log_in


@pytest.mark.timeout(300)
def test_a_class_gets_homework_and_its_host_sees_it(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host = open_page("/classes/", LAPTOP, timezone_id="America/New_York")
    log_in(host, server)
    host.get_by_label("Name").fill("8a")
    host.get_by_role("button", name="Make it").click()
    host.get_by_label("Names").fill("Ada\nBen")
    host.get_by_role("button", name="Add them").click()
    code = host.locator("summary", has_text="Ada").locator(".personal-code").inner_text()
    host.get_by_role("link", name="Progress").click()
    host.get_by_role("button", name="Switch it on").click()

    host.goto("/lessons/short/")
    host.get_by_role("link", name="Give as homework").click()
    expect(host.get_by_text("Time zone: America/New York")).to_be_visible()
    host.get_by_label("For whom").select_option("8a")
    host.get_by_label("Attempts").select_option("2")
    host.get_by_label("Note").fill("Take your time: the pictures help.")
    looks(host, shots, "homework-assign")
    host.get_by_label("Deadline").fill("2040-06-01T18:00")
    host.get_by_role("button", name="Give it").click()
    expect(host.get_by_text("The homework is given.")).to_be_visible()
    expect(host.get_by_text("Friday, June 1, 2040 at 6:00 PM").first).to_be_visible()
    link = host.locator(".address").inner_text()

    phone = open_page("/", PHONE, timezone_id="Europe/Berlin")
    phone.goto(f"/homework/{link.rstrip('/').split('/')[-1]}/")
    # New York's six o'clock is midnight in Berlin.
    expect(phone.get_by_text("Saturday, June 2, 2040 at 12:00 AM")).to_be_visible()
    phone.screenshot(path=shots / "homework-door.png", full_page=True)
    phone.get_by_label("Your personal code").fill("xxxxxx")
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("Nobody of this class has that code.")).to_be_visible()
    phone.get_by_label("Your personal code").fill(code.lower())
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("You are Ada.")).to_be_visible()
    phone.get_by_role("button", name="Yes, show it").click()
    expect(phone.get_by_text("Now: yes")).to_be_visible()
    phone.get_by_role("button", name="Begin").click()
    expect(phone).to_have_url(re.compile("/lessons/short/quiz/"))
    phone.go_back()
    expect(phone.get_by_role("button", name="Go on")).to_be_visible()
    looks(phone, shots, "homework-begun")

    host.reload()
    expect(host.get_by_text("0 finished, 1 of 2 have begun.")).to_be_visible()
    looks(host, shots, "homework-results")
    host.goto("/games/")
    expect(host.get_by_text("8a, 1 has begun")).to_be_visible()
    host.screenshot(path=shots / "dashboard-homework.png", full_page=True)
    host.goto("/classes/")
    host.get_by_role("link", name="8a").click()
    host.get_by_role("link", name="Progress").click()
    expect(host.get_by_text("1 of 2 pupils have agreed.")).to_be_visible()
    looks(host, shots, "progress")
