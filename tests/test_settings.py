"""A wrong value of the environment stops the start with one sentence that names it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG must be yes or no, not “maybe”."),
        (
            "ROOM_CAPACITY",
            "many",
            "ROOM_CAPACITY must be a whole number from 1 to 100000, not “many”.",
        ),
        ("ROOM_CAPACITY", "0", "ROOM_CAPACITY must be a whole number from 1 to 100000, not “0”."),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters."),
        (
            "REDIS_URL",
            "localhost",
            "REDIS_URL must start with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://.",
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/8, proxy",
            "TRUSTED_PROXIES must list addresses such as 10.0.0.5 or 10.0.0.0/8: 'proxy' does not"
            " appear to be an IPv4 or IPv6 network.",
        ),
        (
            "PUBLIC_URL",
            "quiz.example",
            "PUBLIC_URL must start with http:// or https://, not “quiz.example”.",
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.example, b.example",
            "CSRF_TRUSTED_ORIGINS must start with http:// or https://, not “b.example”.",
        ),
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL can't be “loud”; it may be, for example, CRITICAL, DEBUG, ERROR, INFO, WARNING.",
        ),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    ended = manage("check", DATA_DIR=str(tmp_path), **{name: value})

    assert (ended.returncode, ended.stderr) == (1, sentence + "\n")


@pytest.mark.parametrize(
    ("name", "value"), [("TIME_ZONE", "Mars/Olympus"), ("DATABASE_URL", "quizgame.sqlite3")]
)
def test_an_unknown_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    ended = manage("check", DATA_DIR=str(tmp_path), **{name: value})

    assert ended.returncode == 1
    assert ended.stderr.startswith(name)
    assert ended.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"

    ended = manage("check", DATA_DIR=str(folder))

    assert ended.returncode == 1
    assert ended.stderr == f"DATA_DIR {folder} can't be written: Not a directory.\n"


def test_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    show = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (manage("shell", "-v", "0", "-c", show, DATA_DIR=str(tmp_path)) for _ in "12")

    assert first.stdout == second.stdout
    assert first.stdout.strip() == (tmp_path / "secret_key").read_text()
    assert len(first.stdout.strip()) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_folders_have_two_signing_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert manage("check", DATA_DIR=str(tmp_path / name)).returncode == 0

    assert (tmp_path / "one/secret_key").read_text() != (tmp_path / "two/secret_key").read_text()


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A management command in an environment with nothing but these variables set."""
    return subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
