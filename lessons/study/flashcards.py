"""Flashcards: flip, shuffle, know."""

from django.urls import reverse
from django.utils.translation import override
from pydantic import Field

from lessons.faces import Face, faces_of, spoken
from lessons.gallery import link_to
from lessons.markdown import inline
from lessons.models import Flashcard, Lesson
from lessons.shown import ImageView, Link, Message, image_view


class FaceView(Message):
    """One way to ask a card: HTML that is safe to show, and what a voice reads of it."""

    key: str
    title: str
    front: str
    back: str
    spoken_front: str
    spoken_back: str
    typed: tuple[str, ...]


class CardView(Message):
    id: int
    name: str
    """HTML, for the list of all cards."""
    faces: tuple[FaceView, ...]
    image: ImageView | None
    picture: Link | None
    section: Link | None


class Deck(Message):
    """The deck as it is for anybody, so that a browser may keep it; what is known is asked for apart."""

    slug: str
    title: str
    language: str
    cards: tuple[CardView, ...]
    left_out: int
    """How many more there are for those with an account."""
    sign_up: str
    """Where to get one; empty where the site takes none."""
    log_in: str
    back: str
    know: str
    review: str
    apkg: str
    csv: str


class KnowFlashcard(Message):
    """What the browser posts to `know_flashcard`."""

    flashcard: int = Field(strict=True)
    is_known: bool = Field(strict=True)


class KnownFlashcards(Message):
    """Those of the deck that this learner knows."""

    known: tuple[int, ...]


MESSAGES: tuple[type[Message], ...] = (Deck, KnowFlashcard, KnownFlashcards)


def deck_of(lesson: Lesson, cards: list[Flashcard], left_out: int, can_sign_up: bool) -> Deck:
    """The cards that a visitor may see, which come with their sections."""
    names = ("lesson", "flashcards", "know_flashcard", "review_lesson")
    files = ("flashcards_apkg", "flashcards_csv")
    pages = {name: reverse(name, args=[lesson.slug]) for name in (*names, *files)}
    afterwards = f"?next={pages['flashcards']}"
    with override(lesson.language):
        views = tuple(_card_view(card, pages["lesson"]) for card in cards)
    return Deck(
        slug=lesson.slug,
        title=lesson.title,
        language=lesson.language,
        cards=views,
        left_out=left_out,
        sign_up=reverse("sign_up") + afterwards if can_sign_up else "",
        log_in=reverse("log_in") + afterwards,
        back=pages["lesson"],
        know=pages["know_flashcard"],
        review=pages["review_lesson"],
        apkg=pages["flashcards_apkg"],
        csv=pages["flashcards_csv"],
    )


def _card_view(card: Flashcard, lesson_page: str) -> CardView:
    section, ref = card.section, card.explanation_ref
    return CardView(
        id=card.pk,
        name=inline(card.term),
        faces=tuple(_face_view(face) for face in faces_of(card.term, card.definition)),
        image=card.image and image_view(card.image),
        picture=Link(**link_to(ref)) if ref else None,
        section=section and Link(title=section.title, address=f"{lesson_page}#{section.anchor}"),
    )


def _face_view(face: Face) -> FaceView:
    about = f"{spoken(face.title)}. " if face.title else ""
    return FaceView(
        **face._asdict(),
        spoken_front=about + spoken(face.front),
        spoken_back=spoken(face.back),
    )
