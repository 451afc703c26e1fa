"""Where a teacher makes the script, edits it and approves it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from lessons.models import Lesson
from lessons.podcast import audio
from lessons.podcast.editing import version_of
from lessons.podcast.models import Episode, Recording
from lessons.podcast.script import Script, Turn
from tests.lessons.conftest import work
from tests.lessons.podcast.conftest import SCRIPT, again
from tests.lessons.podcast.tones import Chosen, Tones


def page_of(lesson: Lesson) -> str:
    return reverse("admin:podcast_script", args=[lesson.pk])


def form(script: Script = SCRIPT, **changed: Any) -> dict[str, Any]:
    """What the page's form sends."""
    turns = [(place, turn) for place, c in enumerate(script.chapters) for turn in c.turns]
    return {
        "version": version_of(script),
        "chapter": [place for place, _ in turns],
        "speaker": [turn.speaker for _, turn in turns],
        "text": [turn.text for _, turn in turns],
        "span": [":".join(map(str, turn.span or ())) for _, turn in turns],
        **changed,
    }


@pytest.fixture
def hanas(client: Client, hana: User) -> Client:
    client.force_login(hana)
    return client


def test_who_may_edit_the_lesson_may_make_its_podcast(
    client: Client, episode: Episode, hana: User, noor: User, sam: User, ada: User
) -> None:
    page = page_of(episode.lesson)
    for user, status in ((hana, 200), (sam, 200), (noor, 403), (ada, 302)):
        client.force_login(user)
        assert client.get(page).status_code == status
        client.post(page, {"do": "discard"})
        assert (again(episode).waiting is None) == (status == 200)
        Episode.objects.update(waiting=episode.waiting)


def test_a_script_is_made_and_shown_with_what_it_rests_on(
    hanas: Client, lesson: Lesson, tones: Tones
) -> None:
    page = page_of(lesson)
    assert "There is no script yet." in hanas.get(page).content.decode()
    assert "Two tones will speak." in hanas.get(page).content.decode()

    hanas.post(page, {"do": "make"})

    html = hanas.get(page).content.decode()
    assert "The script waits for your approval." in html
    anchor = lesson.sections.get().anchor
    assert f"/lessons/angles/#{anchor}:~:text=A%20quarter%20of%20a%20turn." in html


def test_edits_are_kept_and_wait_for_approval(hanas: Client, episode: Episode) -> None:
    page = page_of(episode.lesson)
    edited = form(
        speaker=["b", "b", "a"],
        text=["What’s  a right angle?\n", "", "Four make a turn."],
        do="save",
    )
    hanas.post(page, edited)

    script = again(episode).edited
    assert script
    assert script.turns == (
        Turn(speaker="b", text="What’s a right angle?"),
        Turn(speaker="a", text="Four make a turn."),  # the one without text is deleted
    )
    assert [chapter.title for chapter in script.chapters] == ["Opening", "The right angle"]
    assert again(episode).script is None


def test_turns_move_and_come_with_their_citation(hanas: Client, episode: Episode) -> None:
    moved = form(
        chapter=[0, 0, 1, 1],
        speaker=["a", "b", "b", "a"],
        text=["One.", "A quarter of a turn.", "New.", "Last."],
        span=["", "section:0:0:24", "nonsense:1", "section:9:9:9"],
        do="save",
    )
    hanas.post(page_of(episode.lesson), moved)
    script = again(episode).edited
    assert script
    assert [[turn.text for turn in chapter.turns] for chapter in script.chapters] == [
        ["One.", "A quarter of a turn."],
        ["New.", "Last."],
    ]
    assert script.turns[1].span == SCRIPT.turns[1].span
    assert (
        hanas.get(page_of(episode.lesson)).status_code == 200
    )  # a span that is nowhere is no harm


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["", " ", ""], "A script needs at least one turn."),
        (["What?", "x" * 1001, "So."], "At most 1000 characters; this has 1001."),
    ],
)
def test_what_can_t_be_saved_says_why(
    hanas: Client, episode: Episode, texts: list[str], problem: str
) -> None:
    response = hanas.post(page_of(episode.lesson), form(text=texts, do="approve"))
    html = response.content.decode()
    assert (response.status_code, problem in html) == (422, True)
    assert texts[1].strip() in html  # nothing that was typed is lost
    assert (again(episode).edited, again(episode).script) == (SCRIPT, None)


def test_two_teachers_at_once_don_t_overwrite_each_other(hanas: Client, episode: Episode) -> None:
    page = page_of(episode.lesson)
    hanas.post(page, form(text=["First.", "B.", "C."], do="save"))
    late = hanas.post(page, form(text=["Second.", "B.", "C."], do="save"))
    assert late.status_code == 422
    html = late.content.decode()
    assert "Somebody else has changed this script meanwhile." in html
    assert "Second." in html

    version = html.split('name="version" value="')[1].split('"')[0]
    hanas.post(page, form(text=["Second.", "B.", "C."], version=version, do="save"))
    script = again(episode).edited
    assert script
    assert script.turns[0].text == "Second."


def test_approving_records_and_editing_needs_another_yes(
    hanas: Client, episode: Episode, hana: User
) -> None:
    page, progress = (
        page_of(episode.lesson),
        reverse("admin:podcast_progress", args=[episode.lesson.pk]),
    )
    hanas.post(page, form(do="approve"))
    told = hanas.get(progress).json()
    assert (told["done"], told["of"]) == (0, 3)
    assert told["sentence"] == "The recording waits for the background worker."
    work()
    assert hanas.get(progress).json()["sentence"] == "Recorded by Two tones: 1 minute."
    assert again(episode).approved_by == hana

    hanas.post(page, form(text=["Else.", "B.", "C."], do="save"))
    assert again(episode).script == SCRIPT
    assert work() == 0
    assert "visitors keep" not in hanas.get(page).content.decode()  # the lesson is as it was

    hanas.post(page, {"do": "discard"})
    assert again(episode).edited == SCRIPT


def test_a_lesson_that_has_changed_says_what(hanas: Client, recorded: Episode) -> None:
    recorded.lesson.sections.update(notes="A **quarter** of a full turn.")
    html = hanas.get(page_of(recorded.lesson)).content.decode()
    assert "The lesson has changed since this script was made." in html
    assert "“The right angle” was edited." in html
    assert again(recorded).script == SCRIPT


def test_who_speaks_and_how_to_have_better_voices(hanas: Client, episode: Episode) -> None:
    page = page_of(episode.lesson)
    assert "make voices" not in hanas.get(page).content.decode()
    Chosen.voices = Tones(key="flite")
    assert "<code>make voices</code>" in hanas.get(page).content.decode()
    Chosen.voices = None
    html = hanas.get(page).content.decode()
    assert "so the visitors’ browsers will" in " ".join(html.split())
    assert "<code>make voices</code>" in html


def test_what_failed_can_be_begun_again(hanas: Client, recorded: Episode) -> None:
    page = page_of(recorded.lesson)
    record = 'value="record"'
    assert record not in hanas.get(page).content.decode()
    Recording.objects.update(state="failed", problem="The voice has lost its voice.")
    html = hanas.get(page).content.decode()
    assert "The voice has lost its voice." in html
    assert record in html
    Recording.objects.update(state="recording", beat_at="2026-01-01T00:00:00Z")
    assert "its worker was ended" in hanas.get(page).content.decode()

    hanas.post(page, {"do": "record"})
    work()
    assert Recording.objects.get().state == Recording.State.RECORDED


def test_a_better_voice_can_be_asked_for(hanas: Client, recorded: Episode) -> None:
    Chosen.voices = Tones(key="bells")
    assert 'value="record"' in hanas.get(page_of(recorded.lesson)).content.decode()


CHANGE = "admin:lessons_lesson_changelist"


@pytest.mark.parametrize("action", ["unpublish", "delete_selected"])
def test_what_is_unpublished_or_deleted_leaves_no_recording(
    hanas: Client,
    recorded: Episode,
    action: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told = {"action": action, "_selected_action": recorded.lesson.pk, "post": "yes"}
    assert len(list(audio.folder().iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        hanas.post(reverse(CHANGE), told)
    assert Lesson.objects.filter(is_published=True).count() == 0
    assert list(audio.folder().iterdir()) == []
    assert Recording.objects.count() == 0


def test_a_lesson_with_a_podcast_can_be_deleted_on_its_own_page(
    hanas: Client,
    recorded: Episode,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        hanas.post(
            reverse("admin:lessons_lesson_delete", args=[recorded.lesson.pk]), {"post": "yes"}
        )
    assert Lesson.objects.count() == 0
    assert list(audio.folder().iterdir()) == []
