"""Opening a room: two clicks for who needs no reading, everything for who looks for it."""

import json
from html import unescape
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from games import moves
from games.forms import APPLIES, GROUPS, SAID, OpenRoomForm
from games.models import HostPreferences, Pupil, Roster
from games.protocol import AskingStage, Stage
from games.room import Room
from games.rules import GENERATED_TEAM_NAMES, Phase, RoomSettings, RosterEntry
from games.stages import worked_out
from games.store import connected
from lessons.authoring.deciding import accept
from lessons.authoring.draft import Draft
from lessons.authoring.making import keep
from lessons.models import Lesson, Section
from lessons.questions import TypedText
from lessons.shown import question_view
from lessons.spans import Span
from tests.games.conftest import CAPITAL
from tests.games.views.conftest import as_, is_sent_to_log_in, look, text

pytestmark = pytest.mark.django_db

URL = "/lessons/vectors/open-room/"
USUAL = {
    "teams": "none",
    "team_count": "3",
    "team_names": "",
    "team_score": "mean",
    "team_talk_s": "0",
    "scoring": "standard",
    "revote_talk_s": "60",
    "has_standings": "on",
    "has_sounds": "on",
    "roster": "",
    "late_join": "on",
    "nicknames": "typed",
    "filters_nicknames": "on",
    "get_ready_s": "3",
    "result_s": "8",
    "explanation_s": "20",
    "standings_s": "6",
}
"""What a browser sends when the teacher only presses the button."""


@pytest.fixture
def roster(hana: User) -> Roster:
    roster = Roster.objects.create(host=hana, name="Class 7b")
    Pupil.objects.create(roster=roster, name="Ada", code="BCDFGH")
    Pupil.objects.create(roster=roster, name="Ben", code="JKMNPQ", time_factor=1.5)
    return roster


def room_of(response: Any) -> str:
    assert response.status_code == 302, response.context["form"].errors
    room: str = response["Location"].split("/")[2]
    assert response["Location"] == reverse("host", args=[room])
    return room


def opens(host: User, **changed: str) -> RoomSettings:
    """The settings of the room that this form opens; an empty value unticks a box."""
    return look(room_of(as_(host).post(URL, {**USUAL, **changed})))[2]


def open_groups(page: str) -> list[str]:
    return [key for key in GROUPS if f'data-group="{key}" open' in page]


def test_opening_a_room_needs_no_reading(lesson: Lesson, hana: User) -> None:
    client = as_(hana)
    page = client.get(URL)
    assert page.status_code == 200
    assert "Everything as usual" in text(page)
    assert open_groups(text(page)) == []

    state, quiz, chosen = look(room_of(client.post(URL, USUAL)))

    assert (state.phase, state.host) == (Phase.LOBBY, hana.pk)
    assert (quiz.slug, quiz.questions) == ("vectors", (CAPITAL,))
    assert chosen == RoomSettings()


def test_a_draft_that_was_accepted_is_asked(lesson: Lesson, hana: User) -> None:
    said = "Bern is the capital of Switzerland."
    Section.objects.create(lesson=lesson, title="Capitals", notes=said)
    lesson.questions.all().delete()
    question = TypedText(prompt="What is the capital of Switzerland?", accepted=("Bern",))
    keep(lesson, [Draft(question, "Capitals", Span("section", 0, 0, len(said)), said, 1)], "")
    accept(lesson.proposals.get().pk, hana)

    room = room_of(as_(hana).post(URL, {**USUAL, "get_ready_s": "0"}))

    assert async_to_sync(begins)(room) == AskingStage(
        round=0, vote=1, question=question_view(question)
    )


async def begins(room: str) -> Stage:
    """The host's first press: what everyone sees then."""
    async with connected() as store:
        game = await store.read_game(room)
        assert game
        live = Room(room, store, *game)
        await moves.move_on(live, Phase.LOBBY, 0)
        state = await store.read_state(room)
        assert state
        return (await worked_out(live, state)).stage


def test_the_form_as_it_is_shown_is_the_usual_room(lesson: Lesson, hana: User) -> None:
    form = OpenRoomForm(hana)
    shown = {name: form.value_of(name) for name in form.fields}

    assert {name: value for name, value in shown.items() if value or name in USUAL} == USUAL


def test_every_setting_has_a_field_a_place_and_a_line_of_help(hana: User) -> None:
    form = OpenRoomForm(hana)
    placed = [name for _, names in GROUPS.values() for name in names]

    assert sorted(placed) == sorted(form.fields)
    assert sorted(SAID) == sorted(form.fields)
    assert set(RoomSettings.model_fields) - set(form.fields) == {"has_roster"}
    assert set(APPLIES) <= set(form.fields)
    for name in form.fields:
        has_lines = name in ("teams", "scoring")  # one for each way
        assert form[name].help_text or has_lines, name


@pytest.mark.parametrize("name", RoomSettings.model_fields)
def test_every_setting_can_be_chosen(lesson: Lesson, hana: User, roster: Roster, name: str) -> None:
    typed, wanted = {
        "scoring": ({"scoring": "graceful"}, "graceful"),
        "streak_bonus": ({"streak_bonus": "on"}, True),
        "teams": ({"teams": "shared"}, "shared"),
        "team_names": ({"teams": "chosen", "team_names": "Red\r\n\r\n Blue "}, ("Red", "Blue")),
        "team_score": ({"teams": "balanced", "team_score": "best"}, "best"),
        "team_talk_s": ({"teams": "balanced", "team_talk_s": "30"}, 30),
        "is_revoting": ({"is_revoting": "on"}, True),
        "revote_talk_s": ({"is_revoting": "on", "revote_talk_s": "0"}, 0),
        "late_join": ({"late_join": ""}, False),
        "approves_seats": ({"approves_seats": "on"}, True),
        "has_second_code": ({"has_second_code": "on"}, True),
        "has_roster": ({"roster": str(roster.pk)}, True),
        "nicknames": ({"nicknames": "offered"}, "offered"),
        "filters_nicknames": ({"filters_nicknames": ""}, False),
        "shuffles_options": ({"shuffles_options": "on"}, True),
        "has_standings": ({"has_standings": ""}, False),
        "has_sounds": ({"has_sounds": ""}, False),
        "autoplay": ({"autoplay": "on"}, True),
        "get_ready_s": ({"get_ready_s": "0"}, 0),
        "result_s": ({"autoplay": "on", "result_s": "9"}, 9),
        "explanation_s": ({"autoplay": "on", "explanation_s": "99"}, 99),
        "standings_s": ({"autoplay": "on", "standings_s": "1"}, 1),
    }[name]

    assert getattr(opens(hana, **typed), name) == wanted


def test_teams_get_names_unless_they_bring_some(lesson: Lesson, hana: User) -> None:
    given = opens(hana, teams="balanced", team_count="2")
    own = opens(hana, teams="balanced", team_count="2", team_names="Sines\nCosines\nTangents")
    unsaid = opens(hana, teams="balanced", team_count="")

    assert given.team_names == GENERATED_TEAM_NAMES[:2]
    assert own.team_names == ("Sines", "Cosines", "Tangents")
    assert unsaid.team_names == GENERATED_TEAM_NAMES[:3]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ("Red", "Give two to eight names, or none."),
        ("\n".join("ABCDEFGHI"), "Give two to eight names, or none."),
        ("Red\n" + "x" * 25, "has more than 24 characters."),
        ("Red\nBlue\nrEd", "“rEd” is there twice"),
        ("Red\n???", "“???” needs at least one letter or digit."),
    ],
)
def test_team_names_that_are_none_are_said(
    lesson: Lesson, hana: User, names: str, problem: str
) -> None:
    response = as_(hana).post(URL, {**USUAL, "teams": "balanced", "team_names": names})

    assert response.status_code == 422
    assert problem in unescape(text(response))


def test_what_does_not_apply_changes_nothing_and_is_no_error(lesson: Lesson, hana: User) -> None:
    chosen = opens(
        hana,
        team_names="Red",
        team_count="99",
        team_score="best",
        team_talk_s="30",
        revote_talk_s="-1",
        result_s="0",
    )

    assert chosen == RoomSettings()


@pytest.mark.parametrize(
    ("wrong", "group"),
    [
        ({"teams": "many"}, "teams"),
        ({"teams": "chosen", "team_count": "99"}, "teams"),
        ({"teams": "balanced", "team_talk_s": "301"}, "teams"),
        ({"scoring": ""}, "points"),
        ({"is_revoting": "on", "revote_talk_s": "soon"}, "round"),
        ({"roster": "12345"}, "door"),
        ({"get_ready_s": "31"}, "pace"),
        ({"autoplay": "on", "result_s": "0"}, "pace"),
    ],
)
def test_an_error_opens_its_group_and_keeps_what_was_typed(
    lesson: Lesson, hana: User, wrong: dict[str, str], group: str
) -> None:
    typed = {**USUAL, "streak_bonus": "on", "explanation_s": "77", **wrong}

    response = as_(hana).post(URL, typed)

    assert response.status_code == 422
    assert 'class="errorlist"' in text(response)
    assert open_groups(text(response)) == [group]
    form = response.context["form"]
    assert {name: form.value_of(name) for name in typed} == typed
    assert HostPreferences.objects.count() == 0


def test_the_line_beside_the_button_says_what_is_not_as_usual(lesson: Lesson, hana: User) -> None:
    def said(**values: Any) -> str:
        return OpenRoomForm(hana, {**USUAL, **values}).summary()

    assert said() == ""
    assert said(teams="balanced", scoring="accuracy") == "3 teams, accuracy points"
    assert said(team_count="5", team_talk_s="20") == ""
    assert said(late_join="", autoplay="on", result_s="9") == (
        "No latecomers, autoplay, 9 s of result"
    )
    assert said(teams="chosen", team_names="Red\nBlue") == (
        "Teams chosen by players, teams of your own names"
    )


def test_the_browser_gets_the_same_words(lesson: Lesson, hana: User) -> None:
    groups = OpenRoomForm(hana).groups()
    told = [json.loads(s.for_browser) for group in groups for s in group.settings]

    assert [setting["name"] for setting in told] == [
        name for _, names in GROUPS.values() for name in names
    ]
    assert told[1] == {
        "name": "team_count",
        "default": "",
        "said": {"*": "{} teams"},
        "applies": [["teams", ["balanced", "chosen"]], ["team_names", [""]]],
    }


# As the last time


def test_a_room_begins_as_the_last_one(lesson: Lesson, hana: User, noor: User) -> None:
    client = as_(hana)
    typed = {**USUAL, "teams": "balanced", "team_count": "5", "scoring": "accuracy"}
    client.post(URL, {**typed, "late_join": "", "team_names": ""})

    page = client.get(URL)
    again = page.context["form"]

    assert "5 teams, accuracy points, no latecomers" in text(page)
    assert again.value_of("late_join") == ""
    assert "Back to the defaults" in text(page)
    assert OpenRoomForm(hana).summary() == ""
    usual = client.get(URL + "?defaults")
    assert "Everything as usual" in text(usual)
    Lesson.objects.update(is_published=True)
    assert as_(noor).get(URL).context["form"].summary() == ""


def test_a_room_that_was_not_opened_is_not_remembered(
    lesson: Lesson, hana: User, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    response = as_(hana).post(URL, {**USUAL, "streak_bonus": "on"})

    assert response.status_code == 422
    assert "Try again in a moment." in text(response)
    assert HostPreferences.objects.count() == 0


@pytest.mark.parametrize(
    "stored",
    [
        [],
        "teams",
        7,
        {"teams": "many", "team_count": 10**30, "scoring": None, "gone": 1},
        {"teams": {"a": 1}, "team_names": ["Red"], "late_join": [False], "roster": {"pk": 1}},
        {"roster": 10**30, "result_s": "soon", "streak_bonus": "perhaps", "nicknames": True},
        {"team_names": "\x01", "teams": "balanced", "get_ready_s": -3},
    ],
)
def test_what_is_stored_wrongly_never_breaks_the_page(
    lesson: Lesson, hana: User, stored: object
) -> None:
    HostPreferences.objects.create(host=hana, form=stored)

    response = as_(hana).get(URL)

    assert response.status_code == 200
    assert open_groups(text(response)) == []


def test_of_an_older_form_the_good_values_are_kept(lesson: Lesson, hana: User) -> None:
    stored = {"scoring": "accuracy", "late_join": False, "teams": "pairs", "music": "loud"}
    HostPreferences.objects.create(host=hana, form=stored)

    form = as_(hana).get(URL).context["form"]

    assert form.summary() == "Accuracy points, no latecomers"


def test_a_class_that_is_gone_is_forgotten(lesson: Lesson, hana: User, roster: Roster) -> None:
    client = as_(hana)
    client.post(URL, {**USUAL, "roster": str(roster.pk)})
    assert client.get(URL).context["form"].value_of("roster") == str(roster.pk)

    roster.delete()

    assert client.get(URL).context["form"].value_of("roster") == ""


# Classes


def test_a_class_is_frozen_into_its_room(lesson: Lesson, hana: User, roster: Roster) -> None:
    form = OpenRoomForm(hana, {**USUAL, "roster": str(roster.pk)})
    assert form.is_valid()
    ada, ben = roster.pupils.all()

    assert form.chosen() == RoomSettings(has_roster=True)
    assert form.roster_entries() == {
        "BCDFGH": RosterEntry(pupil=ada.pk, name="Ada"),
        "JKMNPQ": RosterEntry(pupil=ben.pk, name="Ben", time_factor=1.5),
    }


def test_an_empty_class_is_refused(lesson: Lesson, hana: User) -> None:
    empty = Roster.objects.create(host=hana, name="7c")

    response = as_(hana).post(URL, {**USUAL, "roster": str(empty.pk)})

    assert response.status_code == 422
    assert "7c has nobody in it yet." in text(response)
    assert open_groups(text(response)) == ["door"]


def test_a_class_of_another_host_is_none(lesson: Lesson, noor: User, roster: Roster) -> None:
    Lesson.objects.update(is_published=True)

    page = as_(noor).get(URL)
    response = as_(noor).post(URL, {**USUAL, "roster": str(roster.pk)})

    assert "Class 7b" not in text(page)
    assert response.status_code == 422


def test_personal_codes_need_a_phone_each(lesson: Lesson, hana: User, roster: Roster) -> None:
    response = as_(hana).post(URL, {**USUAL, "roster": str(roster.pk), "teams": "shared"})

    assert response.status_code == 422
    assert open_groups(text(response)) == ["door"]


# Who may


def test_a_draft_is_its_owners(lesson: Lesson, noor: User, client: Client) -> None:
    assert as_(noor).get(URL).status_code == 404
    assert as_(noor).post(URL, USUAL).status_code == 404
    assert is_sent_to_log_in(client.get(URL))
    Lesson.objects.update(is_published=True)
    assert as_(noor).get(URL).status_code == 200


def test_a_lesson_without_questions_is_not_opened(hana: User) -> None:
    Lesson.objects.create(slug="empty", title="Empty", owner=hana)

    response = as_(hana).post(reverse("open_room", args=["empty"]), USUAL)

    assert response.status_code == 422
    assert "This lesson has no question that can be asked." in text(response)
