import pytest
from django.contrib.auth.models import User
from django.core.signing import get_cookie_signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from games import seats
from lessons.models import Lesson
from lessons.study.learners import COOKIE
from lessons.study.models import Learner, Run
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import Item, rate
from lessons.throttles import OF_CODE

LOG_IN, LOG_OUT, SIGN_UP = reverse("log_in"), reverse("log_out"), reverse("sign_up")
PASSWORD = "spherical-cow"
NEW_ONES = ("new_password1", "new_password2")
NEW = {"username": "lea", "password1": PASSWORD, "password2": PASSWORD}


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture(autouse=True)
def _fast_and_alone(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"


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


def test_what_a_device_studied_comes_along(client: Client, lesson: Lesson) -> None:
    keeps(client, learner := Learner.objects.create())
    rate(
        learner, Item(lesson.pk, lesson.flashcards.get().pk, "forward"), Rating.Good, timezone.now()
    )
    Run.objects.create(learner=learner, lesson=lesson, title="Angles", quiz=[])
    response = client.post(SIGN_UP, NEW, follow=True)

    assert "What you studied on this device came along: 1 card and 1 quiz." in response.text
    assert Learner.objects.get().user == User.objects.get(username="lea")


def test_only_what_there_is_is_said_to_come_along(client: Client, lesson: Lesson) -> None:
    keeps(client, learner := Learner.objects.create())
    Run.objects.create(learner=learner, lesson=lesson, title="Angles", quiz=[])
    page = client.post(SIGN_UP, NEW, follow=True).text

    assert "What you studied on this device came along: 1 quiz." in page


def test_a_device_that_only_chose_settings_brings_nothing(client: Client, db: None) -> None:
    keeps(client, Learner.objects.create(new_per_day=3))
    page = client.post(SIGN_UP, NEW, follow=True).text

    assert "What you study from now on is kept." in page
    assert Learner.objects.get().new_per_day == 3


def test_who_studied_nothing_is_welcome_too(client: Client, db: None) -> None:
    assert "What you study from now on is kept." in client.post(SIGN_UP, NEW, follow=True).text
    assert not Learner.objects.exists()


def test_logging_in_takes_the_device_along(client: Client, lea: User) -> None:
    account = Learner.objects.create(user=lea)
    keeps(client, Learner.objects.create())
    client.post(LOG_IN, {"username": "lea", "password": PASSWORD})

    assert list(Learner.objects.all()) == [account]


@pytest.mark.parametrize("log_out", [LOG_OUT, "/admin/logout/"])
def test_after_logging_out_the_device_is_nobodys(client: Client, lea: User, log_out: str) -> None:
    Learner.objects.create(user=lea)
    client.post(LOG_IN, {"username": "lea", "password": PASSWORD})
    client.get(reverse("study"))
    assert client.cookies[COOKIE].value
    client.post(log_out)

    assert not client.cookies[COOKIE].value


def test_a_password_is_changed(client: Client, lea: User) -> None:
    client.post(LOG_IN, {"username": "lea", "password": PASSWORD})
    elsewhere = Client()
    elsewhere.post(LOG_IN, {"username": "lea", "password": PASSWORD})
    page = reverse("change_password")
    weak = client.post(page, {"old_password": PASSWORD} | dict.fromkeys(NEW_ONES, "cow"))
    assert "This password is too short." in weak.text
    new = dict.fromkeys(NEW_ONES, "cylindrical-cow")
    changed = client.post(page, new | {"old_password": PASSWORD}, follow=True)

    assert "Your password is new. Other devices are logged out." in changed.text
    assert client.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert User.objects.get().check_password("cylindrical-cow")


def test_who_finds_a_laptop_cannot_guess_its_password(client: Client, lea: User) -> None:
    client.force_login(lea)
    page = reverse("change_password")
    new = dict.fromkeys(NEW_ONES, "cylindrical-cow")
    for _ in range(OF_CODE.limit.amount):
        assert client.post(page, new | {"old_password": "wrong"}).status_code == 200

    assert client.post(page, new | {"old_password": PASSWORD}).status_code == 429
    assert User.objects.get().check_password(PASSWORD)


def keeps(client: Client, learner: Learner) -> None:
    """The browser has that learner's cookie."""
    client.cookies[COOKIE] = get_cookie_signer(salt=COOKIE).sign(learner.key)
