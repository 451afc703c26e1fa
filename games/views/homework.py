"""Homework as its host sees it: given, changed, and how it went."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)
from pydantic import ValidationError as SchemaError

from games.archive import freeze_lesson
from games.homework_exports import csv_of, xlsx_of
from games.homework_forms import HomeworkForm
from games.homework_results import compute
from games.models import Homework
from games.views.results import XLSX, download
from games.views.ways import host_of, qr_code, reachable
from lessons.models import Lesson
from lessons.study.models import Run

HOMEWORK_ON_A_PAGE = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a lesson's questions to a class, or to whoever has the link."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    new = Homework(
        host=host_of(request), lesson=lesson, title=lesson.title, zone=settings.TIME_ZONE
    )
    form = HomeworkForm(new, timezone.now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        problem = _problem(lesson)
        if problem is None:
            messages.success(request, _("The homework is given. Pass the link on to your pupils."))
            return redirect("homework_results", pk=form.save().pk)
        form.add_error(None, problem)
    status = 422 if request.method == "POST" else 200
    context = {"lesson": lesson, "form": form}
    return render(request, "games/homework/assign.html", context, status=status)


@login_required
@require_safe
def homework_list(request: HttpRequest) -> HttpResponse:
    """All that this host has given, those due last first."""
    mine = Homework.objects.of_host(host_of(request))
    page = Paginator(mine, HOMEWORK_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "now": timezone.now()}
    return render(request, "games/homework/list.html", context)


@login_required
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The link to pass on, how it went, and what may still be changed."""
    return _page(request, _own(request, pk))


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another deadline, more attempts: also for who has begun already."""
    found = _own(request, pk)
    form = HomeworkForm(found, timezone.now(), request.POST)
    if not form.is_valid():
        return _page(request, _own(request, pk), form)
    _set_deadline_of_runs(form.save())
    messages.success(request, _("Changed."))
    return redirect("homework_results", pk=pk)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """No answer is taken from now on."""
    found = _own(request, pk)
    if found.is_open(timezone.now()):
        found.closes_at = timezone.now()
        found.save(update_fields=["closes_at"])
        _set_deadline_of_runs(found)
        messages.success(request, _("Closed. A later deadline opens it again."))
    return redirect("homework_results", pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the homework and who did it; what pupils have learnt stays theirs."""
    found = _own(request, pk)
    Run.objects.filter(homework_run__homework=found, finished_at=None).update(
        closes_at=timezone.now()
    )
    found.delete()
    messages.success(request, _("The homework “%(title)s” is removed.") % {"title": found.title})
    return redirect("homework_list")


@login_required
@require_GET
def results_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each pupil."""
    found = _own(request, pk)
    # The mark makes spreadsheets read it as UTF-8.
    text = "\ufeff" + csv_of(compute(found))
    return download(text.encode(), "text/csv; charset=utf-8", f"homework-{found.pk}.csv")


@login_required
@require_GET
def results_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook with pupils and questions."""
    found = _own(request, pk)
    return download(xlsx_of(compute(found)), XLSX, f"homework-{found.pk}.xlsx")


def _page(
    request: HttpRequest, homework: Homework, changing: HomeworkForm | None = None
) -> HttpResponse:
    """With the form that was refused as it was typed."""
    now = timezone.now()
    link = reachable(request, reverse("homework", args=[homework.token]))
    context = {
        "homework": homework,
        "is_open": homework.is_open(now),
        "is_early": now < homework.opens_at,
        "is_unavailable": homework.lesson is None or not homework.lesson.is_published,
        "results": compute(homework),
        "link": link,
        "qr": qr_code(link),
        "form": changing or HomeworkForm(homework, now),
    }
    status = 422 if changing else 200
    return render(request, "games/homework/results.html", context, status=status)


def _problem(lesson: Lesson) -> str | None:
    """Why this lesson can't be given."""
    if not lesson.is_published:
        return _("This lesson is a draft. Publish it, then give it as homework.")
    try:
        freeze_lesson(lesson)
    except (ValidationError, SchemaError):
        return _("This lesson has no question that can be asked. Add one, then try again.")
    return None


def _set_deadline_of_runs(homework: Homework) -> None:
    under_way = Run.objects.filter(homework_run__homework=homework, finished_at=None)
    under_way.update(closes_at=homework.closes_at)


def _own(request: HttpRequest, pk: int) -> Homework:
    mine = Homework.objects.select_related("lesson", "roster")
    return get_object_or_404(mine, pk=pk, host=host_of(request))
