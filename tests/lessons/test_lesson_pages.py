import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import DjangoAssertNumQueries, Settings

from lessons import explanations, images
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.podcast.sample import give_podcast_in_background
from lessons.study.models import Learner
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, rate
from tests.lessons.conftest import EVERY_KIND, drawing

LIST = reverse("lesson_list")
ROOM = reverse("open_room", args=["angles"])


def test_the_list_shows_what_can_be_played(client: Client, published: Lesson) -> None:
    page = client.get(LIST).text

    assert f'<a href="{published.get_absolute_url()}" lang="en">Angles</a>' in page
    assert "Turns." in page
    assert "6 questions" in page
    assert "1 flashcard\n" in page
    assert "1 section of notes" in page
    assert f'href="{ROOM}"' in page


def test_an_empty_list_says_so(client: Client, db: None) -> None:
    assert "There are no lessons yet." in client.get(LIST).text


def test_a_draft_is_its_owners(
    client: Client, lesson: Lesson, hana: User, noor: User, ada: User
) -> None:
    seen = {}
    for user in (None, ada, noor, hana):
        if user:
            client.force_login(user)
        listed = "Angles" in client.get(LIST).text
        seen[user and user.username] = (listed, client.get(lesson.get_absolute_url()).status_code)

    assert seen == {
        None: (False, 404),
        "ada": (False, 404),
        "noor": (False, 404),
        "hana": (True, 200),
    }
    page = client.get(lesson.get_absolute_url()).text
    assert "This is a draft. Publish it to open a room." in page
    assert ROOM not in page


def test_a_lesson_to_read(client: Client, published: Lesson) -> None:
    page = client.get(published.get_absolute_url()).text

    assert 'id="section-the-right-angle"' in page
    assert 'href="#section-the-right-angle"' in page
    assert "<p>A <strong>quarter</strong> of a turn.</p>" in page
    assert "<dt>Right angle</dt>" in page
    assert "<dd>A quarter of a turn.</dd>" in page
    assert f'href="{ROOM}"' in page
    assert "data-explanation" not in page
    assert drawing_code() not in page


def test_every_answer_waits_behind_a_summary(client: Client, published: Lesson) -> None:
    Question.objects.update(note="So it is.")
    page = client.get(published.get_absolute_url()).text
    hidden = re.findall(r"<summary[^>]*>Show the answer</summary>(.*?)</details>", page, re.DOTALL)

    assert [re.findall(r"<(?:strong|li)>([^<]+)</", each) for each in hidden] == [
        ["90°"],
        ["90°", "100 gon"],
        ["True"],
        ["90"],
        ["90°"],
        ["acute", "right", "obtuse"],
    ]
    assert all("So it is." in each for each in hidden)


@pytest.fixture
def every_kind(client: Client, db: None) -> str:
    """The page of a lesson with every kind of question."""
    call_command("load_sample", EVERY_KIND)
    return client.get("/lessons/every-kind/").text


def test_what_nobody_can_get_right_has_no_answer(every_kind: str) -> None:
    _, poll = every_kind.split("<p>Degrees or radians?</p>")
    poll, _ = poll.split("No right answer", 1)

    assert re.findall(r"<li>(\w+)</li>", poll) == ["degrees", "radians", "gon"]
    assert every_kind.count("No right answer") == 2
    assert every_kind.count("Show the answer") == 7


def test_a_slide_is_no_question(every_kind: str) -> None:
    [slide] = re.findall(
        r'<li id="question-\d+" class="slide">(.*?)</li>\s*</ol>', every_kind, re.DOTALL
    )

    assert "<p>Angles in the room</p>" in slide
    assert "Take a <strong>sheet of paper</strong> and fold it twice." in slide
    assert "answer" not in slide


def test_texts_are_markdown_with_formulas(every_kind: str) -> None:
    for shown in (
        "<p>Which are <strong>right</strong> angles?</p>",
        '<li><span class="math">90°</span></li>',
        "<li><em>no</em> idea</li>",
        '<p>What is <span class="math">\\sin 30°</span>?</p>',
        "<p>An angle beyond 90° is called ___.</p>",
        "<p>It is <code>pi / 2</code>.</p>",
        '<div class="math">\\cos\\theta = ',
        '<dd>A quarter of a turn, <span class="math">\\frac{\\pi}{2}</span>.</dd>',
    ):
        assert shown in every_kind


def test_an_image_has_its_size_and_its_words(client: Client, every_kind: str) -> None:
    image = Question.objects.exclude(image_file="").get().as_question().image
    assert image
    assert (
        f'<img src="/media/{image.file}" alt="Two lines that meet in a corner with a small square '
        'in it" width="320" height="240" loading="lazy">' in every_kind
    )

    response = client.get(f"/media/{image.file}")
    assert response.content == images.kept_bytes(image.file)
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.has_header("Set-Cookie")


def test_only_kept_images_are_served(client: Client, settings: Settings) -> None:
    kept = images.keep(drawing())
    for name in ("secret.txt", f"{'0' * 32}.html", f"{kept.file}.part"):
        settings.MEDIA_ROOT.joinpath(name).write_text("secret")
    assert client.get(f"/media/{kept.file}").status_code == 200

    for name in (
        "secret.txt",
        f"{'0' * 32}.html",
        f"{kept.file}.part",
        f"{kept.file}%0A",
        f"x/{kept.file}",
        f"../media/{kept.file}",
        f"{'0' * 32}.webp",
        kept.file.upper(),
        "",
    ):
        assert client.get(f"/media/{name}").status_code == 404
    assert client.post(f"/media/{kept.file}").status_code == 405


def test_steps_stand_in_the_order_in_which_players_see_them(
    client: Client, published: Lesson
) -> None:
    published.questions.exclude(kind="order_steps").delete()
    page = client.get(published.get_absolute_url()).text
    shown = re.findall(r"<li>(acute|right|obtuse)</li>", page.split("<summary")[0])

    assert sorted(shown) == ["acute", "obtuse", "right"]
    assert shown != ["acute", "right", "obtuse"]


def test_a_section_has_its_picture_in_numbers_and_in_words(
    client: Client, published: Lesson
) -> None:
    Section.objects.update(explanation="mlp", explanation_params={"bias": -0.5})
    picture = explanations.picture("mlp", {"bias": -0.5})
    page = client.get(published.get_absolute_url()).text
    [(key, data)] = re.findall(
        r'<figure lang="en" data-explanation="(\w+)">\s*<script type="application/json">(.*?)</script>',
        page,
    )

    assert key == "mlp"
    assert json.loads(data) == picture.model_dump(mode="json", by_alias=True)
    assert picture.text in Words.of(page)
    assert drawing_code() in page


def test_a_picture_whose_parameters_became_wrong_is_left_out(
    client: Client, published: Lesson
) -> None:
    Section.objects.update(explanation="mlp", explanation_params={"bias": 99})
    Question.objects.filter(kind="true_false").update(explanation="mlp")
    page = client.get(published.get_absolute_url())

    assert page.status_code == 200
    assert "data-explanation" not in page.text
    linked = page.text.split('<p class="more-pictures"')[1].split("</p>")[0]
    assert 'href="/explanations/mlp/"' in linked  # a question's may take its place


@pytest.mark.parametrize(
    "page",
    [
        *("lesson", "practice", "flashcards", "flashcards_apkg", "flashcards_csv", "review_lesson"),
        *("chat", "podcast"),
    ],
)
def test_a_lesson_goes_on_without_pictures_that_stopped_making_sense(
    client: Client, published: Lesson, page: str
) -> None:
    for parts in (published.sections, published.questions, published.flashcards):
        parts.update(explanation="mlp", explanation_params={"bias": 99})
    give_podcast_in_background.call(published.slug)

    response = client.get(reverse(page, args=[published.slug]))

    assert response.status_code == 200
    assert "/explanations/mlp/" not in response.content.decode(errors="replace")


def test_what_authors_write_cannot_run(client: Client, published: Lesson) -> None:
    attack = "<script>alert(1)</script>"
    Lesson.objects.update(title=attack, summary=attack)
    Section.objects.update(notes=f"{attack}\n\n[x](javascript:alert(1))", title=attack)
    Question.objects.filter(kind="true_false").update(prompt=attack, note=f"*x*{attack}")
    Question.objects.filter(kind="single_choice").update(answers=f"*${attack}$\n`{attack}`")
    Flashcard.objects.update(term=attack, definition=f"**{attack}**")
    page = client.get(published.get_absolute_url()).text

    assert "alert(1)" in page
    assert attack not in page
    assert 'href="javascript' not in page


def test_only_those_who_may_edit_find_the_way(
    client: Client, published: Lesson, hana: User, noor: User, ada: User, sam: User
) -> None:
    edit = reverse("admin:lessons_lesson_change", args=[published.pk])
    found = {"nobody": edit in client.get(published.get_absolute_url()).text}
    for user in (hana, noor, ada, sam):
        client.force_login(user)
        found[user.username] = edit in client.get(published.get_absolute_url()).text

    assert found == {"nobody": False, "hana": True, "noor": False, "ada": False, "sam": True}


@pytest.mark.parametrize("address", [LIST, "/lessons/llms-and-mlps/"])
def test_the_sample_takes_few_queries(
    client: Client, db: None, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    call_command("load_sample")

    with django_assert_max_num_queries(7):
        assert client.get(address).status_code == 200


def test_its_modes_come_first(client: Client, published: Lesson) -> None:
    page = client.get(published.get_absolute_url()).text
    order = [
        *("h1", "Choose a study mode", "Play Quiz", "Study Flashcards", "Spaced Repetition"),
        *('id="questions"', 'id="flashcards"', 'id="notes"'),
    ]

    assert sorted(order, key=page.index) == order
    for name in ("practice", "flashcards", "review_lesson"):
        assert f'href="{reverse(name, args=["angles"])}"' in page
    assert "6 questions, with their pictures" in page
    assert "1 card to turn" in page
    assert "1 new card today" in page
    for name in ("flashcards_apkg", "flashcards_csv"):
        assert f'href="{reverse(name, args=["angles"])}"' in page


def test_what_a_lesson_lacks_is_no_mode(client: Client, published: Lesson) -> None:
    published.flashcards.all().delete()
    without_cards = client.get(published.get_absolute_url()).text
    published.questions.all().delete()
    published.sections.all().delete()
    empty = client.get(published.get_absolute_url()).text

    assert "Study Flashcards" not in without_cards
    assert "Play Quiz" in without_cards
    assert "Play Quiz" not in empty
    assert "There is nothing in this lesson yet." in empty


def test_what_is_due_is_told_to_whom_it_is_due(
    client: Client, published: Lesson, ada: User
) -> None:
    learner = Learner.objects.create(user=ada)
    item = Item(published.pk, published.flashcards.get().pk, "forward")
    rate(learner, item, Rating.Good, timezone.now() - timedelta(days=30))
    nobodys = client.get(published.get_absolute_url()).text
    client.force_login(ada)

    assert "1 card due now" in client.get(published.get_absolute_url()).text
    assert "due now" not in nobodys


def test_each_question_and_card_can_be_linked_to(client: Client, published: Lesson) -> None:
    page = client.get(published.get_absolute_url()).text

    for question in published.questions.all():
        assert f'<li id="question-{question.pk}"' in page
    assert f'id="card-{published.flashcards.get().pk}"' in page


@pytest.fixture
def secrets(published: Lesson) -> Lesson:
    """Every answer says that it is one; the second card and all questions have more to tell."""
    published.questions.all().delete()
    for n in range(3):
        Question.objects.create(
            lesson=published,
            kind="typed_text",
            prompt=f"Prompt {n}",
            answers=f"secret-{n}",
            note=f"note-{n}",
            explanation="mlp",
            explanation_params={"bias": -(n + 1) / 10},
        )
    published.flashcards.all().delete()
    Flashcard.objects.create(lesson=published, term="Term 0", definition="secret-card-0")
    Flashcard.objects.create(
        lesson=published,
        term="Term 1",
        definition="{{c1::secret-card-1}}",
        explanation="angles",
        image_file=f"{'a' * 32}.webp",
        image_alt="secret-image",
        image_width=1,
        image_height=1,
    )
    return published


HIDDEN = r"secret-[\w-]+|note-\d|bias=[\d.-]+|explanations/angles|a{32}"


@pytest.mark.parametrize(
    ("shown", "first", "seen"),
    [
        ("public", 1, {"secret-0", "secret-1", "secret-2", "note-0", "note-1", "note-2"}
         | {"bias=-0.1", "bias=-0.2", "bias=-0.3", "secret-card-0", "secret-card-1"}
         | {"secret-image", "explanations/angles", "a" * 32}),
        ("first", 1, {"secret-0", "note-0", "bias=-0.1", "secret-card-0"}),
        ("first", 0, set()),
        ("members", 1, set()),
    ],
)  # fmt: skip
def test_who_may_not_see_an_answer_does_not_get_it(
    client: Client, secrets: Lesson, ada: User, shown: str, first: int, seen: set[str]
) -> None:
    secrets.answers_shown, secrets.answers_first = shown, first
    secrets.save()
    page = client.get(secrets.get_absolute_url()).text

    assert set(re.findall(HIDDEN, page)) == seen
    assert all(f"Prompt {n}" in page for n in range(3))
    assert "Term 1" in page
    assert ("Sign up and view all the answers" in page) == (shown != "public")
    client.force_login(ada)
    page = client.get(secrets.get_absolute_url()).text
    assert len(set(re.findall(HIDDEN, page))) == 14
    assert "Sign up" not in page


def test_sign_up_leads_back_to_the_answers(
    client: Client, secrets: Lesson, settings: Settings
) -> None:
    secrets.answers_shown = "members"
    secrets.save()
    back = "?next=/lessons/angles/%23questions"

    assert f'href="{reverse("sign_up")}{back}"' in client.get(secrets.get_absolute_url()).text
    settings.SIGN_UP_OPEN = False
    page = client.get(secrets.get_absolute_url()).text
    assert f'href="{reverse("log_in")}{back}"' in page
    assert "Log in and view all the answers" in page


def drawing_code() -> str:
    """The tags that fetch what draws pictures."""
    return str(DjangoViteAssetLoader.instance().generate_vite_asset("src/study/main.ts"))


class Words(HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return "".join(parser.found)
