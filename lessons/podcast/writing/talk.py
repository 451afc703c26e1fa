"""A lesson as a talk of two hosts: opening, a chapter for each section, end. English. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from lessons import explanations
from lessons.authoring.words import capitalised, content_words, root
from lessons.drafts import LessonDraft, SectionDraft
from lessons.podcast.script import MOST_TURNS, Chapter, Script, Turn
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing.asking import question_for
from lessons.podcast.writing.glossary import Entry, Glossary
from lessons.podcast.writing.phrases import Phrases, Purpose
from lessons.podcast.writing.points import Point, Saying, heading_of, points_of
from lessons.podcast.writing.recall import Recall, recalls, share
from lessons.podcast.writing.sentences import MOST_WORDS, listed, pieces, word_count
from lessons.podcast.writing.wording import Wording, named, roots
from lessons.questions import ExplanationRef
from lessons.spans import Span

Caption = Callable[[ExplanationRef], str]
"""A picture's sentence or two, with its numbers."""


def caption(ref: ExplanationRef) -> str:
    """Computed here and now; of the pictures there are, the slowest takes two seconds, once."""
    return explanations.picture(ref.key, ref.params).caption


OPENING, TERMS, END = "Welcome", "More terms", "To finish"
LEAST_TOLD_TO_ASK = 0.5
"""Of a question's words: what the notes don't tell, a listener can't recall."""
LEAST_TOLD_TO_LEAD = 0.75
"""Of a question's words and its answer's: then what is said next answers it."""
MOST_EXPLAINED = 2
"""Terms after one point; more would lose the thread."""
MOST_NAMES, MOST_WORDS_TO_KEEP = 4, 12
LONGEST_OUTLINE_WORDS = 45
LONGEST_ASKED_CHARACTERS = 150
"""Of what a question takes from the notes; longer ones aren't for the ear."""

# More than a number is asked for.
_CURIOUS = re.compile(
    r"\b(?:why|what|where|when|who|how (?!many|much|large|long|far|often))\b", re.IGNORECASE
)


class Talk:
    """Writes chapter by chapter, in order: what was explained or asked once isn't again."""

    def __init__(self, draft: LessonDraft, caption_of: Caption = caption) -> None:
        self._draft = draft
        self._caption_of = caption_of
        self._phrases = Phrases()
        self._points = [points_of(section, i) for i, section in enumerate(draft.sections)]
        every = [point for points in self._points for point in points]
        definitions = [card.definition for card in draft.flashcards]
        asked = [f"{q.question.prompt}\n{q.question.note}" for q in draft.questions]
        texts = [saying.text for point in every for saying in point.sayings]
        self._wording = Wording([*texts, *definitions, *asked, draft.summary])
        self._glossary = Glossary(draft, every, self._wording)
        titles = [section.title for section in draft.sections]
        notes = {
            title: " ".join(point.text for point in points)
            for title, points in zip(titles, self._points, strict=True)
        }
        self._recalls = recalls(draft, notes, self._wording)
        self._at_end = (
            self._chosen(r for r in self._recalls if r.is_open and _CURIOUS.match(r.asked))
            or self._chosen(r for r in self._recalls if r.is_open and _CURIOUS.search(r.asked))
            or self._chosen(r for r in self._recalls if r.is_open)
            or _as_question(self._glossary.entries)
        )
        self._at_section = {
            title: self._chosen(r for r in self._recalls if r.section == title) for title in titles
        }
        self._names: list[list[str]] = []
        """Of each chapter so far: the terms it was about."""
        self._known: set[str] = set()
        self._questions = 0

    def _chosen(self, among: Iterator[Recall]) -> Recall | None:
        """The question of which the notes tell most; it is asked nowhere else."""
        told = [recall for recall in among if recall.told >= LEAST_TOLD_TO_ASK]
        if not told:
            return None
        best = max(told, key=lambda recall: recall.told)
        self._recalls.remove(best)
        return best

    def chapter(self, place: int, body: Sequence[Turn] | None = None) -> Chapter:
        """A section's title, what its notes say, its picture, and a question to recall it.

        `body` is what somebody else wrote of its notes, from host A's turn to host B's. Terms that
        it names and doesn't cite are explained after it.
        """
        section = self._draft.sections[place]
        self._names.append([])
        if body is None:
            turns = list(self._body(self._points[place]))
        else:
            cited = {turn.span for turn in body}
            heard = self._glossary.first_heard(" ".join(turn.text for turn in body))
            turns = [*body, *self._explained([e for e in heard if e.span not in cited])]
        turns += self._explained(self._glossary.left_of(section.title))
        turns += self._picture(section)
        lead = self._phrases.next("section", heading_of(section.title))
        if not turns:
            turns = [_a(lead), _b(self._phrases.next("no_notes"))]
        elif word_count(begun := f"{lead} {turns[0].text}") <= MOST_WORDS:
            turns[0] = turns[0].model_copy(update={"text": begun})
        else:
            turns = [_a(lead), *turns]
        turns += self._close(section)
        return Chapter(title=section.title, section=place, turns=tuple(turns))

    def _body(self, points: Sequence[Point]) -> Iterator[Turn]:
        waiting: list[Entry] = []
        for i, point in enumerate(points):
            # Not before “It …”, which means what was spoken of last.
            if not point.takes_up:
                yield from self._explained(waiting[:MOST_EXPLAINED])
                waiting = waiting[MOST_EXPLAINED:]
            asked = self._question(point, is_first=i == 0)
            yield asked
            yield from self._said(point)
            heard = self._glossary.first_heard(point.text)
            if heard and _is_about(heard[0], asked, point) and not _takes_up(points, i + 1):
                yield _a(self._phrases.next("reword"), heard[0].span)
                yield from self._meaning(heard.pop(0))
            waiting += heard
        yield from self._explained(waiting)

    def _question(self, point: Point, *, is_first: bool) -> Turn:
        span = point.sayings[0].span
        if point.heading:
            return _a(self._phrases.next("heading", point.heading), span)
        if point.step:
            return _a(self._step(point), span)
        if recall := self._answered_by(point):
            return _a(recall.asked, recall.span)
        return self._asked(point.sayings[0], "start" if is_first else "lead_on")

    def _step(self, point: Point) -> str:
        if point.step == 1:
            return self._phrases.next("step_first")
        if point.step == point.steps:
            return self._phrases.next("step_last")
        return self._phrases.next("step_next", _ordinal(point.step))

    def _answered_by(self, point: Point) -> Recall | None:
        """A question of the lesson's own that this point answers."""
        told = roots(point.text)
        for recall in self._recalls:
            # Few have half of their words here as they stand, and only those are worth a closer look.
            may_be = recall.is_open and 2 * len(recall.content & told) >= len(recall.content)
            if may_be and share(recall.content, told) >= LEAST_TOLD_TO_LEAD:
                self._recalls.remove(recall)
                return recall
        return None

    def _asked(self, saying: Saying, otherwise: Literal["start", "lead_on"] = "lead_on") -> Turn:
        question = question_for(saying, self._wording)
        if question is None or sum(map(len, question.words)) > LONGEST_ASKED_CHARACTERS:
            return _a(self._phrases.next(otherwise))
        asked = capitalised(self._phrases.next(question.purpose, *question.words))
        self._questions += 1
        if self._questions % 3 == 0 and otherwise != "start":
            asked = f"{self._phrases.next('noted')} {asked}"
        return _a(asked, saying.span)

    def _said(self, point: Point) -> Iterator[Turn]:
        """Host B's turns, with a word of host A between two."""
        match point.kind:
            case "code":
                yield _b(self._phrases.next("code"), point.span)
            case "listed" | "fragment":
                yield from self._in_turns(self._enumerated(point), point.span)
            case "told" | "step":
                for i, group in enumerate(_grouped(point.sayings)):
                    if i:
                        yield self._asked(group[0])
                    text = " ".join(saying.text for saying in group)
                    if point.step == 1 and not i and not any(s.text.endswith(":") for s in group):
                        text = f"First: {self._wording.opened(text)}"
                    span = group[0].span._replace(end=group[-1].span.end)
                    yield from self._in_turns(text, span)
        self._keep(
            named(n, saying, self._wording) for saying in point.sayings for n in saying.names
        )

    def _enumerated(self, point: Point) -> str:
        """A list, after the words that lead to it or after a phrase."""
        texts = [saying.text for saying in point.sayings]
        lead = texts.pop(0) if texts[0].endswith(":") else ""
        items = listed([self._wording.opened(text) for text in texts])
        if lead:
            return f"{lead} {items}."
        return self._phrases.next("listed" if len(texts) > 1 else "fragment", items)

    def _in_turns(self, text: str, span: Span | None) -> Iterator[Turn]:
        for i, piece in enumerate(pieces(text)):
            if i:
                yield _a(self._phrases.next("lead_on"))
            yield _b(piece, span)

    def _explained(self, entries: Sequence[Entry]) -> Iterator[Turn]:
        for entry in entries:
            yield _a(capitalised(self._phrases.next("explain", entry.term, entry.be)), entry.span)
            yield from self._meaning(entry)

    def _meaning(self, entry: Entry) -> Iterator[Turn]:
        yield from self._in_turns(entry.text, entry.span)
        self._keep([entry.term])

    def _keep(self, names: Iterable[str]) -> None:
        """Terms that this chapter is about, each once in the whole talk."""
        for name in names:
            if self._names and _bare(name) not in self._known:
                self._names[-1].append(name)
                self._known.add(_bare(name))

    def _picture(self, section: SectionDraft) -> Iterator[Turn]:
        if section.explanation and (told := spoken(self._caption_of(section.explanation))):
            yield _a(self._phrases.next("picture_ask"))
            yield _b(pieces(self._phrases.next("picture", told))[0])

    def _close(self, section: SectionDraft) -> Iterator[Turn]:
        """A moment to think, or else the terms once more."""
        names = self._names[-1][:MOST_NAMES]
        if recall := self._at_section[section.title]:
            yield _a(self._phrases.next("think", recall.asked), recall.span)
            yield _b(self._phrases.next("answer", recall.answered), recall.span)
        elif len(names) > 1:
            yield _a(self._phrases.next("sum_up", listed(names)))
            yield _b(self._phrases.next("agreed"))

    def script(self, sections: Sequence[Chapter]) -> Script:
        """The sections' chapters between opening and end, no longer than a script may be."""
        opening, told, end = self._opening(), [*sections, *self._terms()], self._end()
        left = MOST_TURNS - len(opening.turns) - len(end.turns)
        if sum(len(chapter.turns) for chapter in told) > left:
            told = [self._shortened(chapter, left // len(told)) for chapter in told]
        return Script(language=self._draft.language, chapters=(opening, *told, end))

    def _shortened(self, chapter: Chapter, most: int) -> Chapter:
        if len(chapter.turns) <= most:
            return chapter
        kept = list(chapter.turns[: most - 2])
        while kept[-1].speaker == "a":
            kept.pop()
        rest = (_a(self._phrases.next("lead_on")), _b(self._phrases.next("no_time")))
        return chapter.model_copy(update={"turns": (*kept, *rest)})

    def _opening(self) -> Chapter:
        turns = [_a(self._phrases.next("welcome", heading_of(self._draft.title)))]
        summary, outline = spoken_line(self._draft.summary), self._outline()
        first = f"{summary} {outline}".strip() if not self._at_end else summary or outline
        turns += self._in_turns(first, None)
        if self._at_end:
            asked = self._phrases.next("keep_in_mind", self._at_end.asked)
            promise = self._phrases.next("promise")
            turns.append(_a(asked, self._at_end.span))
            turns.append(_b(f"{promise} {outline if summary else ''}".strip()))
        if len(turns) == 1:
            purpose: Purpose = "only_terms" if self._draft.flashcards else "nothing"
            turns.append(_b(self._phrases.next(purpose)))
        return Chapter(title=OPENING, turns=tuple(turns))

    def _outline(self) -> str:
        titles = [heading_of(section.title) for section in self._draft.sections]
        if len(titles) < 2:
            return self._phrases.next("outline_one", titles[0]) if titles else ""
        named = self._phrases.next("outline", str(len(titles)), "; ".join(titles))
        if word_count(named) <= LONGEST_OUTLINE_WORDS:
            return named
        return self._phrases.next("outline_long", str(len(titles)), titles[0], titles[-1])

    def _terms(self) -> Iterator[Chapter]:
        """Flashcards of no section that the notes never name."""
        entries = self._glossary.entries
        if entries:
            first, *others = self._explained(entries)
            begun = f"{self._phrases.next('terms')} {first.text}"
            first = first.model_copy(update={"text": begun})
            yield Chapter(title=TERMS, turns=(first, *others))

    def _end(self) -> Chapter:
        turns: list[Turn] = []
        each = max(1, MOST_WORDS_TO_KEEP // max(1, len(self._names)))
        words = [name for names in self._names for name in names[:each]][:MOST_WORDS_TO_KEEP]
        if len(words) > 1:
            turns.append(_a(self._phrases.next("words", listed(words))))
            turns.append(_b(self._phrases.next("agreed")))
        if self._at_end:
            asked = self._phrases.next("back_to_start", self._at_end.asked)
            turns.append(_a(asked, self._at_end.span))
            turns.append(_b(self._at_end.answered, self._at_end.span))
        turns.append(_a(self._phrases.next("goodbye", heading_of(self._draft.title))))
        return Chapter(title=END, turns=tuple(turns))


def _a(text: str, span: Span | None = None) -> Turn:
    return Turn(speaker="a", text=text, span=span)


def _b(text: str, span: Span | None = None) -> Turn:
    return Turn(speaker="b", text=text, span=span)


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    return f"{number}{'th' if number % 100 in {11, 12, 13} else _ENDINGS.get(number % 10, 'th')}"


def _as_question(entries: Sequence[Entry]) -> Recall | None:
    """What the last of the flashcards means."""
    if not entries:
        return None
    *_, last = entries
    return Recall(
        f"What {last.be} {last.term}?", last.text, last.span, None, True, 1.0, frozenset()
    )


def _takes_up(points: Sequence[Point], place: int) -> bool:
    return place < len(points) and points[place].takes_up


def _is_about(entry: Entry, asked: Turn, point: Point) -> bool:
    """Was just that asked for, or just that told?"""
    name = _bare(entry.term)
    told = rf"\b(?:is|are|was|were)(?: called| known as)? (?:the |an? )?{re.escape(_plain(entry.term))}\b"
    return name in _bare(asked.text) or bool(re.search(told, point.text, re.IGNORECASE))


def _plain(term: str) -> str:
    return re.sub(r"^(?:the|an?) ", "", term)


def _bare(name: str) -> str:
    """A name without its article and number, to tell whether it was there before."""
    return " ".join(root(word) for word in content_words(name))


def _grouped(sayings: Sequence[Saying]) -> Iterator[list[Saying]]:
    """As many sentences in a turn as go well in one breath."""
    group: list[Saying] = []
    for saying in sayings:
        if group and word_count(" ".join(s.text for s in (*group, saying))) > MOST_WORDS:
            yield group
            group = []
        group.append(saying)
    if group:
        yield group
