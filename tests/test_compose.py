"""docker-compose.yml, with no Docker at hand: its form, and its commands run as they stand."""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psycopg
import pytest
import yaml
from django.conf import settings

from games.management.commands.play import task_worker, web_server
from quizgame import private_redis

FILE = settings.BASE_DIR / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "quizgame"}


def test_it_has_the_form_that_compose_publishes() -> None:
    assert problems_of_form(FILE) == 0


def test_a_misspelt_word_would_be_found(tmp_path: Path) -> None:
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(FILE.read_text().replace("command:", "comand:"))

    assert problems_of_form(misspelt) == 1


def test_it_does_not_start_without_its_secrets() -> None:
    with pytest.raises(LookupError, match=r"SECRET_KEY: copy \.env\.example to \.env"):
        filled_in(OURS["web"]["environment"], {})


def test_the_example_names_the_variables_of_the_file() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))

    assert named <= set(re.findall(r"\$\{([A-Z_]+)", FILE.read_text()))
    assert set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)) == {
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
    }


def test_the_server_and_the_worker_run_as_play_runs_them() -> None:
    assert OURS["web"]["command"][1:] == web_server("0.0.0.0", 8000)[1:]
    assert OURS["worker"]["command"][2:] == task_worker()[2:]


def test_what_it_starts_lets_a_host_log_in(tmp_path: Path, free_ports: Callable[[], int]) -> None:
    given = {"SECRET_KEY": secrets.token_hex(32), "POSTGRES_PASSWORD": secrets.token_hex(32)}
    port = free_ports()
    site = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        redis = stack.enter_context(redis_over_tcp(tmp_path, free_ports()))
        data = stack.enter_context(database(tmp_path, free_ports(), given["POSTGRES_PASSWORD"]))
        # The image sets DATA_DIR, the file the rest; two addresses are other containers' names.
        options: dict[str, Any] = {
            "cwd": settings.BASE_DIR,
            "env": filled_in(OURS["web"]["environment"], given)
            | {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
            | {"REDIS_URL": redis, "DATABASE_URL": data},
        }
        set_up = subprocess.run(
            natively(OURS["setup"]["command"], port), capture_output=True, text=True, **options
        )
        assert (set_up.returncode, set_up.stderr) == (0, "")
        [password] = re.findall(r"with the password (\S+)", set_up.stdout)

        for name in ("web", "worker"):
            stack.enter_context(running(natively(OURS[name]["command"], port), **options))
        until(lambda: answers(f"{site}/"))
        health = OURS["web"]["healthcheck"]["test"][1:]
        health = [word.replace("8000", str(port)) for word in natively(health, port)]
        assert subprocess.run(health, timeout=10).returncode == 0

        cookies = CookieJar()
        browser = build_opener(HTTPCookieProcessor(cookies))
        browser.open(f"{site}/accounts/log-in/").close()
        token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
        form = {"username": "host", "password": password, "csrfmiddlewaretoken": str(token)}
        with browser.open(
            f"{site}/accounts/log-in/?next=/admin/", urlencode(form).encode()
        ) as page:
            assert (page.url, page.status) == (f"{site}/admin/", 200)


def problems_of_form(file: Path) -> int:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*check, str(file)], capture_output=True, timeout=60).returncode


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


def natively(command: list[str], port: int) -> list[str]:
    """A container's command with this environment's Python, on a port that is free here."""
    own = {"python": sys.executable, "8000": str(port)}
    return [own.get(word, word) for word in command]


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[None]:
    process = subprocess.Popen(command, **options)
    try:
        yield
        assert process.poll() is None, f"{command} ended by itself"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def redis_over_tcp(folder: Path, port: int) -> Iterator[str]:
    server = private_redis.find_server()
    assert server is not None
    options = [*SERVICES["redis"]["command"][1:], "--port", str(port), "--dir", str(folder)]
    with running([str(server), *options, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def database(folder: Path, port: int, password: str) -> Iterator[str]:
    """PostgreSQL where it is installed, else SQLite."""
    programs = postgres_programs()
    if programs is None:
        yield f"sqlite:///{folder / 'quizgame.sqlite3'}"
        return
    with tempfile.TemporaryDirectory(prefix="quizgame-") as home:
        as_somebody: dict[str, Any] = {}
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            as_somebody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        (Path(home) / "password").write_text(password)
        (Path(home) / "password").chmod(0o644)
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", f"{home}/data", "--username", "quizgame"),
                *("--pwfile", f"{home}/password", "--auth", "scram-sha-256", "--no-sync"),
            ],
            cwd=home,
            check=True,
            capture_output=True,
            **as_somebody,
        )
        server = [str(programs / "postgres"), "-D", f"{home}/data", "-k", home, "-F"]
        address = f"postgres://quizgame:{password}@127.0.0.1:{port}"
        with running(
            [*server, "-h", "127.0.0.1", "-p", str(port)],
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_somebody,
        ):
            until(lambda: create_database(f"{address}/postgres"))
            yield f"{address}/quizgame"


def postgres_programs() -> Path | None:
    found = [Path(name).parent for name in [shutil.which("initdb")] if name]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return found[0] if found else None


def create_database(address: str) -> bool:
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE quizgame")
    except psycopg.OperationalError:
        return False
    return True


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def until(is_so: Callable[[], bool], limit_s: float = 30) -> None:
    give_up_at = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < give_up_at, "it takes too long"
        time.sleep(0.1)
