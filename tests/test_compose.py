"""docker-compose.yml and the Dockerfile, with no Docker at hand; tests/scale/ runs what they start."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from games.management.commands.play import task_worker, web_server
from quizgame.daphne import DRAIN_LIMIT_S
from tests.scale.compose import COMPOSE, DOCKERFILE, FILE, OURS, SERVICES, filled_in


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
    assert OURS["worker"]["command"][2:] == task_worker("default")[2:]
    assert OURS["long-worker"]["command"][2:] == task_worker("long")[2:]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_what_runs_can_write_nothing_but_what_is_kept() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        kept = {volume.split(":")[0] for volume in service["volumes"]}
        assert {name for name in kept if not name.startswith("./")} <= set(COMPOSE["volumes"]), name


def test_what_stays_up_is_watched_and_has_limits() -> None:
    lasting = {name: service for name, service in SERVICES.items() if name != "setup"}
    for name, service in lasting.items():
        assert service["restart"] == "unless-stopped", name
        assert set(service["deploy"]["resources"]["limits"]) == {"memory", "pids"}, name
    # Workers listen nowhere: they live or are started again.
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == [
        "worker",
        "long-worker",
    ]


def test_a_web_process_may_take_the_time_that_it_needs_to_drain() -> None:
    assert int(OURS["web"]["stop_grace_period"].removesuffix("s")) > DRAIN_LIMIT_S


def test_the_image_runs_as_nobody_of_importance() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)$", DOCKERFILE.read_text(), re.MULTILINE)
    assert [told for word, told in instructions if word == "USER"] == ["quizgame"]
    assert all(":" in told for word, told in instructions if word == "FROM")


def test_the_image_has_the_optional_packages_of_the_project() -> None:
    groups = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["dependency-groups"]
    installed = set(re.findall(r"--group (\w+)", DOCKERFILE.read_text()))
    # Redis and Node come by other ways, and the tests' packages stay at home.
    assert installed == set(groups) - {"dev", "node", "redis"}


def problems_of_form(file: Path) -> int:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*check, str(file)], capture_output=True, timeout=60).returncode
