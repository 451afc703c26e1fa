"""A teacher's yes or no to a draft. Each happens once, whoever else looks at the same page."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lessons.authoring.models import Proposal
from lessons.authoring.places import Places
from lessons.drafts import CardDraft
from lessons.models import Flashcard, Lesson, Question

MOST_QUESTIONS = 200
MOST_CARDS = 1000
"""Of a lesson, as its page in the admin has them."""

Row = Question | Flashcard


class Refused(Exception):
    """It can't be decided so, for a reason in words."""


class NeedsEditing(Refused):
    """It could be accepted with some change."""


@transaction.atomic
def accept(pk: int, user: User) -> Proposal:
    """Make it a question or flashcard of its lesson as it is. Raises Refused and Proposal.DoesNotExist."""
    proposal = _locked(pk)
    _check_open(proposal)
    place = Places(proposal.lesson.as_draft()).of(proposal.draft)
    if place is None:
        raise NeedsEditing(
            gettext("Its sentence has left the notes since. Edit it if it is still right.")
        )
    row = row_of(proposal, place.section)
    try:
        row.full_clean()
    except ValidationError as error:
        raise NeedsEditing(gettext("It can’t be accepted as it is. Please edit it.")) from error
    return _become(proposal, row, user)


@transaction.atomic
def accept_edited(pk: int, row: Row, user: User) -> Proposal:
    """Make it what its editor made of it: an unsaved row that has been found valid."""
    proposal = _locked(pk)
    _check_open(proposal)
    return _become(proposal, row, user)


@transaction.atomic
def reject(pk: int, user: User) -> Proposal:
    """Never propose it again."""
    proposal = _locked(pk)
    if proposal.state == Proposal.State.ACCEPTED:
        raise Refused(gettext("It is in the lesson already: delete it there."))
    return _decide(proposal, Proposal.State.REJECTED, user)


@transaction.atomic
def undo(pk: int, user: User) -> Proposal:
    """It waits again. What it became leaves the lesson, unless it was changed there meanwhile."""
    proposal = _locked(pk)
    if row := proposal.row:
        if as_item(row) != proposal.item:
            raise Refused(gettext("It has been changed in the lesson since: delete it there."))
        row.delete()
        lesson = proposal.lesson
        if lesson.is_published and not lesson.questions.exists():
            lesson.is_published = False
            lesson.save(update_fields=["is_published"])
        proposal.question = proposal.flashcard = None
    return _decide(proposal, Proposal.State.WAITING, user)


def row_of(proposal: Proposal, section: str | None) -> Row:
    """What it would become, in that section; not saved."""
    lesson, item = proposal.lesson, proposal.draft.item
    its_section = lesson.sections.filter(title=section).first() if section else None
    if isinstance(item, CardDraft):
        return Flashcard(
            lesson=lesson, term=item.term, definition=item.definition, section=its_section
        )
    row = Question(lesson=lesson, section=its_section)
    row.take(item)
    return row


def as_item(row: Row) -> dict[str, object]:
    """The row as a proposal keeps it."""
    if isinstance(row, Question):
        return row.as_question().model_dump(mode="json")
    return CardDraft(
        term=row.term,
        definition=row.definition,
        image=row.image,
        explanation=row.explanation_ref,
        section=row.section.title if row.section else None,
    ).model_dump(mode="json")


def _locked(pk: int) -> Proposal:
    locked = Proposal.objects.select_for_update(of=("self",))
    return locked.select_related("lesson", "question", "flashcard__section").get(pk=pk)


def _check_open(proposal: Proposal) -> None:
    match proposal.state:
        case Proposal.State.ACCEPTED:
            raise Refused(gettext("It is in the lesson already."))
        case Proposal.State.REJECTED:
            raise Refused(gettext("It was rejected meanwhile. Bring it back first."))


def _become(proposal: Proposal, row: Row, user: User) -> Proposal:
    """At the lesson's end: in its middle, the row would change which ones are open to visitors."""
    _check_room(proposal.lesson, row)
    row.save()
    if isinstance(row, Question):
        proposal.question = row
    else:
        proposal.flashcard = row
    proposal.item, proposal.section = as_item(row), row.section.title if row.section else ""
    return _decide(proposal, Proposal.State.ACCEPTED, user)


def _check_room(lesson: Lesson, row: Row) -> None:
    if isinstance(row, Question) and lesson.questions.count() >= MOST_QUESTIONS:
        raise Refused(gettext("The lesson has %d questions already.") % MOST_QUESTIONS)
    if isinstance(row, Flashcard) and lesson.flashcards.count() >= MOST_CARDS:
        raise Refused(gettext("The lesson has %d flashcards already.") % MOST_CARDS)


def _decide(proposal: Proposal, state: Proposal.State, user: User) -> Proposal:
    proposal.state, proposal.decided_at, proposal.decided_by = state, timezone.now(), user
    proposal.save()
    return proposal
