"""What a spreadsheet gets, read back from the file."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from games.exports import csv_of, xlsx_of
from games.models import Game
from games.reports.played import PlayedGame, load
from games.store import SeatRecord
from lessons.questions import TypedText
from lessons.spreadsheets import inert
from tests.games.reports.conftest import (
    ANGLE,
    EVERY_KIND,
    GUESS,
    MOOD,
    RELU,
    WriteGame,
    choice,
    class_of,
    hana,
    number,
    play,
    text,
    write,
)

__all__ = ["hana", "play", "write"]  # fixtures

Play = Callable[..., PlayedGame]
FORMULA = "=1+1"


@pytest.fixture
def game(write: WriteGame) -> Game:
    """Ada and a team whose name, members and answers are formulas."""
    question = TypedText(prompt="=HYPERLINK(1)", accepted=("ReLU",))
    return write(
        [ANGLE, question, GUESS],
        [SeatRecord("Ada", "Red", "ada"), SeatRecord(FORMULA, "Blue", "f", ("@SUM(A1)", "Ben"))],
        {
            0: {"Ada": (choice(1), 2_000), FORMULA: (choice(0), 4_000)},
            1: {"Ada": (text("ReLU"), 2_500), FORMULA: (text("+cmd|' /C calc'!A0"), 1_500)},
            2: {"Ada": (number(90), 1_250)},
        },
        first={0: {"Ada": choice(2)}},
        scoring="accuracy",
        teams="balanced",
        team_names=("Red", "Blue"),
    )


def test_the_table_has_a_row_for_each_player(game: Game) -> None:
    assert list(csv.reader(io.StringIO(csv_of(load(game))))) == [
        [
            *("place", "nickname", "team", "members", "points", "right", "answered"),
            "mean seconds",
            *("question 1 answer", "question 2 answer", "question 3 answer"),
            *("question 1 points", "question 2 points", "question 3 points"),
            *("question 1 seconds", "question 2 seconds", "question 3 seconds"),
        ],
        [
            *("1", "Ada", "Red", "", "4000", "3", "3", "1.917"),
            *("about 90°", "ReLU", "90°"),
            *("1000", "1000", "2000"),
            *("2.0", "2.5", "1.25"),
        ],
        [
            *("2", "'=1+1", "Blue", "'@SUM(A1), Ben", "0", "0", "2", "2.75"),
            *("about 45°", "'+cmd|' /C calc'!A0", ""),
            *("0", "0", "0"),
            *("4.0", "1.5", ""),
        ],
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=1", "'=1"),
        ("+a", "'+a"),
        ("-a", "'-a"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("-3.5", "-3.5"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_no_text_is_taken_for_a_formula(text: str, told: str) -> None:
    assert inert(text) == told


def sheet(file: bytes, name: str) -> Worksheet:
    found = load_workbook(io.BytesIO(file))[name]
    assert isinstance(found, Worksheet)
    return found


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_workbook_holds_the_whole_game(game: Game) -> None:
    file = xlsx_of(load(game))

    book = load_workbook(io.BytesIO(file))
    assert book.sheetnames == ["Summary", "Questions", "Players", "Answers", "Teams"]
    for name in book.sheetnames:
        assert sheet(file, name).freeze_panes == "A2"
        assert sheet(file, name)["A1"].font.bold
        widths = sheet(file, name).column_dimensions
        assert 8 <= widths["A"].width <= 60
    assert values(sheet(file, "Players"))[1:] == [
        (1, "Ada", "Red", None, 4000, 3, 3, 1.917, 3),
        (2, FORMULA, "Blue", "@SUM(A1), Ben", 0, 0, 2, 2.75, 0),
    ]
    assert values(sheet(file, "Teams"))[1:] == [
        (1, "Red", 4000, 1, 3, "Ada"),
        (2, "Blue", 0, 1, 0, FORMULA),
    ]
    answers = values(sheet(file, "Answers"))[1:]
    assert len(answers) == 2 * 3
    assert answers[0] == (
        *(1, "Ada", 1, ANGLE.prompt, "about 90°", "about 135°", "right", 1000, 2),
    )
    questions = values(sheet(file, "Questions"))[1:]
    assert questions[1][1:6] == ("=HYPERLINK(1)", "typed_text", "ReLU", 2, 2)


def test_text_that_looks_like_a_formula_is_text(game: Game) -> None:
    file = xlsx_of(load(game))

    tricky = [
        cell
        for name in load_workbook(io.BytesIO(file)).sheetnames
        for row in sheet(file, name).iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value[:1] in "=+-@"
    ]
    assert {str(cell.value)[0] for cell in tricky} == {"=", "+", "@"}
    for cell in tricky:
        assert cell.data_type == "s"  # "f" would be a formula
        assert cell.quotePrefix


def test_dates_are_dates(game: Game) -> None:
    game.played_at = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)

    summary = sheet(xlsx_of(load(game)), "Summary")
    played = next(value for name, value in summary.iter_rows(max_col=2) if name.value == "Played")

    assert played.value == datetime(2026, 5, 4, 10, 30)  # noqa: DTZ001  # Excel has no zones
    assert played.is_date


def test_characters_that_no_workbook_may_hold_are_left_out(play: Play) -> None:
    game = play([RELU], ["A\x01da"], {0: {"A\x01da": text("Re\x0bLU")}})

    [row] = values(sheet(xlsx_of(game), "Answers"))[1:]

    assert (row[1], row[4]) == ("Ada", "ReLU")


@pytest.mark.parametrize("many", [0, 1, 250])
def test_games_of_any_size_and_every_kind_can_be_exported(play: Play, many: int) -> None:
    names, answers = class_of(many, np.random.default_rng(2))
    game = play([*EVERY_KIND], names, answers)

    assert len(csv_of(game).splitlines()) == many + 1
    assert len(values(sheet(xlsx_of(game), "Players"))) == many + 1
    assert len(values(sheet(xlsx_of(game), "Answers"))) == many * 9 + 1
    assert MOOD.prompt in [row[1] for row in values(sheet(xlsx_of(game), "Questions"))]
