"""Of what a language model says only that is kept which the lesson's bullets bear out."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from lessons.drafts import CardDraft, LessonDraft, SectionDraft
from lessons.language_model import LanguageModel
from lessons.podcast.script import Turn
from lessons.podcast.with_model import Written, script_by_model
from lessons.podcast.writing import script_of
from lessons.spans import Span
from tests.lessons.authoring.conftest import lesson_from
from tests.lessons.llm_server import LlmServer, Reply, serving

STROMA, BREATH = (
    "- The fluid around the sacs is the **stroma**.\n- Sugar is built there.",
    "- Plants breathe by night.",
)
Said = Mapping[str, Any]


def lesson() -> LessonDraft:
    return lesson_from(STROMA, BREATH)


def a(text: str, *bullets: int) -> Said:
    return {"speaker": "a", "text": text, "bullets": bullets}


def b(text: str, *bullets: int) -> Said:
    return {"speaker": "b", "text": text, "bullets": bullets}


def reply(*turns: Said) -> Reply:
    return Reply((json.dumps({"turns": turns}),))


GOOD = (
    a("So what do we call the fluid around these sacs?", 1),
    b("That fluid around the sacs is called the **stroma**.", 1),
    a("And what is built there?", 2),
    b("It is sugar that is built there.", 2),
)
BREATHING = (a("When do plants breathe?", 1), b("Plants breathe by night.", 1))


def asked(server: LlmServer, number: int) -> str:
    material: str = server.requests[number]["messages"][1]["content"]
    return material


def written_by(server: LlmServer, draft: LessonDraft | None = None) -> list[Written]:
    written: list[Written] = []
    model = LanguageModel(server.base_url, "test", silence_s=5)
    script = script_by_model(draft or lesson(), model.structured, written.append)

    chapters = tuple(chapter for chapter in script.chapters if chapter.section is not None)
    assert chapters == tuple(one.chapter for one in written)
    return written


def by_rules(place: int) -> list[str]:
    return [turn.text for turn in script_of(lesson()).chapters[place + 1].turns]


def test_its_turns_stand_where_the_bullets_bear_them_out() -> None:
    with serving(reply(*GOOD), reply(*BREATHING)) as server:
        first, second = written_by(server)

    assert first.chapter.turns[:2] == (
        Turn(
            speaker="a",
            text="Let’s begin with “Section 1”. So what do we call the fluid around these sacs?",
            span=Span("section", 0, 2, 46),
        ),
        Turn(
            speaker="b",
            text="That fluid around the sacs is called the stroma.",
            span=Span("section", 0, 2, 46),
        ),
    )
    assert (first.place, first.sections, first.problem) == (0, 2, "")
    assert second.chapter.turns[-1].text == "Plants breathe by night."
    assert second.problem == ""


def test_it_is_shown_one_section_with_numbered_bullets_and_its_cards() -> None:
    card = CardDraft(term="Stroma", definition="What surrounds the sacs.", section="Section 1")
    with serving(reply(*GOOD), reply(*BREATHING)) as server:
        written_by(server, lesson().model_copy(update={"flashcards": (card,)}))

    assert asked(server, 0) == (
        "# Section 1\n\n[1] The fluid around the sacs is the stroma.\n[2] Sugar is built there.\n\n"
        "Words explained:\n[3] Stroma: What surrounds the sacs."
    )
    assert asked(server, 1) == "# Section 2\n\n[1] Plants breathe by night."


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (b("Sugar is built there by enzymes.", 2), "its bullets don’t say enzymes"),
        (b("Sugar is built there, 40 of it.", 2), "its bullets don’t say 40"),
        (b("Sugar is built in the stroma.", 2), "its bullets don’t say stroma"),
        (b("Sugar is not built there.", 2), "denies what its bullets say"),
        (b("Sugar is built there."), "names no bullet"),
        (b("Sugar is built there.", 3), "names a bullet that there isn’t"),
        (b("Sugar is built there. " * 20, 2), "has more than 60 words"),
        (b("…", 2), "says nothing"),
    ],
)
def test_a_section_with_a_turn_that_its_bullets_do_not_bear_out_is_written_by_rules(
    bad: Said, problem: str
) -> None:
    with serving(reply(*GOOD[:3], bad), reply(*GOOD[:3], bad), reply(*BREATHING)) as server:
        first, second = written_by(server)

    assert first.problem.endswith(f": {problem}")
    assert [turn.text for turn in first.chapter.turns] == by_rules(0)
    assert second.problem == ""


@pytest.mark.parametrize(
    ("turns", "problem"),
    [
        (GOOD[:2], "Bullet [2] isn’t told in full by host b."),
        (GOOD[1:], "Host a begins and host b has the last word."),
        (GOOD[:3], "Host a begins and host b has the last word."),
        (GOOD * 3, "There are too many turns."),
        ((), "Host a begins and host b has the last word."),
    ],
)
def test_a_talk_that_is_not_whole_is_not_taken(turns: tuple[Said, ...], problem: str) -> None:
    with serving(reply(*turns), reply(*turns), reply(*BREATHING)) as server:
        first, _ = written_by(server)

    assert first.problem == problem
    assert [turn.text for turn in first.chapter.turns] == by_rules(0)


def test_a_second_version_may_mend_the_first() -> None:
    bad = b("Sugar is built there by enzymes.", 2)
    with serving(reply(*GOOD[:3], bad), reply(*GOOD), reply(*BREATHING)) as server:
        first, _ = written_by(server)

    assert first.problem == ""
    assert asked(server, 1).endswith(
        "avoid them:\n- “Sugar is built there by enzymes.”: its bullets don’t say enzymes"
    )


def test_a_reply_that_makes_no_sense_costs_only_its_section() -> None:
    with serving(Reply(("No JSON.",)), Reply(("None again.",)), reply(*BREATHING)) as server:
        first, second = written_by(server)

    assert first.problem == "The language model’s reply made no sense."
    assert [turn.text for turn in first.chapter.turns] == by_rules(0)
    assert second.problem == ""


def test_a_server_that_fails_is_not_asked_for_ever() -> None:
    with serving(Reply(status=401)) as server:
        written = written_by(server, lesson_from(*[BREATH] * 5))

    assert [one.problem for one in written] == [
        *["The language model refuses this server’s key."] * 2,
        *["the model doesn’t reply"] * 3,
    ]
    # Each section once plainly, and once with no more than model and messages.
    assert len(server.requests) <= 4


def test_nothing_is_asked_about_a_section_without_notes() -> None:
    with serving(reply(*BREATHING)) as server:
        [one] = written_by(server, lesson_from(""))

    assert server.requests == []
    assert one.problem == "there are no notes"


def test_what_the_model_left_unexplained_is_explained_after_it() -> None:
    card = CardDraft(term="Stroma", definition="What surrounds them.", section="Section 1")
    with serving(reply(*GOOD), reply(*BREATHING)) as server:
        first, _ = written_by(server, lesson().model_copy(update={"flashcards": (card,)}))

    assert first.chapter.turns[-1].text == "The stroma is what surrounds them."


def test_another_language_is_held_to_its_own_words() -> None:
    section = SectionDraft(title="Strom", notes="- Der Strom fließt durch die Leitung.")
    draft = LessonDraft(slug="strom", title="Strom", language="de", sections=(section,))
    good = (a("Und wo fließt er?", 1), b("Der Strom fließt durch die Leitungen.", 1))
    bad = (a("Und wo fließt er?", 1), b("Der Strom fließt durch die Wand.", 1))
    with serving(reply(*good)) as server:
        [taken] = written_by(server, draft)
    with serving(reply(*bad)) as server:
        [dropped] = written_by(server, draft)

    assert [turn.text for turn in taken.chapter.turns] == ["Strom", *(one["text"] for one in good)]
    assert dropped.problem.endswith("its bullets don’t say wand")
    assert [turn.text for turn in dropped.chapter.turns] == [
        "Strom",
        "Der Strom fließt durch die Leitung.",
    ]


def test_opening_and_end_are_those_of_the_rules() -> None:
    with serving(reply(*GOOD), reply(*BREATHING)) as server:
        model = LanguageModel(server.base_url, "test", silence_s=5)
        script = script_by_model(lesson(), model.structured)
    ours = script_of(lesson())

    assert script.chapters[0] == ours.chapters[0]
    assert script.chapters[-1].turns[-1] == ours.chapters[-1].turns[-1]
