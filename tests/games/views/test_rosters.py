"""Classes: written down once, changed with care, seen by their host alone."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from games import seats
from games.models import Pupil, Roster
from games.roster_forms import (
    PUPILS_MOST,
    AddPupilsForm,
    PupilForm,
    new_code,
)
from tests.games.views.conftest import as_, is_sent_to_log_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(hana: User) -> Roster:
    """Ada and Ben of hana's 7b."""
    roster = Roster.objects.create(host=hana, name="Class 7b")
    Pupil.objects.create(roster=roster, name="Ada", code="BCDFGH")
    Pupil.objects.create(roster=roster, name="Ben", code="JKMNPQ", time_factor=1.25)
    return roster


@pytest.fixture
def ada(roster: Roster) -> Pupil:
    return roster.pupils.get(name="Ada")


def names(roster: Roster) -> list[str]:
    return [pupil.name for pupil in roster.pupils.all()]


def url(name: str, roster: Roster, *more: int) -> str:
    return reverse(name, args=[roster.pk, *more])


def pasted(roster: Roster, text: str) -> list[str]:
    """What is wrong with a list of names."""
    form = AddPupilsForm(roster, {"names": text})
    form.is_valid()
    return [str(problem) for problem in form.errors.get("names", [])]


def test_a_class_is_made_and_filled(hana: User) -> None:
    client = as_(hana)

    made = client.post(reverse("roster_list"), {"name": "  7b  maths "})
    roster = Roster.objects.get(host=hana)
    added = client.post(url("add_pupils", roster), {"names": "Ada\r\n\r\n Ben \u200b\nÅsa\n"})
    page = text(client.get(url("roster", roster)))

    assert roster.name == "7b maths"
    assert made["Location"] == added["Location"] == url("roster", roster)
    assert names(roster) == ["Ada", "Ben", "Åsa"]
    codes = [pupil.code for pupil in roster.pupils.all()]
    assert len(set(codes)) == 3
    assert all(len(code) == 6 and seats.cleaned_code(code) == code for code in codes)
    assert all(code in page for code in codes)
    assert "7b maths" in text(client.get(reverse("roster_list")))


def test_two_classes_of_one_name_are_refused(roster: Roster, hana: User, noor: User) -> None:
    again = as_(hana).post(reverse("roster_list"), {"name": " Class 7b"})
    other_host = as_(noor).post(reverse("roster_list"), {"name": "Class 7b"})

    assert again.status_code == 422
    assert "You have a class of that name already." in text(again)
    assert other_host.status_code == 302


def test_a_wrong_line_is_named_and_nobody_is_added(roster: Roster, hana: User) -> None:
    typed = "Cleo\n\nada\n" + "x" * 21 + "\n\u200b\u200b.\nCleo\nСleo\n(-_-)"

    response = as_(hana).post(url("add_pupils", roster), {"names": typed})

    assert response.status_code == 422
    page = unescape(text(response))
    assert pasted(roster, typed) == [
        "Line 3: “ada” looks too much like “Ada”.",
        f"Line 4: “{'x' * 21}” has more than 20 characters.",
        "Line 6: “Cleo” is in the class already.",
        "Line 7: “Сleo” looks too much like “Cleo”.",
    ]
    assert all(problem in page for problem in pasted(roster, typed))
    assert "Cleo\n\nada" in page  # what was typed is still there
    assert names(roster) == ["Ada", "Ben"]
    assert pasted(roster, "\u200b") == ["Line 1: A name needs at least one letter or digit."]


def test_a_class_has_an_end(roster: Roster) -> None:
    many = "\n".join(f"Pupil {n:03}b" for n in range(PUPILS_MOST - 1))

    assert pasted(roster, many) == [f"A class has at most {PUPILS_MOST} pupils."]


def test_a_pupil_is_renamed_and_gets_more_time(roster: Roster, ada: Pupil, hana: User) -> None:
    change = url("change_pupil", roster, ada.pk)

    response = as_(hana).post(change, {"do": "save", "name": "Ada L", "time_factor": "1.5"})

    ada.refresh_from_db()
    assert response["Location"] == url("roster", roster)
    assert (ada.name, ada.time_factor, ada.code) == ("Ada L", 1.5, "BCDFGH")
    assert "time × 1.5" in text(as_(hana).get(url("roster", roster)))


def test_a_pupil_keeps_an_own_name_in_other_letters(roster: Roster, ada: Pupil) -> None:
    assert PupilForm({"name": "ADA", "time_factor": "1"}, instance=ada).is_valid()


@pytest.mark.parametrize(
    ("name", "factor", "problem"),
    [
        ("Ben", "1", "“Ben” is in the class already."),
        ("bEn", "1", "looks too much like “Ben”."),
        ("", "1", "This field is required."),
        ("\u200b", "1", "A name needs at least one letter or digit."),
        ("Ada", "1.3", "Select a valid choice."),
        ("Ada", "nan", "Select a valid choice."),
    ],
)
def test_a_pupil_stays_as_before_after_an_error(
    roster: Roster, ada: Pupil, hana: User, name: str, factor: str, problem: str
) -> None:
    change = url("change_pupil", roster, ada.pk)

    response = as_(hana).post(change, {"do": "save", "name": name, "time_factor": factor})

    assert response.status_code == 422
    assert problem in unescape(text(response))
    assert '<span class="name">Ada</span>' in text(response)
    assert text(response).count("<details open>") == 1
    assert names(roster) == ["Ada", "Ben"]


def test_a_pupil_gets_another_code(roster: Roster, ada: Pupil, hana: User) -> None:
    as_(hana).post(url("change_pupil", roster, ada.pk), {"do": "code"})

    ada.refresh_from_db()
    assert ada.code != "BCDFGH"
    assert len(ada.code) == 6


def test_a_code_is_nobody_elses() -> None:
    made = iter(["DDDDDD", "CCCCCC"])

    assert new_code({"DDDDDD"}, lambda: next(made)) == "CCCCCC"


def test_a_pupil_leaves(roster: Roster, ada: Pupil, hana: User) -> None:
    as_(hana).post(url("change_pupil", roster, ada.pk), {"do": "remove"})

    assert names(roster) == ["Ben"]


def test_a_class_is_renamed_and_removed(roster: Roster, hana: User) -> None:
    Roster.objects.create(host=hana, name="7c")
    client = as_(hana)

    refused = client.post(url("rename_roster", roster), {"name": "7c"})
    client.post(url("rename_roster", roster), {"name": "8b"})

    roster.refresh_from_db()
    assert (refused.status_code, roster.name) == (422, "8b")
    assert "<h1>Class 7b</h1>" in text(refused)
    client.post(url("remove_roster", roster))
    assert [roster.name for roster in Roster.objects.all()] == ["7c"]


def test_slips_have_each_name_with_its_code(roster: Roster, hana: User) -> None:
    response = as_(hana).get(url("code_slips", roster))

    assert all(word in text(response) for word in ("Ada", "BCDFGH", "Ben", "JKMNPQ"))
    assert "× 1.25" not in text(response)  # others may see the slip
    assert "no-store" in response["Cache-Control"]


def test_a_class_is_its_hosts(roster: Roster, ada: Pupil, noor: User, client: Client) -> None:
    pages = [url("roster", roster), url("code_slips", roster)]
    posts = [
        url("add_pupils", roster),
        url("rename_roster", roster),
        url("remove_roster", roster),
        url("change_pupil", roster, ada.pk),
    ]
    theirs = {"names": "Eve", "name": "Eve", "do": "remove"}

    assert [as_(noor).get(page).status_code for page in pages] == [404] * 2
    assert [as_(noor).post(page, theirs).status_code for page in posts] == [404] * 4
    assert all(is_sent_to_log_in(client.get(page)) for page in [*pages, reverse("roster_list")])
    assert all(is_sent_to_log_in(client.post(page, theirs)) for page in posts)
    assert "Class 7b" not in text(as_(noor).get(reverse("roster_list")))
    assert names(roster) == ["Ada", "Ben"]


def test_a_pupil_is_changed_through_the_own_class_alone(
    roster: Roster, ada: Pupil, hana: User, noor: User
) -> None:
    other = Roster.objects.create(host=noor, name="9a")

    response = as_(noor).post(url("change_pupil", other, ada.pk), {"do": "remove"})

    assert response.status_code == 404
    assert names(roster) == ["Ada", "Ben"]


def test_what_changes_a_class_is_posted(roster: Roster, ada: Pupil, hana: User) -> None:
    client = as_(hana)

    for page in ("add_pupils", "rename_roster", "remove_roster"):
        assert client.get(url(page, roster)).status_code == 405
    assert client.get(url("change_pupil", roster, ada.pk)).status_code == 405
    assert client.post(url("roster", roster)).status_code == 405


def test_a_name_is_shown_and_never_run(roster: Roster, hana: User) -> None:
    as_(hana).post(url("add_pupils", roster), {"names": "<b>Eve</b>"})

    for page in ("roster", "code_slips"):
        shown = text(as_(hana).get(url(page, roster)))
        assert "<b>Eve" not in shown
        assert "&lt;b&gt;Eve&lt;/b&gt;" in shown
