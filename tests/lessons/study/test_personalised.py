"""A quiz made for one learner: what they missed or is due, and new questions from the same notes."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.authoring.draft import Draft
from lessons.authoring.drafting import drafts_from
from lessons.authoring.making import content_of, keep
from lessons.authoring.models import Making, Proposal
from lessons.formats import own_yaml
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.questions import any_question, right_answers
from lessons.study.models import Learner, Memory, Run
from lessons.study.personalised import LENGTH, Weak, begin_personalised_run, weaknesses
from lessons.study.practice import GivenAnswer, begin_run, take_answer
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, rate
from lessons.tutor.words import rarity
from tests.lessons.authoring.conftest import lesson_file
from tests.lessons.conftest import work
from tests.lessons.study.test_practice_pages import answers, told
from tests.lessons.test_lesson_admin import as_user

LEFT = {"round": 0, "elapsed_ms": 900}


@pytest.fixture(scope="session")
def drafts_of_leaves() -> list[Draft]:
    told, _ = own_yaml.read(lesson_file("photosynthesis").read_bytes())
    return drafts_from(told, rarity=rarity)


@pytest.fixture
def leaves(hana: User, drafts_of_leaves: list[Draft]) -> Lesson:
    """A whole lesson with drafts."""
    call_command("load_sample", str(lesson_file("photosynthesis")))
    lesson = Lesson.objects.get(slug="photosynthesis")
    keep(lesson, drafts_of_leaves, model="")
    Making.objects.create(
        lesson=lesson, state="done", content=content_of(lesson), asked_at=timezone.now()
    )
    return lesson


def misses(learner: Learner, lesson: Lesson, *rows: Question) -> Run:
    """A quiz of these questions, none of which the learner knew."""
    run = begin_run(learner, lesson, timezone.now(), only=[row.pk for row in rows])
    for round in range(len(rows)):
        take_answer(run, GivenAnswer(round=round, answer=None, elapsed_ms=900), timezone.now())
    return run


def weak(learner: Learner, lesson: Lesson, sight: int | None = None) -> Any:
    return weaknesses(learner, lesson, sight, timezone.now())


def begun(learner: Learner, lesson: Lesson, sight: int | None = None) -> Run:
    run = begin_personalised_run(learner, lesson, timezone.now(), sight)
    assert run
    return run


def test_what_was_missed_is_weak_until_it_is_known(leaves: Lesson, adas: Learner) -> None:
    first, second, *_ = leaves.questions_in_order()
    misses(adas, leaves, first, second)
    misses(adas, leaves, first)

    assert weak(adas, leaves).questions == {first.pk: Weak(2, False), second.pk: Weak(1, False)}
    run = begin_run(adas, leaves, timezone.now(), only=[first.pk])
    run.answers.create(round=0, credit=60_000, is_right=True, elapsed_ms=1)
    assert list(weak(adas, leaves).questions) == [second.pk]


def test_open_homework_tells_nothing(leaves: Lesson, adas: Learner) -> None:
    row = leaves.questions.first()
    assert row
    run = misses(adas, leaves, row)
    tomorrow = timezone.now() + timedelta(days=1)
    Run.objects.update(is_homework=True, closes_at=tomorrow)

    assert weak(adas, leaves).questions == {}
    Run.objects.filter(pk=run.pk).update(closes_at=timezone.now())
    assert list(weak(adas, leaves).questions) == [row.pk]


def test_what_is_due_or_was_forgotten_is_weak_too(leaves: Lesson, adas: Learner) -> None:
    card, other = leaves.flashcards.all()[:2]
    long_ago = timezone.now() - timedelta(days=60)
    rate(adas, Item(leaves.pk, flashcard=card.pk, face="forward"), Rating.Good, long_ago)
    rate(adas, Item(leaves.pk, flashcard=other.pk, face="forward"), Rating.Again, timezone.now())

    found = weak(adas, leaves)

    assert found.flashcards == {card.pk: Weak(0, True), other.pk: Weak(1, False)}
    assert (found.missed, found.due) == (1, 1)


def test_a_poll_is_never_missed(lesson: Lesson, adas: Learner) -> None:
    poll = Question.objects.create(lesson=lesson, kind="poll", prompt="Which?", answers="a\nb")
    misses(adas, lesson, poll)

    assert weak(adas, lesson).questions == {}


def test_the_missed_question_comes_first_then_new_ones_from_the_same_notes(
    leaves: Lesson, adas: Learner
) -> None:
    question = leaves.questions.get(prompt__contains="ion of")
    misses(adas, leaves, question)

    quiz = begun(adas, leaves).quiz

    assert quiz[0]["id"] == question.pk
    new = [asked["new"] for asked in quiz if asked["new"]]
    assert quiz[1]["new"]["sentence"] == (
        "At the centre of each chlorophyll molecule sits an ion of magnesium."
    )
    assert {source["section"] for source in new} == {question.section and question.section.title}
    assert len(quiz) <= LENGTH
    assert any(asked["id"] for asked in quiz[1:])  # the lesson's own of that section too


def test_of_drafts_that_are_kept_a_quiz_begins_at_once(
    leaves: Lesson, ada: User, adas: Learner
) -> None:
    misses(adas, leaves, *leaves.questions.all())
    client = as_user(ada)

    began = time.perf_counter()
    client.get(reverse("practice", args=[leaves.slug]))
    client.post(reverse("begin_practice", args=[leaves.slug]), {"for_you": ""})
    took = time.perf_counter() - began

    assert Making.objects.get().state == "done"  # nothing is made again
    assert took < 1.5  # 0.15 s on a machine of its own


def test_looking_has_drafts_made_for_those_alone_who_missed_something(
    published: Lesson, ada: User, adas: Learner
) -> None:
    page = reverse("practice", args=[published.slug])
    client = as_user(ada)
    assert "Once you have played" in client.get(page).text
    assert not Making.objects.exists()
    misses(adas, published, *published.questions.all()[:1])

    text = " ".join(client.get(page).text.split())

    assert "You missed 1 question or card of this lesson." in text
    assert Making.objects.get().is_under_way
    work()
    made = Making.objects.get()
    client.get(page)
    assert made.state == "done"
    assert Making.objects.get().asked_at == made.asked_at


def test_who_never_studied_is_made_no_learner(client: Client, published: Lesson) -> None:
    begin = client.post(reverse("begin_practice", args=["angles"]), {"for_you": ""})

    assert begin["Location"] == reverse("practice", args=["angles"])
    assert not Learner.objects.exists()


def test_who_missed_nothing_is_told_so(published: Lesson, ada: User, adas: Learner) -> None:
    run = begin_run(adas, published, timezone.now())
    run.answers.create(round=0, credit=60_000, is_right=True, elapsed_ms=1)
    client = as_user(ada)

    page = client.get(reverse("practice", args=["angles"])).text
    begin = client.post(reverse("begin_practice", args=["angles"]), {"for_you": ""})

    assert (
        "You missed nothing, and nothing is due: there is no quiz made for you to do now." in page
    )
    assert begin["Location"] == reverse("practice", args=["angles"])
    assert Run.objects.count() == 1


def test_a_new_question_is_marked_cited_and_no_review(
    leaves: Lesson, ada: User, adas: Learner
) -> None:
    misses(adas, leaves, leaves.questions.get(prompt__contains="ion of"))
    client = as_user(ada)
    address = client.post(reverse("begin_practice", args=[leaves.slug]), {"for_you": ""})[
        "Location"
    ]
    run = told(client, address)
    memories = Memory.objects.count()

    status, verdict = answers(client, address, run["new"][0], None)

    assert status == 200
    assert "ion of magnesium" in verdict["source"]["sentence"]
    assert verdict["source"]["section"]["address"].startswith("/lessons/photosynthesis/#section-")
    assert (verdict["note"], Memory.objects.count()) == ("", memories)
    own = next(n for n in range(len(run["questions"])) if n not in run["new"])
    assert answers(client, address, own, None)[1]["source"] is None
    assert "made for you" in client.get(reverse("practice", args=[leaves.slug])).text


def test_what_is_new_is_not_among_those_missed_to_be_asked_again(
    leaves: Lesson, ada: User, adas: Learner
) -> None:
    own = leaves.questions.get(prompt__contains="ion of")
    misses(adas, leaves, own)
    run = begun(adas, leaves)
    for round in range(len(run.quiz)):
        take_answer(run, GivenAnswer(round=round, answer=None, elapsed_ms=900), timezone.now())

    client = as_user(ada)
    again = client.post(reverse("begin_practice", args=[leaves.slug]), {"of": run.key})["Location"]

    rows = {asked["id"] for asked in run.quiz} - {None}
    assert len(told(client, again)["questions"]) == len(rows)


def test_no_good_question_is_reported_and_asked_no_more(
    leaves: Lesson, ada: User, adas: Learner
) -> None:
    misses(adas, leaves, leaves.questions.get(prompt__contains="ion of"))
    client = as_user(ada)
    begin = reverse("begin_practice", args=[leaves.slug])
    address = client.post(begin, {"for_you": ""})["Location"]
    round = told(client, address)["new"][0]

    def report(round: int) -> Any:
        return client.post(address + "report/", {"round": round}, content_type="application/json")

    assert report(round).status_code == 400  # not before it was answered
    answers(client, address, round, None)
    answers(client, address, 0, None)
    assert report(0).status_code == 400  # the teacher's own
    assert report(99).status_code == 400
    assert report(round).json()["source"]["is_reported"] is True

    reported = Proposal.objects.exclude(reported_at=None).get()
    assert reported.pk == Run.objects.first().quiz[round]["new"]["proposal"]  # type: ignore[union-attr]
    assert told(client, address)["verdicts"][1]["source"]["is_reported"] is True
    quiz = begun(adas, leaves).quiz
    assert reported.pk not in {asked["new"]["proposal"] for asked in quiz if asked["new"]}


def test_another_learner_s_run_can_t_be_reported(
    leaves: Lesson, adas: Learner, bens: Learner, client: Client
) -> None:
    misses(adas, leaves, leaves.questions.get(prompt__contains="ion of"))
    run = begun(adas, leaves)
    address = reverse("report_question", args=[leaves.slug, run.key])

    assert client.post(address, {"round": 1}, content_type="application/json").status_code == 404


def test_only_good_drafts_that_wait_are_asked(leaves: Lesson, adas: Learner) -> None:
    misses(adas, leaves, *leaves.questions.all()[:2])
    Proposal.objects.update(score=0.69)
    assert all(asked["new"] is None for asked in begun(adas, leaves).quiz)
    Proposal.objects.update(score=0.9, state="rejected")
    assert all(asked["new"] is None for asked in begun(adas, leaves).quiz)
    Proposal.objects.update(state="waiting")
    assert any(asked["new"] for asked in begun(adas, leaves).quiz)


def test_a_draft_whose_sentence_is_gone_is_not_asked(leaves: Lesson, adas: Learner) -> None:
    misses(adas, leaves, *leaves.questions.all()[:2])
    assert any(asked["new"] for asked in begun(adas, leaves).quiz)
    Section.objects.update(notes="")
    Flashcard.objects.update(definition="Something else.")

    assert all(asked["new"] is None for asked in begun(adas, leaves).quiz)


def test_what_was_known_once_is_not_new_again(leaves: Lesson, adas: Learner) -> None:
    misses(adas, leaves, leaves.questions.get(prompt__contains="ion of"))
    run = begun(adas, leaves)
    round = next(n for n, asked in enumerate(run.quiz) if asked["new"])
    run.answers.create(round=round, credit=60_000, is_right=True, elapsed_ms=1)

    known = run.quiz[round]["new"]["proposal"]

    assert known not in {a["new"]["proposal"] for a in begun(adas, leaves).quiz if a["new"]}


def test_nothing_hidden_shows_through_new_questions(leaves: Lesson, bens: Learner) -> None:
    """Ben has no account: three questions and cards are open to him, and drafts know the others."""
    leaves.answers_shown = Lesson.AnswersShown.FIRST
    leaves.save()
    open_questions = list(leaves.questions_in_order()[:3])
    misses(bens, leaves, *leaves.questions.all())
    hidden = list(leaves.flashcards.all()[3:])
    drafts = Proposal.objects.filter(state="waiting", score__gte=0.7).exclude(kind="flashcard")
    assert any(says(draft.item, card) for draft in drafts for card in hidden)  # it could leak

    quiz = [asked for _ in range(2) for asked in begun(bens, leaves, sight=3).quiz]

    assert {a["id"] for a in quiz} - {None} <= {row.pk for row in open_questions}
    assert [a for a in quiz if a["new"]]
    assert not [a for a in quiz for card in hidden if a["new"] and says(a, card)]


def says(item: dict[str, Any], card: Flashcard) -> bool:
    """Does a question name the card, or tell what it means?"""
    kept = {k: v for k, v in item.items() if k not in {"id", "new"}}
    question = any_question.validate_python(kept)
    text = " ".join([question.prompt, *kept.get("options", ()), *right_answers(question)]).lower()
    return bool(re.search(rf"\b{re.escape(card.term.lower())}\b", text)) or (
        card.definition.lower().rstrip(".") in text
    )


def test_an_answer_to_a_new_question_is_checked_like_any(leaves: Lesson, adas: Learner) -> None:
    misses(adas, leaves, leaves.questions.get(prompt__contains="ion of"))
    run = begun(adas, leaves)
    round = next(n for n, a in enumerate(run.quiz) if a["new"] and a["kind"] == "single_choice")
    answer = {"kind": "choice", "choice": run.quiz[round]["right"]}

    stored = take_answer(
        run, GivenAnswer.model_validate(LEFT | {"round": round, "answer": answer}), timezone.now()
    )

    assert stored.is_right
    assert Memory.objects.filter(learner=adas).count() == 1  # of the question missed before
