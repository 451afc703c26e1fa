"""Columns of a histogram stay inside the drawing and tell small counts from none."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from games.reports.charts import HEIGHT, WIDTH, band, columns, stacked

counts = st.lists(st.integers(0, 5000), min_size=1, max_size=40)


@given(counts)
def test_columns_lie_side_by_side(heights: list[int]) -> None:
    rects = columns(heights, [""] * len(heights))

    for rect, count in zip(rects, heights, strict=True):
        assert (rect.height > 0) == (count > 0)
        assert rect.y + rect.height == HEIGHT
        assert 0 <= rect.x <= WIDTH - rect.width
    for left, right in pairwise(rects):
        assert left.x + left.width <= right.x


@given(counts)
def test_stacks_are_as_high_as_both_together(heights: list[int]) -> None:
    pairs = stacked(heights, heights[::-1], [""] * len(heights))

    for below, above in zip(pairs[::2], pairs[1::2], strict=True):
        assert above.y + above.height == below.y
        assert below.y + below.height == HEIGHT
        assert above.y >= 0


def test_a_band_is_where_it_is_on_the_scale() -> None:
    assert band(0, 180, 85, 95)[:4] == (567, 0, 67, HEIGHT)
    assert band(-1.7e308, 1.7e308, -1.7e308, 1.7e308)[:4] == (0, 0, WIDTH, HEIGHT)
    assert band(0, 10, -5, 20)[:4] == (0, 0, WIDTH, HEIGHT)
