"""The page where an episode is heard, and its files."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games.seats import new_player
from lessons.models import Lesson
from lessons.podcast import audio, episodes
from lessons.podcast.models import Episode, Recording
from lessons.podcast.sources import for_everybody
from tests.games.views.test_study_lock import enters, room_on
from tests.lessons.conftest import work
from tests.lessons.podcast.conftest import SCRIPT, again
from tests.lessons.podcast.tones import Chosen

PAGE = "/lessons/angles/podcast/"


def address_of(episode: Episode) -> str:
    recording = again(episode).recording
    assert recording
    return reverse("podcast_audio", args=["angles", recording.key])


def test_the_page_has_all_that_is_said(client: Client, recorded: Episode) -> None:
    response = client.get(PAGE)
    html = response.content.decode()
    section = recorded.lesson.sections.get()

    for said in ("What is a right angle?", "A quarter of a turn.", "a turn &amp; &lt;end&gt;."):
        assert said in html
    assert f'<audio controls preload="none" src="{address_of(recorded)}"></audio>' in html
    # What a turn rests on is marked in the notes.
    link = f"/lessons/angles/#{section.anchor}:~:text=A%20quarter%20of%20a%20turn."
    assert f'class="cited" href="{link}" title="A quarter of a turn."' in html
    assert f'<a href="/lessons/angles/#{section.anchor}">In the notes</a>' in html
    assert "Cache-Control" not in response
    told = json.loads(html.split('id="podcast" type="application/json">')[1].split("</script>")[0])
    assert [chapter["turns"] for chapter in told["chapters"]] == [1, 2]
    assert (told["recorded"]["state"], len(told["recorded"]["cues"])) == ("recorded", 3)


def test_a_sentence_that_is_gone_has_no_link(client: Client, recorded: Episode) -> None:
    recorded.lesson.sections.all().delete()
    assert 'class="cited"' not in client.get(PAGE).content.decode()


def test_a_picture_that_stopped_making_sense_takes_no_links_along(
    client: Client, recorded: Episode
) -> None:
    source = for_everybody(recorded.lesson).model_dump(mode="json")
    source["sections"][0]["explanation"] = {"key": "mlp", "params": {"bias": 99}}
    Episode.objects.update(approved_from=source)
    html = client.get(PAGE).content.decode()

    assert 'class="cited"' in html
    assert "/explanations/mlp/" not in html


@pytest.mark.usefixtures("episode")
def test_without_an_approved_script_there_is_no_page(
    client: Client, lesson: Lesson, hana: User, ada: User
) -> None:
    lesson.is_published = True
    lesson.save()
    for visitor in (None, ada):
        if visitor:
            client.force_login(visitor)
        assert client.get(PAGE).status_code == 404
        assert b"approve" not in client.get(PAGE).content

    client.force_login(hana)
    hint = client.get(PAGE)
    assert (hint.status_code, b"Make the podcast" in hint.content) == (404, True)


def test_without_voices_there_is_the_transcript(
    client: Client, episode: Episode, lesson: Lesson, hana: User
) -> None:
    Chosen.voices = None
    episodes.approve(episode, hana)
    client.force_login(hana)
    html = client.get(PAGE).content.decode()
    assert "There is no recording: here is what they say." in html
    assert "<audio" not in html
    assert client.get(f"{PAGE}transcript.vtt").status_code == 404
    assert client.get(f"{PAGE}transcript.txt").content.decode() == (
        "Angles\n\nOpening\n\nA: What is a right angle?\n\n"
        "The right angle\n\nB: A quarter of a turn.\nA: So four of them make a turn & <end>.\n"
    )


def test_a_draft_is_heard_by_who_writes_it_alone(
    client: Client, episode: Episode, hana: User
) -> None:
    episodes.approve(episode, hana)
    work()
    assert client.get(PAGE).status_code == 404
    assert client.get(address_of(episode)).status_code == 404
    client.force_login(hana)
    assert client.get(PAGE).status_code == 200
    assert client.get(address_of(episode)).status_code == 200


def test_who_may_see_fewer_answers_by_now_hears_nothing(
    client: Client, recorded: Episode, ada: User
) -> None:
    Lesson.objects.update(answers_shown=Lesson.AnswersShown.MEMBERS)
    addresses = [PAGE, f"{PAGE}transcript.txt", f"{PAGE}transcript.vtt", address_of(recorded)]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    client.force_login(ada)
    assert [client.get(address).status_code for address in addresses] == [200] * 4


def test_the_recording_is_served_for_good(client: Client, recorded: Episode) -> None:
    recording = recorded.recording
    assert recording
    content = audio.path_of(recording.key).read_bytes()

    whole = client.get(address_of(recorded), headers={"Accept-Encoding": "gzip"})
    assert whole.getvalue() == content
    assert whole["Content-Type"] == "audio/mpeg"
    assert whole["Cache-Control"] == "private, max-age=31536000, immutable"
    assert whole["ETag"] == f'"{recording.key}"'
    # Compressed, it would have no length.
    assert (whole["Content-Length"], "Content-Encoding" in whole) == (str(len(content)), False)
    part = client.get(address_of(recorded), headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.getvalue()) == (206, content[5:10])


def test_another_key_is_no_recording(client: Client, recorded: Episode) -> None:
    assert client.get(f"{PAGE}{'0' * 32}.mp3").status_code == 404


def test_what_is_recorded_so_far_is_heard(client: Client, recorded: Episode) -> None:
    recording = recorded.recording
    assert recording
    path, content = audio.path_of(recording.key), audio.path_of(recording.key).read_bytes()
    path.replace(audio.part_of(recording.key, recording.attempt))
    Recording.objects.update(state="recording", bytes=500, cues=recording.cues[:1])

    page = client.get(PAGE)
    assert page["Cache-Control"] == "no-store"
    told = client.get(f"{PAGE}state/").json()
    assert (told["state"], len(told["cues"])) == ("recording", 1)
    assert told["audio"] == f"{address_of(recorded)}?bytes=500"
    growing = client.get(told["audio"])
    assert (growing.getvalue(), growing["Cache-Control"]) == (content[:500], "no-store")
    # More has been written since; under the old name it is still what it was.
    Recording.objects.update(bytes=700)
    assert client.get(told["audio"]).getvalue() == content[:500]
    assert client.get(address_of(recorded)).getvalue() == content[:700]
    assert client.get(f"{PAGE}transcript.vtt").status_code == 404


def test_a_recording_that_stopped_by_itself_has_failed(client: Client, recorded: Episode) -> None:
    recording = recorded.recording
    assert recording
    audio.path_of(recording.key).unlink()
    assert client.get(f"{PAGE}state/").json()["state"] == "failed"
    Recording.objects.update(state="recording", beat_at="2026-01-01T00:00:00Z")
    assert client.get(f"{PAGE}state/").json() == {
        "state": "failed",
        "audio": "",
        "cues": [],
        "voice": "Two tones",
    }


def test_the_subtitles_have_a_cue_for_each_turn(client: Client, recorded: Episode) -> None:
    recording = recorded.recording
    assert recording
    Recording.objects.update(cues=[[0, 1000], [1400, 65_250], [3_725_000, 3_726_001]])

    response = client.get(f"{PAGE}transcript.vtt")

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content.decode() == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.000\n<v A>What is a right angle?\n\n"
        "00:00:01.400 --> 00:01:05.250\n<v B>A quarter of a turn.\n\n"
        "01:02:05.000 --> 01:02:06.001\n<v A>So four of them make a turn &amp; &lt;end&gt;.\n"
    )


def test_chapters_begin_with_their_first_turn(client: Client, recorded: Episode) -> None:
    Recording.objects.update(cues=[[0, 1000], [1400, 2000], [2400, 3000]])
    response = client.get(f"{PAGE}chapters.json")
    assert response["Content-Type"] == "application/json+chapters"
    assert response.json() == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0, "title": "Opening"},
            {"startTime": 1.4, "title": "The right angle"},
        ],
    }


def test_who_sits_in_a_room_that_plays_the_lesson_hears_nothing(
    client: Client, recorded: Episode, hana: User, settings: Settings
) -> None:
    settings.REDIS_PREFIX = f"test-{new_player()}"
    files = ("state/", "transcript.vtt", "transcript.txt", "chapters.json", "feed.xml")
    addresses = [PAGE, address_of(recorded), *(PAGE + file for file in files)]
    assert [client.get(address).status_code for address in addresses] == [200] * 7
    assert b"angles" in client.get("/podcast.xml").content

    enters(client, room_on(recorded.lesson, hana))

    assert [client.get(address).status_code for address in addresses] == [403] * 7
    assert b"angles" not in client.get("/podcast.xml").content


def test_two_turns_more_make_another_name() -> None:
    one, other = SCRIPT, SCRIPT.model_copy(update={"chapters": SCRIPT.chapters[:1]})
    retitled = SCRIPT.model_copy(
        update={"chapters": tuple(c.model_copy(update={"title": "X"}) for c in SCRIPT.chapters)}
    )
    assert audio.key_of(one, "tones") == audio.key_of(retitled, "tones")
    assert len({audio.key_of(one, "a"), audio.key_of(one, "b"), audio.key_of(other, "a")}) == 3
