"""What teachers type about drafts: a change to one of them, and the text that a lesson is made from."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lessons.authoring.deciding import Row
from lessons.authoring.readers import LONGEST_TEXT
from lessons.authoring.texts import plain_line
from lessons.authoring.uploads import (
    LARGEST_BYTES,
    LONGEST_NOTES,
    LONGEST_TITLE,
    READERS,
    read_markdown,
    read_upload,
)
from lessons.drafts import LessonDraft, SectionDraft
from lessons.formats import Unreadable
from lessons.models import Flashcard, Lesson, Question, Section
from lessons.questions import on_one_line, tidy

FIELDS = {
    "single_choice": ["prompt", "answers"],
    "several_right": ["prompt", "answers"],
    "true_false": ["prompt", "is_true"],
    "typed_text": ["prompt", "answers", "typos"],
    "typed_number": ["prompt", "right_number", "tolerance", "unit"],
    "order_steps": ["prompt", "answers"],
    "flashcard": ["term", "definition"],
}
ANSWERS = {
    "single_choice": (_("options"), _("One per line, with a * before the right one.")),
    "several_right": (_("options"), _("One per line, with a * before each right one.")),
    "typed_text": (_("accepted answers"), _("One spelling per line.")),
    "order_steps": (_("steps"), _("One per line, in the right order.")),
}
"""How the field is named for each kind, and what it takes."""


def edit_form(row: Row, kind: str, data: Any = None) -> "forms.ModelForm[Any]":
    """To change an unsaved row before it is accepted; checked as in the lesson's own form."""
    is_card = isinstance(row, Flashcard)
    fields = [*FIELDS[kind], *([] if is_card else ["note"]), "section"]
    made = forms.modelform_factory(
        Flashcard if is_card else Question,
        fields=fields,
        widgets={
            "prompt": forms.Textarea(attrs={"rows": 3}),
            "answers": forms.Textarea(attrs={"rows": 5}),
            "note": forms.Textarea(attrs={"rows": 2}),
            "definition": forms.Textarea(attrs={"rows": 4}),
        },
    )
    form = made(data, instance=row, prefix=f"draft-{kind}")
    if kind in ANSWERS:
        form.fields["answers"].label, form.fields["answers"].help_text = ANSWERS[kind]
    section = form.fields["section"]
    assert isinstance(section, forms.ModelChoiceField)
    section.queryset = Section.objects.filter(lesson=row.lesson)
    section.empty_label, section.help_text = gettext("none"), ""
    return form


class TextForm(forms.Form):
    """A text as it is pasted, or a file of one."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={"rows": 12, "placeholder": _("# The light reactions\n\nChlorophyll absorbs…")}
        ),
        help_text=_("Markdown or plain text. Each heading begins a section."),
        error_messages={"max_length": _("This text is too long for one lesson. Please divide it.")},
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(READERS)}),
        help_text=_("PDF, Word, PowerPoint, Markdown or text, up to %(megabytes)s MB.")
        % {"megabytes": LARGEST_BYTES // 1_000_000},
        error_messages={"empty": _("There is no text in this file.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if file and text.strip():
            self.add_error(
                "file", gettext("Take either the text or a file. Leave one of them empty.")
            )
        elif file:
            self._read("file", file)
        elif text.strip():
            self._read("text", text)
        else:
            self.add_error("text", gettext("Paste a text, or choose a file."))
        return cleaned

    def _read(self, field: str, given: Any) -> None:
        try:
            self.lesson: LessonDraft = (
                read_markdown(given, "")
                if field == "text"
                else read_upload(given.name, _bytes_of(given))
            )
        except Unreadable as why:
            self.add_error(field, str(why))


def _bytes_of(file: Any) -> bytes:
    # One byte more than is read tells that it is too large; the rest needn't be in memory.
    data: bytes = file.read(LARGEST_BYTES + 1)
    return data


class HeadForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own has no parameters
    """Of a lesson that doesn't exist yet."""

    class Meta:
        model = Lesson
        fields = ["title", "language"]
        help_texts = {"language": _("Such as en or pt-BR.")}

    def clean_title(self) -> str:
        return _title(self.cleaned_data["title"])


def _title(given: str) -> str:
    """On one line. Raises ValidationError where nothing is left of it."""
    title = str(on_one_line(given))
    if not title:
        raise ValidationError(gettext("A title needs letters or digits."))
    return title


class FoundSectionForm(forms.Form):
    """A section as it was found in the text."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    notes = forms.CharField(
        label=_("Notes"), max_length=LONGEST_NOTES, widget=forms.Textarea(attrs={"rows": 8})
    )
    leave_out = forms.BooleanField(label=_("Leave it out"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What isn't taken needn't be right.
        if self.is_bound and self["leave_out"].data:
            self.fields["title"].required = self.fields["notes"].required = False

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        return _title(title) if self.fields["title"].required else title

    def clean_notes(self) -> str:
        return str(tidy(self.cleaned_data["notes"]))

    @property
    def length(self) -> int:
        """In words, as it stands in the form."""
        return len(self._words)

    @property
    def beginning(self) -> str:
        """The first words, without Markdown's marks."""
        # Marks may close some words after those that are shown.
        return Truncator(plain_line(" ".join(self._words[:60]))).words(14)

    @property
    def _words(self) -> list[str]:
        return str(self["notes"].value() or "").split()


class BaseFoundSections(forms.BaseFormSet[FoundSectionForm]):
    """All of them; those that stay have titles of their own."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.taken:
            title = form.cleaned_data.get("title")
            if title in seen:
                form.add_error("title", gettext("Another section has this title."))
            elif title:
                seen.add(title)
        if not self.taken:
            raise ValidationError(gettext("Keep at least one section."))

    @property
    def taken(self) -> list[FoundSectionForm]:
        return [form for form in self.forms if not form.cleaned_data.get("leave_out")]

    @property
    def sections(self) -> list[SectionDraft]:
        """What is to be written, once all is valid."""
        return [
            SectionDraft(title=form.cleaned_data["title"], notes=form.cleaned_data["notes"])
            for form in self.taken
        ]


FoundSections = forms.formset_factory(
    FoundSectionForm, formset=BaseFoundSections, extra=0, max_num=100
)


def found_sections(sections: Sequence[SectionDraft]) -> forms.BaseFormSet[FoundSectionForm]:
    """The form of sections that were just found."""
    return FoundSections(
        initial=[{"title": section.title, "notes": section.notes} for section in sections],
        prefix="sections",
    )
