"""The form of a regrade: a scoring preset, and the key of every question that was closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as SchemaError

from games.reports.words import options_of
from games.rules import Quiz, RoomSettings
from lessons.questions import (
    NumberGuess,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    any_question,
    folded,
    is_scored,
)

PRESETS = [
    ("standard", gettext_lazy("Right and fast: half the points are for speed")),
    ("linear", gettext_lazy("Right and fast: all the points are for speed")),
    ("accuracy", gettext_lazy("Right: speed doesn't matter")),
    ("accuracy_first", gettext_lazy("Right first: speed only decides among equals")),
    ("graceful", gettext_lazy("Right and fast: the first two seconds are free")),
]


@dataclass(frozen=True)
class Key:
    """A question and the names of the fields that hold its key."""

    round: int
    question: Question
    names: list[str]

    @property
    def number(self) -> int:
        return self.round + 1


class RegradeForm(forms.Form):
    """Begins with what counts now. `chosen()` is what the host wants to count instead."""

    scoring = forms.ChoiceField(label=gettext_lazy("Points"), choices=PRESETS)
    streak_bonus = forms.BooleanField(
        label=gettext_lazy("Streak bonus"),
        required=False,
        help_text=gettext_lazy("100 more for each further right answer in a row, up to 500."),
    )

    def __init__(
        self,
        quiz: Quiz,
        settings: RoomSettings,
        rounds: Mapping[int, int],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data, initial={"scoring": settings.scoring, "streak_bonus": settings.streak_bonus}
        )
        self.quiz, self.settings = quiz, settings
        self.keys: list[Key] = []
        for round in sorted(rounds):
            question = quiz.questions[round]
            if is_scored(question):
                fields = _key_fields(question)
                named = {f"q{round}_{name}": field for name, field in fields.items()}
                self.fields.update(named)
                self.keys.append(Key(round, question, list(named)))
        self._corrected: dict[int, Question] = {}

    def questions(self) -> list[dict[str, Any]]:
        """For the page: each question with its fields."""
        return [
            {
                "number": key.number,
                "prompt": key.question.prompt,
                "kind": key.question.kind,
                "fields": [self[name] for name in key.names],
                "has_errors": any(name in self.errors for name in key.names),
            }
            for key in self.keys
        ]

    def clean(self) -> dict[str, Any]:
        """Each question with its new key; what doesn't make one is said at its field."""
        values: dict[str, Any] = dict(self.cleaned_data)
        for key in self.keys:
            if any(name not in values for name in key.names):
                continue  # said already
            own = {name.split("_", 1)[1]: values[name] for name in key.names}
            try:
                change = _change(key.question, own)
                self._corrected[key.round] = any_question.validate_python(
                    key.question.model_dump() | change
                )
            except _Unfit as unfit:
                self.add_error(f"q{key.round}_{unfit.field}", unfit.message)
            except SchemaError:
                self.add_error(key.names[0], _("That can't be the key of this question."))
        return values

    def chosen(self) -> tuple[Quiz, RoomSettings]:
        """The quiz and the settings of a valid form."""
        questions = tuple(
            self._corrected.get(n, question) for n, question in enumerate(self.quiz.questions)
        )
        how = {name: self.cleaned_data[name] for name in ("scoring", "streak_bonus")}
        return (
            self.quiz.model_copy(update={"questions": questions}),
            RoomSettings.model_validate(self.settings.model_dump() | how),
        )


class _Unfit(Exception):
    """What was filled in makes no key, and at which field to say so."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def _key_fields(question: Question) -> dict[str, forms.Field]:
    """What can be corrected about a question, beginning with how it is."""
    options = [(str(i), text) for i, text in enumerate(options_of(question))]
    match question:
        case SingleChoice():
            return {"right": _some_of(options, (question.right, *question.also_right))}
        case TrueFalse():
            return {"right": _one_of(options, "0" if question.right else "1")}
        case SeveralRight():
            return {"right": _some_of(options, question.right)}
        case TypedText():
            rows = max(2, min(8, len(question.accepted) + 1))
            return {
                "accepted": forms.CharField(
                    label=_("Accepted answers, one a line"),
                    initial="\n".join(question.accepted),
                    widget=forms.Textarea(attrs={"rows": rows}),
                    error_messages={"required": _("Accept at least one answer.")},
                )
            }
        case TypedNumber() | NumberGuess():
            return {
                "right": forms.FloatField(
                    label=_("Right number"),
                    initial=_exact(question.right),
                    widget=forms.NumberInput(attrs={"step": "any"}),
                ),
                "tolerance": forms.FloatField(
                    label=_("Still right, so far off"),
                    initial=_exact(question.tolerance),
                    min_value=0,
                    widget=forms.NumberInput(attrs={"step": "any"}),
                ),
            }
        case OrderSteps():
            return {
                f"place{i}": forms.IntegerField(
                    label=step,
                    initial=i + 1,
                    min_value=1,
                    max_value=len(question.steps),
                )
                for i, step in enumerate(question.steps)
            }
        case _:
            return {}


def _one_of(options: list[tuple[str, str]], right: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Right"), choices=options, initial=right, widget=forms.RadioSelect
    )


def _some_of(options: list[tuple[str, str]], right: Iterable[int]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Right"),
        choices=options,
        initial=[str(i) for i in right],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one: something must be right.")},
    )


def _change(question: Question, values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the question that its key becomes. Raises _Unfit."""
    match question:
        case SingleChoice():
            # Who chose any of them was right; the one that was stays the first.
            ticked = [int(i) for i in values["right"]]
            right = question.right if question.right in ticked else ticked[0]
            return {"right": right, "also_right": [i for i in ticked if i != right]}
        case TrueFalse():
            return {"right": values["right"] == "0"}
        case SeveralRight():
            return {"right": tuple(int(i) for i in values["right"])}
        case TypedText():
            return {"accepted": _accepted(values["accepted"])}
        case TypedNumber():
            return dict(values)
        case NumberGuess():
            return _guess(question, dict(values))
        case OrderSteps():
            places = [values[f"place{i}"] for i in range(len(question.steps))]
            if sorted(places) != list(range(1, len(places) + 1)):
                raise _Unfit("place0", _("Give each step another place, from 1 on."))
            return {
                "steps": tuple(
                    step for _place, step in sorted(zip(places, question.steps, strict=True))
                )
            }
        case _:
            return {}


def _accepted(text: str) -> tuple[str, ...]:
    lines = tuple(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
    if len(lines) > 20:
        raise _Unfit("accepted", _("No more than 20 answers can be accepted."))
    for line in lines:
        if len(line) > 120:
            raise _Unfit("accepted", _("An accepted answer has at most 120 characters."))
        if not folded(line):
            raise _Unfit(
                "accepted", _("“%(line)s” has neither a letter nor a digit.") % {"line": line}
            )
    return lines


def _guess(question: NumberGuess, values: dict[str, Any]) -> dict[str, Any]:
    if not question.low <= values["right"] <= question.high:
        raise _Unfit(
            "right",
            _("The scale goes from %(low)g to %(high)g.")
            % {"low": question.low, "high": question.high},
        )
    if question.zero_at is not None and values["tolerance"] >= question.zero_at:
        raise _Unfit(
            "tolerance",
            _("From %(zero)g off nothing is earned: it must be less than that.")
            % {"zero": question.zero_at},
        )
    return values


def _exact(number: float) -> str:
    """So that a number left alone comes back as it was."""
    return repr(number).removesuffix(".0")
