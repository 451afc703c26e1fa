"""What a teacher writes: lessons with their sections, questions and flashcards."""

from collections.abc import Collection
from typing import Any, assert_never

import pydantic
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic_core import ErrorDetails

from lessons import questions
from lessons.cloze import cloze_problem
from lessons.drafts import CardDraft, LessonDraft, QuestionDraft, SectionDraft, explanation_problem
from lessons.questions import (
    ExplanationRef,
    Image,
    InfoSlide,
    NumberGuess,
    OrderSteps,
    Poll,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    any_question,
    is_scored,
    on_one_line,
    tidy,
)


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> "LessonQuerySet":
        """Published lessons, and the drafts that this user may see."""
        if getattr(user, "is_superuser", False):
            return self.all()
        return self.filter(models.Q(is_published=True) | models.Q(owner_id=user.pk or 0))

    def with_counts(self) -> "LessonQuerySet":
        """Adds `section_count`, `question_count` and `card_count`."""
        # Subqueries: three joins would count each question once per section and card.
        return self.annotate(
            section_count=_count_of(Section),
            question_count=_count_of(Question),
            card_count=_count_of(Flashcard),
        )


class Lesson(models.Model):
    class AnswersShown(models.TextChoices):
        PUBLIC = "public", _("all, to everybody")
        FIRST = "first", _("the first few to everybody, the rest to those with an account")
        MEMBERS = "members", _("to those with an account")

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of its page's address."),
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(
        _("summary"), max_length=500, blank=True, help_text=_("A sentence or two for the list.")
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Such as en or pt-BR."))],
        help_text=_("Such as en or pt-BR; screen readers and voices go by it."),
    )
    is_published = models.BooleanField(_("published"), default=False)
    answers_shown = models.CharField(
        _("answers and flashcards"),
        max_length=10,
        choices=AnswersShown.choices,
        default=AnswersShown.PUBLIC,
        help_text=_("Who sees them when studying. A live room plays all questions all the same."),
    )
    answers_first = models.PositiveSmallIntegerField(
        _("the first"), default=3, help_text=_("How many of each a visitor without account sees.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("owner"),
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.slug])

    def open_to(self, user: AbstractBaseUser | AnonymousUser) -> int | None:
        """How many answers, and how many flashcards, this visitor may see: None is all of them.

        The one rule for every page and file of the study side; it counts from the first on.
        """
        if user.is_authenticated or self.answers_shown == self.AnswersShown.PUBLIC:
            return None
        return self.answers_first if self.answers_shown == self.AnswersShown.FIRST else 0

    def questions_in_order(self) -> models.QuerySet["Question"]:
        """All questions of a game, in one query."""
        return self.questions.order_by("position", "pk")

    def as_draft(self) -> LessonDraft:
        """The whole lesson apart from the database; raises pydantic's ValidationError."""
        return LessonDraft(
            slug=self.slug,
            title=self.title,
            summary=self.summary,
            language=self.language,
            sections=tuple(
                SectionDraft(title=s.title, notes=s.notes, explanation=s.explanation_ref)
                for s in self.sections.all()
            ),
            questions=tuple(
                QuestionDraft(
                    question=q.as_question(), section=q.section.title if q.section else None
                )
                for q in self.questions_in_order().select_related("section")
            ),
            flashcards=tuple(
                CardDraft(
                    term=c.term,
                    definition=c.definition,
                    image=c.image,
                    explanation=c.explanation_ref,
                    section=c.section.title if c.section else None,
                )
                for c in self.flashcards.select_related("section")
            ),
        )

    @transaction.atomic
    def replace_with(self, draft: LessonDraft) -> None:
        """Make this lesson what the draft says and save it; parts that stay keep their row."""
        self.slug, self.title = draft.slug, draft.title
        self.summary, self.language = draft.summary, draft.language
        self.save()
        old_sections = {s.title: s for s in self.sections.all()}
        old_questions = {q.prompt: q for q in self.questions.all()}
        old_cards = {c.term: c for c in self.flashcards.all()}
        sections: dict[str | None, Section] = {}
        kept_questions, kept_cards = [], []
        for position, told in enumerate(draft.sections):
            section = old_sections.pop(told.title, None) or Section(lesson=self)
            section.position, section.title, section.notes = position, told.title, told.notes
            section.explanation_ref = told.explanation
            section.save()
            sections[told.title] = section
        for position, asked in enumerate(draft.questions):
            question = old_questions.pop(asked.question.prompt, None) or Question(lesson=self)
            question.position, question.section = position, sections.get(asked.section)
            question.take(asked.question)
            question.save()
            kept_questions.append(question.pk)
        for position, held in enumerate(draft.flashcards):
            card = old_cards.pop(held.term, None) or Flashcard(lesson=self)
            card.position, card.section = position, sections.get(held.section)
            card.term, card.definition, card.image = held.term, held.definition, held.image
            card.explanation_ref = held.explanation
            card.save()
            kept_cards.append(card.pk)
        self.sections.exclude(pk__in=[s.pk for s in sections.values()]).delete()
        self.questions.exclude(pk__in=kept_questions).delete()
        self.flashcards.exclude(pk__in=kept_cards).delete()


class Part(models.Model):
    """What sections, questions and flashcards share: a place in a lesson, and perhaps a picture."""

    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="%(class)ss", verbose_name=_("lesson")
    )
    position = models.PositiveIntegerField(
        _("position"), blank=True, help_text=_("Lower comes first; left empty, it goes to the end.")
    )
    explanation = models.CharField(
        _("explanation"),
        max_length=40,
        blank=True,
        help_text=_("The picture of the idea behind it."),
    )
    explanation_params = models.JSONField(
        _("explanation's parameters"),
        default=dict,
        blank=True,
        help_text=_('As JSON, such as {"d": 100}; what is left out keeps its default.'),
    )

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.position is None:
            siblings = type(self)._default_manager.filter(lesson_id=self.lesson_id)
            last = siblings.aggregate(last=models.Max("position"))["last"]
            self.position = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.explanation_params is None:
            self.explanation_params = {}
        if not isinstance(self.explanation_params, dict):
            raise ValidationError(
                {"explanation_params": gettext('Give names and values, such as {"d": 100}.')}
            )
        if not self.explanation:
            return
        if problem := explanation_problem(self.explanation, self.explanation_params):
            at, sentence = problem
            field = "explanation" if at == "key" else "explanation_params"
            raise ValidationError({field: sentence})

    @property
    def explanation_ref(self) -> ExplanationRef | None:
        """None too where the picture can't be computed since a version changed what it takes."""
        if not self.explanation or explanation_problem(self.explanation, self.explanation_params):
            return None
        return ExplanationRef(key=self.explanation, params=self.explanation_params or {})

    @explanation_ref.setter
    def explanation_ref(self, ref: ExplanationRef | None) -> None:
        self.explanation = ref.key if ref else ""
        self.explanation_params = dict(ref.params) if ref else {}


class Section(Part):
    title = models.CharField(_("title"), max_length=120)
    notes = models.TextField(
        _("study notes"), max_length=50_000, blank=True, help_text=_("In Markdown.")
    )

    class Meta(Part.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "title"],
                name="section_title_once_per_lesson",
                violation_error_message=_("Another section of this lesson has that title."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor(self) -> str:
        """Where the section stands on the lesson's page."""
        slug = slugify(self.title)
        # “C” and “C++” would stand in one place.
        is_whole = slug == "-".join(self.title.lower().split())
        return f"section-{slug}" if is_whole else f"section-{slug}-{self.pk}".replace("--", "-")


class Excerpt(Part):
    """A part that is about one of the sections."""

    section = models.ForeignKey(
        Section,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("section"),
        help_text=_("Where the notes tell about it. Save a new section first, then choose it."),
    )

    class Meta(Part.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.section and self.section.lesson_id != self.lesson_id:
            raise ValidationError({"section": gettext("That section is in another lesson.")})


class Illustrated(models.Model):
    """What may show an uploaded image, which the admin keeps with `lessons.images`."""

    image_file = models.CharField(max_length=40, blank=True, editable=False)
    image_width = models.PositiveSmallIntegerField(null=True, editable=False)
    image_height = models.PositiveSmallIntegerField(null=True, editable=False)
    image_alt = models.CharField(
        _("what the image shows"),
        max_length=300,
        blank=True,
        help_text=_("For those who can't see it, without giving the answer away."),
    )

    class Meta:
        abstract = True

    @property
    def image(self) -> Image | None:
        image = self._image()
        return Image.model_validate(image) if image else None

    @image.setter
    def image(self, image: Image | None) -> None:
        self.image_file, self.image_alt = (image.file, image.alt) if image else ("", "")
        self.image_width, self.image_height = (image.width, image.height) if image else (None, None)

    def _image(self) -> dict[str, Any] | None:
        if not self.image_file:
            return None
        size = {"width": self.image_width, "height": self.image_height}
        return {"file": self.image_file, "alt": self.image_alt} | size


class Question(Illustrated, Excerpt):
    """A question as a teacher edits it; `as_question` gives the one that is played."""

    class Kind(models.TextChoices):
        SINGLE_CHOICE = "single_choice", _("Choice: one right option")
        SEVERAL_RIGHT = "several_right", _("Choice: all right options")
        TRUE_FALSE = "true_false", _("True or false")
        TYPED_TEXT = "typed_text", _("Typed answer")
        TYPED_NUMBER = "typed_number", _("Typed number")
        NUMBER_GUESS = "number_guess", _("Guess on a scale")
        ORDER_STEPS = "order_steps", _("Put in order")
        POLL = "poll", _("Poll: nothing is right")
        WORD_CLOUD = "word_cloud", _("Word cloud")
        INFO_SLIDE = "info_slide", _("Slide: something to tell")

    class Points(models.IntegerChoices):
        NONE = 0, _("none")
        STANDARD = 1000, _("1000")
        DOUBLE = 2000, _("2000")

    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.SINGLE_CHOICE
    )
    prompt = models.CharField(
        _("question"),
        max_length=500,
        help_text=_("Markdown on one line; LaTeX between dollar signs, such as $x^2$."),
    )
    body = models.TextField(
        _("text of the slide"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("In Markdown. The question above is its title."),
    )
    answers = models.TextField(
        _("answers"),
        blank=True,
        help_text=_(
            "One per line. Options: a * before each right one (an option that itself begins with "
            "a star is written \\*). Typed answer: every accepted spelling. Put in order: the "
            "steps, in the right order. Poll: its options."
        ),
    )
    per_option = models.BooleanField(
        _("points for each right option"),
        default=False,
        help_text=_("Each wrong one takes as many away. Otherwise it is all or nothing."),
    )
    typos = models.BooleanField(
        _("forgive slips in long words"),
        default=False,
        help_text=_("One wrong letter from five letters on, two from nine; never in a number."),
    )
    is_true = models.BooleanField(
        _("the statement is"),
        null=True,
        blank=True,
        choices=[(True, _("true")), (False, _("false"))],
    )
    right_number = models.FloatField(_("right number"), null=True, blank=True)
    tolerance = models.FloatField(
        _("tolerance"), default=0, help_text=_("How far off still counts as right.")
    )
    low = models.FloatField(_("lowest"), null=True, blank=True)
    high = models.FloatField(_("highest"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    zero_at = models.FloatField(
        _("nothing at"),
        null=True,
        blank=True,
        help_text=_("How far off earns nothing; empty: only within the tolerance."),
    )
    limit_s = models.PositiveSmallIntegerField(
        _("seconds to answer"),
        null=True,
        blank=True,
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text=_("From 5 to 240; empty: until you move on, or all have answered."),
    )
    points = models.PositiveSmallIntegerField(
        _("points"), choices=Points.choices, default=Points.STANDARD
    )
    note = models.CharField(
        _("note"),
        max_length=500,
        blank=True,
        help_text=_("A sentence or two, shown with the right answer."),
    )

    class Meta(Excerpt.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.prompt

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # First, so that a question of spaces alone is an empty one.
        self.prompt, self.note = str(tidy(self.prompt)), str(tidy(self.note))
        self.unit, self.body = str(on_one_line(self.unit)), str(tidy(self.body))
        self.image_alt = str(on_one_line(self.image_alt))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        try:
            self.as_question()
        except pydantic.ValidationError as error:
            if self.kind in self.Kind.values and (errors := _by_field(self.kind, error)):
                raise ValidationError(errors) from error

    def as_question(self) -> questions.Question:
        """The question as it is played; raises pydantic's ValidationError."""
        common = {
            "kind": self.kind,
            "prompt": self.prompt,
            "image": self._image(),
            "limit_ms": None if self.limit_s is None else self.limit_s * 1000,
            "explanation": self.explanation_ref,
            "note": self.note,
        }
        return any_question.validate_python(common | self._key())

    def take(self, question: questions.Question) -> None:
        """Fill the fields from a question as it is played, whose time limit is whole seconds."""
        self.kind = question.kind
        self.prompt = question.prompt
        self.image = question.image
        self.limit_s = None if question.limit_ms is None else question.limit_ms // 1000
        self.points = question.points if is_scored(question) else self.Points.STANDARD
        self.explanation_ref = question.explanation
        self.note = question.note
        self.answers, self.is_true, self.unit = "", None, ""
        self.right_number, self.tolerance, self.low, self.high = None, 0, None, None
        self.body, self.per_option, self.typos, self.zero_at = "", False, False, None
        match question:
            case SingleChoice():
                self.answers = _marked(question.options, {question.right})
            case SeveralRight():
                self.answers = _marked(question.options, set(question.right))
                self.per_option = question.per_option
            case TrueFalse():
                self.is_true = question.right
            case TypedText():
                self.answers = "\n".join(question.accepted)
                self.typos = question.typos
            case TypedNumber():
                self.right_number, self.tolerance = question.right, question.tolerance
                self.unit = question.unit
            case NumberGuess():
                self.right_number, self.tolerance = question.right, question.tolerance
                self.low, self.high, self.unit = question.low, question.high, question.unit
                self.zero_at = question.zero_at
            case OrderSteps():
                self.answers = "\n".join(question.steps)
            case Poll():
                self.answers = _marked(question.options, set())
            case WordCloud():
                pass
            case InfoSlide():
                self.body = question.body
            case _:
                assert_never(question)

    def _key(self) -> dict[str, Any]:
        """What is right, in the words of `lessons.questions`; None where it is missing."""
        lines = [line.strip() for line in self.answers.splitlines() if line.strip()]
        marked = [i for i, line in enumerate(lines) if line.startswith("*")]
        options = [line.removeprefix("*").strip().removeprefix("\\") for line in lines]
        points = {"points": self.points}
        number = {"right": self.right_number, "tolerance": self.tolerance, "unit": self.unit}
        match self.kind:
            case "single_choice":
                right = marked[0] if len(marked) == 1 else None
                return points | {"options": options, "right": right}
            case "several_right":
                per_option = {"per_option": self.per_option}
                return points | per_option | {"options": options, "right": marked}
            case "true_false":
                return points | {"right": self.is_true}
            case "typed_text":
                return points | {"accepted": lines, "typos": self.typos}
            case "typed_number":
                return points | number
            case "number_guess":
                scale = {"low": self.low, "high": self.high, "zero_at": self.zero_at}
                return points | number | scale
            case "order_steps":
                return points | {"steps": lines}
            case "poll":
                return {"options": options}
            case "info_slide":
                return {"body": self.body}
            case _:
                return {}


class Flashcard(Illustrated, Excerpt):
    term = models.CharField(_("term"), max_length=120)
    definition = models.TextField(
        _("definition"),
        max_length=1000,
        help_text=_(
            "Markdown and LaTeX, line by line. To ask for words of it instead, put them between "
            "braces: A right angle has {{c1::90}} degrees; {{c2::…}} makes a second card."
        ),
    )

    class Meta(Excerpt.Meta):
        verbose_name = _("flashcard")
        verbose_name_plural = _("flashcards")

    def __str__(self) -> str:
        return self.term

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.term, self.definition = str(on_one_line(self.term)), str(tidy(self.definition))
        self.image_alt = str(on_one_line(self.image_alt))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        if problem := cloze_problem(self.definition):
            raise ValidationError({"definition": problem})
        if self.image_file and not self.image_alt:
            raise ValidationError({"image_alt": gettext("Say what the image shows.")})


class Tally(models.Model):
    """How much of something was used in a span of time: see `lessons.tallies`."""

    of = models.CharField(max_length=80)
    since = models.DateTimeField(db_index=True)
    amount = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "since"], name="one_tally_of_a_span")]

    def __str__(self) -> str:
        return f"{self.of}: {self.amount}"


def _count_of(part: type[Part]) -> Coalesce:
    of_lesson = part._default_manager.filter(lesson=models.OuterRef("pk")).order_by()
    counted = of_lesson.values("lesson").annotate(n=models.Count("pk")).values("n")
    return Coalesce(models.Subquery(counted), 0)


def _marked(options: tuple[str, ...], right: set[int]) -> str:
    """Options as a teacher edits them. A backslash keeps a leading * of the text from being a mark."""
    return "\n".join(
        ("*" if i in right else "") + ("\\" if option[0] in "*\\" else "") + option
        for i, option in enumerate(options)
    )


# Django says these itself.
_CHECKED_BY_DJANGO = {
    "kind",
    "prompt",
    "body",
    "limit_ms",
    "points",
    "explanation",
    "note",
    "unit",
}


def _by_field(kind: str, error: pydantic.ValidationError) -> dict[str, list[str]]:
    """What is wrong with a question's key, at the fields where a teacher mends it."""
    found: dict[str, list[str]] = {}
    problems = [(problem["loc"][1:], problem) for problem in error.errors()]
    bad_lines = {place[0] for place, _problem in problems if len(place) == 2}
    for place, problem in problems:
        # Bad lines don't count as lines, so "too few" may be said of what is only too long.
        if len(place) == 1 and place[0] in bad_lines:
            continue
        # A rule about the whole key names no place.
        where = place or ("right",)
        is_long_alt = where[0] == "image" and problem["type"] == "string_too_long"
        if where[0] not in _CHECKED_BY_DJANGO and not is_long_alt:
            found.setdefault(_field(kind, where[0]), []).append(_sentence(kind, where, problem))
    return found


def _field(kind: str, name: str | int) -> str:
    if name == "image":
        return "image_alt"
    if kind in {"typed_number", "number_guess"}:
        return "right_number" if name == "right" else str(name)
    return "is_true" if kind == "true_false" else "answers"


def _sentence(kind: str, place: tuple[str | int, ...], problem: ErrorDetails) -> str:
    match kind, problem["type"], place:
        case _, "value_error", _:
            rule = str(problem["ctx"]["error"])
            return f"{rule[0].upper()}{rule[1:]}."
        case _, _, ("image", *_):
            return gettext("Say what the image shows.")
        case "single_choice", _, ("right",):
            return gettext("Put a * before the one right option.")
        case "several_right", _, ("right", *_):
            return gettext("Put a * before each right option.")
        case "true_false", _, _:
            return gettext("Say whether the statement is true.")
        case _, "too_short", (_,):
            return gettext("Give at least %d, one per line.") % int(problem["ctx"]["min_length"])
        case _, "too_long", (_,):
            return gettext("Give at most %d, one per line.") % int(problem["ctx"]["max_length"])
        case _, "string_too_long", (_, int(index)):
            longest = problem["ctx"]["max_length"]
            return gettext("Line %(line)d has more than %(longest)d characters.") % {
                "line": index + 1,
                "longest": longest,
            }
        case _, "greater_than_equal", ("tolerance",):
            return gettext("A tolerance is never below 0.")
        case "typed_number" | "number_guess", _, _:
            return gettext("Give a number.")
        case _:
            return problem["msg"]
