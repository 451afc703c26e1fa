"""What the pages of finished games draw and set."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from games.reports import charts
from games.reports.per_question import Guesses, Times
from games.reports.whole_game import Summary
from lessons.markdown import inline as inline_markdown

register = template.Library()

# The shapes of answers A to F, as `frontend/src/shared/Shape.svelte` draws them, in a square of 24.
SHAPES = (
    "M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20Z",
    "M5 3H19a2 2 0 0 1 2 2V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z",
    "M10.6 3.2a1.6 1.6 0 0 1 2.8 0l8.6 15.3a1.7 1.7 0 0 1-1.5 2.5H3.5A1.7 1.7 0 0 1 2 18.5Z",
    "M10.8 1.6a1.7 1.7 0 0 1 2.4 0l9.2 9.2a1.7 1.7 0 0 1 0 2.4l-9.2 9.2a1.7 1.7 0 0 1-2.4 0"
    "l-9.2-9.2a1.7 1.7 0 0 1 0-2.4Z",
    "M12 1.5l3.1 6.8 7.4.8-5.5 5 1.5 7.3-6.5-3.7-6.5 3.7 1.5-7.3-5.5-5 7.4-.8Z",
    "M7.2 2.8h9.6a1.6 1.6 0 0 1 1.4.8l4.3 7.6a1.6 1.6 0 0 1 0 1.6l-4.3 7.6a1.6 1.6 0 0 1-1.4.8"
    "H7.2a1.6 1.6 0 0 1-1.4-.8L1.5 12.8a1.6 1.6 0 0 1 0-1.6l4.3-7.6a1.6 1.6 0 0 1 1.4-.8Z",
)
LETTERS = "ABCDEF"


@register.filter
def inline(text: str) -> SafeString:
    """A question's text, with its emphasis and formulas."""
    return inline_markdown(text)


@register.filter
def at(found: Mapping[int, int], key: int) -> int | str:
    """What is there under that key."""
    return found.get(key, "")


@register.simple_tag
def answer_mark(place: int | None) -> SafeString:
    """The shape and the letter of the answer at that place; nothing for a written one."""
    if place is None:
        return SafeString("")
    return format_html(
        '<span class="mark mark-{}"><svg viewBox="0 0 24 24" aria-hidden="true">'
        '<path d="{}"/></svg>{}</span>',
        LETTERS[place].lower(),
        SHAPES[place],
        LETTERS[place],
    )


@register.simple_tag
def bar(percent: int, kind: str = "") -> SafeString:
    """A bar filled so far. The number stands beside it."""
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="1"/></svg>',
        kind,
        min(100, percent),
    )


@register.simple_tag
def ability_split(lower: int, upper: int) -> SafeString:
    """A ring for the lower group and a dot for the upper one, on a line from 0 to 100 %."""
    return format_html(
        '<svg class="split" viewBox="-6 -6 112 12" role="img" aria-label="{}">'
        '<line class="axis" x1="0" x2="100"/><line class="way" x1="{}" x2="{}"/>'
        '<circle class="lower" cx="{}" r="4"/><circle class="upper" cx="{}" r="4"/></svg>',
        _("lower group %(lower)s %%, upper group %(upper)s %%") % {"lower": lower, "upper": upper},
        lower,
        upper,
        lower,
        upper,
    )


@register.simple_tag
def points_chart(summary: Summary) -> SafeString:
    """How the players' points lie."""
    step = summary.points_step
    titles = [
        ngettext("%(n)s player: %(low)s–%(high)s", "%(n)s players: %(low)s–%(high)s", n)
        % {"n": n, "low": place * step, "high": (place + 1) * step - 1}
        for place, n in enumerate(summary.points)
    ]
    label = _("Points of the players: %(list)s") % {
        "list": "; ".join(title for title, n in zip(titles, summary.points, strict=True) if n)
    }
    return _svg("points", label, charts.columns(summary.points, titles))


@register.simple_tag
def times_chart(times: Times) -> SafeString:
    """When answers came, right ones at the bottom."""
    seconds = times.high_s / len(times.right)
    titles = [
        _("%(low).0f–%(high).0f s: %(right)s right, %(others)s others")
        % {"low": n * seconds, "high": (n + 1) * seconds, "right": right, "others": others}
        for n, (right, others) in enumerate(zip(times.right, times.others, strict=True))
    ]
    label = _("When answers came: %(list)s") % {
        "list": "; ".join(
            title
            for title, right, others in zip(titles, times.right, times.others, strict=True)
            if right + others
        )
    }
    return _svg("times", label, charts.stacked(times.right, times.others, titles))


@register.simple_tag
def guesses_chart(guesses: Guesses) -> SafeString:
    """The class' guesses in amber over the band that is right."""
    wide = guesses.high - guesses.low
    width = wide / len(guesses.counts)
    titles = [
        f"{guesses.low + n * width:.4g}–{guesses.low + (n + 1) * width:.4g}{guesses.unit}: {count}"
        for n, count in enumerate(guesses.counts)
    ]
    label = _("Guesses: %(list)s") % {
        "list": "; ".join(title for title, n in zip(titles, guesses.counts, strict=True) if n)
    }
    band = charts.band(
        guesses.low,
        guesses.high,
        guesses.right - guesses.tolerance,
        guesses.right + guesses.tolerance,
    )
    return _svg("guesses", label, [band, *charts.columns(guesses.counts, titles)])


def _svg(kind: str, label: str, rects: Iterable[charts.Rect]) -> SafeString:
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (
            (rect.kind, rect.x, rect.y, rect.width, rect.height, rect.title)
            for rect in rects
            if rect.height
        ),
    )
    return format_html(
        '<svg class="columns {}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>',
        kind,
        charts.WIDTH,
        charts.HEIGHT,
        label,
        drawn,
    )
