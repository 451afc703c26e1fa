"""The host's pages: open a room, its desk, its projector, and where everything is found again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from pydantic import ValidationError as SchemaError

from games import moves, seats
from games.archive import freeze_lesson
from games.forms import OpenRoomForm, remember, remembered
from games.models import Game, Homework
from games.rules import Phase, Quiz, RoomSettings, RosterEntry, Step, next_step
from games.store import StoreError, connected
from games.store.overview import LiveRoom, live_rooms_of
from games.views.rosters import rosters_of
from games.views.ways import host_of, needs_redis, remote, state_or_404, way_in
from lessons.models import Lesson
from lessons.throttles import ROOMS, too_many

GAMES_ON_A_PAGE = 20
HOMEWORK_SHOWN = 5


@login_required
def open_room(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose, or just open, a room on a lesson; the page begins with what was chosen last."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    host = host_of(request)
    if request.method == "POST":
        form = OpenRoomForm(host, request.POST)
    else:
        as_last = {} if "defaults" in request.GET else remembered(host)
        form = OpenRoomForm(host, initial=as_last)
    if request.method == "POST" and form.is_valid():
        if wait_s := ROOMS.wait_s(str(host.pk)):
            return too_many(request, wait_s)
        ROOMS.count(str(host.pk))
        try:
            room = async_to_sync(_open)(
                freeze_lesson(lesson), form.chosen(), host.pk, form.roster_entries()
            )
        except (ValidationError, SchemaError):
            form.add_error(
                None, _("This lesson has no question that can be asked. Add one, then try again.")
            )
        except (StoreError, OSError):
            form.add_error(None, _("Rooms can't be opened just now. Try again in a moment."))
        else:
            remember(host, form)
            return redirect("host", room=room)
    status = 200 if request.method == "GET" else 422
    context = {
        "lesson": lesson,
        "form": form,
        "groups": list(form.groups()),
        "has_rosters": rosters_of(host).exists(),
    }
    return render(request, "games/open_room.html", context, status=status)


@login_required
@require_safe
@needs_redis
def host(request: HttpRequest, room: str) -> HttpResponse:
    """The host's page, for who opened the room: as often and on as many devices as wanted."""
    state = state_or_404(room)
    if state.host != request.user.pk:
        raise Http404
    screen = seats.sign(seats.SeatToken(room=room, role="screen"))
    token = seats.sign(seats.SeatToken(room=room, role="host"))
    desk = {
        "token": token,
        "code": state.code,
        "screen_url": reverse("screen", args=[screen]),
        "results_url": reverse("game_of_room", args=[room]),
        "after_result": async_to_sync(_phases_after_result)(room),
        **way_in(request, state.code),
        **remote(request, token),
    }
    return render(request, "games/host.html", {"desk": desk})


@require_safe
@needs_redis
def remote_control(request: HttpRequest, token: str) -> HttpResponse:
    """The host's phone as a remote: the link is the key, so it isn't kept or passed on."""
    seat = seats.read(token)
    if seat is None or seat.role != "host":
        raise Http404
    state = state_or_404(seat.room)
    if state.phase is Phase.ENDED:
        raise Http404
    desk = {
        "token": token,
        "code": state.code,
        "results_url": reverse("game_of_room", args=[seat.room]),
        "after_result": async_to_sync(_phases_after_result)(seat.room),
    }
    response = render(request, "games/remote.html", {"desk": desk})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@needs_redis
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The projector's page: whoever has the link sees what the class sees."""
    seat = seats.read(token)
    if seat is None or seat.role != "screen":
        raise Http404
    desk = {"token": token, **way_in(request, state_or_404(seat.room).code)}
    return render(request, "games/screen.html", {"desk": desk})


@login_required
@require_safe
def game_list(request: HttpRequest) -> HttpResponse:
    """Where a host finds everything: live rooms, lessons, classes, finished games."""
    host = host_of(request)
    try:
        live = [_shown(room) for room in async_to_sync(_live_rooms_of)(host.pk)]
        is_redis_away = False
    except (StoreError, OSError):
        live, is_redis_away = [], True
    # Counting forgets the order of a model; without one, pages of games could overlap.
    games = Game.objects.filter(host=host).with_players_count().order_by("-played_at", "-pk")
    lessons = Lesson.objects.filter(Q(is_published=True) | Q(owner=host)).with_counts()
    context = {
        "live": live,
        "is_redis_away": is_redis_away,
        # One's own first; sorting keeps the rest in its order.
        "lessons": sorted(lessons, key=lambda lesson: lesson.owner_id != host.pk),
        "rosters": rosters_of(host),
        "homework": Homework.objects.of_host(host)[:HOMEWORK_SHOWN],
        "now": now(),
        "games": Paginator(games, GAMES_ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "games/game_list.html", context)


PHASES = {
    Phase.LOBBY: gettext_lazy("waiting in the lobby"),
    Phase.PODIUM: gettext_lazy("at the podium"),
}


def _shown(room: LiveRoom) -> dict[str, Any]:
    """A live room in words."""
    at_question = _("at question %(number)d of %(all)d") % {
        "number": room.round + 1,
        "all": room.rounds,
    }
    opened = datetime.fromtimestamp(room.opened_ms / 1000, UTC)
    return {
        "url": reverse("host", args=[room.room]),
        "code": room.code,
        "title": room.title,
        "phase": PHASES.get(room.phase, at_question),
        "players": room.players,
        "opened": opened,
        "is_new": now() - opened < timedelta(minutes=1),
    }


async def _open(
    quiz: Quiz, chosen: RoomSettings, host: int, roster: Mapping[str, RosterEntry]
) -> str:
    async with connected() as store:
        return await moves.open_room(store, quiz, chosen, host, roster=roster)


async def _phases_after_result(room: str) -> list[Phase]:
    """What follows each question's result, so that the host's button can say where it leads."""
    async with connected() as store:
        game = await store.read_game(room)
    if game is None:
        return []
    steps = (next_step(Step(Phase.CLOSED, n, 0), *game) for n in range(len(game[0].questions)))
    return [step.phase for step in steps if step is not None]


async def _live_rooms_of(host: int) -> list[LiveRoom]:
    async with connected() as store:
        return await live_rooms_of(store, host)
