"""Whose answers are whose: from seats and pupils to learners, who keep what they know.

A class' pupil is a learner once somebody played or did homework by that pupil's code. An account's
learner is linked, never merged; what a device studied without an account is merged into the
pupil's, unless another pupil studies on that device: then the device changes hands.
"""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from games.models import Game, Pupil
from games.store import SeatRecord
from lessons.study import learners
from lessons.study.models import Learner, Review
from lessons.study.spaced_repetition import count_answers


def count_game(
    game: Game, seated: Mapping[str, SeatRecord], was_right: Mapping[str, Mapping[int, bool]]
) -> None:
    """What players with an identity answered counts as reviews. Regrading later changes none.

    was_right  by seat, then by question (its row's number)
    """
    if game.lesson is None:
        return
    why = _("Live game “%(title)s”") % {"title": game.title}
    told: dict[Learner, dict[int, bool]] = {}
    for learner, answers in _learners(seated, was_right):
        told[learner] = {**answers, **told.get(learner, {})}
    # In one order everywhere, so that two games archived at once don't wait for each other.
    for learner in sorted(told, key=lambda learner: learner.pk):
        source = Review.Source.GAME
        count_answers(learner, game.lesson, told[learner], game.played_at, source, why[:200])


def _learners(
    seated: Mapping[str, SeatRecord], was_right: Mapping[str, Mapping[int, bool]]
) -> list[tuple[Learner, Mapping[int, bool]]]:
    """Who sat on these seats, with what they answered; a pupil whom nobody knows becomes a learner."""
    keys = {seat.learner for seat in seated.values() if seat.learner}
    by_key = {learner.key: learner for learner in Learner.objects.filter(key__in=keys)}
    named = {seat.pupil for seat in seated.values() if seat.pupil is not None}
    # The lock is on pupils alone: PostgreSQL locks no row of an outer join's other side.
    locked = Pupil.objects.select_for_update(of=("self",)).select_related("learner")
    pupils = {pupil.pk: pupil for pupil in locked.filter(pk__in=named)}
    found = []
    for id, seat in seated.items():
        if not was_right[id]:
            continue
        learner = by_key.get(seat.learner or "")
        if seat.pupil in pupils:
            pupil = pupils[seat.pupil]
            if pupil.learner is None:
                is_free = learner is not None and _may_be(learner, pupil)
                _link(pupil, learner if learner and is_free else Learner.objects.create())
            learner = pupil.learner
        if learner is not None:
            found.append((learner, was_right[id]))
    return found


@transaction.atomic
def enter_as(request: HttpRequest, pupil: Pupil) -> None:
    """Somebody typed that pupil's code on this device: from now on it studies as the pupil."""
    known, device = pupil.learner, learners.learner_of(request)
    if isinstance(request.user, User):
        account = learners.learner_to_keep(request)
        # Of another account a code alone takes nothing away.
        if (known is None or known.user is None) and _may_be(account, pupil):
            _link(pupil, account)
        return
    is_lent = device is not None and not _may_be(device, pupil)
    if known is None:
        _link(pupil, device if device and not is_lent else Learner.objects.create())
        assert pupil.learner
        learners.become(request, pupil.learner)
    elif known.user is None:
        if device is not None and device != known and not device.pupils.exists():
            learners.merge(device, known)
        learners.become(request, known)
    elif is_lent:
        # An account's cards need its log-in, and those of another pupil aren't this one's.
        learners.become(request, Learner.objects.create())


def _may_be(learner: Learner, pupil: Pupil) -> bool:
    """Nobody is two pupils of one class: a device that is handed round is no identity."""
    others = Pupil.objects.filter(roster=pupil.roster_id, learner=learner)
    return not others.exclude(pk=pupil.pk).exists()


def _link(pupil: Pupil, learner: Learner) -> None:
    pupil.learner = learner
    pupil.save(update_fields=["learner"])
