"""A second factor in a real browser: set up, printed, asked for, on a phone and on a laptop."""

import time
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.test_every_page import fits_its_screen, is_accessible

LAPTOP = {"width": 1280, "height": 800}
TEACHER = {"username": "tess", "password": "spherical-cow"}


def looks(page: Page, shots: Path, name: str) -> None:
    """Fits, is accessible, and is kept to look at, in both themes."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    fits_its_screen(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=shots / f"account-{name}-{width}-{theme}.png", full_page=True)
        is_accessible(page, f"{name} {theme}")


def fills(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def test_set_up_on_a_laptop_and_asked_for_on_a_phone(open_page: OpenPage, shots: Path) -> None:
    page = open_page("/accounts/sign-up/", LAPTOP)
    fills(page, "Username:", TEACHER["username"])
    fills(page, "Password:", TEACHER["password"])
    fills(page, "Password confirmation:", TEACHER["password"])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Account").click()
    looks(page, shots, "own")
    page.get_by_role("link", name="Set it up").click()
    looks(page, shots, "again")
    fills(page, "Password:", TEACHER["password"])
    page.keyboard.press("Enter")
    code = page.get_by_label("Type the code that the app shows now.")
    expect(code).to_be_focused()
    looks(page, shots, "set-up")
    page.keyboard.type("123")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This code isn’t right.")).to_be_visible()
    key = page.locator(".key").inner_text()
    code.fill(shown_by_the_phone(key))
    page.keyboard.press("Enter")
    expect(page.locator(".spare-codes li")).to_have_count(10)
    expect(page.get_by_text("The second factor is on.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    spare = page.locator(".spare-codes li").first.inner_text()
    looks(page, shots, "spare-codes")
    page.get_by_role("link", name="Done").click()
    looks(page, shots, "protected")

    phone = open_page("/accounts/log-in/?next=/study/", PHONE)
    fills(phone, "Username:", TEACHER["username"])
    fills(phone, "Password:", TEACHER["password"])
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Code:")).to_be_focused()
    looks(phone, shots, "code")
    phone.keyboard.type(spare)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/study/")
    phone.goto("/accounts/")
    expect(phone.get_by_text("You have 9 spare codes left.")).to_be_visible()
    looks(phone, shots, "protected")


def test_without_scripts_it_is_the_same(open_page: OpenPage) -> None:
    page = open_page("/accounts/log-in/", LAPTOP, java_script_enabled=False)
    for _ in range(8):
        fills(page, "Username:", "nobody")
        fills(page, "Password:", "wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Please enter a correct username and password.")).to_be_visible()
    fills(page, "Username:", "nobody")
    fills(page, "Password:", "wrong")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Try again in 5 minutes.")


def shown_by_the_phone(key: str) -> str:
    shown: str = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    return shown
