"""Drafts as a teacher looks at them: as their pupils would see them, with the key and where it comes from."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple, assert_never

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lessons.authoring.models import Making, Proposal
from lessons.authoring.places import Place
from lessons.authoring.texts import as_markdown
from lessons.cloze import cloze_numbers
from lessons.drafts import CardDraft
from lessons.faces import lines, with_gaps
from lessons.markdown import inline
from lessons.models import Lesson
from lessons.questions import (
    InfoSlide,
    NumberGuess,
    OrderSteps,
    Poll,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    right_answers,
    right_options,
)
from lessons.shown import Message

KINDS = {
    "single_choice": _("Choose one"),
    "several_right": _("Choose several"),
    "true_false": _("True or false"),
    "typed_text": _("Type a word"),
    "typed_number": _("Type a number"),
    "order_steps": _("Put in order"),
    "flashcard": _("Flashcard"),
}
"""What drafts there are, in the order they are counted."""


class Decided(Message):
    """To the page: what became of a draft, and how many there are of everything now."""

    said: str
    is_done: bool
    needs_editing: bool = False
    counts: dict[str, int]
    """By what is counted: state:waiting, kind:flashcard, section:Cells."""


class MakingView(Message):
    """To the page that waits: how it stands with the drafts that are being made."""

    said: str
    is_over: bool


MESSAGES: tuple[type[Message], ...] = (Decided, MakingView)


class OptionView(NamedTuple):
    letter: str
    html: SafeString
    is_right: bool


def proposal_view(proposal: Proposal, place: Place | None) -> dict[str, Any]:
    """All that its place on the page shows."""
    item = proposal.draft.item
    common = {
        "pk": proposal.pk,
        "kind": proposal.kind,
        "kind_name": KINDS.get(proposal.kind, proposal.kind),
        "model": proposal.model,
        "state": proposal.state,
        "is_reported": proposal.reported_at is not None,
        "section": (place and place.section) or proposal.section,
        "cited": place and {name: _plain(text) for name, text in place._asdict().items() if text},
        "sentence": _plain(proposal.sentence),
        "options": [],
        "answers": [],
        "steps": [],
    }
    if isinstance(item, CardDraft):
        is_cloze = bool(cloze_numbers(item.definition))
        told = (
            with_gaps(item.definition, _gap, _gap_in_formula)
            if is_cloze
            else lines(item.definition)
        )
        return common | {"prompt": inline(item.term), "definition": told, "is_cloze": is_cloze}
    shown = common | {"prompt": _with_blank(inline(item.prompt))}
    match item:
        case SingleChoice() | SeveralRight():
            return shown | {"options": _options(item.options, right_options(item))}
        case TrueFalse():
            both = (gettext("True"), gettext("False"))
            return shown | {"options": _options(both, right_options(item))}
        case OrderSteps():
            return shown | {"steps": [inline(step) for step in item.steps]}
        case TypedText() | TypedNumber() | NumberGuess():
            return shown | {"answers": [inline(answer) for answer in right_answers(item)]}
        case Poll() | WordCloud() | InfoSlide():
            return shown
        case _:
            assert_never(item)


def _options(options: Iterable[str], right: Iterable[int]) -> list[OptionView]:
    return [
        OptionView("ABCDEF"[i], inline(option), i in set(right)) for i, option in enumerate(options)
    ]


def _plain(text: str) -> SafeString:
    return inline(as_markdown(text))


def _gap(gap: Any) -> str:
    return format_html("<mark>{}</mark>", inline(gap.text))


def _gap_in_formula(gap: Any) -> str:
    return rf"{{\boxed{{{gap.text}}}}}"


_BLANK = re.compile(r"_{3,}")


def _with_blank(html: SafeString) -> SafeString:
    """A blank as a line to write on, with a name for those who hear it."""
    blank = format_html(
        '<span class="blank"><span class="unseen">{}</span></span>', gettext("blank")
    )
    return SafeString(_BLANK.sub(str(blank), html))


def counts_of(lesson: Lesson) -> dict[str, int]:
    """How many drafts of each state, and of those that wait, of each kind and section."""
    drafts = lesson.proposals.values_list("state", "kind", "section")
    counted: Counter[str] = Counter()
    for state, kind, section in drafts:
        counted[f"state:{state}"] += 1
        if state == Proposal.State.WAITING:
            counted[f"kind:{kind}"] += 1
            counted[f"section:{section}"] += 1
    return dict(counted)


def making_view(makings: Iterable[Making]) -> MakingView:
    """Those of a lesson together."""
    busy = [making for making in makings if making.is_under_way]
    if not busy:
        return MakingView(said=gettext("The drafts are ready."), is_over=True)
    if any(making.state == Making.State.RUNNING for making in busy):
        said = gettext("Reading the notes and writing drafts…")
    else:
        said = gettext("Waiting for its turn…")
    return MakingView(said=said, is_over=False)


def made_in_words(making: Making) -> str:
    """What came of a model's look at a section."""
    if making.problem:
        return making.problem
    told = ngettext("%d new draft.", "%d new drafts.", making.found) % making.found
    if making.dropped:
        told += (
            " "
            + ngettext(
                "%d more was dropped: the notes don’t bear it out.",
                "%d more were dropped: the notes don’t bear them out.",
                making.dropped,
            )
            % making.dropped
        )
    return told
