"""Progress: of whoever agreed, in a class that shows it, of that class' lessons; else nothing."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from games.models import Game, Homework, HomeworkRun, Player, Pupil, Roster
from games.progress import PupilProgress, Row, compute
from lessons.models import Flashcard, Lesson
from lessons.study.models import Learner, Memory, Review, Run
from lessons.study.scheduling import State
from tests.games.views.conftest import as_, text

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def lesson_of(owner: User, slug: str) -> Lesson:
    title = slug.capitalize()
    return Lesson.objects.create(slug=slug, title=title, owner=owner, is_published=True)


def studied(
    learner: Learner, lesson: Lesson, state: State, due_d: int, *reviews_ago_d: int
) -> None:
    """Another card of the lesson, in that state, reviewed so many days ago."""
    card = Flashcard.objects.create(lesson=lesson, term="t", definition="d")
    memory = Memory.objects.create(
        learner=learner,
        lesson=lesson,
        flashcard=card,
        state=state.value,
        stability=3,
        difficulty=5,
        due=NOW + timedelta(days=due_d),
        last_review=NOW,
        reviews_count=1,
    )
    for ago in reviews_ago_d:
        at = NOW - timedelta(days=ago)
        Review.objects.create(
            learner=learner, memory=memory, rating=3, reviewed_at=at, day=at.date()
        )


def homework_for(roster: Roster, lesson: Lesson) -> Homework:
    return Homework.objects.create(
        host=roster.host, lesson=lesson, title=lesson.title, roster=roster, closes_at=NOW
    )


def played_by(pupil: Pupil, lesson: Lesson) -> None:
    game = Game.objects.create(
        room=lesson.slug,
        host=pupil.roster.host,
        lesson=lesson,
        title=lesson.title,
        quiz={},
        settings={},
        presets_version=1,
        played_at=NOW,
    )
    Player.objects.create(game=game, seat="s", nickname="n", pupil=pupil, rank=1, points=1, right=1)


def run_of(learner: Learner, lesson: Lesson, homework: Homework | None = None) -> None:
    run = Run.objects.create(
        learner=learner, lesson=lesson, title="t", quiz=[], is_homework=homework is not None
    )
    if homework:
        HomeworkRun.objects.create(homework=homework, run=run, name="n")


def pupil(roster: Roster, name: str, agreed_at: datetime | None = NOW) -> Pupil:
    return Pupil.objects.create(
        roster=roster,
        name=name,
        code=name,
        learner=Learner.objects.create(),
        agreed_at=agreed_at,
    )


@pytest.fixture
def class_7b(hana: User) -> Roster:
    return Roster.objects.create(host=hana, name="7b", shows_progress=True)


def test_counts_of_this_class_lessons_and_of_nothing_else(
    hana: User, noor: User, class_7b: Roster
) -> None:
    """Ada is in a class of noor's too, and studies a lesson that nobody gave her."""
    ada = pupil(class_7b, "Ada")
    ben = pupil(class_7b, "Ben", agreed_at=None)
    of_noor = Roster.objects.create(host=noor, name="9c", shows_progress=True)
    ada_at_noors = Pupil.objects.create(
        roster=of_noor, name="Ada", code="A", learner=ada.learner, agreed_at=NOW
    )
    vectors, matrices, poems, secrets = (
        lesson_of(hana, slug) for slug in ("vectors", "matrices", "poems", "secrets")
    )
    ours = homework_for(class_7b, vectors)
    theirs = homework_for(of_noor, poems)
    theirs_too = homework_for(of_noor, vectors)
    played_by(ben, matrices)
    played_by(ada_at_noors, poems)
    assert ada.learner
    assert ben.learner
    for lesson in (vectors, poems, secrets):
        studied(ada.learner, lesson, State.Review, 3, 1, 20, 40)
        studied(ada.learner, lesson, State.Review, -1)
        studied(ada.learner, lesson, State.Learning, 1)
        run_of(ada.learner, lesson)
    for homework, lesson in ((ours, vectors), (theirs, poems), (theirs_too, vectors)):
        run_of(ada.learner, lesson, homework)
    studied(ben.learner, vectors, State.Review, 3, 1)

    assert compute(class_7b, NOW) == [
        PupilProgress("Ada", (Row(matrices), Row(vectors, 1, 1, 1, 1, 2, 2))),
        PupilProgress("Ben", None),
    ]
    assert compute(of_noor, NOW) == [
        PupilProgress("Ada", (Row(poems, 1, 1, 1, 1, 2, 2), Row(vectors, 1, 1, 1, 1, 2, 2)))
    ]


def test_of_who_has_not_agreed_only_that_is_shown(hana: User, class_7b: Roster) -> None:
    ada, ben = pupil(class_7b, "Ada"), pupil(class_7b, "Ben", agreed_at=None)
    vectors = lesson_of(hana, "vectors")
    homework_for(class_7b, vectors)
    for learner in (ada.learner, ben.learner):
        assert learner
        for _ in range(73):
            studied(learner, vectors, State.Review, 3)

    shown = text(as_(hana).get(reverse("progress", args=[class_7b.pk])))

    assert shown.count("<td>73</td>") == 1
    assert "hasn’t agreed" in shown[shown.index("Ben") :]
    assert "1 of 2 pupils have agreed." in shown


def test_switched_off_all_is_hidden_and_everyone_is_asked_anew(
    hana: User, class_7b: Roster
) -> None:
    ada, host = pupil(class_7b, "Ada"), as_(hana)
    address, switch = (reverse(n, args=[class_7b.pk]) for n in ("progress", "show_progress"))
    assert "Ada" in text(host.get(address))

    host.post(switch, {"show": "no"})
    class_7b.refresh_from_db()
    ada.refresh_from_db()
    assert "Ada" not in text(host.get(address))
    assert compute(class_7b, NOW) == []
    assert ada.agreed_at is None

    host.post(switch, {"show": "yes"})
    assert "hasn’t agreed" in text(host.get(address))


def test_another_host_sees_and_switches_nothing(noor: User, class_7b: Roster) -> None:
    pupil(class_7b, "Ada")
    for who, status in ((as_(noor), 404), (Client(), 302)):
        assert who.get(reverse("progress", args=[class_7b.pk])).status_code == status
        switch = reverse("show_progress", args=[class_7b.pk])
        assert who.post(switch, {"show": "no"}).status_code == status
    class_7b.refresh_from_db()
    assert class_7b.shows_progress


def test_each_pupil_says_yes_or_no_for_itself(hana: User, class_7b: Roster) -> None:
    ada, ben = (pupil(class_7b, name, agreed_at=None) for name in ("ADA", "BEN"))
    homework, phone = homework_for(class_7b, lesson_of(hana, "vectors")), Client()
    address = reverse("agree_to_progress", args=[homework.token])
    phone.post(address, {"answer": "yes"})  # nobody is in yet
    phone.post(reverse("enter_homework", args=[homework.token]), {"code": "ADA"})

    def agreed() -> list[bool]:
        return [bool(Pupil.objects.get(pk=one.pk).agreed_at) for one in (ada, ben)]

    assert agreed() == [False, False]
    assert "May your teacher see" in text(phone.get(reverse("homework", args=[homework.token])))
    phone.post(address, {"answer": "yes"})
    assert agreed() == [True, False]
    phone.post(address, {"answer": "no"})
    assert agreed() == [False, False]

    Roster.objects.update(shows_progress=False)
    phone.post(address, {"answer": "yes"})
    assert agreed() == [False, False]
    shown = text(phone.get(reverse("homework", args=[homework.token])))
    assert "May your teacher see" not in shown


def test_queries_do_not_grow_with_the_class(hana: User, class_7b: Roster) -> None:
    vectors, host = lesson_of(hana, "vectors"), as_(hana)
    homework_for(class_7b, vectors)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown = host.get(reverse("progress", args=[class_7b.pk]))
        assert len(re.findall(r'class="pupil-progress"', text(shown))) == class_7b.pupils.count()
        return len(found)

    pupil(class_7b, "Ada")
    before = queries()
    for n in range(12):
        learner = pupil(class_7b, f"P{n}").learner
        assert learner
        studied(learner, vectors, State.Review, 3, 1)

    assert queries() == before
