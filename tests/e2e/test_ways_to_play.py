"""Whole games in real browser pages: alone with every kind of question, teams that share a phone,
vote-talk-revote, a phone as remote, and the ways through the door.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from lessons.formats import own_yaml
from lessons.questions import InfoSlide, Poll, Question, WordCloud
from tests.e2e.conftest import EVERY_KIND, PROJECTOR, OpenPage, Server, short_lesson
from tests.e2e.test_every_page import fits_its_screen, is_accessible
from tests.e2e.test_whole_lesson import answer, join, log_in, moves_on

LAPTOP = {"width": 1366, "height": 768}


def questions_of_every_kind(settings: Settings, folder: Path) -> list[Question]:
    settings.MEDIA_ROOT = folder  # reading the lesson keeps its picture
    return [draft.question for draft in own_yaml.read(EVERY_KIND.read_bytes())[0].questions]


def opens(open_page: OpenPage, server: Server, slug: str, **chosen: str) -> tuple[Page, str]:
    """The host's page of a new room and its code; `chosen` are fields of the form and values."""
    host = open_page(f"/lessons/{slug}/open-room/?defaults", PROJECTOR)
    log_in(host, server)
    for group in host.locator("details[data-group] > summary").all():
        group.click()
    for name, value in chosen.items():
        field = host.locator(f"[name={name}]")
        kind = field.first.get_attribute("type")
        if kind == "radio":
            host.locator(f"[name={name}][value={value}]").check()
        elif kind == "checkbox":
            field.set_checked(value == "on")
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    host.get_by_role("button", name="Open the room").click()
    expect(host.get_by_text("Waiting for the first player")).to_be_visible()
    found = host.get_by_text(re.compile(r"^\d{3}\s?\d{3}$")).first.inner_text()
    return host, re.sub(r"\D", "", found)


def looks(shots: Path, name: str, **pages: Page) -> None:
    for whose, page in pages.items():
        fits_its_screen(page)
        page.screenshot(path=shots / f"way-{name}-{whose}.png")


@pytest.mark.timeout(300)
def test_alone_with_every_kind_of_question(
    open_page: OpenPage, server: Server, shots: Path, settings: Settings, tmp_path: Path
) -> None:
    questions = questions_of_every_kind(settings, tmp_path)
    host, code = opens(open_page, server, "every-kind", get_ready_s="0")
    ada, ben = open_page(f"/{code}"), open_page(f"/{code}")
    join(ada, "Ada")
    join(ben, "Ben")
    moves_on(host, "Start")
    for round, question in enumerate(questions):
        name = f"solo-{round}-{question.kind}"
        if isinstance(question, InfoSlide):
            expect(ada.get_by_role("heading", name=question.prompt)).to_be_visible()
            expect(ada.locator("strong", has_text="sheet of paper")).to_be_visible()
            expect(ada.locator(".katex").first).to_be_visible()
            looks(shots, name, host=host, phone=ada)
            break
        expect(host.get_by_role("button", name="Close now")).to_be_visible()
        if question.image:
            expect(ada.get_by_role("img", name=question.image.alt)).to_be_visible()
            expect(host.get_by_role("img", name=question.image.alt)).to_be_visible()
        if "$" in question.prompt:
            expect(ada.locator("h1 .katex").first).to_be_visible()
            expect(host.locator("h1 .katex").first).to_be_visible()
        looks(shots, name, host=host, phone=ada)
        answer(ada, question, rightly=True)
        answer(ben, question, rightly=False)
        if isinstance(question, Poll | WordCloud):
            expect(ada.get_by_text(re.compile("What you all think|What came to"))).to_be_visible()
        else:
            expect(ada.get_by_text("Right", exact=True).first).to_be_visible()
            expect(ben.get_by_text("Not this time")).to_be_visible()
        host.wait_for_timeout(600)
        looks(shots, f"{name}-result", host=host, phone=ada)
        is_accessible(ada, name)
        if question.note:
            moves_on(host, "Show why")
        if not isinstance(question, Poll | WordCloud):
            moves_on(host, "Standings")
        moves_on(host, "Next question")
    moves_on(host, "Go on")
    expect(ada.get_by_text("You won")).to_be_visible()

    ada.get_by_role("button", name="Look back").tap()
    expect(ada.get_by_role("heading", name="Looking back")).to_be_visible()
    scored = [q for q in questions if not isinstance(q, Poll | WordCloud | InfoSlide)]
    expect(ada.get_by_text(re.compile(r"^Question \d+$"))).to_have_count(len(scored))
    looks(shots, "solo-review", phone=ada)
    is_accessible(ada, "review")


@pytest.mark.timeout(200)
def test_teams_that_share_a_phone(open_page: OpenPage, server: Server, shots: Path) -> None:
    questions = [draft.question for draft in short_lesson().questions][:2]
    host, code = opens(open_page, server, "short", teams="shared", team_talk_s="2", get_ready_s="0")
    phones = []
    for team, names in (("The Vectors", ("Ada", "Ben")), ("The Tokens", ("Cy", "Dee"))):
        phone = open_page(f"/{code}")
        phone.get_by_label("Your team’s name").fill(team)
        phone.get_by_role("button", name="Join").tap()  # nobody is named yet
        expect(phone.get_by_role("alert").filter(has_text="Name everybody")).to_be_visible()
        phone.get_by_label("Name 1", exact=True).fill(names[0])
        phone.get_by_role("button", name="Add a name").tap()
        phone.get_by_label("Name 2", exact=True).fill(names[1])
        looks(shots, "shared-door", phone=phone)
        phone.get_by_role("button", name="Join").tap()
        expect(phone.get_by_text(f"With {names[0]} and {names[1]}")).to_be_visible()
        phones.append(phone)
    vectors, tokens = phones
    expect(host.get_by_text("Ada, Ben").first).to_be_visible()
    looks(shots, "shared-lobby", host=host, phone=vectors)
    moves_on(host, "Start")
    expect(vectors.get_by_text("Talk it over in your team")).to_be_visible()
    looks(shots, "shared-talk", host=host, phone=vectors)
    for round, question in enumerate(questions):
        # The talk ends by itself.
        expect(host.get_by_role("button", name="Close now")).to_be_visible()
        answer(vectors, question, rightly=True)
        answer(tokens, question, rightly=False)
        expect(vectors.get_by_text("Right", exact=True).first).to_be_visible()
        moves_on(host, "Show why")
        moves_on(host, "Standings")
        if round == 0:
            moves_on(host, "Next question")
    host.get_by_role("button", name="More").click()
    host.get_by_role("button", name="End the room").click()
    host.get_by_role("button", name="End the room").click()
    expect(vectors.get_by_role("heading", name="The game is over")).to_be_visible()
    host.get_by_role("link", name="Results").first.click()
    expect(host.get_by_text("Ada, Ben").first).to_be_visible()
    looks(shots, "shared-results", host=host)


@pytest.mark.timeout(200)
def test_vote_talk_and_vote_again(open_page: OpenPage, server: Server, shots: Path) -> None:
    question = short_lesson().questions[0].question
    host, code = opens(open_page, server, "short", get_ready_s="0")
    ada, ben = open_page(f"/{code}"), open_page(f"/{code}")
    join(ada, "Ada")
    join(ben, "Ben")
    moves_on(host, "Start")
    host.get_by_role("button", name="Talk and vote again").click()
    answer(ada, question, rightly=True)
    answer(ben, question, rightly=False)
    expect(ben.get_by_text("Talk to your neighbours: then vote again")).to_be_visible()
    looks(shots, "revote-talk", host=host, phone=ben)
    is_accessible(ben, "revote-talk")
    moves_on(host, "Vote again")
    expect(host.get_by_text("Second vote").first).to_be_visible()
    expect(ben.get_by_text("Vote again").first).to_be_visible()
    ada.reload()  # the second vote is the one that comes back
    answer(ada, question, rightly=True)
    answer(ben, question, rightly=True)
    expect(ben.get_by_text("Right before you talked: 50%. After: 100%.")).to_be_visible()
    expect(host.get_by_text("gain").first).to_be_visible()
    host.wait_for_timeout(600)
    looks(shots, "revote-result", host=host, phone=ben)
    is_accessible(host, "revote-result")


@pytest.mark.timeout(200)
def test_a_phone_is_the_remote(open_page: OpenPage, server: Server, shots: Path) -> None:
    question = short_lesson().questions[0].question
    host, code = opens(open_page, server, "short", get_ready_s="0")
    ada, ben = open_page(f"/{code}"), open_page(f"/{code}")
    join(ada, "Ada")
    join(ben, "Ben")
    host.get_by_role("button", name="More").click()
    host.get_by_role("button", name="Use your phone as remote").click()
    expect(host.get_by_text("don’t show it on the projector")).to_be_visible()
    looks(shots, "remote-dialog", host=host)
    desk = host.evaluate("JSON.parse(document.getElementById('desk').textContent)")
    host.get_by_role("button", name="Close", exact=True).click()
    remote = open_page("/" + desk["remote_url"].split("/", 3)[3])  # without logging in
    expect(remote.get_by_text("2 in").or_(remote.get_by_text("Players 2"))).to_be_visible()
    looks(shots, "remote-lobby", phone=remote)
    remote.get_by_role("button", name="Start").tap()
    expect(ada.get_by_role("timer")).to_be_visible()
    expect(host.get_by_role("button", name="Close now")).to_be_visible()

    remote.get_by_role("button", name="Pause").tap()
    expect(ada.get_by_text("The clock stands").first).to_be_visible()
    expect(host.get_by_text("Paused").first).to_be_visible()
    looks(shots, "remote-paused", phone=remote, host=host, pupil=ada)
    is_accessible(remote, "remote")
    remote.get_by_role("button", name="Resume").tap()
    expect(ada.get_by_text("The clock stands")).to_have_count(0)
    remote.get_by_role("button", name="+10 s: ten seconds more").tap()
    answer(ada, question, rightly=True)
    expect(remote.get_by_text("1 of 2").first).to_be_visible()
    remote.reload()
    remote.get_by_role("button", name="Close now").tap()
    expect(ada.get_by_text("Right", exact=True).first).to_be_visible()
    expect(host.get_by_role("button", name="Show why")).to_be_visible()
    looks(shots, "remote-result", phone=remote)
    assert ada.goto("/remote/not-a-token/").status == 404  # type: ignore[union-attr]


def taps_letters(phone: Page, host: Page) -> None:
    """What stands on the board now."""
    letters = host.get_by_role("img", name=re.compile("^Letters at the door")).first
    for letter in re.findall(r"\b[A-F]\b", (letters.get_attribute("aria-label") or "")[20:]):
        phone.get_by_role("button", name=letter, exact=True).tap()


@pytest.mark.timeout(200)
def test_through_the_door_and_onto_another_phone(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host, code = opens(
        open_page, server, "short", approves_seats="on", has_second_code="on", nicknames="offered"
    )
    ada = open_page(f"/{code}")
    looks(shots, "door-offered", phone=ada)
    first = ada.locator("input[name=nickname] + span, [role=radio], label").nth(0)
    nickname = first.inner_text().strip()
    first.tap()
    ada.get_by_role("button", name=re.compile("Next|Join")).tap()
    expect(ada.get_by_role("heading", name="Tap what the board shows")).to_be_visible()
    looks(shots, "door-letters", phone=ada, host=host)
    taps_letters(ada, host)
    expect(ada.get_by_text("Your teacher lets you in in a moment")).to_be_visible()
    looks(shots, "door-waiting", phone=ada)
    host.get_by_role("button", name=re.compile("^Players")).click()
    looks(shots, "door-seats", host=host)
    host.get_by_role("button", name=f"Admit {nickname}").click()
    expect(ada.get_by_text("You’re in")).to_be_visible()

    # Ada's phone dies; the host reads out a code for another.
    ada.close()
    host.get_by_role("button", name=f"More about {nickname}").click()
    host.get_by_role("button", name="Go on on another phone").click()
    issued = host.locator(".issued b").inner_text()
    looks(shots, "door-issued", host=host)
    other = open_page(f"/{code}")
    other.get_by_role("button", name="I was here before, on another phone").tap()
    other.get_by_label("Your personal code").fill(issued.lower())
    other.get_by_role("button", name=re.compile("Next|Join")).tap()
    taps_letters(other, host)
    expect(other.get_by_text("You’re in")).to_be_visible()
    expect(other.get_by_text(nickname).first).to_be_visible()


@pytest.mark.timeout(100)
def test_while_a_class_plays_its_lesson_is_closed_to_its_phones(
    open_page: OpenPage, server: Server, shots: Path
) -> None:
    host, code = opens(open_page, server, "short")
    ada = open_page(f"/{code}")
    join(ada, "Ada")
    ada.goto("/lessons/short/")
    expect(ada.get_by_role("heading", name=re.compile("playing"))).to_be_visible()
    assert "Large Language" not in ada.content()
    looks(shots, "locked", phone=ada)
    ada.get_by_role("link", name="Back to the room").tap()
    expect(ada.get_by_text("You’re in")).to_be_visible()
    host.goto("/lessons/short/")
    expect(host.get_by_role("heading", level=1)).to_contain_text("Large Language")
