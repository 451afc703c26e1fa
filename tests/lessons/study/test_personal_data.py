import json
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder

from lessons.models import Lesson
from lessons.study.models import ChatTurn, KnownCard, Learner, Review, Run
from lessons.study.personal_data import personal_data
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, count_answers, rate

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_everything_kept_of_a_learner_is_in_the_file(ada: User, lesson: Lesson) -> None:
    learner = Learner.objects.create(user=ada, zone="Asia/Tokyo")
    card, question = lesson.flashcards.get(), lesson.questions.all()[0]
    memory = rate(learner, Item(lesson.pk, card.pk, "forward"), Rating.Good, NOW, 4200)
    count_answers(learner, lesson, {question.pk: False}, NOW, Review.Source.GAME, "Room of 2 March")
    KnownCard.objects.create(learner=learner, flashcard=card)
    run = answered_run(learner, lesson)
    other = Learner.objects.create()
    rate(other, Item(lesson.pk, card.pk, "forward"), Rating.Again, NOW)
    answered_run(other, lesson)

    told = personal_data(learner, {memory.pk}, NOW)

    json.dumps(told, cls=DjangoJSONEncoder)
    assert told["learner"]["account"] == "ada"
    assert told["learner"]["time_zone"] == "Asia/Tokyo"
    assert [(m["lesson"], m["flashcard"], m["text"]) for m in told["memories"]] == [
        ("Angles", card.pk, {"term": "Right angle", "definition": "A quarter of a turn."}),
        ("Angles", None, None),
    ]
    assert [(r["rating"], r["duration_ms"], r["source"], r["why"]) for r in told["reviews"]] == [
        (3, 4200, "review", ""),
        (1, None, "game", "Room of 2 March"),
    ]
    assert told["reviews"][0]["day"] == date(2026, 3, 2)
    assert told["known_cards"] == [{"flashcard": card.pk, "lesson": "Angles"}]
    assert [r["title"] for r in told["runs"]] == [run.title]
    assert told["runs"][0]["answers"][0]["right"] is True
    assert told["runs"][0]["answers"][0]["credit"] == 1


def test_open_homework_keeps_its_marks(ada: User, lesson: Lesson) -> None:
    learner = Learner.objects.create(user=ada)
    closes_at = NOW + timedelta(hours=1)
    answered_run(learner, lesson, is_homework=True, closes_at=closes_at)

    def mark(at: datetime) -> object:
        return personal_data(learner, (), at)["runs"][0]["answers"][0]["right"]

    assert mark(NOW) is None
    assert mark(closes_at) is True


def test_what_was_asked_is_in_the_file_and_of_the_replies_what_may_be_read(lesson: Lesson) -> None:
    learner = Learner.objects.create()
    cited = {"of": "section", "place": 0, "start": 0, "end": 8, "item": 0, "heading": "Turns"}
    reply: dict[str, object] = {
        "type": "answered",
        "by": "lesson",
        "explanation": None,
        "next_questions": [],
    }
    reply["told"] = [{"type": "told", "text": "A quarter.", "source": cited}]
    asked = {"learner": learner, "lesson": lesson, "asked_at": NOW}
    ChatTurn.objects.create(**asked, question="How far?", reply=reply)
    ChatTurn.objects.create(**asked, question="And why?", reply=None)

    def replies() -> list[object]:
        return [turn["reply"] for turn in personal_data(learner, (), NOW)["chat"]]

    assert replies() == [None, None]  # a draft, which isn't theirs
    Lesson.objects.update(is_published=True)
    assert personal_data(learner, (), NOW)["chat"][0] == {
        "lesson": "Angles",
        "asked_at": NOW,
        "question": "How far?",
        "reply": ["A quarter."],
        "language_model": None,
    }
    assert replies() == [["A quarter."], None]
    Lesson.objects.update(answers_shown="members")
    assert replies() == [None, None]


def answered_run(learner: Learner, lesson: Lesson, **fields: object) -> Run:
    quiz = [{"kind": "single_choice"}, {"kind": "poll"}]
    run = Run.objects.create(
        learner=learner, lesson=lesson, title=lesson.title, quiz=quiz, started_at=NOW, **fields
    )
    run.answers.create(round=0, answer={}, credit=60_000, is_right=True, elapsed_ms=900)
    return run
