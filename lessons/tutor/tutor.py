"""One lesson that can be asked. Nothing here reads the database."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import lru_cache
from textwrap import shorten
from typing import Literal, NamedTuple

from django.utils.translation import gettext

from lessons.drafts import LessonDraft
from lessons.language_model import LanguageModel, ModelFailed
from lessons.questions import ExplanationRef
from lessons.tutor.extraction import extracted
from lessons.tutor.follow_ups import asks_for_more, in_full
from lessons.tutor.gate import Judgement, judge
from lessons.tutor.passages import Passage, Sentence
from lessons.tutor.replies import Answered, Closest, NotInLesson, Reply, Told, told
from lessons.tutor.retrieval import Index, Ranking
from lessons.tutor.suggestions import suggestions
from lessons.tutor.vectors import SentenceVectors, sentence_vectors
from lessons.tutor.written import written

LONGEST_QUESTION = 500
MOST_BEFORE = 6
"""Earlier questions that are looked at."""
NEXT_QUESTIONS = 3
CLOSEST_PASSAGES = 3
SEARCHED_FOR_PICTURE = 20
SEARCHED_FOR_SECTION = 20
PASSAGES_FOR_MODEL = 6


def tutor_of(draft: LessonDraft) -> "Tutor":
    """The tutor of what a learner may read of a lesson, kept while the lesson stays the same.

    The first time takes a second or two, so not on the event loop.
    """
    key = draft.model_dump_json()
    with _keeping:
        late = _kept(key)
    return late.tutor()


_keeping = threading.Lock()


@lru_cache(maxsize=32)
def _kept(draft: str) -> "_Late":
    return _Late(draft)


class _Late:
    """A tutor made when it is first asked for: a class that asks all at once waits for the same."""

    def __init__(self, draft: str) -> None:
        self._draft = draft
        self._lock = threading.Lock()
        self._tutor: Tutor | None = None

    def tutor(self) -> "Tutor":
        with self._lock:
            if self._tutor is None:
                self._tutor = Tutor(
                    LessonDraft.model_validate_json(self._draft), sentence_vectors()
                )
            return self._tutor


class Tutor:
    """Answers questions about one lesson. `before` are the learner's earlier questions, oldest first."""

    def __init__(self, draft: LessonDraft, vectors: SentenceVectors | None) -> None:
        self.index = Index(draft, vectors)
        self._suggestions = suggestions(draft, self.index)
        self._sections: dict[str | None, int] = {
            section.title: place for place, section in enumerate(draft.sections)
        }

    def ask(self, question: str, before: Sequence[str] = ()) -> Reply:
        """What the lesson itself says, in its own sentences."""
        found = self._found(question, before)
        return self._declined(found) or self._in_own_words(found)

    async def ask_with(
        self, model: LanguageModel, question: str, before: Sequence[str] = ()
    ) -> AsyncGenerator[Told | Reply, None]:
        """Sentence by sentence in the model's words, then the whole reply.

        Where the lesson doesn't answer, the model isn't asked. Where the model fails, or says nothing
        that the lesson bears out, the reply is the lesson's own sentences.
        """
        found = await asyncio.to_thread(self._found, question, before)
        if declined := self._declined(found):
            yield declined
            return
        passages = [self.index.passages[i] for i in found.ranking.best(PASSAGES_FOR_MODEL)]
        sentences: list[Told] = []
        failed = ""
        try:
            async with aclosing(
                written(model, self.index.words, found.question, found.before, passages)
            ) as replied:
                async for sentence in replied:
                    sentences.append(sentence)
                    yield sentence
        except ModelFailed as error:
            # What was borne out before stands.
            failed = str(error)
        if sentences:
            yield self._answered(found, "model", sentences)
        else:
            yield self._in_own_words(found).model_copy(update={"model_failed": failed})

    def suggested(self, count: int) -> tuple[str, ...]:
        """Questions to begin with."""
        return tuple(s.question for s in self._suggestions[:count])

    def _found(self, question: str, before: Sequence[str]) -> "_Found":
        words = self.index.words
        question, *before = (
            shorten(asked, LONGEST_QUESTION, placeholder="")
            for asked in (question, *before[-MOST_BEFORE:])
        )
        ranking = self.index.search(in_full(question, before, words))
        told: frozenset[Sentence] = frozenset()
        if before and asks_for_more(question, words):
            earlier = self._found(before[-1], before[:-1])
            told = earlier.told | set(earlier.sentences)
        sentences = extracted(self.index, ranking, told)
        return _Found(question, before, ranking, judge(self.index, ranking), sentences, told)

    def _declined(self, found: "_Found") -> Closest | NotInLesson | None:
        """The reply where the lesson doesn't answer; None where it does."""
        match found.judgement.verdict:
            case "answer" if found.sentences:
                return None
            case "answer":
                sentence = gettext("That is all the lesson says about it.")
            case "closest":
                near = [self.index.passages[i] for i in found.ranking.best(CLOSEST_PASSAGES)]
                return Closest(
                    sentence=gettext("The lesson doesn’t quite answer that. This comes closest."),
                    told=tuple(told(p.text, p, p.span) for p in near),
                    next_questions=self._next(found),
                )
            case "not_in_lesson":
                sentence = gettext("The lesson doesn’t say anything about that.")
                if found.judgement.missing:
                    word = found.judgement.missing
                    sentence = gettext("The lesson doesn’t mention “%(word)s”.") % {"word": word}
        return NotInLesson(
            sentence=sentence, nearest=self._nearest(found), next_questions=self._next(found)
        )

    def _in_own_words(self, found: "_Found") -> Answered:
        return self._answered(found, "lesson", [self._told(s) for s in found.sentences])

    def _answered(
        self, found: "_Found", by: Literal["lesson", "model"], told: Sequence[Told]
    ) -> Answered:
        return Answered(
            told=tuple(told),
            by=by,
            explanation=self._explanation(found),
            next_questions=self._next(found),
        )

    def _told(self, sentence: Sentence) -> Told:
        return told(sentence.text, self._passage(sentence), sentence.span)

    def _explanation(self, found: "_Found") -> ExplanationRef | None:
        """The picture of a flashcard or question that is near, else that of the section."""
        passage = self._passage(found.sentences[0])
        near = [
            passage,
            *(self.index.passages[i] for i in found.ranking.best(SEARCHED_FOR_PICTURE)),
        ]
        here = [p for p in near if p.section == passage.section and p.explanation]
        # A section's picture stands for all of it, a card's or a question's for one idea.
        here.sort(key=lambda p: p.of == "section")
        return here[0].explanation if here else None

    def _nearest(self, found: "_Found") -> int | None:
        ranking = found.ranking
        near = [self.index.passages[i] for i in ranking.best(SEARCHED_FOR_SECTION)]
        titles = [passage.section for passage in near if passage.section in self._sections]
        if not titles or not (ranking.lexical.any() or ranking.similar.any()):
            return None
        return self._sections[titles[0]]

    def _next(self, found: "_Found") -> tuple[str, ...]:
        """Questions about what is near, without what was just asked."""
        near = [self.index.passages[i].section for i in found.ranking.best(CLOSEST_PASSAGES)]
        asked = set(found.ranking.terms)
        others = [s for s in self._suggestions if not s.terms <= asked]
        others.sort(key=lambda s: near.index(s.section) if s.section in near else len(near))
        return tuple(s.question for s in others[:NEXT_QUESTIONS])

    def _passage(self, sentence: Sentence) -> Passage:
        return self.index.passages[int(self.index.passage_of[self.index.sentences.index(sentence)])]


class _Found(NamedTuple):
    """What is known about a question before anybody replies."""

    question: str
    before: Sequence[str]
    ranking: Ranking
    judgement: Judgement
    sentences: tuple[Sentence, ...]
    """The lesson's own answer; none if all has been told."""
    told: frozenset[Sentence]
    """What earlier replies said, where more is asked for."""
