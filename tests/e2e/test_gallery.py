"""The gallery in a real browser: every picture in both themes, at both sizes, with its knobs at both ends."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lessons import explanations
from tests.e2e.conftest import PHONE, PROJECTOR, OpenPage
from tests.e2e.faults import faults
from tests.e2e.test_every_page import fits_its_screen, is_accessible

EVERY = explanations.keys()


def opens(page: Page, key: str, **knobs: float | str) -> None:
    page.goto(f"/explanations/{key}/?{urlencode(knobs)}")
    expect(page.locator("[role=img] svg").first).to_be_visible()


@pytest.mark.parametrize("key", EVERY)
@pytest.mark.parametrize("size", [PHONE, PROJECTOR], ids=["phone", "projector"])
def test_every_picture_is_drawn_well_with_its_knobs_at_both_ends(
    open_page: OpenPage, shots: Path, key: str, size: dict[str, int]
) -> None:
    knobs = [k for k in explanations.picture(key, {}).knobs if k.where == "client"]
    settings: dict[str, dict[str, float]] = {
        "start": {},
        "low": {knob.key: knob.min for knob in knobs},
        "high": {knob.key: knob.max for knob in knobs},
    }
    is_board = size == PROJECTOR
    page = open_page("/explanations/", size)
    found = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        for name, turned in settings.items():
            if theme == "light" and name != "start":
                continue  # lines and words are where they are in the dark
            opens(page, key, **turned, **({"large": "1"} if is_board else {}))
            fits_its_screen(page)
            page.wait_for_timeout(150)
            found += [f"{theme}, {name}: {fault}" for fault in faults(page)]
            file = f"gallery-{key}-{size['width']}-{theme}-{name}.png"
            page.screenshot(path=shots / file)
        is_accessible(page, f"{key} {theme}")
    assert found == []


def test_the_list_draws_each_picture_when_it_comes_into_view(
    open_page: OpenPage, shots: Path
) -> None:
    page = open_page("/explanations/", PROJECTOR)
    for key in EVERY:
        small = page.locator(f"[data-thumbnail={key}]")
        small.scroll_into_view_if_needed()
        expect(small.locator("svg")).to_be_visible(timeout=30_000)
    is_accessible(page, "gallery")
    page.screenshot(path=shots / "gallery-1920.png", full_page=True)


def test_knobs_stand_in_the_address_and_come_back_from_it(open_page: OpenPage) -> None:
    page = open_page("/explanations/toy/")
    page.get_by_label("rarity").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("rarity=8"))

    page.reload()

    expect(page.get_by_label("rarity")).to_have_attribute("aria-valuetext", "8")


def test_a_server_knob_brings_a_new_picture(open_page: OpenPage) -> None:
    page = open_page("/explanations/toy/")
    caption = page.locator("figcaption p").first
    expect(caption).to_contain_text("5 ideas")

    page.get_by_label("ideas").last.press("ArrowRight")

    expect(page.locator(".progress")).to_be_visible()
    expect(caption).to_contain_text("6 ideas")
    expect(page.locator(".progress")).to_have_count(0)
    expect(page).to_have_url(re.compile("ideas=6"))


def test_full_screen_and_back(open_page: OpenPage) -> None:
    page = open_page("/explanations/angles/", PROJECTOR)
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("figure.board")).to_be_visible()
    expect(page).to_have_url(re.compile("large=1"))

    page.get_by_role("button", name="Close").click()

    expect(page.locator("figure.board")).to_have_count(0)


def test_the_numbers_and_the_picture_can_be_taken_along(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/explanations/angles/?dimensions=3", PROJECTOR)
    expect(page.locator("[role=img] svg")).to_be_visible()
    files = {}
    for role, name, kind in (
        ("link", "Numbers (JSON)", "json"),
        ("button", "Picture (SVG)", "svg"),
        ("button", "Picture (PNG)", "png"),
    ):
        with page.expect_download() as download:
            page.get_by_role(role, name=name).click()  # type: ignore[arg-type]
        assert download.value.suggested_filename == f"angles.{kind}"
        files[kind] = tmp_path / f"angles.{kind}"
        download.value.save_as(files[kind])

    numbers = explanations.Picture.model_validate(json.loads(files["json"].read_text()))
    assert numbers == explanations.picture("angles", numbers.params)
    assert numbers.params["dimensions"] == 3
    # The SVG stands alone: a browser without our style sheets paints the very colours of the PNG.
    alone = page.context.new_page()
    alone.goto(files["svg"].as_uri())
    alone.screenshot(path=tmp_path / "alone.png")
    with Image.open(files["png"]) as png, Image.open(tmp_path / "alone.png") as seen:
        background = png.convert("RGB").getpixel((4, 4))
        assert seen.convert("RGB").getpixel((4, 4)) == background
        colours = png.convert("RGB").getcolors(1 << 24)
        assert colours
        assert len(colours) > 50
    svg = files["svg"].read_text()
    assert "var(--" not in svg
    assert numbers.title in svg
    assert numbers.source in svg


def test_the_formula_is_set_and_the_code_is_there(open_page: OpenPage) -> None:
    page = open_page("/explanations/toy/")
    expect(page.locator(".katex").first).to_be_visible()

    page.get_by_text("_superposition.py").click()

    expect(page.get_by_text("def loss_and_gradients")).to_be_visible()


def test_without_javascript_a_page_says_all_it_shows(open_page: OpenPage) -> None:
    page = open_page("/explanations/")
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto(page.url + "angles/")

    picture = explanations.picture("angles", {})
    expect(plain.get_by_text(picture.caption)).to_be_visible()
    expect(plain.get_by_text(picture.text)).to_be_visible()
    expect(plain.locator("[data-formula]")).to_have_text(explanations.find("angles").FORMULA)
    context.close()
