"""The host's pages: open a room, its desk, its projector, and where everything is found again."""

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import ValidationError as SchemaError

from games import moves, seats
from games.archive import freeze_lesson
from games.forms import OpenRoomForm
from games.models import Game
from games.rules import Phase, Quiz, RoomSettings, Step, next_step
from games.store import StoreError, connected
from games.views.ways import host_of, needs_redis, state_or_404, way_in
from lessons.models import Lesson


@login_required
def open_room(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose, or just open, a room on a lesson."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    form = OpenRoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room = async_to_sync(_open)(freeze_lesson(lesson), form.chosen(), host_of(request).pk)
            return redirect("host", room=room)
        except (ValidationError, SchemaError):
            form.add_error(
                None, _("This lesson has no question that can be asked. Add one, then try again.")
            )
        except (StoreError, OSError):
            form.add_error(None, _("Rooms can't be opened just now. Try again in a moment."))
    status = 200 if request.method == "GET" else 422
    context = {"lesson": lesson, "form": form}
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
    desk = {
        "token": seats.sign(seats.SeatToken(room=room, role="host")),
        "code": state.code,
        "screen_url": reverse("screen", args=[screen]),
        "results_url": reverse("game_of_room", args=[room]),
        "after_result": async_to_sync(_phases_after_result)(room),
        **way_in(request, state.code),
    }
    return render(request, "games/host.html", {"desk": desk})


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
    """The host's live rooms and finished games."""
    try:
        live = async_to_sync(_live_rooms_of)(host_of(request).pk)
    except (StoreError, OSError):
        live = []
        messages.warning(request, _("Live rooms can't be listed just now."))
    games = Game.objects.filter(host=host_of(request)).with_players_count()
    return render(request, "games/game_list.html", {"live": live, "games": games})


async def _open(quiz: Quiz, chosen: RoomSettings, host: int) -> str:
    async with connected() as store:
        return await moves.open_room(store, quiz, chosen, host)


async def _phases_after_result(room: str) -> list[Phase]:
    """What follows each question's result, so that the host's button can say where it leads."""
    async with connected() as store:
        game = await store.read_game(room)
    if game is None:
        return []
    steps = (next_step(Step(Phase.CLOSED, n, 0), *game) for n in range(len(game[0].questions)))
    return [step.phase for step in steps if step is not None]


async def _live_rooms_of(host: int) -> list[dict[str, Any]]:
    async with connected() as store:
        found = []
        for room in await store.live_rooms():
            state = await store.read_state(room)
            if state is None or state.host != host or state.phase is Phase.ENDED:
                continue
            game = await store.read_game(room)
            if game is None:
                continue
            found.append(
                {
                    "url": reverse("host", args=[room]),
                    "code": state.code,
                    "title": game[0].title,
                    "phase": state.phase.value,
                    "players": len(await store.read_seats(room)),
                }
            )
        return found
