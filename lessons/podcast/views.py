"""The page where an episode is heard, its files, and its feeds."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons.admin import may_edit
from lessons.models import Lesson
from lessons.podcast import audio, feed
from lessons.podcast.listening import Heard, heard, podcast_of, recorded_of, transcript
from lessons.podcast.models import Episode, EpisodeQuerySet, Recording
from lessons.podcast.ranges import file_response
from lessons.podcast.webvtt import webvtt
from lessons.study.learners import locked_lessons


@require_safe
def podcast(request: HttpRequest, slug: str) -> HttpResponse:
    """The player and the transcript; for who may edit the lesson and has no episode yet, the way to one."""
    lesson = _lesson(request, slug)
    found = heard(lesson, request.user)
    is_editor = may_edit(request, lesson)
    if found is None:
        if not is_editor:
            raise Http404
        return render(request, "podcast/none_yet.html", {"lesson": lesson}, status=404)
    episode, script = found
    told = podcast_of(episode, script)
    context = {
        "lesson": lesson,
        "may_edit": is_editor,
        "podcast": told.model_dump(mode="json"),
        "recorded": told.recorded,
        "recording": episode.recording,
        "chapters": list(transcript(episode, script)),
    }
    response = render(request, "podcast/podcast.html", context)
    if told.recorded.state in {"waiting", "recording"}:
        response["Cache-Control"] = "no-store"  # in a moment it is another one
    return response


@require_safe
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the recording is."""
    told = recorded_of(_heard(request, slug).episode)
    return JsonResponse(told.model_dump(mode="json"), headers={"Cache-Control": "no-store"})


@require_safe
def recorded_audio(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """The MP3, whole or in part; of one that grows, as many `bytes` as were there when asked for."""
    recording = _heard(request, slug).episode.recording
    path = audio.there_is(recording) if recording and recording.key == key else None
    if recording is None or path is None:
        raise Http404
    if recording.state == Recording.State.RECORDED:
        response = file_response(request, path, "audio/mpeg", f'"{key}"')
        # Its name is its content, but whom it is for may change.
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        return response
    asked = request.GET.get("bytes", "")
    size = min(int(asked), recording.bytes) if asked.isdecimal() else recording.bytes
    etag = f'"{key}-{recording.attempt}-{size}"'
    response = file_response(request, path, "audio/mpeg", etag, size)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def vtt(request: HttpRequest, slug: str) -> HttpResponse:
    """The transcript of what is recorded, with its times."""
    episode, script = _heard(request, slug)
    text = webvtt(script, _finished(episode).cues)
    return HttpResponse(text, content_type="text/vtt; charset=utf-8")


@require_safe
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """The transcript to read, recorded or not."""
    episode, script = _heard(request, slug)
    parts = [episode.lesson.title]
    for chapter in script.chapters:
        turns = "\n".join(f"{turn.speaker.upper()}: {turn.text}" for turn in chapter.turns)
        parts.append(f"{chapter.title}\n\n{turns}")
    return HttpResponse("\n\n".join(parts) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def chapters(request: HttpRequest, slug: str) -> HttpResponse:
    """Where each chapter begins, as podcast apps read it."""
    episode, script = _heard(request, slug)
    told = feed.chapters_of(script, _finished(episode))
    return JsonResponse(told, content_type="application/json+chapters")


@require_safe
def lesson_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """One lesson's episode, for a podcast app."""
    lesson = get_object_or_404(Lesson.objects.filter(is_published=True), slug=slug)
    found = _to_subscribe(Episode.objects.filter(lesson=lesson))
    if not found:
        raise Http404
    return _feed(
        request,
        found,
        title=lesson.title,
        about=lesson.summary,
        page=reverse("podcast", args=[slug]),
        language=lesson.language,
    )


@require_safe
def site_feed(request: HttpRequest) -> HttpResponse:
    """All published lessons' episodes, for a podcast app."""
    unlocked = Episode.objects.exclude(lesson__in=locked_lessons(request))
    return _feed(
        request,
        _to_subscribe(unlocked),
        title=_("Quizgame"),
        about=_("Two voices talk through each lesson."),
        page=reverse("lesson_list"),
        language=settings.LANGUAGE_CODE,
    )


def _lesson(request: HttpRequest, slug: str) -> Lesson:
    return get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)


def _heard(request: HttpRequest, slug: str) -> Heard:
    found = heard(_lesson(request, slug), request.user)
    if found is None:
        raise Http404
    return found


def _finished(episode: Episode) -> Recording:
    recording = episode.recording
    if recording is None or recording.state != Recording.State.RECORDED:
        raise Http404
    return recording


def _to_subscribe(episodes: EpisodeQuerySet) -> list[Episode]:
    """Those that anybody may hear: an app asks without an account."""
    found = episodes.to_subscribe().select_related("lesson", "recording")
    return [episode for episode in found if episode.is_open_to(AnonymousUser())]


def _feed(request: HttpRequest, episodes: list[Episode], **about: str) -> HttpResponse:
    def absolute(path: str) -> str:
        if settings.PUBLIC_URL:
            return f"{settings.PUBLIC_URL}{path}"
        return request.build_absolute_uri(path)

    told = feed.feed_of(episodes, absolute, address=request.path, **about)
    return HttpResponse(told, content_type="application/rss+xml; charset=utf-8")
