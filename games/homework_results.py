"""How homework went: for each who does it, and for each question. Read from the runs' answers alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from games.archive import any_answer
from games.models import Homework, HomeworkRun
from games.reports.words import answer_in_words
from lessons.questions import Question, any_question, is_scored
from lessons.study.models import Run, RunAnswer


@dataclass(frozen=True)
class Attempt:
    """One run, as far as it got."""

    run: Run
    asked: int
    """Questions that have a right answer."""
    given: tuple[RunAnswer, ...]
    right: int
    credit: int
    seconds: int
    """Spent on answering."""
    is_late: bool
    """Is an answer younger than the deadline as it stands now?"""

    @property
    def right_percent(self) -> int:
        return round(100 * self.right / self.asked) if self.asked else 0

    @property
    def answered(self) -> int:
        return len(self.given)

    @property
    def is_finished(self) -> bool:
        return self.run.finished_at is not None


@dataclass(frozen=True)
class Doer:
    """A pupil of the class, or somebody who had the link."""

    name: str
    attempts: tuple[Attempt, ...]
    counting: Attempt | None
    """None before the first."""


@dataclass(frozen=True)
class QuestionRow:
    """One question in the attempts that count."""

    prompt: str
    answered: int
    right: int
    common_wrong: str
    """The wrong answer given most often; empty without one."""
    common_wrong_count: int

    @property
    def right_percent(self) -> int:
        return round(100 * self.right / self.answered) if self.answered else 0


@dataclass(frozen=True)
class Results:
    doers: tuple[Doer, ...]
    questions: tuple[QuestionRow, ...]

    @property
    def begun(self) -> int:
        return sum(bool(doer.attempts) for doer in self.doers)

    @property
    def finished(self) -> int:
        return sum(any(attempt.is_finished for attempt in doer.attempts) for doer in self.doers)


def compute(homework: Homework) -> Results:
    """Everyone of the class, begun or not, or everyone who came by the link, in the order of names."""
    runs = list(homework.runs.select_related("run", "pupil"))
    attempts = attempts_at(homework, runs)
    by_doer: dict[Any, list[HomeworkRun]] = defaultdict(list)
    for made in runs:
        by_doer[made.pupil or made.run.learner_id].append(made)
    pupils = list(homework.roster.pupils.all()) if homework.roster else []
    doers = [_doer(homework, p.name, [attempts[m.pk] for m in by_doer.pop(p, [])]) for p in pupils]
    doers += [
        _doer(homework, made[-1].name, [attempts[m.pk] for m in made]) for made in by_doer.values()
    ]
    counting = [doer.counting for doer in doers if doer.counting]
    return Results(tuple(sorted(doers, key=lambda d: d.name.casefold())), _questions(counting))


def attempts_at(homework: Homework, runs: Sequence[HomeworkRun]) -> dict[int, Attempt]:
    """By the homework run's number."""
    answers: dict[int, list[RunAnswer]] = defaultdict(list)
    for answer in RunAnswer.objects.filter(run__in=[made.run_id for made in runs]):
        answers[answer.run_id].append(answer)
    found = {}
    for made in runs:
        given, questions = answers[made.run_id], questions_of(made.run)
        counted = [a for a in given if is_scored(questions[a.round][1])]
        found[made.pk] = Attempt(
            run=made.run,
            asked=sum(is_scored(question) for _row, question in questions),
            given=tuple(given),
            right=sum(a.is_right for a in counted),
            credit=sum(a.credit for a in counted),
            seconds=round(sum(a.elapsed_ms for a in given) / 1000),
            is_late=any(a.answered_at > homework.closes_at for a in given),
        )
    return found


def questions_of(run: Run) -> list[tuple[int, Question]]:
    """The run's questions, each after its row's number."""
    return [
        (said["id"], any_question.validate_python({k: v for k, v in said.items() if k != "id"}))
        for said in run.quiz
    ]


def counting_of(homework: Homework, attempts: Iterable[Attempt]) -> Attempt | None:
    """The best attempt, of equals the first; or the last."""
    made = sorted(attempts, key=lambda attempt: attempt.run.started_at)
    if not made:
        return None
    if homework.counts == Homework.Counts.LAST:
        return made[-1]
    return max(made, key=lambda attempt: attempt.credit / (attempt.asked or 1))


def _doer(homework: Homework, name: str, attempts: list[Attempt]) -> Doer:
    return Doer(name, tuple(attempts), counting_of(homework, attempts))


def _questions(attempts: list[Attempt]) -> tuple[QuestionRow, ...]:
    """By row and in the order of the newest run: a lesson may be edited between two runs."""
    asked: dict[int, Question] = {}
    right: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    wrong: dict[int, Counter[str]] = defaultdict(Counter)
    for attempt in sorted(attempts, key=_started, reverse=True):
        questions = questions_of(attempt.run)
        for row, question in questions:
            if is_scored(question):
                asked.setdefault(row, question)
        for given in attempt.given:
            row, question = questions[given.round]
            answered[row] += 1
            right[row] += given.is_right
            if not given.is_right and given.answer is not None:
                said = any_answer.validate_python(given.answer)
                wrong[row][answer_in_words(question, said)] += 1
    rows = []
    for row, question in asked.items():
        [(common, count)] = wrong[row].most_common(1) or [("", 0)]
        rows.append(QuestionRow(question.prompt, answered[row], right[row], common, count))
    return tuple(rows)


def _started(attempt: Attempt) -> datetime:
    return attempt.run.started_at
