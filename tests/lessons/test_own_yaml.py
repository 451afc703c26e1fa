from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from lessons import images
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft
from lessons.formats import Loss, Unreadable, own_yaml
from lessons.questions import ExplanationRef, Poll, any_question, on_one_line
from tests.lessons.conftest import EVERY_KIND, drawing

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
titles = texts.filter(lambda text: any(c.isalnum() for c in text))
options = st.lists(titles, min_size=3, max_size=6, unique_by=on_one_line)
numbers = st.floats(-1e9, 1e9, allow_subnormal=False)
refs = st.none() | st.sampled_from(
    [
        ExplanationRef(key="mlp"),
        ExplanationRef(key="mlp", params={"bias": -0.25, "facts": 50}),
        ExplanationRef(key="angles"),
    ]
)


@st.composite
def keys(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            [
                "single_choice",
                "several_right",
                "true_false",
                "typed_text",
                "typed_number",
                "number_guess",
                "order_steps",
                "poll",
                "word_cloud",
                "info_slide",
            ]
        )
    )
    key: dict[str, Any]
    match kind:
        case "single_choice":
            key = {"options": draw(options), "right": draw(st.integers(0, 2))}
        case "several_right":
            right = draw(st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True))
            key = {"options": draw(options), "right": right, "per_option": draw(st.booleans())}
        case "true_false":
            key = {"right": draw(st.booleans())}
        case "typed_text":
            key = {"accepted": draw(options), "typos": draw(st.booleans())}
        case "typed_number":
            key = {
                "right": draw(numbers),
                "tolerance": abs(draw(numbers)),
                "unit": draw(texts)[:10],
            }
        case "number_guess":
            low, middle, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
            key = {"low": low, "right": middle, "high": high + 1, "tolerance": abs(middle) / 3}
            key["unit"] = draw(texts)[:10]
            key["zero_at"] = draw(st.none() | st.just(abs(middle) + 1))
        case "poll":
            key = {"options": draw(options)}
        case "word_cloud":
            key = {}
        case "info_slide":
            key = {"body": draw(texts)}
        case _:
            key = {"steps": draw(options)}
    is_scored = kind not in {"poll", "word_cloud", "info_slide"}
    points = {"points": draw(st.sampled_from([0, 1000, 2000]))} if is_scored else {}
    return {"kind": kind} | key | points


@st.composite
def uploads(draw: st.DrawFn) -> dict[str, Any]:
    kept = images.keep(drawing(draw(st.sampled_from(["red", "green"]))))
    return {"alt": draw(titles)} | kept._asdict()


@st.composite
def drafts(draw: st.DrawFn) -> LessonDraft:
    sections = draw(st.lists(titles, max_size=3, unique_by=on_one_line))
    places = st.sampled_from([None, *sections])
    return LessonDraft(
        slug=draw(st.from_regex(r"[-a-zA-Z0-9_]{1,20}", fullmatch=True)),
        title=draw(titles),
        summary=draw(texts),
        language=draw(st.sampled_from(["en", "pt-BR", "no", "zh-Hant"])),
        sections=tuple(
            SectionDraft(title=title, notes=draw(texts), explanation=draw(refs))
            for title in sections
        ),
        questions=tuple(
            QuestionDraft(
                question=any_question.validate_python(
                    {
                        "prompt": draw(titles),
                        "image": draw(st.none() | uploads()),
                        "limit_ms": draw(st.none() | st.integers(5, 240).map(lambda s: s * 1000)),
                        "note": draw(texts),
                        "explanation": draw(refs),
                    }
                    | draw(keys())
                ),
                section=draw(places),
            )
            for _ in range(draw(st.integers(0, 3)))
        ),
        flashcards=tuple(
            CardDraft(
                term=draw(titles),
                definition=draw(titles),
                image=draw(st.none() | uploads()),
                explanation=draw(refs),
                section=draw(places),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


@given(drafts())
def test_what_is_written_is_read_again(draft: LessonDraft) -> None:
    data, lost_in_writing = own_yaml.write(draft)

    assert own_yaml.read(data) == (draft, [])
    assert lost_in_writing == []


def test_the_example_of_the_documentation_is_a_lesson() -> None:
    assert own_yaml.__doc__
    example = own_yaml.__doc__.split("\n\n")[1]

    draft, losses = own_yaml.read(example.encode())

    assert losses == []
    assert [draft.slug, len(draft.sections), len(draft.questions), len(draft.flashcards)] == [
        "vectors",
        1,
        10,
        2,
    ]


def test_the_lesson_of_every_kind_has_every_kind() -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    kinds = [asked.question.kind for asked in draft.questions]
    first = draft.questions[0].question

    assert set(kinds) == set(any_question.json_schema()["discriminator"]["mapping"])
    assert first.image
    assert (first.image.width, first.image.height) == (320, 240)
    assert own_yaml.read(own_yaml.write(draft)[0]) == (draft, [])


def test_an_image_whose_file_is_gone_is_a_loss(settings: Settings) -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    settings.MEDIA_ROOT /= "elsewhere"
    data, losses = own_yaml.write(draft)
    again, _ = own_yaml.read(data)

    gone = "its image, whose file is gone"
    assert losses == [Loss("question 1", gone), Loss("flashcard 1", gone)]
    assert again.questions[0].question.image is None
    assert again.questions[1:] == draft.questions[1:]
    assert again.flashcards[0].image is None
    assert again.flashcards[1:] == draft.flashcards[1:]


def test_a_file_of_an_older_server_has_the_old_defaults() -> None:
    draft, _ = own_yaml.read(
        (
            QUESTION + "several_right\n    prompt: B?\n    options: [{right: x}, {wrong: y}]\n"
        ).encode()
    )
    question = draft.questions[0].question

    assert question == any_question.validate_python(
        {"kind": "several_right", "prompt": "B?", "options": ["x", "y"], "right": [0]}
        | {"per_option": False, "limit_ms": 20_000, "points": 1000, "image": None}
    )


def test_a_poll_has_plain_options() -> None:
    draft, _ = own_yaml.read(
        (QUESTION + "poll\n    prompt: B?\n    options: [x, z]\n    limit_s: none\n").encode()
    )

    assert draft.questions[0].question == Poll(prompt="B?", options=("x", "z"), limit_ms=None)


HEAD = "quizgame: 1\nslug: a\ntitle: A\n"
QUESTION = HEAD + "questions:\n  - kind: "
IMAGE = QUESTION + "word_cloud\n    prompt: B?\n    image: "
IN_IMAGE = "Line 7: question 1, image, "


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The file is empty."),
        (HEAD + "questions:\n  - kind: []\n", "Line 5: question 1, kind must be one of"),
        ("title: A\n", "Line 1: a lesson of this format begins with “quizgame: 1”."),
        ("quizgame: 1\ntitle: [A\n", "Line 3: this isn't YAML: did not find expected ',' or ']'."),
        ("quizgame: 1\nslug: a\n", "Line 1: title, is missing."),
        (HEAD + "colour: red\n", "Line 4: colour, isn't a name that is known here."),
        (HEAD + "title: B\n", "Line 4: title, stands here twice."),
        (
            HEAD + "summary: &a x\nlanguage: *a\n",
            "Line 5: aliases (*) aren't used here; write it out.",
        ),
        (
            HEAD + "summary: !!binary aGk=\n",
            "Line 4: summary, has a tag (!), which isn't used here.",
        ),
        (
            HEAD + "flashcards:\n  - term: 1789\n    definition: Bastille\n",
            "Line 5: flashcard 1, term, must be text; if it looks like a number, put it in quotes.",
        ),
        (
            HEAD + "flashcards:\n  - term: A\n    definition: B\n    section: C\n",
            "Line 1: there is no section “C”.",
        ),
        (
            HEAD + "sections:\n  - title: B\n  - title: B\n",
            "Line 1: two sections have the title “B”.",
        ),
        (
            QUESTION + "single_choice\n    prompt: B?\n    options: [{right: x}, {right: y}]\n",
            "Line 7: question 1, options, exactly one must be right.",
        ),
        (
            QUESTION + "single_choice\n    prompt: B?\n    options: [x, {right: y}]\n",
            "Line 7: question 1, option 1, must be “right: …” or “wrong: …”.",
        ),
        (QUESTION + "essay\n    prompt: B?\n", "Line 5: question 1, kind must be one of"),
        (HEAD + "questions:\n  - prompt: B?\n", "Line 5: question 1, kind is missing."),
        (
            QUESTION + "true_false\n    prompt: B.\n    right: true\n    limit_s: 3\n",
            "Line 8: question 1, limit_s, must be a whole number from 5 to 240, or none.",
        ),
        (
            QUESTION + "poll\n    prompt: B?\n    options: [x, z]\n    points: 1000\n",
            "Line 8: question 1, points, input should be 0.",
        ),
        (
            QUESTION + "poll\n    prompt: B?\n    options: [{right: x}, {wrong: z}]\n",
            "Line 7: question 1, option 1, must be text",
        ),
        (
            QUESTION + "number_guess\n    prompt: B?\n    right: 4\n    tolerance: 2\n"
            "    low: 0\n    high: 5\n    zero_at: 2\n",
            "Line 11: question 1, zero_at, points must fall to zero beyond the tolerance.",
        ),
        (
            IMAGE + "{data: R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==}",
            IN_IMAGE + "alt, is missing.",
        ),
        (IMAGE + "{alt: B}", IN_IMAGE + "data, must be an image in base64."),
        (IMAGE + "{alt: B, data: 5}", IN_IMAGE + "data, must be an image in base64."),
        (IMAGE + "{alt: B, data: é}", IN_IMAGE + "data, isn't base64."),
        (IMAGE + "{alt: B, data: aGk}", IN_IMAGE + "data, isn't base64."),
        (IMAGE + "{alt: B, data: aGk=}", IN_IMAGE + "data, this isn't a whole image in one of"),
        (
            IMAGE + "{alt: B, data: aGk=, file: ../../etc/passwd}",
            IN_IMAGE + "file, isn't a name that is known here.",
        ),
        (
            HEAD + "flashcards:\n  - term: A\n    definition: B\n    image: {alt: C}\n",
            "Line 7: flashcard 1, image, data, must be an image in base64.",
        ),
        (
            HEAD + "flashcards:\n  - term: A\n    definition: It is {{c1:9}}.\n",
            "Line 6: flashcard 1, definition, Write a gap as {{c1::hidden words}}",
        ),
        (
            IMAGE + "b.png",
            "Line 7: question 1, image, names and values are expected here",
        ),
        (
            QUESTION + "number_guess\n    prompt: B?\n    right: 9\n    tolerance: 0\n"
            "    low: 0\n    high: 5\n",
            "Line 5: question 1, the right number must lie between low and high.",
        ),
        (
            QUESTION + "true_false\n    prompt: B.\n    right: true\n    explanation: palmistry\n",
            "Line 5: question 1, There is no explanation “palmistry”; there are",
        ),
        (
            QUESTION + "true_false\n    prompt: B.\n    right: true\n    params: {d: 1}\n",
            "Line 8: question 1, params, need an explanation.",
        ),
        (HEAD + "sections: " + "[" * 100_000, "Line 4: this is nested deeper than a lesson is."),
        (HEAD + "sections: 0o9_" + "9" * 9000, "Line 4: sections, "),
    ],
)
def test_an_error_names_its_place(text: str, problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        own_yaml.read(text.encode())

    assert raised.value.problems[0][: len(problem)] == problem


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "prompt",
                    "options",
                    "right",
                    "accepted",
                    "steps",
                    "low",
                    "high",
                    "tolerance",
                    "unit",
                    "limit_s",
                    "points",
                    "note",
                    "section",
                    "explanation",
                    "params",
                    "title",
                    "notes",
                    "term",
                    "definition",
                    "wrong",
                    "image",
                    "alt",
                    "data",
                    "zero_at",
                    "body",
                ]
            ),
            inner
            | st.sampled_from(
                ["single_choice", "several_right", "number_guess", "poll", "none", "mlp"]
            ),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(sections=values, questions=st.lists(values, max_size=3), flashcards=values)
def test_whatever_stands_there_is_a_lesson_or_unreadable(**parts: Any) -> None:
    written = {"quizgame": 1, "slug": "a", "title": "A"} | parts

    assert {problem[:5] for problem in problems_of(yaml.safe_dump(written))} <= {"Line "}


@given(st.binary(max_size=200) | st.text("-:[]{}&*!|>'\"%@,?# \nab1", max_size=80).map(str.encode))
def test_whatever_bytes_there_are_nothing_else_is_raised(data: bytes) -> None:
    with pytest.raises(Unreadable):
        own_yaml.read(data)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Unreadable) as raised:
        own_yaml.read(b"quizgame: 1\nslug: a b\nsummary: 5\n")

    assert len(raised.value.problems) == 3


@pytest.mark.parametrize("data", [b"\xff\xfe\xfa", b"title: \x00", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        own_yaml.read(data)


def test_a_file_of_more_than_20_megabytes_is_refused() -> None:
    with pytest.raises(Unreadable) as raised:
        own_yaml.read(b" " * 20_000_001)

    assert str(raised.value) == "The file is larger than 20 MB."


def problems_of(text: str) -> tuple[str, ...]:
    """What is wrong with it, or nothing."""
    try:
        own_yaml.read(text.encode())
    except Unreadable as error:
        return error.problems
    return ()


def test_a_single_choice_of_a_lesson_has_one_right_option() -> None:
    single = "  - kind: single_choice\n"
    text = EVERY_KIND.read_text().replace(single, f"{single}    also_right: [0]\n")
    assert "also_right" in text
    with pytest.raises(Unreadable, match="one right option"):
        own_yaml.read(text.encode())
