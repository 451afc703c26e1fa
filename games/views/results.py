"""Finished games: what they tell their host."""

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from games.archive import archive_game
from games.models import Game
from games.reports import per_player, per_question, per_team
from games.views.ways import host_of, needs_redis


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
    """Results per question, per player and per team."""
    found = _own_game(request, pk)
    context = {
        "game": found,
        "questions": per_question.compute(found),
        "players": per_player.compute(found),
        "teams": per_team.compute(found),
    }
    return render(request, "games/game.html", context)


@login_required
@require_GET
def game_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each player: place, points, and each question's points."""
    found = _own_game(request, pk)
    rounds = range(found.rounds)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["place", "nickname", "team", "points", "right", "answered"]
        + [f"question {n + 1} points" for n in rounds]
        + [f"question {n + 1} seconds" for n in rounds]
    )
    for row in per_player.compute(found):
        table.writerow(
            [row.rank, _inert(row.nickname), row.team, row.points, row.right, row.answered]
            + [row.points_in.get(n, 0) for n in rounds]
            + [row.seconds_in.get(n, "") for n in rounds]
        )
    # The mark makes spreadsheets read it as UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="game-{found.pk}.csv"'
    return response


def _inert(text: str) -> str:
    """A nickname that a spreadsheet doesn't take for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _own_game(request: HttpRequest, pk: int) -> Game:
    return get_object_or_404(Game, pk=pk, host=host_of(request))
