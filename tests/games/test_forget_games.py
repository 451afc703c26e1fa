"""Old games go with all that was said in them; newer ones and what pupils learnt stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from games.models import Game, Player, PlayerAnswer

pytestmark = pytest.mark.django_db


def forget(*arguments: str) -> str:
    out = StringIO()
    call_command("forget_games", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def games() -> None:
    """One game of ten days ago, one of a hundred, each with Ada's answer."""
    host = User.objects.create_user("hana")
    for days in (10, 100):
        game = Game.objects.create(
            room=f"{days} days ago",
            host=host,
            title="Vectors",
            quiz={},
            settings={},
            presets_version=1,
            played_at=timezone.now() - timedelta(days=days),
        )
        ada = Player.objects.create(
            game=game, seat="a", nickname="Ada", rank=1, points=900, right=1
        )
        PlayerAnswer.objects.create(
            player=ada, round=0, answer={}, elapsed_ms=1, is_right=True, points=900
        )


@pytest.mark.usefixtures("games")
def test_games_older_than_that_are_deleted_with_their_players_and_answers() -> None:
    assert forget("--older-than", "99") == "1 games with 1 players were deleted.\n"

    assert [game.room for game in Game.objects.all()] == ["10 days ago"]
    assert Player.objects.count() == 1
    assert PlayerAnswer.objects.count() == 1


@pytest.mark.usefixtures("games")
def test_a_dry_run_only_counts() -> None:
    assert forget("--older-than", "5", "--dry-run") == (
        "2 games with 2 players would be deleted.\n"
    )
    assert Game.objects.count() == 2


@pytest.mark.usefixtures("games")
@pytest.mark.parametrize("days", ["0", "-3"])
def test_all_games_are_never_meant(days: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        forget(f"--older-than={days}")
    assert Game.objects.count() == 2


def test_more_days_than_there_ever_were_are_no_mistake() -> None:
    assert forget("--older-than", "999999999") == "0 games with 0 players were deleted.\n"
