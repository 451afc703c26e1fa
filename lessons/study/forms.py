"""How a learner wants to study."""

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lessons.study.models import Learner

LONGEST_STEP_MIN = 24 * 60
STEPS_MOST = 10
LEAST_PERCENT, MOST_PERCENT = 70, 97
KEPT_AS_TYPED = (
    "new_per_day",
    "reviews_per_day",
    "learning_steps",
    "relearning_steps",
    "leech_after",
    "both_directions",
    "has_questions",
    "zone",
)
"""The learner's fields that the form shows, in its order."""


class StepsField(forms.CharField):
    """Minutes with spaces between: “1 10” is [1, 10]."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        parts = text.replace(",", " ").split()
        are_numbers = all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts)
        if not are_numbers or not all(1 <= int(part) <= LONGEST_STEP_MIN for part in parts):
            raise ValidationError(
                gettext("Give whole minutes from 1 to %d with spaces between, such as 1 10.")
                % LONGEST_STEP_MIN
            )
        if len(parts) > STEPS_MOST:
            raise ValidationError(gettext("Give at most %d steps.") % STEPS_MOST)
        return [int(part) for part in parts]


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own has no parameters
    retention_percent = forms.IntegerField(
        label=_("Desired retention, in percent"),
        help_text=_("How likely you still know a card on the day it comes back."),
        validators=[MinValueValidator(LEAST_PERCENT), MaxValueValidator(MOST_PERCENT)],
        widget=forms.NumberInput(
            attrs={"min": LEAST_PERCENT, "max": MOST_PERCENT, "aria-controls": "retention-cost"}
        ),
    )
    learning_steps = StepsField(
        label=_("Learning steps"),
        required=False,
        help_text=_(
            "After how many minutes a new card comes again, with spaces between. Empty: the next "
            "time is another day."
        ),
    )
    relearning_steps = StepsField(
        label=_("Relearning steps"),
        required=False,
        help_text=_("The same for a card you had forgotten."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Your day begins at four in the morning there.")
    )

    field_order = ("retention_percent", *KEPT_AS_TYPED)

    class Meta:
        model = Learner
        fields = KEPT_AS_TYPED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = zones()
        self.initial["retention_percent"] = round(100 * self.instance.desired_retention)

    def save(self, commit: bool = True) -> Any:
        self.instance.desired_retention = self.cleaned_data["retention_percent"] / 100
        return super().save(commit)


@cache
def zones() -> list[tuple[Any, Any]]:
    """All places with a clock of their own, by part of the world; UTC first."""
    by_part: dict[str, list[tuple[str, str]]] = {}
    loose = []
    for name in sorted(available_timezones() - {"UTC"}):
        part, _slash, place = name.partition("/")
        if place:
            by_part.setdefault(part, []).append((name, place.replace("_", " ")))
        else:
            loose.append((name, name))
    return [("UTC", "UTC"), *by_part.items(), (_("Other"), loose)]
