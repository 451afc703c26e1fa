import csv
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from lessons.models import Flashcard, Lesson
from lessons.study.learners import COOKIE
from lessons.study.models import KnownCard, Learner

DECK = reverse("flashcards", args=["angles"])
KNOW = reverse("know_flashcard", args=["angles"])
CSV = reverse("flashcards_csv", args=["angles"])
APKG = reverse("flashcards_apkg", args=["angles"])


@pytest.fixture
def cards(published: Lesson) -> list[Flashcard]:
    """The lesson's right angle, then a cloze text and a card with a picture."""
    Flashcard.objects.create(
        lesson=published, term="Degrees", definition=r"It has {{c1::90}} of them, $\frac{1}{4}$."
    )
    Flashcard.objects.create(
        lesson=published, term="Dot product", definition="A number.", explanation="probe"
    )
    return list(published.flashcards.all())


def deck(client: Client) -> dict[str, Any]:
    response = client.get(DECK)
    assert response.status_code == 200
    text = response.text.split('<script id="deck" type="application/json">')[1]
    found: dict[str, Any] = json.loads(text.split("</script>")[0])
    return found


def know(client: Client, card: Flashcard, is_known: bool = True) -> int:
    told = {"flashcard": card.pk, "is_known": is_known}
    return client.post(KNOW, told, content_type="application/json").status_code


def known(client: Client) -> list[int]:
    found: list[int] = client.get(KNOW).json()["known"]
    return found


def close_to(lesson: Lesson, first: int) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(answers_shown="first", answers_first=first)


def test_the_deck_has_all_that_its_page_shows(client: Client, cards: list[Flashcard]) -> None:
    told = deck(client)
    right_angle, degrees, product = told["cards"]

    assert [told["title"], told["language"], told["left_out"]] == ["Angles", "en", 0]
    assert [face["key"] for face in right_angle["faces"]] == ["forward", "backward"]
    assert right_angle["section"] == {
        "title": "The right angle",
        "address": "/lessons/angles/#section-the-right-angle",
    }
    assert degrees["faces"] == [
        {
            "key": "c1",
            "title": "Degrees",
            "front": 'It has _____ of them, <span class="math">\\frac{1}{4}</span>.',
            "back": ('It has <strong>90</strong> of them, <span class="math">\\frac{1}{4}</span>.'),
            "spoken_front": "Degrees. It has  …  of them, formula.",
            "spoken_back": "It has 90 of them, formula.",
            "typed": ["90"],
        }
    ]
    assert product["picture"]["address"] == "/explanations/probe/"
    assert [degrees["image"], degrees["section"], degrees["picture"]] == [None, None, None]


def test_looking_makes_nobody_a_learner(client: Client, cards: list[Flashcard]) -> None:
    deck(client)
    assert know(client, cards[0], is_known=False) == 200

    assert not Learner.objects.exists()
    assert COOKIE not in client.cookies
    assert "csrftoken" in client.cookies


def test_what_one_knows_is_kept(client: Client, cards: list[Flashcard]) -> None:
    assert [know(client, cards[1]), know(client, cards[1]), know(client, cards[2])] == [200] * 3
    assert known(client) == [cards[1].pk, cards[2].pk]
    assert known(Client()) == []

    assert know(client, cards[1], is_known=False) == 200
    assert known(client) == [cards[2].pk]


def test_the_deck_is_the_same_for_anybody(client: Client, cards: list[Flashcard]) -> None:
    know(client, cards[1])

    assert deck(client) == deck(Client())
    assert client.get(KNOW)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"flashcard": 0, "is_known": True}, 404),
        ({"flashcard": "1", "is_known": True}, 400),
        ({"flashcard": 1}, 400),
        ([], 400),
        ({"flashcard": 2**70, "is_known": True}, 404),
    ],
)
def test_a_mark_that_makes_no_sense(
    client: Client, cards: list[Flashcard], body: Any, status: int
) -> None:
    response = client.post(KNOW, json.dumps(body), content_type="application/json")

    assert response.status_code == status
    assert response.json()["problem"]
    assert not KnownCard.objects.exists()


def test_a_mark_needs_the_pages_own_cookie(cards: list[Flashcard]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert know(client, cards[0]) == 403

    client.get(DECK)
    told = {"flashcard": cards[0].pk, "is_known": True}
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    response = client.post(KNOW, told, content_type="application/json", headers=headers)
    assert response.status_code == 200


def test_a_visitor_sees_the_first_few(
    client: Client, cards: list[Flashcard], published: Lesson, ada: User, settings: Settings
) -> None:
    close_to(published, 1)
    told = deck(client)

    assert [card["name"] for card in told["cards"]] == ["Right angle"]
    assert "A number." not in client.get(DECK).text
    assert told["left_out"] == 2
    assert told["sign_up"] == f"{reverse('sign_up')}?next={DECK}"
    assert [know(client, card) for card in cards] == [200, 404, 404]
    assert [row[0] for row in csv.reader(client.get(CSV).text.splitlines())][1:] == ["Right angle"]
    assert b"A number." not in client.get(APKG).content

    settings.SIGN_UP_OPEN = False
    assert deck(client)["sign_up"] == ""

    client.force_login(ada)
    assert [len(deck(client)["cards"]), deck(client)["left_out"]] == [3, 0]
    assert know(client, cards[2]) == 200
    assert "A number." in client.get(CSV).text


def test_drafts_are_their_authors(client: Client, lesson: Lesson, hana: User) -> None:
    pages = (DECK, CSV, APKG)
    assert [client.get(page).status_code for page in pages] == [404] * 3
    assert know(client, lesson.flashcards.get()) == 404

    client.force_login(hana)
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_files_to_take_along(client: Client, cards: list[Flashcard]) -> None:
    table, package = client.get(CSV), client.get(APKG)

    assert table["Content-Disposition"] == 'attachment; filename="angles-flashcards.csv"'
    assert len(list(csv.reader(table.text.splitlines()))) == 4
    assert package["Content-Disposition"] == 'attachment; filename="angles.apkg"'
    assert package.content[:2] == b"PK"


def test_another_method(client: Client, cards: list[Flashcard]) -> None:
    assert client.put(KNOW).status_code == 405
    assert client.post(DECK).status_code == 405


@pytest.mark.parametrize("count", [3, 300])
def test_as_many_queries_for_any_deck(
    client: Client,
    published: Lesson,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    section = published.sections.get()
    Flashcard.objects.bulk_create(
        Flashcard(lesson=published, term=f"{n}", definition="A.", section=section, position=n)
        for n in range(1, count)
    )
    know(client, published.flashcards.all()[0])

    with django_assert_num_queries(2):
        assert len(deck(client)["cards"]) == count
