import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lessons import explanations


def explained(*args: str) -> str:
    out = StringIO()
    call_command("explain", *args, stdout=out, no_color=True)
    return out.getvalue()


def test_it_prints_the_picture_in_words_and_numbers(tmp_path: Path) -> None:
    picture = explanations.picture("angles", {"dimensions": 30}, seed=3)

    printed = explained(
        "angles", "--param", "dimensions=30", "--seed", "3", "--png", str(tmp_path / "a.png")
    )

    assert picture.title in printed
    assert picture.caption in printed
    assert picture.text in printed
    assert "dimensions=30, vectors=2000, seed=3" in printed
    assert printed.count("✓") == len(picture.check)
    assert "gzipped" in printed


def test_it_draws_where_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "a.png"

    printed = explained("angles", "--png", str(file))

    assert f"Drawn into {file}" in printed
    assert file.read_bytes().startswith(b"\x89PNG")


def test_it_draws_into_the_data_folder_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)

    explained("angles")

    assert [file.name for file in (tmp_path / "explanations").iterdir()] == ["angles.png"]


def test_json_is_the_bare_payload() -> None:
    printed = explained("angles", "--json", "--param", "dimensions=3")

    assert json.loads(printed) == json.loads(
        explanations.picture("angles", {"dimensions": 3}).model_dump_json(by_alias=True)
    )


def test_list_names_every_explanation() -> None:
    lines = explained("--list").splitlines()

    assert [line.split()[0] for line in lines] == explanations.keys()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Name an explanation; --list shows them all."),
        (["telepathy"], "There is no explanation “telepathy”"),
        (
            ["angles", "--param", "dimensions=1"],
            "dimensions must be a whole number from 2 to 12288, not 1.",
        ),
        (
            ["angles", "--param", "dimensions=many"],
            "dimensions must be a whole number from 2 to 12288, not many.",
        ),
        (
            ["angles", "--param", "size=3"],
            "“angles” has no parameter “size”; it has dimensions, vectors.",
        ),
        (
            ["angles", "--param", "dimensions=12288", "--param", "vectors=1000"],
            "In 12288 dimensions there can be 325 vectors at most.",
        ),
        (["angles", "--param", "dimensions"], "--param wants NAME=VALUE, not “dimensions”."),
        (["angles", "--seed", "-1"], "--seed must be 0 or more."),
        (["angles", "--png", "/dev/null/a.png"], "The picture can't be written to /dev/null/a.png"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(args: list[str], message: str) -> None:
    with pytest.raises(CommandError) as caught:
        explained(*args)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("png", "status"), [([], 0), (["--png", "angles.png"], 1)])
def test_without_matplotlib_it_prints_all_the_same(
    tmp_path: Path, png: list[str], status: int
) -> None:
    # A folder first on the path whose matplotlib can't be imported stands for a machine without it.
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')")
    run = subprocess.run(
        [sys.executable, "manage.py", "explain", "angles", *png],
        cwd=settings.BASE_DIR,
        env={"PYTHONPATH": str(tmp_path), "DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert run.returncode == status
    assert "Drawing needs matplotlib, which `make test` installs." in (run.stderr or run.stdout)
    assert "Directions pile up" in run.stdout
