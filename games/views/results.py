"""Finished games: what they tell their host, and scoring them again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from games import regrading
from games.archive import archive_game, quiz_in_force, settings_in_force
from games.exports import csv_of, xlsx_of
from games.models import Game, Player
from games.regrade_form import RegradeForm
from games.reports import per_player, per_question, per_team, played, whole_game
from games.views.ways import host_of, needs_redis

PLAYERS_A_PAGE = 100
MOST_PREVIEWED = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
@needs_redis
def game_of_room(request: HttpRequest, room: str) -> HttpResponse:
    """From the podium to the results, archived now if the worker hasn't yet."""
    game = archive_game(room)
    if game is None:
        messages.info(request, _("This game has no results: no question was closed."))
        return redirect("game_list")
    return redirect("game", pk=game.pk)


@login_required
@require_safe
def game(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole game, its questions, players and teams; `?players=all` is for printing."""
    found = _own_game(request, pk)
    loaded = played.load(found)
    players = per_player.compute(loaded)
    wanted = request.GET.get("players", "")
    per_page = max(1, len(players)) if wanted == "all" else PLAYERS_A_PAGE
    context = {
        "game": found,
        "summary": whole_game.compute(loaded),
        "questions": per_question.compute(loaded),
        "page": Paginator(players, per_page).get_page(wanted),
        "teams": per_team.compute(loaded),
        "team_score": loaded.settings.team_score,
        "has_members": any(player.members for player in players),
        "places_before": _places_before(found),
    }
    return render(request, "games/game.html", context)


@login_required
@require_safe
def game_player(request: HttpRequest, pk: int, player: int) -> HttpResponse:
    """One player's game, question by question."""
    found = _own_game(request, pk)
    who = get_object_or_404(Player, pk=player, game=found)
    loaded = played.load(found, who)
    # By place, as on the page of the game.
    names = list(found.players.values_list("pk", "nickname"))
    place = [pk for pk, _name in names].index(who.pk)
    context = {
        "game": found,
        "player": per_player.compute(loaded)[0],
        "rounds": per_player.rounds_of(loaded, 0),
        "players": len(names),
        "before": names[place - 1] if place else None,
        "after": names[place + 1] if place + 1 < len(names) else None,
        "place_before": _places_before(found).get(who.pk),
    }
    return render(request, "games/results/player.html", context)


@login_required
@require_GET
def game_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each player."""
    found = _own_game(request, pk)
    # The mark makes spreadsheets read it as UTF-8.
    text = "\ufeff" + csv_of(played.load(found))
    return download(text.encode(), "text/csv; charset=utf-8", f"game-{found.pk}.csv")


@login_required
@require_GET
def game_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook with everything."""
    found = _own_game(request, pk)
    return download(xlsx_of(played.load(found)), XLSX, f"game-{found.pk}.xlsx")


@login_required
def regrade(request: HttpRequest, pk: int) -> HttpResponse:
    """Other keys, another preset: see what changes, then apply it. Nothing is saved before."""
    found = _own_game(request, pk)
    quiz, settings = quiz_in_force(found), settings_in_force(found)
    form = RegradeForm(quiz, settings, found.closed_rounds, request.POST or None)
    context = {"game": found, "form": form}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif request.POST.get("action") == "apply":
            regrading.regrade(found, *form.chosen())
            messages.success(request, _("The game is scored anew."))
            return redirect("game", pk=found.pk)
        else:
            changes = regrading.preview(found, *form.chosen())
            context |= {
                "changes": changes[:MOST_PREVIEWED],
                "players": len(changes),
                "changed": sum(change.is_change for change in changes),
                "is_preview": True,
            }
    return render(request, "games/results/regrade.html", context, status=status)


@login_required
@require_POST
def undo_regrade(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the points of the evening it was played."""
    found = _own_game(request, pk)
    regrading.undo(found)
    messages.success(request, _("The game counts again as it was played."))
    return redirect("game", pk=found.pk)


def _places_before(game: Game) -> dict[int, int]:
    """By player, the place as it was played; empty unless the game was regraded."""
    if game.regraded_at is None:
        return {}
    by_seat = regrading.places_as_played(game)
    return {pk: by_seat[seat] for pk, seat in game.players.values_list("pk", "seat")}


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _own_game(request: HttpRequest, pk: int) -> Game:
    return get_object_or_404(Game, pk=pk, host=host_of(request))
