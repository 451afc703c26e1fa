import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.models import Lesson, Question
from lessons.study.models import Run

QUIZ = reverse("practice", args=["angles"])
BEGIN = reverse("begin_practice", args=["angles"])
RIGHT = {"kind": "choice", "choice": 0}


def begun(client: Client, **choices: str) -> str:
    """The address of a new run."""
    response = client.post(BEGIN, choices)
    assert response.status_code == 302
    return response["Location"]


def told(client: Client, address: str) -> dict[str, Any]:
    """The run as its page has it."""
    page = client.get(address).text
    found = re.search(r'<script id="run" type="application/json">(.*?)</script>', page)
    assert found
    run: dict[str, Any] = json.loads(found[1])
    return run


def answers(client: Client, address: str, round: int, answer: object) -> tuple[int, dict[str, Any]]:
    body = {"round": round, "answer": answer, "elapsed_ms": 900}
    response = client.post(address + "answer/", body, content_type="application/json")
    return response.status_code, response.json()


def test_a_quiz_to_begin_and_to_go_on_with(client: Client, published: Lesson) -> None:
    page = client.get(QUIZ).text
    assert "6 questions at your own pace." in page
    assert "It takes about 2 minutes." in page
    assert "Go on" not in page
    assert "learner" not in client.cookies  # looking makes nobody a learner

    run = begun(client)
    answers(client, run, 0, RIGHT)
    answers(client, run, 2, {"kind": "choice", "choice": 1})

    page = client.get(QUIZ).text
    assert "Go on: 2 of 6 answered" in page
    assert "1 of 6" in page
    assert "only the one missed last time" in page
    assert "type a word · guess a number" in page
    assert [v["round"] for v in told(client, run)["verdicts"]] == [0, 2]
    again = begun(client, of=run.split("/")[-2])
    assert [q["prompt"] for q in told(client, again)["questions"]] == ["It is 90°."]
    page = client.get(QUIZ).text
    assert "Go on: 0 of 1 answered" in page  # the newer one
    assert f'value="{run.split("/")[-2]}"' in page  # where something was missed


def test_an_answer_gets_its_verdict_however_often_it_is_sent(
    client: Client, published: Lesson
) -> None:
    Question.objects.update(note="So *it* is.", explanation="angles")
    run = begun(client)
    status, first = answers(client, run, 0, RIGHT)

    assert (status, first["is_right"], first["part"]) == (200, True, 1)
    assert (first["key"]["right"], first["note"]) == ([0], "So *it* is.")
    assert first["rich"] == {"So *it* is.": "So <em>it</em> is."}
    assert client.get(first["picture"]["json_address"]).json()["id"] == "angles"
    assert answers(client, run, 0, {"kind": "choice", "choice": 1}) == (200, first)
    assert told(client, run)["verdicts"] == [first]


def test_no_key_before_its_answer(client: Client, published: Lesson) -> None:
    Question.objects.update(note="KEYnote", explanation="toy", explanation_params={"decay": 0.625})
    Question.objects.filter(kind="typed_text").update(answers="KEYaccepted")
    Question.objects.filter(kind="number_guess").update(right_number=73.25, tolerance=1.125)
    run = begun(client)
    secrets = ("KEYnote", "KEYaccepted", "73.25", "1.125", "0.625", '"right":')

    page = client.get(run).text
    assert [secret for secret in secrets if secret in page] == []
    for round in range(3):
        answers(client, run, round, None)
    page = client.get(run).text
    assert [secret for secret in secrets if secret in page] == ["KEYnote", "0.625", '"right":']
    assert "KEYaccepted" in json.dumps(answers(client, run, 3, None)[1])
    assert "73.25" in json.dumps(answers(client, run, 4, None)[1])
    for question in told(client, run)["questions"]:
        assert not {"right", "accepted", "note", "explanation", "steps"} & question.keys()


def test_steps_of_an_open_round_arent_in_their_order(client: Client, published: Lesson) -> None:
    run = told(client, begun(client))

    assert run["questions"][5]["options"] != ["acute", "right", "obtuse"]
    assert sorted(run["questions"][5]["options"]) == ["acute", "obtuse", "right"]


def test_a_run_is_its_learners(client: Client, published: Lesson, ada: User) -> None:
    run = begun(client)
    other, account = Client(), Client()
    begun(other)
    account.force_login(ada)

    for somebody in (other, account, Client()):
        assert somebody.get(run).status_code == 404
        body = {"round": 0, "answer": RIGHT, "elapsed_ms": 1}
        posted = somebody.post(run + "answer/", body, content_type="application/json")
        assert posted.status_code == 404
        assert somebody.post(BEGIN, {"of": run.split("/")[-2]}).status_code == 404
    assert answers(client, run, 0, RIGHT)[0] == 200


def test_a_visitor_without_account_gets_what_is_open(
    client: Client, published: Lesson, ada: User
) -> None:
    published.answers_shown, published.answers_first = Lesson.AnswersShown.FIRST, 2
    published.save()
    assert "4 more questions are for those with an account." in client.get(QUIZ).text
    run = begun(client)
    assert len(told(client, run)["questions"]) == 2
    assert answers(client, run, 2, RIGHT)[0] == 400

    published.answers_shown = Lesson.AnswersShown.MEMBERS
    published.save()
    page = client.get(QUIZ).text
    assert "This quiz is for those with an account." in page
    assert "Start" not in page
    assert f"{reverse('sign_up')}?next={QUIZ}" in page
    assert client.post(BEGIN)["Location"] == QUIZ

    client.force_login(ada)
    assert len(told(client, begun(client))["questions"]) == 6


def test_a_run_outlives_its_lesson(client: Client, published: Lesson) -> None:
    run = begun(client)
    published.slug, published.is_published = "turns", False
    published.save()
    moved = run.replace("angles", "turns")
    assert answers(client, run, 0, RIGHT)[0] == 404
    assert client.get(run)["Location"] == moved
    assert answers(client, moved, 0, RIGHT)[0] == 200

    published.delete()
    assert told(client, run)["back"] == reverse("lesson_list")
    assert told(client, run)["again_address"] == ""
    assert (
        answers(client, told(client, run)["answer_address"][: -len("answer/")], 1, None)[0] == 200
    )


def test_too_late(client: Client, published: Lesson) -> None:
    run = begun(client)
    Run.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    status, reply = answers(client, run, 0, RIGHT)
    assert status == 410
    assert reply == {
        "problem": "The time for this quiz is over. What you answered until then counts."
    }
    assert told(client, run)["closed"] == reply["problem"]
    assert "Go on" not in client.get(QUIZ).text


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"round": -1, "answer": null, "elapsed_ms": 0}', '{"round": 0, "elapsed_ms": 0}'],
)
def test_anything_else_is_refused(client: Client, published: Lesson, body: str) -> None:
    run = begun(client)
    response = client.post(run + "answer/", body, content_type="application/json")

    assert response.status_code == 400
    assert Run.objects.get().answers.count() == 0


def test_a_lesson_without_questions_says_so(client: Client, published: Lesson) -> None:
    Question.objects.all().delete()

    assert "This lesson has no questions yet." in client.get(QUIZ).text
    assert client.post(BEGIN)["Location"] == QUIZ
    assert Run.objects.count() == 0
