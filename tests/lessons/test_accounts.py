import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

LOG_IN, LOG_OUT, SIGN_UP = reverse("log_in"), reverse("log_out"), reverse("sign_up")
PASSWORD = "spherical-cow"
NEW = {"username": "lea", "password1": PASSWORD, "password2": PASSWORD}


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def lea(db: None) -> User:
    return User.objects.create_user("lea", password=PASSWORD)


def test_signing_up_logs_in(client: Client, db: None) -> None:
    response = client.post(SIGN_UP, NEW)

    assert response["Location"] == reverse("lesson_list")
    assert is_logged_in(client)
    lea = User.objects.get()
    assert [lea.username, lea.is_staff, lea.is_superuser] == ["lea", False, False]


def test_a_password_that_is_too_short_is_named_at_its_field(client: Client, db: None) -> None:
    response = client.post(SIGN_UP, NEW | {"password1": "cow", "password2": "cow"})

    assert list(response.context["form"].errors) == ["password2"]
    assert "This password is too short." in response.text
    assert not User.objects.exists()


def test_sign_up_can_be_closed(client: Client, db: None, settings: Settings) -> None:
    settings.SIGN_UP_OPEN = False

    assert [client.get(SIGN_UP).status_code, client.post(SIGN_UP, NEW).status_code] == [404, 404]
    assert "Sign-up is closed" in client.get(SIGN_UP).text
    assert "Sign up" not in client.get(LOG_IN).text
    assert not User.objects.exists()


def test_logging_in_and_out(client: Client, lea: User) -> None:
    response = client.post(LOG_IN, {"username": "lea", "password": PASSWORD})
    assert response["Location"] == reverse("lesson_list")
    assert is_logged_in(client)

    assert client.get(LOG_OUT).status_code == 405
    assert client.post(LOG_OUT)["Location"] == reverse("landing")
    assert not is_logged_in(client)


def test_a_wrong_password(client: Client, lea: User) -> None:
    response = client.post(LOG_IN, {"username": "lea", "password": "wrong"})

    assert "Please enter a correct username and password." in response.text
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/lessons/angles/open-room/", "/lessons/angles/open-room/"),
        ("https://elsewhere.example/", "/lessons/"),
        ("//elsewhere.example/", "/lessons/"),
        ("javascript:alert(1)", "/lessons/"),
        ("", "/lessons/"),
    ],
)
def test_where_one_goes_afterwards(client: Client, db: None, wanted: str, reached: str) -> None:
    assert client.post(SIGN_UP, NEW | {"next": wanted})["Location"] == reached
    client.logout()
    log_in = {"username": "lea", "password": PASSWORD, "next": wanted}
    assert client.post(LOG_IN, log_in)["Location"] == reached


def test_the_way_is_kept_from_logging_in_to_signing_up(client: Client, db: None) -> None:
    page = client.get(LOG_IN, {"next": "/lessons/angles/open-room/"}).text

    assert f'href="{SIGN_UP}?next=/lessons/angles/open-room/"' in page
