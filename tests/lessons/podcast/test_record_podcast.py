"""The command that speaks a lesson into a file, and says what is wrong in a sentence."""

import io
import shutil
from pathlib import Path

import pytest
import soundfile
from django.core.management import CommandError, call_command

from lessons.podcast.script import Chapter, Script, Turn

TALK = Script(chapters=(Chapter(title="One", turns=(Turn(speaker="a", text="Hello there."),)),))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.json"
    path.write_text(TALK.model_dump_json())
    return path


@pytest.mark.skipif(not shutil.which("flite"), reason="no flite here")
def test_a_script_is_spoken_and_measured(script: Path, tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("record_podcast", str(script), tmp_path / "a.mp3", voices="flite", stdout=said)

    assert soundfile.info(tmp_path / "a.mp3").format == "MP3"
    lines = dict(line.split(maxsplit=1) for line in said.getvalue().splitlines()[:1])
    assert lines == {"voices": "flite"}
    assert "turns, words               1, 2\nduration                   0:01\n" in said.getvalue()


def test_what_isnt_there_is_named(script: Path, tmp_path: Path) -> None:
    german = tmp_path / "de.json"
    german.write_text(TALK.model_copy(update={"language": "tlh"}).model_dump_json())
    (tmp_path / "no.json").write_text("{}")

    for lesson, to, problem in [
        (german, tmp_path / "a.mp3", "No voices here speak “tlh”."),
        (tmp_path / "no.json", tmp_path / "a.mp3", f"{tmp_path}/no.json isn't a script."),
        (tmp_path / "gone.json", tmp_path, f"{tmp_path}/gone.json can't be read: No such file"),
    ]:
        with pytest.raises(CommandError) as failed:
            call_command("record_podcast", str(lesson), to)
        assert str(failed.value).startswith(problem)


@pytest.mark.django_db
def test_an_unknown_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is neither a file nor a lesson “vectors”\.$"):
        call_command("record_podcast", "vectors", tmp_path / "a.mp3")
