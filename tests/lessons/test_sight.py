from collections import Counter
from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from lessons.sight import in_sight, with_sight

ROWS = [(1, "a"), (2, "b"), (1, "c"), (1, "d"), (3, "e")]


def test_of_each_lesson_the_first_so_many_are_in_sight() -> None:
    open_to = {1: 2, 2: 0, 3: None}

    assert [is_open for _, is_open in with_sight(ROWS, itemgetter(0), open_to)] == [
        *(True, False, True, False, True)
    ]
    assert [name for _, name in in_sight(ROWS, itemgetter(0), open_to)] == ["a", "c", "e"]


@given(
    rows=st.lists(st.integers(0, 3)),
    open_to=st.fixed_dictionaries({n: st.none() | st.integers(0, 5) for n in range(4)}),
)
def test_no_lesson_shows_more_than_it_is_open_to(
    rows: list[int], open_to: dict[int, int | None]
) -> None:
    there, shown = Counter(rows), Counter(in_sight(rows, int, open_to))

    assert {n: shown[n] for n in open_to} == {
        n: there[n] if limit is None else min(limit, there[n]) for n, limit in open_to.items()
    }
