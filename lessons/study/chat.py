"""Chat to Lesson: what may be asked about, what is kept of it, and what the page is shown."""

import hashlib
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Literal, NamedTuple

import pydantic
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from lessons.drafts import LessonDraft
from lessons.faces import lines
from lessons.language_model import LanguageModel
from lessons.markdown import inline, literal
from lessons.models import Lesson
from lessons.questions import Line
from lessons.shown import Message
from lessons.spans import Part
from lessons.study.models import ChatTurn, Learner
from lessons.study.practice import PictureLink, picture_link
from lessons.tutor.marked import marked_notes
from lessons.tutor.passages import question_heading
from lessons.tutor.replies import Answered, NotInLesson, Reply, Source, Told
from lessons.tutor.tutor import LONGEST_QUESTION, MOST_BEFORE, tutor_of

logger = logging.getLogger(__name__)

TURNS_KEPT = 200
"""Of one learner and lesson; older ones go."""


class AskLesson(Message):
    """From the browser: a question, or one of its turns whose question is asked again."""

    question: Line = ""
    again: int | None = None


class CitedPlace(Message):
    """Where the lesson says so."""

    of: Part
    heading: str
    """As HTML: the section's title, the flashcard's term, the question with its right answers."""
    section: int | None
    """Which section's notes, from 0; None where it is none, or isn't there any more."""
    start: int | None
    """Where in the notes, as `lessons.tutor.marked` names places; None since they were edited."""
    end: int | None
    html: str
    """What the flashcard or the question's note says."""


class SentenceView(Message):
    type: Literal["sentence"] = "sentence"
    html: str
    cited: CitedPlace


class ReplyView(Message):
    kind: Literal["answered", "closest", "not_in_lesson"]
    sentence: str
    """Said before the sentences: why there is no answer; empty where there is one."""
    told: tuple[SentenceView, ...]
    model: str
    """Whose words these are; empty: the lesson's own."""
    model_failed: str
    """Why the lesson speaks although a model was asked, in words."""
    picture: PictureLink | None
    next_questions: tuple[str, ...]
    nearest: int | None
    """The section that comes nearest to what the lesson doesn't say, from 0."""


class ChatTurnView(Message):
    id: int
    question: str
    reply: ReplyView | None
    """None where it broke off, or drew on what isn't open to the reader now."""


class ReplyBegun(Message):
    """The question is kept, and somebody looks for a reply."""

    type: Literal["begun"] = "begun"
    id: int


class ReplyDone(Message):
    type: Literal["done"] = "done"
    turn: ChatTurnView


class ReplyBroke(Message):
    """Something failed on the way; the question is kept."""

    type: Literal["broke"] = "broke"


class NotesView(Message):
    """A section of the notes, as `lessons.tutor.marked` renders them."""

    title: str
    address: str
    html: str


class ChatView(Message):
    """All that the page needs."""

    slug: str
    title: str
    language: str
    back: str
    ask: str
    suggested: str
    clear: str
    log_in: str
    """Where more of the lesson may be asked; empty where all of it may."""
    model: str
    """The language model that words the replies; empty without one."""
    longest: int
    """Characters of a question."""
    can_be_asked: bool
    notes: tuple[NotesView, ...]
    turns: tuple[ChatTurnView, ...]


class SuggestedQuestions(Message):
    questions: tuple[str, ...]


MESSAGES: tuple[type[Message], ...] = (
    AskLesson,
    ReplyBegun,
    SentenceView,
    ReplyDone,
    ReplyBroke,
    ChatView,
    SuggestedQuestions,
)


class Refused(Exception):
    """The question isn't taken, for a reason in words."""


class OpenLesson(NamedTuple):
    """A lesson as far as a visitor may read it. Flashcards and questions beyond don't exist here."""

    lesson: Lesson
    draft: LessonDraft
    sight: int | None

    @property
    def notes_digest(self) -> str:
        """Names the state of the notes: places in them hold while it is the same."""
        texts = "\0".join(section.notes for section in self.draft.sections)
        return hashlib.sha256(texts.encode()).hexdigest()[:16]


def open_lesson(lesson: Lesson, user: AbstractBaseUser | AnonymousUser) -> OpenLesson:
    """Raises pydantic's ValidationError where a part of the lesson makes no sense any more."""
    sight = lesson.open_to(user)
    return OpenLesson(lesson, lesson.as_draft().as_far_as(sight), sight)


def check_question(asked: AskLesson) -> None:
    """Raises Refused."""
    if asked.again is None and not asked.question:
        raise Refused(_("Write a question first."))
    if len(asked.question) > LONGEST_QUESTION:
        raise Refused(
            _("A question has at most %(longest)d characters; this one has %(length)d.")
            % {"longest": LONGEST_QUESTION, "length": len(asked.question)}
        )


def begin_turn(learner: Learner, asked: AskLesson, lesson: Lesson, now: datetime) -> ChatTurn:
    """Keep the question, without a reply so far. Raises Refused."""
    turns = learner.chat_turns.filter(lesson=lesson)
    if asked.again is not None:
        turn = turns.filter(pk=asked.again).first()
        if turn is None:
            raise Refused(_("That question was cleared. Ask it anew."))
        turn.asked_at, turn.reply, turn.model = now, None, ""
        turn.save()
        return turn
    turn = turns.create(learner=learner, lesson=lesson, question=asked.question, asked_at=now)
    kept = turns.order_by("-pk").values_list("pk", flat=True)[:TURNS_KEPT]
    turns.filter(pk__lt=min(kept)).delete()
    return turn


def asked_before(turn: ChatTurn) -> list[str]:
    """The questions before this one, oldest first."""
    turns = ChatTurn.objects.filter(learner=turn.learner_id, lesson=turn.lesson_id, pk__lt=turn.pk)
    newest = turns.order_by("-pk").values_list("question", flat=True)[:MOST_BEFORE]
    return [*newest][::-1]


async def replying(
    turn: ChatTurn,
    before: Sequence[str],
    about: OpenLesson,
    model: LanguageModel | None,
) -> AsyncGenerator[ReplyBegun | SentenceView | ReplyDone | ReplyBroke, None]:
    """What the page hears of a question, as it comes; closing it hangs up on the model."""
    yield ReplyBegun(id=turn.pk)
    try:
        # In the request's own thread: a class that waits for a tutor would fill the pool of threads
        # that the rooms' pictures need.
        tutor = await sync_to_async(tutor_of)(about.draft)
        if model is None:
            reply: Told | Reply = await sync_to_async(tutor.ask)(turn.question, before)
        else:
            async with aclosing(tutor.ask_with(model, turn.question, before)) as said:
                async for reply in said:
                    if isinstance(reply, Told):
                        yield sentence_view(reply, about, is_current=True, is_own=False)
        assert not isinstance(reply, Told), "the whole reply comes last"
        await sync_to_async(keep_reply)(turn, reply, about, model)
        yield ReplyDone(turn=turn_view(turn, about))
    except Exception:
        # The response is under way, so that the reader can only be told in it.
        logger.exception("No reply to question %s", turn.pk)
        yield ReplyBroke()


def keep_reply(
    turn: ChatTurn, reply: Reply, about: OpenLesson, model: LanguageModel | None
) -> None:
    """Nothing is kept where the conversation was cleared in between."""
    turn.reply = reply.model_dump(mode="json")
    is_models = isinstance(reply, Answered) and reply.by == "model"
    turn.model = model.name[:120] if model and is_models else ""
    turn.notes, turn.sight = about.notes_digest, about.sight
    ChatTurn.objects.filter(pk=turn.pk).update(
        reply=turn.reply, model=turn.model, notes=turn.notes, sight=turn.sight
    )


def turn_view(turn: ChatTurn, about: OpenLesson) -> ChatTurnView:
    reply = reply_of(turn) if is_open(turn, about.sight) else None
    shown = reply and reply_view(reply, turn, about)
    return ChatTurnView(id=turn.pk, question=turn.question, reply=shown)


def is_open(turn: ChatTurn, sight: int | None) -> bool:
    """Whether who sees so much of the lesson may read the reply: it drew on no more."""
    return sight is None or (turn.sight is not None and turn.sight <= sight)


_reply: TypeAdapter[Reply] = TypeAdapter(Reply)


def reply_of(turn: ChatTurn) -> Reply | None:
    """The whole reply; None where there is none, or it is from a version that replied otherwise."""
    if turn.reply is None:
        return None
    try:
        return _reply.validate_python(turn.reply)
    except pydantic.ValidationError:
        return None


def reply_view(reply: Reply, turn: ChatTurn, about: OpenLesson) -> ReplyView:
    is_current = turn.notes == about.notes_digest
    told = () if isinstance(reply, NotInLesson) else reply.told
    answer = reply if isinstance(reply, Answered) else None
    nearest = reply.nearest if isinstance(reply, NotInLesson) else None
    return ReplyView(
        kind=reply.type,
        sentence="" if isinstance(reply, Answered) else reply.sentence,
        told=tuple(
            sentence_view(sentence, about, is_current=is_current, is_own=not turn.model)
            for sentence in told
        ),
        model=turn.model,
        model_failed=answer.model_failed if answer else "",
        picture=picture_link(answer.explanation) if answer else None,
        next_questions=reply.next_questions,
        nearest=nearest if is_current else None,
    )


def sentence_view(told: Told, about: OpenLesson, *, is_current: bool, is_own: bool) -> SentenceView:
    """is_current: the notes are still those it cites; is_own: it is the lesson's, not a model's."""
    # Marks that a model makes are meant; in the lesson's plain text they are letters.
    html = literal(told.text) if is_own else inline(told.text)
    return SentenceView(html=html, cited=cited_place(told.source, about.draft, is_current))


def cited_place(source: Source, draft: LessonDraft, is_current: bool) -> CitedPlace:
    heading, html = literal(source.heading), ""
    section = start = end = None
    match source.of:
        case "section":
            titles = [one.title for one in draft.sections]
            section = titles.index(source.heading) if source.heading in titles else None
            if section is not None and is_current:
                start, end = source.start, source.end
        case "flashcard":
            heading = inline(source.heading)
            cards = (card for card in draft.flashcards if card.term == source.heading)
            html = next((lines(card.definition) for card in cards), "")
        case "question":
            asked = (one.question for one in draft.questions)
            notes = (one.note for one in asked if question_heading(one) == source.heading)
            html = inline(next(notes, ""))
    return CitedPlace(
        of=source.of, heading=heading, section=section, start=start, end=end, html=html
    )


def notes_views(about: OpenLesson) -> tuple[NotesView, ...]:
    """The notes to read beside the chat, each section with its place on the lesson's page."""
    page = about.lesson.get_absolute_url()
    sections = zip(about.lesson.sections.all(), marked_notes(about.draft, below=2), strict=True)
    return tuple(
        NotesView(title=section.title, address=f"{page}#{section.anchor}", html=html)
        for section, html in sections
    )
