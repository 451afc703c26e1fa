"""Homework: given by its host, done by a class or by whoever has the link, and seen again."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from games.archive import freeze_lesson
from games.models import Homework, HomeworkRun, Pupil, Roster
from games.rules import Phase
from lessons.models import Lesson
from lessons.study.learners import COOKIE
from lessons.study.models import Learner, Run, RunAnswer
from tests.games.conftest import RELU
from tests.games.views.conftest import add, as_, look, opened, set_phase, text

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=2)


@pytest.fixture
def published(lesson: Lesson) -> Lesson:
    lesson.is_published = True
    lesson.save()
    add(lesson, RELU)
    return lesson


@pytest.fixture
def class_7b(hana: User) -> Roster:
    roster = Roster.objects.create(host=hana, name="Class 7b")
    for name, code in (("Ada", "CDFGHJ"), ("Ben", "KLMNPQ")):
        Pupil.objects.create(roster=roster, name=name, code=code)
    return roster


def given(lesson: Lesson, roster: Roster | None = None, **more: Any) -> Homework:
    assert lesson.owner
    now = timezone.now()
    more = {"opens_at": now - SOON, "closes_at": now + SOON} | more
    return Homework.objects.create(
        host=lesson.owner, lesson=lesson, title=lesson.title, roster=roster, **more
    )


def door(homework: Homework) -> str:
    return reverse("homework", args=[homework.token])


def enter(client: Client, homework: Homework, code: str) -> Any:
    return client.post(reverse("enter_homework", args=[homework.token]), {"code": code})


def begin(client: Client, homework: Homework, **said: str) -> Any:
    return client.post(reverse("begin_homework", args=[homework.token]), said)


def page(client: Client, homework: Homework) -> str:
    return text(client.get(door(homework)))


def done(
    homework: Homework,
    right: tuple[bool, ...],
    pupil: Pupil | None = None,
    name: str = "Ada",
    learner: Learner | None = None,
    is_finished: bool = True,
) -> Run:
    """An attempt that is over: so it was answered, CAPITAL with its first option where wrong."""
    assert homework.lesson
    now = timezone.now()
    quiz = [
        row.as_question().model_dump(mode="json") | {"id": row.pk}
        for row in homework.lesson.questions_in_order()
    ]
    run = Run.objects.create(
        learner=learner or Learner.objects.create(),
        lesson=homework.lesson,
        title=homework.title,
        quiz=quiz,
        is_homework=True,
        closes_at=homework.closes_at,
        finished_at=now if is_finished else None,
    )
    for round, is_right in enumerate(right):
        said = [{"kind": "choice", "choice": int(is_right)}, {"kind": "text", "text": "tanh"}]
        RunAnswer.objects.create(
            run=run,
            round=round,
            answer=said[round],
            credit=60_000 * is_right,
            is_right=is_right,
            elapsed_ms=90_000,
        )
    HomeworkRun.objects.create(homework=homework, run=run, pupil=pupil, name=name)
    return run


# Given


def said_of(**changed: str) -> dict[str, str]:
    said = {"closes_at": "2040-06-01T18:00", "attempts": "2", "counts": "last", "note": "By heart"}
    return said | {"zone": "Europe/Berlin"} | changed


def assign(client: Client, lesson: Lesson, **changed: str) -> Any:
    return client.post(reverse("assign_homework", args=[lesson.slug]), said_of(**changed))


def test_a_deadline_is_meant_in_the_hosts_zone(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    response = assign(as_(hana), published, roster=str(class_7b.pk))

    homework = Homework.objects.get()
    assert response["Location"] == reverse("homework_results", args=[homework.pk])
    assert homework.closes_at.isoformat() == "2040-06-01T16:00:00+00:00"
    assert (homework.roster, homework.attempts, homework.counts) == (class_7b, 2, "last")
    assert (homework.title, homework.note, homework.host) == ("Vectors", "By heart", hana)
    shown = text(as_(hana).get(response["Location"]))
    assert "Friday, 1 June 2040, 18:00 (Europe/Berlin)" in shown
    assert 'value="2040-06-01T18:00"' in shown


def test_a_refused_form_keeps_what_was_typed(hana: User, published: Lesson) -> None:
    response = assign(as_(hana), published, closes_at="2001-01-01T08:00", attempts="11")

    assert response.status_code == 422
    shown = text(response)
    assert "This moment has passed. Choose a later one." in shown
    assert "Select a valid choice. 11 is not one" in shown
    assert 'value="2001-01-01T08:00"' in shown
    assert "By heart" in shown
    assert 'value="Europe/Berlin"' in shown
    early = assign(as_(hana), published, opens_at="2041-01-01T08:00")
    assert "The deadline comes before the beginning." in text(early)
    assert not Homework.objects.exists()


def test_only_what_can_be_done_is_given_and_only_to_ones_own_class(
    hana: User, noor: User, lesson: Lesson, class_7b: Roster
) -> None:
    draft = assign(as_(hana), lesson)
    lesson.is_published = True
    lesson.save()
    foreign = assign(as_(noor), lesson, roster=str(class_7b.pk))
    lesson.questions.all().delete()
    empty = assign(as_(hana), lesson)

    assert "This lesson is a draft." in text(draft)
    assert "Select a valid choice." in text(foreign)
    assert "Class 7b" not in text(foreign)
    assert "no question that can be asked" in text(empty)
    assert not Homework.objects.exists()


def test_another_host_finds_nothing(
    hana: User, noor: User, published: Lesson, class_7b: Roster
) -> None:
    homework = given(published, class_7b)
    names = ("homework_results", "homework_csv", "homework_xlsx")
    changes = ("change_homework", "close_homework", "remove_homework")

    for who, status in ((as_(noor), 404), (Client(), 302)):
        for name in names:
            assert who.get(reverse(name, args=[homework.pk])).status_code == status
        for name in changes:
            assert who.post(reverse(name, args=[homework.pk]), said_of()).status_code == status
    assert [as_(hana).get(reverse(n, args=[homework.pk])).status_code for n in names] == [200] * 3
    assert "Vectors" in text(as_(hana).get(reverse("homework_list")))
    assert "Vectors" not in text(as_(noor).get(reverse("homework_list")))
    assert Homework.objects.get().closes_at == homework.closes_at


def test_the_dashboard_lists_it(hana: User, published: Lesson, class_7b: Roster) -> None:
    assert "None is given." in text(as_(hana).get(reverse("game_list")))
    ada = class_7b.pupils.get(name="Ada")
    homework = given(published, class_7b)
    done(homework, (True,), ada)
    done(homework, (True,), ada)
    done(homework, (True,), None, "struck off")

    shown = text(as_(hana).get(reverse("game_list")))

    assert reverse("homework_results", args=[homework.pk]) in shown
    assert "Class 7b, 2 have begun" in shown


def test_a_changed_deadline_holds_for_who_has_begun(hana: User, published: Lesson) -> None:
    homework = given(published, attempts=1)
    run, over = done(homework, (True,), is_finished=False), done(homework, (True,))
    host, address = as_(hana), reverse("homework_results", args=[homework.pk])

    host.post(reverse("change_homework", args=[homework.pk]), said_of(attempts=""))
    run.refresh_from_db()
    assert run.closes_at is not None
    assert run.closes_at.isoformat() == "2040-06-01T16:00:00+00:00"
    assert Homework.objects.get().attempts is None
    refused = host.post(reverse("change_homework", args=[homework.pk]), said_of(closes_at="soon"))
    assert refused.status_code == 422
    assert "By heart" in text(refused)

    host.post(reverse("close_homework", args=[homework.pk]))
    run.refresh_from_db()
    closed = Homework.objects.get()
    assert run.closes_at == closed.closes_at
    assert closed.closes_at <= timezone.now()
    assert "Close it now" not in text(host.get(address))
    before = over.closes_at
    over.refresh_from_db()
    assert over.closes_at == before


def test_removed_it_leaves_what_was_learnt(hana: User, published: Lesson) -> None:
    homework = given(published)
    run = done(homework, (True,), is_finished=False)

    as_(hana).post(reverse("remove_homework", args=[homework.pk]))

    run.refresh_from_db()
    assert run.closes_at is not None
    assert run.closes_at <= timezone.now()
    gone = Client().get(door(homework))
    assert gone.status_code == 404
    assert "Your teacher has removed it" in text(gone)


# How it went


def test_results_tell_of_everyone_and_of_each_question(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    homework = given(published, class_7b, attempts=3)
    ada = class_7b.pupils.get(name="Ada")
    done(homework, (False, False), ada)
    done(homework, (True, False), ada)
    done(homework, (False,), ada, is_finished=False)

    shown = text(as_(hana).get(reverse("homework_results", args=[homework.pk])))

    assert re.findall(r'scope="row">(\w+)</th>', shown) == ["Ada", "Ben"]
    assert "1 finished, 1 of 2 have begun." in shown
    assert "<b>50&nbsp;%</b>" in shown
    assert "1/2" in shown
    assert "not begun" in shown
    assert re.findall(r"Most common wrong answer: (.*) \(1\)", shown) == ["tanh"]
    homework.counts = Homework.Counts.LAST
    homework.save()
    shown = text(as_(hana).get(reverse("homework_results", args=[homework.pk])))
    assert "<b>0&nbsp;%</b>" in shown
    assert re.findall(r"Most common wrong answer: (.*) \(1\)", shown) == ["about 45°"]


def test_late_is_what_came_after_the_deadline(hana: User, published: Lesson) -> None:
    homework = given(published)
    done(homework, (True,))
    address = reverse("homework_results", args=[homework.pk])
    assert "<b>late</b>" not in text(as_(hana).get(address))

    Homework.objects.update(closes_at=timezone.now() - timedelta(minutes=5))

    assert "<b>late</b>" in text(as_(hana).get(address))


def test_spreadsheets_have_everyone_and_no_formula(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    homework = given(published, class_7b)
    Pupil.objects.create(roster=class_7b, name="=1+1", code="XXXXXX")
    done(homework, (True, False), class_7b.pupils.get(name="Ada"))
    host = as_(hana)

    told = host.get(reverse("homework_csv", args=[homework.pk])).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(host.get(reverse("homework_xlsx", args=[homework.pk])).content))

    assert list(csv.reader(io.StringIO(told)))[1:] == [
        ["'=1+1", "0", "", "", "", "", "", "", ""],
        ["Ada", "1", "yes", "2", "1", "2", "50", "3.0", "no"],
        ["Ben", "0", "", "", "", "", "", "", ""],
    ]
    names = [(cell.value, cell.data_type) for (cell,) in book["Pupils"]["A2:A4"]]
    assert names == [("=1+1", "s"), ("Ada", "s"), ("Ben", "s")]
    assert [cell.value for cell in book["Questions"][3]] == [RELU.prompt, 1, 0, 0, "tanh"]


def test_queries_do_not_grow_with_the_class(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    homework, host = given(published, class_7b), as_(hana)
    pages = [reverse("homework_results", args=[homework.pk]), reverse("game_list")]

    def queries() -> list[int]:
        counts = []
        for address in pages:
            with CaptureQueriesContext(
                connection,
            ) as found:
                host.get(address)
            counts.append(len(found))
        return counts

    done(homework, (True, False), class_7b.pupils.get(name="Ada"))
    before = queries()
    for n in range(10):
        pupil = Pupil.objects.create(roster=class_7b, name=f"P{n}", code=f"P{n}")
        done(homework, (True, False), pupil)
    given(published, class_7b)

    assert queries() == before


# The pupil's side


def test_a_pupil_comes_in_by_code_and_begins(published: Lesson, class_7b: Roster) -> None:
    homework = given(published, class_7b, attempts=1, note="Take your time")
    phone = Client()
    shown = page(phone, homework)
    assert "Take your time" in shown
    assert "1 of 1 left" in shown
    assert f'datetime="{homework.closes_at.isoformat()}"' in shown

    assert enter(phone, homework, "cdf-ghj").status_code == 302
    assert "You are Ada." in page(phone, homework)
    del phone.cookies[COOKIE]
    response = begin(phone, homework)

    made = HomeworkRun.objects.get()
    ada = class_7b.pupils.get(name="Ada")
    assert (made.pupil, made.name, made.run.learner) == (ada, "Ada", ada.learner)
    assert (made.run.is_homework, made.run.closes_at) == (True, homework.closes_at)
    assert response["Location"] == reverse("practice_run", args=["vectors", made.run.key])
    assert phone.get(response["Location"]).status_code == 200
    # Begun once, it goes on; another phone of Ada's finds it too.
    assert begin(phone, homework)["Location"] == response["Location"]
    other = Client()
    enter(other, homework, "CDFGHJ")
    assert begin(other, homework)["Location"] == response["Location"]


def test_attempts_are_used_up(published: Lesson, class_7b: Roster) -> None:
    homework = given(published, class_7b, attempts=1)
    ada = class_7b.pupils.get(name="Ada")
    done(homework, (True, False), ada)
    phone = Client()
    enter(phone, homework, "CDFGHJ")

    assert begin(phone, homework)["Location"] == door(homework)

    shown = page(phone, homework)
    assert "All attempts are used up." in shown
    assert "1 of 2 right" in shown
    assert HomeworkRun.objects.count() == 1


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [(-2, -1, "The deadline has passed."), (1, 2, "It isn’t open yet.")],
)
def test_outside_its_time_nothing_is_begun(
    published: Lesson, class_7b: Roster, opens: int, closes: int, said: str
) -> None:
    now = timezone.now()
    times = {
        "opens_at": now + timedelta(hours=opens),
        "closes_at": now + timedelta(hours=closes),
    }
    homework, phone = given(published, class_7b, **times), Client()
    assert said in page(phone, homework)
    enter(phone, homework, "CDFGHJ")

    assert said in page(phone, homework)
    assert begin(phone, homework)["Location"] == door(homework)
    assert not Run.objects.exists()


def test_a_lesson_that_is_gone_says_so(hana: User, published: Lesson) -> None:
    homework, phone = given(published), Client()
    Lesson.objects.update(is_published=False)
    assert "isn’t available any more" in page(phone, homework)
    begin(phone, homework, name="Ada")
    published.delete()
    assert "isn’t available any more" in page(phone, homework)
    begin(phone, homework, name="Ada")

    assert not Run.objects.exists()
    results = as_(hana).get(reverse("homework_results", args=[homework.pk]))
    assert "nobody can do this homework now" in text(results)


def test_while_the_class_plays_the_lesson_nothing_is_begun(hana: User, published: Lesson) -> None:
    homework, phone = given(published), Client()
    room = opened(hana, freeze_lesson(published))
    phone.get(reverse("join", args=[look(room)[0].code]))
    set_phase(room, Phase.ASKING)

    assert "Your class is playing this lesson now." in page(phone, homework)
    begin(phone, homework, name="Ada")
    assert not Run.objects.exists()

    set_phase(room, Phase.PODIUM)
    begin(phone, homework, name="Ada")
    assert Run.objects.count() == 1


def test_a_wrong_code_opens_nothing_and_guessing_is_slow(
    published: Lesson, class_7b: Roster, noor: User
) -> None:
    homework, phone = given(published, class_7b), Client()
    other = Roster.objects.create(host=noor, name="9c")
    Pupil.objects.create(roster=other, name="Zoe", code="ZZZZZZ")

    refused = enter(phone, homework, "ZZZZZZ")
    assert refused.status_code == 422
    assert "Nobody of this class has that code." in text(refused)
    for _ in range(60):
        enter(phone, homework, "WWWWWW")
    barred = enter(phone, homework, "CDFGHJ")
    assert barred.status_code == 422
    begin(phone, homework)

    assert not Run.objects.exists()
    assert not Pupil.objects.exclude(learner=None).exists()


def test_a_new_code_ends_what_the_old_one_opened(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    homework, phone = given(published, class_7b), Client()
    enter(phone, homework, "CDFGHJ")
    ada = class_7b.pupils.get(name="Ada")
    assert ada.learner_id is not None

    as_(hana).post(reverse("change_pupil", args=[class_7b.pk, ada.pk]), {"do": "code"})

    assert "Your personal code" in page(phone, homework)
    ada.refresh_from_db()
    assert ada.learner_id is None


def test_a_phone_changes_hands(published: Lesson, class_7b: Roster) -> None:
    homework, phone = given(published, class_7b), Client()
    enter(phone, homework, "CDFGHJ")
    begin(phone, homework)
    phone.post(reverse("enter_homework", args=[homework.token]), {"leave": "1"})
    assert "Your personal code" in page(phone, homework)
    enter(phone, homework, "KLMNPQ")

    shown = page(phone, homework)
    assert "You are Ben." in shown
    assert "Your attempts" not in shown
    begin(phone, homework)
    assert set(HomeworkRun.objects.values_list("pupil__name", flat=True)) == {"Ada", "Ben"}
    assert HomeworkRun.objects.values("run__learner").distinct().count() == 2


def test_by_the_link_a_name_is_enough(published: Lesson) -> None:
    homework, phone, other = given(published, attempts=1), Client(), Client()

    refused = begin(phone, homework, name="Cem of the second row")
    assert refused.status_code == 422
    assert 'value="Cem of the second row"' in text(refused)
    assert "at most 20 characters" in text(refused)
    nobody = begin(phone, homework, name="\u200b")
    assert "A name needs at least one letter or digit." in text(nobody)
    begin(phone, homework, name=" Cem ")
    Run.objects.update(finished_at=timezone.now())

    made = HomeworkRun.objects.get()
    assert (made.name, made.pupil) == ("Cem", None)
    assert "0 of 1 left" in page(phone, homework)
    assert "1 of 1 left" in page(other, homework)
    assert "Cem" not in page(other, homework)


def test_the_host_looks_and_does_not_take_part(
    hana: User, published: Lesson, class_7b: Roster
) -> None:
    homework, host = given(published, class_7b), as_(hana)

    assert "You gave this homework" in page(host, homework)
    enter(host, homework, "CDFGHJ")
    begin(host, homework)

    assert not Run.objects.exists()
    assert not Learner.objects.exists()


def test_a_moment_is_told_in_words_and_for_the_browser(published: Lesson) -> None:
    homework = given(published, zone="America/New_York")

    shown = page(Client(), homework)

    local = homework.closes_at.astimezone(ZoneInfo("America/New_York"))
    assert f"{local:%H:%M} (America/New York)</time>" in shown


def test_an_address_that_no_database_can_look_up_leads_nowhere(client: Client) -> None:
    assert client.get("/homework/%00/").status_code == 404
    assert client.get("/lessons/vectors/quiz/%00/").status_code == 404
