"""How homework went, for spreadsheets: one table as CSV, or a workbook with the questions too."""

import csv
import io

from django.utils.translation import gettext as _
from openpyxl import Workbook

from games.exports import Value, add_sheet
from games.homework_results import Doer, Results
from lessons.spreadsheets import inert


def csv_of(results: Results) -> str:
    """One row for each pupil, with the attempt that counts."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        [
            *("name", "attempts", "finished", "answered", "right", "questions"),
            *("right %", "minutes", "late"),
        ]
    )
    for doer in results.doers:
        table.writerow([inert(v) if isinstance(v, str) else v for v in _row(doer, "yes", "no")])
    return text.getvalue()


def xlsx_of(results: Results) -> bytes:
    """Sheets Pupils and Questions."""
    book = Workbook(write_only=True)
    head = [
        *(_("Name"), _("Attempts"), _("Finished"), _("Answered"), _("Right"), _("Questions")),
        *(_("Right, %"), _("Minutes"), _("Late")),
    ]
    add_sheet(book, _("Pupils"), head, [_row(doer, _("yes"), _("no")) for doer in results.doers])
    add_sheet(
        book,
        _("Questions"),
        [_("Question"), _("Answered"), _("Right"), _("Right, %"), _("Most common wrong answer")],
        [
            [row.prompt, row.answered, row.right, row.right_percent, row.common_wrong]
            for row in results.questions
        ],
    )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _row(doer: Doer, yes: str, no: str) -> list[Value]:
    counting = doer.counting
    if counting is None:
        return [doer.name, 0, *[""] * 7]
    return [
        doer.name,
        len(doer.attempts),
        yes if counting.is_finished else no,
        counting.answered,
        counting.right,
        counting.asked,
        counting.right_percent,
        round(counting.seconds / 60, 1),
        yes if counting.is_late else no,
    ]
