"""Classes with personal codes: written down once, the same pupils from game to game."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from games.models import Roster
from games.roster_forms import AddPupilsForm, PupilForm, RosterForm, new_code
from games.views.ways import host_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roster_list(request: HttpRequest) -> HttpResponse:
    """The host's classes, and a new one."""
    host = host_of(request)
    form = RosterForm(request.POST or None, instance=Roster(host=host))
    if request.method == "POST" and form.is_valid():
        return redirect("roster", pk=form.save().pk)
    context = {
        "form": form,
        "rosters": rosters_of(host),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "games/roster_list.html", context, status=status)


@never_cache
@login_required
@require_safe
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: who is in it, with which code."""
    return _page(request, own_roster(request, pk))


@login_required
@require_POST
def add_pupils(request: HttpRequest, pk: int) -> HttpResponse:
    """Everyone on the list that was pasted, or nobody."""
    with transaction.atomic():
        # Locked, so that two lists sent at once can't add one name twice.
        found = own_roster(request, pk, is_locked=True)
        form = AddPupilsForm(found, request.POST)
        if not form.is_valid():
            return _page(request, found, adding=form)
        count = len(form.save())
    text = ngettext("%(count)d pupil added.", "%(count)d pupils added.", count)
    messages.success(request, text % {"count": count})
    return redirect("roster", pk=pk)


@login_required
@require_POST
def change_pupil(request: HttpRequest, pk: int, pupil: int) -> HttpResponse:
    """A pupil's name and time, another code, or farewell."""
    with transaction.atomic():
        found = own_roster(request, pk, is_locked=True)
        one = get_object_or_404(found.pupils, pk=pupil)
        match request.POST.get("do"):
            case "remove":
                one.delete()
                messages.success(request, _("%(name)s is no longer in it.") % {"name": one.name})
            case "code":
                one.code = new_code(set(found.pupils.values_list("code", flat=True)))
                # Whoever had the old one is not the pupil any more.
                one.learner, one.agreed_at = None, None
                one.save()
                said = _(
                    "%(name)s has a new code; the old one opens no homework, and no room from the next on."
                )
                messages.success(request, said % {"name": one.name})
            case _:
                form = PupilForm(request.POST, instance=one)
                if not form.is_valid():
                    return _page(request, found, changing=form)
                form.save()
    return redirect("roster", pk=pk)


@login_required
@require_POST
def rename_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a class something else."""
    found = own_roster(request, pk)
    form = RosterForm(request.POST, instance=found)
    if not form.is_valid():
        return _page(request, own_roster(request, pk), renaming=form)
    form.save()
    return redirect("roster", pk=pk)


@login_required
@require_POST
def remove_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a class. Finished games stay, without knowing who was who."""
    found = own_roster(request, pk)
    found.delete()
    messages.success(request, _("%(name)s is removed.") % {"name": found.name})
    return redirect("roster_list")


@never_cache
@login_required
@require_safe
def code_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Codes to print and to cut apart."""
    found = own_roster(request, pk)
    context = {"roster": found, "pupils": found.pupils.all()}
    return render(request, "games/code_slips.html", context)


def rosters_of(host: User) -> QuerySet[Roster, Any]:
    """A host's classes, each with its `pupils_count`."""
    counted = Roster.objects.filter(host=host).annotate(pupils_count=Count("pupils"))
    return counted.order_by("name")


def _page(
    request: HttpRequest,
    roster: Roster,
    adding: AddPupilsForm | None = None,
    changing: PupilForm | None = None,
    renaming: RosterForm | None = None,
) -> HttpResponse:
    """A class' page, with the form that was refused as it was typed."""
    forms = [
        changing if changing and changing.instance.pk == pupil.pk else PupilForm(instance=pupil)
        for pupil in roster.pupils.all()
    ]
    context = {
        "roster": roster,
        "pupils": [(_stored(form), form) for form in forms],
        "adding": adding or AddPupilsForm(roster),
        "renaming": renaming or RosterForm(instance=roster),
    }
    status = 422 if adding or changing or renaming else 200
    return render(request, "games/roster.html", context, status=status)


def _stored(form: PupilForm) -> dict[str, object]:
    """A pupil as it is, whatever was typed: a refused form has written on its instance."""
    return {
        "pk": form.instance.pk,
        "name": form.initial["name"],
        "code": form.instance.code,
        "time": "" if form.initial["time_factor"] == "1" else form.initial["time_factor"],
    }


def own_roster(request: HttpRequest, pk: int, is_locked: bool = False) -> Roster:
    rosters = Roster.objects.select_for_update() if is_locked else Roster.objects.all()
    return get_object_or_404(rosters, pk=pk, host=host_of(request))
