"""Where a teacher makes a lesson's script, edits it, approves it, and sees it being recorded."""

from typing import Any, NamedTuple

import pydantic
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext

from lessons.admin import may_edit
from lessons.models import Lesson
from lessons.podcast import audio, episodes
from lessons.podcast.citing import Citations
from lessons.podcast.editing import Row, problem_of, rows_in, rows_of, script_with, version_of
from lessons.podcast.models import Episode, Recording
from lessons.podcast.script import LONGEST_TURN, Script
from lessons.podcast.sources import changes, for_everybody

PLAIN_VOICES = {"flite", "espeak-ng"}
"""What a system has of its own. There are better ones."""


class Progress(NamedTuple):
    """Where the script or its recording is, in words."""

    sentence: str
    done: int = 0
    of: int = 0
    """0 where nothing is under way."""
    is_problem: bool = False


@admin.register(Episode)
class EpisodeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable
    """One page, reached from its lesson; there is no list of episodes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:lesson>/script/", view(self.script), name="podcast_script"),
            path("<int:lesson>/progress/", view(self.progress), name="podcast_progress"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Episode | None = None) -> bool:
        """Who may not delete the episode could not delete its lesson."""
        return may_edit(request, obj.lesson if obj else None)

    def script(self, request: HttpRequest, lesson: int) -> HttpResponse:
        episode = _episode(request, lesson)
        if request.method != "POST":
            return self._page(request, episode)
        match request.POST.get("do"):
            case "make":
                _make(request, episode)
            case "record":
                episodes.begin_recording(episode)
            case "discard":
                episodes.discard_script(episode)
            case "save" | "approve" as wish:
                if page := self._save(request, episode):
                    return page
                if wish == "approve":
                    assert isinstance(request.user, User)
                    episodes.approve(episode, request.user)
                    messages.success(request, gettext("The script is approved: visitors see it."))
                else:
                    told = gettext("Saved. Visitors see it once it is approved.")
                    messages.success(request, told)
        return HttpResponseRedirect(request.path)

    def progress(self, request: HttpRequest, lesson: int) -> JsonResponse:
        """For the page's script, which asks while something is under way."""
        progress = _progress(_episode(request, lesson))
        return JsonResponse(progress._asdict(), headers={"Cache-Control": "no-store"})

    def _save(self, request: HttpRequest, episode: Episode) -> HttpResponse | None:
        """Keep what was typed; the page with what is wrong in it if it can't be."""
        script, source = episode.edited, episode.edited_from
        if script is None or source is None:
            return None
        rows = rows_in(request.POST)
        problem = problem_of(rows)
        if not problem and request.POST.get("version") != version_of(script):
            problem = gettext(
                "Somebody else has changed this script meanwhile. Save again to have yours instead."
            )
        if problem:
            messages.error(request, problem)
            return self._page(request, episode, rows, status=422)
        edited = script_with(script, rows)
        if edited != script:
            episodes.keep_script(episode, edited, source)
        return None

    def _page(
        self,
        request: HttpRequest,
        episode: Episode,
        rows: list[Row] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        script = None if episode.writing and not episode.is_stalled else episode.edited
        voices = audio.voices_for(episode.lesson.language)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Podcast of “%s”") % episode.lesson,
            "is_nav_sidebar_enabled": False,
            "lesson": episode.lesson,
            "episode": episode,
            "is_waiting": bool(episode.waiting),
            "chapters": _chapters(episode, script, rows or rows_of(script)) if script else [],
            "version": version_of(script) if script else "",
            "minutes": _minutes(script) if script else 0,
            "changes": _changes(episode),
            "progress": _progress(episode),
            "may_record": _may_record(episode, voices.key if voices else None),
            "voices": voices,
            "has_plain_voices": voices is None or voices.key in PLAIN_VOICES,
            "longest_turn": LONGEST_TURN,
        }
        response = TemplateResponse(request, "admin/podcast/script.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


def _episode(request: HttpRequest, pk: int) -> Episode:
    """The lesson's; one that isn't saved yet where there is none. Raises PermissionDenied."""
    lesson = get_object_or_404(Lesson, pk=pk)
    if not may_edit(request, lesson):
        raise PermissionDenied
    found = Episode.objects.filter(lesson=lesson).select_related("recording").first()
    episode = found or Episode(lesson=lesson)
    episode.lesson = lesson
    return episode


def _make(request: HttpRequest, episode: Episode) -> None:
    if episode.pk is None:
        episode.pk = Episode.objects.get_or_create(lesson=episode.lesson)[0].pk
        episode.refresh_from_db()
    try:
        episodes.begin_script(episode)
    except pydantic.ValidationError:
        problem = gettext(
            "A part of the lesson can’t be used as it is. Save the lesson to see which."
        )
        messages.error(request, problem)


def _chapters(episode: Episode, script: Script, rows: list[Row]) -> list[dict[str, Any]]:
    source = episode.edited_from
    cites = Citations(source, episode.lesson) if source else None
    last = len(script.chapters) - 1
    return [
        {
            "title": chapter.title,
            "rows": [
                (row, cites.of(row.span) if cites else None)
                for row in rows
                if min(row.chapter, last) == place
            ],
        }
        for place, chapter in enumerate(script.chapters)
    ]


def _minutes(script: Script) -> int:
    """How long it takes to say, at 150 words a minute."""
    return max(1, round(sum(len(turn.text.split()) for turn in script.turns) / 150))


def _changes(episode: Episode) -> list[str]:
    """What of the lesson is another than when the script was made."""
    if episode.edited is None:
        return []
    source = episode.edited_from
    if source is None:
        return [gettext("It has changed a great deal.")]
    try:
        return list(changes(source, for_everybody(episode.lesson)))
    except pydantic.ValidationError:
        return [gettext("A part of it can’t be used as it is.")]


def _may_record(episode: Episode, voice_key: str | None) -> bool:
    """Whether pressing “Record” would do something."""
    recording = episode.recording
    if episode.approved_at is None or voice_key is None:
        return False
    if recording is None or recording.voice_key != voice_key:
        return True
    return audio.is_to_do(recording)


def _progress(episode: Episode) -> Progress:
    if episode.writing:
        return _writing(episode)
    if episode.waiting:
        told = gettext("The script waits for your approval.")
        return Progress(f"{told} {episode.problem}".strip())
    if episode.problem:
        return Progress(episode.problem, is_problem=True)
    if episode.approved_at is None:
        return Progress(gettext("There is no script yet."))
    if episode.recording is None:
        return Progress(
            gettext("Approved. There is no recording, so the visitors’ browsers read it aloud.")
        )
    return _recording(episode.recording)


def _writing(episode: Episode) -> Progress:
    if episode.is_stalled:
        return Progress(gettext("The script wasn’t finished: its worker was ended."), 0, 0, True)
    chapters, done = max(1, episode.lesson.sections.count()), episode.written_chapters
    told = gettext("The language model writes the script: %(done)d of %(all)d chapters.")
    return Progress(told % {"done": done, "all": chapters}, done, chapters)


def _recording(recording: Recording) -> Progress:
    done = len(recording.cues)
    match recording.State(recording.state):
        case _ if recording.is_stalled:
            told = gettext("The recording wasn’t finished: its worker was ended. Record it again.")
            return Progress(told, is_problem=True)
        case Recording.State.WAITING:
            told = gettext("The recording waits for the background worker.")
            return Progress(told, 0, recording.turns)
        case Recording.State.RECORDING:
            told = gettext("%(voice)s records: %(done)d of %(all)d turns. It can be heard already.")
            told %= {"voice": recording.voice, "done": done, "all": recording.turns}
            return Progress(told, done, recording.turns)
        case Recording.State.FAILED:
            return Progress(recording.problem, is_problem=True)
        case Recording.State.RECORDED:
            minutes = max(1, round(recording.duration_ms / 60_000))
            told = ngettext(
                "Recorded by %(voice)s: %(n)d minute.",
                "Recorded by %(voice)s: %(n)d minutes.",
                minutes,
            )
            return Progress(told % {"voice": recording.voice, "n": minutes})
