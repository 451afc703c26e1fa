"""Correcting a key or the scoring of a game that was played, and going back."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from games import regrading
from games.archive import quiz_in_force, rescored
from games.models import Game, Player, PlayerAnswer
from games.regrade_form import RegradeForm
from games.reports import per_question
from games.reports.played import load
from games.rules import Quiz, RoomSettings
from lessons.questions import OrderAnswer, OrderSteps, SingleChoice, is_right, shown_order
from tests.games.reports.conftest import (
    ANGLE,
    COUNT,
    EVERY_KIND,
    GUESS,
    LINEAR,
    PARTS,
    RELU,
    STEPS,
    WriteGame,
    choice,
    hana,
    quiz_of,
    rightly_ordered,
    text,
    write,
)
from tests.games.views.conftest import as_

__all__ = ["hana", "write"]  # fixtures

WRONG = ANGLE.model_copy(update={"right": 0})
QUESTIONS = (WRONG, LINEAR, RELU)


@pytest.fixture
def game(write: WriteGame) -> Game:
    """Ada knew the angle, which was keyed wrongly; Ben fell for what the key said."""
    return write(
        QUESTIONS,
        ["Ada", "Ben", "Cem"],
        {
            0: {"Ada": (choice(1), 3_000), "Ben": (choice(0), 2_000)},
            1: {"Ada": (choice(0), 4_000), "Cem": (choice(0), 1_000)},
            2: {"Ben": (text("tanh"), 2_000), "Cem": (text("Softplus"), 3_000)},
        },
        first={0: {"Ada": choice(1), "Ben": choice(0)}},
        streak_bonus=True,
    )


def standings(game: Game) -> dict[str, tuple[int, int, int]]:
    return {p.nickname: (p.rank, p.points, p.right) for p in game.players.all()}


def everything(game: Game) -> list[tuple[Any, ...]]:
    """Every fact and figure there is of a game."""
    game.refresh_from_db()
    facts = PlayerAnswer.objects.filter(player__game=game).order_by("pk")
    return [
        (game.quiz, game.settings, game.regraded_quiz, game.regraded_settings, game.regraded_at),
        *Player.objects.filter(game=game).order_by("pk").values_list(),
        *facts.values_list(),
    ]


def filled(game: Game, **changes: Any) -> dict[str, Any]:
    """The regrade form as it is shown, but for these."""
    form = RegradeForm(
        quiz_in_force(game), RoomSettings.model_validate(game.settings), game.closed_rounds
    )
    shown = {name: form[name].value() for name in form.fields}
    return {n: v for n, v in (shown | changes).items() if v is not None and v is not False}


def test_a_corrected_key_moves_points_and_places(game: Game) -> None:
    assert standings(game) == {"Ada": (3, 900, 1), "Ben": (2, 950, 1), "Cem": (1, 975, 1)}

    regrading.regrade(game, quiz_of(ANGLE, LINEAR, RELU), RoomSettings(streak_bonus=True))

    # Ada's two in a row bring 100 more.
    assert standings(game) == {"Ada": (1, 1925, 2), "Ben": (3, 0, 0), "Cem": (2, 975, 1)}
    facts = PlayerAnswer.objects.filter(round=0).order_by("is_first_vote", "player__nickname")
    assert list(
        facts.values_list("player__nickname", "is_first_vote", "is_right", "points", "elapsed_ms")
    ) == [
        ("Ada", False, True, 925, 3_000),
        ("Ben", False, False, 0, 2_000),
        ("Ada", True, True, 0, 2_000),
        ("Ben", True, False, 0, 2_000),
    ]
    game.refresh_from_db()
    assert game.regraded_at
    assert quiz_in_force(game) == quiz_of(ANGLE, LINEAR, RELU)
    assert Quiz.model_validate(game.quiz) == quiz_of(*QUESTIONS)
    assert regrading.places_as_played(game) == {"Ada": 3, "Ben": 2, "Cem": 1}
    # Reports go by what counts.
    first = per_question.compute(load(game))[0]
    assert (first.key, first.right, first.revote and first.revote.before_percent) == (
        "about 90°",
        1,
        50,
    )


def test_a_preview_saves_nothing(game: Game) -> None:
    before = everything(game)

    changes = regrading.preview(game, quiz_of(ANGLE, LINEAR, RELU), RoomSettings())

    assert [(c.nickname, c.old_rank, c.new_rank, c.old_points, c.new_points) for c in changes] == [
        ("Ada", 3, 1, 900, 1825),
        ("Cem", 1, 2, 975, 975),
        ("Ben", 2, 3, 950, 0),
    ]
    assert [c.climbed for c in changes] == [2, -1, -1]
    assert everything(game) == before


def test_undoing_leads_back_to_the_very_same_game(game: Game) -> None:
    before = everything(game)
    regrading.regrade(game, quiz_of(ANGLE, LINEAR, RELU), RoomSettings(scoring="linear"))
    assert everything(game) != before

    regrading.undo(game)

    assert everything(game) == before


def test_a_regrade_that_fails_half_way_changes_nothing(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(game)
    bulk_create = PlayerAnswer.objects.bulk_create

    def breaks(*args: Any, **options: Any) -> Any:
        bulk_create(*args, **options)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(PlayerAnswer.objects, "bulk_create", breaks)
    with pytest.raises(RuntimeError):
        regrading.regrade(game, quiz_of(ANGLE, LINEAR, RELU), RoomSettings())

    assert everything(game) == before


def test_steps_in_another_right_order_are_judged_by_what_players_saw(write: WriteGame) -> None:
    """With the key the list on the phones would be another; the answers were given to the old one."""
    right = OrderSteps(prompt=STEPS.prompt, steps=tuple(STEPS.steps[i] for i in (0, 2, 1, 3)))
    said = {"Ada": rightly_ordered(STEPS), "Ben": as_shown(right)}
    game = write([STEPS], ["Ada", "Ben"], {0: said})
    assert standings(game)["Ada"][2] == 1

    regrading.regrade(game, quiz_of(right), RoomSettings())

    assert {name: line[2] for name, line in standings(game).items()} == {"Ada": 0, "Ben": 1}
    [row] = per_question.compute(load(game))
    assert {(o.text, o.is_right) for o in row.options} == {
        (" → ".join(STEPS.steps), False),
        (" → ".join(right.steps), True),
    }


def as_shown(right: OrderSteps) -> OrderAnswer:
    """To STEPS as it was asked: the steps in that order."""
    place_of = {STEPS.steps[step]: place for place, step in enumerate(shown_order(STEPS))}
    answer = OrderAnswer(order=tuple(place_of[step] for step in right.steps))
    assert not is_right(STEPS, answer)
    return answer


# The form


def form_of(game: Game, **changes: Any) -> RegradeForm:
    return RegradeForm(
        quiz_in_force(game),
        RoomSettings.model_validate(game.settings),
        game.closed_rounds,
        filled(game, **changes),
    )


def test_a_form_left_alone_changes_nothing(write: WriteGame) -> None:
    third = COUNT.model_copy(update={"right": 1 / 3, "tolerance": 0.1})
    game = write([*EVERY_KIND, third], ["Ada"], {})

    form = form_of(game)

    assert form.is_valid(), form.errors
    assert form.chosen() == (quiz_of(*EVERY_KIND, third), RoomSettings())
    # Nothing is right about a poll, a cloud or a slide.
    assert [key["number"] for key in form.questions()] == [1, 2, 3, 4, 6, 7, 8, 11]


def test_each_kind_of_key_can_be_corrected(write: WriteGame) -> None:
    game = write([ANGLE, PARTS, LINEAR, RELU, COUNT, GUESS, STEPS], ["Ada"], {})

    form = form_of(
        game,
        scoring="accuracy_first",
        streak_bonus="on",
        q0_right=["2"],
        q1_right=["2", "3"],
        q2_right="1",
        q3_accepted="ReLU\r\n  leaky   ReLU \n\n",
        q4_right="95.5",
        q4_tolerance="2",
        q5_right="88",
        q5_tolerance="1.5",
        q6_place0="2",
        q6_place1="1",
    )

    assert form.is_valid(), form.errors
    quiz, settings = form.chosen()
    assert quiz.questions == (
        ANGLE.model_copy(update={"right": 2}),
        PARTS.model_copy(update={"right": (2, 3)}),
        LINEAR.model_copy(update={"right": False}),
        RELU.model_copy(update={"accepted": ("ReLU", "leaky ReLU")}),
        COUNT.model_copy(update={"right": 95.5, "tolerance": 2.0}),
        GUESS.model_copy(update={"right": 88.0, "tolerance": 1.5}),
        STEPS.model_copy(update={"steps": ("add the bias", "multiply", "ReLU", "multiply again")}),
    )
    assert settings == RoomSettings(scoring="accuracy_first", streak_bonus=True)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"scoring": "lottery"}, "scoring", "Select a valid choice."),
        ({"q0_right": ["7"]}, "q0_right", "Select a valid choice."),
        ({"q0_right": []}, "q0_right", "Tick at least one"),
        ({"q1_right": []}, "q1_right", "Tick at least one"),
        ({"q3_accepted": " \n "}, "q3_accepted", "Accept at least one answer."),
        ({"q3_accepted": "ReLU\n?!"}, "q3_accepted", "“?!” has neither a letter nor a digit."),
        ({"q3_accepted": "x" * 121}, "q3_accepted", "at most 120 characters"),
        ({"q3_accepted": "\n".join("abcdefghijklmnopqrstu")}, "q3_accepted", "No more than 20"),
        ({"q4_right": "many"}, "q4_right", "Enter a number."),
        ({"q4_right": "nan"}, "q4_right", "Enter a number."),
        ({"q4_tolerance": "-1"}, "q4_tolerance", "greater than or equal to 0"),
        ({"q5_right": "181"}, "q5_right", "The scale goes from 0 to 180."),
        ({"q5_tolerance": "30"}, "q5_tolerance", "From 30 off nothing is earned"),
        ({"q6_place0": "2"}, "q6_place0", "Give each step another place"),
        ({"q6_place3": "5"}, "q6_place3", "less than or equal to 4"),
    ],
)
def test_what_makes_no_key_is_said_at_its_field(
    write: WriteGame, changes: dict[str, Any], field: str, message: str
) -> None:
    falling = GUESS.model_copy(update={"zero_at": 30.0})
    game = write([ANGLE, PARTS, LINEAR, RELU, COUNT, falling, STEPS], ["Ada"], {})

    form = form_of(game, **changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert message in form.errors[field].as_text()


# The page


@pytest.fixture
def noor(db: None) -> User:
    """A host too, of other games."""
    return User.objects.create_user("noor")


def test_regrading_from_the_page(game: Game, hana: User) -> None:
    client, url = as_(hana), reverse("regrade", args=[game.pk])
    before = everything(game)
    assert client.get(url).status_code == 200
    corrected = filled(game, q0_right=["1"])

    preview = client.post(url, corrected | {"action": "preview"})

    page = preview.content.decode()
    assert preview.status_code == 200
    assert "3 of 3 players would have other points or another place." in page
    assert re.search(r'name="q0_right" value="1"[^>]* checked', page)  # nothing filled in is lost
    assert everything(game) == before

    applied = client.post(url, corrected | {"action": "apply"})

    assert applied["Location"] == reverse("game", args=[game.pk])
    assert standings(game)["Ada"] == (1, 1925, 2)
    shown = client.get(applied["Location"])
    assert "This game was regraded on" in shown.content.decode()
    assert [
        (row.rank, shown.context["places_before"][row.pk], row.nickname)
        for row in shown.context["page"]
    ] == [(1, 3, "Ada"), (2, 1, "Cem"), (3, 2, "Ben")]

    undone = client.post(reverse("undo_regrade", args=[game.pk]))

    assert undone["Location"] == reverse("game", args=[game.pk])
    assert everything(game) == before
    assert "regraded on" not in client.get(undone["Location"]).content.decode()


def test_bad_input_is_said_and_kept(game: Game, hana: User) -> None:
    url = reverse("regrade", args=[game.pk])
    before = everything(game)

    response = as_(hana).post(
        url, filled(game, q2_accepted="?!\nmy own words") | {"action": "apply"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "“?!” has neither a letter nor a digit." in page
    assert "my own words" in page
    assert 'role="alert"' in page
    assert page.count('id="id_q2_accepted_error"') == 1
    assert re.search(r'<textarea[^>]* aria-describedby="id_q2_accepted_error"', page)
    assert everything(game) == before


def test_applying_what_was_played_is_no_regrade(game: Game, hana: User) -> None:
    as_(hana).post(reverse("regrade", args=[game.pk]), filled(game) | {"action": "apply"})

    game.refresh_from_db()
    assert (game.regraded_at, game.regraded_quiz, game.regraded_settings) == (None, None, None)


def test_a_regrade_is_its_hosts(game: Game, noor: User, client: Client) -> None:
    before = everything(game)
    changed = filled(game, q0_right=["1"]) | {"action": "apply"}
    for name in ("regrade", "undo_regrade"):
        url = reverse(name, args=[game.pk])
        assert as_(noor).post(url, changed).status_code == 404
        assert "/log-in/" in client.post(url, changed)["Location"]
    assert as_(noor).get(reverse("regrade", args=[game.pk])).status_code == 404
    assert as_(noor).get(reverse("undo_regrade", args=[game.pk])).status_code == 405
    assert everything(game) == before


def test_a_room_of_nobody_can_be_regraded(write: WriteGame, hana: User) -> None:
    game = write([WRONG], [], {})
    client, url = as_(hana), reverse("regrade", args=[game.pk])

    assert client.post(url, filled(game, q0_right=["1"]) | {"action": "preview"}).status_code == 200
    client.post(url, filled(game, q0_right=["1"]) | {"action": "apply"})

    game.refresh_from_db()
    [question] = quiz_in_force(game).questions
    assert isinstance(question, SingleChoice)
    assert question.right == 1
    assert rescored(game) == ({}, {0: {}})


def test_where_two_options_were_right_both_count(game: Game, hana: User) -> None:
    client, url = as_(hana), reverse("regrade", args=[game.pk])
    client.post(url, filled(game, q0_right=["0", "1"]) | {"action": "apply"})

    right = PlayerAnswer.objects.filter(player__game=game, round=0, is_first_vote=False)
    assert set(right.values_list("player__nickname", "is_right")) == {("Ada", True), ("Ben", True)}
    page = client.get(url).content.decode()
    assert re.search(r'name="q0_right" value="0"[^>]* checked', page)
    assert re.search(r'name="q0_right" value="1"[^>]* checked', page)
