"""A class plays the whole sample lesson in teams, in real browser pages."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lessons.questions import (
    NumberGuess,
    OrderSteps,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    shown_order,
)
from tests.e2e.conftest import PROJECTOR, OpenPage, Server, sample_lesson


def log_in(page: Page, server: Server) -> None:
    page.get_by_label("Username").fill(server.host)
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name="Log in").click()


def join(page: Page, nickname: str) -> None:
    page.get_by_label("Your nickname").fill(nickname)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text(nickname, exact=True).first).to_be_visible()


def moves_on(host: Page, to: str) -> None:
    """Press the space key when the host's button says so, as a teacher would."""
    expect(host.get_by_role("button", name=to, exact=True)).to_be_enabled()
    host.keyboard.press("Space")


def answer(phone: Page, question: Question, rightly: bool) -> None:
    """Give a right or a wrong answer by touch, as the page offers it."""
    options = phone.get_by_role("group").get_by_role("button")
    match question:
        case SingleChoice():
            options.nth(question.right if rightly else (question.right + 1) % 2).tap()
        case TrueFalse():
            options.nth(0 if question.right == rightly else 1).tap()
        case SeveralRight():
            wrong = next(i for i in range(6) if i not in question.right)
            for i in question.right if rightly else (wrong,):
                options.nth(i).tap()
        case TypedText():
            text = question.accepted[-1].upper() if rightly else "no idea"
            phone.get_by_label("Your answer").fill(text)
        case TypedNumber():
            number = question.right if rightly else question.right + 10 * question.tolerance + 10
            phone.get_by_label("Your number").fill(str(number))
        case Poll():
            options.first.tap()
        case WordCloud():
            phone.get_by_label("A word or two").fill("windows" if rightly else "doors")
        case NumberGuess():
            far = max(question.low, question.high, key=lambda end: abs(end - question.right))
            guess = question.right if rightly else far
            phone.get_by_role("spinbutton", name="Your guess").fill(str(guess))
        case OrderSteps():
            shown = shown_order(question)
            places = [shown.index(step) for step in range(len(shown))]
            for place in places if rightly else reversed(places):
                options.nth(place).tap()
    if not isinstance(question, SingleChoice | TrueFalse | Poll):
        phone.get_by_role("button", name="Send").tap()


@pytest.mark.timeout(600)
def test_a_class_plays_the_whole_sample_lesson_in_teams(
    open_page: OpenPage, server: Server, tmp_path: Path
) -> None:
    questions = [d.question for d in sample_lesson().questions]
    host = open_page("/lessons/", PROJECTOR)
    card = host.get_by_role("listitem").filter(has_text=f"{len(questions)} questions")
    card.get_by_role("link", name="Open a room").click()
    log_in(host, server)
    host.goto(f"{host.url}?defaults")  # whatever this host chose the last time
    host.locator("summary", has_text="Teams").click()
    host.get_by_role("radio", name="Teams, shared out evenly").check()
    host.get_by_role("button", name="Open the room").click()
    expect(host.get_by_text("Waiting for the first player")).to_be_visible()
    code = re.sub(r"\D", "", host.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text())

    ada = open_page(f"/{code}")
    join(ada, "Ada")
    landing = open_page("/")
    landing.get_by_role("textbox").fill(f"{code[:3]} {code[3:]}")
    landing.keyboard.press("Enter")
    ben = landing
    join(ben, "Ben")
    expect(host.get_by_text("2 players")).to_be_visible()

    # No phone is told the lesson's title before the end.
    assert "Large Language Models" not in ada.content()

    cy: Page | None = None
    for round, question in enumerate(questions):
        is_last = round + 1 == len(questions)
        moves_on(host, "Start" if round == 0 else "Next question")
        expect(ada.get_by_text("Get ready")).to_be_visible()
        expect(host.get_by_role("button", name="Close now")).to_be_visible()
        answer(ada, question, rightly=True)
        expect(ada.get_by_text("Your answer is in.").first).to_be_attached()
        if round == 1:
            # Ada's phone dies in mid-question and comes back: seat, answer and points are hers.
            points = ada.locator("header").inner_text()
            ada.reload()
            expect(ada.get_by_text("Your answer is in.").first).to_be_attached()
            assert ada.locator("header").inner_text() == points
            assert re.search(r"\b[1-9]\d\d\b|\b1,000\b", points)
        if round == 2:
            # Cy comes late, and can answer the question that is open.
            cy = open_page(f"/{code}")
            join(cy, "Cy")
        if cy:
            answer(cy, question, rightly=round % 2 == 0)
        answer(ben, question, rightly=False)

        # All have answered, so the question closes by itself.
        expect(ada.get_by_text("Right", exact=True).first).to_be_visible()
        expect(ben.get_by_text("Not this time")).to_be_visible()
        moves_on(host, "Show why")
        expect(
            host.get_by_role("button", name="Podium" if is_last else "Standings", exact=True)
        ).to_be_visible()
        if round == 0:
            # The host's laptop dies while the picture shows: the same picture is back.
            expect(host.get_by_role("heading", name="right angle")).to_be_visible()
            host.reload()
            expect(host.get_by_role("heading", name="right angle")).to_be_visible()
            expect(ben.get_by_role("heading", name="right angle")).to_be_visible()
        moves_on(host, "Podium" if is_last else "Standings")

    expect(host.get_by_role("heading", name="Large Language Models and MLPs")).to_be_visible()
    expect(ada.get_by_text("You won")).to_be_visible()
    on_phones = {
        name: re.findall(r"[\d,]+", phone.locator("header").inner_text())[-1].replace(",", "")
        for name, phone in {"Ada": ada, "Ben": ben, "Cy": cy}.items()
        if phone
    }

    host.get_by_role("link", name="Results").click()
    with host.expect_download() as download:
        host.get_by_role("link", name="CSV").click()
    table = tmp_path / "results.csv"
    download.value.save_as(table)
    with table.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["nickname"] for row in rows] == ["Ada", "Cy", "Ben"]
    assert {row["nickname"]: row["points"] for row in rows} == on_phones
    assert {row["nickname"]: row["right"] for row in rows}["Ada"] == str(len(questions))
    assert {row["nickname"]: row["answered"] for row in rows} == {
        "Ada": str(len(questions)),
        "Ben": str(len(questions)),
        "Cy": str(len(questions) - 2),
    }
    assert len({row["team"] for row in rows}) == 3
    for row in rows:
        each = [int(row[f"question {n} points"]) for n in range(1, len(questions) + 1)]
        assert sum(each) == int(row["points"])
