"""Episodes as a feed for podcast apps: RSS 2.0 with the tags of Apple's and the Podcast namespace.

Sources: podcasters.apple.com/support/823, podcasting2.org/docs/podcast-namespace
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext

from lessons.podcast.models import Episode, Recording
from lessons.podcast.script import Script

NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
COVER = "podcast-cover.png"

Absolute = Callable[[str], str]
"""A whole address out of a path of ours."""


class _PodcastFeed(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **NAMESPACES}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", gettext("Quizgame"))
        handler.addQuickElement("itunes:category", attrs={"text": "Education"})
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:image", attrs={"href": self.feed["cover"]})
        handler.addQuickElement("itunes:type", "episodic")

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:duration", str(item["duration_s"]))
        handler.addQuickElement("itunes:episodeType", "full")
        handler.addQuickElement("itunes:explicit", "false")
        for name, (address, content_type) in item["beside"].items():
            attrs = {"url": address, "type": content_type}
            handler.addQuickElement(f"podcast:{name}", attrs=attrs)


def feed_of(
    episodes: Iterable[Episode],
    absolute: Absolute,
    *,
    title: str,
    about: str,
    page: str,
    address: str,
    language: str,
) -> str:
    """XML.

    page, address  paths of the page it is about, and of the feed itself
    """
    feed = _PodcastFeed(
        title=title,
        link=absolute(page),
        description=about or title,
        language=language,
        feed_url=absolute(address),
        cover=absolute(static(COVER)),
    )
    for episode in episodes:
        if episode.recording:
            feed.add_item(**_item(episode, episode.recording, absolute))
    return str(feed.writeString("utf-8"))


def chapters_of(script: Script, recording: Recording) -> dict[str, Any]:
    """As podcast apps read them.

    Source: podcasting2.org/docs/podcast-namespace/tags/chapters
    """
    chapters, turn = [], 0
    for chapter in script.chapters:
        chapters.append({"startTime": recording.cues[turn][0] / 1000, "title": chapter.title})
        turn += len(chapter.turns)
    return {"version": "1.2.0", "chapters": chapters}


def _item(episode: Episode, recording: Recording, absolute: Absolute) -> dict[str, Any]:
    lesson = episode.lesson
    page = absolute(reverse("podcast", args=[lesson.slug]))
    recorded = absolute(reverse("podcast_audio", args=[lesson.slug, recording.key]))

    def beside(view: str) -> str:
        return absolute(reverse(view, args=[lesson.slug]))

    return {
        "title": lesson.title,
        "link": page,
        "description": lesson.summary or lesson.title,
        # The same episode still when it is recorded anew.
        "unique_id": page,
        "unique_id_is_permalink": True,
        "pubdate": episode.approved_at,
        "enclosures": [Enclosure(recorded, str(recording.bytes), "audio/mpeg")],
        "duration_s": round(recording.duration_ms / 1000),
        "beside": {
            "transcript": (beside("podcast_vtt"), "text/vtt"),
            "chapters": (beside("podcast_chapters"), "application/json+chapters"),
        },
    }
