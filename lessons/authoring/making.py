"""Drafts are made in the background and kept: by rules once for the notes as they are, by a model when asked."""

import hashlib
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks import task

from lessons.authoring.draft import Draft
from lessons.authoring.drafting import drafts_from
from lessons.authoring.models import Making, Proposal
from lessons.authoring.places import Places
from lessons.authoring.with_model import drafts_by_model
from lessons.drafts import LessonDraft
from lessons.language_model import LanguageModel, ModelFailed, language_model
from lessons.models import Lesson
from lessons.questions import tidy
from lessons.tutor.vectors import sentence_vectors
from lessons.tutor.words import rarity

logger = logging.getLogger(__name__)


def ask_for_drafts(lesson: Lesson, section: str = "") -> Making:
    """Have drafts made by rules, or of a section by the model. Who asks again meanwhile waits along."""
    now = timezone.now()
    with transaction.atomic():
        making, is_new = Making.objects.select_for_update().get_or_create(
            lesson=lesson, section=section, defaults={"asked_at": now}
        )
        if not is_new and making.is_under_way:
            return making
        making.state, making.asked_at, making.problem = Making.State.QUEUED, now, ""
        making.save()
        # A model takes minutes. Rules take seconds, and mustn't wait while a podcast is recorded.
        queue = "long" if section else "default"
        make_in_background.using(queue_name=queue).enqueue(making.pk)
    return making


def ask_for_drafts_once(lesson: Lesson) -> None:
    """Have drafts made by rules unless those of the notes as they are were made, or tried for."""
    if not lesson.makings.filter(section="", content=content_of(lesson)).exists():
        ask_for_drafts(lesson)


def content_of(lesson: Lesson) -> str:
    """The same while the notes are. What was accepted from them doesn't count, or each yes would
    make all of them anew.
    """
    # A form sends line ends of its own.
    notes = [(title, tidy(text)) for title, text in lesson.sections.values_list("title", "notes")]
    return hashlib.sha256(repr((lesson.language, notes)).encode()).hexdigest()


# The results of a game come first.
@task(priority=-10)
def make_in_background(pk: int) -> None:
    """The worker's part of `ask_for_drafts`."""
    making = Making.objects.select_related("lesson").filter(pk=pk).first()
    if making is None:
        return  # the lesson was deleted meanwhile
    making.state = Making.State.RUNNING
    making.save(update_fields=["state"])
    making.state = Making.State.FAILED
    making.problem = gettext("Something went wrong while drafts were made. Try again.")
    try:
        _make(making)
        making.state, making.problem = Making.State.DONE, ""
    except ModelFailed as failed:
        making.problem = str(failed)
    finally:
        # Nothing is written where the lesson is gone.
        Making.objects.filter(pk=pk).update(
            **{
                name: getattr(making, name)
                for name in ("state", "content", "found", "dropped", "problem")
            }
        )


def _make(making: Making) -> None:
    lesson = making.lesson
    told = lesson.as_draft()
    # Noted first: what makes the rules fail would make them fail for every learner who comes by.
    making.content, making.found, making.dropped = content_of(lesson), 0, 0
    if making.section:
        model = language_model()
        if model is None:
            raise ModelFailed(gettext("This server has no language model any more."))
        drafts, making.dropped = _by_model(model, lesson, told, making.section)
        making.found = keep(lesson, drafts, model.name)
    else:
        drafts = _by_rules(lesson, told)
        making.found = keep(lesson, drafts, "")
        _drop_outdated(lesson, told, drafts)


def _by_model(
    model: LanguageModel, lesson: Lesson, told: LessonDraft, section: str
) -> tuple[list[Draft], int]:
    """What the model made of a section, and how much of it can't be used. Raises ModelFailed."""
    places = [i for i, each in enumerate(told.sections) if each.title == section]
    if not places:
        raise ModelFailed(gettext("This section has been renamed or deleted meanwhile."))
    known = set(lesson.proposals.values_list("fingerprint", flat=True))
    drafts, dropped = drafts_by_model(told, places[0], model.structured, rejected=known)
    for each in dropped:
        logger.info("A draft of %s was dropped, for %s: %s", model.name, each.why, each.said)
    return drafts, len(dropped)


def _by_rules(lesson: Lesson, told: LessonDraft) -> list[Draft]:
    known = lesson.proposals.exclude(state=Proposal.State.WAITING, model="")
    vectors = sentence_vectors()
    return drafts_from(
        told,
        rejected=set(known.values_list("fingerprint", flat=True)),
        vectors=vectors.of if vectors else None,
        rarity=rarity,
    )


@transaction.atomic
def keep(lesson: Lesson, drafts: Iterable[Draft], model: str) -> int:
    """Store the drafts; those that are there stay the same ones. How many are new."""
    if not Lesson.objects.filter(pk=lesson.pk).exists():
        return 0
    before = lesson.proposals.count()
    Proposal.objects.bulk_create(
        (
            Proposal(
                lesson=lesson,
                fingerprint=draft.fingerprint,
                kind=draft.kind,
                item=draft.item.model_dump(mode="json"),
                section=draft.section or "",
                span=list(draft.span),
                sentence=draft.sentence,
                score=draft.score,
                model=model,
            )
            for draft in drafts
        ),
        update_conflicts=True,
        unique_fields=["lesson", "fingerprint"],
        update_fields=["section", "span", "sentence", "score"],
    )
    return lesson.proposals.count() - before


def _drop_outdated(lesson: Lesson, told: LessonDraft, made: Iterable[Draft]) -> None:
    """What rules wouldn't make any more, and a model's draft whose sentence has left the lesson."""
    fresh = {draft.fingerprint for draft in made}
    places = Places(told)
    gone = [
        proposal.pk
        for proposal in lesson.proposals.filter(state=Proposal.State.WAITING)
        if (
            places.of(proposal.draft) is None
            if proposal.model
            else proposal.fingerprint not in fresh
        )
    ]
    # Whoever says yes in this moment keeps it.
    Proposal.objects.filter(pk__in=gone, state=Proposal.State.WAITING).delete()
