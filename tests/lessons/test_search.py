import time

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lessons.models import Flashcard, Lesson, Question, Section
from lessons.search import LESSONS_MOST, PLACES_MOST, Text, find, texts_of

LIST = reverse("lesson_list")


def text(title: str, body: str = "", lesson: int = 1, weight: int = 1) -> Text:
    return Text(lesson, f"Lesson {lesson}", "en", f"/lessons/{lesson}/#x", title, body, weight)


def titles(asked: str, *texts: Text) -> list[list[str]]:
    return [[place.title for place in found.places] for found in find(asked, texts)]


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("vector", "A Vector."),
        ("vec", "vectors"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("strasse", "Straße"),
        ("cafe", "Café"),
        ("café", "cafe\u0301"),
        ("naïve", "naive"),
        ("１２３", "123"),
        ("日本", "日本語"),
        ("本語", "日本語"),
        ("ベクトル", "高次元ベクトル空間"),
        ("dot product", "The product of a dot-dot."),
        ("“superposition”", "superposition"),
        ("90°", "about 90° wide"),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_width(asked: str, there: str) -> None:
    assert len(find(asked, [text("Title", there)])) == 1


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("ector", "vector"),
        ("dot product", "only a dot"),
        ("", "all"),
        (" .,! ", "all"),
        ("%", "50"),
    ],
)
def test_a_word_that_is_missing_finds_nothing(asked: str, there: str) -> None:
    assert find(asked, [text("Title", there)]) == []


def test_titles_come_before_what_stands_below_them() -> None:
    notes, title = text("Notes", "an angle"), text("An angle", weight=3)

    assert titles("angle", notes, title) == [["An <mark>angle</mark>", "Notes"]]
    assert titles("angle", text("Notes", "an angle"), text("Angles", lesson=2)) == [
        ["<mark>Angles</mark>"],
        ["Notes"],
    ]


def test_the_words_are_marked_and_what_else_stands_there_is_text() -> None:
    [found] = find("angle b", [text("The <b>Angle</b>", "An *angle* & more")])
    [place] = found.places

    assert place.title == "The &lt;<mark>b</mark>&gt;<mark>Angle</mark>&lt;/<mark>b</mark>&gt;"
    assert place.snippet == "An <mark>angle</mark> &amp; more"


def test_where_no_spaces_stand_the_run_is_marked() -> None:
    [found] = find("本語", [text("題", "これは 日本語 です")])

    assert found.places[0].snippet == "これは <mark>日本語</mark> です"


def test_a_snippet_shows_where_the_word_is() -> None:
    [found] = find("needle", [text("Hay", "straw " * 200 + "needle " + "straw " * 200)])
    [place] = found.places

    assert "<mark>needle</mark>" in place.snippet
    assert place.snippet.startswith("… straw")
    assert place.snippet.endswith("straw …")
    assert len(place.snippet) < 250


def test_few_lessons_and_few_places_are_shown() -> None:
    many = [text("Angle", lesson=n) for n in range(50) for _ in range(PLACES_MOST + 2)]
    found = find("angle", many)

    assert len(found) == LESSONS_MOST
    assert [(len(lesson.places), lesson.more) for lesson in found] == [
        (PLACES_MOST, 2)
    ] * LESSONS_MOST


@pytest.fixture
def secret(published: Lesson) -> Lesson:
    """Its answers and meanings have words of their own."""
    published.questions.all().delete()
    Question.objects.create(
        lesson=published, kind="typed_text", prompt="Alpha", answers="beta", note="gamma"
    )
    Flashcard.objects.create(lesson=published, term="Delta", definition="{{c1::epsilon}}")
    return published


@pytest.mark.parametrize(
    ("shown", "found"),
    [("public", {"alpha", "beta", "gamma", "delta", "epsilon"}), ("members", {"alpha", "delta"})],
)
def test_only_what_may_be_seen_is_found(secret: Lesson, shown: str, found: set[str]) -> None:
    secret.answers_shown = shown
    secret.save()
    texts = texts_of(Lesson.objects.all(), AnonymousUser())
    words = ("alpha", "beta", "gamma", "delta", "epsilon")

    assert {word for word in words if find(word, texts)} == found


def test_the_first_few_count_from_the_top(secret: Lesson) -> None:
    Question.objects.create(lesson=secret, kind="typed_text", prompt="Zeta", answers="eta")
    Flashcard.objects.create(lesson=secret, term="Theta", definition="iota")
    secret.answers_shown, secret.answers_first = "first", 1
    secret.save()
    words = (
        "alpha",
        "beta",
        "zeta",
        "eta",
        "right",
        "quarter",
        "delta",
        "epsilon",
        "theta",
        "iota",
    )

    def found(user: AnonymousUser | User) -> set[str]:
        texts = texts_of(Lesson.objects.all(), user)
        return {word for word in words if find(word, texts)}

    # In this order: what a member's search has kept is nothing a visitor may find.
    assert found(User.objects.get(username="hana")) == set(words)
    assert found(AnonymousUser()) == set(words) - {"eta", "epsilon", "iota"}


def test_every_kind_is_found_by_what_is_right(published: Lesson) -> None:
    told = {
        text.title: text.body
        for text in texts_of(Lesson.objects.all(), AnonymousUser())
        if "#question-" in text.address
    }

    assert told == {
        "How large is it?": "90°",
        "Which are right?": "90° · 100 gon",
        "It is 90°.": "True",
        "It has ___ degrees.": "90 · ninety",
        "How many degrees?": "90°",
        "By size": "acute · right · obtuse",
    }


def test_an_edited_answer_is_found_at_once(client: Client, secret: Lesson) -> None:
    assert "Found in 1 lesson." in client.get(LIST, {"q": "beta"}).text
    secret.questions.update(answers="kappa")

    assert "Found in 1 lesson." in client.get(LIST, {"q": "kappa"}).text
    assert "Found in 1 lesson." not in client.get(LIST, {"q": "beta"}).text


def test_the_page_links_to_the_place(client: Client, secret: Lesson) -> None:
    question = secret.questions.get()
    page = client.get(LIST, {"q": "beta"}).text

    assert f'<a href="/lessons/angles/#question-{question.pk}">Alpha</a>' in page
    assert "<mark>beta</mark> · gamma" in page
    assert "Found in 1 lesson." in page
    assert 'value="beta"' in page


def test_the_page_says_what_to_try(client: Client, secret: Lesson) -> None:
    page = client.get(LIST, {"q": "<script>" + "x" * 500}).text

    assert "No lesson has all the words of “&lt;script&gt;xxx" in page
    assert "Try fewer words" in page
    assert "<script>x" not in page


def test_drafts_are_found_by_their_owners(client: Client, lesson: Lesson, hana: User) -> None:
    assert "Found in" not in client.get(LIST, {"q": "angle"}).text
    client.force_login(hana)
    assert "Found in 1 lesson." in client.get(LIST, {"q": "angle"}).text


def test_the_number_of_queries_does_not_grow(
    published: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        other = Lesson.objects.create(slug=f"l{n}", title="L", is_published=True)
        Section.objects.create(lesson=other, title="S", position=0)

    with django_assert_num_queries(4):
        texts_of(Lesson.objects.all(), AnonymousUser())


@pytest.mark.parametrize("asked", ["(" * 200, "\\" * 200, "a" * 200, "[^", "\0", "' OR 1=1 --"])
def test_hostile_questions_are_only_words(client: Client, secret: Lesson, asked: str) -> None:
    assert client.get(LIST, {"q": asked}).status_code == 200


def test_many_long_lessons_are_searched_in_one_go() -> None:
    words = "the angle between two vectors in a space of many dimensions is nearly right "
    texts = [text(f"Section {n}", words * 400, lesson=n) for n in range(100)]
    began = time.perf_counter()
    found = find("dimensions nearly", texts)

    assert len(found) == LESSONS_MOST
    assert time.perf_counter() - began < 30  # in 3 MB; far off, for a machine that is busy
