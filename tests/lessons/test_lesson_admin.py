import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lessons import images
from lessons.models import Lesson, Question
from lessons.questions import Image, NumberGuess
from tests.lessons.conftest import drawing

LIST = reverse("admin:lessons_lesson_changelist")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change_page(lesson: Lesson) -> str:
    return reverse("admin:lessons_lesson_change", args=[lesson.pk])


def filled_in(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back of the form at that address, unchanged."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {
        bound.html_name: "" if bound.value() is None else bound.value()
        for form in forms
        for bound in form
    }


def test_saving_a_lesson_unchanged_changes_nothing(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    before = lesson.as_draft()

    response = client.post(change_page(lesson), filled_in(client, change_page(lesson)))

    assert response.status_code == 302
    assert Lesson.objects.get().as_draft() == before


def test_a_lesson_of_many_questions_can_be_saved(lesson: Lesson, hana: User) -> None:
    Question.objects.bulk_create(
        Question(
            lesson=lesson, kind="true_false", prompt=f"{n} is a number.", is_true=True, position=n
        )
        for n in range(7, 101)
    )
    client = as_user(hana)
    form = filled_in(client, change_page(lesson)) | {"questions-99-prompt": "100 is even."}

    response = client.post(change_page(lesson), form)

    assert response.status_code == 302
    assert [len(form) > 1000, lesson.questions.count()] == [True, 100]
    assert lesson.questions.filter(prompt="100 is even.").exists()


def test_a_problem_shows_at_its_field(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    form = filled_in(client, change_page(lesson)) | {"questions-0-answers": "90°\n100°"}

    response = client.post(change_page(lesson), form)

    [_sections, questions, _cards] = response.context["inline_admin_formsets"]
    assert questions.formset.forms[0].errors == {
        "answers": ["Put a * before the one right option."]
    }
    assert 'id="id_questions-0-answers_error"' in response.text
    assert Question.objects.get(pk=form["questions-0-id"]).answers == "*90°\n100°"


def uploaded(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("../holiday.png", data, "image/png")


def test_a_teacher_uploads_an_image_and_takes_it_away(lesson: Lesson, hana: User) -> None:
    client, page = as_user(hana), change_page(lesson)
    form = filled_in(client, page) | {"questions-0-image_alt": "Nothing but red"}
    question = Question.objects.get(pk=form["questions-0-id"])

    client.post(page, form | {"questions-0-image": uploaded(drawing())})
    question.refresh_from_db()
    image = question.as_question().image
    assert image
    assert (image.alt, image.width, image.height) == ("Nothing but red", 8, 6)
    assert images.kept_bytes(image.file)
    assert f'src="/media/{image.file}"' in client.get(page).text

    client.post(page, filled_in(client, page) | {"questions-0-prompt": "How large is that?"})
    question.refresh_from_db()
    assert (question.prompt, question.image) == ("How large is that?", image)

    client.post(page, filled_in(client, page) | {"questions-0-image": uploaded(drawing("blue"))})
    question.refresh_from_db()
    assert question.image
    assert question.image.file != image.file

    client.post(page, filled_in(client, page) | {"questions-0-image-clear": "on"})
    question.refresh_from_db()
    assert question.as_question().image is None
    assert images.kept_bytes(image.file)


def test_an_image_waits_while_another_field_is_wrong(lesson: Lesson, hana: User) -> None:
    client, page = as_user(hana), change_page(lesson)
    form = filled_in(client, page)
    response = client.post(page, form | {"questions-0-image": uploaded(drawing())})
    [_sections, questions, _cards] = response.context["inline_admin_formsets"]
    waiting = {bound.html_name: bound.value() for bound in questions.formset.forms[0]}
    file = waiting["questions-0-waiting_image"]
    assert f'src="/media/{file}"' in response.text

    client.post(page, form | waiting | {"questions-0-image_alt": "Nothing but red"})

    image = Question.objects.get(pk=form["questions-0-id"]).image
    assert image == Image(file=file, alt="Nothing but red", width=8, height=6)


@pytest.mark.parametrize("file", ["../../settings.py", "0" * 32 + ".webp", "x"])
def test_only_a_kept_image_can_wait(lesson: Lesson, hana: User, file: str) -> None:
    client, page = as_user(hana), change_page(lesson)
    client.post(page, filled_in(client, page) | {"questions-0-waiting_image": file})

    assert not Question.objects.exclude(image_file="").exists()


@pytest.mark.parametrize(
    ("data", "alt", "errors"),
    [
        (drawing(), "", {"image_alt": ["Say what the image shows."]}),
        (
            drawing()[:40],
            "Red",
            {"image": ["This isn't a whole image in one of these formats: PNG, JPEG, WebP, GIF."]},
        ),
        (bytes(10_000_001), "Red", {"image": ["The image is larger than 10 MB."]}),
        (b"", "Red", {"image": ["The submitted file is empty."]}),
    ],
    ids=["no words", "half a file", "too large", "empty"],
)
def test_an_image_that_will_not_do(
    lesson: Lesson, hana: User, data: bytes, alt: str, errors: dict[str, list[str]]
) -> None:
    client, page = as_user(hana), change_page(lesson)
    upload = {"questions-0-image": uploaded(data), "questions-0-image_alt": alt}

    response = client.post(page, filled_in(client, page) | upload)

    [_sections, questions, _cards] = response.context["inline_admin_formsets"]
    assert questions.formset.forms[0].errors == errors
    assert not Question.objects.exclude(image_file="").exists()


def test_a_new_question_without_a_limit_and_with_points_by_closeness(
    lesson: Lesson, hana: User
) -> None:
    client, page = as_user(hana), change_page(lesson)
    new = {"kind": "number_guess", "prompt": "How far?", "right_number": "5", "tolerance": "1"} | {
        "low": "0",
        "high": "10",
        "zero_at": "4",
        "limit_s": "",
        "points": "1000",
        "explanation_params": "{}",
    }
    form = filled_in(client, page) | {"questions-TOTAL_FORMS": "7"}
    form |= {f"questions-6-{name}": value for name, value in new.items()}

    assert client.post(page, form).status_code == 302
    question = Question.objects.get(prompt="How far?").as_question()
    assert question == NumberGuess(
        prompt="How far?", right=5, tolerance=1, low=0, high=10, zero_at=4, limit_ms=None
    )


def test_a_flashcard_has_an_image_too(lesson: Lesson, hana: User) -> None:
    client, page = as_user(hana), change_page(lesson)
    upload = {"flashcards-0-image": uploaded(drawing()), "flashcards-0-image_alt": ""}
    response = client.post(page, filled_in(client, page) | upload)
    [_sections, _questions, cards] = response.context["inline_admin_formsets"]
    assert cards.formset.forms[0].errors == {"image_alt": ["Say what the image shows."]}
    waiting = {bound.html_name: bound.value() for bound in cards.formset.forms[0]}

    client.post(
        page, filled_in(client, page) | waiting | {"flashcards-0-image_alt": "Nothing but red"}
    )

    image = lesson.flashcards.get().image
    assert image
    assert (image.alt, image.width, image.height) == ("Nothing but red", 8, 6)
    assert f'src="/media/{image.file}"' in client.get(page).text


def test_a_gap_that_is_not_closed_shows_at_the_definition(lesson: Lesson, hana: User) -> None:
    client, page = as_user(hana), change_page(lesson)
    form = filled_in(client, page) | {"flashcards-0-definition": "It has {{c1::90} degrees."}

    response = client.post(page, form)

    [_sections, _questions, cards] = response.context["inline_admin_formsets"]
    [(field, [problem])] = cards.formset.forms[0].errors.items()
    assert [field, problem.split(":")[0]] == ["definition", "A gap isn’t closed"]
    assert lesson.flashcards.get().definition == "A quarter of a turn."


def test_who_may_study_what_is_up_to_the_author(lesson: Lesson, hana: User) -> None:
    client, page = as_user(hana), change_page(lesson)
    assert "Who may study what" in client.get(page).text

    client.post(page, filled_in(client, page) | {"answers_shown": "first", "answers_first": "2"})

    lesson.refresh_from_db()
    assert [lesson.answers_shown, lesson.answers_first] == ["first", 2]


def test_a_picture_out_of_range_shows_at_its_parameters(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    form = filled_in(client, change_page(lesson)) | {
        "sections-0-explanation": "angles",
        "sections-0-explanation_params": '{"dimensions": 1}',
    }

    response = client.post(change_page(lesson), form)

    [sections, _questions, _cards] = response.context["inline_admin_formsets"]
    assert sections.formset.forms[0].errors == {
        "explanation_params": ["“dimensions”: Input should be greater than or equal to 2"]
    }


def test_two_sections_with_one_title(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    form = filled_in(client, change_page(lesson)) | {
        "sections-TOTAL_FORMS": "2",
        "sections-1-lesson": lesson.pk,
        "sections-1-title": "The right angle",
        "sections-1-explanation_params": "{}",
    }

    response = client.post(change_page(lesson), form)

    assert response.status_code == 200
    assert "Please correct the duplicate data" in response.text


def test_a_new_lesson_belongs_to_its_author(hana: User, db: None) -> None:
    client = as_user(hana)
    page = reverse("admin:lessons_lesson_add")
    form = filled_in(client, page) | {"title": "Turns", "slug": "turns"}

    client.post(page, form)

    lesson = Lesson.objects.get()
    assert [lesson.owner, lesson.is_published] == [hana, False]


def test_authors_see_their_own_lessons_only(
    lesson: Lesson, hana: User, noor: User, ada: User, sam: User
) -> None:
    assert "Angles" in as_user(hana).get(LIST).text
    assert "Angles" in as_user(sam).get(LIST).text
    assert "Angles" not in as_user(noor).get(LIST).text
    assert as_user(noor).get(change_page(lesson)).status_code == 302
    assert as_user(ada).get(LIST).status_code == 302


def test_only_superusers_choose_an_owner(lesson: Lesson, hana: User, noor: User, sam: User) -> None:
    form = filled_in(as_user(hana), change_page(lesson))
    as_user(hana).post(change_page(lesson), form | {"owner": noor.pk})
    assert Lesson.objects.get().owner == hana

    as_user(sam).post(change_page(lesson), form | {"owner": noor.pk})
    assert Lesson.objects.get().owner == noor


def test_publishing_refuses_a_lesson_without_questions(lesson: Lesson, hana: User) -> None:
    empty = Lesson.objects.create(slug="empty", title="Empty", owner=hana)

    response = as_user(hana).post(
        LIST, {"action": "publish", "_selected_action": [lesson.pk, empty.pk]}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [
        "“Empty” has no questions yet. Add one, then publish it.",
        "1 lesson is published.",
    ]
    assert list(Lesson.objects.filter(is_published=True)) == [lesson]


def test_unpublishing(published: Lesson, hana: User) -> None:
    as_user(hana).post(LIST, {"action": "unpublish", "_selected_action": [published.pk]})

    assert not Lesson.objects.get().is_published


def test_saving_and_publishing_at_once(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    form = filled_in(client, change_page(lesson))
    assert 'name="_publish"' in client.get(change_page(lesson)).text

    client.post(change_page(lesson), form | {"_publish": "yes"})
    assert Lesson.objects.get().is_published

    client.post(change_page(lesson), form | {"_unpublish": "yes"})
    assert not Lesson.objects.get().is_published


def test_a_published_lesson_that_loses_its_questions_is_a_draft(
    published: Lesson, hana: User
) -> None:
    client = as_user(hana)
    form = filled_in(client, change_page(published))
    emptied = {f"questions-{i}-DELETE": "on" for i in range(6)}

    response = client.post(change_page(published), form | emptied, follow=True)

    assert not Lesson.objects.get().is_published
    assert str(next(iter(response.context["messages"]))) == (
        "“Angles” has no questions any more, so it is a draft again."
    )


def test_a_published_lesson_links_to_a_new_room(published: Lesson, hana: User) -> None:
    link = f'<a href="{reverse("open_room", args=["angles"])}">Open a room</a>'

    assert link in as_user(hana).get(LIST).text
    assert link in as_user(hana).get(change_page(published)).text


def test_a_draft_does_not(lesson: Lesson, hana: User) -> None:
    page = as_user(hana).get(change_page(lesson)).text

    assert reverse("open_room", args=["angles"]) not in page
    assert "Publish it to open a room." in page


def test_view_on_site(lesson: Lesson, hana: User) -> None:
    client = as_user(hana)
    [address] = re.findall(
        r'href="([^"]+)" class="viewsitelink"', client.get(change_page(lesson)).text
    )

    assert client.get(address)["Location"].endswith(lesson.get_absolute_url())


@pytest.mark.parametrize("address", [LIST, "change"])
def test_the_number_of_queries_does_not_grow_with_the_lesson(
    lesson: Lesson,
    hana: User,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    call_command("load_sample")
    sample = Lesson.objects.get(slug="llms-and-mlps")
    Lesson.objects.update(owner=hana)
    client = as_user(hana)

    with django_assert_max_num_queries(15):
        client.get(change_page(sample) if address == "change" else address)
