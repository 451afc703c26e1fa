"""Everything a database and its folder need before the server starts; harmless to repeat."""

import hashlib
import secrets
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError

from lessons.models import Lesson
from lessons.podcast.sample import give_podcast_in_background

# Without the letters and digits that are mistaken for each other.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Migrates the database, adds the sample lesson and the first host account."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        if password := prepare():
            self.stdout.write(account_line(password))


def prepare() -> str | None:
    """Returns the password of the host account if this call created one."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise SystemExit(f"The database can't be used: {' '.join(str(error).split())}") from error
    if not Lesson.objects.exists():
        call_command("load_sample", verbosity=0)
        give_podcast_in_background.enqueue(Lesson.objects.get().slug)
    collect_static_files()
    return make_host_account()


def account_line(password: str) -> str:
    """What to tell whoever runs the server, once."""
    return (
        f"Log in as “host” with the password {password}\n"
        "(shown this once; to change it: .venv/bin/python manage.py changepassword host)"
    )


def collect_static_files() -> None:
    """Once for each build: compressing takes seconds."""
    manifest = Path(settings.DJANGO_VITE["default"]["manifest_path"])
    if not manifest.exists():
        raise SystemExit("The browser code isn't built: run “make play”, which builds it.")
    built = hashlib.sha256(manifest.read_bytes() + django.__version__.encode()).hexdigest()
    collected = Path(settings.STATIC_ROOT) / ".collected"
    if collected.exists() and collected.read_text() == built:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    collected.write_text(built)


def make_host_account() -> str | None:
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists() or users.filter(username="host").exists():
        return None
    password = "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
    users.create_superuser("host", password=password)
    return password
