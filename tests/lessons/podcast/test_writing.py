"""A talk says all that the lesson says, and of its own only phrases."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import explanations
from lessons.authoring.reading import takes_up
from lessons.authoring.texts import blocks
from lessons.authoring.words import content_words, root
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft
from lessons.formats import own_yaml
from lessons.podcast.script import LONGEST_TURN, MOST_TURNS, Script, Turn
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing import script_of
from lessons.podcast.writing.grammar import verb
from lessons.podcast.writing.phrases import PHRASES, Phrases, Purpose
from lessons.questions import ExplanationRef, TrueFalse, TypedText, right_answers
from lessons.spans import Span
from tests.lessons.authoring.conftest import LESSONS, lesson_file, lesson_from

each_lesson = pytest.mark.parametrize("slug", LESSONS)


@cache
def lesson_of(slug: str) -> LessonDraft:
    lesson, _ = own_yaml.read(lesson_file(slug).read_bytes())
    return lesson


@cache
def talk_of(slug: str) -> Script:
    return script_of(lesson_of(slug), idea)


def idea(ref: ExplanationRef) -> str:
    """Of the explanation too, but not computed: some take seconds."""
    return explanations.find(ref.key).IDEA


def content(text: str) -> set[str]:
    """Roots, and of an irregular verb its base: who asks “What did he write?” uses no new word."""
    found = {root(word) for word in content_words(text)}
    return found | {seen[0] for word in found if (seen := verb(word))}


STOCK = content(" ".join(phrase for phrases in PHRASES.values() for phrase in phrases))
STOCK |= content(
    "Fill in the blank. True or false? In no order, they are. blank happened formula stands notes"
)
STOCK |= content(
    "first second third fourth fifth sixth seventh eighth ninth then last for short take place"
)


def source(lesson: LessonDraft, span: Span) -> str:
    """What stands in the lesson where the span points, as it is said."""
    match span.of:
        case "section":
            notes = lesson.sections[span.place].notes[span.start : span.end]
            return " ".join(spoken(block.text) for block in blocks(notes)) or notes
        case "flashcard":
            card = lesson.flashcards[span.place]
            return f"{card.term} {spoken_line(card.definition[span.start : span.end])}"
        case "question":
            return asked_and_answered(lesson.questions[span.place])


def asked_and_answered(draft: QuestionDraft) -> str:
    question = draft.question
    told = [question.prompt, question.note, *getattr(question, "options", ())]
    told += [*getattr(question, "accepted", ()), *getattr(question, "steps", ())]
    told += right_answers(question)
    return " ".join(spoken_line(text) for text in told)


def everything(lesson: LessonDraft) -> str:
    told = [lesson.title, lesson.summary, str(len(lesson.sections))]
    for section in lesson.sections:
        told += [section.title, " ".join(section.notes.split())]
        if section.explanation:
            told.append(idea(section.explanation))
    told += [f"{card.term} {card.definition}" for card in lesson.flashcards]
    texts = [spoken_line(text) for text in told]
    return " ".join([*texts, *map(asked_and_answered, lesson.questions)])


def pairs(script: Script) -> Iterator[tuple[Turn, Turn]]:
    yield from zip(script.turns, script.turns[1:], strict=False)


@each_lesson
def test_every_sentence_of_the_notes_is_told_and_cited(slug: str) -> None:
    lesson, script = lesson_of(slug), talk_of(slug)
    for place, section in enumerate(lesson.sections):
        [chapter] = [chapter for chapter in script.chapters if chapter.section == place]
        for sentence in (s for block in blocks(section.notes) for s in block.sentences):
            citing = [
                turn.text
                for turn in chapter.turns
                if turn.speaker == "b"
                and turn.span
                and (turn.span.of, turn.span.place) == ("section", place)
                and turn.span.start <= sentence.start
                and sentence.end <= turn.span.end
            ]

            assert content(spoken(sentence.text)) - content(" ".join(citing)) == set()


@each_lesson
def test_no_word_with_content_comes_from_elsewhere(slug: str) -> None:
    known = content(everything(lesson_of(slug))) | STOCK

    assert [
        (turn.text, new) for turn in talk_of(slug).turns if (new := content(turn.text) - known)
    ] == []


@each_lesson
def test_a_span_points_at_what_is_said(slug: str) -> None:
    lesson = lesson_of(slug)
    titles = content(" ".join([lesson.title, *(section.title for section in lesson.sections)]))
    cited = [(turn.text, turn.span) for turn in talk_of(slug).turns if turn.span]

    assert len(cited) > 60
    assert [
        (text, new)
        for text, span in cited
        if (new := content(text) - content(source(lesson, span)) - titles - STOCK)
    ] == []


@each_lesson
def test_the_hosts_take_turns_and_nobody_lectures(slug: str) -> None:
    script = talk_of(slug)

    assert script.turns[0].speaker == "a"
    assert [one.text for one, other in pairs(script) if one.speaker == other.speaker] == []
    assert [turn.text for turn in script.turns if len(turn.text.split()) > 65] == []


@each_lesson
def test_nothing_is_said_again_within_eight_turns(slug: str) -> None:
    said = [turn.text for turn in talk_of(slug).turns]

    assert [text for i, text in enumerate(said) if text in said[max(0, i - 8) : i]] == []


@each_lesson
def test_what_is_asked_at_the_start_is_answered_at_the_end(slug: str) -> None:
    script = talk_of(slug)
    [asked] = [t for t in script.chapters[0].turns if t.span]
    again, answered = [t for t in script.chapters[-1].turns if t.span]
    question = asked.text.partition("end. ")[2]

    assert again.text.endswith(question)
    assert (again.speaker, answered.speaker) == ("a", "b")
    assert asked.span == again.span == answered.span
    assert [t for c in script.chapters[1:-1] for t in c.turns if question in t.text] == []


@each_lesson
def test_each_section_has_its_chapter_in_order(slug: str) -> None:
    lesson, script = lesson_of(slug), talk_of(slug)

    assert [c.section for c in script.chapters] == [None, *range(len(lesson.sections)), None]
    assert [c.title for c in script.chapters[1:-1]] == [s.title for s in lesson.sections]


def test_the_same_lesson_gives_the_same_talk_in_every_process() -> None:
    program = (
        "import django; django.setup();"
        "from tests.lessons.podcast.test_writing import talk_of;"
        "print(talk_of('french-revolution').model_dump_json())"
    )
    again = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "1", "DJANGO_SETTINGS_MODULE": "quizgame.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert Script.model_validate_json(again.stdout) == talk_of("french-revolution")


def test_a_term_is_explained_where_it_is_first_heard() -> None:
    cards = {"Stroma": "The fluid around the sacs."}
    script = script_of(lesson_from("- Sugar is built in the stroma by day.", cards=cards))
    told, asked, meant = script.chapters[1].turns[1:4]

    assert told == Turn(
        speaker="b", text="Sugar is built in the stroma by day.", span=Span("section", 0, 2, 38)
    )
    assert asked.text == "And what is the stroma again?"
    assert meant == Turn(
        speaker="b",
        text="The stroma is the fluid around the sacs.",
        span=Span("flashcard", 0, 0, 26),
    )


def test_a_term_that_the_notes_explain_is_not_explained_twice() -> None:
    script = script_of(
        lesson_from(
            "- The stroma is the fluid around the flat sacs.",
            cards={"Stroma": "The fluid around the sacs."},
        )
    )

    assert [turn.span for turn in script.turns if turn.span and turn.span.of == "flashcard"] == []


def test_no_term_comes_between_a_sentence_and_what_takes_it_up() -> None:
    script = script_of(
        lesson_from(
            "- Sugar is built in the stroma by day.\n- It feeds the whole plant.",
            cards={"Stroma": "The fluid around the sacs."},
        )
    )
    said = [turn.text for turn in script.chapters[1].turns if turn.speaker == "b"]

    assert said == [
        "Sugar is built in the stroma by day.",
        "It feeds the whole plant.",
        "The stroma is the fluid around the sacs.",
    ]
    assert takes_up(said[1])


def test_steps_become_a_walk_through() -> None:
    script = script_of(lesson_from("1. Heat the water.\n2. Stir the salt in.\n3. Let it cool."))

    assert [turn.text for turn in script.chapters[1].turns] == [
        "Let’s begin with “Section 1”. Take me through it, step by step.",
        "First: heat the water.",
        "And the second step?",
        "Stir the salt in.",
        "And the last step?",
        "Let it cool.",
    ]


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ("- Multilayer Perceptrons: store facts", ["Multilayer Perceptrons store facts."]),
        ("- The cell divides", ["The cell divides."]),
        ("- High-dimensional vectors", ["Worth noting: high-dimensional vectors."]),
        ("- Token: a piece of text", ["Token: that is a piece of text."]),
        ("- roots\n- leaves\n- bark", ["These belong here: roots, leaves and bark."]),
        ("The parts are:\n\n- roots\n- leaves", ["The parts are: roots and leaves."]),
        ("|A|B|\n|-|-|\n|Stroma|the fluid|", ["Stroma: that is the fluid."]),
        (
            "|Country|Capital|People|\n|-|-|-|\n|France|Paris|68 million|",
            ["France. Capital: Paris. People: 68 million."],
        ),
        ("```\nx = 1\n```", [PHRASES["code"][0]]),
        ("A line of $x^2$ is *bent*.", ["A line of x squared is bent."]),
    ],
)  # fmt: skip
def test_notes_of_every_form_become_sentences(notes: str, said: list[str]) -> None:
    script = script_of(lesson_from(notes))

    assert [t.text for t in script.chapters[1].turns if t.speaker == "b"] == said


def test_a_heading_leads_on() -> None:
    script = script_of(lesson_from("The cell divides.\n\n## Its *core*\n\nThe core divides first."))

    assert script.chapters[1].turns[2].text == "The next heading is “Its core”."


def test_a_question_of_the_lesson_makes_a_pause_to_think() -> None:
    plain = lesson_from("- The fluid around the sacs is the stroma.")
    asked = TrueFalse(prompt="The stroma is a fluid.", right=True, note="It is around the sacs.")
    blank = TypedText(prompt="The ___ is around the sacs.", accepted=("stroma",))
    for question, texts in (
        (asked, ["Think for a moment. True or false? The stroma is a fluid.", "Did you have it? True. It is around the sacs."]),
        (blank, ["Think for a moment. Fill in the blank. The “blank” is around the sacs.", "Did you have it? Stroma."]),
    ):  # fmt: skip
        draft = QuestionDraft(question=question, section="Section 1")
        script = script_of(plain.model_copy(update={"questions": (draft,)}))
        turns = script.chapters[1].turns[-2:]

        assert [turn.text for turn in turns] == texts
        assert {turn.span for turn in turns} == {Span("question", 0, 0, len(question.note))}


def test_what_the_notes_do_not_tell_is_not_asked() -> None:
    plain = lesson_from("- The fluid around the sacs is the stroma.")
    asked = TrueFalse(prompt="Napoleon crowned himself emperor.", right=True)
    draft = QuestionDraft(question=asked, section="Section 1")

    assert (
        "Napoleon"
        not in script_of(plain.model_copy(update={"questions": (draft,)})).model_dump_json()
    )


def test_a_picture_is_told_with_its_numbers() -> None:
    section = SectionDraft(
        title="Angles", notes="Angles vary.", explanation=ExplanationRef(key="angles")
    )
    script = script_of(LessonDraft(slug="lesson", title="Angles", sections=(section,)))

    assert [turn.text for turn in script.chapters[1].turns[-2:]] == [
        "There is a picture to this in the lesson. What does it show?",
        "In the picture: On a sheet of paper two random directions make any angle. In 100 dimensions "
        "61 of 100 random pairs are within 5 degrees of a right angle.",
    ]


def test_an_empty_lesson_says_so() -> None:
    script = script_of(LessonDraft(slug="lesson", title="Nothing"))

    assert [turn.text for turn in script.chapters[0].turns] == [
        "Welcome. Today we talk about “Nothing”. What is it about?",
        "Nothing has been written for this lesson yet.",
    ]


def test_a_section_without_notes_says_so() -> None:
    assert [turn.text for turn in script_of(lesson_from("")).chapters[1].turns] == [
        "Let’s begin with “Section 1”.",
        "For this part the notes are still empty.",
    ]


def test_a_lesson_of_cards_alone_explains_them() -> None:
    cards = (CardDraft(term="Stroma", definition="The fluid around the sacs."),)
    script = script_of(LessonDraft(slug="lesson", title="Cells", flashcards=cards))

    assert [chapter.title for chapter in script.chapters] == ["Welcome", "More terms", "To finish"]
    assert script.chapters[1].turns[-1].text == "Stroma is the fluid around the sacs."


def test_another_language_is_read_by_two_voices_without_an_english_word() -> None:
    notes = "- Der **Strom** fließt.\n- Er misst 5 A, z. B. bei $U = RI$.\n\nUnd so weiter."
    script = script_of(lesson_from(notes, language="de"))

    assert [(turn.speaker, turn.text) for turn in script.turns] == [
        ("a", "A Lesson"),
        ("a", "Section 1"),
        ("b", "Der Strom fließt."),
        ("a", "Er misst 5 A, z. B. bei U = RI."),
        ("b", "Und so weiter."),
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_long_lesson_ends_in_time(language: str) -> None:
    notes = "\n".join(f"- The cell of kind {i} holds a core of kind {i}." for i in range(60))
    lesson = lesson_from(*[notes] * 30, language=language)
    cards = tuple(CardDraft(term=f"Term {i}", definition="A thing.") for i in range(900))
    script = script_of(lesson.model_copy(update={"flashcards": cards}))

    assert MOST_TURNS // 2 < len(script.turns) <= MOST_TURNS
    assert {chapter.section for chapter in script.chapters} >= set(range(30))


def test_a_sentence_without_end_is_cut_where_it_breathes() -> None:
    clause = "the wave carries its energy on through the water while the water itself stays behind"
    script = script_of(lesson_from(f"See that {', '.join([clause] * 8)}."))
    said = [turn for turn in script.chapters[1].turns if turn.speaker == "b"]

    assert [len(turn.text.split()) <= 61 for turn in said] == [True] * len(said)
    assert [turn.text.endswith(("behind …", "behind.")) for turn in said] == [True] * len(said)
    assert len({turn.span for turn in said}) == 1


@pytest.mark.parametrize(
    "notes",
    ["q" * 50_000, "細胞は生命の単位である。" * 4000, "The " + "q" * 3000 + " is an old one."],
)
def test_words_without_blanks_are_cut_too(notes: str) -> None:
    script = script_of(lesson_from(notes))

    assert max(len(turn.text) for turn in script.turns) <= LONGEST_TURN
    assert sum(turn.text.count(notes[5]) for turn in script.turns) == notes.count(notes[5])


VOCABULARY = "The a cell cells divides is are was called and of in it **core** *sac* $x^2$ which"
WORDS = st.sampled_from(VOCABULARY.split())
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
ITEMS = st.tuples(
    st.sampled_from(["- ", "1. ", "", "## ", "> ", "| a | ", "    "]),
    LINES,
    st.sampled_from([".", ":", "", "?"]),
).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, max_size=12).map("\n\n".join), st.sampled_from(["en", "de"]))
def test_any_notes_make_a_talk_that_tells_them(notes: str, language: str) -> None:
    lesson = lesson_from(notes, cards={"Core": "What is within."}, language=language)
    script = script_of(lesson)
    said = content(" ".join(turn.text for turn in script.turns))

    assert max(len(turn.text.split()) for turn in script.turns) <= 65
    for block in blocks(lesson.sections[0].notes):
        assert content(spoken(block.text, language)) - said == set()
    if language == "en":
        assert [one for one, other in pairs(script) if one.speaker == other.speaker] == []


OFTEN: set[Purpose] = {
    "lead_on", "topic", "noted", "what_is", "called", "does", "says", "happened", "where", "can",
    "step_next", "heading", "explain", "listed", "fragment", "code",
}  # fmt: skip


@pytest.mark.parametrize("purpose", sorted(OFTEN))
def test_a_phrase_comes_again_only_after_eight_turns(purpose: Purpose) -> None:
    phrases = Phrases()
    gaps = max(len(re.findall(r"\{", phrase)) for phrase in PHRASES[purpose])
    said = [phrases.next(purpose, *["x"] * gaps) for _ in range(30)]

    # At most every second turn is such a phrase: four of them in eight turns.
    assert [p for i, p in enumerate(said) if p in said[max(0, i - 4) : i]] == []


@pytest.mark.parametrize(
    "notes",
    [
        f"## {'w' * 3000}\n\nText.",
        f"A **{'v ' * 900}word** is here.",
        f"|A|B|C|\n|-|-|-|\n|{'a' * 900}|{'b ' * 900}|c|",
        "1. Go on now.\n" * 40,
        f"$${'x^2 + ' * 400} y$$",
        "- [ ](x)\n- ![](y.png)\n- `` ` ``\n- ***\n",
    ],
)
def test_notes_that_nobody_would_write_make_a_script_all_the_same(notes: str) -> None:
    script = script_of(lesson_from(notes))

    assert max(len(turn.text) for turn in script.turns) <= LONGEST_TURN
