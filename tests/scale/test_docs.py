"""docs/deploy.md, as far as a machine can follow it."""

import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from games.management.commands.play import task_worker, web_server
from tests.scale.compose import FILE
from tests.scale.docs import DEPLOY, commands_of


def test_a_laptop_is_backed_up_while_it_runs_and_comes_back(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "media").mkdir(parents=True)
    (var / "media" / "picture.webp").write_bytes(b"a picture")
    (var / "secret_key").write_text("known to few")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    running = sqlite3.connect(var / "quizgame.sqlite3")
    running.executescript("PRAGMA journal_mode=WAL; CREATE TABLE games (title)")
    with running:
        running.execute("INSERT INTO games VALUES ('Sums')")
    running.execute("INSERT INTO games VALUES ('not over yet')")
    back_up, restore, *_ = commands_of("Back up")

    def run(script: str) -> None:
        subprocess.run(["sh", "-euc", script], cwd=tmp_path, check=True)

    run(back_up)
    running.rollback()
    with running:
        running.execute("DELETE FROM games")
    running.close()
    (var / "secret_key").unlink()
    run(restore)

    restored = sqlite3.connect(var / "quizgame.sqlite3")
    assert restored.execute("SELECT title FROM games").fetchall() == [("Sums",)]
    restored.close()
    assert (var / "secret_key").read_text() == "known to few"
    assert (var / "media" / "picture.webp").read_bytes() == b"a picture"


def test_its_services_are_those_that_play_starts() -> None:
    assert command_of("quizgame-web")[1:] == web_server("0.0.0.0", 8000)[1:]
    assert command_of("quizgame-worker@")[2:] == task_worker("%i")[2:]


def command_of(service: str) -> list[str]:
    text = (settings.BASE_DIR / "deploy" / f"{service}.service").read_text()
    [command] = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    return shlex.split(command)


def test_the_variables_that_it_names_are_known() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)(?:=[^`]*)?`", DEPLOY))
    settings_file = (settings.BASE_DIR / "quizgame" / "settings.py").read_text()
    known = set(re.findall(r"\"([A-Z_]+)\"", settings_file)) | set(
        re.findall(r"\$\{([A-Z_]+)", FILE.read_text())
    )
    assert named - known == set()


def test_its_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", DEPLOY):
        assert (settings.BASE_DIR / "docs" / link).exists(), link
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^## (.*)$", DEPLOY, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", DEPLOY)) <= headings
