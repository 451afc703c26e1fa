import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.models import Flashcard, Lesson, Question
from lessons.study.models import Learner, Memory, Review
from lessons.study.spaced_repetition import count_answers

NEXT, RATE, UNDO, ASIDE = map(reverse, ["next_card", "rate_card", "undo_review", "put_aside"])


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def rated(client: Client, card: str, **changes: Any) -> Any:
    body = {"card": card, "rating": 3, "seen": 0, "duration_ms": 1200, "lesson": "angles"}
    return post(client, RATE, **body | changes)


def name(face: str = "forward") -> str:
    return f"flashcard-{Flashcard.objects.get(term='Right angle').pk}-{face}"


def given(page: Any) -> Any:
    text = page.text.split('<script id="review" type="application/json">')[1]
    return json.loads(text.split("</script>")[0])


def test_the_page_has_its_first_card_and_makes_nobody_a_learner(
    client: Client, published: Lesson
) -> None:
    page = client.get(reverse("review_lesson", args=["angles"]))

    assert "<title>Review: Angles</title>" in page.text
    assert page["Cache-Control"] == "no-store"
    assert "csrftoken" in page.cookies
    turn = given(page)["turn"]
    assert turn["counts"] == {"new": 1, "learning": 0, "due": 0}
    assert turn["card"]["name"] == name()
    assert turn["card"]["face"]["front"] == "Right angle"
    assert turn["card"]["notes"]["address"] == "/lessons/angles/#section-the-right-angle"
    assert turn["card"]["after_s"][:3] == [60, 330, 600]
    assert not Learner.objects.exists()


def test_the_first_rating_makes_the_learner(client: Client, published: Lesson) -> None:
    turn = rated(client, name(), zone="Asia/Tokyo").json()

    learner = Learner.objects.get()
    assert learner.zone == "Asia/Tokyo"
    review = Review.objects.get()
    assert (review.rating, review.duration_ms, review.learner) == (3, 1200, learner)
    assert turn["counts"] == {"new": 0, "learning": 1, "due": 0}
    assert turn["card"]["page"] == reverse("study_card", args=[Memory.objects.get().pk])
    assert (turn["card"]["seen"], turn["can_undo"]) == (1, True)
    rated(client, name(), seen=1, zone="Europe/Berlin")
    assert [learner.zone for learner in Learner.objects.all()] == ["Asia/Tokyo"]


def test_nobodys_buttons_say_what_the_first_rating_does(client: Client, published: Lesson) -> None:
    page = client.get(reverse("review_lesson", args=["angles"]))
    rated(client, name(), rating=4)

    memory = Memory.objects.get()
    after = memory.due - memory.last_review
    assert given(page)["turn"]["card"]["after_s"][3] == after.total_seconds()


def test_a_zone_that_is_none_is_left_out(client: Client, published: Lesson) -> None:
    assert rated(client, name(), zone="Mars/Olympus").status_code == 200
    assert Learner.objects.get().zone == "UTC"


def test_a_double_tap_counts_once(client: Client, published: Lesson) -> None:
    assert rated(client, name()).status_code == 200
    again = rated(client, name())

    assert again.status_code == 409
    assert again.json() == {"problem": "This card was rated already. Here is what comes next."}
    assert Review.objects.count() == 1


def test_undo_and_putting_aside(client: Client, published: Lesson) -> None:
    nothing = post(client, UNDO, lesson="angles")
    assert (nothing.status_code, nothing.json()["problem"]) == (
        409,
        "There is no review of today to take back.",
    )
    rated(client, name(), rating=4)
    turn = post(client, UNDO, lesson="angles").json()
    assert (turn["card"]["name"], turn["card"]["state"]) == (name(), "new")
    assert not Memory.objects.exists()

    for what in ("bury", "suspend"):
        turn = post(client, ASIDE, lesson="angles", card=name(), what=what).json()
        assert turn["card"] is None
        turn = post(client, ASIDE, lesson="angles", card=name(), what="bring_back").json()
        assert turn["card"]["name"] == name()


def test_a_question_comes_with_its_key_and_where_it_was_missed(
    client: Client, published: Lesson, ada: User
) -> None:
    client.force_login(ada)
    learner, now = Learner.objects.create(user=ada), timezone.now()
    question = Question.objects.get(kind="single_choice")
    source, where = Review.Source.GAME, "Live game “Angles”"
    count_answers(learner, published, {question.pk: False}, now, source, where)
    Memory.objects.update(due=now)

    card = client.get(NEXT, {"lesson": "angles"}).json()["card"]

    assert card["name"] == f"question-{question.pk}"
    assert card["question"]["question"]["options"] == ["90°", "100°"]
    assert card["question"]["key"]["right"] == [0]
    assert card["why"].startswith("Live game “Angles”, ")
    assert card["why"].endswith(": you missed this")


def test_a_leech_is_set_aside_and_says_where_to_read(
    client: Client, published: Lesson, ada: User
) -> None:
    client.force_login(ada)
    Learner.objects.create(user=ada, leech_after=2)
    rated(client, name(), rating=4)
    Memory.objects.update(lapses=1)

    turn = rated(client, name(), rating=1, seen=1).json()

    assert turn["leech"].startswith("You have forgotten this card 2 times, so it is set aside.")
    assert turn["leech_notes"]["title"] == "The right angle"
    assert turn["card"] is None


def test_the_end_says_what_was_done(client: Client, published: Lesson) -> None:
    finished = rated(client, name(), rating=4).json()["finished"]

    assert (finished["done_today"], finished["known_today"], finished["more_new"]) == (1, 1, 0)
    memory = Memory.objects.get()
    begins = memory.learner.day_begins(memory.learner.day_of(memory.due))
    assert finished["next_at"] == begins.isoformat()
    # By the server's clock, whatever the browser's says.
    left = begins - timezone.now()
    assert 0 <= finished["next_in_ms"] / 1000 - left.total_seconds() < 60


@pytest.mark.parametrize("asked", [RATE, ASIDE])
def test_what_may_not_be_seen_is_refused(
    client: Client, lesson: Lesson, noor: User, asked: str
) -> None:
    """Hana's draft; then a published one of which visitors see nothing; then a card that is gone."""

    def status(card: str, **changes: Any) -> int:
        if asked == RATE:
            return int(rated(client, card, lesson=None, **changes).status_code)
        response: HttpResponse = post(client, ASIDE, card=card, what="bury")
        return response.status_code

    card, question = name(), f"question-{Question.objects.all()[0].pk}"
    client.force_login(noor)
    assert [status(card), status(question)] == [404, 404]
    client.logout()
    Lesson.objects.update(is_published=True, answers_shown="members")
    assert [status(card), status(question)] == [404, 404]
    Lesson.objects.update(answers_shown="first", answers_first=1)
    second = f"question-{Question.objects.all()[1].pk}"
    assert [status(card), status(question), status(second)] == [200, 200, 404]
    assert [status(name("c1")), status("flashcard-0-forward"), status("nonsense")] == [404] * 3
    assert status("question-99999999999999999999") == 404


def test_a_lesson_that_may_not_be_seen_has_no_page(
    client: Client, lesson: Lesson, noor: User
) -> None:
    client.force_login(noor)
    assert client.get(reverse("review_lesson", args=["angles"])).status_code == 404
    assert client.get(NEXT, {"lesson": "angles"}).status_code == 404
    assert client.get(reverse("review")).status_code == 200


def test_who_needs_an_account_is_told_so(client: Client, published: Lesson, ada: User) -> None:
    Lesson.objects.update(answers_shown="members")
    page = given(client.get(reverse("review_lesson", args=["angles"])))
    assert page["turn"]["card"] is None
    assert page["log_in"] == "/accounts/log-in/?next=%2Flessons%2Fangles%2Freview%2F"

    client.force_login(ada)
    page = given(client.get(reverse("review_lesson", args=["angles"])))
    assert page["turn"]["card"]["name"] == name()
    assert page["log_in"] == ""


def test_what_is_not_understood_is_refused(client: Client, published: Lesson) -> None:
    problem = {"problem": "This page is out of date. Load it again."}
    for body in ({"rating": 5}, {"seen": -1}, {"more": 1}, {"duration_ms": "long"}):
        refused = rated(client, name(), **body)
        assert (refused.status_code, refused.json()) == (400, problem)
    assert client.post(RATE, "no json", content_type="application/json").status_code == 400
    assert client.get(RATE).status_code == 405
    assert not Learner.objects.exists()
