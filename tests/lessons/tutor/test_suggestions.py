"""Questions to offer."""

from lessons.drafts import LessonDraft, SectionDraft
from lessons.tutor.suggestions import suggestions
from lessons.tutor.tutor import Tutor


def test_every_section_has_its_turn_before_one_has_a_second(photosynthesis: LessonDraft) -> None:
    tutor = Tutor(photosynthesis, None)
    offered = suggestions(photosynthesis, tutor.index)
    titles = [section.title for section in photosynthesis.sections]

    assert [s.section for s in offered[: len(titles)]] == titles
    assert offered[0].question == "What does “Autotroph” mean?"


def test_each_is_answered_and_offered_once(photosynthesis: LessonDraft) -> None:
    tutor = Tutor(photosynthesis, None)
    offered = suggestions(photosynthesis, tutor.index)

    assert len(offered) > 15
    assert {tutor.ask(s.question).type for s in offered} == {"answered"}
    assert len({s.terms for s in offered}) == len(offered)


def test_words_in_bold_are_offered_where_there_are_no_flashcards() -> None:
    notes = "A **right angle** is a quarter turn. **Here is a whole sentence in bold.**"
    draft = LessonDraft(
        slug="a", title="Turns", sections=(SectionDraft(title="Angles", notes=notes),)
    )

    assert [s.question for s in suggestions(draft, Tutor(draft, None).index)] == [
        "What does “right angle” mean?"
    ]


def test_an_empty_lesson_offers_none() -> None:
    assert Tutor(LessonDraft(slug="a", title="Empty"), None).suggested(3) == ()
