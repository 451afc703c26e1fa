import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings


@pytest.fixture
def build(settings: Settings, tmp_path: Path) -> Path:
    """What Vite leaves: the worker's script, and which file it is."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-12345678.js").write_text("/* the worker */")
    manifest = tmp_path / "manifest.json"
    entry = {"src/worker/main.ts": {"file": "assets/main-12345678.js"}}
    manifest.write_text(json.dumps(entry))
    settings.DJANGO_VITE = {"default": {"manifest_path": manifest}}
    return tmp_path


def test_the_worker_is_at_the_root_so_that_it_sees_every_page(client: Client, build: Path) -> None:
    response = client.get("/worker.js")

    assert response.status_code == 200
    assert response.content == b"/* the worker */"
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"


def test_a_new_build_is_served_at_once(client: Client, build: Path) -> None:
    client.get("/worker.js")
    (build / "assets" / "main-87654321.js").write_text("/* the next */")
    entry = {"src/worker/main.ts": {"file": "assets/main-87654321.js"}}
    (build / "manifest.json").write_text(json.dumps(entry))

    assert client.get("/worker.js").content == b"/* the next */"


def test_while_developing_there_is_none(client: Client, build: Path, settings: Settings) -> None:
    settings.DEBUG = True

    assert client.get("/worker.js").status_code == 404


@pytest.mark.parametrize("lost", ["manifest.json", "assets/main-12345678.js"])
def test_without_a_build_there_is_none(client: Client, build: Path, lost: str) -> None:
    (build / lost).unlink()

    assert client.get("/worker.js").status_code == 404


def test_a_build_without_a_worker_has_none(client: Client, build: Path) -> None:
    (build / "manifest.json").write_text("{}")

    assert client.get("/worker.js").status_code == 404


def test_the_built_worker_is_one_file(client: Client) -> None:
    """Not every browser lets a service worker import."""
    response = client.get("/worker.js")

    assert response.status_code == 200
    assert b"skipWaiting" in response.content
    assert not re.search(rb"\b(import|export)\b", response.content)


def test_built_files_are_kept_by_browsers_and_others_asked_for_again() -> None:
    is_kept = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST).search

    assert is_kept("/static/assets/site-Cbgcwnr-.js")
    assert not is_kept("/static/icon.svg")
    assert not is_kept("/static/admin/css/base.css")
