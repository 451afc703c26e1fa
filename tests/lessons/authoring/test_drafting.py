"""All drafts of three lessons of different fields."""

import re
from collections import Counter

import pytest

from lessons.authoring import phrases
from lessons.authoring.draft import Draft
from lessons.authoring.drafting import best, drafts_from
from lessons.authoring.evaluation import evaluation
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft
from lessons.questions import TypedText, any_question
from tests.lessons.authoring.conftest import LESSONS, lesson_from, lesson_of, terms_of


@pytest.fixture(scope="module", params=LESSONS)
def slug(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture(scope="module")
def lesson(slug: str) -> LessonDraft:
    return lesson_of(slug)


@pytest.fixture(scope="module")
def drafts(lesson: LessonDraft) -> list[Draft]:
    return drafts_from(lesson)


MISSED = {
    "llms-and-mlps": {"query"},
    "photosynthesis": {"heterotrophs"},
    "french-revolution": {"veto", "metric system"},
}


def test_nearly_all_that_a_teacher_would_ask_for_is_asked_for(
    slug: str, drafts: list[Draft]
) -> None:
    assert set(evaluation(drafts, terms_of(slug)).missing) == MISSED[slug]


def test_no_draft_is_there_twice_tells_its_answer_or_has_a_bad_option(drafts: list[Draft]) -> None:
    found = evaluation(drafts, ())

    assert (found.duplicates, found.leaks, found.bad_distractors) == (0, (), ())


def test_every_draft_can_be_put_into_the_lesson(lesson: LessonDraft, drafts: list[Draft]) -> None:
    questions = [
        QuestionDraft(question=any_question.validate_python(d.item.model_dump()), section=d.section)
        for d in drafts
        if not isinstance(d.item, CardDraft)
    ]
    cards = [d.item for d in drafts if isinstance(d.item, CardDraft)]
    fields = lesson.model_dump() | {"questions": questions[:200], "flashcards": cards}

    assert LessonDraft.model_validate(fields).flashcards == tuple(cards)


def test_every_draft_cites_a_sentence_where_it_stands(
    lesson: LessonDraft, drafts: list[Draft]
) -> None:
    for draft in drafts:
        if draft.span.of == "section":
            section = lesson.sections[draft.span.place]
            cited = section.notes[draft.span.start : draft.span.end]
            assert draft.section == section.title
        else:
            cited = lesson.flashcards[draft.span.place].definition
        unmarked = re.sub(r"\*|^\d\. ", "", cited, flags=re.MULTILINE)
        assert " ".join(unmarked.split()) == draft.sentence


def test_the_same_lesson_gives_the_same_drafts(lesson: LessonDraft, drafts: list[Draft]) -> None:
    assert drafts_from(lesson) == drafts


def test_the_best_are_of_many_kinds_and_sections(lesson: LessonDraft, drafts: list[Draft]) -> None:
    ten = best(drafts, 10)

    assert len(ten) == 10
    assert len({draft.sentence for draft in ten}) == 10
    assert len({draft.kind for draft in ten}) >= 4
    assert len({draft.section for draft in ten}) >= 5


def test_what_was_rejected_does_not_come_back(photosynthesis: LessonDraft) -> None:
    first, *others = drafts_from(photosynthesis)
    fingerprints = {draft.fingerprint for draft in drafts_from(photosynthesis, {first.fingerprint})}

    assert first.fingerprint not in fingerprints
    assert {draft.fingerprint for draft in others} <= fingerprints


def test_a_fingerprint_outlives_a_new_comma() -> None:
    one, other = (
        {(d.kind, d.answers): d.fingerprint for d in drafts_from(lesson_from(notes))}
        for notes in (
            "In every leaf, the fluid around the sacs is the **stroma**.",
            "In every leaf the  fluid around the sacs is the **stroma**!",
        )
    )

    assert one["typed_text", ("stroma",)] == other["typed_text", ("stroma",)]
    assert len(set(one.values())) == len(one)


def test_what_the_lesson_asks_already_is_not_drafted(photosynthesis: LessonDraft) -> None:
    draft = next(d for d in drafts_from(photosynthesis) if isinstance(d.item, TypedText))
    assert isinstance(draft.item, TypedText)
    asked = draft.item.model_copy(update={"prompt": draft.item.prompt.replace(" the ", " a ")})
    lesson = photosynthesis.model_copy(update={"questions": (QuestionDraft(question=asked),)})

    assert draft.item not in [other.item for other in drafts_from(lesson)]


def test_without_spacy_there_are_fewer_and_none_is_worse_by_rule(
    monkeypatch: pytest.MonkeyPatch, revolution: LessonDraft
) -> None:
    with_it = drafts_from(revolution)
    monkeypatch.setattr(phrases, "PACKAGE", "a_package_that_nobody_has")
    phrases._model.cache_clear()
    try:
        without = drafts_from(revolution)
    finally:
        phrases._model.cache_clear()
    found = evaluation(without, terms_of("french-revolution"))

    assert 100 < len(without) < len(with_it)
    assert len(found.exact) >= 20
    assert (found.duplicates, found.leaks, found.bad_distractors) == (0, (), ())


def test_a_lesson_in_another_language_gives_drafts_from_what_is_marked() -> None:
    lesson = lesson_from(
        "Die Flüssigkeit um die Thylakoide heißt **Stroma**. Dort entsteht Zucker.",
        "1. Wasser kochen\n2. Tee aufgießen\n3. Fünf Minuten warten",
        language="de",
    )
    kinds = Counter(draft.kind for draft in drafts_from(lesson))

    assert kinds == {"typed_text": 1, "flashcard": 1, "true_false": 1, "order_steps": 1}


def test_an_empty_lesson_gives_none() -> None:
    assert drafts_from(lesson_from("")) == []
