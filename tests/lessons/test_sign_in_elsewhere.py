"""Log-in by another server of OpenID Connect: a real one, on this machine."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lessons.study.models import Learner
from tests.lessons.test_accounts import LOG_IN, SIGN_UP, is_logged_in, keeps
from tests.oidc_server import CLIENT_ID, CLIENT_SECRET, LEA, OidcServer, running

GO = reverse("go_to_server", args=["school"])
BACK = reverse("openid_connect_callback", args=["school"])
PASSWORD = "spherical-cow"


@pytest.fixture(scope="module")
def server() -> Iterator[OidcServer]:
    with running() as server:
        yield server


@pytest.fixture
def school(server: OidcServer, db: None, settings: Settings) -> OidcServer:
    """Another server that this site knows; Lea is logged in there."""
    server.person, server.told_otherwise, server.userinfo_otherwise = dict(LEA), {}, {}
    server.refuses = server.is_broken = False
    server.signs_with = server.key
    server.asked.clear()
    known: dict[str, Any] = {"provider_id": "school", "name": "Hill School"}
    known |= {"client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    known |= {"settings": {"server_url": server.url}}
    settings.SIGN_IN_SERVERS = [known]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [known], "OAUTH_PKCE_ENABLED": True}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return server


def way_there(client: Client, **sent: str) -> str:
    """The address that the page on the way leads to."""
    page = client.post(GO, sent)
    assert page.status_code == 200, page
    _, _, rest = page.text.partition('content="0; url=')
    return unescape(rest.partition('"')[0])


def goes(client: Client, **sent: str) -> Any:
    """There and back again, as a browser does; the page that it ends on."""
    sent_back = requests.get(way_there(client, **sent), allow_redirects=False, timeout=5)
    return client.get(sent_back.headers["Location"], follow=True)


def where(response: Any) -> str:
    path: str = response.redirect_chain[-1][0]
    return path


def test_who_comes_for_the_first_time_has_an_account(client: Client, school: OidcServer) -> None:
    page = goes(client)

    assert where(page) == reverse("lesson_list")
    assert "What you study from now on is kept." in page.text
    assert is_logged_in(client)
    lea = User.objects.get()
    assert [lea.username, lea.is_staff, lea.has_usable_password()] == ["lea", False, False]
    assert school.asked == [
        *["/.well-known/openid-configuration", "/authorize", "/.well-known/openid-configuration"],
        *["/token", "/userinfo", "/jwks"],
    ]


def test_who_comes_again_has_the_same_account(client: Client, school: OidcServer) -> None:
    goes(client)
    school.person["preferred_username"] = "lea-marie"
    another_browser = Client()
    goes(another_browser)

    assert is_logged_in(another_browser)
    assert [user.username for user in User.objects.all()] == ["lea"]


def test_a_name_that_is_taken_is_no_way_into_that_account(
    client: Client, school: OidcServer
) -> None:
    User.objects.create_superuser("lea", email=LEA["email"])
    goes(client)

    assert User.objects.get(is_superuser=False).username != "lea"
    assert int(client.session["_auth_user_id"]) == User.objects.get(is_superuser=False).pk


def test_where_one_was_going_is_kept(client: Client, school: OidcServer) -> None:
    page = client.get(LOG_IN, {"next": "/study/"}).text
    assert "Continue with Hill School" in page
    assert 'name="next" value="/study/"' in page

    assert where(goes(client, next="/study/")) == "/study/"
    assert where(goes(Client(), next="https://elsewhere.example/")) == reverse("lesson_list")


def test_what_the_device_studied_comes_along(client: Client, school: OidcServer) -> None:
    keeps(client, Learner.objects.create(new_per_day=3))
    goes(client)

    assert Learner.objects.get().user == User.objects.get()


def test_the_second_factor_is_asked_for_here_too(client: Client, school: OidcServer) -> None:
    goes(client)
    client.logout()
    TOTP.activate(User.objects.get(), generate_totp_secret())

    assert where(goes(client)) == reverse("mfa_authenticate")
    assert not is_logged_in(client)


def test_who_turns_back_there_is_told_so(client: Client, school: OidcServer) -> None:
    school.refuses = True
    page = goes(client)

    assert where(page) == LOG_IN
    assert "You came back from Hill School without logging in there." in page.text
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "lie", [{"aud": "another-site"}, {"iss": "https://elsewhere.example"}, {"exp": 1}]
)
def test_a_token_for_somebody_else_or_of_the_past_is_worth_nothing(
    client: Client, school: OidcServer, lie: dict[str, Any]
) -> None:
    school.told_otherwise = lie

    is_refused(client)


def test_a_token_that_another_signed_is_worth_nothing(client: Client, school: OidcServer) -> None:
    school.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    is_refused(client)


def test_a_token_and_details_of_two_people_are_worth_nothing(
    client: Client, school: OidcServer
) -> None:
    school.userinfo_otherwise = {"sub": "of-the-head-teacher"}

    is_refused(client)


def is_refused(client: Client) -> None:
    page = goes(client)
    assert where(page) == LOG_IN
    assert "Hill School can’t be used for logging in just now." in page.text
    assert not is_logged_in(client)
    assert not User.objects.exists()


def test_an_answer_that_this_browser_did_not_ask_for_is_worth_nothing(
    client: Client, school: OidcServer
) -> None:
    answer = requests.get(way_there(client), allow_redirects=False, timeout=5).headers["Location"]
    victim = Client()
    victim.get(answer)

    assert not is_logged_in(victim)
    assert "/token" not in school.asked


def test_a_server_that_is_broken_or_away_is_named(
    client: Client, school: OidcServer, settings: Settings
) -> None:
    school.is_broken = True
    page = client.post(GO, follow=True)
    assert where(page) == LOG_IN
    assert "Hill School can’t be used for logging in just now." in page.text

    settings.SIGN_IN_SERVERS[0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert "can’t be used for logging in" in client.post(GO, follow=True).text


def test_sign_up_can_be_closed_for_all_or_for_all_but_the_school(
    client: Client, school: OidcServer, settings: Settings
) -> None:
    settings.SIGN_UP_OPEN = settings.SIGN_UP_BY_SERVER = False
    assert "Sign-up is closed" in goes(client).text
    assert not User.objects.exists()

    settings.SIGN_UP_BY_SERVER = True
    assert where(goes(client)) == reverse("lesson_list")
    assert client.get(SIGN_UP).status_code == 404


def test_an_account_that_was_closed_stays_closed(client: Client, school: OidcServer) -> None:
    goes(client)
    client.logout()
    User.objects.update(is_active=False)

    assert "This account was closed." in goes(client).text
    assert not is_logged_in(client)


def test_an_account_is_connected_and_disconnected(client: Client, school: OidcServer) -> None:
    client.force_login(mia := User.objects.create_user("mia", password=PASSWORD))
    asked = goes(client, process="connect")
    assert where(asked).startswith(reverse("account_reauthenticate"))
    connected = client.post(where(asked), {"password": PASSWORD}, follow=True)
    assert "Connected. You can log in that way from now on." in connected.text
    other = Client()
    goes(other)
    assert int(other.session["_auth_user_id"]) == mia.pk

    page = client.post(reverse("disconnect", args=["school"]), follow=True)
    assert "Hill School and this account are disconnected." in page.text
    assert not SocialAccount.objects.exists()


def test_the_only_way_in_stays(client: Client, school: OidcServer) -> None:
    goes(client)
    page = client.post(reverse("disconnect", args=["school"]), follow=True)

    assert "Without Hill School you couldn’t log in any more." in page.text
    assert SocialAccount.objects.exists()
    assert client.get(reverse("change_password")).status_code == 404


def test_without_such_a_server_nothing_of_it_is_shown(client: Client, db: None) -> None:
    assert "Continue with" not in client.get(LOG_IN).text
    assert [client.post(GO).status_code, client.get(BACK).status_code] == [404, 404]
