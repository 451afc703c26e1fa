"""Of what a language model says only that is kept which the notes bear out."""

import json
from typing import Any

import pytest

from lessons.authoring.drafting import drafts_from
from lessons.authoring.with_model import Reply, Shape, drafts_by_model
from lessons.drafts import CardDraft, LessonDraft
from lessons.questions import OrderSteps, SeveralRight, SingleChoice, TrueFalse, TypedText
from tests.lessons.authoring.conftest import lesson_from

NOTES = "The fluid around the sacs is the **stroma**. Sugar is built there. Plants breathe by day and night."
STROMA = "The fluid around the sacs is the stroma."


class Scripted:
    """A model that says what it is given, and remembers what it was asked."""

    def __init__(self, *drafts: object) -> None:
        self.reply = json.dumps({"drafts": drafts})
        self.asked: list[tuple[str, str]] = []

    def __call__(self, instructions: str, material: str, shape: type[Shape], /) -> Shape:
        self.asked.append((instructions, material))
        return shape.model_validate_json(self.reply)


def lesson() -> LessonDraft:
    return lesson_from(NOTES)


GOOD: list[dict[str, Any]] = [
    {
        "kind": "single_choice",
        "prompt": "What is around the sacs?",
        "right": "Stroma",
        "wrong": ["Bark", "Sap", "Air"],
        "quote": STROMA,
    },
    {
        "kind": "several_right",
        "prompt": "When do plants breathe?",
        "right": ["At night", "By day"],
        "wrong": ["Never"],
        "quote": "Plants breathe by day and night.",
    },
    {"kind": "true_false", "prompt": "Plants rest at night.", "right": False, "quote": "Plants breathe by day and night."},
    {"kind": "typed_text", "prompt": "What fluid is around the sacs?", "accepted": ["stroma"], "quote": STROMA},
    {"kind": "order_steps", "prompt": "Order these.", "steps": ["Light", "Sugar", "Breath"], "quote": STROMA},
    {"kind": "flashcard", "term": "Stroma", "definition": "What surrounds the sacs.", "quote": STROMA},
]  # fmt: skip


def test_each_kind_becomes_a_draft_that_cites_its_sentence() -> None:
    drafts, dropped = drafts_by_model(lesson(), 0, Scripted(*GOOD))

    assert dropped == []
    assert {type(draft.item) for draft in drafts} == {
        SingleChoice,
        SeveralRight,
        TrueFalse,
        TypedText,
        OrderSteps,
        CardDraft,
    }
    choice = next(draft for draft in drafts if isinstance(draft.item, SingleChoice))
    assert isinstance(choice.item, SingleChoice)
    assert choice.item.options[choice.item.right] == "Stroma"
    assert (choice.section, choice.sentence) == ("Section 1", STROMA)
    assert (
        NOTES[choice.span.start : choice.span.end] == "The fluid around the sacs is the **stroma**."
    )


def test_it_is_asked_about_one_section_in_the_language_of_the_notes() -> None:
    model = Scripted()
    drafts_by_model(
        lesson_from("Eins ist hier.", "Zwei ist dort.", language="de"), 1, model, count=3
    )

    [(instructions, material)] = model.asked
    assert material == "# Section 2\n\nZwei ist dort."
    assert "up to 3 drafts, in the language of the notes (de)" in instructions


def test_nothing_is_asked_about_a_section_without_notes() -> None:
    model = Scripted()

    assert drafts_by_model(lesson_from(""), 0, model) == ([], [])
    assert model.asked == []


def test_the_schema_tells_each_kind_and_its_fields() -> None:
    kinds = Reply.model_json_schema()["properties"]["drafts"]["items"]["discriminator"]["mapping"]

    assert set(kinds) == {good["kind"] for good in GOOD}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quote": "The fluid around the sacs is the plasma."}, "its quote isn't in the notes"),
        ({"quote": "stroma"}, "its quote isn't in the notes"),
        ({"prompt": "Is stroma around the sacs?"}, "the prompt holds the answer"),
        ({"wrong": ["stroma", "Sap", "Air"]}, "two options are the same"),
        (
            {"right": "Liquid", "wrong": ["Fluid", "Sap", "Air"]},
            "the quote speaks for a wrong option",
        ),
    ],
)
def test_a_choice_that_the_notes_do_not_bear_out_is_dropped(
    changed: dict[str, Any], why: str
) -> None:
    drafts, [dropped] = drafts_by_model(lesson(), 0, Scripted(GOOD[0] | changed))

    assert drafts == []
    assert dropped.why == why


@pytest.mark.parametrize(
    "broken",
    [
        GOOD[0] | {"wrong": []},
        GOOD[0] | {"prompt": ""},
        GOOD[0] | {"right": "x" * 121},
        GOOD[0] | {"kind": "essay"},
        GOOD[1] | {"right": []},
        GOOD[2] | {"right": "perhaps"},
        GOOD[3] | {"accepted": []},
        GOOD[3] | {"accepted": ["plasma"]},
        GOOD[3] | {"prompt": "What is the stroma?"},
        GOOD[4] | {"steps": ["one", "two"]},
        GOOD[5] | {"definition": "A stroma."},
        {"kind": "flashcard"},
        "a text",
    ],
)
def test_one_bad_draft_costs_only_itself(broken: dict[str, Any]) -> None:
    others = [
        good for good in GOOD if not isinstance(broken, dict) or good["kind"] != broken.get("kind")
    ]
    drafts, dropped = drafts_by_model(lesson(), 0, Scripted(*others, broken))

    assert len(drafts) == len(others)
    assert len(dropped) == 1


def test_what_was_rejected_or_is_there_is_not_offered() -> None:
    drafts, _ = drafts_by_model(lesson(), 0, Scripted(*GOOD))
    rejected = {drafts[0].fingerprint}
    others, _ = drafts_by_model(lesson(), 0, Scripted(*GOOD), rejected=rejected)
    with_card, _ = drafts_by_model(
        lesson_from(NOTES, cards={"Stroma": "A fluid."}), 0, Scripted(GOOD[5])
    )

    assert others == drafts[1:]
    assert with_card == []


def test_a_choice_of_the_models_has_the_fingerprint_of_one_of_ours() -> None:
    ours = next(draft for draft in drafts_from(lesson()) if isinstance(draft.item, TypedText))
    assert isinstance(ours.item, TypedText)
    same = GOOD[3] | {"prompt": ours.item.prompt, "accepted": list(ours.item.accepted)}
    [draft], _ = drafts_by_model(lesson(), 0, Scripted(same))

    assert draft.fingerprint == ours.fingerprint
