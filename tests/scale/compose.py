"""docker-compose.yml and the Dockerfile as a machine without Docker can follow them."""

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "docker-compose.yml"
DOCKERFILE = settings.BASE_DIR / "Dockerfile"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "quizgame"}


def filled_in(environment: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """As compose does it: ${NAME:-default} and ${NAME:?what to do}."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name not in given and kind == "?":
            raise LookupError(f"{name}: {rest}")
        return given.get(name, rest)

    return {
        name: re.sub(r"\$\{(\w+):([-?])([^}]*)\}", value, text)
        for name, text in environment.items()
    }


def natively(command: list[str], port: int = 8000) -> list[str]:
    """A container's command with this environment's Python, on a port that is free here."""
    own = {"python": sys.executable, "8000": str(port), "0.0.0.0": "127.0.0.1"}
    return [own.get(word, word.replace("8000", str(port))) for word in command]


def image_in(folder: Path) -> Path:
    """The files that the Dockerfile's last stage copies from this project, and no others."""
    last_stage = DOCKERFILE.read_text().rpartition("\nFROM ")[2]
    for line in re.findall(r"^COPY (.*)$", last_stage, re.MULTILINE):
        *options, source, target = shlex.split(line)
        if "--from=packages" in options:  # this environment's own are in their place
            continue
        source = source.removeprefix("/app/")
        if (settings.BASE_DIR / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(settings.BASE_DIR / source, folder / target, ignore=ignored)
        else:
            shutil.copy(settings.BASE_DIR / source, folder / target)
    return folder
