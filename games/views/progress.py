"""A class' progress, where the class and the pupil agreed to show it."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from games.progress import compute
from games.views.rosters import own_roster


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    roster = own_roster(request, pk)
    pupils = compute(roster, timezone.now())
    context = {
        "roster": roster,
        "pupils": pupils,
        "agreed": sum(pupil.rows is not None for pupil in pupils),
    }
    return render(request, "games/progress.html", context)


@login_required
@require_POST
def show_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Switched off, all is hidden at once; switched on again, everyone is asked anew."""
    with transaction.atomic():
        roster = own_roster(request, pk, is_locked=True)
        roster.shows_progress = request.POST.get("show") == "yes"
        roster.save(update_fields=["shows_progress"])
        if not roster.shows_progress:
            roster.pupils.update(agreed_at=None)
    return redirect("progress", pk=pk)
