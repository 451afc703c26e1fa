from lessons.authoring.draft import Draft
from lessons.authoring.drafting import drafts_from
from lessons.authoring.reading import read
from lessons.authoring.weak_spots import WeakSpot, quiz_for, source_of
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft
from lessons.formats import own_yaml
from lessons.questions import TrueFalse, TypedText
from tests.lessons.authoring.conftest import lesson_file


def whole_lesson() -> LessonDraft:
    lesson, _ = own_yaml.read(lesson_file("photosynthesis").read_bytes())
    return lesson


def question_about(word: str, lesson: LessonDraft) -> QuestionDraft:
    return next(each for each in lesson.questions if word in each.question.prompt)


def test_an_item_is_about_the_sentence_that_says_most_of_it() -> None:
    lesson = whole_lesson()
    reading = read(lesson)
    stomata = next(card for card in lesson.flashcards if card.term == "Stomata")

    about_card = source_of(stomata, reading)
    about_question = source_of(question_about("ion of", lesson), reading)
    assert about_card
    assert about_question
    assert about_card.text.startswith("Light, water and carbon dioxide meet at the leaf’s pores")
    assert (
        about_question.text
        == "At the centre of each chlorophyll molecule sits an ion of magnesium."
    )


def test_an_item_that_nothing_speaks_of_has_no_sentence() -> None:
    stranger = QuestionDraft(
        question=TypedText(prompt="Who painted the leaf of Guernica?", accepted=("Picasso",))
    )

    assert source_of(stranger, read(whole_lesson())) is None


def test_the_weakest_spot_comes_first_and_each_has_its_turn() -> None:
    lesson = whole_lesson()
    magnesium, cacti = question_about("ion of", lesson), question_about("cacti", lesson)
    spots = [WeakSpot(cacti, misses=1), WeakSpot(magnesium, misses=2, is_due=True)]

    quiz = quiz_for(spots, lesson, drafts_from(lesson), count=8)

    assert quiz[:2] == [magnesium, cacti]
    assert [asked.section for asked in quiz] == [magnesium.section, cacti.section] * 4


def test_what_is_new_comes_from_the_same_sentence_first() -> None:
    lesson = whole_lesson()
    magnesium = question_about("ion of", lesson)
    said = "At the centre of each chlorophyll molecule sits an ion of magnesium."

    first, second, *_ = quiz_for([WeakSpot(magnesium, 1)], lesson, drafts_from(lesson), count=5)

    assert first == magnesium
    assert isinstance(second, Draft)
    assert second.sentence == said


def test_a_weak_flashcard_is_asked_about_but_not_asked() -> None:
    lesson = whole_lesson()
    card = next(card for card in lesson.flashcards if card.term == "Stroma")

    quiz = quiz_for([WeakSpot(card, is_due=True)], lesson, drafts_from(lesson), count=5)

    assert len(quiz) == 5
    assert {asked.section for asked in quiz} == {"The Chloroplast"}
    assert not any(isinstance(asked, Draft) and isinstance(asked.item, CardDraft) for asked in quiz)


def test_nothing_is_asked_twice() -> None:
    lesson = whole_lesson()
    spots = [WeakSpot(question, 1) for question in lesson.questions]

    quiz = quiz_for(spots, lesson, drafts_from(lesson), count=100)
    prompts = [
        asked.question.prompt if isinstance(asked, QuestionDraft) else asked.asked for asked in quiz
    ]

    assert len(set(prompts)) == len(quiz) > 90  # to choose and to type count as the same


def test_without_weak_spots_there_is_no_quiz() -> None:
    assert quiz_for([], whole_lesson(), [], count=5) == []


def test_an_item_without_section_is_asked_alone_where_nothing_speaks_of_it() -> None:
    stranger = QuestionDraft(
        question=TrueFalse(prompt="Guernica was painted in Rome.", right=False)
    )

    assert quiz_for([WeakSpot(stranger, 1)], whole_lesson(), [], count=5) == [stranger]
