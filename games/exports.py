"""A finished game for spreadsheets: one table as CSV, or a workbook with everything."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from games.reports import per_player, per_question, per_team, whole_game
from games.reports.played import PlayedGame

Value = str | int | float | datetime | None
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 8, 60


def csv_of(game: PlayedGame) -> str:
    """One row for each player, with each question's answer, points and seconds."""
    numbers = [round + 1 for round in game.rounds]
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["place", "nickname", "team", "members", "points", "right", "answered", "mean seconds"]
        + [f"question {n} answer" for n in numbers]
        + [f"question {n} points" for n in numbers]
        + [f"question {n} seconds" for n in numbers]
    )
    for place, player in enumerate(per_player.compute(game)):
        rounds = per_player.rounds_of(game, place)
        table.writerow(
            [
                player.rank,
                inert(player.nickname),
                inert(player.team),
                inert(", ".join(player.members)),
                player.points,
                player.right,
                player.answered,
                _rounded(player.mean_seconds),
                *(inert(round.answer or "") for round in rounds),
                *(round.points for round in rounds),
                *("" if round.seconds is None else round.seconds for round in rounds),
            ]
        )
    return text.getvalue()


def xlsx_of(game: PlayedGame) -> bytes:
    """Sheets Summary, Questions, Players, Answers and Teams. Text is text, never a formula."""
    book = Workbook(write_only=True)
    add_sheet(book, _("Summary"), [_("What"), ""], _summary(game))
    add_sheet(book, _("Questions"), *_questions(game))
    add_sheet(book, _("Players"), *_players(game))
    add_sheet(book, _("Answers"), *_answers(game))
    add_sheet(book, _("Teams"), *_teams(game))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def inert(text: str) -> str:
    """A text that a spreadsheet doesn't take for a formula; a plain number stays one."""
    if not text.startswith(FORMULA_SIGNS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _summary(game: PlayedGame) -> list[list[Value]]:
    whole = whole_game.compute(game)
    rows: list[list[Value]] = [
        [_("Quiz"), game.quiz.title],
        [_("Played"), _local(game.game.played_at)],
        [_("Regraded"), _local(game.game.regraded_at)],
        [_("Scoring"), game.settings.scoring],
        [_("Streak bonus"), _("yes") if game.settings.streak_bonus else _("no")],
        [_("Players"), whole.players],
        [_("Questions"), whole.questions],
        [_("Right, %"), whole.right_percent],
        [_("Mean points"), whole.mean_points],
        [_("Reliability (KR-20)"), _rounded(whole.reliability)],
    ]
    for name, extreme in ((_("Hardest"), whole.hardest), (_("Easiest"), whole.easiest)):
        rows.append([name, f"{extreme.number}. {extreme.prompt}" if extreme else None])
    return rows


def _questions(game: PlayedGame) -> tuple[list[str], list[list[Value]]]:
    head = [
        *(_("Number"), _("Question"), _("Kind"), _("Key"), _("Players"), _("Answered")),
        *(_("Right"), _("Right, %"), _("Median seconds"), _("Mean seconds")),
        *(_("Discrimination"), _("First vote right, %"), _("Gain"), _("Doubts"), _("Answers")),
    ]
    rows: list[list[Value]] = [
        [
            row.number,
            row.prompt,
            row.kind,
            row.key,
            row.players,
            row.answered,
            row.right if row.is_scored else None,
            row.right_percent if row.is_scored else None,
            _rounded(row.median_seconds),
            _rounded(row.mean_seconds),
            _rounded(row.discrimination),
            row.revote.before_percent if row.revote else None,
            _rounded(row.revote.gain) if row.revote else None,
            " ".join(row.doubts),
            "; ".join(f"{option.text}: {option.count}" for option in row.options),
        ]
        for row in per_question.compute(game)
    ]
    return head, rows


def _players(game: PlayedGame) -> tuple[list[str], list[list[Value]]]:
    head = [
        *(_("Place"), _("Nickname"), _("Team"), _("Members"), _("Points"), _("Right")),
        *(_("Answered"), _("Mean seconds"), _("Best streak")),
    ]
    rows: list[list[Value]] = [
        [
            row.rank,
            row.nickname,
            row.team,
            ", ".join(row.members),
            row.points,
            row.right,
            row.answered,
            _rounded(row.mean_seconds),
            row.best_streak,
        ]
        for row in per_player.compute(game)
    ]
    return head, rows


def _answers(game: PlayedGame) -> tuple[list[str], Iterable[list[Value]]]:
    """One row for each player and question, so that it can be filtered and pivoted."""
    head = [
        *(_("Place"), _("Nickname"), _("Number"), _("Question"), _("Answer")),
        *(_("First answer"), _("Right"), _("Points"), _("Seconds")),
    ]
    words = {True: _("right"), False: _("wrong"), None: ""}

    def rows() -> Iterable[list[Value]]:
        for place, player in enumerate(game.players):
            for round in per_player.rounds_of(game, place):
                yield [
                    player.rank,
                    player.nickname,
                    round.number,
                    round.prompt,
                    round.answer,
                    round.first_answer,
                    _("partly") if round.is_partly_right else words[round.is_right],
                    round.points,
                    round.seconds,
                ]

    return head, rows()


def _teams(game: PlayedGame) -> tuple[list[str], list[list[Value]]]:
    head = [_("Place"), _("Team"), _("Points"), _("Members"), _("Mean right"), _("Who")]
    rows: list[list[Value]] = [
        [
            row.rank,
            row.name,
            row.points,
            len(row.members),
            _rounded(row.mean_right),
            ", ".join(row.members),
        ]
        for row in per_team.compute(game)
    ]
    return head, rows


def add_sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]
) -> None:
    """A sheet with a head that stays in view; columns as wide as what is in the first rows."""
    sheet = book.create_sheet(title)
    assert isinstance(sheet, WriteOnlyWorksheet)
    sheet.freeze_panes = "A2"
    rows = iter(rows)
    # Widths are written before the rows, so only the first of them are looked at.
    first = list(islice(rows, 200))
    for n, name in enumerate(head):
        longest = max(len(str(row[n])) for row in [head, *first] if row[n] is not None)
        width = min(WIDEST, max(NARROWEST, longest + 2, len(name) + 2))
        columns = sheet.column_dimensions  # type: ignore[attr-defined]  # the stubs leave it out
        columns[get_column_letter(n + 1)].width = width
    sheet.append([_cell(sheet, name, is_head=True) for name in head])
    for row in first:
        sheet.append([_cell(sheet, value) for value in row])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Value, is_head: bool = False) -> Cell | Value:
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        is_tricky = text.startswith(FORMULA_SIGNS)
        if not is_head and not is_tricky and len(text) <= WIDEST:
            return text
        cell = WriteOnlyCell(sheet, text)
        # Without these, what begins with an equals sign would be read, or edited, as a formula.
        cell.data_type = "s"
        cell.quotePrefix = is_tricky
        if is_head:
            cell.font = Font(bold=True)
        elif len(text) > WIDEST:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    return value


def _local(moment: datetime | None) -> datetime | None:
    """By the server's time zone, which spreadsheets know nothing of."""
    return moment and timezone.make_naive(timezone.localtime(moment)).replace(microsecond=0)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
