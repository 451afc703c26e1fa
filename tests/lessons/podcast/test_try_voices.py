"""The command that hears the voices of a machine, and fails where one that must speak can't."""

import io
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.skipif(not shutil.which("flite"), reason="no flite here")
def test_a_voice_that_speaks_is_timed() -> None:
    said = io.StringIO()
    call_command("try_voices", "flite", stdout=said)

    assert re.fullmatch(
        r"flite      flite speaks: \d\.\d s of work for \d+\.\d s of speech\n", said.getvalue()
    )


def test_a_voice_that_must_speak_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = io.StringIO()

    with pytest.raises(CommandError, match=r"^Not here, for en: flite\.$"):
        call_command("try_voices", "flite", stdout=said)
    assert said.getvalue() == "flite      isn’t here, or speaks another language\n"
    with pytest.raises(CommandError, match=r"^Not a kind of voice: piper\.$"):
        call_command("try_voices", "piper")
    call_command("try_voices", "--language", "tlh", stdout=said)
    assert said.getvalue().count("isn’t here") == 5
