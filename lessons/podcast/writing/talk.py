"""A lesson as a talk: opening, a chapter for each section, end. English, else it is read aloud. Pure."""

from collections.abc import Callable, Iterator, Sequence

from lessons import explanations
from lessons.authoring.words import capitalised, content_words, root
from lessons.drafts import LessonDraft, SectionDraft
from lessons.podcast.script import MOST_TURNS, Chapter, Script, Turn
from lessons.podcast.spoken import spoken, spoken_line
from lessons.podcast.writing.asking import Wording, question_for
from lessons.podcast.writing.glossary import Entry, Glossary
from lessons.podcast.writing.phrases import Phrases, Purpose
from lessons.podcast.writing.points import Point, Saying, heading_of, points_of
from lessons.podcast.writing.reading import read_aloud
from lessons.podcast.writing.recall import Recall, recalls, share
from lessons.podcast.writing.sentences import MOST_WORDS, listed, pieces, word_count
from lessons.questions import ExplanationRef
from lessons.spans import Span

Caption = Callable[[ExplanationRef], str]
"""A picture's sentence or two, with its numbers."""


def caption(ref: ExplanationRef) -> str:
    """Computed here and now; of the pictures there are, the slowest takes two seconds, once."""
    return explanations.picture(ref.key, ref.params).caption


def script_of(draft: LessonDraft, caption_of: Caption = caption) -> Script:
    """The lesson as a talk of two hosts; the same lesson always gives the same."""
    if not is_english(draft):
        return read_aloud(draft)
    talk = Talk(draft, caption_of)
    return talk.script([talk.chapter(place) for place in range(len(draft.sections))])


def is_english(draft: LessonDraft) -> bool:
    return draft.language.partition("-")[0].lower() == "en"


OPENING, TERMS, END = "Welcome", "More terms", "To finish"
LEAST_TOLD_TO_ASK = 0.5
"""Of a question's words: what the notes don't tell, a listener can't recall."""
LEAST_TOLD_TO_LEAD = 0.75
"""Of a question's words and its answer's: then what is said next answers it."""
MOST_EXPLAINED = 2
"""Terms after one point; more would lose the thread."""
MOST_NAMES, MOST_WORDS_TO_KEEP = 4, 12
LONGEST_OUTLINE_WORDS = 45


class Talk:
    """Writes chapter by chapter, in order: what was explained or asked once isn't again."""

    def __init__(self, draft: LessonDraft, caption_of: Caption = caption) -> None:
        self._draft = draft
        self._caption_of = caption_of
        self._phrases = Phrases()
        self._points = [points_of(section, i) for i, section in enumerate(draft.sections)]
        every = [point for points in self._points for point in points]
        definitions = [card.definition for card in draft.flashcards]
        self._wording = Wording([*(point.text for point in every), *definitions])
        self._glossary = Glossary(draft, every, self._wording)
        titles = [section.title for section in draft.sections]
        notes = {
            title: " ".join(point.text for point in points)
            for title, points in zip(titles, self._points, strict=True)
        }
        self._recalls = recalls(draft, notes)
        self._at_end = self._chosen(r for r in self._recalls if r.is_open)
        self._at_section = {
            title: self._chosen(r for r in self._recalls if r.section == title) for title in titles
        }
        self._names: list[list[str]] = []
        """Of each chapter so far: the terms it was about."""
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

        `body` is what somebody else wrote of its notes, from host A's turn to host B's.
        """
        section = self._draft.sections[place]
        self._names.append([])
        turns = list(body if body is not None else self._body(self._points[place]))
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
        for point in points:
            # Not before “It …”, which means what was spoken of last.
            if not point.takes_up:
                yield from self._explained(waiting[:MOST_EXPLAINED])
                waiting = waiting[MOST_EXPLAINED:]
            yield self._question(point)
            yield from self._said(point)
            waiting += self._glossary.first_heard(point.text)
        yield from self._explained(waiting)

    def _question(self, point: Point) -> Turn:
        span = point.sayings[0].span
        if point.heading:
            return _a(self._phrases.next("heading", point.heading), span)
        if point.step:
            return _a(self._step(point), span)
        if recall := self._answered_by(point):
            return _a(recall.asked, recall.span)
        return self._asked(point.sayings[0])

    def _step(self, point: Point) -> str:
        if point.step == 1:
            return self._phrases.next("step_first")
        if point.step == point.steps:
            return self._phrases.next("step_last")
        return self._phrases.next("step_next", _ordinal(point.step))

    def _answered_by(self, point: Point) -> Recall | None:
        """A question of the lesson's own that this point answers."""
        told = frozenset(map(root, content_words(point.text)))
        for recall in self._recalls:
            if recall.is_open and share(recall.content, told) >= LEAST_TOLD_TO_LEAD:
                self._recalls.remove(recall)
                return recall
        return None

    def _asked(self, saying: Saying) -> Turn:
        question = question_for(saying, self._wording)
        if question is None:
            return _a(self._phrases.next("lead_on"))
        asked = capitalised(self._phrases.next(question.purpose, *question.words))
        self._questions += 1
        if self._questions % 3 == 0:
            asked = f"{self._phrases.next('noted')} {asked}"
        return _a(asked, saying.span)

    def _said(self, point: Point) -> Iterator[Turn]:
        """Host B's turns, with a word of host A between two."""
        match point.kind:
            case "code":
                yield _b(self._phrases.next("code"), point.span)
            case "listed" | "fragment":
                text = self._phrases.next(point.kind, point.text.rstrip("."))
                yield from self._in_turns(text, point.span)
            case "told" | "step":
                for i, group in enumerate(_grouped(point.sayings)):
                    if i:
                        yield self._asked(group[0])
                    text = " ".join(saying.text for saying in group)
                    if point.step == 1 and not i:
                        text = f"First: {self._wording.inside(text)}"
                    span = group[0].span._replace(end=group[-1].span.end)
                    yield from self._in_turns(text, span)
        self._keep(name for saying in point.sayings for name in saying.names)

    def _in_turns(self, text: str, span: Span | None) -> Iterator[Turn]:
        for i, piece in enumerate(pieces(text)):
            if i:
                yield _a(self._phrases.next("lead_on"))
            yield _b(piece, span)

    def _explained(self, entries: Sequence[Entry]) -> Iterator[Turn]:
        for entry in entries:
            yield _a(capitalised(self._phrases.next("explain", entry.term, entry.be)), entry.span)
            yield from self._in_turns(entry.text, entry.span)
            self._keep([entry.term])

    def _keep(self, names: Iterator[str] | Sequence[str]) -> None:
        """Terms that this chapter is about, each once in the whole talk."""
        known = {_bare(name) for names in self._names for name in names}
        for name in names:
            if self._names and _bare(name) not in known:
                self._names[-1].append(self._wording.inside(name))
                known.add(_bare(name))

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
        frame = [self._opening(), *self._terms(), self._end()]
        left = MOST_TURNS - sum(len(chapter.turns) for chapter in frame)
        if sum(len(chapter.turns) for chapter in sections) > left:
            sections = [self._shortened(c, left // len(sections)) for c in sections]
        chapters = (frame[0], *sections, *frame[1:])
        return Script(language=self._draft.language, chapters=chapters)

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
        turns += map(_b, pieces(first))
        if self._at_end:
            asked = self._phrases.next("keep_in_mind", self._at_end.asked)
            promise = self._phrases.next("promise")
            turns.append(_a(asked, self._at_end.span))
            turns.append(_b(f"{promise} {outline if summary else ''}".strip()))
        if len(turns) == 1:
            turns.append(_b(self._phrases.next("no_notes")))
        return Chapter(title=OPENING, turns=tuple(turns))

    def _outline(self) -> str:
        titles = [heading_of(section.title) for section in self._draft.sections]
        if len(titles) < 2:
            return ""
        named = self._phrases.next("outline", str(len(titles)), "; ".join(titles))
        if word_count(named) <= LONGEST_OUTLINE_WORDS:
            return named
        return self._phrases.next("outline_long", str(len(titles)), titles[0], titles[-1])

    def _terms(self) -> Iterator[Chapter]:
        """Flashcards of no section that the notes never name."""
        entries = self._glossary.left()
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


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


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
