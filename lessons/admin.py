"""Where authors write: a lesson with all its parts on one page."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.forms.widgets import ClearableFileInput
from django.http import HttpRequest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lessons import explanations, images
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.podcast.episodes import silence

_IMAGE = ("waiting_image", "image", "image_alt")
_PLACE_AND_PICTURE = ("explanation", "explanation_params")


def may_edit(request: HttpRequest, lesson: Lesson | None) -> bool:
    """Staff write lessons of their own; superusers may edit all."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or lesson is None or lesson.owner_id == user.pk


class PartForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own has no parameters
    """One line where the model's own widget would be larger than what is written in it."""

    class Meta:
        widgets: dict[str, forms.Widget] = {
            "explanation_params": forms.TextInput(attrs={"size": 60})
        }


class PartInline(admin.StackedInline):  # type: ignore[type-arg]  # the same
    form = PartForm
    extra = 0
    classes = ["collapse"]

    def has_view_permission(self, request: HttpRequest, obj: Lesson | None = None) -> bool:
        return may_edit(request, obj)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def get_formset(self, request: HttpRequest, obj: Lesson | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        section = formset.form.base_fields.get("section")
        if isinstance(section, forms.ModelChoiceField):
            sections = Section.objects.filter(lesson=obj) if obj else Section.objects.none()
            section.queryset = sections
            # A list; left lazy, every form of the page would ask the database again.
            section.choices = [("", gettext("none")), *((s.pk, s.title) for s in sections)]
        return formset

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "explanation":
            keys = explanations.keys()
            titles = [(key, f"{key}: {explanations.find(key).TITLE}") for key in keys]
            return forms.ChoiceField(
                choices=[("", gettext("none")), *titles],
                required=False,
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class SectionForm(PartForm):
    class Meta(PartForm.Meta):
        widgets = PartForm.Meta.widgets | {"notes": forms.Textarea(attrs={"rows": 12, "cols": 80})}


class SectionInline(PartInline):
    model = Section
    form = SectionForm
    max_num = 100
    fieldsets = [
        (None, {"fields": ["title", "notes", "position"]}),
        (_("Picture"), {"fields": _PLACE_AND_PICTURE, "classes": ["collapse"]}),
    ]


class KeptFile(str):
    """As a file field expects what is already there: its name, and where it is found."""

    __slots__ = ()

    @property
    def url(self) -> str:
        return images.image_address(self)


class ImageInput(ClearableFileInput):
    template_name = "lessons/image_input.html"
    clear_checkbox_label = _("Take it away")  # type: ignore[assignment]  # Django's own is lazy too


class ImageField(forms.FileField):
    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is kept, to show it; a browser wouldn't take back what it sent."""
        return initial


class IllustratedForm(PartForm):
    """With an image to upload, which is kept while another field is wrong."""

    waiting_image = forms.CharField(required=False, widget=forms.HiddenInput)
    """The kept file of an upload while another field was wrong."""
    image = ImageField(
        label=_("Image file"),
        required=False,
        widget=ImageInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_("PNG, JPEG, WebP or GIF, up to 10 MB; it is made to fit."),
    )

    class Meta(PartForm.Meta):
        widgets = PartForm.Meta.widgets | {
            "image_alt": forms.TextInput(attrs={"size": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.image_file:
            self.initial["image"] = KeptFile(self.instance.image_file)

    def clean_image(self) -> Any:
        """What was uploaded becomes a file of our own, whatever else the form lacks."""
        waiting = images.kept_bytes(self.cleaned_data["waiting_image"])
        given = self.cleaned_data["image"]
        if given is False:  # ticked away
            self.instance.image = None
        elif isinstance(given, UploadedFile):
            if (given.size or 0) > images.LARGEST_BYTES:
                raise images.too_large()
            self._take(images.keep(given.read()))
        elif waiting is not None:
            self._take(images.keep(waiting))
        return given

    def _take(self, kept: images.Kept) -> None:
        self.instance.image_file = kept.file
        self.instance.image_width, self.instance.image_height = kept.width, kept.height
        # For the page that shows what else is wrong.
        assert isinstance(self.data, MultiValueDict)
        self.data = self.data.copy()
        self.data[self.add_prefix("waiting_image")] = kept.file
        self["image"].initial = KeptFile(kept.file)


class QuestionForm(IllustratedForm):
    class Meta(IllustratedForm.Meta):
        widgets = IllustratedForm.Meta.widgets | {
            "prompt": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "answers": forms.Textarea(attrs={"rows": 6, "cols": 80}),
            "body": forms.Textarea(attrs={"rows": 6, "cols": 80}),
            "note": forms.Textarea(attrs={"rows": 2, "cols": 80}),
        }


class QuestionInline(PartInline):
    """All kinds share one form; the style sheet hides what a kind has no use for."""

    model = Question
    form = QuestionForm
    max_num = 200
    fieldsets = [
        (
            None,
            {"fields": ["kind", "prompt", "body", "answers", "per_option", "typos", "is_true"]},
        ),
        (
            _("The number"),
            {"fields": [("right_number", "tolerance", "unit"), ("low", "high", "zero_at")]},
        ),
        (None, {"fields": [("limit_s", "points", "position")]}),
        (_("Image"), {"fields": _IMAGE, "classes": ["collapse"]}),
        (
            _("After the question"),
            {"fields": ["note", *_PLACE_AND_PICTURE, "section"], "classes": ["collapse"]},
        ),
    ]

    class Media:
        css = {"all": ["lessons/question_kinds.css"]}


class FlashcardForm(IllustratedForm):
    class Meta(IllustratedForm.Meta):
        widgets = IllustratedForm.Meta.widgets | {
            "definition": forms.Textarea(attrs={"rows": 4, "cols": 80}),
        }


class FlashcardInline(PartInline):
    model = Flashcard
    form = FlashcardForm
    max_num = 1000
    fieldsets = [
        (None, {"fields": ["term", "definition", "position"]}),
        (_("Image"), {"fields": _IMAGE, "classes": ["collapse"]}),
        (
            _("Section and picture"),
            {"fields": ["section", *_PLACE_AND_PICTURE], "classes": ["collapse"]},
        ),
    ]


class LessonForm(forms.ModelForm):  # type: ignore[type-arg]  # the same
    class Meta:
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 80}),
        }


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the same
    form = LessonForm
    inlines = [SectionInline, QuestionInline, FlashcardInline]
    list_display = ["title", "state", "questions_in_it", "owner", "room_link"]
    list_filter = ["is_published", "language"]
    list_select_related = ["owner"]
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["state", "room_link"]
    actions = ["publish", "unpublish"]
    save_on_top = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_edit(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Lesson | None = None) -> bool:
        return may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_edit(request, None)

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lesson]:
        lessons = Lesson.objects.with_counts()
        return lessons if request.user.is_superuser else lessons.filter(owner_id=request.user.pk)

    def get_fieldsets(self, request: HttpRequest, obj: Lesson | None = None) -> Any:
        fields = ["title", "slug", "summary", "language"]
        if request.user.is_superuser:
            fields.append("owner")
        return [
            (None, {"fields": [*fields, "state", "room_link"] if obj else fields}),
            (_("Who may study what"), {"fields": [("answers_shown", "answers_first")]}),
        ]

    def delete_model(self, request: HttpRequest, obj: Lesson) -> None:
        silence(Lesson.objects.filter(pk=obj.pk))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Lesson]) -> None:
        silence(queryset)
        super().delete_queryset(request, queryset)

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        if not change and obj.owner_id is None:
            obj.owner_id = request.user.pk
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        lesson = form.instance
        if "_publish" in request.POST:
            self.publish(request, Lesson.objects.filter(pk=lesson.pk))
        elif "_unpublish" in request.POST:
            self.unpublish(request, Lesson.objects.filter(pk=lesson.pk))
        elif lesson.is_published and not lesson.questions.exists():
            lesson.is_published = False
            lesson.save(update_fields=["is_published"])
            silence(Lesson.objects.filter(pk=lesson.pk))
            self.message_user(
                request,
                gettext("“%s” has no questions any more, so it is a draft again.") % lesson,
                messages.WARNING,
            )

    @admin.action(description=_("Publish"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Lesson]) -> None:
        ready = queryset.filter(questions__isnull=False).distinct()
        for lesson in queryset.exclude(pk__in=ready.values("pk")):
            self.message_user(
                request,
                gettext("“%s” has no questions yet. Add one, then publish it.") % lesson,
                messages.ERROR,
            )
        count = Lesson.objects.filter(pk__in=ready.values("pk")).update(is_published=True)
        if count:
            told = ngettext("%d lesson is published.", "%d lessons are published.", count)
            self.message_user(request, told % count, messages.SUCCESS)

    @admin.action(description=_("Unpublish"))
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Lesson]) -> None:
        silence(queryset)
        count = Lesson.objects.filter(pk__in=queryset.values("pk")).update(is_published=False)
        told = ngettext("%d lesson is a draft.", "%d lessons are drafts.", count)
        self.message_user(request, told % count, messages.SUCCESS)

    @admin.display(description=_("state"), ordering="is_published")
    def state(self, lesson: Lesson) -> str:
        return gettext("published") if lesson.is_published else gettext("draft")

    @admin.display(description=_("questions"), ordering="question_count")
    def questions_in_it(self, lesson: Lesson) -> int:
        count: int = lesson.question_count  # type: ignore[attr-defined]  # from with_counts
        return count

    @admin.display(description=_("room"))
    def room_link(self, lesson: Lesson) -> SafeString | str:
        if not lesson.is_published:
            return gettext("Publish it to open a room.")
        address = reverse("open_room", args=[lesson.slug])
        return format_html('<a href="{}">{}</a>', address, gettext("Open a room"))


# Accounts

# No mail is sent, and which servers people log in by is for the environment to say.
for unused in (EmailAddress, SocialApp, SocialToken):
    admin.site.unregister(unused)
# allauth's own pages show secrets.
for shown_otherwise in (Authenticator, SocialAccount):
    admin.site.unregister(shown_otherwise)


class ToTakeAwayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the same
    """To look at and to take off an account: from somebody who has lost the phone."""

    search_fields = ["user__username"]
    list_select_related = ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(ToTakeAwayAdmin):
    list_display = ["user", "type", "created_at", "last_used_at"]
    fields = ("user", "type", "created_at", "last_used_at")


@admin.register(SocialAccount)
class SocialAccountAdmin(ToTakeAwayAdmin):
    list_display = ["user", "provider", "date_joined", "last_login"]
    fields = ("user", "provider", "uid", "date_joined", "last_login")
