"""How good the drafts of a lesson are, as far as rules can tell. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from lessons.authoring.draft import Draft
from lessons.authoring.words import content_words, key, words
from lessons.cloze import asked, cloze_numbers, gaps
from lessons.drafts import CardDraft
from lessons.questions import SingleChoice, folded, right_answers


class Evaluation(NamedTuple):
    """Counts of drafts, and which terms of a given list they ask for."""

    kinds: Counter[str]
    exact: tuple[str, ...]
    within: tuple[str, ...]
    """Terms that are asked for only as a part of a longer answer."""
    missing: tuple[str, ...]
    duplicates: int
    leaks: tuple[Draft, ...]
    """Drafts whose prompt holds their answer."""
    bad_distractors: tuple[Draft, ...]


def evaluation(drafts: Sequence[Draft], terms: Sequence[str]) -> Evaluation:
    answers = {key(answer) for draft in drafts for answer in draft.answers}
    exact = [term for term in terms if key(term) in answers]
    within = [
        term
        for term in terms
        if term not in exact and any(f" {key(term)} " in f" {answer} " for answer in answers)
    ]
    prompts = Counter((draft.kind, folded(draft.asked), draft.answers) for draft in drafts)
    return Evaluation(
        kinds=Counter(draft.kind for draft in drafts),
        exact=tuple(exact),
        within=tuple(within),
        missing=tuple(term for term in terms if term not in {*exact, *within}),
        duplicates=prompts.total() - len(prompts),
        leaks=tuple(draft for draft in drafts if is_told(draft)),
        bad_distractors=tuple(draft for draft in drafts if has_bad_distractor(draft)),
    )


def is_told(draft: Draft) -> bool:
    """Does a content word of the answer stand in the prompt? Letter by letter, plurals apart."""
    return any(
        bool({*content_words(key(answer))} & {*content_words(key(prompt))})
        for prompt, answer in _asked_and_answers(draft)
    )


def _asked_and_answers(draft: Draft) -> Iterator[tuple[str, str]]:
    item = draft.item
    if isinstance(item, CardDraft):
        for number in cloze_numbers(item.definition):
            hidden = " ".join(gap.text for gap in gaps(item.definition) if gap.number == number)
            yield asked(item.definition, number), hidden
        if not cloze_numbers(item.definition):
            yield item.definition, item.term
    elif draft.kind in {"typed_text", "typed_number", "single_choice"}:
        prompt = item.prompt
        # “What does “x” mean?” names what it asks about.
        for answer in right_answers(item)[:1]:
            if len(words(answer)) <= len(words(prompt)):
                yield prompt, answer


def has_bad_distractor(draft: Draft) -> bool:
    """Does a wrong option stand in the sentence, look like the right one, or repeat another?"""
    if not isinstance(draft.item, SingleChoice):
        return False
    options = [folded(option) for option in draft.item.options]
    right = options[draft.item.right]
    wrong = [option for i, option in enumerate(options) if i != draft.item.right]
    sentence = f" {folded(draft.sentence)} "
    return (
        len(set(options)) < len(options)
        or any(f" {option} " in sentence for option in wrong)
        or (not right[:1].isdigit() and any(fuzz.ratio(right, option) > 85 for option in wrong))
    )
