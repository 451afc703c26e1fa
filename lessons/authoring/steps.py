"""Numbered lists as steps to put in order. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext

from lessons.authoring.draft import Draft
from lessons.authoring.reading import Reading, is_lead
from lessons.authoring.texts import Block, as_markdown
from lessons.questions import OrderSteps
from lessons.spans import Span

LONGEST_STEP = 120
FEWEST, MOST = 3, 6
_COUNTED = re.compile(r"^(?:step|phase|stage)?\s*(?:\d+|[ivx]+)\s*[.:)–-]\s*", re.IGNORECASE)
_PLACED = re.compile(
    r"^(?:first|firstly|second|secondly|third|thirdly|then|next|after that|afterwards|finally|last|"
    r"lastly|at last|at the end|in the end),?\s+",
    re.IGNORECASE,
)


def ordered_steps(reading: Reading) -> Iterator[Draft]:
    """One draft for each list of three to six short steps."""
    for index, blocks in enumerate(reading.blocks):
        section = reading.lesson.sections[index].title
        for listed in _lists(blocks):
            steps = [_step(block) for block in listed]
            if not FEWEST <= len(steps) <= MOST or len(set(steps)) < len(steps):
                continue
            if not all(0 < len(as_markdown(step)) <= LONGEST_STEP for step in steps):
                continue
            first, last = listed[0].sentences[0], listed[-1].sentences[-1]
            prompt = gettext("Put these steps in order: %(topic)s") % {
                "topic": as_markdown(section)
            }
            yield Draft(
                OrderSteps(prompt=prompt, steps=tuple(map(as_markdown, steps)), limit_ms=60_000),
                section,
                Span("section", index, first.start, last.end),
                " ".join(block.text for block in listed),
                score=0.8,
            )


def _lists(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """The items of each list that counts, without what stands below them."""
    lists: defaultdict[int | str, list[Block]] = defaultdict(list)
    for block in blocks:
        if not block.is_below and (number := _list(block)) is not None:
            lists[number].append(block)
    yield from lists.values()


def _list(block: Block) -> int | str | None:
    """Which list the item is of: a numbered one, or bullets that count “Step 1:” themselves."""
    if block.list_number is not None:
        return block.list_number
    return "counted" if re.match(r"(?:step|phase|stage)\s*\d+", block.text, re.IGNORECASE) else None


def _step(block: Block) -> str:
    """The item's bold lead, else its first sentence, without the words that count."""
    first = _COUNTED.sub("", block.sentences[0].text)
    if not first and len(block.sentences) > 1:
        first = block.sentences[1].text
    text = _PLACED.sub("", first)
    text = text.rstrip(" .:;" if is_lead(block.sentences[0]) else " :;")
    return text[:1].upper() + text[1:]
