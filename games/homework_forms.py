"""What a host says of homework: for whom, until when, how often; and what a pupil says at its door."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from games.models import Homework, Roster
from games.nicknames import NICKNAME_MAX, clean_nickname
from games.rules import Refused

MINUTES = "%Y-%m-%dT%H:%M"
"""As browsers write a date and a time."""
DUE_AFTER_D, DUE_H = 7, 18


class HomeworkForm(forms.ModelForm[Homework]):
    """Times are read in the host's zone, which the browser tells in `zone`; else the server's."""

    attempts = forms.TypedChoiceField(
        label=_("Attempts"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("as many as wanted")),
            *((n, str(n)) for n in range(1, Homework.ATTEMPTS_MOST + 1)),
        ],
    )

    class Meta:
        model = Homework
        fields = ["roster", "closes_at", "opens_at", "attempts", "counts", "note"]
        labels = {"roster": _("For whom"), "counts": _("What counts"), "note": _("Note")}
        help_texts = {
            "opens_at": _("At once, if you leave it empty."),
            "note": _("Above the questions, for whoever does them."),
        }
        widgets = {
            "closes_at": forms.DateTimeInput({"type": "datetime-local"}, MINUTES),
            "opens_at": forms.DateTimeInput({"type": "datetime-local"}, MINUTES),
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, instance: Homework, now: datetime, data: Any = None) -> None:
        told = (data or {}).get("zone")
        self.zone = told if told in available_timezones() else instance.zone
        self.now = now
        super().__init__(data, instance=instance, initial=self._times(instance))
        self.fields["opens_at"].required = False
        self.fields["note"].required = False
        if instance.pk:
            # Who has begun did so for this class.
            del self.fields["roster"]
        else:
            roster = self.fields["roster"]
            assert isinstance(roster, forms.ModelChoiceField)
            roster.queryset = Roster.objects.filter(host=instance.host)
            roster.empty_label = _("Anyone who has the link, by a name they type")

    def full_clean(self) -> None:
        with timezone.override(ZoneInfo(self.zone)):
            super().full_clean()

    def clean_opens_at(self) -> datetime:
        opens_at: datetime | None = self.cleaned_data["opens_at"]
        return opens_at or self.now

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        opens_at, closes_at = said.get("opens_at"), said.get("closes_at")
        if closes_at and not self.instance.pk and closes_at <= self.now:
            self.add_error("closes_at", _("This moment has passed. Choose a later one."))
        elif opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("The deadline comes before the beginning."))
        return said

    def save(self, commit: bool = True) -> Homework:
        self.instance.zone = self.zone
        return super().save(commit)

    def _times(self, homework: Homework) -> dict[str, str]:
        if homework.pk is None:
            due = timezone.localtime(self.now) + timedelta(days=DUE_AFTER_D)
            return {
                "closes_at": due.replace(hour=DUE_H, minute=0).strftime(MINUTES),
                "opens_at": "",
            }
        zone = ZoneInfo(homework.zone)
        return {
            name: getattr(homework, name).astimezone(zone).strftime(MINUTES)
            for name in ("closes_at", "opens_at")
        }


class NameForm(forms.Form):
    """Who does homework that anyone with the link may do."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As the teacher knows you."),
        max_length=NICKNAME_MAX,
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        try:
            return clean_nickname(self.cleaned_data["name"])
        except Refused:
            raise ValidationError(_("A name needs at least one letter or digit.")) from None


class CodeForm(forms.Form):
    """Which pupil does the class' homework."""

    code = forms.CharField(
        label=_("Your personal code"),
        help_text=_("The six letters on your slip."),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
