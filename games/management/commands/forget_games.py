"""`manage.py forget_games --older-than 180`: finished games that nobody needs any more, deleted."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from games.models import Game


class Command(BaseCommand):
    help = "Deletes finished games with the nicknames and answers of their players."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than", type=int, required=True, metavar="DAYS", help="Keep the newer ones."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Only count what would be deleted."
        )

    def handle(self, *, older_than: int, dry_run: bool, **options: object) -> None:
        if older_than < 1:
            raise CommandError("--older-than takes a number of days, at least 1.")
        # Nothing was played before Django's oldest day, and no date lies before Python's.
        since = timezone.now() - timedelta(days=min(older_than, 365 * 1000))
        old = Game.objects.filter(played_at__lt=since)
        found = old.aggregate(games=Count("pk", distinct=True), players=Count("players"))
        if not dry_run:
            for game in old.only("pk").iterator():
                # One at a time: no lock is held for long while others play.
                game.delete()
        verb = "would be deleted" if dry_run else "were deleted"
        self.stdout.write(f"{found['games']} games with {found['players']} players {verb}.")
