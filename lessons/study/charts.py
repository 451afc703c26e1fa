"""The drawings of a learner's pages: where things stand, in percent of width and height, and their words.

The template sets type and lines in pixels, so that both stay the same at any width.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.study.forgetting import Floats, Ints

WEEKS = 26
PITCH, LEFT, TOP = 14, 30, 14
"""From one square to the next, and where the first one stands."""
LEVELS = (1, 10, 25, 50)
"""From how many reviews on a day is drawn one shade stronger."""
GAP = 0.1
"""Of a column's place, on either side."""

Curve = tuple[Floats, Floats]


class Tick(NamedTuple):
    """What is written at an axis, and where."""

    at: float
    text: str


class Bar(NamedTuple):
    """A column; y grows downwards."""

    x: float
    y: float
    width: float
    height: float
    title: str


class Line(NamedTuple):
    """`points` as SVG has them; `kind` is known, ahead or wanted."""

    points: str
    kind: str


class Plot(NamedTuple):
    """One drawing, and the same in words."""

    label: str
    across: Sequence[Tick]
    up: Sequence[Tick]
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    wanted: Tick | None = None
    """What is written at the end of the line of that kind."""
    rows: Sequence[str] = ()
    """Its numbers, one by one."""


class Day(NamedTuple):
    """A square of the calendar."""

    x: int
    y: int
    level: int
    title: str


class Calendar(NamedTuple):
    """In units of its own, as squares stay squares."""

    label: str
    days: Sequence[Day]
    months: Sequence[Tick]
    weekdays: Sequence[Tick]
    legend: Sequence[str]
    rows: Sequence[str]


def forecast(due: Ints, today: date) -> Plot:
    """How many cards fall due on each of the next days."""
    days = [today + timedelta(days=n) for n in range(len(due))]
    titles = [
        ngettext("%(day)s: %(n)s card", "%(day)s: %(n)s cards", n)
        % {"day": date_format(day, "j M"), "n": n}
        for day, n in zip(days, due.tolist(), strict=True)
    ]
    top = _top_of(int(due.max()))
    pitch = 100 / len(days)
    weeks = range(0, len(days), 7)
    return Plot(
        label=_("Cards due on each of the next %(days)s days: %(today)s today, %(all)s in all.")
        % {"days": len(days), "today": due[0], "all": due.sum()},
        across=[
            Tick((n + 0.5) * pitch, date_format(days[n], "j M") if n else _("today")) for n in weeks
        ],
        up=[Tick(100, "0"), Tick(50, str(top // 2)), Tick(0, str(top))],
        bars=[
            Bar((n + GAP) * pitch, 100 - height, (1 - 2 * GAP) * pitch, height, title)
            for n, (cards, title) in enumerate(zip(due.tolist(), titles, strict=True))
            if cards
            for height in [100 * cards / top]
        ],
        rows=titles,
    )


def fading(recall: Floats, today: date) -> Plot:
    """The mean recall over all cards, day by day, if nothing is reviewed."""
    last = len(recall) - 1
    axis = Shares.down_to(recall.min())
    days = [today + timedelta(days=n) for n in range(last + 1)]
    return Plot(
        label=_(
            "Mean chance to know a card if you stop: %(now)s %% today, %(then)s %% in %(days)s days."
        )
        % {"now": round(100 * recall[0]), "then": round(100 * recall[-1]), "days": last},
        across=[
            Tick(100 * n / last, date_format(days[n], "j M") if n else _("today"))
            for n in range(0, last + 1, 10)
        ],
        up=axis.ticks,
        lines=[axis.line(np.linspace(0, 100, last + 1), recall, "known")],
        rows=[
            f"{date_format(day, 'j M')}: {100 * share:.1f} %"
            for day, share in zip(days, recall.tolist(), strict=True)
        ],
    )


def one_card(past: Curve, ahead: Curve, begins: datetime, due: datetime, wanted: float) -> Plot:
    """A card's forgetting curve: as it was, dashed as it will be, and what the learner wants.

    past, ahead  days since the first review, and the chance to know it
    """
    end = float(ahead[0][-1])
    known, will_be = past[1][-1], np.interp((due - begins) / timedelta(days=1), *ahead)
    axis = Shares.down_to(min(wanted, past[1].min(), ahead[1].min()))
    form = "j M" if end < 300 else "M Y"
    return Plot(
        label=_(
            "Chance to know this card: %(now)s %% now, %(then)s %% when it is due on %(due)s. "
            "You want %(wanted)s %%."
        )
        % {
            "now": round(100 * known),
            "then": round(100 * will_be),
            "due": date_format(timezone.localtime(due), "j F Y"),
            "wanted": round(100 * wanted),
        },
        across=[
            Tick(
                100 * d / end,
                date_format(timezone.localtime(begins + timedelta(days=d)), form),
            )
            for d in np.linspace(0, end, 4).tolist()
        ],
        up=axis.ticks,
        lines=[
            axis.line(np.array([0, 100]), np.array([wanted, wanted]), "wanted"),
            axis.line(100 * past[0] / end, past[1], "known"),
            axis.line(100 * ahead[0] / end, ahead[1], "ahead"),
        ],
        wanted=axis.tick(round(100 * wanted)),
    )


def calendar(counts: dict[date, int], today: date) -> Calendar:
    """Reviews on each day of the last weeks up to this one, each from Monday on."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    reviews = [counts.get(day, 0) for day in days]
    weeks = [(days[n], sum(reviews[n : n + 7])) for n in range(0, len(days), 7)]
    return Calendar(
        label=_(
            "%(reviews)s reviews on %(days)s of the last %(all)s days, at most %(most)s on one."
        )
        % {
            "reviews": sum(reviews),
            "days": sum(map(bool, reviews)),
            "all": len(days),
            "most": max(reviews),
        },
        days=[
            Day(
                LEFT + PITCH * (n // 7),
                TOP + PITCH * (n % 7),
                sum(count >= least for least in LEVELS),
                _reviews_on(date_format(day, "j M"), count),
            )
            for n, (day, count) in enumerate(zip(days, reviews, strict=True))
        ],
        months=[
            Tick(LEFT + PITCH * week, date_format(monday, "M"))
            for week, (monday, _reviews) in enumerate(weeks)
            if monday.day <= 7
        ],
        weekdays=[
            Tick(TOP + PITCH * (n + 0.75), date_format(first + timedelta(days=n), "D"))
            for n in (0, 2, 4)
        ],
        legend=[
            "0",
            *(f"{low}–{end - 1}" for low, end in pairwise(LEVELS)),
            _("%d and more") % LEVELS[-1],
        ],
        rows=[
            _reviews_on(_("week of %s") % date_format(monday, "j M"), count)
            for monday, count in weeks
        ],
    )


def _reviews_on(when: str, reviews: int) -> str:
    return ngettext("%(when)s: %(n)s review", "%(when)s: %(n)s reviews", reviews) % {
        "when": when,
        "n": reviews,
    }


def _top_of(most: int) -> int:
    """The end of an axis for counts up to `most`, such that half of it is a whole number too."""
    power = 1
    while 10 * power < most:
        power *= 10
    return next(lead * power for lead in (2, 4, 10) if lead * power >= most)


class Shares(NamedTuple):
    """An axis of shares from 100 % down as far as the curves on it go."""

    low_percent: int
    step_percent: int

    @classmethod
    def down_to(cls, share: float) -> "Shares":
        axes = (cls(75, 5), cls(50, 10), cls(0, 25))
        return next(axis for axis in axes if 100 * share >= axis.low_percent)

    @property
    def ticks(self) -> list[Tick]:
        return [self.tick(p) for p in range(self.low_percent, 101, self.step_percent)]

    def tick(self, percent: int) -> Tick:
        return Tick(self._y(percent), f"{percent} %")

    def line(self, xs: Floats, shares: Floats, kind: str) -> Line:
        """Through these points; x in percent of the width."""
        points = zip(xs.tolist(), (100 * shares).tolist(), strict=True)
        return Line(" ".join(f"{x:.2f},{self._y(p):.2f}" for x, p in points), kind)

    def _y(self, percent: float) -> float:
        return 100 * (100 - percent) / (100 - self.low_percent)
