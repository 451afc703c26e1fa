"""What an operator's machines are told, and who may ask."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings
from pythonjsonlogger.json import JsonFormatter

from games import protocol
from games.rules import Phase
from quizgame import logs
from tests.games.conftest import Class, OpenRoom, Phone, Socket, opens_question
from tests.games.test_room import eventually


def counted(client: Client) -> dict[str, float]:
    """Every sample at /metrics, as `name{label="value"}`."""
    text = client.get("/metrics").text
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_process_that_answers_is_alive(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_probe_may_ask_by_whatever_name(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["quiz.example.org"]
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
def test_it_is_ready_with_its_database_and_its_redis(client: Client, redis_url: str) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "redis": True})


@pytest.mark.django_db
def test_without_redis_it_is_alive_and_not_ready(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "redis": False})
    assert client.get("/healthz").status_code == 200


def test_without_a_database_it_is_not_ready(client: Client, redis_url: str, tmp_path: Path) -> None:
    asked = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "response = Client().get('/readyz')\n"
        "print(response.status_code, response.json())\n"
    )
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "REDIS_URL": redis_url,
        # A port where nothing listens.
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing?connect_timeout=2",
        "DJANGO_SETTINGS_MODULE": "quizgame.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment,
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "503 {'database': False, 'redis': True}\n"


async def test_a_round_is_counted_and_timed(
    klass: Class, hana: Socket, ada: Phone, ben: Phone, client: Client
) -> None:
    before = counted(client)
    await opens_question(hana)
    await ada.answers(1)
    await ada.hears(protocol.AnswerAccepted)
    await ada.answers(5)  # no such choice
    await ada.hears(protocol.CommandRefused)
    await ben.answers(0)
    await hana.sees(Phase.CLOSED)

    after = counted(client)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown["quizgame_answers_total"] == 2
    assert grown["quizgame_refusals_total[answer_unfit]"] == 1
    assert grown["quizgame_fan_out_seconds_count"] == 2
    assert grown["quizgame_redis_seconds_count[submit_answers]"] >= 1
    assert (after["quizgame_rooms"], after["quizgame_sockets[player]"]) == (1, 2)


async def test_a_bell_is_timed_by_the_redis_clock(open_room: OpenRoom, client: Client) -> None:
    before = counted(client)
    hana, _ = await (await open_room(get_ready_s=1)).hosts()
    await opens_question(hana)  # get-ready ends by itself

    name = "quizgame_bell_delay_seconds"
    # The class is told first.
    await eventually(lambda: counted(client)[f"{name}_count"] - before[f"{name}_count"] == 1)
    after = counted(client)
    assert 0 <= after[f"{name}_sum"] - before[f"{name}_sum"] < 5


async def test_who_is_gone_is_not_counted(
    klass: Class, ada: Phone, ben: Phone, client: Client
) -> None:
    await ben.leaves()
    assert counted(client)["quizgame_sockets[player]"] == 1


async def test_a_socket_that_is_closed_is_counted_by_its_code(
    klass: Class, ada: Phone, client: Client
) -> None:
    before = counted(client).get("quizgame_dismissals_total[4400]", 0)
    await ada.says_raw("{")
    assert await ada.is_closed_with() == 4400
    assert counted(client)["quizgame_dismissals_total[4400]"] == before + 1


@pytest.mark.parametrize(
    ("token", "asked", "status"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "192.0.2.7"}, 404),
        ("", {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 404),  # by a proxy on this machine
        ("open sesame", {}, 404),
        ("open sesame", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        (
            "open sesame",
            {"HTTP_AUTHORIZATION": "Bearer open sesame", "REMOTE_ADDR": "192.0.2.7"},
            200,
        ),
    ],
)
def test_counts_are_for_the_operator(
    client: Client, settings: Settings, token: str, asked: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", **asked).status_code == status  # type: ignore[arg-type]


def test_the_dashboard_asks_for_what_is_counted(client: Client) -> None:
    dashboard = json.loads((configured.BASE_DIR / "docs" / "grafana.json").read_text())
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
        for name in re.findall(r"\b(?:quizgame|process)_\w+", target["expr"])
    }
    told = {
        sample
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in (
            family.name,
            *(family.name + end for end in ("_total", "_bucket", "_sum", "_count")),
        )
    }
    assert asked - told == set()
    assert len(asked) >= 8


# Logs


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged, as LOG_FORMAT=json writes it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    formatters: Any = configured.LOGGING["formatters"]
    handler.setFormatter(JsonFormatter(formatters["json"]["format"], style="{", timestamp=True))
    handler.addFilter(logs.Whereabouts())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_names_its_request_as_the_proxy_does(client: Client, lines: StringIO) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": "proxy-4711"})

    assert response["X-Request-ID"] == "proxy-4711"
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [
        (line["levelname"], line["request_id"]) for line in told if line["name"] == "django.request"
    ] == [("WARNING", "proxy-4711")]


def test_a_request_without_a_name_gets_one_and_a_bad_name_is_not_taken(client: Client) -> None:
    made = client.get("/healthz")["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", made)
    bad = client.get("/healthz", headers={"X-Request-ID": "x" * 500})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", bad)
    assert made != bad


async def test_a_line_about_a_room_names_the_room_and_nobody(
    klass: Class, hana: Socket, ada: Phone, lines: StringIO
) -> None:
    await klass.store.publish(klass.id, "nonsense", "{}")
    await opens_question(hana)
    await ada.answers(1)
    await hana.sees(Phase.CLOSED)

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [
        (line["levelname"], line["room_id"]) for line in told if line["name"] == "games.room"
    ] == [("ERROR", klass.id)]
    assert "Ada" not in lines.getvalue()
    assert "192.0.2" not in lines.getvalue()
