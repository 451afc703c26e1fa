"""What pages and cookies allow, with and without TLS; and what an upload can't do."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lessons import images
from lessons.authoring.uploads import read_upload
from lessons.formats import Unreadable
from quizgame.settings import sign_in_servers
from tests.lessons.conftest import drawing
from tests.test_settings import manage

SECRET = "a-key-that-is-long-enough-for-everybody-who-checks-that-it-is-0123456789"


def test_behind_tls_django_finds_nothing_to_mend(tmp_path: Path) -> None:
    ended = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        DATA_DIR=str(tmp_path),
        HTTPS="yes",
        SECRET_KEY=SECRET,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


VISITS = """
from django.test import Client
for secure in (True, False):
    page = Client().get("/accounts/log-in/", secure=secure, HTTP_HOST="192.0.2.7")
    cookie = page.cookies["csrftoken"] if page.cookies else {"secure": "-"}
    told = [page.get(name, "-") for name in ("Location", "Strict-Transport-Security", "Cross-Origin-Opener-Policy")]
    print(page.status_code, *told, bool(cookie["secure"]))
"""


def visits(tmp_path: Path, **environment: str) -> list[str]:
    """What a browser is told that asks for the log-in page, by TLS and without."""
    ended = manage("shell", "-v", "0", "-c", VISITS, DATA_DIR=str(tmp_path), **environment)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_behind_tls_everything_is_for_tls_alone(tmp_path: Path) -> None:
    assert visits(tmp_path, HTTPS="yes") == [
        "200 - max-age=2592000 same-origin True",
        "301 https://192.0.2.7/accounts/log-in/ - same-origin True",
    ]


def test_a_proxy_may_do_some_of_it_itself(tmp_path: Path) -> None:
    assert visits(tmp_path, HTTPS="yes", HTTPS_REDIRECT="no", HSTS_DAYS="0") == [
        "200 - - same-origin True",
        "200 - - same-origin True",
    ]


def test_a_laptop_in_a_classroom_is_reached_by_its_address_without_tls(tmp_path: Path) -> None:
    # Browsers would ignore an opener policy there, with a warning.
    assert visits(tmp_path)[1] == "200 - - - False"


@pytest.mark.django_db
def test_cookies_are_for_this_site_and_not_for_scripts(client: Client) -> None:
    User.objects.create_user("lea", password="spherical-cow")
    client.post(reverse("log_in"), {"username": "lea", "password": "spherical-cow"})
    told = {
        name: (bool(cookie["httponly"]), cookie["samesite"])
        for name, cookie in client.cookies.items()
    }

    assert told == {
        # Forms that scripts send carry it.
        "csrftoken": (False, "Lax"),
        "known_device": (True, "Lax"),
        "sessionid": (True, "Lax"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/no-such-page/", "/media/" + "0" * 32 + ".webp"])
def test_every_answer_has_its_fences(client: Client, address: str) -> None:
    told = client.get(address).headers

    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY"
    assert told["Referrer-Policy"] == "same-origin"
    features = re.findall(r"([a-z-]+)=\(\)", told["Permissions-Policy"])
    assert {"camera", "microphone", "geolocation"} <= set(features)
    assert "fullscreen" not in features  # the projector's


SCHOOL = {
    "OIDC_SERVER": "https://id.school.example/",
    "OIDC_CLIENT_ID": "quizgame",
    "OIDC_CLIENT_SECRET": "between-us",
}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"OIDC_SERVER": "https://id.school.example"},
            "OIDC_SERVER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET need each other:"
            " OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are missing.",
        ),
        (
            {"GOOGLE_CLIENT_SECRET": "x"},
            "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET need each other:"
            " GOOGLE_CLIENT_ID is missing.",
        ),
        (
            {"MICROSOFT_CLIENT_ID": "x", "MICROSOFT_CLIENT_SECRET": "y"},
            "MICROSOFT_TENANT, MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET need each other:"
            " MICROSOFT_TENANT is missing.",
        ),
        (
            {
                "MICROSOFT_CLIENT_ID": "x",
                "MICROSOFT_CLIENT_SECRET": "y",
                "MICROSOFT_TENANT": "common",
            },
            "MICROSOFT_TENANT must be your own organisation’s id, not “common”.",
        ),
        (
            SCHOOL | {"OIDC_SERVER": "http://id.school.example"},
            "OIDC_SERVER must start with https://, not “http://id.school.example”.",
        ),
        (
            SCHOOL | {"OIDC_SERVER": "id.school.example"},
            "OIDC_SERVER must start with http:// or https://, not “id.school.example”.",
        ),
    ],
)
def test_half_a_server_stops_the_start(
    given: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        sign_in_servers()


def test_the_servers_people_may_log_in_by(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in_servers() == []
    for name, value in {
        **SCHOOL,
        "OIDC_NAME": "Hill School",
        **{"GOOGLE_CLIENT_ID": "g", "GOOGLE_CLIENT_SECRET": "h"},
        **{"MICROSOFT_CLIENT_ID": "m", "MICROSOFT_CLIENT_SECRET": "n", "MICROSOFT_TENANT": "t"},
    }.items():
        monkeypatch.setenv(name, value)

    assert [(one["name"], one["settings"]) for one in sign_in_servers()] == [
        ("Hill School", {"server_url": "https://id.school.example"}),
        ("Microsoft", {"server_url": "https://login.microsoftonline.com/t/v2.0"}),
        ("Google", {"server_url": "https://accounts.google.com"}),
    ]


# Uploads


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_hides_behind_an_image_is_left_behind(
    format: str, settings: Settings, tmp_path: Path
) -> None:
    """A file may be an image and something else besides; what is kept is the pixels."""
    settings.MEDIA_ROOT = tmp_path
    page = b"<script>alert(document.cookie)</script>"
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.html", page)
    kept = images.keep(drawing("green", format) + page + archive.getvalue())

    data = images.kept_bytes(kept.file)
    assert data
    assert data.startswith(b"RIFF")
    assert b"script" not in data
    assert not zipfile.is_zipfile(BytesIO(data))


def test_a_comment_in_an_image_is_left_behind(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = images.keep(drawing("red", "GIF", comment=b"*/=alert(1)//"))

    assert b"alert" not in (images.kept_bytes(kept.file) or b"")


def with_document(xml: str, **others: str) -> bytes:
    """A Word file with this text in place of its own, and with other files in it."""
    plain, changed = BytesIO(), BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            is_text = entry.filename == "word/document.xml"
            new.writestr(entry.filename, xml if is_text else old.read(entry))
        for name, text in others.items():
            new.writestr(name, text)
    return changed.getvalue()


BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Seen &{entity};</w:t></w:r></w:p></w:body></w:document>"
)


def test_a_word_file_reads_no_other_file_and_writes_none(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key to everything")
    outside = str(tmp_path / "planted")
    doctype = f'<!DOCTYPE d [<!ENTITY other SYSTEM "{secret.as_uri()}">]>'
    data = with_document(doctype + BODY.format(entity="other"), **{outside: "x", "../../up": "x"})
    draft = read_upload("../../../etc/notes.docx", data)

    assert [section.notes for section in draft.sections] == ["Seen"]
    assert [draft.slug, draft.title] == ["notes", "Notes"]
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_a_word_file_that_grows_without_end_is_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    with pytest.raises(Unreadable):
        read_upload(
            "laughs.docx", with_document(f"<!DOCTYPE d [{laughs}]>" + BODY.format(entity="l11"))
        )
