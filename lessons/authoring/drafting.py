"""All drafts of a lesson: ranked, none twice, none that was rejected, none that it has already. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.utils import translation
from rapidfuzz import fuzz

from lessons.authoring import definitions
from lessons.authoring.distractors import Pool, Vectors
from lessons.authoring.draft import Draft
from lessons.authoring.gaps import Gap, chosen, cloze_card, gaps, typed, years_of
from lessons.authoring.mentions import names_of
from lessons.authoring.reading import Reading, read
from lessons.authoring.statements import true_or_false
from lessons.authoring.steps import ordered_steps
from lessons.authoring.terms import Rarity, Term, terms
from lessons.authoring.words import key
from lessons.drafts import CardDraft, LessonDraft
from lessons.questions import folded, right_answers

LEAST_SCORE = 0.2
MOST_GAPS_TRIED = 6
"""Of a sentence, the best: not each makes a question of each kind."""


def drafts_from(
    lesson: LessonDraft,
    rejected: Collection[str] = (),
    vectors: Vectors | None = None,
    rarity: Rarity | None = None,
) -> list[Draft]:
    """Questions and flashcards from a lesson's notes and flashcards, the best first.

    `rejected` are fingerprints of drafts that nobody wants to see again. With `vectors` of texts wrong
    options are nearer to the right one, and there are more choices; with the `rarity` of words
    those that are seldom used are asked for first.
    """
    with translation.override(lesson.language):
        reading = read(lesson)
        found = terms(reading, rarity)
        return sifted(_made(reading, found, Pool(found, vectors)), lesson, rejected)


def _made(reading: Reading, found: tuple[Term, ...], pool: Pool) -> Iterator[Draft]:
    told = definitions.definitions(reading, found)
    yield from definitions.cards(told)
    yield from definitions.questions(told)
    yield from ordered_steps(reading)
    years = years_of(reading)
    by_sentence: defaultdict[str, list[Gap]] = defaultdict(list)
    for gap in sorted(
        gaps(reading, found), key=lambda gap: (-gap.score, gap.statement.span, gap.start)
    ):
        by_sentence[gap.statement.text].append(gap)
    for its_gaps in by_sentence.values():
        yield cloze_card(its_gaps)
        for gap in its_gaps[:MOST_GAPS_TRIED]:
            asked = (
                typed(gap, reading),
                chosen(gap, reading, pool, years),
                true_or_false(gap, reading, pool, years),
            )
            yield from filter(None, asked)


def sifted(
    made: Iterable[Draft], lesson: LessonDraft, rejected: Collection[str] = ()
) -> list[Draft]:
    """The best first; of one kind at most two about a sentence, and one with an answer."""
    kept: list[Draft] = []
    seen = set(rejected)
    there = _There(lesson)
    kinds_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_answer: Counter[tuple[str, ...]] = Counter()
    for draft in sorted(made, key=lambda d: (-d.score, d.span, d.kind, d.asked)):
        kinds = kinds_of[draft.sentence]
        answer = (draft.kind, *map(key, draft.answers[:1])) if has_answer(draft) else None
        if (
            draft.score < LEAST_SCORE
            or draft.fingerprint in seen
            or kinds[draft.kind] >= (1 if draft.kind in {"flashcard", "true_false"} else 2)
            or (answer and by_answer[answer])
            or there.has(draft)
        ):
            continue
        seen.add(draft.fingerprint)
        kinds[draft.kind] += 1
        if answer:
            by_answer[answer] += 1
        kept.append(draft)
    return kept


def has_answer(draft: Draft) -> bool:
    """Does it ask for one thing that another draft could ask for too?"""
    return draft.kind in {"typed_text", "single_choice", "flashcard"} and not draft.is_cloze


SAME_PROMPT = 80
"""Of 100, as rapidfuzz compares the words of two prompts."""


class _There:
    """What a lesson has already, to compare drafts with."""

    def __init__(self, lesson: LessonDraft) -> None:
        self._definitions = {folded(card.definition) for card in lesson.flashcards}
        self._terms = {key(name) for card in lesson.flashcards for name in names_of(card.term)}
        self._questions = [
            (folded(its.question.prompt), {*map(key, right_answers(its.question))})
            for its in lesson.questions
        ]

    def has(self, draft: Draft) -> bool:
        """Is there a flashcard of that term, or a question that asks the same?"""
        answers = {*map(key, draft.answers)}
        if isinstance(draft.item, CardDraft):
            is_of_term = has_answer(draft) and bool(self._terms & answers)
            return is_of_term or folded(draft.item.definition) in self._definitions
        prompt = folded(draft.asked)
        return any(
            its & answers and fuzz.token_set_ratio(prompt, other) >= SAME_PROMPT
            for other, its in self._questions
        )


def best(drafts: Sequence[Draft], count: int) -> list[Draft]:
    """The best that differ: of each section and of each kind some, of each sentence few."""
    left, chosen = list(drafts), list[Draft]()
    used: Counter[object] = Counter()
    while left and len(chosen) < count:
        draft = max(left, key=lambda d: d.score * _freshness(d, used))
        left.remove(draft)
        chosen.append(draft)
        used.update([draft.sentence, draft.section, draft.kind, *map(key, draft.answers)])
    return chosen


def _freshness(draft: Draft, used: Counter[object]) -> float:
    """1 for the first of everything; less for what there are some of."""
    answers = sum(used[key(answer)] for answer in draft.answers)
    repeated = 0.5 ** (used[draft.sentence] + answers)
    return repeated * 0.9 ** used[draft.section] * 0.95 ** used[draft.kind]
