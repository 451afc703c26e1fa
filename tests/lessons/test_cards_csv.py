import csv

from lessons.drafts import CardDraft, LessonDraft, SectionDraft
from lessons.formats import Loss, cards_csv, own_yaml
from tests.lessons.conftest import EVERY_KIND


def rows(data: bytes) -> list[list[str]]:
    # As a file is opened: line ends are the table's own.
    return list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True)))


def test_a_row_for_each_card_and_each_gap() -> None:
    draft, _ = own_yaml.read(EVERY_KIND.read_bytes())
    data, losses = cards_csv.write(draft)

    assert rows(data) == [
        ["Front", "Back", "Section"],
        ["Right angle", r"A quarter of a turn, $\frac{\pi}{2}$.", "Angles"],
        ["Dot product", draft.flashcards[1].definition, "Angles"],
        [
            r"Degrees and radians: A right angle has [how many?] degrees, which is "
            r"$\frac{\pi}{2}$ in radians.",
            r"A right angle has 90 degrees, which is $\frac{\pi}{2}$ in radians.",
            "Angles",
        ],
        [
            "Degrees and radians: A right angle has 90 degrees, which is $_____$ in radians.",
            r"A right angle has 90 degrees, which is $\frac{\pi}{2}$ in radians.",
            "Angles",
        ],
    ]
    assert losses == [Loss("flashcard 1", "its image")]


def test_excel_takes_it_for_utf_8_and_no_cell_for_a_formula() -> None:
    card = CardDraft(term="=1+1", definition="@SUM(A1)", section="-π")
    draft = LessonDraft(
        slug="a", title="A", sections=(SectionDraft(title="-π"),), flashcards=(card,)
    )
    data, _ = cards_csv.write(draft)

    assert data.startswith(b"\xef\xbb\xbf")
    assert rows(data)[1] == ["'=1+1", "'@SUM(A1)", "'-π"]
