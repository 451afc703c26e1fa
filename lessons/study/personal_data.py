"""Everything that is kept of a learner, as one file to take away.

JSON; instants are ISO 8601 in UTC, days the learner's own:

    learner      since, account, settings, FSRS' parameters (null are the package's own)
    memories     one for each card begun: which card, its text, and what FSRS knows of it:
                 stability in days, difficulty from 1 to 10
    reviews      the log: memory, rating from 1 (again) to 4 (easy), when, day, duration, source, why
    known_cards  flashcards put aside as known
    runs         quizzes alone: when, and each answer with its credit from 0 to 1
    chat         questions asked of a lesson, and the replies' sentences

The text of a card is left out where the learner may not see it now, so is a reply (null); the marks
of homework while it is open. A run's questions aren't in it: they are the lesson's, and its page shows them.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from lessons.models import Lesson
from lessons.questions import FULL_CREDIT
from lessons.study.chat import is_open, reply_of
from lessons.study.models import ChatTurn, Learner, Memory, Review, Run
from lessons.study.overview import is_open_homework
from lessons.tutor.replies import Answered, Closest, NotInLesson


def personal_data(learner: Learner, readable: Collection[int], now: datetime) -> dict[str, Any]:
    """The file's content. `readable` are the memories whose card may be seen."""
    memories = learner.memories.select_related("flashcard", "question", "lesson").order_by("pk")
    known = learner.known_cards.select_related("flashcard__lesson").order_by("pk")
    runs = learner.runs.defer("quiz").prefetch_related("answers").order_by("started_at", "pk")
    return {
        "format": "quizgame learner 1",
        "written_at": now,
        "learner": _learner(learner),
        "memories": [_memory(memory, memory.pk in readable) for memory in memories],
        "reviews": [_review(review) for review in learner.reviews.all()],
        "known_cards": [
            {"flashcard": card.flashcard_id, "lesson": card.flashcard.lesson.title}
            for card in known
        ],
        "runs": [_run(run, now) for run in runs],
        "chat": _chat(learner),
    }


def _learner(learner: Learner) -> dict[str, Any]:
    return {
        "since": learner.created_at,
        "account": learner.user.get_username() if learner.user else None,
        "time_zone": learner.zone,
        "desired_retention": learner.desired_retention,
        "new_per_day": learner.new_per_day,
        "reviews_per_day": learner.reviews_per_day,
        "learning_steps_min": learner.learning_steps,
        "relearning_steps_min": learner.relearning_steps,
        "both_directions": learner.both_directions,
        "questions_as_cards": learner.has_questions,
        "set_aside_after": learner.leech_after,
        "parameters": learner.parameters,
        "previous_parameters": learner.previous_parameters,
    }


def _memory(memory: Memory, is_readable: bool) -> dict[str, Any]:
    return {
        "id": memory.pk,
        "lesson": memory.lesson.title if memory.lesson else None,
        "flashcard": memory.flashcard_id,
        "face": memory.face,
        "question": memory.question_id,
        "text": _text(memory) if is_readable else None,
        "state": memory.memo.state.name.lower(),
        "step": memory.step,
        "stability_d": memory.stability,
        "difficulty": memory.difficulty,
        "due": memory.due,
        "last_review": memory.last_review,
        "reviews": memory.reviews_count,
        "lapses": memory.lapses,
        "set_aside": memory.is_suspended,
        "often_forgotten": memory.is_leech,
        "buried_on": memory.buried_on,
    }


def _text(memory: Memory) -> dict[str, str]:
    if card := memory.flashcard:
        return {"term": card.term, "definition": card.definition}
    return {"prompt": str(memory)}


def _review(review: Review) -> dict[str, Any]:
    return {
        "memory": review.memory_id,
        "rating": review.rating,
        "reviewed_at": review.reviewed_at,
        "day": review.day,
        "duration_ms": review.duration_ms,
        "source": review.source,
        "why": review.why,
    }


def _run(run: Run, now: datetime) -> dict[str, Any]:
    is_open = is_open_homework(run, now)
    return {
        "title": run.title,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "closes_at": run.closes_at,
        "homework": run.is_homework,
        "answers": [
            {
                "round": answer.round,
                "answer": answer.answer,
                "credit": None if is_open else answer.credit / FULL_CREDIT,
                "right": None if is_open else answer.is_right,
                "elapsed_ms": answer.elapsed_ms,
                "answered_at": answer.answered_at,
            }
            for answer in run.answers.all()
        ],
    }


def _chat(learner: Learner) -> list[dict[str, Any]]:
    user = learner.user or AnonymousUser()
    visible = Lesson.objects.visible_to(user).in_bulk()
    return [
        {
            "lesson": turn.lesson.title,
            "asked_at": turn.asked_at,
            "question": turn.question,
            "reply": _reply(turn, visible[turn.lesson_id].open_to(user))
            if turn.lesson_id in visible
            else None,
            "language_model": turn.model or None,
        }
        for turn in learner.chat_turns.select_related("lesson")
    ]


def _reply(turn: ChatTurn, sight: int | None) -> list[str] | None:
    reply = reply_of(turn) if is_open(turn, sight) else None
    match reply:
        case None:
            return None
        case Answered():
            return [told.text for told in reply.told]
        case Closest():
            return [reply.sentence, *(told.text for told in reply.told)]
        case NotInLesson():
            return [reply.sentence]
