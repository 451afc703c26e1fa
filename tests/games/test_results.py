"""The pages of finished games: whose they are, what they tell, and at what cost."""

import re

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from games.models import Game
from games.store import SeatRecord
from tests.games.reports.conftest import (
    ANGLE,
    EVERY_KIND,
    GUESS,
    RELU,
    WriteGame,
    choice,
    class_of,
    hana,
    text,
    write,
)
from tests.games.views.conftest import as_

__all__ = ["hana", "write"]  # fixtures


@pytest.fixture
def noor(db: None) -> User:
    """A host too, of other games."""
    return User.objects.create_user("noor")


@pytest.fixture
def game(write: WriteGame) -> Game:
    """Ada, and a team whose name is a formula, played two of three questions."""
    return write(
        [ANGLE, RELU, GUESS],
        [
            SeatRecord("Ada <b>", "Red", "ada", ("Ada", "<i>Ann")),
            SeatRecord("=1+1", "Blue", "e"),
        ],
        {
            0: {"Ada <b>": (choice(1), 2_000), "=1+1": (choice(0), 4_000)},
            1: {"Ada <b>": (text("<script>relu"), 2_500)},
        },
        closed=[0, 1],
        scoring="accuracy",
        teams="balanced",
        team_names=("Red", "Blue"),
    )


def addresses(game: Game) -> list[str]:
    player = game.players.first()
    assert player
    return [
        *(reverse(name, args=[game.pk]) for name in ("game", "game_csv", "game_xlsx", "regrade")),
        reverse("game_player", args=[game.pk, player.pk]),
    ]


def test_a_game_is_its_hosts(game: Game, hana: User, noor: User, client: Client) -> None:
    for address in addresses(game):
        assert as_(hana).get(address).status_code == 200
        assert as_(noor).get(address).status_code == 404
        assert client.get(address)["Location"].startswith(reverse("log_in"))


def test_a_player_is_looked_up_in_its_own_game(write: WriteGame, game: Game, hana: User) -> None:
    other = write([ANGLE], ["Zoe"], {}, room="r2")
    zoe = other.players.get()

    assert as_(hana).get(reverse("game_player", args=[game.pk, zoe.pk])).status_code == 404
    assert as_(hana).get(reverse("game_player", args=[other.pk, zoe.pk])).status_code == 200


def test_the_page_tells_of_questions_players_and_teams(game: Game, hana: User) -> None:
    response = as_(hana).get(reverse("game", args=[game.pk]))

    page = response.content.decode()
    assert [row.right_percent for row in response.context["questions"]] == [50, 0]
    assert [(row.rank, row.nickname) for row in response.context["page"]] == [
        (1, "Ada <b>"),
        (2, "=1+1"),
    ]
    assert [(team.name, team.points) for team in response.context["teams"]] == [
        ("Red", 1000),
        ("Blue", 0),
    ]
    assert "Ada &lt;b&gt;" in page
    assert "&lt;i&gt;Ann" in page
    for raw in ("Ada <b>", "<i>Ann", "<script>relu"):
        assert raw not in page
    assert RELU.prompt in page
    assert GUESS.prompt not in page  # it was never asked


def test_a_players_page_tells_each_answer(game: Game, hana: User) -> None:
    ada = game.players.get(nickname="Ada <b>")

    response = as_(hana).get(reverse("game_player", args=[game.pk, ada.pk]))

    page = response.content.decode()
    assert [round.answer for round in response.context["rounds"]] == ["about 90°", "<script>relu"]
    assert "&lt;script&gt;relu" in page
    assert "<script>relu" not in page
    assert "ReLU; rectifier" in page
    assert response.context["before"] is None
    assert response.context["after"][1] == "=1+1"


@pytest.mark.parametrize("many", [0, 1, 30])
def test_pages_of_any_size_and_every_kind_open_without_inline_styles(
    write: WriteGame, hana: User, many: int
) -> None:
    names, answers = class_of(many, np.random.default_rng(3))
    first = {0: {name: choice(0) for name in names[:20]}}
    game = write([*EVERY_KIND], names, answers, first=first)
    pages = [reverse("game", args=[game.pk]), reverse("regrade", args=[game.pk])]
    pages += [reverse("game_player", args=[game.pk, p.pk]) for p in game.players.all()[:2]]

    for address in pages:
        response = as_(hana).get(address)
        page = response.content.decode()
        assert response.status_code == 200
        # A Content-Security-Policy without unsafe-inline would drop them.
        assert not re.search(r"<[^>]* style=|<style| on[a-z]+=|<script(?![^>]*\bsrc=)", page)
        assert "None" not in page
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_two_thousand_players_come_in_pages(write: WriteGame, hana: User) -> None:
    names = [f"P{n:04}" for n in range(2000)]
    game = write([ANGLE], names, {0: {name: choice(1) for name in names[:50]}})
    client, address = as_(hana), reverse("game", args=[game.pk])

    assert len(client.get(address).context["page"].object_list) == 100
    last = client.get(f"{address}?players=20").context["page"]
    assert (last.start_index(), last.end_index()) == (1901, 2000)
    assert len(client.get(f"{address}?players=all").context["page"].object_list) == 2000
    assert client.get(f"{address}?players=nonsense").context["page"].number == 1


def test_a_page_costs_the_same_for_few_and_for_many(
    write: WriteGame, hana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(hana)
    for room, many in (("few", 2), ("many", 60)):
        names, answers = class_of(many, np.random.default_rng(many))
        game = write([*EVERY_KIND], names, answers, room=room)
        # The session, the host, the game, its players, their answers.
        with django_assert_num_queries(5):
            client.get(reverse("game", args=[game.pk]))
        with django_assert_num_queries(5):
            client.get(reverse("game_xlsx", args=[game.pk]))
        player = game.players.first()
        assert player
        with django_assert_num_queries(6):
            client.get(reverse("game_player", args=[game.pk, player.pk]))


def test_files_are_named_and_typed(game: Game, hana: User) -> None:
    table = as_(hana).get(reverse("game_csv", args=[game.pk]))
    book = as_(hana).get(reverse("game_xlsx", args=[game.pk]))

    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table["Content-Disposition"] == f'attachment; filename="game-{game.pk}.csv"'
    assert table.content.decode().startswith("\ufeffplace,nickname")
    assert book["Content-Type"].endswith("spreadsheetml.sheet")
    assert book["Content-Disposition"] == f'attachment; filename="game-{game.pk}.xlsx"'
    assert book.content.startswith(b"PK")
