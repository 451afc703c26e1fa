"""Feeds as podcast apps read them: by the rules that Apple and the Podcast namespace publish."""

import re
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from lessons.models import Lesson
from lessons.podcast import episodes
from lessons.podcast.models import Episode
from tests.lessons.conftest import work
from tests.lessons.podcast.conftest import again, written

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


def channel_of(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    return channel


def text(element: ElementTree.Element, tag: str) -> str:
    """The one such element's text."""
    [found] = element.findall(tag)
    return found.text or ""


def attributes(element: ElementTree.Element, tag: str) -> dict[str, str]:
    [found] = element.findall(tag)
    return dict(found.attrib)


@pytest.mark.parametrize("address", ["/podcast.xml", "/lessons/angles/podcast/feed.xml"])
def test_what_apps_ask_of_a_feed(client: Client, recorded: Episode, address: str) -> None:
    channel = channel_of(client, address)
    for tag in ("title", "link", "description", "language"):
        assert text(channel, tag)
    assert text(channel, f"{ITUNES}explicit") == "false"
    assert text(channel, f"{ITUNES}author")
    assert attributes(channel, f"{ITUNES}category") == {"text": "Education"}
    assert re.search(r"^http://testserver/\S+\.png$", attributes(channel, f"{ITUNES}image")["href"])
    assert attributes(channel, f"{ATOM}link")["href"] == f"http://testserver{address}"

    recording = recorded.recording
    assert recording
    [item] = channel.findall("item")
    assert text(item, "title") == "Angles"
    assert attributes(item, "enclosure") == {
        "url": f"http://testserver/lessons/angles/podcast/{recording.key}.mp3",
        "length": str(recording.bytes),
        "type": "audio/mpeg",
    }
    assert text(item, f"{ITUNES}duration") == str(round(recording.duration_ms / 1000))
    assert text(item, "guid") == "http://testserver/lessons/angles/podcast/"
    assert parsedate_to_datetime(text(item, "pubDate")).tzinfo
    beside = {tag: attributes(item, f"{PODCAST}{tag}") for tag in ("transcript", "chapters")}
    assert beside["transcript"]["type"] == "text/vtt"
    assert beside["chapters"]["type"] == "application/json+chapters"
    # All that it names is there.
    enclosed = attributes(item, "enclosure")
    for url in (enclosed["url"], *(told["url"] for told in beside.values())):
        assert client.get(url.removeprefix("http://testserver")).status_code == 200


def test_addresses_are_the_public_ones(
    client: Client, recorded: Episode, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://quiz.example"
    [item] = channel_of(client, "/podcast.xml").findall("item")
    assert text(item, "link") == "https://quiz.example/lessons/angles/podcast/"
    assert attributes(item, "enclosure")["url"].startswith("https://quiz.example/lessons/")


def titles(client: Client) -> list[str]:
    items = channel_of(client, "/podcast.xml").findall("item")
    return [text(item, "title") for item in items]


def test_only_what_anybody_may_hear_is_in_it(client: Client, recorded: Episode, hana: User) -> None:
    draft = Lesson.objects.create(slug="draft", title="A draft", owner=hana)
    episodes.approve(written(draft), hana)
    unrecorded = Lesson.objects.create(slug="silent", title="Silent", is_published=True)
    written(unrecorded)
    work()
    client.force_login(hana)  # who would see her draft elsewhere

    assert again(draft.episode).recording == recorded.recording
    assert titles(client) == ["Angles"]
    assert client.get("/lessons/draft/podcast/feed.xml").status_code == 404
    assert client.get("/lessons/silent/podcast/feed.xml").status_code == 404

    Lesson.objects.filter(pk=recorded.lesson.pk).update(answers_shown="members")
    assert titles(client) == []
    assert client.get("/lessons/angles/podcast/feed.xml").status_code == 404
