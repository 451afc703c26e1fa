"""How a class is written down: its name, its pupils, their codes."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from games.models import Pupil, Roster
from games.nicknames import NICKNAME_MAX, clean_nickname, folded_nickname
from games.rules import Reason, Refused
from games.seats import new_personal_code

PUPILS_MOST = 200
TIME_FACTORS = (1, 1.25, 1.5, 2, 3)


class RosterForm(forms.ModelForm[Roster]):
    """A class' name; nobody has two of one name."""

    class Meta:
        model = Roster
        fields = ["name"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        mine = Roster.objects.filter(host=self.instance.host_id, name=name)
        if mine.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a class of that name already."))
        return name


class AddPupilsForm(forms.Form):
    """Names pasted one per line: all of them are added, or none."""

    names = forms.CharField(
        label=_("Names"),
        help_text=_("One per line, up to 20 characters each; as the projector will show them."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        max_length=20_000,
    )

    def __init__(self, roster: Roster, data: Any = None) -> None:
        super().__init__(data)
        self.roster = roster

    def clean_names(self) -> list[str]:
        taken = {folded_nickname(pupil.name): pupil.name for pupil in self.roster.pupils.all()}
        in_class = len(taken)
        names, problems = [], []
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                name = fit_name(line, taken)
            except ValidationError as problem:
                problems.append(
                    gettext("Line %(number)d: %(problem)s")
                    % {"number": number, "problem": problem.message}
                )
                continue
            taken[folded_nickname(name)] = name
            names.append(name)
        if in_class + len(names) > PUPILS_MOST:
            problems.append(
                ngettext(
                    "A class has at most %(most)d pupil.",
                    "A class has at most %(most)d pupils.",
                    PUPILS_MOST,
                )
                % {"most": PUPILS_MOST}
            )
        if problems:
            raise ValidationError(problems)
        return names

    def save(self) -> list[Pupil]:
        """Everyone gets a code."""
        codes = set(self.roster.pupils.values_list("code", flat=True))
        pupils = []
        for name in self.cleaned_data["names"]:
            code = new_code(codes)
            codes.add(code)
            pupils.append(Pupil(roster=self.roster, name=name, code=code))
        return Pupil.objects.bulk_create(pupils)


class PupilForm(forms.ModelForm[Pupil]):
    """One pupil's name and time."""

    time_factor = forms.TypedChoiceField(
        label=_("Time"),
        coerce=float,
        choices=[(f"{factor:g}", f"× {factor:g}") for factor in TIME_FACTORS],
        help_text=_("How many times as long as others, seen by you alone."),
    )

    class Meta:
        model = Pupil
        fields = ["name", "time_factor"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, data: Any = None, *, instance: Pupil) -> None:
        # Each pupil has a form on the class' page, so their fields need ids of their own.
        super().__init__(data, instance=instance, auto_id=f"pupil-{instance.pk}-%s")
        self.initial["time_factor"] = f"{instance.time_factor:g}"

    def clean_name(self) -> str:
        others = Pupil.objects.filter(roster=self.instance.roster_id).exclude(pk=self.instance.pk)
        taken = {folded_nickname(name): name for name in others.values_list("name", flat=True)}
        return fit_name(self.cleaned_data["name"], taken)


def fit_name(text: str, taken: Mapping[str, str]) -> str:
    """The name as others see it. Raises ValidationError for one that is none, or taken."""
    try:
        name = clean_nickname(text)
    except Refused as refused:
        if refused.reason is Reason.NICKNAME_TOO_LONG:
            raise ValidationError(
                gettext("“%(name)s” has more than %(most)d characters.")
                % {"name": text.strip()[:40], "most": NICKNAME_MAX}
            ) from None
        raise ValidationError(gettext("A name needs at least one letter or digit.")) from None
    other = taken.get(folded_nickname(name))
    if other == name:
        raise ValidationError(gettext("“%(name)s” is in the class already.") % {"name": name})
    if other is not None:
        raise ValidationError(
            gettext("“%(name)s” looks too much like “%(other)s”.") % {"name": name, "other": other}
        )
    return name


def new_code(taken: set[str], make: Callable[[], str] = new_personal_code) -> str:
    """A personal code that nobody of the class has."""
    while True:
        code = make()
        if code not in taken:
            return code
