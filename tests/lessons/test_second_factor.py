"""Codes of a phone, spare codes, and staff who must have them."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games import seats
from lessons.study.models import Learner
from lessons.throttles import OF_CODE
from tests.lessons.test_accounts import LOG_IN, LOG_OUT, is_logged_in, keeps

PASSWORD = "spherical-cow"
SECRET = generate_totp_secret()
ENTER, SET_UP = reverse("mfa_authenticate"), reverse("mfa_activate_totp")
CODE_AGAIN = reverse("mfa_reauthenticate")
ACCOUNT, AGAIN = reverse("account"), reverse("account_reauthenticate")


@pytest.fixture(autouse=True)
def _fast_and_alone(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    caches["default"].clear()


@pytest.fixture
def lea(db: None) -> User:
    return User.objects.create_user("lea", password=PASSWORD)


@pytest.fixture
def locked(lea: User) -> User:
    """Lea, with a second factor and spare codes."""
    TOTP.activate(lea, SECRET)
    RecoveryCodes.activate(lea)
    return lea


def code(steps: int = 0, secret: str = SECRET) -> str:
    """What the phone shows now, or half a minute later or earlier for each step."""
    shown: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
    return shown


def logs_in(client: Client, username: str = "lea", **sent: str) -> Any:
    return client.post(LOG_IN, {"username": username, "password": PASSWORD, **sent}, follow=True)


def where(response: Any) -> str:
    path: str = response.redirect_chain[-1][0]
    return path


def test_the_password_alone_logs_nobody_in(client: Client, locked: User) -> None:
    assert where(logs_in(client, next="/study/")) == ENTER
    assert not is_logged_in(client)
    assert client.get(ACCOUNT).status_code == 302

    assert client.post(ENTER, {"code": code()})["Location"] == "/study/"
    assert is_logged_in(client)


def test_the_device_comes_along_after_the_code_and_not_before(client: Client, locked: User) -> None:
    keeps(client, device := Learner.objects.create())
    logs_in(client)
    assert Learner.objects.get(pk=device.pk).user is None
    client.post(ENTER, {"code": code()})

    assert Learner.objects.get(pk=device.pk).user == locked


def test_a_wrong_code_says_so(client: Client, locked: User) -> None:
    logs_in(client)
    wrong = f"{(int(code()) + 1) % 10**6:06}"
    page = client.post(ENTER, {"code": wrong})

    assert "This code isn’t right." in page.text
    assert not is_logged_in(client)


def test_a_phone_may_be_half_a_minute_off(client: Client, locked: User) -> None:
    logs_in(client)
    client.post(ENTER, {"code": code(-1)})

    assert is_logged_in(client)


def test_a_code_logs_in_once(client: Client, locked: User) -> None:
    seen_over_the_shoulder = code()
    logs_in(client)
    client.post(ENTER, {"code": seen_over_the_shoulder})
    other = Client()
    logs_in(other)
    other.post(ENTER, {"code": seen_over_the_shoulder})

    assert not is_logged_in(other)


def test_a_code_is_used_up_for_other_processes_too(client: Client, locked: User) -> None:
    used = code()
    logs_in(client)
    client.post(ENTER, {"code": used})
    caches["default"].clear()  # another process has one of its own
    other = Client()
    logs_in(other)
    page = other.post(ENTER, {"code": used})

    assert "This code was used already. Wait for the next one." in page.text
    assert not is_logged_in(other)


def test_a_spare_code_logs_in_once(client: Client, locked: User) -> None:
    spare = Authenticator.objects.get(user=locked, type="recovery_codes").wrap().get_unused_codes()
    for browser, logged_in in ((client, True), (Client(), False)):
        logs_in(browser)
        browser.post(ENTER, {"code": spare[0]})
        assert is_logged_in(browser) == logged_in


def test_codes_are_not_guessed(client: Client, locked: User) -> None:
    logs_in(client)
    for n in range(OF_CODE.limit.amount):
        assert client.post(ENTER, {"code": f"{n}"}).status_code == 200
    refused = client.post(ENTER, {"code": code()})

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 300
    assert not is_logged_in(client)
    # Another browser, which knows the password as well, is no way around.
    other = Client()
    logs_in(other)
    assert other.post(ENTER, {"code": code()}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_setting_it_up(client: Client, lea: User) -> None:
    logs_in(client)
    assert (
        "Off. With one, logging in takes a code of your phone as well." in client.get(ACCOUNT).text
    )
    asked = client.get(SET_UP, follow=True)
    assert where(asked).startswith(AGAIN)
    client.post(where(asked), {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    wrong = client.post(SET_UP, {"code": "abc"})
    assert "This code isn’t right." in wrong.text
    assert secret in wrong.text  # the phone needn't scan again
    spare = client.post(SET_UP, {"code": code(secret=secret)}, follow=True)

    assert "The second factor is on." in spare.text
    assert len(spare.context["unused_codes"]) == 10
    assert all(f"<code>{one}</code>" in spare.text for one in spare.context["unused_codes"])
    assert "no-store" in spare["Cache-Control"]
    page = client.get(ACCOUNT).text
    assert "You have 10 spare codes left." in page
    client.post(LOG_OUT)
    assert where(logs_in(client)) == ENTER


def test_spare_codes_are_made_anew(client: Client, locked: User) -> None:
    confirms(client)
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    made = client.post(reverse("mfa_generate_recovery_codes"), follow=True)

    assert not set(old) & set(made.context["unused_codes"])


def test_turning_it_off(client: Client, locked: User) -> None:
    confirms(client)
    page = client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert "The second factor is off." in page.text
    assert not Authenticator.objects.exists()


def test_what_changes_the_way_in_asks_who_it_is(client: Client, locked: User) -> None:
    """For who finds a laptop that is logged in."""
    client.force_login(locked)
    for name in (
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ):
        assert client.get(reverse(name))["Location"].startswith(AGAIN), name
        assert client.post(reverse(name)).status_code in (302, 405), name
    assert Authenticator.objects.count() == 2
    for _ in range(OF_CODE.limit.amount):
        client.post(AGAIN, {"password": "wrong"})
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 429
    assert client.post(reverse("mfa_reauthenticate"), {"code": code()}).status_code == 429


def confirms(client: Client) -> None:
    logs_in(client)
    client.post(ENTER, {"code": code()})
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 302


# Staff


@pytest.fixture
def sam(db: None, settings: Settings) -> User:
    """Looks after a site that asks its staff for a second factor."""
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    return User.objects.create_superuser("sam", password=PASSWORD)


@pytest.mark.parametrize("page", ["/admin/", "/lessons/", "/games/", "/study/", "/accounts/"])
def test_staff_set_one_up_before_anything_else(client: Client, sam: User, page: str) -> None:
    logs_in(client, "sam")
    assert client.get(page)["Location"] == SET_UP
    assert client.post(page)["Location"] == SET_UP
    confirm = client.get(SET_UP, follow=True)
    client.post(where(confirm), {"password": PASSWORD})
    assert "This site asks its staff for a second factor." in client.get(SET_UP).text

    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": code(secret=secret)})
    assert client.get(page).status_code == 200


def test_a_session_of_staff_from_before_is_asked_for_the_code(client: Client, sam: User) -> None:
    stolen = client
    logs_in(stolen, "sam")
    TOTP.activate(sam, SECRET)  # sam, elsewhere

    assert where(stolen.get("/admin/", follow=True)) == f"{CODE_AGAIN}?next=%2Fadmin%2F"
    assert stolen.post("/admin/")["Location"] == CODE_AGAIN
    assert stolen.post(f"{CODE_AGAIN}?next=/admin/", {"code": code()})["Location"] == "/admin/"
    assert stolen.get("/admin/").status_code == 200


def test_staff_keep_it(client: Client, sam: User) -> None:
    TOTP.activate(sam, SECRET)
    logs_in(client, "sam")
    client.post(ENTER, {"code": code()})
    client.post(AGAIN, {"password": PASSWORD})
    refused = client.post(reverse("mfa_deactivate_totp"))

    assert "This site asks its staff for a second factor." in refused.text
    assert Authenticator.objects.exists()
    assert reverse("mfa_deactivate_totp") not in client.get(ACCOUNT).text


def test_staff_without_one_can_log_out(client: Client, sam: User) -> None:
    logs_in(client, "sam")
    client.post(LOG_OUT)

    assert not is_logged_in(client)


def test_others_need_none(client: Client, sam: User, lea: User) -> None:
    logs_in(client)

    assert client.get("/games/").status_code == 200


def test_the_admin_has_no_door_of_its_own(client: Client, sam: User) -> None:
    TOTP.activate(sam, SECRET)
    door = client.get("/admin/", follow=True)
    assert where(door) == f"{LOG_IN}?next=%2Fadmin%2F"
    for address in ("/admin/login/", "/admin/login/?next=/admin/"):
        client.post(address, {"username": "sam", "password": PASSWORD})
        assert not is_logged_in(client)
    assert where(logs_in(client, "sam", next="/admin/")) == ENTER

    assert client.post(ENTER, {"code": code()})["Location"] == "/admin/"


def test_who_is_no_staff_is_not_sent_round_in_circles(client: Client, lea: User) -> None:
    logs_in(client)

    assert client.get("/admin/", follow=True).status_code == 403
